// SPDX-License-Identifier: Apache-2.0
// CVE records, JSON 5.x (cve-schema): the CNA's container and those of ADPs; OpenSSL's own records;
// containers of the enrichment project alone.

#include "feed/importers.h"

#include "base/ban.h"

enum { NAME_MAX = 200 };

static const struct {
	const char *vendor, *product, *key;
} names[] = {
#define X(vendor, product, key) {vendor, product, key},
#include "feed/cve_names.def"
#undef X
};

/* --- versions --- */

static bool is_open(struct slice version)
{
	return version.len == 0 || slice_is(version, "*") || slice_is(version, "0") ||
	       text_same(version, "unspecified") || text_same(version, "n/a");
}

/* "5.4.*" as an upper end means everything below 5.5. */
static struct slice behind_series(struct draft *d, struct slice series)
{
	struct slice stem = slice_head(series, series.len - 2);
	size_t digits = 0;
	uint64_t last = 0;

	while (digits < stem.len && text_is_digit((char)slice_at(stem, stem.len - digits - 1)))
		digits++;
	if (text_u64(slice_from(stem, stem.len - digits), 10, &last) != OK || last == UINT64_MAX)
		return stem;
	stem = slice_head(stem, stem.len - digits);
	return arena_print(d->from->arena, "%.*s%llu", (int)stem.len, (const char *)stem.ptr,
			   (unsigned long long)last + 1);
}

struct span {
	struct slice low, high;
	bool high_included;
	enum effect effect;
};

static void span_put(struct draft *d, struct slice product, const struct span *s)
{
	size_t before = d->a.claims_n;
	struct slice high =
		is_open(s->high) && !slice_is(s->high, "0") ? (struct slice){0} : s->high;
	bool is_series = slice_ends(high, ".*") && high.len < LIMIT_VERSION_BYTES;
	struct slice low = is_open(s->low) ? (struct slice){0} : s->low;

	if (is_series)
		high = behind_series(d, high);
	if (!low.len && !high.len) {
		/* "0 and everything after it" is a range, not the lack of one. */
		low = slice_text("0");
	}
	draft_range(d, product, s->effect, low, high);
	if (d->a.claims_n > before)
		d->a.claims[before].high_excluded = high.len && (is_series || !s->high_included);
}

static bool effect_of(struct slice status, enum effect *out)
{
	*out = slice_is(status, "affected") ? EFFECT_AFFECTED : EFFECT_UNAFFECTED;
	return slice_is(status, "affected") || slice_is(status, "unaffected");
}

/* cve-schema, "changes": from `at` on the status is another one. */
static void ranges_put(struct draft *d, struct slice product, const struct value *v, struct span s)
{
	struct span piece = s;
	bool is_known = effect_of(value_text_at(v, "status"), &piece.effect);

	for (const struct value *c = value_first(value_get(v, "changes")); c; c = c->next) {
		struct slice at = value_text_at(c, "at");

		if (!version_is_good(at))
			continue;
		piece.high = at;
		piece.high_included = false;
		if (is_known)
			span_put(d, product, &piece);
		piece.low = at;
		is_known = effect_of(value_text_at(c, "status"), &piece.effect);
	}
	piece.high = s.high;
	piece.high_included = s.high_included;
	if (is_known)
		span_put(d, product, &piece);
}

static void version_put(struct draft *d, struct slice product, const struct value *v, bool has_base)
{
	struct slice below = value_text_at(v, "lessThan");
	struct slice up_to = value_text_at(v, "lessThanOrEqual");
	struct slice version = value_text_at(v, "version");
	struct span s = {.low = version};

	/* Commits have no order that we could know. */
	if (slice_is(value_text_at(v, "versionType"), "git"))
		return;
	s.high = below.len ? below : up_to;
	s.high_included = !below.len;
	if (s.high.len || value_get(v, "changes")) {
		ranges_put(d, product, v, s);
		return;
	}
	if (!effect_of(value_text_at(v, "status"), &s.effect))
		return;
	/* With everything affected by default this only says since when; the holes say the rest. */
	if (has_base && s.effect == EFFECT_AFFECTED)
		return;
	draft_wording(d, product, s.effect, version);
}

static bool has_real_versions(const struct value *affected)
{
	for (const struct value *v = value_first(value_get(affected, "versions")); v; v = v->next)
		if (!slice_is(value_text_at(v, "versionType"), "git"))
			return true;
	return false;
}

static void versions_put(struct draft *d, struct slice product, const struct value *affected)
{
	bool is_default = slice_is(value_text_at(affected, "defaultStatus"), "affected");
	const struct value *versions = value_first(value_get(affected, "versions"));
	struct span all = {.effect = EFFECT_AFFECTED};

	if (versions && !has_real_versions(affected))
		return;
	if (!versions && (is_default || !value_get(affected, "defaultStatus")))
		draft_range(d, product, EFFECT_AFFECTED, (struct slice){0}, (struct slice){0});
	if (versions && is_default)
		span_put(d, product, &all);
	for (const struct value *v = versions; v; v = v->next)
		version_put(d, product, v, is_default);
}

/* --- products --- */

static struct slice product_of(struct draft *d, const struct value *affected)
{
	struct arena *a = d->from->arena;
	struct slice vendor = name_fold(a, value_text_at(affected, "vendor"));
	struct slice product = name_fold(a, value_text_at(affected, "product"));

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (slice_is(vendor, names[i].vendor) && slice_is(product, names[i].product))
			return slice_text(names[i].key);
	if (!vendor.len || !product.len || slice_is(vendor, "n/a") || slice_is(product, "n/a") ||
	    vendor.len > NAME_MAX || product.len > NAME_MAX)
		return (struct slice){0};
	return arena_print(a, "a:%.*s:%.*s", (int)vendor.len, (const char *)vendor.ptr,
			   (int)product.len, (const char *)product.ptr);
}

static void cpe_put(struct draft *d, const struct value *affected, struct slice text)
{
	struct cpe_name name = {0};
	size_t before = d->a.claims_n;

	if (cpe_name_read(text, d->from->arena, &name) != OK) {
		draft_odd(d, ODD_CPE);
		return;
	}
	versions_put(d, name.product, affected);
	for (size_t i = before; i < d->a.claims_n; i++)
		d->a.claims[i].qualifier = name.qualifier;
}

/* The same product is often listed once for each of its versions; its claims are made once. */
static bool is_listed_before(struct draft *d, const struct value *list, const struct value *cpe)
{
	enum { LOOKS = 64 };
	struct cpe_name name = {0}, other = {0};
	unsigned looks = 0;

	if (cpe_name_read(value_text(cpe), d->from->arena, &name) != OK)
		return false;
	for (const struct value *v = list; v != cpe && looks < LOOKS; v = v->next, looks++)
		if (cpe_name_read(value_text(v), d->from->arena, &other) == OK &&
		    slice_eq(name.product, other.product) &&
		    slice_eq(name.qualifier, other.qualifier))
			return true;
	return false;
}

static void affected_put(struct draft *d, const struct value *affected)
{
	const struct value *cpes = value_first(value_get(affected, "cpes"));
	struct slice product = cpes ? (struct slice){0} : product_of(d, affected);

	for (const struct value *f = value_first(value_get(affected, "programFiles")); f;
	     f = f->next)
		draft_file(d, value_text(f));
	for (const struct value *c = cpes; c; c = c->next)
		if (!is_listed_before(d, cpes, c))
			cpe_put(d, affected, value_text(c));
	if (product.len)
		versions_put(d, product, affected);
}

/* --- the rest of a container --- */

static const struct {
	const char *key;
	enum cvss_version version;
} metrics[] = {
	{"cvssV4_0", CVSS_V4},
	{"cvssV3_1", CVSS_V3},
	{"cvssV3_0", CVSS_V3},
	{"cvssV2_0", CVSS_V2},
};

static void ssvc_put(struct draft *d, const struct value *options)
{
	for (const struct value *o = value_first(options); o; o = o->next) {
		struct slice exploitation = value_text_at(o, "Exploitation");

		if (slice_is(exploitation, "active"))
			d->a.flags |= ADVISORY_SSVC_ACTIVE;
		if (slice_is(exploitation, "poc"))
			d->a.flags |= ADVISORY_SSVC_POC;
		if (slice_is(value_text_at(o, "Automatable"), "yes"))
			d->a.flags |= ADVISORY_SSVC_AUTOMATE;
		if (slice_is(value_text_at(o, "Technical Impact"), "total"))
			d->a.flags |= ADVISORY_SSVC_TOTAL;
	}
}

static void metric_put(struct draft *d, const struct value *m)
{
	const struct value *other = value_get(m, "other"), *content = value_get(other, "content");

	for (size_t i = 0; i < ARRAY_LEN(metrics); i++) {
		const struct value *c = value_get(m, metrics[i].key);
		const struct value *score = value_get(c, "baseScore");

		if (c)
			draft_cvss(d, metrics[i].version,
				   value_is(score, VALUE_NUMBER) ? score->text : (struct slice){0},
				   value_text_at(c, "vectorString"));
	}
	if (slice_is(value_text_at(other, "type"), "ssvc"))
		ssvc_put(d, value_get(content, "options"));
	if (slice_is(value_text_at(other, "type"), "kev")) {
		d->a.flags |= ADVISORY_KEV;
		d->a.kev_added = date_days(value_text_at(content, "dateAdded"));
	}
}

static void words_put(struct draft *d, const struct value *container)
{
	const struct value *list = value_get(container, "descriptions");

	if (!list)
		list = value_get(container, "rejectedReasons");
	for (const struct value *v = value_first(list); v; v = v->next) {
		struct slice lang = value_text_at(v, "lang");
		enum lang in = slice_starts(lang, "ja") ? JA : EN;

		if ((in == JA || slice_starts(lang, "en")) && !d->a.text[in].len)
			d->a.text[in] = value_text_at(v, "value");
	}
	if (!d->a.title[EN].len)
		d->a.title[EN] = value_text_at(container, "title");
	if (slice_starts(d->a.text[EN], "** DISPUTED **"))
		d->a.flags |= ADVISORY_DISPUTED;
}

static void container_put(struct draft *d, const struct value *container)
{
	for (const struct value *m = value_first(value_get(container, "metrics")); m; m = m->next)
		metric_put(d, m);
	for (const struct value *t = value_first(value_get(container, "tags")); t; t = t->next)
		if (slice_is(value_text(t), "disputed"))
			d->a.flags |= ADVISORY_DISPUTED;
	for (const struct value *p = value_first(value_get(container, "problemTypes")); p;
	     p = p->next)
		for (const struct value *v = value_first(value_get(p, "descriptions")); v;
		     v = v->next) {
			struct slice id = value_text_at(v, "cweId");

			draft_cwe(d, id.len ? id : value_text_at(v, "description"));
		}
	if (d->a.flags & ADVISORY_REJECTED)
		return;
	for (const struct value *a = value_first(value_get(container, "affected")); a; a = a->next)
		affected_put(d, a);
	draft_configurations(d, value_get(container, "cpeApplicability"));
}

static enum source source_of(const struct record *r, const struct value *containers)
{
	struct slice by = value_text_at(value_get(value_get(containers, "cna"), "providerMetadata"),
					"shortName");

	(void)r;
	return slice_is(by, "openssl") && !value_get(containers, "adp") ? SOURCE_OPENSSL
									: SOURCE_CVE;
}

static bool cve_knows(const struct record *r)
{
	return value_is(value_get(r->json, "cveMetadata"), VALUE_OBJECT) &&
	       value_is(value_get(r->json, "containers"), VALUE_OBJECT);
}

static enum err cve_read(const struct record *r, struct fault *why)
{
	const struct value *meta = value_get(r->json, "cveMetadata");
	const struct value *containers = value_get(r->json, "containers");
	const struct value *cna = value_get(containers, "cna");
	struct slice id = value_text_at(meta, "cveId");
	struct draft d;

	(void)why;
	if (!id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, source_of(r, containers));
	if (slice_is(value_text_at(meta, "state"), "REJECTED"))
		d.a.flags |= ADVISORY_REJECTED;
	d.a.published = date_days(value_text_at(meta, "datePublished"));
	d.a.modified = date_days(value_text_at(meta, "dateUpdated"));
	if (!d.a.published)
		d.a.published = date_days(value_text_at(cna, "datePublic"));
	words_put(&d, cna);
	container_put(&d, cna);
	for (const struct value *a = value_first(value_get(containers, "adp")); a; a = a->next)
		container_put(&d, a);
	return draft_emit(&d);
}

const struct importer importer_cve = {
	.name = "cve",
	.form = FORM_JSON,
	.knows = cve_knows,
	.read = cve_read,
};

static bool enrichment_knows(const struct record *r)
{
	return value_get(value_get(r->json, "additionalMetadata"), "cveId") &&
	       value_is(value_get(r->json, "adp"), VALUE_OBJECT);
}

static enum err enrichment_read(const struct record *r, struct fault *why)
{
	const struct value *meta = value_get(r->json, "additionalMetadata");
	struct slice id = value_text_at(meta, "cveId");
	struct draft d;

	(void)why;
	if (!id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, SOURCE_CVE);
	d.a.text[EN] = value_text_at(meta, "description");
	container_put(&d, value_get(r->json, "adp"));
	return draft_emit(&d);
}

const struct importer importer_enrichment = {
	.name = "enrichment",
	.form = FORM_JSON,
	.knows = enrichment_knows,
	.read = enrichment_read,
};
