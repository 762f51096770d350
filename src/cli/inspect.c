// SPDX-License-Identifier: Apache-2.0
// kensa inspect, kensa judge: evidence in, grade and reports out.

#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/ban.h"

static bool write_one(const struct call *c, const char *folder, const char *name, struct slice s)
{
	struct fault why = {0};
	enum err e = file_write(folder, name, s, &why);

	if (e)
		complain(c, name, e, &why);
	return e == OK;
}

/* Every report of the table, and the record they speak of. */
static bool write_all(const struct call *c, const struct report_view *v)
{
	const char *folder = c->value[OPT_OUT] ? c->value[OPT_OUT] : "kensa-report";
	struct fault why = {0};
	enum err e = folder_make(folder, &why);
	struct buf b;

	if (e) {
		complain(c, folder, e, &why);
		return false;
	}
	buf_init(&b, LIMIT_REPORT_BYTES);
	record_write(v->record, &b);

	bool is_ok = b.err == OK && write_one(c, folder, "record.jsonl", buf_slice(&b));

	for (size_t i = 0; i < reports_n && is_ok; i++) {
		if (!reports[i]->file)
			continue;
		buf_clear(&b);
		is_ok = reports[i]->write(v, &b) == OK && b.err == OK &&
			write_one(c, folder, reports[i]->file, buf_slice(&b));
	}
	buf_release(&b);
	return is_ok;
}

static bool print_result(const struct call *c, const struct report_view *v)
{
	const struct report *r = c->value[OPT_JSON] ? &report_json : &report_terminal;
	struct buf b;

	if (c->value[OPT_QUIET] && !c->value[OPT_JSON])
		return true;
	buf_init(&b, LIMIT_REPORT_BYTES);

	bool is_ok = r->write(v, &b) == OK && b.err == OK && print(buf_slice(&b));

	buf_release(&b);
	return is_ok;
}

static bool has_inconclusive(const struct judgement *j)
{
	for (size_t i = 0; i < j->items_n; i++)
		if (j->items[i].verdict == V_INCONCLUSIVE)
			return true;
	return false;
}

static enum exit_code ending(const struct record *r, const struct judgement *j, enum grade required)
{
	if (j->grade < required)
		return EXIT_BELOW;
	return record_is_incomplete(r) || has_inconclusive(j) ? EXIT_INCOMPLETE : EXIT_DONE;
}

enum exit_code judge_and_report(const struct call *c, const struct catalog *cat,
				const struct record *r)
{
	enum grade required = GRADE_NONE;
	struct judgement j;
	struct sheet s;
	uint64_t class_no = 0;
	const char *no_colour = getenv("NO_COLOR");

	/* Both are words of the option table: it has refused all others. */
	if (c->value[OPT_REQUIRE] && !grade_find(slice_text(c->value[OPT_REQUIRE]), &required))
		return EXIT_INTERNAL;
	if (c->value[OPT_CLASS] && text_u64(slice_text(c->value[OPT_CLASS]), 10, &class_no) != OK)
		return EXIT_INTERNAL;
	if (!sheet_from_catalog(c, cat, &s))
		return EXIT_TARGET;
	if (sheet_judge(&s, r, class_no, &j) != OK) {
		sheet_release(&s);
		return EXIT_INTERNAL;
	}

	struct report_view v = {.record = r, .sheet = &s, .judgement = &j, .lang = c->lang};

	v.has_colour = is_terminal(STDOUT_FILENO) && !(no_colour && no_colour[0]);

	bool is_ok = write_all(c, &v) && print_result(c, &v);
	enum exit_code code = is_ok ? ending(r, &j, required) : EXIT_TARGET;

	judgement_release(&j);
	sheet_release(&s);
	return code;
}

static enum exit_code run_inspect(const struct call *c)
{
	struct catalog cat;
	struct record r;

	if (!catalog_files_load(c, &cat))
		return EXIT_TARGET;

	enum exit_code code = inspect_targets(c, &cat, NULL, &r);

	if (code == EXIT_DONE || code == EXIT_INCOMPLETE)
		code = judge_and_report(c, &cat, &r);
	record_release(&r);
	catalog_files_release(&cat);
	return code;
}

/* The facts of a record, open again, with the decisions of --vex behind them. */
static enum exit_code decide_again(const struct call *c, const struct record *old,
				   struct record *next)
{
	enum exit_code code;
	enum err e = OK;

	record_init(next);
	for (size_t i = 0; i < old->n && e == OK; i++)
		if (old->facts[i].kind != FACT_END)
			e = record_add(next, &old->facts[i]);
	code = e ? EXIT_INTERNAL : vex_files_add(c, next);
	if (code == EXIT_DONE && record_end(next, old->is_complete) != OK)
		code = EXIT_INTERNAL;
	if (code != EXIT_DONE)
		record_release(next);
	return code;
}

/* With vulnerability data at hand, what is known is matched anew; without, what the record says
 * stands. */
static enum exit_code judge_again(const struct call *c, const struct catalog *cat,
				  const struct record *old)
{
	struct known_session s;
	struct record r;
	enum exit_code code = known_session_open(c, &s);

	if (code == EXIT_DONE && s.snapshot.bytes.len) {
		code = known_again(c, &s, old, &r);
		if (code == EXIT_DONE) {
			code = judge_and_report(c, cat, &r);
			record_release(&r);
		}
	} else if (code == EXIT_DONE) {
		code = judge_and_report(c, cat, old);
	}
	known_session_close(&s);
	return code;
}

static enum exit_code judge_decided(const struct call *c, const struct catalog *cat,
				    const struct record *old)
{
	struct record r;
	enum exit_code code = decide_again(c, old, &r);

	if (code != EXIT_DONE)
		return code;
	code = judge_again(c, cat, &r);
	record_release(&r);
	return code;
}

static enum exit_code run_judge(const struct call *c)
{
	enum exit_code code = EXIT_TARGET;
	struct catalog cat;
	struct record r;

	if (!catalog_files_load(c, &cat))
		return EXIT_TARGET;
	if (record_open(c, c->args[0], &r)) {
		code = c->value[OPT_VEX] ? judge_decided(c, &cat, &r) : judge_again(c, &cat, &r);
		record_release(&r);
	}
	catalog_files_release(&cat);
	return code;
}

const struct command command_inspect = {
	.name = "inspect",
	.args = "TARGET...",
	.summary = {[EN] = "inspect a product, grade it, write the reports",
		    [JA] = "製品を検査し、グレードを判定し、報告書を書き出します"},
	.note = {[EN] = "A TARGET is a firmware image, a program, an archive or a root filesystem\n"
			"folder; an SBOM or VEX document may stand beside it.",
		 [JA] = "TARGET はファームウェアのイメージ、プログラム、アーカイブ、ルートファイル"
			"システムのフォルダーです。\nSBOMやVEXの文書も一緒に指定できます。"},
	.below = BELOW_REQUIRED,
	.options = OPTIONS_COMMON | OPTIONS_RUN | OPTIONS_TARGET | OPTION(CPE) | OPTION(SECTOR) |
		   OPTION(OUT) | OPTION(JSON) | OPTION(REQUIRE) | OPTION(CLASS) | OPTION(FEED) |
		   OPTION(VEX),
	.args_min = 1,
	.args_max = LIMIT_INPUTS,
	.run = run_inspect,
};

const struct command command_judge = {
	.name = "judge",
	.args = "RECORD",
	.summary = {[EN] = "judge a record again", [JA] = "検査記録をもう一度判定します"},
	.note = {[EN] = "With the check sheet and vulnerability data of today; RECORD is a "
			"record.jsonl of an inspection.",
		 [JA] = "今のチェックシートと脆弱性データを使います。RECORD は検査でできた "
			"record.jsonl です。"},
	.below = BELOW_REQUIRED,
	.options = OPTIONS_COMMON | OPTION(QUIET) | OPTION(OUT) | OPTION(JSON) | OPTION(REQUIRE) |
		   OPTION(CLASS) | OPTION(FEED) | OPTION(VEX) | OPTION(NO_SANDBOX),
	.args_min = 1,
	.args_max = 1,
	.run = run_judge,
};
