// SPDX-License-Identifier: Apache-2.0
// The verdict of one item: what fails it, what was looked at, whether it applies; the gravest wins.

#include "sheet/evaluate.h"

#include "base/ban.h"

/* A verdict in the making. */
struct weigh {
	const struct sheet *sheet;
	const struct evidence *evidence;
	const struct item *item;
	bool has_flaws; /* any was found, whoever counts it */
	struct reason *because;
	size_t n, room;
};

static void note(struct weigh *w, struct reason r)
{
	/* One need may ask for less of a subject than another: say the same thing once. */
	for (size_t i = 0; r.fact == NULL && i < w->n; i++)
		if (w->because[i].kind == r.kind && slice_eq(w->because[i].subject, r.subject))
			return;
	if (w->n < w->room)
		w->because[w->n++] = r;
}

/* --- flaws --- */

static void note_claim(struct weigh *w, const struct claim *c, uint64_t nth, uint64_t all)
{
	struct reason r = {.kind = WHY_FINDING, .a = nth, .b = all, .fact = c->fact};

	if (c->owned_by) {
		r.kind = WHY_COUNTED_ELSEWHERE;
		r.subject = w->sheet->items[c->owned_by->item].id;
	}
	note(w, r);
}

/* The flaws the item counts itself, or those counted elsewhere. */
static void note_claims(struct weigh *w, const struct candidate *c, bool is_own, uint64_t all)
{
	uint64_t nth = 0;

	for (size_t r = 0; r < w->item->fails_n; r++) {
		const struct claim_row *row = &c->rows[r];

		for (size_t i = 0; i < row->claims_n && nth < LIMIT_REASONS; i++)
			if ((row->claims[i].owned_by == NULL) == is_own)
				note_claim(w, &row->claims[i], ++nth, all);
	}
}

static enum verdict weigh_flaws(struct weigh *w, const struct candidate *c)
{
	uint64_t own = 0, elsewhere = 0;

	for (size_t r = 0; r < w->item->fails_n; r++) {
		const struct claim_row *row = &c->rows[r];
		size_t mine = claims_owned(row);

		own += mine;
		elsewhere += row->claims_n - mine;
		w->has_flaws |= row->flaws > 0;
		if (row->flaws > 0 && row->claims_n == 0)
			note(w, (struct reason){.kind = WHY_TOLERATED,
						.subject = w->item->fails[r].of,
						.a = row->flaws,
						.b = row->looked_at});
	}
	note_claims(w, c, true, own);
	note_claims(w, c, false, elsewhere);
	return own > 0 ? V_FAIL : V_PASS;
}

/* --- coverage --- */

static enum verdict weigh_skips(struct weigh *w, const struct item_need *n, const struct cover *c)
{
	size_t most = c->skips.n < LIMIT_REASONS ? c->skips.n : LIMIT_REASONS;

	if (c->skips.n == 0)
		return V_PASS;
	for (size_t i = 0; i < most; i++)
		note(w, (struct reason){.kind = WHY_SKIPPED,
					.subject = n->subject,
					.a = i + 1,
					.b = c->skips.n,
					.fact = c->skips.at[i]});
	/* What could not be read is no flaw of the product by itself. */
	return n->below == V_FAIL ? V_INCONCLUSIVE : n->below;
}

static enum verdict weigh_share(struct weigh *w, const struct item_need *n, const struct cover *c)
{
	struct reason why = {
		.kind = WHY_NOT_COVERED, .subject = n->subject, .a = c->seen, .b = c->total};
	enum verdict v = n->below;

	if (!c->is_spoken_of) {
		why.kind = WHY_NO_COVERAGE;
		v = V_UNTESTED;
	} else if (c->total == 0) {
		why.kind = n->may_be_empty ? WHY_COVERED : WHY_NONE_FOUND;
		v = n->may_be_empty ? V_PASS : V_UNTESTED;
	} else if (share_reached(c->seen, c->total, n->percent)) {
		why.kind = WHY_COVERED;
		v = V_PASS;
	}
	note(w, why);
	return v;
}

static enum verdict graver(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

static enum verdict weigh_needs(struct weigh *w, bool *absence_holds)
{
	enum verdict all = V_PASS;
	bool is_withheld = false;

	*absence_holds = true;
	for (size_t i = 0; i < w->item->needs_n; i++) {
		const struct item_need *n = &w->item->needs[i];
		struct cover c = evidence_cover(w->evidence, w->item, n->subject);
		enum verdict v = graver(weigh_share(w, n, &c), weigh_skips(w, n, &c));

		if (v != V_PASS && n->even_if_absent)
			*absence_holds = false;
		if (v == V_UNTESTED && n->below == V_UNTESTED)
			is_withheld = true;
		all = graver(all, v);
	}
	return is_withheld ? V_UNTESTED : all;
}

/* The first reason not to apply that the record proves; NULL when there is none. Where a flaw was
 * found, the thing exists. */
static const struct item_na *absence(const struct weigh *w)
{
	for (size_t i = 0; i < w->item->na_n && !w->has_flaws; i++) {
		const struct item_na *na = &w->item->na[i];
		struct cover c = evidence_cover(w->evidence, w->item, na->absent);

		if (na->absent.len > 0 && c.is_spoken_of && c.total == 0 && c.skips.n == 0)
			return na;
	}
	return NULL;
}

static void drop(struct weigh *w, enum reason_kind kind)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->because[i].kind != kind)
			w->because[kept++] = w->because[i];
	w->n = kept;
}

/* What was covered is a reason to pass, and none for anything graver. */
static enum verdict weigh_coverage(struct weigh *w)
{
	bool absence_holds = false;
	enum verdict v = weigh_needs(w, &absence_holds);
	const struct item_na *na = absence(w);

	if (na && absence_holds && v <= V_UNTESTED) {
		drop(w, WHY_NO_COVERAGE);
		drop(w, WHY_NOT_COVERED);
		drop(w, WHY_NONE_FOUND);
		note(w, (struct reason){.kind = WHY_ABSENT, .subject = na->absent});
		return V_NA;
	}
	if (v != V_PASS)
		drop(w, WHY_COVERED);
	return v;
}

/* --- all of it --- */

static size_t reasons_at_most(const struct candidate *c)
{
	const struct item *item = c->item;
	/* Findings, findings counted elsewhere, skips of every need; then single ones. */
	return (2 + item->needs_n) * LIMIT_REASONS + item->fails_n + item->needs_n + 2;
}

static enum verdict weigh_all(struct weigh *w, const struct candidate *c)
{
	enum verdict flaws = weigh_flaws(w, c), rest = V_UNTESTED;

	if (w->item->decided_by == BY_MANUAL)
		note(w, (struct reason){.kind = WHY_MANUAL});
	else
		rest = weigh_coverage(w);
	if (flaws == V_FAIL) {
		drop(w, WHY_COVERED);
		drop(w, WHY_ABSENT);
		drop(w, WHY_MANUAL);
		return V_FAIL;
	}
	return rest;
}

enum err evaluate(const struct sheet *s, const struct evidence *e, const struct candidate *c,
		  struct arena *a, struct item_result *out)
{
	struct weigh w = {.sheet = s, .evidence = e, .item = c->item, .room = reasons_at_most(c)};
	struct item_result r = {.item = c->item, .verdict = V_UNTESTED};
	struct reason *kept = NULL;
	struct arena scratch;

	arena_init(&scratch, LIMIT_SHEET_BYTES);
	w.because = arena_array(&scratch, w.room, sizeof *w.because);
	if (w.because) {
		r.verdict = weigh_all(&w, c);
		kept = arena_array(a, w.n, sizeof *kept);
	}
	for (size_t i = 0; kept && i < w.n; i++)
		kept[i] = w.because[i];
	arena_release(&scratch);
	r.because = kept;
	r.because_n = w.n;
	if (kept)
		*out = r;
	return kept ? OK : E_NOMEM;
}
