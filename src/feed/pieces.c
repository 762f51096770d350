// SPDX-License-Identifier: Apache-2.0
// Joins what many records say of one vulnerability: their claims behind each other, as they came.

#include "feed/pieces.h"

#include <string.h>

#include "feed/parcel.h"

#include "base/ban.h"

struct part {
	struct slice id, parcel;
	uint32_t source, file;
	size_t no;
};

void parts_init(struct parts *p)
{
	*p = (struct parts){.n = 0};
	buf_init(&p->parcels, LIMIT_FEED_PARTS_BYTES);
	arena_init(&p->arena, LIMIT_FEED_PARTS_BYTES);
}

void parts_release(struct parts *p)
{
	buf_release(&p->parcels);
	arena_release(&p->arena);
}

enum err parts_add(struct parts *p, struct slice parcel, size_t file)
{
	buf_u32le(&p->parcels, (uint32_t)file);
	buf_u32le(&p->parcels, (uint32_t)parcel.len);
	buf_add(&p->parcels, parcel);
	p->n++;
	return p->parcels.err;
}

static int order(const void *a, const void *b, const void *context)
{
	const struct part *x = a, *y = b;
	int c = slice_cmp(x->id, y->id);

	(void)context;
	if (c)
		return c;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

enum err parts_sort(struct parts *p)
{
	struct cursor c = {.in = buf_slice(&p->parcels)};

	if (p->n == 0)
		return OK;
	p->sorted = arena_array(&p->arena, p->n, sizeof *p->sorted);
	if (!p->sorted)
		return E_LIMIT;
	for (size_t i = 0; i < p->n; i++) {
		struct part *one = &p->sorted[i];
		struct cursor in = {0};

		one->no = i;
		one->file = cursor_u32le(&c);
		one->parcel = cursor_take(&c, cursor_u32le(&c));
		in.in = one->parcel;
		one->id = parcel_text_take(&in);
		one->source = cursor_u8(&in);
	}
	if (c.err)
		return E_CORRUPT;
	sort_items(p->sorted, p->n, sizeof *p->sorted, order, NULL);
	return OK;
}

static size_t group_end(const struct parts *p)
{
	size_t end = p->next;

	while (end < p->n && p->sorted[end].source == p->sorted[p->next].source &&
	       slice_eq(p->sorted[end].id, p->sorted[p->next].id))
		end++;
	return end;
}

/* What the first part left open is taken from a later one. */
static void fill_in(struct advisory *to, const struct advisory *from)
{
	to->flags |= from->flags;
	if (from->modified > to->modified)
		to->modified = from->modified;
	if (!to->published)
		to->published = from->published;
	for (size_t i = 0; i < LANG_N; i++) {
		if (!to->text[i].len)
			to->text[i] = from->text[i];
		if (!to->title[i].len)
			to->title[i] = from->title[i];
	}
	if (!to->aliases_n) {
		to->aliases = from->aliases;
		to->aliases_n = from->aliases_n;
	}
}

enum err parts_next(struct parts *p, struct arena *a, struct advisory *out, size_t *file)
{
	if (p->next == p->n)
		return E_END;

	size_t end = group_end(p), n = end - p->next, claims = 0;
	struct advisory *parts = arena_array(a, n, sizeof *parts);
	struct claim *all = NULL;

	for (size_t i = 0; parts && i < n; i++) {
		enum err e = parcel_unpack(p->sorted[p->next + i].parcel, a, &parts[i]);

		if (e)
			return e;
		claims += parts[i].claims_n;
	}
	all = claims <= LIMIT_ADVISORY_CLAIMS ? arena_array(a, claims + 1, sizeof *all) : NULL;
	if (!parts || !all)
		return E_LIMIT;

	struct advisory joined = parts[0];

	joined.claims = all;
	joined.claims_n = 0;
	for (size_t i = 0; i < n; i++) {
		fill_in(&joined, &parts[i]);
		if (parts[i].claims_n)
			memcpy(&all[joined.claims_n], parts[i].claims,
			       parts[i].claims_n * sizeof *all);
		joined.claims_n += parts[i].claims_n;
	}
	*file = p->sorted[p->next].file;
	p->next = end;
	*out = joined;
	return OK;
}
