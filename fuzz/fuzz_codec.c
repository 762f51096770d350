// SPDX-License-Identifier: Apache-2.0
// A decompressor of codec.h, as -DCODEC=codec_NAME says: bounded by its buffer and by its input.

#include "fuzz.h"

#include "format/codec.h"

#include "base/ban.h"

#define OUT_BYTES_MAX (1 * MiB)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf out;
	size_t used = 0;

	buf_init(&out, OUT_BYTES_MAX);
	FUZZ_CHECK(CODEC(slice_of(data, len), &out, &used) < E_N);
	FUZZ_CHECK(used <= len);
	FUZZ_CHECK(out.len <= OUT_BYTES_MAX);
	buf_release(&out);
	return 0;
}
