// SPDX-License-Identifier: Apache-2.0
// Text from targets: split, numbers, globs, cleaning for records and terminals; JSON.

#include "support.h"

static struct buf out;

static void expect_out(const char *want)
{
	assert_true(slice_is(buf_slice(&out), want));
	buf_clear(&out);
}

static void test_split(void **state)
{
	struct slice rest = slice_text("a::b:"), f = {0};
	size_t n = 0;

	(void)state;
	while (text_field(&rest, ':', &f))
		n++;
	assert_int_equal(n, 4);
	assert_int_equal(f.len, 0);
	rest = slice_text("one\r\n\ntwo");
	assert_true(text_line(&rest, &f) && slice_is(f, "one"));
	assert_true(text_line(&rest, &f) && f.len == 0);
	assert_true(text_line(&rest, &f) && slice_is(f, "two"));
	assert_false(text_line(&rest, &f));
	rest = slice_text("  x \t yz ");
	assert_true(text_word(&rest, &f) && slice_is(f, "x"));
	assert_true(text_word(&rest, &f) && slice_is(f, "yz"));
	assert_false(text_word(&rest, &f));
}

static void test_numbers(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_int_equal(text_u64(slice_text("18446744073709551615"), 10, &v), OK);
	assert_true(v == UINT64_MAX);
	assert_int_equal(text_u64(slice_text("18446744073709551616"), 10, &v), E_RANGE);
	assert_int_equal(text_u64(slice_text(""), 10, &v), E_RANGE);
	assert_int_equal(text_u64(slice_text("-1"), 10, &v), E_RANGE);
	assert_int_equal(text_u64(slice_text("8"), 8, &v), E_RANGE);
	assert_int_equal(text_u64(slice_text("fF"), 16, &v), OK);
	assert_int_equal(v, 255);
}

static void test_glob(void **state)
{
	(void)state;
	assert_true(text_glob(slice_text("libssl.so.1.0"), "libssl.so*"));
	assert_true(text_glob(slice_text("abcbc"), "a*bc"));
	assert_true(text_glob(slice_text(""), "*"));
	assert_false(text_glob(slice_text(""), "?"));
	assert_false(text_glob(slice_text("aab"), "a*c"));
}

static void test_cleaning(void **state)
{
	(void)state;
	text_clean(&out, slice_text("a\x1b[31m\xff\x80"
				    "\t検\n"));
	expect_out("a\\x1b[31m\\xff\\x80\t検\\x0a");
	/* overlong '/', a surrogate, above U+10FFFF */
	text_clean(&out, slice_text("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80"));
	expect_out("\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80");
	/* C1 control and a right-to-left override */
	text_terminal(&out, slice_text("\xc2\x9b"
				       "a\xe2\x80\xae"
				       "b"));
	expect_out("\\xc2\\x9ba\\xe2\\x80\\xaeb");
}

static void test_json(void **state)
{
	struct jsonw j;

	(void)state;
	jsonw_init(&j, &out, 0);
	jsonw_object(&j);
	jsonw_put_text(&j, "k", "\"\\\n\x01\xff検");
	jsonw_key(&j, "l");
	jsonw_array(&j);
	jsonw_u64(&j, UINT64_MAX);
	jsonw_bool(&j, true);
	jsonw_null(&j);
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	expect_out("{\"k\":\"\\\"\\\\\\n\\u0001\xef\xbf\xbd検\",\"l\":[18446744073709551615,true,"
		   "null]}");
}

static void test_ceiling_is_sticky(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_text(&b, "abc");
	buf_text(&b, "de");
	assert_int_equal(b.err, E_LIMIT);
	buf_text(&b, "f");
	assert_true(slice_is(buf_slice(&b), "abc"));
	buf_release(&b);
}

/* Every byte at every place of a text longer than what is looked at in one go. */
static void test_plain_len(void **state)
{
	uint8_t bytes[21];

	(void)state;
	for (size_t len = 0; len <= sizeof bytes; len++) {
		memset(bytes, 'a', sizeof bytes);
		assert_int_equal(text_plain_len(slice_of(bytes, len)), len);
		for (size_t at = 0; at < len; at++) {
			for (unsigned c = 0; c < 256; c++) {
				bytes[at] = (uint8_t)c;
				assert_int_equal(text_plain_len(slice_of(bytes, len)),
						 c >= 0x20 && c < 0x7f ? len : at);
			}
			bytes[at] = 'a';
		}
	}
}

static void test_join(void **state)
{
	const struct slice parts[] = {slice_text("a"), {0}, slice_text(":"), slice_text("bc")};
	struct arena a;
	struct slice got = {0};

	(void)state;
	arena_init(&a, 1 * MiB);
	got = arena_join(&a, parts, ARRAY_LEN(parts));
	assert_true(slice_is(got, "a:bc"));
	assert_int_equal(((const char *)got.ptr)[got.len], '\0');
	assert_int_equal(arena_join(&a, parts, 0).len, 0);
	arena_release(&a);
	arena_init(&a, 4);
	assert_null(arena_join(&a, parts, ARRAY_LEN(parts)).ptr);
	arena_release(&a);
}

static void test_digest_of_parts(void **state)
{
	const struct slice parts[] = {slice_text("kensa"), {0}, slice_text(" feed")};
	uint8_t want[SHA256_LEN], got[SHA256_LEN];

	(void)state;
	digest_sha256_raw(slice_text("kensa feed"), want);
	assert_int_equal(digest_sha256_parts(parts, ARRAY_LEN(parts), got), OK);
	assert_memory_equal(got, want, SHA256_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_glob),
		cmocka_unit_test(test_cleaning),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_ceiling_is_sticky),
		cmocka_unit_test(test_plain_len),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_digest_of_parts),
	};

	buf_init(&out, 1 * MiB);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
