// SPDX-License-Identifier: Apache-2.0
// Carving: structures where they lie, padding between, nothing where only a magic stands.

#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format/format.h"

enum {
	DUMP = 64 * 1024,
	FALSE_BLOB = 1024 * 1024,
	FALSE_TIMES = 30 /* of what noise costs: a quadratic reader takes thousands */
};

#define SLICE(text)                                                                                \
	{                                                                                          \
		.ptr = (const uint8_t *)(text), .len = sizeof(text) - 1                            \
	}

static struct arena arena;

static size_t carve_all(struct slice in, struct stretch **s)
{
	size_t n = 0;

	assert_int_equal(carve(in, &arena, s, &n, NULL), OK);

	uint64_t at = 0;

	for (size_t i = 0; i < n; i++) {
		assert_true((*s)[i].at == at && (*s)[i].size > 0);
		at += (*s)[i].size;
	}
	assert_int_equal(at, in.len);
	return n;
}

static void test_gzip_in_a_dump(void **state)
{
	static uint8_t dump[DUMP];
	struct slice gz = sample_read("numbers.gz");
	struct stretch *s = NULL;

	(void)state;
	assert_non_null(gz.ptr);
	memset(dump, 0xff, sizeof dump);
	memcpy(dump + 0x3001, gz.ptr, gz.len);
	memcpy(dump + 0x9000, "\x1f\x8b\x08\x00trap", 8);
	assert_int_equal(carve_all(slice_of(dump, sizeof dump), &s), 5);
	assert_int_equal(s[0].kind, RANGE_PADDING);
	assert_ptr_equal(s[1].format, &format_gzip);
	assert_int_equal(s[1].at, 0x3001);
	assert_int_equal(s[1].size, gz.len);
	assert_int_equal(s[2].kind, RANGE_PADDING);
	assert_int_equal(s[3].kind, RANGE_UNKNOWN);
	assert_int_equal(s[3].at, 0x9000);
	assert_int_equal(s[4].kind, RANGE_PADDING);
	sample_free(gz);
}

static void test_edges(void **state)
{
	struct stretch *s = NULL;

	(void)state;
	assert_int_equal(carve_all(slice_of("", 0), &s), 0);
	assert_int_equal(carve_all(slice_of("\xff", 1), &s), 1);
	assert_int_equal(s[0].kind, RANGE_PADDING);
	assert_int_equal(carve_all(slice_of("a", 1), &s), 1);
	assert_int_equal(s[0].kind, RANGE_UNKNOWN);
}

static void test_noise_is_opaque(void **state)
{
	static uint8_t noise[DUMP];
	struct stretch *s = NULL;
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof noise; i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (uint8_t)(x >> 24);
	}
	assert_int_equal(carve_all(slice_of(noise, sizeof noise), &s), 1);
	assert_int_equal(s[0].kind, RANGE_OPAQUE);
}

static void test_boot_area_by_its_banner(void **state)
{
	static const char text[] = "\x10\x20\x30 code U-Boot 2013.07 (Jan 01 2015) and more code";
	struct stretch *s = NULL;

	(void)state;
	assert_int_equal(carve_all(slice_of(text, sizeof text - 1), &s), 1);
	assert_ptr_equal(s[0].format, &format_uboot);
	assert_int_equal(carve_all(slice_text("a U-Boot environment, no banner"), &s), 1);
	assert_null(s[0].format);
}

/* What carving and the auction say of `in`, all of it unknown or opaque: the code, words in *why.
 */
static enum err told_by_carve(struct slice in, struct fault *why)
{
	struct stretch *s = NULL;
	size_t n = 0;
	enum err e = carve(in, &arena, &s, &n, why);

	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(s[i].kind, RANGE_IDENTIFIED);
	return e;
}

static enum err told_by_auction(struct slice in, struct fault *why)
{
	struct bid bid = {0};

	assert_null(format_auction(in, BID_MAGIC, &bid, why));
	return why->code;
}

static void test_cut_squashfs_is_told(void **state)
{
	static uint8_t dump[DUMP];
	struct slice image = sample_read("squashfs.xzsmall");
	struct fault why = {0};
	size_t at = 0x3000, room = image.len / 2;

	(void)state;
	assert_non_null(image.ptr);
	assert_true(room > 128 && at + room < sizeof dump);
	memset(dump, 0xff, sizeof dump);
	memcpy(dump + at, image.ptr, room);
	assert_int_equal(told_by_carve(slice_of(dump, at + room), &why), E_SHORT);
	assert_non_null(strstr(why.msg, "squashfs at 0x3000 is cut short: "));
	assert_int_equal(told_by_auction(slice_head(image, room), &why), E_SHORT);
	assert_non_null(strstr(why.msg, "squashfs at 0x0 is cut short: "));
	/* only the magic and the version: that is not a header */
	memset(dump + at, 0xff, room);
	memcpy(dump + at, image.ptr, 4);
	memcpy(dump + at + 28, image.ptr + 28, 4);
	why = (struct fault){0};
	assert_int_equal(told_by_carve(slice_of(dump, at + room), &why), OK);
	sample_free(image);
}

static void test_cut_stream_is_told(void **state)
{
	static uint8_t dump[DUMP];
	struct slice gz = sample_read("numbers.gz");
	struct fault why = {0};

	(void)state;
	assert_true(gz.ptr && gz.len > 2048 && gz.len < 0x8000);
	memset(dump, 0xff, sizeof dump);
	memcpy(dump + 0x4000, gz.ptr, gz.len);
	assert_int_equal(told_by_carve(slice_of(dump, 0x4000 + gz.len - 100), &why), E_SHORT);
	assert_string_equal(why.msg, "gzip at 0x4000 is cut short");
	/* a few bytes that could be the start of one prove nothing in a dump, but do in a file */
	why = (struct fault){0};
	assert_int_equal(told_by_carve(slice_of(dump, 0x4000 + 100), &why), OK);
	assert_int_equal(told_by_auction(slice_head(gz, 400), &why), E_SHORT);
	assert_string_equal(why.msg, "gzip at 0x0 is cut short");
	/* what is whole, or is none, is not told of */
	assert_int_equal(told_by_auction(slice_text("\x1f\x8b\x08 trap, no more"), &why), OK);

	struct bid bid = {0};

	why.code = E_CORRUPT;
	assert_ptr_equal(format_auction(gz, BID_MAGIC, &bid, &why), &format_gzip);
	assert_int_equal(why.code, OK);
	sample_free(gz);
}

/* Processor seconds of carving `in`, found or given up. */
static double carving_costs(struct slice in)
{
	struct stretch *s = NULL;
	struct arena a;
	size_t n = 0;
	clock_t start = clock();

	arena_init(&a, 64 * MiB);

	enum err e = carve(in, &a, &s, &n, NULL);

	assert_true(e == OK || e == E_LIMIT);
	arena_release(&a);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static double noise_costs(uint8_t *blob)
{
	uint32_t x = 1;

	for (size_t i = 0; i < FALSE_BLOB; i++) {
		x = x * 1664525U + 1013904223U;
		blob[i] = (uint8_t)(x >> 24);
	}
	return carving_costs(slice_of(blob, FALSE_BLOB));
}

static double repeated_costs(uint8_t *blob, struct slice pattern)
{
	for (size_t i = 0; i < FALSE_BLOB; i++)
		blob[i] = slice_at(pattern, i % pattern.len);
	return carving_costs(slice_of(blob, FALSE_BLOB));
}

/* What stands beside each magic decides how far its reader goes: these go far. */
static const struct slice false_objects[] = {
	/* a setting that never ends, and one in an endless list */
	SLICE("addip=1"),
	SLICE("addip=1\0"),
	/* jffs2: a cleanmarker with good checksum, and no second node behind it */
	SLICE("\x85\x19\x03\x20\x0c\0\0\0\xb1\xb0\x1e\xe4....."),
	/* gzip: a file name that never ends */
	SLICE("\x1f\x8b\x08\x08name......"),
	/* zip: a local header and an end that names no directory */
	SLICE("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	SLICE("PK\3\4\x14\0\0\0\0\0\0\0PK\5\6\0\0\0\0\1\0\1\0\x2e\0\0\0\0\0\0\0\0\0"),
};

/* The best of three: other programs may be at work. */
static bool is_cheap(uint8_t *blob, struct slice pattern, double most)
{
	for (unsigned i = 0; i < 3; i++)
		if (repeated_costs(blob, pattern) < most)
			return true;
	return false;
}

/* A ratio of times, so only where somebody waits for the long tests. */
static void test_false_objects_stay_cheap(void **state)
{
	uint8_t *blob = NULL;
	double most = 0;

	(void)state;
	if (!getenv("KENSA_LONG")) {
		print_message("costs of false objects: skipped, make test-long measures them\n");
		return;
	}
	blob = test_malloc(FALSE_BLOB);
	most = FALSE_TIMES * noise_costs(blob) + 0.5;
	for (size_t i = 0; i < ARRAY_LEN(false_objects); i++)
		assert_true(is_cheap(blob, false_objects[i], most));
	for (size_t i = 0; i < formats_n; i++) {
		/* the settings an environment may begin with are all alike */
		for (size_t k = 0; k < formats[i]->magics_n && k < 8; k++) {
			const struct magic *m = &formats[i]->magics[k];

			assert_true(is_cheap(blob, slice_of(m->bytes, m->len), most));
		}
	}
	test_free(blob);
}

/* A zip without its end is refused once; what lies behind it is found all the same. */
static void test_false_zips_hide_nothing(void **state)
{
	uint8_t *blob = test_malloc(FALSE_BLOB);
	struct slice gz = sample_read("numbers.gz"),
		     zip = slice_of("PK\3\4\x14\0\0\0\0\0......", 16);
	struct stretch *s = NULL;
	size_t n = 0;

	(void)state;
	assert_non_null(gz.ptr);
	for (size_t i = 0; i < FALSE_BLOB; i++)
		blob[i] = slice_at(zip, i % zip.len);
	memcpy(blob + FALSE_BLOB - gz.len, gz.ptr, gz.len);
	n = carve_all(slice_of(blob, FALSE_BLOB), &s);
	assert_int_equal(n, 2);
	assert_ptr_equal(s[1].format, &format_gzip);
	sample_free(gz);
	test_free(blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip_in_a_dump),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_noise_is_opaque),
		cmocka_unit_test(test_boot_area_by_its_banner),
		cmocka_unit_test(test_cut_squashfs_is_told),
		cmocka_unit_test(test_cut_stream_is_told),
		cmocka_unit_test(test_false_objects_stay_cheap),
		cmocka_unit_test(test_false_zips_hide_nothing),
	};

	arena_init(&arena, 64 * MiB);

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
