// SPDX-License-Identifier: Apache-2.0
// sbom.spdx.json: the software components, SPDX 2.3 (JSON of ISO/IEC 5962).

#include "report/view.h"

#include "base/ban.h"

struct sbom {
	const struct report_view *v;
	const struct gathered *g;
	struct jsonw *j;
	struct buf *scratch;
};

static struct slice component_id(const struct sbom *s, size_t number)
{
	buf_clear(s->scratch);
	buf_print(s->scratch, "SPDXRef-component-%zu", number + 1);
	return buf_slice(s->scratch);
}

static void put_creation(const struct sbom *s)
{
	const struct target *t = view_target(s->v);
	struct jsonw *j = s->j;

	jsonw_key(j, "creationInfo");
	jsonw_object(j);
	buf_clear(s->scratch);
	view_stamp(t->date, s->scratch);
	jsonw_put(j, "created", buf_slice(s->scratch));
	jsonw_key(j, "creators");
	jsonw_array(j);
	buf_clear(s->scratch);
	buf_text(s->scratch, "Tool: kensa");
	if (t->kensa.len) {
		buf_byte(s->scratch, '-');
		buf_add(s->scratch, t->kensa);
	}
	jsonw_text(j, buf_slice(s->scratch));
	jsonw_array_end(j);
	jsonw_object_end(j);
}

/* What kensa does not look at, it does not assert (clauses 7.7 and 7.8). */
static void put_unknowns(struct jsonw *j)
{
	jsonw_put_text(j, "downloadLocation", "NOASSERTION");
	jsonw_key(j, "filesAnalyzed");
	jsonw_bool(j, false);
}

static void put_product(const struct sbom *s)
{
	const struct target *t = view_target(s->v);
	struct jsonw *j = s->j;

	jsonw_object(j);
	jsonw_put_text(j, "SPDXID", "SPDXRef-target");
	jsonw_put(j, "name", t->name);
	put_unknowns(j);
	jsonw_put_text(j, "primaryPackagePurpose",
		       t->kind == KIND_SOFTWARE ? "APPLICATION" : "FIRMWARE");
	if (s->g->inputs_n == 1 && s->g->inputs[0]->input.sha256.len == SHA256_HEX) {
		jsonw_key(j, "checksums");
		jsonw_array(j);
		jsonw_object(j);
		jsonw_put_text(j, "algorithm", "SHA256");
		jsonw_put(j, "checksumValue", s->g->inputs[0]->input.sha256);
		jsonw_object_end(j);
		jsonw_array_end(j);
	}
	jsonw_object_end(j);
}

static void put_reference(struct jsonw *j, const char *category, const char *type,
			  struct slice locator)
{
	jsonw_object(j);
	jsonw_put_text(j, "referenceCategory", category);
	jsonw_put_text(j, "referenceType", type);
	jsonw_put(j, "referenceLocator", locator);
	jsonw_object_end(j);
}

/* Where it was seen: files of an image are no files of the package, so they stand in a comment. */
static void put_places(const struct sbom *s, const struct component_group *g)
{
	const struct component *first = &g->facts[0]->component;

	buf_clear(s->scratch);
	buf_text(s->scratch, "kensa: ");
	buf_add(s->scratch, first->method);
	buf_print(s->scratch, ", %s", confidence_name(first->confidence));
	for (size_t i = 0; i < g->n; i++) {
		const struct component *c = &g->facts[i]->component;

		buf_byte(s->scratch, '\n');
		view_place(s->v, c->artifact, c->location, s->scratch);
	}
	jsonw_put(s->j, "comment", buf_slice(s->scratch));
}

static void put_component(const struct sbom *s, size_t number)
{
	const struct component_group *g = &s->g->components[number];
	const struct component *c = &g->facts[0]->component;
	struct jsonw *j = s->j;

	jsonw_object(j);
	jsonw_put(j, "SPDXID", component_id(s, number));
	jsonw_put(j, "name", c->name);
	if (c->version.len)
		jsonw_put(j, "versionInfo", c->version);
	if (c->supplier.len) {
		buf_clear(s->scratch);
		buf_text(s->scratch, "Organization: ");
		buf_add(s->scratch, c->supplier);
		jsonw_put(j, "supplier", buf_slice(s->scratch));
	}
	put_unknowns(j);
	if (c->purl.len || c->cpe.len) {
		jsonw_key(j, "externalRefs");
		jsonw_array(j);
		if (c->cpe.len)
			put_reference(j, "SECURITY", "cpe23Type", c->cpe);
		if (c->purl.len)
			put_reference(j, "PACKAGE-MANAGER", "purl", c->purl);
		jsonw_array_end(j);
	}
	put_places(s, g);
	jsonw_object_end(j);
}

static void put_relationship(struct jsonw *j, const char *from, const char *type, struct slice to)
{
	jsonw_object(j);
	jsonw_put_text(j, "spdxElementId", from);
	jsonw_put_text(j, "relationshipType", type);
	jsonw_put(j, "relatedSpdxElement", to);
	jsonw_object_end(j);
}

static void put_relationships(const struct sbom *s)
{
	jsonw_key(s->j, "relationships");
	jsonw_array(s->j);
	put_relationship(s->j, "SPDXRef-DOCUMENT", "DESCRIBES", slice_text("SPDXRef-target"));
	for (size_t i = 0; i < s->g->components_n; i++)
		put_relationship(s->j, "SPDXRef-target", "CONTAINS", component_id(s, i));
	jsonw_array_end(s->j);
}

static enum err put_document(const struct sbom *s)
{
	struct jsonw *j = s->j;

	jsonw_object(j);
	jsonw_put_text(j, "spdxVersion", "SPDX-2.3");
	jsonw_put_text(j, "dataLicense", "CC0-1.0");
	jsonw_put_text(j, "SPDXID", "SPDXRef-DOCUMENT");
	jsonw_put(j, "name", view_target(s->v)->name);
	buf_clear(s->scratch);

	enum err e = view_uuid(s->v, "spdx", s->scratch);

	jsonw_put(j, "documentNamespace", buf_slice(s->scratch));
	put_creation(s);
	jsonw_key(j, "packages");
	jsonw_array(j);
	put_product(s);
	for (size_t i = 0; i < s->g->components_n; i++)
		put_component(s, i);
	jsonw_array_end(j);
	put_relationships(s);
	jsonw_object_end(j);
	buf_byte(j->out, '\n');
	return e;
}

static enum err spdx_write(const struct report_view *v, struct buf *out)
{
	struct gathered g;
	struct buf scratch;
	struct jsonw j;
	enum err e = gather(v, &g);

	if (e)
		return e;
	buf_init(&scratch, LIMIT_REPORT_BYTES);
	jsonw_init(&j, out, 1);
	e = put_document(&(struct sbom){v, &g, &j, &scratch});
	if (e == OK)
		e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	gather_release(&g);
	return e;
}

const struct report report_spdx = {.name = "spdx", .file = "sbom.spdx.json", .write = spdx_write};
