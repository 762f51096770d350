// SPDX-License-Identifier: Apache-2.0
// Carving: structures where they lie, padding between, nothing where only a magic stands.

#include "support.h"

#include <string.h>

#include "format/format.h"

enum { DUMP = 64 * 1024 };

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip_in_a_dump),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_noise_is_opaque),
		cmocka_unit_test(test_boot_area_by_its_banner),
		cmocka_unit_test(test_cut_squashfs_is_told),
		cmocka_unit_test(test_cut_stream_is_told),
	};

	arena_init(&arena, 64 * MiB);

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
