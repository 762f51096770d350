// SPDX-License-Identifier: Apache-2.0
// Takes advisories in for a snapshot (feed.h). Writing it out is write_snapshot.c's.

#include "feed/builder.h"

#include <string.h>

#include "base/ban.h"

/* A list of aliases names no more CVEs than this that a record is filed under. */
enum { TARGETS_MAX = 256 };

static void bufs_init(struct feed_builder *b)
{
	struct buf *const bytes[] = {&b->strings, &b->names, &b->entries, &b->unit_bytes};
	struct buf *const rows[] = {&b->products, &b->versions, &b->claims,  &b->extras,
				    &b->units,    &b->ids,      &b->origins, &b->weights};

	for (size_t i = 0; i < ARRAY_LEN(bytes); i++)
		buf_init(bytes[i], LIMIT_FEED_STRINGS_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		buf_init(rows[i], LIMIT_FEED_CLAIMS * sizeof(struct kept_claim));
	buf_init(&b->facts, 4 * LIMIT_ADVISORY_BYTES);
}

static enum err indexes_init(struct feed_builder *b)
{
	struct index *const indexes[] = {&b->string_index, &b->product_index, &b->version_index,
					 &b->unit_index,   &b->id_index,      &b->origin_index};
	enum err e = OK;

	for (size_t i = 0; i < ARRAY_LEN(indexes) && !e; i++)
		e = index_init(indexes[i], 1 * GiB);
	return e;
}

enum err feed_builder_new(struct feed_builder **out, struct fault *why)
{
	const struct kept_extra nothing = {0, 0};
	struct arena a;

	arena_init(&a, 64 * KiB);

	struct feed_builder *b = arena_alloc(&a, sizeof *b);

	if (!b) {
		arena_release(&a);
		return fault_set(why, E_NOMEM, 0, "snapshot: out of memory");
	}
	b->arena = a;
	bufs_init(b);
	buf_byte(&b->strings, 0); /* reference 0: the empty text */
	buf_add(&b->extras, slice_of(&nothing, sizeof nothing));

	enum err e = indexes_init(b);

	if (!e)
		e = texts_packer_init(&b->texts);
	if (e) {
		feed_builder_free(b);
		return fault_set(why, e, 0, "snapshot: out of memory");
	}
	*out = b;
	return OK;
}

void feed_builder_free(struct feed_builder *b)
{
	if (!b)
		return;

	struct buf *const bufs[] = {
		&b->strings,  &b->names,   &b->entries, &b->unit_bytes, &b->products,
		&b->versions, &b->claims,  &b->extras,  &b->units,      &b->ids,
		&b->origins,  &b->weights, &b->facts,
	};
	struct index *const indexes[] = {&b->string_index, &b->product_index, &b->version_index,
					 &b->unit_index,   &b->id_index,      &b->origin_index};
	struct arena a = b->arena; /* b lives in it */

	for (size_t i = 0; i < ARRAY_LEN(bufs); i++)
		buf_release(bufs[i]);
	for (size_t i = 0; i < ARRAY_LEN(indexes); i++)
		index_release(indexes[i]);
	texts_packer_release(&b->texts);
	arena_release(&a);
}

static enum err old_origins(struct feed_builder *b)
{
	enum err e = OK;

	for (uint32_t i = 0; i < b->old_advisories && !e; i++) {
		struct slice id = {0};
		struct cursor c = {0};
		struct unit u = {0};

		e = advisory_read(b->old, i, &id, &c);
		while (!e && !(e = unit_next(&c, &u))) {
			struct cursor facts = {.in = u.facts};

			if (cursor_varint32(&facts) & UNIT_ORIGIN)
				e = origin_keep(b, u.source, cursor_varint32(&facts), i);
		}
		if (e == E_END)
			e = OK;
	}
	return e;
}

enum err feed_builder_start_from(struct feed_builder *b, struct feed *old, struct fault *why)
{
	const struct feed_info *info = feed_info(old);
	uint8_t *room = buf_room(&b->weights, info->advisories * sizeof(uint32_t) + 1);

	if (b->old || builder_advisories(b))
		return fault_set(why, E_USAGE, 0, "snapshot: begun already");
	if (!room)
		return fault_set(why, b->weights.err, 0, "snapshot: out of memory");
	memset(room, 0, info->advisories * sizeof(uint32_t));
	buf_grown(&b->weights, info->advisories * sizeof(uint32_t));
	b->old = old;
	b->old_advisories = (uint32_t)info->advisories;
	b->texts.first_no = (uint32_t)(snapshot_len(old, SECTION_FRAMES) / PLACE_ENTRY) - 1;
	for (size_t i = 0; i < info->sources_n; i++)
		feed_builder_source(b, info->sources[i].source, info->sources[i].date);

	enum err e = intern_old_strings(b);

	if (!e)
		e = old_origins(b);
	return e ? fault_set(why, e, 0, "snapshot: the old one is %s", err_words(e, false)) : OK;
}

void feed_builder_source(struct feed_builder *b, enum source s, struct slice date)
{
	if (date.len == SNAPSHOT_DATE && slice_cmp(slice_of(b->dates[s], SNAPSHOT_DATE), date) < 0)
		memcpy(b->dates[s], date.ptr, SNAPSHOT_DATE);
}

/* --- one advisory --- */

/* One of the places a record is filed under. */
static enum err unit_add(struct feed_builder *b, const struct advisory *a, struct slice id,
			 const struct unit_texts *texts)
{
	struct kept_unit u = {
		.source = a->source, .at = (uint32_t)b->unit_bytes.len, .flags = a->flags};
	struct buf lists, where;
	uint32_t unit = 0;
	enum err e = slice_eq(id, a->id) ? OK : intern_string(b, a->id, &u.origin);

	buf_init(&lists, LIMIT_ADVISORY_BYTES);
	buf_init(&where, 4 * KiB);
	if (!e)
		e = facts_keep(b, a, u.origin, &lists);
	if (!e)
		e = intern_advisory(b, id, &u.advisory);
	if (!e && b->facts.len + weights_of(b)[u.advisory] > LIMIT_ADVISORY_BYTES)
		e = E_LIMIT;
	if (!e) {
		if (texts->len[0] || texts->len[1] || texts->len[2] || texts->len[3])
			unit_texts_write(&where, texts);
		unit_write(&b->unit_bytes, a->source, buf_slice(&b->facts), buf_slice(&where));
		u.len = (uint32_t)b->unit_bytes.len - u.at;
		weights_of(b)[u.advisory] += u.len;
		e = unit_keep(b, &u, &unit);
	}
	if (!e && u.origin)
		e = origin_keep(b, a->source, u.origin, u.advisory);
	for (size_t i = 0; i < a->claims_n && !e; i++)
		e = claim_keep(b, &a->claims[i], i ? &a->claims[i - 1] : NULL, unit);
	buf_release(&lists);
	buf_release(&where);
	return e ? e : b->unit_bytes.err;
}

static bool is_target(const struct advisory *a, size_t alias)
{
	return slice_starts(a->aliases[alias], "CVE-") &&
	       a->aliases[alias].len <= LIMIT_ADVISORY_ID_BYTES;
}

static size_t targets_of(const struct advisory *a)
{
	size_t n = 0;

	if (slice_starts(a->id, "CVE-"))
		return 0;
	for (size_t i = 0; i < a->aliases_n; i++)
		n += is_target(a, i);
	return n;
}

static const char *limit_broken(const struct feed_builder *b, const struct advisory *a)
{
	size_t targets = targets_of(a), claims = 0;

	if (a->id.len == 0 || a->id.len > LIMIT_ADVISORY_ID_BYTES)
		return "its id is too long";
	if (a->source >= SOURCE_N)
		return "its source is unknown";
	if (a->aliases_n > LIMIT_ADVISORY_LIST || a->cwes_n > LIMIT_ADVISORY_LIST ||
	    a->files_n > LIMIT_ADVISORY_LIST || targets > TARGETS_MAX)
		return "too many aliases, weaknesses or files";
	if (!size_mul(a->claims_n, targets ? targets : 1, &claims) ||
	    claims > LIMIT_ADVISORY_CLAIMS ||
	    claims > LIMIT_FEED_CLAIMS - KEPT_N(b->claims, kept_claim))
		return "too many claims";
	for (size_t i = 0; i < a->claims_n; i++)
		if (a->claims[i].product.len == 0 || a->claims[i].product.len > LIMIT_PRODUCT_BYTES)
			return "a product's name is too long";
	return NULL;
}

static enum err advisory_add(struct feed_builder *b, const struct advisory *a)
{
	struct unit_texts texts = {0};
	uint32_t origin = 0;
	size_t targets = targets_of(a);
	enum err e = texts_add(&b->texts, a, &texts);

	if (!e && !slice_starts(a->id, "CVE-"))
		e = intern_string(b, a->id, &origin);
	if (!e && origin)
		e = record_withdraw(b, a, origin);
	if (!e && targets == 0)
		return unit_add(b, a, a->id, &texts);
	for (size_t i = 0; i < a->aliases_n && !e; i++)
		if (is_target(a, i))
			e = unit_add(b, a, a->aliases[i], &texts);
	return e;
}

enum err feed_builder_add(struct feed_builder *b, const struct advisory *a, struct fault *why)
{
	const char *limit = limit_broken(b, a);
	struct slice id = slice_head(a->id, LIMIT_ADVISORY_ID_BYTES / 2);

	if (limit)
		return fault_set(why, E_LIMIT, 0, "%.*s: %s", (int)id.len, (const char *)id.ptr,
				 limit);

	enum err e = advisory_add(b, a);

	return e ? fault_set(why, e, 0, "%.*s: %s", (int)id.len, (const char *)id.ptr,
			     err_words(e, false))
		 : OK;
}
