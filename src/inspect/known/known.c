// SPDX-License-Identifier: Apache-2.0
// The parent's side of known-vulnerability diagnosis: a worker, its facts checked, into the record.

#include "inspect/known/match.h"

#include "base/ban.h"

enum { POLL_MS = 200, FRAME_HEADER = 4, FACT_ARENA = 1024 * 1024 };

/* Subjects of coverage that this inspector speaks of. */
static const char *const subjects[] = {
	"feed",
	"known-components",
	"known-chips",
	"known-scores",
	"known-versions",
	"kernel-files",
	"jvn-data",
	"kev-data",
	"lifecycle",
	"kernel-lifecycle",
	"library-lifecycle",
	"not-affected-decisions",
	"sbom-components",
	"own-advisories",
	"image",
	"objects",
};

static bool is_known_subject(struct slice subject)
{
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		if (slice_is(subject, subjects[i]))
			return true;
	return false;
}

static bool is_known(const struct fact *f)
{
	switch (f->kind) {
	case FACT_FEED:
	case FACT_VULNERABILITY:
		return true;
	case FACT_FINDING:
		return is_known_rule(f->finding.rule);
	case FACT_COVERAGE:
		return f->coverage.method == METHOD_KNOWN && is_known_subject(f->coverage.subject);
	case FACT_SKIP:
		return f->skip.method == METHOD_KNOWN && is_known_subject(f->skip.subject);
	default:
		return false;
	}
}

enum err known_strip(const struct record *old, struct record *out)
{
	enum err e = OK;

	record_init(out);
	for (size_t i = 0; i < old->n && e == OK; i++)
		if (old->facts[i].kind != FACT_END && !is_known(&old->facts[i]))
			e = record_add(out, &old->facts[i]);
	if (e)
		record_release(out);
	return e;
}

/* --- listening --- */

/* Everything the worker says, until it closes its end. */
static enum err listen_all(const struct worker *w, struct buf *out)
{
	uint64_t heard = clock_ms();

	for (;;) {
		bool is_readable = false;
		enum err e = OK;

		(void)workers_wait(&w->results, 1, POLL_MS, &is_readable);
		if (interrupt_seen())
			return E_INTERRUPTED;
		if (is_readable) {
			e = pipe_read(w->results, out);
			heard = clock_ms();
		} else if (clock_ms() - heard > LIMIT_OBJECT_SECONDS * 1000) {
			return E_TIMEOUT;
		}
		if (e == E_END)
			return OK;
		if (e)
			return e;
	}
}

/* A fact of a kind that may come, about an artifact that is there. */
static enum err take_fact(struct slice packed, struct record *r)
{
	struct arena a;
	struct fact f;
	enum err e = OK;

	arena_init(&a, FACT_ARENA);
	e = fact_unpack(&a, packed, &f, NULL);
	if (e == OK && !is_known(&f))
		e = E_CORRUPT;
	if (e == OK && f.kind == FACT_FINDING && f.finding.artifact > r->artifacts_n)
		e = E_CORRUPT;
	if (e == OK && f.kind == FACT_VULNERABILITY && f.vulnerability.artifact > r->artifacts_n)
		e = E_CORRUPT;
	if (e == OK)
		e = record_add(r, &f);
	arena_release(&a);
	return e;
}

/* All frames. E_CRASH when they do not end as they should. */
static enum err take_frames(struct slice frames, struct record *r)
{
	struct cursor c = {.in = frames};
	bool is_done = false;

	while (cursor_left(&c) >= FRAME_HEADER && !is_done) {
		uint32_t len = cursor_u32le(&c);
		struct cursor frame = {.in = cursor_take(&c, len)};
		enum frame_kind kind = cursor_u8(&frame);
		enum err e = OK;

		if (c.err || len > LIMIT_FRAME_BYTES || frame.err)
			return E_CRASH;
		is_done = kind == FRAME_DONE;
		if (kind == FRAME_FACT)
			e = take_fact(cursor_take(&frame, cursor_left(&frame)), r);
		else if (!is_done)
			e = E_CRASH;
		if (e)
			return e == E_NOMEM || e == E_LIMIT ? e : E_CRASH;
	}
	return is_done && cursor_left(&c) == 0 ? OK : E_CRASH;
}

/* All or nothing: no fact stays of a worker that talks nonsense in the end. */
static enum err take_all(struct slice frames, struct record *r)
{
	size_t before = r->n;
	enum err e = take_frames(frames, r);

	if (e)
		r->n = before;
	return e;
}

/* Nothing the worker said counts: the record says that matching failed. */
static enum err add_failure(struct record *r, enum err why)
{
	enum err e =
		record_add(r, &(struct fact){.kind = FACT_SKIP,
					     .skip = {.method = METHOD_KNOWN,
						      .subject = slice_text("known-components"),
						      .what = slice_text("matching"),
						      .why = slice_text(err_name(why))}});

	if (e == OK)
		e = record_add(
			r, &(struct fact){.kind = FACT_COVERAGE,
					  .coverage = {.method = METHOD_KNOWN,
						       .subject = slice_text("known-components"),
						       .total = 1}});
	return e;
}

enum err known_run(const struct known_options *o, struct record *r, struct fault *why)
{
	struct known_task task = {.data = o->data, .record = r, .snapshot = o->snapshot};
	struct worker w;
	struct buf said;
	enum err e = worker_start(known_task, &task, o->is_sandboxed, &w, why);

	if (e)
		return e;
	buf_init(&said, LIMIT_TASK_FRAMES_BYTES);
	e = listen_all(&w, &said);
	if (!worker_end(&w) && e == OK)
		e = E_CRASH;
	if (e == OK)
		e = take_all(buf_slice(&said), r);
	if (e && e != E_INTERRUPTED && e != E_NOMEM)
		e = add_failure(r, e);
	buf_release(&said);
	return e ? fault_set(why, e, 0, "known-vulnerability matching did not end") : OK;
}
