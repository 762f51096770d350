/* SPDX-License-Identifier: Apache-2.0 */
/* Every fixed text of a report in both languages. Inside the room only. */
#ifndef REPORT_PHRASES_H
#define REPORT_PHRASES_H

#include "report/report.h"

/* The same words in each language: w.in[lang], UTF-8, never NULL. */
struct words {
	const char *in[LANG_N];
};

enum phrase {
#define X(id, ja, en) PH_##id,
#include "report/phrases.def"
#undef X
	PH_N
};

struct words words_of(enum phrase p);
struct words words_grade(enum grade g);
struct words words_verdict(enum verdict v);
struct words words_method(enum method m);
struct words words_severity(enum severity s);
struct words words_decided_by(enum decided_by d);
struct words words_range(enum range_kind k);
struct words words_artifact(enum artifact_type t);

/* How a component was found: "version-string". */
struct words words_found_by(struct slice method);
struct words words_confidence(enum confidence c);
struct words words_kind(enum target_kind k);
struct words words_sector(enum sector s);
struct words words_reason(enum reason_kind k); /* a template, see reasons.c */

/* The pillar of an IoT item; false when it has no words. */
bool words_pillar(struct slice id, struct words *out);

/* What a coverage speaks of; the subject itself where it has no words. */
struct slice subject_words(struct slice subject, enum lang l);
/* Whether the numbers of that coverage are bytes. */
bool subject_is_bytes(struct slice subject);

/* The word of a reason's kind in documents: "counted-elsewhere". */
const char *reason_name(enum reason_kind k);

#endif
