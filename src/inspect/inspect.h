/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inspecting: inputs in, facts out.
 *
 * The parent (job.c) never parses. It cuts the work into tasks - first a survey of each input, then
 * one task for each stretch the survey found - and runs each in a worker of its own. A task is a
 * pure function of (bytes, task, objects to leave out): when a worker dies, the object it was
 * reading is left out and the task is run again. Facts are merged in task order, so that a record
 * does not depend on how many workers there were.
 */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

#include "inspect/known.h"
#include "inspect/library.h"
#include "inspect/parts.h"
#include "os/os.h"
#include "record/record.h"

struct inspect_input {
	struct slice name; /* as it will stand in paths */
	const struct mapping *bytes;
};

/* Where unpacked contents go, piece by piece: `is_first` starts a file anew. NULL: nowhere. */
struct inspect_sink {
	void (*data)(void *ctx, struct slice path, struct slice bytes, bool is_first);
	void *ctx;
};

struct inspect_options {
	unsigned jobs; /* 1..LIMIT_JOBS */
	bool is_sandboxed;
	bool wants_inspectors;         /* false: only list what is inside */
	bool only_documents;           /* read SBOM and VEX documents, look at nothing else */
	uint64_t date;                 /* days since 1970-01-01 */
	const struct library *library; /* component signatures; NULL without inspectors */
	struct slice passwords;
	const struct inspect_sink *sink;
	void (*progress)(void *ctx, size_t done, size_t total);
	void *progress_ctx;
};

/*
 * Adds the facts of all inputs to `r`, which holds the target already. E_INTERRUPTED: the record
 * has what was done by then. Trouble with the inputs themselves is in the record, not an error.
 */
MUST_CHECK enum err inspect_run(const struct inspect_options *o, const struct inspect_input *inputs,
				size_t n, struct record *r, struct fault *why);

#endif
