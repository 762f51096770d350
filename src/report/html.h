/* SPDX-License-Identifier: Apache-2.0 */
/* Building blocks of the HTML report. In the room only. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/escape.h"
#include "report/view.h"

struct page {
	const struct report_view *v;
	const struct report_view *in[LANG_N]; /* the same view in each language */
	const struct gathered *g;
	struct buf *out;
	struct buf *scratch;
};

extern const char html_style[];

/* Markup of this program, as it is. */
void html_raw(const struct page *p, const char *markup);
void html_number(const struct page *p, uint64_t n);

/* Words in both languages; the style sheet shows one. */
void html_words(const struct page *p, struct words w);
void html_phrase(const struct page *p, enum phrase id);
void html_bilingual(const struct page *p, const struct bilingual *b);

/* <td>text</td>, escaped; with a class name where it is not NULL. */
void html_cell(const struct page *p, struct slice text, const char *class_name);
void html_cell_words(const struct page *p, struct words w, const char *class_name);
void html_cell_number(const struct page *p, uint64_t n);
void html_cell_size(const struct page *p, uint64_t bytes);
/* A saying, or a place, in both languages. */
void html_saying(const struct page *p, struct slice saying);
void html_place(const struct page *p, uint64_t artifact, struct slice location);
void html_cell_saying(const struct page *p, struct slice saying, const char *class_name);
void html_cell_place(const struct page *p, uint64_t artifact, struct slice location);

/* <section> with its heading; html_section_end closes it. */
void html_section(const struct page *p, enum phrase heading);
void html_section_end(const struct page *p);

/* A table in a box that scrolls, with its column headings. */
void html_table(const struct page *p, const enum phrase *columns, size_t n);
void html_table_end(const struct page *p);

/* A block that is folded until asked for, "N more"; html_fold_end closes it. */
void html_fold(const struct page *p, size_t n);
void html_fold_end(const struct page *p);

/* "N more are listed in report.json", or nothing. */
void html_more(const struct page *p, size_t shown, size_t all);

/* Sections, in html_facts.c. */
void html_findings(const struct page *p);
void html_known(const struct page *p); /* in html_known.c */
void html_components(const struct page *p);
void html_ranges(const struct page *p);
void html_coverage(const struct page *p);
void html_artifacts(const struct page *p);

#endif
