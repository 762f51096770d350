// SPDX-License-Identifier: Apache-2.0
// The section of the HTML report on known vulnerabilities.

#include "report/html.h"
#include "report/vulnerabilities.h"

#include "base/ban.h"

/* What a browser still opens at once; report.json has everything. */
enum { ROWS_MAX = 3000 };

static struct words words(const char *ja, const char *en)
{
	return (struct words){.in = {[JA] = ja, [EN] = en}};
}

static struct words words_both(struct bilingual_text t)
{
	return words(t.in[JA], t.in[EN]);
}

static void cell_score(const struct page *p, const struct vulnerability *v)
{
	html_raw(p, "<td>");
	if (v->severity != RATING_UNKNOWN)
		buf_print(p->out, "%u.%u ", (unsigned)(v->cvss / 10 % 100),
			  (unsigned)(v->cvss % 10));
	html_words(p, words_both(vuln_rating_words(v->severity)));
	if (v->kev.len) {
		html_raw(p, " <b>");
		html_words(p, words("悪用確認済み", "exploited"));
		html_raw(p, "</b>");
	}
	html_raw(p, "</td>");
}

static void row(const struct page *p, const struct vulnerability *v)
{
	html_raw(p, "<tr><th scope=\"row\">");
	html_text(p->out, v->id);
	html_raw(p, "</th><td>");
	html_text(p->out, v->component);
	html_raw(p, " ");
	html_text(p->out, v->version);
	html_raw(p, "</td>");
	html_cell_words(p, words_both(vuln_status_words(v->status)), NULL);
	cell_score(p, v);
	html_cell(p, v->fixed_in, NULL);
	html_cell(p, v->because, "code");
	html_raw(p, "</tr>\n");
}

static void feed_line(const struct page *p, const struct feed_used *f)
{
	html_raw(p, "<p>");
	html_words(p, words("脆弱性情報", "Vulnerability data"));
	html_raw(p, ": ");
	html_text(p->out, f->date);
	html_raw(p, " (");
	html_text(p->out, f->sources);
	html_raw(p, ")<br>SHA-256 ");
	html_text(p->out, f->sha256);
	if (f->kind == FEED_STARTER) {
		html_raw(p, "<br>");
		html_words(p, words(feed_warning(f, JA), feed_warning(f, EN)));
	}
	html_raw(p, "</p>\n");
}

static void sums(const struct page *p)
{
	struct vulnerability_sums s = vulnerabilities_sum(p->v->record);

	html_raw(p, "<ul>\n");
	for (unsigned i = 0; i < VULN_STATUS_N; i++) {
		if (s.status[i] == 0 && i != VULN_AFFECTED)
			continue;
		html_raw(p, "<li>");
		html_words(p, words_both(vuln_status_words((enum vuln_status)i)));
		html_raw(p, ": ");
		html_number(p, s.status[i]);
		html_raw(p, "</li>\n");
	}
	if (s.kernel_all) {
		html_raw(p, "<li>");
		html_words(p, words("カーネル (全件 / 組み込まれたコードに関わるもの)",
				    "Kernel (all / in code that may be built in)"));
		html_raw(p, ": ");
		html_number(p, s.kernel_all);
		html_raw(p, " / ");
		html_number(p, s.kernel_built);
		html_raw(p, "</li>\n");
	}
	html_raw(p, "</ul>\n");
}

static void table_head(const struct page *p)
{
	const struct words columns[] = {
		words("識別番号", "Id"),     words("部品", "Component"),  words("状態", "Status"),
		words("深刻度", "Severity"), words("修正版", "Fixed in"), words("根拠", "Because"),
	};

	html_raw(p, "<div class=\"scroll\"><table>\n<thead><tr>");
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		html_raw(p, "<th scope=\"col\">");
		html_words(p, columns[i]);
		html_raw(p, "</th>");
	}
	html_raw(p, "</tr></thead>\n<tbody>\n");
}

static void rows(const struct page *p)
{
	const struct fact *f = NULL;
	size_t shown = 0, all = 0;

	for (size_t at = 0; (f = record_next(p->v->record, FACT_VULNERABILITY, &at)); all++) {
		if (shown == ROWS_MAX)
			continue;
		if (shown++ == 0)
			table_head(p);
		row(p, &f->vulnerability);
	}
	if (shown)
		html_raw(p, "</tbody>\n</table></div>\n");
	html_more(p, shown, all);
}

void html_known(const struct page *p)
{
	size_t at = 0;
	const struct fact *f = record_next(p->v->record, FACT_FEED, &at);

	html_raw(p, "<section>\n<h2>");
	html_words(p, words("既知の脆弱性", "Known vulnerabilities"));
	html_raw(p, "</h2>\n");
	if (f) {
		feed_line(p, &f->feed);
		sums(p);
		rows(p);
	} else {
		html_raw(p, "<p>");
		html_words(p, words("脆弱性情報がないため、照合していません。",
				    "Nothing was matched: there is no vulnerability data."));
		html_raw(p, "</p>\n");
	}
	html_raw(p, "</section>\n");
}
