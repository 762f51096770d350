// SPDX-License-Identifier: Apache-2.0
// Which item counts which flaw.

#include "sheet/claims.h"

#include <stdlib.h>

#include "base/ban.h"

/* A finding without a key is a flaw of its own. */
static bool is_same_flaw(const struct fact *a, const struct fact *b)
{
	return a->finding.flaw.len > 0 && slice_eq(a->finding.flaw, b->finding.flaw);
}

static uint64_t count_flaws(struct facts f)
{
	uint64_t n = 0;

	for (size_t i = 0; i < f.n; i++)
		n += i == 0 || !is_same_flaw(f.at[i - 1], f.at[i]);
	return n;
}

/* True when flaws / looked_at > allowed / 100: so many of so many things fail the item. */
static bool is_too_many(const struct item_fail *f, const struct claim_row *row)
{
	size_t flaws = 0, allowed = 0;

	if (row->flaws == 0)
		return false;
	if (f->of.len == 0 || !size_mul(row->flaws, 100, &flaws))
		return true;
	return size_mul(f->allowed_percent, row->looked_at, &allowed) && flaws > allowed;
}

static enum err fill_row(const struct item_fail *f, struct facts found, size_t item,
			 struct claim_row *row, struct arena *a)
{
	struct claim *claims = NULL;

	if (!is_too_many(f, row))
		return OK;
	claims = arena_array(a, row->flaws, sizeof *claims);
	if (!claims)
		return E_NOMEM;
	for (size_t i = 0; i < found.n; i++) {
		if (i > 0 && is_same_flaw(found.at[i - 1], found.at[i]))
			continue;
		claims[row->claims_n++] = (struct claim){
			.item = item, .flaw = found.at[i]->finding.flaw, .fact = found.at[i]};
	}
	row->claims = claims;
	return OK;
}

static enum err fill_candidate(const struct sheet *s, const struct evidence *e, struct candidate *c,
			       struct arena *a)
{
	const struct item *item = c->item;

	c->rows = arena_array(a, item->fails_n, sizeof *c->rows);
	if (!c->rows)
		return E_NOMEM;
	for (size_t i = 0; i < item->fails_n; i++) {
		const struct item_fail *f = &item->fails[i];
		struct facts found = evidence_findings(e, f->rule);

		c->rows[i].flaws = count_flaws(found);
		c->rows[i].looked_at = evidence_cover(e, item, f->of).seen;

		enum err err = fill_row(f, found, (size_t)(item - s->items), &c->rows[i], a);

		if (err)
			return err;
	}
	return OK;
}

/* A claim with the rank of its item, so that sorting needs nothing else. */
struct ranked {
	struct claim *claim;
	size_t rank;
};

static int ranked_cmp(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int d = slice_cmp(x->claim->flaw, y->claim->flaw);

	if (d == 0)
		d = (x->rank > y->rank) - (x->rank < y->rank);
	return d;
}

/* Owners come before those they take a flaw from, so that one look back is enough. */
static void assign(struct ranked *same, size_t n, const struct owner_order *order)
{
	for (size_t i = 1; i < n; i++) {
		struct claim *c = same[i].claim;

		for (size_t j = 0; j < i && !c->owned_by; j++) {
			const struct claim *o = same[j].claim;

			if (owner_before(order, o->item, c->item))
				c->owned_by = o->owned_by ? o->owned_by : o;
		}
	}
}

static void assign_all(struct ranked *all, size_t n, const struct owner_order *order)
{
	qsort(all, n, sizeof *all, ranked_cmp);
	for (size_t from = 0, to = 0; from < n; from = to) {
		struct slice flaw = all[from].claim->flaw;

		while (to < n && slice_eq(all[to].claim->flaw, flaw))
			to++;
		if (flaw.len > 0)
			assign(&all[from], to - from, order);
	}
}

static size_t count_claims(const struct candidate *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->item->fails_n; i++)
		n += c->rows[i].claims_n;
	return n;
}

enum err claims_make(const struct sheet *s, const struct evidence *e, struct candidate *all,
		     size_t n, struct arena *a)
{
	struct owner_order order;
	struct ranked *ranked = NULL;
	size_t total = 0, at = 0;
	enum err err = owner_order_make(s, a, &order);

	for (size_t i = 0; i < n && err == OK; i++) {
		err = fill_candidate(s, e, &all[i], a);
		total += err ? 0 : count_claims(&all[i]);
	}
	if (err)
		return err;
	ranked = arena_array(a, total, sizeof *ranked);
	if (!ranked)
		return E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		for (size_t r = 0; r < all[i].item->fails_n; r++) {
			struct claim_row *row = &all[i].rows[r];

			for (size_t c = 0; c < row->claims_n; c++)
				ranked[at++] = (struct ranked){
					.claim = &row->claims[c],
					.rank = order.rank[row->claims[c].item],
				};
		}
	}
	assign_all(ranked, total, &order);
	return OK;
}

size_t claims_owned(const struct claim_row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->claims_n; i++)
		n += row->claims[i].owned_by == NULL;
	return n;
}
