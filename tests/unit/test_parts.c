// SPDX-License-Identifier: Apache-2.0
// Parts seen against parts listed: names, revisions, versions, what is in one list only.

#include "support.h"

#include <string.h>

#include "inspect/inspect.h"

struct row {
	const char *name, *version, *purl, *cpe;
	bool is_listed, is_weak;
};

static void record_of(const struct row *rows, size_t n, struct record *r)
{
	struct fact target = {.kind = FACT_TARGET};

	record_init(r);
	assert_int_equal(record_add(r, &target), OK);
	for (size_t i = 0; i < n; i++) {
		struct fact f = {
			.kind = FACT_COMPONENT,
			.component = {.name = slice_text(rows[i].name),
				      .version = slice_text(rows[i].version),
				      .purl = slice_text(rows[i].purl ? rows[i].purl : ""),
				      .cpe = slice_text(rows[i].cpe ? rows[i].cpe : ""),
				      .method = slice_text(rows[i].is_listed ? "sbom"
									     : "version-string")}};

		f.component.confidence = rows[i].is_weak ? WEAK : SURE;
		assert_int_equal(record_add(r, &f), OK);
	}
}

struct told {
	unsigned of[PART_OUTCOME_N];
};

static void count(void *ctx, enum part_outcome o, const struct component *seen,
		  const struct component *listed)
{
	struct told *t = ctx;

	t->of[o]++;
	assert_true((seen == NULL) == (o == PART_UNSEEN));
	assert_true((listed == NULL) == (o == PART_MISSING));
}

static struct parts_compared compare(const struct row *rows, size_t n)
{
	struct parts_compared p = {0};
	struct told told = {{0}};
	struct record r;

	record_of(rows, n, &r);
	assert_int_equal(parts_compare(&r, count, &told, &p), OK);
	for (size_t i = 0; i < PART_OUTCOME_N; i++)
		assert_int_equal(told.of[i], p.of[i]);
	assert_int_equal(p.detected,
			 p.of[PART_MATCHED] + p.of[PART_MISSING] + p.of[PART_DIFFERING]);
	record_release(&r);
	return p;
}

static void tells_outcomes(void **state)
{
	static const struct row rows[] = {
		{.name = "busybox", .version = "1.30.1"},
		{.name = "busybox", .version = "1.30.1"}, /* seen twice, one part */
		{.name = "openssl", .version = "1.0.2k"},
		{.name = "dropbear", .version = "2019.78"},
		{.name = "zlib", .version = ""},                    /* no version: not counted */
		{.name = "guess", .version = "1", .is_weak = true}, /* weak: not counted */
		{.name = "BusyBox", .version = "1.30.1", .is_listed = true},
		{.name = "openssl", .version = "1.0.2u", .is_listed = true},
		{.name = "curl", .version = "8.0", .is_listed = true},
	};
	struct parts_compared p = compare(rows, ARRAY_LEN(rows));

	(void)state;
	assert_int_equal(p.detected, 3);
	assert_int_equal(p.listed, 3);
	assert_int_equal(p.of[PART_MATCHED], 1);
	assert_int_equal(p.of[PART_DIFFERING], 1);
	assert_int_equal(p.of[PART_MISSING], 1);
	assert_int_equal(p.of[PART_UNSEEN], 1);
}

static bool is_match(struct row seen, struct row listed)
{
	struct row rows[] = {seen, listed};

	rows[1].is_listed = true;
	return compare(rows, 2).of[PART_MATCHED] == 1;
}

static void knows_names_and_revisions(void **state)
{
	(void)state;
	assert_true(is_match((struct row){.name = "Linux kernel",
					  .version = "3.10.14",
					  .cpe = "cpe:2.3:o:linux:linux_kernel:3.10.14"},
			     (struct row){.name = "linux-kernel", .version = "3.10.14"}));
	assert_true(is_match((struct row){.name = "x", .version = "1.2"},
			     (struct row){.name = "X Tool",
					  .version = "1:1.2-5ubuntu1",
					  .purl = "pkg:deb/debian/x@1:1.2-5ubuntu1"}));
	assert_true(is_match((struct row){.name = "x", .version = "1.2-r3"},
			     (struct row){.name = "x", .version = "1.2"}));
	assert_false(is_match((struct row){.name = "x", .version = "1.2-rc3"},
			      (struct row){.name = "x", .version = "1.2"}));
	assert_false(is_match((struct row){.name = "x", .version = "1.2"},
			      (struct row){.name = "x", .version = "1.20"}));
	assert_false(is_match((struct row){.name = "x", .version = "1.2"},
			      (struct row){.name = "y", .version = "1.2"}));
}

static void nothing_is_nothing(void **state)
{
	struct parts_compared p = compare(NULL, 0);

	(void)state;
	assert_int_equal(p.detected + p.listed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_outcomes),
		cmocka_unit_test(knows_names_and_revisions),
		cmocka_unit_test(nothing_is_nothing),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
