// SPDX-License-Identifier: Apache-2.0
// Sections of the HTML report that show facts: findings, components, byte map, coverage, artifacts.

#include "report/html.h"

#include "base/ban.h"

/* What a browser still opens at once; report.json has everything. */
enum { PLACES_MAX = 200, ROWS_MAX = 5000, FOUND_MAX = 5 };

/* Places of one finding that are seen at once; the rest is folded. */
enum { PLACES_OPEN = 10 };

/* Units across the byte map, and the least that still can be seen. */
enum { MAP_WIDTH = 10000, MAP_LEAST = 8 };

static void severity_tag(const struct page *p, enum severity s)
{
	buf_print(p->out, "<span class=\"s s-%s\">", severity_name(s));
	html_words(p, words_severity(s));
	html_raw(p, "</span> ");
}

static void finding_title(const struct page *p, const struct finding_group *g)
{
	html_raw(p, "<h3>");
	severity_tag(p, g->severity);
	if (g->rule)
		html_bilingual(p, &g->rule->title);
	else
		html_text(p->out, g->id);
	html_raw(p, "</h3>\n");
	if (!g->rule)
		return;
	html_raw(p, "<p>");
	html_phrase(p, PH_ACTION);
	html_raw(p, ": ");
	html_bilingual(p, &g->rule->action);
	html_raw(p, "</p>\n<p class=\"dim\">");
	html_text(p->out, g->id);
	for (size_t i = 0; i < g->rule->cwe_n; i++)
		buf_print(p->out, " · CWE-%llu", (unsigned long long)g->rule->cwe[i]);
	html_raw(p, "</p>\n");
}

/* Places `from` to `to` of a finding. */
static void places(const struct page *p, const struct finding_group *g, size_t from, size_t to)
{
	static const enum phrase columns[] = {PH_PLACE, PH_EVIDENCE};

	html_table(p, columns, ARRAY_LEN(columns));
	for (size_t i = from; i < to; i++) {
		const struct finding *f = &g->facts[i]->finding;

		html_raw(p, "<tr>");
		html_cell_place(p, f->artifact, f->location);
		html_cell_saying(p, f->evidence, "code");
		html_raw(p, "</tr>\n");
	}
	html_table_end(p);
}

static void finding_group(const struct page *p, const struct finding_group *g)
{
	size_t all = g->n < PLACES_MAX ? g->n : PLACES_MAX;
	size_t open = all < PLACES_OPEN ? all : PLACES_OPEN;

	finding_title(p, g);
	places(p, g, 0, open);
	if (all > open) {
		html_fold(p, all - open);
		places(p, g, open, all);
		html_fold_end(p);
	}
	html_more(p, all, g->n);
}

void html_findings(const struct page *p)
{
	html_section(p, PH_FINDINGS);
	if (p->g->findings_n == 0) {
		html_raw(p, "<p>");
		html_phrase(p, PH_FINDINGS_NONE);
		html_raw(p, "</p>\n");
	}
	for (size_t i = 0; i < p->g->findings_n; i++)
		finding_group(p, &p->g->findings[i]);
	html_section_end(p);
}

static void component_row(const struct page *p, const struct component_group *g)
{
	const struct component *c = &g->facts[0]->component;

	html_raw(p, "<tr><th scope=\"row\">");
	html_text(p->out, c->name);
	html_raw(p, "</th>");
	html_cell(p, c->version, NULL);
	html_cell(p, c->supplier, NULL);
	html_raw(p, "<td class=\"path\">");
	for (size_t i = 0; i < g->n && i < FOUND_MAX; i++) {
		const struct component *seen = &g->facts[i]->component;

		html_raw(p, i ? "<br>" : "");
		html_place(p, seen->artifact, seen->location);
	}
	if (g->n > FOUND_MAX)
		buf_print(p->out, "<br>+ %zu", g->n - FOUND_MAX);
	html_raw(p, "</td>");
	html_cell_words(p, words_found_by(c->method), NULL);
	html_cell_words(p, words_confidence(c->confidence), NULL);
	html_raw(p, "</tr>\n");
}

void html_components(const struct page *p)
{
	static const enum phrase columns[] = {PH_COMPONENT, PH_VERSION,  PH_SUPPLIER,
					      PH_FOUND_IN,  PH_FOUND_BY, PH_CONFIDENCE};
	size_t shown = 0;

	html_section(p, PH_COMPONENTS);
	if (p->g->components_n == 0) {
		html_raw(p, "<p>");
		html_phrase(p, PH_COMPONENTS_NONE);
		html_raw(p, "</p>\n");
	} else {
		html_table(p, columns, ARRAY_LEN(columns));
		for (; shown < p->g->components_n && shown < ROWS_MAX; shown++)
			component_row(p, &p->g->components[shown]);
		html_table_end(p);
		html_more(p, shown, p->g->components_n);
	}
	html_section_end(p);
}

/* `part` of `whole` in units of the map, without overflow for any size. */
static uint64_t map_units(uint64_t part, uint64_t whole)
{
	while (whole > UINT64_MAX / MAP_WIDTH) {
		whole >>= 1;
		part >>= 1;
	}
	if (part > whole)
		part = whole;
	return whole ? part * MAP_WIDTH / whole : 0;
}

static void map_bar(const struct page *p, const struct input *in, size_t from, size_t to)
{
	buf_print(p->out,
		  "<svg class=\"map\" viewBox=\"0 0 %d 100\" preserveAspectRatio=\"none\" "
		  "role=\"img\" aria-label=\"",
		  MAP_WIDTH);
	html_text(p->out, in->path);
	html_raw(p, "\">\n");
	for (size_t i = from; i < to; i++) {
		const struct range *r = &p->g->ranges[i]->range;
		uint64_t x = map_units(r->at, in->size), width = map_units(r->size, in->size);

		buf_print(
			p->out,
			"<rect class=\"r-%s\" x=\"%llu\" y=\"0\" width=\"%llu\" height=\"100\"/>\n",
			range_kind_name(r->kind), (unsigned long long)x,
			(unsigned long long)(width < MAP_LEAST ? MAP_LEAST : width));
	}
	html_raw(p, "</svg>\n");
}

static void range_row(const struct page *p, const struct range *r)
{
	const struct artifact *a = record_artifact(p->v->record, r->artifact);

	buf_print(p->out, "<tr><td class=\"code\">0x%08llx</td>", (unsigned long long)r->at);
	html_cell_size(p, r->size);
	buf_print(p->out, "<td><span class=\"key r-%s\"></span>", range_kind_name(r->kind));
	html_words(p, words_range(r->kind));
	html_raw(p, "</td>");
	html_cell(p, a ? a->path : (struct slice){0}, "path");
	html_cell_saying(p, r->verified_by, NULL);
	html_raw(p, "</tr>\n");
}

static size_t input_ranges(const struct page *p, size_t from)
{
	static const enum phrase columns[] = {PH_OFFSET, PH_SIZE, PH_TYPE, PH_CONTENT,
					      PH_VERIFIED_BY};
	uint64_t id = p->g->ranges[from]->range.input;
	const struct input *in = gather_input(p->g, id);
	size_t to = from, shown = from;

	while (to < p->g->ranges_n && p->g->ranges[to]->range.input == id)
		to++;
	if (in) {
		html_raw(p, "<h3>");
		html_text(p->out, in->path);
		html_raw(p, "</h3>\n");
		map_bar(p, in, from, to - from > ROWS_MAX ? from + ROWS_MAX : to);
	}
	html_table(p, columns, ARRAY_LEN(columns));
	for (; shown < to && shown - from < ROWS_MAX; shown++)
		range_row(p, &p->g->ranges[shown]->range);
	html_table_end(p);
	html_more(p, shown, to);
	return to;
}

void html_ranges(const struct page *p)
{
	if (p->g->ranges_n == 0)
		return;
	html_section(p, PH_BYTE_MAP);
	for (size_t i = 0; i < p->g->ranges_n;)
		i = input_ranges(p, i);
	html_section_end(p);
}

static void coverage_row(const struct page *p, const struct coverage_group *c)
{
	bool is_bytes = subject_is_bytes(c->subject);

	html_raw(p, "<tr>");
	html_cell_words(p, words_method(c->method), NULL);
	html_raw(p, "<th scope=\"row\">");
	html_bilingual(p, &(struct bilingual){{[JA] = subject_words(c->subject, JA),
					       [EN] = subject_words(c->subject, EN)}});
	html_raw(p, "</th>");
	(is_bytes ? html_cell_size : html_cell_number)(p, c->seen);
	(is_bytes ? html_cell_size : html_cell_number)(p, c->total);
	html_cell_number(p, c->n - c->skips_from);
	html_raw(p, "</tr>\n");
}

static size_t skip_rows(const struct page *p, const struct coverage_group *c, size_t room)
{
	size_t shown = 0;

	for (size_t i = c->skips_from; i < c->n && shown < room; i++, shown++) {
		const struct skip *s = &c->facts[i]->skip;

		html_raw(p, "<tr>");
		html_cell(p, s->what, "path");
		html_raw(p, "<td>");
		html_bilingual(
			p, &(struct bilingual){
				   {[JA] = view_skip_words(s, JA), [EN] = view_skip_words(s, EN)}});
		html_raw(p, "</td>");
		html_cell_saying(p, s->detail, NULL);
		html_raw(p, "</tr>\n");
	}
	return shown;
}

static void skips(const struct page *p)
{
	static const enum phrase columns[] = {PH_FILE, PH_REASON, PH_EVIDENCE};
	size_t all = 0, shown = 0;

	for (size_t i = 0; i < p->g->coverage_n; i++)
		all += p->g->coverage[i].n - p->g->coverage[i].skips_from;
	html_raw(p, "<h3>");
	html_phrase(p, PH_SKIPPED);
	html_raw(p, "</h3>\n");
	if (all == 0) {
		html_raw(p, "<p>");
		html_phrase(p, PH_SKIPPED_NONE);
		html_raw(p, "</p>\n");
		return;
	}
	html_table(p, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < p->g->coverage_n; i++)
		shown += skip_rows(p, &p->g->coverage[i], ROWS_MAX - shown);
	html_table_end(p);
	html_more(p, shown, all);
}

void html_coverage(const struct page *p)
{
	static const enum phrase columns[] = {PH_METHOD, PH_SUBJECT, PH_SEEN, PH_TOTAL, PH_SKIPPED};

	html_section(p, PH_COVERAGE);
	html_table(p, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < p->g->coverage_n; i++)
		coverage_row(p, &p->g->coverage[i]);
	html_table_end(p);
	skips(p);
	html_section_end(p);
}

void html_artifacts(const struct page *p)
{
	static const enum phrase columns[] = {PH_FILE, PH_TYPE, PH_FORMAT, PH_SIZE};
	const struct fact *f = NULL;
	size_t shown = 0;

	html_section(p, PH_ARTIFACTS);
	html_raw(p, "<details><summary>");
	html_phrase(p, PH_COUNT);
	buf_print(p->out, ": %zu</summary>\n", p->v->record->artifacts_n);
	html_table(p, columns, ARRAY_LEN(columns));
	for (size_t at = 0; shown < ROWS_MAX && (f = record_next(p->v->record, FACT_ARTIFACT, &at));
	     shown++) {
		html_raw(p, "<tr>");
		html_cell(p, f->artifact.path, "path");
		html_cell_words(p, words_artifact(f->artifact.type), NULL);
		html_cell(p, f->artifact.format, NULL);
		html_cell_size(p, f->artifact.size);
		html_raw(p, "</tr>\n");
	}
	html_table_end(p);
	html_more(p, shown, p->v->record->artifacts_n);
	html_raw(p, "</details>\n");
	html_section_end(p);
}
