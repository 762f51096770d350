// SPDX-License-Identifier: Apache-2.0
// Snapshots: what goes in comes out, whatever was replaced; what is damaged never answers wrong.

#include "snapshots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S(text) slice_text(text)

static const char *const keys[] = {"a:busybox:busybox",    "a:openssl:openssl", "a:other:openssl",
				   "o:linux:linux_kernel", "debian:12/openssl", "npm/@a/b"};
static const char *const names[] = {"busybox", "openssl", "linux_kernel", "debian:12/openssl",
				    "nobody"};
static const char *const ids[] = {"CVE-2020-1", "CVE-2020-2", "CVE-2020-3", "CVE-2021-10",
				  "GHSA-1",     "GHSA-2",     "JVNDB-1"};
static const char *const versions[] = {"0.1", "1.0", "1.0.0", "1.0.1", "1.1rc1", "1.1", "2.0", "9"};

static const struct snapshot_questions questions = {
	keys,
	names,
	ids,
	versions,
	ARRAY_LEN(keys),
	ARRAY_LEN(names),
	ARRAY_LEN(ids),
	ARRAY_LEN(versions),
};

static uint32_t dice(uint32_t *x, uint32_t sides)
{
	*x = *x * 1664525u + 1013904223u;
	return (*x >> 16) % sides;
}

static struct feed_builder *builder(void)
{
	struct feed_builder *b = NULL;

	assert_int_equal(feed_builder_new(&b, NULL), OK);
	return b;
}

static void add(struct feed_builder *b, const struct advisory *a)
{
	assert_int_equal(feed_builder_add(b, a, NULL), OK);
}

static struct feed *opened(const struct buf *bytes)
{
	struct feed *f = NULL;
	struct fault why = {0};

	assert_int_equal(feed_open(buf_slice(bytes), &f, &why), OK);
	assert_int_equal(feed_verify(f, NULL), OK);
	return f;
}

/* Makes a snapshot of one advisory and opens it. */
static struct feed *single(const struct advisory *a, struct buf *bytes)
{
	struct feed_builder *b = builder();

	add(b, a);
	snapshot_make(b, true, bytes);
	feed_builder_free(b);
	return opened(bytes);
}

static void close_all(struct feed *f, struct buf *bytes)
{
	feed_close(f);
	buf_release(bytes);
}

static struct claim range(const char *low, const char *high)
{
	return (struct claim){.product = S("a:busybox:busybox"), .low = S(low), .high = S(high)};
}

/* --- claims --- */

/* Which of `versions` the only claim on busybox holds: a letter each. */
static void holds(const struct claim *claim, const char *expected)
{
	struct advisory a;
	struct claim copy = *claim;
	struct buf bytes;
	struct feed_product p = {0};

	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	a.claims = &copy;
	a.claims_n = 1;

	struct feed *f = single(&a, &bytes);

	assert_int_equal(feed_product(f, S("a:busybox:busybox"), &p), OK);
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct version_key key = {0};
		struct feed_rank rank = {0};
		struct feed_claims at = {0};
		struct feed_claim c = {0};

		assert_int_equal(
			version_key_make(p.scheme, S(versions[i]), (struct slice){0}, &key), OK);
		assert_int_equal(feed_rank(f, &p, &key, &rank), OK);
		assert_int_equal(feed_claim_next(f, &p, &at, &c), OK);
		assert_int_equal(feed_claim_holds(&c, rank), expected[i] == 'y');
		assert_int_equal(feed_claim_next(f, &p, &at, &c), E_END);
	}
	close_all(f, &bytes);
}

/* 0.1, 1.0, 1.0.0, 1.0.1, 1.1rc1, 1.1, 2.0, 9 */
static void test_ranges(void **state)
{
	struct claim c = range("1.0", "1.1");

	(void)state;
	holds(&c, "nyyyyynn");
	c.low_excluded = true;
	holds(&c, "nnnyyynn");
	c.high_excluded = true;
	holds(&c, "nnnyynnn");
	c.low_excluded = false;
	holds(&c, "nyyyynnn");
	c = range("", "1.0.1");
	holds(&c, "yyyynnnn");
	c = range("1.1", "");
	holds(&c, "nnnnnyyy");
	c = range("", "1.0.5");
	holds(&c, "yyyynnnn"); /* an end that no version stands on */
	c = range("2.0", "1.0");
	holds(&c, "nnnnnnnn");
}

static void test_kinds(void **state)
{
	struct claim c = range("1.0", "");

	(void)state;
	c.kind = CLAIM_EXACT;
	holds(&c, "nyynnnnn");
	c.kind = CLAIM_ANY;
	holds(&c, "nnnnnnnn");
	c.kind = CLAIM_NONE;
	holds(&c, "nnnnnnnn");
}

/* What cannot be compared stays visible as unversioned. */
static void test_unusable_version(void **state)
{
	char longer[LIMIT_VERSION_BYTES + 2];
	const char *const bad[] = {"", longer};

	(void)state;
	memset(longer, '1', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct claim c = range(bad[i], "");
		struct advisory a;
		struct buf bytes;
		struct feed_product p = {0};
		struct feed_claims at = {0};
		struct feed_claim found = {0};

		c.kind = CLAIM_EXACT;
		advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
		a.claims = &c;
		a.claims_n = 1;

		struct feed *f = single(&a, &bytes);

		assert_int_equal(feed_product(f, c.product, &p), OK);
		assert_int_equal(feed_claim_next(f, &p, &at, &found), OK);
		assert_int_equal(found.kind, CLAIM_NONE);
		close_all(f, &bytes);
	}
}

/* Two spellings of one version share a rank and keep the first text. */
static void test_ranks(void **state)
{
	struct claim claims[] = {range("1.10", "2.0"), range("1.0", "1.0.0"), range("1.9", "0.9")};
	const char *const sorted[] = {"0.9", "1.0", "1.9", "1.10", "2.0"};
	struct advisory a;
	struct buf bytes;
	struct feed_product p = {0};
	struct slice text = {0};

	(void)state;
	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	a.claims = claims;
	a.claims_n = ARRAY_LEN(claims);

	struct feed *f = single(&a, &bytes);

	assert_int_equal(feed_product(f, S("a:busybox:busybox"), &p), OK);
	assert_int_equal(p.versions, ARRAY_LEN(sorted));
	for (uint32_t i = 0; i < p.versions; i++) {
		assert_int_equal(feed_version(f, &p, i, &text), OK);
		assert_true(slice_is(text, sorted[i]));
	}
	assert_int_equal(feed_version(f, &p, p.versions, &text), E_RANGE);
	close_all(f, &bytes);
}

/* The update field makes another version: it is part of the key and of the text. */
static void test_update_field(void **state)
{
	struct claim claims[] = {
		{.product = S("a:openbsd:openssh"), .kind = CLAIM_EXACT, .low = S("7.4")},
		{.product = S("a:openbsd:openssh"),
		 .kind = CLAIM_EXACT,
		 .low = S("7.4"),
		 .low_update = S("p1")},
	};
	struct advisory a;
	struct buf bytes;
	struct feed_product p = {0};
	struct slice text = {0};

	(void)state;
	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	a.claims = claims;
	a.claims_n = ARRAY_LEN(claims);

	struct feed *f = single(&a, &bytes);

	assert_int_equal(feed_product(f, claims[0].product, &p), OK);
	assert_int_equal(p.scheme, SCHEME_OPENSSH);
	assert_int_equal(p.versions, 2);
	assert_int_equal(feed_version(f, &p, 1, &text), OK);
	assert_true(slice_is(text, "7.4 p1"));
	close_all(f, &bytes);
}

static void test_slots(void **state)
{
	struct claim claims[] = {
		{.product = S("a:openssl:openssl"), .kind = CLAIM_ANY},
		{.product = S("a:other:openssl"), .kind = CLAIM_ANY},
		{.product = S("debian:12/openssl"), .kind = CLAIM_ANY},
		{.product = S("a:openssl:openssl_fips"), .kind = CLAIM_ANY},
	};
	struct advisory a;
	struct buf bytes;
	struct feed_product p = {0};
	uint32_t slot = 0;

	(void)state;
	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	a.claims = claims;
	a.claims_n = ARRAY_LEN(claims);

	struct feed *f = single(&a, &bytes);

	assert_int_equal(feed_slot_next(f, S("openssl"), &slot, &p), OK);
	assert_true(slice_is(p.key, "a:openssl:openssl"));
	assert_int_equal(feed_slot_next(f, S("openssl"), &slot, &p), OK);
	assert_true(slice_is(p.key, "a:other:openssl"));
	assert_int_equal(feed_slot_next(f, S("openssl"), &slot, &p), E_END);
	slot = 0;
	assert_int_equal(feed_slot_next(f, S("debian:12/openssl"), &slot, &p), OK);
	assert_int_equal(feed_product(f, S("a:openssl"), &p), E_NOTFOUND);
	assert_int_equal(feed_product(f, S(""), &p), E_NOTFOUND);
	close_all(f, &bytes);
}

/* --- what several sources say --- */

static void test_facts_merge(void **state)
{
	struct slice cwe[] = {S("CWE-79"), S("CWE-20")}, file[] = {S("net/a.c"), S("net/b.c")};
	struct feed_builder *b = builder();
	struct feed_advisory got = {0};
	struct buf bytes, text;
	struct slice path = {0};
	struct advisory a;
	uint32_t index = 0;

	(void)state;
	advisory_init(&a, S("CVE-2020-1"), SOURCE_KEV);
	a.kev_added = 19000;
	a.flags = ADVISORY_KEV;
	a.title[EN] = S("named by KEV");
	add(b, &a);
	advisory_init(&a, S("CVE-2020-1"), SOURCE_EPSS);
	a.epss_ppm = 970000;
	add(b, &a);
	advisory_init(&a, S("CVE-2020-1"), SOURCE_JVN);
	a.title[JA] = S("題名");
	a.cvss[CVSS_V3] = (struct cvss){10, S("from JVN")};
	a.published = 18001;
	add(b, &a);
	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	a.cvss[CVSS_V3] = (struct cvss){98, S("CVSS:3.1/AV:N")};
	a.published = 18000;
	a.modified = 18500;
	a.flags = ADVISORY_DISPUTED;
	a.cwes = cwe;
	a.cwes_n = 2;
	a.text[EN] = S("told by NVD");
	add(b, &a);
	advisory_init(&a, S("CVE-2020-1"), SOURCE_KERNEL_FILES);
	a.files = file;
	a.files_n = 2;
	add(b, &a);
	snapshot_make(b, true, &bytes);
	feed_builder_free(b);

	struct feed *f = opened(&bytes);

	assert_int_equal(feed_info(f)->advisories, 1);
	assert_int_equal(feed_info(f)->sources_n, 5);
	assert_int_equal(feed_advisory_find(f, S("CVE-2020-1"), &index), OK);
	assert_int_equal(feed_advisory(f, index, &got), OK);
	assert_int_equal(got.published, 18000);
	assert_int_equal(got.modified, 18500);
	assert_int_equal(got.kev_added, 19000);
	assert_int_equal(got.flags, ADVISORY_KEV | ADVISORY_DISPUTED);
	assert_int_equal(got.epss_ppm, 970000);
	assert_int_equal(got.cvss[CVSS_V3].score, 98);
	assert_true(slice_is(got.cvss[CVSS_V3].vector, "CVSS:3.1/AV:N"));
	assert_int_equal(got.cvss[CVSS_V2].score, UINT8_MAX);
	assert_true(slice_is(got.cwes, "CWE-79,CWE-20"));
	assert_int_equal(got.files_n, 2);
	assert_int_equal(feed_advisory_file(f, index, 1, &path), OK);
	assert_true(slice_is(path, "net/b.c"));
	assert_int_equal(feed_advisory_file(f, index, 2, &path), E_NOTFOUND);

	buf_init(&text, 1 * KiB);
	assert_int_equal(feed_advisory_text(f, index, JA, &text), OK);
	assert_true(slice_is(buf_slice(&text), "題名"));
	buf_clear(&text);
	assert_int_equal(feed_advisory_text(f, index, EN, &text), OK);
	assert_true(slice_is(buf_slice(&text), "named by KEV"));
	buf_release(&text);
	close_all(f, &bytes);
}

static size_t claims_on(struct feed *f, const char *key)
{
	struct feed_product p = {0};
	struct feed_claims at = {0};
	struct feed_claim c = {0};
	size_t n = 0;

	assert_int_equal(feed_product(f, S(key), &p), OK);
	while (feed_claim_next(f, &p, &at, &c) == OK)
		n++;
	return n;
}

static void test_rejected(void **state)
{
	struct claim c = range("1.0", "2.0");
	struct feed_builder *b = builder();
	struct feed_advisory got = {0};
	struct advisory a;
	struct buf bytes;
	uint32_t index = 0;

	(void)state;
	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	a.claims = &c;
	a.claims_n = 1;
	add(b, &a);
	advisory_init(&a, S("CVE-2020-1"), SOURCE_CVE);
	a.flags = ADVISORY_REJECTED;
	add(b, &a);
	snapshot_make(b, true, &bytes);

	struct feed *f = opened(&bytes);

	assert_int_equal(claims_on(f, "a:busybox:busybox"), 0);
	assert_int_equal(feed_advisory_find(f, S("CVE-2020-1"), &index), OK);
	assert_int_equal(feed_advisory(f, index, &got), OK);
	assert_int_equal(got.flags, ADVISORY_REJECTED);
	close_all(f, &bytes);

	/* and back */
	a.flags = 0;
	add(b, &a);
	snapshot_make(b, true, &bytes);
	f = opened(&bytes);
	assert_int_equal(claims_on(f, "a:busybox:busybox"), 1);
	close_all(f, &bytes);
	feed_builder_free(b);
}

/* A record filed under CVEs moves when it names others, and takes its claims along. */
static void test_aliases(void **state)
{
	struct claim c = range("1.0", "2.0");
	struct slice alias[] = {S("CVE-2020-1"), S("PYSEC-9"), S("CVE-2020-2")}, found = {0};
	struct feed_builder *b = builder();
	struct advisory a;
	struct buf bytes;
	uint32_t index = 0;

	(void)state;
	advisory_init(&a, S("GHSA-1"), SOURCE_OSV);
	a.claims = &c;
	a.claims_n = 1;
	add(b, &a); /* without aliases, under its own id */
	a.aliases = alias;
	a.aliases_n = 3;
	add(b, &a);
	snapshot_make(b, true, &bytes);

	struct feed *f = opened(&bytes);

	assert_int_equal(claims_on(f, "a:busybox:busybox"), 2);
	assert_int_equal(feed_advisory_find(f, S("CVE-2020-2"), &index), OK);
	assert_int_equal(feed_advisory_alias(f, index, 0, &found), OK);
	assert_true(slice_is(found, "GHSA-1"));
	feed_builder_free(b);

	/* Another record of the same CVE stands beside it; and the first now names one CVE only. */
	struct buf again;
	struct feed *g = NULL;

	b = builder();
	assert_int_equal(feed_builder_start_from(b, f, NULL), OK);
	a.id = S("PYSEC-9");
	a.aliases_n = 1;
	add(b, &a);
	a.id = S("GHSA-1");
	add(b, &a);
	snapshot_make(b, true, &again);
	g = opened(&again);
	assert_int_equal(claims_on(g, "a:busybox:busybox"), 2);
	assert_int_equal(feed_advisory_find(g, S("CVE-2020-2"), &index), OK);
	assert_int_equal(feed_advisory_alias(g, index, 0, &found), E_NOTFOUND);
	feed_builder_free(b);
	close_all(g, &again);
	close_all(f, &bytes);
}

static void test_limits(void **state)
{
	struct feed_builder *b = builder();
	char longer[LIMIT_PRODUCT_BYTES + 2];
	struct claim c = range("1", "2");
	struct advisory a;
	struct fault why = {0};
	struct buf bytes;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	advisory_init(&a, S("CVE-2020-1"), SOURCE_NVD);
	c.product = S(longer);
	a.claims = &c;
	a.claims_n = 1;
	assert_int_equal(feed_builder_add(b, &a, &why), E_LIMIT);
	assert_non_null(strstr(why.msg, "CVE-2020-1"));
	advisory_init(&a, slice_of(longer, LIMIT_ADVISORY_ID_BYTES + 1), SOURCE_NVD);
	assert_int_equal(feed_builder_add(b, &a, &why), E_LIMIT);
	snapshot_make(b, true, &bytes);

	struct feed *f = opened(&bytes);

	assert_int_equal(feed_info(f)->advisories, 0);
	feed_builder_free(b);
	close_all(f, &bytes);
}

/* A text of many frames, one longer than allowed, and what a starter snapshot leaves out. */
static void test_texts(void **state)
{
	enum { N = 40, LONG = 20000 };
	struct feed_builder *b = builder();
	char *text = malloc(LIMIT_ADVISORY_TEXT + 10);
	struct advisory a;
	struct buf bytes, got;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < N; i++) {
		char id[16];

		snprintf(id, sizeof id, "CVE-2020-%d", i);
		memset(text, 'a' + i % 26, LONG + (size_t)i);
		advisory_init(&a, S(id), SOURCE_NVD);
		a.text[EN] = slice_of(text, LONG + (size_t)i);
		add(b, &a);
	}
	memset(text, 'x', LIMIT_ADVISORY_TEXT + 10);
	memcpy(&text[LIMIT_ADVISORY_TEXT - 2], "題", 3); /* across the limit */
	advisory_init(&a, S("CVE-2021-1"), SOURCE_NVD);
	a.title[JA] = slice_of(text, LIMIT_ADVISORY_TEXT + 10);
	add(b, &a);
	snapshot_make(b, true, &bytes);

	struct feed *f = opened(&bytes);

	buf_init(&got, 1 * MiB);
	for (uint32_t i = N; i > 0; i--) {
		buf_clear(&got);
		assert_int_equal(feed_advisory_text(f, i - 1, JA, &got), OK);
		assert_int_equal(got.len, LONG + i - 1);
		assert_int_equal(got.data[got.len - 1], 'a' + (i - 1) % 26);
	}
	buf_clear(&got);
	assert_int_equal(feed_advisory_text(f, N, JA, &got), OK);
	assert_int_equal(got.len, LIMIT_ADVISORY_TEXT - 2);
	close_all(f, &bytes);

	snapshot_make(b, false, &bytes);
	f = opened(&bytes);
	assert_true(feed_info(f)->is_starter);
	buf_clear(&got);
	assert_int_equal(feed_advisory_text(f, 0, EN, &got), OK);
	assert_int_equal(got.len, 0);
	close_all(f, &bytes);
	buf_release(&got);
	feed_builder_free(b);
	free(text);
}

/* Texts replaced again and again, one a step, do not pile up; the others survive each move. */
static void test_texts_do_not_pile_up(void **state)
{
	enum { N = 12, STEPS = 60, LONG = 20000 };
	static uint8_t text[LONG];
	struct buf bytes = {0}, next, got;
	struct feed *f = NULL;
	struct advisory a;
	uint32_t x = 1;
	int said[N];
	size_t first = 0;

	(void)state;
	buf_init(&got, 1 * MiB);
	for (int step = 0; step < STEPS; step++) {
		struct feed_builder *b = builder();

		if (f)
			assert_int_equal(feed_builder_start_from(b, f, NULL), OK);
		for (int i = step ? step % N : 0; i < (step ? step % N + 1 : N); i++) {
			char id[16];

			said[i] = step;
			snprintf(id, sizeof id, "CVE-2020-%d", i);
			for (size_t at = 0; at < LONG; at++)
				text[at] = (uint8_t)(' ' + dice(&x, 64)); /* does not pack well */
			text[0] = (uint8_t)step;
			advisory_init(&a, S(id), SOURCE_NVD);
			a.text[EN] = slice_of(text, LONG);
			add(b, &a);
		}
		snapshot_make(b, true, &next);
		feed_builder_free(b);
		close_all(f, &bytes);
		bytes = next;
		f = opened(&bytes);
		first = step ? first : bytes.len;
		for (uint32_t i = 0; i < N; i++) {
			buf_clear(&got);
			assert_int_equal(feed_advisory_text(f, i, EN, &got), OK);
			assert_int_equal(got.len, LONG);
			assert_int_equal(got.data[0], said[i]);
		}
	}
	assert_true(bytes.len < 3 * first);
	buf_release(&got);
	close_all(f, &bytes);
}

/* --- damage --- */

/* A small snapshot with something in every section. */
static void sample(struct buf *bytes)
{
	struct slice alias[] = {S("CVE-2020-2")}, files[] = {S("a.c")};
	struct claim claims[] = {range("1.0", "1.1"), range("", "2.0"), range("1.0.1", "")};
	struct feed_builder *b = builder();
	struct advisory a;

	claims[1].condition = S("o:vendor:firmware");
	claims[2].product = S("o:linux:linux_kernel");
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		advisory_init(&a, S(ids[i]), i % 2 ? SOURCE_NVD : SOURCE_OSV);
		a.claims = claims;
		a.claims_n = 1 + i % 3;
		a.text[EN] = S("a text");
		a.title[JA] = S("題名");
		a.aliases = alias;
		a.aliases_n = i % 2;
		a.files = files;
		a.files_n = i % 2;
		a.flags = i == 2 ? ADVISORY_REJECTED : 0;
		add(b, &a);
	}
	feed_builder_source(b, SOURCE_NVD, S("2026-01-01"));
	snapshot_make(b, true, bytes);
	feed_builder_free(b);
}

static void dump(struct feed *f, struct buf *out)
{
	buf_init(out, 16 * MiB);
	assert_int_equal(snapshot_dump(f, &questions, out), OK);
	assert_int_equal(out->err, OK);
}

static void test_every_prefix(void **state)
{
	struct buf bytes;

	(void)state;
	sample(&bytes);
	for (size_t n = 0; n < bytes.len; n++) {
		struct feed *f = NULL;
		uint8_t *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, bytes.data, n);
		assert_int_equal(feed_open(slice_of(copy, n), &f, NULL), E_SHORT);
		free(copy);
	}
	buf_release(&bytes);
}

/* Whatever bit is flipped: refused, or found when touched, or the answers are the same. */
static void test_flips(void **state)
{
	size_t step = getenv("KENSA_LONG") ? 1 : 7;
	struct buf bytes, good, now;

	(void)state;
	sample(&bytes);

	struct feed *f = opened(&bytes);

	dump(f, &good);
	feed_close(f);
	for (size_t bit = 0; bit < bytes.len * 8; bit += step) {
		bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (feed_open(buf_slice(&bytes), &f, NULL) == OK) {
			enum err e = OK;

			buf_init(&now, 16 * MiB);
			e = snapshot_dump(f, &questions, &now);
			assert_true(e == E_CORRUPT ||
				    (!e && slice_eq(buf_slice(&good), buf_slice(&now))));
			assert_int_equal(feed_verify(f, NULL), E_CORRUPT);
			buf_release(&now);
			feed_close(f);
		}
		bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	buf_release(&good);
	buf_release(&bytes);
}

static void test_head_lies(void **state)
{
	struct buf bytes;
	struct feed *f = NULL;
	struct fault why = {0};

	(void)state;
	assert_int_equal(feed_open(S("PK\3\4 no snapshot at all"), &f, &why), E_MAGIC);
	sample(&bytes);
	bytes.data[8]++; /* schema */
	assert_int_equal(feed_open(buf_slice(&bytes), &f, &why), E_UNSUPPORTED);
	bytes.data[8]--;
	bytes.data[12]++; /* length of the head */
	assert_int_equal(feed_open(buf_slice(&bytes), &f, &why), E_CORRUPT);
	bytes.data[15] = 0xff;
	assert_int_equal(feed_open(buf_slice(&bytes), &f, &why), E_CORRUPT);
	bytes.data[15] = 0;
	bytes.data[12]--;
	bytes.data[20] = 1; /* length of the whole: 4 GiB more */
	assert_int_equal(feed_open(buf_slice(&bytes), &f, &why), E_SHORT);
	bytes.data[20] = 0;
	buf_byte(&bytes, 0);
	assert_int_equal(feed_open(buf_slice(&bytes), &f, &why), E_CORRUPT);
	buf_release(&bytes);
}

/* --- property: made in steps, made at once, and a plain model agree --- */

enum { OPS = 60, ROUNDS = 60, CLAIMS_MAX = 4 };

struct op {
	struct advisory a;
	struct claim claims[CLAIMS_MAX];
	struct slice aliases[3];
	char text[40];
};

#define PICK(x, list) S((list)[dice(x, ARRAY_LEN(list))])

static struct claim claim_any(uint32_t *x)
{
	static const char *const ends[] = {"",    "0.9",    "1.0", "1.0.0",  "1.0.1",
					   "1.1", "1.1rc1", "2.0", "x;$(y)", "10"};
	static const char *const texts[] = {"", "", "target_sw=wordpress", "o:vendor:firmware"};
	struct claim c = {
		.product = PICK(x, keys),
		.low = PICK(x, ends),
		.high = PICK(x, ends),
		.qualifier = PICK(x, texts),
		.condition = PICK(x, texts),
		.kind = (uint8_t)dice(x, 4),
		.effect = (uint8_t)dice(x, 3),
		.low_excluded = dice(x, 2),
		.high_excluded = dice(x, 2),
	};

	if (c.kind != CLAIM_RANGE)
		c.low_excluded = c.high_excluded = false;
	return c;
}

static void op_make(struct op *o, uint32_t *x)
{
	static const enum source sources[] = {SOURCE_NVD, SOURCE_OSV, SOURCE_DEBIAN};
	struct advisory *a = &o->a;

	advisory_init(a, PICK(x, ids), sources[dice(x, 3)]);
	a->published = dice(x, 2) ? 18000 + dice(x, 1000) : 0;
	a->flags = dice(x, 8) ? 0 : ADVISORY_REJECTED;
	a->cvss[dice(x, CVSS_N)] = (struct cvss){(uint8_t)dice(x, 100), S("vector")};
	snprintf(o->text, sizeof o->text, "text %u", dice(x, 1000));
	if (dice(x, 2))
		a->text[dice(x, LANG_N)] = S(o->text);
	if (dice(x, 4) == 0)
		a->title[EN] = S("title");
	a->claims = o->claims;
	a->claims_n = dice(x, CLAIMS_MAX + 1);
	for (size_t i = 0; i < a->claims_n; i++)
		o->claims[i] = claim_any(x);
	a->aliases = o->aliases;
	a->aliases_n = dice(x, 3);
	for (size_t i = 0; i < a->aliases_n; i++)
		o->aliases[i] = PICK(x, ids);
}

static bool is_cve(struct slice id)
{
	return slice_starts(id, "CVE-");
}

/* Whether op `o` speaks under `id` (a record of another name does under each CVE it names). */
static bool is_filed(const struct op *o, struct slice id)
{
	bool has_cve = false;

	for (size_t i = 0; i < o->a.aliases_n && !is_cve(o->a.id); i++) {
		if (slice_eq(o->aliases[i], id) && is_cve(id))
			return true;
		has_cve = has_cve || is_cve(o->aliases[i]);
	}
	return !has_cve && slice_eq(o->a.id, id);
}

/* The last op of a record is what counts. */
static bool is_current(const struct op *ops, size_t i, size_t n)
{
	for (size_t j = i + 1; j < n; j++)
		if (slice_eq(ops[j].a.id, ops[i].a.id) && ops[j].a.source == ops[i].a.source)
			return false;
	return true;
}

static bool is_rejected(const struct op *ops, size_t n, struct slice id)
{
	for (size_t i = 0; i < n; i++)
		if (is_current(ops, i, n) && is_filed(&ops[i], id) && ops[i].a.flags)
			return true;
	return false;
}

static int end_cmp(enum scheme s, struct slice end, const struct version_key *v, bool *is_bad)
{
	struct version_key key = {0};

	*is_bad = *is_bad || version_key_make(s, end, (struct slice){0}, &key) != OK;
	return version_key_cmp(v, &key);
}

/* Does the claim hold for the version: said by the rules, not by ranks. */
static bool model_holds(const struct claim *c, enum scheme s, const char *version)
{
	struct version_key v = {0};
	bool is_bad = false;

	assert_int_equal(version_key_make(s, S(version), (struct slice){0}, &v), OK);

	int low = c->low.len ? end_cmp(s, c->low, &v, &is_bad) : 1;
	bool has_low = c->low.len && !is_bad, is_open = false;
	int high = c->high.len && c->kind == CLAIM_RANGE ? end_cmp(s, c->high, &v, &is_open) : -1;

	/* from a known version to one that nobody can compare: without an end */
	if (is_open && has_low)
		high = -1;
	else
		is_bad = is_bad || is_open;
	if (is_bad || c->kind == CLAIM_ANY || c->kind == CLAIM_NONE)
		return false;
	if (c->kind == CLAIM_EXACT)
		return c->low.len && low == 0;
	return (low > 0 || (low == 0 && !c->low_excluded)) &&
	       (high < 0 || (high == 0 && !c->high_excluded));
}

/* How many claims of an advisory on a product hold for a version; and how many there are. */
static void model_count(const struct op *ops, size_t n, struct slice id, struct slice key,
			const char *version, size_t count[2])
{
	count[0] = count[1] = 0;
	if (is_rejected(ops, n, id))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!is_current(ops, i, n) || !is_filed(&ops[i], id))
			continue;
		for (size_t c = 0; c < ops[i].a.claims_n; c++) {
			if (!slice_eq(ops[i].claims[c].product, key))
				continue;
			count[0]++;
			count[1] += model_holds(&ops[i].claims[c], scheme_of(key), version);
		}
	}
}

static void feed_count(struct feed *f, struct slice id, struct slice key, const char *version,
		       size_t count[2])
{
	struct feed_product p = {0};
	struct feed_claims at = {0};
	struct feed_claim c = {0};
	struct feed_rank rank = {0};
	struct version_key v = {0};

	count[0] = count[1] = 0;
	if (feed_product(f, key, &p) != OK)
		return;
	assert_int_equal(version_key_make(p.scheme, S(version), (struct slice){0}, &v), OK);
	assert_int_equal(feed_rank(f, &p, &v, &rank), OK);
	while (feed_claim_next(f, &p, &at, &c) == OK) {
		struct feed_advisory a = {0};

		assert_int_equal(feed_advisory(f, c.advisory, &a), OK);
		if (!slice_eq(a.id, id))
			continue;
		count[0]++;
		count[1] += feed_claim_holds(&c, rank);
	}
}

static void model_check(struct feed *f, const struct op *ops, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
			for (size_t v = 0; v < ARRAY_LEN(versions); v++) {
				size_t want[2], got[2];

				model_count(ops, n, S(ids[i]), S(keys[k]), versions[v], want);
				feed_count(f, S(ids[i]), S(keys[k]), versions[v], got);
				assert_int_equal(got[0], want[0]);
				assert_int_equal(got[1], want[1]);
			}
		}
	}
}

/* All ops at once, or with a snapshot written and begun from between some of them. */
static void ops_write(const struct op *ops, size_t n, uint32_t *x, struct buf *bytes)
{
	struct feed_builder *b = builder();
	struct feed *old = NULL;
	struct buf before = {0};

	for (size_t i = 0; i < n; i++) {
		add(b, &ops[i].a);
		if (!x || dice(x, 10))
			continue;
		snapshot_make(b, true, bytes);
		feed_builder_free(b);
		feed_close(old);
		buf_release(&before);
		before = *bytes;
		old = opened(&before);
		b = builder();
		assert_int_equal(feed_builder_start_from(b, old, NULL), OK);
	}
	snapshot_make(b, true, bytes);
	feed_builder_free(b);
	feed_close(old);
	buf_release(&before);
}

static void test_incremental_is_from_scratch(void **state)
{
	static struct op ops[OPS];
	uint32_t x = 1;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t n = 1 + dice(&x, OPS);
		struct buf steps, once, again, told, other;

		for (size_t i = 0; i < n; i++)
			op_make(&ops[i], &x);
		ops_write(ops, n, &x, &steps);
		ops_write(ops, n, NULL, &once);
		ops_write(ops, n, NULL, &again);
		assert_true(slice_eq(buf_slice(&once), buf_slice(&again)));

		struct feed *f = opened(&once), *g = opened(&steps);

		dump(f, &told);
		dump(g, &other);
		assert_true(slice_eq(buf_slice(&told), buf_slice(&other)));
		assert_int_equal(feed_info(f)->claims, feed_info(g)->claims);
		assert_int_equal(feed_info(f)->products, feed_info(g)->products);
		assert_int_equal(feed_info(f)->advisories, feed_info(g)->advisories);
		model_check(g, ops, n);
		buf_release(&told);
		buf_release(&other);
		buf_release(&again);
		close_all(f, &once);
		close_all(g, &steps);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_unusable_version),
		cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_update_field),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_facts_merge),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_texts_do_not_pile_up),
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_flips),
		cmocka_unit_test(test_head_lies),
		cmocka_unit_test(test_incremental_is_from_scratch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
