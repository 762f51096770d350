// SPDX-License-Identifier: Apache-2.0
// Every codec and stream format: good streams, damage, bombs, properties that liblzma refuses.

#include "support.h"

#include <stdlib.h>

#include "format/codec_lz4.h"
#include "format/format.h"

struct kind {
	const char *ending, *format;
	enum err (*codec)(struct slice in, struct buf *out, size_t *used);
};

static const struct kind kinds[] = {
	{"xz", "xz", codec_xz},
	{"lzma", "lzma", codec_lzma},
	{"bz2", "bzip2", codec_bzip2},
	{"zst", "zstd", codec_zstd},
	{"legacy.lz4", "lz4", codec_lz4_legacy},
	{"lz4", "lz4", codec_lz4_frame},
};

static struct slice sample_of(const char *stem, const char *ending)
{
	struct buf name;

	buf_init(&name, 1 * KiB);
	buf_print(&name, "%s.%s", stem, ending);
	buf_byte(&name, 0);

	struct slice s = sample_read((const char *)name.data);

	buf_release(&name);
	assert_non_null(s.ptr);
	return s;
}

/* `s` and four bytes that are not its own. */
static void with_tail(struct slice s, struct buf *out)
{
	buf_init(out, 16 * MiB);
	buf_add(out, s);
	buf_add(out, slice_of("\0\0\0\0", 4));
}

static void test_good(void **state)
{
	struct slice want = sample_read("payload");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct slice good = sample_of("payload", kinds[i].ending);
		struct buf in, out;
		size_t used = 0;
		struct bid bid = {0};

		with_tail(good, &in);
		buf_init(&out, 1 * MiB);
		assert_int_equal(kinds[i].codec(buf_slice(&in), &out, &used), OK);
		assert_true(slice_eq(buf_slice(&out), want));
		assert_int_equal(used, good.len);

		const struct format *f = format_auction(buf_slice(&in), BID_VERIFIED, &bid, NULL);

		assert_non_null(f);
		assert_string_equal(f->name, kinds[i].format);
		assert_int_equal(bid.size, good.len);
		buf_release(&in);
		buf_release(&out);
		sample_free(good);
	}
	sample_free(want);
}

/* A ceiling of just the output is enough, one byte less is E_LIMIT and never an overrun. */
static void test_ceiling(void **state)
{
	struct slice want = sample_read("payload");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct slice good = sample_of("payload", kinds[i].ending);
		struct buf out;

		buf_init(&out, want.len);
		assert_int_equal(kinds[i].codec(good, &out, NULL), OK);
		assert_true(slice_eq(buf_slice(&out), want));
		buf_release(&out);

		buf_init(&out, want.len - 1);
		assert_int_equal(kinds[i].codec(good, &out, NULL), E_LIMIT);
		buf_release(&out);
		sample_free(good);
	}
	sample_free(want);
}

static void test_prefix_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct slice good = sample_of("small", kinds[i].ending);

		for (size_t n = 0; n < good.len; n++) {
			struct buf out;

			buf_init(&out, 64 * KiB);
			assert_int_not_equal(kinds[i].codec(slice_head(good, n), &out, NULL), OK);
			buf_release(&out);
		}
		sample_free(good);
	}
}

static void read_damaged(struct slice in)
{
	struct bid bid = {0};

	if (format_auction(in, BID_MAGIC, &bid, NULL))
		assert_true(bid.size <= in.len);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct buf out;
		size_t used = 0;

		buf_init(&out, 64 * KiB);
		if (kinds[i].codec(in, &out, &used) == OK)
			assert_true(out.len <= 64 * KiB);
		assert_true(used <= in.len);
		buf_release(&out);
	}
}

static void test_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct slice good = sample_of("small", kinds[i].ending);

		sweep_damage(good, read_damaged);
		sample_free(good);
	}
}

static void test_legacy_chunks(void **state)
{
	struct slice good = sample_of("zeros", "legacy.lz4");
	struct slice want = sample_read("zeros");
	struct buf in, out;
	size_t used = 0;

	(void)state;
	/* as kernels have it: the unpacked size behind the last chunk */
	buf_init(&in, 1 * MiB);
	buf_add(&in, good);
	buf_u32le(&in, (uint32_t)want.len);
	buf_init(&out, 16 * MiB);
	assert_int_equal(codec_lz4_legacy(buf_slice(&in), &out, &used), OK);
	assert_int_equal(used, good.len);
	assert_true(slice_eq(buf_slice(&out), want));
	buf_release(&in);
	buf_release(&out);
	sample_free(good);
	sample_free(want);
}

static void test_bomb(void **state)
{
	struct slice bomb = sample_read("bomb.zst");
	struct buf out;

	(void)state;
	buf_init(&out, LIMIT_OBJECT_BYTES);
	assert_int_equal(codec_zstd(bomb, &out, NULL), E_LIMIT);
	assert_true(out.len < LIMIT_OBJECT_BYTES);
	buf_release(&out);
	sample_free(bomb);
}

/* 7z's container: its one packed stream lies at 32 and is as long as the number at 12 says. */
static void check_properties(const char *name, uint8_t properties, bool has_marker)
{
	struct slice file = sample_read(name), want = sample_read("payload"), raw = {0};
	struct cursor c = cursor_at(file, 12);
	struct buf in, out;
	size_t used = 0;

	assert_int_equal(slice_cut(file, 32, cursor_u64le(&c), &raw), OK);
	buf_init(&out, 1 * MiB);
	buf_init(&in, 1 * MiB);
	assert_int_equal(codec_lzma_raw(raw, properties, 1 << 20, want.len, &out, &used), OK);
	assert_true(slice_eq(buf_slice(&out), want));
	assert_true(has_marker || used == raw.len);

	buf_byte(&in, properties);
	buf_u32le(&in, 1 << 20);
	buf_u64le(&in, has_marker ? UINT64_MAX : want.len);
	buf_add(&in, raw);
	buf_clear(&out);
	assert_int_equal(codec_lzma(buf_slice(&in), &out, &used), OK);
	assert_true(slice_eq(buf_slice(&out), want));
	assert_int_equal(used, in.len);

	struct bid bid = {0};

	assert_int_equal(format_lzma.bid(buf_slice(&in), &bid, NULL), OK);
	for (size_t n = 0; n < in.len; n += 97) {
		buf_clear(&out);
		assert_int_not_equal(codec_lzma(slice_head(buf_slice(&in), n), &out, NULL), OK);
	}
	for (size_t i = 13; i < in.len; i += 31) {
		in.data[i] ^= 0x55;
		buf_clear(&out);
		if (codec_lzma(buf_slice(&in), &out, NULL) == OK)
			assert_true(out.len <= want.len);
		in.data[i] ^= 0x55;
	}
	buf_release(&in);
	buf_release(&out);
	sample_free(want);
	sample_free(file);
}

static void test_every_property(void **state)
{
	static const struct {
		const char *name;
		unsigned lc, lp, pb;
		bool has_marker;
	} rows[] = {
		{"wide-8-4-4.7z", 8, 4, 4, false},    {"wide-8-0-2.7z", 8, 0, 2, false},
		{"wide-0-4-0.7z", 0, 4, 0, false},    {"wide-3-2-1.7z", 3, 2, 1, false},
		{"wide-4-4-2.7z", 4, 4, 2, false},    {"wide-3-0-2-eos.7z", 3, 0, 2, true},
		{"wide-8-4-4-eos.7z", 8, 4, 4, true},
	};
	struct slice probe = sample_read(rows[0].name);

	(void)state;
	if (!probe.ptr) {
		print_message("skipped: 7z (p7zip-full) is not installed\n");
		skip();
	}
	sample_free(probe);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_properties(rows[i].name,
				 (uint8_t)((rows[i].pb * 5 + rows[i].lp) * 9 + rows[i].lc),
				 rows[i].has_marker);
}

/* No noise, no zeros and no counters look like LZMA. */
static void test_lzma_false_friends(void **state)
{
	struct slice noise = sample_of("payload", "xz");
	uint8_t zeros[4096] = {0x5d, 0, 0, 0x80, 0, 0, 0x10};
	struct bid bid = {0};

	(void)state;
	assert_int_equal(format_lzma.bid(slice_of(zeros, sizeof zeros), &bid, NULL), E_MAGIC);
	for (size_t i = 0; i < noise.len; i++)
		assert_int_not_equal(format_lzma.bid(slice_from(noise, i), &bid, NULL), OK);
	/* a good header over noise */
	for (size_t i = 0; i + 1024 < noise.len; i++) {
		struct buf in;

		buf_init(&in, 64 * KiB);
		buf_add(&in, slice_of("\x5d\0\0\x80\0\0\x10\0\0\0\0\0\0\0", 14));
		buf_add(&in, slice_from(noise, i));
		assert_int_not_equal(format_lzma.bid(buf_slice(&in), &bid, NULL), OK);
		buf_release(&in);
	}
	sample_free(noise);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_prefix_is_refused),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_legacy_chunks),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_every_property),
		cmocka_unit_test(test_lzma_false_friends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
