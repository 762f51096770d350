// SPDX-License-Identifier: Apache-2.0
// Records: written and read back the same, refused when cut, changed or out of order.

#include "support.h"

#include <string.h>

#include "record/record.h"

#define CPE "cpe:2.3:o:acme:camera_firmware:1.0:*:*:*:*:*:*:*"

static void fill(struct record *r)
{
	struct fact target = {.kind = FACT_TARGET,
			      .target = {.schema = slice_text(RECORD_SCHEMA),
					 .kensa = slice_text("0"),
					 .date = slice_text("2026-01-15"),
					 .name = slice_text("カメラ \"A\"\\"),
					 .cpe = slice_text(CPE)}};
	struct fact artifact = {.kind = FACT_ARTIFACT,
				.artifact = {.id = 1, .path = slice_text("a.bin"), .size = 7}};
	struct fact finding = {.kind = FACT_FINDING,
			       .finding = {.rule = slice_text("weak-hash"),
					   .flaw = slice_text("weakhash:root:des"),
					   .artifact = 1,
					   .evidence = slice_text("empty-password\x1f"
								  "tab\there")}};

	record_init(r);
	assert_int_equal(record_add(r, &target), OK);
	assert_int_equal(record_add(r, &artifact), OK);
	assert_int_equal(record_add(r, &finding), OK);
}

static void write(struct buf *out)
{
	struct record r;

	fill(&r);
	assert_int_equal(record_end(&r, true), OK);
	buf_init(out, 1 * MiB);
	record_write(&r, out);
	record_release(&r);
}

static void test_read_back(void **state)
{
	struct buf first, again;
	struct record r;

	(void)state;
	write(&first);
	assert_int_equal(record_read(buf_slice(&first), &r, NULL), OK);
	assert_true(r.is_complete);
	assert_int_equal(record_artifact(&r, 1)->size, 7);
	assert_true(slice_is(record_target(&r)->cpe, CPE));
	assert_null(record_artifact(&r, 0));
	assert_null(record_artifact(&r, 2));
	buf_init(&again, 1 * MiB);
	record_write(&r, &again);
	assert_true(slice_eq(buf_slice(&first), buf_slice(&again)));
	record_release(&r);
	buf_release(&first);
	buf_release(&again);
}

static struct slice whole;

static void read_damaged(struct slice in)
{
	struct record r;
	struct fault why = {0};

	if (record_read(in, &r, &why) != OK)
		return;
	/* Only a record whose every byte is the one that was hashed may be taken; the last newline
	 * is not part of what it says. */
	assert_true(in.len + 1 >= whole.len);
	assert_true(slice_eq(slice_head(in, whole.len - 1), slice_head(whole, whole.len - 1)));
	record_release(&r);
}

static void test_every_damage_is_seen(void **state)
{
	struct buf good;

	(void)state;
	write(&good);
	whole = buf_slice(&good);
	sweep_damage(whole, read_damaged);
	buf_release(&good);
}

static void test_artifacts_count_up(void **state)
{
	struct record r;
	struct fact wrong = {.kind = FACT_ARTIFACT, .artifact = {.id = 3}};

	(void)state;
	fill(&r);
	assert_int_equal(record_add(&r, &wrong), E_CORRUPT);
	record_release(&r);
}

/* What a lying worker can send: every prefix and flip of a packed fact. */
static void unpack_damaged(struct slice in)
{
	struct arena a;
	struct fact f;

	arena_init(&a, 1 * MiB);
	if (fact_unpack(&a, in, &f, NULL) == OK)
		assert_true((unsigned)f.kind < FACT_N);
	arena_release(&a);
}

static void test_pack(void **state)
{
	struct fact f = {
		.kind = FACT_SKIP,
		.skip = {.method = METHOD_NETWORK, .what = slice_text("x"), .artifact = 9}};
	struct fact out;
	struct arena a;
	struct buf b;

	(void)state;
	arena_init(&a, 1 * MiB);
	buf_init(&b, 1 * MiB);
	fact_pack(&b, &f);
	assert_int_equal(fact_unpack(&a, buf_slice(&b), &out, NULL), OK);
	assert_int_equal(out.skip.method, METHOD_NETWORK);
	assert_int_equal(out.skip.artifact, 9);
	assert_true(slice_is(out.skip.what, "x"));
	for (size_t n = 0; n < b.len; n++)
		assert_int_not_equal(fact_unpack(&a, slice_head(buf_slice(&b), n), &out, NULL), OK);
	sweep_damage(buf_slice(&b), unpack_damaged);
	buf_release(&b);
	arena_release(&a);
}

/* A record of two lines whose finding's evidence is written so, and whose hash is right. */
static enum err read_evidence(const char *evidence)
{
	char hex[SHA256_HEX + 1];
	struct record r;
	struct buf b;

	buf_init(&b, 1 * MiB);
	buf_print(&b,
		  "{\"fact\":\"target\",\"schema\":\"" RECORD_SCHEMA
		  "\",\"kind\":\"final-device\",\"sector\":\"consumer\"}\n"
		  "{\"fact\":\"finding\",\"rule\":\"weak-hash\",\"evidence\":%s}\n",
		  evidence);
	digest_sha256_hex(buf_slice(&b), hex);
	buf_print(&b, "{\"fact\":\"end\",\"status\":\"complete\",\"facts\":2,\"sha256\":\"%s\"}\n",
		  hex);

	enum err e = record_read(buf_slice(&b), &r, NULL);

	if (e == OK)
		record_release(&r);
	buf_release(&b);
	return e;
}

static void test_sayings(void **state)
{
	static const char *const bad[] = {
		"\"user guest, empty password\"",
		"[]",
		"[\"no-such-key\"]",
		"[\"empty-password\"]",
		"[\"empty-password\",\"a\",\"b\"]",
		"[\"empty-password\",1]",
		"[\"empty-password\",[\"no-such-word\"]]",
		"[\"empty-password\",[\"weak-hash\"]]",
		"[\"empty-password\",[\"hash-md5\",\"x\"]]",
		"[\"empty-password\",[]]",
		"[[\"left-out\"]]",
		"[\"weak-hash\",\"a\\u001fb\"]",
		"[\"empty-password\",\"\\u001ehash-md5\"]",
		"[\"\",\"x\"]",
		"{\"empty-password\":1}",
	};

	(void)state;
	assert_int_equal(read_evidence("[\"left-out\"]"), OK);
	assert_int_equal(read_evidence("[\"weak-hash\",\"\",[\"hash-md5\"]]"), OK);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (read_evidence(bad[i]) != E_RANGE)
			fail_msg("taken: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_every_damage_is_seen),
		cmocka_unit_test(test_artifacts_count_up),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_sayings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
