// SPDX-License-Identifier: Apache-2.0
// Reads CPE names: 2.3 formatted strings (NISTIR 7695, 6.2) and 2.2 URIs (6.1).

#include "feed/importers.h"

#include <string.h>

#include "base/ban.h"

/* NISTIR 7695, 5.2, in the order of the formatted string. */
enum attribute {
	PART,
	VENDOR,
	PRODUCT,
	VERSION,
	UPDATE,
	EDITION,
	LANGUAGE,
	SW_EDITION,
	TARGET_SW,
	TARGET_HW,
	OTHER,
	ATTRIBUTE_N,
};

static const char *const names[ATTRIBUTE_N] = {
	[EDITION] = "edition",     [LANGUAGE] = "language",   [SW_EDITION] = "sw_edition",
	[TARGET_SW] = "target_sw", [TARGET_HW] = "target_hw", [OTHER] = "other",
};

static struct slice between(struct slice s, size_t from, size_t to)
{
	return slice_head(slice_from(s, from), to - from);
}

/* 6.2.3: a backslash takes the next character's meaning away, a colon's too. */
static struct slice field_take(struct slice s, size_t *at)
{
	size_t from = *at, i = from;

	while (i < s.len && s.ptr[i] != ':')
		i += s.ptr[i] == '\\' ? 2 : 1;
	if (i > s.len)
		i = s.len;
	*at = i + 1;
	return between(s, from, i);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* Appends a field in lower case without its backslashes. Returns its length. */
static size_t put_plain(char *to, struct slice field)
{
	size_t n = 0;

	for (size_t i = 0; i < field.len; i++) {
		uint8_t c = field.ptr[i];

		if (c == '\\' && i + 1 < field.len)
			c = field.ptr[++i];
		to[n++] = (char)lower(c);
	}
	return n;
}

static bool is_plain(struct slice field)
{
	for (size_t i = 0; i < field.len; i++)
		if (field.ptr[i] == '\\' || (field.ptr[i] >= 'A' && field.ptr[i] <= 'Z'))
			return false;
	return true;
}

static struct slice plain(struct arena *a, struct slice field)
{
	char *to = is_plain(field) ? NULL : arena_array(a, field.len + 1, 1);

	return to ? slice_of(to, put_plain(to, field)) : field;
}

/* 6.2.2: * and ? stand for any characters unless they are quoted. */
static bool has_wildcard(struct slice field)
{
	for (size_t i = 0; i < field.len; i++) {
		if (field.ptr[i] == '\\')
			i++;
		else if (field.ptr[i] == '*' || field.ptr[i] == '?')
			return field.len > 1;
	}
	return false;
}

static enum err product_put(struct arena *a, const struct slice *f, struct slice *out)
{
	size_t room = 4 + f[VENDOR].len + f[PRODUCT].len, n = 0;
	char *p = arena_array(a, room, 1);

	if (!p)
		return E_LIMIT;
	p[n++] = (char)f[PART].ptr[0];
	p[n++] = ':';
	n += put_plain(&p[n], f[VENDOR]);
	p[n++] = ':';
	n += put_plain(&p[n], f[PRODUCT]);
	*out = slice_of(p, n);
	return OK;
}

static struct slice qualifier_of(struct arena *a, const struct slice *f, struct slice update)
{
	struct slice q = {0};

	if (update.len)
		q = arena_print(a, "update=%.*s", (int)update.len, (const char *)update.ptr);
	for (size_t i = EDITION; i < ATTRIBUTE_N; i++) {
		struct slice v = plain(a, f[i]);

		if (v.len == 0 || slice_is(v, "*"))
			continue;
		q = arena_print(a, "%.*s%s%s=%.*s", (int)q.len, q.len ? (const char *)q.ptr : "",
				q.len ? "," : "", names[i], (int)v.len, (const char *)v.ptr);
	}
	return q;
}

static bool is_any(struct slice field)
{
	return field.len == 0 || (field.len == 1 && (field.ptr[0] == '*' || field.ptr[0] == '-'));
}

static enum err from_fields(const struct slice *f, struct arena *a, struct cpe_name *out)
{
	struct cpe_name n = {.has_wildcard = has_wildcard(f[VERSION])};
	bool is_versioned = !is_any(f[VERSION]);
	struct slice update = is_any(f[UPDATE]) ? (struct slice){0} : plain(a, f[UPDATE]);

	if (f[PART].len != 1 || !strchr("aoh", f[PART].ptr[0]) || is_any(f[VENDOR]) ||
	    is_any(f[PRODUCT]))
		return E_RANGE;

	enum err e = product_put(a, f, &n.product);

	n.version = plain(a, f[VERSION]);
	if (!n.version.len)
		n.version = slice_text("*");
	if (is_versioned)
		n.update = update;
	n.qualifier = qualifier_of(a, f, is_versioned ? (struct slice){0} : update);
	*out = n;
	return e;
}

static int hex_digit(uint8_t c)
{
	return text_is_digit((char)c)               ? c - '0'
	       : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10
						    : -1;
}

/* 6.1.2.3: percent-encoded, with %01 and %02 for what ? and * mean, which no published name uses.
 */
static struct slice decoded(struct arena *a, struct slice field)
{
	char *to = arena_array(a, field.len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; to && i < field.len; i++) {
		uint8_t c = slice_at(field, i);
		int high = hex_digit(slice_at(field, i + 1)),
		    low = hex_digit(slice_at(field, i + 2));

		if (c == '%' && high >= 0 && low >= 0) {
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		to[n++] = (char)(c < 0x20 || c >= 0x7f ? '_' : c);
	}
	return to ? slice_of(to, n) : (struct slice){0};
}

enum err cpe_name_read(struct slice text, struct arena *a, struct cpe_name *out)
{
	struct slice f[ATTRIBUTE_N] = {{0}};
	bool is_uri = slice_starts(text, "cpe:/");
	size_t at = is_uri ? 5 : 8, n = 0;

	if (!is_uri && !slice_starts(text, "cpe:2.3:"))
		return E_RANGE;
	for (; n < ATTRIBUTE_N && at <= text.len; n++)
		f[n] = field_take(text, &at);
	if ((!is_uri && n < ATTRIBUTE_N) || at <= text.len)
		return E_RANGE;
	for (size_t i = 0; is_uri && i < n; i++)
		f[i] = decoded(a, f[i]);
	return from_fields(f, a, out);
}
