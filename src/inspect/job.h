/* SPDX-License-Identifier: Apache-2.0 */
/* The parent's side of an inspection: runs of tasks, and their facts on the way into the record. */
#ifndef INSPECT_JOB_H
#define INSPECT_JOB_H

#include "inspect/frame.h"

enum { STACK_MAX = 4 * LIMIT_DEPTH };

/* What the worker said it was looking at. */
struct mark {
	uint64_t ordinal;
	struct slice path; /* in the job's arena */
};

/*
 * Time as workers have it: a stop of everything (ctrl-Z, a machine put to sleep) must not count
 * against them, so the time between two looks at the clock counts for WATCH_STEP_MS at most.
 */
struct watch {
	uint64_t seen_ms;  /* the clock when it was last looked at; 0: never */
	uint64_t shown_ms; /* what counted so far */
};
enum { WATCH_STEP_MS = 1000 };

/* Looks at the clock, and says what the watch shows now. */
uint64_t watch_look(struct watch *w, uint64_t clock);

/* A task and what came of it. */
struct run {
	struct task task;
	struct buf pending;        /* bytes of frames not yet whole */
	struct buf facts;          /* whole FRAME_FACT payloads, each after a u32le length */
	struct stretch *stretches; /* of a survey */
	size_t stretches_n;
	struct mark stack[STACK_MAX];
	size_t depth;
	struct worker worker;
	bool is_running, is_done, is_settled;
	uint64_t heard_ms; /* on the job's watch */
	enum err gave_up;  /* the rest of the task was left undone, and why */
};

struct job {
	const struct inspect_options *options;
	struct arena arena;
	struct run *runs;
	size_t n;
	size_t finished;
	struct watch watch;
};

/* Facts of all runs into the record: input, its survey's trouble, each stretch in order, ranges. */
MUST_CHECK enum err merge_all(struct job *surveys, struct job *walks, struct record *rec);

#endif
