// SPDX-License-Identifier: Apache-2.0
// report.html: one file that needs nothing else, in both languages, for screen, phone and paper.

#include "report/html.h"

#include "base/ban.h"

enum { REASONS_MAX = 6, STEPS_MAX = 10 };

static void head(const struct page *p)
{
	bool is_ja = p->v->lang == JA;

	buf_print(p->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
		  is_ja ? "ja" : "en");
	html_raw(p, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" "
		    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
	html_text(p->out, slice_text(words_of(PH_TITLE).in[p->v->lang]));
	html_raw(p, " - ");
	html_text(p->out, view_target(p->v)->name);
	html_raw(p, "</title>\n<style>\n");
	html_raw(p, html_style);
	html_raw(p, "</style>\n</head>\n<body>\n");
	buf_print(p->out,
		  "<input class=\"pick\" type=\"radio\" name=\"pick\" id=\"pick-ja\" "
		  "aria-label=\"日本語\"%s>\n"
		  "<input class=\"pick\" type=\"radio\" name=\"pick\" id=\"pick-en\" "
		  "aria-label=\"English\"%s>\n",
		  is_ja ? " checked" : "", is_ja ? "" : " checked");
	html_raw(p, "<div class=\"langs\"><label for=\"pick-ja\" lang=\"ja\">日本語</label>"
		    "<label for=\"pick-en\" lang=\"en\">English</label></div>\n<main>\n");
}

static void term(const struct page *p, enum phrase name)
{
	html_raw(p, "<dt>");
	html_phrase(p, name);
	html_raw(p, "</dt><dd>");
}

static void about(const struct page *p)
{
	const struct target *t = view_target(p->v);

	html_raw(p, "<header>\n<h1>");
	html_phrase(p, PH_TITLE);
	html_raw(p, "</h1>\n<dl>\n");
	term(p, PH_TARGET);
	html_text(p->out, t->name);
	html_raw(p, "</dd>\n");
	if (t->cpe.len) {
		html_raw(p, "<dt>CPE</dt><dd>");
		html_text(p->out, t->cpe);
		html_raw(p, "</dd>\n");
	}
	term(p, PH_DATE);
	html_text(p->out, t->date);
	html_raw(p, "</dd>\n");
	term(p, PH_KIND);
	html_words(p, words_kind(t->kind));
	html_raw(p, "</dd>\n");
	term(p, PH_SECTOR);
	html_words(p, words_sector(t->sector));
	html_raw(p, "</dd>\n");
	for (size_t i = 0; i < p->g->inputs_n; i++) {
		const struct input *in = &p->g->inputs[i]->input;

		term(p, PH_INPUTS);
		html_text(p->out, in->path);
		html_raw(p, " (");
		text_size(p->out, in->size);
		html_raw(p, ")<br><code>SHA-256 ");
		html_text(p->out, in->sha256);
		html_raw(p, "</code></dd>\n");
	}
	html_raw(p, "</dl>\n</header>\n");
}

static void pair(const struct page *p, enum phrase name, uint64_t n)
{
	term(p, name);
	html_number(p, n);
	html_raw(p, "</dd>\n");
}

static void score_side(const struct page *p)
{
	const struct judgement *j = p->v->judgement;
	char percent[8];

	tally_percent(&j->score, percent);
	html_raw(p, "<div><p class=\"label\">");
	html_phrase(p, PH_SCORE);
	buf_print(p->out, "</p><p class=\"percent\">%s&#8201;%%</p>\n<dl>\n", percent);
	pair(p, PH_APPLICABLE, j->score.applicable);
	pair(p, PH_PASSED, j->score.passed);
	pair(p, PH_FAILED, j->score.failed);
	pair(p, PH_INCONCLUSIVE, j->score.inconclusive);
	pair(p, PH_NOT_TESTED, j->score.not_tested);
	html_raw(p, "</dl>\n<p class=\"note\">");
	html_phrase(p, PH_SCORE_HELP);
	html_raw(p, "</p>\n<p class=\"note\">");
	for (unsigned l = 0; l < LANG_N && view_has_seen(p->v); l++) {
		buf_clear(p->scratch);
		view_thresholds(p->in[l], p->scratch);
		buf_print(p->out, "<span lang=\"%s\">", l == JA ? "ja" : "en");
		html_text(p->out, buf_slice(p->scratch));
		html_raw(p, "</span>");
	}
	html_raw(p, "</p></div>\n");
}

static void card(const struct page *p)
{
	const struct judgement *j = p->v->judgement;

	html_raw(p, "<div class=\"card\">\n<div class=\"mark\"><p class=\"label\">");
	html_phrase(p, PH_GRADE);
	html_raw(p, "</p><p class=\"grade\">");
	html_words(p, words_grade(j->grade));
	html_raw(p, "</p>\n<dl>\n");
	term(p, PH_REACHABLE);
	html_words(p, view_has_seen(p->v) ? words_grade(j->reachable)
					  : words_of(PH_REACHABLE_UNKNOWN));
	html_raw(p, "</dd>\n");
	term(p, PH_CLASS);
	if (j->class_no)
		html_number(p, j->class_no);
	else
		html_phrase(p, PH_CLASS_NONE);
	html_raw(p, "</dd>\n");
	if (j->class_no) {
		term(p, PH_CLASS_ITEMS);
		buf_print(p->out, "%llu / %llu</dd>\n", (unsigned long long)j->of_class.passed,
			  (unsigned long long)j->of_class.applicable);
	}
	html_raw(p, "</dl>\n<p class=\"note\">");
	html_phrase(p, view_has_seen(p->v) ? PH_REACHABLE_HELP : PH_NOTHING_RECOGNISED);
	html_raw(p, "</p></div>\n");
	score_side(p);
	html_raw(p, "</div>\n<p class=\"note\">");
	html_phrase(p, PH_CAUTION);
	html_raw(p, "</p>\n");
	if (!p->v->record->is_complete) {
		html_raw(p, "<p><strong class=\"v-fail\">");
		html_phrase(p, PH_INCOMPLETE);
		html_raw(p, "</strong></p>\n");
	}
}

static void steps(const struct page *p)
{
	const struct judgement *j = p->v->judgement;
	size_t shown = 0;

	html_section(p, PH_NEXT);
	html_raw(p, "<ol class=\"next\">\n");
	for (; shown < j->next_n && shown < STEPS_MAX; shown++) {
		html_raw(p, "<li>");
		for (unsigned l = 0; l < LANG_N; l++) {
			buf_clear(p->scratch);
			view_step(p->in[l], &j->next[shown], p->scratch);
			buf_print(p->out, "<span lang=\"%s\">", l == JA ? "ja" : "en");
			html_text(p->out, buf_slice(p->scratch));
			html_raw(p, "</span>");
		}
		if (j->next[shown].item) {
			html_raw(p, " <span class=\"dim\">");
			html_text(p->out, j->next[shown].item->id);
			html_raw(p, "</span>");
		}
		html_raw(p, "</li>\n");
	}
	html_raw(p, "</ol>\n");
	html_more(p, shown, j->next_n);
	if (j->next_n == 0) {
		html_raw(p, "<p>");
		html_phrase(p, PH_NEXT_NONE);
		html_raw(p, "</p>\n");
	}
	html_section_end(p);
}

static void methods(const struct page *p)
{
	static const enum phrase columns[] = {PH_METHOD, PH_SCORE,        PH_APPLICABLE, PH_PASSED,
					      PH_FAILED, PH_INCONCLUSIVE, PH_NOT_TESTED};
	char percent[8];

	html_section(p, PH_BY_METHOD);
	html_table(p, columns, ARRAY_LEN(columns));
	for (unsigned m = 0; m < METHOD_N; m++) {
		const struct tally *t = &p->v->judgement->by_method[m];

		tally_percent(t, percent);
		html_raw(p, "<tr><th scope=\"row\">");
		html_words(p, words_method((enum method)m));
		buf_print(p->out, "</th><td class=\"n\">%s&#8201;%%</td>", percent);
		html_cell_number(p, t->applicable);
		html_cell_number(p, t->passed);
		html_cell_number(p, t->failed);
		html_cell_number(p, t->inconclusive);
		html_cell_number(p, t->not_tested);
		html_raw(p, "</tr>\n");
	}
	html_table_end(p);
	html_section_end(p);
}

static void reasons(const struct page *p, const struct item_result *r)
{
	size_t shown = 0;

	html_raw(p, "<td><ul>");
	for (; shown < r->because_n && shown < REASONS_MAX; shown++) {
		html_raw(p, "<li>");
		for (unsigned l = 0; l < LANG_N; l++) {
			buf_clear(p->scratch);
			reason_words(p->in[l], &r->because[shown], p->scratch);
			buf_print(p->out, "<span lang=\"%s\">", l == JA ? "ja" : "en");
			html_text(p->out, buf_slice(p->scratch));
			html_raw(p, "</span>");
		}
		html_raw(p, "</li>");
	}
	html_raw(p, "</ul>");
	html_more(p, shown, r->because_n);
	html_raw(p, "</td>");
}

static void item_row(const struct page *p, const struct item_result *r)
{
	html_raw(p, "<tr id=\"");
	html_text(p->out, r->item->id);
	html_raw(p, "\">");
	html_cell(p, r->item->id, "code");
	html_raw(p, "<th scope=\"row\" class=\"title\">");
	html_bilingual(p, &r->item->title);
	buf_print(p->out, "</th><td class=\"v v-%s\">", verdict_name(r->verdict));
	html_words(p, words_verdict(r->verdict));
	html_raw(p, "</td>");
	html_cell_words(p, words_decided_by(r->item->decided_by), NULL);
	reasons(p, r);
	html_raw(p, "</tr>\n");
}

static void group_title(const struct page *p, const struct item *i)
{
	struct words w;

	html_raw(p, "<h3>");
	if (i->part == PART_VULNERABILITY)
		html_words(p, words_method(i->method));
	else if (words_pillar(i->pillar, &w))
		html_words(p, w);
	else
		html_text(p->out, i->pillar);
	html_raw(p, "</h3>\n");
}

static bool same_group(const struct item *a, const struct item *b)
{
	return a->part == b->part &&
	       (a->part == PART_IOT ? slice_eq(a->pillar, b->pillar) : a->method == b->method);
}

/* Of the IoT part, what the class asks for. */
static bool is_listed(const struct page *p, const struct item *i, enum sheet_part part)
{
	return i->part == part && (part != PART_IOT || i->class_min <= p->v->judgement->class_no);
}

static void items(const struct page *p, enum sheet_part part, enum phrase heading)
{
	static const enum phrase columns[] = {PH_ITEM, PH_CONTENT, PH_VERDICT, PH_DECIDED_BY,
					      PH_REASON};
	const struct judgement *j = p->v->judgement;
	const struct item *last = NULL;

	html_section(p, heading);
	for (size_t i = 0; i < j->items_n; i++) {
		if (!is_listed(p, j->items[i].item, part))
			continue;
		if (!last || !same_group(last, j->items[i].item)) {
			if (last)
				html_table_end(p);
			group_title(p, j->items[i].item);
			html_table(p, columns, ARRAY_LEN(columns));
		}
		last = j->items[i].item;
		item_row(p, &j->items[i]);
	}
	if (last)
		html_table_end(p);
	html_section_end(p);
}

static enum err footer(const struct page *p)
{
	char hash[SHA256_HEX + 1];
	enum err e = view_record_hash(p->v, hash);

	if (e)
		return e;
	html_raw(p, "<footer>\n<p>");
	html_phrase(p, PH_SHEET);
	html_raw(p, ": ");
	html_text(p->out, p->v->sheet->edition);
	html_raw(p, "<br>SHA-256 ");
	html_text(p->out, slice_text(p->v->sheet->sha256));
	html_raw(p, "</p>\n<p>");
	html_phrase(p, PH_OF_RECORD);
	buf_print(p->out, ": %s</p>\n<p>kensa ", hash);
	html_text(p->out, view_target(p->v)->kensa);
	html_raw(p, "</p>\n</footer>\n</main>\n</body>\n</html>\n");
	return OK;
}

static enum err page_write(const struct page *p)
{
	head(p);
	about(p);
	card(p);
	steps(p);
	methods(p);
	html_findings(p);
	html_known(p);
	items(p, PART_VULNERABILITY, PH_SCORED_ITEMS);
	if (p->v->judgement->class_no)
		items(p, PART_IOT, PH_IOT_ITEMS);
	html_ranges(p);
	html_components(p);
	html_coverage(p);
	html_artifacts(p);
	return footer(p);
}

static enum err html_write(const struct report_view *v, struct buf *out)
{
	struct report_view ja = *v, en = *v;
	struct gathered g;
	struct buf scratch;
	enum err e = gather(v, &g);

	if (e)
		return e;
	ja.lang = JA;
	en.lang = EN;
	buf_init(&scratch, MiB);
	e = page_write(&(struct page){v, {[JA] = &ja, [EN] = &en}, &g, out, &scratch});
	if (e == OK)
		e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	gather_release(&g);
	return e;
}

const struct report report_html = {.name = "html", .file = "report.html", .write = html_write};
