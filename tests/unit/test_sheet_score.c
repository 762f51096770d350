// SPDX-License-Identifier: Apache-2.0
// Score and grade: exactly at the thresholds, with and without a class, and what can be reached.

#include "sheets.h"

#include "sheet/score.h"

#include <string.h>

enum { MOST = 12000 };

static const struct item vulnerability = {.part = PART_VULNERABILITY, .method = METHOD_FIRMWARE};
static const struct item class1 = {.part = PART_IOT, .class_min = 1};
static const struct item class3 = {.part = PART_IOT, .class_min = 3};
static const struct sheet sheet = {.bronze = 80, .silver = 90, .gold = 95};

/* Results made by hand, without a record behind them. */
struct results {
	struct item_result list[MOST];
	struct judgement j;
};

static void clear(struct results *r, uint64_t class_no)
{
	r->j = (struct judgement){.items = r->list, .class_no = class_no};
}

static void add(struct results *r, const struct item *item, enum verdict v, size_t n)
{
	while (n-- > 0) {
		assert_true(r->j.items_n < MOST);
		r->list[r->j.items_n++] = (struct item_result){.item = item, .verdict = v};
	}
}

/* The grade of `passed` of `applicable` items, the rest failed, all of the class passed. */
static enum grade grade(size_t passed, size_t applicable)
{
	static struct results r;

	clear(&r, 1);
	add(&r, &vulnerability, V_PASS, passed);
	add(&r, &vulnerability, V_FAIL, applicable - passed);
	add(&r, &vulnerability, V_NA, 17);
	add(&r, &class1, V_PASS, 1);
	score(&sheet, &r.j);
	assert_int_equal(r.j.score.applicable, applicable);
	return r.j.grade;
}

static void test_thresholds(void **state)
{
	(void)state;
	assert_int_equal(grade(8000, 10000), GRADE_BRONZE);
	assert_int_equal(grade(7999, 10000), GRADE_NONE);
	assert_int_equal(grade(9000, 10000), GRADE_SILVER);
	assert_int_equal(grade(8999, 10000), GRADE_BRONZE);
	assert_int_equal(grade(9500, 10000), GRADE_GOLD);
	assert_int_equal(grade(9499, 10000), GRADE_SILVER);
	assert_int_equal(grade(4, 5), GRADE_BRONZE);
	assert_int_equal(grade(96, 121), GRADE_NONE);   /* 79.3 */
	assert_int_equal(grade(97, 121), GRADE_BRONZE); /* 80.2 */
	assert_int_equal(grade(0, 10), GRADE_NONE);
	assert_int_equal(grade(0, 0), GRADE_NONE);
	assert_int_equal(grade(10, 10), GRADE_GOLD);
}

static void test_percent(void **state)
{
	static const struct {
		uint64_t passed, applicable;
		const char *text;
	} t[] = {
		{0, 0, "0.0"},         {0, 7, "0.0"},         {7, 7, "100.0"},
		{7999, 10000, "79.9"}, {39, 40, "97.5"},      {2, 3, "66.6"},
		{999, 1000, "99.9"},   {9999, 10000, "99.9"}, {UINT64_MAX, UINT64_MAX, "0.0"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct tally tally = {.passed = t[i].passed, .applicable = t[i].applicable};
		char out[8];

		tally_percent(&tally, out);
		assert_string_equal(out, t[i].text);
	}
}

static void expect_class(uint64_t class_no, enum verdict of_1, enum verdict of_3, enum grade got,
			 enum grade reachable)
{
	static struct results r;

	clear(&r, class_no);
	add(&r, &vulnerability, V_PASS, 100);
	add(&r, &class1, V_PASS, 3);
	add(&r, &class1, of_1, 1);
	add(&r, &class3, of_3, 1);
	score(&sheet, &r.j);
	assert_int_equal(r.j.grade, got);
	assert_int_equal(r.j.reachable, reachable);
	assert_int_equal(r.j.score.applicable, 100); /* the IoT sheet never counts there */
}

static void test_gold_needs_the_class(void **state)
{
	(void)state;
	expect_class(0, V_PASS, V_PASS, GRADE_SILVER, GRADE_GOLD);
	expect_class(0, V_FAIL, V_PASS, GRADE_SILVER, GRADE_SILVER);
	expect_class(0, V_PASS, V_FAIL, GRADE_SILVER, GRADE_GOLD);
	expect_class(1, V_PASS, V_UNTESTED, GRADE_GOLD, GRADE_GOLD);
	expect_class(2, V_NA, V_FAIL, GRADE_GOLD, GRADE_GOLD);
	expect_class(3, V_PASS, V_UNTESTED, GRADE_SILVER, GRADE_GOLD);
	expect_class(3, V_PASS, V_INCONCLUSIVE, GRADE_SILVER, GRADE_GOLD);
	expect_class(3, V_PASS, V_FAIL, GRADE_SILVER, GRADE_SILVER);
	expect_class(4, V_PASS, V_PASS, GRADE_GOLD, GRADE_GOLD);
}

static void test_gold_needs_items_of_the_class(void **state)
{
	static struct results r;

	(void)state;
	clear(&r, 2);
	add(&r, &vulnerability, V_PASS, 10);
	add(&r, &class3, V_PASS, 1);
	score(&sheet, &r.j);
	assert_int_equal(r.j.grade, GRADE_SILVER);
	assert_int_equal(r.j.reachable, GRADE_SILVER);
}

static void test_reachable(void **state)
{
	static struct results r;

	(void)state;
	clear(&r, 0);
	add(&r, &vulnerability, V_FAIL, 10);
	add(&r, &vulnerability, V_INCONCLUSIVE, 50);
	add(&r, &vulnerability, V_UNTESTED, 40);
	add(&r, &class1, V_UNTESTED, 4);
	score(&sheet, &r.j);
	assert_int_equal(r.j.grade, GRADE_NONE);
	assert_int_equal(r.j.reachable, GRADE_SILVER);
	add(&r, &vulnerability, V_FAIL, 1);
	r.j.score = (struct tally){0};
	memset(r.j.by_method, 0, sizeof r.j.by_method);
	score(&sheet, &r.j);
	assert_int_equal(r.j.reachable, GRADE_BRONZE);
	assert_int_equal(r.j.score.failed, 11);
	assert_int_equal(r.j.score.inconclusive, 50);
	assert_int_equal(r.j.score.not_tested, 40);
	assert_int_equal(r.j.by_method[METHOD_FIRMWARE].applicable, 101);
	assert_int_equal(r.j.by_method[METHOD_SOURCE].applicable, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_gold_needs_the_class),
		cmocka_unit_test(test_gold_needs_items_of_the_class),
		cmocka_unit_test(test_reachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
