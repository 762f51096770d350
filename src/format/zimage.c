// SPDX-License-Identifier: Apache-2.0
// ARM zImage (arch/arm/boot/compressed/head.S of Linux): a self-unpacking kernel that says where it
// ends. Its payload is found by decoding it.

#include "format/kernel_payload.h"

#include <stdio.h>

#include "base/ban.h"

enum {
	MAGIC = 0x016f2818,
	AT_MAGIC = 0x24, /* then start and end address */
	HEADER = 0x30,
	WINDOW = 256 * 1024, /* the unpacker, with EFI stub, is shorter than this */
};

static const struct magic magics[] = {
	{.at = AT_MAGIC, .len = 4, .bytes = "\x18\x28\x6f\x01"},
	{.at = AT_MAGIC, .len = 4, .bytes = "\x01\x6f\x28\x18"},
};

static enum err header_read(struct slice in, uint64_t *size, struct fault *why)
{
	struct cursor c = cursor_at(in, AT_MAGIC);
	enum endian order = slice_at(in, AT_MAGIC) == (MAGIC & 0xff) ? LITTLE : BIG;
	uint32_t magic = cursor_u32(&c, order);
	uint32_t start = cursor_u32(&c, order);
	uint32_t end = cursor_u32(&c, order);

	if (c.err)
		return fault_set(why, c.err, c.pos, "zimage: header cut short");
	if (magic != MAGIC)
		return fault_set(why, E_MAGIC, AT_MAGIC, "zimage: bad magic");
	if (end <= start || end - start <= HEADER)
		return fault_set(why, E_RANGE, AT_MAGIC + 4, "zimage: ends before it starts");
	*size = end - start;
	return OK;
}

static enum err zimage_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct kernel_payload p = {0};
	struct slice image = {0};
	uint64_t size = 0;
	enum err e = header_read(in, &size, why);

	if (e)
		return e;
	image = slice_head(in, size);
	*out = (struct bid){.score = BID_MAGIC, .size = image.len, .work = WINDOW};
	if (image.len < size)
		(void)snprintf(out->how, sizeof out->how, "header; cut short");
	else if (kernel_payload_find(image, HEADER, WINDOW, &p) == OK) {
		out->score = BID_VERIFIED;
		(void)snprintf(out->how, sizeof out->how, "header, %s payload decoded",
			       p.format->name);
	} else
		(void)snprintf(out->how, sizeof out->how, "header; no payload found");
	out->work += p.work;
	return OK;
}

static enum err zimage_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct kernel_payload p = {0};

	if (kernel_payload_find(in, HEADER, WINDOW, &p) != OK)
		return fault_set(why, E_NOTFOUND, HEADER, "zimage: no payload found");
	return kernel_payload_open(in, &p, a, state, why);
}

const struct format format_zimage = {
	.name = "zimage",
	.type = ART_CONTAINER,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = zimage_bid,
	.open = zimage_open,
	.next = kernel_payload_next,
	.read = kernel_payload_read,
};
