/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of the JFFS2 reader: nodes of the log, the index made of them, contents of one inode.
 *
 * JFFS2 is a log of nodes, each with a version. Nothing in it points anywhere: the tree is what the
 * newest directory entries say, a file is its data nodes laid over each other in version order.
 * Offsets are 32 bits wide, as in the format itself.
 */
#ifndef FORMAT_JFFS2_H
#define FORMAT_JFFS2_H

#include "format/format.h"

/* Node types as in include/uapi/linux/jffs2.h, with the bit that says "not obsolete" set. */
enum {
	JFFS2_MAGIC = 0x1985,
	JFFS2_ACCURATE = 0x2000,
	JFFS2_DIRENT = 0xe001,
	JFFS2_INODE = 0xe002,
	JFFS2_CLEANMARKER = 0x2003,
};

enum { JFFS2_ROOT = 1 /* inode number of the root directory */ };

/* One node whose header CRC agrees and that lies in the input. */
struct jffs2_node {
	uint32_t at, len;
	uint16_t type;
	bool is_obsolete;
};

struct jffs2_dirent {
	uint32_t pino, version, ino; /* ino 0: the name was removed */
	uint32_t name_crc, node_crc;
	uint32_t at;
	uint8_t type; /* DT_* of readdir(3) */
	uint8_t name_len;
	bool is_listed;
};

struct jffs2_inode {
	uint32_t ino, version, mode, isize;
	uint16_t uid, gid;
	uint32_t offset, dsize;
	uint8_t compression;
	uint32_t data_crc, node_crc;
	struct slice data; /* as stored */
};

/* What the index keeps of an inode node. */
struct jffs2_place {
	uint32_t ino, version, at;
};

/* Goes over the nodes of a log, past erased and unreadable stretches. */
struct jffs2_walk {
	struct slice in;
	enum endian order;
	size_t pos;
	size_t strange; /* bytes since the last node that are neither node nor erased */
	size_t strange_max;
};

struct jffs2_extent {
	size_t size;    /* of the filesystem, with what is erased of its last block */
	size_t nodes_n; /* in it */
};

struct jffs2_fs {
	struct slice in;
	enum endian order;
	struct arena *arena;
	struct jffs2_dirent *dirents; /* the newest of each name, by directory and name */
	size_t dirents_n;
	size_t end;                 /* of the last node */
	struct jffs2_place *places; /* by inode, version, place in the log */
	size_t places_n;
	uint32_t *edges, *next; /* scratch for jffs2_contents, two for each node of one inode */
	bool *is_bad;           /* the same, one for each */
	uint64_t work;          /* bytes that contents may still cost: a bound over all reads */
};

/* --- jffs2_node.c --- */
MUST_CHECK bool jffs2_order(struct slice in, enum endian *out);
MUST_CHECK bool jffs2_node_read(struct slice in, size_t at, enum endian order,
				struct jffs2_node *out);
/* True when the node is one of its kind and its own CRCs (of data: not yet) agree. */
MUST_CHECK bool jffs2_dirent_read(struct slice in, const struct jffs2_node *n, enum endian order,
				  struct jffs2_dirent *out);
MUST_CHECK bool jffs2_inode_read(struct slice in, const struct jffs2_node *n, enum endian order,
				 struct jffs2_inode *out);
struct slice jffs2_dirent_name(struct slice in, const struct jffs2_dirent *d);
/* True when a node begins there, by its header's CRC, that goes on behind the end of the input. */
bool jffs2_node_is_cut(struct slice in, size_t at, enum endian order);
bool jffs2_walk_next(struct jffs2_walk *w, struct jffs2_node *out);

/* --- jffs2_extent.c: where the filesystem that starts with `in` ends --- */
MUST_CHECK enum err jffs2_extent_read(struct slice in, struct jffs2_extent *out, unsigned *score,
				      struct fault *why);

/* --- jffs2_scan.c: the index --- */
MUST_CHECK enum err jffs2_scan(struct jffs2_fs *fs, struct fault *why);
/* The entries of a directory: dirents[return .. *end). */
size_t jffs2_children(const struct jffs2_fs *fs, uint32_t pino, size_t *end);
/* The nodes of an inode: places[return .. *end), the newest last. */
size_t jffs2_nodes(const struct jffs2_fs *fs, uint32_t ino, size_t *end);
/* Its newest node. False when there is none. */
MUST_CHECK bool jffs2_latest(const struct jffs2_fs *fs, uint32_t ino, struct jffs2_inode *out);

/* --- jffs2_data.c --- */
MUST_CHECK enum err jffs2_contents(struct jffs2_fs *fs, uint32_t ino, struct buf *out,
				   struct fault *why);
/* The data of its newest node alone, whatever size it claims: what links and devices are. `out` is
 * empty. */
MUST_CHECK enum err jffs2_latest_data(struct jffs2_fs *fs, uint32_t ino, struct buf *out,
				      struct fault *why);

#endif
