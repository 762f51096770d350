// SPDX-License-Identifier: Apache-2.0
// Why a component matched, in a form that needs no language: "nvd [1.0.2,1.0.2zd); openssl not …".

#include "inspect/known/match.h"

#include "base/ban.h"

enum { REASONS_MAX = 24 };

static void version_write(struct match *m, const struct asked *a, uint32_t rank, struct buf *out)
{
	struct slice v = {0};

	if (rank != FEED_OPEN && feed_version(m->feed, &a->product, rank, &v) == OK)
		buf_add(out, v);
}

/* [low,high) as mathematics writes it; "=1.2.3", "*" for every version, "-" for none. */
static void claim_write(struct match *m, const struct asked *a, const struct feed_claim *c,
			struct buf *out)
{
	switch (c->kind) {
	case CLAIM_EXACT:
		buf_byte(out, '=');
		version_write(m, a, c->low, out);
		return;
	case CLAIM_ANY:
		buf_byte(out, '*');
		return;
	case CLAIM_NONE:
		buf_byte(out, '-');
		return;
	case CLAIM_RANGE:
		break;
	}
	buf_byte(out, c->low_excluded ? '(' : '[');
	version_write(m, a, c->low, out);
	buf_byte(out, ',');
	version_write(m, a, c->high, out);
	buf_byte(out, c->high_excluded ? ')' : ']');
}

/* A distribution says from which revision on the package is mended. */
static void fix_write(struct match *m, const struct asked *a, const struct said *s, struct buf *out)
{
	const struct feed_claim *c = &s->shown;

	buf_text(out, s->is_fixed ? "fixed " : "not before ");
	version_write(m, a, c->effect == EFFECT_FIXED ? c->low : c->high, out);
}

static void said_write(struct match *m, const struct asked *a, const struct said *s,
		       struct buf *out)
{
	buf_text(out, source_name(s->source));
	buf_byte(out, ' ');
	if (s->is_fixed || s->is_behind) {
		fix_write(m, a, s, out);
		return;
	}
	if (s->is_hole && !s->has_range) {
		buf_text(out, "not affected");
		return;
	}
	if (!a->is_versioned && s->has_range)
		buf_text(out, "? ");
	else if (s->has_range && !s->holds && !s->is_conditional && !s->has_any && !s->has_none)
		buf_text(out, "not ");
	if (s->has_any && !s->holds && !s->is_conditional && a->is_versioned)
		buf_byte(out, '*');
	else if (s->has_none && !s->holds && !s->is_conditional && a->is_versioned)
		buf_byte(out, '-');
	else
		claim_write(m, a, &s->shown, out);
	if (s->shown.condition.len && s->is_conditional && !s->holds) {
		buf_text(out, " & ");
		buf_add(out, slice_head(s->shown.condition, LIMIT_EVIDENCE_BYTES));
	}
}

static bool speaks(const struct asked *a, const struct said *s)
{
	return s->has_range || s->has_any || s->has_none || s->is_hole || s->is_fixed ||
	       s->is_behind || !a->is_versioned;
}

void reasoning_write(struct match *m, const struct statement *all, size_t n, struct buf *out)
{
	size_t written = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].said_n && written < REASONS_MAX; k++) {
			if (!speaks(all[i].asked, &all[i].said[k]))
				continue;
			if (written++)
				buf_text(out, "; ");
			said_write(m, all[i].asked, &all[i].said[k], out);
		}
}

/* The rank a source names as mended, above ours; FEED_OPEN when it names none. */
static uint32_t fix_rank(const struct asked *a, const struct said *s)
{
	const struct feed_claim *c = &s->shown;

	if (!a->is_versioned)
		return FEED_OPEN;
	if (s->is_behind && c->effect == EFFECT_FIXED)
		return c->low;
	if ((s->holds || s->is_conditional) && c->kind == CLAIM_RANGE && c->high_excluded)
		return c->high;
	return FEED_OPEN;
}

/* Ranks compare only within a product: the first product that names a fix is asked, a
 * distribution's before all others, since its revisions are what can be installed. */
enum err reasoning_fix(struct match *m, const struct statement *all, size_t n, struct slice *out)
{
	const struct asked *best = NULL;
	uint32_t rank = FEED_OPEN;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].said_n; k++) {
			uint32_t r = fix_rank(all[i].asked, &all[i].said[k]);
			bool is_better = !best || (all[i].asked->is_package && !best->is_package);

			if (r == FEED_OPEN)
				continue;
			if (is_better || (all[i].asked == best && r < rank)) {
				best = all[i].asked;
				rank = r;
			}
		}
	*out = (struct slice){0};
	return best ? feed_version(m->feed, &best->product, rank, out) : OK;
}
