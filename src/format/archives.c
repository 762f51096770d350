// SPDX-License-Identifier: Apache-2.0
// The archive formats that are left to libarchive: 7z, ISO 9660, ar, cab, rar. Each has its own
// signature and size here.

#include "format/members.h"

#include <archive.h>
#include <stdio.h>

#include "base/ban.h"

enum {
	SEVENZIP_HEADER = 32,
	ISO_SECTOR = 2048, /* ECMA-119 6.1.2 */
	ISO_AT = 16 * ISO_SECTOR,
	CAB_AT_SIZE = 8, /* CFHEADER.cbCabinet */
};

/* 7zFormat.txt: signature, version, CRC of the start header, which tells where the end header is.
 */
static const struct magic sevenzip_magics[] = {{.len = 6, .bytes = "7z\xbc\xaf\x27\x1c"}};

static enum err sevenzip_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct cursor c = cursor_at(in, 8);
	uint32_t crc = cursor_u32le(&c);
	struct slice start = cursor_take(&c, 20);
	uint64_t at = 0, len = 0;
	uint32_t end_crc = 0;
	struct slice end = {0};

	if (c.err || !slice_starts(in, sevenzip_magics[0].bytes) || checksum_crc32(start) != crc)
		return fault_set(why, E_MAGIC, 0, "7z: no start header");
	c = (struct cursor){.in = start};
	at = cursor_u64le(&c);
	len = cursor_u64le(&c);
	end_crc = cursor_u32le(&c);
	if (slice_cut(slice_from(in, SEVENZIP_HEADER), at, len, &end) != OK)
		return fault_set(why, E_SHORT, 12, "7z: cut short");
	out->work = len;
	if (checksum_crc32(end) != end_crc)
		return fault_set(why, E_CHECKSUM, at, "7z: end header");
	*out = (struct bid){.score = BID_VERIFIED, .size = SEVENZIP_HEADER + at + len, .work = len};
	(void)snprintf(out->how, sizeof out->how, "CRC-32 of start and end header");
	return OK;
}

static enum err sevenzip_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return archive_begin(archive_read_support_format_7zip, in, a, state, why);
}

const struct format format_sevenzip = {
	.name = "7z",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.magics = sevenzip_magics,
	.magics_n = ARRAY_LEN(sevenzip_magics),
	.bid = sevenzip_bid,
	.open = sevenzip_open,
	.next = archive_next,
	.read = archive_member,
	.close = archive_end,
};

/* What the formats without checksum share: the signature, then libarchive must find a member. */
static enum err bid_by_member(archive_support *support, struct slice in, uint64_t size,
			      struct bid *out, struct fault *why)
{
	enum err e = archive_probe(support, slice_head(in, size), why);

	if (e)
		return e;
	*out = (struct bid){.score = BID_STRUCTURE, .size = size < in.len ? size : in.len};
	(void)snprintf(out->how, sizeof out->how, "signature and first member%s",
		       size > in.len ? "; cut short" : "");
	return OK;
}

/* ECMA-119 8.4: the primary volume descriptor, its size in both byte orders. */
static enum err iso9660_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct cursor c = cursor_at(in, ISO_AT);
	struct slice id = cursor_take(&c, 7);
	uint32_t blocks = 0, blocks_be = 0, block = 0, root_at = 0, root_size = 0;

	cursor_skip(&c, 73);
	blocks = cursor_u32le(&c);
	blocks_be = cursor_u32be(&c);
	cursor_skip(&c, 40);
	block = cursor_u16le(&c);
	cursor_skip(&c, 26); /* its other order, path tables; 8.4.18: the record of the root */
	cursor_skip(&c, 2);
	root_at = cursor_u32le(&c);
	cursor_skip(&c, 4);
	root_size = cursor_u32le(&c);
	if (c.err || !slice_eq(id, slice_of("\1CD001\1", 7)))
		return fault_set(why, E_MAGIC, ISO_AT, "iso9660: no volume descriptor");
	if (blocks != blocks_be || block == 0 || block % 512)
		return fault_set(why, E_CORRUPT, ISO_AT + 80, "iso9660: sizes do not agree");
	/* libarchive asks for as much memory as the root claims to be */
	if (root_at >= blocks || root_size > (uint64_t)(blocks - root_at) * block)
		return fault_set(why, E_RANGE, ISO_AT + 158, "iso9660: root outside");
	return bid_by_member(archive_read_support_format_iso9660, in, (uint64_t)blocks * block, out,
			     why);
}

static enum err iso9660_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return archive_begin(archive_read_support_format_iso9660, in, a, state, why);
}

const struct format format_iso9660 = {
	.name = "iso9660",
	.type = ART_FILESYSTEM,
	.is_tree = true,
	.bid = iso9660_bid,
	.open = iso9660_open,
	.next = archive_next,
	.read = archive_member,
	.close = archive_end,
};

static enum err ar_bid(struct slice in, struct bid *out, struct fault *why)
{
	if (!slice_starts(in, "!<arch>\n"))
		return fault_set(why, E_MAGIC, 0, "ar: bad magic");
	return bid_by_member(archive_read_support_format_ar, in, in.len, out, why);
}

static enum err ar_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return archive_begin(archive_read_support_format_ar, in, a, state, why);
}

const struct format format_ar = {
	.name = "ar",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.bid = ar_bid,
	.open = ar_open,
	.next = archive_next,
	.read = archive_member,
	.close = archive_end,
};

static enum err cab_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct cursor c = cursor_at(in, CAB_AT_SIZE);
	uint32_t size = cursor_u32le(&c);

	if (c.err || !slice_eq(slice_head(in, 8), slice_of("MSCF\0\0\0\0", 8)))
		return fault_set(why, E_MAGIC, 0, "cab: bad magic");
	return bid_by_member(archive_read_support_format_cab, in, size, out, why);
}

static enum err cab_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	return archive_begin(archive_read_support_format_cab, in, a, state, why);
}

const struct format format_cab = {
	.name = "cab",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.bid = cab_bid,
	.open = cab_open,
	.next = archive_next,
	.read = archive_member,
	.close = archive_end,
};

/* Versions 1.5 to 4 and 5 end their signature differently and have a reader each. */
static archive_support *rar_support(struct slice in)
{
	if (slice_eq(slice_head(in, 7), slice_of("Rar!\x1a\x07\x00", 7)))
		return archive_read_support_format_rar;
	if (slice_eq(slice_head(in, 8), slice_of("Rar!\x1a\x07\x01\x00", 8)))
		return archive_read_support_format_rar5;
	return NULL;
}

static enum err rar_bid(struct slice in, struct bid *out, struct fault *why)
{
	archive_support *support = rar_support(in);

	if (!support)
		return fault_set(why, E_MAGIC, 0, "rar: bad magic");
	return bid_by_member(support, in, in.len, out, why);
}

static enum err rar_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	archive_support *support = rar_support(in);

	if (!support)
		return fault_set(why, E_MAGIC, 0, "rar: bad magic");
	return archive_begin(support, in, a, state, why);
}

const struct format format_rar = {
	.name = "rar",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.bid = rar_bid,
	.open = rar_open,
	.next = archive_next,
	.read = archive_member,
	.close = archive_end,
};
