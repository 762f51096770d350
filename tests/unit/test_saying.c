// SPDX-License-Identifier: Apache-2.0
// Sayings: every row in both languages, made, checked, written, and heard from readers.

#include "support.h"

#include <string.h>

#include "model/model.h"

static void sentence(struct slice saying, enum lang l, char *out, size_t room)
{
	struct buf b;

	buf_init(&b, 64 * KiB);
	saying_write(&b, saying, l);
	assert_true(b.len < room);
	memcpy(out, b.data ? (char *)b.data : "", b.len);
	out[b.len] = 0;
	buf_release(&b);
}

static bool has_hole(const char *text, size_t number)
{
	char hole[] = {'{', (char)('0' + number), '}', 0};

	return strstr(text, hole) != NULL;
}

static bool has_more_than_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return true;
	return false;
}

/* Names that are the same in Japanese: methods of hashing. */
static bool is_a_name(const char *key)
{
	return strncmp(key, "hash-", 5) == 0;
}

static void check_row(enum say id)
{
	const char *key = say_key(id), *en = say_sentence(id, EN), *ja = say_sentence(id, JA);

	assert_true(key && en && ja && *key && *en && *ja);
	for (const char *c = key; *c; c++)
		assert_true(strchr("abcdefghijklmnopqrstuvwxyz0123456789-", *c));
	for (size_t n = 1; n <= 9; n++) {
		if (has_hole(en, n) != has_hole(ja, n) ||
		    has_hole(en, n) != (n <= say_values_n(id)))
			fail_msg("%s: {%zu} is not in both sentences, or a number is left out", key,
				 n);
	}
	assert_true(say_values_n(id) <= SAYING_VALUES_MAX);
	if (!has_more_than_ascii(ja) && !is_a_name(key))
		fail_msg("%s: not Japanese: %s", key, ja);
	if (has_more_than_ascii(en))
		fail_msg("%s: not English: %s", key, en);
	/* how many of them fit into struct bid */
	assert_true(strlen(key) < 32);
}

static void test_every_row(void **state)
{
	size_t rows = 0;

	(void)state;
	for (unsigned i = SAY_NOTHING + 1; i < SAY_N; i++) {
		if (i == SAY_READERS)
			continue;
		check_row((enum say)i);
		rows++;
		for (unsigned k = i + 1; k < SAY_N; k++)
			if (k != SAY_READERS)
				assert_string_not_equal(say_key((enum say)i), say_key((enum say)k));
	}
	assert_true(rows > 300);
	assert_null(say_key(SAY_NOTHING));
	assert_null(say_key(SAY_READERS));
	assert_null(say_key(SAY_N));
}

static void test_sentences(void **state)
{
	struct arena a;
	char text[512];

	(void)state;
	arena_init(&a, 1 * MiB);

	struct slice s =
		SAY(&a, SAY_WEAK_HASH, slice_text("gu\x1f\x1e\nest"), say_word(SAY_HASH_MD5));

	assert_true(saying_is_good(s));
	sentence(s, EN, text, sizeof text);
	assert_string_equal(text, "user gu\\x1f\\x1e\\x0aest, unsalted MD5");
	sentence(s, JA, text, sizeof text);
	assert_string_equal(text, "ユーザー gu\\x1f\\x1e\\x0aest のハッシュ方式：ソルトなしMD5");
	sentence(saying(SAY_LEFT_OUT), EN, text, sizeof text);
	assert_string_equal(text, "left out");
	sentence((struct slice){0}, EN, text, sizeof text);
	assert_string_equal(text, "");
	sentence(say_line(&a, 12), JA, text, sizeof text);
	assert_string_equal(text, "12 行目");
	arena_release(&a);
}

/* Long values are cut between characters, and all values stay. */
static void test_clipped(void **state)
{
	static char path[3 * LIMIT_TEXT_BYTES + 1];
	struct arena a;
	struct slice part;

	(void)state;
	arena_init(&a, 1 * MiB);
	for (size_t i = 0; i < LIMIT_TEXT_BYTES; i++)
		memcpy(&path[3 * i], "\xe3\x81\x82", 3);

	struct slice s = SAY(&a, SAY_RIGHTS_MORE, say_number(&a, 7), slice_text(path));

	assert_true(s.len <= LIMIT_TEXT_BYTES);
	assert_true(saying_is_good(s));
	assert_true(saying_part(s, 2, &part));
	assert_true(part.len > LIMIT_TEXT_BYTES / 3);
	assert_int_equal(part.len % 3, 0);
	arena_release(&a);
}

/* What a worker or a record may try. */
static void test_lies(void **state)
{
	static const char *const bad[] = {
		"no-such-key",
		"no-such-key\x1fx",
		"empty-password",
		"empty-password\x1f"
		"a\x1f"
		"b",
		"left-out\x1f",
		"\x1e"
		"left-out",
		"weak-hash\x1f"
		"a\x1f\x1e"
		"no-such-word",
		"weak-hash\x1f"
		"a\x1f\x1e"
		"empty-password",
		"weak-hash\x1f"
		"a\x1e\x1f"
		"b",
		"empty-password\x1f\xff",
		"\x1f",
		"\x1fx",
	};
	static const char *const good[] = {"", "left-out", "empty-password\x1f",
					   "weak-hash\x1f\x1f\x1e"
					   "hash-des"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (saying_is_good(slice_text(bad[i])))
			fail_msg("taken: %zu", i);
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!saying_is_good(slice_text(good[i])))
			fail_msg("refused: %zu", i);
}

static void test_lying_frame(void **state)
{
	struct fact f = {.kind = FACT_FINDING,
			 .finding = {.rule = slice_text("x"), .evidence = slice_text("left-out")}};
	struct fact out;
	struct arena a;
	struct buf b;

	(void)state;
	arena_init(&a, 1 * MiB);
	buf_init(&b, 1 * MiB);
	fact_pack(&b, &f);
	assert_int_equal(fact_unpack(&a, buf_slice(&b), &out, NULL), OK);
	buf_clear(&b);
	f.finding.evidence = slice_text("user guest, empty password");
	fact_pack(&b, &f);
	assert_int_equal(fact_unpack(&a, buf_slice(&b), &out, NULL), E_CORRUPT);
	buf_release(&b);
	arena_release(&a);
}

/* Every sentence of the readers is found again by itself. */
static void test_every_reader_is_heard(void **state)
{
	static const char *const values[] = {"squashfs", "17", "0x40", "4", "5", "6"};
	struct slice v[ARRAY_LEN(values)];
	struct arena a;
	char text[512];

	(void)state;
	arena_init(&a, 4 * MiB);
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		v[i] = slice_text(values[i]);
	for (unsigned i = SAY_READERS + 1; i < SAY_N; i++) {
		struct slice s = say_values(&a, (enum say)i, v, ARRAY_LEN(v));

		sentence(s, EN, text, sizeof text);
		if (!slice_eq(say_heard(&a, slice_text(text)), s))
			fail_msg("%s is not heard: %s", say_key((enum say)i), text);
	}
	arena_release(&a);
}

static void test_heard(void **state)
{
	struct arena a;
	char text[512];

	(void)state;
	arena_init(&a, 1 * MiB);
	assert_int_equal(say_heard(&a, slice_text("")).len, 0);
	sentence(say_heard(&a, slice_text("jffs2: data of inode 12, compression 3")), JA, text,
		 sizeof text);
	assert_string_equal(text, "jffs2：inode 12 のデータ（圧縮方式 3）を展開できません");
	sentence(say_heard(&a, slice_text("something else")), EN, text, sizeof text);
	assert_string_equal(text, "something else");
	sentence(say_heard(&a, slice_text("something else")), JA, text, sizeof text);
	assert_string_equal(text, "読み取りの詳細（英語）：something else");
	sentence(say_heard(&a, slice_text("zip: ")), EN, text, sizeof text);
	assert_string_equal(text, "zip: ");
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row),   cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_clipped),     cmocka_unit_test(test_lies),
		cmocka_unit_test(test_lying_frame), cmocka_unit_test(test_every_reader_is_heard),
		cmocka_unit_test(test_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
