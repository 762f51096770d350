// SPDX-License-Identifier: Apache-2.0
// Self-unpacking kernels, ARM and x86: their end, their payload, damage, images of the corpus.

#include "walk.h"

static void check(const char *name)
{
	struct slice in = sample_read(name), stream = sample_read("kernel.gz");
	struct bid bid = {0};
	struct walk w;

	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_zimage);
	assert_true(walk_begin(&w, &format_zimage, in));
	assert_int_equal(w.bid.size, in.len - strlen("behind"));
	assert_string_equal(w.bid.how, "header, gzip payload decoded");
	assert_int_equal(w.n, 1);
	assert_true(walk_holds(&w, "payload", stream));
	walk_end(&w);
	sample_free(in);
	sample_free(stream);
}

static void test_both_orders(void **state)
{
	(void)state;
	check("kernel.le.zimage");
	check("kernel.be.zimage");
}

static void test_cut_is_said(void **state)
{
	struct slice in = sample_read("kernel.le.zimage");
	struct bid bid = {0};

	(void)state;
	assert_int_equal(format_zimage.bid(slice_head(in, in.len - 100), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_MAGIC);
	assert_int_equal(bid.size, in.len - 100);
	assert_non_null(strstr(bid.how, "cut short"));
	sample_free(in);
}

static void test_no_payload_is_said(void **state)
{
	struct slice in = sample_read("kernel.le.zimage");
	uint8_t *p = malloc(in.len);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	p[in.len - 100] ^= 1;
	assert_int_equal(format_zimage.bid(slice_of(p, in.len), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_MAGIC);
	free(p);
	sample_free(in);
}

static void read_zimage(struct slice in)
{
	walk_all(&format_zimage, in);
}

static void test_damage(void **state)
{
	struct slice in = sample_read("kernel.le.zimage");

	(void)state;
	sweep_damage(slice_head(in, 1200), read_zimage);
	sample_free(in);
}

/* Window full of stream signatures: few of them are tried. */
static void test_many_signatures(void **state)
{
	enum { N = 4 * 1024 * 1024 };
	struct slice in = sample_read("kernel.le.zimage");
	uint8_t *p = malloc(N);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i + 4 <= N; i += 4)
		memcpy(&p[i], "\x1f\x8b\x08", 4);
	memcpy(p, in.ptr, 48);
	memcpy(&p[0x2c], "\0\0\x40\0", 4);
	assert_int_equal(format_zimage.bid(slice_of(p, N), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_MAGIC);
	free(p);
	sample_free(in);
}

static void test_corpus_bzimage(void **state)
{
	struct slice in = corpus_read("firmware/bzImage_lz4");
	struct bid bid = {0};
	struct walk w;
	struct buf b;

	(void)state;
	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_bzimage);
	assert_true(walk_begin(&w, &format_bzimage, in));
	assert_string_equal(w.bid.how, "setup header, CRC-32");
	assert_int_equal(w.bid.size, in.len);
	assert_int_equal(w.n, 1);
	assert_int_equal(walk_read(&w, walk_find(&w, "payload"), &b), OK);
	assert_true(slice_starts(buf_slice(&b), "\x02\x21\x4c\x18"));
	assert_true(b.len == 555346 || b.len == 555342); /* with or without the size behind it */
	buf_release(&b);
	walk_end(&w);
	assert_int_equal(format_bzimage.bid(slice_head(in, 100000), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_STRUCTURE);
	assert_non_null(strstr(bid.how, "cut short"));
	sample_free(in);
}

static void read_bzimage(struct slice in)
{
	walk_all(&format_bzimage, in);
}

static void test_corpus_bzimage_damage(void **state)
{
	struct slice in = corpus_read("firmware/bzImage_lz4");

	(void)state;
	sweep_damage(slice_head(in, 700), read_bzimage);
	sample_free(in);
}

static void test_corpus_fragment(void **state)
{
	struct slice in = corpus_read("firmware/zImage_be32");
	struct bid bid = {0};

	(void)state;
	assert_ptr_equal(format_auction(in, BID_MAGIC, &bid, NULL), &format_zimage);
	assert_int_equal(bid.size, in.len);
	assert_non_null(strstr(bid.how, "cut short"));
	sample_free(in);
}

static void corpus_payload(const char *name, uint64_t at, uint64_t size, uint64_t payload_at)
{
	struct slice in = corpus_read(name);
	struct slice image = slice_from(in, at);
	struct walk w;
	struct buf b;

	assert_true(format_find(slice_text("xz")) != NULL);
	assert_true(walk_begin(&w, &format_zimage, image));
	assert_int_equal(w.bid.score, BID_VERIFIED);
	assert_int_equal(w.bid.size, size);
	assert_int_equal(w.n, 1);
	assert_int_equal(walk_read(&w, &w.entries[0], &b), OK);
	assert_true(slice_eq(buf_slice(&b), slice_head(slice_from(image, payload_at), b.len)));
	buf_release(&b);
	walk_end(&w);
	sample_free(in);
}

static void test_corpus_payloads(void **state)
{
	(void)state;
	if (!format_find(slice_text("xz"))) {
		print_message("skipped: no reader of xz\n");
		skip();
	}
	corpus_payload("firmware/escamg02-full-8M.bin", 0x40000, 0x14e060, 0x3a94);
	corpus_payload("firmware/debian-sheevaplug-uImage", 64, 0x285568, 0x664d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_orders),
		cmocka_unit_test(test_cut_is_said),
		cmocka_unit_test(test_no_payload_is_said),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_many_signatures),
		cmocka_unit_test(test_corpus_bzimage),
		cmocka_unit_test(test_corpus_bzimage_damage),
		cmocka_unit_test(test_corpus_fragment),
		cmocka_unit_test(test_corpus_payloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
