/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames from a worker to the parent: u32le length of the rest, u8 kind, payload. The parent treats
 * every one as hostile.
 */
#ifndef INSPECT_FRAME_H
#define INSPECT_FRAME_H

#include "format/format.h"
#include "inspect/inspect.h"
#include "inspect/scene.h"

enum frame_kind {
	FRAME_FACT,    /* fact_pack */
	FRAME_BEGIN,   /* u64 ordinal, path: the worker turns to this object */
	FRAME_FINISH,  /* u64 ordinal: and is done with it */
	FRAME_STRETCH, /* u8 kind, u32 format + 1, u64 at, u64 size, how: of a survey */
	FRAME_DATA,    /* u8 is_first, u32 path length, path, bytes: unpacked contents */
	FRAME_DONE,    /* the task is finished */
	FRAME_N
};

/* One object that killed a worker before, and how. */
struct casualty {
	uint64_t ordinal;
	enum err why;
};

struct task {
	const struct inspect_input *input;
	uint64_t input_no; /* from 1 */
	bool is_survey;
	struct stretch stretch;
	struct casualty lost[LIMIT_TASK_CRASHES];
	size_t lost_n;
	const struct inspect_options *options;
};

/* The worker's side: facts, framed, into the pipe. */
enum { EMITTER_SUBJECTS = 64 };

struct emitter {
	int fd;
	struct buf out, clean, packed;
	struct {
		enum method method;
		struct slice subject;
		uint64_t seen, total;
	} covered[EMITTER_SUBJECTS];
	size_t covered_n;
};

void emitter_init(struct emitter *e, int fd);
void emit_fact(struct emitter *e, const struct fact *f);
void emit_begin(struct emitter *e, uint64_t ordinal, struct slice path);
void emit_finish(struct emitter *e, uint64_t ordinal);
void emit_stretch(struct emitter *e, const struct stretch *s);
void emit_data(struct emitter *e, struct slice path, struct slice bytes);
void emit_done(struct emitter *e); /* coverage sums, the end, and out with all of it */

/* What lies where in an input: stretches and skips. */
void survey_input(const struct inspect_input *input, struct scene *scene);

/* A worker's main: surveys or walks, as the task says. `ctx` is a struct task. */
void walk_task(void *ctx, int results);

#endif
