// SPDX-License-Identifier: Apache-2.0
// Decisions and matches as CSAF 2.0, profile VEX (4.5).

#include "report/vex_lines.h"

#include "base/ban.h"

struct document {
	const struct report_view *v;
	struct vex_lines *l;
	struct jsonw *j;
	struct buf *scratch;
};

static void put_stamp(const struct document *d, const char *key, const struct vex_line *l)
{
	buf_clear(d->scratch);
	vex_stamp(d->v, l, d->scratch);
	jsonw_put(d->j, key, buf_slice(d->scratch));
}

static void put_phrase(const struct document *d, const char *key, struct words text)
{
	jsonw_put_text(d->j, key, text.in[d->v->lang]);
}

static enum err put_tracking(const struct document *d)
{
	struct jsonw *j = d->j;

	jsonw_key(j, "tracking");
	jsonw_object(j);
	put_stamp(d, "current_release_date", NULL);
	put_stamp(d, "initial_release_date", NULL);
	buf_clear(d->scratch);

	enum err e = view_uuid(d->v, "csaf", d->scratch);

	/* behind "urn:uuid:" */
	jsonw_put(j, "id", slice_from(buf_slice(d->scratch), 9));
	jsonw_key(j, "revision_history");
	jsonw_array(j);
	jsonw_object(j);
	put_stamp(d, "date", NULL);
	jsonw_put_text(j, "number", "1");
	put_phrase(d, "summary", words_of(PH_VEX_FIRST));
	jsonw_object_end(j);
	jsonw_array_end(j);
	jsonw_put_text(j, "status", "final");
	jsonw_put_text(j, "version", "1");
	jsonw_object_end(j);
	return e;
}

static enum err put_head(const struct document *d)
{
	struct jsonw *j = d->j;

	jsonw_key(j, "document");
	jsonw_object(j);
	jsonw_put_text(j, "category", "csaf_vex");
	jsonw_put_text(j, "csaf_version", "2.0");
	jsonw_key(j, "publisher");
	jsonw_object(j);
	jsonw_put_text(j, "category", "other");
	jsonw_put(j, "name", vex_author(d->v));
	/* kensa vex asks for it; an address of nobody (RFC 2606) stands where it was not given */
	jsonw_put(j, "namespace",
		  d->v->space.len ? d->v->space : slice_text("https://kensa.invalid/"));
	jsonw_object_end(j);
	buf_clear(d->scratch);
	view_fill(d->scratch, words_of(PH_VEX_TITLE).in[d->v->lang], "{name}",
		  view_target(d->v)->name);
	jsonw_put(j, "title", buf_slice(d->scratch));

	enum err e = put_tracking(d);

	jsonw_object_end(j);
	return e;
}

static struct slice id_of(const struct document *d, size_t product_no)
{
	buf_clear(d->scratch);
	buf_print(d->scratch, "CSAFPID-%04zu", product_no + 1);
	return buf_slice(d->scratch);
}

static void put_products(const struct document *d)
{
	struct jsonw *j = d->j;

	jsonw_key(j, "product_tree");
	jsonw_object(j);
	jsonw_key(j, "full_product_names");
	jsonw_array(j);
	for (size_t i = 0; i < d->l->products_n; i++) {
		struct slice product = d->l->products[i];
		struct vex_product p = vex_product_of(d->v, product, &d->l->arena);

		jsonw_object(j);
		jsonw_put(j, "product_id", id_of(d, i));
		jsonw_put(j, "name", product.len ? product : p.name);
		if (p.purl.len || p.cpe.len) {
			jsonw_key(j, "product_identification_helper");
			jsonw_object(j);
			jsonw_put(j, p.purl.len ? "purl" : "cpe", product);
			jsonw_object_end(j);
		}
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
	jsonw_object_end(j);
}

static void put_ids(const struct document *d, const struct vex_line *l)
{
	jsonw_key(d->j, "product_ids");
	jsonw_array(d->j);
	jsonw_text(d->j, id_of(d, l->product_no));
	jsonw_array_end(d->j);
}

static void put_flag(const struct document *d, const struct vex_line *l)
{
	jsonw_object(d->j);
	put_stamp(d, "date", l);
	jsonw_put(d->j, "label", l->justification);
	put_ids(d, l);
	jsonw_object_end(d->j);
}

static void put_threat(const struct document *d, const struct vex_line *l)
{
	jsonw_object(d->j);
	jsonw_put_text(d->j, "category", "impact");
	put_stamp(d, "date", l);
	if (l->statement.len)
		jsonw_put(d->j, "details", l->statement);
	else
		put_phrase(d, "details", words_of(PH_VEX_NO_WORDS));
	put_ids(d, l);
	jsonw_object_end(d->j);
}

static void put_remedy(const struct document *d, const struct vex_line *l)
{
	bool is_fix = l->status == VEX_FIXED || l->fixed_in.len;

	jsonw_object(d->j);
	jsonw_put_text(d->j, "category", is_fix ? "vendor_fix" : "mitigation");
	put_stamp(d, "date", l);
	if (l->statement.len)
		jsonw_put(d->j, "details", l->statement);
	else
		put_phrase(d, "details", words_of(PH_VEX_NO_WORDS));
	put_ids(d, l);
	jsonw_object_end(d->j);
}

static bool wants_flag(const struct vex_line *l)
{
	return l->status == VEX_NOT_AFFECTED && vex_is_justification(l->justification);
}

/* The profile asks for a reason, 4.5: a flag or the impact in words. */
static bool wants_threat(const struct vex_line *l)
{
	return l->status == VEX_NOT_AFFECTED && (l->statement.len || !wants_flag(l));
}

/* … and for what to do about what is affected. */
static bool wants_remedy(const struct vex_line *l)
{
	return l->status == VEX_AFFECTED || (l->status == VEX_FIXED && l->statement.len);
}

/* A list over the lines [from, to) of one vulnerability; empty lists are left out. */
static void put_list(const struct document *d, const struct vex_line *from, size_t n,
		     const char *key, bool (*wants)(const struct vex_line *l),
		     void (*put)(const struct document *d, const struct vex_line *l))
{
	bool is_open = false;

	for (size_t i = 0; i < n; i++) {
		if (!wants(&from[i]))
			continue;
		if (!is_open) {
			jsonw_key(d->j, key);
			jsonw_array(d->j);
		}
		is_open = true;
		put(d, &from[i]);
	}
	if (is_open)
		jsonw_array_end(d->j);
}

static void put_status(const struct document *d, const struct vex_line *from, size_t n)
{
	static const char *const keys[] = {
		[VEX_NOT_AFFECTED] = "known_not_affected",
		[VEX_AFFECTED] = "known_affected",
		[VEX_FIXED] = "fixed",
		[VEX_INVESTIGATING] = "under_investigation",
	};
	_Static_assert(ARRAY_LEN(keys) == VEX_STATUS_N, "a key each");
	struct jsonw *j = d->j;

	jsonw_key(j, "product_status");
	jsonw_object(j);
	for (unsigned s = 0; s < VEX_STATUS_N; s++) {
		bool is_open = false;

		for (size_t i = 0; i < n; i++) {
			if (from[i].status != (enum vex_status)s)
				continue;
			if (!is_open) {
				jsonw_key(j, keys[s]);
				jsonw_array(j);
			}
			is_open = true;
			jsonw_text(j, id_of(d, from[i].product_no));
		}
		if (is_open)
			jsonw_array_end(j);
	}
	jsonw_object_end(j);
}

/* CVE-YYYY-NNNN…, at least four digits. */
static bool is_cve(struct slice id)
{
	if (!slice_starts(id, "CVE-") || slice_at(id, 8) != '-' || id.len < 13)
		return false;
	for (size_t i = 4; i < id.len; i++)
		if (i != 8 && !text_is_digit((char)id.ptr[i]))
			return false;
	return true;
}

static void put_name(struct jsonw *j, struct slice id)
{
	if (is_cve(id)) {
		jsonw_put(j, "cve", id);
		return;
	}
	jsonw_key(j, "ids");
	jsonw_array(j);
	jsonw_object(j);
	jsonw_put_text(j, "system_name", "id");
	jsonw_put(j, "text", id);
	jsonw_object_end(j);
	jsonw_array_end(j);
}

static void put_vulnerability(const struct document *d, const struct vex_line *from, size_t n)
{
	struct jsonw *j = d->j;

	jsonw_object(j);
	put_name(j, from->id);
	put_list(d, from, n, "flags", wants_flag, put_flag);
	jsonw_key(j, "notes");
	jsonw_array(j);
	jsonw_object(j);
	jsonw_put_text(j, "category", "summary");
	buf_clear(d->scratch);
	view_fill(d->scratch, words_of(PH_VEX_ABOUT).in[d->v->lang], "{id}", from->id);
	jsonw_put(j, "text", buf_slice(d->scratch));
	jsonw_object_end(j);
	jsonw_array_end(j);
	put_status(d, from, n);
	put_list(d, from, n, "remediations", wants_remedy, put_remedy);
	put_list(d, from, n, "threats", wants_threat, put_threat);
	jsonw_object_end(j);
}

static enum err put_document(const struct document *d)
{
	const struct vex_lines *l = d->l;
	struct jsonw *j = d->j;

	jsonw_object(j);

	enum err e = put_head(d);

	put_products(d);
	jsonw_key(j, "vulnerabilities");
	jsonw_array(j);
	for (size_t i = 0, n = 0; i < l->n; i += n) {
		for (n = 1; i + n < l->n && slice_eq(l->lines[i].id, l->lines[i + n].id);)
			n++;
		put_vulnerability(d, &l->lines[i], n);
	}
	jsonw_array_end(j);
	jsonw_object_end(j);
	buf_byte(j->out, '\n');
	return e;
}

static enum err csaf_write(const struct report_view *v, struct buf *out)
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

const struct report report_vex_csaf = {.name = "vex-csaf", .write = csaf_write};
