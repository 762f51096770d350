// SPDX-License-Identifier: Apache-2.0
// One Zstandard frame (RFC 8878). By libzstd.

#include "format/codec_pump.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "base/ban.h"

enum { WINDOW_LOG_MAX = 27 }; /* RFC 8878 3.1.1.1.2 asks for 8 MiB; --long writes 128 MiB */

static enum err zstd_step(void *decoder, struct pump *p)
{
	ZSTD_inBuffer in = {.src = p->in.ptr, .size = p->in.len};
	ZSTD_outBuffer out = {.dst = p->room, .size = p->room_len};
	size_t rc = ZSTD_decompressStream(decoder, &out, &in);

	p->took = in.pos;
	p->made = out.pos;
	switch (ZSTD_isError(rc) ? ZSTD_getErrorCode(rc) : ZSTD_error_no_error) {
	case ZSTD_error_no_error:
		return rc == 0 ? E_END : OK;
	case ZSTD_error_frameParameter_windowTooLarge:
		return E_LIMIT;
	case ZSTD_error_memory_allocation:
		return E_NOMEM;
	case ZSTD_error_prefix_unknown:
		return E_MAGIC;
	default:
		return E_CORRUPT;
	}
}

enum err codec_zstd(struct slice in, struct buf *out, size_t *used)
{
	ZSTD_DCtx *d = ZSTD_createDCtx();

	if (!d || ZSTD_isError(ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, WINDOW_LOG_MAX))) {
		ZSTD_freeDCtx(d);
		return E_NOMEM;
	}

	enum err e = pump_run(zstd_step, d, in, out, used);

	ZSTD_freeDCtx(d);
	return e;
}
