// SPDX-License-Identifier: Apache-2.0
// Indexes a record for judging: one pass and two sorts, so that many facts stay cheap.

#include "sheet/evidence.h"

#include <stdlib.h>

#include "base/ban.h"

/* All facts lie in one array, so that their addresses tell which came first. */
static int place_cmp(const struct fact *a, const struct fact *b)
{
	return (a > b) - (a < b);
}

static int finding_cmp(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;
	int d = slice_cmp(x->finding.rule, y->finding.rule);

	if (d == 0)
		d = slice_cmp(x->finding.flaw, y->finding.flaw);
	return d ? d : place_cmp(x, y);
}

static struct slice subject_of(const struct fact *f)
{
	return f->kind == FACT_SKIP ? f->skip.subject : f->coverage.subject;
}

static enum method method_of(const struct fact *f)
{
	return f->kind == FACT_SKIP ? f->skip.method : f->coverage.method;
}

static int subject_cmp(const struct fact *x, const struct fact *y)
{
	int d = slice_cmp(subject_of(x), subject_of(y));

	return d ? d : (method_of(x) > method_of(y)) - (method_of(x) < method_of(y));
}

/* Coverage before skips within a subject. */
static int cover_cmp(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a;
	const struct fact *y = *(const struct fact *const *)b;
	int d = subject_cmp(x, y);

	if (d == 0)
		d = (x->kind > y->kind) - (x->kind < y->kind);
	return d ? d : place_cmp(x, y);
}
_Static_assert(FACT_COVERAGE < FACT_SKIP, "coverage sorts before skips");

static size_t count(const struct record *r, enum fact_kind kind)
{
	size_t at = 0, n = 0;

	while (record_next(r, kind, &at))
		n++;
	return n;
}

static size_t gather(const struct record *r, enum fact_kind kind, const struct fact **out)
{
	const struct fact *f = NULL;
	size_t at = 0, n = 0;

	while ((f = record_next(r, kind, &at)))
		out[n++] = f;
	return n;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/* One cover of the facts at `at`, all of one subject and method. */
static struct cover cover_of(const struct fact *const *at, size_t n)
{
	struct cover c = {.method = method_of(at[0]), .subject = subject_of(at[0])};
	size_t i = 0;

	for (; i < n && at[i]->kind == FACT_COVERAGE; i++) {
		c.is_spoken_of = true;
		c.seen = sum(c.seen, at[i]->coverage.seen);
		c.total = sum(c.total, at[i]->coverage.total);
	}
	c.skips = (struct facts){.at = &at[i], .n = n - i};
	return c;
}

static enum err make_covers(const struct record *r, struct arena *a, struct evidence *out)
{
	size_t n = count(r, FACT_COVERAGE) + count(r, FACT_SKIP), subjects = 0;
	const struct fact **facts = arena_array(a, n, sizeof *facts);
	struct cover *covers = NULL;

	if (!facts)
		return E_NOMEM;

	size_t first_skip = gather(r, FACT_COVERAGE, facts);

	(void)gather(r, FACT_SKIP, &facts[first_skip]);
	qsort(facts, n, sizeof(const struct fact *), cover_cmp);
	for (size_t i = 0; i < n; i++)
		subjects += i == 0 || subject_cmp(facts[i - 1], facts[i]) != 0;
	covers = arena_array(a, subjects, sizeof *covers);
	if (!covers)
		return E_NOMEM;
	out->covers = covers;
	for (size_t from = 0, to = 0; from < n; from = to) {
		while (to < n && subject_cmp(facts[from], facts[to]) == 0)
			to++;
		covers[out->covers_n++] = cover_of(&facts[from], to - from);
	}
	return OK;
}

enum err evidence_make(const struct record *r, struct arena *a, struct evidence *out)
{
	struct evidence e = {.findings.n = count(r, FACT_FINDING)};
	const struct fact **findings = arena_array(a, e.findings.n, sizeof *findings);

	if (!findings)
		return E_NOMEM;
	(void)gather(r, FACT_FINDING, findings);
	qsort(findings, e.findings.n, sizeof(const struct fact *), finding_cmp);
	e.findings.at = findings;

	enum err err = make_covers(r, a, &e);

	if (err)
		return err;
	*out = e;
	return OK;
}

/* Number of the first finding whose rule is not before `rule` (past: not before or the same). */
static size_t bound(const struct evidence *e, struct slice rule, bool past)
{
	size_t low = 0, high = e->findings.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = slice_cmp(e->findings.at[mid]->finding.rule, rule);

		if (d < 0 || (past && d == 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct facts evidence_findings(const struct evidence *e, struct slice rule)
{
	size_t from = bound(e, rule, false);

	return (struct facts){.at = &e->findings.at[from], .n = bound(e, rule, true) - from};
}

struct cover evidence_cover(const struct evidence *e, const struct item *item, struct slice subject)
{
	bool is_any = item->part == PART_IOT;
	size_t low = 0, high = e->covers_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct cover *c = &e->covers[mid];
		int d = slice_cmp(c->subject, subject);

		if (d < 0 || (d == 0 && !is_any && c->method < item->method))
			low = mid + 1;
		else
			high = mid;
	}
	if (low < e->covers_n && slice_eq(e->covers[low].subject, subject) &&
	    (is_any || e->covers[low].method == item->method))
		return e->covers[low];
	return (struct cover){.method = item->method, .subject = subject};
}

bool share_reached(uint64_t seen, uint64_t total, uint64_t percent)
{
	if (seen >= total)
		return true;
	while (total > UINT64_MAX / 128) {
		total = total / 2 + 1;
		seen /= 2;
	}
	return seen * 100 >= total * percent;
}
