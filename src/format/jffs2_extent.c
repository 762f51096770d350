// SPDX-License-Identifier: Apache-2.0
// How far a JFFS2 filesystem reaches in a dump: one object from its first node to its last block.

#include "format/jffs2.h"

#include "base/ban.h"

enum {
	BLOCK_MIN = 4 * 1024,
	BLOCK_USUAL = 64 * 1024,
	BLOCK_MAX = 1024 * 1024,
	PROBE_NODES = 32, /* looked at before a candidate is given up */
	PROBE_CHECKS = 3, /* CRCs that must agree, in two nodes at least */
	TWINS = 2048,     /* nodes remembered of each kind */
	TWINS_CUT = 2,    /* contradictions within one block that end the filesystem before it */
};

/* What was seen under an inode number and version. */
struct twin {
	uint32_t id, version, crc;
};

struct extent {
	size_t block, phase; /* erase blocks start at phase + n * block */
	size_t marker;       /* the last cleanmarker */
	bool has_marker, has_block;
	size_t twins_n, twins_block;
	struct twin dirents[TWINS], inodes[TWINS];
};

static unsigned checks_of(struct slice in, const struct jffs2_node *n, enum endian order)
{
	struct jffs2_dirent d;
	struct jffs2_inode i;

	if (n->is_obsolete)
		return 1;
	if (n->type == JFFS2_DIRENT)
		return jffs2_dirent_read(in, n, order, &d) ? 3 : 0;
	if (n->type == JFFS2_INODE)
		return jffs2_inode_read(in, n, order, &i) ? 2 : 0;
	return 1;
}

/*
 * A few nodes one behind the other. It stops at the first byte that is neither node nor erased, so
 * that candidates in crafted input cannot each cost a walk over all that follows.
 */
static unsigned probe(struct slice in, enum endian order)
{
	struct jffs2_walk w = {.in = in, .order = order};
	struct jffs2_node n;
	unsigned checks = 0, nodes = 0;

	for (unsigned tries = 0; tries < PROBE_NODES && jffs2_walk_next(&w, &n); tries++) {
		unsigned good = checks_of(in, &n, order);

		checks += good;
		nodes += good != 0;
		if (nodes > 1 && checks >= PROBE_CHECKS)
			return BID_VERIFIED;
	}
	return nodes ? BID_STRUCTURE : BID_NONE;
}

/* Cleanmarkers stand at the start of erase blocks: the shortest way between two is a block. */
static void extent_marker(struct extent *x, size_t at)
{
	size_t apart = at - x->marker;
	bool is_size = apart >= BLOCK_MIN && apart <= BLOCK_MAX && (apart & (apart - 1)) == 0;

	if (!x->has_marker)
		x->phase = at % x->block;
	if (x->has_marker && is_size && (apart < x->block || !x->has_block)) {
		x->has_block = true;
		x->block = apart;
		x->phase = at % apart;
	}
	x->has_marker = true;
	x->marker = at;
}

static size_t block_start(const struct extent *x, size_t at)
{
	size_t in_block = (at + x->block - x->phase) % x->block;

	return at - (in_block < at ? in_block : at);
}

/*
 * One filesystem never has two different nodes of the same inode and version; a copy made by the
 * garbage collector is the same byte for byte. Only the first node of a slot is remembered: enough,
 * as two filesystems both begin to count at 1.
 */
static bool is_contradicted(struct twin *table, const struct twin *t)
{
	uint32_t mixed = (t->id * UINT32_C(2654435761)) ^ (t->version * UINT32_C(2246822519));
	struct twin *slot = &table[(mixed >> 16) % TWINS];

	if (slot->id == 0)
		*slot = *t;
	return slot->id == t->id && slot->version == t->version && slot->crc != t->crc;
}

static bool extent_is_twin(struct extent *x, struct slice in, const struct jffs2_node *n,
			   enum endian order)
{
	struct jffs2_dirent d;
	struct jffs2_inode i;

	if (jffs2_dirent_read(in, n, order, &d)) {
		struct twin t = {d.pino, d.version, d.node_crc ^ d.name_crc};

		return is_contradicted(x->dirents, &t);
	}
	if (jffs2_inode_read(in, n, order, &i)) {
		struct twin t = {i.ino, i.version, i.node_crc ^ i.data_crc};

		return is_contradicted(x->inodes, &t);
	}
	return false;
}

/* True when so much in the block of this node contradicts what came before that it is another
 * filesystem's. */
static bool extent_is_over(struct extent *x, struct slice in, const struct jffs2_node *n,
			   enum endian order)
{
	size_t block = block_start(x, n->at);

	if (!extent_is_twin(x, in, n, order))
		return false;
	x->twins_n = block == x->twins_block ? x->twins_n + 1 : 1;
	x->twins_block = block;
	return x->twins_n >= TWINS_CUT && block > 0;
}

/* To the end of the last block, if nothing but erased bytes is left in it. */
static size_t rounded_up(const struct extent *x, struct slice in, size_t end)
{
	size_t last = block_start(x, end - 1);
	size_t next = last == 0 && x->phase ? x->phase : last + x->block;

	if (next > in.len)
		next = in.len;
	for (size_t at = end; at < next; at++)
		if (slice_at(in, at) != 0xff)
			return end;
	return next;
}

enum err jffs2_extent_read(struct slice in, struct jffs2_extent *out, unsigned *score,
			   struct fault *why)
{
	struct extent x = {.block = BLOCK_USUAL};
	struct jffs2_walk w = {.strange_max = BLOCK_USUAL};
	struct jffs2_node n;
	size_t end = 0, nodes = 0;

	in = slice_head(in, UINT32_MAX & ~UINT32_C(3));
	if (!jffs2_order(in, &w.order) || !jffs2_node_read(in, 0, w.order, &n))
		return fault_set(why, E_MAGIC, 0, "jffs2: no node");
	*score = probe(in, w.order);
	if (*score == BID_NONE)
		return fault_set(why, E_CHECKSUM, 0, "jffs2: no node with good checksums");
	for (w.in = in; jffs2_walk_next(&w, &n); nodes++) {
		if (n.type == JFFS2_CLEANMARKER)
			extent_marker(&x, n.at);
		if (extent_is_over(&x, in, &n, w.order)) {
			*out = (struct jffs2_extent){.size = x.twins_block, .nodes_n = nodes};
			return OK;
		}
		w.strange_max = x.block;
		end = w.pos;
	}
	/* What there is of a node cut short belongs to it: opening it tells. */
	*out = (struct jffs2_extent){
		.size = jffs2_node_is_cut(in, end, w.order) ? in.len : rounded_up(&x, in, end),
		.nodes_n = nodes};
	return OK;
}
