// SPDX-License-Identifier: Apache-2.0
// Decisions and matches as OpenVEX 0.2.0.

#include "report/vex_lines.h"

#include "base/ban.h"

struct document {
	const struct report_view *v;
	const struct vex_lines *l;
	struct jsonw *j;
	struct arena *arena;
	struct buf *scratch;
};

/* A product is named by an IRI: its package URL, its CPE, or a generic package URL. */
static void put_product(const struct document *d, struct slice product)
{
	struct vex_product p = vex_product_of(d->v, product, d->arena);
	struct jsonw *j = d->j;

	buf_clear(d->scratch);
	if (p.purl.len || p.cpe.len)
		buf_add(d->scratch, product);
	else
		purl_write(d->scratch, &(struct purl){.type = slice_text("generic"),
						      .name = p.name,
						      .version = p.version});
	jsonw_object(j);
	jsonw_put(j, "@id", buf_slice(d->scratch));
	jsonw_key(j, "identifiers");
	jsonw_object(j);
	jsonw_put(j, p.cpe.len ? "cpe23" : "purl", buf_slice(d->scratch));
	jsonw_object_end(j);
	jsonw_object_end(j);
}

/* Each status has its own key for the words; two of them must not be without (OpenVEX, "Status
 * Labels"). */
static void put_words(const struct document *d, const struct vex_line *l)
{
	static const char *const keys[] = {
		[VEX_NOT_AFFECTED] = "impact_statement",
		[VEX_AFFECTED] = "action_statement",
		[VEX_FIXED] = "status_notes",
		[VEX_INVESTIGATING] = "status_notes",
	};
	_Static_assert(ARRAY_LEN(keys) == VEX_STATUS_N, "a key each");
	bool is_bare = l->statement.len == 0;

	if (l->status == VEX_NOT_AFFECTED && l->justification.len)
		jsonw_put(d->j, "justification", l->justification);
	if (!is_bare)
		jsonw_put(d->j, keys[l->status], l->statement);
	else if (l->status == VEX_AFFECTED ||
		 (l->status == VEX_NOT_AFFECTED && l->justification.len == 0))
		jsonw_put_text(d->j, keys[l->status], words_of(PH_VEX_NO_WORDS).in[d->v->lang]);
}

static void put_statement(const struct document *d, const struct vex_line *l)
{
	struct jsonw *j = d->j;

	jsonw_object(j);
	jsonw_key(j, "vulnerability");
	jsonw_object(j);
	jsonw_put(j, "name", l->id);
	jsonw_object_end(j);
	buf_clear(d->scratch);
	vex_stamp(d->v, l, d->scratch);
	jsonw_put(j, "timestamp", buf_slice(d->scratch));
	jsonw_key(j, "products");
	jsonw_array(j);
	put_product(d, l->product);
	jsonw_array_end(j);
	jsonw_put_text(j, "status", vex_status_name(l->status));
	put_words(d, l);
	jsonw_object_end(j);
}

static enum err put_document(const struct document *d)
{
	const struct target *t = view_target(d->v);
	struct jsonw *j = d->j;

	jsonw_object(j);
	jsonw_put_text(j, "@context", "https://openvex.dev/ns/v0.2.0");
	buf_clear(d->scratch);

	enum err e = vex_document_id(d->v, "openvex", d->scratch);

	jsonw_put(j, "@id", buf_slice(d->scratch));
	jsonw_put(j, "author", vex_author(d->v));
	buf_clear(d->scratch);
	vex_stamp(d->v, NULL, d->scratch);
	jsonw_put(j, "timestamp", buf_slice(d->scratch));
	jsonw_put_u64(j, "version", 1);
	buf_clear(d->scratch);
	buf_text(d->scratch, "kensa ");
	buf_add(d->scratch, t->kensa);
	jsonw_put(j, "tooling", buf_slice(d->scratch));
	jsonw_key(j, "statements");
	jsonw_array(j);
	for (size_t i = 0; i < d->l->n; i++)
		put_statement(d, &d->l->lines[i]);
	jsonw_array_end(j);
	jsonw_object_end(j);
	buf_byte(j->out, '\n');
	return e;
}

static enum err openvex_write(const struct report_view *v, struct buf *out)
{
	struct vex_lines l;
	struct buf scratch;
	struct jsonw j;
	enum err e = vex_lines_gather(v, &l);

	if (e)
		return e;
	buf_init(&scratch, MiB);
	jsonw_init(&j, out, 1);
	e = put_document(&(struct document){v, &l, &j, &l.arena, &scratch});
	if (e == OK)
		e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	vex_lines_release(&l);
	return e;
}

const struct report report_vex_openvex = {.name = "vex-openvex", .write = openvex_write};
