// SPDX-License-Identifier: Apache-2.0
// Makes the checksums of a JFFS2 log agree again after mutation, so that what is behind them is
// reached. The offsets are those of include/uapi/linux/jffs2.h.

#include "fuzz.h"

#include "base/ban.h"

enum { TYPE_DIRENT = 0xe001, TYPE_INODE = 0xe002 };

struct crc_field {
	uint32_t type;
	size_t from, len; /* what it covers; len 0: what the node's own field at len_at says */
	size_t len_at, len_size;
	size_t at; /* where it stands */
};

static const struct crc_field fields[] = {
	{.type = TYPE_DIRENT, .from = 40, .len_at = 28, .len_size = 1, .at = 36},
	{.type = TYPE_DIRENT, .from = 0, .len = 32, .at = 32},
	{.type = TYPE_INODE, .from = 68, .len_at = 48, .len_size = 4, .at = 60},
	{.type = TYPE_INODE, .from = 0, .len = 60, .at = 64},
};

static uint32_t get(const uint8_t *p, size_t n, enum endian order)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[order == BIG ? i : n - 1 - i];
	return v;
}

static void put(uint8_t *p, uint32_t v, enum endian order)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * (order == BIG ? 3 - i : i));
}

static void mend_node(uint8_t *node, size_t left, enum endian order)
{
	uint32_t type = get(node + 2, 2, order);
	uint8_t head[8];

	for (size_t i = 0; i < sizeof head; i++)
		head[i] = node[i];
	head[order == LITTLE ? 3 : 2] |= 0x20;
	put(node + 8, checksum_crc32_raw(slice_of(head, sizeof head)), order);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct crc_field *f = &fields[i];
		size_t len = f->len;

		if (f->type != type || left < 68)
			continue;
		if (f->len_size)
			len = get(node + f->len_at, f->len_size, order);
		if (len <= left - f->from)
			put(node + f->at, checksum_crc32_raw(slice_of(node + f->from, len)), order);
	}
}

void mend_jffs2(uint8_t *data, size_t len)
{
	for (size_t at = 0; at + 12 <= len; at += 4) {
		if (data[at] == 0x85 && data[at + 1] == 0x19)
			mend_node(data + at, len - at, LITTLE);
		else if (data[at] == 0x19 && data[at + 1] == 0x85)
			mend_node(data + at, len - at, BIG);
	}
}
