// SPDX-License-Identifier: Apache-2.0
// Whether components are maintained, and how long the oldest release is out that they lack.

#include "inspect/known/match.h"

#include "base/ban.h"

/* catalog/vulnerability.yaml, parameters: kernel_max_lag_months 12, library_max_lag_months 6. */
enum { LAG_KERNEL_DAYS = 366, LAG_LIBRARY_DAYS = 184 };

static const struct {
	const char *rule;
	uint64_t lag_days; /* 0: not asked */
} roles[] = {
	[ROLE_OTHER] = {"end-of-life", 0},
	[ROLE_KERNEL] = {"kernel-unmaintained", LAG_KERNEL_DAYS},
	[ROLE_LIBRARY] = {"library-unmaintained", LAG_LIBRARY_DAYS},
};
_Static_assert(ARRAY_LEN(roles) == ROLE_N, "a row each");

enum upkeep { UPKEEP_UNKNOWN, UPKEEP_GOOD, UPKEEP_ENDED, UPKEEP_BEHIND };

/* A component as its lifecycle is asked. */
struct aged {
	const struct subject *s;
	const struct lifecycle *cycle;
	struct slice version;
	const char *ended, *missing; /* what speaks against it, for the evidence */
};

/* "1.1.1" begins 1.1.1w and 1.1.1, and not 1.1.10. */
static bool is_of_series(struct slice version, const char *series)
{
	size_t n = series ? slice_text(series).len : 0;

	if (n == 0)
		return true;
	return slice_starts(version, series) && !text_is_digit((char)slice_at(version, n));
}

static const struct branch *branch_of(const struct lifecycle *l, struct slice version)
{
	const struct branch *best = NULL;
	size_t best_len = 0;

	for (unsigned i = 0; i < l->branches_count; i++) {
		const struct branch *b = &l->branches[i];
		size_t len = b->series ? slice_text(b->series).len : 0;

		if (is_of_series(version, b->series) && (!best || len > best_len)) {
			best = b;
			best_len = len;
		}
	}
	return best;
}

/* <0, 0, >0; false when one of them is no version. */
static bool compare_versions(enum scheme scheme, struct slice a, struct slice b, int *out)
{
	struct version_key x, y;

	if (version_key_make(scheme, a, (struct slice){0}, &x) != OK ||
	    version_key_make(scheme, b, (struct slice){0}, &y) != OK)
		return false;
	*out = version_key_cmp(&x, &y);
	return true;
}

/*
 * The list of releases has gaps, and still decides: a release we lack that is older than allowed
 * is proof of lagging; having a release that is young enough is proof that all we lack is younger.
 */
static enum upkeep lag_of(const struct match *m, struct aged *a, const struct branch *b,
			  uint64_t lag_days)
{
	enum scheme scheme =
		a->cycle->slot ? scheme_of(slice_text(a->cycle->slot)) : SCHEME_GENERIC;
	enum upkeep result = UPKEEP_UNKNOWN;

	for (unsigned i = 0; i < b->releases_count; i++) {
		struct slice rest = slice_text(b->releases[i]), version = {0}, date = {0};
		uint64_t day = 0;
		int order = 0;

		if (!text_word(&rest, &version) || !text_word(&rest, &date) ||
		    !day_read(date, &day) || !compare_versions(scheme, version, a->version, &order))
			continue;
		if (order > 0 && day + lag_days < m->today) {
			a->missing = b->releases[i];
			return UPKEEP_BEHIND;
		}
		if (order <= 0 && day + lag_days >= m->today)
			result = UPKEEP_GOOD;
	}
	return result;
}

static enum upkeep upkeep_of(const struct match *m, struct aged *a)
{
	const struct branch *b = branch_of(a->cycle, a->version);
	uint64_t end = 0;

	if (!b || a->version.len == 0)
		return UPKEEP_UNKNOWN;
	if (b->end && day_read(slice_text(b->end), &end) && end < m->today) {
		a->ended = b->end;
		return UPKEEP_ENDED;
	}
	if (roles[a->cycle->role].lag_days == 0)
		return UPKEEP_GOOD;
	return lag_of(m, a, b, roles[a->cycle->role].lag_days);
}

static void aged_tell(struct match *m, const struct aged *a, const char *rule)
{
	const struct subject *s = a->s;

	tell_finding(m, rule, s->artifact,
		     arena_print(m->arena, "eol:%.*s:%.*s", (int)s->name.len,
				 (const char *)s->name.ptr, (int)s->version.len,
				 (const char *)s->version.ptr),
		     SAY(m->arena, a->ended ? SAY_MAINTENANCE_ENDED : SAY_RELEASE_LACKING,
			 name_and_version(m->arena, s->name, s->version),
			 slice_text(a->ended ? a->ended : a->missing),
			 slice_text(a->cycle->source ? a->cycle->source : "-")));
}

/* A distribution maintains its packages as long as its release, whatever upstream does. */
static void distribution_of(struct match *m, const struct subject *s, struct aged *out)
{
	for (size_t i = 0; i < s->sightings_n && i < ASKED_MAX; i++) {
		struct purl_parts p;
		struct slice release = {0}, name = {0};

		if (!purl_parts_read(m->arena, s->sightings[i]->component.purl, &p))
			continue;
		release = distribution_release(m, &p);
		if (!text_field(&release, ':', &name))
			continue;
		if (slice_at(release, 0) == 'v')
			release = slice_from(release, 1);
		out->cycle = lifecycle_of_name(m->data, name);
		out->version = release;
		return;
	}
}

static void aged_find(struct match *m, const struct subject *s, struct aged *out)
{
	*out = (struct aged){.s = s, .version = upstream_of(s->version)};
	for (size_t i = 0; i < s->sightings_n && i < ASKED_MAX && !out->cycle; i++) {
		struct cpe_key cpe;

		cpe_key_read(m->arena, s->sightings[i]->component.cpe, &cpe);
		if (cpe.key.len)
			out->cycle = lifecycle_of_slot(m->data, cpe.key);
		if (out->cycle && cpe.version.len)
			out->version = cpe.update.len ? arena_print(m->arena, "%.*s%.*s",
								    (int)cpe.version.len,
								    (const char *)cpe.version.ptr,
								    (int)cpe.update.len,
								    (const char *)cpe.update.ptr)
						      : cpe.version;
	}
	if (!out->cycle)
		out->cycle = lifecycle_of_name(m->data, s->name);
}

struct upkeep_sums {
	uint64_t seen[ROLE_N], total[ROLE_N], maintained, all;
};

static void subject_tell(struct match *m, const struct subject *s, struct upkeep_sums *sums)
{
	struct aged own, judged;
	enum role role = ROLE_OTHER;
	enum upkeep u = UPKEEP_UNKNOWN;

	aged_find(m, s, &own);
	role = own.cycle ? own.cycle->role : s->is_kernel ? ROLE_KERNEL : ROLE_OTHER;
	judged = own;
	distribution_of(m, s, &judged);
	judged.s = s;
	if (judged.cycle)
		u = upkeep_of(m, &judged);
	sums->all++;
	sums->total[role]++;
	sums->seen[role] += u != UPKEEP_UNKNOWN;
	/* Whether a branch has ended may be known where the lag is not. */
	sums->maintained += judged.cycle && branch_of(judged.cycle, judged.version);
	if (u != UPKEEP_ENDED && u != UPKEEP_BEHIND)
		return;
	if (role != ROLE_OTHER)
		aged_tell(m, &judged, roles[role].rule);
	if (u == UPKEEP_ENDED)
		aged_tell(m, &judged, roles[ROLE_OTHER].rule);
}

void lifecycle_tell(struct match *m)
{
	struct upkeep_sums sums = {0};

	for (size_t i = 0; i < m->subjects.n; i++)
		subject_tell(m, &m->subjects.list[i], &sums);
	tell_coverage(m, "lifecycle", sums.maintained, sums.all);
	tell_coverage(m, "kernel-lifecycle", sums.seen[ROLE_KERNEL], sums.total[ROLE_KERNEL]);
	tell_coverage(m, "library-lifecycle", sums.seen[ROLE_LIBRARY], sums.total[ROLE_LIBRARY]);
}
