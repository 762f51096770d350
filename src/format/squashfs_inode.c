// SPDX-License-Identifier: Apache-2.0
// SquashFS inodes (squashfs.rst 3.3): the basic kinds and their extended forms.

#include "format/squashfs.h"

#include "base/ban.h"

enum { INODE_HEADER = 16, INODE_BODY_MAX = 40 };

/* squashfs_fs.h: the bodies of the inode kinds. Sizes of extended kinds include the attributes. */
static void dir_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	i->start = cursor_u32(c, o);
	cursor_skip(c, 4); /* links */
	i->size = cursor_u16(c, o);
	i->offset = cursor_u16(c, o);
}

static void dir_extended_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	cursor_skip(c, 4);
	i->size = cursor_u32(c, o);
	i->start = cursor_u32(c, o);
	cursor_skip(c, 4 + 2); /* parent, entries of the index */
	i->offset = cursor_u16(c, o);
}

static void file_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	i->start = cursor_u32(c, o);
	i->fragment = cursor_u32(c, o);
	i->offset = cursor_u32(c, o);
	i->size = cursor_u32(c, o);
}

static void file_extended_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	i->start = cursor_u64(c, o);
	i->size = cursor_u64(c, o);
	cursor_skip(c, 8 + 4); /* bytes in holes, links */
	i->fragment = cursor_u32(c, o);
	i->offset = cursor_u32(c, o);
}

static void link_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	cursor_skip(c, 4);
	i->size = cursor_u32(c, o);
}

static void device_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	cursor_skip(c, 4);
	i->device = cursor_u32(c, o);
}

static void other_body(struct cursor *c, enum endian o, struct squashfs_inode *i)
{
	(void)o;
	(void)i;
	cursor_skip(c, 4);
}

static const struct {
	size_t len;
	void (*read)(struct cursor *c, enum endian o, struct squashfs_inode *i);
} bodies[] = {
	[SQUASHFS_DIR] = {16, dir_body},
	[SQUASHFS_FILE] = {16, file_body},
	[SQUASHFS_LINK] = {8, link_body},
	[SQUASHFS_BLOCK] = {8, device_body},
	[SQUASHFS_CHARACTER] = {8, device_body},
	[SQUASHFS_PIPE] = {4, other_body},
	[SQUASHFS_SOCKET] = {4, other_body},
	[SQUASHFS_EXTENDED + SQUASHFS_DIR] = {24, dir_extended_body},
	[SQUASHFS_EXTENDED + SQUASHFS_FILE] = {40, file_extended_body},
	[SQUASHFS_EXTENDED + SQUASHFS_LINK] = {8, link_body},
	[SQUASHFS_EXTENDED + SQUASHFS_BLOCK] = {12, device_body},
	[SQUASHFS_EXTENDED + SQUASHFS_CHARACTER] = {12, device_body},
	[SQUASHFS_EXTENDED + SQUASHFS_PIPE] = {8, other_body},
	[SQUASHFS_EXTENDED + SQUASHFS_SOCKET] = {8, other_body},
};

static unsigned header_read(struct slice in, enum endian o, struct squashfs_inode *i)
{
	struct cursor c = {.in = in};
	unsigned type = cursor_u16(&c, o);

	i->mode = cursor_u16(&c, o);
	i->uid = cursor_u16(&c, o);
	i->gid = cursor_u16(&c, o);
	cursor_skip(&c, 4); /* time of change */
	i->number = cursor_u32(&c, o);
	return !c.err && type < ARRAY_LEN(bodies) ? type : 0;
}

bool squashfs_is_inodes(const void *super, struct slice block)
{
	const struct squashfs_super *s = super;
	struct squashfs_inode i = {0};
	unsigned type = header_read(slice_head(block, INODE_HEADER), s->order, &i);

	return type && i.uid < s->ids_n && i.gid < s->ids_n && i.number >= 1 &&
	       i.number <= s->inodes_n;
}

enum err squashfs_inode_read(struct squashfs *fs, uint64_t ref, struct squashfs_inode *out)
{
	struct squashfs_at at = {.block = fs->super.inodes_at + (ref >> 16),
				 .offset = ref & 0xffff};
	uint8_t raw[INODE_BODY_MAX] = {0};
	struct squashfs_inode i = {.fragment = SQUASHFS_NO_FRAGMENT};
	enum err e = OK;

	if (ref >> 16 >= fs->super.dirs_at - fs->super.inodes_at)
		return E_RANGE;
	e = squashfs_metadata(fs, &at, raw, INODE_HEADER);
	if (e)
		return e;

	unsigned type = header_read(slice_of(raw, INODE_HEADER), fs->super.order, &i);

	if (type == 0)
		return E_CORRUPT;
	e = squashfs_metadata(fs, &at, raw, bodies[type].len);
	if (e)
		return e;

	struct cursor c = {.in = slice_of(raw, bodies[type].len)};

	bodies[type].read(&c, fs->super.order, &i);
	i.type = type > SQUASHFS_EXTENDED ? type - SQUASHFS_EXTENDED : type;
	i.rest = at;
	*out = i;
	return c.err;
}
