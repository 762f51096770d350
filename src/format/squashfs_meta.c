// SPDX-License-Identifier: Apache-2.0
// SquashFS metadata (squashfs.rst 3.1-3.6): blocks of 8 KiB behind a small cache, and tables.

#include "format/squashfs.h"

#include <string.h>

#include "base/ban.h"

enum {
	STORED = 0x8000,       /* metadata header: not compressed */
	WORK_LEAST = 64 * 1024 /* what unpacking one block costs at least, in bytes of work */
};

bool squashfs_work(struct squashfs *fs, size_t bytes)
{
	fs->work += bytes > WORK_LEAST ? bytes : WORK_LEAST;
	return fs->work <= LIMIT_REDECODE_BYTES;
}

struct squashfs_slot *squashfs_slot(struct squashfs *fs, struct squashfs_slot *slots, size_t n,
				    uint64_t at, bool *is_new)
{
	struct squashfs_slot *oldest = slots;

	fs->uses++;
	*is_new = false;
	for (size_t i = 0; i < n; i++) {
		if (slots[i].last_used && slots[i].at == at) {
			slots[i].last_used = fs->uses;
			return &slots[i];
		}
		if (slots[i].last_used < oldest->last_used)
			oldest = &slots[i];
	}
	*is_new = true;
	oldest->at = at;
	oldest->last_used = 0; /* not there until it was filled */
	return oldest;
}

void squashfs_slots_release(struct squashfs_slot *slots, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_release(&slots[i].bytes);
}

static enum err block_unpack(struct squashfs *fs, struct squashfs_slot *slot)
{
	struct slice used = slice_head(fs->in, fs->super.bytes_used), body = {0};
	struct cursor c = {.in = slice_from(used, slot->at)};
	uint16_t header = cursor_u16(&c, fs->super.order);
	size_t len = header & (STORED - 1);
	bool is_first = slot->at == fs->super.inodes_at;

	body = cursor_take(&c, len);
	if (c.err)
		return c.err;
	if (len == 0 || len > SQUASHFS_METADATA)
		return E_CORRUPT;
	if (!squashfs_work(fs, SQUASHFS_METADATA))
		return E_LIMIT;
	slot->next = slot->at + c.pos;
	slot->bytes.ceiling = SQUASHFS_METADATA;
	buf_clear(&slot->bytes);
	if (header & STORED) {
		buf_add(&slot->bytes, body);
		return slot->bytes.err;
	}
	return squashfs_unpack(&fs->codec, body, SQUASHFS_METADATA,
			       is_first ? squashfs_is_inodes : NULL, &fs->super, &slot->bytes);
}

enum err squashfs_block(struct squashfs *fs, uint64_t at, const struct squashfs_slot **out)
{
	bool is_new = false;
	struct squashfs_slot *slot =
		squashfs_slot(fs, fs->metadata, SQUASHFS_METADATA_SLOTS, at, &is_new);

	if (is_new) {
		enum err e = block_unpack(fs, slot);

		if (e)
			return e;
		slot->last_used = fs->uses;
	}
	*out = slot;
	return OK;
}

enum err squashfs_metadata(struct squashfs *fs, struct squashfs_at *at, uint8_t *out, size_t n)
{
	while (n > 0) {
		const struct squashfs_slot *slot = NULL;
		enum err e = squashfs_block(fs, at->block, &slot);

		if (e)
			return e;
		if (at->offset > slot->bytes.len)
			return E_RANGE;

		struct slice there = slice_head(slice_from(buf_slice(&slot->bytes), at->offset), n);

		if (there.len)
			memcpy(out, there.ptr, there.len);
		out += there.len;
		n -= there.len;
		at->offset += there.len;
		if (n > 0)
			*at = (struct squashfs_at){.block = slot->next};
	}
	return OK;
}

enum err squashfs_table(struct squashfs *fs, uint64_t table, uint64_t index, uint8_t *out,
			size_t size)
{
	uint64_t byte = index * size;
	struct slice pointer = {0};
	enum err e = slice_cut(slice_head(fs->in, fs->super.bytes_used),
			       table + byte / SQUASHFS_METADATA * 8, 8, &pointer);
	struct cursor c = {.in = pointer};
	struct squashfs_at at = {.offset = byte % SQUASHFS_METADATA};

	at.block = cursor_u64(&c, fs->super.order);
	return e ? e : squashfs_metadata(fs, &at, out, size);
}
