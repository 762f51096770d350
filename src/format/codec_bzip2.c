// SPDX-License-Identifier: Apache-2.0
// One bzip2 stream. By libbz2.

#include "format/codec_pump.h"

#include <bzlib.h>

#include "base/ban.h"

static enum err bzip2_step(void *decoder, struct pump *p)
{
	bz_stream *z = decoder;
	unsigned given = p->in.len < UINT32_MAX ? (unsigned)p->in.len : UINT32_MAX;

	z->next_in = (char *)(uintptr_t)p->in.ptr; /* libbz2 reads it only */
	z->avail_in = given;
	z->next_out = (char *)p->room;
	z->avail_out = (unsigned)p->room_len;

	int rc = BZ2_bzDecompress(z);

	p->took = given - z->avail_in;
	p->made = p->room_len - z->avail_out;
	switch (rc) {
	case BZ_OK:
		return OK;
	case BZ_STREAM_END:
		return E_END;
	case BZ_MEM_ERROR:
		return E_NOMEM;
	case BZ_DATA_ERROR_MAGIC:
		return E_MAGIC;
	default:
		return E_CORRUPT;
	}
}

enum err codec_bzip2(struct slice in, struct buf *out, size_t *used)
{
	bz_stream z = {0};

	if (BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return E_NOMEM;

	enum err e = pump_run(bzip2_step, &z, in, out, used);

	BZ2_bzDecompressEnd(&z);
	return e;
}
