// SPDX-License-Identifier: Apache-2.0
// Decisions and matches as CycloneDX 1.6 VEX: vulnerabilities with the maker's analysis.

#include "report/vex_lines.h"

#include "base/ban.h"

struct document {
	const struct report_view *v;
	struct vex_lines *l;
	struct jsonw *j;
	struct buf *scratch;
};

static struct slice ref_of(const struct document *d, size_t product_no)
{
	buf_clear(d->scratch);
	buf_print(d->scratch, "product-%zu", product_no + 1);
	return buf_slice(d->scratch);
}

static void put_named(struct jsonw *j, const char *type, struct slice name)
{
	jsonw_object(j);
	if (type)
		jsonw_put_text(j, "type", type);
	jsonw_put(j, "name", name);
	jsonw_object_end(j);
}

static void put_metadata(const struct document *d)
{
	struct jsonw *j = d->j;

	jsonw_key(j, "metadata");
	jsonw_object(j);
	buf_clear(d->scratch);
	vex_stamp(d->v, NULL, d->scratch);
	jsonw_put(j, "timestamp", buf_slice(d->scratch));
	jsonw_key(j, "tools");
	jsonw_object(j);
	jsonw_key(j, "components");
	jsonw_array(j);
	put_named(j, "application", slice_text("kensa"));
	jsonw_array_end(j);
	jsonw_object_end(j);
	jsonw_key(j, "authors");
	jsonw_array(j);
	put_named(j, NULL, vex_author(d->v));
	jsonw_array_end(j);
	jsonw_object_end(j);
}

static void put_product(const struct document *d, size_t number)
{
	struct vex_product p = vex_product_of(d->v, d->l->products[number], &d->l->arena);
	struct jsonw *j = d->j;

	jsonw_object(j);
	jsonw_put_text(j, "type", d->l->products[number].len ? "library" : "firmware");
	jsonw_put(j, "bom-ref", ref_of(d, number));
	jsonw_put(j, "name", p.name);
	if (p.version.len)
		jsonw_put(j, "version", p.version);
	if (p.cpe.len)
		jsonw_put(j, "cpe", p.cpe);
	if (p.purl.len)
		jsonw_put(j, "purl", p.purl);
	jsonw_object_end(j);
}

static void put_analysis(const struct document *d, const struct vex_line *l)
{
	struct jsonw *j = d->j;

	jsonw_key(j, "analysis");
	jsonw_object(j);
	jsonw_put_text(j, "state", vex_state_name(l->status));
	if (vex_is_justification(l->justification))
		jsonw_put_text(j, "justification", vex_justification_name(l->justification));
	if (l->statement.len)
		jsonw_put(j, "detail", l->statement);
	buf_clear(d->scratch);
	vex_stamp(d->v, l, d->scratch);
	jsonw_put(j, "lastUpdated", buf_slice(d->scratch));
	jsonw_object_end(j);
}

static void put_vulnerability(const struct document *d, const struct vex_line *l)
{
	struct jsonw *j = d->j;

	jsonw_object(j);
	jsonw_put(j, "id", l->id);
	put_analysis(d, l);
	jsonw_key(j, "affects");
	jsonw_array(j);
	jsonw_object(j);
	jsonw_put(j, "ref", ref_of(d, l->product_no));
	jsonw_object_end(j);
	jsonw_array_end(j);
	/* the word of OpenVEX, which says more than CycloneDX's */
	if (vex_is_justification(l->justification)) {
		jsonw_key(j, "properties");
		jsonw_array(j);
		jsonw_object(j);
		jsonw_put_text(j, "name", "kensa:justification");
		jsonw_put(j, "value", l->justification);
		jsonw_object_end(j);
		jsonw_array_end(j);
	}
	jsonw_object_end(j);
}

static enum err put_document(const struct document *d)
{
	struct jsonw *j = d->j;

	jsonw_object(j);
	jsonw_put_text(j, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
	jsonw_put_text(j, "bomFormat", "CycloneDX");
	jsonw_put_text(j, "specVersion", "1.6");
	buf_clear(d->scratch);

	enum err e = view_uuid(d->v, "cyclonedx-vex", d->scratch);

	jsonw_put(j, "serialNumber", buf_slice(d->scratch));
	jsonw_put_u64(j, "version", 1);
	put_metadata(d);
	jsonw_key(j, "components");
	jsonw_array(j);
	for (size_t i = 0; i < d->l->products_n; i++)
		put_product(d, i);
	jsonw_array_end(j);
	jsonw_key(j, "vulnerabilities");
	jsonw_array(j);
	for (size_t i = 0; i < d->l->n; i++)
		put_vulnerability(d, &d->l->lines[i]);
	jsonw_array_end(j);
	jsonw_object_end(j);
	buf_byte(j->out, '\n');
	return e;
}

static enum err cyclonedx_vex_write(const struct report_view *v, struct buf *out)
{
	struct vex_lines l;
	struct buf scratch;
	struct jsonw j;
	enum err e = vex_lines_gather(v, &l);

	if (e)
		return e;
	buf_init(&scratch, MiB);
	jsonw_init(&j, out, 1);
	e = put_document(&(struct document){v, &l, &j, &scratch});
	if (e == OK)
		e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	vex_lines_release(&l);
	return e;
}

const struct report report_vex_cyclonedx = {.name = "vex-cyclonedx", .write = cyclonedx_vex_write};
