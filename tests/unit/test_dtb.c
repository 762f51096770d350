// SPDX-License-Identifier: Apache-2.0
// Device trees and FIT images: walked whole, looked up, damaged, and lied about.

#include "walk.h"

enum { AT_TOTAL = 4, AT_STRUCTURE = 8 };

static void be32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void test_plain_tree(void **state)
{
	struct slice in = sample_read("board.dtb"), v = {0};
	struct bid bid = {0};
	struct dtb t = {0};

	(void)state;
	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_dtb);
	assert_int_equal(bid.size, in.len);
	assert_int_equal(dtb_read(in, &t, NULL), OK);
	assert_int_equal(dtb_property(&t, "/chosen", "bootargs", &v), OK);
	assert_true(slice_is(dtb_text(v), "console=ttyS0,115200 root=/dev/mtdblock2"));
	assert_int_equal(dtb_property(&t, "/", "model", &v), OK);
	assert_true(slice_is(dtb_text(v), "Test Board"));
	assert_int_equal(dtb_property(&t, "/soc/serial", "status", &v), OK);
	assert_true(slice_is(dtb_text(v), "okay"));
	assert_int_equal(dtb_property(&t, "/soc/serial@100", "empty", &v), OK);
	assert_int_equal(v.len, 0);
	assert_int_equal(dtb_property(&t, "/memory@80000000", "reg", &v), OK);
	assert_int_equal(slice_at(v, 0), 0x80);
	assert_int_equal(dtb_property(&t, "/chosen", "model", &v), E_NOTFOUND);
	assert_int_equal(dtb_property(&t, "/soc/chosen", "bootargs", &v), E_NOTFOUND);
	assert_int_equal(dtb_property(&t, "/none", "model", &v), E_NOTFOUND);
	sample_free(in);
}

static void check_fit(const char *name, const char *how)
{
	struct slice in = sample_read(name), kernel = sample_read("boot-kernel"),
		     tree = sample_read("board.dtb");
	struct bid bid = {0};
	struct walk w;

	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_fit);
	assert_true(walk_begin(&w, &format_fit, in));
	assert_string_equal(w.bid.how, how);
	assert_int_equal(w.bid.size, in.len);
	assert_int_equal(w.n, 2);
	assert_true(walk_holds(&w, "fdt-1", tree));
	assert_true(walk_holds(&w, "kernel-1", kernel));
	walk_end(&w);
	sample_free(in);
	sample_free(kernel);
	sample_free(tree);
}

static void test_fit(void **state)
{
	(void)state;
	check_fit("inner.itb", "structure walked, 4 of 4 hashes agree");
	check_fit("outer.itb", "structure walked, 4 of 4 hashes agree");
	check_fit("placed.itb", "structure walked, 4 of 4 hashes agree");
}

static void test_wrong_hash_is_said(void **state)
{
	struct slice in = sample_read("outer.itb");
	uint8_t *p = malloc(in.len);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	p[in.len - 100] ^= 1; /* in the tree, the second image */
	assert_int_equal(format_fit.bid(slice_of(p, in.len), &bid, NULL), OK);
	assert_string_equal(bid.how, "structure walked; 1 of 4 hashes do not agree");
	free(p);
	sample_free(in);
}

static void test_cut_data_is_damage(void **state)
{
	struct slice in = sample_read("outer.itb");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_fit, slice_head(in, in.len - 100)));
	assert_non_null(strstr(w.bid.how, "cut short"));
	assert_int_equal(w.bid.size, in.len - 100);
	assert_int_equal(w.n, 2);
	assert_int_equal(w.entries[0].damage.code, OK);
	assert_int_equal(w.entries[1].damage.code, E_SHORT);
	walk_end(&w);
	sample_free(in);
}

static void read_dtb(struct slice in)
{
	struct dtb t = {0};
	struct slice v = {0};
	struct bid bid = {0};

	if (dtb_read(in, &t, NULL) == OK)
		assert_int_not_equal(dtb_property(&t, "/chosen", "bootargs", &v), E_N);
	(void)format_dtb.bid(in, &bid, NULL);
}

static void read_fit(struct slice in)
{
	walk_all(&format_fit, in);
}

static void test_damage(void **state)
{
	struct slice tree = sample_read("board.dtb"), outer = sample_read("outer.itb"),
		     inner = sample_read("inner.itb");

	(void)state;
	sweep_damage(tree, read_dtb);
	sweep_damage(outer, read_fit);
	sweep_damage(inner, read_fit);
	sample_free(tree);
	sample_free(outer);
	sample_free(inner);
}

/* A tree of nothing but node begins, or of NOPs, must end soon and cleanly. */
static void test_trees_that_lie(void **state)
{
	enum { HEADER = 40, N = 4 * 1024 * 1024 };
	uint8_t *p = calloc(1, N);
	struct slice in = slice_of(p, N);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	be32(p, DTB_MAGIC);
	be32(&p[AT_TOTAL], N);
	be32(&p[AT_STRUCTURE], HEADER);
	be32(&p[20], 17);
	be32(&p[24], 16);
	be32(&p[36], N - HEADER);
	for (size_t i = HEADER; i < N; i += 8)
		be32(&p[i], 1);
	assert_int_equal(format_dtb.bid(in, &bid, NULL), E_LIMIT);
	for (size_t i = HEADER; i < N; i += 4)
		be32(&p[i], 4);
	assert_int_equal(format_dtb.bid(in, &bid, NULL), E_LIMIT);
	be32(&p[36], N);
	assert_int_equal(format_dtb.bid(in, &bid, NULL), E_RANGE);
	free(p);
}

static void test_corpus_fit(void **state)
{
	struct slice in = corpus_read("firmware/fit.itb");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_fit, in));
	assert_int_equal(w.bid.size, in.len);
	assert_int_equal(w.n, 3);
	assert_non_null(walk_find(&w, "kernel"));
	assert_non_null(walk_find(&w, "fdt"));
	assert_true(walk_find(&w, "rootfs")->size > 1000000);
	walk_end(&w);
	sample_free(in);
	in = corpus_read("firmware/uboot-rockpro64-u-boot.itb");
	assert_true(walk_begin(&w, &format_fit, in));
	assert_int_equal(w.n, 5);
	assert_int_equal(walk_find(&w, "uboot")->size, 0xc5b80);
	assert_int_equal(walk_find(&w, "uboot")->key, 1400);
	assert_int_equal(w.bid.size, in.len);
	walk_end(&w);
	sample_free(in);
}

static void corpus_how(const char *name, const char *part)
{
	struct slice in = corpus_read(name);
	struct bid bid = {0};

	assert_int_equal(format_fit.bid(in, &bid, NULL), OK);
	if (!strstr(bid.how, part))
		fail_msg("%s: %s", name, bid.how);
	sample_free(in);
}

static void test_corpus_hashes(void **state)
{
	(void)state;
	corpus_how("practice/dev/fit/good-conf-rsa2048.itb", " hashes agree");
	corpus_how("practice/dev/fit/crc32-only.itb", " hashes agree");
	corpus_how("practice/dev/fit/md5-hash-only.itb", " hashes agree");
	corpus_how("practice/dev/fit/tampered-kernel.itb", "do not agree");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_tree),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_wrong_hash_is_said),
		cmocka_unit_test(test_cut_data_is_damage),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_trees_that_lie),
		cmocka_unit_test(test_corpus_fit),
		cmocka_unit_test(test_corpus_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
