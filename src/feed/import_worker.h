/* SPDX-License-Identifier: Apache-2.0 */
/* What workers and parent of an import say to each other. */
#ifndef FEED_IMPORT_WORKER_H
#define FEED_IMPORT_WORKER_H

#include "feed/import.h"

/*
 * A frame is a length (u32, little endian), a kind (u8) and its payload, numbers and texts as in
 * parcel.h. Records are dealt out in batches: batch i is worker i % K's, who alone says something
 * of it and ends it with FRAME_BATCH.
 */
enum import_frame {
	IMPORT_ADVISORY, /* a parcel */
	IMPORT_PART,     /* the same, to be joined with others of its id and source */
	IMPORT_RECORD,   /* one was understood */
	IMPORT_ODD,      /* enum odd, offset */
	IMPORT_DATE,     /* enum source, text */
	IMPORT_BATCH,    /* bytes of the file taken so far, 1 when this was its last batch */
	IMPORT_FAULT,    /* enum err, offset, line (0: none), text; nothing comes after it */
	IMPORT_FRAME_N
};

struct import_job {
	const struct import_options *options;
	const uint64_t *sizes; /* of the files */
	unsigned index, workers;
};

/* Runs in the worker: a struct import_job. */
void import_work(void *ctx, int results);

#endif
