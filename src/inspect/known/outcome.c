// SPDX-License-Identifier: Apache-2.0
// One advisory on one component: status, severity, reason; and the order in which they are shown.

#include "inspect/known/match.h"

#include <string.h>

#include "base/ban.h"

enum { REASON_BYTES = 4096 };

/* Above every product of a probability in millionths and a score in tenths. */
#define WEIGHT_OPEN      (UINT64_C(1) << 63)
#define WEIGHT_EXPLOITED (UINT64_C(1) << 62)

/* --- status --- */

/* What one source's word comes to. */
static enum vuln_status status_of(const struct asked *a, const struct said *s)
{
	if (s->holds || s->is_behind)
		return VULN_AFFECTED;
	if (s->is_conditional)
		return VULN_CONDITIONAL;
	if (!a->is_versioned && s->has_range && !s->is_hole)
		return VULN_VERSION_UNKNOWN;
	if (s->has_any || s->has_none)
		return VULN_NO_RANGE;
	return VULN_STATUS_N; /* it says that ours is not among them */
}

/* A distribution's word on its own package counts before what upstream's version lets expect. */
static enum vuln_status status_of_package(const struct statement *all, size_t n)
{
	enum vuln_status worst = VULN_STATUS_N;
	bool is_fixed = false, is_hole = false;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].said_n && all[i].asked->is_package; k++) {
			const struct said *s = &all[i].said[k];
			enum vuln_status v = status_of(all[i].asked, s);

			worst = v < worst ? v : worst;
			is_fixed |= s->is_fixed;
			is_hole |= s->is_hole && !s->has_range;
		}
	if (worst != VULN_STATUS_N)
		return worst;
	if (is_fixed)
		return VULN_FIXED_BY_BACKPORT;
	return is_hole ? VULN_NOT_AFFECTED : VULN_STATUS_N;
}

static enum vuln_status status_of_all(const struct statement *all, size_t n)
{
	enum vuln_status worst = status_of_package(all, n);

	if (worst == VULN_FIXED_BY_BACKPORT || worst == VULN_NOT_AFFECTED)
		return worst;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].said_n; k++) {
			enum vuln_status v = status_of(all[i].asked, &all[i].said[k]);

			worst = v < worst ? v : worst;
		}
	return worst;
}
_Static_assert(VULN_AFFECTED == 0 && VULN_NO_RANGE < VULN_FIXED_BY_BACKPORT, "worst first");

/* --- severity --- */

/* CVSS 3.1, 5; for CVSS 2 the bands that NVD gave it, which end at high. */
static enum rating rating_of(unsigned score, enum cvss_version v)
{
	if (score == 0)
		return RATING_NONE;
	if (score < 40)
		return RATING_LOW;
	if (score < 70)
		return RATING_MEDIUM;
	return score < 90 || v == CVSS_V2 ? RATING_HIGH : RATING_CRITICAL;
}

static void set_severity(const struct feed_advisory *a, struct vulnerability *v)
{
	static const enum cvss_version order[] = {CVSS_V4, CVSS_V3, CVSS_V2};
	static const char *const name[CVSS_N] = {
		[CVSS_V2] = "CVSS:2.0", [CVSS_V3] = "CVSS:3", [CVSS_V4] = "CVSS:4.0"};

	v->severity = RATING_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		const struct cvss *c = &a->cvss[order[i]];

		if (c->score > 100)
			continue;
		v->severity = rating_of(c->score, order[i]);
		v->cvss = c->score;
		v->vector = c->vector.len ? c->vector : slice_text(name[order[i]]);
		return;
	}
}

/* --- one outcome --- */

/* Empty, for one reason: most are the length of the one before. */
static struct buf *scratch_of(struct match *m)
{
	buf_clear(&m->scratch);
	m->scratch.ceiling = REASON_BYTES;
	return &m->scratch;
}

static struct slice text_of(struct match *m, const struct buf *b)
{
	struct slice out = {0};

	if (arena_copy(m->arena, buf_slice(b), &out) != OK)
		return (struct slice){0};
	return out;
}

/* "nvd, openssl": those by whose word it has its status. */
static struct slice sources_of(struct match *m, const struct statement *all, size_t n,
			       enum vuln_status status)
{
	unsigned seen = 0;
	struct buf *b = scratch_of(m);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].said_n; k++) {
			const struct said *s = &all[i].said[k];
			bool says = status_of(all[i].asked, s) == status ||
				    (status == VULN_FIXED_BY_BACKPORT && s->is_fixed) ||
				    (status == VULN_NOT_AFFECTED && s->is_hole);

			if (!says || (seen & 1u << s->source))
				continue;
			seen |= 1u << s->source;
			if (b->len)
				buf_text(b, ", ");
			buf_text(b, source_name(s->source));
		}
	return text_of(m, b);
}
_Static_assert(SOURCE_N <= 32, "a bit each");

static void set_reason(struct match *m, const struct statement *all, size_t n,
		       const struct feed_advisory *a, struct vulnerability *v)
{
	struct buf *b = scratch_of(m);

	reasoning_write(m, all, n, b);
	if (a->flags & ADVISORY_DISPUTED)
		buf_text(b, "; disputed");
	v->because = text_of(m, b);
}

/* The product by whose statement it has its status. */
static struct slice product_key_of(const struct statement *all, size_t n, enum vuln_status status)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].said_n; k++)
			if (status_of(all[i].asked, &all[i].said[k]) == status)
				return all[i].asked->product.key;
	return all[0].asked->product.key;
}

static enum err append(struct match *m, struct outcome *o)
{
	if (m->outcomes_n == m->outcomes_cap) {
		size_t want = m->outcomes_cap ? m->outcomes_cap * 2 : 1024;
		struct outcome **p = arena_array(m->arena, want, sizeof *p);

		if (!p)
			return E_NOMEM;
		if (m->outcomes_n)
			memcpy(p, m->outcomes, m->outcomes_n * sizeof *p);
		m->outcomes = p;
		m->outcomes_cap = want;
	}
	m->outcomes[m->outcomes_n++] = o;
	return OK;
}

static bool is_japanese_alone(const struct feed_advisory *a)
{
	return slice_starts(a->id, "JVN");
}

/* What is not built into the kernel cannot be reached. */
static void apply_build(struct match *m, uint32_t advisory, struct outcome *o)
{
	struct buf why;

	if (!o->subject->is_kernel || o->fact.status > VULN_NO_RANGE)
		return;
	buf_init(&why, REASON_BYTES);
	if (build_lacks(m, advisory, &why)) {
		o->fact.status = VULN_NOT_AFFECTED;
		buf_text(&why, "; ");
		buf_add(&why, o->fact.because);
		o->fact.because = text_of(m, &why);
	}
	buf_release(&why);
}

static enum err outcome_fill(struct match *m, const struct statement *all, size_t n,
			     const struct feed_advisory *a, struct outcome *o)
{
	struct vulnerability *v = &o->fact;
	const struct subject *s = o->subject;

	v->id = a->id;
	v->component = s->name;
	v->version = s->version;
	v->artifact = s->artifact;
	v->product = product_key_of(all, n, v->status);
	if (a->flags & ADVISORY_KEV)
		v->kev = a->kev_added ? day_text(m->arena, a->kev_added) : slice_text("listed");
	v->epss_ppm = a->epss_ppm == UINT32_MAX ? 0 : a->epss_ppm;
	if (a->published)
		v->published = day_text(m->arena, a->published);
	v->sources = sources_of(m, all, n, v->status);
	set_severity(a, v);
	set_reason(m, all, n, a, v);
	o->published = a->published;
	o->is_japanese = is_japanese_alone(a);
	return reasoning_fix(m, all, n, &v->fixed_in);
}

/* What is open comes before what is settled; then the exploited, then the likely and grave. */
static uint64_t weight_of(const struct vulnerability *v)
{
	return v->epss_ppm * v->cvss | (v->status <= VULN_NO_RANGE ? WEIGHT_OPEN : 0) |
	       (v->kev.len ? WEIGHT_EXPLOITED : 0);
}

enum err outcome_add(struct match *m, struct subject *s, const struct statement *all, size_t n)
{
	enum vuln_status status = status_of_all(all, n);
	struct outcome *o = NULL;
	struct feed_advisory a;
	enum err e = OK;

	if (status == VULN_STATUS_N)
		return OK;
	if (m->outcomes_n >= LIMIT_KNOWN_RESULTS) {
		m->left_out++;
		return OK;
	}
	e = feed_advisory(m->feed, all[0].advisory, &a);
	if (e || (a.flags & ADVISORY_REJECTED))
		return e;
	o = arena_alloc(m->arena, sizeof *o);
	if (!o)
		return E_NOMEM;
	o->subject = s;
	o->fact.status = status;
	e = outcome_fill(m, all, n, &a, o);
	if (e)
		return e;
	apply_build(m, all[0].advisory, o);
	decisions_apply(m, o);
	o->weight = weight_of(&o->fact);
	return append(m, o);
}

/* --- order --- */

static int compare(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b); /* larger first */
}

/* By weight, then grave. */
static int outcome_cmp(const void *a, const void *b, const void *context)
{
	const struct outcome *x = *(const struct outcome *const *)a;
	const struct outcome *y = *(const struct outcome *const *)b;
	const struct vulnerability *v = &x->fact, *w = &y->fact;
	int d = compare(x->weight, y->weight);

	(void)context;
	if (d == 0)
		d = compare(v->cvss, w->cvss);
	if (d == 0)
		d = slice_cmp(v->id, w->id);
	if (d == 0)
		d = slice_cmp(v->component, w->component);
	return d ? d : slice_cmp(v->version, w->version);
}

enum err outcomes_sort(struct match *m)
{
	size_t kept = 0;
	struct outcome **scratch = arena_array(m->arena, m->outcomes_n + 1, sizeof *scratch);

	if (!scratch)
		return E_NOMEM;
	sort_runs(m->outcomes, scratch, m->outcomes_n, sizeof *m->outcomes, outcome_cmp, NULL);
	/* A kernel whose version is not known would be listed with all there ever was: the worst
	 * are enough to see that. */
	for (size_t i = 0; i < m->outcomes_n; i++) {
		struct outcome *o = m->outcomes[i];

		if (o->fact.status == VULN_VERSION_UNKNOWN &&
		    o->subject->unknown_n++ >= LIMIT_KNOWN_UNKNOWN)
			continue;
		m->outcomes[kept++] = o;
	}
	m->outcomes_n = kept;
	return OK;
}
