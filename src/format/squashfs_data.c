// SPDX-License-Identifier: Apache-2.0
// Contents of SquashFS files (squashfs.rst 3.3, 3.5): data blocks, holes, tails in fragments.

#include "format/squashfs.h"

#include <string.h>

#include "base/ban.h"

enum { FRAGMENT_ENTRY = 16 };
#define BLOCK_STORED (UINT32_C(1) << 24) /* a block's size: not compressed */

static bool is_exact(const void *want, struct slice unpacked)
{
	return unpacked.len == *(const size_t *)want;
}

/* The number of bytes that `word` says a block has in the image. */
static uint32_t block_len(uint32_t word)
{
	return word & (BLOCK_STORED - 1);
}

/* Appends one block that must have `want` bytes. */
static enum err block_append(struct squashfs *fs, uint64_t at, uint32_t word, size_t want,
			     struct buf *out)
{
	struct slice in = {0};
	size_t before = out->len;
	enum err e = slice_cut(slice_head(fs->in, fs->super.bytes_used), at, block_len(word), &in);

	if (e)
		return e;
	fs->work += in.len;
	if (in.len > fs->super.block_size) /* what does not shrink is stored */
		return E_CORRUPT;
	if (fs->work > LIMIT_REDECODE_BYTES)
		return E_LIMIT;
	if (word & BLOCK_STORED) {
		if (in.len != want)
			return E_CORRUPT;
		buf_add(out, in);
		return out->err;
	}
	e = squashfs_unpack(&fs->codec, in, want, is_exact, &want, out);
	return e == OK && out->len - before != want ? E_CORRUPT : e;
}

static enum err zeros_append(struct buf *out, size_t n)
{
	uint8_t *room = buf_room(out, n);

	if (!room)
		return out->err;
	memset(room, 0, n);
	buf_grown(out, n);
	return OK;
}

static enum err fragment_unpack(struct squashfs *fs, uint32_t word, struct squashfs_slot *slot)
{
	struct slice in = {0};
	enum err e =
		slice_cut(slice_head(fs->in, fs->super.bytes_used), slot->at, block_len(word), &in);

	if (e)
		return e;
	if (!squashfs_work(fs, fs->super.block_size))
		return E_LIMIT;
	slot->bytes.ceiling = fs->super.block_size;
	buf_clear(&slot->bytes);
	if (!(word & BLOCK_STORED))
		return squashfs_unpack(&fs->codec, in, fs->super.block_size, NULL, NULL,
				       &slot->bytes);
	buf_add(&slot->bytes, in);
	return slot->bytes.err ? E_CORRUPT : OK;
}

static enum err tail_append(struct squashfs *fs, const struct squashfs_inode *i, size_t n,
			    struct buf *out)
{
	uint8_t raw[FRAGMENT_ENTRY] = {0};
	enum err e = i->fragment < fs->super.fragments_n ? OK : E_RANGE;

	if (e == OK)
		e = squashfs_table(fs, fs->super.fragments_at, i->fragment, raw, sizeof raw);
	if (e)
		return e;

	struct cursor c = {.in = slice_of(raw, sizeof raw)};
	uint64_t at = cursor_u64(&c, fs->super.order);
	uint32_t word = cursor_u32(&c, fs->super.order);
	bool is_new = false;
	struct squashfs_slot *slot =
		squashfs_slot(fs, fs->fragments, SQUASHFS_FRAGMENT_SLOTS, at, &is_new);
	struct slice tail = {0};

	if (is_new)
		e = fragment_unpack(fs, word, slot);
	if (e)
		return e;
	slot->last_used = fs->uses;
	e = slice_cut(buf_slice(&slot->bytes), i->offset, n, &tail);
	if (e)
		return E_RANGE;
	buf_add(out, tail);
	return out->err;
}

static enum err word_next(struct squashfs *fs, struct squashfs_at *at, uint32_t *word)
{
	uint8_t raw[4] = {0};
	enum err e = squashfs_metadata(fs, at, raw, sizeof raw);
	struct cursor c = {.in = slice_of(raw, sizeof raw)};

	*word = cursor_u32(&c, fs->super.order);
	return e;
}

/* Before memory is taken: the blocks must lie in the image, the file be in proportion to it. */
static enum err blocks_check(struct squashfs *fs, const struct squashfs_inode *i, uint64_t blocks)
{
	struct squashfs_at at = i->rest;
	uint64_t stored = 0;

	for (uint64_t b = 0; b < blocks; b++) {
		uint32_t word = 0;
		enum err e = word_next(fs, &at, &word);

		if (e)
			return e;
		stored += block_len(word);
	}
	if (i->start > fs->super.bytes_used || stored > fs->super.bytes_used - i->start)
		return E_RANGE;
	/* an honest disk image is mostly holes: what counts is the whole image */
	if (i->size > LIMIT_RATIO_FLOOR && i->size / LIMIT_RATIO > fs->super.bytes_used)
		return E_LIMIT;
	return OK;
}

static enum err blocks_append(struct squashfs *fs, const struct squashfs_inode *i, uint64_t blocks,
			      struct buf *out)
{
	struct squashfs_at at = i->rest;
	uint64_t data = i->start, left = i->size;

	for (uint64_t b = 0; b < blocks; b++) {
		uint32_t word = 0;
		size_t want = left < fs->super.block_size ? (size_t)left : fs->super.block_size;
		enum err e = word_next(fs, &at, &word);

		if (e == OK)
			e = word ? block_append(fs, data, word, want, out)
				 : zeros_append(out, want);
		if (e)
			return e;
		data += block_len(word);
		left -= want;
	}
	return OK;
}

enum err squashfs_file_read(struct squashfs *fs, const struct squashfs_inode *i, struct buf *out,
			    struct fault *why)
{
	bool has_tail = i->fragment != SQUASHFS_NO_FRAGMENT;
	uint64_t blocks = i->size >> fs->super.block_log;
	size_t tail = (size_t)(i->size & (fs->super.block_size - 1));
	size_t before = out->len;
	enum err e = OK;

	if (i->size > out->ceiling - out->len)
		return fault_set(why, E_LIMIT, 0, "squashfs: file larger than the limit");
	if (tail && !has_tail)
		blocks++;
	e = blocks_check(fs, i, blocks);
	/* once and for all, so that blocks are unpacked in place */
	if (e == OK && i->size && !buf_room(out, (size_t)i->size))
		e = out->err;
	if (e == OK)
		e = blocks_append(fs, i, blocks, out);
	if (e == OK && tail && has_tail)
		e = tail_append(fs, i, tail, out);
	if (e == OK)
		return OK;
	out->len = before;
	return fault_set(why, e, i->start, "squashfs: a block of the file cannot be read");
}
