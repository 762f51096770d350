// SPDX-License-Identifier: Apache-2.0
// The SquashFS superblock (kernel: Documentation/filesystems/squashfs.rst, squashfs_fs.h), 4.0 in
// both byte orders; of older versions only what says how long they are.

#include "format/squashfs.h"

#include "base/ban.h"

enum {
	VERSION_AT = 28, /* the same in every version */
	VERSION = 4,
	BYTES_USED_2_AT = 8,  /* 1.x, 2.x: 32 bits */
	BYTES_USED_3_AT = 63, /* 3.x: 64 bits, packed */
	BLOCK_LOG_MIN = 12,
	BLOCK_LOG_MAX = 20,
	INODE_MIN = 20 /* the smallest inode: a pipe */
};

/* Vendors change the magic and its order at will; the version's two bytes say the true one. */
static enum err version_read(struct slice in, struct squashfs_super *s)
{
	struct cursor le = cursor_at(in, VERSION_AT), be = le;
	uint16_t v_le = cursor_u16le(&le), v_be = cursor_u16be(&be);

	s->order = v_le >= 1 && v_le <= VERSION ? LITTLE : BIG;
	s->version = s->order == LITTLE ? v_le : v_be;
	if (le.err)
		return le.err;
	return s->version >= 1 && s->version <= VERSION ? OK : E_MAGIC;
}

static enum err old_read(struct slice in, struct squashfs_super *s, struct fault *why)
{
	struct cursor c = cursor_at(in, s->version < 3 ? BYTES_USED_2_AT : BYTES_USED_3_AT);

	s->bytes_used = s->version < 3 ? cursor_u32(&c, s->order) : cursor_u64(&c, s->order);
	if (c.err || s->bytes_used < c.pos || s->bytes_used > in.len)
		return fault_set(why, E_SHORT, c.pos, "squashfs: cut short");
	return fault_set(why, E_UNSUPPORTED, VERSION_AT, "squashfs: version %u is not read",
			 s->version);
}

static void fields_read(struct cursor *c, struct squashfs_super *s)
{
	enum endian o = s->order;

	cursor_skip(c, 4);
	s->inodes_n = cursor_u32(c, o);
	cursor_skip(c, 4); /* time of making */
	s->block_size = cursor_u32(c, o);
	s->fragments_n = cursor_u32(c, o);
	s->compressor = cursor_u16(c, o);
	s->block_log = cursor_u16(c, o);
	cursor_skip(c, 2); /* flags: every block says itself whether it is compressed */
	s->ids_n = cursor_u16(c, o);
	cursor_skip(c, 4); /* version */
	s->root = cursor_u64(c, o);
	s->bytes_used = cursor_u64(c, o);
	s->ids_at = cursor_u64(c, o);
	s->xattrs_at = cursor_u64(c, o);
	s->inodes_at = cursor_u64(c, o);
	s->dirs_at = cursor_u64(c, o);
	s->fragments_at = cursor_u64(c, o);
	s->exports_at = cursor_u64(c, o);
}

/* A table of pointers to the metadata blocks that hold n entries of `size` bytes. */
static bool is_index_inside(const struct squashfs_super *s, uint64_t at, uint64_t n, unsigned size)
{
	uint64_t blocks = (n * size + SQUASHFS_METADATA - 1) / SQUASHFS_METADATA;

	return at >= SQUASHFS_SUPER && at <= s->bytes_used && blocks * 8 <= s->bytes_used - at;
}

static enum err tables_check(const struct squashfs_super *s, struct fault *why)
{
	uint64_t table_bytes = s->dirs_at - s->inodes_at;

	if (s->inodes_at < SQUASHFS_SUPER || s->inodes_at >= s->dirs_at ||
	    s->dirs_at > s->bytes_used)
		return fault_set(why, E_RANGE, 64, "squashfs: inode or directory table outside");
	/* a byte cannot unpack to more than a block, nor a block hold more inodes than fit */
	if (s->inodes_n == 0 || s->inodes_n / (SQUASHFS_METADATA / INODE_MIN) > table_bytes)
		return fault_set(why, E_RANGE, 4, "squashfs: more inodes than the table can hold");
	if (s->ids_n == 0 || !is_index_inside(s, s->ids_at, s->ids_n, 4))
		return fault_set(why, E_RANGE, 48, "squashfs: id table outside");
	if (s->fragments_n && !is_index_inside(s, s->fragments_at, s->fragments_n, 16))
		return fault_set(why, E_RANGE, 80, "squashfs: fragment table outside");
	if (s->exports_at != SQUASHFS_NO_TABLE &&
	    !is_index_inside(s, s->exports_at, s->inodes_n, 8))
		return fault_set(why, E_RANGE, 88, "squashfs: export table outside");
	if (s->xattrs_at != SQUASHFS_NO_TABLE && s->xattrs_at > s->bytes_used)
		return fault_set(why, E_RANGE, 56, "squashfs: attribute table outside");
	return OK;
}

enum err squashfs_super_read(struct slice in, struct squashfs_super *out, struct fault *why)
{
	struct cursor c = {.in = in};
	enum err e = version_read(in, out);

	if (e)
		return fault_set(why, e, VERSION_AT, "squashfs: no version known");
	if (out->version < VERSION)
		return old_read(in, out, why);
	fields_read(&c, out);
	if (c.err)
		return fault_set(why, c.err, c.pos, "squashfs: superblock cut short");
	if (out->block_log < BLOCK_LOG_MIN || out->block_log > BLOCK_LOG_MAX ||
	    out->block_size != UINT32_C(1) << out->block_log)
		return fault_set(why, E_RANGE, 12, "squashfs: block size");
	if (out->bytes_used < SQUASHFS_SUPER)
		return fault_set(why, E_RANGE, 40, "squashfs: smaller than its superblock");

	/* First whether it is one, then whether all of it is there. */
	e = tables_check(out, why);
	if (e == OK && out->bytes_used > in.len)
		e = fault_set(why, E_SHORT, 40, "squashfs: cut short");
	return e;
}
