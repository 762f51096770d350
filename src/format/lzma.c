// SPDX-License-Identifier: Apache-2.0
// LZMA-alone streams (lzma-file-format): no magic and no checksum, so their header must be
// plausible before anything is decoded, and the range coder must end empty where the header says.

#include "format/stream.h"

#include "base/ban.h"

enum {
	PROPERTIES = 225,
	SIZE_MIN = 32,        /* below this, a stream proves nothing */
	DICTIONARY_MIN = 4096 /* what encoders write at least */
};

/* Size below 2^32 or unknown; the range coder's first byte, always 0, is behind it (1.1.3, 1.2). */
static const struct magic magics[] = {
	{.at = 9, .len = 5, .bytes = "\0\0\0\0\0"},
	{.at = 5, .len = 9, .bytes = "\xff\xff\xff\xff\xff\xff\xff\xff\0"},
};

/* lzma-file-format 1.1.2: encoders write 2^n or 2^n + 2^(n-1), or all ones. */
static bool is_dictionary(uint32_t d)
{
	uint32_t rest = d & (d - 1); /* without the lowest bit set */

	if (d == UINT32_MAX)
		return true;
	return d >= DICTIONARY_MIN &&
	       (rest == 0 || ((rest & (rest - 1)) == 0 && rest >> 1 == d - rest));
}

static bool is_plausible(struct slice in)
{
	struct cursor c = {.in = in};
	uint8_t properties = cursor_u8(&c);
	uint32_t dictionary = cursor_u32le(&c);
	uint64_t size = cursor_u64le(&c);
	uint8_t first = cursor_u8(&c);
	uint32_t code = cursor_u32be(&c);

	if (c.err || properties >= PROPERTIES || !is_dictionary(dictionary))
		return false;
	if (size != UINT64_MAX && (size < SIZE_MIN || size > LIMIT_OBJECT_BYTES))
		return false;
	/* The first symbol is a literal (a match has nothing to copy), which keeps the code in the
	 * lower half of the range; padding of zeros would decode to zeros for ever. */
	return first == 0 && code != 0 && code < UINT32_C(0x80000000);
}

static enum err lzma_bid(struct slice in, struct bid *out, struct fault *why)
{
	if (!is_plausible(in))
		return fault_set(why, E_MAGIC, 0, "lzma: no plausible header");

	enum err e = stream_bid(codec_lzma, in, "decoded to the stated end", out, why);

	/* Without a magic, what does not come to its end is worth no more than its header. */
	if (e == E_SHORT && out->score)
		out->score = BID_MAGIC;
	return e;
}

static enum err lzma_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return stream_open(codec_lzma, in, (struct slice){0}, a, state, why);
}

const struct format format_lzma = {
	.name = "lzma",
	.type = ART_STREAM,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.is_costly = true,
	.bid = lzma_bid,
	.open = lzma_open,
	.next = stream_next,
	.read = stream_read,
};
