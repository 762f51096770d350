// SPDX-License-Identifier: Apache-2.0
// Sheets and records for tests of judging.

#include "sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice catalog_read(const char *name)
{
	const char *folder = getenv("KENSA_CATALOG");
	char path[1024];
	FILE *f = NULL;
	long n = 0;

	snprintf(path, sizeof path, "%s/%s", folder ? folder : "catalog", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);

	uint8_t *data = malloc((size_t)n + 1);

	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)n, f), n);
	fclose(f);
	return slice_of(data, (size_t)n);
}

struct catalog catalog_open(void)
{
	return (struct catalog){
		.vulnerability = catalog_read("vulnerability.yaml"),
		.iot = catalog_read("iot.yaml"),
		.rules = catalog_read("rules.yaml"),
	};
}

void catalog_close(struct catalog *c)
{
	sample_free(c->vulnerability);
	sample_free(c->iot);
	sample_free(c->rules);
}

static void load(const struct sheet_source *src, struct sheet *out)
{
	struct fault why = {0};
	enum err e = sheet_load(src, out, &why);

	if (e)
		fail_msg("%s", why.msg);
}

void sheet_real(struct sheet *out)
{
	struct catalog c = catalog_open();
	struct sheet_source src = {
		.vulnerability = c.vulnerability, .iot = c.iot, .rules = c.rules};

	load(&src, out);
	catalog_close(&c);
}

static const char rules[] = "edition: t\n"
			    "name: {ja: 規則, en: rules}\n"
			    "rules:\n"
			    "  - {id: one, severity: high, title: {ja: 一, en: one},"
			    " action: {ja: 一を直す, en: repair one}}\n"
			    "  - {id: two, severity: critical, title: {ja: 二, en: two},"
			    " action: {ja: 二を直す, en: repair two}}\n"
			    "  - {id: three, severity: low, title: {ja: 三, en: three},"
			    " action: {ja: 三を直す, en: repair three}}\n"
			    "end_of: t\n";

static const char no_iot[] =
	"  - {id: KM-01, tier: core, pillar: keys, phases: [use], class_min: 1,"
	" class_basis: {reason: r, status: s}, title: {ja: 鍵, en: keys},"
	" requirement: {ja: 要件, en: must}, inspected_by: [test], evidence: [e],"
	" intended: manual, decided_by: manual, targets: [system]}\n";

void sheet_texts_make(const char *items, const char *overlaps, const char *iot,
		      struct sheet_texts *out)
{
	buf_init(&out->vulnerability, 1 * MiB);
	buf_init(&out->iot, 1 * MiB);
	buf_print(&out->vulnerability,
		  "edition: t\nname: {ja: 脆弱性, en: v}\n"
		  "grade: {bronze: 80, silver: 90, gold: 95}\n"
		  "common_needs:\n  - method: firmware\n    needs:\n"
		  "      - {subject: image, percent: 95}\n      - {subject: objects}\n"
		  "%s%sitems:\n%send_of: t\n",
		  overlaps[0] ? "overlap_groups:\n" : "", overlaps, items);
	buf_print(&out->iot,
		  "edition: t\nname: {ja: 点検, en: i}\npillars: [{id: keys, ja: 鍵, en: keys}]\n"
		  "items:\n%send_of: t\n",
		  iot);
	assert_int_equal(out->vulnerability.err, OK);
	assert_int_equal(out->iot.err, OK);
	out->source = (struct sheet_source){.vulnerability = buf_slice(&out->vulnerability),
					    .iot = buf_slice(&out->iot),
					    .rules = slice_text(rules)};
}

void sheet_texts_small(struct sheet_texts *out)
{
	sheet_texts_make("  - {id: FW-01, method: firmware, title: {ja: 一, en: one},"
			 " requirement: {ja: 要件, en: must}, check: c, intended: tool,"
			 " decided_by: tool, fails_on: [{rule: one, of: x, allowed_percent: 5}],"
			 " needs: [{subject: x, percent: 90, below: fail, may_be_empty: true}],"
			 " not_applicable: [{code: nox, absent: x, ja: 無, en: none}], cwe: [1],"
			 " targets: [final-device], sectors: [consumer]}\n",
			 "  - {id: OV-1, flaw: {ja: 欠陥, en: flaw}, owner_order: [FW-01]}\n",
			 no_iot, out);
}

void sheet_texts_release(struct sheet_texts *t)
{
	buf_release(&t->vulnerability);
	buf_release(&t->iot);
}

void sheet_of_both(const char *items, const char *overlaps, const char *iot, struct sheet *out)
{
	struct sheet_texts t;

	sheet_texts_make(items, overlaps, iot, &t);
	load(&t.source, out);
	sheet_texts_release(&t);
}

void sheet_of(const char *items, const char *overlaps, struct sheet *out)
{
	sheet_of_both(items, overlaps, no_iot, out);
}

static struct fact *sketch_add(struct sketch *k, enum fact_kind kind)
{
	assert_true(k->record.n < FACTS_MAX);

	struct fact *f = &k->facts[k->record.n++];

	*f = (struct fact){.kind = kind};
	return f;
}

void sketch_init(struct sketch *k)
{
	k->record = (struct record){.facts = k->facts, .cap = FACTS_MAX, .is_complete = true};
	sketch_add(k, FACT_TARGET);
	sketch_target(k, KIND_FINAL_DEVICE, SECTOR_CONSUMER);
}

void sketch_target(struct sketch *k, enum target_kind kind, enum sector sector)
{
	k->facts[0].target = (struct target){
		.schema = slice_text("kensa.record/1"),
		.kensa = slice_text("0"),
		.date = slice_text("2026-01-01"),
		.name = slice_text("test"),
		.kind = kind,
		.sector = sector,
	};
}

void sketch_finding(struct sketch *k, const char *rule, const char *flaw)
{
	sketch_add(k, FACT_FINDING)->finding =
		(struct finding){.rule = slice_text(rule), .flaw = slice_text(flaw), .artifact = 1};
}

void sketch_coverage(struct sketch *k, const char *subject, uint64_t seen, uint64_t total)
{
	sketch_add(k, FACT_COVERAGE)->coverage = (struct coverage){.method = METHOD_FIRMWARE,
								   .subject = slice_text(subject),
								   .seen = seen,
								   .total = total};
}

void sketch_known(struct sketch *k, const char *subject, uint64_t seen, uint64_t total)
{
	sketch_add(k, FACT_COVERAGE)->coverage = (struct coverage){.method = METHOD_KNOWN,
								   .subject = slice_text(subject),
								   .seen = seen,
								   .total = total};
}

void sketch_skip(struct sketch *k, const char *subject, const char *what)
{
	sketch_add(k, FACT_SKIP)->skip = (struct skip){.method = METHOD_FIRMWARE,
						       .subject = slice_text(subject),
						       .what = slice_text(what),
						       .why = slice_text("corrupt"),
						       .artifact = 1};
}

void judge(const struct sheet *s, const struct sketch *k, uint64_t class_no, struct judgement *out)
{
	assert_int_equal(sheet_judge(s, &k->record, class_no, out), OK);
}

const struct item_result *result_of(const struct judgement *j, const char *id)
{
	for (size_t i = 0; i < j->items_n; i++)
		if (slice_is(j->items[i].item->id, id))
			return &j->items[i];
	return NULL;
}

enum verdict verdict_of(const struct sheet *s, const struct sketch *k, const char *id)
{
	struct judgement j;
	enum verdict v = V_N;

	judge(s, k, 0, &j);

	const struct item_result *r = result_of(&j, id);

	if (r)
		v = r->verdict;
	judgement_release(&j);
	return v;
}

bool has_reason(const struct item_result *r, enum reason_kind kind, const char *subject)
{
	for (size_t i = 0; i < r->because_n; i++)
		if (r->because[i].kind == kind && slice_is(r->because[i].subject, subject))
			return true;
	return false;
}
