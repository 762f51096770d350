// SPDX-License-Identifier: Apache-2.0
// Keeps who said what of which advisory, so that what is said again replaces what was said before.

#include "feed/builder.h"

#include "base/ban.h"

static uint64_t unit_hash(const struct feed_builder *b, uint32_t advisory, uint8_t source,
			  uint32_t origin)
{
	return index_mix(index_mix(b->unit_index.seed, advisory), (uint64_t)origin << 8 | source);
}

static bool unit_seek(const struct feed_builder *b, const struct kept_unit *u,
		      struct index_probe *p)
{
	*p = index_probe(&b->unit_index, unit_hash(b, u->advisory, u->source, u->origin));
	while (index_next(&b->unit_index, p)) {
		const struct kept_unit *found = &KEPT(b->units, kept_unit)[p->id];

		if (found->advisory == u->advisory && found->source == u->source &&
		    found->origin == u->origin)
			return true;
	}
	return false;
}

uint32_t builder_unit(const struct feed_builder *b, uint32_t advisory, uint8_t source,
		      uint32_t origin)
{
	struct kept_unit u = {.advisory = advisory, .source = source, .origin = origin};
	struct index_probe p = {0};

	return unit_seek(b, &u, &p) ? p.id : BUILDER_NONE;
}

enum err unit_keep(struct feed_builder *b, const struct kept_unit *u, uint32_t *out)
{
	struct index_probe p = {0};
	uint32_t id = KEPT_N(b->units, kept_unit);
	bool is_known = unit_seek(b, u, &p);

	if (is_known) {
		struct kept_unit *before = &KEPT(b->units, kept_unit)[p.id];

		weights_of(b)[u->advisory] -= before->is_dead ? 0 : before->len;
		before->is_dead = true;
	}
	buf_add(&b->units, slice_of(u, sizeof *u));
	if (b->units.err)
		return E_LIMIT;
	*out = id;
	if (is_known) {
		index_replace(&b->unit_index, &p, id);
		return OK;
	}
	return index_add(&b->unit_index, unit_hash(b, u->advisory, u->source, u->origin), id);
}

static enum err unit_withdraw(struct feed_builder *b, uint32_t advisory, uint8_t source,
			      uint32_t origin)
{
	struct kept_unit dead = {
		.advisory = advisory, .source = source, .origin = origin, .is_dead = true};
	uint32_t unit = 0;
	enum err e = builder_touch(b, advisory);

	return e ? e : unit_keep(b, &dead, &unit);
}

/* --- records filed under other ids --- */

static uint64_t origin_hash(const struct feed_builder *b, uint8_t source, uint32_t origin)
{
	return index_mix(index_mix(b->origin_index.seed, origin), source);
}

/* The chain of advisories a record is filed under; the last found stays in *p. */
static uint32_t origin_first(const struct feed_builder *b, uint8_t source, uint32_t origin,
			     struct index_probe *p)
{
	*p = index_probe(&b->origin_index, origin_hash(b, source, origin));
	while (index_next(&b->origin_index, p)) {
		const struct kept_origin *o = &KEPT(b->origins, kept_origin)[p->id];

		if (o->source == source && o->origin == origin)
			return p->id;
	}
	return BUILDER_NONE;
}

enum err origin_keep(struct feed_builder *b, uint8_t source, uint32_t origin, uint32_t advisory)
{
	struct index_probe p = {0};
	uint32_t id = KEPT_N(b->origins, kept_origin);
	uint32_t first = origin_first(b, source, origin, &p);
	struct kept_origin o = {origin, advisory, first, source};

	buf_add(&b->origins, slice_of(&o, sizeof o));
	if (b->origins.err)
		return E_LIMIT;
	if (first == BUILDER_NONE)
		return index_add(&b->origin_index, origin_hash(b, source, origin), id);
	index_replace(&b->origin_index, &p, id);
	return OK;
}

enum err record_withdraw(struct feed_builder *b, const struct advisory *a, uint32_t origin)
{
	struct index_probe p = {0};
	uint32_t own = BUILDER_NONE;
	enum err e = builder_find(b, a->id, &own);
	uint32_t i = origin_first(b, a->source, origin, &p);

	if (!e && own != BUILDER_NONE)
		e = unit_withdraw(b, own, a->source, 0);
	while (!e && i != BUILDER_NONE) {
		struct kept_origin *o = &KEPT(b->origins, kept_origin)[i];

		i = o->next;
		o->next = BUILDER_NONE;
		e = unit_withdraw(b, o->advisory, a->source, origin);
	}
	return e;
}
