/* SPDX-License-Identifier: Apache-2.0 */
/* What to do next, worst first. */
#ifndef SHEET_STEPS_H
#define SHEET_STEPS_H

#include "sheet/claims.h"

/* Fills j->next; `all` are the candidates of j->items, in the same order. */
MUST_CHECK enum err steps_make(const struct sheet *s, const struct candidate *all,
			       struct judgement *j);

#endif
