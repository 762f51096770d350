// SPDX-License-Identifier: Apache-2.0
// JSON piece by piece: what is JSON is taken, what is not is refused with its place.

#include "support.h"

#include <stdio.h>
#include <string.h>

/* The whole document passed over. */
static enum err pass(const char *text, struct fault *why)
{
	struct arena a;
	struct jsonr j;
	enum err e;

	arena_init(&a, 1 * MiB);
	jsonr_init(&j, slice_text(text), &a);
	(void)jsonr_skip(&j);
	e = jsonr_end(&j);
	if (e)
		(void)jsonr_fault(&j, why);
	arena_release(&a);
	return e;
}

static void takes_json(void **state)
{
	static const char *const good[] = {
		"{}",
		" [ ] ",
		"\xef\xbb\xbf{\"a\":1}",
		"{\"a\":[1,-2.5e+10,true,false,null,\"\"],\"b\":{\"c\":{}}}",
		"123456789012345678901234567890",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
		"0",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_int_equal(pass(good[i], NULL), OK);
}

static void refuses_the_rest(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} bad[] = {
		{"", E_SHORT},
		{"{", E_SHORT},
		{"{\"a\"", E_SHORT},
		{"[1", E_SHORT},
		{"[1,]", E_CORRUPT},
		{"{\"a\":1,}", E_CORRUPT},
		{"{a:1}", E_CORRUPT},
		{"[1 2]", E_CORRUPT},
		{"[1}", E_CORRUPT},
		{"01", E_CORRUPT},
		{"1.", E_SHORT},
		{"nul", E_CORRUPT},
		{"\"\\x\"", E_CORRUPT},
		{"\"\\ud800\"", E_CORRUPT},
		{"\"\\ud800\\u0041\"", E_CORRUPT},
		{"\"\\udc00\"", E_CORRUPT},
		{"\"\n\"", E_CORRUPT},
		{"\"\xff\"", E_CORRUPT},
		{"\"\xc0\x80\"", E_CORRUPT},
		{"{} {}", E_CORRUPT},
		{"\"abc", E_SHORT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct fault why = {0};

		if (pass(bad[i].text, &why) != bad[i].err)
			fail_msg("%s: %s", bad[i].text, why.msg);
		assert_non_null(strstr(why.msg, "line 1, column "));
	}
}

static void names_the_place(void **state)
{
	struct fault why = {0};

	(void)state;
	/* the é counts once as a column and twice as bytes */
	assert_int_equal(pass("{\n \"\xc3\xa9\": x}", &why), E_CORRUPT);
	assert_int_equal(why.at, 9);
	assert_non_null(strstr(why.msg, "line 2, column 7, byte 9"));
}

static void depth_is_bounded(void **state)
{
	char text[2 * LIMIT_DOCUMENT_DEPTH + 3];

	(void)state;
	for (size_t n = LIMIT_DOCUMENT_DEPTH; n <= LIMIT_DOCUMENT_DEPTH + 1; n++) {
		memset(text, '[', n);
		memset(&text[n], ']', n);
		text[2 * n] = '\0';
		assert_int_equal(pass(text, NULL), n > LIMIT_DOCUMENT_DEPTH ? E_LIMIT : OK);
	}
}

static void reads_fields(void **state)
{
	static const char *const names[] = {"b", "a"};
	struct arena a;
	struct jsonr j;
	uint64_t seen = 0;

	(void)state;
	arena_init(&a, 1 * MiB);
	jsonr_init(&j, slice_text("{\"x\":[{}],\"\\u0061\":\"\\u00e9\\ud83d\\ude00!\",\"b\":null}"),
		   &a);
	assert_true(jsonr_enter(&j, JSON_KIND_OBJECT));
	assert_int_equal(jsonr_field(&j, names, 2, &seen), 1);
	assert_true(slice_is(jsonr_text(&j), "\xc3\xa9\xf0\x9f\x98\x80!"));
	assert_int_equal(jsonr_field(&j, names, 2, &seen), 0);
	assert_int_equal(jsonr_text(&j).len, 0);
	assert_int_equal(jsonr_field(&j, names, 2, &seen), 2);
	assert_int_equal(jsonr_end(&j), OK);
	arena_release(&a);
}

static void a_key_twice_is_refused(void **state)
{
	static const char *const names[] = {"a"};
	struct arena a;
	struct jsonr j;
	uint64_t seen = 0;

	(void)state;
	arena_init(&a, 1 * MiB);
	jsonr_init(&j, slice_text("{\"a\":1,\"a\":2}"), &a);
	assert_true(jsonr_enter(&j, JSON_KIND_OBJECT));
	assert_int_equal(jsonr_field(&j, names, 1, &seen), 0);
	(void)jsonr_skip(&j);
	assert_int_equal(jsonr_field(&j, names, 1, &seen), 1);
	assert_int_equal(j.err, E_CORRUPT);
	arena_release(&a);
}

static void another_kind_is_refused(void **state)
{
	struct arena a;
	struct jsonr j;

	(void)state;
	arena_init(&a, 1 * MiB);
	jsonr_init(&j, slice_text("[1]"), &a);
	assert_false(jsonr_enter(&j, JSON_KIND_OBJECT));
	assert_int_equal(j.err, E_CORRUPT);
	jsonr_init(&j, slice_text("1"), &a);
	assert_int_equal(jsonr_text(&j).len, 0);
	assert_int_equal(j.err, E_CORRUPT);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_json),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(names_the_place),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(reads_fields),
		cmocka_unit_test(a_key_twice_is_refused),
		cmocka_unit_test(another_kind_is_refused),
	};

	return cmocka_run_group_tests_name("jsonpull", tests, NULL, NULL);
}
