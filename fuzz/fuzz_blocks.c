// SPDX-License-Identifier: Apache-2.0
// Decompressors that are told what their stream does not say: the first byte picks one, the next
// ones are what it is told.

#include "fuzz.h"

#include "format/codec.h"

#include "base/ban.h"

#define OUT_BYTES_MAX (1 * MiB)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct cursor c = {.in = slice_of(data, len)};
	uint8_t which = cursor_u8(&c), properties = cursor_u8(&c);
	uint32_t told = cursor_u32le(&c);
	struct slice rest = slice_from(c.in, c.err ? len : c.pos);
	struct buf out;
	size_t used = 0;
	enum err e = OK;

	buf_init(&out, OUT_BYTES_MAX);
	if (which & 1)
		e = codec_lz4_block(rest, told % OUT_BYTES_MAX, &out);
	else
		e = codec_lzma_raw(rest, properties, 1U << (told % 24),
				   which & 2 ? UINT64_MAX : told % OUT_BYTES_MAX, &out, &used);
	FUZZ_CHECK(e < E_N && used <= rest.len && out.len <= OUT_BYTES_MAX);
	buf_release(&out);
	return 0;
}
