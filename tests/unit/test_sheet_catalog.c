// SPDX-License-Identifier: Apache-2.0
// The real catalogue over records made by hand: each item passes, fails and stays silent for the
// right reason; and properties of judging over random records.

#include "sheets.h"

#include <stdio.h>
#include <string.h>

static struct sheet sheet;

static int load_sheet(void **state)
{
	(void)state;
	sheet_real(&sheet);
	return 0;
}

static int release_sheet(void **state)
{
	(void)state;
	sheet_release(&sheet);
	return 0;
}

static const char *const subjects[] = {
	"image",       "image-readable",  "objects",        "root-filesystems", "settings-areas",
	"accounts",    "password-hashes", "secrets",        "certificates",     "settings-files",
	"elf",         "elf-nx",          "elf-ssp",        "elf-pie",          "elf-relro",
	"elf-fortify", "debug-files",     "files",          "boot-scripts",     "services",
	"consoles",    "boot-loader",     "update-sources", "service-settings", "kernel-config",
	"web-files",
};

/* Of known-vulnerability diagnosis. */
static const char *const known_subjects[] = {
	"image",
	"objects",
	"feed",
	"known-components",
	"known-versions",
	"known-scores",
	"kev-data",
	"jvn-data",
	"lifecycle",
	"kernel-lifecycle",
	"library-lifecycle",
	"not-affected-decisions",
	"known-chips",
	"sbom-components",
	"own-advisories",
};

/* All subjects looked at, except `without` (NULL: all of them). */
static void cover_all(struct sketch *k, const char *without)
{
	sketch_init(k);
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		if (!without || strcmp(without, subjects[i]) != 0)
			sketch_coverage(k, subjects[i], 10, 10);
	for (size_t i = 0; i < ARRAY_LEN(known_subjects); i++)
		if (!without || strcmp(without, known_subjects[i]) != 0)
			sketch_known(k, known_subjects[i], 10, 10);
}

static void test_clean_product_passes(void **state)
{
	static struct sketch k;
	struct judgement j;

	(void)state;
	cover_all(&k, NULL);
	judge(&sheet, &k, 1, &j);
	for (size_t i = 0; i < j.items_n; i++)
		assert_int_equal(j.items[i].verdict,
				 j.items[i].item->decided_by == BY_MANUAL ? V_UNTESTED : V_PASS);
	assert_int_equal(j.score.applicable, 121);
	assert_int_equal(j.score.passed, 37);
	assert_int_equal(j.grade, GRADE_NONE);
	assert_int_equal(j.reachable, GRADE_GOLD);
	judgement_release(&j);
}

/* Every subject an item names is one that inspectors speak of; and without it there is no pass. */
static void test_silence_is_never_a_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(subjects) + ARRAY_LEN(known_subjects); i++) {
		static struct sketch k;
		struct judgement j;
		const char *without = i < ARRAY_LEN(subjects)
					      ? subjects[i]
					      : known_subjects[i - ARRAY_LEN(subjects)];

		cover_all(&k, without);
		judge(&sheet, &k, 0, &j);
		for (size_t n = 0; n < j.items_n; n++) {
			const struct item *it = j.items[n].item;

			for (size_t d = 0; d < it->needs_n; d++)
				if (slice_is(it->needs[d].subject, without))
					assert_int_equal(j.items[n].verdict, V_UNTESTED);
		}
		judgement_release(&j);
	}
	for (size_t n = 0; n < sheet.items_n; n++) {
		const struct item *it = &sheet.items[n];

		for (size_t d = 0; d < it->needs_n; d++) {
			bool is_known = it->method == METHOD_KNOWN;
			const char *const *list = is_known ? known_subjects : subjects;
			unsigned n_list =
				is_known ? ARRAY_LEN(known_subjects) : ARRAY_LEN(subjects);

			assert_true(name_find(list, n_list, it->needs[d].subject) < n_list);
		}
	}
}

/* A finding of each rule fails the one item it should, and only that one. */
static void test_each_rule_fails_its_item(void **state)
{
	static const struct {
		const char *rule, *item;
	} t[] = {
		{"private-key", "FW-02"},
		{"host-key", "FW-30"},
		{"settings-key", "FW-28"},
		{"fixed-password", "FW-03"},
		{"plain-password", "FW-03"},
		{"settings-password", "FW-28"},
		{"common-hash", NULL},
		{"empty-password", "FW-04"},
		{"extra-root", "FW-04"},
		{"weak-hash", "FW-05"},
		{"embedded-token", "FW-06"},
		{"elf-no-nx", "FW-07"},
		{"elf-no-ssp", "FW-08"},
		{"elf-no-pie", "FW-09"},
		{"elf-no-relro", "FW-10"},
		{"aslr-off", "FW-09"},
		{"setuid-file", "FW-12"},
		{"world-writable", "FW-12"},
		{"dangerous-service", "FW-13"},
		{"service-start", NULL},
		{"debug-tool", "FW-14"},
		{"debug-symbols", "FW-14"},
		{"symbol-table", "FW-14"},
		{"source-left", "FW-14"},
		{"open-console", "FW-15"},
		{"boot-open", "FW-16"},
		{"update-plain", "FW-20"},
		{"root-service", "FW-21"},
		{"cert-expired", "FW-22"},
		{"cert-weak", "FW-22"},
		{"cert-self-signed", "FW-22"},
		{"cert-test", "FW-22"},
		{"service-setting", "FW-25"},
		{"kernel-setting", "FW-26"},
		{"web-leftover", "FW-31"},
		{"elf-no-fortify", NULL}, /* 1 of 10 is tolerated */
		{"known-exploited", "KV-05"},
		{"known-critical", "KV-02"},
		{"known-high", "KV-03"},
		{"known-medium", "KV-04"},
		{"chip-vulnerable", "KV-12"},
		{"jvn-open", "KV-09"},
		{"end-of-life", "KV-06"},
		{"kernel-unmaintained", "KV-07"},
		{"library-unmaintained", "KV-08"},
		{"feed-old", "KV-14"},
		{"sbom-mismatch", "KV-01"},
		{"vex-unjustified", "KV-10"},
		{"own-advisory", "KV-11"},
	};

	(void)state;
	assert_int_equal(ARRAY_LEN(t), sheet.rules_n);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		static struct sketch k;
		struct judgement j;

		cover_all(&k, NULL);
		sketch_finding(&k, t[i].rule, "some:key");
		judge(&sheet, &k, 0, &j);
		assert_non_null(sheet_rule(&sheet, slice_text(t[i].rule)));
		assert_int_equal(j.score.failed, t[i].item != NULL);
		if (t[i].item)
			assert_int_equal(result_of(&j, t[i].item)->verdict, V_FAIL);
		judgement_release(&j);
	}
}

static void expect_shares(const char *rule, const char *item, const char *subject, unsigned most)
{
	static char keys[40][8];

	for (unsigned n = most; n <= most + 1; n++) {
		static struct sketch k;

		cover_all(&k, subject);
		sketch_coverage(&k, subject, 100, 100);
		for (unsigned i = 0; i < n; i++) {
			snprintf(keys[i], sizeof keys[i], "k%u", i);
			sketch_finding(&k, rule, keys[i]);
		}
		assert_int_equal(verdict_of(&sheet, &k, item), n > most ? V_FAIL : V_PASS);
	}
}

static void test_shares(void **state)
{
	(void)state;
	expect_shares("elf-no-nx", "FW-07", "elf-nx", 0);
	expect_shares("elf-no-ssp", "FW-08", "elf-ssp", 5);
	expect_shares("elf-no-pie", "FW-09", "elf-pie", 0);
	expect_shares("elf-no-relro", "FW-10", "elf-relro", 5);
	expect_shares("elf-no-fortify", "FW-11", "elf-fortify", 20);
}

static void expect_absent(const char *subject, const char *item)
{
	static struct sketch k;

	cover_all(&k, subject);
	sketch_coverage(&k, subject, 0, 0);
	assert_int_equal(verdict_of(&sheet, &k, item), V_NA);
	sketch_coverage(&k, "image", 0, 10); /* half of the image is unknown: who can say */
	assert_int_equal(verdict_of(&sheet, &k, item), V_INCONCLUSIVE);
	k.record.n--;
	sketch_skip(&k, "objects", "/odd");
	assert_int_equal(verdict_of(&sheet, &k, item), V_INCONCLUSIVE);
}

static void test_absence(void **state)
{
	static struct sketch k;

	(void)state;
	expect_absent("root-filesystems", "FW-04");
	expect_absent("root-filesystems", "FW-05");
	expect_absent("root-filesystems", "FW-12");
	expect_absent("root-filesystems", "FW-21");
	expect_absent("elf-nx", "FW-07");
	expect_absent("elf-ssp", "FW-08");
	expect_absent("elf-pie", "FW-09");
	expect_absent("elf-relro", "FW-10");
	expect_absent("elf-fortify", "FW-11");
	expect_absent("certificates", "FW-22");
	expect_absent("services", "FW-25");
	expect_absent("settings-areas", "FW-28");
	expect_absent("services", "FW-30");
	expect_absent("web-files", "FW-31");
	/* No trace of updates, of a boot loader or of a kernel is no proof that there is none. */
	cover_all(&k, "update-sources");
	sketch_coverage(&k, "update-sources", 0, 0);
	assert_int_equal(verdict_of(&sheet, &k, "FW-20"), V_UNTESTED);
	cover_all(&k, "boot-loader");
	sketch_coverage(&k, "boot-loader", 0, 0);
	assert_int_equal(verdict_of(&sheet, &k, "FW-16"), V_UNTESTED);
	cover_all(&k, "kernel-config");
	sketch_coverage(&k, "kernel-config", 0, 0);
	assert_int_equal(verdict_of(&sheet, &k, "FW-26"), V_UNTESTED);
}

static void test_image_coverage(void **state)
{
	static const struct {
		uint64_t readable, image;
		enum verdict v;
	} t[] = {
		{1000, 1000, V_PASS},        {1000, 999, V_INCONCLUSIVE},
		{1000, 950, V_INCONCLUSIVE}, {1000, 949, V_FAIL},
		{949, 949, V_UNTESTED},      {10, 10, V_UNTESTED}, /* encrypted */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		static struct sketch k;

		sketch_init(&k);
		sketch_coverage(&k, "objects", 3, 3);
		sketch_coverage(&k, "image-readable", t[i].readable, 1000);
		sketch_coverage(&k, "image", t[i].image, 1000);
		assert_int_equal(verdict_of(&sheet, &k, "FW-01"), t[i].v);
	}
}

static void test_one_key_sinks_one_item(void **state)
{
	static struct sketch k;
	struct judgement j;

	(void)state;
	cover_all(&k, NULL);
	sketch_finding(&k, "private-key", "key:1");
	sketch_finding(&k, "settings-key", "key:1");
	sketch_finding(&k, "host-key", "key:1");
	judge(&sheet, &k, 0, &j);
	assert_int_equal(j.score.failed, 1);
	assert_int_equal(result_of(&j, "FW-30")->verdict, V_FAIL);
	assert_true(has_reason(result_of(&j, "FW-02"), WHY_COUNTED_ELSEWHERE, "FW-30"));
	assert_true(has_reason(result_of(&j, "FW-28"), WHY_COUNTED_ELSEWHERE, "FW-30"));
	judgement_release(&j);
	/* A software component has no item FW-28. */
	cover_all(&k, NULL);
	sketch_target(&k, KIND_SOFTWARE, SECTOR_CONSUMER);
	sketch_finding(&k, "plain-password", "password:1");
	sketch_finding(&k, "settings-password", "password:1");
	assert_int_equal(verdict_of(&sheet, &k, "FW-03"), V_FAIL);
	sketch_target(&k, KIND_FINAL_DEVICE, SECTOR_CONSUMER);
	assert_int_equal(verdict_of(&sheet, &k, "FW-03"), V_PASS);
	assert_int_equal(verdict_of(&sheet, &k, "FW-28"), V_FAIL);
}

/* --- properties --- */

/* Numbers that are the same on every machine (Steele, Lea, Flood: SplitMix64). */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % below;
}

static const char *const keys[] = {"k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", ""};

static void random_finding(struct sketch *k, uint64_t *seed, const char *key)
{
	const struct rule *r = &sheet.rules[draw(seed, sheet.rules_n)];

	sketch_finding(k, (const char *)r->id.ptr, key);
}

static void random_record(struct sketch *k, uint64_t *seed)
{
	size_t n = draw(seed, 12);

	sketch_init(k);
	sketch_target(k, (enum target_kind)draw(seed, KIND_N), (enum sector)draw(seed, SECTOR_N));
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		uint64_t total = draw(seed, 8) == 0 ? 0 : 40;

		if (draw(seed, 12) == 0)
			continue;
		sketch_coverage(k, subjects[i], draw(seed, 8) == 0 ? total / 2 : total, total);
		if (draw(seed, 20) == 0)
			sketch_skip(k, subjects[i], "/odd");
	}
	for (size_t i = 0; i < ARRAY_LEN(known_subjects); i++)
		if (draw(seed, 12) != 0)
			sketch_known(k, known_subjects[i], draw(seed, 8) == 0 ? 20 : 40, 40);
	for (size_t i = 0; i < n; i++)
		random_finding(k, seed, keys[draw(seed, ARRAY_LEN(keys))]);
}

enum { TRIES = 300 };

/* A new flaw never makes a verdict milder nor a grade better. */
static void test_harm_never_helps(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < TRIES; i++) {
		static struct sketch k;
		struct judgement before, after;

		random_record(&k, &seed);
		judge(&sheet, &k, i % 5, &before);
		random_finding(&k, &seed, "new");
		judge(&sheet, &k, i % 5, &after);
		assert_int_equal(before.items_n, after.items_n);
		for (size_t n = 0; n < before.items_n; n++)
			assert_true(after.items[n].verdict >= before.items[n].verdict);
		assert_true(after.grade <= before.grade);
		assert_true(after.reachable <= before.reachable);
		assert_true(after.score.passed <= before.score.passed);
		judgement_release(&before);
		judgement_release(&after);
	}
}

/* Findings of rules whose items share overlap groups, with few keys, so that many meet. */
static void random_rivals(struct sketch *k, uint64_t *seed)
{
	static const char *const rivals[] = {
		"private-key",     "host-key",       "settings-key",        "fixed-password",
		"plain-password",  "open-console",   "boot-open",           "settings-password",
		"empty-password",  "setuid-file",    "root-service",        "embedded-token",
		"known-exploited", "known-critical", "known-high",          "jvn-open",
		"own-advisory",    "end-of-life",    "kernel-unmaintained", "library-unmaintained",
	};

	for (size_t i = 0; i < 12; i++)
		sketch_finding(k, rivals[draw(seed, ARRAY_LEN(rivals))], keys[draw(seed, 3)]);
}

static bool counts(const struct item_result *r, struct slice flaw)
{
	for (size_t i = 0; i < r->because_n; i++)
		if (r->because[i].kind == WHY_FINDING &&
		    slice_eq(r->because[i].fact->finding.flaw, flaw))
			return true;
	return false;
}

/* A flaw shown as counted elsewhere is counted there: none is lost between two items. */
static void test_no_flaw_is_lost(void **state)
{
	uint64_t seed = 2;
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < TRIES; i++) {
		static struct sketch k;
		struct judgement j;

		random_record(&k, &seed);
		random_rivals(&k, &seed);
		judge(&sheet, &k, 0, &j);
		for (size_t n = 0; n < j.items_n; n++) {
			const struct item_result *r = &j.items[n];

			for (size_t b = 0; b < r->because_n; b++) {
				char id[16];
				const struct reason *why = &r->because[b];

				if (why->kind != WHY_COUNTED_ELSEWHERE)
					continue;
				snprintf(id, sizeof id, "%.*s", (int)why->subject.len,
					 (const char *)why->subject.ptr);
				assert_int_equal(result_of(&j, id)->verdict, V_FAIL);
				assert_true(counts(result_of(&j, id), why->fact->finding.flaw));
				seen++;
			}
		}
		judgement_release(&j);
	}
	assert_true(seen > TRIES);
}

static void shuffle(struct sketch *k, uint64_t *seed)
{
	for (size_t i = k->record.n - 1; i > 1; i--) {
		size_t other = 1 + draw(seed, i);
		struct fact f = k->facts[i];

		k->facts[i] = k->facts[other];
		k->facts[other] = f;
	}
}

static void test_order_does_not_matter(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < TRIES; i++) {
		static struct sketch k;
		struct judgement a, b;

		random_record(&k, &seed);
		judge(&sheet, &k, 2, &a);
		shuffle(&k, &seed);
		judge(&sheet, &k, 2, &b);
		for (size_t n = 0; n < a.items_n; n++) {
			assert_int_equal(a.items[n].verdict, b.items[n].verdict);
			assert_int_equal(a.items[n].because_n, b.items[n].because_n);
		}
		assert_int_equal(a.next_n, b.next_n);
		for (size_t n = 0; n < a.next_n; n++)
			assert_memory_equal(&a.next[n], &b.next[n], sizeof a.next[n]);
		assert_memory_equal(&a.score, &b.score, sizeof a.score);
		assert_int_equal(a.grade, b.grade);
		judgement_release(&a);
		judgement_release(&b);
	}
}

static void expect_adds_up(const struct tally *t)
{
	assert_int_equal(t->passed + t->not_tested + t->inconclusive + t->failed, t->applicable);
}

static void test_tallies_add_up(void **state)
{
	uint64_t seed = 4;

	(void)state;
	for (size_t i = 0; i < TRIES; i++) {
		static struct sketch k;
		struct judgement j;
		struct tally sum = {0};
		uint64_t not_applicable = 0, vulnerability = 0;

		random_record(&k, &seed);
		judge(&sheet, &k, i % 5, &j);
		for (size_t m = 0; m < METHOD_N; m++) {
			expect_adds_up(&j.by_method[m]);
			sum.applicable += j.by_method[m].applicable;
			sum.passed += j.by_method[m].passed;
			sum.failed += j.by_method[m].failed;
			sum.not_tested += j.by_method[m].not_tested;
			sum.inconclusive += j.by_method[m].inconclusive;
		}
		for (size_t n = 0; n < j.items_n; n++) {
			bool is_v = j.items[n].item->part == PART_VULNERABILITY;

			vulnerability += is_v;
			not_applicable += is_v && j.items[n].verdict == V_NA;
		}
		expect_adds_up(&j.score);
		expect_adds_up(&j.of_class);
		assert_memory_equal(&sum, &j.score, sizeof sum);
		assert_int_equal(j.score.applicable + not_applicable, vulnerability);
		assert_true(j.reachable >= j.grade);
		judgement_release(&j);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean_product_passes),
		cmocka_unit_test(test_silence_is_never_a_pass),
		cmocka_unit_test(test_each_rule_fails_its_item),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_absence),
		cmocka_unit_test(test_image_coverage),
		cmocka_unit_test(test_one_key_sinks_one_item),
		cmocka_unit_test(test_harm_never_helps),
		cmocka_unit_test(test_no_flaw_is_lost),
		cmocka_unit_test(test_order_does_not_matter),
		cmocka_unit_test(test_tallies_add_up),
	};

	return cmocka_run_group_tests(tests, load_sheet, release_sheet);
}
