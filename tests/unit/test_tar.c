// SPDX-License-Identifier: Apache-2.0
// tar in its dialects: names, links, ids, damage, and lies.

#include "walk.h"

enum { BLOCK = 512 };

static void check_common(struct walk *w, const char *root)
{
	struct slice tool = sample_read("tree/bin/tool");
	char path[256];
	const struct entry *e = NULL;

	snprintf(path, sizeof path, "%s/bin/tool", root);
	assert_true(walk_holds(w, path, tool));
	assert_int_equal(walk_find(w, path)->mode, 04755);
	assert_int_equal(walk_find(w, path)->uid, 7);
	assert_int_equal(walk_find(w, path)->gid, 8);
	snprintf(path, sizeof path, "%s/bin/twin", root);
	assert_int_equal(walk_find(w, path)->type, ENTRY_FILE);
	assert_true(walk_holds(w, path, tool));
	snprintf(path, sizeof path, "%s/bin/alias", root);
	e = walk_find(w, path);
	assert_int_equal(e->type, ENTRY_LINK);
	assert_true(slice_is(e->link, "tool"));
	snprintf(path, sizeof path, "%s/etc", root);
	assert_int_equal(walk_find(w, path)->type, ENTRY_DIR);
	snprintf(path, sizeof path, "%s/etc/日本.txt", root);
	assert_true(walk_holds(w, path, slice_text("name\n")));
	sample_free(tool);
}

static const struct entry *find_leaf(const struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (slice_ends(w->entries[i].path, "/1039/1040/leaf"))
			return &w->entries[i];
	return NULL;
}

static void check(const char *name, const char *root)
{
	struct slice in = sample_read(name);
	struct bid bid = {0};
	struct walk w;
	struct buf b;

	assert_ptr_equal(format_auction(in, BID_VERIFIED, &bid, NULL), &format_tar);
	assert_true(walk_begin(&w, &format_tar, in));
	assert_string_equal(w.bid.how, "header checksums");
	assert_true(w.bid.size <= in.len && in.len - w.bid.size < 20 * BLOCK);
	assert_int_equal(w.end, E_END);
	check_common(&w, root);
	assert_non_null(find_leaf(&w));
	assert_true(find_leaf(&w)->path.len > 100);
	assert_int_equal(walk_read(&w, find_leaf(&w), &b), OK);
	assert_true(slice_is(buf_slice(&b), "deep\n"));
	buf_release(&b);
	walk_end(&w);
	sample_free(in);
}

static void test_dialects(void **state)
{
	(void)state;
	check("tree.ustar.tar", "/tree");
	check("tree.gnu.tar", "/tree");
	check("tree.pax.tar", "/tree");
	check("tree.dot.tar", "");
}

static void test_size_ends_behind_two_zero_blocks(void **state)
{
	struct slice in = sample_read("tree.sparse.tar");
	uint8_t *p = malloc(in.len + BLOCK);
	struct bid whole = {0}, more = {0};

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	memset(&p[in.len], 0xaa, BLOCK);
	assert_int_equal(format_tar.bid(in, &whole, NULL), OK);
	assert_int_equal(format_tar.bid(slice_of(p, in.len + BLOCK), &more, NULL), OK);
	assert_int_equal(whole.size, more.size);
	assert_int_equal(whole.size % BLOCK, 0);
	free(p);
	sample_free(in);
}

static void test_sparse_is_said(void **state)
{
	struct slice in = sample_read("tree.sparse.tar");
	struct walk w;

	(void)state;
	assert_true(walk_begin(&w, &format_tar, in));
	assert_int_equal(w.entries[0].damage.code, E_UNSUPPORTED);
	walk_end(&w);
	sample_free(in);
}

static void test_cut_member_is_damage(void **state)
{
	struct slice in = sample_read("tree.ustar.tar");
	struct walk w;
	const struct entry *e = NULL;
	size_t at = 0;

	(void)state;
	assert_true(walk_begin(&w, &format_tar, in));
	at = (size_t)walk_find(&w, "/tree/bin/tool")->key + 100;
	walk_end(&w);
	assert_true(walk_begin(&w, &format_tar, slice_head(in, at)));
	assert_non_null(strstr(w.bid.how, "cut short"));
	assert_int_equal(w.bid.size, at);
	e = walk_find(&w, "/tree/bin/tool");
	assert_int_equal(e->damage.code, E_SHORT);
	walk_end(&w);
	sample_free(in);
}

static void test_damaged_header_is_not_the_end(void **state)
{
	struct slice in = sample_read("tree.ustar.tar");
	uint8_t *p = malloc(in.len);
	struct walk w;

	(void)state;
	assert_non_null(p);
	memcpy(p, in.ptr, in.len);
	p[BLOCK] ^= 1;
	assert_true(walk_begin(&w, &format_tar, slice_of(p, in.len)));
	assert_int_equal(w.n, 1);
	assert_int_equal(w.end, E_CORRUPT);
	assert_non_null(strstr(w.bid.how, "damaged"));
	p[0] ^= 1;
	walk_end(&w);
	assert_false(walk_begin(&w, &format_tar, slice_of(p, in.len)));
	free(p);
	sample_free(in);
}

static void read_damaged(struct slice in)
{
	walk_all(&format_tar, in);
}

static void test_damage(void **state)
{
	struct slice in = sample_read("tree.small.tar");

	(void)state;
	assert_non_null(in.ptr);
	sweep_damage(slice_head(in, 7 * BLOCK), read_damaged);
	sample_free(in);
}

static void test_corpus(void **state)
{
	struct slice in = corpus_read("firmware/iotgoat-overlay-files.tar");
	struct walk w;
	struct buf b;

	(void)state;
	assert_true(walk_begin(&w, &format_tar, in));
	assert_int_equal(w.end, E_END);
	assert_int_equal(walk_read(&w, &w.entries[w.n - 1], &b), OK);
	buf_release(&b);
	walk_end(&w);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_size_ends_behind_two_zero_blocks),
		cmocka_unit_test(test_sparse_is_said),
		cmocka_unit_test(test_cut_member_is_damage),
		cmocka_unit_test(test_damaged_header_is_not_the_end),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
