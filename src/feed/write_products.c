// SPDX-License-Identifier: Apache-2.0
// Writes the products of a snapshot: those that nothing new came for as they stood, the others
// anew.

#include "feed/write.h"

#include "base/ban.h"

/* Rows by product: those of product p are order[starts[p]] to order[starts[p + 1]], exclusive. */
struct grouping {
	struct buf starts, order;
};

struct product_slot {
	uint32_t hash, product;
};

struct version_item {
	struct slice entry;
	uint32_t seq; /* old ones by rank, then the new as they came */
};

struct products_writer {
	struct feed_builder *b;
	struct snapshot_parts *out;
	struct grouping claims, versions;
	struct buf fresh;          /* struct product_slot: products the old snapshot has not */
	struct buf kept_of_old;    /* u32 an old product: its kept number, or BUILDER_NONE */
	struct buf items, ranks;   /* struct version_item; u32 a seq: its rank */
	struct buf raws;           /* struct raw_claim */
	struct buf scratch;        /* of sorting */
	struct buf entries, table; /* of one record */
	uint32_t old_n;
};

static uint32_t *numbers(const struct buf *b)
{
	return (uint32_t *)(void *)b->data;
}

static enum err numbers_fill(struct buf *b, size_t n, uint32_t value)
{
	size_t bytes = 0;

	buf_init(b, LIMIT_FEED_STRINGS_BYTES);
	if (!size_mul(n, sizeof(uint32_t), &bytes))
		return E_LIMIT;
	if (!buf_room(b, bytes))
		return b->err;
	buf_grown(b, bytes);
	for (size_t i = 0; i < n; i++)
		numbers(b)[i] = value;
	return OK;
}

static uint32_t claim_product(const struct feed_builder *b, size_t i)
{
	return KEPT(b->claims, kept_claim)[i].product;
}

static uint32_t version_product(const struct feed_builder *b, size_t i)
{
	return KEPT(b->versions, kept_version)[i].product;
}

/* Counting sort. `starts` first counts, then says where the next of a product goes. */
static enum err group(struct feed_builder *b, size_t n,
		      uint32_t (*product_of)(const struct feed_builder *, size_t),
		      struct grouping *g)
{
	size_t products = KEPT_N(b->products, kept_product);
	enum err e = numbers_fill(&g->starts, products + 2, 0);

	if (!e)
		e = numbers_fill(&g->order, n, 0);
	if (e)
		return e;
	for (size_t i = 0; i < n; i++)
		numbers(&g->starts)[product_of(b, i) + 2]++;
	for (size_t i = 2; i < products + 2; i++)
		numbers(&g->starts)[i] += numbers(&g->starts)[i - 1];
	for (size_t i = 0; i < n; i++)
		numbers(&g->order)[numbers(&g->starts)[product_of(b, i) + 1]++] = (uint32_t)i;
	return OK;
}

static int product_cmp(uint32_t hash_a, struct slice a, uint32_t hash_b, struct slice b)
{
	if (hash_a != hash_b)
		return hash_a < hash_b ? -1 : 1;

	int order = slice_cmp(product_name(a), product_name(b));

	return order ? order : slice_cmp(a, b);
}

static int slot_order(const void *a, const void *b, const void *builder)
{
	const struct product_slot *x = a, *y = b;

	return product_cmp(x->hash, builder_key(builder, x->product), y->hash,
			   builder_key(builder, y->product));
}

/* Which products are new, in their order, and which old ones changed. */
static enum err products_sort(struct products_writer *w)
{
	uint32_t n = KEPT_N(w->b->products, kept_product);
	enum err e = numbers_fill(&w->kept_of_old, w->old_n, BUILDER_NONE);

	for (uint32_t i = 0; i < n && !e; i++) {
		uint32_t old = KEPT(w->b->products, kept_product)[i].old;
		struct product_slot slot = {product_hash(product_name(builder_key(w->b, i))), i};

		if (old != BUILDER_NONE)
			numbers(&w->kept_of_old)[old] = i;
		else
			buf_add(&w->fresh, slice_of(&slot, sizeof slot));
		e = w->fresh.err;
	}
	sort_items(w->fresh.data, KEPT_N(w->fresh, product_slot), sizeof(struct product_slot),
		   slot_order, w->b);
	return e;
}

/* --- one record --- */

static struct slice entry_key(struct slice entry)
{
	return slice_head(slice_from(entry, 1), slice_at(entry, 0));
}

static int version_order(const void *a, const void *b, const void *unused)
{
	const struct version_item *x = a, *y = b;
	int order = slice_cmp(entry_key(x->entry), entry_key(y->entry));

	(void)unused;
	return order ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

static enum err versions_gather(struct products_writer *w, uint32_t kept,
				const struct product_record *old)
{
	const struct feed_builder *b = w->b;
	enum err e = OK;
	struct version_item item = {0};

	buf_clear(&w->items);
	for (; item.seq < old->versions && !e; item.seq++) {
		struct version_entry v = {0};

		e = version_read(b->old, old, item.seq, &v);
		item.entry = v.entry;
		buf_add(&w->items, slice_of(&item, sizeof item));
	}
	if (e || kept == BUILDER_NONE)
		return e;
	for (uint32_t i = numbers(&w->versions.starts)[kept];
	     i < numbers(&w->versions.starts)[kept + 1]; i++, item.seq++) {
		uint32_t version = numbers(&w->versions.order)[i];
		struct cursor c = cursor_at(buf_slice(&b->entries),
					    KEPT(b->versions, kept_version)[version].entry_at);
		size_t from = c.pos;
		uint8_t key_len = cursor_u8(&c);

		cursor_skip(&c, key_len);

		uint32_t text_len = cursor_varint32(&c);

		cursor_skip(&c, text_len);
		item.entry = slice_head(slice_from(c.in, from), c.pos - from);
		buf_add(&w->items, slice_of(&item, sizeof item));
	}
	return w->items.err;
}

/* Sorts the versions, writes each different key once, and notes which rank each got. */
static enum err versions_rank(struct products_writer *w, uint32_t *versions)
{
	struct version_item *items = (struct version_item *)(void *)w->items.data;
	size_t n = KEPT_N(w->items, version_item);
	uint8_t *room = buf_room(&w->ranks, n * sizeof(uint32_t) + 1);
	uint8_t *scratch = buf_room(&w->scratch, w->items.len + 1);

	*versions = 0;
	buf_clear(&w->entries);
	buf_clear(&w->table);
	if (!room || !scratch)
		return E_NOMEM;
	sort_runs(items, scratch, n, sizeof *items, version_order, NULL);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !slice_eq(entry_key(items[i - 1].entry), entry_key(items[i].entry))) {
			buf_u32le(&w->table, (uint32_t)w->entries.len);
			buf_add(&w->entries, items[i].entry);
			(*versions)++;
		}
		numbers(&w->ranks)[items[i].seq] = *versions - 1;
	}
	return w->entries.err ? w->entries.err : w->table.err;
}

static uint32_t rank_of(const struct products_writer *w, uint32_t seq)
{
	return seq == FEED_OPEN ? FEED_OPEN : numbers(&w->ranks)[seq];
}

static bool is_replaced(const struct feed_builder *b, const struct raw_claim *c)
{
	return weights_of(b)[c->advisory] &&
	       builder_unit(b, c->advisory, c->source, c->origin) != BUILDER_NONE;
}

static enum err old_claims_gather(struct products_writer *w, const struct product_record *old)
{
	struct feed_claims r = {0};
	struct raw_claim c = {0};
	enum err e = OK;
	bool is_gone = false;

	while (!(e = claim_read(w->b->old, old, &r, &c))) {
		is_gone = r.is_new ? is_replaced(w->b, &c) : is_gone;
		if (is_gone)
			continue;
		c.low = rank_of(w, c.low);
		c.high = rank_of(w, c.high);
		c.seq = KEPT_N(w->raws, raw_claim);
		buf_add(&w->raws, slice_of(&c, sizeof c));
	}
	return e == E_END ? w->raws.err : e;
}

/* Where among the product's versions one of the new ones stands: grouped, they kept their order. */
static uint32_t seq_of(const struct products_writer *w, uint32_t kept, uint32_t version,
		       uint32_t old_versions)
{
	const uint32_t *starts = numbers(&w->versions.starts), *order = numbers(&w->versions.order);
	uint32_t low = starts[kept], high = starts[kept + 1];

	if (version == BUILDER_NONE)
		return FEED_OPEN;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (order[middle] <= version)
			low = middle;
		else
			high = middle;
	}
	return old_versions + low - starts[kept];
}

static void new_claims_gather(struct products_writer *w, uint32_t kept, uint32_t old_versions)
{
	const struct feed_builder *b = w->b;

	for (uint32_t i = numbers(&w->claims.starts)[kept];
	     i < numbers(&w->claims.starts)[kept + 1]; i++) {
		const struct kept_claim *k =
			&KEPT(b->claims, kept_claim)[numbers(&w->claims.order)[i]];
		const struct kept_unit *u = &KEPT(b->units, kept_unit)[k->unit];
		const struct kept_extra *x =
			&KEPT(b->extras, kept_extra)[k->extra_mode >> CLAIM_MODE_BITS];
		struct raw_claim c = {
			.advisory = u->advisory,
			.origin = u->origin,
			.source = u->source,
			.low = rank_of(w, seq_of(w, kept, k->low, old_versions)),
			.high = rank_of(w, seq_of(w, kept, k->high, old_versions)),
			.qualifier = x->qualifier,
			.condition = x->condition,
			.seq = KEPT_N(w->raws, raw_claim),
			.mode = k->extra_mode & ((1u << CLAIM_MODE_BITS) - 1),
		};

		if (!u->is_dead)
			buf_add(&w->raws, slice_of(&c, sizeof c));
	}
}

/* Old and new ones stand one behind the other, each in order as a rule. */
static enum err claims_sort(struct products_writer *w)
{
	uint8_t *scratch = buf_room(&w->scratch, w->raws.len + 1);

	if (!scratch)
		return w->scratch.err;
	sort_runs(w->raws.data, scratch, KEPT_N(w->raws, raw_claim), sizeof(struct raw_claim),
		  claim_order, NULL);
	return w->raws.err;
}

static void record_write(struct products_writer *w, struct slice key, uint8_t scheme,
			 uint32_t versions)
{
	struct buf *out = &w->out->sections[SECTION_RECORDS];
	size_t claims = KEPT_N(w->raws, raw_claim);
	struct cursor places = {.in = buf_slice(&w->table)};

	buf_varint(out, key.len);
	buf_add(out, key);
	buf_byte(out, scheme);
	buf_varint(out, versions);
	buf_varint(out, claims);
	buf_varint(out, w->entries.len);
	for (uint32_t i = 0; i < versions; i++) {
		uint32_t place = cursor_u32le(&places);

		buf_byte(out, (uint8_t)place);
		buf_byte(out, (uint8_t)(place >> 8));
		if (entry_width_of(w->entries.len) == 2)
			continue;
		buf_byte(out, (uint8_t)(place >> 16));
		buf_byte(out, (uint8_t)(place >> 24));
	}
	buf_add(out, buf_slice(&w->entries));
	claims_write(out, KEPT(w->raws, raw_claim), claims);
	w->out->claims += claims;
}

static enum err record_anew(struct products_writer *w, uint32_t kept,
			    const struct product_record *old)
{
	struct slice key = kept == BUILDER_NONE ? old->key : builder_key(w->b, kept);
	uint8_t scheme = kept == BUILDER_NONE ? old->scheme
					      : KEPT(w->b->products, kept_product)[kept].scheme;
	uint32_t versions = 0;
	enum err e = versions_gather(w, kept, old);

	buf_clear(&w->raws);
	if (!e)
		e = versions_rank(w, &versions);
	if (!e && old->end)
		e = old_claims_gather(w, old);
	if (e)
		return e;
	if (kept != BUILDER_NONE)
		new_claims_gather(w, kept, old->versions);
	e = claims_sort(w);
	if (!e)
		record_write(w, key, scheme, versions);
	return e;
}

static enum err has_replaced(struct products_writer *w, const struct product_record *old, bool *out)
{
	struct feed_claims r = {0};
	struct raw_claim c = {0};
	enum err e = OK;

	while (!*out && !(e = claim_read(w->b->old, old, &r, &c)))
		*out = r.is_new && is_replaced(w->b, &c);
	return e == E_END ? OK : e;
}

static enum err record_old(struct products_writer *w, uint32_t i)
{
	struct product_record old = {0};
	struct slice bytes = {0};
	uint32_t kept = numbers(&w->kept_of_old)[i];
	bool is_changed = kept != BUILDER_NONE;
	enum err e = product_read(w->b->old, i, &old);

	if (!e && !is_changed && KEPT_N(w->b->units, kept_unit))
		e = has_replaced(w, &old, &is_changed);
	if (e || is_changed)
		return e ? e : record_anew(w, kept, &old);
	e = snapshot_read(w->b->old, SECTION_RECORDS, old.at, old.end - old.at, &bytes);
	buf_add(&w->out->sections[SECTION_RECORDS], bytes);
	w->out->claims += old.claims;
	return e;
}

/* --- all of them --- */

static void entry_place(struct products_writer *w, uint32_t hash)
{
	struct buf *table = &w->out->sections[SECTION_PRODUCTS];

	buf_u32le(table, hash);
	write_place(table, w->out->sections[SECTION_RECORDS].len);
}

/* The new products that come before the old one with this key; all that are left without. */
static enum err fresh_until(struct products_writer *w, struct slice key, uint32_t *next)
{
	const struct product_record none = {0};
	uint32_t n = KEPT_N(w->fresh, product_slot);
	enum err e = OK;

	for (; *next < n && !e; (*next)++) {
		const struct product_slot *s = &KEPT(w->fresh, product_slot)[*next];

		if (key.len && product_cmp(s->hash, builder_key(w->b, s->product),
					   product_hash(product_name(key)), key) > 0)
			break;
		entry_place(w, s->hash);
		e = record_anew(w, s->product, &none);
	}
	return e;
}

static enum err records_write(struct products_writer *w)
{
	uint32_t next = 0;
	enum err e = OK;

	for (uint32_t i = 0; i < w->old_n && !e; i++) {
		struct product_record old = {0};

		e = product_read(w->b->old, i, &old);
		if (!e)
			e = fresh_until(w, old.key, &next);
		if (e)
			return e;
		entry_place(w, product_hash(product_name(old.key)));
		e = record_old(w, i);
	}
	if (!e)
		e = fresh_until(w, (struct slice){0}, &next);
	entry_place(w, UINT32_MAX);
	w->out->products = (uint64_t)w->old_n + KEPT_N(w->fresh, product_slot);
	return e;
}

enum err write_products(struct feed_builder *b, struct snapshot_parts *out)
{
	struct products_writer w = {.b = b, .out = out};
	struct buf *const bufs[] = {&w.fresh,   &w.items,   &w.ranks, &w.raws,
				    &w.scratch, &w.entries, &w.table};
	struct buf *const filled[] = {&w.kept_of_old, &w.claims.starts, &w.claims.order,
				      &w.versions.starts, &w.versions.order};

	w.old_n = b->old ? (uint32_t)b->old->info.products : 0;
	for (size_t i = 0; i < ARRAY_LEN(bufs); i++)
		buf_init(bufs[i], 4 * LIMIT_FEED_STRINGS_BYTES);

	enum err e = products_sort(&w);

	if (!e)
		e = group(b, KEPT_N(b->claims, kept_claim), claim_product, &w.claims);
	if (!e)
		e = group(b, KEPT_N(b->versions, kept_version), version_product, &w.versions);
	if (!e)
		e = records_write(&w);
	for (size_t i = 0; i < ARRAY_LEN(bufs); i++)
		buf_release(bufs[i]);
	for (size_t i = 0; i < ARRAY_LEN(filled); i++)
		buf_release(filled[i]);
	return e;
}
