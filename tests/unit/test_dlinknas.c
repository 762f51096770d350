// SPDX-License-Identifier: Apache-2.0
// D-Link NAS images: a header made here in front of two uImages; damage and lies.

#include "walk.h"

enum { AT_KERNEL = 0x80, AT_CHECKSUMS = 0x20, AT_MARK = 0x30 };

static void le32(uint8_t *p, size_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t words_xor(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 4 <= n; i += 4)
		sum ^= (uint32_t)p[i] | (uint32_t)p[i + 1] << 8 | (uint32_t)p[i + 2] << 16 |
		       (uint32_t)p[i + 3] << 24;
	return sum;
}

/* Kernel and ramdisk without a gap between them, as in Debian's image for the DNS-320. */
static struct slice image_make(struct slice kernel, struct slice ramdisk)
{
	size_t at = AT_KERNEL + kernel.len, n = at + ramdisk.len;
	uint8_t *p = calloc(1, n);

	assert_non_null(p);
	memcpy(&p[AT_KERNEL], kernel.ptr, kernel.len);
	memcpy(&p[at], ramdisk.ptr, ramdisk.len);
	le32(&p[0], AT_KERNEL);
	le32(&p[4], kernel.len);
	le32(&p[8], at);
	le32(&p[12], ramdisk.len);
	le32(&p[16], n);
	le32(&p[24], n);
	le32(&p[AT_CHECKSUMS], words_xor(&p[AT_KERNEL], kernel.len));
	le32(&p[AT_CHECKSUMS + 4], words_xor(&p[at], ramdisk.len));
	memcpy(&p[AT_MARK], "\x55\xaa\x44NS323D1\x55\xaa", 12);
	return slice_of(p, n);
}

static void test_good(void **state)
{
	struct slice kernel = sample_read("single.uimage"), ramdisk = sample_read("multi.uimage");
	struct slice in = image_make(kernel, ramdisk);
	struct bid bid = {0};

	(void)state;
	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_dlinknas);
	assert_int_equal(bid.size, AT_KERNEL);
	assert_int_equal(format_uimage.bid(slice_from(in, AT_KERNEL), &bid, NULL), OK);
	assert_int_equal(bid.size, kernel.len);
	sample_free(in);
	sample_free(kernel);
	sample_free(ramdisk);
}

static void test_changed_part_is_refused(void **state)
{
	struct slice kernel = sample_read("single.uimage");
	struct slice in = image_make(kernel, kernel);
	uint8_t *p = malloc(in.len);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	p[AT_KERNEL + 9] ^= 1;
	assert_int_equal(format_dlinknas.bid(slice_of(p, in.len), &bid, NULL), E_CHECKSUM);
	p[AT_KERNEL + 9] ^= 1;
	le32(&p[4], 0xfffffff0);
	assert_int_equal(format_dlinknas.bid(slice_of(p, in.len), &bid, NULL), E_RANGE);
	free(p);
	sample_free(in);
	sample_free(kernel);
}

static void read_damaged(struct slice in)
{
	struct bid bid = {0};

	if (format_dlinknas.bid(in, &bid, NULL) == OK)
		assert_true(bid.size <= in.len);
}

static void test_damage(void **state)
{
	struct slice kernel = sample_read("single.uimage");
	struct slice in = image_make(kernel, kernel);

	(void)state;
	sweep_damage(in, read_damaged);
	sample_free(in);
	sample_free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_changed_part_is_refused),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
