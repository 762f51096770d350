/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a snapshot while it is written: the old one and what came since, merged. */
#ifndef FEED_WRITE_H
#define FEED_WRITE_H

#include "feed/builder.h"

struct snapshot_parts {
	struct buf sections[SECTION_N]; /* TEXTS: old frames, when not all of them are kept */
	struct slice old_texts;         /* stands before those that came since */
	struct buf dropped;             /* u8 an old frame: its texts move to a new one */
	uint64_t claims, products, records[SOURCE_N];
};

/* PRODUCTS and RECORDS */
MUST_CHECK enum err write_products(struct feed_builder *b, struct snapshot_parts *out);
/* ADVISORIES, UNITS, ORDER and REJECTED */
MUST_CHECK enum err write_advisories(struct feed_builder *b, bool has_texts,
				     struct snapshot_parts *out);

/* Which old frames are not kept: those that replaced texts fill by more than half. */
MUST_CHECK enum err texts_sift(struct feed_builder *b, struct snapshot_parts *out);
/* Where the texts of an old unit stand from now on. */
MUST_CHECK enum err texts_move(struct feed_builder *b, const struct snapshot_parts *parts,
			       const struct unit_texts *old, struct unit_texts *out);
/* FRAMES and TEXTS, after the units */
MUST_CHECK enum err write_texts(struct feed_builder *b, struct snapshot_parts *out);

/* Whether something since the old snapshot took the place of what it says there. */
bool is_replaced(const struct feed_builder *b, uint32_t advisory, uint8_t source, uint32_t origin);

/* A place in a section of at most 4 GiB; what is larger is E_LIMIT in `out`. */
void write_place(struct buf *out, uint64_t place);

#endif
