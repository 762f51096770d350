// SPDX-License-Identifier: Apache-2.0
// kensa tree: what is inside, byte ranges first.

#include "cli/cli.h"

#include "base/ban.h"

static void write_saying(const struct call *c, struct slice saying, struct buf *out)
{
	struct buf words;

	buf_init(&words, 64 * KiB);
	saying_write(&words, saying, c->lang);
	text_terminal(out, buf_slice(&words));
	buf_release(&words);
}

static void write_range(const struct call *c, const struct record *r, const struct range *g,
			struct buf *out)
{
	const struct artifact *a = record_artifact(r, g->artifact);

	buf_print(out, "0x%08llx  0x%08llx  ", (unsigned long long)g->at,
		  (unsigned long long)g->size);
	if (a && a->format.len)
		text_terminal(out, a->format);
	else
		buf_text(out, range_kind_words(g->kind, c->lang));
	if (g->verified_by.len) {
		buf_text(out, "  (");
		write_saying(c, g->verified_by, out);
		buf_byte(out, ')');
	}
	buf_byte(out, '\n');
}

static unsigned level_of(const struct record *r, const struct artifact *a)
{
	unsigned n = 0;

	while ((a = record_artifact(r, a->parent)) && n < 4 * LIMIT_DEPTH)
		n++;
	return n;
}

static void write_artifact(const struct call *c, const struct artifact *a, unsigned level,
			   struct buf *out)
{
	for (unsigned i = 0; i < level; i++)
		buf_text(out, "  ");
	text_terminal(out, a->path);
	if (a->link.len) {
		buf_text(out, " -> ");
		text_terminal(out, a->link);
	}
	buf_print(out, "  [%s", artifact_type_words(a->type, c->lang));
	if (a->format.len) {
		buf_byte(out, ' ');
		text_terminal(out, a->format);
	}
	buf_text(out, ", ");
	text_size(out, a->size);
	buf_text(out, "]\n");
}

static bool is_listed(const struct record *r, const struct fact *f, uint64_t depth)
{
	if (f->kind == FACT_ARTIFACT)
		return level_of(r, &f->artifact) <= depth;
	return f->kind == FACT_INPUT || f->kind == FACT_RANGE || f->kind == FACT_SKIP;
}

static void write_json(const struct record *r, uint64_t depth, struct buf *out)
{
	for (size_t i = 0; i < r->n; i++)
		if (is_listed(r, &r->facts[i], depth))
			record_write_fact(&r->facts[i], out);
}

static void write_skip(const struct call *c, const struct skip *s, struct buf *out)
{
	struct buf words;

	buf_init(&words, 64 * KiB);
	buf_text(out, c->lang == JA ? "未読: " : "not read: ");
	text_terminal(out, s->what);
	buf_text(out, c->lang == JA ? "：" : ": ");
	skip_words(s, c->lang, &words);
	text_terminal(out, buf_slice(&words));
	buf_byte(out, '\n');
	buf_release(&words);
}

static void write_words(const struct call *c, const struct record *r, uint64_t depth,
			struct buf *out)
{
	const struct fact *f = NULL;
	size_t at = 0;

	while ((f = record_next(r, FACT_RANGE, &at)))
		write_range(c, r, &f->range, out);
	buf_byte(out, '\n');
	at = 0;
	while ((f = record_next(r, FACT_ARTIFACT, &at))) {
		if (is_listed(r, f, depth))
			write_artifact(c, &f->artifact, level_of(r, &f->artifact), out);
	}
	at = 0;
	while ((f = record_next(r, FACT_SKIP, &at)))
		write_skip(c, &f->skip, out);
}

static enum exit_code run(const struct call *c)
{
	struct record r;
	struct buf b;
	uint64_t depth = UINT64_MAX;

	if (c->value[OPT_DEPTH] && text_u64(slice_text(c->value[OPT_DEPTH]), 10, &depth) != OK) {
		complain_words(c, "--depth", "wants a number", "数で指定してください");
		return EXIT_USAGE;
	}

	enum exit_code code = inspect_targets(c, NULL, NULL, &r);

	if (code == EXIT_DONE || code == EXIT_INCOMPLETE) {
		buf_init(&b, LIMIT_REPORT_BYTES);
		if (c->value[OPT_JSON])
			write_json(&r, depth, &b);
		else
			write_words(c, &r, depth, &b);
		code = !print(buf_slice(&b))      ? EXIT_TARGET
		       : record_is_incomplete(&r) ? EXIT_INCOMPLETE
						  : EXIT_DONE;
		buf_release(&b);
	}
	record_release(&r);
	return code;
}

const struct command command_tree = {
	.name = "tree",
	.args = "IMAGE",
	.summary = {[EN] = "list what is inside, byte ranges first",
		    [JA] = "中身を一覧します (先頭に領域の表)"},
	.note = {[EN] = "With --json, the output is JSON Lines: one object a line, as in "
			"record.jsonl "
			"(input, range, artifact, skip).",
		 [JA] = "--json の出力はJSON Linesです。record.jsonl "
			"と同じく、1行が1つのオブジェクト "
			"(input・range・artifact・skip) です。"},
	.options = OPTIONS_COMMON | OPTIONS_RUN | OPTION(JSON) | OPTION(DEPTH),
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
