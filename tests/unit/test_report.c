// SPDX-License-Identifier: Apache-2.0
// Reports over a record full of hostile text: the contract's keys, escaping in every sink, the same
// bytes twice, both languages.

#include "sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/report.h"

#define NASTY "\"><script>&'\x1b[31m\xff\xe2\x80\xae|"

struct bench {
	struct sheet sheet;
	struct record record;
	struct judgement judgement;
};

static void add(struct record *r, struct fact f)
{
	assert_int_equal(record_add(r, &f), OK);
}

static void add_objects(struct record *r)
{
	add(r, (struct fact){.kind = FACT_TARGET,
			     .target = {.schema = slice_text(RECORD_SCHEMA),
					.kensa = slice_text("0.1.0"),
					.date = slice_text("2026-11-23"),
					.name = slice_text("router " NASTY)}});
	add(r, (struct fact){.kind = FACT_INPUT,
			     .input = {.id = 1,
				       .path = slice_text("image.bin"),
				       .type = slice_text("raw"),
				       .size = 4096,
				       .sha256 = slice_text("0123456789abcdef0123456789abcdef"
							    "0123456789abcdef0123456789abcdef")}});
	add(r, (struct fact){.kind = FACT_ARTIFACT,
			     .artifact = {.id = 1,
					  .input = 1,
					  .path = slice_text("image.bin"),
					  .type = ART_IMAGE,
					  .size = 4096}});
	add(r, (struct fact){.kind = FACT_ARTIFACT,
			     .artifact = {.id = 2,
					  .parent = 1,
					  .input = 1,
					  .path = slice_text("image.bin!squashfs!/etc/a b:" NASTY),
					  .type = ART_FILE,
					  .size = 20}});
	add(r, (struct fact){.kind = FACT_RANGE,
			     .range = {.input = 1,
				       .at = 0,
				       .size = 4000,
				       .kind = RANGE_IDENTIFIED,
				       .artifact = 1,
				       .verified_by = slice_text("untranslated\x1f" NASTY)}});
	add(r, (struct fact){.kind = FACT_RANGE,
			     .range = {.input = 1, .at = 4000, .size = 96, .kind = RANGE_PADDING}});
	/* A record that lies: an input that is not there, and numbers at the edge. */
	add(r, (struct fact){.kind = FACT_RANGE,
			     .range = {.input = 7, .at = INT64_MAX, .size = INT64_MAX}});
}

static void add_component(struct record *r, const char *version, uint64_t artifact)
{
	add(r, (struct fact){.kind = FACT_COMPONENT,
			     .component = {.name = slice_text("busybox"),
					   .version = slice_text(version),
					   .purl = slice_text("pkg:generic/busybox"),
					   .supplier = slice_text(NASTY),
					   .artifact = artifact,
					   .method = slice_text("version-string")}});
}

static void add_finding(struct record *r, const char *rule, const char *location)
{
	add(r, (struct fact){.kind = FACT_FINDING,
			     .finding = {.rule = slice_text(rule),
					 .flaw = slice_text("key:" NASTY),
					 .artifact = 2,
					 .location = slice_text(location),
					 .evidence = slice_text("untranslated\x1f" NASTY)}});
}

static void add_vulnerability(struct record *r, const char *id, enum vuln_status status)
{
	add(r, (struct fact){.kind = FACT_VULNERABILITY,
			     .vulnerability = {.id = slice_text(id),
					       .component = slice_text("busybox"),
					       .version = slice_text("1.36"),
					       .status = status,
					       .fixed_in = slice_text("1.37"),
					       .because = slice_text("range " NASTY)}});
}

static void add_decision(struct record *r, const char *id, const char *product,
			 enum vex_status status, const char *justification)
{
	add(r, (struct fact){.kind = FACT_DECISION,
			     .decision = {.id = slice_text(id),
					  .product = slice_text(product),
					  .status = status,
					  .justification = slice_text(justification),
					  .statement = slice_text("because " NASTY),
					  .date = slice_text("2026-02-03")}});
}

static void add_vex(struct record *r)
{
	for (unsigned s = 0; s < VULN_STATUS_N; s++) {
		char id[] = "CVE-2026-1000";

		id[12] = (char)('0' + s);
		add_vulnerability(r, id, (enum vuln_status)s);
	}
	add_vulnerability(r, "GHSA-" NASTY, VULN_AFFECTED);
	/* of two decisions on one pair the later stands */
	add_decision(r, "CVE-2026-1000", "pkg:generic/busybox", VEX_AFFECTED, "");
	add_decision(r, "CVE-2026-1000", "pkg:generic/busybox", VEX_NOT_AFFECTED,
		     "component_not_present");
	add_decision(r, "CVE-2026-2000", "", VEX_FIXED, "");
	add_decision(r, "CVE-2026-2000", "cpe:2.3:a:x:y:1:*:*:*:*:*:*:*", VEX_INVESTIGATING, "");
	add_decision(r, "CVE-2026-2000", "name " NASTY "@1", VEX_AFFECTED, "");
}

static void add_facts(struct record *r)
{
	add_vex(r);
	add_component(r, "1.36", 2);
	add_component(r, "1.35", 1);
	add_component(r, "1.36", 1);
	add_finding(r, "common-hash",
		    "line\x1f"
		    "3");
	add_finding(r, "private-key",
		    "line\x1f"
		    "12");
	add_finding(r, "no-such-rule", "untranslated\x1f" NASTY);
	for (unsigned i = 0; i < 2; i++)
		add(r, (struct fact){.kind = FACT_COVERAGE,
				     .coverage = {.method = METHOD_FIRMWARE,
						  .subject = slice_text("secrets"),
						  .seen = 20 + i,
						  .total = 22}});
	add(r, (struct fact){.kind = FACT_SKIP,
			     .skip = {.method = METHOD_FIRMWARE,
				      .subject = slice_text("secrets"),
				      .what = slice_text("x" NASTY),
				      .why = slice_text(err_name(E_LIMIT)),
				      .artifact = 2}});
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);

	assert_non_null(b);
	sheet_real(&b->sheet);
	record_init(&b->record);
	add_objects(&b->record);
	add_facts(&b->record);
	assert_int_equal(record_end(&b->record, true), OK);
	assert_int_equal(sheet_judge(&b->sheet, &b->record, 2, &b->judgement), OK);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	judgement_release(&b->judgement);
	record_release(&b->record);
	sheet_release(&b->sheet);
	free(b);
	return 0;
}

/* The caller releases the buffer. */
static void write_report(const struct bench *b, const struct report *r, enum lang l,
			 struct buf *out)
{
	struct report_view v = {.record = &b->record,
				.sheet = &b->sheet,
				.judgement = &b->judgement,
				.lang = l,
				.has_colour = false};

	buf_init(out, 64 * MiB);
	assert_int_equal(r->write(&v, out), OK);
	buf_byte(out, 0);
	assert_int_equal(out->err, OK);
}

static bool has(const struct buf *b, const char *text)
{
	return slice_find(buf_slice(b), slice_text(text), 0) != SLICE_NONE;
}

static const struct report *report_named(const char *name)
{
	for (size_t i = 0; i < reports_n; i++)
		if (strcmp(reports[i]->name, name) == 0)
			return reports[i];
	fail_msg("no report %s", name);
	return NULL;
}

static void no_report_lets_hostile_bytes_through(void **state)
{
	for (size_t i = 0; i < reports_n * LANG_N; i++) {
		struct buf out;

		write_report(*state, reports[i / LANG_N], (enum lang)(i % LANG_N), &out);
		assert_false(has(&out, "\x1b"));
		assert_false(has(&out, "{title}") || has(&out, "{n}") || has(&out, "%.*s"));
		for (size_t at = 0; at + 1 < out.len;) {
			size_t n = text_utf8_len(buf_slice(&out), at);

			assert_true(n > 0);
			at += n;
		}
		buf_release(&out);
	}
}

static void html_has_no_foreign_markup(void **state)
{
	struct buf out;

	write_report(*state, &report_html, JA, &out);
	assert_false(has(&out, "<script"));
	assert_false(has(&out, "\xe2\x80\xae"));
	assert_false(has(&out, "http://"));
	assert_false(has(&out, "https://"));
	assert_true(has(&out, "&quot;&gt;&lt;script&gt;&amp;&#39;\\x1b[31m\\xff"));
	assert_true(has(&out, "<html lang=\"ja\">"));
	assert_true(has(&out, "id=\"pick-ja\" aria-label=\"日本語\" checked"));
	assert_true(has(&out, "A private key"));
	buf_release(&out);
}

static void terminal_has_no_controls(void **state)
{
	const struct bench *b = *state;
	struct report_view v = {.record = &b->record,
				.sheet = &b->sheet,
				.judgement = &b->judgement,
				.lang = EN,
				.has_colour = true};
	struct buf out;

	write_report(b, &report_terminal, EN, &out);
	assert_false(has(&out, "\xe2\x80\xae"));
	assert_true(has(&out, "\\x1b[31m"));
	buf_clear(&out);
	assert_int_equal(report_terminal.write(&v, &out), OK);
	assert_true(has(&out, "\x1b[1m"));
	assert_true(has(&out, "\\x1b[31m\\xff"));
	buf_release(&out);
}

static void same_bytes_twice(void **state)
{
	for (size_t i = 0; i < reports_n; i++) {
		struct buf one, two;

		write_report(*state, reports[i], EN, &one);
		write_report(*state, reports[i], EN, &two);
		assert_true(slice_eq(buf_slice(&one), buf_slice(&two)));
		buf_release(&one);
		buf_release(&two);
	}
}

static void json_keys_are_in_order(void **state)
{
	static const char *const keys[] = {
		"\n \"schema\": \"kensa.report/1\"",
		"\n \"kensa\"",
		"\n \"date\"",
		"\n \"target\"",
		"\n \"artifacts\"",
		"\n \"ranges\"",
		"\n \"components\"",
		"\n \"vulnerabilities\": [",
		"\n \"findings\"",
		"\n \"coverage\"",
		"\n \"items\"",
		"\n \"score\"",
		"\n \"grade\"",
		"\n \"reachable\"",
		"\n \"class\": 2",
		"\n \"class_items\"",
		"\n \"next\"",
		"\n \"feed\"",
		"\n \"sheet\"",
	};
	struct buf out;
	size_t at = 0;

	write_report(*state, &report_json, EN, &out);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		at = slice_find(buf_slice(&out), slice_text(keys[i]), at);
		if (at == SLICE_NONE)
			fail_msg("%s", keys[i]);
	}
	buf_release(&out);
}

static void json_merges_what_belongs_together(void **state)
{
	struct buf out;

	write_report(*state, &report_json, EN, &out);
	assert_true(has(&out, "\"version\": \"1.36\""));
	assert_true(has(&out, "\"found_in\": [\n    2,\n    1\n   ]"));
	assert_true(has(&out, "\"seen\": 41,\n   \"total\": 44"));
	assert_true(has(&out, "\"why\": \"a limit was reached\""));
	assert_true(has(&out, "\"code\": \"limit\""));
	assert_true(has(&out, "\"location\": \"line 12\""));
	buf_release(&out);
	write_report(*state, &report_json, JA, &out);
	assert_true(has(&out, "\"why\": \"上限に達しました\""));
	assert_true(has(&out, "\"location\": \"12 行目\""));
	buf_release(&out);
}

static void worst_findings_come_first(void **state)
{
	struct buf out;

	write_report(*state, &report_terminal, EN, &out);
	assert_true(has(&out, "[Critical]"));
	assert_true(has(&out, "Have this tested: OS command injection.\n"));
	assert_false(has(&out, "common-hash"));
	buf_release(&out);
	write_report(*state, report_named("sarif"), EN, &out);
	assert_true(slice_find(buf_slice(&out), slice_text("\"private-key\""), 0) <
		    slice_find(buf_slice(&out), slice_text("\"common-hash\""), 0));
	assert_true(has(&out, "\"startLine\": 12"));
	assert_true(has(&out, "image.bin!squashfs!/etc/a%20b%3A%22%3E%3Cscript%3E%26%27%1B"));
	buf_release(&out);
}

static void every_reason_has_words(void **state)
{
	const struct bench *b = *state;
	struct report_view v = {.record = &b->record,
				.sheet = &b->sheet,
				.judgement = &b->judgement,
				.lang = JA,
				.has_colour = false};
	size_t at = 0, skip_at = 0;
	const struct fact *finding = record_next(&b->record, FACT_FINDING, &at);
	const struct fact *skip = record_next(&b->record, FACT_SKIP, &skip_at);

	for (unsigned i = 0; i < WHY_N * LANG_N; i++) {
		struct reason r = {.kind = (enum reason_kind)(i / LANG_N),
				   .subject = slice_text("image"),
				   .a = 1024,
				   .b = 2048};
		struct buf out;

		r.fact = r.kind == WHY_SKIPPED ? skip : r.kind < WHY_TOLERATED ? finding : NULL;
		v.lang = (enum lang)(i % LANG_N);
		buf_init(&out, KiB);
		reason_words(&v, &r, &out);
		assert_true(out.len > 5);
		assert_false(has(&out, "{"));
		assert_int_equal(has(&out, "1.0 KiB"),
				 r.kind >= WHY_TOLERATED && r.kind <= WHY_NOT_COVERED);
		buf_release(&out);
	}
}

static void escapers_escape(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, KiB);
	html_text(&out, slice_of("a<b>&\"'\t\0\x7f\xc3\xa9\xc3", 13));
	assert_true(
		slice_is(buf_slice(&out), "a&lt;b&gt;&amp;&quot;&#39;\t\\x00\\x7f\xc3\xa9\\xc3"));
	buf_clear(&out);
	uri_path(&out, slice_of("a/b c%?#\0é", 11));
	assert_true(slice_is(buf_slice(&out), "a/b%20c%25%3F%23%00%C3%A9"));
	buf_release(&out);
}

static void empty_record_still_reports(void **state)
{
	const struct bench *b = *state;
	struct record r;
	struct judgement none = {0};

	record_init(&r);
	for (size_t i = 0; i < reports_n; i++) {
		struct report_view v = {.record = &r,
					.sheet = &b->sheet,
					.judgement = &none,
					.lang = EN,
					.has_colour = false};
		struct buf out;

		buf_init(&out, MiB);
		/* a VEX document must say something */
		if (strncmp(reports[i]->name, "vex-", 4) == 0) {
			assert_int_equal(reports[i]->write(&v, &out), E_NOTFOUND);
			continue;
		}
		assert_int_equal(reports[i]->write(&v, &out), OK);
		buf_release(&out);
		buf_init(&out, 100);
		assert_int_equal(reports[i]->write(&v, &out), E_LIMIT);
		buf_release(&out);
	}
	record_release(&r);
}

/* For check_reports.py: the same documents as files. */
static void documents_are_kept_on_request(void **state)
{
	const char *folder = getenv("KENSA_REPORT_OUT");

	for (size_t i = 0; folder && i < reports_n * LANG_N; i++) {
		const struct report *r = reports[i / LANG_N];
		char path[1024];
		struct buf out;

		write_report(*state, r, (enum lang)(i % LANG_N), &out);
		snprintf(path, sizeof path, "%s/%s.%s", folder, i % LANG_N == JA ? "ja" : "en",
			 r->file ? r->file : r->name);

		FILE *f = fopen(path, "wb");

		assert_non_null(f);
		assert_int_equal(fwrite(out.data, 1, out.len - 1, f), out.len - 1);
		fclose(f);
		buf_release(&out);
	}
}

static unsigned times(const struct buf *b, const char *text)
{
	unsigned n = 0;

	for (size_t at = 0; (at = slice_find(buf_slice(b), slice_text(text), at)) != SLICE_NONE;
	     at++)
		n++;
	return n;
}

static void vex_says_each_pair_once(void **state)
{
	struct buf out;

	write_report(*state, &report_vex_openvex, EN, &out);
	/* five decisions on four pairs, six matches of which one is decided, and the GHSA */
	assert_int_equal(times(&out, "\"timestamp\""), 1 + 4 + 5 + 1);
	assert_int_equal(times(&out, "\"name\": \"CVE-2026-1000\""), 1);
	assert_int_equal(times(&out, "component_not_present"), 1);
	assert_int_equal(times(&out, "Update to 1.37 or later."), 1);
	/* conditional, no version, no range, and a decision */
	assert_int_equal(times(&out, "\"under_investigation\""), 4);
	assert_int_equal(times(&out, "\"fixed\""), 2);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_report_lets_hostile_bytes_through),
		cmocka_unit_test(html_has_no_foreign_markup),
		cmocka_unit_test(terminal_has_no_controls),
		cmocka_unit_test(same_bytes_twice),
		cmocka_unit_test(json_keys_are_in_order),
		cmocka_unit_test(json_merges_what_belongs_together),
		cmocka_unit_test(worst_findings_come_first),
		cmocka_unit_test(every_reason_has_words),
		cmocka_unit_test(escapers_escape),
		cmocka_unit_test(empty_record_still_reports),
		cmocka_unit_test(vex_says_each_pair_once),
		cmocka_unit_test(documents_are_kept_on_request),
	};

	return cmocka_run_group_tests_name("report", tests, setup, teardown);
}
