// SPDX-License-Identifier: Apache-2.0
// Which components are asked about: sightings of one name and version are one subject.

#include "inspect/known/match.h"

#include "base/ban.h"

static int place_cmp(const struct fact *a, const struct fact *b)
{
	return (a > b) - (a < b);
}

static int sighting_cmp(const void *a, const void *b, const void *context)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;
	int d = slice_cmp(x->component.name, y->component.name);

	(void)context;
	if (d == 0)
		d = slice_cmp(x->component.version, y->component.version);
	if (d == 0)
		d = slice_cmp(x->component.cpe, y->component.cpe);
	if (d == 0)
		d = slice_cmp(x->component.purl, y->component.purl);
	return d ? d : place_cmp(x, y);
}

static bool is_same(const struct fact *a, const struct fact *b)
{
	return slice_eq(a->component.name, b->component.name) &&
	       slice_eq(a->component.version, b->component.version);
}

/* The first sighting in the order of the record is the one that results point at. */
static uint64_t first_artifact(const struct fact *const *at, size_t n)
{
	const struct fact *first = at[0];

	for (size_t i = 1; i < n; i++)
		if (at[i] < first)
			first = at[i];
	return first->component.artifact;
}

static void subject_fill(struct subject *s, const struct fact *const *at, size_t n)
{
	*s = (struct subject){
		.name = at[0]->component.name,
		.version = at[0]->component.version,
		.sightings = at,
		.sightings_n = n,
		.artifact = first_artifact(at, n),
		.lookup = LOOKUP_NOTHING,
	};
}

enum err subjects_make(struct match *m)
{
	const struct fact **all = NULL, *f = NULL;
	size_t n = 0, subjects = 0, at = 0;

	while (record_next(m->record, FACT_COMPONENT, &at))
		n++;
	all = arena_array(m->arena, n + 1, sizeof *all);
	if (!all)
		return E_NOMEM;
	n = 0;
	for (at = 0; (f = record_next(m->record, FACT_COMPONENT, &at));)
		if (f->component.name.len)
			all[n++] = f;
	sort_items(all, n, sizeof *all, sighting_cmp, NULL);
	for (size_t i = 0; i < n; i++)
		subjects += i == 0 || !is_same(all[i - 1], all[i]);
	m->subjects.list = arena_array(m->arena, subjects + 1, sizeof *m->subjects.list);
	if (!m->subjects.list)
		return E_NOMEM;
	for (size_t from = 0, to = 0; from < n; from = to) {
		while (to < n && is_same(all[from], all[to]))
			to++;
		subject_fill(&m->subjects.list[m->subjects.n++], &all[from], to - from);
	}
	return OK;
}
