// SPDX-License-Identifier: Apache-2.0
// JVN iPedia: VULDEF (MyJVN getVulnDetailInfo) and JVNRSS (getVulnOverviewList and the yearly
// feeds), read with expat. No document type declaration is accepted, so no entity either.

#include "feed/importers.h"

#include <expat.h>
#include <string.h>

#include "base/ban.h"

enum { HEAD = 4096, TEXT_MAX = 1024 * 1024 };

struct jvn {
	const struct record *r;
	XML_Parser parser;
	struct draft d;
	bool is_in_item, has_doctype;
	enum lang lang;
	struct buf text; /* of the innermost element */
	struct slice cpe, score, vector;
	enum cvss_version cvss;
	size_t product_claims; /* made for the product at hand */
	const char *parent[LIMIT_FEED_DEPTH + 1];
	unsigned depth;
	enum err err;
};

/* Prefixes differ from feed to feed; local names do not. */
static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static struct slice attribute(const char **attributes, const char *name)
{
	for (; attributes[0] && attributes[1]; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return slice_text(attributes[1]);
	return (struct slice){0};
}

static struct slice kept(struct jvn *j, struct slice s)
{
	struct slice copy = {0};
	enum err e = arena_copy(j->r->arena, text_trim(s), &copy);

	j->err = j->err ? j->err : e;
	return copy;
}

static enum cvss_version cvss_of(struct slice version)
{
	return slice_starts(version, "4")   ? CVSS_V4
	       : slice_starts(version, "3") ? CVSS_V3
					    : CVSS_V2;
}

/* --- what elements mean --- */

static void cpe_claim(struct jvn *j, struct slice words)
{
	struct cpe_name name = {0};

	if (!j->cpe.len)
		return;
	if (cpe_name_read(j->cpe, j->r->arena, &name) != OK) {
		draft_odd(&j->d, ODD_CPE);
		return;
	}
	j->product_claims++;
	if (words.len)
		draft_wording(&j->d, name.product, EFFECT_AFFECTED, words);
	else
		draft_range(&j->d, name.product, EFFECT_AFFECTED, (struct slice){0},
			    (struct slice){0});
}

static void on_id(struct jvn *j, struct slice s)
{
	j->d.a.id = s;
}

static void on_related(struct jvn *j, struct slice s)
{
	if (slice_starts(s, "CWE-"))
		draft_cwe(&j->d, s);
	else if (slice_starts(s, "CVE-"))
		draft_alias(&j->d, s);
}

static void on_title(struct jvn *j, struct slice s)
{
	j->d.a.title[j->lang] = s;
}

static void on_text(struct jvn *j, struct slice s)
{
	j->d.a.text[j->lang] = s;
}

static void on_published(struct jvn *j, struct slice s)
{
	j->d.a.published = date_days(s);
}

static void on_modified(struct jvn *j, struct slice s)
{
	j->d.a.modified = date_days(s);
}

static void on_cpe(struct jvn *j, struct slice s)
{
	j->cpe = s;
}

static void on_cpe_alone(struct jvn *j, struct slice s)
{
	j->cpe = s;
	cpe_claim(j, (struct slice){0});
	j->cpe = (struct slice){0};
}

static void on_version(struct jvn *j, struct slice s)
{
	cpe_claim(j, s);
}

static void on_product_end(struct jvn *j, struct slice s)
{
	(void)s;
	if (!j->product_claims)
		cpe_claim(j, (struct slice){0});
	j->cpe = (struct slice){0};
	j->product_claims = 0;
}

static void on_base(struct jvn *j, struct slice s)
{
	j->score = s;
}

static void on_vector(struct jvn *j, struct slice s)
{
	j->vector = s;
}

static void on_cvss_end(struct jvn *j, struct slice s)
{
	(void)s;
	if (j->score.len || j->vector.len)
		draft_cvss(&j->d, j->cvss, j->score, j->vector);
	j->score = j->vector = (struct slice){0};
}

/* Elements by local name and that of their parent. */
static const struct {
	const char *parent, *name;
	void (*end)(struct jvn *j, struct slice text);
} elements[] = {
	/* VULDEF */
	{"Vulinfo", "VulinfoID", on_id},
	{"RelatedItem", "VulinfoID", on_related},
	{"VulinfoData", "Title", on_title},
	{"VulinfoDescription", "Overview", on_text},
	{"AffectedItem", "Cpe", on_cpe},
	{"AffectedItem", "VersionNumber", on_version},
	{"Affected", "AffectedItem", on_product_end},
	{"Cvss", "Base", on_base},
	{"Cvss", "Vector", on_vector},
	{"Impact", "Cvss", on_cvss_end},
	{"VulinfoData", "DateFirstPublished", on_published},
	{"VulinfoData", "DateLastUpdated", on_modified},
	/* JVNRSS */
	{"item", "identifier", on_id},
	{"item", "title", on_title},
	{"item", "description", on_text},
	{"item", "cpe", on_cpe_alone},
	{"item", "cvss", on_cvss_end},
	{"item", "issued", on_published},
	{"item", "modified", on_modified},
};

/* --- expat --- */

static void stop(struct jvn *j, enum err e)
{
	j->err = j->err ? j->err : e;
	(void)XML_StopParser(j->parser, XML_FALSE);
}

static bool is_item(const char *name)
{
	return strcmp(name, "Vulinfo") == 0 || strcmp(name, "item") == 0;
}

static void XMLCALL on_start(void *ctx, const char *full, const char **attributes)
{
	struct jvn *j = ctx;
	const char *name = local(full);
	struct slice lang = attribute(attributes, "xml:lang");
	struct slice copy = {0};

	if (j->depth == LIMIT_FEED_DEPTH ||
	    arena_copy(j->r->arena, slice_text(name), &copy) != OK) {
		stop(j, E_LIMIT);
		return;
	}
	j->parent[++j->depth] = (const char *)copy.ptr;
	buf_clear(&j->text);
	if (lang.len)
		j->lang = slice_starts(lang, "en") ? EN : JA;
	if (is_item(name)) {
		draft_init(&j->d, j->r, (struct slice){0}, SOURCE_JVN);
		j->is_in_item = true;
	}
	if (!j->is_in_item)
		return;
	if (strcmp(name, "Cvss") == 0 || strcmp(name, "cvss") == 0) {
		j->cvss = cvss_of(attribute(attributes, "version"));
		j->score = kept(j, attribute(attributes, "score"));
		j->vector = kept(j, attribute(attributes, "vector"));
	}
	if (strcmp(name, "references") == 0)
		on_related(j, kept(j, attribute(attributes, "id")));
}

static void item_end(struct jvn *j)
{
	enum err e = OK;

	j->is_in_item = false;
	if (!id_is_good(j->d.a.id))
		e = j->r->out->odd(j->r->out->ctx, ODD_NO_ID);
	else
		e = draft_emit(&j->d);
	if (e)
		stop(j, e);
}

static void XMLCALL on_end(void *ctx, const char *full)
{
	struct jvn *j = ctx;
	const char *name = local(full), *parent = j->depth > 1 ? j->parent[j->depth - 1] : "";

	j->depth--;
	for (size_t i = 0; j->is_in_item && i < ARRAY_LEN(elements); i++)
		if (strcmp(name, elements[i].name) == 0 && strcmp(parent, elements[i].parent) == 0)
			elements[i].end(j, kept(j, buf_slice(&j->text)));
	buf_clear(&j->text);
	if (j->err)
		stop(j, j->err);
	else if (j->is_in_item && is_item(name))
		item_end(j);
}

static void XMLCALL on_characters(void *ctx, const char *s, int n)
{
	struct jvn *j = ctx;

	buf_add(&j->text, slice_of(s, n > 0 ? (size_t)n : 0));
	if (j->text.err)
		stop(j, E_LIMIT);
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system_id,
			       const char *public_id, int has_subset)
{
	struct jvn *j = ctx;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	j->has_doctype = true;
	stop(j, E_UNSUPPORTED);
}

static bool jvn_knows(const struct record *r)
{
	struct slice head = slice_head(r->text, HEAD);

	return slice_find(head, slice_text("VULDEF-Document"), 0) != SLICE_NONE ||
	       (slice_find(head, slice_text(":RDF"), 0) != SLICE_NONE &&
		slice_find(head, slice_text("jvn"), 0) != SLICE_NONE) ||
	       slice_find(head, slice_text("<!DOCTYPE"), 0) != SLICE_NONE;
}

static enum err parse(struct jvn *j, struct fault *why)
{
	struct slice s = j->r->text;
	enum XML_Status status = XML_STATUS_ERROR;
	uint64_t at = 0;

	XML_SetUserData(j->parser, j);
	XML_SetElementHandler(j->parser, on_start, on_end);
	XML_SetCharacterDataHandler(j->parser, on_characters);
	XML_SetStartDoctypeDeclHandler(j->parser, on_doctype);
	status = s.len <= INT32_MAX
			 ? XML_Parse(j->parser, (const char *)s.ptr, (int)s.len, XML_TRUE)
			 : XML_STATUS_ERROR;
	if (status == XML_STATUS_OK)
		return OK;
	at = (uint64_t)XML_GetCurrentByteIndex(j->parser);
	at = at > s.len ? s.len : at;
	if (j->has_doctype)
		return fault_set(why, E_UNSUPPORTED, at, "XML: a document type declaration");
	if (j->err)
		return fault_set(why, j->err, at, "XML: a record cannot be taken in");

	enum XML_Error code = XML_GetErrorCode(j->parser);

	return fault_set(why,
			 code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN
				 ? E_SHORT
				 : E_CORRUPT,
			 at, "XML: %s", XML_ErrorString(code));
}

static enum err jvn_read(const struct record *r, struct fault *why)
{
	struct jvn j = {.r = r, .lang = JA, .parser = XML_ParserCreate(NULL)};

	if (!j.parser)
		return fault_set(why, E_NOMEM, 0, "no room for an XML parser");
	buf_init(&j.text, TEXT_MAX);

	enum err e = parse(&j, why);

	buf_release(&j.text);
	XML_ParserFree(j.parser);
	return e;
}

const struct importer importer_jvn = {
	.name = "jvn",
	.form = FORM_XML,
	.knows = jvn_knows,
	.read = jvn_read,
};
