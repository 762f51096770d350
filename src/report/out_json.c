// SPDX-License-Identifier: Apache-2.0
// report.json: the report document "kensa.report/1", every key in the order of its contract.

#include "report/view.h"

#include "base/ban.h"

struct doc {
	const struct report_view *v;
	const struct gathered *g;
	struct jsonw *j;
	struct buf *scratch;
};

static void put_id(struct jsonw *j, const char *key, uint64_t id)
{
	jsonw_key(j, key);
	if (id)
		jsonw_u64(j, id);
	else
		jsonw_null(j);
}

static void put_saying(const struct doc *d, const char *key, struct slice saying)
{
	jsonw_put(d->j, key, view_saying(d->v, saying, d->scratch));
}

static void put_target(const struct doc *d)
{
	const struct target *t = view_target(d->v);
	const struct fact *f = NULL;

	jsonw_put_text(d->j, "schema", "kensa.report/1");
	jsonw_key(d->j, "kensa");
	jsonw_object(d->j);
	jsonw_put(d->j, "version", t->kensa);
	jsonw_object_end(d->j);
	jsonw_put(d->j, "date", t->date);
	jsonw_key(d->j, "target");
	jsonw_object(d->j);
	jsonw_put(d->j, "name", t->name);
	if (t->cpe.len)
		jsonw_put(d->j, "cpe", t->cpe);
	jsonw_put_text(d->j, "kind", target_kind_name(t->kind));
	jsonw_put_text(d->j, "sector", sector_name(t->sector));
	jsonw_key(d->j, "inputs");
	jsonw_array(d->j);
	for (size_t at = 0; (f = record_next(d->v->record, FACT_INPUT, &at));) {
		jsonw_object(d->j);
		jsonw_put(d->j, "path", f->input.path);
		jsonw_put(d->j, "type", f->input.type);
		jsonw_put(d->j, "sha256", f->input.sha256);
		jsonw_object_end(d->j);
	}
	jsonw_array_end(d->j);
	jsonw_object_end(d->j);
}

static void put_artifacts(const struct doc *d)
{
	const struct fact *f = NULL;

	jsonw_key(d->j, "artifacts");
	jsonw_array(d->j);
	for (size_t at = 0; (f = record_next(d->v->record, FACT_ARTIFACT, &at));) {
		jsonw_object(d->j);
		jsonw_put_u64(d->j, "id", f->artifact.id);
		jsonw_put(d->j, "path", f->artifact.path);
		jsonw_put_text(d->j, "type", artifact_type_name(f->artifact.type));
		jsonw_put(d->j, "format", f->artifact.format);
		jsonw_put_u64(d->j, "size", f->artifact.size);
		jsonw_put(d->j, "sha256", f->artifact.sha256);
		put_id(d->j, "parent", f->artifact.parent);
		jsonw_object_end(d->j);
	}
	jsonw_array_end(d->j);
}

static void put_ranges(const struct doc *d)
{
	const struct fact *f = NULL;

	jsonw_key(d->j, "ranges");
	jsonw_array(d->j);
	for (size_t at = 0; (f = record_next(d->v->record, FACT_RANGE, &at));) {
		const struct input *in = gather_input(d->g, f->range.input);

		jsonw_object(d->j);
		jsonw_put(d->j, "input", in ? in->path : (struct slice){0});
		jsonw_put_u64(d->j, "at", f->range.at);
		jsonw_put_u64(d->j, "size", f->range.size);
		jsonw_put_text(d->j, "kind", range_kind_name(f->range.kind));
		put_id(d->j, "artifact", f->range.artifact);
		put_saying(d, "verified_by", f->range.verified_by);
		jsonw_object_end(d->j);
	}
	jsonw_array_end(d->j);
}

static void put_component(struct jsonw *j, const struct component_group *g)
{
	const struct component *c = &g->facts[0]->component;
	uint64_t last = 0;
	enum confidence best = c->confidence;

	for (size_t i = 0; i < g->n; i++)
		best = g->facts[i]->component.confidence < best ? g->facts[i]->component.confidence
								: best;
	jsonw_object(j);
	jsonw_put(j, "name", c->name);
	jsonw_put(j, "version", c->version);
	jsonw_put(j, "purl", c->purl);
	jsonw_put(j, "cpe", c->cpe);
	jsonw_put(j, "supplier", c->supplier);
	jsonw_key(j, "found_in");
	jsonw_array(j);
	for (size_t i = 0; i < g->n; i++) {
		uint64_t id = g->facts[i]->component.artifact;

		if (id && id != last)
			jsonw_u64(j, id);
		last = id;
	}
	jsonw_array_end(j);
	jsonw_put(j, "method", c->method);
	jsonw_put_text(j, "confidence", confidence_name(best));
	jsonw_object_end(j);
}

static void put_cwe(const struct doc *d, const struct rule *r)
{
	jsonw_key(d->j, "cwe");
	jsonw_array(d->j);
	for (size_t i = 0; r && i < r->cwe_n; i++) {
		buf_clear(d->scratch);
		buf_print(d->scratch, "CWE-%llu", (unsigned long long)r->cwe[i]);
		jsonw_text(d->j, buf_slice(d->scratch));
	}
	jsonw_array_end(d->j);
}

static void put_findings(const struct doc *d)
{
	jsonw_key(d->j, "findings");
	jsonw_array(d->j);
	for (size_t i = 0; i < d->g->findings_n; i++) {
		const struct finding_group *g = &d->g->findings[i];

		for (size_t k = 0; k < g->n; k++) {
			const struct finding *f = &g->facts[k]->finding;

			jsonw_object(d->j);
			jsonw_put(d->j, "rule", f->rule);
			jsonw_put(d->j, "title", view_rule_title(d->v, f->rule));
			jsonw_put_text(d->j, "severity", severity_name(g->severity));
			put_cwe(d, g->rule);
			put_id(d->j, "artifact", f->artifact);
			put_saying(d, "location", f->location);
			put_saying(d, "evidence", f->evidence);
			jsonw_object_end(d->j);
		}
	}
	jsonw_array_end(d->j);
}

static void put_coverage(const struct doc *d, const struct coverage_group *g)
{
	struct jsonw *j = d->j;

	jsonw_object(j);
	jsonw_put_text(j, "method", method_name(g->method));
	jsonw_put(j, "subject", g->subject);
	jsonw_put_u64(j, "seen", g->seen);
	jsonw_put_u64(j, "total", g->total);
	jsonw_key(j, "skipped");
	jsonw_array(j);
	for (size_t i = g->skips_from; i < g->n; i++) {
		jsonw_object(j);
		jsonw_put(j, "what", g->facts[i]->skip.what);
		buf_clear(d->scratch);
		skip_words(&g->facts[i]->skip, d->v->lang, d->scratch);
		jsonw_put(j, "why", buf_slice(d->scratch));
		jsonw_put(j, "code", g->facts[i]->skip.why);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
	jsonw_object_end(j);
}

static void put_reason_fact(const struct doc *d, const struct reason *r)
{
	const struct fact *f = r->fact;
	struct jsonw *j = d->j;

	if (f && f->kind == FACT_FINDING) {
		jsonw_put(j, "finding", f->finding.rule);
		put_id(j, "artifact", f->finding.artifact);
		put_saying(d, "location", f->finding.location);
	}
	if (f && f->kind == FACT_SKIP)
		jsonw_put(j, "what", f->skip.what);
}

static void put_reason(const struct doc *d, const struct reason *r)
{
	buf_clear(d->scratch);
	reason_words(d->v, r, d->scratch);
	jsonw_object(d->j);
	jsonw_put_text(d->j, "kind", reason_name(r->kind));
	jsonw_put(d->j, "text", buf_slice(d->scratch));
	put_reason_fact(d, r);
	if (r->subject.len)
		jsonw_put(d->j, "subject", r->subject);
	if (r->kind == WHY_COVERED || r->kind == WHY_NOT_COVERED || r->kind == WHY_TOLERATED) {
		jsonw_put_u64(d->j, "a", r->a);
		jsonw_put_u64(d->j, "b", r->b);
	}
	jsonw_object_end(d->j);
}

static void put_item(const struct doc *d, const struct item_result *r)
{
	const struct item *i = r->item;

	jsonw_object(d->j);
	jsonw_put(d->j, "id", i->id);
	jsonw_put_text(d->j, "sheet", sheet_part_name(i->part));
	jsonw_put(d->j, "method",
		  i->part == PART_IOT ? i->pillar : slice_text(method_name(i->method)));
	jsonw_put_text(d->j, "verdict", verdict_name(r->verdict));
	jsonw_put_text(d->j, "decided_by", decided_by_name(i->decided_by));
	jsonw_key(d->j, "because");
	jsonw_array(d->j);
	for (size_t k = 0; k < r->because_n; k++)
		put_reason(d, &r->because[k]);
	jsonw_array_end(d->j);
	jsonw_put(d->j, "title", i->title.in[d->v->lang]);
	jsonw_object_end(d->j);
}

/* The members of a tally, inside an object that is open. */
static void put_tally(struct jsonw *j, const struct tally *t)
{
	char percent[8];

	jsonw_put_u64(j, "passed", t->passed);
	jsonw_put_u64(j, "applicable", t->applicable);
	jsonw_put_u64(j, "not_tested", t->not_tested);
	jsonw_put_u64(j, "inconclusive", t->inconclusive);
	jsonw_put_u64(j, "failed", t->failed);
	tally_percent(t, percent);
	jsonw_key(j, "percent");
	jsonw_raw(j, percent);
}

static void put_score(struct jsonw *j, const struct judgement *g)
{
	jsonw_key(j, "score");
	jsonw_object(j);
	put_tally(j, &g->score);
	jsonw_key(j, "by_method");
	jsonw_object(j);
	for (unsigned m = 0; m < METHOD_N; m++) {
		jsonw_key(j, method_name((enum method)m));
		jsonw_object(j);
		put_tally(j, &g->by_method[m]);
		jsonw_object_end(j);
	}
	jsonw_object_end(j);
	jsonw_object_end(j);
	jsonw_put_text(j, "grade", grade_name(g->grade));
	jsonw_put_text(j, "reachable", grade_name(g->reachable));
	put_id(j, "class", g->class_no);
	jsonw_key(j, "class_items");
	jsonw_object(j);
	put_tally(j, &g->of_class);
	jsonw_object_end(j);
}

static void put_next(const struct doc *d)
{
	jsonw_key(d->j, "next");
	jsonw_array(d->j);
	for (size_t i = 0; i < d->v->judgement->next_n; i++) {
		const struct step *s = &d->v->judgement->next[i];

		buf_clear(d->scratch);
		view_step(d->v, s, d->scratch);
		jsonw_object(d->j);
		jsonw_put(d->j, "item", s->item ? s->item->id : (struct slice){0});
		jsonw_put(d->j, "action", buf_slice(d->scratch));
		jsonw_object_end(d->j);
	}
	jsonw_array_end(d->j);
}

static void put_origin(const struct doc *d)
{
	jsonw_key(d->j, "feed");
	jsonw_object(d->j);
	feed_json(d->j, d->v->record);
	jsonw_object_end(d->j);
	jsonw_key(d->j, "sheet");
	jsonw_object(d->j);
	jsonw_put(d->j, "edition", d->v->sheet->edition);
	jsonw_put_text(d->j, "sha256", d->v->sheet->sha256);
	jsonw_object_end(d->j);
}

static void put_vulnerabilities(const struct doc *d)
{
	const struct fact *f = NULL;

	jsonw_key(d->j, "vulnerabilities");
	jsonw_array(d->j);
	for (size_t at = 0; (f = record_next(d->v->record, FACT_VULNERABILITY, &at));)
		vulnerability_json(d->j, &f->vulnerability);
	jsonw_array_end(d->j);
}

static void put_all(const struct doc *d)
{
	jsonw_object(d->j);
	put_target(d);
	put_artifacts(d);
	put_ranges(d);
	jsonw_key(d->j, "components");
	jsonw_array(d->j);
	for (size_t i = 0; i < d->g->components_n; i++)
		put_component(d->j, &d->g->components[i]);
	jsonw_array_end(d->j);
	put_vulnerabilities(d);
	put_findings(d);
	jsonw_key(d->j, "coverage");
	jsonw_array(d->j);
	for (size_t i = 0; i < d->g->coverage_n; i++)
		put_coverage(d, &d->g->coverage[i]);
	jsonw_array_end(d->j);
	jsonw_key(d->j, "items");
	jsonw_array(d->j);
	for (size_t i = 0; i < d->v->judgement->items_n; i++)
		put_item(d, &d->v->judgement->items[i]);
	jsonw_array_end(d->j);
	put_score(d->j, d->v->judgement);
	put_next(d);
	put_origin(d);
	jsonw_object_end(d->j);
}

static enum err json_write(const struct report_view *v, struct buf *out)
{
	struct gathered g;
	struct buf scratch;
	struct jsonw j;
	enum err e = gather(v, &g);

	if (e)
		return e;
	buf_init(&scratch, MiB);
	jsonw_init(&j, out, 1);
	put_all(&(struct doc){v, &g, &j, &scratch});
	buf_byte(out, '\n');
	e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	gather_release(&g);
	return e;
}

const struct report report_json = {.name = "json", .file = "report.json", .write = json_write};
