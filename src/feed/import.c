// SPDX-License-Identifier: Apache-2.0
// The parent's side of an import: batches in order, every frame checked, into the builder.

#include "feed/feed.h"

#include <stdio.h>
#include <string.h>

#include "feed/calendar.h"
#include "feed/import_worker.h"
#include "feed/parcel.h"
#include "feed/pieces.h"
#include "feed/unpack.h"
#include "os/os.h"

#include "base/ban.h"

#define MEMORY_MANY (32 * MiB) /* what a file may cost every worker; beyond it there is one */

enum { POLL_MS = 200, FRAME_HEADER = 4, AHEAD = 1024 * 1024 };

struct channel {
	struct worker worker;
	struct import_job job;
	struct buf pending;
	size_t taken; /* of pending */
	bool is_running, is_closed;
};

struct import {
	struct import_options options;
	struct arena arena;   /* the import's own */
	struct arena scratch; /* one advisory */
	int *inputs;
	size_t inputs_n;
	uint64_t *sizes;
	struct import_file *files;
	struct channel channels[LIMIT_JOBS];
	unsigned workers;
	/* while it runs */
	struct feed_builder *builder;
	struct parts parts;
	uint32_t newest[SOURCE_N]; /* days */
	size_t file;
	uint64_t batch, before; /* bytes of the files already through */
	bool is_batch_done;
	struct fault *why;
};

const char *odd_name(enum odd o)
{
	static const char *const names[ODD_N] = {
#define X(id, name, en, ja) [ODD_##id] = (name),
#include "feed/odd.def"
#undef X
	};

	return o < ODD_N ? names[o] : "?";
}

const char *odd_words(enum odd o, enum lang lang)
{
	static const char *const words[ODD_N][LANG_N] = {
#define X(id, name, en, ja) [ODD_##id] = {[EN] = (en), [JA] = (ja)},
#include "feed/odd.def"
#undef X
	};

	return o < ODD_N ? words[o][lang] : "?";
}

const struct import_file *import_result(const struct import *i, size_t file)
{
	return &i->files[file];
}

/* --- start and end --- */

static enum err read_input(void *ctx, uint64_t at, void *room, size_t size, size_t *n)
{
	const int *fd = ctx;

	return input_read(*fd, at, room, size, n);
}

static enum err open_inputs(struct import *i, size_t *failed, struct fault *why)
{
	for (; i->inputs_n < i->options.n; i->inputs_n++) {
		size_t n = i->inputs_n;
		enum err e = input_open(i->options.paths[n], &i->inputs[n], &i->sizes[n], why);

		*failed = n;
		if (e)
			return e;

		struct unpack_source from = {
			.read = read_input, .ctx = &i->inputs[n], .size = i->sizes[n]};

		if (unpack_memory(&from) > MEMORY_MANY)
			i->workers = 1;
	}
	return OK;
}

static enum err start_workers(struct import *i, struct fault *why)
{
	for (unsigned k = 0; k < i->workers; k++) {
		struct channel *c = &i->channels[k];
		struct worker_task t = {.run = import_work,
					.ctx = &c->job,
					.inputs = i->inputs,
					.inputs_n = i->inputs_n,
					.is_sandboxed = i->options.is_sandboxed};

		buf_init(&c->pending, LIMIT_FEED_FRAME_BYTES + MiB);
		c->job = (struct import_job){.options = &i->options,
					     .sizes = i->sizes,
					     .index = k,
					     .workers = i->workers};

		enum err e = worker_start_reading(&t, &c->worker, why);

		if (e)
			return e;
		c->is_running = true;
	}
	return OK;
}

static struct import *import_new(const struct import_options *o)
{
	struct arena a;
	struct import *i = NULL;

	arena_init(&a, 16 * MiB);
	i = arena_alloc(&a, sizeof *i);
	if (!i)
		return NULL;
	i->options = *o;
	i->inputs = arena_array(&a, o->n, sizeof *i->inputs);
	i->sizes = arena_array(&a, o->n, sizeof *i->sizes);
	i->files = arena_array(&a, o->n, sizeof *i->files);
	i->workers = o->jobs < 1 ? 1 : o->jobs > LIMIT_JOBS ? LIMIT_JOBS : o->jobs;
	arena_init(&i->scratch, LIMIT_FEED_ARENA_BYTES);
	parts_init(&i->parts);
	if (!i->inputs || !i->sizes || !i->files) {
		arena_release(&a);
		return NULL;
	}
	i->arena = a;
	return i;
}

enum err import_open(const struct import_options *o, struct import **out, size_t *failed,
		     struct fault *why)
{
	struct import *i = o->n && o->n <= LIMIT_INPUTS ? import_new(o) : NULL;

	*failed = 0;
	if (!i)
		return fault_set(why, E_NOMEM, 0, "no room for an import");

	enum err e = open_inputs(i, failed, why);

	e = e ? e : start_workers(i, why);
	if (e)
		import_close(i);
	else
		*out = i;
	return e;
}

void import_close(struct import *i)
{
	struct arena a = i->arena;

	for (unsigned k = 0; k < i->workers; k++) {
		if (i->channels[k].is_running)
			(void)worker_end(&i->channels[k].worker);
		buf_release(&i->channels[k].pending);
	}
	for (size_t n = 0; n < i->inputs_n; n++)
		input_close(i->inputs[n]);
	parts_release(&i->parts);
	arena_release(&i->scratch);
	arena_release(&a);
}

/* --- frames --- */

static void note_date(struct import *i, enum source s, uint32_t days)
{
	if (days <= i->options.today && days > i->newest[s])
		i->newest[s] = days;
}

static enum err take_advisory(struct import *i, struct slice parcel)
{
	struct advisory a = {0};

	arena_release(&i->scratch);

	enum err e = parcel_unpack(parcel, &i->scratch, &a);

	if (e)
		return e;
	i->files[i->file].of_source[a.source]++;
	note_date(i, a.source, a.published);
	note_date(i, a.source, a.modified);
	return feed_builder_add(i->builder, &a, i->why);
}

static enum err take_part(struct import *i, struct slice parcel)
{
	struct advisory a = {0};

	arena_release(&i->scratch);

	enum err e = parcel_unpack(parcel, &i->scratch, &a);

	return e ? e : parts_add(&i->parts, parcel, i->file);
}

static enum err take_odd(struct import *i, struct cursor *c)
{
	struct import_file *f = &i->files[i->file];
	uint64_t what = parcel_number_take(c), at = parcel_number_take(c);

	if (c->err || what >= ODD_N)
		return E_CORRUPT;
	if (f->odd[what]++ == 0)
		f->odd_at[what] = at;
	return OK;
}

/* Of YYYY-MM-DD, or 0. */
static uint32_t days_of(struct slice date)
{
	uint64_t y = 0, m = 0, d = 0;
	uint32_t days = 0;

	if (date.len != 10 || text_u64(slice_head(date, 4), 10, &y) != OK ||
	    text_u64(slice_head(slice_from(date, 5), 2), 10, &m) != OK ||
	    text_u64(slice_from(date, 8), 10, &d) != OK)
		return 0;
	return calendar_days(y, m, d, &days) ? days : 0;
}

static enum err take_date(struct import *i, struct cursor *c)
{
	uint64_t source = parcel_number_take(c);
	struct slice date = parcel_text_take(c);

	if (c->err || source >= SOURCE_N)
		return E_CORRUPT;
	note_date(i, (enum source)source, days_of(date));
	return OK;
}

/* Not one record of a whole file was known: it is something else. */
static bool is_strange(const struct import_file *f)
{
	return f->records == 0 && (f->odd[ODD_UNKNOWN] || f->odd[ODD_MEMBER]);
}

static enum err take_batch(struct import *i, struct cursor *c, const struct import_progress *p)
{
	uint64_t taken = parcel_number_take(c), is_last = parcel_number_take(c);

	if (c->err || is_last > 1)
		return E_CORRUPT;
	i->is_batch_done = true;
	if (is_last && is_strange(&i->files[i->file]))
		return fault_set(i->why, E_MAGIC, 0, "of no known source of vulnerability data");
	if (is_last) {
		i->before += i->sizes[i->file];
		i->file++;
		taken = 0;
	}
	if (p->tell) {
		uint64_t total = 0;

		for (size_t n = 0; n < i->options.n; n++)
			total += i->sizes[n];
		p->tell(p->ctx, i->before + taken, total);
	}
	return OK;
}

static enum err take_fault(struct import *i, struct cursor *c)
{
	uint64_t code = parcel_number_take(c), at = parcel_number_take(c);
	uint64_t line = parcel_number_take(c);
	struct slice words = slice_head(parcel_text_take(c), 80);

	if (c->err || code == OK || code >= E_N)
		return E_CORRUPT;
	if (line)
		return fault_set(i->why, (enum err)code, at, "%.*s, line %llu, byte %llu",
				 (int)words.len, words.len ? (const char *)words.ptr : "",
				 (unsigned long long)line, (unsigned long long)at);
	return fault_set(i->why, (enum err)code, at, "%.*s, byte %llu of the file", (int)words.len,
			 words.len ? (const char *)words.ptr : "", (unsigned long long)at);
}

static enum err take_frame(struct import *i, struct slice frame, const struct import_progress *p)
{
	struct cursor c = {.in = frame};
	uint8_t kind = cursor_u8(&c);

	switch ((enum import_frame)kind) {
	case IMPORT_ADVISORY:
		return take_advisory(i, slice_from(frame, 1));
	case IMPORT_PART:
		return take_part(i, slice_from(frame, 1));
	case IMPORT_RECORDS:
		i->files[i->file].records += parcel_number_take(&c);
		return c.err ? E_CORRUPT : OK;
	case IMPORT_ODD:
		return take_odd(i, &c);
	case IMPORT_DATE:
		return take_date(i, &c);
	case IMPORT_BATCH:
		return take_batch(i, &c, p);
	case IMPORT_FAULT:
		return take_fault(i, &c);
	case IMPORT_FRAME_N:
		break;
	}
	return E_CORRUPT;
}

/* The whole frames a worker has sent, up to the end of its batch. */
static enum err take_frames(struct import *i, struct channel *c, const struct import_progress *p)
{
	enum err e = OK;

	while (e == OK && !i->is_batch_done) {
		struct cursor at = cursor_at(buf_slice(&c->pending), c->taken);
		uint32_t len = cursor_u32le(&at);
		struct slice frame = cursor_take(&at, len);

		if (len > LIMIT_FEED_FRAME_BYTES)
			return E_CORRUPT;
		if (at.err)
			break;
		e = take_frame(i, frame, p);
		c->taken = at.pos;
	}
	if (c->taken * 2 > c->pending.len) {
		buf_drop(&c->pending, c->taken);
		c->taken = 0;
	}
	return e;
}

/* --- the loop --- */

/* Reads from the worker whose turn it is, and from the others a little ahead. */
static enum err listen_to_all(struct import *i, const struct channel *turn, bool *is_silent)
{
	int pipes[LIMIT_JOBS] = {0};
	bool is_readable[LIMIT_JOBS] = {false};
	struct channel *of[LIMIT_JOBS] = {NULL};
	size_t n = 0;

	for (unsigned k = 0; k < i->workers; k++) {
		struct channel *c = &i->channels[k];

		if (c->is_closed || (c != turn && c->pending.len - c->taken > AHEAD))
			continue;
		of[n] = c;
		pipes[n++] = c->worker.results;
	}
	(void)workers_wait(pipes, n, POLL_MS, is_readable);
	*is_silent = true;
	for (size_t k = 0; k < n; k++) {
		enum err e = is_readable[k] ? pipe_read(pipes[k], &of[k]->pending) : OK;

		if (e == E_END)
			of[k]->is_closed = true;
		else if (e)
			return fault_set(i->why, E_CRASH, 0, "a worker says too much");
		*is_silent = *is_silent && !(is_readable[k] && of[k] == turn);
	}
	return OK;
}

static enum err wait_for(struct import *i, struct channel *turn, uint64_t *heard_ms)
{
	bool is_silent = true;

	if (turn->is_closed)
		return fault_set(i->why, E_CRASH, 0, "the reading process ended too early");
	if (interrupt_seen())
		return fault_set(i->why, E_INTERRUPTED, 0, "interrupted");

	enum err e = listen_to_all(i, turn, &is_silent);

	if (!is_silent)
		*heard_ms = clock_ms();
	if (e == OK && clock_ms() - *heard_ms > LIMIT_OBJECT_SECONDS * 1000)
		return fault_set(i->why, E_TIMEOUT, 0, "the reading process is silent");
	return e;
}

static enum err run_batches(struct import *i, const struct import_progress *p)
{
	uint64_t heard_ms = clock_ms();
	enum err e = OK;

	while (e == OK && i->file < i->options.n) {
		struct channel *turn = &i->channels[i->batch % i->workers];

		i->is_batch_done = false;
		e = take_frames(i, turn, p);
		if (e == OK && !i->is_batch_done)
			e = wait_for(i, turn, &heard_ms);
		else
			i->batch++;
	}
	return e;
}

/* Joined advisories go in last, in the order of their ids. */
static enum err add_parts(struct import *i)
{
	struct advisory a = {0};
	size_t file = 0;
	enum err e = parts_sort(&i->parts);

	while (e == OK) {
		arena_release(&i->scratch);
		e = parts_next(&i->parts, &i->scratch, &a, &file);
		if (e)
			break;
		i->files[file].of_source[a.source]++;
		note_date(i, a.source, a.published);
		note_date(i, a.source, a.modified);
		e = feed_builder_add(i->builder, &a, i->why);
	}
	return e == E_END ? OK : e;
}

enum err import_run(struct import *i, struct feed_builder *b, const struct import_progress *p,
		    size_t *failed, struct fault *why)
{
	struct fault none = {0};

	i->builder = b;
	i->why = why ? why : &none;

	enum err e = run_batches(i, p);

	e = e ? e : add_parts(i);
	*failed = i->file < i->options.n ? i->file : i->options.n - 1;
	if (e && i->why->code != e)
		fault_set(i->why, e, 0, "the reading process talks nonsense");
	for (unsigned s = 0; e == OK && s < SOURCE_N; s++) {
		char date[CALENDAR_TEXT];

		if (i->newest[s] == 0)
			continue;
		calendar_text(i->newest[s], date);
		feed_builder_source(b, (enum source)s, slice_text(date));
	}
	return e;
}
