// SPDX-License-Identifier: Apache-2.0
// gzip: a good member, every damage to it.

#include "support.h"

#include "format/format.h"

/* printf hello | gzip -n -9, with trailing bytes that are not its own */
static const uint8_t hello[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd,
	0xc9, 0xc9, 0x07, 0x00, 0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
};

static enum err unpack(struct slice in, struct buf *out)
{
	struct bid bid = {0};
	struct arena a;
	struct entry e;
	void *state = NULL;
	enum err err = format_gzip.bid(in, &bid, NULL);

	if (err)
		return err;
	arena_init(&a, 1 * MiB);
	assert_int_equal(format_gzip.open(slice_head(in, bid.size), &a, &state, NULL), OK);
	assert_int_equal(format_gzip.next(state, &e, NULL), OK);
	err = format_gzip.read(state, &e, out, NULL);
	assert_int_equal(format_gzip.next(state, &e, NULL), E_END);
	arena_release(&a);
	return err;
}

static void test_good(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 * MiB);
	assert_int_equal(unpack(slice_of(hello, sizeof hello), &out), OK);
	assert_true(slice_is(buf_slice(&out), "hello"));
	buf_release(&out);
}

static void read_damaged(struct slice in)
{
	struct buf out;

	buf_init(&out, 1 * MiB);
	if (unpack(in, &out) == OK)
		assert_true(slice_is(buf_slice(&out), "hello"));
	buf_release(&out);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_of(hello, sizeof hello), read_damaged);
}

static void test_prefix_is_refused(void **state)
{
	struct bid bid = {0};

	(void)state;
	for (size_t n = 0; n < sizeof hello; n++)
		assert_int_not_equal(format_gzip.bid(slice_of(hello, n), &bid, NULL), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_prefix_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
