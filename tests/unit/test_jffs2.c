// SPDX-License-Identifier: Apache-2.0
// JFFS2: images of mkfs.jffs2, logs with a history, logs that lie, dumps of real cameras.

#include "tree.h"

#include <stdlib.h>
#include <string.h>

static void with_sample(const char *name, void (*check)(const struct tree_read *t))
{
	struct slice s = sample_read(name);
	struct tree_read t;

	assert_non_null(s.ptr);
	tree_read(&format_jffs2, s, &t);
	assert_int_equal(t.err, OK);
	assert_int_equal(t.bid.score, BID_VERIFIED);
	check(&t);
	tree_release(&t);
	sample_free(s);
}

static void check_mkfs(const struct tree_read *t)
{
	const struct tree_file *f = NULL;

	assert_int_equal(t->last, E_END);
	assert_int_equal(t->files_n, 15);
	assert_sample(t, "/etc/numbers", "jffs2_tree/etc/numbers");
	assert_sample(t, "/etc/zeros", "jffs2_tree/etc/zeros");
	assert_sample(t, "/etc/passwd", "jffs2_tree/etc/passwd");
	assert_sample(t, "/etc/deep/twin", "jffs2_tree/etc/passwd");
	assert_sample(t, "/etc/deep/er/file", "jffs2_tree/etc/deep/er/file");
	assert_sample(t, "/etc/nothing", "jffs2_tree/etc/nothing");
	assert_int_equal(tree_find(t, "/etc/passwd")->entry.mode, 0640);
	f = tree_find(t, "/etc/link");
	assert_int_equal(f->entry.type, ENTRY_LINK);
	assert_true(slice_is(f->entry.link, "../etc/passwd"));
	f = tree_find(t, "/dev/mtdblock");
	assert_int_equal(f->entry.type, ENTRY_DEVICE);
	assert_true(f->entry.is_block);
	assert_int_equal(f->entry.major, 31);
	assert_int_equal(f->entry.minor, 30);
	assert_int_equal(f->entry.uid, 7);
	assert_int_equal(f->entry.gid, 9);
	f = tree_find(t, "/dev/console");
	assert_false(f->entry.is_block);
	assert_int_equal(f->entry.major, 5);
	assert_int_equal(tree_find(t, "/dev/pipe")->entry.type, ENTRY_PIPE);
	assert_int_equal(tree_find(t, "/empty")->entry.type, ENTRY_DIR);
}

static void test_mkfs(void **state)
{
	static const char *const names[] = {
		"jffs2_zlib_le.img", "jffs2_zlib_be.img", "jffs2_rtime_le.img",
		"jffs2_lzo_be.img",  "jffs2_size_le.img", "jffs2_none_le.img",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		with_sample(names[i], check_mkfs);
}

static void check_history(const struct tree_read *t)
{
	uint8_t file[126] = {0};
	uint8_t lzma[3000];
	const struct tree_file *f = NULL;

	memset(file, 'a', 40);
	memset(file + 40, 'b', 10);
	memset(file + 50, 'c', 10);
	memset(file + 60, 'd', 4);
	memset(file + 120, 'e', 6);
	for (size_t i = 0; i < sizeof lzma; i++)
		lzma[i] = (uint8_t) "lzma "[i % 5];
	assert_int_equal(t->last, E_END);
	assert_int_equal(t->bid.size, 0x4000);
	assert_int_equal(t->files_n, 16);
	assert_file(t, "/file", slice_of(file, sizeof file));
	assert_int_equal(tree_find(t, "/file")->entry.mode, 0600);
	assert_file(t, "/new", slice_text("moved"));
	assert_file(t, "/twin", slice_text("moved"));
	assert_file(t, "/same", slice_text("second"));
	assert_file(t, "/torn", slice_text("whole"));
	assert_file(t, "/lzma", slice_of(lzma, sizeof lzma));
	assert_file(t, "/dir/in", slice_text("inside"));
	assert_err(t, "/lost", E_CHECKSUM);
	assert_err(t, "/rubin", E_UNSUPPORTED);
	assert_err(t, "/short", E_CORRUPT);
	assert_null(tree_find(t, "/old"));
	assert_null(tree_find(t, "/gone"));
	f = tree_find(t, "/sda");
	assert_int_equal(f->entry.major, 259);
	assert_int_equal(f->entry.minor, 0x12345);
	assert_true(f->entry.is_block);
	f = tree_find(t, "/tty");
	assert_int_equal(f->entry.major, 4);
	assert_int_equal(f->entry.minor, 64);
	assert_int_equal(tree_find(t, "/sock")->entry.type, ENTRY_SOCKET);
	assert_true(slice_is(tree_find(t, "/link")->entry.link, "/etc/passwd"));
}

static void test_history(void **state)
{
	(void)state;
	with_sample("jffs2_history_le.img", check_history);
	with_sample("jffs2_history_be.img", check_history);
}

static void check_lies(const struct tree_read *t)
{
	static const uint8_t zeros[8];

	assert_int_equal(t->last, E_END);
	assert_err(t, "/a/b/loop", E_CORRUPT);
	assert_err(t, "/a/b/root", E_CORRUPT);
	assert_err(t, "/#8/island", E_CORRUPT);
	assert_err(t, "/#9/back", E_CORRUPT);
	assert_err(t, "/#77/orphan", E_CORRUPT);
	assert_err(t, "/", E_RANGE);
	assert_err(t, "/none", E_CORRUPT);
	assert_err(t, "/huge", E_LIMIT);
	assert_err(t, "/odd", E_RANGE);
	assert_err(t, "/dev", E_CORRUPT);
	assert_file(t, "/wrap", slice_of(zeros, sizeof zeros));
	assert_file(t, "/../../up", slice_text("up"));
}

static void test_lies(void **state)
{
	(void)state;
	with_sample("jffs2_lies.img", check_lies);
}

static void check_deep(const struct tree_read *t)
{
	size_t good = 0, limits = 0;

	assert_int_equal(t->last, E_END);
	assert_int_equal(t->files_n, 400);
	for (size_t i = 0; i < t->files_n; i++) {
		good += t->files[i].err == OK;
		limits += t->files[i].err == E_LIMIT;
	}
	assert_int_equal(good, LIMIT_DIR_DEPTH - 1);
	assert_int_equal(limits, 1);
}

static void test_deep(void **state)
{
	(void)state;
	with_sample("jffs2_deep.img", check_deep);
}

static void check_gaps(const struct tree_read *t)
{
	assert_int_equal(t->bid.size, 0x30000);
	assert_file(t, "/one", slice_text("one"));
	assert_file(t, "/two", slice_text("two"));
}

/* Erased blocks and torn writes are the filesystem's own; a block of something else is not. */
static void test_gaps(void **state)
{
	(void)state;
	with_sample("jffs2_gaps.img", check_gaps);
}

static void check_first(const struct tree_read *t)
{
	assert_int_equal(t->bid.size, 0x20000);
	assert_int_equal(t->files_n, 2);
	assert_file(t, "/one", slice_text("one"));
	assert_file(t, "/more", slice_text("more"));
}

static void test_two_neighbours(void **state)
{
	struct slice s = sample_read("jffs2_two.img");
	struct tree_read t;

	(void)state;
	with_sample("jffs2_two.img", check_first);
	tree_read(&format_jffs2, slice_from(s, 0x20000), &t);
	assert_int_equal(t.bid.size, 0x10000);
	assert_int_equal(t.files_n, 1);
	assert_file(&t, "/two", slice_text("two"));
	tree_release(&t);
	sample_free(s);
}

static void check_many(const struct tree_read *t)
{
	assert_int_equal(t->files_n, 1);
	assert_int_equal(t->files[0].err, OK);
	assert_int_equal(t->files[0].data.len, 4096);
	for (size_t i = 0; i < 4096; i++)
		assert_int_equal(slice_at(t->files[0].data, i), 'x');
}

static void test_many_nodes(void **state)
{
	(void)state;
	with_sample("jffs2_many.img", check_many);
}

/* Padding behind the last block belongs to nobody; what follows at once is not swallowed. */
static void test_extent(void **state)
{
	struct slice s = sample_read("jffs2_small.img");
	uint8_t *big = malloc(0x50000);
	struct bid bid = {0};

	(void)state;
	assert_non_null(big);
	memset(big, 0xff, 0x50000);
	memcpy(big, s.ptr, s.len);
	assert_int_equal(format_jffs2.bid(slice_of(big, 0x50000), &bid, NULL), OK);
	assert_int_equal(bid.size, 0x10000);
	memset(big + s.len, 'x', 0x50000 - s.len);
	assert_int_equal(format_jffs2.bid(slice_of(big, 0x50000), &bid, NULL), OK);
	assert_int_equal(bid.size, s.len);
	free(big);
	sample_free(s);
}

/* One marker is no proof, and a header whose CRC is wrong is nothing. */
static void test_score(void **state)
{
	struct slice s = sample_read("jffs2_history_le.img");
	struct bid bid = {0};
	uint8_t one[12];

	(void)state;
	assert_int_equal(format_jffs2.bid(slice_head(s, 12), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_STRUCTURE);
	memcpy(one, s.ptr, sizeof one);
	one[8] ^= 1;
	assert_int_not_equal(format_jffs2.bid(slice_of(one, sizeof one), &bid, NULL), OK);
	sample_free(s);
}

static void read_damaged(struct slice in)
{
	struct tree_read t;

	tree_read(&format_jffs2, in, &t);
	tree_release(&t);
}

static void test_damage(void **state)
{
	static const char *const names[] = {"jffs2_small.img", "jffs2_lies.img"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct slice s = sample_read(names[i]);

		assert_non_null(s.ptr);
		sweep_damage(s, read_damaged);
		sample_free(s);
	}
}

struct dump {
	const char *name;
	size_t at, size, files_n;
	const char *has;
};

/* Independently read: the number of paths, one of them with data. */
static const struct dump dumps[] = {
	{"digoo-full-8M.bin", 0x5e0000, 0x220000, 58, "/www/pem/ck.pem"},
	{"spycam-full.bin", 0x4c0000, 0x340000, 52, NULL},
	{"escamg02-full-8M.bin", 0x660000, 0x1a0000, 50, "/config_alarm.ini"},
	{"jffs2_le.img", 0, 0x10000, 4, "/testfile1"},
};

static void test_dumps(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dumps); i++) {
		const struct dump *d = &dumps[i];
		struct slice s = corpus_read(d->name);
		struct tree_read t;

		if (!s.ptr) {
			print_message("skipped: no %s in the corpus\n", d->name);
			continue;
		}
		tree_read(&format_jffs2, slice_from(s, d->at), &t);
		assert_int_equal(t.bid.score, BID_VERIFIED);
		assert_int_equal(t.bid.size, d->size);
		assert_int_equal(t.last, E_END);
		assert_int_equal(t.files_n, d->files_n);
		for (size_t k = 0; k < t.files_n; k++)
			assert_int_equal(t.files[k].err, OK);
		assert_true(!d->has || tree_find(&t, d->has)->data.len > 0);
		tree_release(&t);
		sample_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mkfs),       cmocka_unit_test(test_history),
		cmocka_unit_test(test_lies),       cmocka_unit_test(test_deep),
		cmocka_unit_test(test_gaps),       cmocka_unit_test(test_two_neighbours),
		cmocka_unit_test(test_many_nodes), cmocka_unit_test(test_extent),
		cmocka_unit_test(test_score),      cmocka_unit_test(test_damage),
		cmocka_unit_test(test_dumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
