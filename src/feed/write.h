/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a snapshot while it is written: the old one and what came since, merged. */
#ifndef FEED_WRITE_H
#define FEED_WRITE_H

#include "feed/builder.h"

struct snapshot_parts {
	struct buf sections[SECTION_N]; /* TEXTS: only what came since */
	struct slice old_texts;         /* stands before them */
	uint64_t claims, products, records[SOURCE_N];
};

/* PRODUCTS and RECORDS */
MUST_CHECK enum err write_products(struct feed_builder *b, struct snapshot_parts *out);
/* ADVISORIES, UNITS, ORDER and REJECTED */
MUST_CHECK enum err write_advisories(struct feed_builder *b, bool has_texts,
				     struct snapshot_parts *out);

/* A place in a section of at most 4 GiB; what is larger is E_LIMIT in `out`. */
void write_place(struct buf *out, uint64_t place);

#endif
