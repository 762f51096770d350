// SPDX-License-Identifier: Apache-2.0
// Counts verdicts, compares with the thresholds in integers, gives the grade.

#include "sheet/score.h"

#include <stdio.h>

#include "base/ban.h"

void tally_add(struct tally *t, enum verdict v)
{
	t->applicable += v != V_NA;
	t->passed += v == V_PASS;
	t->not_tested += v == V_UNTESTED;
	t->inconclusive += v == V_INCONCLUSIVE;
	t->failed += v == V_FAIL;
}

static bool is_reached(uint64_t passed, uint64_t applicable, uint64_t threshold)
{
	return applicable > 0 && passed * 100 >= threshold * applicable;
}

/* `is_class_met`: every IoT item of the class is passed or does not apply. */
static enum grade grade_of(const struct sheet *s, uint64_t passed, uint64_t applicable,
			   bool is_class_met)
{
	if (is_class_met && is_reached(passed, applicable, s->gold))
		return GRADE_GOLD;
	if (is_reached(passed, applicable, s->silver))
		return GRADE_SILVER;
	return is_reached(passed, applicable, s->bronze) ? GRADE_BRONZE : GRADE_NONE;
}

/* The items of a class, counted; `items` also counts those that do not apply. */
static struct tally tally_class(const struct judgement *j, uint64_t class_no, uint64_t *items)
{
	struct tally t = {0};

	*items = 0;
	for (size_t i = 0; i < j->items_n; i++) {
		const struct item_result *r = &j->items[i];

		if (r->item->part != PART_IOT || r->item->class_min > class_no)
			continue;
		tally_add(&t, r->verdict);
		(*items)++;
	}
	return t;
}

void score(const struct sheet *s, struct judgement *j)
{
	uint64_t items = 0, open_items = 0;
	/* With no class yet, the lowest one may still be given. */
	struct tally open = tally_class(j, j->class_no ? j->class_no : 1, &open_items);

	for (size_t i = 0; i < j->items_n; i++) {
		const struct item_result *r = &j->items[i];

		if (r->item->part != PART_VULNERABILITY)
			continue;
		tally_add(&j->score, r->verdict);
		tally_add(&j->by_method[r->item->method], r->verdict);
	}
	j->of_class = tally_class(j, j->class_no, &items);
	j->grade = grade_of(s, j->score.passed, j->score.applicable,
			    items > 0 && j->of_class.passed == j->of_class.applicable);
	j->reachable = grade_of(s, j->score.applicable - j->score.failed, j->score.applicable,
				open_items > 0 && open.failed == 0);
}

void tally_percent(const struct tally *t, char out[8])
{
	uint64_t permille = 0;

	if (t->applicable > 0 && t->passed <= UINT64_MAX / 1000)
		permille = t->passed * 1000 / t->applicable;
	if (permille > 1000)
		permille = 1000;
	snprintf(out, 8, "%u.%u", (unsigned)(permille / 10), (unsigned)(permille % 10));
}
