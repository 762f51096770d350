// SPDX-License-Identifier: Apache-2.0
// Version order: the schemes in which people number releases, each as a key that compares as bytes.

#include "feed/version_parts.h"

#include <string.h>

#include "base/ban.h"

/* A number of a version whose trailing zeros do not count. */
static void put_number(struct maker *m, struct slice digits)
{
	m->has_parts = true;
	if (!digits.len) {
		m->zeros++;
		return;
	}
	for (; m->zeros; m->zeros--)
		key_put(m, TAG_NUMBER);
	key_digits(m, digits);
}

static void put_tag(struct maker *m, unsigned tag)
{
	m->zeros = 0;
	key_put(m, (uint8_t)tag);
}

/* Words that come before a release, in their order. */
static const struct word_place pre_words[] = {
	{"dev", 0}, {"devel", 0},   {"snapshot", 0},   {"alpha", 1}, {"beta", 2}, {"milestone", 3},
	{"pre", 4}, {"preview", 4}, {"prerelease", 4}, {"rc", 5},    {"cr", 5},   {"candidate", 5},
};

/* Words that say nothing of the order. */
static const char *const idle_words[] = {"final", "release", "ga", "stable", "fips"};

static bool pre_find(struct slice word, unsigned *place)
{
	for (size_t i = 0; i < ARRAY_LEN(pre_words); i++) {
		if (!word_is(word, pre_words[i].text))
			continue;
		*place = pre_words[i].place;
		return true;
	}
	return false;
}

static bool is_idle(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(idle_words); i++)
		if (word_is(word, idle_words[i]))
			return true;
	return false;
}

/* A leading "v" or "V" is how tags are written. */
static void skip_v(struct maker *m)
{
	if (lower(peek(m)) == 'v' && is_digit(slice_at(m->text, m->at + 1)))
		m->at++;
}

/* Numbers and words, whatever stands between them. `is_by_length`: a longer word is a later one
 * (1.0.2z < 1.0.2za). */
static void make_parts(struct maker *m, bool is_by_length)
{
	while (is_left(m) && m->err == OK) {
		unsigned place = 0;

		if (is_digit(peek(m))) {
			put_number(m, take_digits(m));
		} else if (is_letter(peek(m))) {
			struct slice word = take(m, is_letter);

			if (pre_find(word, &place))
				put_tag(m, TAG_PRE + place);
			else if (!is_idle(word))
				key_letters(
					m, (uint8_t)(TAG_WORD + (is_by_length ? word.len % 64 : 0)),
					word);
		} else if (peek(m) == '+') {
			break;
		} else {
			if (peek(m) == '~')
				put_tag(m, TAG_TILDE);
			m->at++;
		}
	}
}

static void make_generic(struct maker *m)
{
	skip_v(m);
	make_parts(m, false);
}

static void make_openssl(struct maker *m)
{
	skip_v(m);
	make_parts(m, true);
}

/* 9.3p1: the release, its end, and behind that the portable one's number. */
static void make_openssh(struct maker *m)
{
	while (is_digit(peek(m)) || peek(m) == '.')
		if (peek(m) == '.')
			m->at++;
		else
			put_number(m, take_digits(m));
	put_tag(m, TAG_END);
	while (is_left(m) && !is_letter(peek(m)))
		m->at++;
	if (lower(peek(m)) != 'p')
		return;
	m->at++;
	if (is_digit(peek(m)))
		key_digits(m, take_digits(m));
}

/* Names of commits stand where versions should, abbreviated to 7 digits at least. */
static bool is_commit(struct slice s)
{
	bool has_letter = false;

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = lower(s.ptr[i]);

		has_letter |= c >= 'a' && c <= 'f';
		if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return has_letter && s.len >= 7 && s.len <= 40;
}

/* The first commit of the kernel's history in git, which is release 2.6.12-rc2. */
static bool is_first_commit(struct slice s)
{
	return is_commit(s) &&
	       slice_eq(s,
			slice_head(slice_text("1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"), s.len));
}

/* Numbers, then perhaps -rcN. Vendors add what they like behind that. */
static void make_kernel(struct maker *m)
{
	if (is_first_commit(m->text))
		m->text = slice_text("2.6.12-rc2");
	else if (is_commit(m->text))
		return;
	skip_v(m);
	while (is_digit(peek(m))) {
		put_number(m, take_digits(m));
		if (peek(m) != '.' || !is_digit(slice_at(m->text, m->at + 1)))
			break;
		m->at++;
	}
	if (peek(m) == '-' || peek(m) == '_')
		m->at++;
	if (word_is(take(m, is_letter), "rc")) {
		put_tag(m, TAG_PRE);
		if (is_digit(peek(m)))
			key_digits(m, take_digits(m));
	}
}

static bool is_identifier(uint8_t c)
{
	return is_digit(c) || is_letter(c) || c == '-';
}

static bool is_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.ptr[i]))
			return false;
	return true;
}

/* Semantic Versioning 2.0.0, 11.4: numbers below words, the shorter list below the longer. */
static void make_semver(struct maker *m)
{
	skip_v(m);
	while (is_digit(peek(m))) {
		put_number(m, take_digits(m));
		if (peek(m) == '.')
			m->at++;
	}
	if (peek(m) != '-')
		return;
	put_tag(m, TAG_PRE);
	do {
		m->at++;

		struct slice word = take(m, is_identifier);

		if (is_number(word)) {
			while (word.len && word.ptr[0] == '0')
				word = slice_from(word, 1);
			key_digits(m, word);
			continue;
		}
		/* Letters keep their case here, and stand above every number. */
		key_put(m, 0xf0);
		for (size_t i = 0; i < word.len; i++)
			key_put(m, word.ptr[i]);
		key_put(m, WORD_END);
	} while (peek(m) == '.' && m->err == OK);
}

struct scheme_row {
	const char *name;
	void (*make)(struct maker *m);
	bool has_updates;
};

static const struct scheme_row rows[] = {
	[SCHEME_GENERIC] = {.name = "generic", .make = make_generic},
	[SCHEME_OPENSSL] = {.name = "openssl", .make = make_openssl},
	[SCHEME_OPENSSH] = {.name = "openssh", .make = make_openssh, .has_updates = true},
	[SCHEME_KERNEL] = {.name = "kernel", .make = make_kernel},
	[SCHEME_SEMVER] = {.name = "semver", .make = make_semver},
	[SCHEME_DEBIAN] = {.name = "debian", .make = make_debian},
	[SCHEME_APK] = {.name = "apk", .make = make_apk},
	[SCHEME_RPM] = {.name = "rpm", .make = make_rpm},
};
_Static_assert(ARRAY_LEN(rows) == SCHEME_N, "a row each");

/* "1.0" and "rc1" as "1.0-rc1". */
static enum err join(struct slice version, struct slice update, uint8_t *out, struct slice *joined)
{
	bool has_update = update.len && !slice_is(update, "*") && !slice_is(update, "-");
	size_t len = version.len + (has_update ? update.len + 1 : 0);

	if (version.len > LIMIT_VERSION_BYTES || update.len > LIMIT_VERSION_BYTES ||
	    len > LIMIT_VERSION_BYTES)
		return E_LIMIT;
	if (version.len)
		memcpy(out, version.ptr, version.len);
	if (has_update) {
		out[version.len] = '-';
		memcpy(&out[version.len + 1], update.ptr, update.len);
	}
	*joined = slice_of(out, len);
	return OK;
}

enum err version_key_make(enum scheme s, struct slice version, struct slice update,
			  struct version_key *out)
{
	uint8_t text[LIMIT_VERSION_BYTES] = {0};
	struct maker m = {0};
	enum err e = join(version, update, text, &m.text);

	if (e != OK)
		return e;
	rows[s].make(&m);
	key_put(&m, TAG_END);
	if (m.err == OK && !m.has_parts)
		m.err = E_RANGE;
	if (m.err == OK)
		*out = m.key;
	return m.err;
}

int version_key_cmp(const struct version_key *a, const struct version_key *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->bytes, b->bytes, n);

	return order ? order : (int)a->len - (int)b->len;
}

bool scheme_has_updates(enum scheme s)
{
	return rows[s].has_updates;
}

/* Only in schemes with updates: their keys end in TAG_END, behind which an update would stand. */
void version_key_last_update(struct version_key *k)
{
	if (k->len)
		k->bytes[k->len - 1] = TAG_LAST;
}

enum { YEAR_FIRST = 1990, YEAR_LAST = 2099 };

/* YYYY-MM-DD, YYYYMMDD; the words "git", "svn" or "r" with a number. "2019.78" is a version. */
bool version_is_dated(struct slice v)
{
	static const char *const words[] = {"git", "svn", "r", "cvs"};
	struct maker m = {.text = v};
	struct slice word = take(&m, is_letter);
	unsigned year = 0;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (word_is(word, words[i]) && is_left(&m))
			return true;
	for (size_t i = 0; i < 4 && is_digit(slice_at(v, i)); i++)
		year = year * 10 + (unsigned)(v.ptr[i] - '0');
	if (word.len || year < YEAR_FIRST || year > YEAR_LAST)
		return false;

	struct slice rest = slice_from(v, 4);

	if (slice_at(rest, 0) == '-')
		return is_digit(slice_at(rest, 1)) && is_digit(slice_at(rest, 2)) &&
		       slice_at(rest, 3) == '-';
	return is_number(slice_head(rest, 4)) && rest.len >= 4;
}

struct scheme_product {
	const char *key;
	enum scheme scheme;
};

static const struct scheme_product products[] = {
#define X(key, scheme) {key, SCHEME_##scheme},
#include "feed/schemes.def"
#undef X
};

enum scheme scheme_of(struct slice product)
{
	for (size_t i = 0; i < ARRAY_LEN(products); i++) {
		const char *key = products[i].key;
		bool is_family = key[strlen(key) - 1] == ':' || key[strlen(key) - 1] == '/';

		if (is_family ? slice_starts(product, key) : slice_is(product, key))
			return products[i].scheme;
	}
	return SCHEME_GENERIC;
}

const char *scheme_name(enum scheme s)
{
	return rows[s].name;
}
