// SPDX-License-Identifier: Apache-2.0
// Building blocks of the HTML report: words in both languages, cells, tables, sections.

#include "report/html.h"

#include <stdio.h>

#include "base/ban.h"

static const char *const lang_tags[] = {[JA] = "ja", [EN] = "en"};
_Static_assert(ARRAY_LEN(lang_tags) == LANG_N, "a tag each");

void html_raw(const struct page *p, const char *markup)
{
	buf_text(p->out, markup);
}

void html_number(const struct page *p, uint64_t n)
{
	buf_print(p->out, "%llu", (unsigned long long)n);
}

static void span(const struct page *p, enum lang l, struct slice text)
{
	buf_print(p->out, "<span lang=\"%s\">", lang_tags[l]);
	html_text(p->out, text);
	buf_text(p->out, "</span>");
}

void html_bilingual(const struct page *p, const struct bilingual *b)
{
	for (unsigned l = 0; l < LANG_N; l++)
		span(p, (enum lang)l, b->in[l]);
}

void html_words(const struct page *p, struct words w)
{
	for (unsigned l = 0; l < LANG_N; l++)
		span(p, (enum lang)l, slice_text(w.in[l]));
}

void html_phrase(const struct page *p, enum phrase id)
{
	html_words(p, words_of(id));
}

static void cell_open(const struct page *p, const char *class_name)
{
	if (class_name)
		buf_print(p->out, "<td class=\"%s\">", class_name);
	else
		buf_text(p->out, "<td>");
}

void html_cell(const struct page *p, struct slice text, const char *class_name)
{
	cell_open(p, class_name);
	html_text(p->out, text);
	buf_text(p->out, "</td>");
}

void html_cell_words(const struct page *p, struct words w, const char *class_name)
{
	cell_open(p, class_name);
	html_words(p, w);
	buf_text(p->out, "</td>");
}

void html_cell_number(const struct page *p, uint64_t n)
{
	cell_open(p, "n");
	html_number(p, n);
	buf_text(p->out, "</td>");
}

void html_cell_size(const struct page *p, uint64_t bytes)
{
	cell_open(p, "n");
	text_size(p->out, bytes);
	buf_text(p->out, "</td>");
}

void html_saying(const struct page *p, struct slice saying)
{
	for (unsigned l = 0; l < LANG_N && saying.len; l++)
		span(p, (enum lang)l, view_saying(p->in[l], saying, p->scratch));
}

void html_place(const struct page *p, uint64_t artifact, struct slice location)
{
	for (unsigned l = 0; l < LANG_N; l++) {
		buf_clear(p->scratch);
		view_place(p->in[l], artifact, location, p->scratch);
		if (location.len == 0) {
			html_text(p->out, buf_slice(p->scratch));
			return;
		}
		span(p, (enum lang)l, buf_slice(p->scratch));
	}
}

void html_cell_saying(const struct page *p, struct slice saying, const char *class_name)
{
	cell_open(p, class_name);
	html_saying(p, saying);
	buf_text(p->out, "</td>");
}

void html_cell_place(const struct page *p, uint64_t artifact, struct slice location)
{
	cell_open(p, "path");
	html_place(p, artifact, location);
	buf_text(p->out, "</td>");
}

void html_section(const struct page *p, enum phrase heading)
{
	html_raw(p, "<section>\n<h2>");
	html_phrase(p, heading);
	html_raw(p, "</h2>\n");
}

void html_section_end(const struct page *p)
{
	html_raw(p, "</section>\n");
}

/* Headings over numbers stand at the right, as the numbers do. */
static bool is_numeric(enum phrase column)
{
	static const enum phrase numeric[] = {PH_SCORE,        PH_APPLICABLE, PH_PASSED, PH_FAILED,
					      PH_INCONCLUSIVE, PH_NOT_TESTED, PH_SEEN,   PH_TOTAL,
					      PH_SKIPPED,      PH_SIZE};

	for (size_t i = 0; i < ARRAY_LEN(numeric); i++)
		if (numeric[i] == column)
			return true;
	return false;
}

void html_table(const struct page *p, const enum phrase *columns, size_t n)
{
	html_raw(p, "<div class=\"scroll\"><table>\n<thead><tr>");
	for (size_t i = 0; i < n; i++) {
		html_raw(p, is_numeric(columns[i]) ? "<th scope=\"col\" class=\"n\">"
						   : "<th scope=\"col\">");
		html_phrase(p, columns[i]);
		html_raw(p, "</th>");
	}
	html_raw(p, "</tr></thead>\n<tbody>\n");
}

void html_table_end(const struct page *p)
{
	html_raw(p, "</tbody></table></div>\n");
}

static void counted(const struct page *p, enum lang l, size_t n)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%zu", n);
	buf_clear(p->scratch);
	view_fill(p->scratch, words_of(PH_MORE).in[l], "{n}", slice_text(digits));
	span(p, l, buf_slice(p->scratch));
}

void html_fold(const struct page *p, size_t n)
{
	html_raw(p, "<details><summary>");
	buf_print(p->out, "<span lang=\"ja\">ほか %zu 件を表示</span>", n);
	buf_print(p->out, "<span lang=\"en\">Show %zu more</span>", n);
	html_raw(p, "</summary>\n");
}

void html_fold_end(const struct page *p)
{
	html_raw(p, "</details>\n");
}

void html_more(const struct page *p, size_t shown, size_t all)
{
	if (shown >= all)
		return;
	html_raw(p, "<p class=\"note\">");
	for (unsigned l = 0; l < LANG_N; l++)
		counted(p, (enum lang)l, all - shown);
	html_raw(p, "</p>\n");
}
