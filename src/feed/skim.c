// SPDX-License-Identifier: Apache-2.0
// Runs over JSON (RFC 8259) without reading it, unpacking more as it goes.

#include "feed/skim.h"

#include "base/ban.h"

enum { DROP_BELOW = 64 * 1024 }; /* fewer bytes are left than this: cheap to move */

/* What a byte means outside a text. */
enum { PLAIN, QUOTE, OPEN, CLOSE };
static const uint8_t meaning[256] = {
	['"'] = QUOTE, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE, [']'] = CLOSE};

enum err skim_wrong(struct splitter *s, enum err e, size_t at, const char *what)
{
	return fault_set(s->why, e, s->base + at, "%s%s%.*s", what, s->member.len ? " in " : "",
			 (int)(s->member.len > 60 ? 60 : s->member.len),
			 (const char *)s->member.ptr);
}

/* More bytes behind those in the window; E_END when there are none. */
enum err skim_more(struct splitter *s)
{
	enum err e = s->is_ended ? E_END : unpack_read(s->in, &s->window, s->why);

	s->is_ended = s->is_ended || e == E_END;
	return e;
}

/* Takes what was cut off the front of the window. Nothing may point into it. */
void skim_drop(struct splitter *s)
{
	if (s->window.len - s->at > DROP_BELOW)
		return;
	s->base += s->at;
	buf_drop(&s->window, s->at);
	s->at = 0;
}

/* The byte at *at, with more unpacked when needed; E_END behind the last. */
enum err skim_byte(struct splitter *s, size_t at, uint8_t *out)
{
	while (at >= s->window.len) {
		enum err e = skim_more(s);

		if (e)
			return e;
	}
	*out = s->window.data[at];
	return OK;
}

/* The same where something must be. */
enum err skim_need(struct splitter *s, size_t at, uint8_t *out)
{
	enum err e = skim_byte(s, at, out);

	return e == E_END ? skim_wrong(s, E_SHORT, at, "JSON cut short") : e;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

enum err skim_blank(struct splitter *s, size_t *at)
{
	uint8_t c = 0;
	enum err e = skim_byte(s, *at, &c);

	while (e == OK && is_blank(c))
		e = skim_byte(s, ++*at, &c);
	return e;
}

enum err skim_need_nonblank(struct splitter *s, size_t *at, uint8_t *out)
{
	enum err e = skim_blank(s, at);

	return e == E_END ? skim_wrong(s, E_SHORT, *at, "JSON cut short")
	       : e        ? e
			  : skim_need(s, *at, out);
}

/* *at is behind a quote: moves behind the one that closes the text. */
static enum err skip_text(struct splitter *s, size_t *at)
{
	size_t i = *at;

	for (;;) {
		const uint8_t *p = s->window.data;

		while (i < s->window.len && p[i] != '"' && p[i] != '\\')
			i++;
		if (i < s->window.len && p[i] == '"')
			break;
		if (i < s->window.len)
			i += 2;
		if (i < s->window.len)
			continue;

		enum err e = skim_more(s);

		if (e)
			return e == E_END ? skim_wrong(s, E_SHORT, *at, "JSON: a text without end")
					  : e;
	}
	*at = i + 1;
	return OK;
}

/* *at is at an opening bracket: moves behind the one that closes it. `kinds` has a bit a level. */
static enum err skip_nested(struct splitter *s, size_t *at)
{
	size_t i = *at;
	unsigned depth = 0;
	uint64_t kinds = 0;
	enum err e = OK;

	do {
		const uint8_t *p = s->window.data;

		while (i < s->window.len && meaning[p[i]] == PLAIN)
			i++;
		if (i >= s->window.len) {
			e = skim_more(s);
			if (e)
				return e == E_END ? skim_wrong(s, E_SHORT, *at, "JSON cut short")
						  : e;
			continue;
		}

		uint8_t c = p[i++];

		if (c == '"') {
			e = skip_text(s, &i);
			if (e)
				return e;
		} else if (meaning[c] == OPEN) {
			if (depth++ == LIMIT_FEED_DEPTH)
				return skim_wrong(s, E_LIMIT, i - 1, "JSON: too many levels");
			kinds = kinds << 1 | (c == '{');
		} else {
			if ((kinds & 1) != (c == '}'))
				return skim_wrong(s, E_CORRUPT, i - 1,
						  "JSON: brackets that do not match");
			kinds >>= 1;
			depth--;
		}
	} while (depth);
	*at = i;
	return OK;
}

/* Moves behind the value at *at, whatever it is. */
enum err skim_value(struct splitter *s, size_t *at)
{
	uint8_t c = 0;
	size_t start = *at;
	enum err e = skim_need(s, *at, &c);

	if (e)
		return e;
	if (meaning[c] == OPEN)
		return skip_nested(s, at);
	if (c == '"') {
		++*at;
		return skip_text(s, at);
	}
	while (e == OK && !is_blank(c) && c != ',' && meaning[c] == PLAIN && c != ':')
		e = skim_byte(s, ++*at, &c);
	if (e == OK && *at == start)
		return skim_wrong(s, E_CORRUPT, *at, "JSON: no value where one should be");
	return e == E_END ? OK : e;
}

struct slice skim_cut(const struct splitter *s, size_t from, size_t to)
{
	return slice_head(slice_from(buf_slice(&s->window), from), to - from);
}

/* A key at *at, its colon, blanks. */
enum err skim_key(struct splitter *s, size_t *at, struct slice *key)
{
	uint8_t c = 0;
	size_t start = *at + 1;
	enum err e = skim_need(s, *at, &c);

	if (e == OK && c != '"')
		return skim_wrong(s, E_CORRUPT, *at, "JSON: no key where one should be");
	if (e)
		return e;
	++*at;
	e = skip_text(s, at);

	size_t end = *at - 1;

	e = e ? e : skim_need_nonblank(s, at, &c);
	if (e == OK && c != ':')
		return skim_wrong(s, E_CORRUPT, *at, "JSON: no colon behind a key");
	if (e)
		return e;
	++*at;
	e = skim_need_nonblank(s, at, &c);
	*key = skim_cut(s, start, end);
	return e;
}
