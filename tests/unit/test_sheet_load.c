// SPDX-License-Identifier: Apache-2.0
// Loading the catalogue: what is in it, and every way to spoil it.

#include "sheets.h"

#include <stdlib.h>
#include <string.h>

static void test_counts(void **state)
{
	static const size_t expected[METHOD_N] = {[METHOD_SOURCE] = 34,
						  [METHOD_FIRMWARE] = 31,
						  [METHOD_NETWORK] = 29,
						  [METHOD_KNOWN] = 14,
						  [METHOD_OTHER] = 14};
	size_t by_method[METHOD_N] = {0}, iot = 0, by_class[5] = {0};
	struct sheet s;

	(void)state;
	sheet_real(&s);
	for (size_t i = 0; i < s.items_n; i++) {
		const struct item *it = &s.items[i];

		if (it->part == PART_IOT) {
			iot++;
			by_class[it->class_min]++;
			assert_int_equal(it->decided_by, BY_MANUAL);
		} else {
			assert_int_equal(iot, 0); /* vulnerability part first */
			by_method[it->method]++;
		}
	}
	assert_int_equal(iot, 124);
	assert_int_equal(s.items_n - iot, 122);
	assert_memory_equal(by_method, expected, sizeof expected);
	assert_int_equal(by_class[1], 52);
	assert_int_equal(by_class[2], 48);
	assert_int_equal(by_class[3], 20);
	assert_int_equal(by_class[4], 4);
	assert_int_equal(s.overlaps_n, 33);
	assert_true(slice_is(s.edition, "kensa-2026.1-draft"));
	assert_int_equal(s.bronze, 80);
	assert_int_equal(s.silver, 90);
	assert_int_equal(s.gold, 95);
	sheet_release(&s);
}

static void test_profiles(void **state)
{
	static const size_t expected[KIND_N][SECTOR_N] = {
		[KIND_FINAL_DEVICE] = {[SECTOR_CONSUMER] = 121,
				       [SECTOR_BUSINESS] = 121,
				       [SECTOR_INDUSTRIAL] = 122},
		[KIND_HARDWARE] =
			{[SECTOR_CONSUMER] = 26, [SECTOR_BUSINESS] = 26, [SECTOR_INDUSTRIAL] = 26},
		[KIND_SOFTWARE] =
			{[SECTOR_CONSUMER] = 93, [SECTOR_BUSINESS] = 93, [SECTOR_INDUSTRIAL] = 94},
		[KIND_SYSTEM] =
			{[SECTOR_CONSUMER] = 73, [SECTOR_BUSINESS] = 73, [SECTOR_INDUSTRIAL] = 74},
	};
	size_t found[KIND_N][SECTOR_N] = {0};
	struct sheet s;

	(void)state;
	sheet_real(&s);
	for (size_t i = 0; i < s.items_n; i++)
		for (unsigned k = 0; k < KIND_N; k++)
			for (unsigned sec = 0; sec < SECTOR_N; sec++)
				found[k][sec] += s.items[i].part == PART_VULNERABILITY &&
						 (s.items[i].targets & 1u << k) &&
						 (s.items[i].sectors & 1u << sec);
	assert_memory_equal(found, expected, sizeof expected);
	sheet_release(&s);
}

/* What is decided by the tool says so, fails on something or needs coverage to fail. */
static void test_tool_items(void **state)
{
	size_t tool = 0, review = 0;
	struct sheet s;

	(void)state;
	sheet_real(&s);
	for (size_t i = 0; i < s.items_n; i++) {
		const struct item *it = &s.items[i];

		if (it->decided_by == BY_MANUAL)
			continue;
		tool += it->decided_by == BY_TOOL;
		review += it->decided_by == BY_TOOL_REVIEW;
		if (slice_starts(it->id, "KV-")) {
			assert_true(it->needs_n > 0 && it->fails_n > 0);
			continue;
		}
		assert_true(slice_starts(it->id, "FW-"));
		assert_true(it->needs_n >= 3);
		assert_true(slice_is(it->needs[0].subject, "image"));
		assert_int_equal(it->needs[0].percent, 95);
		assert_true(slice_is(it->needs[1].subject, "objects"));
		assert_true(it->needs[0].even_if_absent && it->needs[1].even_if_absent);
		assert_true(it->fails_n > 0 || slice_is(it->id, "FW-01"));
	}
	assert_int_equal(tool, 29);
	assert_int_equal(review, 8);
	sheet_release(&s);
}

static void test_lookups(void **state)
{
	struct sheet s;

	(void)state;
	sheet_real(&s);

	const struct item *fw08 = sheet_item(&s, slice_text("FW-08"));

	assert_non_null(fw08);
	assert_true(slice_is(fw08->fails[0].of, "elf-ssp"));
	assert_int_equal(fw08->fails[0].allowed_percent, 5);
	assert_true(slice_is(fw08->na[0].absent, "elf-ssp"));
	assert_int_equal(fw08->cwe_n, 2);
	assert_true(slice_is(fw08->title.in[EN], "Stack protector"));
	assert_true(slice_is(fw08->title.in[JA], "スタック保護"));
	assert_null(sheet_item(&s, slice_text("FW-99")));
	for (size_t i = 0; i < s.rules_n; i++)
		assert_ptr_equal(sheet_rule(&s, s.rules[i].id), &s.rules[i]);
	assert_int_equal(s.rules_n, 49);
	assert_int_equal(sheet_rule(&s, slice_text("private-key"))->severity, SEV_CRITICAL);
	assert_null(sheet_rule(&s, slice_text("no-such-rule")));
	sheet_release(&s);
}

/* Every flaw rule that is not "info" fails some item: nothing found is forgotten. */
static void test_rules_are_used(void **state)
{
	struct sheet s;

	(void)state;
	sheet_real(&s);
	for (size_t r = 0; r < s.rules_n; r++) {
		size_t used = 0;

		for (size_t i = 0; i < s.items_n; i++)
			for (size_t f = 0; f < s.items[i].fails_n; f++)
				used += slice_eq(s.items[i].fails[f].rule, s.rules[r].id);
		assert_int_equal(used, s.rules[r].severity == SEV_INFO ? 0 : 1);
	}
	sheet_release(&s);
}

static void test_hash_pins_every_byte(void **state)
{
	struct catalog c = catalog_open();
	struct sheet_source src = {
		.vulnerability = c.vulnerability, .iot = c.iot, .rules = c.rules};
	struct sheet s, other;
	struct buf changed;

	(void)state;
	assert_int_equal(sheet_load(&src, &s, NULL), OK);
	assert_int_equal(strlen(s.sha256), SHA256_HEX);
	buf_init(&changed, 4 * MiB);
	buf_add(&changed, c.rules);
	buf_text(&changed, "\n");
	src.rules = buf_slice(&changed);
	assert_int_equal(sheet_load(&src, &other, NULL), OK);
	assert_string_not_equal(s.sha256, other.sha256);
	assert_true(slice_eq(s.edition, other.edition));
	sheet_release(&other);
	sheet_release(&s);
	buf_release(&changed);
	catalog_close(&c);
}

/* The named document with the first `from` replaced by `to`. */
static enum err load_changed(const char *doc, const char *from, const char *to, struct fault *why)
{
	struct catalog c = catalog_open();
	struct slice *in = doc[0] == 'v' ? &c.vulnerability : doc[0] == 'i' ? &c.iot : &c.rules;
	size_t at = slice_find(*in, slice_text(from), 0);
	struct sheet_source src = {
		.vulnerability = c.vulnerability, .iot = c.iot, .rules = c.rules};
	struct slice *out = doc[0] == 'v'   ? &src.vulnerability
			    : doc[0] == 'i' ? &src.iot
					    : &src.rules;
	struct sheet s;
	struct buf b;

	assert_true(at != SLICE_NONE);
	buf_init(&b, 4 * MiB);
	buf_add(&b, slice_head(*in, at));
	buf_text(&b, to);
	buf_add(&b, slice_from(*in, at + strlen(from)));
	*out = buf_slice(&b);

	enum err e = sheet_load(&src, &s, why);

	if (e == OK) {
		sheet_release(&s);
	} else {
		assert_null(s.items);
		assert_int_equal(s.arena.used, 0);
	}
	buf_release(&b);
	catalog_close(&c);
	return e;
}

static void test_refusals(void **state)
{
	static const struct {
		const char *doc, *from, *to, *says;
	} t[] = {
		{"v", "    check: taint", "    chekc: taint", "vulnerability.yaml: line "},
		{"i", "    tier: core", "    teir: core", "iot.yaml: line "},
		{"r", "    severity: critical", "    severty: critical", "rules.yaml: line "},
		{"r", "severity: critical", "severity: dire", "Invalid ENUM value: dire"},
		{"v", "method: firmware\n    title", "method: firmwear\n    title", "firmwear"},
		{"v", "rule: private-key", "rule: privat-key", "FW-02: fails on a rule"},
		{"v", "rule: private-key", "rule: common-hash", "FW-02: fails on a rule"},
		{"v", "allowed_percent: 5", "allowed_percent: 101", "FW-08: allowed_percent"},
		{"v", "        of: elf-ssp\n", "", "FW-08: allowed_percent"},
		{"v", "percent: 95\n        below: fail", "percent: 950\n        below: fail",
		 "FW-01: percent"},
		{"v", "below: fail", "below: pass", "Invalid ENUM value: pass"},
		{"v", "may_be_empty: true", "may_be_empty: ture", "Invalid ENUM value: ture"},
		{"v", "    needs:\n      - subject: boot-loader\n", "", "FW-16: is decided by"},
		{"v", "- id: SRC-02", "- id: SRC-01", "SRC-01: stands here twice"},
		{"i", "- id: KM-02", "- id: SRC-01", "SRC-01: stands here twice"},
		{"r", "- id: host-key", "- id: private-key", "private-key: stands here twice"},
		{"i", "class_min: 1", "class_min: 5", "class_min is 1 to 4"},
		{"i", "pillar: secure-update", "pillar: secure-updates", "names a pillar"},
		{"v", "owner_order: [FW-07, SRC-31]", "owner_order: [FW-07, SRC-39]",
		 "OV-10: names an item"},
		{"v", "owner_order: [FW-07, SRC-31]", "owner_order: [SRC-31, FW-08]", "contradict"},
		{"v", "owner_order: [FW-07, SRC-31]", "owner_order: [FW-07, FW-07]", "contradict"},
		{"v", "targets: [final-device, software-component, system]", "targets: []",
		 "SRC-01: applies to nothing"},
		{"v", "gold: 95", "gold: 85", "grade"},
		{"i", "edition: kensa-2026.1-draft", "edition: kensa-2026.2", "iot.yaml: edition"},
		{"r", "end_of: kensa-2026.1-draft", "end_of: kensa-2026.1-draf", "end_of"},
		{"r", "end_of:", "---\nend_of:", "rules.yaml"},
		{"r", "end_of: kensa-2026.1-draft\n", "end_of: kensa-2026.1-draft\n---\nx: y\n",
		 "Ignoring documents"},
		{"r", "edition: kensa-2026.1-draft", "edition: &e kensa-2026.1-draft\nname: *e",
		 "rules.yaml: line "},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct fault why = {0};
		enum err e = load_changed(t[i].doc, t[i].from, t[i].to, &why);

		if (e == OK || !strstr(why.msg, t[i].says))
			fail_msg("%s: %s (%d: %s)", t[i].from, t[i].to, e, why.msg);
	}
}

static void test_line_is_right(void **state)
{
	struct catalog c = catalog_open();
	size_t at = slice_find(c.vulnerability, slice_text("id: FW-08"), 0);
	struct slice rest = slice_head(c.vulnerability, at), line;
	struct fault why = {0};
	uint64_t n = 0;

	(void)state;
	while (text_line(&rest, &line))
		n++;
	assert_int_not_equal(load_changed("v", "allowed_percent: 5", "allowed_percent: 500", &why),
			     OK);
	assert_int_equal(why.at, n);
	catalog_close(&c);
}

/* A document cut at the end of a line is noticed; every `step`-th line is tried, and the last ones.
 */
static void cut(struct sheet_source *src, struct slice *part, size_t step)
{
	struct slice whole = *part;
	size_t lines = 0;

	for (size_t at = 0; at + 1 < whole.len; at++) {
		struct fault why = {0};
		struct sheet s;

		if (at > 0 && slice_at(whole, at - 1) != '\n')
			continue;
		if (lines++ % step != 0 && whole.len - at > 2000)
			continue;
		*part = slice_head(whole, at);
		if (sheet_load(src, &s, &why) == OK)
			fail_msg("cut at byte %zu was not noticed", at);
		assert_non_null(strstr(why.msg, ".yaml"));
	}
	*part = whole;
}

/* KENSA_CUT_STEP=1 tries every line, which takes minutes. */
static void test_cuts(void **state)
{
	struct catalog c = catalog_open();
	struct sheet_source src = {
		.vulnerability = c.vulnerability, .iot = c.iot, .rules = c.rules};
	const char *step = getenv("KENSA_CUT_STEP");
	uint64_t n = 83;

	(void)state;
	if (step)
		assert_int_equal(text_u64(slice_text(step), 10, &n), OK);
	cut(&src, &src.vulnerability, n);
	cut(&src, &src.iot, n);
	cut(&src, &src.rules, n);
	catalog_close(&c);
}

static struct sheet_source damaged;
static struct slice *damaged_part;

static void load_damaged(struct slice in)
{
	struct sheet s;

	*damaged_part = in;
	if (sheet_load(&damaged, &s, NULL) == OK)
		sheet_release(&s);
}

/* Small documents, so that every byte can be spoilt. */
static void test_damage(void **state)
{
	struct sheet_texts small;

	(void)state;
	sheet_texts_small(&small);
	for (unsigned i = 0; i < 3; i++) {
		damaged = small.source;
		damaged_part = i == 0   ? &damaged.vulnerability
			       : i == 1 ? &damaged.iot
					: &damaged.rules;
		sweep_damage(*damaged_part, load_damaged);
	}
	sheet_texts_release(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),         cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_tool_items),     cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_rules_are_used), cmocka_unit_test(test_hash_pins_every_byte),
		cmocka_unit_test(test_refusals),       cmocka_unit_test(test_line_is_right),
		cmocka_unit_test(test_cuts),           cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
