// SPDX-License-Identifier: Apache-2.0
// kensa sbom: components only.

#include "cli/cli.h"

#include "base/ban.h"

static const struct report *format_of(const struct call *c)
{
	struct slice want = slice_text(c->value[OPT_FORMAT] ? c->value[OPT_FORMAT] : "cyclonedx");

	for (size_t i = 0; i < reports_n; i++)
		if (slice_is(want, reports[i]->name) &&
		    slice_starts(slice_text(reports[i]->file ? reports[i]->file : ""), "sbom."))
			return reports[i];
	complain_words(c, "--format", "kensa sbom wants one of cyclonedx|spdx",
		       "kensa sbom では次のどれかを指定してください: cyclonedx|spdx");
	return NULL;
}

static enum exit_code write_sbom(const struct call *c, const struct catalog *cat,
				 const struct record *r, const struct report *format)
{
	enum exit_code code = EXIT_INTERNAL;
	struct judgement j;
	struct sheet s;
	struct buf b;

	if (!sheet_from_catalog(c, cat, &s))
		return EXIT_TARGET;
	buf_init(&b, LIMIT_REPORT_BYTES);
	if (sheet_judge(&s, r, 0, &j) == OK) {
		struct report_view v = {.record = r, .sheet = &s, .judgement = &j, .lang = c->lang};

		if (format->write(&v, &b) == OK && b.err == OK)
			code = !print(buf_slice(&b))     ? EXIT_TARGET
			       : record_is_incomplete(r) ? EXIT_INCOMPLETE
							 : EXIT_DONE;
		judgement_release(&j);
	}
	buf_release(&b);
	sheet_release(&s);
	return code;
}

static enum exit_code run(const struct call *c)
{
	const struct report *format = format_of(c);
	struct catalog cat;
	struct record r;

	if (!format)
		return EXIT_USAGE;
	if (!catalog_files_load(c, &cat))
		return EXIT_TARGET;

	enum exit_code code = inspect_targets(c, &cat, NULL, &r);

	if (code == EXIT_DONE || code == EXIT_INCOMPLETE)
		code = write_sbom(c, &cat, &r, format);
	record_release(&r);
	catalog_files_release(&cat);
	return code;
}

const struct command command_sbom = {
	.name = "sbom",
	.args = "TARGET...",
	.summary = {[EN] = "print the components of a product (SBOM)",
		    [JA] = "製品の部品表 (SBOM) を出力します"},
	.options = OPTIONS_COMMON | OPTIONS_RUN | OPTIONS_TARGET | OPTION(FORMAT) | OPTION(FEED),
	.args_min = 1,
	.args_max = LIMIT_INPUTS,
	.run = run,
};
