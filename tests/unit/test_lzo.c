// SPDX-License-Identifier: Apache-2.0
// LZO1X and lzop's container: what lzop packs comes back, and every damage to it comes back clean.

#include "support.h"

#include <stdio.h>

#include "format/codec.h"
#include "format/format.h"

enum { LZOP_BLOCK = 256 * 1024 };

static void check_raw(const char *packed, const char *plain)
{
	struct slice in = sample_read(packed), want = sample_read(plain);
	struct buf out;
	size_t used = 0;

	assert_non_null(in.ptr);
	assert_non_null(want.ptr);
	buf_init(&out, 1 * MiB);
	buf_text(&out, "before");
	assert_int_equal(codec_lzo1x(in, &out, &used), OK);
	assert_int_equal(used, in.len);
	assert_true(slice_eq(slice_from(buf_slice(&out), 6), slice_head(want, LZOP_BLOCK)));
	buf_release(&out);
	sample_free(in);
	sample_free(want);
}

static void test_raw(void **state)
{
	(void)state;
	check_raw("lzo_text.1.raw", "lzo_text");
	check_raw("lzo_text.9.raw", "lzo_text");
	check_raw("lzo_zeros.1.raw", "lzo_zeros");
	check_raw("lzo_zeros.9.raw", "lzo_zeros");
	check_raw("lzo_short.1.raw", "lzo_short");
	check_raw("lzo_short.9.raw", "lzo_short");
}

static enum err decode(const char *bytes, size_t n, size_t ceiling, struct buf *out)
{
	buf_init(out, ceiling);
	return codec_lzo1x(slice_of(bytes, n), out, NULL);
}

/* Instructions by hand, from the description of the format. */
static void test_instructions(void **state)
{
	struct buf out;

	(void)state;
	assert_int_equal(decode("\x11\0\0", 3, 100, &out), OK);
	assert_int_equal(out.len, 0);
	buf_release(&out);
	/* two literals; two bytes from a distance of 2, one literal behind */
	assert_int_equal(decode("\x13"
				"ab"
				"\x05\x00"
				"c"
				"\x11\0\0",
				9, 100, &out),
			 OK);
	assert_true(slice_is(buf_slice(&out), "ababc"));
	buf_release(&out);
	/* one literal, then 3 + 31 + 4 - 1 more of it */
	assert_int_equal(decode("\x12"
				"x"
				"\x20\x04\x00\x00"
				"\x11\0\0",
				9, 100, &out),
			 OK);
	assert_int_equal(out.len, 1 + 2 + 31 + 4);
	buf_release(&out);
}

static void test_lies(void **state)
{
	struct buf out;

	(void)state;
	/* a distance before the start of the output */
	assert_int_equal(decode("\x12"
				"x"
				"\x21\x04\x00"
				"\x11\0\0",
				8, 100, &out),
			 E_CORRUPT);
	buf_release(&out);
	/* more output than the ceiling */
	assert_int_equal(decode("\x12"
				"x"
				"\x20\x00\x00\x00\xff\x00\x00"
				"\x11\0\0",
				12, 100, &out),
			 E_LIMIT);
	buf_release(&out);
	/* a length that never ends, no end of the stream, no stream */
	assert_int_equal(decode("\x12x\x20\0\0\0\0", 7, 100, &out), E_SHORT);
	buf_release(&out);
	assert_int_equal(decode("\x13"
				"ab",
				3, 100, &out),
			 E_SHORT);
	buf_release(&out);
	assert_int_equal(decode("", 0, 100, &out), E_SHORT);
	buf_release(&out);
}

static void read_raw(struct slice in)
{
	struct buf out;

	buf_init(&out, 64 * KiB);
	assert_int_not_equal(codec_lzo1x(in, &out, NULL), E_NOMEM);
	assert_true(out.len <= 64 * KiB);
	buf_release(&out);
}

static void sweep(const char *name, void (*read)(struct slice in))
{
	struct slice s = sample_read(name);

	assert_non_null(s.ptr);
	sweep_damage(s, read);
	sample_free(s);
}

static void test_raw_damage(void **state)
{
	(void)state;
	sweep("lzo_short.1.raw", read_raw);
	sweep("lzo_short.9.raw", read_raw);
	sweep("lzo_zeros.9.raw", read_raw);
}

static enum err unpack(struct slice in, struct buf *out, struct bid *bid)
{
	struct arena a;
	struct entry e;
	void *state = NULL;
	enum err err = format_lzop.bid(in, bid, NULL);

	if (err)
		return err;
	arena_init(&a, 1 * MiB);
	assert_int_equal(format_lzop.open(slice_head(in, bid->size), &a, &state, NULL), OK);
	assert_int_equal(format_lzop.next(state, &e, NULL), OK);
	err = format_lzop.read(state, &e, out, NULL);
	assert_int_equal(format_lzop.next(state, &e, NULL), E_END);
	arena_release(&a);
	return err;
}

static void check_lzop(const char *name, const char *kind)
{
	char path[64];
	struct slice in, want;
	struct bid bid = {0};
	struct buf out;

	(void)snprintf(path, sizeof path, "lzo_%s.%s.lzo", name, kind);
	in = sample_read(path);
	(void)snprintf(path, sizeof path, "lzo_%s", name);
	want = sample_read(path);
	assert_non_null(in.ptr);
	buf_init(&out, 4 * MiB);
	assert_int_equal(unpack(in, &out, &bid), OK);
	assert_int_equal(bid.size, in.len);
	assert_int_equal(bid.score, BID_VERIFIED);
	assert_true(slice_eq(buf_slice(&out), want));
	buf_release(&out);
	sample_free(in);
	sample_free(want);
}

static void test_lzop(void **state)
{
	static const char *const names[] = {"text", "zeros", "noise", "one", "short"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		check_lzop(names[i], "1");
		check_lzop(names[i], "9");
	}
	check_lzop("short", "unchecked");
}

static void read_lzop(struct slice in)
{
	struct slice want = sample_read("lzo_short");
	struct bid bid = {0};
	struct buf out;

	buf_init(&out, 64 * KiB);
	if (unpack(in, &out, &bid) == OK)
		assert_true(slice_eq(buf_slice(&out), want));
	buf_release(&out);
	sample_free(want);
}

static void test_lzop_damage(void **state)
{
	(void)state;
	sweep("lzo_short.9.lzo", read_lzop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raw),  cmocka_unit_test(test_instructions),
		cmocka_unit_test(test_lies), cmocka_unit_test(test_raw_damage),
		cmocka_unit_test(test_lzop), cmocka_unit_test(test_lzop_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
