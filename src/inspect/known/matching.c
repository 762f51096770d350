// SPDX-License-Identifier: Apache-2.0
// The worker of known-vulnerability diagnosis: components of the record in, facts out.

#include "inspect/known/match.h"

#include "base/ban.h"

enum { SCRATCH_BYTES = 256 * 1024 * 1024 };

void tell_finding(struct match *m, const char *rule, uint64_t artifact, struct slice flaw,
		  struct slice evidence)
{
	emit_fact(m->emitter, &(struct fact){.kind = FACT_FINDING,
					     .finding = {.rule = slice_text(rule),
							 .flaw = flaw,
							 .artifact = artifact,
							 .evidence = evidence}});
}

void tell_coverage(struct match *m, const char *subject, uint64_t seen, uint64_t total)
{
	emit_fact(m->emitter, &(struct fact){.kind = FACT_COVERAGE,
					     .coverage = {.method = METHOD_KNOWN,
							  .subject = slice_text(subject),
							  .seen = seen,
							  .total = total}});
}

static void skip_with(struct match *m, const char *subject, struct slice what, enum err why,
		      struct slice detail)
{
	emit_fact(m->emitter, &(struct fact){.kind = FACT_SKIP,
					     .skip = {.method = METHOD_KNOWN,
						      .subject = slice_text(subject),
						      .what = what,
						      .why = slice_text(err_name(why)),
						      .detail = detail}});
}

void tell_skip(struct match *m, const char *subject, struct slice what, enum err why,
	       enum say detail)
{
	skip_with(m, subject, what, why, saying(detail));
}

/* --- matching --- */

static enum err match_subject(struct match *m, struct subject *s)
{
	struct statements all;
	struct arena scratch;
	enum err e = OK;

	arena_init(&scratch, SCRATCH_BYTES);
	e = statements_make(m, s, &scratch, &all);
	for (size_t from = 0, to = 0; from < all.n && e == OK; from = to) {
		while (to < all.n && all.list[to].advisory == all.list[from].advisory)
			to++;
		e = outcome_add(m, s, &all.list[from], to - from);
	}
	arena_release(&scratch);
	return e;
}

static enum err match_all(struct match *m)
{
	enum err e = OK;

	releases_make(m);
	for (size_t i = 0; i < m->subjects.n && e == OK; i++)
		e = subject_look_up(m, &m->subjects.list[i]);
	if (e == OK)
		e = own_look_up(m);
	if (e == OK)
		e = build_make(m);
	/* First, so that no limit leaves it out. */
	if (e == OK)
		e = match_subject(m, &m->own.subject);
	for (size_t i = 0; i < m->subjects.n && e == OK; i++)
		if (!own_covers(m, &m->subjects.list[i]))
			e = match_subject(m, &m->subjects.list[i]);
	return e ? e : outcomes_sort(m);
}

/* --- telling --- */

static void feed_tell(struct match *m)
{
	const struct feed_info *info = feed_info(m->feed);
	struct buf sources;

	buf_init(&sources, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < info->sources_n; i++)
		buf_print(&sources, "%s%s%s%.*s", i ? ", " : "",
			  source_name(info->sources[i].source),
			  info->sources[i].date.len ? " " : "", (int)info->sources[i].date.len,
			  (const char *)info->sources[i].date.ptr);
	emit_fact(m->emitter, &(struct fact){.kind = FACT_FEED,
					     .feed = {.date = info->date,
						      .sha256 = info->sha256,
						      .sources = buf_slice(&sources),
						      .advisories = info->advisories,
						      .kind = info->is_starter ? FEED_STARTER
									       : FEED_IMPORTED}});
	buf_release(&sources);
	tell_coverage(m, "feed", 1, 1);
}

static void outcomes_tell(struct match *m)
{
	for (size_t i = 0; i < m->outcomes_n; i++)
		emit_fact(m->emitter, &(struct fact){.kind = FACT_VULNERABILITY,
						     .vulnerability = m->outcomes[i]->fact});
}

static void match_and_tell(struct match *m, const struct known_task *t)
{
	struct fault why = {0};
	enum err e = OK;

	m->feed = t->feed;
	if (!m->feed)
		e = feed_open(t->snapshot, &m->feed, &why);
	if (e == OK)
		e = match_all(m);
	if (e) {
		m->outcomes_n = 0;
		skip_with(m, "known-components", slice_text("snapshot"), e,
			  why.code ? say_heard(m->arena, slice_text(why.msg))
				   : saying(SAY_MATCHING_GAVE_UP));
		tell_coverage(m, "known-components", 0, 1);
		if (!t->feed)
			feed_close(m->feed);
		m->feed = NULL;
		return;
	}
	feed_tell(m);
	outcomes_tell(m);
}

/* The record's own words for what must be known of the product before "none" means anything. */
static void inputs_tell(struct match *m)
{
	static const char *const subjects[] = {"image", "objects"};
	const struct fact *f = NULL;

	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		uint64_t seen = 0, total = 0;
		bool is_said = false;

		for (size_t at = 0; (f = record_next(m->record, FACT_COVERAGE, &at));) {
			const struct coverage *c = &f->coverage;

			if (c->method != METHOD_FIRMWARE || !slice_is(c->subject, subjects[i]))
				continue;
			is_said = true;
			seen = c->seen > UINT64_MAX - seen ? UINT64_MAX : seen + c->seen;
			total = c->total > UINT64_MAX - total ? UINT64_MAX : total + c->total;
		}
		if (is_said)
			tell_coverage(m, subjects[i], seen, total);
	}
}

void known_task(void *ctx, int results)
{
	const struct known_task *t = ctx;
	const struct target *target = record_target(t->record);
	struct emitter emitter;
	struct arena arena;
	struct match m = {
		.data = t->data, .record = t->record, .emitter = &emitter, .arena = &arena};

	emitter_init(&emitter, results);
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (!target || !day_read(target->date, &m.today) || subjects_make(&m) != OK ||
	    decisions_make(&m) != OK || own_begin(&m) != OK)
		return; /* without its last frame: the parent takes it for a crash */
	if (t->feed || t->snapshot.len)
		match_and_tell(&m, t);
	flaws_tell(&m);
	lifecycle_tell(&m);
	decisions_tell(&m);
	inputs_tell(&m);
	emit_done(&emitter);
	if (!t->feed)
		feed_close(m.feed);
	buf_release(&m.scratch);
	arena_release(&arena);
}
