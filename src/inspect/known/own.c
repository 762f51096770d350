// SPDX-License-Identifier: Apache-2.0
// The product itself as a subject, under the CPE name it was given (NISTIR 7695).

#include "inspect/known/match.h"

#include "base/ban.h"

enum err own_begin(struct match *m)
{
	const struct target *t = record_target(m->record);
	struct own *own = &m->own;
	struct cpe_key name;

	cpe_key_read(m->arena, t->cpe, &name);
	if (name.key.len == 0)
		return OK;
	own->fact = arena_alloc(m->arena, sizeof *own->fact);
	if (!own->fact)
		return E_NOMEM;
	own->key = name.key;
	own->subject = (struct subject){
		.name = t->name, .version = name.version, .lookup = LOOKUP_NOTHING, .is_own = true};
	*own->fact = (struct fact){
		.kind = FACT_COMPONENT,
		.component = {.name = t->name, .version = name.version, .cpe = t->cpe}};
	return OK;
}

bool own_covers(const struct match *m, const struct subject *s)
{
	return m->own.key.len && s->is_own && slice_eq(s->version, m->own.subject.version);
}

/* Whether any advisory speaks of one of the products asked about, whatever it says. */
static enum err note_named(struct match *m)
{
	const struct subject *s = &m->own.subject;

	for (size_t i = 0; i < s->asked_n && !m->own.is_named; i++) {
		struct feed_claims cursor = {0};
		struct feed_claim c;
		enum err e = feed_claim_next(m->feed, &s->asked[i].product, &cursor, &c);

		if (e && e != E_END)
			return e;
		m->own.is_named = e == OK;
	}
	return OK;
}

enum err own_look_up(struct match *m)
{
	struct subject *own = &m->own.subject;
	const struct fact **all = NULL;
	size_t n = 1;
	enum err e = OK;

	if (m->own.key.len == 0)
		return OK;
	for (size_t i = 0; i < m->subjects.n; i++)
		if (own_covers(m, &m->subjects.list[i]))
			n += m->subjects.list[i].sightings_n;
	all = arena_array(m->arena, n, sizeof *all);
	if (!all)
		return E_NOMEM;
	all[0] = m->own.fact;
	n = 1;
	for (size_t i = 0; i < m->subjects.n; i++) {
		const struct subject *s = &m->subjects.list[i];

		if (!own_covers(m, s))
			continue;
		if (!own->artifact)
			own->artifact = s->artifact;
		for (size_t k = 0; k < s->sightings_n; k++)
			all[n++] = s->sightings[k];
	}
	own->sightings = all;
	own->sightings_n = n;
	e = subject_look_up(m, own);
	return e ? e : note_named(m);
}

/* "h:acme:camera, h:acme:camera_2": NVD names so what a firmware runs on. */
bool own_meets(struct slice key, struct slice condition)
{
	struct slice one, field, vendor = {0};
	struct slice rest = key;

	(void)text_field(&rest, ':', &field);
	if (!text_field(&rest, ':', &vendor) || vendor.len == 0)
		return false;
	while (text_field(&condition, ',', &one)) {
		rest = text_trim(one);
		if (!text_field(&rest, ':', &field) || !slice_is(field, "h") ||
		    !text_field(&rest, ':', &field) || !slice_eq(field, vendor))
			return false;
	}
	return true;
}

/* Sources that name products of all makers, so that their silence says something. The starter set
 * knows common components alone. */
static bool has_makers(const struct feed_info *info)
{
	if (info->is_starter)
		return false;
	for (size_t i = 0; i < info->sources_n; i++)
		if (info->sources[i].source == SOURCE_NVD || info->sources[i].source == SOURCE_CVE)
			return true;
	return false;
}

void own_tell(struct match *m)
{
	const struct target *t = record_target(m->record);
	uint64_t decided = 0, all = 0;

	if (t->cpe.len == 0)
		return;
	if (m->own.key.len == 0) {
		tell_skip(m, "own-advisories", t->cpe, E_CORRUPT, SAY_NOTHING);
		tell_coverage(m, "own-advisories", 0, 1);
		return;
	}
	if (!m->own.is_named) {
		if (has_makers(feed_info(m->feed)))
			tell_coverage(m, "own-advisories", 0, 0);
		return;
	}
	for (size_t i = 0; i < m->outcomes_n; i++) {
		const struct outcome *o = m->outcomes[i];

		if (o->subject != &m->own.subject)
			continue;
		all++;
		decided += o->fact.status == VULN_AFFECTED || o->fact.status > VULN_NO_RANGE;
	}
	if (decided == all)
		tell_coverage(m, "own-advisories", 1, 1);
	else
		tell_coverage(m, "own-advisories", decided, all);
}
