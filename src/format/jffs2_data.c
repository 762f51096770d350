// SPDX-License-Identifier: Apache-2.0
// Contents of a JFFS2 inode: its data nodes, decompressed and laid over each other by version.

#include "format/codec.h"
#include "format/jffs2.h"

#include <string.h>

#include "base/ban.h"

/* Compressions of include/uapi/linux/jffs2.h; LZMA is OpenWrt's, as its boot loaders read it. */
enum { COMPR_NONE, COMPR_ZERO, COMPR_RTIME, COMPR_ZLIB = 6, COMPR_LZO, COMPR_LZMA, COMPR_N };

/* OpenWrt's LZMA has no header: lc = lp = pb = 0 and this dictionary. */
enum { LZMA_PROPERTIES = 0, LZMA_DICTIONARY = 0x2000 };

enum {
	NODE_BYTES_MAX = 64 * 1024, /* a node holds at most one page of the machine's memory */
	WORK_A_NODE = 64,
};

typedef enum err node_codec(struct slice in, struct buf *out);

/* Pairs of a byte and how many bytes to repeat from behind its last appearance. */
static enum err decode_rtime(struct slice in, struct buf *out)
{
	size_t after[256] = {0};
	struct cursor c = {.in = in};

	while (cursor_left(&c) > 1 && out->len < out->ceiling) {
		uint8_t byte = cursor_u8(&c);
		uint8_t repeat = cursor_u8(&c);
		size_t from = after[byte];

		buf_byte(out, byte);
		after[byte] = out->len;
		for (unsigned i = 0; i < repeat && out->len < out->ceiling; i++)
			buf_byte(out, slice_at(buf_slice(out), from++));
	}
	return out->err;
}

static enum err decode_none(struct slice in, struct buf *out)
{
	buf_add(out, in);
	return out->err;
}

static enum err decode_zlib(struct slice in, struct buf *out)
{
	return codec_zlib(in, out, NULL);
}

static enum err decode_lzo(struct slice in, struct buf *out)
{
	return codec_lzo1x(in, out, NULL);
}

static enum err decode_lzma(struct slice in, struct buf *out)
{
	return codec_lzma_raw(in, LZMA_PROPERTIES, LZMA_DICTIONARY, out->ceiling, out, NULL);
}

static node_codec *const codecs[COMPR_N] = {
	[COMPR_NONE] = decode_none, [COMPR_RTIME] = decode_rtime, [COMPR_ZLIB] = decode_zlib,
	[COMPR_LZO] = decode_lzo,   [COMPR_LZMA] = decode_lzma,
};

/* The nodes of one inode being laid over each other. */
struct overlay {
	struct jffs2_fs *fs;
	const struct jffs2_place *places;
	size_t places_n;
	uint32_t size;  /* of the file: what lies behind was cut off */
	size_t edges_n; /* where nodes begin and end, sorted, each once */
	uint8_t *to;    /* `size` bytes */
};

struct span {
	uint32_t start, end;
};

static int edge_order(const void *a, const void *b, const void *context)
{
	const uint32_t *x = a, *y = b;

	(void)context;
	return (*x > *y) - (*x < *y);
}

/* What a node covers of the file. Empty for nodes that only carry rights or lie behind the end. */
static struct span span_of(const struct overlay *o, const struct jffs2_inode *i)
{
	uint64_t end = (uint64_t)i->offset + i->dsize;
	struct span s = {.start = i->offset, .end = end < o->size ? (uint32_t)end : o->size};

	return s.start < s.end ? s : (struct span){0};
}

static bool place_read(const struct overlay *o, size_t at, struct jffs2_inode *out)
{
	struct jffs2_node n;

	return jffs2_node_read(o->fs->in, o->places[at].at, o->fs->order, &n) &&
	       jffs2_inode_read(o->fs->in, &n, o->fs->order, out);
}

static void overlay_edges(struct overlay *o)
{
	uint32_t *edges = o->fs->edges;
	struct jffs2_inode i;
	size_t n = 0, kept = 0;

	for (size_t at = 0; at < o->places_n; at++) {
		struct span s = place_read(o, at, &i) ? span_of(o, &i) : (struct span){0};

		if (s.start == s.end)
			continue;
		edges[n++] = s.start;
		edges[n++] = s.end;
	}
	sort_items(edges, n, sizeof *edges, edge_order, NULL);
	for (size_t at = 0; at < n; at++)
		if (at == 0 || edges[at] != edges[kept - 1])
			edges[kept++] = edges[at];
	for (size_t at = 0; at < kept; at++)
		o->fs->next[at] = (uint32_t)at;
	o->edges_n = kept;
}

static uint32_t edge_find(const struct overlay *o, uint32_t value)
{
	size_t lo = 0, hi = o->edges_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (o->fs->edges[mid] < value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (uint32_t)lo;
}

/* The first stretch between two edges from `at` on that no newer node covers. */
static uint32_t free_from(struct overlay *o, uint32_t at)
{
	uint32_t *next = o->fs->next;

	while (next[at] != at) {
		next[at] = next[next[at]];
		at = next[at];
	}
	return at;
}

static enum err node_decode(struct jffs2_fs *fs, const struct jffs2_inode *i, struct buf *out)
{
	node_codec *codec = i->compression < COMPR_N ? codecs[i->compression] : NULL;

	if (!codec)
		return E_UNSUPPORTED;
	if (checksum_crc32_raw(i->data) != i->data_crc)
		return E_CHECKSUM;
	if (i->dsize > NODE_BYTES_MAX && i->compression != COMPR_NONE)
		return E_RANGE;
	if (i->dsize > fs->work)
		return E_LIMIT;
	fs->work -= i->dsize;

	enum err e = codec(i->data, out);

	/* Writers may leave out a stream's end once all bytes are there; the CRC covered them. */
	if (e == E_NOMEM || out->len == i->dsize)
		return e == E_NOMEM ? e : OK;
	return e ? e : E_CORRUPT;
}

/* Lays one node under all newer ones. `data` NULL: zeros, which are there already. */
static void overlay_fill(struct overlay *o, const struct jffs2_inode *i, const struct buf *data)
{
	const uint32_t *edges = o->fs->edges;
	struct span s = span_of(o, i);
	uint32_t end = edge_find(o, s.end);

	for (uint32_t at = free_from(o, edge_find(o, s.start)); at < end; at = free_from(o, at)) {
		struct slice part = {0};
		uint32_t n = edges[at + 1] - edges[at];

		if (data && slice_cut(buf_slice(data), edges[at] - i->offset, n, &part) == OK &&
		    part.ptr)
			memcpy(o->to + edges[at], part.ptr, n);
		o->fs->next[at] = at + 1;
	}
}

/* True when a newer node or a later one left a part of this node's span open. */
static bool is_open(struct overlay *o, const struct jffs2_inode *i)
{
	struct span s = span_of(o, i);

	return s.start < s.end && free_from(o, edge_find(o, s.start)) < edge_find(o, s.end);
}

/* A node that fails its checksum does not count, as for the kernel: an older one may show there. */
static enum err overlay_node(struct overlay *o, size_t at, struct fault *why)
{
	struct jffs2_inode i;
	struct buf data;

	o->fs->is_bad[at] = false;
	if (!place_read(o, at, &i) || !is_open(o, &i))
		return OK;
	if (i.compression == COMPR_ZERO) {
		overlay_fill(o, &i, NULL);
		return OK;
	}
	buf_init(&data, i.dsize);

	enum err e = node_decode(o->fs, &i, &data);

	if (e == OK)
		overlay_fill(o, &i, &data);
	buf_release(&data);
	o->fs->is_bad[at] = e == E_CHECKSUM;
	if (e == OK || e == E_CHECKSUM)
		return OK;
	return fault_set(why, e, o->places[at].at, "jffs2: data of inode %u, compression %u", i.ino,
			 i.compression);
}

/* What a bad node should have given must have come from an older one. */
static enum err overlay_check(struct overlay *o, struct fault *why)
{
	struct jffs2_inode i;

	for (size_t at = 0; at < o->places_n; at++)
		if (o->fs->is_bad[at] && place_read(o, at, &i) && is_open(o, &i))
			return fault_set(why, E_CHECKSUM, o->places[at].at,
					 "jffs2: data of inode %u", i.ino);
	return OK;
}

static enum err overlay_run(struct overlay *o, struct fault *why)
{
	enum err e = OK;

	overlay_edges(o);
	for (size_t at = o->places_n; at > 0 && e == OK; at--)
		e = overlay_node(o, at - 1, why);
	return e ? e : overlay_check(o, why);
}

/* A size that no data backs may be a hole; one that dwarfs the image is a trap. */
static bool is_bomb(const struct jffs2_fs *fs, uint32_t size)
{
	return size > LIMIT_RATIO_FLOOR && size / LIMIT_RATIO > fs->in.len;
}

enum err jffs2_contents(struct jffs2_fs *fs, uint32_t ino, struct buf *out, struct fault *why)
{
	size_t end = 0;
	size_t start = jffs2_nodes(fs, ino, &end);
	uint64_t work = WORK_A_NODE * (uint64_t)(end - start);
	struct jffs2_inode latest;

	if (!jffs2_latest(fs, ino, &latest))
		return fault_set(why, E_CORRUPT, 0, "jffs2: inode %u has no node", ino);
	if (latest.isize > out->ceiling - out->len || is_bomb(fs, latest.isize) || work > fs->work)
		return fault_set(why, E_LIMIT, fs->places[end - 1].at, "jffs2: size of inode %u",
				 ino);
	fs->work -= work;
	if (latest.isize == 0)
		return OK;

	struct overlay o = {
		.fs = fs,
		.places = &fs->places[start],
		.places_n = end - start,
		.size = latest.isize,
		.to = buf_room(out, latest.isize),
	};

	if (!o.to)
		return fault_set(why, out->err, 0, "jffs2: no room for inode %u", ino);
	memset(o.to, 0, o.size);

	enum err e = overlay_run(&o, why);

	if (e == OK)
		buf_grown(out, o.size);
	return e;
}

enum err jffs2_latest_data(struct jffs2_fs *fs, uint32_t ino, struct buf *out, struct fault *why)
{
	struct jffs2_inode latest;

	if (!jffs2_latest(fs, ino, &latest))
		return fault_set(why, E_CORRUPT, 0, "jffs2: inode %u has no node", ino);
	if (latest.dsize > out->ceiling)
		return fault_set(why, E_LIMIT, 0, "jffs2: size of inode %u", ino);

	enum err e = node_decode(fs, &latest, out);

	return e ? fault_set(why, e, 0, "jffs2: data of inode %u", ino) : OK;
}
