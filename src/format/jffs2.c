// SPDX-License-Identifier: Apache-2.0
// JFFS2, both byte orders (include/uapi/linux/jffs2.h): bid, and the tree its newest nodes make.

#include "format/jffs2.h"

#include <stdio.h>
#include <string.h>

#include "base/ban.h"

/* File types in st_mode, and as directory entries name them (DT_*: the same shifted). */
enum {
	MODE_TYPE = 0170000,
	MODE_PIPE = 0010000,
	MODE_CHAR = 0020000,
	MODE_DIR = 0040000,
	MODE_BLOCK = 0060000,
	MODE_FILE = 0100000,
	MODE_LINK = 0120000,
	MODE_SOCKET = 0140000,
	MODE_RIGHTS = 07777,
	DT_SHIFT = 12,
};

static const struct magic magics[] = {
	{.at = 0, .len = 2, .bytes = "\x85\x19"},
	{.at = 0, .len = 2, .bytes = "\x19\x85"},
};

static const struct {
	uint32_t mode;
	enum entry_type type;
} types[] = {
	{MODE_FILE, ENTRY_FILE},     {MODE_DIR, ENTRY_DIR},      {MODE_LINK, ENTRY_LINK},
	{MODE_CHAR, ENTRY_DEVICE},   {MODE_BLOCK, ENTRY_DEVICE}, {MODE_PIPE, ENTRY_PIPE},
	{MODE_SOCKET, ENTRY_SOCKET},
};

/* A directory being listed. */
struct level {
	size_t at, end; /* in fs.dirents */
	struct slice path;
};

struct tree {
	struct jffs2_fs fs;
	struct level levels[LIMIT_DIR_DEPTH];
	size_t depth;
	size_t stray; /* next dirent to look at for ones that no directory led to */
	size_t entries_n;
};

static enum err jffs2_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct jffs2_extent x = {0};
	unsigned score = BID_NONE;
	enum err e = jffs2_extent_read(in, &x, &score, why);

	if (e)
		return e;
	*out = (struct bid){.score = score, .size = x.size};
	(void)snprintf(out->how, sizeof out->how, "CRC-32 of %zu log nodes", x.nodes_n);
	return OK;
}

static void tree_enter(struct tree *t, uint32_t ino, struct slice path)
{
	struct level *l = &t->levels[t->depth];

	l->at = jffs2_children(&t->fs, ino, &l->end);
	l->path = path;
	t->depth++;
}

static enum err jffs2_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct tree *t = arena_alloc(a, sizeof *t);

	if (!t)
		return fault_set(why, E_NOMEM, 0, "jffs2: no room");
	t->fs = (struct jffs2_fs){.in = in, .arena = a, .work = LIMIT_TASK_BYTES};
	if (in.len > UINT32_MAX || !jffs2_order(in, &t->fs.order))
		return fault_set(why, E_MAGIC, 0, "jffs2: no node");

	enum err e = jffs2_scan(&t->fs, why);

	if (e)
		return e;
	tree_enter(t, JFFS2_ROOT, slice_text(""));
	*state = t;
	return OK;
}

static struct slice path_join(struct arena *a, struct slice folder, struct slice name)
{
	uint8_t *p = arena_alloc(a, folder.len + name.len + 2);

	if (!p)
		return (struct slice){0};
	if (folder.len)
		memcpy(p, folder.ptr, folder.len);
	p[folder.len] = '/';
	if (name.len)
		memcpy(p + folder.len + 1, name.ptr, name.len);
	return slice_of(p, folder.len + 1 + name.len);
}

static enum entry_type type_of(uint32_t mode)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].mode == (mode & MODE_TYPE))
			return types[i].type;
	return ENTRY_N;
}

/* Two bytes: major and minor in one each. Four: twelve bits of major between the minor's. */
static enum err device_read(struct slice data, enum endian order, struct entry *out)
{
	struct cursor c = {.in = data};

	if (data.len == 2) {
		uint16_t old = cursor_u16(&c, order);

		out->major = old >> 8;
		out->minor = old & 0xff;
		return OK;
	}

	uint32_t id = cursor_u32(&c, order);

	if (c.err || data.len != 4)
		return E_CORRUPT;
	out->major = id >> 8 & 0xfff;
	out->minor = (id & 0xff) | (id >> 12 & 0xfff00);
	return OK;
}

/* What links and devices keep in place of contents. */
static enum err special_read(struct tree *t, uint32_t ino, struct entry *out, struct fault *why)
{
	struct buf data;

	buf_init(&data, LIMIT_PATH_BYTES);

	enum err e = jffs2_latest_data(&t->fs, ino, &data, why);

	if (e == OK && out->type == ENTRY_LINK)
		e = arena_copy(t->fs.arena, buf_slice(&data), &out->link);
	else if (e == OK)
		e = device_read(buf_slice(&data), t->fs.order, out);
	buf_release(&data);
	return e;
}

static void entry_damage(struct entry *e, enum err code, uint64_t at, const char *words)
{
	if (e->damage.code == OK)
		(void)fault_set(&e->damage, code, at, "jffs2: %s", words);
}

static void entry_fill(struct tree *t, const struct jffs2_dirent *d, struct entry *out)
{
	struct jffs2_inode i = {.mode = (uint32_t)d->type << DT_SHIFT};
	struct fault why = {0};

	out->key = d->ino;
	if (!jffs2_latest(&t->fs, d->ino, &i))
		entry_damage(out, E_CORRUPT, d->at, "an entry whose inode has no node");
	out->type = type_of(i.mode);
	out->mode = i.mode & MODE_RIGHTS;
	out->uid = i.uid;
	out->gid = i.gid;
	out->is_block = (i.mode & MODE_TYPE) == MODE_BLOCK;
	if (out->type == ENTRY_N) {
		out->type = ENTRY_FILE;
		entry_damage(out, E_RANGE, d->at, "an inode of no known type");
	}
	if (out->damage.code)
		return;
	if (out->type == ENTRY_FILE)
		out->size = i.isize;
	if (out->type != ENTRY_LINK && out->type != ENTRY_DEVICE)
		return;

	enum err e = special_read(t, d->ino, out, &why);

	if (e)
		out->damage = why.code ? why : (struct fault){.code = e, .at = d->at};
}

static bool is_listed(const struct tree *t, uint32_t ino)
{
	size_t end = 0;
	size_t start = jffs2_children(&t->fs, ino, &end);

	return start < end && t->fs.dirents[start].is_listed;
}

/* A directory that two names lead to would be walked twice, or for ever. */
static void tree_descend(struct tree *t, struct entry *out)
{
	uint32_t ino = (uint32_t)out->key;

	if (is_listed(t, ino))
		entry_damage(out, E_CORRUPT, 0, "a directory that has another name already");
	else if (t->depth == LIMIT_DIR_DEPTH)
		entry_damage(out, E_LIMIT, 0, "directories too deep");
	else if (out->path.len > LIMIT_PATH_BYTES)
		entry_damage(out, E_LIMIT, 0, "a path too long");
	else
		tree_enter(t, ino, out->path);
}

static enum err tree_entry(struct tree *t, size_t at, struct slice folder, struct entry *out,
			   struct fault *why)
{
	struct jffs2_dirent *d = &t->fs.dirents[at];
	struct entry e = {
		.path = path_join(t->fs.arena, folder, jffs2_dirent_name(t->fs.in, d)),
	};

	if (t->entries_n++ >= LIMIT_ENTRIES)
		return fault_set(why, E_LIMIT, d->at, "jffs2: too many entries");
	if (!e.path.ptr)
		return fault_set(why, E_NOMEM, d->at, "jffs2: path");
	d->is_listed = true;
	if (d->name_len == 0)
		entry_damage(&e, E_RANGE, d->at, "an entry without a name");
	entry_fill(t, d, &e);
	*out = e;
	return OK;
}

/* Entries whose directory is gone, or that only lead to each other: kept apart under "/#inode". */
static enum err tree_stray(struct tree *t, struct entry *out, struct fault *why)
{
	while (t->stray < t->fs.dirents_n && t->fs.dirents[t->stray].is_listed)
		t->stray++;
	if (t->stray == t->fs.dirents_n)
		return jffs2_node_is_cut(t->fs.in, t->fs.end, t->fs.order)
			       ? fault_set(why, E_SHORT, t->fs.end,
					   "jffs2: the last node is cut short")
			       : E_END;

	struct jffs2_dirent *d = &t->fs.dirents[t->stray];
	struct slice folder = arena_print(t->fs.arena, "/#%u", d->pino);
	enum err e = tree_entry(t, t->stray, folder, out, why);

	if (e == OK)
		entry_damage(out, E_CORRUPT, d->at, "an entry that no directory leads to");
	return e;
}

static enum err jffs2_next(void *state, struct entry *out, struct fault *why)
{
	struct tree *t = state;

	while (t->depth && t->levels[t->depth - 1].at == t->levels[t->depth - 1].end)
		t->depth--;
	if (t->depth == 0)
		return tree_stray(t, out, why);

	struct level *l = &t->levels[t->depth - 1];
	enum err e = tree_entry(t, l->at++, l->path, out, why);

	if (e == OK && out->type == ENTRY_DIR)
		tree_descend(t, out);
	return e;
}

static enum err jffs2_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	struct tree *t = state;

	if (e->type != ENTRY_FILE || e->key == 0 || e->key > UINT32_MAX)
		return fault_set(why, E_USAGE, 0, "jffs2: only files have contents");
	return jffs2_contents(&t->fs, (uint32_t)e->key, out, why);
}

const struct format format_jffs2 = {
	.name = "jffs2",
	.type = ART_FILESYSTEM,
	.is_tree = true,
	.is_rewritable = true,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = jffs2_bid,
	.open = jffs2_open,
	.next = jffs2_next,
	.read = jffs2_read,
};
