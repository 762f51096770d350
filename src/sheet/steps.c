// SPDX-License-Identifier: Apache-2.0
// The list of things to do: flaws by severity first, then what is not yet known.

#include "sheet/steps.h"

#include <stdlib.h>

#include "base/ban.h"

/* Steps that repair a flaw: gravest first, then by rule, then in the order of the sheet. Steps
 * without a rule, an item failed by what was looked at, come after them. */
static int repair_cmp(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	int d = (x->rule == NULL) - (y->rule == NULL);

	if (d == 0 && x->rule)
		d = (int)y->rule->severity - (int)x->rule->severity;
	if (d == 0 && x->rule)
		d = slice_cmp(x->rule->id, y->rule->id);
	return d ? d : (x->item > y->item) - (x->item < y->item);
}

static size_t repairs(const struct sheet *s, const struct candidate *c, struct step *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->item->fails_n; i++) {
		size_t flaws = claims_owned(&c->rows[i]);

		if (flaws > 0)
			out[n++] = (struct step){.item = c->item,
						 .rule = sheet_rule(s, c->item->fails[i].rule),
						 .flaws = flaws};
	}
	if (n == 0)
		out[n++] = (struct step){.item = c->item, .flaws = 1};
	return n;
}

static bool is_wanted(const struct judgement *j, const struct item_result *r, enum verdict v)
{
	return r->verdict == v &&
	       (r->item->part == PART_VULNERABILITY || r->item->class_min <= j->class_no);
}

static bool is_same_group(const struct item *a, const struct item *b)
{
	return a->part == b->part && a->method == b->method && slice_eq(a->pillar, b->pillar);
}

/* One step a method or pillar. */
static size_t group(const struct judgement *j, enum verdict v, struct step *out)
{
	size_t n = 0;

	for (size_t i = 0; i < j->items_n; i++) {
		size_t g = 0;

		if (!is_wanted(j, &j->items[i], v))
			continue;
		while (g < n && !is_same_group(out[g].item, j->items[i].item))
			g++;
		if (g == n)
			out[n++] = (struct step){.item = j->items[i].item};
		out[g].flaws++;
	}
	return n;
}

enum err steps_make(const struct sheet *s, const struct candidate *all, struct judgement *j)
{
	size_t most = 0, n = 0;
	struct step *steps = NULL;

	/* An item is failed (a step a rule, or one) or stands in at most one group. */
	for (size_t i = 0; i < j->items_n; i++)
		most += all[i].item->fails_n + 1;
	steps = arena_array(&j->arena, most, sizeof *steps);
	if (!steps)
		return E_NOMEM;
	for (size_t i = 0; i < j->items_n; i++)
		if (j->items[i].verdict == V_FAIL)
			n += repairs(s, &all[i], &steps[n]);
	qsort(steps, n, sizeof *steps, repair_cmp);
	n += group(j, V_INCONCLUSIVE, &steps[n]);
	n += group(j, V_UNTESTED, &steps[n]);
	j->next = steps;
	j->next_n = n;
	return OK;
}
