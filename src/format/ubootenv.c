// SPDX-License-Identifier: Apache-2.0
// A stored U-Boot environment: CRC-32, an optional flag byte, NUL-ended settings, 00 or ff to its
// end (U-Boot include/env_internal.h). The CRC covers all behind it, so its size is found by
// trying.

#include "format/format.h"

#include <stdio.h>

#include "base/ban.h"

enum { CRC = 4, SIZE_MIN = 0x400, SIZE_MAX_TRIED = 0x80000 };

/* U-Boot sorts settings by name: one of these usually stands first. Behind the CRC, or CRC and
 * flag. */
#define FIRST(name)                                                                                \
	{.at = CRC, .len = sizeof(name) - 1, .bytes = (name)},                                     \
	{                                                                                          \
		.at = CRC + 1, .len = sizeof(name) - 1, .bytes = (name)                            \
	}

static const struct magic magics[] = {
	FIRST("addip="),    FIRST("addmisc="),  FIRST("arch="),     FIRST("baudrate="),
	FIRST("board="),    FIRST("bootargs="), FIRST("bootcmd="),  FIRST("bootdelay="),
	FIRST("bootfile="), FIRST("console="),  FIRST("eth1addr="), FIRST("ethact="),
	FIRST("ethaddr="),  FIRST("filesize="), FIRST("ipaddr="),   FIRST("kernel"),
};

/* A plain environment of `size` bytes, or one with the flag byte of a redundant pair. */
static bool agrees(struct slice in, uint32_t crc, size_t size)
{
	struct slice whole = slice_head(in, size);

	return checksum_crc32(slice_from(whole, CRC)) == crc ||
	       checksum_crc32(slice_from(whole, CRC + 1)) == crc;
}

static enum err ubootenv_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct cursor le = {.in = in}, be = {.in = in};
	uint32_t crc_le = cursor_u32le(&le), crc_be = cursor_u32be(&be);

	if (le.err)
		return fault_set(why, E_SHORT, 0, "ubootenv: shorter than its CRC");
	for (size_t size = SIZE_MIN; size <= SIZE_MAX_TRIED && size <= in.len; size *= 2) {
		if (!agrees(in, crc_le, size) && !agrees(in, crc_be, size))
			continue;
		*out = (struct bid){.score = BID_VERIFIED, .size = size};
		(void)snprintf(out->how, sizeof out->how, "CRC-32 of %zu KiB of settings",
			       size / 1024);
		return OK;
	}
	return fault_set(why, E_CHECKSUM, 0, "ubootenv: no size makes its CRC-32 agree");
}

const struct format format_ubootenv = {
	.name = "ubootenv",
	.type = ART_BLOB,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.is_costly = true,
	.bid = ubootenv_bid,
};
