// SPDX-License-Identifier: Apache-2.0
// Reads package URLs (package-url specification) and CPE names 2.2 and 2.3 (NISTIR 7695).

#include "model/ident.h"

#include <string.h>

#include "base/ban.h"

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static int hex_digit(uint8_t c)
{
	uint8_t low = lower(c);

	if (text_is_digit((char)c))
		return c - '0';
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* Undoes %XX into the arena. */
static enum err unpercent(struct slice s, struct arena *a, struct slice *out, struct fault *why)
{
	uint8_t *to = arena_array(a, s.len + 1, 1);
	size_t n = 0;

	if (!to)
		return fault_set(why, E_NOMEM, 0, "out of memory");
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (c == '%') {
			int high = hex_digit(slice_at(s, i + 1));
			int low = hex_digit(slice_at(s, i + 2));

			if (high < 0 || low < 0)
				return fault_set(why, E_CORRUPT, i, "%% without two digits");
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		to[n++] = c;
	}
	*out = slice_of(to, n);
	return OK;
}

/* The last `c` in s, or SLICE_NONE. */
static size_t find_last(struct slice s, uint8_t c)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.ptr[i - 1] == c)
			return i - 1;
	return SLICE_NONE;
}

/* Cuts s at the mark: what is behind it is returned, empty without one. */
static struct slice cut_behind(struct slice *s, size_t mark)
{
	struct slice behind = {0};

	if (mark != SLICE_NONE) {
		behind = slice_from(*s, mark + 1);
		*s = slice_head(*s, mark);
	}
	return behind;
}

static struct slice without_slashes(struct slice s)
{
	while (s.len && s.ptr[0] == '/')
		s = slice_from(s, 1);
	while (s.len && s.ptr[s.len - 1] == '/')
		s = slice_head(s, s.len - 1);
	return s;
}

static enum err read_type(struct slice s, struct arena *a, struct slice *out, struct fault *why)
{
	uint8_t *to = arena_array(a, s.len + 1, 1);

	if (!to)
		return fault_set(why, E_NOMEM, 0, "out of memory");
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (!text_is_alnum((char)c) && !(c && strchr(".+-", c)))
			return fault_set(why, E_CORRUPT, 4 + i, "purl: no such type");
		to[i] = lower(c);
	}
	if (s.len == 0 || text_is_digit((char)to[0]))
		return fault_set(why, E_CORRUPT, 4, "purl: no type");
	*out = slice_of(to, s.len);
	return OK;
}

static enum err read_arch(struct slice qualifiers, struct arena *a, struct slice *out,
			  struct fault *why)
{
	struct slice one = {0};

	while (text_field(&qualifiers, '&', &one))
		if (slice_starts(one, "arch="))
			return unpercent(slice_from(one, 5), a, out, why);
	return OK;
}

enum err purl_read(struct slice in, struct arena *a, struct purl *out, struct fault *why)
{
	struct purl p = {0};
	struct slice rest = slice_from(in, 4), version, name, head;
	size_t slash;

	if (!text_same(slice_head(in, 4), "pkg:"))
		return fault_set(why, E_MAGIC, 0, "purl: does not begin with pkg:");
	p.subpath = cut_behind(&rest, slice_find_byte(rest, '#', 0));
	p.qualifiers = cut_behind(&rest, slice_find_byte(rest, '?', 0));
	rest = without_slashes(rest);
	slash = slice_find_byte(rest, '/', 0);
	if (slash == SLICE_NONE)
		return fault_set(why, E_CORRUPT, 4, "purl: no name");
	head = slice_head(rest, slash);
	rest = slice_from(rest, slash + 1);

	/* an @ in the namespace is a scope of npm that nobody has written as %40 */
	size_t at = find_last(rest, '@'), last = find_last(rest, '/');

	version = at != SLICE_NONE && at > 0 && (last == SLICE_NONE || at > last)
			  ? cut_behind(&rest, at)
			  : (struct slice){0};
	rest = without_slashes(rest);
	last = find_last(rest, '/');
	name = last == SLICE_NONE ? rest : cut_behind(&rest, last);
	if (name.len == 0)
		return fault_set(why, E_CORRUPT, 4, "purl: no name");

	enum err e = read_type(head, a, &p.type, why);

	if (e == OK && last != SLICE_NONE)
		e = unpercent(without_slashes(rest), a, &p.space, why);
	if (e == OK)
		e = unpercent(name, a, &p.name, why);
	if (e == OK)
		e = unpercent(version, a, &p.version, why);
	if (e == OK)
		e = read_arch(p.qualifiers, a, &p.arch, why);
	if (e == OK)
		*out = p;
	return e;
}

/* --- CPE --- */

struct value {
	struct slice text;
	bool is_na;
};

/* One attribute of a formatted string: up to the next unquoted colon, quotes undone. */
static enum err next_value(struct slice *rest, struct arena *a, struct value *out,
			   struct fault *why)
{
	struct slice s = *rest;
	size_t n = 0, i = 0;
	bool has_wild = false, has_quote = false;

	while (i < s.len && s.ptr[i] != ':') {
		has_wild |= s.ptr[i] == '*' || s.ptr[i] == '?';
		has_quote |= s.ptr[i] == '\\';
		i += s.ptr[i] == '\\' ? 2 : 1;
	}
	if (i > s.len)
		return fault_set(why, E_CORRUPT, 0, "cpe: a backslash at the end");

	struct slice raw = slice_head(s, i);
	uint8_t *to = arena_array(a, raw.len + 1, 1);

	if (!to)
		return fault_set(why, E_NOMEM, 0, "out of memory");
	*rest = slice_from(s, i + 1);
	*out = (struct value){.is_na = slice_is(raw, "-")};
	if (raw.len == 0 || slice_is(raw, "*") || out->is_na)
		return OK;
	if (has_wild)
		return fault_set(why, E_UNSUPPORTED, 0, "cpe: a pattern, not a name");
	for (size_t k = 0; k < raw.len; k++) {
		k += has_quote && raw.ptr[k] == '\\';
		if (raw.ptr[k] <= 0x20 || raw.ptr[k] >= 0x7f)
			return fault_set(why, E_CORRUPT, k, "cpe: blank, or not ASCII");
		to[n++] = lower(raw.ptr[k]);
	}
	out->text = slice_of(to, n);
	return OK;
}

/* One component of a 2.2 URI: percent signs undone; %01 and %02 are wild. */
static enum err next_uri_value(struct slice *rest, struct arena *a, struct value *out,
			       struct fault *why)
{
	struct slice raw = {0}, text = {0};

	*out = (struct value){0};
	if (!text_field(rest, ':', &raw))
		return OK;
	out->is_na = slice_is(raw, "-");
	if (raw.len == 0 || out->is_na)
		return OK;

	enum err e = unpercent(raw, a, &text, why);
	uint8_t *to = e ? NULL : arena_array(a, text.len + 1, 1);

	if (!to)
		return e ? e : fault_set(why, E_NOMEM, 0, "out of memory");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] <= 2)
			return fault_set(why, E_UNSUPPORTED, 0, "cpe: a pattern, not a name");
		if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f)
			return fault_set(why, E_CORRUPT, i, "cpe: blank, or not ASCII");
		to[i] = lower(text.ptr[i]);
	}
	out->text = slice_of(to, text.len);
	return OK;
}

/* 2.2 packs five attributes into its edition: "~edition~sw~target_sw~target_hw~other". */
static void unpack_edition(struct value v[CPE_N])
{
	static const enum cpe_attribute order[] = {CPE_EDITION, CPE_SW_EDITION, CPE_TARGET_SW,
						   CPE_TARGET_HW, CPE_OTHER};
	struct slice rest = slice_from(v[CPE_EDITION].text, 1), one = {0};

	if (!slice_starts(v[CPE_EDITION].text, "~"))
		return;
	v[CPE_EDITION] = (struct value){0};
	for (size_t i = 0; i < ARRAY_LEN(order) && text_field(&rest, '~', &one); i++)
		v[order[i]] = slice_is(one, "-") ? (struct value){.is_na = true}
						 : (struct value){.text = one};
}

static enum err read_uri(struct slice rest, struct arena *a, struct value v[CPE_N],
			 struct fault *why)
{
	enum err e = OK;

	for (unsigned i = 0; i <= CPE_LANGUAGE && e == OK; i++)
		e = next_uri_value(&rest, a, &v[i], why);
	if (e == OK && rest.len)
		e = fault_set(why, E_CORRUPT, 0, "cpe: too many parts");
	if (e == OK)
		unpack_edition(v);
	return e;
}

static enum err read_formatted(struct slice rest, struct arena *a, struct value v[CPE_N],
			       struct fault *why)
{
	enum err e = OK;

	for (unsigned i = 0; i < CPE_N && e == OK; i++)
		e = next_value(&rest, a, &v[i], why);
	if (e == OK && rest.len)
		e = fault_set(why, E_CORRUPT, 0, "cpe: too many parts");
	return e;
}

enum err cpe_read(struct slice in, struct arena *a, struct cpe *out, struct fault *why)
{
	struct value v[CPE_N] = {{.is_na = false}};
	bool is_uri = text_same(slice_head(in, 5), "cpe:/");
	struct slice rest = slice_from(in, is_uri ? 5 : 8);
	struct cpe c = {.part = (char)lower(slice_at(rest, 0))};

	if (!is_uri && !text_same(slice_head(in, 8), "cpe:2.3:"))
		return fault_set(why, E_MAGIC, 0, "cpe: neither cpe:2.3: nor cpe:/");
	if (!c.part || !strchr("aoh", c.part) || slice_at(rest, 1) != ':')
		return fault_set(why, E_CORRUPT, 0, "cpe: the part is not a, o or h");
	rest = slice_from(rest, 2);

	enum err e = is_uri ? read_uri(rest, a, v, why) : read_formatted(rest, a, v, why);

	if (e == OK && (v[CPE_VENDOR].text.len == 0 || v[CPE_PRODUCT].text.len == 0))
		e = fault_set(why, E_CORRUPT, 0, "cpe: no vendor or no product");
	if (e)
		return e;
	c.vendor = v[CPE_VENDOR].text;
	c.product = v[CPE_PRODUCT].text;
	c.version = v[CPE_VERSION].text;
	c.update = v[CPE_UPDATE].text;
	for (unsigned i = 0; i < ARRAY_LEN(c.more); i++)
		c.more[i] = v[CPE_EDITION + i].text;
	for (unsigned i = 0; i < CPE_N; i++)
		c.na |= (unsigned)v[i].is_na << i;
	*out = c;
	return OK;
}
