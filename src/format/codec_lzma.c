// SPDX-License-Identifier: Apache-2.0
// LZMA in its wrappers: .xz (xz-file-format 1.1), .lzma (lzma-file-format), raw LZMA1. By liblzma.

#include "format/codec_pump.h"
#include "format/lzma_wide.h"

#include <lzma.h>

#include "base/ban.h"

enum {
	ALONE_HEADER = 13,    /* properties, dictionary, size */
	PROPERTIES = 225,     /* 9 literal context bits * 5 position bits * 5 */
	DICTIONARY_MIN = 4096 /* lzma-file-format 1.1.2: smaller ones are used as this */
};

static enum err lzma_err(lzma_ret rc)
{
	switch (rc) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return OK;
	case LZMA_STREAM_END:
		return E_END;
	case LZMA_MEM_ERROR:
		return E_NOMEM;
	case LZMA_MEMLIMIT_ERROR:
		return E_LIMIT;
	case LZMA_OPTIONS_ERROR:
		return E_UNSUPPORTED;
	case LZMA_FORMAT_ERROR:
		return E_MAGIC;
	default:
		return E_CORRUPT;
	}
}

static enum err lzma_step(void *decoder, struct pump *p)
{
	lzma_stream *z = decoder;

	z->next_in = p->in.ptr;
	z->avail_in = p->in.len;
	z->next_out = p->room;
	z->avail_out = p->room_len;

	lzma_ret rc = lzma_code(z, LZMA_RUN);

	p->took = p->in.len - z->avail_in;
	p->made = p->room_len - z->avail_out;
	return lzma_err(rc);
}

enum err codec_xz(struct slice in, struct buf *out, size_t *used)
{
	lzma_stream z = LZMA_STREAM_INIT;
	enum err e = lzma_err(lzma_stream_decoder(&z, LIMIT_CODEC_MEMORY, 0));

	if (e == OK)
		e = pump_run(lzma_step, &z, in, out, used);
	lzma_end(&z);
	return e;
}

/* What lies further back than the output can ever reach needs no memory. */
static uint32_t useful_dictionary(uint32_t asked, uint64_t size, const struct buf *out)
{
	uint64_t most = out->ceiling - out->len;

	most = size < most ? size : most;
	most = most < DICTIONARY_MIN ? DICTIONARY_MIN : most;
	return asked < most ? asked : (uint32_t)most;
}

enum err codec_lzma_raw(struct slice in, uint8_t properties, uint32_t dictionary, uint64_t size,
			struct buf *out, size_t *used)
{
	lzma_options_lzma o = {
		.dict_size = useful_dictionary(dictionary, size, out),
		.lc = properties % 9,
		.lp = properties / 9 % 5,
		.pb = properties / 45,
		.ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM,
		.ext_size_low = (uint32_t)size,
		.ext_size_high = (uint32_t)(size >> 32),
	};
	lzma_filter chain[] = {
		{.id = LZMA_FILTER_LZMA1EXT, .options = &o},
		{.id = LZMA_VLI_UNKNOWN},
	};
	lzma_stream z = LZMA_STREAM_INIT;

	if (properties >= PROPERTIES)
		return E_RANGE;
	if (size != UINT64_MAX && size > out->ceiling - out->len)
		return E_LIMIT;
	if (o.lc + o.lp > LZMA_LCLP_MAX)
		return lzma_wide(in, properties, size, out, used);

	enum err e = lzma_err(lzma_raw_decoder(&z, chain));

	if (e == OK)
		e = pump_run(lzma_step, &z, in, out, used);
	lzma_end(&z);
	return e;
}

enum err codec_lzma(struct slice in, struct buf *out, size_t *used)
{
	struct cursor c = {.in = in};
	uint8_t properties = cursor_u8(&c);
	uint32_t dictionary = cursor_u32le(&c);
	uint64_t size = cursor_u64le(&c);
	size_t taken = 0;

	if (c.err)
		return c.err;

	enum err e = codec_lzma_raw(slice_from(in, ALONE_HEADER), properties, dictionary, size, out,
				    &taken);

	if (used)
		*used = ALONE_HEADER + taken;
	return e;
}
