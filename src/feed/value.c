// SPDX-License-Identifier: Apache-2.0
// Reads JSON (RFC 8259) into an arena, in one pass over the bytes.

#include "feed/value.h"

#include <string.h>

#include "base/ban.h"

enum { NODES = 64, FEW_KEYS = 12 };

struct reader {
	struct slice in;
	size_t at;
	unsigned depth;
	struct arena *arena;
	struct value *nodes; /* not yet given out */
	size_t nodes_left;
	struct fault *why;
};

static enum err read_value(struct reader *r, struct value **out);

static enum err wrong(struct reader *r, enum err e, size_t at, const char *what)
{
	return fault_set(r->why, e, at, "JSON: %s", what);
}

static uint8_t peek(const struct reader *r)
{
	return r->at < r->in.len ? r->in.ptr[r->at] : 0;
}

static void skip_blank(struct reader *r)
{
	for (uint8_t c = peek(r); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = peek(r))
		r->at++;
}

/* What is not where it should be: the end of the text, or something else. */
static enum err unexpected(struct reader *r, const char *what)
{
	return wrong(r, r->at >= r->in.len ? E_SHORT : E_CORRUPT, r->at, what);
}

static struct value *node_new(struct reader *r)
{
	if (!r->nodes_left) {
		r->nodes = arena_array(r->arena, NODES, sizeof *r->nodes);
		r->nodes_left = r->nodes ? NODES : 0;
	}
	return r->nodes_left ? &r->nodes[--r->nodes_left] : NULL;
}

bool utf8_is_valid(struct slice s)
{
	size_t at = 0;

	while (at < s.len) {
		uint64_t eight = 0;
		size_t n = 1;

		if (s.len - at >= sizeof eight) {
			memcpy(&eight, &s.ptr[at], sizeof eight);
			if (!(eight & UINT64_C(0x8080808080808080))) {
				at += sizeof eight;
				continue;
			}
		}
		if (s.ptr[at] >= 0x80)
			n = text_utf8_len(s, at);
		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

static bool hex4(struct slice s, size_t at, uint32_t *out)
{
	uint64_t v = 0;
	struct slice digits = {0};

	if (slice_cut(s, at, 4, &digits) != OK || text_u64(digits, 16, &v) != OK)
		return false;
	*out = (uint32_t)v;
	return true;
}

static void put_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(b, (uint8_t)c);
	} else if (c < 0x800) {
		buf_byte(b, (uint8_t)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		buf_byte(b, (uint8_t)(0xe0 | c >> 12));
		buf_byte(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	} else {
		buf_byte(b, (uint8_t)(0xf0 | c >> 18));
		buf_byte(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		buf_byte(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	if (c >= 0x80)
		buf_byte(b, (uint8_t)(0x80 | (c & 0x3f)));
}

/* RFC 8259, 7: \uXXXX, two of them for what lies beyond 16 bits. Half a pair and NUL, which are no
 * text, become U+FFFD. */
static bool put_escaped(struct buf *b, struct slice raw, size_t *at)
{
	uint32_t c = 0, low = 0;

	if (!hex4(raw, *at, &c))
		return false;
	*at += 4;
	if (c >= 0xd800 && c < 0xdc00 && slice_at(raw, *at) == '\\' &&
	    slice_at(raw, *at + 1) == 'u' && hex4(raw, *at + 2, &low) && low >= 0xdc00 &&
	    low < 0xe000) {
		*at += 6;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	put_utf8(b, c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);
	return true;
}

static enum err unescape(struct reader *r, struct slice raw, size_t start, struct slice *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	struct buf b;
	size_t at = 0;
	bool is_good = true;

	buf_init(&b, raw.len + 4);
	while (is_good && at < raw.len) {
		size_t next = slice_find_byte(raw, '\\', at);
		size_t end = next == SLICE_NONE ? raw.len : next;

		buf_add(&b, slice_head(slice_from(raw, at), end - at));
		at = end;
		if (at == raw.len)
			break;

		uint8_t c = slice_at(raw, at + 1);
		const char *known = c ? strchr(from, c) : NULL;

		at += 2;
		if (known)
			buf_byte(&b, (uint8_t)to[known - from]);
		else
			is_good = c == 'u' && put_escaped(&b, raw, &at);
	}

	enum err e = b.err ? b.err : arena_copy(r->arena, buf_slice(&b), out);

	buf_release(&b);
	if (!is_good)
		return wrong(r, E_CORRUPT, start + at, "bad escape in a text");
	return e ? wrong(r, e, start, "no room for a text") : OK;
}

/* r->at is behind the opening quote. */
static enum err read_text(struct reader *r, struct slice *out)
{
	const uint8_t *p = r->in.ptr;
	size_t start = r->at, at = start;
	bool has_escape = false;
	uint8_t any = 0;

	while (at < r->in.len && p[at] != '"' && p[at] >= 0x20) {
		any |= p[at];
		if (p[at] == '\\') {
			has_escape = true;
			at++;
		}
		at++;
	}
	if (at >= r->in.len)
		return wrong(r, E_SHORT, start, "a text without end");
	if (p[at] != '"')
		return wrong(r, E_CORRUPT, at, "a control character in a text");
	r->at = at + 1;

	struct slice raw = {0};

	if (slice_cut(r->in, start, at - start, &raw) != OK)
		return E_SHORT;
	if ((any & 0x80) && !utf8_is_valid(raw))
		return wrong(r, E_CORRUPT, start, "a text that is not UTF-8");
	*out = raw;
	return has_escape ? unescape(r, raw, start, out) : OK;
}

static void skip_digits(struct reader *r)
{
	while (text_is_digit((char)peek(r)))
		r->at++;
}

/* RFC 8259, 6 */
static enum err read_number(struct reader *r, struct value *v)
{
	size_t start = r->at;
	bool is_good = false;

	if (peek(r) == '-')
		r->at++;
	is_good = text_is_digit((char)peek(r));
	if (peek(r) == '0')
		r->at++;
	else
		skip_digits(r);
	if (is_good && peek(r) == '.') {
		r->at++;
		is_good = text_is_digit((char)peek(r));
		skip_digits(r);
	}
	if (is_good && (peek(r) == 'e' || peek(r) == 'E')) {
		r->at++;
		if (peek(r) == '+' || peek(r) == '-')
			r->at++;
		is_good = text_is_digit((char)peek(r));
		skip_digits(r);
	}
	if (!is_good)
		return unexpected(r, "no value where one should be");
	v->type = VALUE_NUMBER;
	return slice_cut(r->in, start, r->at - start, &v->text);
}

static enum err read_word(struct reader *r, struct value *v)
{
	static const struct {
		const char *word;
		enum value_type type;
	} words[] = {{"null", VALUE_NULL}, {"false", VALUE_FALSE}, {"true", VALUE_TRUE}};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_starts(slice_from(r->in, r->at), words[i].word)) {
			r->at += strlen(words[i].word);
			v->type = words[i].type;
			return OK;
		}
	return read_number(r, v);
}

static int order_of_keys(const void *a, const void *b, const void *context)
{
	const struct slice *x = a, *y = b;

	(void)context;
	return slice_cmp(*x, *y);
}

static enum err check_many_keys(struct reader *r, const struct value *object, size_t at)
{
	struct slice *keys = arena_array(r->arena, object->n, sizeof *keys);
	size_t n = 0;

	if (!keys)
		return wrong(r, E_LIMIT, at, "no room for an object");
	for (const struct value *v = object->first; v; v = v->next)
		keys[n++] = v->key;
	sort_items(keys, n, sizeof *keys, order_of_keys, NULL);
	for (size_t i = 1; i < n; i++)
		if (slice_eq(keys[i - 1], keys[i]))
			return wrong(r, E_CORRUPT, at, "a key twice in one object");
	return OK;
}

static enum err check_keys(struct reader *r, const struct value *object, size_t at)
{
	if (object->n > FEW_KEYS)
		return check_many_keys(r, object, at);
	for (const struct value *v = object->first; v; v = v->next)
		for (const struct value *w = v->next; w; w = w->next)
			if (v->key.len == w->key.len && slice_eq(v->key, w->key))
				return wrong(r, E_CORRUPT, at, "a key twice in one object");
	return OK;
}

static enum err read_key(struct reader *r, struct slice *key)
{
	if (peek(r) != '"')
		return unexpected(r, "no key where one should be");
	r->at++;

	enum err e = read_text(r, key);

	if (e)
		return e;
	skip_blank(r);
	if (peek(r) != ':')
		return unexpected(r, "no colon behind a key");
	r->at++;
	skip_blank(r);
	return OK;
}

/* Members up to `end`; r->at is behind the opening bracket. */
static enum err read_members(struct reader *r, struct value *parent, uint8_t end)
{
	struct value **link = &parent->first;

	skip_blank(r);
	if (peek(r) == end) {
		r->at++;
		return OK;
	}
	for (;;) {
		struct value *v = NULL;
		struct slice key = {0};
		enum err e = end == '}' ? read_key(r, &key) : OK;

		e = e ? e : read_value(r, &v);
		if (e || !v)
			return e ? e : E_CORRUPT;
		v->key = key;
		*link = v;
		link = &v->next;
		parent->n++;
		skip_blank(r);

		uint8_t c = peek(r);

		if (c != ',' && c != end)
			return unexpected(r, "neither comma nor end behind a value");
		r->at++;
		if (c == end)
			return OK;
		skip_blank(r);
	}
}

static enum err read_nested(struct reader *r, struct value *v, bool is_object)
{
	size_t start = r->at++;

	if (r->depth == LIMIT_FEED_DEPTH)
		return wrong(r, E_LIMIT, start, "too many levels");
	r->depth++;
	v->type = is_object ? VALUE_OBJECT : VALUE_ARRAY;

	enum err e = read_members(r, v, is_object ? '}' : ']');

	r->depth--;
	return e || !is_object ? e : check_keys(r, v, start);
}

static enum err read_value(struct reader *r, struct value **out)
{
	struct value *v = node_new(r);
	uint8_t c = peek(r);

	if (!v)
		return wrong(r, E_LIMIT, r->at, "no room for so many values");
	*out = v;
	if (c == '{' || c == '[')
		return read_nested(r, v, c == '{');
	if (c != '"')
		return read_word(r, v);
	r->at++;
	v->type = VALUE_TEXT;
	return read_text(r, &v->text);
}

enum err value_read(struct slice in, struct arena *a, struct value **out, struct fault *why)
{
	struct reader r = {.in = in, .arena = a, .why = why};
	struct value *v = NULL;

	skip_blank(&r);

	enum err e = read_value(&r, &v);

	if (e)
		return e;
	skip_blank(&r);
	if (r.at != in.len)
		return wrong(&r, E_CORRUPT, r.at, "something behind the end");
	*out = v;
	return OK;
}

bool value_is(const struct value *v, enum value_type type)
{
	return v && v->type == type;
}

const struct value *value_first(const struct value *v)
{
	return value_is(v, VALUE_OBJECT) || value_is(v, VALUE_ARRAY) ? v->first : NULL;
}

const struct value *value_get(const struct value *object, const char *key)
{
	size_t n = strlen(key);

	if (!value_is(object, VALUE_OBJECT))
		return NULL;
	for (const struct value *v = object->first; v; v = v->next)
		if (v->key.len == n && memcmp(v->key.ptr, key, n) == 0)
			return v;
	return NULL;
}

struct slice value_text(const struct value *v)
{
	return value_is(v, VALUE_TEXT) ? v->text : (struct slice){0};
}

struct slice value_text_at(const struct value *object, const char *key)
{
	return value_text(value_get(object, key));
}

bool value_is_true(const struct value *v)
{
	return value_is(v, VALUE_TRUE);
}
