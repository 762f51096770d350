// SPDX-License-Identifier: Apache-2.0
// Update images of D-Link's NAS boxes (DNS-313 to DNS-345, after an analysis of images): offsets
// and lengths of four parts, the exclusive-or of each one's words, and the product between marks.
// The header alone is the object: its parts are whole images behind it and are found as such.

#include "format/format.h"

#include <stdio.h>

#include "base/ban.h"

enum {
	PARTS = 4,
	HEADER = 0x40,
	AT_CHECKSUMS = 0x20,
	AT_MARK = 0x30, /* 55 AA, eight bytes of product, 55 AA */
	PRODUCT_LEN = 8,
	MARK = 0xaa55,
	HASHED_RATIO = 2, /* parts that lie over each other are not added up again and again */
};

static const struct magic magics[] = {
	{.at = AT_MARK, .len = 5, .bytes = "\x55\xaa\x44NS"},     /* DNS323D1, DNS-320 */
	{.at = AT_MARK, .len = 9, .bytes = "\x55\xaa\x46rodoII"}, /* DNS-323 */
	{.at = AT_MARK, .len = 9, .bytes = "\x55\xaa\x43hopper"}, /* DNS-321 */
	{.at = AT_MARK, .len = 9, .bytes = "\x55\xaaGandolf"},    /* DNS-343 */
};

struct part {
	uint32_t at, len, checksum;
};

static enum err header_read(struct slice in, struct part parts[PARTS], struct fault *why)
{
	struct cursor c = {.in = in};
	uint16_t before = 0, behind = 0;

	for (unsigned i = 0; i < PARTS; i++) {
		parts[i].at = cursor_u32le(&c);
		parts[i].len = cursor_u32le(&c);
	}
	for (unsigned i = 0; i < PARTS; i++)
		parts[i].checksum = cursor_u32le(&c);
	before = cursor_u16le(&c);
	cursor_skip(&c, PRODUCT_LEN);
	behind = cursor_u16le(&c);
	if (c.err)
		return fault_set(why, c.err, c.pos, "dlink-nas: header cut short");
	if (before != MARK || behind != MARK)
		return fault_set(why, E_MAGIC, AT_MARK, "dlink-nas: bad marks");
	return OK;
}

/* Bytes behind the last whole word do not count. */
static uint32_t words_xor(struct slice data)
{
	struct cursor c = {.in = data};
	uint32_t sum = 0;

	while (cursor_left(&c) >= 4)
		sum ^= cursor_u32le(&c);
	return sum;
}

static enum err dlinknas_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct part parts[PARTS] = {0};
	struct slice data = {0};
	uint64_t end = in.len, summed = 0;
	unsigned agree = 0;
	enum err e = header_read(in, parts, why);

	if (e)
		return e;
	for (unsigned i = 0; i < PARTS; i++) {
		if (parts[i].len == 0)
			continue;
		summed += parts[i].len;
		if (parts[i].at < HEADER || summed > HASHED_RATIO * (uint64_t)in.len ||
		    slice_cut(in, parts[i].at, parts[i].len, &data) != OK)
			return fault_set(why, E_RANGE, 8 * i, "dlink-nas: part %u outside", i);
		out->work = summed;
		if (words_xor(data) != parts[i].checksum)
			return fault_set(why, E_CHECKSUM, AT_CHECKSUMS + 4 * i,
					 "dlink-nas: checksum of part %u", i);
		agree++;
		if (parts[i].at < end)
			end = parts[i].at;
	}
	if (agree == 0)
		return fault_set(why, E_RANGE, 0, "dlink-nas: no parts");
	*out = (struct bid){.score = BID_VERIFIED, .size = end, .work = summed};
	(void)snprintf(out->how, sizeof out->how, "marks, %u part checksums", agree);
	return OK;
}

const struct format format_dlinknas = {
	.name = "dlink-nas",
	.type = ART_CONTAINER,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = dlinknas_bid,
};
