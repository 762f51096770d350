// SPDX-License-Identifier: Apache-2.0
// SPDX 2.2 and 2.3 as tag-value text: "Tag: value" lines, <text>…</text> over several of them.

#include "inspect/documents/spdx.h"

#include "base/ban.h"

struct tags {
	struct spdx spdx;
	struct spdx_package package;
	bool in_package;
};

struct pair {
	struct slice tag, value;
};

struct reader {
	struct slice in, rest;
	uint64_t line;
};

static enum err check_line(const struct reader *r, struct slice line, struct fault *why)
{
	for (size_t at = 0; at < line.len;) {
		size_t n = text_utf8_len(line, at);

		if (n == 0)
			return fault_set(why, E_CORRUPT, r->in.len - r->rest.len,
					 "line %llu, column %zu: not UTF-8",
					 (unsigned long long)r->line, at + 1);
		at += n;
	}
	return OK;
}

/* Lines up to the one with </text>. Their words mean nothing to us. */
static enum err pass_text(struct reader *r, struct slice value, struct fault *why)
{
	uint64_t first = r->line;

	while (slice_find(value, slice_text("</text>"), 0) == SLICE_NONE) {
		if (!text_line(&r->rest, &value))
			return fault_set(why, E_SHORT, r->in.len,
					 "line %llu: <text> without its end",
					 (unsigned long long)first);
		r->line++;

		enum err e = check_line(r, value, why);

		if (e)
			return e;
	}
	return OK;
}

static struct slice without_marks(struct slice value)
{
	if (slice_starts(value, "<text>"))
		value = slice_from(value, 6);
	if (slice_ends(value, "</text>"))
		value = slice_head(value, value.len - 7);
	return text_trim(value);
}

/* E_END after the last. */
static enum err next_pair(struct reader *r, struct pair *out, struct fault *why)
{
	struct slice line = {0};

	while (text_line(&r->rest, &line)) {
		enum err e;

		r->line++;
		e = check_line(r, line, why);
		if (e)
			return e;
		line = text_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;

		size_t colon = slice_find_byte(line, ':', 0);

		if (colon == SLICE_NONE)
			return fault_set(why, E_CORRUPT, r->in.len - r->rest.len,
					 "line %llu: neither a tag nor a comment",
					 (unsigned long long)r->line);
		out->tag = slice_head(line, colon);
		out->value = text_trim(slice_from(line, colon + 1));
		e = slice_starts(out->value, "<text>") ? pass_text(r, out->value, why) : OK;
		out->value = without_marks(out->value);
		return e;
	}
	return E_END;
}

/* "PACKAGE-MANAGER purl pkg:…" (clause 7.21). */
static void take_reference(struct tags *t, struct slice value)
{
	struct slice category, type, locator;

	if (text_word(&value, &category) && text_word(&value, &type) && text_word(&value, &locator))
		spdx_reference(&t->package.c, type, locator);
}

static void finish_package(struct tags *t)
{
	if (t->in_package)
		spdx_package(&t->spdx, &t->package);
	t->in_package = false;
}

/* Tags that begin something else than a package. */
static bool begins_other(struct slice tag)
{
	static const char *const others[] = {"FileName",     "SnippetSPDXID", "LicenseID",
					     "Relationship", "Annotator",     "Reviewer"};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (slice_is(tag, others[i]))
			return true;
	return false;
}

static void take_package_pair(struct tags *t, const struct pair *is)
{
	struct spdx_package *k = &t->package;
	const struct {
		const char *tag;
		struct slice *text;
	} rows[] = {
		{"SPDXID", &k->c.location},
		{"PackageVersion", &k->c.version},
		{"PackageSupplier", &k->c.supplier},
		{"PackageOriginator", &k->originator},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (slice_is(is->tag, rows[i].tag))
			*rows[i].text = is->value;
	if (slice_is(is->tag, "ExternalRef"))
		take_reference(t, is->value);
}

static void take_pair(struct tags *t, const struct pair *is)
{
	if (slice_is(is->tag, "PackageName")) {
		finish_package(t);
		t->package = (struct spdx_package){.c = {.name = is->value}};
		t->in_package = true;
	} else if (begins_other(is->tag)) {
		finish_package(t);
	} else if (t->in_package) {
		take_package_pair(t, is);
	}
}

static void take_relationship(struct tags *t, const struct pair *is)
{
	struct slice rest = is->value, from, type, to;

	if (slice_is(is->tag, "Relationship") && text_word(&rest, &from) &&
	    text_word(&rest, &type) && text_word(&rest, &to))
		spdx_relationship(&t->spdx, from, type, to);
}

/* Once through all pairs. */
static enum err run_through(struct tags *t, struct slice in,
			    void (*take)(struct tags *t, const struct pair *is), struct fault *why)
{
	struct reader r = {.in = in, .rest = in};
	struct pair is = {.tag = {0}};
	enum err e;

	if (slice_starts(in, "\xef\xbb\xbf"))
		r.rest = slice_from(in, 3);
	while ((e = next_pair(&r, &is, why)) == OK)
		take(t, &is);
	return e == E_END ? OK : e;
}

static enum err spdx_tags_read(struct paper *p, struct slice in, struct fault *why)
{
	struct tags t = {.spdx = {.paper = p}};
	enum err e = run_through(&t, in, take_relationship, why);

	if (e)
		return e;
	p->is_sbom = true;
	e = run_through(&t, in, take_pair, why);
	finish_package(&t);
	spdx_end(&t.spdx);
	return e;
}

const struct document document_spdx_tag = {.format = "spdx-tag", .read = spdx_tags_read};
