// SPDX-License-Identifier: Apache-2.0
// Packs texts into Zstandard frames (RFC 8878) and unpacks them. By libzstd.

#include "feed/texts.h"

#include <zstd.h>

#include "base/ban.h"

enum { PACK_LEVEL = 9 };

enum err texts_packer_init(struct texts_packer *p)
{
	*p = (struct texts_packer){.codec = ZSTD_createCCtx()};
	buf_init(&p->raw, FRAME_BYTES_MAX);
	buf_init(&p->packed, UINT32_MAX);
	buf_init(&p->ends, UINT32_MAX);
	if (!p->codec ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(p->codec, ZSTD_c_compressionLevel, PACK_LEVEL)))
		return E_NOMEM;
	return OK;
}

void texts_packer_release(struct texts_packer *p)
{
	ZSTD_freeCCtx(p->codec);
	buf_release(&p->raw);
	buf_release(&p->packed);
	buf_release(&p->ends);
	p->codec = NULL;
}

uint32_t texts_frames(const struct texts_packer *p)
{
	return (uint32_t)(p->ends.len / sizeof(uint64_t));
}

/* No more than the limit, and no character cut in two. */
static struct slice clipped(struct slice s)
{
	size_t n = LIMIT_ADVISORY_TEXT;

	if (s.len <= n)
		return s;
	while (n > LIMIT_ADVISORY_TEXT - 4 && (slice_at(s, n) & 0xc0) == 0x80)
		n--;
	return slice_head(s, n);
}

enum err texts_flush(struct texts_packer *p)
{
	size_t most = ZSTD_compressBound(p->raw.len);
	uint8_t *room = p->raw.len ? buf_room(&p->packed, most) : NULL;

	if (!p->raw.len)
		return OK;
	if (!room)
		return p->packed.err;

	size_t n = ZSTD_compress2(p->codec, room, most, p->raw.data, p->raw.len);

	if (ZSTD_isError(n))
		return E_NOMEM;
	buf_grown(&p->packed, n);
	buf_u64le(&p->ends, p->packed.len);
	buf_clear(&p->raw);
	return p->ends.err;
}

enum err texts_add(struct texts_packer *p, const struct advisory *a, struct unit_texts *out)
{
	enum err e = p->raw.len >= FRAME_AIM ? texts_flush(p) : OK;

	if (e)
		return e;
	*out = (struct unit_texts){.frame = p->first_no + texts_frames(p),
				   .at = (uint32_t)p->raw.len};
	for (size_t i = 0; i < UNIT_TEXTS; i++) {
		struct slice s = clipped(i / LANG_N == UNIT_TITLE ? a->title[i % LANG_N]
								  : a->text[i % LANG_N]);

		buf_add(&p->raw, s);
		out->len[i] = (uint32_t)s.len;
	}
	return p->raw.err;
}

static enum err frame_unpack(struct feed *f, uint32_t no)
{
	uint64_t at = 0, end = 0;
	struct slice packed = {0};
	enum err e = snapshot_place(f, SECTION_FRAMES, no, &at, &end);

	if (!e && end - at > ZSTD_COMPRESSBOUND((uint64_t)FRAME_BYTES_MAX))
		e = E_CORRUPT;
	if (!e)
		e = snapshot_read(f, SECTION_TEXTS, at, end - at, &packed);
	if (e)
		return e;
	f->frame_no = UINT32_MAX;
	f->frame.ceiling = FRAME_BYTES_MAX;
	buf_clear(&f->frame);

	uint64_t len = ZSTD_getFrameContentSize(packed.ptr, packed.len);

	if (len > FRAME_BYTES_MAX) /* its two error values are larger still */
		return E_CORRUPT;

	uint8_t *room = buf_room(&f->frame, (size_t)len);

	if (!room)
		return E_NOMEM;
	if (ZSTD_decompress(room, (size_t)len, packed.ptr, packed.len) != len)
		return E_CORRUPT;
	buf_grown(&f->frame, (size_t)len);
	f->frame_no = no;
	return OK;
}

enum err texts_read(struct feed *f, const struct unit_texts *t, size_t which, struct slice *out)
{
	uint64_t at = t->at;
	enum err e = t->frame == f->frame_no ? OK : frame_unpack(f, t->frame);

	for (size_t i = 0; i < which; i++)
		at += t->len[i];
	if (!e && slice_cut(buf_slice(&f->frame), at, t->len[which], out) != OK)
		e = E_CORRUPT;
	return e;
}
