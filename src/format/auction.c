// SPDX-License-Identifier: Apache-2.0
// The table of readers, and the auction among them.

#include "format/format.h"

#include "base/ban.h"

const struct format *const formats[] = {
#define X(name) &format_##name,
#include "format/formats.def"
#undef X
};
const size_t formats_n = ARRAY_LEN(formats);

const struct format *format_find(struct slice name)
{
	for (size_t i = 0; i < formats_n; i++)
		if (slice_is(name, formats[i]->name))
			return formats[i];
	return NULL;
}

static bool is_better(const struct bid *a, const struct bid *b)
{
	return a->score > b->score || (a->score == b->score && a->size > b->size);
}

static bool has_magic(const struct format *f, struct slice in)
{
	for (size_t i = 0; i < f->magics_n; i++) {
		const struct magic *m = &f->magics[i];
		struct slice there = slice_head(slice_from(in, m->at), m->len);

		if (slice_eq(there, slice_of(m->bytes, m->len)))
			return true;
	}
	return f->magics_n == 0;
}

void refusal_note(const struct refusal *r, unsigned least, struct fault *out)
{
	unsigned long long at = r->at, left = r->left, size = r->bid.size;
	const char *name = r->format->name;

	if (out->code)
		return;
	/* Where a decoder had taken nothing yet, it was only a header that asks for too much. */
	if (r->why.code == E_LIMIT && r->why.at)
		(void)fault_set(out, E_LIMIT, r->at, "%s at 0x%llx unpacks to more than the limit",
				name, at);
	if (r->why.code != E_SHORT || r->bid.score == BID_NONE || r->bid.score < least)
		return;
	if (size > left)
		(void)fault_set(out, E_SHORT, r->at,
				"%s at 0x%llx is cut short: %llu of %llu bytes", name, at, left,
				size);
	else
		(void)fault_set(out, E_SHORT, r->at, "%s at 0x%llx is cut short", name, at);
}

const struct format *format_auction(struct slice in, unsigned least, struct bid *out,
				    struct fault *why)
{
	const struct format *winner = NULL;
	struct fault told = {0};

	for (size_t i = 0; i < formats_n; i++) {
		struct refusal r = {.format = formats[i], .left = in.len};

		if (formats[i]->is_remainder || !has_magic(formats[i], in))
			continue;
		if (formats[i]->bid(in, &r.bid, &r.why) != OK) {
			refusal_note(&r, least, &told);
			continue;
		}
		if (r.bid.score < least || r.bid.size > in.len ||
		    (winner && !is_better(&r.bid, out)))
			continue;
		winner = formats[i];
		*out = r.bid;
	}
	if (why)
		*why = winner ? (struct fault){0} : told;
	return winner;
}
