/* SPDX-License-Identifier: Apache-2.0 */
/* Counting verdicts and making a grade of them, in integers. */
#ifndef SHEET_SCORE_H
#define SHEET_SCORE_H

#include "sheet/sheet.h"

void tally_add(struct tally *t, enum verdict v);

/* Fills score, by_method, of_class, grade and reachable from the results. */
void score(const struct sheet *s, struct judgement *j);

#endif
