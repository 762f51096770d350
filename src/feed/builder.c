// SPDX-License-Identifier: Apache-2.0
// Takes advisories in for a snapshot (feed.h). Writing it out is write.c's.

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

/* --- units --- */

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

/* Puts a unit in the place of the one that said the same before. */
static enum err unit_keep(struct feed_builder *b, const struct kept_unit *u, uint32_t *out)
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

static enum err origin_keep(struct feed_builder *b, uint8_t source, uint32_t origin,
			    uint32_t advisory)
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

/* What the record said when it came before, wherever it was filed: it may name other CVEs now. */
static enum err record_withdraw(struct feed_builder *b, const struct advisory *a, uint32_t origin)
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

static enum err list_keep(struct feed_builder *b, const struct slice *texts, size_t n,
			  struct buf *refs)
{
	enum err e = OK;

	for (size_t i = 0; i < n && !e; i++) {
		uint32_t ref = 0;

		e = intern_string(b, texts[i], &ref);
		buf_varint(refs, ref);
	}
	return e ? e : refs->err;
}

/* "CWE-79,CWE-20" */
static enum err cwes_keep(struct feed_builder *b, const struct advisory *a, uint32_t *ref)
{
	struct buf joined;

	buf_init(&joined, LIMIT_ADVISORY_BYTES);
	for (size_t i = 0; i < a->cwes_n; i++) {
		if (i)
			buf_byte(&joined, ',');
		buf_add(&joined, a->cwes[i]);
	}

	enum err e = joined.err ? joined.err : intern_string(b, buf_slice(&joined), ref);

	buf_release(&joined);
	return e;
}

static uint32_t fields_of(const struct advisory *a)
{
	uint32_t fields = 0;

	fields |= a->published ? UNIT_PUBLISHED : 0;
	fields |= a->modified ? UNIT_MODIFIED : 0;
	fields |= a->kev_added ? UNIT_KEV_ADDED : 0;
	fields |= a->flags ? UNIT_FLAGS : 0;
	fields |= a->epss_ppm != UINT32_MAX ? UNIT_EPSS : 0;
	for (size_t i = 0; i < CVSS_N; i++)
		if (a->cvss[i].score != UINT8_MAX || a->cvss[i].vector.len)
			fields |= (uint32_t)UNIT_CVSS << i;
	fields |= a->cwes_n ? UNIT_CWES : 0;
	fields |= a->aliases_n ? UNIT_ALIASES : 0;
	fields |= a->files_n ? UNIT_FILES : 0;
	return fields;
}

/* Facts of the advisory into b->facts, as they stand in a unit. `lists` is room for its lists. */
static enum err facts_keep(struct feed_builder *b, const struct advisory *a, uint32_t origin,
			   struct buf *lists)
{
	struct unit_facts u = {
		.fields = fields_of(a) | (origin ? UNIT_ORIGIN : 0),
		.origin = origin,
		.published = a->published,
		.modified = a->modified,
		.kev_added = a->kev_added,
		.flags = a->flags,
		.epss_ppm = a->epss_ppm,
	};
	enum err e = cwes_keep(b, a, &u.cwes);

	for (size_t i = 0; i < CVSS_N && !e; i++) {
		u.score[i] = a->cvss[i].score;
		e = intern_string(b, a->cvss[i].vector, &u.vector[i]);
	}
	if (!e)
		e = list_keep(b, a->aliases, a->aliases_n, lists);

	size_t aliases_len = lists->len;

	if (!e)
		e = list_keep(b, a->files, a->files_n, lists);
	u.aliases = (struct unit_list){(uint32_t)a->aliases_n,
				       slice_head(buf_slice(lists), aliases_len)};
	u.files =
		(struct unit_list){(uint32_t)a->files_n, slice_from(buf_slice(lists), aliases_len)};
	buf_clear(&b->facts);
	unit_facts_write(&b->facts, &u);
	return e ? e : b->facts.err;
}

static struct slice clipped(struct slice s)
{
	size_t n = LIMIT_CONDITION_BYTES;

	while (n > 0 && (slice_at(s, n) & 0xc0) == 0x80)
		n--;
	return slice_head(s, n);
}

/* The number of a claim's texts: those of the claim before, mostly. */
static enum err extra_keep(struct feed_builder *b, const struct claim *c, uint32_t *out)
{
	struct kept_extra x = {0};
	enum err e = intern_string(b, clipped(c->qualifier), &x.qualifier);

	if (!e)
		e = intern_string(b, clipped(c->condition), &x.condition);
	*out = 0;
	if (e || (!x.qualifier && !x.condition))
		return e;
	*out = KEPT_N(b->extras, kept_extra) - 1;
	if (memcmp(&KEPT(b->extras, kept_extra)[*out], &x, sizeof x) == 0)
		return OK;
	buf_add(&b->extras, slice_of(&x, sizeof x));
	(*out)++;
	return b->extras.err;
}

static enum err end_keep(struct feed_builder *b, uint32_t product, struct slice version,
			 struct slice update, uint32_t *out)
{
	*out = BUILDER_NONE;
	return version.len ? intern_version(b, product, version, update, out) : OK;
}

static enum err claim_keep(struct feed_builder *b, const struct claim *c, uint32_t unit)
{
	struct kept_claim kept = {.unit = unit, .low = BUILDER_NONE, .high = BUILDER_NONE};
	uint32_t extra = 0, kind = c->kind;
	enum err e = intern_product(b, c->product, &kept.product), made = OK;

	if (!e)
		e = extra_keep(b, c, &extra);
	if (e)
		return e;
	if (kind == CLAIM_RANGE || kind == CLAIM_EXACT)
		made = end_keep(b, kept.product, c->low, c->low_update, &kept.low);
	if (!made && kind == CLAIM_RANGE)
		made = end_keep(b, kept.product, c->high, c->high_update, &kept.high);
	/* What cannot be compared is not dropped: nobody knows which versions it means. */
	if (made == E_RANGE || (kind == CLAIM_EXACT && kept.low == BUILDER_NONE))
		kind = CLAIM_NONE;
	else if (made)
		return made;
	if (kind == CLAIM_NONE || kind == CLAIM_ANY)
		kept.low = kept.high = BUILDER_NONE;
	kept.extra_mode = extra << CLAIM_MODE_BITS | kind |
			  (uint32_t)c->effect << MODE_EFFECT_SHIFT |
			  (c->low_excluded ? (uint32_t)MODE_LOW_EXCLUDED : 0) |
			  (c->high_excluded ? (uint32_t)MODE_HIGH_EXCLUDED : 0);
	buf_add(&b->claims, slice_of(&kept, sizeof kept));
	return b->claims.err;
}

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
		e = claim_keep(b, &a->claims[i], unit);
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
