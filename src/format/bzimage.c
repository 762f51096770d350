// SPDX-License-Identifier: Apache-2.0
// x86 bzImage (Documentation/arch/x86/boot.rst of Linux): a self-unpacking kernel whose setup
// header says where its payload is, closed by a CRC-32.

#include "format/kernel_payload.h"

#include <stdio.h>

#include "base/ban.h"

enum {
	AT_SETUP_SECTORS = 0x1f1,
	AT_SYSSIZE = 0x1f4, /* in paragraphs of 16 bytes */
	AT_FLAG = 0x1fe,
	AT_VERSION = 0x206,
	AT_PAYLOAD = 0x248, /* offset and length */
	FLAG = 0xaa55,
	VERSION_PAYLOAD = 0x0208, /* the protocol that has payload fields and the CRC */
	SECTOR = 512,
};

/* The CRC-32 over an image and the sum stored at its end, which is kept without inversion. */
#define CRC_RESIDUE UINT32_C(0xffffffff)

static const struct magic magics[] = {{.at = 0x202, .len = 4, .bytes = "HdrS"}};

struct setup {
	uint64_t size, payload_at, payload_size;
};

static enum err setup_read(struct slice in, struct setup *out, struct fault *why)
{
	struct cursor c = cursor_at(in, AT_SYSSIZE);
	struct setup s = {0};
	uint64_t sectors = slice_at(in, AT_SETUP_SECTORS) ? slice_at(in, AT_SETUP_SECTORS) : 4;
	uint64_t protected_at = (sectors + 1) * SECTOR;

	s.size = protected_at + (uint64_t)cursor_u32le(&c) * 16;
	c = cursor_at(in, AT_FLAG);
	uint16_t flag = cursor_u16le(&c);

	c = cursor_at(in, AT_VERSION);
	uint16_t version = cursor_u16le(&c);

	c = cursor_at(in, AT_PAYLOAD);
	s.payload_at = protected_at + cursor_u32le(&c);
	s.payload_size = cursor_u32le(&c);
	if (c.err)
		return fault_set(why, c.err, c.pos, "bzimage: header cut short");
	if (flag != FLAG || !slice_starts(slice_from(in, magics[0].at), magics[0].bytes))
		return fault_set(why, E_MAGIC, magics[0].at, "bzimage: bad magic");
	if (version < VERSION_PAYLOAD)
		return fault_set(why, E_UNSUPPORTED, AT_VERSION, "bzimage: boot protocol %u",
				 (unsigned)version);
	if (s.payload_size == 0 || s.payload_at > s.size || s.payload_size > s.size - s.payload_at)
		return fault_set(why, E_RANGE, AT_PAYLOAD, "bzimage: payload outside");
	*out = s;
	return OK;
}

static enum err bzimage_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct kernel_payload p = {0};
	struct setup s = {0};
	struct slice image = {0};
	enum err e = setup_read(in, &s, why);

	if (e)
		return e;
	image = slice_head(in, s.size);
	*out = (struct bid){.score = BID_STRUCTURE, .size = image.len, .work = image.len};
	if (image.len == s.size && checksum_crc32(image) == CRC_RESIDUE) {
		out->score = BID_VERIFIED;
		(void)snprintf(out->how, sizeof out->how, "setup header, CRC-32");
	} else if (kernel_payload_at(image, s.payload_at, &p) == OK) {
		/* A signature put into the image changes bytes that the CRC covers. */
		out->score = BID_VERIFIED;
		(void)snprintf(out->how, sizeof out->how, "setup header, %s payload decoded%s",
			       p.format->name, image.len < s.size ? "; cut short" : "");
	} else {
		(void)snprintf(out->how, sizeof out->how, "setup header%s",
			       image.len < s.size ? "; cut short" : "; CRC-32 does not agree");
	}
	out->work += p.work;
	return OK;
}

/* A stream that is known ends where it ends; otherwise the length in the header holds. */
static enum err bzimage_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct kernel_payload p = {0};
	struct setup s = {0};
	enum err e = setup_read(in, &s, why);

	if (e)
		return e;
	if (kernel_payload_at(in, s.payload_at, &p) != OK)
		p = (struct kernel_payload){.at = s.payload_at, .size = s.payload_size};
	return kernel_payload_open(in, &p, a, state, why);
}

const struct format format_bzimage = {
	.name = "bzimage",
	.type = ART_CONTAINER,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = bzimage_bid,
	.open = bzimage_open,
	.next = kernel_payload_next,
	.read = kernel_payload_read,
};
