// SPDX-License-Identifier: Apache-2.0
// U-Boot FIT images (flattened image tree, doc/uImage.FIT of U-Boot): a device tree whose /images
// hold payloads, inside or behind it, with their hashes.

#include "format/dtb.h"
#include "format/format.h"

#include <stdio.h>
#include <openssl/evp.h>

#include "base/ban.h"

enum {
	IMAGE_DEPTH = 3, /* root, images, one image */
	HASHES_MAX = 8,  /* of one image */
	/* Images may share data: what is hashed in all stays a small multiple of the input. */
	HASHED_RATIO = 4,
};

static const struct magic magics[] = {{.at = 0, .len = 4, .bytes = "\xd0\x0d\xfe\xed"}};

struct hash {
	struct slice algorithm, value;
};

struct image {
	struct slice name;
	uint64_t inner_at, inner_len; /* the `data` property, in the blob */
	uint64_t offset, size;        /* of outer data, from where it is counted */
	bool has_inner, has_size, has_offset, has_position;
	struct hash hashes[HASHES_MAX];
	unsigned hashes_n;
};

/* What checking all images of a FIT came to. */
struct tally {
	unsigned hashes, agree, unknown, cut;
	uint64_t end, hashed;
};

struct fit {
	struct slice in;
	struct dtb tree;
	struct dtb_walk walk;
	bool in_images;
	unsigned images;
};

static uint64_t number(struct slice value)
{
	struct cursor c = {.in = value};

	return value.len == 8 ? cursor_u64be(&c) : cursor_u32be(&c);
}

static void image_property(struct image *m, const struct dtb_event *e)
{
	if (slice_is(e->name, "data")) {
		m->inner_at = e->value_at;
		m->inner_len = e->value.len;
		m->has_inner = true;
	} else if (slice_is(e->name, "data-size")) {
		m->size = number(e->value);
		m->has_size = true;
	} else if (slice_is(e->name, "data-offset")) {
		m->offset = number(e->value);
		m->has_offset = true;
	} else if (slice_is(e->name, "data-position")) {
		m->offset = number(e->value);
		m->has_position = true;
	}
}

static void hash_property(struct image *m, const struct dtb_event *e)
{
	if (m->hashes_n == 0)
		return;

	struct hash *h = &m->hashes[m->hashes_n - 1];

	if (slice_is(e->name, "algo"))
		h->algorithm = dtb_text(e->value);
	else if (slice_is(e->name, "value"))
		h->value = e->value;
}

/* The rest of one image node, whose begin was just walked over. */
static enum err image_read(struct dtb_walk *w, struct image *m, struct fault *why)
{
	struct dtb_event e = {0};
	bool in_hash = false;
	enum err err = OK;

	while ((err = dtb_next(w, &e, why)) == OK) {
		if (e.kind == DTB_NODE_END && e.depth == IMAGE_DEPTH)
			return OK;
		if (e.kind == DTB_NODE && e.depth == IMAGE_DEPTH + 1) {
			in_hash = slice_starts(e.name, "hash") && m->hashes_n < HASHES_MAX;
			m->hashes_n += in_hash;
		} else if (e.kind == DTB_PROPERTY && e.depth == IMAGE_DEPTH) {
			image_property(m, &e);
		} else if (e.kind == DTB_PROPERTY && e.depth == IMAGE_DEPTH + 1 && in_hash) {
			hash_property(m, &e);
		}
	}
	return err;
}

/* The next node under /images; E_END when there is none left. */
static enum err image_next(struct fit *f, struct image *out, struct fault *why)
{
	struct dtb_event e = {0};
	enum err err = OK;

	while ((err = dtb_next(&f->walk, &e, why)) == OK) {
		if (e.kind == DTB_NODE && e.depth == 2)
			f->in_images = slice_is(e.name, "images");
		if (!f->in_images || e.kind != DTB_NODE || e.depth != IMAGE_DEPTH)
			continue;
		if (++f->images > LIMIT_PARTS)
			return fault_set(why, E_LIMIT, f->walk.at.pos, "fit: too many images");
		*out = (struct image){.name = e.name};
		return image_read(&f->walk, out, why);
	}
	return err;
}

static bool has_data(const struct image *m)
{
	return m->has_inner || (m->has_size && (m->has_offset || m->has_position));
}

/* Outer data is counted from the end of the tree, rounded up to 4, or from its beginning. */
static enum err image_place(const struct fit *f, const struct image *m, uint64_t *at,
			    struct slice *data)
{
	uint64_t tree_end = ((uint64_t)f->tree.blob.len + 3) / 4 * 4;

	*at = m->has_inner ? m->inner_at : m->offset;
	if (m->has_inner)
		return slice_cut(f->in, *at, m->inner_len, data);
	if (!m->has_position && __builtin_add_overflow(*at, tree_end, at))
		return E_RANGE;
	return slice_cut(f->in, *at, m->size, data);
}

/* Name in the `algo` property and OpenSSL's; NULL: CRC-32, stored with the high byte first. */
static const struct digest {
	const char *algorithm, *openssl;
} digests[] = {
	{.algorithm = "crc32"},
	{.algorithm = "md5", .openssl = "MD5"},
	{.algorithm = "sha1", .openssl = "SHA1"},
	{.algorithm = "sha256", .openssl = "SHA256"},
	{.algorithm = "sha384", .openssl = "SHA384"},
	{.algorithm = "sha512", .openssl = "SHA512"},
};

static const struct digest *digest_find(struct slice algorithm)
{
	for (size_t i = 0; i < ARRAY_LEN(digests); i++)
		if (slice_is(algorithm, digests[i].algorithm))
			return &digests[i];
	return NULL;
}

static bool digest_agrees(const struct digest *d, struct slice data, struct slice value)
{
	uint8_t md[EVP_MAX_MD_SIZE];
	size_t n = 0;
	struct cursor c = {.in = value};

	if (!d->openssl)
		return value.len == 4 && cursor_u32be(&c) == checksum_crc32(data);
	return EVP_Q_digest(NULL, d->openssl, NULL, data.ptr, data.len, md, &n) == 1 &&
	       slice_eq(slice_of(md, n), value);
}

static void tally_hash(const struct fit *f, struct slice data, const struct hash *h,
		       struct tally *t)
{
	const struct digest *d = digest_find(h->algorithm);

	t->hashes++;
	if (!d || data.len > HASHED_RATIO * (uint64_t)f->in.len - t->hashed) {
		t->unknown++;
		return;
	}
	t->hashed += data.len;
	t->agree += digest_agrees(d, data, h->value);
}

static void tally_image(const struct fit *f, const struct image *m, struct tally *t)
{
	struct slice data = {0};
	uint64_t at = 0;

	if (!has_data(m))
		return;
	if (image_place(f, m, &at, &data) != OK) {
		t->cut++;
		t->end = f->in.len;
		return;
	}
	if (at + data.len > t->end)
		t->end = at + data.len;
	for (unsigned i = 0; i < m->hashes_n; i++)
		tally_hash(f, data, &m->hashes[i], t);
}

static void tally_words(const struct tally *t, struct bid *out)
{
	const char *cut = t->cut ? "; data cut short" : "";
	unsigned wrong = t->hashes - t->agree - t->unknown;

	if (t->hashes == 0)
		(void)snprintf(out->how, sizeof out->how, "structure walked, no hashes%s", cut);
	else if (wrong)
		(void)snprintf(out->how, sizeof out->how,
			       "structure walked; %u of %u hashes do not agree%s", wrong, t->hashes,
			       cut);
	else
		(void)snprintf(out->how, sizeof out->how,
			       "structure walked, %u of %u hashes agree%s", t->agree, t->hashes,
			       cut);
}

static enum err fit_begin(struct slice in, struct fit *out, struct fault *why)
{
	enum err e = dtb_read(in, &out->tree, why);

	out->in = in;
	out->walk = dtb_walk(&out->tree);
	return e;
}

static enum err fit_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct fit f = {0};
	struct image m = {0};
	struct tally t = {0};
	enum err e = fit_begin(in, &f, why);

	e = e ? e : dtb_check(&f.tree, why);
	if (e)
		return e;
	if (!dtb_is_fit(&f.tree))
		return fault_set(why, E_MAGIC, 0, "fit: no images");
	t.end = f.tree.blob.len;
	while ((e = image_next(&f, &m, why)) == OK)
		tally_image(&f, &m, &t);
	if (e != E_END)
		return e;
	while (t.end % 4 && t.end < in.len && slice_at(in, t.end) == 0)
		t.end++; /* mkimage fills outer data up to 4 bytes */
	*out = (struct bid){.score = BID_VERIFIED, .size = t.end};
	tally_words(&t, out);
	return OK;
}

static enum err fit_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct fit *f = arena_alloc(a, sizeof *f);
	enum err e = f ? fit_begin(in, f, why) : E_NOMEM;

	if (e)
		return f ? e : fault_set(why, e, 0, "fit: no room");
	*state = f;
	return OK;
}

/* The key of an image is where its data lies in the input. */
static enum err fit_next(void *state, struct entry *out, struct fault *why)
{
	struct fit *f = state;
	struct image m = {0};
	struct slice data = {0};
	enum err e = image_next(f, &m, why);

	while (e == OK && !has_data(&m))
		e = image_next(f, &m, why);
	if (e)
		return e;
	*out = (struct entry){.type = ENTRY_PART, .path = m.name};
	e = image_place(f, &m, &out->key, &data);
	if (e)
		out->damage =
			(struct fault){.code = e, .at = out->key, .msg = "fit: data cut short"};
	out->size = data.len;
	return OK;
}

static enum err fit_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct fit *f = state;
	struct slice data = {0};

	if (slice_cut(f->in, e->key, e->size, &data) != OK)
		return fault_set(why, E_SHORT, e->key, "fit: data cut short");
	buf_add(out, data);
	return out->err ? fault_set(why, out->err, e->key, "fit: image") : OK;
}

const struct format format_fit = {
	.name = "fit",
	.type = ART_CONTAINER,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.is_costly = true,
	.bid = fit_bid,
	.open = fit_open,
	.next = fit_next,
	.read = fit_read,
};
