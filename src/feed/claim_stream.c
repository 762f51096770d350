// SPDX-License-Identifier: Apache-2.0
// Writes and reads the claims on a product (claim_stream.h).

#include "feed/claim_stream.h"

#include "base/ban.h"

enum {
	HEAD_SOURCE = 31,
	HEAD_ORIGIN = 32,
	HEAD_COUNT_SHIFT = 6,
	HEAD_COUNT_MAX = 3,
	/* The most that a group's head and one claim take. */
	CLAIM_BYTES_MAX = 5 + 1 + 5 + 5 + 1 + 4 * 10,
	PART_BYTES = 4096, /* taken out of the snapshot at a time */
};

_Static_assert(SOURCE_N <= HEAD_SOURCE + 1, "a source has five bits in a group's head");

int claim_order(const void *a, const void *b, const void *unused)
{
	const struct raw_claim *x = a, *y = b;

	(void)unused;
	if (x->advisory != y->advisory)
		return x->advisory < y->advisory ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (x->origin != y->origin)
		return x->origin < y->origin ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

static bool is_of_group(const struct raw_claim *a, const struct raw_claim *b)
{
	return a->advisory == b->advisory && a->source == b->source && a->origin == b->origin;
}

static void group_write(struct buf *out, const struct raw_claim *c, uint32_t before, size_t n)
{
	uint8_t head = c->source;

	if (c->origin)
		head |= HEAD_ORIGIN;
	if (n <= HEAD_COUNT_MAX)
		head |= (uint8_t)(n << HEAD_COUNT_SHIFT);
	buf_varint(out, c->advisory - before);
	buf_byte(out, head);
	if (c->origin)
		buf_varint(out, c->origin);
	if (n > HEAD_COUNT_MAX)
		buf_varint(out, n);
}

static void claim_write(struct buf *out, const struct raw_claim *c, struct raw_claim *last)
{
	bool has_texts = c->qualifier != last->qualifier || c->condition != last->condition;

	buf_byte(out, (uint8_t)(c->mode | (has_texts ? MODE_TEXTS : 0)));
	if (has_texts) {
		buf_varint(out, c->qualifier);
		buf_varint(out, c->condition);
	}
	last->qualifier = c->qualifier;
	last->condition = c->condition;
	if ((c->mode & MODE_KIND) == CLAIM_RANGE) {
		buf_varint(out, c->low == FEED_OPEN ? 0 : (uint64_t)c->low + 1);
		buf_varint(out, c->high == FEED_OPEN ? 0 : (uint64_t)c->high + 1);
	} else if ((c->mode & MODE_KIND) == CLAIM_EXACT) {
		buf_varint(out, zigzag((int64_t)c->low - last->low));
		last->low = c->low;
	}
}

void claims_write(struct buf *out, const struct raw_claim *claims, size_t n)
{
	uint32_t before = 0;

	for (size_t i = 0, end = 0; i < n; i = end) {
		struct raw_claim last = {0};

		while (end < n && is_of_group(&claims[i], &claims[end]))
			end++;
		group_write(out, &claims[i], before, end - i);
		before = claims[i].advisory;
		for (size_t j = i; j < end; j++)
			claim_write(out, &claims[j], &last);
	}
}

static enum err group_read(struct feed *f, struct feed_claims *r)
{
	struct cursor *c = &r->part;
	uint64_t advisory = (uint64_t)r->advisory + cursor_varint32(c);
	uint8_t head = cursor_u8(c);

	r->advisory = (uint32_t)advisory;
	r->source = head & HEAD_SOURCE;
	r->origin = head & HEAD_ORIGIN ? cursor_varint32(c) : 0;
	r->left = head >> HEAD_COUNT_SHIFT;
	if (r->left == 0)
		r->left = cursor_varint32(c);
	r->low = r->qualifier = r->condition = 0;
	r->qualifier_text = r->condition_text = (struct slice){0};
	return c->err || advisory >= f->info.advisories || r->source >= SOURCE_N || !r->left
		       ? E_CORRUPT
		       : OK;
}

/* A rank from the stream: inside the product's versions, or open. */
static uint32_t rank_of(struct cursor *c, uint64_t rank, uint32_t versions)
{
	if (rank >= versions && !c->err)
		c->err = E_CORRUPT;
	return (uint32_t)rank;
}

static uint32_t end_read(struct cursor *c, uint32_t versions)
{
	uint64_t stored = cursor_varint(c);

	return stored ? rank_of(c, stored - 1, versions) : FEED_OPEN;
}

static enum err fields_read(struct feed_claims *r, struct raw_claim *out)
{
	struct cursor *c = &r->part;
	uint32_t versions = r->versions;
	uint8_t mode = cursor_u8(c);

	if (mode & MODE_TEXTS) {
		r->qualifier = cursor_varint32(c);
		r->condition = cursor_varint32(c);
		r->qualifier_text = r->condition_text = (struct slice){0};
	}
	*out = (struct raw_claim){
		.advisory = r->advisory,
		.origin = r->origin,
		.low = FEED_OPEN,
		.high = FEED_OPEN,
		.qualifier = r->qualifier,
		.condition = r->condition,
		.source = r->source,
		.mode = mode & (uint8_t)~MODE_TEXTS,
	};
	if ((mode & MODE_KIND) == CLAIM_RANGE) {
		out->low = end_read(c, versions);
		out->high = end_read(c, versions);
	} else if ((mode & MODE_KIND) == CLAIM_EXACT) {
		r->low = rank_of(c, (uint64_t)r->low + (uint64_t)unzigzag(cursor_varint(c)),
				 versions);
		out->low = r->low;
	}
	return c->err || mode & 128 || (mode >> MODE_EFFECT_SHIFT & 3) > EFFECT_FIXED ? E_CORRUPT
										      : OK;
}

/* The next part of the stream, once what is left of this one may not hold a whole claim. */
static enum err part_fill(struct feed *f, struct feed_claims *r)
{
	if (r->at + r->part.in.len == r->end)
		return OK;
	r->at += r->part.pos;
	return snapshot_window(f, SECTION_RECORDS, &r->part, r->at, r->end, PART_BYTES);
}

static inline enum err next_read(struct feed *f, struct feed_claims *r, struct raw_claim *out)
{
	enum err e = OK;

	if (cursor_left(&r->part) < CLAIM_BYTES_MAX)
		e = part_fill(f, r);
	if (e)
		return e;
	if (r->left == 0 && cursor_left(&r->part) == 0)
		return r->part.err ? E_CORRUPT : E_END;
	r->is_new = r->left == 0;
	if (r->is_new)
		e = group_read(f, r);
	if (!e)
		e = fields_read(r, out);
	if (!e)
		r->left--;
	return e;
}

enum err claim_read(struct feed *f, const struct product_record *p, struct feed_claims *r,
		    struct raw_claim *out)
{
	if (!r->is_started)
		*r = (struct feed_claims){.is_started = true,
					  .versions = p->versions,
					  .at = p->claims_at,
					  .end = p->end};
	return next_read(f, r, out);
}

static enum err is_rejected(struct feed *f, uint32_t advisory, bool *out)
{
	struct slice byte = {0};
	enum err e = snapshot_read(f, SECTION_REJECTED, advisory / 8, 1, &byte);

	if (!e)
		*out = slice_at(byte, 0) >> advisory % 8 & 1;
	return e;
}

/* Most claims share their texts with the one before. */
static enum err texts_find(struct feed *f, struct feed_claims *c)
{
	enum err e = OK;

	if (c->qualifier && !c->qualifier_text.len)
		e = snapshot_string(f, c->qualifier, &c->qualifier_text);
	if (!e && c->condition && !c->condition_text.len)
		e = snapshot_string(f, c->condition, &c->condition_text);
	return e;
}

enum err feed_claim_next(struct feed *f, const struct feed_product *p, struct feed_claims *c,
			 struct feed_claim *out)
{
	struct raw_claim raw;
	enum err e = OK;

	if (!c->is_started)
		*c = (struct feed_claims){.is_started = true,
					  .versions = p->versions,
					  .at = p->claims_at,
					  .end = p->end};
	do {
		e = next_read(f, c, &raw);
		if (!e && c->is_new)
			e = is_rejected(f, raw.advisory, &c->is_hidden);
		if (e)
			return e;
	} while (c->is_hidden);
	if (raw.qualifier || raw.condition)
		e = texts_find(f, c);
	if (e)
		return e;
	*out = (struct feed_claim){
		.advisory = raw.advisory,
		.low = raw.low,
		.high = raw.high,
		.source = (enum source)raw.source,
		.kind = (enum claim_kind)(raw.mode & MODE_KIND),
		.effect = (enum effect)(raw.mode >> MODE_EFFECT_SHIFT & 3),
		.low_excluded = raw.mode & MODE_LOW_EXCLUDED,
		.high_excluded = raw.mode & MODE_HIGH_EXCLUDED,
		.qualifier = c->qualifier_text,
		.condition = c->condition_text,
	};
	return OK;
}

bool feed_claim_holds(const struct feed_claim *c, struct feed_rank at)
{
	if (c->kind == CLAIM_EXACT)
		return at.is_exact && at.rank == c->low;
	if (c->kind != CLAIM_RANGE)
		return false;

	/* What is not exact lies between the rank before and this one. */
	bool is_low_met = c->low == FEED_OPEN || at.rank > c->low ||
			  (at.is_exact && at.rank == c->low && !c->low_excluded);
	bool is_high_met = c->high == FEED_OPEN || at.rank < c->high ||
			   (at.rank == c->high && !(at.is_exact && c->high_excluded));

	return is_low_met && is_high_met;
}
