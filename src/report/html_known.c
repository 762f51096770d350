// SPDX-License-Identifier: Apache-2.0
// The section of the HTML report on known vulnerabilities.

#include "report/html.h"
#include "report/vulnerabilities.h"

#include "base/ban.h"

/* What a browser still opens at once; report.json has everything. */
enum { ROWS_MAX = 3000 };

/* What is seen at once; the rest is folded. */
enum { ROWS_OPEN = 30 };

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
	html_words(p, words("脆弱性情報の取込日", "Vulnerability data imported"));
	html_raw(p, ": ");
	html_text(p->out, f->date);
	html_raw(p, "<br>");
	html_words(p, words("各情報源の日付", "Dates of its sources"));
	html_raw(p, ": ");
	html_text(p->out, f->sources);
	html_raw(p, "<br>SHA-256 ");
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
		html_words(p,
			   words("カーネルの影響あり (全件 / 組み込まれていないコードのものを除く)",
				 "Kernel, affected (all / without those in code that is not built "
				 "in)"));
		html_raw(p, ": ");
		html_number(p, s.kernel_all);
		html_raw(p, " / ");
		html_number(p, s.kernel_built);
		html_raw(p, "</li>\n");
	}
	html_raw(p, "</ul>\n");
}

/* Columns from `numbers` on hold numbers. */
static void head_of(const struct page *p, const struct words *columns, size_t n, size_t numbers)
{
	html_raw(p, "<div class=\"scroll\"><table>\n<thead><tr>");
	for (size_t i = 0; i < n; i++) {
		html_raw(p, i < numbers ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
		html_words(p, columns[i]);
		html_raw(p, "</th>");
	}
	html_raw(p, "</tr></thead>\n<tbody>\n");
}

static void table_head(const struct page *p)
{
	const struct words columns[] = {
		words("識別番号", "Id"),     words("部品", "Component"),  words("状態", "Status"),
		words("深刻度", "Severity"), words("修正版", "Fixed in"), words("根拠", "Because"),
	};

	head_of(p, columns, ARRAY_LEN(columns), ARRAY_LEN(columns));
}

static enum err components(const struct page *p)
{
	const struct words columns[] = {
		words("部品", "Component"),
		words("影響あり", "Affected"),
		words("うち悪用確認済み", "Exploited of these"),
		words("要確認", "To be checked"),
	};
	struct component_sums sums;
	enum err e = component_sums_make(p->v->record, &sums);

	if (e || sums.n == 0)
		return e;
	head_of(p, columns, ARRAY_LEN(columns), 1);
	for (size_t i = 0; i < sums.n && i < ROWS_MAX; i++) {
		const struct component_sum *s = &sums.list[i];

		html_raw(p, "<tr><th scope=\"row\">");
		html_text(p->out, s->name);
		html_raw(p, " ");
		html_text(p->out, s->version);
		html_raw(p, "</th>");
		html_cell_number(p, s->affected);
		html_cell_number(p, s->exploited);
		html_cell_number(p, s->unsure);
		html_raw(p, "</tr>\n");
	}
	html_raw(p, "</tbody>\n</table></div>\n");
	html_more(p, sums.n < ROWS_MAX ? sums.n : ROWS_MAX, sums.n);
	component_sums_release(&sums);
	return OK;
}

static void legend(const struct page *p)
{
	html_raw(p, "<p class=\"note\">");
	html_words(
		p,
		words("悪用が確認されたものを先頭に、重い順に並べています。根拠は、情報源と、"
		      "影響を受けるとされるバージョンの範囲です（[ ] は端を含み、( ) は端を"
		      "含みません。* はすべて、- は範囲の記載なし、? は製品のバージョンが不明）。",
		      "Exploited ones first, then the gravest. Because: the source, and the "
		      "versions it calls affected ([ ] with the end itself, ( ) without it; * "
		      "every version, - no range given, ? the product's version is not known)."));
	html_raw(p, "</p>\n");
}

static void rows(const struct page *p)
{
	const struct fact *f = NULL;
	size_t shown = 0, all = 0;

	for (size_t at = 0; record_next(p->v->record, FACT_VULNERABILITY, &at);)
		all++;
	if (all == 0)
		return;
	legend(p);
	table_head(p);
	for (size_t at = 0;
	     shown < ROWS_MAX && (f = record_next(p->v->record, FACT_VULNERABILITY, &at));
	     shown++) {
		if (shown == ROWS_OPEN) {
			html_raw(p, "</tbody>\n</table></div>\n");
			html_fold(p, (all < ROWS_MAX ? all : ROWS_MAX) - shown);
			table_head(p);
		}
		row(p, &f->vulnerability);
	}
	html_raw(p, "</tbody>\n</table></div>\n");
	if (shown > ROWS_OPEN)
		html_fold_end(p);
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
		if (components(p) != OK)
			p->out->err = E_NOMEM;
		rows(p);
	} else {
		html_raw(p, "<p>");
		html_words(p, words("脆弱性情報がないため、照合していません。",
				    "Nothing was matched: there is no vulnerability data."));
		html_raw(p, "</p>\n");
	}
	html_raw(p, "</section>\n");
}
