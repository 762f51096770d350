// SPDX-License-Identifier: Apache-2.0
// LZ4 streams (lz4_Frame_format 1.6): frames, and the legacy frames that Linux kernels come in.

#include "format/codec_lz4.h"
#include "format/stream.h"

#include "base/ban.h"

static const struct magic magics[] = {
	{.at = 0, .len = 4, .bytes = "\x02\x21\x4c\x18"},
	{.at = 0, .len = 4, .bytes = "\x04\x22\x4d\x18"},
};

static stream_codec *codec_of(struct slice in)
{
	return slice_at(in, 0) == (uint8_t)magics[0].bytes[0] ? codec_lz4_legacy : codec_lz4_frame;
}

static enum err lz4_bid(struct slice in, struct bid *out, struct fault *why)
{
	return stream_bid(codec_of(in), in, "decoded", out, why);
}

static enum err lz4_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return stream_open(codec_of(in), in, (struct slice){0}, a, state, why);
}

const struct format format_lz4 = {
	.name = "lz4",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = lz4_bid,
	.open = lz4_open,
	.next = stream_next,
	.read = stream_read,
};
