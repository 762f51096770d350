// SPDX-License-Identifier: Apache-2.0
// cpio: archives of GNU cpio in every layout, devices and the other byte order, and lies.

#include "tree.h"

#include <string.h>

static void with_sample(const char *name, void (*check)(const struct tree_read *t))
{
	struct slice s = sample_read(name);
	struct tree_read t;

	assert_non_null(s.ptr);
	tree_read(&format_cpio, s, &t);
	check(&t);
	tree_release(&t);
	sample_free(s);
}

static void check_gnu(const struct tree_read *t)
{
	assert_int_equal(t->err, OK);
	assert_int_equal(t->last, E_END);
	assert_int_equal(t->bid.score, BID_VERIFIED);
	assert_int_equal(t->files_n, 9);
	assert_sample(t, "/etc/numbers", "cpio_tree/etc/numbers");
	assert_sample(t, "/etc/sub/twin", "cpio_tree/etc/numbers");
	assert_sample(t, "/a", "cpio_tree/etc/numbers");
	assert_file(t, "/etc/sub/odd", slice_text("x"));
	assert_file(t, "/etc/empty", slice_text(""));
	assert_true(slice_is(tree_find(t, "/etc/link")->entry.link, "../etc/numbers"));
	assert_int_equal(tree_find(t, "/etc/numbers")->entry.mode, 0640);
	assert_int_equal(tree_find(t, "/etc")->entry.type, ENTRY_DIR);
	assert_int_equal(tree_find(t, "/")->entry.type, ENTRY_DIR);
}

static void test_gnu(void **state)
{
	static const char *const names[] = {"cpio_newc.cpio", "cpio_crc.cpio", "cpio_odc.cpio",
					    "cpio_bin.cpio"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct slice s = sample_read(names[i]);
		struct bid bid = {0};

		with_sample(names[i], check_gnu);
		assert_int_equal(format_cpio.bid(s, &bid, NULL), OK);
		assert_int_equal(bid.size, s.len);
		sample_free(s);
	}
}

static void check_small(const struct tree_read *t)
{
	const struct tree_file *f = tree_find(t, "/dev/console");

	assert_int_equal(t->last, E_END);
	assert_int_equal(f->entry.type, ENTRY_DEVICE);
	assert_int_equal(f->entry.major, 5);
	assert_int_equal(f->entry.minor, 1);
	assert_false(f->entry.is_block);
	f = tree_find(t, "/dev/sda");
	assert_true(f->entry.is_block);
	assert_int_equal(f->entry.minor, 300);
	assert_int_equal(f->entry.uid, 7);
	assert_int_equal(tree_find(t, "/pipe")->entry.type, ENTRY_PIPE);
	assert_int_equal(tree_find(t, "/sock")->entry.type, ENTRY_SOCKET);
	assert_file(t, "/../../etc/passwd", slice_text("up"));
	assert_file(t, "/dot", slice_text("dot"));
	assert_true(slice_is(tree_find(t, "/init")->entry.link, "/bin/sh"));
}

static void test_small(void **state)
{
	(void)state;
	with_sample("cpio_small.cpio", check_small);
	with_sample("cpio_tail.cpio", check_small);
	with_sample("cpio_no_tail.cpio", check_small);
}

/* Padding belongs to the archive only as far as it is zero. */
static void test_size(void **state)
{
	struct slice small = sample_read("cpio_small.cpio");
	struct slice tail = sample_read("cpio_tail.cpio");
	struct slice no_tail = sample_read("cpio_no_tail.cpio");
	struct bid bid = {0};

	(void)state;
	assert_int_equal(format_cpio.bid(small, &bid, NULL), OK);
	assert_int_equal(bid.size, small.len);
	assert_int_equal(format_cpio.bid(tail, &bid, NULL), OK);
	assert_int_equal(bid.size, tail.len - 4);
	assert_int_equal(bid.size % 512, 0);
	assert_int_equal(format_cpio.bid(no_tail, &bid, NULL), OK);
	assert_int_equal(bid.size, small.len);
	sample_free(small);
	sample_free(tail);
	sample_free(no_tail);
}

static void check_sums(const struct tree_read *t)
{
	assert_int_equal(t->last, E_END);
	assert_file(t, "/good", slice_text("good"));
	assert_file(t, "/l1", slice_text("linked"));
	assert_file(t, "/l2", slice_text("linked"));
	assert_err(t, "/bad", E_CHECKSUM);
}

static void test_sums(void **state)
{
	(void)state;
	with_sample("cpio_sums.cpio", check_sums);
}

static void check_old_be(const struct tree_read *t)
{
	assert_int_equal(t->last, E_END);
	assert_int_equal(t->bid.score, BID_VERIFIED);
	assert_int_equal(tree_find(t, "/tty")->entry.major, 5);
	assert_int_equal(tree_find(t, "/tty")->entry.minor, 1);
	assert_int_equal(tree_find(t, "/f")->data.len, 70001);
}

static void test_old_be(void **state)
{
	(void)state;
	with_sample("cpio_old_be.cpio", check_old_be);
}

static void check_cut(const struct tree_read *t)
{
	assert_int_equal(t->bid.score, BID_VERIFIED);
	assert_int_equal(t->files_n, 40);
	assert_int_equal(t->last, E_SHORT);
}

static void check_few(const struct tree_read *t)
{
	assert_int_equal(t->bid.score, BID_STRUCTURE);
	assert_int_equal(t->files_n, 5);
	assert_int_equal(t->last, E_SHORT);
}

static void check_lie(const struct tree_read *t)
{
	assert_true(t->bid.score < BID_VERIFIED);
	assert_true(t->err || t->last == E_SHORT);
	assert_true(t->files_n <= 1);
}

static void check_trailer_only(const struct tree_read *t)
{
	assert_int_equal(t->bid.score, BID_MAGIC);
	assert_int_equal(t->files_n, 0);
}

static void test_cut(void **state)
{
	(void)state;
	with_sample("cpio_cut.cpio", check_cut);
	with_sample("cpio_few.cpio", check_few);
	with_sample("cpio_trailer_only.cpio", check_trailer_only);
}

static void test_lies(void **state)
{
	static const char *const names[] = {
		"cpio_huge.cpio",      "cpio_nameless.cpio", "cpio_name_long.cpio",
		"cpio_name_open.cpio", "cpio_type.cpio",     "cpio_hex.cpio",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		with_sample(names[i], check_lie);
}

static void read_damaged(struct slice in)
{
	struct tree_read t;

	tree_read(&format_cpio, in, &t);
	tree_release(&t);
}

static void test_damage(void **state)
{
	struct slice s = sample_read("cpio_small.cpio");

	(void)state;
	sweep_damage(s, read_damaged);
	sample_free(s);
	s = sample_read("cpio_sums.cpio");
	sweep_damage(s, read_damaged);
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gnu),  cmocka_unit_test(test_small),
		cmocka_unit_test(test_size), cmocka_unit_test(test_sums),
		cmocka_unit_test(test_cut),  cmocka_unit_test(test_old_be),
		cmocka_unit_test(test_lies), cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
