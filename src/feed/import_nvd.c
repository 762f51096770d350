// SPDX-License-Identifier: Apache-2.0
// NVD records: JSON 2.0 (API, files, overrides) and 1.1 (the yearly files until 2023).

#include "feed/importers.h"

#include "base/ban.h"

enum {
	CONDITION_PRODUCTS = 3, /* named; more are hinted at */
	CONDITION_LOOKS = 64,   /* names looked at for them */
	CONDITION_BYTES = 400,
};

/* The names of the other side of an AND. */
struct others {
	struct slice product[CONDITION_PRODUCTS];
	bool is_negated[CONDITION_PRODUCTS];
	size_t n, looks;
	bool has_more;
};

static const struct value *matches_of(const struct value *group)
{
	const struct value *v = value_get(group, "cpeMatch");

	return value_first(v ? v : value_get(group, "cpe_match"));
}

static const struct value *groups_of(const struct value *group)
{
	const struct value *v = value_get(group, "nodes");

	return value_first(v ? v : value_get(group, "children"));
}

static struct slice criteria_of(const struct value *match)
{
	struct slice s = value_text_at(match, "criteria");

	return s.len ? s : value_text_at(match, "cpe23Uri");
}

static bool is_and(const struct value *group)
{
	return slice_is(value_text_at(group, "operator"), "AND");
}

static void others_add(struct draft *d, struct others *o, const struct value *match, bool is_not)
{
	struct cpe_name name = {0};

	o->looks++;
	if (cpe_name_read(criteria_of(match), d->from->arena, &name) != OK)
		return;
	for (size_t i = 0; i < o->n; i++)
		if (slice_eq(o->product[i], name.product))
			return;
	if (o->n == CONDITION_PRODUCTS) {
		o->has_more = true;
		return;
	}
	o->product[o->n] = name.product;
	o->is_negated[o->n++] = is_not;
}

static void others_of_group(struct draft *d, struct others *o, const struct value *group)
{
	bool is_not = value_is_true(value_get(group, "negate"));

	for (const struct value *m = matches_of(group); m && o->looks < CONDITION_LOOKS;
	     m = m->next)
		others_add(d, o, m, is_not);
	for (const struct value *g = groups_of(group); g && o->looks < CONDITION_LOOKS; g = g->next)
		others_of_group(d, o, g);
}

static struct slice others_text(struct draft *d, const struct others *o, struct slice outer)
{
	struct buf b;
	struct slice text = outer;

	buf_init(&b, 64 * KiB);
	buf_add(&b, outer);
	for (size_t i = 0; i < o->n; i++) {
		if (b.len)
			buf_text(&b, ", ");
		if (o->is_negated[i])
			buf_text(&b, "not ");
		buf_add(&b, o->product[i]);
	}
	if (o->has_more || (o->looks == CONDITION_LOOKS && o->n))
		buf_text(&b, ", ...");
	if (b.err || arena_copy(d->from->arena, buf_slice(&b), &text) != OK)
		d->err = d->err ? d->err : E_LIMIT;
	buf_release(&b);
	return text;
}

/* What stands beside `part` in an AND, joined to what stands around the AND. */
static struct slice condition_beside(struct draft *d, const struct value *group,
				     const struct value *part, struct slice outer)
{
	struct others o = {0};

	if (outer.len > CONDITION_BYTES)
		return outer;
	for (const struct value *m = matches_of(group); m && o.looks < CONDITION_LOOKS; m = m->next)
		if (m != part)
			others_add(d, &o, m, false);
	for (const struct value *g = groups_of(group); g && o.looks < CONDITION_LOOKS; g = g->next)
		if (g != part)
			others_of_group(d, &o, g);
	return o.n ? others_text(d, &o, outer) : outer;
}

/* The four ways to bound a range. */
static bool bounds_of(const struct value *match, struct claim *c)
{
	static const struct {
		const char *key;
		bool is_low, is_excluded;
	} bounds[] = {
		{"versionStartIncluding", true, false},
		{"versionStartExcluding", true, true},
		{"versionEndIncluding", false, false},
		{"versionEndExcluding", false, true},
	};
	bool has_any = false;

	for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
		struct slice v = value_text_at(match, bounds[i].key);

		if (!v.len)
			continue;
		has_any = true;
		*(bounds[i].is_low ? &c->low : &c->high) = v;
		*(bounds[i].is_low ? &c->low_excluded : &c->high_excluded) = bounds[i].is_excluded;
	}
	return has_any;
}

/* Whatever cannot be compared is kept as "any version", never dropped. */
static void keep_any(struct draft *d, struct claim *c)
{
	draft_odd(d, ODD_VERSION);
	c->kind = CLAIM_ANY;
	c->low = c->high = c->low_update = (struct slice){0};
	c->low_excluded = c->high_excluded = false;
}

static void claim_version(struct draft *d, struct claim *c, const struct cpe_name *n,
			  const struct value *match)
{
	bool is_any = slice_is(n->version, "*"), is_none = slice_is(n->version, "-");

	if ((is_any || is_none) && bounds_of(match, c)) {
		c->kind = CLAIM_RANGE;
	} else if (is_any || is_none) {
		c->kind = is_any ? CLAIM_ANY : CLAIM_NONE;
		return;
	} else {
		c->kind = CLAIM_EXACT;
		c->low = n->version;
		c->low_update = n->update;
	}
	if (n->has_wildcard || (c->low.len && !version_is_good(c->low)) ||
	    (c->high.len && !version_is_good(c->high)) || n->update.len > LIMIT_VERSION_BYTES)
		keep_any(d, c);
}

static void take_match(struct draft *d, const struct value *match, struct slice condition)
{
	struct cpe_name name = {0};
	struct claim *c = NULL;

	if (!value_is_true(value_get(match, "vulnerable")))
		return;
	if (cpe_name_read(criteria_of(match), d->from->arena, &name) != OK) {
		draft_odd(d, ODD_CPE);
		return;
	}
	c = draft_claim(d, name.product);
	if (!c)
		return;
	c->condition = condition;
	c->qualifier = name.qualifier;
	claim_version(d, c, &name, match);
}

/* Two products that are each called vulnerable are no condition of one another: what they run on
 * is. */
static bool has_bystander(const struct value *group)
{
	for (const struct value *m = matches_of(group); m; m = m->next)
		if (!value_is_true(value_get(m, "vulnerable")))
			return true;
	return groups_of(group) != NULL;
}

static void take_group(struct draft *d, const struct value *group, struct slice condition)
{
	bool joins = is_and(group) && has_bystander(group);

	/* "None of these" says nothing of a product of its own. */
	if (value_is_true(value_get(group, "negate")))
		return;
	for (const struct value *m = matches_of(group); m; m = m->next)
		take_match(d, m, joins ? condition_beside(d, group, m, condition) : condition);
	for (const struct value *g = groups_of(group); g; g = g->next)
		take_group(d, g, joins ? condition_beside(d, group, g, condition) : condition);
}

void draft_configurations(struct draft *d, const struct value *configurations)
{
	struct slice none = {0};

	if (value_is(configurations, VALUE_OBJECT))
		take_group(d, configurations, none);
	else
		for (const struct value *c = value_first(configurations); c; c = c->next)
			take_group(d, c, none);
}

/* --- 2.0 --- */

static const struct {
	const char *key;
	enum cvss_version version;
} metrics[] = {
	{"cvssMetricV40", CVSS_V4},
	{"cvssMetricV31", CVSS_V3},
	{"cvssMetricV30", CVSS_V3},
	{"cvssMetricV2", CVSS_V2},
};

static struct slice number_at(const struct value *v, const char *key)
{
	const struct value *n = value_get(v, key);

	return value_is(n, VALUE_NUMBER) ? n->text : (struct slice){0};
}

static void take_metrics(struct draft *d, const struct value *all, enum cvss_version v,
			 bool wants_primary)
{
	for (const struct value *m = value_first(all); m; m = m->next) {
		const struct value *data = value_get(m, "cvssData");

		if (slice_is(value_text_at(m, "type"), "Primary") == wants_primary)
			draft_cvss(d, v, number_at(data, "baseScore"),
				   value_text_at(data, "vectorString"));
	}
}

/* Primary scores first, whatever the version. */
static void take_scores(struct draft *d, const struct value *of)
{
	static const bool primary[] = {true, false};

	for (size_t p = 0; p < ARRAY_LEN(primary); p++)
		for (size_t i = 0; i < ARRAY_LEN(metrics); i++)
			take_metrics(d, value_get(of, metrics[i].key), metrics[i].version,
				     primary[p]);
}

static void take_words(struct draft *d, struct slice text, enum lang lang)
{
	d->a.text[lang] = text;
	if (slice_starts(text, "** REJECT **") || slice_starts(text, "Rejected reason:"))
		d->a.flags |= ADVISORY_REJECTED;
	if (slice_starts(text, "** DISPUTED **"))
		d->a.flags |= ADVISORY_DISPUTED;
}

/* Descriptions {lang, value}, as 2.0, 1.1 and CVE records have them: the first of each language. */
static void take_descriptions(struct draft *d, const struct value *list)
{
	for (const struct value *v = value_first(list); v; v = v->next) {
		struct slice lang = value_text_at(v, "lang");
		enum lang in = slice_starts(lang, "ja") ? JA : EN;

		if ((in == JA || slice_starts(lang, "en")) && !d->a.text[in].len)
			take_words(d, value_text_at(v, "value"), in);
	}
}

static void take_weaknesses(struct draft *d, const struct value *list)
{
	for (const struct value *w = value_first(list); w; w = w->next)
		for (const struct value *v = value_first(value_get(w, "description")); v;
		     v = v->next)
			draft_cwe(d, value_text_at(v, "value"));
}

static void take_tags(struct draft *d, const struct value *list)
{
	for (const struct value *t = value_first(list); t; t = t->next)
		for (const struct value *v = value_first(value_get(t, "tags")); v; v = v->next)
			if (slice_is(value_text(v), "disputed"))
				d->a.flags |= ADVISORY_DISPUTED;
}

/* Members that the merged set adds to NVD's own. */
static void take_ssvc(struct draft *d, const struct value *v)
{
	struct slice exploitation = value_text_at(v, "Exploitation");

	if (slice_is(exploitation, "active"))
		d->a.flags |= ADVISORY_SSVC_ACTIVE;
	if (slice_is(exploitation, "poc"))
		d->a.flags |= ADVISORY_SSVC_POC;
	if (slice_is(value_text_at(v, "Automatable"), "yes"))
		d->a.flags |= ADVISORY_SSVC_AUTOMATE;
	if (slice_is(value_text_at(v, "Technical Impact"), "total"))
		d->a.flags |= ADVISORY_SSVC_TOTAL;
}

/* The record itself: bare, or under "cve". */
static const struct value *cve_of(const struct record *r)
{
	const struct value *v = value_get(r->json, "cve");

	return value_is(v, VALUE_OBJECT) ? v : r->json;
}

static bool nvd_knows(const struct record *r)
{
	const struct value *cve = cve_of(r);

	if (value_get(value_get(r->json, "_annotation"), "cve_id"))
		return value_get(r->json, "cve") != NULL;
	return slice_starts(value_text_at(cve, "id"), "CVE-") &&
	       (value_get(cve, "descriptions") || value_get(cve, "configurations") ||
		value_get(cve, "vulnStatus"));
}

static enum err nvd_read(const struct record *r, struct fault *why)
{
	const struct value *cve = cve_of(r), *note = value_get(r->json, "_annotation");
	struct slice id = value_text_at(cve, "id");
	struct draft d;

	(void)why;
	if (!id.len)
		id = value_text_at(note, "cve_id");
	if (!id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, SOURCE_NVD);
	d.a.published = date_days(value_text_at(cve, "published"));
	d.a.modified = date_days(value_text_at(cve, "lastModified"));
	if (!d.a.published)
		d.a.published = date_days(value_text_at(note, "published"));
	if (!d.a.modified)
		d.a.modified = date_days(value_text_at(note, "modified"));
	take_descriptions(&d, value_get(cve, "descriptions"));
	if (!d.a.text[EN].len)
		take_words(&d, value_text_at(note, "description"), EN);
	take_scores(&d, value_get(cve, "metrics"));
	take_weaknesses(&d, value_get(cve, "weaknesses"));
	take_tags(&d, value_get(cve, "cveTags"));
	take_ssvc(&d, value_get(cve, "_ssvc"));
	if (value_is_true(value_get(cve, "_kev")) || value_text_at(cve, "cisaExploitAdd").len)
		d.a.flags |= ADVISORY_KEV;
	d.a.kev_added = date_days(value_text_at(cve, "cisaExploitAdd"));
	if (slice_is(value_text_at(cve, "vulnStatus"), "Rejected"))
		d.a.flags |= ADVISORY_REJECTED;
	if (!(d.a.flags & ADVISORY_REJECTED))
		draft_configurations(&d, value_get(cve, "configurations"));
	return draft_emit(&d);
}

const struct importer importer_nvd = {
	.name = "nvd",
	.form = FORM_JSON,
	.knows = nvd_knows,
	.read = nvd_read,
};

/* --- 1.1 --- */

static const struct value *meta_of(const struct record *r)
{
	return value_get(value_get(r->json, "cve"), "CVE_data_meta");
}

static bool nvd11_knows(const struct record *r)
{
	return meta_of(r) != NULL;
}

static void take_impact(struct draft *d, const struct value *impact)
{
	const struct value *v3 = value_get(value_get(impact, "baseMetricV3"), "cvssV3");
	const struct value *v2 = value_get(value_get(impact, "baseMetricV2"), "cvssV2");

	draft_cvss(d, CVSS_V3, number_at(v3, "baseScore"), value_text_at(v3, "vectorString"));
	draft_cvss(d, CVSS_V2, number_at(v2, "baseScore"), value_text_at(v2, "vectorString"));
}

static enum err nvd11_read(const struct record *r, struct fault *why)
{
	const struct value *cve = value_get(r->json, "cve");
	struct slice id = value_text_at(meta_of(r), "ID");
	struct draft d;

	(void)why;
	if (!id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, SOURCE_NVD);
	d.a.published = date_days(value_text_at(r->json, "publishedDate"));
	d.a.modified = date_days(value_text_at(r->json, "lastModifiedDate"));
	take_descriptions(&d, value_get(value_get(cve, "description"), "description_data"));
	take_weaknesses(&d, value_get(value_get(cve, "problemtype"), "problemtype_data"));
	take_impact(&d, value_get(r->json, "impact"));
	if (!(d.a.flags & ADVISORY_REJECTED))
		draft_configurations(&d, value_get(r->json, "configurations"));
	return draft_emit(&d);
}

const struct importer importer_nvd11 = {
	.name = "nvd11",
	.form = FORM_JSON,
	.knows = nvd11_knows,
	.read = nvd11_read,
};
