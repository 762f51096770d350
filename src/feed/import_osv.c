// SPDX-License-Identifier: Apache-2.0
// OSV records (ossf.github.io/osv-schema), of any ecosystem; curl's own, which name no package.

#include "feed/importers.h"

#include "base/ban.h"

/* Ecosystems that track fixes of their own packages, and whose word their source is. */
static const struct {
	const char *ecosystem;
	enum source source;
} distributions[] = {
	{"Alpine", SOURCE_ALPINE},
	{"Debian", SOURCE_DEBIAN},
	{"Ubuntu", SOURCE_UBUNTU},
	{"OpenWrt", SOURCE_OPENWRT},
};

/* Ids that are a vulnerability's own behind the name of who speaks. */
static const char *const speakers[] = {"ALPINE-", "DEBIAN-", "UBUNTU-", "OPENWRT-", "CURL-"};

static bool is_in(struct slice ecosystem, const char *name)
{
	size_t n = slice_text(name).len;

	return slice_starts(ecosystem, name) &&
	       (ecosystem.len == n || slice_at(ecosystem, n) == ':');
}

static enum source source_of_ecosystem(struct slice ecosystem)
{
	for (size_t i = 0; i < ARRAY_LEN(distributions); i++)
		if (is_in(ecosystem, distributions[i].ecosystem))
			return distributions[i].source;
	return SOURCE_OSV;
}

static struct slice ecosystem_of(const struct value *affected)
{
	return value_text_at(value_get(affected, "package"), "ecosystem");
}

/* A distribution's when all of the record is. */
static enum source source_of(const struct record *r)
{
	const struct value *first = value_first(value_get(r->json, "affected"));
	enum source s = source_of_ecosystem(ecosystem_of(first));

	if (slice_starts(value_text_at(r->json, "id"), "CURL-"))
		return SOURCE_CURL;
	for (const struct value *a = first; a; a = a->next)
		if (source_of_ecosystem(ecosystem_of(a)) != s)
			return SOURCE_OSV;
	return s;
}

static struct slice own_id(struct slice id)
{
	for (size_t i = 0; i < ARRAY_LEN(speakers); i++) {
		struct slice rest = slice_from(id, slice_text(speakers[i]).len);

		if (slice_starts(id, speakers[i]) && slice_starts(rest, "CVE-"))
			return rest;
	}
	return id;
}

/* "Ubuntu:22.04:LTS" is "ubuntu:22.04". */
static struct slice product_of(struct draft *d, const struct value *affected)
{
	struct slice ecosystem = ecosystem_of(affected);

	if (slice_ends(ecosystem, ":LTS"))
		ecosystem = slice_head(ecosystem, ecosystem.len - 4);
	return package_key(d->from->arena, ecosystem,
			   value_text_at(value_get(affected, "package"), "name"));
}

/* --- versions --- */

/* One stretch of affected versions, while the events go by. */
struct stretch_of {
	struct slice low;
	bool is_open;
};

static struct slice low_of(const struct stretch_of *s)
{
	return slice_is(s->low, "0") ? (struct slice){0} : s->low;
}

static void close_at(struct draft *d, struct slice product, struct stretch_of *s, struct slice high,
		     bool is_included)
{
	size_t before = d->a.claims_n;

	draft_range(d, product, EFFECT_AFFECTED, low_of(s), high);
	if (d->a.claims_n > before && d->a.claims[before].kind == CLAIM_RANGE)
		d->a.claims[before].high_excluded = !is_included;
	s->is_open = false;
}

/* A distribution's fix holds until the next version that has the flaw again. */
static void fixed_from(struct draft *d, struct slice product, struct slice version,
		       const struct value *rest)
{
	struct slice until = {0};

	if (d->a.source == SOURCE_OSV || d->a.source == SOURCE_CURL || !version_is_good(version))
		return;
	for (const struct value *e = rest; e && !until.len; e = e->next)
		until = value_text_at(e, "introduced");
	draft_range(d, product, EFFECT_FIXED, version, until);
}

static void events_put(struct draft *d, struct slice product, const struct value *events)
{
	struct stretch_of s = {.is_open = false};

	for (const struct value *e = events; e; e = e->next) {
		struct slice introduced = value_text_at(e, "introduced");
		struct slice fixed = value_text_at(e, "fixed");
		struct slice last = value_text_at(e, "last_affected");
		struct slice limit = value_text_at(e, "limit");

		if (introduced.len && !s.is_open)
			s = (struct stretch_of){.low = introduced, .is_open = true};
		if (s.is_open && (fixed.len || last.len))
			close_at(d, product, &s, fixed.len ? fixed : last, !fixed.len);
		if (s.is_open && limit.len && !slice_is(limit, "*"))
			close_at(d, product, &s, limit, false);
		if (fixed.len)
			fixed_from(d, product, fixed, e->next);
	}
	if (s.is_open)
		draft_range(d, product, EFFECT_AFFECTED, s.low, (struct slice){0});
}

static void versions_put(struct draft *d, struct slice product, const struct value *versions)
{
	for (const struct value *v = versions; v; v = v->next) {
		struct claim *c = NULL;

		if (!version_is_good(value_text(v))) {
			draft_odd(d, ODD_VERSION);
			continue;
		}
		c = draft_claim(d, product);
		if (!c)
			return;
		c->kind = CLAIM_EXACT;
		c->low = value_text(v);
	}
}

/* Ranges of commits have no order that we could know; where there are others, the enumerated
 * versions only repeat them. */
static void affected_put(struct draft *d, struct slice product, const struct value *affected)
{
	const struct value *versions = value_first(value_get(affected, "versions"));
	bool has_ranges = false, has_commits = false;

	if (!product.len)
		return;
	for (const struct value *r = value_first(value_get(affected, "ranges")); r; r = r->next) {
		bool is_git = slice_is(value_text_at(r, "type"), "GIT");

		has_commits = has_commits || is_git;
		has_ranges = has_ranges || !is_git;
		if (!is_git)
			events_put(d, product, value_first(value_get(r, "events")));
	}
	if (!has_ranges)
		versions_put(d, product, versions);
	if (!has_ranges && !has_commits && !versions)
		draft_range(d, product, EFFECT_AFFECTED, (struct slice){0}, (struct slice){0});
}

/* Bitnami names the CPEs of what it packs: the same versions count for them. */
static void cpes_put(struct draft *d, const struct value *cpes, const struct value *affected)
{
	for (const struct value *c = value_first(cpes); c; c = c->next) {
		struct cpe_name name = {0};

		if (cpe_name_read(value_text(c), d->from->arena, &name) == OK)
			affected_put(d, name.product, affected);
		else
			draft_odd(d, ODD_CPE);
	}
}

static void severities_put(struct draft *d, const struct value *of)
{
	for (const struct value *s = value_first(value_get(of, "severity")); s; s = s->next)
		draft_vector(d, value_text_at(s, "score"));
}

static void one_affected(struct draft *d, const struct value *affected)
{
	const struct value *specific = value_get(d->from->json, "database_specific");

	severities_put(d, affected);
	affected_put(d, product_of(d, affected), affected);
	cpes_put(d, value_get(specific, "cpes"), affected);
	cpes_put(d, value_get(value_get(affected, "database_specific"), "cpes"), affected);
	if (d->a.source == SOURCE_CURL && !value_get(affected, "package")) {
		affected_put(d, slice_text("a:haxx:curl"), affected);
		if (!slice_is(value_text_at(specific, "affects"), "tool"))
			affected_put(d, slice_text("a:haxx:libcurl"), affected);
	}
}

static void names_put(struct draft *d, const char *key)
{
	for (const struct value *v = value_first(value_get(d->from->json, key)); v; v = v->next)
		draft_alias(d, value_text(v));
}

static bool osv_knows(const struct record *r)
{
	const struct value *affected = value_get(r->json, "affected");

	return value_text_at(r->json, "id").len && value_text_at(r->json, "modified").len &&
	       (value_is(affected, VALUE_ARRAY) || value_get(r->json, "schema_version") ||
		value_get(r->json, "withdrawn"));
}

static enum err osv_read(const struct record *r, struct fault *why)
{
	const struct value *specific = value_get(r->json, "database_specific");
	struct slice id = value_text_at(r->json, "id");
	struct draft d;

	(void)why;
	if (!id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, own_id(id), source_of(r));
	draft_alias(&d, id);
	names_put(&d, "aliases");
	names_put(&d, "upstream");
	d.a.published = date_days(value_text_at(r->json, "published"));
	d.a.modified = date_days(value_text_at(r->json, "modified"));
	d.a.title[EN] = value_text_at(r->json, "summary");
	d.a.text[EN] = value_text_at(r->json, "details");
	for (const struct value *c = value_first(value_get(specific, "cwe_ids")); c; c = c->next)
		draft_cwe(&d, value_text(c));
	draft_cwe(&d, value_text_at(value_get(specific, "CWE"), "id"));
	severities_put(&d, r->json);
	if (value_text_at(r->json, "withdrawn").len)
		d.a.flags |= ADVISORY_REJECTED;
	for (const struct value *a = value_first(value_get(r->json, "affected"));
	     a && !(d.a.flags & ADVISORY_REJECTED); a = a->next)
		one_affected(&d, a);
	return draft_emit(&d);
}

const struct importer importer_osv = {
	.name = "osv",
	.form = FORM_JSON,
	.knows = osv_knows,
	.read = osv_read,
};
