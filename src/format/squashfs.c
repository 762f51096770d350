// SPDX-License-Identifier: Apache-2.0
// SquashFS 4.0 (squashfs.rst), little and big endian, with the compressors and magics of vendors:
// verified by unpacking its tables, by the compressor it really uses.

#include "format/squashfs.h"

#include <stdio.h>

#include "base/ban.h"

enum { VERIFY_BLOCKS = 4096 }; /* of one table; the rest of a huge one is only measured */

static const struct magic magics[] = {
	{.at = 0, .len = 4, .bytes = "hsqs"}, {.at = 0, .len = 4, .bytes = "sqsh"},
	{.at = 0, .len = 4, .bytes = "shsq"}, {.at = 0, .len = 4, .bytes = "qshs"},
	{.at = 0, .len = 4, .bytes = "hsqt"}, {.at = 0, .len = 4, .bytes = "tqsh"},
	{.at = 0, .len = 4, .bytes = "sqlz"}, {.at = 0, .len = 4, .bytes = "zlqs"},
};

static void squashfs_close(void *state)
{
	struct squashfs *fs = state;

	squashfs_slots_release(fs->metadata, SQUASHFS_METADATA_SLOTS);
	squashfs_slots_release(fs->fragments, SQUASHFS_FRAGMENT_SLOTS);
}

static enum err table_pointer(const struct squashfs *fs, uint64_t table, uint64_t *out)
{
	struct cursor c = {.in = slice_from(slice_head(fs->in, fs->super.bytes_used), table)};

	*out = cursor_u64(&c, fs->super.order);
	return c.err;
}

/* The blocks between `from` and `to` must be whole, unpack, and end at `to`. */
static enum err chain_check(struct squashfs *fs, uint64_t from, uint64_t to, size_t *budget)
{
	while (from < to) {
		const struct squashfs_slot *slot = NULL;
		enum err e = *budget ? squashfs_block(fs, from, &slot) : E_END;

		if (e == E_END)
			return OK;
		if (e)
			return e;
		--*budget;
		from = slot->next;
		if (from < to && slot->bytes.len != SQUASHFS_METADATA)
			return E_CORRUPT;
	}
	return from == to ? OK : E_RANGE;
}

/* Where the directory table ends: at the first block of the table behind it. */
static enum err dirs_end(const struct squashfs *fs, uint64_t *out)
{
	const struct squashfs_super *s = &fs->super;
	const uint64_t tables[] = {
		s->ids_at,
		s->fragments_n ? s->fragments_at : SQUASHFS_NO_TABLE,
		s->exports_at,
	};
	uint64_t end = s->bytes_used;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		uint64_t first = 0;

		if (tables[i] == SQUASHFS_NO_TABLE)
			continue;

		enum err e = table_pointer(fs, tables[i], &first);

		if (e || first < s->dirs_at || first >= tables[i])
			return e ? e : E_RANGE;
		end = first < end ? first : end;
	}
	*out = end;
	return OK;
}

static enum err tables_verify(struct squashfs *fs, struct fault *why)
{
	size_t budget = VERIFY_BLOCKS;
	uint64_t end = 0;
	uint8_t last[16] = {0};
	struct squashfs_inode root = {0};
	enum err e = dirs_end(fs, &end);

	if (e == OK)
		e = chain_check(fs, fs->super.inodes_at, fs->super.dirs_at, &budget);
	if (e)
		return fault_set(why, e, fs->super.inodes_at, "squashfs: inode table");
	budget = VERIFY_BLOCKS;
	e = chain_check(fs, fs->super.dirs_at, end, &budget);
	if (e)
		return fault_set(why, e, fs->super.dirs_at, "squashfs: directory table");
	for (uint64_t i = 0; e == OK && i < fs->super.fragments_n; i += SQUASHFS_METADATA / 16)
		e = squashfs_table(fs, fs->super.fragments_at, i, last, sizeof last);
	if (e == OK && fs->super.fragments_n)
		e = squashfs_table(fs, fs->super.fragments_at, fs->super.fragments_n - 1, last,
				   sizeof last);
	if (e)
		return fault_set(why, e, fs->super.fragments_at, "squashfs: fragment table");
	e = squashfs_inode_read(fs, fs->super.root, &root);
	if (e == OK && root.type != SQUASHFS_DIR)
		e = E_CORRUPT;
	return e ? fault_set(why, e, 32, "squashfs: root directory") : OK;
}

static enum err ids_read(struct squashfs *fs, struct fault *why)
{
	enum err e = OK;

	fs->ids = arena_array(fs->arena, fs->super.ids_n, sizeof *fs->ids);
	if (!fs->ids)
		return fault_set(why, E_NOMEM, 0, "squashfs: no room");
	for (uint16_t i = 0; e == OK && i < fs->super.ids_n; i++) {
		uint8_t raw[4] = {0};
		struct cursor c = {.in = slice_of(raw, sizeof raw)};

		e = squashfs_table(fs, fs->super.ids_at, i, raw, sizeof raw);
		fs->ids[i] = cursor_u32(&c, fs->super.order);
	}
	return e ? fault_set(why, e, fs->super.ids_at, "squashfs: id table") : OK;
}

/* What bid and open share. The caller closes *out even after an error, unless it is NULL. */
static enum err squashfs_load(struct slice in, struct arena *a, struct squashfs **out,
			      struct fault *why)
{
	struct squashfs_super s = {0};
	enum err e = squashfs_super_read(in, &s, why);

	if (e)
		return e;

	struct squashfs *fs = arena_alloc(a, sizeof *fs);

	if (!fs)
		return fault_set(why, E_NOMEM, 0, "squashfs: no room");
	*out = fs;
	fs->in = in;
	fs->arena = a;
	fs->super = s;
	fs->codec = (struct squashfs_codec){.declared = s.compressor, .dictionary = s.block_size};

	const struct squashfs_slot *first = NULL;

	/* the inode table's first block decides the compressor: its contents can be judged */
	e = squashfs_block(fs, s.inodes_at, &first);
	if (e)
		return fault_set(why, e, s.inodes_at, "squashfs: inode table");
	return ids_read(fs, why);
}

static enum err squashfs_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct squashfs_super s = {0};
	struct squashfs *fs = NULL;
	struct arena a;
	struct bid bid = {0};
	enum err e = squashfs_super_read(in, &s, why);

	/* Of the old versions not enough is read to be as sure. */
	if (e == E_SHORT && s.bytes_used > in.len)
		*out = (struct bid){.score = s.version < 4 ? BID_MAGIC : BID_STRUCTURE,
				    .size = s.bytes_used};
	if (e && e != E_UNSUPPORTED)
		return e;
	bid.size = s.bytes_used;
	if (e == E_UNSUPPORTED) {
		bid.score = BID_STRUCTURE;
		(void)snprintf(bid.how, sizeof bid.how, "header of version %u", s.version);
		*out = bid;
		return OK;
	}
	arena_init(&a, 1 * MiB);
	e = squashfs_load(in, &a, &fs, why);
	if (e == OK && fs)
		e = tables_verify(fs, why);
	if (e == OK && fs) {
		bid.score = BID_VERIFIED;
		(void)snprintf(bid.how, sizeof bid.how, "all tables unpacked, %s",
			       squashfs_codec_name(&fs->codec));
		*out = bid;
	}
	if (fs)
		squashfs_close(fs);
	arena_release(&a);
	return e;
}

static enum err squashfs_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct squashfs *fs = NULL;
	enum err e = squashfs_load(in, a, &fs, why);

	if (e == OK && fs) {
		e = squashfs_walk_start(fs);
		if (e)
			fault_set(why, e, fs->super.root, "squashfs: root directory");
	}
	if (e && fs)
		squashfs_close(fs);
	if (e == OK)
		*state = fs;
	return e;
}

static enum err squashfs_read(void *state, const struct entry *e, struct buf *out,
			      struct fault *why)
{
	struct squashfs *fs = state;
	struct squashfs_inode inode = {0};
	enum err err = squashfs_inode_read(fs, e->key, &inode);

	if (err)
		return fault_set(why, err, e->key, "squashfs: inode cannot be read");
	if (inode.type != SQUASHFS_FILE)
		return fault_set(why, E_USAGE, e->key, "squashfs: not a file");
	return squashfs_file_read(fs, &inode, out, why);
}

const struct format format_squashfs = {
	.name = "squashfs",
	.type = ART_FILESYSTEM,
	.is_tree = true,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.is_costly = true,
	.bid = squashfs_bid,
	.open = squashfs_open,
	.next = squashfs_next,
	.read = squashfs_read,
	.close = squashfs_close,
};
