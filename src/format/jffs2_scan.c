// SPDX-License-Identifier: Apache-2.0
// The index of a JFFS2 log: the newest entry of each name, and the nodes of each inode.

#include "format/jffs2.h"

#include "base/ban.h"

static int cmp_u32(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* First difference that is one. */
static int cmp_first(int a, int b, int c)
{
	if (a)
		return a;
	return b ? b : c;
}

static int place_order(const void *a, const void *b, const void *context)
{
	const struct jffs2_place *x = a, *y = b;

	(void)context;
	return cmp_first(cmp_u32(x->ino, y->ino), cmp_u32(x->version, y->version),
			 cmp_u32(x->at, y->at));
}

static int name_order(struct slice in, const struct jffs2_dirent *x, const struct jffs2_dirent *y)
{
	if (x->pino != y->pino)
		return cmp_u32(x->pino, y->pino);
	return slice_cmp(jffs2_dirent_name(in, x), jffs2_dirent_name(in, y));
}

/* By directory and name, the newest first. */
static int dirent_order(const void *a, const void *b, const void *context)
{
	const struct jffs2_dirent *x = a, *y = b;
	const struct jffs2_fs *fs = context;

	return cmp_first(name_order(fs->in, x, y), cmp_u32(y->version, x->version),
			 cmp_u32(y->at, x->at));
}

static struct jffs2_walk walk_start(const struct jffs2_fs *fs)
{
	return (struct jffs2_walk){.in = fs->in, .order = fs->order, .strange_max = fs->in.len};
}

static enum err scan_count(struct jffs2_fs *fs, struct fault *why)
{
	struct jffs2_walk w = walk_start(fs);
	struct jffs2_node n;
	size_t dirents = 0, places = 0;

	while (jffs2_walk_next(&w, &n)) {
		dirents += n.type == JFFS2_DIRENT && !n.is_obsolete;
		places += n.type == JFFS2_INODE && !n.is_obsolete;
	}
	if (dirents > LIMIT_NODES || places > LIMIT_NODES)
		return fault_set(why, E_LIMIT, 0, "jffs2: too many nodes");
	fs->dirents = arena_array(fs->arena, dirents ? dirents : 1, sizeof *fs->dirents);
	fs->places = arena_array(fs->arena, places ? places : 1, sizeof *fs->places);
	if (!fs->dirents || !fs->places)
		return fault_set(why, E_NOMEM, 0, "jffs2: index");
	return OK;
}

static void scan_fill(struct jffs2_fs *fs)
{
	struct jffs2_walk w = walk_start(fs);
	struct jffs2_node n;
	struct jffs2_inode i;

	while (jffs2_walk_next(&w, &n)) {
		fs->end = w.pos;
		if (jffs2_dirent_read(fs->in, &n, fs->order, &fs->dirents[fs->dirents_n]))
			fs->dirents_n++;
		else if (jffs2_inode_read(fs->in, &n, fs->order, &i))
			fs->places[fs->places_n++] = (struct jffs2_place){i.ino, i.version, n.at};
	}
}

/* Keeps the newest of each name, and of those the ones that are not removals. */
static void keep_newest(struct jffs2_fs *fs)
{
	struct jffs2_dirent newest = {0};
	size_t kept = 0;

	for (size_t i = 0; i < fs->dirents_n; i++) {
		const struct jffs2_dirent *d = &fs->dirents[i];

		if (i > 0 && name_order(fs->in, &newest, d) == 0)
			continue;
		newest = *d;
		if (newest.ino != 0)
			fs->dirents[kept++] = newest;
	}
	fs->dirents_n = kept;
}

static size_t most_nodes(const struct jffs2_fs *fs)
{
	size_t most = 1, run = 0;

	for (size_t i = 0; i < fs->places_n; i++) {
		bool is_same = i > 0 && fs->places[i].ino == fs->places[i - 1].ino;

		run = is_same ? run + 1 : 1;
		most = run > most ? run : most;
	}
	return most;
}

enum err jffs2_scan(struct jffs2_fs *fs, struct fault *why)
{
	enum err e = scan_count(fs, why);

	if (e)
		return e;
	scan_fill(fs);
	sort_items(fs->dirents, fs->dirents_n, sizeof *fs->dirents, dirent_order, fs);
	sort_items(fs->places, fs->places_n, sizeof *fs->places, place_order, NULL);
	keep_newest(fs);

	size_t most = most_nodes(fs);

	fs->edges = arena_array(fs->arena, 2 * most, sizeof *fs->edges);
	fs->next = arena_array(fs->arena, 2 * most, sizeof *fs->next);
	fs->is_bad = arena_array(fs->arena, most, sizeof *fs->is_bad);
	if (!fs->edges || !fs->next || !fs->is_bad)
		return fault_set(why, E_NOMEM, 0, "jffs2: index");
	return OK;
}

/* Number of dirents whose directory is less than `pino`. */
static size_t dirents_before(const struct jffs2_fs *fs, uint64_t pino)
{
	size_t lo = 0, hi = fs->dirents_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (fs->dirents[mid].pino < pino)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static size_t places_before(const struct jffs2_fs *fs, uint64_t ino)
{
	size_t lo = 0, hi = fs->places_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (fs->places[mid].ino < ino)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t jffs2_children(const struct jffs2_fs *fs, uint32_t pino, size_t *end)
{
	*end = dirents_before(fs, (uint64_t)pino + 1);
	return dirents_before(fs, pino);
}

size_t jffs2_nodes(const struct jffs2_fs *fs, uint32_t ino, size_t *end)
{
	*end = places_before(fs, (uint64_t)ino + 1);
	return places_before(fs, ino);
}

bool jffs2_latest(const struct jffs2_fs *fs, uint32_t ino, struct jffs2_inode *out)
{
	size_t end = 0;
	size_t start = jffs2_nodes(fs, ino, &end);
	struct jffs2_node n;

	if (start == end)
		return false;
	return jffs2_node_read(fs->in, fs->places[end - 1].at, fs->order, &n) &&
	       jffs2_inode_read(fs->in, &n, fs->order, out);
}
