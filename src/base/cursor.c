// SPDX-License-Identifier: Apache-2.0
// Slices and the cursor. With cursor.h, the only place of pointer arithmetic on input.

#include "cursor.h"

#include <string.h>

#include "ban.h"

bool slice_starts(struct slice a, const char *text)
{
	struct slice t = slice_text(text);

	return a.len >= t.len && slice_eq(slice_head(a, t.len), t);
}

bool slice_ends(struct slice a, const char *text)
{
	struct slice t = slice_text(text);

	return a.len >= t.len && (t.len == 0 || slice_eq(slice_from(a, a.len - t.len), t));
}

int slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int d = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (d != 0)
		return d;
	return (a.len > b.len) - (a.len < b.len);
}

size_t slice_find_byte(struct slice hay, uint8_t byte, size_t from)
{
	if (from >= hay.len)
		return SLICE_NONE;

	const uint8_t *hit = memchr(hay.ptr + from, byte, hay.len - from);

	return hit ? (size_t)(hit - hay.ptr) : SLICE_NONE;
}

static bool text_like(uint8_t b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == ' ';
}

/* How seldom a byte stands in programs and dumps: zeros and small numbers fill them. */
static unsigned rarity(uint8_t byte)
{
	if (byte == 0x00)
		return 0;
	if (byte == 0xff || byte < 0x10)
		return 1;
	return text_like(byte) ? 2 : 3;
}

/* The byte of the needle worth looking for first. */
static size_t pivot_of(struct slice needle)
{
	size_t best = 0;

	for (size_t i = 1; i < needle.len; i++)
		if (rarity(needle.ptr[i]) > rarity(needle.ptr[best]))
			best = i;
	return best;
}

size_t slice_find(struct slice hay, struct slice needle, size_t from)
{
	if (needle.len == 0 || needle.len > hay.len)
		return SLICE_NONE;

	size_t last = hay.len - needle.len, pivot = pivot_of(needle);

	while (from <= last) {
		size_t at = slice_find_byte(hay, needle.ptr[pivot], from + pivot);

		if (at == SLICE_NONE || at - pivot > last)
			return SLICE_NONE;
		if (memcmp(hay.ptr + (at - pivot), needle.ptr, needle.len) == 0)
			return at - pivot;
		from = at - pivot + 1;
	}
	return SLICE_NONE;
}

struct cursor cursor_at(struct slice in, size_t pos)
{
	struct cursor c = {.in = in};

	cursor_skip(&c, pos);
	return c;
}

static uint64_t cursor_uint(struct cursor *c, size_t n, enum endian order)
{
	struct slice s = cursor_take(c, n);
	uint64_t v = 0;

	for (size_t i = 0; i < s.len; i++)
		v = v << 8 | s.ptr[order == BIG ? i : s.len - 1 - i];
	return v;
}

uint16_t cursor_u16(struct cursor *c, enum endian order)
{
	return (uint16_t)cursor_uint(c, 2, order);
}

uint32_t cursor_u32(struct cursor *c, enum endian order)
{
	return (uint32_t)cursor_uint(c, 4, order);
}

uint64_t cursor_u64(struct cursor *c, enum endian order)
{
	return cursor_uint(c, 8, order);
}

uint16_t cursor_u16le(struct cursor *c)
{
	return cursor_u16(c, LITTLE);
}

uint16_t cursor_u16be(struct cursor *c)
{
	return cursor_u16(c, BIG);
}

uint32_t cursor_u32be(struct cursor *c)
{
	return cursor_u32(c, BIG);
}

uint64_t cursor_u64le(struct cursor *c)
{
	return cursor_u64(c, LITTLE);
}

uint64_t cursor_u64be(struct cursor *c)
{
	return cursor_u64(c, BIG);
}

uint64_t cursor_varint_long(struct cursor *c)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (size_t pos = c->pos; !c->err && pos < c->in.len; pos++, shift += 7) {
		uint8_t byte = c->in.ptr[pos];

		if (shift == 63 && byte > 1) {
			c->err = E_RANGE;
			return 0;
		}
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			c->pos = pos + 1;
			return v;
		}
	}
	c->err = c->err ? c->err : E_SHORT;
	return 0;
}
