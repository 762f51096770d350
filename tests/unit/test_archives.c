// SPDX-License-Identifier: Apache-2.0
// What libarchive reads: 7z, ISO 9660, ar, cab. Reading in any order, damage.

#include "walk.h"

#define PASSWD "root:x:0:0:root:/root:/bin/sh\n"

static void check(const char *name, const struct format *f, const char *passwd, const char *tool)
{
	struct slice in = sample_read(name), want = sample_read("tree/bin/tool");
	struct bid bid = {0};
	struct walk w;

	assert_ptr_equal(format_auction(in, BID_STRUCTURE, &bid, NULL), f);
	assert_true(bid.size == in.len || f == &format_iso9660);
	assert_true(walk_begin(&w, f, in));
	assert_int_equal(w.end, E_END);
	for (unsigned i = 0; i < 3; i++) { /* forwards, back, again */
		assert_true(walk_holds(&w, tool, want));
		assert_true(walk_holds(&w, passwd, slice_text(PASSWD)));
	}
	walk_end(&w);
	sample_free(in);
	sample_free(want);
}

static void test_good(void **state)
{
	(void)state;
	check("tree.7z", &format_sevenzip, "/tree/etc/passwd", "/tree/bin/tool");
	check("tree.iso", &format_iso9660, "/tree/etc/passwd", "/tree/bin/tool");
	check("tree.ar", &format_ar, "/passwd", "/tool");
	check("tree.cab", &format_cab, "/tree/etc/passwd", "/tree/bin/tool");
}

static void test_links(void **state)
{
	struct slice in = sample_read("tree.iso"), tool = sample_read("tree/bin/tool");
	struct walk w;
	const struct entry *e = NULL;

	(void)state;
	assert_true(walk_begin(&w, &format_iso9660, in));
	e = walk_find(&w, "/tree/bin/alias");
	assert_int_equal(e->type, ENTRY_LINK);
	assert_true(slice_is(e->link, "tool"));
	assert_true(walk_holds(&w, "/tree/bin/twin", tool));
	assert_int_equal(walk_find(&w, "/tree/bin/twin")->type, ENTRY_FILE);
	walk_end(&w);
	sample_free(in);
	sample_free(tool);
}

static void test_buffer_ceiling_is_kept(void **state)
{
	struct slice in = sample_read("tree.7z");
	struct walk w;
	struct buf b;

	(void)state;
	assert_true(walk_begin(&w, &format_sevenzip, in));
	buf_init(&b, 1000);
	assert_int_equal(format_sevenzip.read(w.state, walk_find(&w, "/tree/bin/tool"), &b, NULL),
			 E_LIMIT);
	assert_int_equal(b.len, 1000);
	buf_release(&b);
	buf_init(&b, strlen(PASSWD));
	assert_int_equal(format_sevenzip.read(w.state, walk_find(&w, "/tree/etc/passwd"), &b, NULL),
			 OK);
	buf_release(&b);
	walk_end(&w);
	sample_free(in);
}

static void read_sevenzip(struct slice in)
{
	walk_all(&format_sevenzip, in);
}

static void read_ar(struct slice in)
{
	walk_all(&format_ar, in);
}

static void read_cab(struct slice in)
{
	walk_all(&format_cab, in);
}

static void test_damage(void **state)
{
	struct slice sevenzip = sample_read("small.7z"), ar = sample_read("small.ar"),
		     cab = sample_read("small.cab");

	(void)state;
	sweep_damage(sevenzip, read_sevenzip);
	sweep_damage(ar, read_ar);
	sweep_damage(cab, read_cab);
	sample_free(sevenzip);
	sample_free(ar);
	sample_free(cab);
}

static void test_iso_cut(void **state)
{
	struct slice in = sample_read("tree.iso");

	(void)state;
	for (size_t n = 0; n < in.len; n += 2048 * 3 + 1)
		walk_all(&format_iso9660, slice_head(in, n));
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_buffer_ceiling_is_kept),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_iso_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
