/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Importing: files of many sources into a builder. Workers unpack and parse, the parent only checks
 * what comes back. The same files give the same advisories in the same order, whatever the number
 * of workers.
 */
#ifndef FEED_IMPORT_H
#define FEED_IMPORT_H

#include "feed/advisory.h"
#include "feed/calendar.h"

struct feed_builder;

enum odd {
#define X(id, name, en, ja) ODD_##id,
#include "feed/odd.def"
#undef X
	ODD_N
};

/* Stable name for records, and words for people. Never NULL. */
const char *odd_name(enum odd o);
const char *odd_words(enum odd o, enum lang lang);

struct import_options {
	const char *const *paths;
	size_t n; /* 1 … LIMIT_INPUTS */
	unsigned jobs;
	bool is_sandboxed;
	uint32_t today; /* days; a later date of a source is not believed */
};

/* What came of one file. */
struct import_file {
	uint64_t records;             /* understood */
	uint64_t odd[ODD_N];          /* left out … */
	uint64_t odd_at[ODD_N];       /* … the first of them at this offset, unpacked */
	uint64_t of_source[SOURCE_N]; /* advisories */
};

struct import;

/* Opens all files and starts the workers: before the parent has much in memory, because a worker
 * starts as its copy. *failed is the index of the file that cannot be opened. */
MUST_CHECK enum err import_open(const struct import_options *o, struct import **out, size_t *failed,
				struct fault *why);
void import_close(struct import *i);

/* All or nothing, as far as the caller throws the builder away after an error. Then *failed is the
 * file, and the fault says where in it (unpacked offset, line in its text). */
struct import_progress {
	void (*tell)(void *ctx, uint64_t done, uint64_t total); /* bytes of files; may be NULL */
	void *ctx;
};
MUST_CHECK enum err import_run(struct import *i, struct feed_builder *b,
			       const struct import_progress *p, size_t *failed, struct fault *why);

const struct import_file *import_result(const struct import *i, size_t file);

#endif
