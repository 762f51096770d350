// SPDX-License-Identifier: Apache-2.0
// sbom.cdx.json: the software components, CycloneDX 1.6 (ECMA-424).

#include "report/view.h"

#include "base/ban.h"

#define CYCLONEDX_SCHEMA "http://cyclonedx.org/schema/bom-1.6.schema.json"

struct sbom {
	const struct report_view *v;
	const struct gathered *g;
	struct jsonw *j;
	struct buf *scratch;
};

static void put_text(struct jsonw *j, const char *key, struct slice s)
{
	if (s.len)
		jsonw_put(j, key, s);
}

static enum err put_serial(const struct sbom *s)
{
	enum err e;

	buf_clear(s->scratch);
	e = view_uuid(s->v, "cyclonedx", s->scratch);
	jsonw_put(s->j, "serialNumber", buf_slice(s->scratch));
	return e;
}

static void put_product(const struct sbom *s)
{
	const struct target *t = view_target(s->v);
	struct jsonw *j = s->j;

	jsonw_key(j, "component");
	jsonw_object(j);
	jsonw_put_text(j, "type", t->kind == KIND_SOFTWARE ? "application" : "firmware");
	jsonw_put_text(j, "bom-ref", "target");
	jsonw_put(j, "name", t->name);
	put_text(j, "cpe", t->cpe);
	if (s->g->inputs_n == 1 && s->g->inputs[0]->input.sha256.len == SHA256_HEX) {
		jsonw_key(j, "hashes");
		jsonw_array(j);
		jsonw_object(j);
		jsonw_put_text(j, "alg", "SHA-256");
		jsonw_put(j, "content", s->g->inputs[0]->input.sha256);
		jsonw_object_end(j);
		jsonw_array_end(j);
	}
	jsonw_object_end(j);
}

static void put_metadata(const struct sbom *s)
{
	const struct target *t = view_target(s->v);
	struct jsonw *j = s->j;

	jsonw_key(j, "metadata");
	jsonw_object(j);
	if (view_is_date(t->date)) {
		buf_clear(s->scratch);
		view_stamp(t->date, s->scratch);
		jsonw_put(j, "timestamp", buf_slice(s->scratch));
	}
	jsonw_key(j, "tools");
	jsonw_object(j);
	jsonw_key(j, "components");
	jsonw_array(j);
	jsonw_object(j);
	jsonw_put_text(j, "type", "application");
	jsonw_put_text(j, "name", "kensa");
	put_text(j, "version", t->kensa);
	jsonw_object_end(j);
	jsonw_array_end(j);
	jsonw_object_end(j);
	put_product(s);
	jsonw_object_end(j);
}

static void put_property(struct jsonw *j, const char *name, struct slice value)
{
	jsonw_object(j);
	jsonw_put_text(j, "name", name);
	jsonw_put(j, "value", value);
	jsonw_object_end(j);
}

static void put_occurrences(const struct sbom *s, const struct component_group *g)
{
	struct jsonw *j = s->j;

	jsonw_key(j, "evidence");
	jsonw_object(j);
	jsonw_key(j, "occurrences");
	jsonw_array(j);
	for (size_t i = 0; i < g->n; i++) {
		const struct component *c = &g->facts[i]->component;

		buf_clear(s->scratch);
		view_place(s->v, c->artifact, c->location, s->scratch);
		jsonw_object(j);
		jsonw_put(j, "location", buf_slice(s->scratch));
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
	jsonw_object_end(j);
}

/* A sighting by its signature knows more than a package database does. */
static enum component_kind kind_of(const struct component_group *g)
{
	enum component_kind best = COMPONENT_LIBRARY;

	for (size_t i = 0; i < g->n && best == COMPONENT_LIBRARY; i++)
		best = g->facts[i]->component.kind;
	return best;
}

static void put_component(const struct sbom *s, size_t number)
{
	const struct component_group *g = &s->g->components[number];
	const struct component *c = &g->facts[0]->component;
	struct jsonw *j = s->j;

	buf_clear(s->scratch);
	buf_print(s->scratch, "component-%zu", number + 1);
	jsonw_object(j);
	jsonw_put_text(j, "type", component_kind_name(kind_of(g)));
	jsonw_put(j, "bom-ref", buf_slice(s->scratch));
	if (c->supplier.len) {
		jsonw_key(j, "supplier");
		jsonw_object(j);
		jsonw_put(j, "name", c->supplier);
		jsonw_object_end(j);
	}
	jsonw_put(j, "name", c->name);
	put_text(j, "version", c->version);
	put_text(j, "cpe", c->cpe);
	put_text(j, "purl", c->purl);
	put_occurrences(s, g);
	jsonw_key(j, "properties");
	jsonw_array(j);
	put_property(j, "kensa:method", c->method);
	put_property(j, "kensa:confidence", slice_text(confidence_name(c->confidence)));
	jsonw_array_end(j);
	jsonw_object_end(j);
}

static enum err put_bom(const struct sbom *s)
{
	struct jsonw *j = s->j;

	jsonw_object(j);
	jsonw_put_text(j, "$schema", CYCLONEDX_SCHEMA);
	jsonw_put_text(j, "bomFormat", "CycloneDX");
	jsonw_put_text(j, "specVersion", "1.6");

	enum err e = put_serial(s);

	jsonw_put_u64(j, "version", 1);
	put_metadata(s);
	jsonw_key(j, "components");
	jsonw_array(j);
	for (size_t i = 0; i < s->g->components_n; i++)
		put_component(s, i);
	jsonw_array_end(j);
	jsonw_object_end(j);
	buf_byte(j->out, '\n');
	return e;
}

static enum err cyclonedx_write(const struct report_view *v, struct buf *out)
{
	struct gathered g;
	struct buf scratch;
	struct jsonw j;
	enum err e = gather(v, &g);

	if (e)
		return e;
	buf_init(&scratch, MiB);
	jsonw_init(&j, out, 1);
	e = put_bom(&(struct sbom){v, &g, &j, &scratch});
	if (e == OK)
		e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	gather_release(&g);
	return e;
}

const struct report report_cyclonedx = {
	.name = "cyclonedx", .file = "sbom.cdx.json", .write = cyclonedx_write};
