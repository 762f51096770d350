/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record: the append-only evidence log of one inspection.
 *
 * On disk it is JSON lines, one fact a line, fields in the order of model's tables, empty texts and
 * zeros left out; the first line is the target, the last one says how it ended and carries the
 * SHA-256 of all bytes before it. In memory it is the same facts in the same order.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "model/model.h"

#define RECORD_SCHEMA "kensa.record/1"

struct record {
	struct arena arena; /* owns every text */
	struct fact *facts; /* in the order added; moved by record_add */
	size_t n, cap;
	size_t *artifacts; /* fact index of the artifact with id i + 1 */
	size_t artifacts_n, artifacts_cap;
	bool is_complete; /* the end line says "complete" */
};

void record_init(struct record *r);
void record_release(struct record *r);

/* Copies the fact and its texts. E_LIMIT at LIMIT_RECORD_FACTS or _BYTES, E_NOMEM. */
MUST_CHECK enum err record_add(struct record *r, const struct fact *f);

/* Closes the record: appends the end line. Nothing may be added afterwards. */
MUST_CHECK enum err record_end(struct record *r, bool complete);

/* Canonical bytes of the whole record, and of one fact (with its newline). */
void record_write(const struct record *r, struct buf *out);
void record_write_fact(const struct fact *f, struct buf *out);

/* Reads a record back. Checks the schema, every field, and the closing hash. On an error why->at is
 * the line. */
MUST_CHECK enum err record_read(struct slice in, struct record *out, struct fault *why);

/* The target line; NULL in an empty record. */
const struct target *record_target(const struct record *r);

/* The artifact with that id; NULL when there is none. */
const struct artifact *record_artifact(const struct record *r, uint64_t id);

/* Iterates facts of one kind: start with *at = 0; NULL at the end. */
const struct fact *record_next(const struct record *r, enum fact_kind kind, size_t *at);

#endif
