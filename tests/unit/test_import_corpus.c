// SPDX-License-Identifier: Apache-2.0
// The real data of ../shared: what a snapshot made of it says of facts known from elsewhere.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/feed.h"

#include "base/ban.h"

enum { PATHS = 4 };

struct world {
	struct buf bytes;
	struct feed *feed;
	struct import_file files[PATHS];
};

static enum err keep(void *ctx, struct slice piece)
{
	struct buf *b = ctx;

	buf_add(b, piece);
	return b->err;
}

/* False when there is no shared folder. */
static bool world_make(struct world *w, const char *const *names, size_t n, unsigned jobs)
{
	const char *shared = getenv("KENSA_SHARED");
	static char full[PATHS][1024];
	const char *paths[PATHS];
	struct import_options o = {.paths = paths, .n = n, .jobs = jobs, .today = 20780};
	struct import_progress quiet = {.tell = NULL};
	struct feed_builder *b = NULL;
	struct import *i = NULL;
	struct fault why = {0};
	size_t failed = 0;

	memset(w, 0, sizeof *w);
	for (size_t k = 0; k < n; k++) {
		(void)snprintf(full[k], sizeof full[k], "%s/corpus/vulnerabilities/%s",
			       shared ? shared : ".", names[k]);
		paths[k] = full[k];
	}
	if (import_open(&o, &i, &failed, &why) != OK) {
		printf("skipped: %s: %s\n", paths[failed], why.msg);
		return false;
	}
	assert_int_equal(feed_builder_new(&b, &why), OK);
	assert_int_equal(import_run(i, b, &quiet, &failed, &why), OK);
	for (size_t k = 0; k < n; k++)
		w->files[k] = *import_result(i, k);
	import_close(i);

	struct feed_make make = {.date = slice_text("2026-11-23"), .has_texts = true};
	struct feed_writer to = {.write = keep, .ctx = &w->bytes};

	buf_init(&w->bytes, 256 * MiB);
	assert_int_equal(feed_builder_write(b, &make, &to, &why), OK);
	feed_builder_free(b);
	assert_int_equal(feed_open(buf_slice(&w->bytes), &w->feed, &why), OK);
	return true;
}

static void world_release(struct world *w)
{
	feed_close(w->feed);
	buf_release(&w->bytes);
}

static struct feed_advisory advisory(struct world *w, const char *id)
{
	struct feed_advisory a = {0};
	uint32_t index = 0;

	assert_int_equal(feed_advisory_find(w->feed, slice_text(id), &index), OK);
	assert_int_equal(feed_advisory(w->feed, index, &a), OK);
	return a;
}

/* True when a claim of `effect` on the product names that version. */
static bool says(struct world *w, const char *id, const char *product, const char *version,
		 enum effect effect)
{
	struct feed_product p = {0};
	struct feed_claims at = {0};
	struct feed_claim c = {0};
	struct feed_rank rank = {0};
	struct version_key key = {0};
	struct slice none = {0};
	uint32_t index = 0;
	bool found = false;

	assert_int_equal(feed_advisory_find(w->feed, slice_text(id), &index), OK);
	assert_int_equal(feed_product(w->feed, slice_text(product), &p), OK);
	assert_int_equal(version_key_make(p.scheme, slice_text(version), none, &key), OK);
	assert_int_equal(feed_rank(w->feed, &p, &key, &rank), OK);
	while (feed_claim_next(w->feed, &p, &at, &c) == OK)
		found = found ||
			(c.advisory == index && c.effect == effect && feed_claim_holds(&c, rank));
	return found;
}

static void merged(void **state)
{
	static const char *const names[] = {"nvd20-merged.jsonl.zst"};
	struct world w;

	(void)state;
	if (!world_make(&w, names, 1, 2))
		skip();
	assert_int_equal(w.files[0].records, 224947);
	assert_int_equal(w.files[0].of_source[SOURCE_NVD], 224947);
	assert_int_equal(w.files[0].odd[ODD_NO_ID] + w.files[0].odd[ODD_UNKNOWN], 0);
	/* BusyBox, gzip: fixed in 1.33.1 */
	assert_true(says(&w, "CVE-2021-28831", "a:busybox:busybox", "1.32.1", EFFECT_AFFECTED));
	assert_false(says(&w, "CVE-2021-28831", "a:busybox:busybox", "1.33.1", EFFECT_AFFECTED));
	/* Heartbleed: 1.0.1 to 1.0.1f */
	assert_true(says(&w, "CVE-2014-0160", "a:openssl:openssl", "1.0.1f", EFFECT_AFFECTED));
	assert_false(says(&w, "CVE-2014-0160", "a:openssl:openssl", "1.0.1g", EFFECT_AFFECTED));
	assert_int_equal(advisory(&w, "CVE-2014-0160").cvss[CVSS_V3].score, 75);
	assert_int_equal(advisory(&w, "CVE-2014-0160").flags & ADVISORY_REJECTED, 0);
	world_release(&w);
}

static void others(void **state)
{
	static const char *const names[] = {"kev-2025-08-25.json.zst", "epss-2021-08-31.json.zst",
					    "kernel-program-files.tsv", "curl-vuln-2026-08-22.pm"};
	struct world w;
	struct slice file = {0};
	uint32_t index = 0;

	(void)state;
	if (!world_make(&w, names, 4, 3))
		skip();
	assert_int_equal(w.files[0].records, 1404);
	assert_int_equal(w.files[2].records, 3688);
	assert_int_equal(w.files[3].records, 206);
	assert_true(advisory(&w, "CVE-2021-44228").flags & ADVISORY_KEV);
	assert_true(advisory(&w, "CVE-2021-44228").flags & ADVISORY_RANSOMWARE);
	assert_int_equal(advisory(&w, "CVE-2019-19609").epss_ppm, 58850);
	assert_int_equal(feed_advisory_find(w.feed, slice_text("CVE-2019-25162"), &index), OK);
	assert_int_equal(feed_advisory_file(w.feed, index, 0, &file), OK);
	assert_true(slice_is(file, "drivers/i2c/i2c-core-base.c"));
	/* SOCKS5 heap overflow: 7.69.0 to 8.3.0 */
	assert_true(says(&w, "CVE-2023-38545", "a:haxx:libcurl", "8.3.0", EFFECT_AFFECTED));
	assert_false(says(&w, "CVE-2023-38545", "a:haxx:libcurl", "8.4.0", EFFECT_AFFECTED));
	world_release(&w);
}

static void vendors(void **state)
{
	static const char *const names[] = {
		"openssl-secjson-2026-06-10.jsonl.zst", "alpine-osv-2025-02-16.jsonl.zst",
		"ubuntu-tracker-iot-2024-08-09.jsonl.zst", "bitnami-osv-2026-08-05.jsonl.zst"};
	struct world w;

	(void)state;
	if (!world_make(&w, names, 4, 2))
		skip();
	/* 273 lines of records, one of them a list of disputes; data.json is no record either */
	assert_int_equal(w.files[0].records + w.files[0].odd[ODD_UNKNOWN], 274);
	assert_int_equal(w.files[0].of_source[SOURCE_OPENSSL], 272);
	assert_int_equal(w.files[1].of_source[SOURCE_ALPINE], 3655);
	assert_int_equal(w.files[2].of_source[SOURCE_UBUNTU], 2460);
	assert_int_equal(w.files[3].of_source[SOURCE_OSV], 7444);
	assert_true(says(&w, "CVE-2022-0778", "a:openssl:openssl", "1.1.1m", EFFECT_AFFECTED));
	assert_false(says(&w, "CVE-2022-0778", "a:openssl:openssl", "1.1.1n", EFFECT_AFFECTED));
	assert_true(
		says(&w, "CVE-2006-20001", "alpine:v3.14/apache2", "2.4.54-r0", EFFECT_AFFECTED));
	assert_true(says(&w, "CVE-2006-20001", "alpine:v3.14/apache2", "2.4.55-r0", EFFECT_FIXED));
	world_release(&w);
}

/* The same bytes whatever the number of workers. */
static void same_bytes(void **state)
{
	static const char *const names[] = {"nvd11-sample.jsonl.zst", "cve5-sample.jsonl.zst",
					    "nvd20-overrides-sample.jsonl.zst",
					    "osvdev-testdata-2026-08-21.jsonl.zst"};
	struct world one, five;

	(void)state;
	if (!world_make(&one, names, 4, 1))
		skip();
	assert_true(world_make(&five, names, 4, 5));
	assert_int_equal(one.files[0].of_source[SOURCE_NVD], 2680);
	assert_int_equal(one.files[1].of_source[SOURCE_CVE], 2942);
	assert_int_equal(one.files[2].of_source[SOURCE_NVD], 2145);
	assert_true(slice_eq(buf_slice(&one.bytes), buf_slice(&five.bytes)));
	world_release(&one);
	world_release(&five);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merged),
		cmocka_unit_test(others),
		cmocka_unit_test(vendors),
		cmocka_unit_test(same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
