/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: which item would fail for which flaw, and which of several items counts it.
 *
 * One flaw sinks one item: where items of one overlap group claim a flaw with the same key, the
 * first in the group's owner order that is judged at all keeps it. The owner orders are one
 * relation without circles (overlap.h), so that every flaw stays with exactly one item of its
 * groups.
 */
#ifndef SHEET_CLAIMS_H
#define SHEET_CLAIMS_H

#include "sheet/evidence.h"
#include "sheet/overlap.h"

/* One flaw that fails an item, unless another item counts it. */
struct claim {
	size_t item; /* number in the sheet */
	struct slice flaw;
	const struct fact *fact;      /* the first finding of it */
	const struct claim *owned_by; /* NULL: this item counts it */
};

/* One row of an item's fails_on. */
struct claim_row {
	struct claim *claims;
	size_t claims_n;
	uint64_t flaws, looked_at; /* separate flaws found; how much of `of` was looked at */
};

/* An item being judged. */
struct candidate {
	const struct item *item;
	struct claim_row *rows; /* as item->fails */
};

/* Fills the rows of all candidates. Lives in the arena. */
MUST_CHECK enum err claims_make(const struct sheet *s, const struct evidence *e,
				struct candidate *all, size_t n, struct arena *a);

/* How many flaws of the row the item itself counts. */
size_t claims_owned(const struct claim_row *row);

#endif
