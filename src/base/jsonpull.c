// SPDX-License-Identifier: Apache-2.0
// Reading JSON piece by piece (RFC 8259).

#include "jsonpull.h"

#include <string.h>

#include "limits.h"
#include "text.h"
#include "ban.h"

_Static_assert(LIMIT_DOCUMENT_DEPTH <= 64, "a bit a level");

void jsonr_fail(struct jsonr *j, enum err err, const char *words)
{
	if (j->err)
		return;
	j->err = err;
	j->at = j->pos;
	j->words = words;
}

void jsonr_init(struct jsonr *j, struct slice in, struct arena *a)
{
	*j = (struct jsonr){.in = in, .arena = a};
	if (slice_starts(in, "\xef\xbb\xbf"))
		j->pos = 3;
}

void jsonr_init_at(struct jsonr *j, struct slice in, size_t at, struct arena *a)
{
	*j = (struct jsonr){.in = in, .arena = a, .pos = at};
}

/* The next byte that is no blank, not taken; 0 at the end and after an error. */
static uint8_t peek(struct jsonr *j)
{
	while (j->pos < j->in.len) {
		uint8_t c = j->in.ptr[j->pos];

		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return j->err ? 0 : c;
		j->pos++;
	}
	return 0;
}

static void fail_at_end(struct jsonr *j, const char *words)
{
	bool is_short = j->pos >= j->in.len;

	jsonr_fail(j, is_short ? E_SHORT : E_CORRUPT,
		   is_short ? "the document ends in the middle" : words);
}

enum json_kind jsonr_kind(struct jsonr *j)
{
	uint8_t c = peek(j);

	if (c == '{')
		return JSON_KIND_OBJECT;
	if (c == '[')
		return JSON_KIND_ARRAY;
	if (c == '"')
		return JSON_KIND_TEXT;
	if (c == '-' || text_is_digit((char)c))
		return JSON_KIND_NUMBER;
	return c == 't' || c == 'f' || c == 'n' ? JSON_KIND_WORD : JSON_KIND_NONE;
}

/* --- texts --- */

static unsigned hex4(struct jsonr *j)
{
	unsigned v = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint8_t c = slice_at(j->in, j->pos);
		unsigned low = c | 0x20u;

		if (!text_is_digit((char)c) && (low < 'a' || low > 'f')) {
			fail_at_end(j, "\\u wants four hexadecimal digits");
			return 0;
		}
		v = v * 16 + (text_is_digit((char)c) ? c - (unsigned)'0' : low - 'a' + 10);
		j->pos++;
	}
	return v;
}

static void put_utf8(struct buf *out, unsigned c)
{
	if (c < 0x80) {
		buf_byte(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		buf_byte(out, (uint8_t)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		buf_byte(out, (uint8_t)(0xe0 | c >> 12));
		buf_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	} else {
		buf_byte(out, (uint8_t)(0xf0 | c >> 18));
		buf_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		buf_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_byte(out, (uint8_t)(0x80 | (c & 0x3f)));
}

/* Behind "\u". RFC 8259, section 7: beyond the BMP two escapes make one character. */
static void unescape_u(struct jsonr *j, struct buf *out)
{
	unsigned c = hex4(j);

	if (c >= 0xd800 && c < 0xdc00 && slice_at(j->in, j->pos) == '\\' &&
	    slice_at(j->in, j->pos + 1) == 'u') {
		j->pos += 2;

		unsigned low = hex4(j);

		c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)
						  : 0xd800;
	}
	if (c >= 0xd800 && c < 0xe000)
		jsonr_fail(j, E_CORRUPT, "half of a surrogate pair");
	else if (!j->err && out)
		put_utf8(out, c);
}

static void unescape(struct jsonr *j, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint8_t c = slice_at(j->in, ++j->pos);
	const char *at = c ? strchr(from, c) : NULL;

	if (!at && c != 'u') {
		fail_at_end(j, "no such escape in a text");
		return;
	}
	j->pos++;
	if (c == 'u')
		unescape_u(j, out);
	else if (out)
		buf_byte(out, (uint8_t)to[at - from]);
}

/* From behind the opening quote to the next byte that is not itself. False at the closing one. */
static bool run_of_plain(struct jsonr *j)
{
	const struct slice in = j->in;
	size_t at = j->pos;

	while (at < in.len) {
		uint8_t c = in.ptr[at];

		if (c == '"' || c == '\\' || c < 0x20)
			break;
		if (c < 0x80) {
			at++;
			continue;
		}

		size_t n = text_utf8_len(in, at);

		if (n == 0)
			break;
		at += n;
	}
	j->pos = at;
	if (slice_at(in, at) == '\\')
		return true;
	if (slice_at(in, at) != '"')
		fail_at_end(j, slice_at(in, at) < 0x20 ? "a control character in a text"
						       : "not UTF-8");
	return false;
}

/* A text with escapes, again from its first byte. */
static struct slice decode(struct jsonr *j, size_t from, size_t ceiling)
{
	struct slice text = {0};
	struct buf out;

	buf_init(&out, ceiling);
	j->pos = from;
	for (bool more = true; more && !j->err;) {
		size_t start = j->pos;

		more = run_of_plain(j);
		buf_add(&out, slice_head(slice_from(j->in, start), j->pos - start));
		if (more)
			unescape(j, &out);
	}
	if (!j->err && (out.err || arena_copy(j->arena, buf_slice(&out), &text) != OK))
		jsonr_fail(j, E_NOMEM, "out of memory");
	buf_release(&out);
	return text;
}

/* At an opening quote: behind the closing one. `out` NULL: only its form is checked. */
static void take_text(struct jsonr *j, struct slice *out)
{
	size_t from = ++j->pos;
	bool is_plain = true;

	while (!j->err && run_of_plain(j)) {
		is_plain = false;
		unescape(j, NULL);
	}
	if (j->err)
		return;
	if (out)
		*out = is_plain ? slice_head(slice_from(j->in, from), j->pos - from)
				: decode(j, from, j->pos - from + 1);
	j->pos++;
}

struct slice jsonr_text(struct jsonr *j)
{
	struct slice text = {0};

	if (jsonr_kind(j) == JSON_KIND_TEXT)
		take_text(j, &text);
	else if (peek(j) == 'n')
		(void)jsonr_skip(j);
	else
		fail_at_end(j, "a text was expected");
	return j->err ? (struct slice){0} : text;
}

/* --- numbers and words --- */

static size_t digits(struct jsonr *j)
{
	size_t from = j->pos;

	while (text_is_digit((char)slice_at(j->in, j->pos)))
		j->pos++;
	if (j->pos == from)
		fail_at_end(j, "a digit was expected");
	return j->pos - from;
}

/* Of any size: nothing here computes with it. */
static void take_number(struct jsonr *j)
{
	if (slice_at(j->in, j->pos) == '-')
		j->pos++;

	bool is_zero = slice_at(j->in, j->pos) == '0';

	if (digits(j) > 1 && is_zero)
		jsonr_fail(j, E_CORRUPT, "a number with a leading zero");
	if (slice_at(j->in, j->pos) == '.') {
		j->pos++;
		(void)digits(j);
	}
	if ((slice_at(j->in, j->pos) | 0x20) == 'e') {
		j->pos++;
		if (slice_at(j->in, j->pos) == '+' || slice_at(j->in, j->pos) == '-')
			j->pos++;
		(void)digits(j);
	}
}

static void take_word(struct jsonr *j)
{
	static const char *const words[] = {"true", "false", "null"};
	struct slice rest = slice_from(j->in, j->pos);

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_starts(rest, words[i])) {
			j->pos += strlen(words[i]);
			return;
		}
	fail_at_end(j, "no value of JSON");
}

/* --- objects and arrays --- */

static void descend(struct jsonr *j)
{
	uint64_t bit = UINT64_C(1) << j->depth % 64;

	if (j->depth == LIMIT_DOCUMENT_DEPTH) {
		jsonr_fail(j, E_LIMIT, "values nested deeper than the limit");
		return;
	}
	j->objects = j->in.ptr[j->pos] == '{' ? j->objects | bit : j->objects & ~bit;
	j->begun &= ~bit;
	j->depth++;
	j->pos++;
}

bool jsonr_enter(struct jsonr *j, enum json_kind kind)
{
	if (jsonr_kind(j) == kind) {
		descend(j);
		return !j->err;
	}
	if (peek(j) == 'n')
		(void)jsonr_skip(j);
	else
		fail_at_end(j, kind == JSON_KIND_OBJECT ? "an object was expected"
							: "an array was expected");
	return false;
}

/* The comma before a member, or the closing bracket: true when a member comes. */
static bool step(struct jsonr *j)
{
	uint64_t bit = UINT64_C(1) << (j->depth - 1) % 64;
	bool is_object = (j->objects & bit) != 0;
	uint8_t c = peek(j);

	if (c == (is_object ? '}' : ']')) {
		j->pos++;
		j->depth--;
		return false;
	}
	if (j->begun & bit) {
		if (c != ',') {
			fail_at_end(j, is_object ? "a comma or } was expected"
						 : "a comma or ] was expected");
			return false;
		}
		j->pos++;
		c = peek(j);
		if (c == '}' || c == ']')
			jsonr_fail(j, E_CORRUPT, "a comma before the end");
	}
	j->begun |= bit;
	if (!c)
		fail_at_end(j, "a value was expected");
	return !j->err;
}

bool jsonr_item(struct jsonr *j)
{
	return !j->err && step(j);
}

static bool next_key(struct jsonr *j, struct slice *key)
{
	if (j->err || !step(j))
		return false;
	if (peek(j) != '"') {
		fail_at_end(j, "a key in quotes was expected");
		return false;
	}
	take_text(j, key);
	if (peek(j) != ':') {
		fail_at_end(j, "a colon was expected");
		return false;
	}
	j->pos++;
	return !j->err;
}

bool jsonr_key(struct jsonr *j, struct slice *key)
{
	return next_key(j, key);
}

unsigned jsonr_field(struct jsonr *j, const char *const *names, unsigned n, uint64_t *seen)
{
	struct slice key = {0};

	while (next_key(j, &key)) {
		for (unsigned i = 0; i < n; i++) {
			if (!slice_is(key, names[i]))
				continue;
			if (*seen >> i & 1)
				jsonr_fail(j, E_CORRUPT, "a key that was there before");
			*seen |= UINT64_C(1) << i;
			return j->err ? n : i;
		}
		(void)jsonr_skip(j);
	}
	return n;
}

/* A value that holds no others, or the start of one that does. */
static void take_value(struct jsonr *j)
{
	switch (jsonr_kind(j)) {
	case JSON_KIND_OBJECT:
	case JSON_KIND_ARRAY:
		descend(j);
		break;
	case JSON_KIND_TEXT:
		take_text(j, NULL);
		break;
	case JSON_KIND_NUMBER:
		take_number(j);
		break;
	case JSON_KIND_WORD:
		take_word(j);
		break;
	case JSON_KIND_NONE:
		fail_at_end(j, "a value was expected");
		break;
	}
}

size_t jsonr_skip(struct jsonr *j)
{
	unsigned outside = j->depth;
	size_t from = peek(j) ? j->pos : j->in.len;

	take_value(j);
	while (!j->err && j->depth > outside) {
		bool is_object = (j->objects >> (j->depth - 1) % 64 & 1) != 0;

		if (is_object ? next_key(j, NULL) : step(j))
			take_value(j);
	}
	return from;
}

enum err jsonr_end(struct jsonr *j)
{
	/* asked for by place, not by byte: a NUL byte is no blank either */
	if (peek(j) || (!j->err && j->pos < j->in.len))
		jsonr_fail(j, E_CORRUPT, "something behind the end of the document");
	return j->err;
}

enum err jsonr_fault(const struct jsonr *j, struct fault *why)
{
	uint64_t line = 1, column = 1;

	for (size_t i = 0; i < j->at && i < j->in.len; i++) {
		bool is_break = j->in.ptr[i] == '\n';

		line += is_break;
		/* of characters: what continues one counts nothing */
		column = is_break ? 1 : column + ((j->in.ptr[i] & 0xc0) != 0x80);
	}
	return fault_set(why, j->err, j->at, "line %llu, column %llu, byte %llu: %s",
			 (unsigned long long)line, (unsigned long long)column,
			 (unsigned long long)j->at, j->words ? j->words : "");
}
