// SPDX-License-Identifier: Apache-2.0
// Finding the compressed kernel inside a self-unpacking one by decoding what looks like a stream.

#include "format/kernel_payload.h"

#include "base/ban.h"

/* Signatures in the unpacker's own code fail at once; an honest kernel needs very few tries. */
enum { TRIES_MAX = 16 };

struct box {
	struct slice data;
	bool is_done;
};

static bool stands_at(const struct format *f, struct slice in)
{
	for (size_t i = 0; i < f->magics_n; i++) {
		const struct magic *m = &f->magics[i];

		if (slice_eq(slice_head(slice_from(in, m->at), m->len), slice_of(m->bytes, m->len)))
			return true;
	}
	return false;
}

enum err kernel_payload_at(struct slice in, uint64_t at, struct kernel_payload *out)
{
	struct slice here = slice_from(in, at);

	for (size_t i = 0; i < formats_n; i++) {
		struct bid bid = {0};

		if (formats[i]->type != ART_STREAM || !stands_at(formats[i], here))
			continue;
		if (formats[i]->bid(here, &bid, NULL) != OK || bid.score < BID_VERIFIED)
			continue;
		*out = (struct kernel_payload){.at = at, .size = bid.size, .format = formats[i]};
		return OK;
	}
	return E_NOTFOUND;
}

/* Tries what carries this signature; the larger of two streams is the kernel. */
static void try_magic(struct slice in, struct slice window, const struct magic *m, unsigned *tries,
		      struct kernel_payload *best)
{
	struct slice bytes = slice_of(m->bytes, m->len);
	size_t hit = slice_find(window, bytes, m->at);

	while (hit != SLICE_NONE && *tries < TRIES_MAX) {
		struct kernel_payload p = {0};

		++*tries;
		if (kernel_payload_at(in, hit - m->at, &p) == OK && p.size > best->size)
			*best = p;
		hit = slice_find(window, bytes, hit + 1);
	}
}

enum err kernel_payload_find(struct slice in, uint64_t from, uint64_t window,
			     struct kernel_payload *out)
{
	struct slice rest = slice_from(in, from);
	struct kernel_payload best = {0};

	for (size_t i = 0; i < formats_n; i++) {
		unsigned tries = 0;

		for (size_t k = 0; formats[i]->type == ART_STREAM && k < formats[i]->magics_n; k++)
			try_magic(rest, slice_head(rest, window), &formats[i]->magics[k], &tries,
				  &best);
	}
	if (!best.format)
		return E_NOTFOUND;
	best.at += from;
	*out = best;
	return OK;
}

enum err kernel_payload_open(struct slice in, const struct kernel_payload *p, struct arena *a,
			     void **state, struct fault *why)
{
	struct box *b = arena_alloc(a, sizeof *b);

	if (!b)
		return fault_set(why, E_NOMEM, 0, "kernel: no room");
	b->is_done = p->size == 0;
	if (slice_cut(in, p->at, p->size, &b->data) != OK)
		return fault_set(why, E_SHORT, p->at, "kernel: payload cut short");
	*state = b;
	return OK;
}

enum err kernel_payload_next(void *state, struct entry *out, struct fault *why)
{
	struct box *b = state;

	(void)why;
	if (b->is_done)
		return E_END;
	b->is_done = true;
	*out = (struct entry){
		.type = ENTRY_PART, .path = slice_text("payload"), .size = b->data.len};
	return OK;
}

enum err kernel_payload_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct box *b = state;

	(void)e;
	buf_add(out, b->data);
	return out->err ? fault_set(why, out->err, 0, "kernel: payload") : OK;
}
