// SPDX-License-Identifier: Apache-2.0
// kensa sheet list, kensa sheet show ID: the check sheet in force.

#include "cli/cli.h"

#include <string.h>

#include "base/ban.h"

static const char *method_of(const struct item *i, struct arena *a)
{
	return i->part == PART_IOT ? arena_text(a, i->pillar) : method_name(i->method);
}

/* What the list and a single item have in common; the object stays open. */
static void item_json(const struct call *c, const struct item *it, struct arena *a, struct jsonw *j)
{
	jsonw_object(j);
	jsonw_put(j, "id", it->id);
	jsonw_put_text(j, "sheet", sheet_part_name(it->part));
	jsonw_put_text(j, "method", method_of(it, a));
	jsonw_put(j, "title", it->title.in[c->lang]);
	jsonw_key(j, "class_min");
	if (it->class_min)
		jsonw_u64(j, it->class_min);
	else
		jsonw_null(j);
	jsonw_put_text(j, "decided_by", decided_by_name(it->decided_by));
}

static void list_json(const struct call *c, const struct sheet *s, struct arena *a, struct buf *out)
{
	struct jsonw j;

	jsonw_init(&j, out, 1);
	jsonw_object(&j);
	jsonw_key(&j, "items");
	jsonw_array(&j);
	for (size_t i = 0; i < s->items_n; i++) {
		item_json(c, &s->items[i], a, &j);
		jsonw_object_end(&j);
	}
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	buf_byte(out, '\n');
}

static void list_words(const struct call *c, const struct sheet *s, struct buf *out)
{
	for (size_t i = 0; i < s->items_n; i++) {
		const struct item *it = &s->items[i];

		terminal_column(out, it->id, 8);
		terminal_column(out, slice_text(item_method_words(it, c->lang)), 38);
		terminal_column(out, slice_text(decided_by_words(it->decided_by, c->lang)), 20);
		buf_add(out, it->title.in[c->lang]);
		buf_byte(out, '\n');
	}
}

static void show_json(const struct call *c, const struct item *it, struct arena *a, struct buf *out)
{
	struct jsonw j;

	jsonw_init(&j, out, 1);
	item_json(c, it, a, &j);
	jsonw_put(&j, "requirement", it->requirement.in[c->lang]);
	jsonw_key(&j, "fails_on");
	jsonw_array(&j);
	for (size_t i = 0; i < it->fails_n; i++)
		jsonw_text(&j, it->fails[i].rule);
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	buf_byte(out, '\n');
}

static void show_words(const struct call *c, const struct sheet *s, const struct item *it,
		       struct arena *a, struct buf *out)
{
	buf_print(out, "%s  %s\n\n%s\n\n%s: %s\n%s: %s\n", arena_text(a, it->id),
		  arena_text(a, it->title.in[c->lang]), arena_text(a, it->requirement.in[c->lang]),
		  c->lang == JA ? "方法" : "method", item_method_words(it, c->lang),
		  c->lang == JA ? "判定者" : "decided by",
		  decided_by_words(it->decided_by, c->lang));
	for (size_t i = 0; i < it->fails_n; i++) {
		const struct rule *r = sheet_rule(s, it->fails[i].rule);

		buf_print(out, "%s: %s%s%s\n", c->lang == JA ? "不適合となる指摘" : "fails on",
			  arena_text(a, it->fails[i].rule), r ? " - " : "",
			  r ? arena_text(a, r->title.in[c->lang]) : "");
	}
}

static bool show(const struct call *c, const struct sheet *s, struct arena *a, struct buf *out)
{
	const struct item *it = sheet_item(s, slice_text(c->args[1]));

	if (!it)
		complain_words(c, c->args[1], "the check sheet has no such item",
			       "チェックシートにそのような項目はありません");
	else if (c->value[OPT_JSON])
		show_json(c, it, a, out);
	else
		show_words(c, s, it, a, out);
	return it != NULL;
}

static enum exit_code run_on(const struct call *c, const struct sheet *s)
{
	enum exit_code code = EXIT_DONE;
	struct arena a;
	struct buf b;

	arena_init(&a, 16 * MiB);
	buf_init(&b, 16 * MiB);
	if (strcmp(c->args[0], "list") == 0 && c->args_n == 1) {
		if (c->value[OPT_JSON])
			list_json(c, s, &a, &b);
		else
			list_words(c, s, &b);
	} else if (strcmp(c->args[0], "show") == 0 && c->args_n == 2) {
		code = show(c, s, &a, &b) ? EXIT_DONE : EXIT_USAGE;
	} else {
		complain_words(c, "sheet", "wants list, or show and one ID",
			       "list か、show と項目のIDを1つ指定してください");
		code = EXIT_USAGE;
	}
	if (code == EXIT_DONE && !print(buf_slice(&b)))
		code = EXIT_TARGET;
	buf_release(&b);
	arena_release(&a);
	return code;
}

static enum exit_code run(const struct call *c)
{
	struct catalog cat;
	struct sheet s;

	if (!catalog_files_load(c, &cat))
		return EXIT_TARGET;

	enum exit_code code = EXIT_TARGET;

	if (sheet_from_catalog(c, &cat, &s)) {
		code = run_on(c, &s);
		sheet_release(&s);
	}
	catalog_files_release(&cat);
	return code;
}

const struct command command_sheet = {
	.name = "sheet",
	.args = "list | show ID",
	.words = "list|show",
	.summary = {[EN] = "show the check sheet", [JA] = "チェックシートを表示します"},
	.options = OPTIONS_COMMON | OPTION(JSON),
	.args_min = 1,
	.args_max = 2,
	.run = run,
};
