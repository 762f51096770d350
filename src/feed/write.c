// SPDX-License-Identifier: Apache-2.0
// Writes a snapshot (snapshot.h): makes its sections, hashes their blocks, puts the head before.

#include "feed/write.h"

#include <string.h>

#include "base/ban.h"

void write_place(struct buf *out, uint64_t place)
{
	if (place > UINT32_MAX && !out->err)
		out->err = E_LIMIT;
	buf_u32le(out, (uint32_t)place);
}

static enum err texts_write(struct feed_builder *b, struct snapshot_parts *out)
{
	struct buf *frames = &out->sections[SECTION_FRAMES];
	struct slice places = {0};
	struct cursor c = {.in = buf_slice(&b->texts.ends)};
	enum err e = texts_flush(&b->texts);

	c.in = buf_slice(&b->texts.ends);
	if (!e && b->old) {
		e = snapshot_read(b->old, SECTION_FRAMES, 0, snapshot_len(b->old, SECTION_FRAMES),
				  &places);
		if (!e)
			e = snapshot_read(b->old, SECTION_TEXTS, 0,
					  snapshot_len(b->old, SECTION_TEXTS), &out->old_texts);
		buf_add(frames, places);
	} else {
		write_place(frames, 0);
	}
	while (!e && cursor_left(&c))
		write_place(frames, out->old_texts.len + cursor_u64le(&c));
	return e;
}

static enum err sections_make(struct feed_builder *b, bool has_texts, struct snapshot_parts *out)
{
	enum err e = write_products(b, out);

	if (!e)
		e = write_advisories(b, has_texts, out);
	if (!e && has_texts)
		e = texts_write(b, out);
	if (!has_texts)
		write_place(&out->sections[SECTION_FRAMES], 0);
	buf_add(&out->sections[SECTION_STRINGS], buf_slice(&b->strings));
	for (size_t i = 0; i < SECTION_N && !e; i++)
		e = out->sections[i].err;
	return e;
}

/* The body in order; TEXTS has an old part and a new one. */
enum { PIECES = SECTION_N + 1 };

static void pieces_of(const struct feed_builder *b, bool has_texts,
		      const struct snapshot_parts *parts, struct slice pieces[PIECES])
{
	for (size_t i = 0; i < SECTION_TEXTS; i++)
		pieces[i] = buf_slice(&parts->sections[i]);
	pieces[SECTION_TEXTS] = parts->old_texts;
	pieces[SECTION_N] = has_texts ? buf_slice(&b->texts.packed) : (struct slice){0};
}

/* SHA-256 of each block of the body, over the seams of its pieces. */
static void blocks_hash(struct buf *out, const struct slice pieces[PIECES])
{
	uint8_t md[SHA256_LEN];
	struct buf block;

	buf_init(&block, SNAPSHOT_BLOCK);
	for (size_t i = 0; i < PIECES; i++) {
		for (size_t at = 0; at < pieces[i].len;) {
			struct slice part =
				slice_head(slice_from(pieces[i], at), SNAPSHOT_BLOCK - block.len);

			buf_add(&block, part);
			at += part.len;
			if (block.len < SNAPSHOT_BLOCK || block.err)
				continue;
			digest_sha256_raw(buf_slice(&block), md);
			buf_add(out, slice_of(md, sizeof md));
			buf_clear(&block);
		}
	}
	if (block.len) {
		digest_sha256_raw(buf_slice(&block), md);
		buf_add(out, slice_of(md, sizeof md));
	}
	if (block.err && !out->err)
		out->err = block.err;
	buf_release(&block);
}

static void sources_write(const struct feed_builder *b, const struct snapshot_parts *parts,
			  struct buf *out)
{
	uint8_t n = 0;

	for (size_t s = 0; s < SOURCE_N; s++)
		n = (uint8_t)(n + (parts->records[s] || b->dates[s][0]));
	buf_byte(out, n);
	for (size_t s = 0; s < SOURCE_N; s++) {
		if (!parts->records[s] && !b->dates[s][0])
			continue;
		buf_byte(out, (uint8_t)s);
		buf_add(out, slice_of(b->dates[s], SNAPSHOT_DATE));
		buf_u64le(out, parts->records[s]);
	}
}

/* What stands behind the hash of the head. */
static void rest_write(const struct feed_builder *b, const struct feed_make *m,
		       const struct snapshot_parts *parts, struct buf *out)
{
	struct slice pieces[PIECES];

	pieces_of(b, m->has_texts, parts, pieces);
	buf_add(out, m->date);
	buf_byte(out, m->has_texts ? 0 : SNAPSHOT_STARTER);
	sources_write(b, parts, out);
	buf_u64le(out, builder_advisories(b));
	buf_u64le(out, parts->products);
	buf_u64le(out, parts->claims);
	for (size_t i = 0; i < SECTION_TEXTS; i++)
		buf_u64le(out, pieces[i].len);
	buf_u64le(out, pieces[SECTION_TEXTS].len + pieces[SECTION_N].len);
	blocks_hash(out, pieces);
}

static void head_write(struct slice rest, uint64_t body_len, struct buf *out)
{
	uint8_t md[SHA256_LEN];
	uint64_t head_len = SNAPSHOT_HEAD_AT + rest.len;
	struct buf hashed;

	buf_init(&hashed, LIMIT_FEED_BYTES);
	buf_text(out, SNAPSHOT_MAGIC);
	buf_u32le(out, SNAPSHOT_SCHEMA);
	write_place(out, head_len);
	buf_u64le(out, head_len + body_len);
	buf_add(&hashed, buf_slice(out));
	buf_add(&hashed, rest);
	digest_sha256_raw(buf_slice(&hashed), md);
	buf_add(out, slice_of(md, sizeof md));
	buf_add(out, rest);
	if (hashed.err && !out->err)
		out->err = hashed.err;
	buf_release(&hashed);
}

static enum err pieces_out(const struct feed_builder *b, const struct feed_make *m,
			   const struct snapshot_parts *parts, const struct feed_writer *w)
{
	struct slice pieces[PIECES];
	struct buf rest, head;
	uint64_t body_len = 0;

	pieces_of(b, m->has_texts, parts, pieces);
	for (size_t i = 0; i < PIECES; i++)
		body_len += pieces[i].len;
	buf_init(&rest, LIMIT_FEED_STRINGS_BYTES);
	buf_init(&head, LIMIT_FEED_STRINGS_BYTES);
	rest_write(b, m, parts, &rest);
	head_write(buf_slice(&rest), body_len, &head);

	enum err e = rest.err ? rest.err : head.err;

	if (!e)
		e = w->write(w->ctx, buf_slice(&head));
	for (size_t i = 0; i < PIECES && !e; i++)
		e = pieces[i].len ? w->write(w->ctx, pieces[i]) : OK;
	buf_release(&rest);
	buf_release(&head);
	return e;
}

enum err feed_builder_write(struct feed_builder *b, const struct feed_make *m,
			    const struct feed_writer *w, struct fault *why)
{
	struct snapshot_parts parts = {0};

	if (m->date.len != SNAPSHOT_DATE)
		return fault_set(why, E_RANGE, 0, "snapshot: a date is YYYY-MM-DD");
	for (size_t i = 0; i < SECTION_N; i++)
		buf_init(&parts.sections[i], UINT32_MAX);

	enum err e = sections_make(b, m->has_texts, &parts);

	if (!e)
		e = pieces_out(b, m, &parts, w);
	for (size_t i = 0; i < SECTION_N; i++)
		buf_release(&parts.sections[i]);
	return e ? fault_set(why, e, 0, "snapshot: %s", err_words(e, false)) : OK;
}
