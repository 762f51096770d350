/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flattened device trees (Devicetree Specification v0.4, chapter 5): a bounded walk over nodes and
 * properties. Names and values are borrowed from the blob. A step always moves forward, so a walk
 * ends; nothing is trusted that was not read.
 */
#ifndef FORMAT_DTB_H
#define FORMAT_DTB_H

#include "base/base.h"

#define DTB_MAGIC UINT32_C(0xd00dfeed) /* 5.2 */

/* Far above every board; with them a crafted tree costs no more than a few milliseconds. */
enum { DTB_DEPTH_MAX = 64, DTB_TOKENS_MAX = 200000 };

struct dtb {
	struct slice blob; /* totalsize bytes */
	struct slice structure, strings;
	uint32_t structure_at; /* offset of the structure block in the blob */
	uint32_t version;
};

enum dtb_event_kind { DTB_NODE, DTB_NODE_END, DTB_PROPERTY };

struct dtb_event {
	enum dtb_event_kind kind;
	unsigned depth;     /* of the node entered, left or owning the property; the root is 1 */
	struct slice name;  /* of the node (with its unit address) or property; empty for an end */
	struct slice value; /* of a property */
	uint64_t value_at;  /* its offset in the blob */
};

struct dtb_walk {
	const struct dtb *tree;
	struct cursor at; /* in the structure block; at.pos can be copied to come back */
	unsigned depth, tokens;
	bool has_root, is_done;
};

/* Reads the header only. E_MAGIC when it is none; E_SHORT, E_RANGE when the header lies. */
MUST_CHECK enum err dtb_read(struct slice in, struct dtb *out, struct fault *why);

struct dtb_walk dtb_walk(const struct dtb *tree);

/* The next event; E_END behind FDT_END; E_CORRUPT, E_SHORT or E_LIMIT when the blob is damaged. */
MUST_CHECK enum err dtb_next(struct dtb_walk *w, struct dtb_event *out, struct fault *why);

/*
 * The value of a property by the path of its node ("/chosen", "/" for the root) and its name. Node
 * names match with or without their unit address ("memory" finds memory@0). E_NOTFOUND when there
 * is none. Texts keep their closing NUL: see dtb_text.
 */
MUST_CHECK enum err dtb_property(const struct dtb *tree, const char *node, const char *name,
				 struct slice *out);

/* A text value up to its first NUL. */
struct slice dtb_text(struct slice value);

/* True when the blob has images of a FIT: a node under /images with data or a place of data. */
bool dtb_is_fit(const struct dtb *tree);

/* Walks the whole structure block to its end. */
MUST_CHECK enum err dtb_check(const struct dtb *tree, struct fault *why);

#endif
