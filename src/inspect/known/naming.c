// SPDX-License-Identifier: Apache-2.0
// Reads CPE names (2.3 formatted strings and 2.2 URIs, NISTIR 7695) and package URLs apart.

#include "inspect/known/match.h"

#include "base/ban.h"

enum { CPE_FIELDS = 11, FIELD_PART = 0, FIELD_VENDOR, FIELD_PRODUCT, FIELD_VERSION, FIELD_UPDATE };
enum { FIELD_TARGET_SW = 8 };

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static int digit_of(uint8_t c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoded; what is no escape stays as it is. */
static struct slice decoded(struct arena *a, struct slice s)
{
	uint8_t *p = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < s.len; i++) {
		uint8_t c = slice_at(s, i);
		int high = c == '%' ? digit_of(slice_at(s, i + 1)) : -1;
		int low = high >= 0 ? digit_of(slice_at(s, i + 2)) : -1;

		if (low >= 0) {
			c = (uint8_t)(high * 16 + low);
			i += 2;
		}
		p[n++] = c;
	}
	return slice_of(p, p ? n : 0);
}

/* The next field of a formatted string: up to a colon that no backslash stands before; lower case,
 * quoting removed. */
static struct slice cpe_field(struct arena *a, struct slice s, size_t *at)
{
	uint8_t *p = arena_alloc(a, s.len - *at + 1);
	size_t n = 0;

	for (; p && *at < s.len && slice_at(s, *at) != ':'; (*at)++) {
		if (slice_at(s, *at) == '\\' && *at + 1 < s.len)
			(*at)++;
		p[n++] = lower(slice_at(s, *at));
	}
	(*at)++;
	return slice_of(p, p ? n : 0);
}

static struct slice value_of(struct slice s)
{
	return slice_is(s, "*") || slice_is(s, "-") ? (struct slice){0} : s;
}

void cpe_key_read(struct arena *a, struct slice cpe, struct cpe_key *out)
{
	struct slice field[CPE_FIELDS] = {{0}}, rest = {0};
	bool is_uri = slice_starts(cpe, "cpe:/");
	size_t at = 0;

	*out = (struct cpe_key){0};
	if ((!is_uri && !slice_starts(cpe, "cpe:2.3:")) || cpe.len > LIMIT_TEXT_BYTES)
		return;
	rest = slice_from(cpe, slice_text(is_uri ? "cpe:/" : "cpe:2.3:").len);
	if (is_uri)
		rest = decoded(a, rest);
	for (size_t i = 0; i < CPE_FIELDS && at < rest.len; i++)
		field[i] = value_of(cpe_field(a, rest, &at));
	if (field[FIELD_PART].len != 1 || !field[FIELD_VENDOR].len || !field[FIELD_PRODUCT].len)
		return;

	const struct slice colon = slice_text(":");
	const struct slice key[] = {field[FIELD_PART], colon, field[FIELD_VENDOR], colon,
				    field[FIELD_PRODUCT]};

	*out = (struct cpe_key){
		.key = arena_join(a, key, ARRAY_LEN(key)),
		.version = field[FIELD_VERSION],
		.update = field[FIELD_UPDATE],
		/* An URI packs edition, software edition and target into one field. */
		.target_sw = is_uri ? (struct slice){0} : field[FIELD_TARGET_SW],
	};
}

static struct slice qualifier(struct arena *a, struct slice list, const char *key)
{
	struct slice pair, name;

	while (text_field(&list, '&', &pair))
		if (text_field(&pair, '=', &name) && slice_is(name, key))
			return decoded(a, pair);
	return (struct slice){0};
}

/* The last `byte` of s, or SLICE_NONE. */
static size_t find_last(struct slice s, uint8_t byte)
{
	for (size_t i = s.len; i > 0; i--)
		if (slice_at(s, i - 1) == byte)
			return i - 1;
	return SLICE_NONE;
}

bool purl_parts_read(struct arena *a, struct slice purl, struct purl_parts *out)
{
	struct slice rest = slice_from(purl, 4), list = {0};
	struct purl_parts p = {0};
	size_t at = 0;

	if (!slice_starts(purl, "pkg:") || purl.len > LIMIT_TEXT_BYTES)
		return false;
	rest = slice_head(rest, slice_find_byte(rest, '#', 0));
	at = slice_find_byte(rest, '?', 0);
	if (at != SLICE_NONE) {
		list = slice_from(rest, at + 1);
		rest = slice_head(rest, at);
	}
	while (slice_at(rest, 0) == '/')
		rest = slice_from(rest, 1);
	at = find_last(rest, '@');
	/* "@scope/name" of npm may be written with the sign itself. */
	if (at != SLICE_NONE && slice_find_byte(rest, '/', at) == SLICE_NONE) {
		p.version = decoded(a, slice_from(rest, at + 1));
		rest = slice_head(rest, at);
	}
	if (!text_field(&rest, '/', &p.type) || p.type.len == 0)
		return false;
	at = find_last(rest, '/');
	p.name = decoded(a, at == SLICE_NONE ? rest : slice_from(rest, at + 1));
	if (at != SLICE_NONE)
		p.space = decoded(a, slice_head(rest, at));
	p.distro = qualifier(a, list, "distro");
	*out = p;
	return p.name.len > 0;
}
