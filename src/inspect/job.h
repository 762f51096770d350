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
	uint64_t heard_ms;
	enum err gave_up; /* the rest of the task was left undone, and why */
};

struct job {
	const struct inspect_options *options;
	struct arena arena;
	struct run *runs;
	size_t n;
	size_t finished;
};

/* Facts of all runs into the record: input, its survey's trouble, each stretch in order, ranges. */
MUST_CHECK enum err merge_all(struct job *surveys, struct job *walks, struct record *rec);

#endif
