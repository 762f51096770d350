// SPDX-License-Identifier: Apache-2.0
// findings.sarif: findings for code hosts and editors, SARIF 2.1.0 (OASIS standard).

#include "report/escape.h"
#include "report/view.h"

#include "base/ban.h"

#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

struct sarif {
	const struct report_view *v;
	const struct gathered *g;
	struct jsonw *j;
	struct buf *scratch, *words;
};

/* Section 3.27.10, and the number that code hosts sort by. */
static const struct {
	const char *level, *number;
} levels[] = {
	[SEV_INFO] = {"none", "0.0"},      [SEV_LOW] = {"note", "3.0"},
	[SEV_MEDIUM] = {"warning", "5.0"}, [SEV_HIGH] = {"error", "8.0"},
	[SEV_CRITICAL] = {"error", "9.5"},
};
_Static_assert(ARRAY_LEN(levels) == SEV_N, "a level each");

static void put_message(struct jsonw *j, const char *key, struct slice text)
{
	jsonw_key(j, key);
	jsonw_object(j);
	jsonw_put(j, "text", text);
	jsonw_object_end(j);
}

static void put_help(const struct sarif *s, const struct rule *r)
{
	static const enum lang order[LANG_N] = {JA, EN};

	buf_clear(s->scratch);
	for (size_t i = 0; i < LANG_N; i++) {
		buf_add(s->scratch, r->title.in[order[i]]);
		buf_byte(s->scratch, '\n');
		buf_add(s->scratch, r->action.in[order[i]]);
		buf_text(s->scratch, i + 1 < LANG_N ? "\n\n" : "");
	}
	put_message(s->j, "help", buf_slice(s->scratch));
}

static void put_tags(const struct sarif *s, const struct rule *r)
{
	jsonw_key(s->j, "tags");
	jsonw_array(s->j);
	jsonw_text(s->j, slice_text("security"));
	for (size_t i = 0; r && i < r->cwe_n; i++) {
		buf_clear(s->scratch);
		buf_print(s->scratch, "external/cwe/cwe-%llu", (unsigned long long)r->cwe[i]);
		jsonw_text(s->j, buf_slice(s->scratch));
	}
	jsonw_array_end(s->j);
}

static void put_rule(const struct sarif *s, const struct finding_group *g)
{
	struct jsonw *j = s->j;

	jsonw_object(j);
	jsonw_put(j, "id", g->id);
	put_message(j, "shortDescription", view_rule_title(s->v, g->id));
	if (g->rule)
		put_help(s, g->rule);
	jsonw_key(j, "defaultConfiguration");
	jsonw_object(j);
	jsonw_put_text(j, "level", levels[g->severity].level);
	jsonw_object_end(j);
	jsonw_key(j, "properties");
	jsonw_object(j);
	put_tags(s, g->rule);
	jsonw_put_text(j, "security-severity", levels[g->severity].number);
	jsonw_object_end(j);
	jsonw_object_end(j);
}

/* Every other location is words. */
static bool line_of(struct slice location, uint64_t *line)
{
	struct slice number = {0};

	/* SARIF readers keep lines in 32 bits. */
	return saying_is(location, SAY_LINE, &number) && text_u64(number, 10, line) == OK &&
	       *line > 0 && *line <= INT32_MAX;
}

static void put_location(const struct sarif *s, const struct finding *f)
{
	const struct artifact *a = record_artifact(s->v->record, f->artifact);
	struct jsonw *j = s->j;
	uint64_t line = 0;

	buf_clear(s->scratch);
	uri_path(s->scratch, a ? a->path : view_target(s->v)->name);
	jsonw_key(j, "locations");
	jsonw_array(j);
	jsonw_object(j);
	jsonw_key(j, "physicalLocation");
	jsonw_object(j);
	jsonw_key(j, "artifactLocation");
	jsonw_object(j);
	jsonw_put(j, "uri", buf_slice(s->scratch));
	jsonw_object_end(j);
	if (line_of(f->location, &line)) {
		jsonw_key(j, "region");
		jsonw_object(j);
		jsonw_put_u64(j, "startLine", line);
		jsonw_object_end(j);
	}
	jsonw_object_end(j);
	if (f->location.len)
		put_message(j, "message", view_saying(s->v, f->location, s->scratch));
	jsonw_object_end(j);
	jsonw_array_end(j);
}

static void put_result(const struct sarif *s, const struct finding_group *g, size_t rule,
		       const struct finding *f)
{
	struct jsonw *j = s->j;

	struct slice evidence = view_saying(s->v, f->evidence, s->words);

	buf_clear(s->scratch);
	buf_add(s->scratch, view_rule_title(s->v, g->id));
	if (evidence.len) {
		buf_text(s->scratch, s->v->lang == JA ? "：" : ": ");
		/* Some readers show the text in a terminal. */
		text_terminal(s->scratch, evidence);
	}
	jsonw_object(j);
	jsonw_put(j, "ruleId", f->rule);
	jsonw_put_u64(j, "ruleIndex", rule);
	/* Section 3.27.9: only a result of kind "fail" may have a level other than "none". */
	jsonw_put_text(j, "kind", g->severity == SEV_INFO ? "informational" : "fail");
	jsonw_put_text(j, "level", levels[g->severity].level);
	put_message(j, "message", buf_slice(s->scratch));
	put_location(s, f);
	if (f->flaw.len) {
		jsonw_key(j, "partialFingerprints");
		jsonw_object(j);
		jsonw_put(j, "kensaFlaw/v1", f->flaw);
		jsonw_object_end(j);
	}
	jsonw_object_end(j);
}

static void put_tool(const struct sarif *s)
{
	struct jsonw *j = s->j;

	jsonw_key(j, "tool");
	jsonw_object(j);
	jsonw_key(j, "driver");
	jsonw_object(j);
	jsonw_put_text(j, "name", "kensa");
	jsonw_put(j, "version", view_target(s->v)->kensa);
	jsonw_key(j, "rules");
	jsonw_array(j);
	for (size_t i = 0; i < s->g->findings_n; i++)
		put_rule(s, &s->g->findings[i]);
	jsonw_array_end(j);
	jsonw_object_end(j);
	jsonw_object_end(j);
}

static void put_run(const struct sarif *s)
{
	struct jsonw *j = s->j;

	jsonw_object(j);
	put_tool(s);
	jsonw_put_text(j, "language", s->v->lang == JA ? "ja" : "en");
	jsonw_put_text(j, "columnKind", "unicodeCodePoints");
	jsonw_key(j, "results");
	jsonw_array(j);
	for (size_t i = 0; i < s->g->findings_n; i++)
		for (size_t k = 0; k < s->g->findings[i].n; k++)
			put_result(s, &s->g->findings[i], i, &s->g->findings[i].facts[k]->finding);
	jsonw_array_end(j);
	jsonw_object_end(j);
}

static enum err sarif_write(const struct report_view *v, struct buf *out)
{
	struct gathered g;
	struct buf scratch, words;
	struct jsonw j;
	enum err e = gather(v, &g);

	if (e)
		return e;
	buf_init(&scratch, MiB);
	buf_init(&words, MiB);
	jsonw_init(&j, out, 1);
	jsonw_object(&j);
	jsonw_put_text(&j, "$schema", SARIF_SCHEMA);
	jsonw_put_text(&j, "version", "2.1.0");
	jsonw_key(&j, "runs");
	jsonw_array(&j);
	put_run(&(struct sarif){v, &g, &j, &scratch, &words});
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	buf_byte(out, '\n');
	e = out->err ? out->err : scratch.err ? scratch.err : words.err;
	buf_release(&scratch);
	buf_release(&words);
	gather_release(&g);
	return e;
}

const struct report report_sarif = {
	.name = "sarif", .file = "findings.sarif", .write = sarif_write};
