/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sheet: check items as data, their verdicts over a record, the score, the grade.
 *
 * Judging is a pure function of (sheet, record, class): no clock, no files, no target. A sheet is
 * loaded from the bytes of three YAML documents (catalog/vulnerability.yaml, catalog/iot.yaml,
 * catalog/rules.yaml); their SHA-256 together names the edition.
 */
#ifndef SHEET_SHEET_H
#define SHEET_SHEET_H

#include "record/record.h"

/* Ordered by gravity; combining is max. */
enum verdict { V_NA, V_PASS, V_UNTESTED, V_INCONCLUSIVE, V_FAIL, V_N };

enum sheet_part { PART_VULNERABILITY, PART_IOT, PART_N };
enum decided_by { BY_TOOL, BY_TOOL_REVIEW, BY_MANUAL, BY_N };
enum severity { SEV_INFO, SEV_LOW, SEV_MEDIUM, SEV_HIGH, SEV_CRITICAL, SEV_N };
enum grade { GRADE_NONE, GRADE_BRONZE, GRADE_SILVER, GRADE_GOLD, GRADE_N };

/* What a finding rule means: catalog/rules.yaml. */
struct rule {
	struct slice id;
	enum severity severity;
	struct bilingual title, action; /* action: what to do about it, one plain sentence */
	const uint64_t *cwe;
	size_t cwe_n;
};

/* Findings of `rule` fail the item. With `of`, only when they exceed a share of that coverage. */
struct item_fail {
	struct slice rule;
	struct slice of;          /* coverage subject counted against; empty: one is enough */
	uint64_t allowed_percent; /* share of flaws in `of` that is still a pass */
};

/*
 * The item passes only where `subject` was looked at: seen * 100 >= total * percent, total > 0.
 * A need that is not met with `below` V_UNTESTED leaves the item not tested, whatever the other
 * needs say: what was not handed in readable cannot be judged either way. A skip never makes more
 * than V_INCONCLUSIVE.
 */
struct item_need {
	struct slice subject;
	uint64_t percent;    /* 100 unless the data says less */
	enum verdict below;  /* V_INCONCLUSIVE unless the data says V_FAIL or V_UNTESTED */
	bool may_be_empty;   /* total 0 is fine */
	bool even_if_absent; /* must also hold before the item may be not applicable */
};

/* The item does not apply when `absent` was covered and its total is 0. */
struct item_na {
	struct slice code;   /* "noos", … */
	struct slice absent; /* empty: only a person can say so */
	struct bilingual text;
};

struct item {
	struct slice id;
	enum sheet_part part;
	enum method method;  /* vulnerability part */
	struct slice pillar; /* iot part */
	struct bilingual title, requirement;
	enum decided_by decided_by, intended;
	uint64_t class_min;        /* iot part, 1..4 */
	unsigned targets, sectors; /* bit masks of 1u << enum target_kind / sector */
	const uint64_t *cwe;
	size_t cwe_n;
	const struct item_fail *fails;
	size_t fails_n;
	const struct item_need *needs;
	size_t needs_n;
	const struct item_na *na;
	size_t na_n;
};

struct overlap {
	struct slice id;
	struct bilingual flaw;
	const struct slice *owners; /* item ids, first that found the flaw counts it */
	size_t owners_n;
};

struct sheet {
	struct arena arena;
	struct slice edition; /* "kensa-2026.1" */
	char sha256[SHA256_HEX + 1];
	const struct item *items; /* vulnerability part first, ids in order */
	size_t items_n;
	const struct overlap *overlaps;
	size_t overlaps_n;
	const struct rule *rules; /* sorted by id */
	size_t rules_n;
	uint64_t bronze, silver, gold; /* percent */
};

struct sheet_source {
	struct slice vulnerability, iot, rules; /* YAML bytes */
};

/* Errors say which document and line. On failure *out is released. */
MUST_CHECK enum err sheet_load(const struct sheet_source *src, struct sheet *out,
			       struct fault *why);
void sheet_release(struct sheet *s);

const struct item *sheet_item(const struct sheet *s, struct slice id);
const struct rule *sheet_rule(const struct sheet *s, struct slice id); /* NULL: unknown rule */

/*
 * Why an item has its verdict. Of WHY_FINDING, WHY_COUNTED_ELSEWHERE and WHY_SKIPPED at most
 * LIMIT_REASONS are listed for an item; `b` of each says how many there are.
 */
enum reason_kind {
	WHY_FINDING,           /* `fact` is a finding that fails it */
	WHY_COUNTED_ELSEWHERE, /* `fact` is a finding counted by item `subject` */
	WHY_TOLERATED,         /* a, b: a flaws of b looked at are within the share allowed */
	WHY_COVERED,           /* a of b of `subject` looked at */
	WHY_NOT_COVERED,       /* a of b: not enough */
	WHY_NO_COVERAGE,       /* nothing in the record speaks of `subject` */
	WHY_NONE_FOUND,        /* the image shows nothing of `subject` to look at */
	WHY_SKIPPED,           /* `fact` is a skip */
	WHY_ABSENT,            /* does not apply: `subject` does not exist in the product */
	WHY_MANUAL,            /* a person must answer */
	WHY_N
};

struct reason {
	enum reason_kind kind;
	struct slice subject;
	uint64_t a, b;
	const struct fact *fact;
};

struct item_result {
	const struct item *item;
	enum verdict verdict;
	const struct reason *because;
	size_t because_n;
};

struct tally {
	uint64_t passed, applicable, not_tested, inconclusive, failed;
};

/*
 * One thing to do; worst first. With a rule: repair `flaws` separate flaws of it, which fail
 * `item`. Without one: get the item better covered or tested. Such a step stands for `flaws` items
 * of the same part, method (or pillar) and verdict, of which `item` is the first.
 */
struct step {
	const struct item *item;
	const struct rule *rule;
	uint64_t flaws;
};

struct judgement {
	struct arena arena;
	struct item_result *items; /* those whose targets and sectors include the product's */
	size_t items_n;
	struct tally score; /* vulnerability part */
	struct tally by_method[METHOD_N];
	struct tally of_class; /* iot items with class_min <= class; zero without class */
	uint64_t class_no;     /* 0: none */
	enum grade grade, reachable;
	const struct step *next;
	size_t next_n;
};

/* class_no 0..4. Facts stay borrowed from the record. */
MUST_CHECK enum err sheet_judge(const struct sheet *s, const struct record *r, uint64_t class_no,
				struct judgement *out);
void judgement_release(struct judgement *j);

/* passed * 1000 / applicable, cut, never rounded up; writes "97.5". "0.0" when none apply. */
void tally_percent(const struct tally *t, char out[8]);

const char *verdict_name(enum verdict v); /* "not-tested", as in documents */
const char *decided_by_name(enum decided_by d);
const char *severity_name(enum severity s);
const char *grade_name(enum grade g);
const char *sheet_part_name(enum sheet_part p);
MUST_CHECK bool grade_find(struct slice word, enum grade *out);

#endif
