// SPDX-License-Identifier: Apache-2.0
// U-Boot legacy images: each layout, damage, lies, and images of the corpus.

#include "walk.h"

enum { HEADER = 64, AT_SIZE = 12 };

static uint8_t *copy_of(struct slice s)
{
	uint8_t *p = malloc(s.len);

	assert_non_null(p);
	memcpy(p, s.ptr, s.len);
	return p;
}

static void be32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void header_seal(uint8_t *p)
{
	be32(&p[4], 0);
	be32(&p[4], checksum_crc32(slice_of(p, HEADER)));
}

static void test_single(void **state)
{
	struct slice in = sample_read("single.uimage"), kernel = sample_read("boot-kernel");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_uimage, in));
	assert_int_equal(w.bid.score, BID_VERIFIED);
	assert_int_equal(w.bid.size, in.len);
	assert_string_equal(w.bid.how, "header and data CRC-32");
	assert_int_equal(w.n, 1);
	assert_int_equal(w.entries[0].type, ENTRY_PART);
	assert_true(walk_holds(&w, "", kernel));
	walk_end(&w);
	sample_free(in);
	sample_free(kernel);
}

static void test_multi(void **state)
{
	struct slice in = sample_read("multi.uimage"), kernel = sample_read("boot-kernel"),
		     ramdisk = sample_read("boot-ramdisk");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_uimage, in));
	assert_int_equal(w.n, 2);
	assert_true(walk_holds(&w, "1", ramdisk));
	assert_true(walk_holds(&w, "0", kernel));
	walk_end(&w);
	sample_free(in);
	sample_free(kernel);
	sample_free(ramdisk);
}

static void test_script(void **state)
{
	struct slice in = sample_read("script.uimage"), text = sample_read("boot.cmd");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_uimage, in));
	assert_int_equal(w.n, 1);
	assert_true(walk_holds(&w, "", text));
	walk_end(&w);
	sample_free(in);
	sample_free(text);
}

static void test_trailing_bytes_are_not_its_own(void **state)
{
	struct slice in = sample_read("single.uimage");
	uint8_t *p = calloc(1, in.len + 100);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	assert_int_equal(format_uimage.bid(slice_of(p, in.len + 100), &bid, NULL), OK);
	assert_int_equal(bid.size, in.len);
	free(p);
	sample_free(in);
}

static void test_cut_and_changed_data_are_said(void **state)
{
	struct slice in = sample_read("single.uimage");
	uint8_t *p = copy_of(in);
	struct bid bid = {0};

	(void)state;
	assert_int_equal(format_uimage.bid(slice_of(p, in.len - 1), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_VERIFIED);
	assert_int_equal(bid.size, in.len - 1);
	assert_non_null(strstr(bid.how, "cut short"));
	p[HEADER] ^= 1;
	assert_int_equal(format_uimage.bid(slice_of(p, in.len), &bid, NULL), OK);
	assert_int_equal(bid.size, in.len);
	assert_non_null(strstr(bid.how, "does not agree"));
	p[40] ^= 1;
	assert_int_equal(format_uimage.bid(slice_of(p, in.len), &bid, NULL), E_CHECKSUM);
	free(p);
	sample_free(in);
}

/* A table of sizes that ends nowhere, runs out of the data, or wraps 32 bits. */
static void test_tables_that_lie(void **state)
{
	struct slice in = sample_read("multi.uimage");
	uint8_t *p = copy_of(in);
	struct walk w;

	(void)state;
	be32(&p[HEADER], 0xfffffffe);
	header_seal(p);
	assert_true(walk_begin(&w, &format_uimage, slice_of(p, in.len)));
	assert_int_equal(w.n, 2);
	assert_int_equal(w.entries[0].damage.code, E_SHORT);
	assert_int_equal(w.entries[1].damage.code, E_SHORT);
	walk_end(&w);
	memset(&p[HEADER], 1, in.len - HEADER);
	assert_true(walk_begin(&w, &format_uimage, slice_of(p, in.len)));
	assert_int_equal(w.n, 1);
	assert_int_equal(w.entries[0].size, in.len - HEADER);
	walk_end(&w);
	be32(&p[AT_SIZE], 0xffffffff);
	header_seal(p);
	assert_true(walk_begin(&w, &format_uimage, slice_of(p, in.len)));
	assert_int_equal(w.bid.size, in.len);
	walk_end(&w);
	free(p);
	sample_free(in);
}

static void read_damaged(struct slice in)
{
	walk_all(&format_uimage, in);
}

static void test_damage(void **state)
{
	struct slice in = sample_read("multi.uimage");

	(void)state;
	sweep_damage(in, read_damaged);
	sample_free(in);
}

static void corpus_check(const char *name, uint64_t at, uint64_t size, const char *begins)
{
	struct slice in = corpus_read(name);
	struct walk w;
	struct buf b;

	assert_true(walk_begin(&w, &format_uimage, slice_from(in, at)));
	assert_string_equal(w.bid.how, "header and data CRC-32");
	assert_int_equal(w.bid.size, size);
	assert_int_equal(w.n, 1);
	assert_int_equal(walk_read(&w, &w.entries[0], &b), OK);
	assert_true(slice_starts(buf_slice(&b), begins));
	buf_release(&b);
	walk_end(&w);
	sample_free(in);
}

static void test_corpus(void **state)
{
	(void)state;
	corpus_check("firmware/digoo-full-8M.bin", 0x40000, 2037043 + 64, "\x1f\x8b\x08");
	corpus_check("firmware/spycam-full.bin", 0x40000, 1807916 + 64, "\x5d");
	corpus_check("firmware/wz_mini-v2_kernel.bin", 0, 1918743 + 64, "\x5d");
	corpus_check("firmware/uboot-dh_imx6.imx", 0x11000, 896772 + 64, "");
}

/* The magic stands in compressed data of this image by chance. */
static void test_corpus_chance_magic(void **state)
{
	struct slice in = corpus_read("firmware/tplink-wr841nv14-US-210203-rel37242.bin");
	struct bid bid = {0};

	(void)state;
	assert_true(slice_starts(slice_from(in, 0x9904), "\x27\x05\x19\x56"));
	assert_int_equal(format_uimage.bid(slice_from(in, 0x9904), &bid, NULL), E_CHECKSUM);
	assert_null(format_auction(slice_from(in, 0x9904), BID_MAGIC, &bid, NULL));
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_multi),
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_trailing_bytes_are_not_its_own),
		cmocka_unit_test(test_cut_and_changed_data_are_said),
		cmocka_unit_test(test_tables_that_lie),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_corpus_chance_magic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
