// SPDX-License-Identifier: Apache-2.0
// Keeps facts and claims of an advisory for a snapshot in the making.

#include "feed/builder.h"

#include <string.h>

#include "base/ban.h"

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

enum err facts_keep(struct feed_builder *b, const struct advisory *a, uint32_t origin,
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

static bool has_same_texts(const struct claim *c, const struct claim *before)
{
	return before && c->condition.ptr == before->condition.ptr &&
	       c->condition.len == before->condition.len &&
	       slice_eq(c->qualifier, before->qualifier);
}

/* The number of a claim's texts. */
static enum err extra_keep(struct feed_builder *b, const struct claim *c)
{
	struct kept_extra x = {0};
	enum err e = intern_string(b, clipped(c->qualifier), &x.qualifier);

	if (!e)
		e = intern_string(b, clipped(c->condition), &x.condition);
	b->last_extra = 0;
	if (e || (!x.qualifier && !x.condition))
		return e;
	b->last_extra = KEPT_N(b->extras, kept_extra) - 1;
	if (memcmp(&KEPT(b->extras, kept_extra)[b->last_extra], &x, sizeof x) == 0)
		return OK;
	buf_add(&b->extras, slice_of(&x, sizeof x));
	b->last_extra++;
	return b->extras.err;
}

static enum err end_keep(struct feed_builder *b, uint32_t product, struct slice version,
			 struct slice update, uint32_t *out)
{
	*out = BUILDER_NONE;
	return version.len ? intern_version(b, product, version, update, out) : OK;
}

enum err claim_keep(struct feed_builder *b, const struct claim *c, const struct claim *before,
		    uint32_t unit)
{
	struct kept_claim kept = {.unit = unit, .low = BUILDER_NONE, .high = BUILDER_NONE};
	uint32_t kind = c->kind;
	enum err e = intern_product(b, c->product, &kept.product), made = OK;

	if (!e && !has_same_texts(c, before))
		e = extra_keep(b, c);
	if (e)
		return e;
	if (kind == CLAIM_RANGE || kind == CLAIM_EXACT)
		made = end_keep(b, kept.product, c->low, c->low_update, &kept.low);
	if (!made && kind == CLAIM_RANGE)
		made = end_keep(b, kept.product, c->high, c->high_update, &kept.high);
	/* From a known version to nobody knows where (a commit): to no end that could be shown. */
	if (made == E_RANGE && kind == CLAIM_RANGE && kept.low != BUILDER_NONE)
		made = OK;
	/* What cannot be compared is not dropped: nobody knows which versions it means. */
	if (made == E_RANGE || (kind == CLAIM_EXACT && kept.low == BUILDER_NONE))
		kind = CLAIM_NONE;
	else if (made)
		return made;
	if (kind == CLAIM_NONE || kind == CLAIM_ANY)
		kept.low = kept.high = BUILDER_NONE;
	kept.extra_mode = b->last_extra << CLAIM_MODE_BITS | kind |
			  (uint32_t)c->effect << MODE_EFFECT_SHIFT |
			  (c->low_excluded ? (uint32_t)MODE_LOW_EXCLUDED : 0) |
			  (c->high_excluded ? (uint32_t)MODE_HIGH_EXCLUDED : 0);
	buf_add(&b->claims, slice_of(&kept, sizeof kept));
	return b->claims.err;
}
