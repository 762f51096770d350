/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of tree readers share: a whole tree read into memory, looked up by path. */
#ifndef TESTS_TREE_H
#define TESTS_TREE_H

#include "support.h"

#include "format/format.h"

struct tree_file {
	struct entry entry;
	struct slice data;
	enum err err; /* of reading it: its damage, or what read said */
};

struct tree_read {
	struct arena arena;
	struct bid bid;
	struct tree_file *files;
	size_t files_n;
	enum err err;  /* of bid and open */
	enum err last; /* what ended the walk: E_END when all is well */
};

/* Bids, opens, walks and reads; whatever goes wrong is in the result. Release it in any case. */
void tree_read(const struct format *f, struct slice in, struct tree_read *out);
void tree_release(struct tree_read *t);

/* NULL when there is none, or more than one. */
const struct tree_file *tree_find(const struct tree_read *t, const char *path);

/* The file is there, was read, and its contents are those. */
void assert_file(const struct tree_read *t, const char *path, struct slice data);
void assert_sample(const struct tree_read *t, const char *path, const char *sample);
void assert_err(const struct tree_read *t, const char *path, enum err err);

/* A file of the shared corpus, or NULL ptr where there is none. sample_free it. */
struct slice corpus_read(const char *name);

#endif
