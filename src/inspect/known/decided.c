// SPDX-License-Identifier: Apache-2.0
// Decisions (VEX) on the outcomes of matching. Words are those of OpenVEX 0.2.0.

#include "inspect/known/match.h"

#include "base/ban.h"

enum { REASON_BYTES = 8192, LOOKED_AT_MAX = 1024, SCRATCH_BYTES = 4 * 1024 * 1024 };

/* The classes of reason for "not affected". */
static const char *const justifications[] = {
	"component_not_present",
	"vulnerable_code_not_present",
	"vulnerable_code_not_in_execute_path",
	"vulnerable_code_cannot_be_controlled_by_adversary",
	"inline_mitigations_already_exist",
};

static bool has_class(const struct decision *d)
{
	for (size_t i = 0; i < ARRAY_LEN(justifications); i++)
		if (slice_is(d->justification, justifications[i]))
			return true;
	return false;
}

bool decision_is_justified(const struct decision *d)
{
	return has_class(d) && text_trim(d->statement).len && text_trim(d->author).len;
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

/* --- of which component it speaks --- */

static bool is_version(struct slice wanted, const struct component *c, struct slice other)
{
	return wanted.len == 0 || slice_eq(wanted, c->version) || slice_eq(wanted, other);
}

static bool is_of_purl(struct arena *a, struct slice product, const struct component *c)
{
	struct purl_parts want = {0}, have = {0};

	if (!purl_parts_read(a, product, &want) || !purl_parts_read(a, c->purl, &have))
		return false;
	return slice_eq(want.type, have.type) && slice_eq(want.space, have.space) &&
	       slice_eq(want.name, have.name) && is_version(want.version, c, have.version);
}

static bool is_of_cpe(struct arena *a, struct slice product, const struct component *c)
{
	struct cpe_key want, have;

	cpe_key_read(a, product, &want);
	cpe_key_read(a, c->cpe, &have);
	return want.key.len && slice_eq(want.key, have.key) &&
	       is_version(want.version, c, have.version);
}

static bool is_of_name(struct slice product, const struct component *c)
{
	struct slice version = product, name = {0};

	if (!text_field(&version, '@', &name) || !slice_eq(name, c->name))
		return false;
	return is_version(version, c, (struct slice){0});
}

static bool speaks_of(struct arena *a, const struct decision *d, const struct subject *s)
{
	if (d->product.len == 0)
		return true;
	for (size_t i = 0; i < s->sightings_n && i < LOOKED_AT_MAX; i++) {
		const struct component *c = &s->sightings[i]->component;

		if (slice_starts(d->product, "pkg:")   ? is_of_purl(a, d->product, c)
		    : slice_starts(d->product, "cpe:") ? is_of_cpe(a, d->product, c)
						       : is_of_name(d->product, c))
			return true;
	}
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
	struct arena scratch;

	arena_init(&scratch, SCRATCH_BYTES);
	for (size_t i = from; i < m->decisions.n && i - from < LOOKED_AT_MAX; i++) {
		const struct decision *d = &m->decisions.list[i]->decision;

		if (!slice_eq(d->id, o->fact.id))
			break;
		if (!speaks_of(&scratch, d, o->subject))
			continue;
		if (d->status == VEX_AFFECTED) {
			affected = d;
			o->is_planned |= is_plan(m, d);
		} else if (d->status == VEX_FIXED ||
			   (d->status == VEX_NOT_AFFECTED && has_class(d))) {
			cleared = d;
		}
	}
	arena_release(&scratch);
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
		buf_add(&b, d->id);
		buf_byte(&b, ' ');
		decision_write(d, &b);
		tell_finding(m, "vex-unjustified", 0,
			     arena_print(m->arena, "vex:%.*s:%.*s", (int)d->id.len,
					 (const char *)d->id.ptr, (int)d->product.len,
					 (const char *)d->product.ptr),
			     buf_slice(&b));
		buf_release(&b);
	}
	tell_coverage(m, "not-affected-decisions", claims, claims);
}
