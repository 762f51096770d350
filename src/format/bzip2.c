// SPDX-License-Identifier: Apache-2.0
// bzip2 streams, verified by decoding and the CRC-32 of every block.

#include "format/stream.h"

#include "base/ban.h"

static const struct magic magics[] = {
	{.at = 4, .len = 6, .bytes = "1AY&SY"} /* BCD of pi opens the first block */};

static enum err bzip2_bid(struct slice in, struct bid *out, struct fault *why)
{
	return stream_bid(codec_bzip2, in, "decoded, block and stream CRC-32", out, why);
}

static enum err bzip2_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return stream_open(codec_bzip2, in, (struct slice){0}, a, state, why);
}

const struct format format_bzip2 = {
	.name = "bzip2",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = bzip2_bid,
	.open = bzip2_open,
	.next = stream_next,
	.read = stream_read,
};
