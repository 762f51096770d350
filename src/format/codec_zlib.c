// SPDX-License-Identifier: Apache-2.0
// Deflate in its three wrappers: raw (RFC 1951), zlib (RFC 1950), gzip (RFC 1952). By zlib.

#include "format/codec_pump.h"

#define ZLIB_CONST
#include <zlib.h>

#include "base/ban.h"

enum { WINDOW_RAW = -15, WINDOW_ZLIB = 15, WINDOW_GZIP = 15 + 16 };

static enum err inflate_step(void *decoder, struct pump *p)
{
	z_stream *z = decoder;
	uInt given = p->in.len < UINT32_MAX ? (uInt)p->in.len : UINT32_MAX;

	z->next_in = p->in.ptr;
	z->avail_in = given;
	z->next_out = p->room;
	z->avail_out = (uInt)p->room_len;

	int rc = inflate(z, Z_NO_FLUSH);

	p->took = given - z->avail_in;
	p->made = p->room_len - z->avail_out;
	if (rc == Z_STREAM_END)
		return E_END;
	if (rc == Z_MEM_ERROR)
		return E_NOMEM;
	return rc == Z_OK || rc == Z_BUF_ERROR ? OK : E_CORRUPT;
}

static enum err inflate_all(struct slice in, int window, struct buf *out, size_t *used)
{
	z_stream z = {0};

	if (inflateInit2(&z, window) != Z_OK)
		return E_NOMEM;

	enum err e = pump_run(inflate_step, &z, in, out, used);

	inflateEnd(&z);
	return e;
}

enum err codec_zlib(struct slice in, struct buf *out, size_t *used)
{
	return inflate_all(in, WINDOW_ZLIB, out, used);
}

enum err codec_deflate(struct slice in, struct buf *out, size_t *used)
{
	return inflate_all(in, WINDOW_RAW, out, used);
}

enum err codec_gzip(struct slice in, struct buf *out, size_t *used)
{
	return inflate_all(in, WINDOW_GZIP, out, used);
}
