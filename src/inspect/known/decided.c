// SPDX-License-Identifier: Apache-2.0
// Decisions (VEX) on the outcomes of matching. Words are those of OpenVEX 0.2.0.

#include "inspect/known/match.h"

#include "base/ban.h"

enum { REASON_BYTES = 8192, LOOKED_AT_MAX = 1024 };

bool decision_is_justified(const struct decision *d)
{
	return vex_is_justification(d->justification) && text_trim(d->statement).len &&
	       text_trim(d->author).len;
}

static int decision_cmp(const void *a, const void *b, const void *context)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;
	int d = slice_cmp(x->decision.id, y->decision.id);

	(void)context;
	return d ? d : (x > y) - (x < y);
}

enum err decisions_make(struct match *m)
{
	const struct fact *f = NULL;
	size_t n = 0, at = 0;

	while (record_next(m->record, FACT_DECISION, &at))
		n++;
	m->decisions.list = arena_array(m->arena, n + 1, sizeof *m->decisions.list);
	if (!m->decisions.list)
		return E_NOMEM;
	for (at = 0; (f = record_next(m->record, FACT_DECISION, &at));)
		m->decisions.list[m->decisions.n++] = f;
	sort_items(m->decisions.list, n, sizeof *m->decisions.list, decision_cmp, NULL);
	return OK;
}

static bool speaks_of(const struct match *m, const struct decision *d, const struct subject *s)
{
	const struct target *t = record_target(m->record);

	if (t && product_is_target(d->product, t))
		return true;
	for (size_t i = 0; i < s->sightings_n && i < LOOKED_AT_MAX; i++)
		if (product_covers(d->product, &s->sightings[i]->component))
			return true;
	return false;
}

/* --- what follows from it --- */

/* A plan has an action, somebody who is to do it, and a date that has not passed. */
static bool is_plan(const struct match *m, const struct decision *d)
{
	uint64_t due = 0;

	return text_trim(d->statement).len && text_trim(d->author).len && day_read(d->date, &due) &&
	       due >= m->today;
}

static void decision_write(const struct decision *d, struct buf *out)
{
	const struct slice parts[] = {d->justification, d->statement, d->author, d->date,
				      d->source};

	buf_text(out, "vex ");
	buf_text(out, vex_status_name(d->status));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (parts[i].len == 0)
			continue;
		buf_text(out, i ? ", " : " ");
		buf_add(out, slice_head(parts[i], LIMIT_EVIDENCE_BYTES));
	}
}

static void quote(struct match *m, const struct decision *d, struct outcome *o)
{
	struct buf b;
	struct slice all = {0};

	buf_init(&b, REASON_BYTES);
	decision_write(d, &b);
	buf_text(&b, "; ");
	buf_add(&b, o->fact.because);
	if (arena_copy(m->arena, buf_slice(&b), &all) == OK)
		o->fact.because = all;
	buf_release(&b);
}

/* Where decisions contradict each other, the one that says "affected" holds. */
static void follow(struct match *m, const struct decision *affected, const struct decision *cleared,
		   struct outcome *o)
{
	if (affected) {
		quote(m, affected, o);
		return;
	}
	if (!cleared || o->fact.status > VULN_NO_RANGE)
		return;
	quote(m, cleared, o);
	o->fact.status = cleared->status == VEX_FIXED ? VULN_FIXED_BY_BACKPORT : VULN_NOT_AFFECTED;
}

static size_t first_of(const struct decisions *all, struct slice id)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (slice_cmp(all->list[mid]->decision.id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void decisions_apply(struct match *m, struct outcome *o)
{
	const struct decision *affected = NULL, *cleared = NULL;
	size_t from = first_of(&m->decisions, o->fact.id);

	for (size_t i = from; i < m->decisions.n && i - from < LOOKED_AT_MAX; i++) {
		const struct decision *d = &m->decisions.list[i]->decision;

		if (!slice_eq(d->id, o->fact.id))
			break;
		if (!speaks_of(m, d, o->subject))
			continue;
		if (d->status == VEX_AFFECTED) {
			affected = d;
			o->is_planned |= is_plan(m, d);
		} else if (d->status == VEX_FIXED || (d->status == VEX_NOT_AFFECTED &&
						      vex_is_justification(d->justification))) {
			cleared = d;
		}
	}
	follow(m, affected, cleared, o);
}

/* Every not-affected claim, and those without class of reason, evidence or reviewer. */
void decisions_tell(struct match *m)
{
	uint64_t claims = 0;

	for (size_t i = 0; i < m->decisions.n; i++) {
		const struct decision *d = &m->decisions.list[i]->decision;

		if (d->status != VEX_NOT_AFFECTED)
			continue;
		claims++;
		if (decision_is_justified(d))
			continue;

		struct buf b;

		buf_init(&b, REASON_BYTES);
		decision_write(d, &b);
		tell_finding(m, "vex-unjustified", 0,
			     arena_print(m->arena, "vex:%.*s:%.*s", (int)d->id.len,
					 (const char *)d->id.ptr, (int)d->product.len,
					 (const char *)d->product.ptr),
			     SAY(m->arena, SAY_DECISION_BARE, d->id, buf_slice(&b)));
		buf_release(&b);
	}
	tell_coverage(m, "not-affected-decisions", claims, claims);
}
