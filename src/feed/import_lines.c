// SPDX-License-Identifier: Apache-2.0
// Sources that are lines of text: the program files of kernel records, curl's list of its own.

#include "feed/importers.h"

#include "base/ban.h"

/* "CVE-2024-26581<TAB>net/netfilter/nft_set_rbtree.c other.c" */
static bool kernel_files_knows(const struct record *r)
{
	struct slice head = r->head, line = {0}, id = {0};

	return slice_starts(r->head, "CVE-") && text_line(&head, &line) &&
	       slice_find_byte(line, '\t', 0) != SLICE_NONE && text_field(&line, '\t', &id) &&
	       id_is_good(id);
}

static enum err kernel_files_read(const struct record *r, struct fault *why)
{
	struct slice rest = text_trim(r->text), id = {0}, path = {0};
	struct draft d;

	(void)why;
	if (!rest.len)
		return OK;
	if (!text_field(&rest, '\t', &id) || !id_is_good(id) || !slice_starts(id, "CVE-"))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, SOURCE_KERNEL_FILES);
	while (text_word(&rest, &path))
		draft_file(&d, path);
	return draft_emit(&d);
}

const struct importer importer_kernel_files = {
	.name = "kernel_files",
	.form = FORM_LINES,
	.knows = kernel_files_knows,
	.read = kernel_files_read,
};

/* curl's vuln.pm: a list of texts with fields between bars, described in its comments. */
enum curl_field {
	CURL_PAGE,
	CURL_FIRST,
	CURL_LAST,
	CURL_NAME,
	CURL_ID,
	CURL_ANNOUNCED,
	CURL_REPORTED,
	CURL_CWE,
	CURL_AWARD,
	CURL_AREA,
	CURL_KIND,
	CURL_WHERE, /* tool, lib or both; old entries have none */
	CURL_SEVERITY,
	CURL_FIELDS,
};

static bool curl_lines_knows(const struct record *r)
{
	return slice_find(r->head, slice_text("@vuln"), 0) != SLICE_NONE &&
	       slice_find(r->head, slice_text("first vulnerable version"), 0) != SLICE_NONE;
}

static void curl_claim(struct draft *d, const char *product, const struct slice *f)
{
	struct claim *c = NULL;

	draft_range(d, slice_text(product), EFFECT_AFFECTED, f[CURL_FIRST], f[CURL_LAST]);
	c = d->a.claims_n ? &d->a.claims[d->a.claims_n - 1] : NULL;
	if (c)
		c->high_excluded = false;
}

static enum err curl_lines_read(const struct record *r, struct fault *why)
{
	struct slice rest = text_trim(r->text), f[CURL_FIELDS] = {{0}};
	struct draft d;

	(void)why;
	if (!slice_starts(rest, "\"") || slice_find_byte(rest, '|', 0) == SLICE_NONE)
		return OK;
	rest = slice_from(rest, 1);
	rest = slice_head(rest, slice_find_byte(rest, '"', 0));
	for (size_t i = 0; i < CURL_FIELDS && text_field(&rest, '|', &f[i]); i++)
		;
	if (!id_is_good(f[CURL_ID]) || !slice_starts(f[CURL_ID], "CVE-"))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, f[CURL_ID], SOURCE_CURL);
	d.a.published = date_days(f[CURL_ANNOUNCED]);
	d.a.title[EN] = f[CURL_NAME];
	draft_cwe(&d, f[CURL_CWE]);
	curl_claim(&d, "a:haxx:curl", f);
	if (!slice_is(f[CURL_WHERE], "tool"))
		curl_claim(&d, "a:haxx:libcurl", f);
	return draft_emit(&d);
}

const struct importer importer_curl_lines = {
	.name = "curl_lines",
	.form = FORM_LINES,
	.knows = curl_lines_knows,
	.read = curl_lines_read,
};
