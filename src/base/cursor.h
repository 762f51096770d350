/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Borrowed bytes (slice) and the only way to read them (cursor).
 *
 * A slice never owns. A cursor carries a sticky error: read a group of fields, ask c.err once, and
 * use nothing before. Reads past the end yield 0 or an empty slice and set E_SHORT.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <string.h>

#include "fault.h"

struct slice {
	const uint8_t *ptr;
	size_t len;
};

enum endian { LITTLE, BIG };

struct cursor {
	struct slice in;
	size_t pos; /* <= in.len always */
	enum err err;
};

/*
 * What every reader does for each byte or field stands here, to become part of its caller; the rest
 * is in cursor.c. No other file does arithmetic on pointers into input.
 */
static inline struct slice slice_of(const void *ptr, size_t len)
{
	return (struct slice){.ptr = ptr, .len = len};
}

/* A slice over a string literal or other NUL-terminated text, without the NUL. */
static inline struct slice slice_text(const char *text)
{
	return slice_of(text, strlen(text));
}

/* [at, at+len) of in. E_SHORT, and *out untouched, when it does not lie inside. */
MUST_CHECK static inline enum err slice_cut(struct slice in, uint64_t at, uint64_t len,
					    struct slice *out)
{
	if (at > in.len || len > in.len - at)
		return E_SHORT;
	*out = slice_of(in.ptr ? in.ptr + at : NULL, (size_t)len);
	return OK;
}

/* From `at` to the end; the first n bytes. Both clip: the result may be empty, never outside. */
static inline struct slice slice_from(struct slice in, uint64_t at)
{
	if (at >= in.len)
		return (struct slice){0};
	return slice_of(in.ptr + at, in.len - (size_t)at);
}

static inline struct slice slice_head(struct slice in, uint64_t n)
{
	return slice_of(in.ptr, n < in.len ? (size_t)n : in.len);
}

/* The byte at `at`, or 0 past the end. */
static inline uint8_t slice_at(struct slice in, size_t at)
{
	return in.ptr && at < in.len ? in.ptr[at] : 0;
}

static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len &&
	       (a.len == 0 || (a.ptr && b.ptr && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static inline bool slice_is(struct slice a, const char *text)
{
	return slice_eq(a, slice_text(text));
}
bool slice_starts(struct slice a, const char *text);
bool slice_ends(struct slice a, const char *text);
int slice_cmp(struct slice a, struct slice b); /* byte order, shorter first */

#define SLICE_NONE SIZE_MAX
/* Offset of the first needle at or after `from`, or SLICE_NONE. */
size_t slice_find(struct slice hay, struct slice needle, size_t from);
size_t slice_find_byte(struct slice hay, uint8_t byte, size_t from);

struct cursor cursor_at(struct slice in, size_t pos);
static inline size_t cursor_left(const struct cursor *c)
{
	return c->err ? 0 : c->in.len - c->pos;
}

static inline struct slice cursor_take(struct cursor *c, size_t n)
{
	if (c->err || n > c->in.len - c->pos) {
		c->err = c->err ? c->err : E_SHORT;
		return (struct slice){0};
	}

	struct slice out = slice_of(n ? c->in.ptr + c->pos : NULL, n);

	c->pos += n;
	return out;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_take(c, n);
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	if (!c->err && c->in.ptr && c->pos < c->in.len)
		return c->in.ptr[c->pos++];
	c->err = c->err ? c->err : E_SHORT;
	return 0;
}

uint16_t cursor_u16le(struct cursor *c);
uint16_t cursor_u16be(struct cursor *c);
uint32_t cursor_u32be(struct cursor *c);
uint64_t cursor_u64le(struct cursor *c);
uint64_t cursor_u64be(struct cursor *c);
uint16_t cursor_u16(struct cursor *c, enum endian order);
uint32_t cursor_u32(struct cursor *c, enum endian order);
uint64_t cursor_u64(struct cursor *c, enum endian order);
static inline uint32_t cursor_u32le(struct cursor *c)
{
	struct slice s = cursor_take(c, 4);

	return s.ptr ? (uint32_t)s.ptr[0] | (uint32_t)s.ptr[1] << 8 | (uint32_t)s.ptr[2] << 16 |
			       (uint32_t)s.ptr[3] << 24
		     : 0;
}

/* What buf_varint wrote. E_RANGE: more than 64 bits. The second: more than 32. */
uint64_t cursor_varint_long(struct cursor *c);
static inline uint64_t cursor_varint(struct cursor *c)
{
	if (!c->err && c->in.ptr && c->pos < c->in.len && c->in.ptr[c->pos] < 0x80)
		return c->in.ptr[c->pos++];
	return cursor_varint_long(c);
}

static inline uint32_t cursor_varint32(struct cursor *c)
{
	uint64_t v = cursor_varint(c);

	if (v > UINT32_MAX) {
		c->err = E_RANGE;
		return 0;
	}
	return (uint32_t)v;
}

#endif
