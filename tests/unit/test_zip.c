// SPDX-License-Identifier: Apache-2.0
// ZIP: names, links, ids, encryption, what stands before and behind it, damage, and lies.

#include "walk.h"

#include <unistd.h>

static void test_tree(void **state)
{
	struct slice in = sample_read("tree.zip"), tool = sample_read("tree/bin/tool");
	struct bid bid = {0};
	struct walk w;
	const struct entry *e = NULL;

	(void)state;
	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_zip);
	assert_true(walk_begin(&w, &format_zip, in));
	assert_int_equal(w.end, E_END);
	assert_int_equal(w.bid.size, in.len);
	assert_true(
		walk_holds(&w, "/tree/etc/passwd", slice_text("root:x:0:0:root:/root:/bin/sh\n")));
	assert_true(walk_holds(&w, "/tree/bin/tool", tool));
	assert_int_equal(walk_find(&w, "/tree/bin/tool")->mode, 04755);
	assert_true(walk_holds(&w, "/tree/etc/日本.txt", slice_text("name\n")));
	e = walk_find(&w, "/tree/bin/alias");
	assert_int_equal(e->type, ENTRY_LINK);
	assert_true(slice_is(e->link, "tool"));
	assert_int_equal(walk_find(&w, "/tree/etc")->type, ENTRY_DIR);
	walk_end(&w);
	sample_free(in);
	sample_free(tool);
}

static void test_ids(void **state)
{
	struct slice in = sample_read("tree.ids.zip");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_zip, in));
	assert_int_equal(walk_find(&w, "/tree/etc/passwd")->uid, (uint32_t)getuid());
	assert_int_equal(walk_find(&w, "/tree/etc/passwd")->gid, (uint32_t)getgid());
	walk_end(&w);
	sample_free(in);
}

static void test_encrypted_is_said(void **state)
{
	struct slice in = sample_read("tree.locked.zip");
	struct walk w;
	struct buf b;

	(void)state;
	assert_true(walk_begin(&w, &format_zip, in));
	assert_int_equal(w.n, 1);
	assert_int_equal(w.entries[0].damage.code, E_UNSUPPORTED);
	assert_int_equal(walk_read(&w, &w.entries[0], &b), E_UNSUPPORTED);
	buf_release(&b);
	walk_end(&w);
	sample_free(in);
}

/* Sizes stand behind the data of a stream, so only the directory knows them. */
static void test_stream(void **state)
{
	struct slice in = sample_read("tree.stream.zip"), tool = sample_read("tree/bin/tool");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_zip, in));
	assert_true(walk_holds(&w, "/-", tool));
	walk_end(&w);
	sample_free(in);
	sample_free(tool);
}

static void test_behind_a_program(void **state)
{
	struct slice in = sample_read("tree.sfx"), plain = sample_read("tree.zip");
	struct slice zip = slice_from(in, 5000);
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_zip, zip));
	assert_int_equal(w.bid.size, plain.len);
	assert_true(
		walk_holds(&w, "/tree/etc/passwd", slice_text("root:x:0:0:root:/root:/bin/sh\n")));
	walk_end(&w);
	sample_free(in);
	sample_free(plain);
}

static void test_bytes_behind_are_not_its_own(void **state)
{
	struct slice in = sample_read("tree.zip");
	uint8_t *p = calloc(1, in.len * 2);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	memcpy(&p[in.len], in.ptr, in.len);
	assert_int_equal(format_zip.bid(slice_of(p, in.len * 2), &bid, NULL), OK);
	assert_int_equal(bid.size, in.len);
	/* A member's header alone, or one that is no longer the first, is no archive. */
	assert_int_not_equal(format_zip.bid(slice_of(p, in.len - 23), &bid, NULL), OK);
	free(p);
	sample_free(in);
}

static void test_wrong_crc_is_refused(void **state)
{
	struct slice in = sample_read("tree.zip");
	uint8_t *p = malloc(in.len);
	struct walk w;
	struct buf b;
	size_t at = slice_find(in, slice_text("root:x"), 0);

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	if (at == SLICE_NONE) /* deflated: change its CRC-32 in the directory instead */
		at = slice_find(in, slice_text("PK\x01\x02"), 0) + 16;
	p[at] ^= 1;
	assert_true(walk_begin(&w, &format_zip, slice_of(p, in.len)));
	size_t wrong = 0;
	for (size_t i = 0; i < w.n; i++) {
		wrong += walk_read(&w, &w.entries[i], &b) == E_CHECKSUM;
		buf_release(&b);
	}
	assert_int_equal(wrong, 1);
	walk_end(&w);
	free(p);
	sample_free(in);
}

static void read_damaged(struct slice in)
{
	walk_all(&format_zip, in);
}

static void test_damage(void **state)
{
	struct slice in = sample_read("tree.small.zip");

	(void)state;
	assert_non_null(in.ptr);
	sweep_damage(in, read_damaged);
	sample_free(in);
}

/* Ends of directories all over, none of them true: few are looked at. */
static void test_many_false_ends(void **state)
{
	enum { N = 8 * 1024 * 1024 };
	uint8_t *p = calloc(1, N);
	struct bid bid = {0};

	(void)state;
	assert_non_null(p);
	for (size_t i = 64; i + 32 < N; i += 32) {
		memcpy(&p[i], "PK\x05\x06", 4);
		p[i + 8] = p[i + 10] = 1;
	}
	memcpy(p, "PK\x03\x04", 4);
	assert_int_equal(format_zip.bid(slice_of(p, N), &bid, NULL), E_LIMIT);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_encrypted_is_said),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_behind_a_program),
		cmocka_unit_test(test_bytes_behind_are_not_its_own),
		cmocka_unit_test(test_wrong_crc_is_refused),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_many_false_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
