// SPDX-License-Identifier: Apache-2.0
// The parent's side: tasks to workers, frames back.

#include "inspect/job.h"

#include <stdio.h>

#include "base/ban.h"

enum { POLL_MS = 200, FRAME_HEADER = 4 };

uint64_t watch_look(struct watch *w, uint64_t clock)
{
	uint64_t step = w->seen_ms && clock > w->seen_ms ? clock - w->seen_ms : 0;

	w->seen_ms = clock;
	w->shown_ms += step < WATCH_STEP_MS ? step : WATCH_STEP_MS;
	return w->shown_ms;
}

/* --- frames --- */

static enum err take_stretch(struct job *j, struct run *r, struct cursor *c)
{
	struct stretch s = {.kind = cursor_u8(c)};
	uint32_t format = cursor_u32le(c);
	uint64_t covered = 0;

	s.at = cursor_u64le(c);
	s.size = cursor_u64le(c);

	struct slice how = cursor_take(c, cursor_left(c));

	if (!r->stretches)
		r->stretches = arena_array(&j->arena, LIMIT_PARTS, sizeof *r->stretches);
	if (r->stretches_n) {
		const struct stretch *last = &r->stretches[r->stretches_n - 1];

		covered = last->at + last->size;
	}
	if (c->err || !r->stretches || r->stretches_n == LIMIT_PARTS || s.at != covered ||
	    (unsigned)s.kind >= RANGE_N || format > formats_n || s.size == 0 ||
	    s.size > r->task.input->bytes->bytes.len - covered)
		return E_CORRUPT;
	s.format = format ? formats[format - 1] : NULL;
	if ((s.kind == RANGE_IDENTIFIED) != (s.format != NULL))
		return E_CORRUPT;
	if (how.len >= sizeof s.bid.how || !saying_is_good(how))
		return E_CORRUPT;
	s.bid.size = s.size;
	(void)snprintf(s.bid.how, sizeof s.bid.how, "%.*s", (int)how.len, (const char *)how.ptr);
	r->stretches[r->stretches_n++] = s;
	return OK;
}

static enum err take_begin(struct job *j, struct run *r, struct cursor *c)
{
	struct mark m = {.ordinal = cursor_u64le(c)};
	struct slice path = cursor_take(c, cursor_left(c));

	if (c->err || r->depth == STACK_MAX)
		return E_CORRUPT;
	if (arena_copy(&j->arena, path, &m.path) != OK)
		return E_NOMEM;
	r->stack[r->depth++] = m;
	return OK;
}

static enum err take_finish(struct run *r, struct cursor *c)
{
	uint64_t ordinal = cursor_u64le(c);

	if (c->err || r->depth == 0 || r->stack[r->depth - 1].ordinal != ordinal)
		return E_CORRUPT;
	r->depth--;
	return OK;
}

static enum err take_fact(struct run *r, struct cursor *c)
{
	struct slice payload = cursor_take(c, cursor_left(c));

	buf_u32le(&r->facts, (uint32_t)payload.len);
	buf_add(&r->facts, payload);
	return r->facts.err;
}

static enum err take_data(struct job *j, struct cursor *c)
{
	const struct inspect_sink *sink = j->options->sink;
	bool is_first = cursor_u8(c) != 0;
	struct slice path = cursor_take(c, cursor_u32le(c));
	struct slice bytes = cursor_take(c, cursor_left(c));

	if (c->err || !sink)
		return E_CORRUPT;
	sink->data(sink->ctx, path, bytes, is_first);
	return OK;
}

static enum err take_frame(struct job *j, struct run *r, struct slice frame)
{
	struct cursor c = {.in = frame};
	enum frame_kind kind = cursor_u8(&c);

	switch (kind) {
	case FRAME_FACT:
		return take_fact(r, &c);
	case FRAME_BEGIN:
		return take_begin(j, r, &c);
	case FRAME_FINISH:
		return take_finish(r, &c);
	case FRAME_STRETCH:
		return r->task.is_survey ? take_stretch(j, r, &c) : E_CORRUPT;
	case FRAME_DATA:
		return take_data(j, &c);
	case FRAME_DONE:
		r->is_done = true;
		return OK;
	case FRAME_N:
		break;
	}
	return E_CORRUPT;
}

/* All whole frames in `pending`. An error means the worker talks nonsense. */
static enum err take_frames(struct job *j, struct run *r)
{
	struct cursor c = {.in = buf_slice(&r->pending)};
	size_t taken = 0;
	enum err e = OK;

	while (e == OK && cursor_left(&c) >= FRAME_HEADER) {
		uint32_t len = cursor_u32le(&c);

		if (len > LIMIT_FRAME_BYTES)
			return E_LIMIT;
		if (len > cursor_left(&c))
			break;
		e = take_frame(j, r, cursor_take(&c, len));
		taken = c.pos;
	}
	buf_drop(&r->pending, taken);
	return e;
}

/* --- runs --- */

static void forget(struct run *r)
{
	buf_clear(&r->pending);
	buf_clear(&r->facts);
	r->stretches_n = 0;
	r->depth = 0;
	r->is_done = false;
}

/* A worker died, hung or lied: the object it was at is left out, and the task runs again. */
static void lose(struct run *r, enum err why)
{
	struct task *t = &r->task;

	if (r->depth == 0 || t->lost_n == LIMIT_TASK_CRASHES) {
		forget(r);
		r->gave_up = why;
		r->is_settled = true;
		return;
	}
	t->lost[t->lost_n++] =
		(struct casualty){.ordinal = r->stack[r->depth - 1].ordinal, .why = why};
	forget(r);
}

static void settle(struct run *r, enum err trouble)
{
	bool ended_well = worker_end(&r->worker);

	r->is_running = false;
	if (trouble == OK && (!r->is_done || !ended_well))
		trouble = E_CRASH;
	if (trouble)
		lose(r, trouble);
	else
		r->is_settled = true;
}

/* Reads what a worker sent; true when it has closed its end or must be ended. */
static bool listen_to(struct job *j, struct run *r, enum err *trouble)
{
	enum err end = pipe_read(r->worker.results, &r->pending);
	enum err e = take_frames(j, r);

	r->heard_ms = j->watch.shown_ms;
	if (e)
		*trouble = E_CRASH;
	else if (end != OK && end != E_END)
		*trouble = E_LIMIT;
	return e != OK || end != OK;
}

static enum err start(struct job *j, struct run *r, struct fault *why)
{
	enum err e = worker_start(walk_task, &r->task, j->options->is_sandboxed, &r->worker, why);

	if (e == OK) {
		r->is_running = true;
		r->heard_ms = j->watch.shown_ms;
	}
	return e;
}

static enum err start_some(struct job *j, struct fault *why)
{
	size_t running = 0;
	enum err e = OK;

	for (size_t i = 0; i < j->n; i++)
		running += j->runs[i].is_running;
	for (size_t i = 0; i < j->n && running < j->options->jobs && e == OK; i++) {
		struct run *r = &j->runs[i];

		if (r->is_running || r->is_settled)
			continue;
		e = start(j, r, why);
		running += e == OK;
	}
	return e;
}

/* One round: wait for any worker, take what it said, end those that are through or too slow. */
static void attend(struct job *j)
{
	int pipes[LIMIT_JOBS] = {0};
	bool is_readable[LIMIT_JOBS] = {false};
	struct run *of[LIMIT_JOBS];
	size_t n = 0;

	for (size_t i = 0; i < j->n && n < LIMIT_JOBS; i++) {
		if (!j->runs[i].is_running)
			continue;
		of[n] = &j->runs[i];
		pipes[n++] = j->runs[i].worker.results;
	}
	(void)workers_wait(pipes, n, POLL_MS, is_readable);

	uint64_t now = watch_look(&j->watch, clock_ms());

	for (size_t i = 0; i < n; i++) {
		enum err trouble = OK;

		if (is_readable[i] && listen_to(j, of[i], &trouble)) {
			settle(of[i], trouble);
			j->finished += of[i]->is_settled;
		} else if (now - of[i]->heard_ms > LIMIT_OBJECT_SECONDS * 1000) {
			settle(of[i], E_TIMEOUT);
			j->finished += of[i]->is_settled;
		}
	}
}

static bool is_all_settled(const struct job *j)
{
	for (size_t i = 0; i < j->n; i++)
		if (!j->runs[i].is_settled)
			return false;
	return true;
}

static void stop_all(struct job *j)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->runs[i].is_running) {
			(void)worker_end(&j->runs[i].worker);
			j->runs[i].is_running = false;
		}
}

static enum err run_all(struct job *j, struct fault *why)
{
	const struct inspect_options *o = j->options;
	enum err e = OK;

	j->finished = 0;
	while (e == OK && !is_all_settled(j)) {
		e = start_some(j, why);
		if (e == OK)
			attend(j);
		if (o->progress)
			o->progress(o->progress_ctx, j->finished, j->n);
		if (e == OK && interrupt_seen())
			e = fault_set(why, E_INTERRUPTED, 0, "interrupted");
	}
	stop_all(j);
	return e;
}

static enum err add_run(struct job *j, struct run *runs, const struct task *t)
{
	struct run *r = &runs[j->n++];

	*r = (struct run){.task = *t};
	buf_init(&r->pending, 2 * LIMIT_FRAME_BYTES + 128 * KiB);
	buf_init(&r->facts, LIMIT_TASK_FRAMES_BYTES);
	return OK;
}

static void release_runs(struct job *j)
{
	for (size_t i = 0; i < j->n; i++) {
		buf_release(&j->runs[i].pending);
		buf_release(&j->runs[i].facts);
	}
	arena_release(&j->arena);
}

/* --- the whole --- */

/* A survey that failed leaves one unknown range: nothing is silently left out. */
static enum err assume_unknown(struct job *j, struct run *survey)
{
	survey->stretches = arena_array(&j->arena, 1, sizeof *survey->stretches);
	if (!survey->stretches)
		return E_NOMEM;
	survey->stretches[0] = (struct stretch){.size = survey->task.input->bytes->bytes.len,
						.kind = RANGE_UNKNOWN};
	survey->stretches_n = 1;
	return OK;
}

static bool covers(const struct run *survey)
{
	uint64_t len = survey->task.input->bytes->bytes.len;
	const struct stretch *s = survey->stretches;
	size_t n = survey->stretches_n;

	return len == 0 || (n && s[n - 1].at + s[n - 1].size == len);
}

/* One run for every stretch that is not padding. */
static enum err plan_walks(const struct job *surveys, struct job *walks)
{
	size_t n = 0;

	for (size_t i = 0; i < surveys->n; i++)
		n += surveys->runs[i].stretches_n;
	walks->runs = arena_array(&walks->arena, n + 1, sizeof *walks->runs);
	if (!walks->runs)
		return E_NOMEM;
	for (size_t i = 0; i < surveys->n; i++) {
		const struct run *s = &surveys->runs[i];

		for (size_t k = 0; k < s->stretches_n; k++) {
			struct task t = {.input = s->task.input,
					 .input_no = s->task.input_no,
					 .stretch = s->stretches[k],
					 .options = walks->options};

			if (t.stretch.kind != RANGE_PADDING)
				(void)add_run(walks, walks->runs, &t);
		}
	}
	return OK;
}

static enum err plan_surveys(struct job *j, const struct inspect_input *inputs, size_t n)
{
	j->runs = arena_array(&j->arena, n + 1, sizeof *j->runs);
	if (!j->runs)
		return E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct task t = {.input = &inputs[i],
				 .input_no = i + 1,
				 .is_survey = true,
				 .options = j->options};

		(void)add_run(j, j->runs, &t);
	}
	return OK;
}

static enum err survey_all(struct job *j, struct fault *why)
{
	enum err e = run_all(j, why);

	for (size_t i = 0; i < j->n; i++) {
		if (covers(&j->runs[i]) && j->runs[i].is_settled)
			continue;
		if (j->runs[i].is_settled && !j->runs[i].gave_up)
			j->runs[i].gave_up = E_CRASH;
		if (assume_unknown(j, &j->runs[i]) != OK)
			return fault_set(why, E_NOMEM, 0, "out of memory");
	}
	return e;
}

enum err inspect_run(const struct inspect_options *o, const struct inspect_input *inputs, size_t n,
		     struct record *r, struct fault *why)
{
	struct job surveys = {.options = o}, walks = {.options = o};

	arena_init(&surveys.arena, LIMIT_ARENA_BYTES);
	arena_init(&walks.arena, LIMIT_ARENA_BYTES);

	enum err e = plan_surveys(&surveys, inputs, n);

	if (e == OK)
		e = survey_all(&surveys, why);
	if (e == OK || e == E_INTERRUPTED) {
		enum err planned = plan_walks(&surveys, &walks);

		if (e == OK)
			e = planned ? planned : run_all(&walks, why);
		if (e == OK || e == E_INTERRUPTED) {
			enum err merged = merge_all(&surveys, &walks, r);

			if (merged)
				e = fault_set(why, merged, 0, "the record cannot take more");
		}
	}
	release_runs(&walks);
	release_runs(&surveys);
	return e;
}
