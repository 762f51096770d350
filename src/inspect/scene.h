/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an inspector is given and how it speaks.
 *
 * An inspector looks at every object of an inspection (`object`), and, after all files of a
 * filesystem or archive were seen, at the tree as a whole (`tree`). It emits facts through the
 * scene and nothing else: it opens nothing, judges nothing, and knows no other inspector. One
 * inspector is one file ending in `const struct inspector inspector_X = {...}` and one row in
 * inspectors.def.
 *
 * Secrets (keys, passwords, tokens) are never put into a fact: kind, size and fingerprint only.
 */
#ifndef INSPECT_SCENE_H
#define INSPECT_SCENE_H

#include "format/format.h"

struct library; /* compiled component signatures, inspect/library.h */

/* Data from catalog/ that inspectors use; made ready before the worker starts. */
struct inspect_data {
	const struct library *library;
	struct slice passwords; /* catalog/passwords.txt: one candidate a line, `#` comments */
};

struct scene {
	struct arena *scratch; /* emptied after each object or tree; facts are copied out of it */
	uint64_t date;         /* of the inspection, days since 1970-01-01 */
	enum method method;    /* that coverage and skips speak of; METHOD_FIRMWARE at first */
	const struct inspect_data *data;
	struct emitter *emitter; /* where facts go */
};

/* A file, a payload or a blob being looked at. */
struct object {
	uint64_t artifact; /* its id */
	struct slice path; /* whole path: image.bin!squashfs!/bin/busybox */
	struct slice name; /* path inside its tree: "/bin/busybox"; empty for parts and blobs */
	const struct entry *entry;   /* as its container has it; NULL for parts and blobs */
	const struct format *format; /* NULL: no reader bid for it */
	struct slice data;
	bool is_text; /* text_is_plain of the first 4 KiB */
};

struct node {
	struct entry entry;
	uint64_t artifact;
};

/* All entries of one filesystem or archive, sorted by path, and a way to read them again. */
struct tree {
	uint64_t artifact;
	struct slice path;
	const struct node *nodes;
	size_t n;
	const struct format *format;
	void *state;
};

/* The node at `path` (absolute), symbolic links followed inside the tree; NULL when there is none
 * or the links run in a circle. `..` never leaves the tree. */
const struct node *tree_find(const struct tree *t, struct slice path);

/* Does it look like a system's root: settings, and folders with programs in them? */
bool tree_is_root(const struct tree *t);

/* The node exactly at `path`, links not followed. */
const struct node *tree_node(const struct tree *t, struct slice path);

/* Contents of a file node into `out` (cleared first), at most LIMIT_CONFIG_BYTES. */
MUST_CHECK enum err tree_read(const struct tree *t, const struct node *n, struct buf *out,
			      struct fault *why);

/* Texts are cleaned (control characters, invalid UTF-8) and clipped on the way out. Location,
 * evidence and detail are sayings (model/saying.h), or empty. */
void scene_finding(struct scene *s, const char *rule, uint64_t artifact, struct slice flaw,
		   struct slice location, struct slice evidence);
void scene_component(struct scene *s, const struct component *c);
/* Names, separated by blanks, of what is built into a system: as many facts as they need. */
void scene_built(struct scene *s, const char *what, uint64_t artifact, struct slice names);
void scene_decision(struct scene *s, const struct decision *d);
void scene_coverage(struct scene *s, const char *subject, uint64_t seen, uint64_t total);
void scene_skip(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		enum err why, struct slice detail);
/* The same with what a reader said about it. */
void scene_skip_fault(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		      const struct fault *why);

/* The same for databases, at most LIMIT_DATABASE_BYTES. */
MUST_CHECK enum err tree_read_database(const struct tree *t, const struct node *n, struct buf *out,
				       struct fault *why);

struct inspector {
	const char *name;
	void (*object)(struct scene *s, const struct object *o); /* may be NULL */
	void (*tree)(struct scene *s, const struct tree *t);     /* may be NULL */
	bool wants_documents; /* shown SBOM and VEX documents that lie beside the product */
};

#define X(name) extern const struct inspector inspector_##name;
#include "inspect/inspectors.def"
#undef X

#endif
