// SPDX-License-Identifier: Apache-2.0
// What each source says of each advisory on the products of a subject.

#include "inspect/known/match.h"

#include <string.h>

#include "base/ban.h"

/* The claims of one advisory on one product, source by source. */
struct reading {
	const struct asked *asked;
	struct said said[SOURCE_N];
	size_t n;
};

/* Software that a device of our kind may run on or under; other targets are other products. */
static const char *const targets_ours[] = {"linux",    "linux_kernel", "unix", "posix",
					   "embedded", "openwrt",      "iot"};

static bool is_our_target(struct slice value, struct slice target_sw)
{
	for (size_t i = 0; i < ARRAY_LEN(targets_ours); i++)
		if (slice_is(value, targets_ours[i]))
			return true;
	return target_sw.len && slice_eq(value, target_sw);
}

/* "target_sw=wordpress,edition=enterprise": only a stranger's target_sw excludes. */
static bool is_qualified(struct slice qualifier, struct slice target_sw)
{
	struct slice pair, key;

	while (text_field(&qualifier, ',', &pair))
		if (text_field(&pair, '=', &key) && slice_is(key, "target_sw") &&
		    !is_our_target(pair, target_sw))
			return false;
	return true;
}

static struct said *said_of(struct reading *r, enum source source)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->said[i].source == source)
			return &r->said[i];
	r->said[r->n] = (struct said){.source = source};
	return &r->said[r->n++];
}

/* Our version is not below the one at that rank. */
static bool is_at_least(const struct asked *a, uint32_t rank)
{
	return a->at.rank > rank || (a->at.rank == rank && a->at.is_exact);
}

/* A distribution's range that ends at or before our revision was mended in it. */
static bool is_past(const struct asked *a, const struct feed_claim *c)
{
	if (c->high == FEED_OPEN)
		return false;
	return c->high_excluded ? is_at_least(a, c->high) : a->at.rank > c->high;
}

/* Which claim a source is quoted with: the one that decides, else the last. */
static void show(struct said *s, const struct feed_claim *c, bool decides)
{
	if (decides || !(s->holds || s->is_conditional || s->is_fixed || s->is_behind))
		s->shown = *c;
}

static void take_fixed(struct said *s, const struct asked *a, const struct feed_claim *c)
{
	bool has_fix = a->is_versioned && (c->low == FEED_OPEN || is_at_least(a, c->low));

	s->has_range = true;
	show(s, c, true);
	s->is_fixed |= has_fix;
	s->is_behind |= a->is_versioned && !has_fix;
}

static void take_affected(struct said *s, const struct asked *a, const struct feed_claim *c)
{
	bool holds = false;

	if (c->kind == CLAIM_ANY || c->kind == CLAIM_NONE) {
		s->has_any |= c->kind == CLAIM_ANY;
		s->has_none |= c->kind == CLAIM_NONE;
		if (!s->has_range)
			show(s, c, false);
		return;
	}
	holds = a->is_versioned && feed_claim_holds(c, a->at);
	if (holds && !s->holds)
		show(s, c, true);
	else if (!holds)
		show(s, c, false);
	s->has_range = true;
	if (holds && c->condition.len && !(a->is_own && own_meets(a->product.key, c->condition)))
		s->is_conditional = true;
	else if (holds)
		s->holds = true;
	else if (a->is_package && a->is_versioned && is_past(a, c))
		s->is_fixed = true;
}

static void take_claim(struct reading *r, const struct feed_claim *c)
{
	const struct asked *a = r->asked;
	struct said *s = NULL;

	if ((unsigned)c->source >= SOURCE_N ||
	    (c->qualifier.len && !is_qualified(c->qualifier, a->target_sw)))
		return;
	s = said_of(r, c->source);
	if (c->effect == EFFECT_FIXED)
		take_fixed(s, a, c);
	else if (c->effect == EFFECT_AFFECTED)
		take_affected(s, a, c);
	else if (c->kind == CLAIM_ANY || (a->is_versioned && feed_claim_holds(c, a->at)))
		s->is_hole = true;
}

/* A source that says our version is not affected does not mean it with its wider range. */
static bool settle(struct reading *r)
{
	bool matters = false;

	for (size_t i = 0; i < r->n; i++) {
		struct said *s = &r->said[i];

		if (s->is_hole) {
			s->holds = s->is_conditional = false;
			s->has_any = s->has_none = false;
		}
		if (s->holds)
			s->is_fixed = false;
		matters |= s->holds || s->is_conditional || s->is_fixed || s->is_behind ||
			   s->has_any || s->has_none || (s->is_hole && r->asked->is_package) ||
			   (!r->asked->is_versioned && s->has_range);
	}
	return matters;
}

static enum err grow(struct statements *all, struct arena *a)
{
	size_t want = all->cap ? all->cap * 2 : 256;
	struct statement *p = NULL;

	if (all->n < all->cap)
		return OK;
	p = arena_array(a, want, sizeof *p);
	if (!p)
		return E_NOMEM;
	if (all->n)
		memcpy(p, all->list, all->n * sizeof *p);
	all->list = p;
	all->cap = want;
	return OK;
}

static enum err keep(struct reading *r, uint32_t advisory, struct arena *a, struct statements *all)
{
	struct said *said = NULL;

	if (!settle(r))
		return OK;
	said = arena_array(a, r->n, sizeof *said);
	if (!said || grow(all, a) != OK)
		return E_NOMEM;
	for (size_t i = 0; i < r->n; i++)
		said[i] = r->said[i];
	all->list[all->n++] = (struct statement){
		.advisory = advisory, .asked = r->asked, .said = said, .said_n = r->n};
	return OK;
}

static enum err read_product(struct match *m, const struct asked *asked, struct arena *a,
			     struct statements *all)
{
	struct feed_claims cursor = {0};
	struct feed_claim c;
	struct reading r = {.asked = asked};
	uint32_t advisory = 0;
	enum err e = OK, kept = OK;

	while ((e = feed_claim_next(m->feed, &asked->product, &cursor, &c)) == OK) {
		if (r.n && c.advisory != advisory) {
			kept = keep(&r, advisory, a, all);
			r.n = 0;
		}
		if (kept)
			return kept;
		advisory = c.advisory;
		take_claim(&r, &c);
	}
	if (e != E_END)
		return e;
	return r.n ? keep(&r, advisory, a, all) : OK;
}

static int statement_cmp(const void *a, const void *b, const void *context)
{
	const struct statement *x = a, *y = b;

	(void)context;
	if (x->advisory != y->advisory)
		return x->advisory < y->advisory ? -1 : 1;
	return (x->asked > y->asked) - (x->asked < y->asked);
}

static enum err statements_sort(struct statements *all, struct arena *a)
{
	struct statement *scratch = arena_array(a, all->n + 1, sizeof *scratch);

	if (!scratch)
		return E_NOMEM;
	sort_runs(all->list, scratch, all->n, sizeof *scratch, statement_cmp, NULL);
	return OK;
}

enum err statements_make(struct match *m, const struct subject *s, struct arena *a,
			 struct statements *out)
{
	enum err e = OK;

	*out = (struct statements){0};
	for (size_t i = 0; i < s->asked_n && e == OK; i++)
		e = read_product(m, &s->asked[i], a, out);
	/* Those of one product come in order: there are as many runs as products. */
	if (e == OK && s->asked_n > 1)
		e = statements_sort(out, a);
	return e;
}
