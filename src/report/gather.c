// SPDX-License-Identifier: Apache-2.0
// Facts put together for reading: findings by rule, components by name, coverage by subject.

#include "report/view.h"

#include <stdlib.h>

#include "base/ban.h"

/* A fact and the number that leads its order. */
struct entry {
	const struct fact *fact;
	uint64_t lead;
};

struct entries {
	struct entry *e;
	const struct fact **facts; /* the same, sorted */
	size_t n;
};

static int order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Facts of a record lie in one array, so their addresses are their order. */
static int order_of_record(const struct entry *a, const struct entry *b)
{
	return a->fact < b->fact ? -1 : a->fact > b->fact;
}

static int by_finding(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = order(b->lead, a->lead);

	if (c == 0)
		c = slice_cmp(a->fact->finding.rule, b->fact->finding.rule);
	return c ? c : order_of_record(a, b);
}

static int same_component(const struct fact *a, const struct fact *b)
{
	int c = slice_cmp(a->component.name, b->component.name);

	if (c == 0)
		c = slice_cmp(a->component.version, b->component.version);
	return c ? c : slice_cmp(a->component.purl, b->component.purl);
}

static int by_component(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = same_component(a->fact, b->fact);

	return c ? c : order_of_record(a, b);
}

static struct slice subject_of(const struct fact *f)
{
	return f->kind == FACT_SKIP ? f->skip.subject : f->coverage.subject;
}

static enum method method_of(const struct fact *f)
{
	return f->kind == FACT_SKIP ? f->skip.method : f->coverage.method;
}

static int same_coverage(const struct fact *a, const struct fact *b)
{
	int c = order(method_of(a), method_of(b));

	return c ? c : slice_cmp(subject_of(a), subject_of(b));
}

static int by_coverage(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = same_coverage(a->fact, b->fact);

	if (c == 0)
		c = order(a->fact->kind, b->fact->kind);
	return c ? c : order_of_record(a, b);
}

static uint64_t lead_of(const struct report_view *v, const struct fact *f)
{
	const struct rule *r =
		f->kind == FACT_FINDING ? sheet_rule(v->sheet, f->finding.rule) : NULL;

	return r ? r->severity : 0;
}

static enum err collect(const struct report_view *v, unsigned kinds, struct arena *a,
			struct entries *out, int (*compare)(const void *, const void *))
{
	const struct record *r = v->record;
	struct entries s = {0};

	for (size_t i = 0; i < r->n; i++)
		s.n += kinds >> r->facts[i].kind & 1;
	s.e = arena_array(a, s.n ? s.n : 1, sizeof *s.e);
	s.facts = arena_array(a, s.n ? s.n : 1, sizeof *s.facts);
	if (!s.e || !s.facts)
		return E_NOMEM;
	for (size_t i = 0, at = 0; i < r->n; i++)
		if (kinds >> r->facts[i].kind & 1)
			s.e[at++] = (struct entry){&r->facts[i], lead_of(v, &r->facts[i])};
	qsort(s.e, s.n, sizeof *s.e, compare);
	for (size_t i = 0; i < s.n; i++)
		s.facts[i] = s.e[i].fact;
	*out = s;
	return OK;
}

static int by_input(const void *pa, const void *pb)
{
	return order_of_record(pa, pb);
}

static int by_range(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = order(a->fact->range.input, b->fact->range.input);

	return c ? c : order_of_record(a, b);
}

static enum err gather_inputs(const struct report_view *v, struct gathered *g)
{
	struct entries s;
	enum err e = collect(v, 1u << FACT_INPUT, &g->arena, &s, by_input);

	if (e)
		return e;
	g->inputs = s.facts;
	g->inputs_n = s.n;
	e = collect(v, 1u << FACT_RANGE, &g->arena, &s, by_range);
	if (e)
		return e;
	g->ranges = s.facts;
	g->ranges_n = s.n;
	return OK;
}

static enum err gather_findings(const struct report_view *v, struct gathered *g)
{
	struct entries s;
	enum err e = collect(v, 1u << FACT_FINDING, &g->arena, &s, by_finding);

	if (e)
		return e;
	g->findings = arena_array(&g->arena, s.n ? s.n : 1, sizeof *g->findings);
	if (!g->findings)
		return E_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		struct slice rule = s.facts[i]->finding.rule;

		if (i == 0 || !slice_eq(rule, s.facts[i - 1]->finding.rule))
			g->findings[g->findings_n++] = (struct finding_group){
				.id = rule,
				.rule = sheet_rule(v->sheet, rule),
				.severity = (enum severity)s.e[i].lead,
				.facts = &s.facts[i],
			};
		g->findings[g->findings_n - 1].n++;
	}
	return OK;
}

static enum err gather_components(const struct report_view *v, struct gathered *g)
{
	struct entries s;
	enum err e = collect(v, 1u << FACT_COMPONENT, &g->arena, &s, by_component);

	if (e)
		return e;
	g->components = arena_array(&g->arena, s.n ? s.n : 1, sizeof *g->components);
	if (!g->components)
		return E_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		if (i == 0 || same_component(s.facts[i], s.facts[i - 1]) != 0)
			g->components[g->components_n++].facts = &s.facts[i];
		g->components[g->components_n - 1].n++;
	}
	return OK;
}

static void add_coverage(struct coverage_group *c, const struct fact *f)
{
	c->n++;
	if (f->kind != FACT_COVERAGE)
		return;
	c->skips_from = c->n;
	/* Sums of a record that lies stop at the top instead of starting over. */
	if (__builtin_add_overflow(c->seen, f->coverage.seen, &c->seen))
		c->seen = UINT64_MAX;
	if (__builtin_add_overflow(c->total, f->coverage.total, &c->total))
		c->total = UINT64_MAX;
}

static enum err gather_coverage(const struct report_view *v, struct gathered *g)
{
	struct entries s;
	enum err e = collect(v, 1u << FACT_COVERAGE | 1u << FACT_SKIP, &g->arena, &s, by_coverage);

	if (e)
		return e;
	g->coverage = arena_array(&g->arena, s.n ? s.n : 1, sizeof *g->coverage);
	if (!g->coverage)
		return E_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		if (i == 0 || same_coverage(s.facts[i], s.facts[i - 1]) != 0)
			g->coverage[g->coverage_n++] = (struct coverage_group){
				.method = method_of(s.facts[i]),
				.subject = subject_of(s.facts[i]),
				.facts = &s.facts[i],
			};
		add_coverage(&g->coverage[g->coverage_n - 1], s.facts[i]);
	}
	return OK;
}

enum err gather(const struct report_view *v, struct gathered *out)
{
	*out = (struct gathered){0};
	arena_init(&out->arena, LIMIT_REPORT_BYTES);

	enum err e = gather_findings(v, out);

	if (e == OK)
		e = gather_components(v, out);
	if (e == OK)
		e = gather_coverage(v, out);
	if (e == OK)
		e = gather_inputs(v, out);
	if (e)
		gather_release(out);
	return e;
}

void gather_release(struct gathered *g)
{
	arena_release(&g->arena);
	*g = (struct gathered){0};
}

const struct input *gather_input(const struct gathered *g, uint64_t id)
{
	if (id == 0 || id > g->inputs_n || g->inputs[id - 1]->input.id != id)
		return NULL;
	return &g->inputs[id - 1]->input;
}
