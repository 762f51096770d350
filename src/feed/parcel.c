// SPDX-License-Identifier: Apache-2.0
// Packs and unpacks advisories for the pipe between worker and parent.

#include "feed/parcel.h"

#include "feed/value.h"

#include "base/ban.h"

enum {
	SAME_PRODUCT = 1,
	SAME_CONDITION = 2,
	SAME_QUALIFIER = 4,
	LOW_EXCLUDED = 8,
	HIGH_EXCLUDED = 16,
	HAS_UPDATES = 32,
	FLAGS_ALL = 63,
	CLAIM_LEAST = 4, /* bytes of the shortest claim */
	SCORE_MAX = 100,
	SCORE_NONE = 255,
};

void parcel_number(struct buf *out, uint64_t v)
{
	uint8_t raw[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		raw[n++] = (uint8_t)(v | 0x80);
	raw[n++] = (uint8_t)v;
	buf_add(out, slice_of(raw, n));
}

void parcel_text(struct buf *out, struct slice s)
{
	parcel_number(out, s.len);
	buf_add(out, s);
}

uint64_t parcel_number_take(struct cursor *c)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_u8(c);

		v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return v;
	}
	c->err = c->err ? c->err : E_CORRUPT;
	return 0;
}

static uint64_t number_below(struct cursor *c, uint64_t end)
{
	uint64_t v = parcel_number_take(c);

	if (v < end)
		return v;
	c->err = c->err ? c->err : E_CORRUPT;
	return 0;
}

struct slice parcel_text_take(struct cursor *c)
{
	struct slice s = cursor_take(c, number_below(c, LIMIT_FEED_FRAME_BYTES));

	if (!utf8_is_valid(s))
		c->err = c->err ? c->err : E_CORRUPT;
	return s;
}

static void pack_list(struct buf *out, const struct slice *list, size_t n)
{
	parcel_number(out, n);
	for (size_t i = 0; i < n; i++)
		parcel_text(out, list[i]);
}

static bool is_same(struct slice a, struct slice b)
{
	return a.ptr == b.ptr ? a.len == b.len : slice_eq(a, b);
}

static void pack_claim(struct buf *out, const struct claim *c, const struct claim *last)
{
	unsigned flags = 0;

	flags |= is_same(c->product, last->product) ? SAME_PRODUCT : 0;
	flags |= is_same(c->condition, last->condition) ? SAME_CONDITION : 0;
	flags |= is_same(c->qualifier, last->qualifier) ? SAME_QUALIFIER : 0;
	flags |= c->low_excluded ? LOW_EXCLUDED : 0;
	flags |= c->high_excluded ? HIGH_EXCLUDED : 0;
	flags |= c->low_update.len || c->high_update.len ? HAS_UPDATES : 0;
	buf_byte(out, (uint8_t)flags);
	buf_byte(out, (uint8_t)(c->kind << 4 | c->effect));
	parcel_text(out, c->low);
	parcel_text(out, c->high);
	if (!(flags & SAME_PRODUCT))
		parcel_text(out, c->product);
	if (!(flags & SAME_CONDITION))
		parcel_text(out, c->condition);
	if (!(flags & SAME_QUALIFIER))
		parcel_text(out, c->qualifier);
	if (flags & HAS_UPDATES) {
		parcel_text(out, c->low_update);
		parcel_text(out, c->high_update);
	}
}

void parcel_pack(struct buf *out, const struct advisory *a)
{
	struct claim none = {0};

	parcel_text(out, a->id);
	buf_byte(out, a->source);
	parcel_number(out, a->published);
	parcel_number(out, a->modified);
	parcel_number(out, a->kev_added);
	parcel_number(out, a->flags);
	parcel_number(out, a->epss_ppm);
	for (size_t i = 0; i < CVSS_N; i++) {
		buf_byte(out, a->cvss[i].score);
		parcel_text(out, a->cvss[i].vector);
	}
	for (size_t i = 0; i < LANG_N; i++) {
		parcel_text(out, a->title[i]);
		parcel_text(out, a->text[i]);
	}
	pack_list(out, a->aliases, a->aliases_n);
	pack_list(out, a->cwes, a->cwes_n);
	pack_list(out, a->files, a->files_n);
	parcel_number(out, a->claims_n);
	for (size_t i = 0; i < a->claims_n; i++)
		pack_claim(out, &a->claims[i], i ? &a->claims[i - 1] : &none);
}

/* A text takes at least a byte, so that a count beyond what is left is a lie. */
static struct slice *list_take(struct cursor *c, struct arena *a, size_t *n)
{
	size_t count = number_below(c, cursor_left(c) + 1);
	struct slice *list = c->err || !count ? NULL : arena_array(a, count, sizeof *list);

	*n = 0;
	if (!list) {
		if (count && !c->err)
			c->err = E_NOMEM;
		return NULL;
	}
	for (size_t i = 0; i < count && !c->err; i++)
		list[i] = parcel_text_take(c);
	*n = count;
	return list;
}

static void claim_take(struct cursor *c, const struct claim *last, struct claim *out)
{
	uint8_t flags = cursor_u8(c), kinds = cursor_u8(c);

	out->kind = kinds >> 4;
	out->effect = kinds & 15;
	out->low_excluded = flags & LOW_EXCLUDED;
	out->high_excluded = flags & HIGH_EXCLUDED;
	out->low = parcel_text_take(c);
	out->high = parcel_text_take(c);
	out->product = flags & SAME_PRODUCT ? last->product : parcel_text_take(c);
	out->condition = flags & SAME_CONDITION ? last->condition : parcel_text_take(c);
	out->qualifier = flags & SAME_QUALIFIER ? last->qualifier : parcel_text_take(c);
	if (flags & HAS_UPDATES) {
		out->low_update = parcel_text_take(c);
		out->high_update = parcel_text_take(c);
	}
	if (!c->err && (flags > FLAGS_ALL || out->kind > CLAIM_NONE || out->effect > EFFECT_FIXED ||
			out->product.len == 0))
		c->err = E_CORRUPT;
}

static void claims_take(struct cursor *c, struct arena *a, struct advisory *out)
{
	struct claim none = {0};
	size_t n = number_below(c, cursor_left(c) / CLAIM_LEAST + 1);

	if (c->err || n == 0)
		return;
	if (n > LIMIT_ADVISORY_CLAIMS) {
		c->err = E_LIMIT;
		return;
	}
	out->claims = arena_array(a, n, sizeof *out->claims);
	if (!out->claims) {
		c->err = E_NOMEM;
		return;
	}
	for (size_t i = 0; i < n && !c->err; i++)
		claim_take(c, i ? &out->claims[i - 1] : &none, &out->claims[i]);
	out->claims_n = n;
}

static void cvss_take(struct cursor *c, struct cvss *out)
{
	out->score = cursor_u8(c);
	out->vector = parcel_text_take(c);
	if (!c->err && out->score > SCORE_MAX && out->score != SCORE_NONE)
		c->err = E_CORRUPT;
}

enum err parcel_unpack(struct slice in, struct arena *a, struct advisory *out)
{
	struct cursor c = {.in = in};
	struct advisory v = {0};

	v.id = parcel_text_take(&c);
	v.source = cursor_u8(&c);
	v.published = (uint32_t)number_below(&c, UINT32_MAX);
	v.modified = (uint32_t)number_below(&c, UINT32_MAX);
	v.kev_added = (uint32_t)number_below(&c, UINT32_MAX);
	v.flags = (uint32_t)number_below(&c, ADVISORY_SSVC_TOTAL * 2);
	v.epss_ppm = (uint32_t)number_below(&c, (uint64_t)UINT32_MAX + 1);
	for (size_t i = 0; i < CVSS_N; i++)
		cvss_take(&c, &v.cvss[i]);
	for (size_t i = 0; i < LANG_N; i++) {
		v.title[i] = parcel_text_take(&c);
		v.text[i] = parcel_text_take(&c);
	}
	v.aliases = list_take(&c, a, &v.aliases_n);
	v.cwes = list_take(&c, a, &v.cwes_n);
	v.files = list_take(&c, a, &v.files_n);
	claims_take(&c, a, &v);
	if (c.err)
		return c.err == E_SHORT ? E_CORRUPT : c.err;
	if (cursor_left(&c) || v.source >= SOURCE_N || v.id.len == 0 ||
	    (v.epss_ppm > 1000000 && v.epss_ppm != UINT32_MAX))
		return E_CORRUPT;
	*out = v;
	return OK;
}
