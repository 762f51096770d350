// SPDX-License-Identifier: Apache-2.0
// Known vulnerabilities counted for each component, so that what to update comes before the list.

#include "report/vulnerabilities.h"

#include "base/ban.h"

/* One open vulnerability and its place in the record, which is its rank. */
struct ranked {
	const struct vulnerability *v;
	size_t at;
};

static int by_component(const void *pa, const void *pb, const void *context)
{
	const struct ranked *a = pa, *b = pb;
	int d = slice_cmp(a->v->component, b->v->component);

	(void)context;
	if (d == 0)
		d = slice_cmp(a->v->version, b->v->version);
	return d ? d : (a->at > b->at) - (a->at < b->at);
}

static int by_rank(const void *pa, const void *pb, const void *context)
{
	const struct component_sum *a = pa, *b = pb;

	(void)context;
	return (a->first > b->first) - (a->first < b->first);
}

static size_t count_open(const struct record *r)
{
	const struct fact *f = NULL;
	size_t n = 0;

	for (size_t at = 0; (f = record_next(r, FACT_VULNERABILITY, &at));)
		n += f->vulnerability.status <= VULN_NO_RANGE;
	return n;
}

static void sum_up(const struct ranked *list, size_t n, struct component_sums *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct vulnerability *v = list[i].v;
		struct component_sum *s = NULL;

		if (i == 0 || !slice_eq(v->component, list[i - 1].v->component) ||
		    !slice_eq(v->version, list[i - 1].v->version))
			out->list[out->n++] = (struct component_sum){
				.name = v->component, .version = v->version, .first = list[i].at};
		s = &out->list[out->n - 1];
		s->affected += v->status == VULN_AFFECTED;
		s->exploited += v->status == VULN_AFFECTED && v->kev.len > 0;
		s->unsure += v->status != VULN_AFFECTED;
	}
}

enum err component_sums_make(const struct record *r, struct component_sums *out)
{
	const struct fact *f = NULL;
	size_t n = count_open(r), at_most = n ? n : 1, filled = 0;

	*out = (struct component_sums){0};
	arena_init(&out->arena, LIMIT_ARENA_BYTES);

	struct ranked *list = arena_array(&out->arena, at_most, sizeof *list);

	out->list = arena_array(&out->arena, at_most, sizeof *out->list);
	if (!list || !out->list) {
		component_sums_release(out);
		return E_NOMEM;
	}
	for (size_t at = 0; filled < n && (f = record_next(r, FACT_VULNERABILITY, &at));)
		if (f->vulnerability.status <= VULN_NO_RANGE) {
			list[filled] = (struct ranked){&f->vulnerability, filled};
			filled++;
		}
	sort_items(list, filled, sizeof *list, by_component, NULL);
	sum_up(list, filled, out);
	sort_items(out->list, out->n, sizeof *out->list, by_rank, NULL);
	return OK;
}

void component_sums_release(struct component_sums *s)
{
	arena_release(&s->arena);
	*s = (struct component_sums){0};
}
