// SPDX-License-Identifier: Apache-2.0
// What matching found, as findings for the sheet's rules, and how much of the product was matched.

#include "inspect/known/match.h"
#include "inspect/parts.h"

#include "base/ban.h"

/* catalog/vulnerability.yaml, parameters: kv_grace_days, vulndb_max_age_days. */
enum { GRACE_CRITICAL_DAYS = 14, GRACE_HIGH_DAYS = 30, FEED_AGE_DAYS = 7 };
enum { EVIDENCE_BYTES = 8192 };

static const char *const rules[] = {
	"known-exploited",      "known-critical",  "known-high",
	"known-medium",         "chip-vulnerable", "jvn-open",
	"end-of-life",          "feed-old",        "kernel-unmaintained",
	"library-unmaintained", "sbom-mismatch",   "vex-unjustified",
	"own-advisory",
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

/* A score has at most three digits, the last behind the point: 98 is 9.8. */
static void score_write(unsigned tenths, struct buf *b)
{
	buf_text(b, "CVSS ");
	if (tenths >= 100)
		buf_byte(b, (uint8_t)('0' + tenths / 100 % 10));
	buf_byte(b, (uint8_t)('0' + tenths / 10 % 10));
	buf_byte(b, '.');
	buf_byte(b, (uint8_t)('0' + tenths % 10));
	buf_text(b, ", ");
}

/* What speaks no language: "CVSS 9.8, KEV 2021-12-10, -> 1.36.2; nvd [,1.36.1]". */
static void reasons_write(const struct vulnerability *v, struct buf *b)
{
	if (v->severity != RATING_UNKNOWN)
		score_write((unsigned)v->cvss, b);
	if (v->kev.len) {
		buf_text(b, "KEV ");
		buf_add(b, v->kev);
		buf_text(b, ", ");
	}
	if (v->fixed_in.len) {
		buf_text(b, "-> ");
		buf_add(b, v->fixed_in);
		buf_text(b, "; ");
	}
	buf_add(b, v->because);
}

/* "busybox 1.36.0", or the name alone. */
struct slice name_and_version(struct arena *a, struct slice name, struct slice version)
{
	const struct slice parts[] = {name, slice_text(version.len ? " " : ""), version};

	return arena_join(a, parts, ARRAY_LEN(parts));
}

static void flaw_tell(struct match *m, const struct outcome *o, const char *rule)
{
	const struct vulnerability *v = &o->fact;
	/* The product itself has one name, whoever lists it: its flaw counts once. */
	struct slice whose = o->subject->is_own ? m->own.subject.name : v->component;
	const struct slice flaw[] = {slice_text("cve:"), v->id, slice_text(":"), whose};

	buf_clear(&m->scratch);
	m->scratch.ceiling = EVIDENCE_BYTES;
	reasons_write(v, &m->scratch);
	tell_finding(m, rule, v->artifact, arena_join(m->arena, flaw, ARRAY_LEN(flaw)),
		     SAY(m->arena, SAY_KNOWN_VULNERABILITY, v->id,
			 name_and_version(m->arena, v->component, v->version),
			 buf_slice(&m->scratch)));
}

static bool is_own(const struct match *m, const struct outcome *o)
{
	return o->subject == &m->own.subject;
}

static void outcome_tell(struct match *m, const struct outcome *o)
{
	const struct vulnerability *v = &o->fact;

	if (v->status != VULN_AFFECTED)
		return;
	if (is_own(m, o))
		flaw_tell(m, o, "own-advisory");
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
		if (s->unknown_n > LIMIT_KNOWN_UNKNOWN)
			tell_skip(m, "known-versions", s->name, E_LIMIT, SAY_WORST_LISTED);
		if (s->lookup == LOOKUP_AMBIGUOUS)
			tell_skip(m, "known-components", s->name, E_UNDECIDED, SAY_SEVERAL_MAKERS);
	}
	tell_coverage(m, "known-components", seen, m->subjects.n);
	tell_coverage(m, "known-chips", chips, chips);
	tell_coverage(m, "kernel-files", m->kernel_seen, m->kernel_total);
	if (m->left_out)
		tell_skip(m, "known-components", slice_text("results"), E_LIMIT, SAY_MANY_RESULTS);
}

/* An open vulnerability nobody has scored belongs to no band. */
static void scores_tell(struct match *m)
{
	uint64_t seen = 0, total = 0;

	for (size_t i = 0; i < m->outcomes_n; i++) {
		const struct vulnerability *v = &m->outcomes[i]->fact;

		if (v->status != VULN_AFFECTED || is_own(m, m->outcomes[i]))
			continue;
		total++;
		seen += v->severity != RATING_UNKNOWN;
	}
	tell_coverage(m, "known-scores", seen, total);
}

/* Open questions about status: a condition, a version or a range nobody knows. */
static void status_tell(struct match *m)
{
	uint64_t seen = 0, total = 0;

	for (size_t i = 0; i < m->outcomes_n; i++) {
		if (is_own(m, m->outcomes[i]))
			continue;
		total++;
		seen += m->outcomes[i]->fact.status != VULN_VERSION_UNKNOWN;
	}
	tell_coverage(m, "known-versions", seen, total);
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
		tell_finding(m, "feed-old", 0, slice_text("feed:old"),
			     SAY(m->arena, SAY_FEED_DATE, info->date));
}

/* --- the SBOM beside the image --- */

static void part_tell(void *ctx, enum part_outcome o, const struct component *seen,
		      const struct component *listed)
{
	struct match *m = ctx;
	struct slice part = {0};

	if (o != PART_MISSING && o != PART_DIFFERING)
		return;
	part = name_and_version(m->arena, seen->name, seen->version);
	tell_finding(m, "sbom-mismatch", seen->artifact,
		     arena_print(m->arena, "sbom:%.*s:%.*s", (int)seen->name.len,
				 (const char *)seen->name.ptr, (int)seen->version.len,
				 (const char *)seen->version.ptr),
		     listed ? SAY(m->arena, SAY_SBOM_DIFFERS, part,
				  name_and_version(m->arena, listed->name, listed->version))
			    : SAY(m->arena, SAY_SBOM_LACKS, part));
}

/* Whether there are both parts that an SBOM lists and others. */
static bool has_both_sides(const struct record *r)
{
	bool has_listed = false, has_seen = false;
	const struct fact *f = NULL;

	for (size_t at = 0; !(has_listed && has_seen) && (f = record_next(r, FACT_COMPONENT, &at));)
		if (part_is_listed(&f->component))
			has_listed = true;
		else
			has_seen = true;
	return has_listed && has_seen;
}

static void sbom_tell(struct match *m)
{
	struct parts_compared sums = {0};
	enum err e = OK;

	if (!has_both_sides(m->record))
		return;
	e = parts_compare(m->record, NULL, NULL, &sums);
	if (e == OK && sums.listed && sums.detected)
		e = parts_compare(m->record, part_tell, m, &sums);
	if (e)
		tell_skip(m, "sbom-components", slice_text("sbom"), e, SAY_NOTHING);
	/* Without an SBOM, or with nothing seen to compare it with, the record says nothing of it.
	 */
	if (e || (sums.listed && sums.detected))
		tell_coverage(m, "sbom-components", sums.detected, sums.detected);
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
	own_tell(m);
}
