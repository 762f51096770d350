// SPDX-License-Identifier: Apache-2.0
// Looks up products and their versions in a snapshot, by binary search in sorted tables.

#include "feed/products.h"

#include "base/ban.h"

enum {
	/* The longest that stands before the table: lengths, key, scheme. */
	HEAD_BYTES_MAX = LIMIT_PRODUCT_BYTES + 1 + 4 * 5,
	/* The longest entry: two texts of a CPE joined by a blank. */
	ENTRY_BYTES_MAX = 1 + LIMIT_VERSION_KEY_BYTES + 5 + 2 * LIMIT_VERSION_BYTES + 1,
	/* How far from where it should be a hash may lie: some dozen, and a 512th of all. */
	GUESS_MARGIN_MIN = 16,
	GUESS_MARGIN_SHIFT = 9,
};

uint32_t entry_width_of(uint64_t entries_len)
{
	return entries_len > UINT16_MAX ? 4 : 2;
}

static struct slice text_take(struct cursor *c)
{
	uint32_t len = cursor_varint32(c);

	return cursor_take(c, len);
}

static enum err entry_read(struct feed *f, uint32_t i, uint32_t *hash, uint64_t *at, uint64_t *end)
{
	struct cursor c = {0};
	enum err e = snapshot_read(f, SECTION_PRODUCTS, (uint64_t)i * PRODUCT_ENTRY,
				   UINT64_C(2) * PRODUCT_ENTRY, &c.in);

	if (e)
		return e;
	*hash = cursor_u32le(&c);
	*at = cursor_u32le(&c);
	cursor_skip(&c, 4);
	*end = cursor_u32le(&c);
	return *at <= *end ? OK : E_CORRUPT;
}

enum err product_read(struct feed *f, uint32_t i, struct product_record *out)
{
	struct product_record p = {0};
	struct cursor c = {0};
	uint32_t hash = 0;
	enum err e = entry_read(f, i, &hash, &p.at, &p.end);

	if (!e)
		e = snapshot_window(f, SECTION_RECORDS, &c, p.at, p.end, HEAD_BYTES_MAX);
	if (e)
		return e;
	p.key = text_take(&c);
	p.scheme = cursor_u8(&c);
	p.versions = cursor_varint32(&c);
	p.claims = cursor_varint32(&c);

	uint32_t entries_len = cursor_varint32(&c);

	p.entry_width = entry_width_of(entries_len);
	p.table_at = p.at + c.pos;
	p.entries_at = p.table_at + (uint64_t)p.versions * p.entry_width;
	p.claims_at = p.entries_at + entries_len;
	if (c.err || p.key.len == 0 || p.scheme >= SCHEME_N || p.claims_at > p.end)
		return E_CORRUPT;
	*out = p;
	return OK;
}

enum err version_read(struct feed *f, const struct product_record *p, uint32_t rank,
		      struct version_entry *out)
{
	struct cursor c = {0};
	struct version_entry v = {0};

	if (rank >= p->versions)
		return E_RANGE;

	enum err e =
		snapshot_read(f, SECTION_RECORDS, p->table_at + (uint64_t)rank * p->entry_width,
			      p->entry_width, &c.in);
	uint64_t place = p->entry_width == 2 ? cursor_u16le(&c) : cursor_u32le(&c);

	if (!e)
		e = snapshot_window(f, SECTION_RECORDS, &c, p->entries_at + place, p->claims_at,
				    ENTRY_BYTES_MAX);
	if (e)
		return e;

	uint8_t key_len = cursor_u8(&c);

	v.key = cursor_take(&c, key_len);
	v.text = text_take(&c);
	if (c.err || v.key.len > LIMIT_VERSION_KEY_BYTES)
		return E_CORRUPT;
	v.entry = slice_head(c.in, c.pos);
	*out = v;
	return OK;
}

struct wanted {
	struct slice name, key;
	uint32_t hash;
};

/* <0, 0, >0: the i-th product is before, at or behind (hash, name, key). Without a key only the
 * name counts. */
static enum err entry_cmp(struct feed *f, uint32_t i, const struct wanted *w, int *out)
{
	uint32_t hash = 0;
	uint64_t at = 0, end = 0;
	struct product_record p = {0};
	enum err e = entry_read(f, i, &hash, &at, &end);

	if (e)
		return e;
	*out = (hash > w->hash) - (hash < w->hash);
	if (*out != 0)
		return OK;
	e = product_read(f, i, &p);
	if (e)
		return e;
	*out = slice_cmp(product_name(p.key), w->name);
	if (*out == 0 && w->key.len)
		*out = slice_cmp(p.key, w->key);
	return OK;
}

/*
 * Where to look next. Hashes lie evenly spread, so the first looks are where this one should be,
 * and a little to each side of it; a snapshot whose hashes are not spread gets a binary search.
 */
static uint32_t entry_guess(const struct feed *f, uint32_t hash, uint32_t low, uint32_t high,
			    unsigned step)
{
	uint64_t guess = (uint64_t)hash * f->info.products >> 32;
	uint64_t margin = GUESS_MARGIN_MIN + (f->info.products >> GUESS_MARGIN_SHIFT);

	if (step == 0)
		guess = guess > margin ? guess - margin : 0;
	else if (step == 1)
		guess += margin;
	if (step > 1 || guess < low || guess >= high)
		return low + (high - low) / 2;
	return (uint32_t)guess;
}

/* The first product that is not before (name, key). */
static enum err entry_search(struct feed *f, const struct wanted *w, uint32_t *out)
{
	uint32_t low = 0, high = (uint32_t)f->info.products;

	for (unsigned step = 0; low < high; step++) {
		uint32_t middle = entry_guess(f, w->hash, low, high, step);
		int order = 0;
		enum err e = entry_cmp(f, middle, w, &order);

		if (e)
			return e;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*out = low;
	return OK;
}

static enum err entry_take(struct feed *f, uint32_t i, const struct wanted *w,
			   struct feed_product *out)
{
	struct product_record p = {0};
	int order = 1;
	enum err e = i < f->info.products ? entry_cmp(f, i, w, &order) : OK;

	if (e)
		return e;
	if (order != 0)
		return E_NOTFOUND;
	e = product_read(f, i, &p);
	if (e)
		return e;
	*out = (struct feed_product){.key = p.key,
				     .scheme = (enum scheme)p.scheme,
				     .versions = p.versions,
				     .at = i,
				     .entry_width = p.entry_width,
				     .table_at = p.table_at,
				     .entries_at = p.entries_at,
				     .claims_at = p.claims_at,
				     .end = p.end};
	return OK;
}

enum err feed_product(struct feed *f, struct slice key, struct feed_product *out)
{
	uint32_t i = 0;

	if (key.len == 0)
		return E_NOTFOUND;

	struct wanted w = {product_name(key), key, product_hash(product_name(key))};
	enum err e = entry_search(f, &w, &i);

	return e ? e : entry_take(f, i, &w, out);
}

enum err feed_slot_next(struct feed *f, struct slice name, uint32_t *slot, struct feed_product *out)
{
	struct wanted w = {.name = name, .hash = product_hash(name)};
	uint32_t first = 0;
	enum err e = entry_search(f, &w, &first);

	if (e)
		return e;
	if (*slot >= f->info.products - first)
		return E_END;
	e = entry_take(f, first + *slot, &w, out);
	if (!e)
		(*slot)++;
	return e == E_NOTFOUND ? E_END : e;
}

struct product_record product_record_of(const struct feed_product *p)
{
	return (struct product_record){.key = p->key,
				       .scheme = (uint8_t)p->scheme,
				       .versions = p->versions,
				       .entry_width = p->entry_width,
				       .table_at = p->table_at,
				       .entries_at = p->entries_at,
				       .claims_at = p->claims_at,
				       .end = p->end};
}

enum err feed_rank(struct feed *f, const struct feed_product *p, const struct version_key *key,
		   struct feed_rank *out)
{
	struct product_record r = product_record_of(p);
	struct slice wanted = slice_of(key->bytes, key->len);
	struct feed_rank found = {0};
	enum err e = OK;

	for (uint32_t high = r.versions; !e && found.rank < high;) {
		struct version_entry v = {0};
		uint32_t middle = found.rank + (high - found.rank) / 2;

		e = version_read(f, &r, middle, &v);

		int order = slice_cmp(v.key, wanted);

		if (order < 0)
			found.rank = middle + 1;
		else
			high = middle;
		found.is_exact = found.is_exact || (!e && order == 0);
	}
	if (!e)
		*out = found;
	return e;
}

enum err feed_version(struct feed *f, const struct feed_product *p, uint32_t rank,
		      struct slice *out)
{
	struct product_record r = product_record_of(p);
	struct version_entry v = {0};
	enum err e = version_read(f, &r, rank, &v);

	if (!e)
		*out = v.text;
	return e;
}
