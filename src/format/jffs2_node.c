// SPDX-License-Identifier: Apache-2.0
// Nodes of a JFFS2 log (include/uapi/linux/jffs2.h): headers, directory entries, inodes, the walk.

#include "format/jffs2.h"

#include "base/ban.h"

enum {
	HEADER = 12,        /* magic, type, length, CRC of the eight bytes before */
	DIRENT_HEADER = 40, /* and its CRC is of the first 32 bytes */
	DIRENT_CHECKED = 32,
	INODE_HEADER = 68, /* and its CRC is of the first 60 bytes */
	INODE_CHECKED = 60,
	BLANK_STEP = 64,
};

static const uint8_t blank[BLANK_STEP] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

bool jffs2_order(struct slice in, enum endian *out)
{
	uint8_t first = slice_at(in, 0), second = slice_at(in, 1);

	if (first == (JFFS2_MAGIC & 0xff) && second == JFFS2_MAGIC >> 8)
		*out = LITTLE;
	else if (second == (JFFS2_MAGIC & 0xff) && first == JFFS2_MAGIC >> 8)
		*out = BIG;
	else
		return false;
	return true;
}

/* Obsolete nodes have one bit of their type cleared after the CRC was written: it is put back. */
static uint32_t header_crc(struct slice header, enum endian order)
{
	uint8_t raw[8];
	size_t high = order == LITTLE ? 3 : 2;

	for (size_t i = 0; i < sizeof raw; i++)
		raw[i] = slice_at(header, i);
	raw[high] |= JFFS2_ACCURATE >> 8;
	return checksum_crc32_raw(slice_of(raw, sizeof raw));
}

/* A header whose CRC agrees, wherever the node ends. */
static bool header_read(struct slice in, size_t at, enum endian order, struct jffs2_node *out)
{
	struct cursor c = cursor_at(in, at);
	uint16_t magic = cursor_u16(&c, order);
	uint16_t type = cursor_u16(&c, order);
	uint32_t len = cursor_u32(&c, order);
	uint32_t crc = cursor_u32(&c, order);

	if (c.err || magic != JFFS2_MAGIC || len < HEADER)
		return false;
	if (header_crc(slice_from(in, at), order) != crc)
		return false;
	*out = (struct jffs2_node){
		.at = (uint32_t)at,
		.len = len,
		.type = type | JFFS2_ACCURATE,
		.is_obsolete = !(type & JFFS2_ACCURATE),
	};
	return true;
}

bool jffs2_node_read(struct slice in, size_t at, enum endian order, struct jffs2_node *out)
{
	struct jffs2_node n;

	if (!header_read(in, at, order, &n) || n.len > in.len - at)
		return false;
	*out = n;
	return true;
}

bool jffs2_node_is_cut(struct slice in, size_t at, enum endian order)
{
	struct jffs2_node n;

	return header_read(in, at, order, &n) && n.len > in.len - at;
}

static struct slice node_bytes(struct slice in, const struct jffs2_node *n)
{
	return slice_head(slice_from(in, n->at), n->len);
}

bool jffs2_dirent_read(struct slice in, const struct jffs2_node *n, enum endian order,
		       struct jffs2_dirent *out)
{
	struct slice node = node_bytes(in, n);
	struct cursor c = cursor_at(node, HEADER);
	struct jffs2_dirent d = {.at = n->at};

	d.pino = cursor_u32(&c, order);
	d.version = cursor_u32(&c, order);
	d.ino = cursor_u32(&c, order);
	cursor_skip(&c, 4); /* time of change */
	d.name_len = cursor_u8(&c);
	d.type = cursor_u8(&c);
	cursor_skip(&c, 2);
	d.node_crc = cursor_u32(&c, order);
	d.name_crc = cursor_u32(&c, order);

	struct slice name = cursor_take(&c, d.name_len);

	if (c.err || n->type != JFFS2_DIRENT || n->is_obsolete)
		return false;
	if (checksum_crc32_raw(slice_head(node, DIRENT_CHECKED)) != d.node_crc)
		return false;
	if (checksum_crc32_raw(name) != d.name_crc)
		return false;
	*out = d;
	return true;
}

struct slice jffs2_dirent_name(struct slice in, const struct jffs2_dirent *d)
{
	return slice_head(slice_from(in, (uint64_t)d->at + DIRENT_HEADER), d->name_len);
}

bool jffs2_inode_read(struct slice in, const struct jffs2_node *n, enum endian order,
		      struct jffs2_inode *out)
{
	struct slice node = node_bytes(in, n);
	struct cursor c = cursor_at(node, HEADER);
	struct jffs2_inode i = {0};

	i.ino = cursor_u32(&c, order);
	i.version = cursor_u32(&c, order);
	i.mode = cursor_u32(&c, order);
	i.uid = cursor_u16(&c, order);
	i.gid = cursor_u16(&c, order);
	i.isize = cursor_u32(&c, order);
	cursor_skip(&c, 12); /* times of access, contents, change */
	i.offset = cursor_u32(&c, order);

	uint32_t csize = cursor_u32(&c, order);

	i.dsize = cursor_u32(&c, order);
	i.compression = cursor_u8(&c);
	cursor_skip(&c, 3); /* compression asked for, flags */
	i.data_crc = cursor_u32(&c, order);
	i.node_crc = cursor_u32(&c, order);
	i.data = cursor_take(&c, csize);
	if (c.err || n->type != JFFS2_INODE || n->is_obsolete)
		return false;
	if (checksum_crc32_raw(slice_head(node, INODE_CHECKED)) != i.node_crc)
		return false;
	*out = i;
	return true;
}

/* Erased flash reads as 0xff. Nodes start at multiples of four. */
static size_t blank_end(struct slice in, size_t pos)
{
	while (slice_eq(slice_head(slice_from(in, pos), BLANK_STEP), slice_of(blank, BLANK_STEP)))
		pos += BLANK_STEP;
	while (slice_eq(slice_head(slice_from(in, pos), 4), slice_of(blank, 4)))
		pos += 4;
	return pos;
}

bool jffs2_walk_next(struct jffs2_walk *w, struct jffs2_node *out)
{
	while (w->pos < w->in.len && w->strange <= w->strange_max) {
		if (jffs2_node_read(w->in, w->pos, w->order, out)) {
			size_t padded = ((size_t)out->len + 3) & ~(size_t)3;
			size_t left = w->in.len - w->pos;

			w->pos += padded < left ? padded : left;
			w->strange = 0;
			return true;
		}

		size_t after = blank_end(w->in, w->pos);

		w->strange += after == w->pos ? 4 : 0;
		w->pos = after == w->pos ? after + 4 : after;
	}
	return false;
}
