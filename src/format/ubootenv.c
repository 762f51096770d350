// SPDX-License-Identifier: Apache-2.0
// A stored U-Boot environment: CRC-32, an optional flag byte, NUL-ended settings, 00 or ff to its
// end (U-Boot include/env_internal.h). The CRC covers all behind it, so its size is found by
// trying.

#include "format/format.h"

#include <stdio.h>

#include "base/ban.h"

enum {
	CRC = 4,
	SIZE_MIN = 0x400,
	SIZE_MAX_TRIED = 0x80000,
	SETTINGS_MIN = 2,
	FIRST_MAX = 1024, /* the first setting is one of a known few, and none of those is long */
};

/* U-Boot sorts settings by name: one of these usually stands first. Behind the CRC, or CRC and
 * flag. */
#define FIRST(name)                                                                                \
	{.at = CRC, .len = sizeof(name) - 1, .bytes = (name)},                                     \
	{                                                                                          \
		.at = CRC + 1, .len = sizeof(name) - 1, .bytes = (name)                            \
	}

static const struct magic magics[] = {
	FIRST("addip="),     FIRST("addmisc="),  FIRST("arch="),     FIRST("arm_freq="),
	FIRST("baudrate="),  FIRST("board="),    FIRST("bootargs="), FIRST("bootcmd="),
	FIRST("bootdelay="), FIRST("bootfile="), FIRST("console="),  FIRST("eth1addr="),
	FIRST("ethact="),    FIRST("ethaddr="),  FIRST("filesize="), FIRST("ipaddr="),
};

/* A list of name=value, ended by an empty one: only behind that is a CRC of every size worth its
 * cost. Adds to *work what was gone through behind the first one. */
static bool has_settings(struct slice in, size_t at, uint64_t *work)
{
	struct slice rest = slice_head(slice_from(in, at), SIZE_MAX_TRIED), setting = {0};
	size_t n = 0;

	if (slice_find_byte(slice_head(rest, FIRST_MAX), '\0', 0) == SLICE_NONE)
		return false;
	while (text_field(&rest, '\0', &setting) && setting.len) {
		*work += n ? setting.len : 0;
		if (slice_find_byte(setting, '=', 0) == SLICE_NONE ||
		    !text_is_plain(setting, setting.len))
			return false;
		n++;
	}
	return n >= SETTINGS_MIN && setting.len == 0;
}

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
	uint64_t work = 0;
	bool is_list = false;

	if (le.err)
		return fault_set(why, E_SHORT, 0, "ubootenv: shorter than its CRC");
	is_list = has_settings(in, CRC, &work) || has_settings(in, CRC + 1, &work);
	out->work = work;
	if (!is_list)
		return fault_set(why, E_MAGIC, CRC, "ubootenv: no settings");
	for (size_t size = SIZE_MIN; size <= SIZE_MAX_TRIED && size <= in.len; size *= 2) {
		out->work = work += 4 * size;
		if (!agrees(in, crc_le, size) && !agrees(in, crc_be, size))
			continue;
		*out = (struct bid){.score = BID_VERIFIED, .size = size, .work = work};
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
	.bid = ubootenv_bid,
};
