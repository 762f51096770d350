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

const struct format *format_auction(struct slice in, unsigned least, struct bid *out)
{
	const struct format *winner = NULL;

	for (size_t i = 0; i < formats_n; i++) {
		struct bid bid = {0};

		if (formats[i]->is_remainder || !has_magic(formats[i], in) ||
		    formats[i]->bid(in, &bid, NULL) != OK)
			continue;
		if (bid.score < least || bid.size > in.len || (winner && !is_better(&bid, out)))
			continue;
		winner = formats[i];
		*out = bid;
	}
	return winner;
}
