// SPDX-License-Identifier: Apache-2.0
// A snapshot made by somebody else: its hashes are right, what they cover is not. Input that begins
// with the magic is a snapshot; any other is a list of patches (u16 place, u8 byte) to a small good
// one, first to its head, then to what is behind. Every question is asked, and an update tried.

#include "fuzz.h"

#include "feed/products.h"

#include "base/ban.h"

enum { ASKED = 24, CLAIMS_ASKED = 2000, PATCH = 3 };

static enum err keep(void *buf, struct slice piece)
{
	buf_add(buf, piece);
	return ((struct buf *)buf)->err;
}

static bool make(struct feed_builder *b, struct buf *out)
{
	struct feed_make m = {.date = slice_text("2026-01-15"), .has_texts = true};
	struct feed_writer w = {keep, out};

	buf_clear(out);
	return feed_builder_write(b, &m, &w, NULL) == OK;
}

static void advisories_add(struct feed_builder *b, unsigned from, unsigned to)
{
	static const char *const keys[] = {"a:b:c", "o:linux:linux_kernel", "a:d:c", "alpine:1/c"};
	static const char *const ends[] = {"1.0", "2.0", "1.1", "3"};

	for (unsigned i = from; i < to; i++) {
		struct claim claims[4];
		struct slice alias = slice_text(i % 2 ? "CVE-2020-1" : "GHSA-9");
		struct slice file = slice_text("net/a.c");
		struct advisory a;
		char id[16] = "CVE-2020-0";

		id[9] = (char)('0' + i);
		advisory_init(&a, slice_text(i == 5 ? "GHSA-5" : id), SOURCE_OSV);
		for (unsigned c = 0; c < 4; c++)
			claims[c] = (struct claim){.product = slice_text(keys[(c + i) % 4]),
						   .low = slice_text(ends[c]),
						   .high = slice_text(ends[(i + c) % 4]),
						   .condition = slice_text(c ? "o:x:y" : ""),
						   .kind = (uint8_t)(c % 2)};
		a.claims = claims;
		a.claims_n = 1 + i % 4;
		a.text[EN] = slice_text("words of an advisory");
		a.aliases = &alias;
		a.files = &file;
		a.aliases_n = a.files_n = 1;
		a.published = 18000;
		FUZZ_CHECK(feed_builder_add(b, &a, NULL) == OK);
	}
}

static uint32_t u32_at(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Length and hashes as they should be. */
static void mend(uint8_t *data, size_t len)
{
	size_t head = len >= SNAPSHOT_HEAD_AT ? u32_at(&data[12]) : SIZE_MAX;

	if (head > len)
		return;

	size_t blocks = (len - head + SNAPSHOT_BLOCK - 1) / SNAPSHOT_BLOCK;
	struct buf hashed;

	if (head < SNAPSHOT_HEAD_AT || blocks > (head - SNAPSHOT_HEAD_AT) / SHA256_LEN)
		return;
	for (size_t i = 0; i < 8; i++)
		data[16 + i] = (uint8_t)((uint64_t)len >> 8 * i);
	for (size_t i = 0; i < blocks; i++) {
		struct slice body = slice_of(&data[head], len - head);

		digest_sha256_raw(slice_head(slice_from(body, i * SNAPSHOT_BLOCK), SNAPSHOT_BLOCK),
				  &data[head - (blocks - i) * SHA256_LEN]);
	}
	buf_init(&hashed, 1 * GiB);
	buf_add(&hashed, slice_of(data, SNAPSHOT_HASH_AT));
	buf_add(&hashed, slice_of(&data[SNAPSHOT_HEAD_AT], head - SNAPSHOT_HEAD_AT));
	digest_sha256_raw(buf_slice(&hashed), &data[SNAPSHOT_HASH_AT]);
	buf_release(&hashed);
}

static void ask_product(struct feed *f, uint32_t i)
{
	struct product_record r = {0};
	struct feed_product p = {0};
	struct feed_claims at = {0};
	struct feed_claim c = {0};
	struct feed_rank rank = {0};
	struct version_key key = {0};
	struct slice text = {0};
	uint32_t slot = 0;

	if (product_read(f, i, &r) != OK)
		return;
	while (slot < ASKED && feed_slot_next(f, product_name(r.key), &slot, &p) == OK)
		continue;
	if (feed_product(f, r.key, &p) != OK)
		return;
	FUZZ_CHECK(slice_eq(p.key, r.key) && p.scheme < SCHEME_N);
	if (version_key_make(p.scheme, slice_text("1.1"), (struct slice){0}, &key) == OK &&
	    feed_rank(f, &p, &key, &rank) == OK)
		FUZZ_CHECK(rank.rank <= p.versions);
	FUZZ_CHECK(feed_version(f, &p, rank.rank, &text) < E_N);
	for (unsigned n = 0; n < CLAIMS_ASKED && feed_claim_next(f, &p, &at, &c) == OK; n++) {
		FUZZ_CHECK(c.advisory < feed_info(f)->advisories && c.source < SOURCE_N);
		FUZZ_CHECK(c.low == FEED_OPEN || c.low < p.versions);
		FUZZ_CHECK(c.high == FEED_OPEN || c.high < p.versions);
		(void)feed_claim_holds(&c, rank);
	}
}

static void ask_advisory(struct feed *f, uint32_t i, struct buf *text)
{
	struct feed_advisory a = {0};
	struct slice s = {0};
	uint32_t found = 0;

	if (feed_advisory(f, i, &a) != OK)
		return;
	if (feed_advisory_find(f, a.id, &found) == OK)
		FUZZ_CHECK(found < feed_info(f)->advisories);
	FUZZ_CHECK(feed_advisory_file(f, i, a.files_n / 2, &s) < E_N);
	FUZZ_CHECK(feed_advisory_alias(f, i, 1, &s) < E_N);
	buf_clear(text);
	FUZZ_CHECK(feed_advisory_text(f, i, JA, text) < E_N);
}

/* What comes of an update is a whole snapshot again. */
static void ask_update(struct feed *f)
{
	struct feed_builder *b = NULL;
	struct feed *next = NULL;
	struct buf out;

	buf_init(&out, 64 * MiB);
	if (feed_builder_new(&b, NULL) == OK && feed_builder_start_from(b, f, NULL) == OK) {
		struct advisory a;

		advisory_init(&a, slice_text("CVE-2020-2"), SOURCE_OSV);
		if (feed_builder_add(b, &a, NULL) == OK && make(b, &out)) {
			FUZZ_CHECK(feed_open(buf_slice(&out), &next, NULL) == OK);
			FUZZ_CHECK(feed_verify(next, NULL) == OK);
		}
	}
	feed_close(next);
	feed_builder_free(b);
	buf_release(&out);
}

static void ask_all(struct slice bytes)
{
	struct feed *f = NULL;
	struct buf text;

	if (feed_open(bytes, &f, NULL) != OK)
		return;
	buf_init(&text, 2 * MiB);
	for (uint32_t i = 0; i < feed_info(f)->products && i < ASKED; i++)
		ask_product(f, i);
	for (uint32_t i = 0; i < feed_info(f)->advisories && i < ASKED; i++)
		ask_advisory(f, i, &text);
	ask_update(f);
	buf_release(&text);
	feed_close(f);
}

static void patch(struct buf *snapshot, struct slice patches)
{
	for (size_t at = 0; at + PATCH <= patches.len; at += PATCH) {
		size_t place = patches.ptr[at] | (size_t)patches.ptr[at + 1] << 8;

		snapshot->data[place % snapshot->len] = patches.ptr[at + 2];
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct feed_builder *b = NULL;
	struct buf snapshot;

	buf_init(&snapshot, 64 * MiB);
	if (slice_starts(slice_of(data, len), SNAPSHOT_MAGIC)) {
		buf_add(&snapshot, slice_of(data, len));
	} else {
		FUZZ_CHECK(feed_builder_new(&b, NULL) == OK);
		advisories_add(b, 0, 8);
		FUZZ_CHECK(make(b, &snapshot));
		feed_builder_free(b);
		patch(&snapshot, slice_of(data, len));
	}
	mend(snapshot.data, snapshot.len);
	ask_all(buf_slice(&snapshot));
	buf_release(&snapshot);
	return 0;
}
