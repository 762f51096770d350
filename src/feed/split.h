/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source file cut into records, without reading what is in them: JSON values that follow each
 * other or stand in an array, members of one large object, lines, or one XML document.
 *
 * A JSON object counts as the envelope of its records when one of its members is an array under a
 * name of containers.def, or when its first member is an object whose own first key is the id of a
 * vulnerability (Debian's security tracker).
 */
#ifndef FEED_SPLIT_H
#define FEED_SPLIT_H

#include "feed/unpack.h"

enum form { FORM_JSON, FORM_LINES, FORM_XML };

struct piece {
	enum form form;
	struct slice bytes; /* borrowed until the next call */
	uint64_t at;        /* in the unpacked member */
	struct slice
		envelope; /* JSON: the object around the record, so far; lines: how they begin */
	unsigned envelope_no; /* counts up with every new envelope */
	bool is_member;       /* a member of an object, made an object of its own */
};

struct splitter {
	struct unpack *in;
	struct buf window; /* unpacked, not yet cut */
	size_t at;         /* in the window */
	uint64_t base;     /* of the window in the member */
	struct buf envelope, wrapped;
	unsigned envelope_no, state;
	enum form form;
	bool is_ended;       /* the member has no more bytes */
	struct slice member; /* its name */
	unsigned members;    /* begun so far */
	struct fault *why;
};

void splitter_init(struct splitter *s, struct unpack *in);
void splitter_release(struct splitter *s);
/* The next record of the file. E_END after the last; a fault's `at` is a place in the member. */
MUST_CHECK enum err split_next(struct splitter *s, struct piece *out, struct fault *why);

#endif
