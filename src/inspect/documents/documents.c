// SPDX-License-Identifier: Apache-2.0
// SBOM and VEX documents into facts: the table of readers, and what they share.

#include "inspect/documents/documents.h"

#include <string.h>

#include "base/ban.h"

enum { SCRATCH = 1024 * 1024 };

static const struct document *const documents[] = {
#define X(name) &document_##name,
#include "inspect/documents/documents.def"
#undef X
};

/* The first of them one by one; the others are counted at the end. */
static void skip(struct paper *p, struct slice what, enum err why, const char *detail)
{
	if (p->skips++ < LIMIT_DOCUMENT_SKIPS)
		scene_skip(p->scene, "documents", p->object->artifact, what, why, detail);
}

struct slice first_of(struct slice a, struct slice b)
{
	return a.len ? a : b;
}

struct slice day_of(struct slice stamp)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof form - 1; i++) {
		char c = (char)slice_at(stamp, i);

		if (form[i] == '-' ? c != '-' : !text_is_digit(c))
			return (struct slice){0};
	}
	return slice_head(stamp, sizeof form - 1);
}

/* --- references --- */

enum err references_add(struct references *r, struct arena *a, struct slice id,
			struct slice product)
{
	if (r->n == LIMIT_DOCUMENT_REFERENCES)
		return E_LIMIT;
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 64;
		struct reference *items = arena_array(a, cap, sizeof *items);

		if (!items)
			return E_NOMEM;
		if (r->n)
			memcpy(items, r->items, r->n * sizeof *items);
		r->items = items;
		r->cap = cap;
	}
	r->items[r->n++] = (struct reference){.id = id, .product = product};
	r->is_sorted = false;
	return OK;
}

/* The same name twice: the smaller product, so that the order of sorting does not matter. */
static int by_id(const void *a, const void *b, const void *context)
{
	const struct reference *x = a, *y = b;
	int d = slice_cmp(x->id, y->id);

	(void)context;
	return d ? d : slice_cmp(x->product, y->product);
}

size_t references_first(struct references *r, struct slice id)
{
	size_t lo = 0, hi = r->n;

	if (!r->is_sorted && r->n)
		sort_items(r->items, r->n, sizeof *r->items, by_id, NULL);
	r->is_sorted = true;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (slice_cmp(r->items[mid].id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->n && slice_eq(r->items[lo].id, id) ? lo : r->n;
}

struct slice references_find(struct references *r, struct slice id)
{
	size_t at = references_first(r, id);

	return at < r->n ? r->items[at].product : (struct slice){0};
}

struct slice paper_product(struct paper *p, const struct component *c)
{
	struct slice product = {0};
	struct buf b;

	buf_init(&b, 4 * LIMIT_TEXT_BYTES);
	product_of(c, &b);
	if (b.err || arena_copy(p->arena, buf_slice(&b), &product) != OK)
		product = (struct slice){0};
	buf_release(&b);
	return product;
}

/* --- components --- */

/* A name that cannot be read is left out, and said. */
static void check_names(struct paper *p, struct component *c, struct arena *a, struct buf *cpe)
{
	struct purl purl = {0};
	struct cpe parts = {0};
	struct fault why = {0};

	if (c->purl.len) {
		if (purl_read(c->purl, a, &purl, &why) == OK)
			c->version = first_of(c->version, purl.version);
		else
			skip(p, c->location, why.code, why.msg);
	}
	if (purl.name.len == 0)
		c->purl = (struct slice){0};
	if (c->cpe.len) {
		if (cpe_read(c->cpe, a, &parts, &why) == OK)
			cpe_write(cpe, &parts);
		else
			skip(p, c->location, why.code, why.msg);
	}
	c->cpe = buf_slice(cpe);
}

static void emit_component(struct paper *p, struct component c)
{
	struct arena a;
	struct buf cpe;

	arena_init(&a, SCRATCH);
	buf_init(&cpe, 4 * LIMIT_TEXT_BYTES);
	if (c.purl.len > LIMIT_TEXT_BYTES || c.cpe.len > LIMIT_TEXT_BYTES ||
	    c.name.len > LIMIT_TEXT_BYTES) {
		skip(p, c.location, E_LIMIT, "a name longer than the limit");
	} else {
		check_names(p, &c, &a, &cpe);
		if (c.version.len > LIMIT_VERSION_BYTES) {
			/* cut short it would be another version */
			skip(p, c.location, E_LIMIT, "a version longer than the limit");
			c.version = (struct slice){0};
		}
		p->components++;
		scene_component(p->scene, &c);
	}
	buf_release(&cpe);
	arena_release(&a);
}

void paper_component(struct paper *p, const struct component *c)
{
	struct component one = *c;

	p->components_total++;
	if (p->components_total > LIMIT_SBOM_COMPONENTS)
		return;
	one.artifact = p->object->artifact;
	one.method = slice_text("sbom");
	one.confidence = LIKELY;
	one.name = text_trim(one.name);
	one.version = text_trim(one.version);
	if (one.name.len == 0)
		skip(p, one.location, E_CORRUPT, "a component without a name");
	else
		emit_component(p, one);
}

/* --- decisions --- */

void paper_decision(struct paper *p, const struct decision *d)
{
	struct decision one = *d;

	p->decisions_total++;
	if (!p->takes_decisions || p->decisions_total > LIMIT_DOCUMENT_DECISIONS)
		return;
	if (one.id.len == 0 || one.id.len > LIMIT_TEXT_BYTES ||
	    one.product.len > LIMIT_TEXT_BYTES) {
		skip(p, one.product, E_CORRUPT, "a statement without a name, or with one too long");
		return;
	}
	one.author = first_of(one.author, p->author);
	one.date = first_of(one.date, p->date);
	one.source = p->object->path;
	p->decisions++;
	scene_decision(p->scene, &one);
}

void paper_unknown_status(struct paper *p, struct slice id, struct slice status)
{
	struct buf b;

	p->decisions_total++;
	buf_init(&b, 512);
	buf_text(&b, "no such status: ");
	buf_add(&b, slice_head(status, 64));
	buf_byte(&b, 0);
	skip(p, id, E_CORRUPT, b.err ? "no such status" : (const char *)b.data);
	buf_release(&b);
}

/* --- the inspector --- */

static void conclude(struct paper *p, enum err e, const struct fault *why)
{
	struct scene *s = p->scene;

	if (p->skips > LIMIT_DOCUMENT_SKIPS)
		scene_skip(s, "documents", p->object->artifact, p->object->path, E_CORRUPT,
			   "more bad entries of this kind");
	if (p->components_total > LIMIT_SBOM_COMPONENTS ||
	    p->decisions_total > LIMIT_DOCUMENT_DECISIONS)
		scene_skip(s, "documents", p->object->artifact, p->object->path, E_LIMIT,
			   "more entries than the limit");
	if (e)
		scene_skip(s, "documents", p->object->artifact, p->object->path, e, why->msg);
	scene_coverage(s, "documents", e == OK, 1);
	if (p->is_sbom)
		scene_coverage(s, "sbom-components", p->components,
			       p->components_total + (e != OK));
	if (p->is_vex && p->takes_decisions)
		scene_coverage(s, "vex-statements", p->decisions, p->decisions_total + (e != OK));
}

static void documents_object(struct scene *s, const struct object *o)
{
	struct paper p = {.scene = s, .object = o, .arena = s->scratch};
	struct fault why = {0};
	enum method before = s->method;

	p.takes_decisions = o->entry == NULL;
	for (size_t i = 0; o->format && i < ARRAY_LEN(documents); i++) {
		if (strcmp(o->format->name, documents[i]->format) != 0)
			continue;
		s->method = METHOD_KNOWN;
		conclude(&p, documents[i]->read(&p, o->data, &why), &why);
		s->method = before;
	}
}

const struct inspector inspector_documents = {
	.name = "documents", .object = documents_object, .wants_documents = true};
