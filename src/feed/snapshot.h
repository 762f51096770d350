/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of a snapshot, and the one way to read it. All numbers are little-endian; a varint is
 * what buf_varint writes; a reference is where in STRINGS a text stands.
 *
 *	head    magic, u32 schema, u32 length of the head, u64 length of the whole, SHA-256 over the
 *	        head but itself, then: date, flags, sources, counts, places of the sections, SHA-256
 *	        of each block of the body. So the head's hash names the whole.
 *	body    the sections, one behind the other
 *
 *	STRINGS     varint length, bytes; reference 0 is the empty text
 *	PRODUCTS    u32 hash of the name, u32 place in RECORDS; sorted by hash, name, key; and an
 *end RECORDS     products.h ADVISORIES  u32 place in UNITS, in the order they first came; and an
 *end UNITS       u8 length of the id, id, units (unit.h), those of the preferred source first ORDER
 *u32 advisories, sorted by id REJECTED    a bit an advisory FRAMES      u32 place in TEXTS; and an
 *end TEXTS       Zstandard frames (RFC 8878) of about 64 KiB of texts
 */
#ifndef FEED_SNAPSHOT_H
#define FEED_SNAPSHOT_H

#include "feed/feed.h"

#define SNAPSHOT_MAGIC "KNSAFEED"

enum {
	SNAPSHOT_SCHEMA = 2, /* also counts up when a version gets another key than before */
	SNAPSHOT_BLOCK = 2 * 1024,
	SNAPSHOT_HASH_AT = 24,
	SNAPSHOT_HEAD_AT = SNAPSHOT_HASH_AT + SHA256_LEN,
	SNAPSHOT_DATE = 10,
	SNAPSHOT_STARTER = 1, /* flag */
	PRODUCT_ENTRY = 8,
	PLACE_ENTRY = 4,
};

enum section {
	SECTION_STRINGS,
	SECTION_PRODUCTS,
	SECTION_RECORDS,
	SECTION_ADVISORIES,
	SECTION_UNITS,
	SECTION_ORDER,
	SECTION_REJECTED,
	SECTION_FRAMES,
	SECTION_TEXTS,
	SECTION_N
};

struct feed {
	struct arena arena;
	struct slice whole, body, hashes;
	struct {
		uint64_t at, len; /* in the body */
	} sections[SECTION_N];
	struct feed_info info;
	uint8_t *verified; /* a bit a block */
	struct buf frame;  /* the texts unpacked last … */
	uint32_t frame_no; /* … are these; UINT32_MAX: none */
};

/* Every byte comes through here: bounds, then the hash of the blocks touched for the first time. */
MUST_CHECK enum err snapshot_read(struct feed *f, enum section s, uint64_t at, uint64_t len,
				  struct slice *out);
/* The same for at most `most` bytes up to `end`, to read something of unknown length. */
MUST_CHECK enum err snapshot_window(struct feed *f, enum section s, struct cursor *out, uint64_t at,
				    uint64_t end, uint64_t most);
/* Place i of a table of u32, and the one behind it. E_CORRUPT when they are not in order. */
MUST_CHECK enum err snapshot_place(struct feed *f, enum section s, uint32_t i, uint64_t *at,
				   uint64_t *end);
MUST_CHECK enum err snapshot_string(struct feed *f, uint32_t ref, struct slice *out);
uint64_t snapshot_len(const struct feed *f, enum section s);

/* Part of a product key that slots go by: what is behind the vendor, or all of a package's key. */
struct slice product_name(struct slice key);
/* FNV-1a, 32 bits. It only spreads: equal hashes are told apart by their texts. */
uint32_t product_hash(struct slice name);

#endif
