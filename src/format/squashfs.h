/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the SquashFS reader among themselves: superblock, compressor, metadata, contents.
 * squashfs.c is the reader; nobody else includes this.
 */
#ifndef FORMAT_SQUASHFS_H
#define FORMAT_SQUASHFS_H

#include "format/codec.h"
#include "format/format.h"

enum {
	SQUASHFS_SUPER = 96,      /* bytes of the superblock */
	SQUASHFS_METADATA = 8192, /* a metadata block, unpacked */
	SQUASHFS_METADATA_SLOTS = 128,
	SQUASHFS_FRAGMENT_SLOTS = 4
};
#define SQUASHFS_NO_FRAGMENT UINT32_MAX
#define SQUASHFS_NO_TABLE    UINT64_MAX

struct squashfs_super {
	enum endian order;
	uint16_t version, compressor, block_log, ids_n;
	uint32_t inodes_n, block_size, fragments_n;
	uint64_t root, bytes_used;
	uint64_t ids_at, xattrs_at, inodes_at, dirs_at, fragments_at, exports_at;
};

/* E_UNSUPPORTED for the versions before 4, with version and bytes_used filled in all the same. */
MUST_CHECK enum err squashfs_super_read(struct slice in, struct squashfs_super *out,
					struct fault *why);

/* --- the compressor: what the header says is only the first guess --- */

struct squashfs_codec {
	const struct squashfs_method *method; /* NULL: no compressed block was seen so far */
	uint16_t declared;
	uint32_t dictionary;
	size_t skip;        /* vendor LZMA: bytes before the range coder … */
	uint8_t properties; /* … and lc/lp/pb */
	unsigned misses;    /* blocks that no method unpacked: guessing must end */
};

/* Whether unpacked bytes can be what they should be. */
typedef bool squashfs_check(const void *context, struct slice unpacked);

/*
 * Appends at most `most` bytes to `out`; E_CORRUPT when the block holds more. The first block
 * decides the compressor: the one declared, or any other whose output `check` believes.
 */
MUST_CHECK enum err squashfs_unpack(struct squashfs_codec *c, struct slice in, size_t most,
				    squashfs_check *check, const void *context, struct buf *out);
const char *squashfs_codec_name(const struct squashfs_codec *c);

/* --- metadata --- */

struct squashfs_slot {
	uint64_t at, next; /* where the block is, and where it ends */
	uint64_t last_used;
	struct buf bytes;
};

struct squashfs_at {
	uint64_t block;
	size_t offset; /* in the unpacked block */
};

struct squashfs_frame; /* one open directory, squashfs_walk.c */

struct squashfs {
	struct slice in;
	struct arena *arena;
	struct squashfs_super super;
	struct squashfs_codec codec;
	uint64_t uses, work; /* for LIMIT_REDECODE_BYTES */
	struct squashfs_slot metadata[SQUASHFS_METADATA_SLOTS];
	struct squashfs_slot fragments[SQUASHFS_FRAGMENT_SLOTS];
	uint32_t *ids;
	uint8_t *visited; /* a bit an inode number: directories walked */
	struct squashfs_frame *frames;
	size_t depth;
	uint64_t entries;
};

/* The block at `at`, unpacked; borrowed until the next call. */
MUST_CHECK enum err squashfs_block(struct squashfs *fs, uint64_t at,
				   const struct squashfs_slot **out);

/* n bytes from *at on, which moves behind them and over the ends of blocks. */
MUST_CHECK enum err squashfs_metadata(struct squashfs *fs, struct squashfs_at *at, uint8_t *out,
				      size_t n);

/* Entry `index` of `size` bytes of an indexed table: ids, fragments, exports. */
MUST_CHECK enum err squashfs_table(struct squashfs *fs, uint64_t table, uint64_t index,
				   uint8_t *out, size_t size);

/* Finds or makes the slot for `at`; *is_new when its bytes must be filled. */
struct squashfs_slot *squashfs_slot(struct squashfs *fs, struct squashfs_slot *slots, size_t n,
				    uint64_t at, bool *is_new);
void squashfs_slots_release(struct squashfs_slot *slots, size_t n);

/* Counts `bytes` of unpacking. False when a crafted tree makes us unpack for ever. */
MUST_CHECK bool squashfs_work(struct squashfs *fs, size_t bytes);

/* --- inodes --- */

enum squashfs_type {
	SQUASHFS_DIR = 1,
	SQUASHFS_FILE,
	SQUASHFS_LINK,
	SQUASHFS_BLOCK,
	SQUASHFS_CHARACTER,
	SQUASHFS_PIPE,
	SQUASHFS_SOCKET,
	SQUASHFS_EXTENDED = 7 /* added to a type, it is the extended form */
};

struct squashfs_inode {
	enum squashfs_type type; /* basic */
	uint16_t mode, uid, gid; /* ids as indexes */
	uint32_t number;
	uint64_t size, start; /* start: of data; of directories, in their table */
	uint32_t offset;      /* in the directory's block, in the fragment */
	uint32_t fragment, device;
	struct squashfs_at rest; /* block list, link target */
};

MUST_CHECK enum err squashfs_inode_read(struct squashfs *fs, uint64_t ref,
					struct squashfs_inode *out);
/* Whether `block` can be the start of an inode table: a squashfs_check. */
bool squashfs_is_inodes(const void *super, struct slice block);

/* --- the walk --- */

MUST_CHECK enum err squashfs_walk_start(struct squashfs *fs);
enum err squashfs_next(void *state, struct entry *out, struct fault *why);

/* --- contents --- */

/* Appends the whole file, or nothing. */
MUST_CHECK enum err squashfs_file_read(struct squashfs *fs, const struct squashfs_inode *inode,
				       struct buf *out, struct fault *why);

#endif
