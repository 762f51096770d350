// SPDX-License-Identifier: Apache-2.0
// xz streams (xz-file-format 1.1), verified by decoding with the stream's own check.

#include "format/stream.h"

#include "base/ban.h"

static const struct magic magics[] = {{.at = 0, .len = 6, .bytes = "\xfd\x37\x7a\x58\x5a\0"}};

static enum err xz_bid(struct slice in, struct bid *out, struct fault *why)
{
	return stream_bid(codec_xz, in, "decoded, header and index CRC-32", out, why);
}

static enum err xz_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return stream_open(codec_xz, in, (struct slice){0}, a, state, why);
}

const struct format format_xz = {
	.name = "xz",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = xz_bid,
	.open = xz_open,
	.next = stream_next,
	.read = stream_read,
};
