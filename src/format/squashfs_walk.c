// SPDX-License-Identifier: Apache-2.0
// The walk through a SquashFS tree (squashfs.rst 3.4): depth first, in directory order.

#include "format/squashfs.h"

#include "base/ban.h"

enum {
	LISTING_DOTS = 3, /* a directory's size counts 3 bytes for "." and ".." */
	RUN_HEADER = 12,  /* of up to 256 entries */
	RUN_MAX = 256,
	NAME_HEADER = 8
};

struct squashfs_frame {
	struct slice path;     /* of the directory; empty for the root */
	struct squashfs_at at; /* in its listing */
	uint64_t left;         /* bytes of the listing */
	uint32_t run_left;     /* entries behind the current header */
	uint64_t run_start;    /* block of their inodes */
};

/* Each directory is walked once: a circle, or one listed twice, is refused. */
static bool visit(struct squashfs *fs, const struct squashfs_inode *i)
{
	if (i->number == 0 || i->number > fs->super.inodes_n)
		return false;

	uint8_t *byte = &fs->visited[i->number / 8], bit = (uint8_t)(1u << i->number % 8);
	bool is_new = !(*byte & bit);

	*byte |= bit;
	return is_new;
}

static enum err push(struct squashfs *fs, const struct squashfs_inode *i, struct slice path)
{
	if (fs->depth == LIMIT_DIR_DEPTH)
		return E_LIMIT;
	if (!visit(fs, i))
		return E_CORRUPT;
	fs->frames[fs->depth++] = (struct squashfs_frame){
		.path = path,
		.at = {.block = fs->super.dirs_at + i->start, .offset = i->offset},
		.left = i->size > LISTING_DOTS ? i->size - LISTING_DOTS : 0,
	};
	return OK;
}

struct listed {
	uint64_t inode;
	unsigned type;
	uint8_t name[RUN_MAX];
	size_t name_len;
};

static enum err run_begin(struct squashfs *fs, struct squashfs_frame *f)
{
	uint8_t raw[RUN_HEADER] = {0};
	struct cursor c = {.in = slice_of(raw, sizeof raw)};
	enum err e =
		f->left >= RUN_HEADER ? squashfs_metadata(fs, &f->at, raw, sizeof raw) : E_CORRUPT;

	if (e)
		return e;
	f->left -= RUN_HEADER;
	f->run_left = cursor_u32(&c, fs->super.order);
	f->run_start = cursor_u32(&c, fs->super.order);
	if (f->run_left >= RUN_MAX)
		return E_RANGE;
	f->run_left++; /* stored less one */
	return OK;
}

/* squashfs.rst 3.4. The next name of a listing that has bytes left. */
static enum err listed_next(struct squashfs *fs, struct squashfs_frame *f, struct listed *out)
{
	uint8_t raw[NAME_HEADER] = {0};
	struct cursor c = {.in = slice_of(raw, sizeof raw)};
	enum err e = f->run_left ? OK : run_begin(fs, f);

	if (e == OK)
		e = f->left >= NAME_HEADER ? squashfs_metadata(fs, &f->at, raw, sizeof raw)
					   : E_CORRUPT;
	if (e)
		return e;

	uint16_t offset = cursor_u16(&c, fs->super.order);

	cursor_skip(&c, 2); /* the inode's number, which it says itself */
	out->type = cursor_u16(&c, fs->super.order);
	out->name_len = (size_t)cursor_u16(&c, fs->super.order) + 1;
	out->inode = f->run_start << 16 | offset;
	f->left -= NAME_HEADER;
	if (out->name_len > RUN_MAX || out->name_len > f->left)
		return E_RANGE;
	f->left -= out->name_len;
	f->run_left--;
	return squashfs_metadata(fs, &f->at, out->name, out->name_len);
}

static const enum entry_type entry_types[] = {
	[SQUASHFS_DIR] = ENTRY_DIR,          [SQUASHFS_FILE] = ENTRY_FILE,
	[SQUASHFS_LINK] = ENTRY_LINK,        [SQUASHFS_BLOCK] = ENTRY_DEVICE,
	[SQUASHFS_CHARACTER] = ENTRY_DEVICE, [SQUASHFS_PIPE] = ENTRY_PIPE,
	[SQUASHFS_SOCKET] = ENTRY_SOCKET,
};

static enum entry_type entry_type_of(unsigned type)
{
	return type > 0 && type < ARRAY_LEN(entry_types) ? entry_types[type] : ENTRY_FILE;
}

static enum err link_read(struct squashfs *fs, const struct squashfs_inode *i, struct slice *out)
{
	struct squashfs_at at = i->rest;
	uint8_t *text =
		i->size <= LIMIT_PATH_BYTES ? arena_alloc(fs->arena, (size_t)i->size + 1) : NULL;

	if (!text)
		return i->size <= LIMIT_PATH_BYTES ? E_NOMEM : E_LIMIT;
	*out = slice_of(text, (size_t)i->size);
	return squashfs_metadata(fs, &at, text, (size_t)i->size);
}

static void inode_to_entry(const struct squashfs *fs, const struct squashfs_inode *i,
			   struct entry *e)
{
	e->type = entry_type_of(i->type);
	e->mode = i->mode & 07777;
	e->uid = i->uid < fs->super.ids_n ? fs->ids[i->uid] : UINT32_MAX;
	e->gid = i->gid < fs->super.ids_n ? fs->ids[i->gid] : UINT32_MAX;
	e->size = e->type == ENTRY_FILE ? i->size : 0;
	e->is_block = i->type == SQUASHFS_BLOCK;
	/* the kernel's 32-bit device numbers: 12 bits major, 20 minor, in three pieces */
	e->major = i->device >> 8 & 0xfff;
	e->minor = (i->device & 0xff) | (i->device >> 12 & 0xfff00);
}

static bool is_name(struct slice name)
{
	return slice_find_byte(name, '/', 0) == SLICE_NONE &&
	       slice_find_byte(name, 0, 0) == SLICE_NONE;
}

static enum err entry_fill(struct squashfs *fs, const struct listed *l, struct entry *out)
{
	struct squashfs_inode inode = {0};
	enum err e = squashfs_inode_read(fs, l->inode, &inode);

	if (e)
		return e;
	inode_to_entry(fs, &inode, out);
	if (!is_name(slice_of(l->name, l->name_len)))
		return E_CORRUPT;
	if (inode.type == SQUASHFS_LINK)
		return link_read(fs, &inode, &out->link);
	return inode.type == SQUASHFS_DIR ? push(fs, &inode, out->path) : OK;
}

/* A path that would be too long is clipped to its folder. */
static enum err path_join(struct arena *a, struct slice folder, const struct listed *l,
			  struct slice *out)
{
	size_t n = l->name_len;

	*out = folder;
	if (folder.len + 1 + n > LIMIT_PATH_BYTES)
		return E_LIMIT;
	*out = arena_print(a, "%.*s/%.*s", (int)folder.len, (const char *)folder.ptr, (int)n,
			   (const char *)l->name);
	return out->len ? OK : E_NOMEM;
}

enum err squashfs_next(void *state, struct entry *out, struct fault *why)
{
	struct squashfs *fs = state;
	struct listed l = {0};

	*out = (struct entry){.type = ENTRY_DIR};
	while (fs->depth && !fs->frames[fs->depth - 1].left)
		fs->depth--;
	if (!fs->depth)
		return E_END;
	if (fs->entries++ >= LIMIT_ENTRIES)
		return fault_set(why, E_LIMIT, 0, "squashfs: too many entries");

	struct squashfs_frame *f = &fs->frames[fs->depth - 1];
	enum err e = listed_next(fs, f, &l);

	if (e) { /* the rest of this directory is lost, not that of the tree */
		out->path = f->path.len ? f->path : slice_text("/");
		fault_set(&out->damage, e, f->at.block, "squashfs: listing cannot be read");
		fs->depth--;
		return OK;
	}
	out->type = entry_type_of(l.type);
	out->key = l.inode;
	e = path_join(fs->arena, f->path, &l, &out->path);
	if (e == E_NOMEM)
		return fault_set(why, e, f->at.block, "squashfs: no room for paths");
	if (e == OK)
		e = entry_fill(fs, &l, out);
	if (e)
		fault_set(&out->damage, e, l.inode, "squashfs: inode cannot be read");
	return OK;
}

enum err squashfs_walk_start(struct squashfs *fs)
{
	struct squashfs_inode root = {0};
	enum err e = squashfs_inode_read(fs, fs->super.root, &root);

	if (e)
		return e;
	fs->visited = arena_array(fs->arena, (size_t)fs->super.inodes_n / 8 + 1, 1);
	fs->frames = arena_array(fs->arena, LIMIT_DIR_DEPTH, sizeof *fs->frames);
	if (!fs->visited || !fs->frames)
		return E_NOMEM;
	return root.type == SQUASHFS_DIR ? push(fs, &root, (struct slice){0}) : E_CORRUPT;
}
