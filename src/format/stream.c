// SPDX-License-Identifier: Apache-2.0
// One compressed payload: bid, open, next, read.

#include "format/stream.h"

#include <stdio.h>

#include "base/ban.h"

enum { CUT_SURE = 512 /* bytes decoded without fault before the input ends */ };

struct stream {
	struct slice in, name;
	stream_codec *codec;
	bool is_done;
};

enum err stream_bid(stream_codec *codec, struct slice in, const char *how, struct bid *out,
		    struct fault *why)
{
	struct buf scratch;
	size_t used = 0;

	buf_init(&scratch, LIMIT_OBJECT_BYTES);

	enum err e = codec(in, &scratch, &used);
	bool is_empty = scratch.len == 0;

	buf_release(&scratch);
	if (e == OK && is_empty)
		e = E_CORRUPT;
	/* A few bytes that might go on prove nothing in the middle of a dump. */
	if (e == E_SHORT && !is_empty)
		*out = (struct bid){.score = used >= CUT_SURE ? BID_STRUCTURE : BID_MAGIC};
	if (e)
		return fault_set(why, e, used, "stream: does not decode");
	*out = (struct bid){.score = BID_VERIFIED, .size = used};
	(void)snprintf(out->how, sizeof out->how, "%s", how);
	return OK;
}

enum err stream_open(stream_codec *codec, struct slice in, struct slice name, struct arena *a,
		     void **state, struct fault *why)
{
	struct stream *s = arena_alloc(a, sizeof *s);

	if (!s)
		return fault_set(why, E_NOMEM, 0, "stream: no room");
	*s = (struct stream){.in = in, .name = name, .codec = codec};
	*state = s;
	return OK;
}

enum err stream_next(void *state, struct entry *out, struct fault *why)
{
	struct stream *s = state;

	(void)why;
	if (s->is_done)
		return E_END;
	s->is_done = true;
	*out = (struct entry){.type = ENTRY_PART, .path = s->name};
	return OK;
}

enum err stream_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct stream *s = state;
	size_t used = 0;

	(void)e;

	enum err err = s->codec(s->in, out, &used);

	return err ? fault_set(why, err, used, "stream: does not decode") : OK;
}
