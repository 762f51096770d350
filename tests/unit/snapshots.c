// SPDX-License-Identifier: Apache-2.0
// Snapshots for tests.

#include "snapshots.h"

#define TEXT(s) (int)(s).len, (const char *)(s).ptr

enum err snapshot_keep(void *buf, struct slice piece)
{
	buf_add(buf, piece);
	return ((struct buf *)buf)->err;
}

void snapshot_make(struct feed_builder *b, bool has_texts, struct buf *out)
{
	struct feed_make m = {.date = slice_text("2026-01-15"), .has_texts = has_texts};
	struct feed_writer w = {snapshot_keep, out};
	struct fault why = {0};

	buf_init(out, 64 * MiB);
	assert_int_equal(feed_builder_write(b, &m, &w, &why), OK);
}

static enum err claims_dump(struct feed *f, const struct feed_product *p, const char *version,
			    struct buf *out)
{
	struct version_key key = {0};
	struct feed_rank rank = {0};
	struct feed_claims at = {0};
	struct feed_claim c = {0};
	enum err e = version_key_make(p->scheme, slice_text(version), (struct slice){0}, &key);

	assert_int_equal(e, OK);
	e = feed_rank(f, p, &key, &rank);
	buf_print(out, " %s at %u %d\n", version, rank.rank, rank.is_exact);
	while (!e && !(e = feed_claim_next(f, p, &at, &c)))
		buf_print(out, "  %u %d %d %d [%.*s] [%.*s] low %u %d high %u %d holds %d\n",
			  c.advisory, (int)c.source, (int)c.kind, (int)c.effect, TEXT(c.qualifier),
			  TEXT(c.condition), c.low, c.low_excluded, c.high, c.high_excluded,
			  feed_claim_holds(&c, rank));
	return e == E_END ? OK : e;
}

static enum err product_dump(struct feed *f, const struct snapshot_questions *q, const char *key,
			     struct buf *out)
{
	struct feed_product p = {0};
	enum err e = feed_product(f, slice_text(key), &p);

	if (e == E_NOTFOUND) {
		buf_print(out, "%s: none\n", key);
		return OK;
	}
	buf_print(out, "%.*s: %s %u\n", TEXT(p.key), scheme_name(p.scheme), p.versions);
	for (uint32_t i = 0; i < p.versions && !e; i++) {
		struct slice text = {0};

		e = feed_version(f, &p, i, &text);
		buf_print(out, " %.*s", TEXT(text));
	}
	for (size_t i = 0; i < q->versions_n && !e; i++)
		e = claims_dump(f, &p, q->versions[i], out);
	return e;
}

static enum err slots_dump(struct feed *f, const char *name, struct buf *out)
{
	struct feed_product p = {0};
	uint32_t slot = 0;
	enum err e = OK;

	buf_print(out, "%s:", name);
	while (!(e = feed_slot_next(f, slice_text(name), &slot, &p)))
		buf_print(out, " %.*s", TEXT(p.key));
	buf_byte(out, '\n');
	return e == E_END ? OK : e;
}

static enum err lists_dump(struct feed *f, uint32_t index, uint32_t files, struct buf *out)
{
	struct slice s = {0};
	enum err e = OK;

	for (uint32_t i = 0; i < files && !e; i++) {
		e = feed_advisory_file(f, index, i, &s);
		buf_print(out, " file %.*s", TEXT(s));
	}
	for (uint32_t i = 0; !e && !(e = feed_advisory_alias(f, index, i, &s)); i++)
		buf_print(out, " alias %.*s", TEXT(s));
	return e == E_NOTFOUND ? OK : e;
}

static enum err advisory_dump(struct feed *f, const char *id, struct buf *out)
{
	struct feed_advisory a = {0};
	uint32_t index = 0;
	enum err e = feed_advisory_find(f, slice_text(id), &index);

	if (e == E_NOTFOUND) {
		buf_print(out, "%s: none\n", id);
		return OK;
	}
	if (!e)
		e = feed_advisory(f, index, &a);
	buf_print(out, "%.*s: %u %u %u %x %u %.*s", TEXT(a.id), a.published, a.modified,
		  a.kev_added, a.flags, a.epss_ppm, TEXT(a.cwes));
	for (size_t i = 0; i < CVSS_N; i++)
		buf_print(out, " %u %.*s", a.cvss[i].score, TEXT(a.cvss[i].vector));
	if (!e)
		e = lists_dump(f, index, a.files_n, out);
	for (int lang = 0; lang < LANG_N && !e; lang++) {
		buf_byte(out, '|');
		e = feed_advisory_text(f, index, (enum lang)lang, out);
	}
	buf_byte(out, '\n');
	return e;
}

enum err snapshot_dump(struct feed *f, const struct snapshot_questions *q, struct buf *out)
{
	enum err e = OK;

	for (size_t i = 0; i < q->keys_n && !e; i++)
		e = product_dump(f, q, q->keys[i], out);
	for (size_t i = 0; i < q->names_n && !e; i++)
		e = slots_dump(f, q->names[i], out);
	for (size_t i = 0; i < q->ids_n && !e; i++)
		e = advisory_dump(f, q->ids[i], out);
	return e;
}
