// SPDX-License-Identifier: Apache-2.0
// lzop files (the container of lzop 1.04: header, blocks of LZO1X, checksums), by decoding them.

#include "format/stream.h"

#include <zlib.h>

#include "base/ban.h"

enum { MAGIC_LEN = 9, BLOCK_MAX = 64 * 1024 * 1024 };

/* From this version on, the header names the version needed, the level and the high time word. */
enum { VERSION_LONG_HEADER = 0x0940 };

/* Flags of the header: which checksums there are, of what the decoder gives (D) or gets (C). */
enum {
	FLAG_ADLER_D = 0x1,
	FLAG_ADLER_C = 0x2,
	FLAG_CRC_D = 0x100,
	FLAG_CRC_C = 0x200,
	FLAG_FILTER = 0x800,
	FLAG_CRC_HEADER = 0x1000,
};

static const struct magic magics[] = {{.at = 0, .len = MAGIC_LEN, .bytes = "\x89LZO\0\r\n\x1a\n"}};

struct header {
	uint32_t flags;
	uint8_t method;
	struct slice name;
	size_t end;
};

struct block {
	uint32_t size, packed_size;
	uint32_t adler_d, crc_d, adler_c, crc_c;
};

static uint32_t adler32_of(struct slice s)
{
	return (uint32_t)adler32_z(1, s.ptr, s.len);
}

static enum err header_read(struct slice in, struct header *out, struct fault *why)
{
	struct cursor c = cursor_at(in, MAGIC_LEN);
	struct header h = {0};
	uint16_t version = cursor_u16be(&c);
	bool is_long = version >= VERSION_LONG_HEADER;

	cursor_skip(&c, is_long ? 4 : 2);
	h.method = cursor_u8(&c);
	cursor_skip(&c, is_long ? 1 : 0);
	h.flags = cursor_u32be(&c);
	cursor_skip(&c, h.flags & FLAG_FILTER ? 4 : 0);
	cursor_skip(&c, is_long ? 12 : 8);
	h.name = cursor_take(&c, cursor_u8(&c));

	size_t end = c.pos;
	uint32_t check = cursor_u32be(&c);

	if (c.err)
		return fault_set(why, c.err, c.pos, "lzop: header cut short");

	struct slice checked = slice_head(slice_from(in, MAGIC_LEN), end - MAGIC_LEN);

	if (check != (h.flags & FLAG_CRC_HEADER ? checksum_crc32(checked) : adler32_of(checked)))
		return fault_set(why, E_CHECKSUM, 0, "lzop: header checksum");
	if (h.method < 1 || h.method > 3 || h.flags & FLAG_FILTER)
		return fault_set(why, E_UNSUPPORTED, 0, "lzop: method or filter");
	h.end = c.pos;
	*out = h;
	return OK;
}

/* Checksums of packed bytes are there only where the block is packed at all. */
static void block_read(struct cursor *c, uint32_t flags, struct block *b)
{
	b->size = cursor_u32be(c);
	if (b->size == 0)
		return;
	b->packed_size = cursor_u32be(c);
	b->adler_d = flags & FLAG_ADLER_D ? cursor_u32be(c) : 0;
	b->crc_d = flags & FLAG_CRC_D ? cursor_u32be(c) : 0;
	if (b->packed_size >= b->size)
		return;
	b->adler_c = flags & FLAG_ADLER_C ? cursor_u32be(c) : 0;
	b->crc_c = flags & FLAG_CRC_C ? cursor_u32be(c) : 0;
}

static enum err block_decode(struct slice packed, const struct block *b, struct buf *out)
{
	if (b->packed_size == b->size) {
		buf_add(out, packed);
		return out->err;
	}
	return codec_lzo1x(packed, out, NULL);
}

static enum err block_check(struct slice data, uint32_t flags, const struct block *b)
{
	if (data.len != b->size)
		return E_CORRUPT;
	if (flags & FLAG_ADLER_D && adler32_of(data) != b->adler_d)
		return E_CHECKSUM;
	if (flags & FLAG_CRC_D && checksum_crc32(data) != b->crc_d)
		return E_CHECKSUM;
	return OK;
}

static enum err block_next(struct cursor *c, uint32_t flags, struct buf *out)
{
	struct block b = {0};
	size_t start = out->len;

	block_read(c, flags, &b);
	if (c->err)
		return c->err;
	if (b.size == 0)
		return E_END;
	if (b.size > BLOCK_MAX || b.packed_size > b.size)
		return E_RANGE;
	if (b.size > out->ceiling - out->len)
		return E_LIMIT;

	struct slice packed = cursor_take(c, b.packed_size);
	enum err e = c->err ? c->err : block_decode(packed, &b, out);

	return e ? e : block_check(slice_from(buf_slice(out), start), flags, &b);
}

static enum err codec_lzop(struct slice in, struct buf *out, size_t *used)
{
	struct header h = {0};
	enum err e = header_read(in, &h, NULL);
	struct cursor c = cursor_at(in, h.end);

	while (e == OK)
		e = block_next(&c, h.flags, out);
	if (used)
		*used = c.pos;
	return e == E_END ? OK : e;
}

static enum err lzop_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct header h = {0};
	enum err e = E_MAGIC;

	if (slice_eq(slice_head(in, MAGIC_LEN), slice_of(magics[0].bytes, MAGIC_LEN)))
		e = header_read(in, &h, why);
	return e ? e
		 : stream_bid(codec_lzop, in, "decoded, checksums of header and blocks", out, why);
}

static enum err lzop_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct header h = {0};
	enum err e = header_read(in, &h, why);

	return e ? e : stream_open(codec_lzop, in, h.name, a, state, why);
}

const struct format format_lzop = {
	.name = "lzop",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = lzop_bid,
	.open = lzop_open,
	.next = stream_next,
	.read = stream_read,
};
