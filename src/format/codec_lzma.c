// SPDX-License-Identifier: Apache-2.0
// Raw LZMA1 by liblzma: stands in until the file with all of LZMA's wrappers replaces this one.

#include "format/codec.h"

#include <lzma.h>

#include "base/ban.h"

enum err codec_lzma_raw(struct slice in, uint8_t properties, uint32_t dictionary, uint64_t size,
			struct buf *out, size_t *used)
{
	lzma_options_lzma o = {
		.dict_size = dictionary,
		.lc = properties % 9,
		.lp = properties / 9 % 5,
		.pb = properties / 45,
	};
	lzma_filter chain[] = {
		{.id = LZMA_FILTER_LZMA1, .options = &o},
		{.id = LZMA_VLI_UNKNOWN},
	};
	lzma_stream z = LZMA_STREAM_INIT;

	if (size > out->ceiling - out->len)
		return E_LIMIT;

	uint8_t *room = buf_room(out, (size_t)size);

	if (!room)
		return out->err;
	if (lzma_raw_decoder(&z, chain) != LZMA_OK)
		return E_UNSUPPORTED;
	z.next_in = in.ptr;
	z.avail_in = in.len;
	z.next_out = room;
	z.avail_out = (size_t)size;

	lzma_ret rc = lzma_code(&z, LZMA_RUN);

	buf_grown(out, (size_t)size - z.avail_out);
	if (used)
		*used = in.len - z.avail_in;

	bool is_whole = z.avail_out == 0;

	lzma_end(&z);
	if (is_whole)
		return OK;
	return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? E_SHORT : E_CORRUPT;
}
