// SPDX-License-Identifier: Apache-2.0
// Opens a snapshot (snapshot.h) and reads bytes out of it, each block checked when first touched.

#include "feed/snapshot.h"

#include <string.h>

#include "base/ban.h"

static const char cut_short[] = "snapshot: cut short";

static bool date_is_sane(struct slice date)
{
	for (size_t i = 0; i < date.len; i++)
		if (i == 4 || i == 7 ? date.ptr[i] != '-' : !text_is_digit((char)date.ptr[i]))
			return false;
	return date.len == SNAPSHOT_DATE;
}

static enum err sources_read(struct cursor *c, struct feed_info *info)
{
	info->sources_n = cursor_u8(c);
	if (c->err || info->sources_n > SOURCE_N)
		return E_CORRUPT;
	for (size_t i = 0; i < info->sources_n; i++) {
		struct feed_source *s = &info->sources[i];
		uint8_t source = cursor_u8(c);

		s->date = cursor_take(c, SNAPSHOT_DATE);
		s->records = cursor_u64le(c);
		if (c->err || source >= SOURCE_N ||
		    !(slice_at(s->date, 0) == 0 || date_is_sane(s->date)))
			return E_CORRUPT;
		s->source = (enum source)source;
		if (slice_at(s->date, 0) == 0)
			s->date = (struct slice){0};
	}
	return OK;
}

/* Counts bound loops and tables elsewhere: they must agree with what there is. */
static bool counts_are_sane(const struct feed *f)
{
	const struct feed_info *info = &f->info;

	return info->advisories <= LIMIT_FEED_ADVISORIES && info->claims <= LIMIT_FEED_CLAIMS &&
	       info->products < UINT32_MAX &&
	       snapshot_len(f, SECTION_PRODUCTS) == (info->products + 1) * PRODUCT_ENTRY &&
	       snapshot_len(f, SECTION_ADVISORIES) == (info->advisories + 1) * PLACE_ENTRY &&
	       snapshot_len(f, SECTION_ORDER) == info->advisories * PLACE_ENTRY &&
	       snapshot_len(f, SECTION_REJECTED) == (info->advisories + 7) / 8 &&
	       snapshot_len(f, SECTION_FRAMES) >= PLACE_ENTRY &&
	       snapshot_len(f, SECTION_FRAMES) % PLACE_ENTRY == 0;
}

static enum err sections_read(struct cursor *c, struct feed *f)
{
	uint64_t at = 0;

	for (size_t i = 0; i < SECTION_N; i++) {
		f->sections[i].at = at;
		f->sections[i].len = cursor_u64le(c);
		if (c->err || f->sections[i].len > f->body.len - at)
			return E_CORRUPT;
		at += f->sections[i].len;
	}
	return at == f->body.len && counts_are_sane(f) ? OK : E_CORRUPT;
}

static enum err head_read(struct feed *f, struct slice head)
{
	struct cursor c = cursor_at(head, SNAPSHOT_HEAD_AT);
	uint64_t blocks = (f->body.len + SNAPSHOT_BLOCK - 1) / SNAPSHOT_BLOCK;

	f->info.date = cursor_take(&c, SNAPSHOT_DATE);
	f->info.is_starter = cursor_u8(&c) & SNAPSHOT_STARTER;
	if (c.err || !date_is_sane(f->info.date) || sources_read(&c, &f->info) != OK)
		return E_CORRUPT;
	f->info.advisories = cursor_u64le(&c);
	f->info.products = cursor_u64le(&c);
	f->info.claims = cursor_u64le(&c);
	if (c.err || sections_read(&c, f) != OK || cursor_left(&c) != blocks * SHA256_LEN)
		return E_CORRUPT;
	f->hashes = cursor_take(&c, cursor_left(&c));
	f->verified = arena_alloc(&f->arena, (size_t)blocks / 8 + 1);
	return f->verified ? OK : E_NOMEM;
}

/* What the hash of the head covers: all of it but the hash. */
static enum err head_check(struct feed *f, struct slice head)
{
	uint8_t found[SHA256_LEN];
	char hex[SHA256_HEX + 1];
	struct slice stated = {0};
	const struct slice parts[] = {slice_head(head, SNAPSHOT_HASH_AT),
				      slice_from(head, SNAPSHOT_HEAD_AT)};

	if (slice_cut(head, SNAPSHOT_HASH_AT, SHA256_LEN, &stated) != OK)
		return E_CORRUPT;

	enum err e = digest_sha256_parts(parts, ARRAY_LEN(parts), found);

	if (!e && !slice_eq(stated, slice_of(found, SHA256_LEN)))
		e = E_CORRUPT;
	text_hex(found, SHA256_LEN, hex);
	return e ? e : arena_copy(&f->arena, slice_of(hex, SHA256_HEX), &f->info.sha256);
}

/* What can be said before the hash is checked: whether it is one, of which schema, and whole. */
static enum err magic_check(struct slice bytes, struct slice *head, struct fault *why)
{
	struct cursor c = {.in = bytes};
	struct slice magic = slice_head(bytes, sizeof SNAPSHOT_MAGIC - 1);

	if (!slice_eq(magic, slice_head(slice_text(SNAPSHOT_MAGIC), magic.len)))
		return fault_set(why, E_MAGIC, 0, "snapshot: bad magic");
	cursor_skip(&c, sizeof SNAPSHOT_MAGIC - 1);

	uint32_t schema = cursor_u32le(&c), head_len = cursor_u32le(&c);
	uint64_t whole = cursor_u64le(&c);

	if (c.err)
		return fault_set(why, E_SHORT, bytes.len, cut_short);
	if (schema != SNAPSHOT_SCHEMA)
		return fault_set(why, E_UNSUPPORTED, sizeof SNAPSHOT_MAGIC - 1,
				 "snapshot: schema %u, known is %u", (unsigned)schema,
				 (unsigned)SNAPSHOT_SCHEMA);
	if (whole > bytes.len)
		return fault_set(why, E_SHORT, bytes.len, cut_short);
	if (whole < bytes.len)
		return fault_set(why, E_CORRUPT, whole, "snapshot: longer than it says");
	if (slice_cut(bytes, 0, head_len, head) != OK)
		return fault_set(why, E_CORRUPT, 0, "snapshot: bad length of the head");
	return OK;
}

enum err feed_open(struct slice bytes, struct feed **out, struct fault *why)
{
	struct slice head = {0};
	struct arena a;
	enum err e = magic_check(bytes, &head, why);

	if (e)
		return e;
	arena_init(&a, sizeof(struct feed) + 64 * KiB + bytes.len / SNAPSHOT_BLOCK);

	struct feed *f = arena_alloc(&a, sizeof *f);

	if (!f) {
		arena_release(&a);
		return fault_set(why, E_NOMEM, 0, "snapshot: out of memory");
	}
	*f = (struct feed){.arena = a, .whole = bytes, .frame_no = UINT32_MAX};
	f->body = slice_from(bytes, head.len);
	e = head_check(f, head);
	if (!e)
		e = head_read(f, head);
	if (e) {
		feed_close(f);
		return fault_set(why, e, 0, "snapshot: its head is %s", err_words(e, false));
	}
	*out = f;
	return OK;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;

	struct arena a = f->arena; /* f lives in it */

	buf_release(&f->frame);
	arena_release(&a);
}

const struct feed_info *feed_info(const struct feed *f)
{
	return &f->info;
}

uint64_t snapshot_len(const struct feed *f, enum section s)
{
	return f->sections[s].len;
}

static bool is_checked(const struct feed *f, uint64_t block)
{
	return f->verified[block / 8] >> block % 8 & 1;
}

static enum err block_check(struct feed *f, uint64_t block)
{
	uint8_t found[SHA256_LEN];
	struct slice stated = {0};

	if (slice_cut(f->hashes, block * SHA256_LEN, SHA256_LEN, &stated) != OK)
		return E_CORRUPT;
	digest_sha256_raw(slice_head(slice_from(f->body, block * SNAPSHOT_BLOCK), SNAPSHOT_BLOCK),
			  found);
	if (!slice_eq(stated, slice_of(found, SHA256_LEN)))
		return E_CORRUPT;
	f->verified[block / 8] |= (uint8_t)(1u << block % 8);
	return OK;
}

enum err snapshot_read(struct feed *f, enum section s, uint64_t at, uint64_t len, struct slice *out)
{
	if (at > f->sections[s].len || len > f->sections[s].len - at)
		return E_CORRUPT;
	at += f->sections[s].at;
	for (uint64_t block = at / SNAPSHOT_BLOCK; len && block <= (at + len - 1) / SNAPSHOT_BLOCK;
	     block++)
		if (!is_checked(f, block) && block_check(f, block) != OK)
			return E_CORRUPT;
	return slice_cut(f->body, at, len, out);
}

enum err snapshot_window(struct feed *f, enum section s, struct cursor *out, uint64_t at,
			 uint64_t end, uint64_t most)
{
	if (at > end)
		return E_CORRUPT;
	*out = (struct cursor){0};
	return snapshot_read(f, s, at, end - at < most ? end - at : most, &out->in);
}

enum err snapshot_place(struct feed *f, enum section s, uint32_t i, uint64_t *at, uint64_t *end)
{
	struct cursor c = {0};
	enum err e =
		snapshot_read(f, s, (uint64_t)i * PLACE_ENTRY, UINT64_C(2) * PLACE_ENTRY, &c.in);

	if (e)
		return e;
	*at = cursor_u32le(&c);
	*end = cursor_u32le(&c);
	return *at <= *end ? OK : E_CORRUPT;
}

enum err snapshot_string(struct feed *f, uint32_t ref, struct slice *out)
{
	enum { LENGTH_BYTES = 5 };
	struct cursor c = {0};
	enum err e = snapshot_window(f, SECTION_STRINGS, &c, ref, snapshot_len(f, SECTION_STRINGS),
				     LENGTH_BYTES);

	if (e)
		return e;

	uint32_t len = cursor_varint32(&c);

	if (c.err)
		return E_CORRUPT;
	return snapshot_read(f, SECTION_STRINGS, (uint64_t)ref + c.pos, len, out);
}

enum err feed_verify(struct feed *f, struct fault *why)
{
	uint64_t blocks = (f->body.len + SNAPSHOT_BLOCK - 1) / SNAPSHOT_BLOCK;

	for (uint64_t i = 0; i < blocks; i++)
		if (!is_checked(f, i) && block_check(f, i) != OK)
			return fault_set(why, E_CORRUPT,
					 f->whole.len - f->body.len + i * SNAPSHOT_BLOCK,
					 "snapshot: a block is not what it was");
	return OK;
}

struct slice product_name(struct slice key)
{
	bool is_cpe = slice_at(key, 1) == ':' &&
		      (key.ptr[0] == 'a' || key.ptr[0] == 'o' || key.ptr[0] == 'h');
	size_t colon = is_cpe ? slice_find_byte(key, ':', 2) : SLICE_NONE;

	return colon == SLICE_NONE ? key : slice_from(key, colon + 1);
}

uint32_t product_hash(struct slice name)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ name.ptr[i]) * 16777619u;
	return hash;
}
