// SPDX-License-Identifier: Apache-2.0
// What matching found, as findings for the sheet's rules, and how much of the product was matched.

#include "inspect/known/match.h"

#include "base/ban.h"

/* catalog/vulnerability.yaml, parameters: kv_grace_days, vulndb_max_age_days. */
enum { GRACE_CRITICAL_DAYS = 14, GRACE_HIGH_DAYS = 30, FEED_AGE_DAYS = 7 };
enum { EVIDENCE_BYTES = 8192 };

static const char *const rules[] = {
	"known-exploited",      "known-critical",  "known-high",
	"known-medium",         "chip-vulnerable", "jvn-open",
	"end-of-life",          "feed-old",        "kernel-unmaintained",
	"library-unmaintained", "sbom-mismatch",   "vex-unjustified",
};

bool is_known_rule(struct slice rule)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (slice_is(rule, rules[i]))
			return true;
	return false;
}

/* --- vulnerabilities --- */

/* Bands of the score, and how long after publication a dated plan is enough; 0: at once. A band
 * without a last day: a plan is enough as long as its date has not passed. */
static const struct band {
	const char *rule;
	unsigned from, below;
	uint64_t grace_days;
} bands[] = {
	{"known-critical", 90, 101, GRACE_CRITICAL_DAYS},
	{"known-high", 70, 90, GRACE_HIGH_DAYS},
	{"known-medium", 40, 70, UINT64_MAX},
};

static bool is_in_grace(const struct match *m, const struct outcome *o, uint64_t days)
{
	if (!o->is_planned)
		return false;
	if (days == UINT64_MAX)
		return true;
	/* Published after the inspection's date: it is as new as can be. */
	return o->published && m->today <= (uint64_t)o->published + days;
}

static void evidence_write(const struct vulnerability *v, struct buf *b)
{
	buf_add(b, v->id);
	buf_byte(b, ' ');
	buf_add(b, v->component);
	buf_byte(b, ' ');
	buf_add(b, v->version);
	if (v->severity != RATING_UNKNOWN)
		buf_print(b, ", CVSS %llu.%llu", (unsigned long long)v->cvss / 10,
			  (unsigned long long)v->cvss % 10);
	if (v->kev.len) {
		buf_text(b, ", KEV ");
		buf_add(b, v->kev);
	}
	if (v->fixed_in.len) {
		buf_text(b, ", -> ");
		buf_add(b, v->fixed_in);
	}
	buf_text(b, "; ");
	buf_add(b, v->because);
}

static void flaw_tell(struct match *m, const struct outcome *o, const char *rule)
{
	const struct vulnerability *v = &o->fact;
	struct buf b;

	buf_init(&b, EVIDENCE_BYTES);
	evidence_write(v, &b);
	tell_finding(m, rule, v->artifact,
		     arena_print(m->arena, "cve:%.*s:%.*s", (int)v->id.len, (const char *)v->id.ptr,
				 (int)v->component.len, (const char *)v->component.ptr),
		     buf_slice(&b));
	buf_release(&b);
}

static void outcome_tell(struct match *m, const struct outcome *o)
{
	const struct vulnerability *v = &o->fact;

	if (v->status != VULN_AFFECTED)
		return;
	if (v->kev.len)
		flaw_tell(m, o, "known-exploited");
	if (o->is_japanese) {
		flaw_tell(m, o, "jvn-open");
		return;
	}
	/* A chip is not mended by a new version: what counts is a mitigation, or a reason. */
	if (o->subject->is_hardware) {
		flaw_tell(m, o, "chip-vulnerable");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(bands); i++)
		if (v->cvss >= bands[i].from && v->cvss < bands[i].below &&
		    !is_in_grace(m, o, bands[i].grace_days))
			flaw_tell(m, o, bands[i].rule);
}

/* --- coverage --- */

/* Whether what the feed says of a component could be applied to it. */
static bool is_matched(const struct subject *s)
{
	if (s->lookup == LOOKUP_AMBIGUOUS)
		return false;
	for (size_t i = 0; i < s->asked_n; i++)
		if (s->asked[i].is_versioned)
			return true;
	return s->asked_n == 0;
}

static void components_tell(struct match *m)
{
	uint64_t seen = 0, chips = 0;

	for (size_t i = 0; i < m->subjects.n; i++) {
		const struct subject *s = &m->subjects.list[i];

		seen += is_matched(s);
		chips += s->is_hardware;
		if (s->lookup == LOOKUP_AMBIGUOUS)
			tell_skip(m, "known-components", s->name, E_UNDECIDED,
				  "ambiguous: several makers have a product of that name");
	}
	tell_coverage(m, "known-components", seen, m->subjects.n);
	tell_coverage(m, "known-chips", chips, chips);
	tell_coverage(m, "kernel-files", m->kernel_seen, m->kernel_total);
	if (m->left_out)
		tell_skip(m, "known-components", slice_text("results"), E_LIMIT,
			  "more results than the limit");
}

/* An open vulnerability nobody has scored belongs to no band. */
static void scores_tell(struct match *m)
{
	uint64_t seen = 0, total = 0;

	for (size_t i = 0; i < m->outcomes_n; i++) {
		const struct vulnerability *v = &m->outcomes[i]->fact;

		if (v->status != VULN_AFFECTED)
			continue;
		total++;
		seen += v->severity != RATING_UNKNOWN;
	}
	tell_coverage(m, "known-scores", seen, total);
}

/* Open questions about status: a condition, a version or a range nobody knows. */
static void status_tell(struct match *m)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < m->outcomes_n; i++)
		seen += m->outcomes[i]->fact.status != VULN_VERSION_UNKNOWN;
	tell_coverage(m, "known-versions", seen, m->outcomes_n);
}

static void feed_age_tell(struct match *m)
{
	const struct feed_info *info = feed_info(m->feed);
	uint64_t day = 0;
	bool has_jvn = false, has_kev = false;

	for (size_t i = 0; i < info->sources_n; i++) {
		has_jvn |= info->sources[i].source == SOURCE_JVN;
		has_kev |= info->sources[i].source == SOURCE_KEV;
	}
	tell_coverage(m, "jvn-data", has_jvn, has_jvn);
	tell_coverage(m, "kev-data", has_kev, has_kev);
	if (!day_read(info->date, &day) || m->today > day + FEED_AGE_DAYS)
		tell_finding(m, "feed-old", 0, slice_text("feed:old"), info->date);
}

/* --- the SBOM beside the image --- */

struct names {
	struct slice *list;
	size_t n;
};

static int slice_order(const void *a, const void *b, const void *context)
{
	(void)context;
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static bool has_name(const struct names *all, struct slice name)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (slice_cmp(all->list[mid], name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < all->n && slice_eq(all->list[low], name);
}

static bool is_from_sbom(const struct component *c)
{
	return slice_is(c->method, "sbom");
}

enum { NAMES_EACH = 2 };

/* The names under which two sightings are one component: name and CPE, each with the version. */
static size_t names_of(struct match *m, const struct component *c, struct slice out[NAMES_EACH])
{
	struct slice version = upstream_of(c->version);
	struct cpe_key cpe;
	size_t n = 0;

	if (version.len == 0)
		version = c->version;
	out[n++] = arena_print(m->arena, "=%.*s@%.*s", (int)c->name.len, (const char *)c->name.ptr,
			       (int)version.len, (const char *)version.ptr);
	cpe_key_read(m->arena, c->cpe, &cpe);
	if (cpe.key.len && cpe.version.len)
		out[n++] = arena_print(m->arena, "%.*s@%.*s", (int)cpe.key.len,
				       (const char *)cpe.key.ptr, (int)cpe.version.len,
				       (const char *)cpe.version.ptr);
	return n;
}

/* All names on one side: of the SBOM, or of what was seen in the product. */
static bool side_make(struct match *m, bool of_sbom, struct names *out)
{
	struct slice two[NAMES_EACH];

	for (unsigned pass = 0; pass < 2; pass++) {
		size_t n = 0;

		for (size_t i = 0; i < m->subjects.n; i++)
			for (size_t k = 0; k < m->subjects.list[i].sightings_n; k++) {
				const struct component *c =
					&m->subjects.list[i].sightings[k]->component;
				size_t some = is_from_sbom(c) == of_sbom && c->version.len
						      ? names_of(m, c, two)
						      : 0;

				for (size_t w = 0; w < some && out->list; w++)
					out->list[n + w] = two[w];
				n += some;
			}
		out->n = n;
		if (pass == 0)
			out->list = arena_array(m->arena, n + 1, sizeof *out->list);
		if (!out->list)
			return false;
	}
	sort_items(out->list, out->n, sizeof *out->list, slice_order, NULL);
	return true;
}

static bool is_on_side(struct match *m, const struct component *c, const struct names *side)
{
	struct slice two[NAMES_EACH];
	size_t n = names_of(m, c, two);

	for (size_t i = 0; i < n; i++)
		if (has_name(side, two[i]))
			return true;
	return false;
}

/* Each component of either side that the other side does not have is one difference. */
static void sbom_tell(struct match *m)
{
	struct names sbom = {0}, product = {0};
	uint64_t compared = 0;

	if (!side_make(m, true, &sbom) || !side_make(m, false, &product) || sbom.n == 0 ||
	    product.n == 0)
		return; /* nothing to compare: the record says nothing of it */
	for (size_t i = 0; i < m->subjects.n; i++) {
		const struct subject *s = &m->subjects.list[i];
		const struct component *c = &s->sightings[0]->component;
		bool in_sbom = false, in_product = false;

		if (c->version.len == 0)
			continue;
		compared++;
		in_sbom = is_on_side(m, c, &sbom);
		in_product = is_on_side(m, c, &product);
		if (in_sbom && in_product)
			continue;
		tell_finding(m, "sbom-mismatch", s->artifact,
			     arena_print(m->arena, "sbom:%.*s:%.*s", (int)s->name.len,
					 (const char *)s->name.ptr, (int)s->version.len,
					 (const char *)s->version.ptr),
			     arena_print(m->arena, "%s %.*s %.*s", in_sbom ? "SBOM:" : "image:",
					 (int)s->name.len, (const char *)s->name.ptr,
					 (int)s->version.len, (const char *)s->version.ptr));
	}
	tell_coverage(m, "sbom-components", compared, compared);
}

void flaws_tell(struct match *m)
{
	sbom_tell(m);
	if (!m->feed)
		return;
	for (size_t i = 0; i < m->outcomes_n; i++)
		outcome_tell(m, m->outcomes[i]);
	components_tell(m);
	scores_tell(m);
	status_tell(m);
	feed_age_tell(m);
}
