/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting that crafted input cannot make slow: n log n always, no allocation and no
 * system call (qsort of the C library promises none of these).
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include "attr.h"

enum { SORT_ITEM_MAX = 64 }; /* bytes of one item */

/* Negative, 0 or positive as a comes before, with or after b. `context` is the caller's own. */
typedef int sort_order(const void *a, const void *b, const void *context);

/* In place. Not stable: let `order` break ties. */
void sort_items(void *items, size_t n, size_t size, sort_order *order, const void *context);

/* The same, stable, and the faster the more is in order already: n for a sorted row or two behind
 * one another. `scratch`: room for as many items. */
void sort_runs(void *items, void *scratch, size_t n, size_t size, sort_order *order,
	       const void *context);

#endif
