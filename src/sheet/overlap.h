/* SPDX-License-Identifier: Apache-2.0 */
/* Which of two items counts a flaw that both found. */
#ifndef SHEET_OVERLAP_H
#define SHEET_OVERLAP_H

#include "sheet/sheet.h"

/* The owner orders of all groups as one relation over the items of a sheet. */
struct owner_order {
	size_t n;             /* items of the sheet */
	const uint8_t *first; /* n * n: [a * n + b] is 1 where a group has a before b */
	const size_t *rank;   /* no item stands before one of lower rank */
};

/* E_CORRUPT when the groups contradict each other. Lives in the arena. */
MUST_CHECK enum err owner_order_make(const struct sheet *s, struct arena *a,
				     struct owner_order *out);

/* True where a group has item number a before item number b. */
bool owner_before(const struct owner_order *o, size_t a, size_t b);

#endif
