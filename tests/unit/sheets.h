/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets and records for tests of judging: documents as C texts, facts in one line. */
#ifndef TESTS_SHEETS_H
#define TESTS_SHEETS_H

#include "support.h"

#include "sheet/sheet.h"

/* A document of the catalogue ($KENSA_CATALOG); the test fails when it is absent. */
struct slice catalog_read(const char *name);

struct catalog {
	struct slice vulnerability, iot, rules;
};
struct catalog catalog_open(void);
void catalog_close(struct catalog *c);

/* The catalogue as it is, loaded. */
void sheet_real(struct sheet *out);

/* Documents made by hand; the source borrows from the buffers. */
struct sheet_texts {
	struct buf vulnerability, iot;
	struct sheet_source source;
};
void sheet_texts_make(const char *items, const char *overlaps, const char *iot,
		      struct sheet_texts *out);
void sheet_texts_small(struct sheet_texts *out); /* one item with every key that judges */
void sheet_texts_release(struct sheet_texts *t);

/* A small sheet: `items` and `overlaps` are the YAML under these keys of vulnerability.yaml. */
void sheet_of(const char *items, const char *overlaps, struct sheet *out);
/* The same with IoT items. */
void sheet_of_both(const char *items, const char *overlaps, const char *iot, struct sheet *out);

enum { FACTS_MAX = 4096 };

/* A record made by hand; texts are borrowed. Starts with a consumer final device. */
struct sketch {
	struct fact facts[FACTS_MAX];
	struct record record;
};
void sketch_init(struct sketch *k);
void sketch_target(struct sketch *k, enum target_kind kind, enum sector sector);
void sketch_finding(struct sketch *k, const char *rule, const char *flaw);
void sketch_coverage(struct sketch *k, const char *subject, uint64_t seen, uint64_t total);
/* The same of known-vulnerability diagnosis. */
void sketch_known(struct sketch *k, const char *subject, uint64_t seen, uint64_t total);
void sketch_skip(struct sketch *k, const char *subject, const char *what);

/* Judges or fails the test. */
void judge(const struct sheet *s, const struct sketch *k, uint64_t class_no, struct judgement *out);
/* NULL when the item is not part of the judgement. */
const struct item_result *result_of(const struct judgement *j, const char *id);
enum verdict verdict_of(const struct sheet *s, const struct sketch *k, const char *id);
bool has_reason(const struct item_result *r, enum reason_kind kind, const char *subject);

#endif
