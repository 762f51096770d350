/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Borrowed bytes (slice) and the only way to read them (cursor).
 *
 * A slice never owns. A cursor carries a sticky error: read a group of fields, ask c.err once, and
 * use nothing before. Reads past the end yield 0 or an empty slice and set E_SHORT.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

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

/* A slice over a string literal or other NUL-terminated text, without the NUL. */
struct slice slice_text(const char *text);
struct slice slice_of(const void *ptr, size_t len);

/* [at, at+len) of in. E_SHORT, and *out untouched, when it does not lie inside. */
MUST_CHECK enum err slice_cut(struct slice in, uint64_t at, uint64_t len, struct slice *out);

/* From `at` to the end; the first n bytes. Both clip: the result may be empty, never outside. */
struct slice slice_from(struct slice in, uint64_t at);
struct slice slice_head(struct slice in, uint64_t n);

/* The byte at `at`, or 0 past the end. */
uint8_t slice_at(struct slice in, size_t at);

bool slice_eq(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *text);
bool slice_starts(struct slice a, const char *text);
bool slice_ends(struct slice a, const char *text);
int slice_cmp(struct slice a, struct slice b); /* byte order, shorter first */

#define SLICE_NONE SIZE_MAX
/* Offset of the first needle at or after `from`, or SLICE_NONE. */
size_t slice_find(struct slice hay, struct slice needle, size_t from);
size_t slice_find_byte(struct slice hay, uint8_t byte, size_t from);

struct cursor cursor_at(struct slice in, size_t pos);
size_t cursor_left(const struct cursor *c);
void cursor_skip(struct cursor *c, size_t n);
struct slice cursor_take(struct cursor *c, size_t n);
uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16le(struct cursor *c);
uint16_t cursor_u16be(struct cursor *c);
uint32_t cursor_u32le(struct cursor *c);
uint32_t cursor_u32be(struct cursor *c);
uint64_t cursor_u64le(struct cursor *c);
uint64_t cursor_u64be(struct cursor *c);
uint16_t cursor_u16(struct cursor *c, enum endian order);
uint32_t cursor_u32(struct cursor *c, enum endian order);
uint64_t cursor_u64(struct cursor *c, enum endian order);
/* What buf_varint wrote. E_RANGE: more than 64 bits. The second: more than 32. */
uint64_t cursor_varint(struct cursor *c);
uint32_t cursor_varint32(struct cursor *c);

#endif
