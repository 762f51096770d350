// SPDX-License-Identifier: Apache-2.0
// Writes the advisories of a snapshot: their units, old and new, and the order of their ids.

#include "feed/write.h"

#include "base/ban.h"

struct advisories_writer {
	struct feed_builder *b;
	struct snapshot_parts *out;
	struct buf live; /* u32: units, by advisory, source, origin */
	uint32_t next;   /* of those */
	bool has_texts;
};

static uint32_t *numbers(const struct buf *b)
{
	return (uint32_t *)(void *)b->data;
}

static size_t numbers_n(const struct buf *b)
{
	return b->len / sizeof(uint32_t);
}

static int said_cmp(uint8_t source_a, uint32_t origin_a, uint8_t source_b, uint32_t origin_b)
{
	if (source_a != source_b)
		return source_a < source_b ? -1 : 1;
	return (origin_a > origin_b) - (origin_a < origin_b);
}

static int unit_order(const void *a, const void *b, const void *builder)
{
	const struct feed_builder *from = builder;
	const struct kept_unit *x = &KEPT(from->units, kept_unit)[*(const uint32_t *)a];
	const struct kept_unit *y = &KEPT(from->units, kept_unit)[*(const uint32_t *)b];

	if (x->advisory != y->advisory)
		return x->advisory < y->advisory ? -1 : 1;
	return said_cmp(x->source, x->origin, y->source, y->origin);
}

static enum err units_sort(struct advisories_writer *w)
{
	const struct feed_builder *b = w->b;
	uint32_t n = KEPT_N(b->units, kept_unit);
	bool is_sorted = true;

	for (uint32_t i = 0; i < n; i++) {
		if (KEPT(b->units, kept_unit)[i].is_dead)
			continue;
		buf_add(&w->live, slice_of(&i, sizeof i));

		size_t last = numbers_n(&w->live);

		is_sorted = is_sorted && !w->live.err &&
			    (last < 2 || unit_order(&numbers(&w->live)[last - 2],
						    &numbers(&w->live)[last - 1], b) < 0);
	}
	if (!is_sorted && !w->live.err)
		sort_items(w->live.data, numbers_n(&w->live), sizeof(uint32_t), unit_order, b);
	return w->live.err;
}

/* --- one advisory --- */

static enum err unit_out(struct advisories_writer *w, const struct unit *u, uint32_t *flags)
{
	struct unit_facts facts = {0};
	enum err e = unit_facts_read(u->facts, &facts);
	struct buf *out = &w->out->sections[SECTION_UNITS];

	if (e)
		return e;
	*flags |= facts.flags;
	w->out->records[u->source]++;
	if (w->has_texts)
		buf_add(out, u->whole);
	else
		unit_write(out, u->source, u->facts, (struct slice){0});
	return OK;
}

static const struct kept_unit *unit_waiting(const struct advisories_writer *w, uint32_t advisory)
{
	const struct kept_unit *u =
		w->next < numbers_n(&w->live)
			? &KEPT(w->b->units, kept_unit)[numbers(&w->live)[w->next]]
			: NULL;

	return u && u->advisory == advisory ? u : NULL;
}

/* The new units that stand before the old one (source, origin). */
static enum err new_units_out(struct advisories_writer *w, uint32_t advisory, uint8_t source,
			      uint32_t origin, uint32_t *flags)
{
	for (const struct kept_unit *k = unit_waiting(w, advisory);
	     k && said_cmp(k->source, k->origin, source, origin) < 0;
	     k = unit_waiting(w, advisory)) {
		struct cursor c = cursor_at(buf_slice(&w->b->unit_bytes), k->at);
		struct unit u = {0};
		enum err e = unit_next(&c, &u);

		if (!e)
			e = unit_out(w, &u, flags);
		if (e)
			return e;
		w->next++;
	}
	return OK;
}

static enum err old_units_out(struct advisories_writer *w, uint32_t advisory, struct cursor *c,
			      uint32_t *flags)
{
	struct unit u = {0};
	enum err e = OK;

	while (!(e = unit_next(c, &u))) {
		struct cursor facts = {.in = u.facts};
		bool has_origin = cursor_varint32(&facts) & UNIT_ORIGIN;
		uint32_t origin = has_origin ? cursor_varint32(&facts) : 0;

		e = new_units_out(w, advisory, u.source, origin, flags);
		if (!e && (!weights_of(w->b)[advisory] ||
			   builder_unit(w->b, advisory, u.source, origin) == BUILDER_NONE))
			e = unit_out(w, &u, flags);
		if (e)
			return e;
	}
	return e == E_END ? OK : e;
}

static enum err advisory_out(struct advisories_writer *w, uint32_t i, uint32_t *flags)
{
	struct feed_builder *b = w->b;
	struct buf *out = &w->out->sections[SECTION_UNITS];
	struct slice id = {0};
	struct cursor c = {0};
	enum err e = OK;

	write_place(&w->out->sections[SECTION_ADVISORIES], out->len);
	if (i < b->old_advisories)
		e = advisory_read(b->old, i, &id, &c);
	else
		id = builder_id(b, &KEPT(b->ids, kept_id)[i - b->old_advisories]);
	buf_byte(out, (uint8_t)id.len);
	buf_add(out, id);
	if (!e)
		e = old_units_out(w, i, &c, flags);
	return e ? e : new_units_out(w, i, SOURCE_N, 0, flags);
}

static enum err units_write(struct advisories_writer *w)
{
	uint32_t n = builder_advisories(w->b);
	uint8_t bits = 0;
	enum err e = OK;

	for (uint32_t i = 0; i < n && !e; i++) {
		uint32_t flags = 0;

		e = advisory_out(w, i, &flags);
		if (flags & ADVISORY_REJECTED)
			bits |= (uint8_t)(1u << i % 8);
		if (i % 8 == 7 || i + 1 == n) {
			buf_byte(&w->out->sections[SECTION_REJECTED], bits);
			bits = 0;
		}
	}
	write_place(&w->out->sections[SECTION_ADVISORIES], w->out->sections[SECTION_UNITS].len);
	return e;
}

/* --- the order of ids --- */

static int id_order(const void *a, const void *b, const void *builder)
{
	const struct feed_builder *from = builder;
	const struct kept_id *ids = KEPT(from->ids, kept_id);

	return slice_cmp(builder_id(from, &ids[*(const uint32_t *)a]),
			 builder_id(from, &ids[*(const uint32_t *)b]));
}

static enum err old_order_out(struct advisories_writer *w, uint32_t from, uint32_t to)
{
	struct slice part = {0};
	enum err e = from <= to
			     ? snapshot_read(w->b->old, SECTION_ORDER, (uint64_t)from * PLACE_ENTRY,
					     (uint64_t)(to - from) * PLACE_ENTRY, &part)
			     : E_CORRUPT;

	if (!e)
		buf_add(&w->out->sections[SECTION_ORDER], part);
	return e;
}

/* New ids between the old ones, which stand sorted already. */
static enum err order_merge(struct advisories_writer *w, const uint32_t *sorted, uint32_t n)
{
	struct feed_builder *b = w->b;
	uint32_t done = 0;
	enum err e = OK;

	for (uint32_t i = 0; i < n && !e; i++) {
		uint32_t place = 0;
		struct slice id = builder_id(b, &KEPT(b->ids, kept_id)[sorted[i]]);

		if (b->old) {
			e = advisory_search(b->old, id, &place);
			if (!e)
				e = old_order_out(w, done, place);
			done = place;
		}
		buf_u32le(&w->out->sections[SECTION_ORDER], b->old_advisories + sorted[i]);
	}
	return e || !b->old ? e : old_order_out(w, done, b->old_advisories);
}

static enum err order_write(struct advisories_writer *w)
{
	uint32_t n = KEPT_N(w->b->ids, kept_id);
	struct buf sorted;

	buf_init(&sorted, LIMIT_FEED_STRINGS_BYTES);
	for (uint32_t i = 0; i < n; i++)
		buf_add(&sorted, slice_of(&i, sizeof i));
	if (!sorted.err)
		sort_items(sorted.data, n, sizeof(uint32_t), id_order, w->b);

	enum err e = sorted.err ? sorted.err : order_merge(w, numbers(&sorted), n);

	buf_release(&sorted);
	return e;
}

enum err write_advisories(struct feed_builder *b, bool has_texts, struct snapshot_parts *out)
{
	struct advisories_writer w = {.b = b, .out = out, .has_texts = has_texts};

	buf_init(&w.live, LIMIT_FEED_STRINGS_BYTES);

	enum err e = units_sort(&w);

	if (!e)
		e = units_write(&w);
	if (!e)
		e = order_write(&w);
	buf_release(&w.live);
	return e;
}
