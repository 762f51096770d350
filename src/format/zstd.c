// SPDX-License-Identifier: Apache-2.0
// Zstandard frames (RFC 8878), verified by decoding.

#include "format/stream.h"

#include "base/ban.h"

static const struct magic magics[] = {{.at = 0, .len = 4, .bytes = "\x28\xb5\x2f\xfd"}};

static enum err zstd_bid(struct slice in, struct bid *out, struct fault *why)
{
	return stream_bid(codec_zstd, in, "decoded", out, why);
}

static enum err zstd_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return stream_open(codec_zstd, in, (struct slice){0}, a, state, why);
}

const struct format format_zstd = {
	.name = "zstd",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = zstd_bid,
	.open = zstd_open,
	.next = stream_next,
	.read = stream_read,
};
