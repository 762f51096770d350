/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict of one item, and why. */
#ifndef SHEET_EVALUATE_H
#define SHEET_EVALUATE_H

#include "sheet/claims.h"

/* Reasons live in the arena. All or nothing. */
MUST_CHECK enum err evaluate(const struct sheet *s, const struct evidence *e,
			     const struct candidate *c, struct arena *a, struct item_result *out);

#endif
