// SPDX-License-Identifier: Apache-2.0
// LZ4 (lz4_Block_format, lz4_Frame_format 1.6): one block, the legacy frame of Linux kernels,
// frames.

#include "format/codec_lz4.h"

#include <lz4.h>
#include <lz4frame.h>

#include "base/ban.h"

enum {
	LEGACY_MAGIC = 0x184c2102, /* lz4_Frame_format, Legacy frame */
	LEGACY_BLOCK = 8 * 1024 * 1024
};

enum err codec_lz4_block(struct slice in, size_t size_max, struct buf *out)
{
	size_t left = out->ceiling - out->len;
	size_t n = size_max < left ? size_max : left;

	if (in.len > LZ4_MAX_INPUT_SIZE || n > LZ4_MAX_INPUT_SIZE)
		return E_LIMIT;

	uint8_t *room = buf_room(out, n);

	if (!room)
		return out->err;

	int made = LZ4_decompress_safe((const char *)in.ptr, (char *)room, (int)in.len, (int)n);

	if (made < 0)
		return E_CORRUPT;
	buf_grown(out, (size_t)made);
	return OK;
}

/* One chunk: its length and the block. E_END where the bytes are no chunk any more: the frame has
 * no mark of its own, and kernels append the unpacked size. */
static enum err legacy_chunk(struct cursor *c, struct buf *out)
{
	struct cursor next = *c;
	uint32_t size = cursor_u32le(&next);

	if (next.err || size == 0 || size > LZ4_COMPRESSBOUND(LEGACY_BLOCK))
		return E_END;

	struct slice block = cursor_take(&next, size);
	size_t before = out->len;

	if (next.err)
		return E_SHORT;

	enum err e = codec_lz4_block(block, LEGACY_BLOCK, out);

	if (e)
		return e == E_CORRUPT && out->ceiling - before < LEGACY_BLOCK ? E_LIMIT : e;
	*c = next;
	return out->len - before < LEGACY_BLOCK ? E_END : OK;
}

enum err codec_lz4_legacy(struct slice in, struct buf *out, size_t *used)
{
	struct cursor c = {.in = in};
	size_t start = out->len;
	enum err e = OK;

	if (cursor_u32le(&c) != LEGACY_MAGIC)
		return E_MAGIC;
	while (e == OK) {
		e = legacy_chunk(&c, out);
		if (e == OK && pump_is_bomb(c.pos, out->len - start))
			e = E_LIMIT;
		/* a whole block may be the last: what follows it then is not ours */
		if (e == E_SHORT && out->len > start)
			e = E_END;
	}
	if (used)
		*used = c.pos;
	if (e == E_END && out->len == start)
		return E_SHORT;
	return e == E_END ? OK : e;
}

static enum err frame_step(void *decoder, struct pump *p)
{
	p->took = p->in.len;
	p->made = p->room_len;

	size_t rc = LZ4F_decompress(decoder, p->room, &p->made, p->in.ptr, &p->took, NULL);

	if (LZ4F_isError(rc)) {
		p->took = p->made = 0;
		return E_CORRUPT;
	}
	return rc == 0 ? E_END : OK;
}

enum err codec_lz4_frame(struct slice in, struct buf *out, size_t *used)
{
	LZ4F_dctx *d = NULL;

	if (LZ4F_isError(LZ4F_createDecompressionContext(&d, LZ4F_VERSION)))
		return E_NOMEM;

	enum err e = pump_run(frame_step, d, in, out, used);

	LZ4F_freeDecompressionContext(d);
	return e;
}
