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
	CLAIM_BYTES_MAX = 5 + 1 + 5 + 5 + 1 + 4 * 6,
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

static enum err group_read(struct feed *f, struct cursor *c, struct claim_reader *r)
{
	uint64_t advisory = (uint64_t)r->last.advisory + cursor_varint32(c);
	uint8_t head = cursor_u8(c);

	r->last = (struct raw_claim){.advisory = (uint32_t)advisory, .source = head & HEAD_SOURCE};
	if (head & HEAD_ORIGIN)
		r->last.origin = cursor_varint32(c);
	r->left = head >> HEAD_COUNT_SHIFT;
	if (r->left == 0)
		r->left = cursor_varint32(c);
	return c->err || advisory >= f->info.advisories || r->last.source >= SOURCE_N || !r->left
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

static enum err fields_read(struct cursor *c, uint32_t versions, struct raw_claim *last)
{
	uint8_t mode = cursor_u8(c);

	if (mode & MODE_TEXTS) {
		last->qualifier = cursor_varint32(c);
		last->condition = cursor_varint32(c);
	}
	last->mode = mode & (uint8_t)~MODE_TEXTS;
	last->high = FEED_OPEN;
	if ((mode & MODE_KIND) == CLAIM_RANGE) {
		last->low = end_read(c, versions);
		last->high = end_read(c, versions);
	} else if ((mode & MODE_KIND) == CLAIM_EXACT) {
		last->low = rank_of(c, (uint64_t)last->low + (uint64_t)unzigzag(cursor_varint(c)),
				    versions);
	}
	return c->err || mode & 128 || (mode >> MODE_EFFECT_SHIFT & 3) > EFFECT_FIXED ? E_CORRUPT
										      : OK;
}

enum err claim_read(struct feed *f, const struct product_record *p, struct claim_reader *r,
		    struct raw_claim *out)
{
	struct cursor c = {0};

	if (!r->is_started)
		*r = (struct claim_reader){.is_started = true, .at = p->claims_at, .end = p->end};
	if (r->left == 0 && r->at == r->end)
		return E_END;

	enum err e = snapshot_window(f, SECTION_RECORDS, &c, r->at, r->end, CLAIM_BYTES_MAX);

	r->is_new = r->left == 0;
	if (!e && r->is_new)
		e = group_read(f, &c, r);

	/* `low` of the last exact claim outlives ranges between: keep it. */
	uint32_t exact = r->last.low;

	if (!e)
		e = fields_read(&c, p->versions, &r->last);
	if (e)
		return e;
	*out = r->last;
	if ((r->last.mode & MODE_KIND) != CLAIM_EXACT)
		r->last.low = exact;
	if ((r->last.mode & MODE_KIND) > CLAIM_EXACT)
		out->low = FEED_OPEN;
	r->left--;
	r->at += c.pos;
	return OK;
}

static enum err is_rejected(struct feed *f, uint32_t advisory, bool *out)
{
	struct slice byte = {0};
	enum err e = snapshot_read(f, SECTION_REJECTED, advisory / 8, 1, &byte);

	if (!e)
		*out = slice_at(byte, 0) >> advisory % 8 & 1;
	return e;
}

static enum err claim_finish(struct feed *f, const struct raw_claim *raw, struct feed_claim *out)
{
	struct feed_claim c = {
		.advisory = raw->advisory,
		.low = raw->low,
		.high = raw->high,
		.source = (enum source)raw->source,
		.kind = (enum claim_kind)(raw->mode & MODE_KIND),
		.effect = (enum effect)(raw->mode >> MODE_EFFECT_SHIFT & 3),
		.low_excluded = raw->mode & MODE_LOW_EXCLUDED,
		.high_excluded = raw->mode & MODE_HIGH_EXCLUDED,
	};
	enum err e = raw->qualifier ? snapshot_string(f, raw->qualifier, &c.qualifier) : OK;

	if (!e && raw->condition)
		e = snapshot_string(f, raw->condition, &c.condition);
	if (!e)
		*out = c;
	return e;
}

static struct claim_reader reader_of(const struct feed_claims *c)
{
	return (struct claim_reader){
		.last = {.advisory = c->advisory,
			 .low = c->low,
			 .qualifier = c->qualifier,
			 .condition = c->condition,
			 .source = c->source},
		.at = c->at,
		.end = c->end,
		.left = c->left,
		.is_started = c->is_started,
	};
}

static void reader_keep(const struct claim_reader *r, struct feed_claims *c)
{
	*c = (struct feed_claims){
		.at = r->at,
		.end = r->end,
		.advisory = r->last.advisory,
		.left = r->left,
		.low = r->last.low,
		.qualifier = r->last.qualifier,
		.condition = r->last.condition,
		.source = r->last.source,
		.is_started = true,
		.is_hidden = c->is_hidden,
	};
}

enum err feed_claim_next(struct feed *f, const struct feed_product *p, struct feed_claims *c,
			 struct feed_claim *out)
{
	struct product_record record = {.versions = p->versions};
	struct claim_reader r = reader_of(c);
	struct raw_claim raw = {0};
	enum err e = r.is_started ? OK : product_read(f, (uint32_t)p->at, &record);

	do {
		if (!e)
			e = claim_read(f, &record, &r, &raw);
		if (!e && r.is_new)
			e = is_rejected(f, raw.advisory, &c->is_hidden);
		if (e)
			return e;
	} while (c->is_hidden);
	e = claim_finish(f, &raw, out);
	if (!e)
		reader_keep(&r, c);
	return e;
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
