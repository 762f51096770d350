// SPDX-License-Identifier: Apache-2.0
// Deflate in its three wrappers: raw (RFC 1951), zlib (RFC 1950), gzip (RFC 1952). By zlib.

#include "format/codec.h"

#define ZLIB_CONST
#include <zlib.h>

#include "base/ban.h"

enum { CHUNK = 256 * 1024, WINDOW_RAW = -15, WINDOW_ZLIB = 15, WINDOW_GZIP = 15 + 16 };

/* True when a stream grew beyond every honest ratio. */
static bool is_bomb(size_t taken, size_t given)
{
	return given > LIMIT_RATIO_FLOOR && given / (taken ? taken : 1) > LIMIT_RATIO;
}

static enum err inflate_some(z_stream *z, struct slice in, struct buf *out, size_t start)
{
	size_t left = out->ceiling - out->len;
	size_t n = left < CHUNK ? left : CHUNK;
	uint8_t *room = n ? buf_room(out, n) : NULL;

	if (!room)
		return n ? out->err : E_LIMIT;
	z->next_out = room;
	z->avail_out = (uInt)n;

	int rc = inflate(z, Z_NO_FLUSH);

	buf_grown(out, n - z->avail_out);
	if (rc == Z_STREAM_END)
		return E_END;
	if (rc == Z_BUF_ERROR || (rc == Z_OK && z->avail_in == 0 && z->avail_out != 0))
		return E_SHORT;
	if (rc != Z_OK)
		return E_CORRUPT;
	return is_bomb(in.len - z->avail_in, out->len - start) ? E_LIMIT : OK;
}

static enum err inflate_all(struct slice in, int window, struct buf *out, size_t *used)
{
	z_stream z = {.next_in = in.ptr,
		      .avail_in = in.len < UINT32_MAX ? (uInt)in.len : UINT32_MAX};
	size_t start = out->len;
	enum err e = OK;

	if (inflateInit2(&z, window) != Z_OK)
		return E_NOMEM;
	while (e == OK)
		e = inflate_some(&z, in, out, start);
	inflateEnd(&z);
	if (used)
		*used = z.total_in;
	return e == E_END ? OK : e;
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
