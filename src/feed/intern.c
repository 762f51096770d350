// SPDX-License-Identifier: Apache-2.0
// Gives strings, advisories, products and versions of a snapshot in the making their numbers.

#include "feed/builder.h"

#include "base/ban.h"

static struct slice bytes_at(const struct buf *b, uint32_t at, uint32_t len)
{
	return slice_head(slice_from(buf_slice(b), at), len);
}

struct slice builder_key(const struct feed_builder *b, uint32_t product)
{
	const struct kept_product *p = &KEPT(b->products, kept_product)[product];

	return bytes_at(&b->names, p->key_at, p->key_len);
}

struct slice builder_id(const struct feed_builder *b, const struct kept_id *id)
{
	return bytes_at(&b->names, id->at, id->len);
}

uint32_t builder_advisories(const struct feed_builder *b)
{
	return b->old_advisories + KEPT_N(b->ids, kept_id);
}

static struct slice string_at(const struct buf *strings, uint32_t ref, size_t *end)
{
	struct cursor c = cursor_at(buf_slice(strings), ref);
	uint32_t len = cursor_varint32(&c);
	struct slice s = cursor_take(&c, len);

	*end = c.err ? strings->len : c.pos;
	return s;
}

enum err intern_string(struct feed_builder *b, struct slice s, uint32_t *ref)
{
	uint64_t hash = index_hash(&b->string_index, s);
	struct index_probe p = index_probe(&b->string_index, hash);
	size_t end = 0;

	if (s.len == 0) {
		*ref = 0;
		return OK;
	}
	while (index_next(&b->string_index, &p)) {
		if (slice_eq(string_at(&b->strings, p.id, &end), s)) {
			*ref = p.id;
			return OK;
		}
	}
	*ref = (uint32_t)b->strings.len;
	buf_varint(&b->strings, s.len);
	buf_add(&b->strings, s);
	return b->strings.err ? b->strings.err : index_add(&b->string_index, hash, *ref);
}

enum err intern_old_strings(struct feed_builder *b)
{
	struct slice all = {0};
	enum err e = snapshot_read(b->old, SECTION_STRINGS, 0,
				   snapshot_len(b->old, SECTION_STRINGS), &all);

	buf_clear(&b->strings);
	buf_add(&b->strings, all);
	if (!e)
		e = b->strings.err;
	for (size_t at = 1, end = 0; !e && at < b->strings.len; at = end) {
		struct slice s = string_at(&b->strings, (uint32_t)at, &end);

		e = index_add(&b->string_index, index_hash(&b->string_index, s), (uint32_t)at);
	}
	return e;
}

/* The new ones; an old one when there is none. */
static uint32_t find_new_id(struct feed_builder *b, struct slice id, uint64_t hash)
{
	struct index_probe p = index_probe(&b->id_index, hash);

	while (index_next(&b->id_index, &p))
		if (slice_eq(builder_id(b, &KEPT(b->ids, kept_id)[p.id]), id))
			return b->old_advisories + p.id;
	return BUILDER_NONE;
}

enum err builder_find(struct feed_builder *b, struct slice id, uint32_t *index)
{
	*index = find_new_id(b, id, index_hash(&b->id_index, id));
	if (*index != BUILDER_NONE || !b->old)
		return OK;

	enum err e = feed_advisory_find(b->old, id, index);

	if (e == E_NOTFOUND)
		*index = BUILDER_NONE;
	return e == E_NOTFOUND ? OK : e;
}

enum err builder_touch(struct feed_builder *b, uint32_t index)
{
	uint64_t at = 0, end = 0;

	if (index >= b->old_advisories || weights_of(b)[index])
		return OK;

	enum err e = snapshot_place(b->old, SECTION_ADVISORIES, index, &at, &end);

	if (!e && end - at > UINT32_MAX)
		e = E_CORRUPT;
	if (!e)
		weights_of(b)[index] = (uint32_t)(end - at) + 1;
	return e;
}

enum err intern_advisory(struct feed_builder *b, struct slice id, uint32_t *index)
{
	enum err e = builder_find(b, id, index);

	if (e || *index != BUILDER_NONE)
		return e ? e : builder_touch(b, *index);
	*index = builder_advisories(b);
	if (*index >= LIMIT_FEED_ADVISORIES)
		return E_LIMIT;

	struct kept_id kept = {(uint32_t)b->names.len, (uint32_t)id.len};

	buf_add(&b->names, id);
	buf_add(&b->ids, slice_of(&kept, sizeof kept));
	buf_u32le(&b->weights, (uint32_t)id.len + 1);
	if (b->names.err || b->ids.err || b->weights.err)
		return E_LIMIT;
	return index_add(&b->id_index, index_hash(&b->id_index, id), *index - b->old_advisories);
}

/* In an old snapshot a product keeps the order its versions were sorted by. */
static enum err product_look_up(struct feed_builder *b, struct slice key, struct kept_product *p)
{
	struct feed_product old = {0};
	enum err e = b->old ? feed_product(b->old, key, &old) : E_NOTFOUND;

	p->old = BUILDER_NONE;
	p->scheme = (uint8_t)scheme_of(key);
	if (e)
		return e == E_NOTFOUND ? OK : e;
	p->old = (uint32_t)old.at;
	p->scheme = (uint8_t)old.scheme;
	return OK;
}

enum err intern_product(struct feed_builder *b, struct slice key, uint32_t *product)
{
	uint64_t hash = index_hash(&b->product_index, key);
	struct index_probe probe = index_probe(&b->product_index, hash);

	while (index_next(&b->product_index, &probe)) {
		if (slice_eq(builder_key(b, probe.id), key)) {
			*product = probe.id;
			return OK;
		}
	}

	struct kept_product p = {(uint32_t)b->names.len, (uint32_t)key.len, BUILDER_NONE, 0};
	enum err e = product_look_up(b, key, &p);

	if (e)
		return e;
	*product = KEPT_N(b->products, kept_product);
	buf_add(&b->names, key);
	buf_add(&b->products, slice_of(&p, sizeof p));
	if (b->names.err || b->products.err)
		return E_LIMIT;
	return index_add(&b->product_index, hash, *product);
}

static struct slice entry_text(const struct buf *entries, uint32_t at)
{
	struct cursor c = cursor_at(buf_slice(entries), at);
	uint8_t key_len = cursor_u8(&c);

	cursor_skip(&c, key_len);

	uint32_t len = cursor_varint32(&c);

	return cursor_take(&c, len);
}

static bool is_version(const struct feed_builder *b, uint32_t i, struct slice version,
		       struct slice update)
{
	const struct kept_version *v = &KEPT(b->versions, kept_version)[i];
	struct slice text = entry_text(&b->entries, v->entry_at);

	if (v->version_len != version.len || !slice_eq(slice_head(text, version.len), version))
		return false;
	return update.len ? slice_eq(slice_from(text, version.len + 1), update)
			  : text.len == version.len;
}

static void entry_write(struct buf *out, const struct version_key *key, struct slice version,
			struct slice update)
{
	buf_byte(out, key->len);
	buf_add(out, slice_of(key->bytes, key->len));
	buf_varint(out, version.len + (update.len ? update.len + 1 : 0));
	buf_add(out, version);
	if (update.len)
		buf_byte(out, ' ');
	buf_add(out, update);
}

enum err intern_version(struct feed_builder *b, uint32_t product, struct slice version,
			struct slice update, uint32_t *out)
{
	struct version_key key = {0};

	if (version.len > LIMIT_VERSION_BYTES || update.len > LIMIT_VERSION_BYTES)
		return E_RANGE;

	uint64_t hash = index_mix(index_hash(&b->version_index, version), product);

	if (update.len)
		hash = index_mix(hash, index_hash(&b->version_index, update));

	struct index_probe p = index_probe(&b->version_index, hash);

	while (index_next(&b->version_index, &p)) {
		if (KEPT(b->versions, kept_version)[p.id].product == product &&
		    is_version(b, p.id, version, update)) {
			*out = p.id;
			return OK;
		}
	}

	enum scheme scheme = (enum scheme)KEPT(b->products, kept_product)[product].scheme;

	if (version_key_make(scheme, version, update, &key) != OK)
		return E_RANGE;

	struct kept_version v = {product, (uint32_t)b->entries.len, (uint16_t)version.len};

	*out = KEPT_N(b->versions, kept_version);
	entry_write(&b->entries, &key, version, update);
	buf_add(&b->versions, slice_of(&v, sizeof v));
	if (b->entries.err || b->versions.err)
		return E_LIMIT;
	return index_add(&b->version_index, hash, *out);
}
