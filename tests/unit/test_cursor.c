// SPDX-License-Identifier: Apache-2.0
// Slices and cursors at their edges.

#include "support.h"

static void test_reads_both_orders(void **state)
{
	struct cursor c = {.in = slice_of("\x01\x02\x03\x04\x05\x06\x07\x08", 8)};

	(void)state;
	assert_int_equal(cursor_u16le(&c), 0x0201);
	assert_int_equal(cursor_u16be(&c), 0x0304);
	assert_int_equal(cursor_u32be(&c), 0x05060708);
	assert_int_equal(c.err, OK);
	assert_int_equal(cursor_left(&c), 0);
}

static void test_error_is_sticky(void **state)
{
	struct cursor c = {.in = slice_of("\xff\xff\xff", 3)};

	(void)state;
	assert_int_equal(cursor_u32le(&c), 0);
	assert_int_equal(c.err, E_SHORT);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_take(&c, 1).len, 0);
}

static void test_cut_cannot_wrap(void **state)
{
	struct slice in = slice_of("abcd", 4), out = {0};

	(void)state;
	assert_int_equal(slice_cut(in, 4, 0, &out), OK);
	assert_int_equal(slice_cut(in, 5, 0, &out), E_SHORT);
	assert_int_equal(slice_cut(in, 1, UINT64_MAX, &out), E_SHORT);
	assert_int_equal(slice_cut(in, UINT64_MAX, 1, &out), E_SHORT);
	assert_int_equal(slice_cut(in, 1, 3, &out), OK);
	assert_true(slice_is(out, "bcd"));
}

static void test_find(void **state)
{
	struct slice hay = slice_text("aabaaab");

	(void)state;
	assert_int_equal(slice_find(hay, slice_text("aaab"), 0), 3);
	assert_int_equal(slice_find(hay, slice_text("b"), 3), 6);
	assert_true(slice_find(hay, slice_text("c"), 0) == SLICE_NONE);
	assert_true(slice_find(hay, slice_text(""), 0) == SLICE_NONE);
	assert_true(slice_find(hay, hay, 1) == SLICE_NONE);
}

static void test_varint(void **state)
{
	const uint64_t values[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
	const uint8_t wide[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
	struct buf b;

	(void)state;
	buf_init(&b, 1 * KiB);
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		buf_clear(&b);
		buf_varint(&b, values[i]);
		for (size_t n = 0; n <= b.len; n++) {
			struct cursor c = {.in = slice_head(buf_slice(&b), n)}, small = c;

			assert_true(cursor_varint(&c) == (n < b.len ? 0 : values[i]));
			assert_int_equal(c.err, n < b.len ? E_SHORT : OK);
			(void)cursor_varint32(&small);
			assert_true(n < b.len ||
				    small.err == (values[i] > UINT32_MAX ? E_RANGE : OK));
		}
	}

	struct cursor c = {.in = slice_of(wide, sizeof wide)};

	assert_true(cursor_varint(&c) == 0);
	assert_int_equal(c.err, E_RANGE);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_both_orders),
		cmocka_unit_test(test_error_is_sticky),
		cmocka_unit_test(test_cut_cannot_wrap),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_varint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
