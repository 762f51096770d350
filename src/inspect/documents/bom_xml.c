// SPDX-License-Identifier: Apache-2.0
// CycloneDX as XML (bom-1.x.xsd): the same as in JSON. A document type is refused, and with it
// every entity but the five of XML itself.

#include "inspect/documents/documents.h"

#include <expat.h>
#include <limits.h>

#include "base/ban.h"

enum { NESTED_MAX = LIMIT_DOCUMENT_DEPTH / 2, TEXT_MAX = 1024 * 1024, REFS_MAX = 65536 };

enum tag {
	TAG_OTHER,
	TAG_BOM,
	TAG_METADATA,
	TAG_TIMESTAMP,
	TAG_AUTHOR,
	TAG_MANUFACTURER,
	TAG_COMPONENTS,
	TAG_COMPONENT,
	TAG_NAME,
	TAG_VERSION,
	TAG_PURL,
	TAG_CPE,
	TAG_SUPPLIER,
	TAG_PUBLISHER,
	TAG_VULNERABILITY,
	TAG_ID,
	TAG_ANALYSIS,
	TAG_STATE,
	TAG_JUSTIFICATION,
	TAG_DETAIL,
	TAG_UPDATED,
	TAG_ISSUED,
	TAG_REF,
	TAG_N
};

static const char *const tag_names[] = {
	[TAG_OTHER] = "",
	[TAG_BOM] = "bom",
	[TAG_METADATA] = "metadata",
	[TAG_TIMESTAMP] = "timestamp",
	[TAG_AUTHOR] = "author",
	[TAG_MANUFACTURER] = "manufacturer",
	[TAG_COMPONENTS] = "components",
	[TAG_COMPONENT] = "component",
	[TAG_NAME] = "name",
	[TAG_VERSION] = "version",
	[TAG_PURL] = "purl",
	[TAG_CPE] = "cpe",
	[TAG_SUPPLIER] = "supplier",
	[TAG_PUBLISHER] = "publisher",
	[TAG_VULNERABILITY] = "vulnerability",
	[TAG_ID] = "id",
	[TAG_ANALYSIS] = "analysis",
	[TAG_STATE] = "state",
	[TAG_JUSTIFICATION] = "justification",
	[TAG_DETAIL] = "detail",
	[TAG_UPDATED] = "lastUpdated",
	[TAG_ISSUED] = "firstIssued",
	[TAG_REF] = "ref",
};
_Static_assert(ARRAY_LEN(tag_names) == TAG_N, "a name each");

/* A component that is open. */
struct draft {
	struct component c;
	struct slice ref;
	size_t inner; /* components inside it so far */
	bool is_software;
};

struct xml {
	struct paper *paper;
	XML_Parser parser;
	struct arena *arena;
	enum tag stack[LIMIT_DOCUMENT_DEPTH];
	size_t depth;
	struct draft drafts[NESTED_MAX];
	size_t drafts_n, listed; /* open ones; how many stood in the list of the document */
	struct buf text;         /* of the innermost element */
	struct verdict_of_maker verdict;
	struct slice *refs;
	struct slice subject;
	enum err err;
	const char *words;
};

static void stop(struct xml *x, enum err e, const char *words)
{
	if (x->err)
		return;
	x->err = e;
	x->words = words;
	(void)XML_StopParser(x->parser, XML_FALSE);
}

/* "name space|name" */
static enum tag tag_of(const char *name)
{
	struct slice s = slice_text(name);
	size_t bar = slice_find_byte(s, '|', 0);

	if (bar == SLICE_NONE || !slice_starts(s, "http://cyclonedx.org/schema/bom/"))
		return TAG_OTHER;
	s = slice_from(s, bar + 1);
	for (unsigned t = 1; t < TAG_N; t++)
		if (slice_is(s, tag_names[t]))
			return (enum tag)t;
	return TAG_OTHER;
}

/* The tag `up` levels above the innermost. */
static enum tag above(const struct xml *x, size_t up)
{
	return up < x->depth ? x->stack[x->depth - 1 - up] : TAG_OTHER;
}

static struct slice kept(struct xml *x, struct slice s)
{
	struct slice copy = {0};

	if (arena_copy(x->arena, s, &copy) != OK)
		stop(x, E_NOMEM, "out of memory");
	return copy;
}

static struct slice attribute(struct xml *x, const XML_Char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (slice_is(slice_text(attributes[i]), name))
			return kept(x, slice_text(attributes[i + 1]));
	return (struct slice){0};
}

/* "components[3].components[0]", counted where they begin. */
static struct slice place(struct xml *x)
{
	struct buf b;
	struct slice at;

	if (above(x, 1) == TAG_METADATA)
		return slice_text("metadata.component");
	buf_init(&b, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < x->drafts_n; i++) {
		size_t n = i ? x->drafts[i - 1].inner : x->listed;

		buf_print(&b, "%scomponents[%zu]", i ? "." : "", n ? n - 1 : 0);
	}
	at = kept(x, buf_slice(&b));
	buf_release(&b);
	return at;
}

static bool is_software(struct slice type)
{
	return !slice_is(type, "file") && !slice_is(type, "data") &&
	       !slice_is(type, "cryptographic-asset");
}

static void open_component(struct xml *x, const XML_Char **attributes)
{
	struct draft *d = &x->drafts[x->drafts_n];

	if (x->drafts_n == NESTED_MAX) {
		stop(x, E_LIMIT, "components nested deeper than the limit");
		return;
	}
	if (x->drafts_n)
		x->drafts[x->drafts_n - 1].inner++;
	else if (above(x, 1) == TAG_COMPONENTS)
		x->listed++;
	x->drafts_n++;
	*d = (struct draft){.ref = attribute(x, attributes, "bom-ref")};
	d->is_software = is_software(attribute(x, attributes, "type"));
	d->c.location = place(x);
}

static bool is_component(const struct xml *x, size_t up)
{
	return above(x, up) == TAG_COMPONENT &&
	       (above(x, up + 1) == TAG_COMPONENTS || above(x, up + 1) == TAG_METADATA);
}

static void close_component(struct xml *x)
{
	struct draft *d;
	bool is_subject = above(x, 1) == TAG_METADATA;

	if (x->drafts_n == 0)
		return;
	d = &x->drafts[--x->drafts_n];

	bool is_known = d->c.purl.len || d->c.cpe.len;

	if (d->is_software && (!is_subject || is_known))
		paper_component(x->paper, &d->c);
	if (is_subject && is_known)
		x->subject = paper_product(x->paper, &d->c);
	if (d->ref.len && references_add(&x->paper->references, x->arena, d->ref,
					 paper_product(x->paper, &d->c)) != OK)
		stop(x, E_LIMIT, "more references than the limit");
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *x = ctx;

	if (x->depth == LIMIT_DOCUMENT_DEPTH) {
		stop(x, E_LIMIT, "elements nested deeper than the limit");
		return;
	}
	x->stack[x->depth++] = tag_of(name);
	buf_clear(&x->text);
	if (is_component(x, 0))
		open_component(x, attributes);
	if (above(x, 0) == TAG_COMPONENTS && above(x, 1) == TAG_BOM)
		x->paper->is_sbom = true;
	if (above(x, 0) == TAG_VULNERABILITY) {
		x->verdict = (struct verdict_of_maker){.refs = x->refs};
		x->paper->is_vex = true;
	}
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int len)
{
	struct xml *x = ctx;

	if (above(x, 0) != TAG_OTHER && len > 0)
		buf_add(&x->text, slice_of(text, (size_t)len));
}

/* Which text of what is open the innermost element is; NULL when of none. */
static struct slice *component_text(struct xml *x)
{
	struct component *c = x->drafts_n ? &x->drafts[x->drafts_n - 1].c : NULL;

	if (c && above(x, 0) == TAG_NAME && above(x, 1) == TAG_SUPPLIER && is_component(x, 2))
		return &c->supplier;
	if (!c || !is_component(x, 1))
		return NULL;
	switch (above(x, 0)) {
	case TAG_NAME:
		return &c->name;
	case TAG_VERSION:
		return &c->version;
	case TAG_PURL:
		return &c->purl;
	case TAG_CPE:
		return &c->cpe;
	case TAG_PUBLISHER:
		return c->supplier.len ? NULL : &c->supplier;
	default:
		return NULL;
	}
}

static struct slice *verdict_text(struct xml *x)
{
	enum tag t = above(x, 0);

	if (above(x, 1) == TAG_VULNERABILITY && t == TAG_ID)
		return &x->verdict.id;
	if (above(x, 1) != TAG_ANALYSIS)
		return NULL;
	switch (t) {
	case TAG_STATE:
		return &x->verdict.state;
	case TAG_JUSTIFICATION:
		return &x->verdict.justification;
	case TAG_DETAIL:
		return &x->verdict.detail;
	case TAG_UPDATED:
		return &x->verdict.updated;
	case TAG_ISSUED:
		return &x->verdict.issued;
	default:
		return NULL;
	}
}

static void take_metadata(struct xml *x)
{
	struct slice text = text_trim(buf_slice(&x->text));
	enum tag t = above(x, 0), up = above(x, 1);

	if (t == TAG_TIMESTAMP && up == TAG_METADATA)
		x->paper->date = day_of(kept(x, text));
	else if (t == TAG_NAME && x->drafts_n == 0 && x->paper->author.len == 0 &&
		 (up == TAG_AUTHOR || up == TAG_MANUFACTURER || up == TAG_SUPPLIER))
		x->paper->author = kept(x, text);
}

static void take_reference(struct xml *x)
{
	if (above(x, 0) != TAG_REF || x->verdict.refs_n == REFS_MAX)
		return;
	x->refs[x->verdict.refs_n++] = kept(x, text_trim(buf_slice(&x->text)));
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	struct xml *x = ctx;
	struct slice *to = component_text(x);

	(void)name;
	if (x->text.err)
		stop(x, E_LIMIT, "a text longer than the limit");
	if (!to)
		to = verdict_text(x);
	if (to)
		*to = kept(x, text_trim(buf_slice(&x->text)));
	take_metadata(x);
	take_reference(x);
	if (is_component(x, 0))
		close_component(x);
	if (above(x, 0) == TAG_VULNERABILITY)
		cyclonedx_decide(x->paper, &x->verdict, x->subject);
	buf_clear(&x->text);
	x->depth--;
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system_id,
			       const XML_Char *public_id, int has_internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	stop(ctx, E_UNSUPPORTED, "a document type, and with it entities, is refused");
}

/* The hash tables' salt: unguessable would need random numbers, the same bytes must do the same. */
static unsigned long salt_of(struct slice in)
{
	char hex[SHA256_HEX + 1];
	uint64_t salt = 0;

	digest_sha256_hex(in, hex);
	if (text_u64(slice_head(slice_text(hex), 15), 16, &salt) != OK)
		return 1;
	return (unsigned long)salt | 1;
}

static enum err parse(struct xml *x, struct slice in, struct fault *why)
{
	XML_SetUserData(x->parser, x);
	XML_SetHashSalt(x->parser, salt_of(in));
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	if (XML_Parse(x->parser, (const char *)in.ptr, (int)in.len, 1) == XML_STATUS_OK && !x->err)
		return OK;

	const char *words = x->err ? x->words : XML_ErrorString(XML_GetErrorCode(x->parser));
	long at = (long)XML_GetCurrentByteIndex(x->parser);

	return fault_set(why, x->err ? x->err : E_CORRUPT, at > 0 ? (uint64_t)at : 0,
			 "line %lu, column %lu, byte %ld: %s",
			 (unsigned long)XML_GetCurrentLineNumber(x->parser),
			 (unsigned long)XML_GetCurrentColumnNumber(x->parser) + 1, at, words);
}

static enum err bom_xml_read(struct paper *p, struct slice in, struct fault *why)
{
	struct xml *x = arena_alloc(p->arena, sizeof *x);
	enum err e;

	if (in.len > INT_MAX)
		return fault_set(why, E_LIMIT, 0, "larger than 2 GiB");
	if (!x)
		return fault_set(why, E_NOMEM, 0, "out of memory");
	x->paper = p;
	x->arena = p->arena;
	x->refs = arena_array(p->arena, REFS_MAX, sizeof *x->refs);
	x->parser = XML_ParserCreateNS(NULL, '|');
	if (!x->refs || !x->parser) {
		if (x->parser)
			XML_ParserFree(x->parser);
		return fault_set(why, E_NOMEM, 0, "out of memory");
	}
	buf_init(&x->text, TEXT_MAX);
	e = parse(x, in, why);
	buf_release(&x->text);
	XML_ParserFree(x->parser);
	return e;
}

const struct document document_cyclonedx_xml = {.format = "cyclonedx-xml", .read = bom_xml_read};
