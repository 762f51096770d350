/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading JSON (RFC 8259) piece by piece: strict, bounded in depth, without a tree in memory.
 *
 * The reader stands before a value. jsonr_enter goes into an object or array, jsonr_field and
 * jsonr_item step through it, and each value stepped to must be taken: by jsonr_text, jsonr_enter
 * or jsonr_skip. Its error is sticky: after one every call says "end" and gives nothing. Texts are
 * borrowed from the input, or from the arena where escapes had to be undone.
 */
#ifndef BASE_JSONPULL_H
#define BASE_JSONPULL_H

#include "arena.h"

enum json_kind {
	JSON_KIND_NONE, /* the end of the input, or no value at all */
	JSON_KIND_OBJECT,
	JSON_KIND_ARRAY,
	JSON_KIND_TEXT,
	JSON_KIND_NUMBER,
	JSON_KIND_WORD, /* true, false, null */
};

struct jsonr {
	struct slice in;
	size_t pos;
	struct arena *arena;
	unsigned depth;
	uint64_t objects, begun; /* a bit a level: it is an object; it has a member already */
	enum err err;            /* E_SHORT, E_CORRUPT, E_LIMIT (depth), E_NOMEM */
	size_t at;               /* where */
	const char *words;       /* and why */
};

/* A byte order mark of UTF-8 is passed over. */
void jsonr_init(struct jsonr *j, struct slice in, struct arena *a);

/* Before the value at `at`, which another reader of the same bytes has found there. */
void jsonr_init_at(struct jsonr *j, struct slice in, size_t at, struct arena *a);

/* What the next value is, without taking it. */
enum json_kind jsonr_kind(struct jsonr *j);

/* Into an object or array. Another kind of value is an error; null is taken, and false. */
bool jsonr_enter(struct jsonr *j, enum json_kind kind);

/* To the value of the next key, as it stands (*key may live in the arena); false at the end. */
bool jsonr_key(struct jsonr *j, struct slice *key);

/*
 * To the value of the next key that is one of `names`: its index. Others are passed over. n at the
 * end of the object. A key that comes twice is an error: readers differ in which one they believe.
 */
unsigned jsonr_field(struct jsonr *j, const char *const *names, unsigned n, uint64_t *seen);

/* To the next value of an array; false at its end. */
bool jsonr_item(struct jsonr *j);

/* Takes a text. Another kind of value is an error; null is taken, and an empty text. */
struct slice jsonr_text(struct jsonr *j);

/* Passes over a value of any kind, checking its form. Where it began. */
size_t jsonr_skip(struct jsonr *j);

/* Nothing but blanks may be left; E_OK of the whole. */
MUST_CHECK enum err jsonr_end(struct jsonr *j);

/* Makes this reader fail here, unless it has failed before. */
void jsonr_fail(struct jsonr *j, enum err err, const char *words);

/* The error with its place, as "line 3, column 7, byte 41: words"; bytes count from 0. */
enum err jsonr_fault(const struct jsonr *j, struct fault *why);

#endif
