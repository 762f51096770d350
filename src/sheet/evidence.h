/* SPDX-License-Identifier: Apache-2.0 */
/* A record as judging asks it: findings by rule, coverage and skips by subject. Built once. */
#ifndef SHEET_EVIDENCE_H
#define SHEET_EVIDENCE_H

#include "sheet/sheet.h"

/* Some facts of a record, borrowed. */
struct facts {
	const struct fact *const *at;
	size_t n;
};

/* All that the record says of one subject of one method. */
struct cover {
	enum method method;
	struct slice subject;
	bool is_spoken_of;    /* there is a coverage fact, even if it says 0 of 0 */
	uint64_t seen, total; /* sums; the largest number when they do not fit */
	struct facts skips;
};

struct evidence {
	struct facts findings; /* sorted by rule, flaw, place in the record */
	const struct cover *covers;
	size_t covers_n;
};

/* Lives in the arena; facts stay borrowed from the record. */
MUST_CHECK enum err evidence_make(const struct record *r, struct arena *a, struct evidence *out);

struct facts evidence_findings(const struct evidence *e, struct slice rule);

/*
 * What is known of a subject, to judge that item: of the item's method or, for an item of the IoT
 * sheet, of the first method that speaks of it. An empty cover when the record says nothing.
 */
struct cover evidence_cover(const struct evidence *e, const struct item *item,
			    struct slice subject);

/* seen * 100 >= total * percent, without overflow and never in favour of the product. */
bool share_reached(uint64_t seen, uint64_t total, uint64_t percent);

#endif
