// SPDX-License-Identifier: Apache-2.0
// U-Boot legacy images (include/image.h of U-Boot): a checked header, then one payload or several.

#include "format/format.h"

#include <stdio.h>
#include <string.h>

#include "base/ban.h"

enum {
	HEADER = 64,
	MAGIC = 0x27051956, /* IH_MAGIC */
	AT_HEADER_CRC = 4,
	AT_TYPE = 30,
	TYPE_MULTI = 4,  /* IH_TYPE_MULTI */
	TYPE_SCRIPT = 6, /* IH_TYPE_SCRIPT: laid out as a multi-file image of one file */
	FILES_MAX = 64,  /* one kernel, ramdisk and a few trees; far above what boots */
};

struct header {
	uint32_t size, data_crc;
	uint8_t type;
};

/* A uImage being walked: its payload, and for multi-file images where the table of sizes is. */
struct uimage {
	struct slice data;
	struct arena *arena;
	struct cursor table;
	uint64_t file_at; /* of the next file in data */
	unsigned index;
	bool has_table, is_single, is_done, is_cut;
};

static const struct magic magics[] = {{.at = 0, .len = 4, .bytes = "\x27\x05\x19\x56"}};

/* The header's CRC-32 is taken with its own field as zeros. */
static bool header_crc_agrees(struct slice header, uint32_t crc)
{
	uint8_t copy[HEADER];

	memcpy(copy, header.ptr, HEADER);
	memset(&copy[AT_HEADER_CRC], 0, sizeof crc);
	return checksum_crc32(slice_of(copy, HEADER)) == crc;
}

static enum err header_read(struct slice in, struct header *out, struct fault *why)
{
	struct cursor c = {.in = in};
	uint32_t magic = cursor_u32be(&c);
	uint32_t crc = cursor_u32be(&c);
	struct header h = {0};

	cursor_skip(&c, 4); /* ih_time */
	h.size = cursor_u32be(&c);
	cursor_skip(&c, 8); /* ih_load, ih_ep */
	h.data_crc = cursor_u32be(&c);
	h.type = slice_at(in, AT_TYPE);
	if (c.err || in.len < HEADER)
		return fault_set(why, E_SHORT, c.pos, "uimage: header cut short");
	if (magic != MAGIC)
		return fault_set(why, E_MAGIC, 0, "uimage: bad magic");
	if (!header_crc_agrees(in, crc))
		return fault_set(why, E_CHECKSUM, AT_HEADER_CRC, "uimage: header CRC-32");
	*out = h;
	return OK;
}

static enum err uimage_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct header h = {0};
	struct slice data = {0};
	const char *how = "header and data CRC-32";
	enum err e = header_read(in, &h, why);

	if (e)
		return e;
	data = slice_head(slice_from(in, HEADER), h.size);
	if (data.len < h.size)
		how = "header CRC-32; the data is cut short";
	else if (checksum_crc32(data) != h.data_crc)
		how = "header CRC-32; the data CRC-32 does not agree";
	*out = (struct bid){.score = BID_VERIFIED, .size = HEADER + (uint64_t)data.len};
	(void)snprintf(out->how, sizeof out->how, "%s", how);
	return OK;
}

/* Where the first file of a multi-file image begins: behind the sizes and the 0 that ends them. */
static enum err table_end(struct slice data, uint64_t *out)
{
	struct cursor c = {.in = data};

	for (unsigned i = 0; i <= FILES_MAX; i++) {
		uint32_t size = cursor_u32be(&c);

		if (c.err)
			return c.err;
		if (size == 0) {
			*out = c.pos;
			return OK;
		}
	}
	return E_LIMIT;
}

static enum err uimage_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct header h = {0};
	struct uimage *u = arena_alloc(a, sizeof *u);
	enum err e = header_read(in, &h, why);

	if (e)
		return e;
	if (!u)
		return fault_set(why, E_NOMEM, 0, "uimage: no room");
	u->arena = a;
	u->is_cut = in.len - HEADER < h.size;
	u->data = slice_from(in, HEADER);
	u->table = (struct cursor){.in = u->data};
	u->has_table = h.type == TYPE_MULTI || h.type == TYPE_SCRIPT;
	u->is_single = h.type != TYPE_MULTI;
	/* A table that does not end is no table: the payload is then given as one part. */
	if (u->has_table && table_end(u->data, &u->file_at) != OK) {
		u->has_table = false;
		u->is_single = true;
	}
	*state = u;
	return OK;
}

static enum err part_whole(struct uimage *u, struct entry *out)
{
	u->is_done = true;
	*out = (struct entry){.type = ENTRY_PART, .size = u->data.len};
	return OK;
}

/* The end of the parts, or of what is there of them. */
static enum err parts_end(const struct uimage *u, struct fault *why)
{
	return u->is_cut ? fault_set(why, E_SHORT, HEADER + u->data.len, "uimage: data cut short")
			 : E_END;
}

static enum err uimage_next(void *state, struct entry *out, struct fault *why)
{
	struct uimage *u = state;
	struct slice file = {0};
	uint32_t size = 0;

	if (u->is_done)
		return parts_end(u, why);
	if (!u->has_table)
		return part_whole(u, out);
	size = cursor_u32be(&u->table);
	if (size == 0 || u->table.err)
		return parts_end(u, why);
	*out = (struct entry){.type = ENTRY_PART, .size = size, .key = u->file_at};
	out->path = u->is_single ? (struct slice){0} : arena_print(u->arena, "%u", u->index);
	if (slice_cut(u->data, u->file_at, size, &file) != OK)
		out->damage = (struct fault){.code = E_SHORT,
					     .at = HEADER + u->file_at,
					     .msg = "uimage: file cut short"};
	u->file_at += ((uint64_t)size + 3) / 4 * 4; /* each file starts on a multiple of 4 */
	u->index++;
	u->is_done = u->is_single;
	return OK;
}

static enum err uimage_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct uimage *u = state;
	struct slice file = {0};

	if (slice_cut(u->data, e->key, e->size, &file) != OK)
		return fault_set(why, E_SHORT, HEADER + e->key, "uimage: file cut short");
	buf_add(out, file);
	return out->err ? fault_set(why, out->err, HEADER + e->key, "uimage: file") : OK;
}

const struct format format_uimage = {
	.name = "uimage",
	.type = ART_CONTAINER,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = uimage_bid,
	.open = uimage_open,
	.next = uimage_next,
	.read = uimage_read,
};
