// SPDX-License-Identifier: Apache-2.0
// Text from targets: split, compare, clean.

#include "text.h"

#include <string.h>

#include "ban.h"

bool text_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool text_is_alnum(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool text_field(struct slice *rest, char sep, struct slice *field)
{
	if (!rest->ptr)
		return false;

	size_t at = slice_find_byte(*rest, (uint8_t)sep, 0);

	if (at == SLICE_NONE) {
		*field = *rest;
		*rest = (struct slice){0};
		return true;
	}
	*field = slice_head(*rest, at);
	/* "a:" ends in an empty field, so the rest stays non-NULL even when empty. */
	if (slice_cut(*rest, at + 1, rest->len - at - 1, rest) != OK)
		*rest = (struct slice){0};
	return true;
}

bool text_line(struct slice *rest, struct slice *line)
{
	if (rest->len == 0 || !text_field(rest, '\n', line))
		return false;
	if (line->len && slice_at(*line, line->len - 1) == '\r')
		*line = slice_head(*line, line->len - 1);
	return true;
}

struct slice text_base_name(struct slice path)
{
	size_t from = path.len;

	while (from > 0 && path.ptr[from - 1] != '/')
		from--;
	return slice_from(path, from);
}

struct slice text_trim(struct slice s)
{
	size_t from = 0, to = s.len;

	while (from < to && text_is_blank((char)slice_at(s, from)))
		from++;
	while (to > from && text_is_blank((char)slice_at(s, to - 1)))
		to--;
	return slice_head(slice_from(s, from), to - from);
}

bool text_word(struct slice *rest, struct slice *word)
{
	struct slice s = text_trim(*rest);
	size_t n = 0;

	while (n < s.len && !text_is_blank((char)slice_at(s, n)))
		n++;
	*word = slice_head(s, n);
	*rest = slice_from(s, n);
	return n > 0;
}

static unsigned digit_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0';
	if (lower(c) >= 'a' && lower(c) <= 'f')
		return (unsigned)(lower(c) - 'a') + 10;
	return 99;
}

enum err text_u64(struct slice s, unsigned base, uint64_t *out)
{
	uint64_t v = 0;

	if (s.len == 0)
		return E_RANGE;
	for (size_t i = 0; i < s.len; i++) {
		unsigned d = digit_value(s.ptr[i]);

		if (d >= base || __builtin_mul_overflow(v, (uint64_t)base, &v) ||
		    __builtin_add_overflow(v, (uint64_t)d, &v))
			return E_RANGE;
	}
	*out = v;
	return OK;
}

bool text_same(struct slice a, const char *b)
{
	size_t n = strlen(b);

	if (a.len != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(a.ptr[i]) != lower((uint8_t)b[i]))
			return false;
	return true;
}

size_t text_find_nocase(struct slice hay, const char *needle, size_t from)
{
	size_t n = strlen(needle);

	if (n == 0 || n > hay.len)
		return SLICE_NONE;
	for (size_t at = from; at <= hay.len - n; at++) {
		if (lower(hay.ptr[at]) == lower((uint8_t)needle[0]) &&
		    text_same(slice_head(slice_from(hay, at), n), needle))
			return at;
	}
	return SLICE_NONE;
}

bool text_glob(struct slice name, const char *pattern)
{
	size_t at = 0, star_at = SLICE_NONE;
	const char *star = NULL;

	while (at < name.len) {
		if (*pattern == '*') {
			star = ++pattern;
			star_at = at;
		} else if (*pattern && (*pattern == '?' || (uint8_t)*pattern == name.ptr[at])) {
			pattern++;
			at++;
		} else if (star) {
			pattern = star;
			at = ++star_at;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool text_is_plain(struct slice s, size_t probe)
{
	size_t odd = 0, n = s.len < probe ? s.len : probe;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = s.ptr[i];

		if (c == 0)
			return false;
		if (c < 0x20 && !text_is_blank((char)c))
			odd++;
	}
	return odd * 50 <= n;
}

size_t text_utf8_len(struct slice s, size_t at)
{
	uint8_t first = slice_at(s, at);
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint8_t second = slice_at(s, at + 1);

	if (n == 0 || first > 0xf4 || n > s.len - at)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((slice_at(s, at + i) & 0xc0) != 0x80)
			return 0;
	/* Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. */
	if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
	    (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
		return 0;
	return n;
}

/* Whether one of eight bytes is below 0x20 or above 0x7e. */
static bool has_odd(uint64_t eight)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones << 7;
	uint64_t rubouts = eight ^ ones * 0x7f;

	return ((eight - ones * 0x20) & ~eight & tops) || ((rubouts - ones) & ~rubouts & tops) ||
	       (eight & tops);
}

size_t text_plain_len(struct slice s)
{
	size_t n = 0;
	uint64_t eight = 0;

	for (; s.len - n >= sizeof eight; n += sizeof eight) {
		memcpy(&eight, &s.ptr[n], sizeof eight);
		if (has_odd(eight))
			break;
	}
	while (n < s.len && s.ptr[n] >= 0x20 && s.ptr[n] < 0x7f)
		n++;
	return n;
}

static void clean(struct buf *out, struct slice s, bool (*refuse)(struct slice seq))
{
	for (size_t at = 0; at < s.len;) {
		struct slice plain = slice_from(s, at);

		plain = slice_head(plain, text_plain_len(plain));
		if (plain.len)
			buf_add(out, plain);
		at += plain.len;
		if (at == s.len)
			return;

		size_t n = text_utf8_len(s, at);
		struct slice seq = slice_head(slice_from(s, at), n ? n : 1);

		if (n == 0 || refuse(seq)) {
			for (size_t i = 0; i < seq.len; i++)
				buf_print(out, "\\x%02x", seq.ptr[i]);
		} else {
			buf_add(out, seq);
		}
		at += seq.len;
	}
}

static bool is_control(struct slice seq)
{
	if (seq.len == 1)
		return (seq.ptr[0] < 0x20 && seq.ptr[0] != '\t') || seq.ptr[0] == 0x7f;
	return seq.len == 2 && seq.ptr[0] == 0xc2 && seq.ptr[1] < 0xa0; /* C1 */
}

/* U+200B-200F, U+202A-202E, U+2060-206F, U+FEFF: invisible, or they turn text around. */
static bool is_control_or_bidi(struct slice seq)
{
	if (is_control(seq))
		return true;
	if (seq.len != 3)
		return false;

	unsigned cp = (unsigned)((seq.ptr[0] & 0xf) << 12 | (seq.ptr[1] & 0x3f) << 6 |
				 (seq.ptr[2] & 0x3f));

	return (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff;
}

void text_clean(struct buf *out, struct slice s)
{
	clean(out, s, is_control);
}

void text_terminal(struct buf *out, struct slice s)
{
	clean(out, s, is_control_or_bidi);
}

void text_size(struct buf *out, uint64_t bytes)
{
	static const char *const unit[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	size_t u = 0;
	uint64_t whole = bytes, tenth = 0;

	while (whole >= KiB && u + 1 < ARRAY_LEN(unit)) {
		tenth = whole % KiB * 10 / KiB;
		whole /= KiB;
		u++;
	}
	if (u == 0)
		buf_print(out, "%llu B", (unsigned long long)whole);
	else
		buf_print(out, "%llu.%llu %s", (unsigned long long)whole, (unsigned long long)tenth,
			  unit[u]);
}
