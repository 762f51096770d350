/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of containers, filesystems, compressions and executables.
 *
 * A reader bids for bytes (how sure it is, how many of them are its own), and if it wins is opened
 * and asked for its entries one after another. Entries are either the files of a tree or the parts
 * (payloads) of a box; parts are looked at again by the auction. One reader is one file ending in
 * `const struct format format_X = {...}` and one row in formats.def.
 *
 * Readers run in a worker on hostile bytes: they read through cursors, check every count against a
 * limit before allocating, let offsets only move forward (or count them), and never touch a file.
 */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "format/dtb.h"
#include "format/elf.h"
#include "model/model.h"

/* How sure a bid is. The highest wins; equal scores go to the larger size, then to the table's
 * order. */
enum {
	BID_NONE = 0,
	BID_MAGIC = 10, /* a signature and plausible fields: enough at offset 0 of a part */
	BID_STRUCTURE =
		20,        /* several fields agree with each other and with the bytes behind them */
	BID_VERIFIED = 30, /* a checksum, or the whole content decoded: enough anywhere in a dump */
};

struct bid {
	unsigned score;
	uint64_t size; /* bytes from the start that are this object's own, padding excluded */
	char how[96];  /* how kensa knows, in a few words of English: "header and data CRC-32" */
};

/* Bytes at a fixed place that every object of the format has. What is carved from dumps has some.
 */
struct magic {
	uint32_t at;  /* offset in the object */
	uint32_t len; /* at least 2 */
	const char *bytes;
};

enum entry_type {
	ENTRY_PART, /* a payload of a box: path is its name, or empty */
	ENTRY_FILE,
	ENTRY_DIR,
	ENTRY_LINK, /* symbolic */
	ENTRY_DEVICE,
	ENTRY_PIPE,
	ENTRY_SOCKET,
	ENTRY_N
};

/* Texts live in the arena given to open, until it is released. */
struct entry {
	enum entry_type type;
	struct slice path; /* trees: absolute, '/'-separated, raw bytes, "." and ".." as found */
	uint64_t size;     /* of the contents, as far as known before reading */
	uint32_t mode;     /* permission bits, 07777 */
	uint32_t uid, gid;
	struct slice link;     /* ENTRY_LINK: target as written */
	uint32_t major, minor; /* ENTRY_DEVICE */
	bool is_block;         /* ENTRY_DEVICE: block, not character */
	uint64_t key;          /* the reader's own, for read */
	struct fault damage; /* code != OK: this entry cannot be read, and why; iteration goes on */
};

struct format {
	const char *name; /* as in artifact paths: "squashfs" */
	enum artifact_type type;
	bool is_tree;       /* entries are files of one tree, not parts */
	bool is_rewritable; /* a tree the device writes to: without /etc and /bin, settings */
	bool is_document;   /* speaks of a product, is no part of one: an SBOM, a VEX document */
	bool is_remainder;  /* bids for whole stretches that carving left over, nothing else */
	const struct magic *magics; /* for carving; NULL: bid for at offset 0 of a part only */
	size_t magics_n;
	bool is_costly; /* bidding decodes: counted against LIMIT_CARVE_TRIES */

	/* `in` starts at the candidate and runs to the end of its container. OK with out->score > 0
	 * when it is one; any error when it is not. */
	enum err (*bid)(struct slice in, struct bid *out, struct fault *why);

	/* The rest is NULL for leaves. `in` is exactly the bytes bid for. State lives in the arena.
	 */
	enum err (*open)(struct slice in, struct arena *a, void **state, struct fault *why);
	/* OK and an entry; E_END after the last; another error ends the walk of this container. */
	enum err (*next)(void *state, struct entry *out, struct fault *why);
	/* Contents of a file or part, appended to out (whose ceiling is the caller's limit). A
	 * reader is asked for entries in any order, and more than once. */
	enum err (*read)(void *state, const struct entry *e, struct buf *out, struct fault *why);
	/* Frees what does not live in the arena. May be NULL. */
	void (*close)(void *state);
};

#define X(name) extern const struct format format_##name;
#include "format/formats.def"
#undef X

/* The table, in auction order. */
extern const struct format *const formats[];
extern const size_t formats_n;

const struct format *format_find(struct slice name);

/* Best bid at the start of `in`, or NULL. `least` is the lowest score that counts. */
const struct format *format_auction(struct slice in, unsigned least, struct bid *out);

/* --- carving: what lies where in a blob of no known format --- */

struct stretch {
	uint64_t at, size;
	enum range_kind kind;
	const struct format *format; /* identified ones; NULL for padding, opaque, unknown */
	struct bid bid;
};

/*
 * Covers `in` with disjoint stretches in order: verified structures and what lies between them.
 * The array lives in the arena. E_LIMIT after LIMIT_PARTS or LIMIT_CARVE_TRIES: what was found
 * before holds, the rest is one unknown stretch, and *why says so. E_LIMIT too when an object was
 * met that unpacks to more than its limit: its bytes are then unknown or opaque.
 */
MUST_CHECK enum err carve(struct slice in, struct arena *a, struct stretch **out, size_t *n,
			  struct fault *why);

#endif
