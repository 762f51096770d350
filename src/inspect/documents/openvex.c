// SPDX-License-Identifier: Apache-2.0
// OpenVEX 0.2.0 (and the plain texts of 0.0.1): statements into decisions.

#include "inspect/documents/documents.h"

#include "base/ban.h"

struct vex {
	struct paper *paper;
};

/* A statement on its way: where its lists lie, read once all of it is known. */
struct statement {
	struct decision d;
	struct slice impact, action, notes, stamp, updated, action_stamp;
	size_t products;
};

static bool status_read(struct slice word, enum vex_status *out)
{
	for (unsigned s = 0; s < VEX_STATUS_N; s++)
		if (slice_is(word, vex_status_name((enum vex_status)s))) {
			*out = (enum vex_status)s;
			return true;
		}
	return false;
}

/* The name CVE where there is one, whatever else it is called. */
static void prefer_cve(struct slice *name, struct slice other)
{
	if (name->len == 0 || (slice_starts(other, "CVE-") && !slice_starts(*name, "CVE-")))
		*name = other;
}

static struct slice read_vulnerability(struct jsonr *j)
{
	enum { NAME, ALIASES, ID, N };
	static const char *const names[N] = {"name", "aliases", "@id"};
	struct slice name = {0}, id = {0};
	uint64_t seen = 0;
	unsigned f;

	if (jsonr_kind(j) == JSON_KIND_TEXT)
		return jsonr_text(j);
	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return name;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == NAME)
			prefer_cve(&name, jsonr_text(j));
		else if (f == ID)
			id = jsonr_text(j);
		else if (jsonr_enter(j, JSON_KIND_ARRAY))
			while (jsonr_item(j))
				prefer_cve(&name, jsonr_text(j));
	}
	return first_of(name, id);
}

static struct slice read_identifiers(struct jsonr *j)
{
	enum { PURL, CPE23, CPE22, N };
	static const char *const names[N] = {"purl", "cpe23", "cpe22"};
	struct slice is[N] = {{0}};
	uint64_t seen = 0;
	unsigned f;

	if (jsonr_enter(j, JSON_KIND_OBJECT))
		while ((f = jsonr_field(j, names, N, &seen)) < N)
			is[f] = jsonr_text(j);
	return first_of(is[PURL], first_of(is[CPE23], is[CPE22]));
}

static void read_products(struct vex *v, struct jsonr *j, const struct decision *d);

/* A product, or the parts of it that the statement is narrowed to. */
static void read_product(struct vex *v, struct jsonr *j, const struct decision *d)
{
	enum { ID, IDENTIFIERS, PARTS, N };
	static const char *const names[N] = {"@id", "identifiers", "subcomponents"};
	struct decision one = *d;
	struct slice known = {0};
	uint64_t seen = 0, before = v->paper->decisions_total;
	unsigned f;

	if (jsonr_kind(j) == JSON_KIND_TEXT) {
		one.product = jsonr_text(j);
	} else if (jsonr_enter(j, JSON_KIND_OBJECT)) {
		while ((f = jsonr_field(j, names, N, &seen)) < N) {
			if (f == ID)
				one.product = jsonr_text(j);
			else if (f == IDENTIFIERS)
				known = read_identifiers(j);
			else
				read_products(v, j, d);
		}
	}
	one.product = first_of(known, one.product);
	if (!j->err && v->paper->decisions_total == before)
		paper_decision(v->paper, &one);
}

static void read_products(struct vex *v, struct jsonr *j, const struct decision *d)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			read_product(v, j, d);
}

/* What the statement says in words, and when, by its status. */
static void complete(struct statement *s)
{
	bool is_affected = s->d.status == VEX_AFFECTED;

	s->d.statement = is_affected ? first_of(s->action, first_of(s->notes, s->impact))
				     : first_of(s->impact, first_of(s->notes, s->action));
	s->d.date = first_of(day_of(s->updated), day_of(s->stamp));
	if (is_affected)
		s->d.date = first_of(day_of(s->action_stamp), s->d.date);
	if (s->d.status != VEX_NOT_AFFECTED)
		s->d.justification = (struct slice){0};
}

static void tell(struct vex *v, struct jsonr *j, struct statement *s)
{
	struct jsonr products;
	uint64_t before = v->paper->decisions_total;

	complete(s);
	if (s->products) {
		jsonr_init_at(&products, j->in, s->products, j->arena);
		read_products(v, &products, &s->d);
		if (products.err) {
			j->pos = products.at;
			jsonr_fail(j, products.err, products.words);
		}
	}
	if (!j->err && v->paper->decisions_total == before)
		paper_decision(v->paper, &s->d);
}

static void read_statement(struct vex *v, struct jsonr *j)
{
	enum {
		VULNERABILITY,
		PRODUCTS,
		STATUS,
		JUSTIFICATION,
		IMPACT,
		ACTION,
		ACTION_STAMP,
		NOTES,
		STAMP,
		UPDATED,
		N
	};
	static const char *const names[N] = {"vulnerability",
					     "products",
					     "status",
					     "justification",
					     "impact_statement",
					     "action_statement",
					     "action_statement_timestamp",
					     "status_notes",
					     "timestamp",
					     "last_updated"};
	struct statement s = {.products = 0};
	struct slice status = {0};
	struct slice *const texts[N] = {
		[STATUS] = &status,
		[JUSTIFICATION] = &s.d.justification,
		[IMPACT] = &s.impact,
		[ACTION] = &s.action,
		[ACTION_STAMP] = &s.action_stamp,
		[NOTES] = &s.notes,
		[STAMP] = &s.stamp,
		[UPDATED] = &s.updated,
	};
	uint64_t seen = 0;
	unsigned f;

	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == VULNERABILITY)
			s.d.id = read_vulnerability(j);
		else if (f == PRODUCTS)
			s.products = jsonr_skip(j);
		else
			*texts[f] = jsonr_text(j);
	}
	if (j->err)
		return;
	if (status_read(status, &s.d.status))
		tell(v, j, &s);
	else
		paper_unknown_status(v->paper, s.d.id, status);
}

static void read_statements(struct vex *v, struct jsonr *j)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			if (jsonr_enter(j, JSON_KIND_OBJECT))
				read_statement(v, j);
}

static enum err openvex_read(struct paper *p, struct slice in, struct fault *why)
{
	enum { AUTHOR, STAMP, UPDATED, STATEMENTS, N };
	static const char *const names[N] = {"author", "timestamp", "last_updated", "statements"};
	struct slice is[N] = {{0}};
	struct vex v = {.paper = p};
	size_t statements = 0;
	uint64_t seen = 0;
	unsigned f;
	struct jsonr j;

	jsonr_init(&j, in, p->arena);
	if (jsonr_enter(&j, JSON_KIND_OBJECT))
		while ((f = jsonr_field(&j, names, N, &seen)) < N) {
			if (f == STATEMENTS)
				statements = jsonr_skip(&j);
			else
				is[f] = jsonr_text(&j);
		}
	if (jsonr_end(&j) != OK)
		return jsonr_fault(&j, why);
	p->is_vex = true;
	p->author = is[AUTHOR];
	p->date = first_of(day_of(is[UPDATED]), day_of(is[STAMP]));
	if (statements) {
		jsonr_init_at(&j, in, statements, p->arena);
		read_statements(&v, &j);
	}
	return j.err ? jsonr_fault(&j, why) : OK;
}

const struct document document_openvex = {.format = "openvex", .read = openvex_read};
