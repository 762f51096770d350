// SPDX-License-Identifier: Apache-2.0
// gzip members (RFC 1952), verified by decoding the member and its CRC-32.

#include "format/stream.h"

#include "base/ban.h"

enum { METHOD_DEFLATE = 8, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_RESERVED = 0xe0, HEADER = 10 };

static const struct magic magics[] = {{.at = 0, .len = 3, .bytes = "\x1f\x8b\x08"}};

/* RFC 1952 2.3: the original file name, if the header keeps one. */
static struct slice original_name(struct slice in)
{
	struct cursor c = cursor_at(in, 3);
	uint8_t flags = cursor_u8(&c);

	cursor_skip(&c, HEADER - 4);
	if (flags & FLAG_EXTRA)
		cursor_skip(&c, cursor_u16le(&c));
	if (c.err || !(flags & FLAG_NAME))
		return (struct slice){0};

	size_t end = slice_find_byte(in, 0, c.pos);

	if (end == SLICE_NONE || end - c.pos > LIMIT_NAME_BYTES)
		return (struct slice){0};
	return cursor_take(&c, end - c.pos);
}

static enum err gzip_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct cursor c = {.in = in};
	uint16_t magic = cursor_u16be(&c);
	uint8_t method = cursor_u8(&c);
	uint8_t flags = cursor_u8(&c);

	if (c.err || magic != 0x1f8b || method != METHOD_DEFLATE || flags & FLAG_RESERVED)
		return fault_set(why, E_MAGIC, 0, "gzip: not a member header");
	return stream_bid(codec_gzip, in, "decoded, CRC-32", out, why);
}

static enum err gzip_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return stream_open(codec_gzip, in, original_name(in), a, state, why);
}

const struct format format_gzip = {
	.name = "gzip",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = gzip_bid,
	.open = gzip_open,
	.next = stream_next,
	.read = stream_read,
};
