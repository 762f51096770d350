// SPDX-License-Identifier: Apache-2.0
// kensa match: the components of an SBOM, or of a record, against vulnerability data.

#include "cli/cli.h"

#include <stdio.h>

#include "base/ban.h"

static bool is_report_folder(const char *path)
{
	struct fault why = {0};
	struct mapping m;
	char inside[4096];
	int n = snprintf(inside, sizeof inside, "%s/record.jsonl", path);

	if (n < 0 || (size_t)n >= sizeof inside || file_view(inside, &m, &why) != OK)
		return false;
	file_unmap(&m);
	return true;
}

/* A record, or a report folder that has one; everything else is a target. */
static bool is_record(const char *path)
{
	return slice_ends(slice_text(path), ".jsonl") || is_report_folder(path);
}

static enum exit_code show(const struct call *c, const struct record *r)
{
	struct buf b;
	bool is_ok = true;

	buf_init(&b, LIMIT_REPORT_BYTES);
	if (c->value[OPT_JSON])
		match_json(r, &b);
	else if (!c->value[OPT_QUIET])
		vulnerabilities_text(r, c->lang, SIZE_MAX, &b);
	is_ok = b.err == OK && print(buf_slice(&b));
	buf_release(&b);
	if (!is_ok)
		return EXIT_TARGET;
	return record_is_incomplete(r) ? EXIT_INCOMPLETE : EXIT_DONE;
}

/* Only what is shown is made: the record is neither closed nor hashed. */
static enum exit_code match_with(const struct call *c, const struct known_session *s,
				 const struct record *old)
{
	struct record r;
	enum exit_code code = EXIT_INTERNAL;

	if (known_strip(old, &r) != OK)
		return EXIT_INTERNAL;
	r.is_complete = old->is_complete;
	code = known_session_run(c, s, &r);
	if (code == EXIT_DONE)
		code = show(c, &r);
	record_release(&r);
	return code;
}

static enum exit_code match_record(const struct call *c)
{
	struct known_session s;
	struct record old;
	enum exit_code code = EXIT_TARGET;

	if (!record_open(c, c->args[0], &old))
		return EXIT_TARGET;
	code = known_session_open(c, &s);
	if (code == EXIT_DONE)
		code = match_with(c, &s, &old);
	known_session_close(&s);
	record_release(&old);
	return code;
}

/* A list of parts may be empty, and is one all the same. */
static bool has_sbom(const struct record *r)
{
	const struct fact *f = NULL;

	for (size_t at = 0; (f = record_next(r, FACT_ARTIFACT, &at));)
		if (slice_starts(f->artifact.format, "cyclonedx") ||
		    slice_starts(f->artifact.format, "spdx"))
			return true;
	return false;
}

static bool has_unread_document(const struct record *r)
{
	const struct fact *f = NULL;

	for (size_t at = 0; (f = record_next(r, FACT_SKIP, &at));)
		if (slice_is(f->skip.subject, "documents"))
			return true;
	return false;
}

/* Nothing to match: because there is nothing, because it could not be read (then that was said
 * already), or because it is no list of parts at all. */
static enum exit_code without_components(const struct call *c, const struct record *r)
{
	struct fault why = {.msg = "no CycloneDX or SPDX document, and no record of kensa"};

	if (has_unread_document(r))
		return EXIT_TARGET;
	if (has_sbom(r))
		return EXIT_DONE;
	complain(c, c->args[0], E_MAGIC, &why);
	return EXIT_TARGET;
}

static enum exit_code match_sbom(const struct call *c)
{
	struct record r;
	size_t at = 0;
	enum exit_code code = inspect_targets(c, NULL, NULL, &r);

	if ((code == EXIT_DONE || code == EXIT_INCOMPLETE) &&
	    !record_next(&r, FACT_COMPONENT, &at) && without_components(c, &r) != EXIT_DONE)
		code = EXIT_TARGET;
	if (code == EXIT_DONE || code == EXIT_INCOMPLETE)
		code = show(c, &r);
	record_release(&r);
	return code;
}

static enum exit_code run(const struct call *c)
{
	return is_record(c->args[0]) ? match_record(c) : match_sbom(c);
}

const struct command command_match = {
	.name = "match",
	.args = "SBOM",
	.summary = {[EN] = "match the components of an SBOM with vulnerability data",
		    [JA] = "部品表の部品を脆弱性情報と照合します"},
	.note = {[EN] = "SBOM is a CycloneDX or SPDX document, a record.jsonl, or a report folder.",
		 [JA] = "SBOM はCycloneDXかSPDXの文書、record.jsonl、または報告書フォルダーです。"},
	.options = OPTIONS_COMMON | OPTIONS_RUN | OPTION(DATE) | OPTION(JSON) | OPTION(FEED),
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
