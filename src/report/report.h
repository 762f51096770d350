/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writers of results. They compute nothing: what they say stands in the record, the sheet and the
 * judgement. One output is one file and one row in reports.def.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/vulnerabilities.h"
#include "sheet/sheet.h"

struct report_view {
	const struct record *record;
	const struct sheet *sheet;
	const struct judgement *judgement;
	enum lang lang;             /* of texts that exist in one language at a time */
	bool has_colour;            /* terminal only */
	struct slice author, space; /* VEX documents: who speaks, and a URL that is theirs */
};

struct report {
	const char *name; /* "html" */
	const char *file; /* its name in --out, NULL: not written there */
	enum err (*write)(const struct report_view *v, struct buf *out);
};

#define X(name) extern const struct report report_##name;
#include "report/reports.def"
#undef X

extern const struct report *const reports[];
extern const size_t reports_n;

/* One reason as a plain sentence in v->lang, UTF-8, not yet escaped for a sink. */
void reason_words(const struct report_view *v, const struct reason *r, struct buf *out);

/* The method (or pillar) of an item, and who decides it, for people. Never NULL. */
const char *item_method_words(const struct item *i, enum lang l);
const char *decided_by_words(enum decided_by d, enum lang l);

/* What a range or an artifact is, for people. Never NULL. */
const char *range_kind_words(enum range_kind k, enum lang l);
const char *artifact_type_words(enum artifact_type t, enum lang l);

/* A text and blanks up to `width` columns; kana, kanji and full-width forms take two. */
void terminal_column(struct buf *out, struct slice text, size_t width);

/* Why something was skipped, and the details, raw. */
void skip_words(const struct skip *s, enum lang l, struct buf *out);

#endif
