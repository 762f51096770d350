// SPDX-License-Identifier: Apache-2.0
// kensa vex: what a record says on vulnerabilities, as a VEX document for others.

#include "cli/cli.h"

#include <stdio.h>

#include "base/ban.h"

static const struct report *format_of(const struct call *c)
{
	const char *want = c->value[OPT_FORMAT] ? c->value[OPT_FORMAT] : "openvex";

	for (size_t i = 0; i < reports_n; i++)
		if (slice_starts(slice_text(reports[i]->name), "vex-") &&
		    slice_is(slice_from(slice_text(reports[i]->name), 4), want))
			return reports[i];
	complain_words(c, "--format", "kensa vex wants one of openvex|cyclonedx|csaf",
		       "kensa vex では次のどれかを指定してください: openvex|cyclonedx|csaf");
	return NULL;
}

/* CSAF 2.0, 3.2.1.8: a publisher has a name and a namespace. */
static bool is_named(const struct call *c, const struct report *format)
{
	struct slice space = slice_text(c->value[OPT_NAMESPACE] ? c->value[OPT_NAMESPACE] : "");
	bool is_url = slice_starts(space, "https://") || slice_starts(space, "http://");

	if (format == &report_vex_csaf && (!c->value[OPT_AUTHOR] || !space.len)) {
		complain_words(c, "--format csaf", "needs --author NAME and --namespace URL",
			       "--author NAME と --namespace URL も指定してください");
		return false;
	}
	if (space.len && !is_url) {
		complain_words(c, "--namespace", "wants a URL: https://...",
			       "URLを指定してください: https://...");
		return false;
	}
	return true;
}

/* A record, or the folder of an inspection's reports with its record in it. */
static enum exit_code record_load(const struct call *c, struct record *out)
{
	char path[4096];
	struct fault why = {0};
	struct buf b;
	bool is_folder = folder_exists(c->args[0]);
	int n = snprintf(path, sizeof path, is_folder ? "%s/record.jsonl" : "%s", c->args[0]);

	if (n < 0 || (size_t)n >= sizeof path) {
		complain(c, c->args[0], E_LIMIT, NULL);
		return EXIT_TARGET;
	}
	buf_init(&b, LIMIT_RECORD_BYTES);

	enum err e = file_read(path, &b, &why);

	if (e == OK)
		e = record_read(buf_slice(&b), out, &why);
	buf_release(&b);
	if (e)
		complain(c, path, e, &why);
	return e ? EXIT_TARGET : EXIT_DONE;
}

static enum exit_code write_vex(const struct call *c, const struct record *r,
				const struct report *format)
{
	struct report_view v = {.record = r, .lang = c->lang};
	enum exit_code code = EXIT_INTERNAL;
	struct buf b;

	v.author = slice_text(c->value[OPT_AUTHOR] ? c->value[OPT_AUTHOR] : "");
	v.space = slice_text(c->value[OPT_NAMESPACE] ? c->value[OPT_NAMESPACE] : "");
	buf_init(&b, LIMIT_REPORT_BYTES);

	enum err e = format->write(&v, &b);

	if (e == E_NOTFOUND) {
		complain_words(c, c->args[0], "the record has no vulnerability and no decision",
			       "この検査記録には脆弱性も判断もありません");
		code = EXIT_TARGET;
	} else if (e) {
		complain(c, c->args[0], e, NULL);
		code = EXIT_TARGET;
	} else if (b.err == OK) {
		code = !print(buf_slice(&b))     ? EXIT_TARGET
		       : record_is_incomplete(r) ? EXIT_INCOMPLETE
						 : EXIT_DONE;
	}
	buf_release(&b);
	return code;
}

static enum exit_code run(const struct call *c)
{
	const struct report *format = format_of(c);
	struct record r;

	if (!format || !is_named(c, format))
		return EXIT_USAGE;

	enum exit_code code = record_load(c, &r);

	if (code == EXIT_DONE) {
		code = write_vex(c, &r, format);
		record_release(&r);
	}
	return code;
}

const struct command command_vex = {
	.name = "vex",
	.args = "RECORD|REPORT-DIR",
	.summary = {[EN] = "print a VEX document: which of the vulnerabilities found apply",
		    [JA] = "見つかった脆弱性が製品に影響するかどうかを、VEX文書として出力します"},
	.options = OPTIONS_COMMON | OPTION(FORMAT) | OPTION(AUTHOR) | OPTION(NAMESPACE),
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
