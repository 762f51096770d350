// SPDX-License-Identifier: Apache-2.0
// The rules of judging, one test each, over small sheets and records made by hand.

#include "sheets.h"

#include <stdio.h>
#include <string.h>

/* One item of the small sheet; `how` is its fails_on, needs and so on. */
#define ITEM(id, by, how)                                                                          \
	"  - {id: " id ", method: firmware, title: {ja: 題, en: title},"                          \
	" requirement: {ja: 要件, en: must}, check: c, intended: tool, decided_by: " by "," how    \
	" targets: [final-device], sectors: [consumer]}\n"
#define TOOL(id, how) ITEM(id, "tool", how)
#define IOT(id, class, by, how)                                                                    \
	"  - {id: " id ", tier: core, pillar: keys, phases: [use], class_min: " class              \
		", class_basis: {reason: r, status: s}, title: {ja: 鍵, en: keys},"               \
		" requirement: {ja: 要件, en: must}, inspected_by: [test], evidence: [e],"       \
		" intended: manual, decided_by: " by "," how " targets: [final-device]}\n"

static struct sketch *full(struct sketch *k)
{
	sketch_init(k);
	sketch_coverage(k, "image", 95, 100);
	sketch_coverage(k, "objects", 10, 10);
	return k;
}

/* The verdict of the only item of a sheet. */
static enum verdict only(const char *item, const struct sketch *k)
{
	struct sheet s;
	enum verdict v = V_N;

	sheet_of(item, "", &s);
	v = verdict_of(&s, k, "FW-01");
	sheet_release(&s);
	return v;
}

static const char one_x[] = TOOL("FW-01", " fails_on: [{rule: one}], needs: [{subject: x}],");

static void test_pass_needs_coverage(void **state)
{
	static struct sketch k;

	(void)state;
	sketch_init(&k);
	assert_int_equal(only(one_x, &k), V_UNTESTED);
	full(&k);
	assert_int_equal(only(one_x, &k), V_UNTESTED);
	sketch_coverage(&k, "x", 0, 0);
	assert_int_equal(only(one_x, &k), V_UNTESTED);
	sketch_coverage(&k, "x", 2, 3);
	assert_int_equal(only(one_x, &k), V_INCONCLUSIVE);
	sketch_coverage(&k, "x", 1, 0); /* facts add up */
	assert_int_equal(only(one_x, &k), V_PASS);
}

static void test_coverage_of_another_method_is_none(void **state)
{
	static struct sketch k;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 1, 1);
	k.facts[k.record.n - 1].coverage.method = METHOD_SOURCE;
	assert_int_equal(only(one_x, &k), V_UNTESTED);
}

static void test_common_needs(void **state)
{
	static struct sketch k;

	(void)state;
	sketch_init(&k);
	sketch_coverage(&k, "x", 1, 1);
	assert_int_equal(only(one_x, &k), V_UNTESTED);
	sketch_coverage(&k, "image", 9499, 10000);
	assert_int_equal(only(one_x, &k), V_INCONCLUSIVE); /* objects unknown, image too little */
	sketch_coverage(&k, "objects", 5, 5);
	assert_int_equal(only(one_x, &k), V_INCONCLUSIVE);
	sketch_coverage(&k, "image", 1, 0);
	assert_int_equal(only(one_x, &k), V_PASS);
	sketch_coverage(&k, "objects", 0, 1);
	assert_int_equal(only(one_x, &k), V_INCONCLUSIVE);
}

static void test_finding_fails(void **state)
{
	static struct sketch k;

	(void)state;
	sketch_init(&k);
	sketch_finding(&k, "one", "a");
	assert_int_equal(only(one_x, &k), V_FAIL); /* even with nothing covered */
	full(&k);
	sketch_coverage(&k, "x", 1, 1);
	sketch_finding(&k, "two", "a");
	assert_int_equal(only(one_x, &k), V_PASS); /* another rule */
	sketch_finding(&k, "one", "a");
	assert_int_equal(only(one_x, &k), V_FAIL);
}

static void test_manual(void **state)
{
	static const char item[] = ITEM("FW-01", "manual", " fails_on: [{rule: one}],");
	static struct sketch k;

	(void)state;
	full(&k);
	assert_int_equal(only(item, &k), V_UNTESTED);
	sketch_finding(&k, "one", "a");
	assert_int_equal(only(item, &k), V_FAIL);
}

static void test_skip(void **state)
{
	static struct sketch k;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 1, 1);
	sketch_skip(&k, "y", "/bin/odd");
	assert_int_equal(only(one_x, &k), V_PASS);
	sketch_skip(&k, "x", "/bin/odd");
	assert_int_equal(only(one_x, &k), V_INCONCLUSIVE);
	assert_int_equal(only(TOOL("FW-01", " needs: [{subject: x, below: fail}],"), &k),
			 V_INCONCLUSIVE);
	assert_int_equal(only(TOOL("FW-01", " needs: [{subject: x, below: not-tested}],"), &k),
			 V_UNTESTED);
	sketch_init(&k);
	sketch_skip(&k, "x", "/bin/odd"); /* a skip alone is no coverage */
	assert_int_equal(only(one_x, &k), V_INCONCLUSIVE);
}

static void test_below(void **state)
{
	static const char item[] =
		TOOL("FW-01", " needs: [{subject: readable, percent: 95, below: not-tested},"
			      " {subject: x, percent: 95, below: fail},"
			      " {subject: x, percent: 100, below: inconclusive}],");
	static const struct {
		uint64_t readable, x;
		enum verdict v;
	} t[] = {
		{100, 100, V_PASS}, {100, 99, V_INCONCLUSIVE}, {100, 95, V_INCONCLUSIVE},
		{100, 94, V_FAIL},  {95, 95, V_INCONCLUSIVE},  {94, 94, V_UNTESTED},
		{0, 0, V_UNTESTED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		static struct sketch k;

		full(&k);
		sketch_coverage(&k, "readable", t[i].readable, 100);
		sketch_coverage(&k, "x", t[i].x, 100);
		assert_int_equal(only(item, &k), t[i].v);
	}
}

static void test_may_be_empty(void **state)
{
	static const char item[] = TOOL("FW-01", " needs: [{subject: x, may_be_empty: true}],");
	static struct sketch k;

	(void)state;
	full(&k);
	assert_int_equal(only(item, &k), V_UNTESTED);
	sketch_coverage(&k, "x", 0, 0);
	assert_int_equal(only(item, &k), V_PASS);
	sketch_coverage(&k, "x", 0, 1);
	assert_int_equal(only(item, &k), V_INCONCLUSIVE);
}

static void test_not_applicable(void **state)
{
	static const char item[] =
		TOOL("FW-01", " fails_on: [{rule: one}], needs: [{subject: x}, {subject: y},"
			      " {subject: z, even_if_absent: true}],"
			      " not_applicable: [{code: never, ja: 人, en: person},"
			      " {code: nox, absent: x, ja: 無, en: none}],");
	static struct sketch k;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 0, 0);
	assert_int_equal(only(item, &k), V_UNTESTED); /* z must hold even so */
	sketch_coverage(&k, "z", 1, 1);
	assert_int_equal(only(item, &k), V_NA);
	sheet_of(item, "", &s);
	judge(&s, &k, 0, &j);
	assert_true(has_reason(result_of(&j, "FW-01"), WHY_ABSENT, "x"));
	assert_true(has_reason(result_of(&j, "FW-01"), WHY_COVERED, "image"));
	assert_false(has_reason(result_of(&j, "FW-01"), WHY_NO_COVERAGE, "y"));
	assert_int_equal(j.score.applicable, 0);
	assert_int_equal(j.grade, GRADE_NONE);
	assert_int_equal(j.reachable, GRADE_NONE);
	judgement_release(&j);
	sheet_release(&s);
	sketch_skip(&k, "x", "/odd"); /* who knows what it was */
	assert_int_equal(only(item, &k), V_INCONCLUSIVE);
	k.record.n--;
	sketch_finding(&k, "one", "a");
	assert_int_equal(only(item, &k), V_FAIL);
	k.record.n--;
	sketch_coverage(&k, "objects", 0, 1);
	assert_int_equal(only(item, &k), V_INCONCLUSIVE);
}

static void test_tolerance(void **state)
{
	static const char item[] =
		TOOL("FW-01", " fails_on: [{rule: one, of: x, allowed_percent: 5}],"
			      " needs: [{subject: x}],");
	static const char *const flaws[] = {"a", "b", "c", "d", "e", "f"};
	static struct sketch k;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 100, 100);
	for (size_t i = 0; i < 5; i++)
		sketch_finding(&k, "one", flaws[i]);
	sketch_finding(&k, "one", "a"); /* the same flaw seen again */
	sheet_of(item, "", &s);
	judge(&s, &k, 0, &j);
	assert_int_equal(result_of(&j, "FW-01")->verdict, V_PASS);
	assert_true(has_reason(result_of(&j, "FW-01"), WHY_TOLERATED, "x"));
	assert_int_equal(result_of(&j, "FW-01")->because[0].a, 5);
	assert_int_equal(result_of(&j, "FW-01")->because[0].b, 100);
	judgement_release(&j);
	sketch_finding(&k, "one", flaws[5]);
	assert_int_equal(verdict_of(&s, &k, "FW-01"), V_FAIL);
	sheet_release(&s);
	sketch_init(&k); /* a share of nothing */
	sketch_finding(&k, "one", "a");
	assert_int_equal(only(item, &k), V_FAIL);
	sketch_coverage(&k, "x", UINT64_MAX, UINT64_MAX); /* a number no product has */
	assert_int_equal(only(item, &k), V_UNTESTED);
}

static void test_flaws_without_a_key_are_many(void **state)
{
	static const char item[] =
		TOOL("FW-01", " fails_on: [{rule: one, of: x, allowed_percent: 50}],"
			      " needs: [{subject: x}],");
	static struct sketch k;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 2, 2);
	sketch_finding(&k, "one", "");
	assert_int_equal(only(item, &k), V_PASS);
	sketch_finding(&k, "one", "");
	assert_int_equal(only(item, &k), V_FAIL);
}

static void test_reasons(void **state)
{
	static struct sketch k;
	const struct item_result *r = NULL;
	struct judgement j;
	struct sheet s;

	(void)state;
	sheet_of(one_x, "", &s);
	full(&k);
	sketch_coverage(&k, "x", 3, 3);
	judge(&s, &k, 0, &j);
	r = result_of(&j, "FW-01");
	assert_int_equal(r->because_n, 3);
	assert_true(has_reason(r, WHY_COVERED, "image") && has_reason(r, WHY_COVERED, "objects") &&
		    has_reason(r, WHY_COVERED, "x"));
	judgement_release(&j);
	sketch_skip(&k, "x", "/odd");
	judge(&s, &k, 0, &j);
	r = result_of(&j, "FW-01");
	assert_int_equal(r->because_n, 1);
	assert_int_equal(r->because[0].kind, WHY_SKIPPED);
	assert_true(slice_is(r->because[0].fact->skip.what, "/odd"));
	judgement_release(&j);
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "one", "b");
	judge(&s, &k, 0, &j);
	r = result_of(&j, "FW-01");
	assert_int_equal(r->because[0].kind, WHY_FINDING);
	assert_true(slice_is(r->because[0].fact->finding.flaw, "a"));
	assert_int_equal(r->because[0].b, 2);
	judgement_release(&j);
	sheet_release(&s);
}

static void test_many_reasons_are_counted(void **state)
{
	static struct sketch k;
	static char keys[1000][8];
	size_t listed = 0;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		snprintf(keys[i], sizeof keys[i], "k%zu", i);
		sketch_finding(&k, "one", keys[i]);
		sketch_skip(&k, "x", keys[i]);
	}
	sheet_of(one_x, "", &s);
	judge(&s, &k, 0, &j);

	const struct item_result *r = result_of(&j, "FW-01");

	for (size_t i = 0; i < r->because_n; i++) {
		if (r->because[i].kind != WHY_FINDING)
			continue;
		listed++;
		assert_int_equal(r->because[i].b, ARRAY_LEN(keys));
	}
	assert_int_equal(listed, LIMIT_REASONS);
	assert_int_equal(j.next[0].flaws, ARRAY_LEN(keys));
	judgement_release(&j);
	sheet_release(&s);
}

/* --- overlap --- */

static const char three[] = TOOL("FW-01", " fails_on: [{rule: one}], needs: [{subject: x}],")
	TOOL("FW-02", " fails_on: [{rule: two}], needs: [{subject: x}],")
		TOOL("FW-03", " fails_on: [{rule: three}], needs: [{subject: x}],");

static void expect_three(const char *overlaps, const struct sketch *k, enum verdict a,
			 enum verdict b, enum verdict c)
{
	struct sheet s;

	sheet_of(three, overlaps, &s);
	assert_int_equal(verdict_of(&s, k, "FW-01"), a);
	assert_int_equal(verdict_of(&s, k, "FW-02"), b);
	assert_int_equal(verdict_of(&s, k, "FW-03"), c);
	sheet_release(&s);
}

#define GROUP(id, order) "  - {id: " id ", flaw: {ja: 欠陥, en: flaw}, owner_order: [" order "]}\n"

static void test_overlap(void **state)
{
	static const char group[] = GROUP("OV-1", "FW-03, FW-02, FW-01");
	static struct sketch k;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 1, 1);
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "two", "a");
	expect_three("", &k, V_FAIL, V_FAIL, V_PASS);
	expect_three(group, &k, V_PASS, V_FAIL, V_PASS);
	sheet_of(three, group, &s);
	judge(&s, &k, 0, &j);
	assert_true(has_reason(result_of(&j, "FW-01"), WHY_COUNTED_ELSEWHERE, "FW-02"));
	assert_int_equal(j.score.failed, 1);
	judgement_release(&j);
	sheet_release(&s);
	sketch_finding(&k, "three", "a");
	expect_three(group, &k, V_PASS, V_PASS, V_FAIL);
	sketch_finding(&k, "one", "b"); /* a flaw of its own */
	expect_three(group, &k, V_FAIL, V_PASS, V_FAIL);
	sketch_finding(&k, "one", ""); /* no key is not the same key */
	sketch_finding(&k, "two", "");
	expect_three(group, &k, V_FAIL, V_FAIL, V_FAIL);
}

static void test_counted_elsewhere_is_no_pass(void **state)
{
	static const char group[] = GROUP("OV-1", "FW-02, FW-01");
	static struct sketch k;

	(void)state;
	full(&k);
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "two", "a");
	expect_three(group, &k, V_UNTESTED, V_FAIL, V_UNTESTED);
}

static void test_overlap_through_two_groups(void **state)
{
	static const char groups[] = GROUP("OV-1", "FW-02, FW-01") GROUP("OV-2", "FW-03, FW-02");
	static struct sketch k;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 1, 1);
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "two", "a");
	sketch_finding(&k, "three", "a");
	sheet_of(three, groups, &s);
	judge(&s, &k, 0, &j);
	assert_int_equal(j.score.failed, 1);
	assert_int_equal(result_of(&j, "FW-03")->verdict, V_FAIL);
	assert_true(has_reason(result_of(&j, "FW-01"), WHY_COUNTED_ELSEWHERE, "FW-03"));
	judgement_release(&j);
	sheet_release(&s);
}

/* An owner that the product's profile leaves out counts nothing. */
static void test_overlap_outside_profile(void **state)
{
	static const char items[] =
		"  - {id: FW-02, method: firmware, title: {ja: 題, en: t},"
		" requirement: {ja: 要件, en: must}, check: c, intended: tool, decided_by: manual,"
		" fails_on: [{rule: two}], targets: [system], sectors: [consumer]}\n" TOOL(
			"FW-01", " fails_on: [{rule: one}], needs: [{subject: x}],");
	static struct sketch k;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "two", "a");
	sheet_of(items, GROUP("OV-1", "FW-02, FW-01"), &s);
	judge(&s, &k, 0, &j);
	assert_int_equal(j.items_n, 1);
	assert_int_equal(result_of(&j, "FW-01")->verdict, V_FAIL);
	judgement_release(&j);
	sketch_target(&k, KIND_SYSTEM, SECTOR_CONSUMER);
	judge(&s, &k, 0, &j);
	assert_null(result_of(&j, "FW-01"));
	assert_int_equal(result_of(&j, "FW-02")->verdict, V_FAIL);
	judgement_release(&j);
	sketch_target(&k, KIND_SYSTEM, SECTOR_INDUSTRIAL);
	judge(&s, &k, 0, &j);
	assert_null(result_of(&j, "FW-02"));
	judgement_release(&j);
	sheet_release(&s);
}

/* An item within its tolerance claims nothing: the next one counts the flaw. */
static void test_tolerated_flaw_is_free(void **state)
{
	static const char items[] =
		TOOL("FW-01", " fails_on: [{rule: one, of: x, allowed_percent: 50}],"
			      " needs: [{subject: x}],")
			TOOL("FW-02", " fails_on: [{rule: two}], needs: [{subject: x}],");
	static struct sketch k;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 2, 2);
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "two", "a");
	sheet_of(items, GROUP("OV-1", "FW-01, FW-02"), &s);
	assert_int_equal(verdict_of(&s, &k, "FW-01"), V_PASS);
	assert_int_equal(verdict_of(&s, &k, "FW-02"), V_FAIL);
	sketch_finding(&k, "one", "b");
	assert_int_equal(verdict_of(&s, &k, "FW-01"), V_FAIL);
	assert_int_equal(verdict_of(&s, &k, "FW-02"), V_PASS);
	sheet_release(&s);
}

/* --- steps --- */

static void test_steps(void **state)
{
	static const char items[] =
		TOOL("FW-01", " fails_on: [{rule: one}, {rule: two}], needs: [{subject: x}],")
			TOOL("FW-02", " fails_on: [{rule: three}], needs: [{subject: x}],")
				TOOL("FW-03", " needs: [{subject: y, below: fail}],")
					TOOL("FW-04", " needs: [{subject: z}],")
						TOOL("FW-05", " needs: [{subject: w}],")
							ITEM("FW-06", "manual", "");
	static const struct {
		const char *item, *rule;
		uint64_t flaws;
	} expected[] = {
		{"FW-01", "two", 1}, {"FW-01", "one", 2}, {"FW-02", "three", 1}, {"FW-03", NULL, 1},
		{"FW-04", NULL, 1},  {"FW-05", NULL, 2},  {"KM-01", NULL, 1},
	};
	static struct sketch k;
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sketch_coverage(&k, "x", 1, 1);
	sketch_coverage(&k, "y", 1, 2);
	sketch_coverage(&k, "z", 1, 2);
	sketch_finding(&k, "three", "c");
	sketch_finding(&k, "one", "a");
	sketch_finding(&k, "one", "b");
	sketch_finding(&k, "one", "b");
	sketch_finding(&k, "two", "a");
	sheet_of_both(items, "", IOT("KM-01", "2", "manual", "") IOT("KM-02", "3", "manual", ""),
		      &s);
	judge(&s, &k, 2, &j);
	assert_int_equal(j.next_n, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_true(slice_is(j.next[i].item->id, expected[i].item));
		assert_int_equal(j.next[i].rule == NULL, expected[i].rule == NULL);
		if (j.next[i].rule)
			assert_true(slice_is(j.next[i].rule->id, expected[i].rule));
		assert_int_equal(j.next[i].flaws, expected[i].flaws);
	}
	judgement_release(&j);
	judge(&s, &k, 0, &j); /* without a class nobody asks for IoT items yet */
	assert_int_equal(j.next_n, ARRAY_LEN(expected) - 1);
	judgement_release(&j);
	sheet_release(&s);
}

static void test_bad_calls(void **state)
{
	static struct sketch k;
	struct record empty = {0};
	struct judgement j;
	struct sheet s;

	(void)state;
	full(&k);
	sheet_of(one_x, "", &s);
	assert_int_equal(sheet_judge(&s, &k.record, 5, &j), E_USAGE);
	assert_int_equal(sheet_judge(&s, &empty, 0, &j), E_NOTFOUND);
	assert_null(j.items);
	sheet_release(&s);
}

static void test_names(void **state)
{
	enum grade g = GRADE_N;

	(void)state;
	assert_string_equal(verdict_name(V_UNTESTED), "not-tested");
	assert_string_equal(verdict_name(V_NA), "not-applicable");
	assert_string_equal(verdict_name(V_N), "?");
	assert_string_equal(decided_by_name(BY_TOOL_REVIEW), "tool+review");
	assert_string_equal(severity_name(SEV_CRITICAL), "critical");
	assert_string_equal(sheet_part_name(PART_IOT), "iot");
	assert_true(grade_find(slice_text("gold"), &g));
	assert_int_equal(g, GRADE_GOLD);
	assert_string_equal(grade_name(g), "gold");
	assert_false(grade_find(slice_text("platinum"), &g));
	assert_int_equal(g, GRADE_GOLD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass_needs_coverage),
		cmocka_unit_test(test_coverage_of_another_method_is_none),
		cmocka_unit_test(test_common_needs),
		cmocka_unit_test(test_finding_fails),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_may_be_empty),
		cmocka_unit_test(test_not_applicable),
		cmocka_unit_test(test_tolerance),
		cmocka_unit_test(test_flaws_without_a_key_are_many),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_many_reasons_are_counted),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_counted_elsewhere_is_no_pass),
		cmocka_unit_test(test_overlap_through_two_groups),
		cmocka_unit_test(test_overlap_outside_profile),
		cmocka_unit_test(test_tolerated_flaw_is_free),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_bad_calls),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
