/* SPDX-License-Identifier: Apache-2.0 */
/* The search that keys, certificates and tokens share: row by row of a table, mark by mark. */
#ifndef INSPECT_FIRMWARE_MARKS_H
#define INSPECT_FIRMWARE_MARKS_H

#include "base/base.h"

/* Begins as {.in = …}; `row` is the caller's row being looked for. */
struct mark_search {
	struct slice in;
	size_t row, at;
	unsigned tries;
	bool is_cut; /* the limit of tries was reached: there may be more */
};

/* The next place of this row's mark. False, and the next row, when there is none left; false, and
 * no row any more, when `tries_max` is reached. */
bool mark_next(struct mark_search *s, struct slice mark, unsigned tries_max, size_t *hit);

/* Where to look on: at `end`, or at the next byte when that is behind it. */
void mark_pass(struct mark_search *s, size_t hit, size_t end);

#endif
