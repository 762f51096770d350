// SPDX-License-Identifier: Apache-2.0
// Lines of a VEX document, out of decisions and matches.

#include "report/vex_lines.h"

#include "base/ban.h"

/* A decision against a match costs reading both names: more than this is no real record. */
enum { COMPARES_MAX = 2000000 };

/* --- look-ups --- */

struct fact_index {
	const struct fact **facts;
	size_t n;
};

static int by_component(const void *a, const void *b, const void *context)
{
	const struct fact *const *x = a, *const *y = b;
	int d = slice_cmp((*x)->component.name, (*y)->component.name);

	(void)context;
	if (d == 0)
		d = slice_cmp((*x)->component.version, (*y)->component.version);
	/* facts of a record lie in one array */
	return d ? d : (*x > *y) - (*x < *y);
}

static int by_decision(const void *a, const void *b, const void *context)
{
	const struct fact *const *x = a, *const *y = b;
	int d = slice_cmp((*x)->decision.id, (*y)->decision.id);

	(void)context;
	return d ? d : (*x > *y) - (*x < *y);
}

static enum err index_of(const struct record *r, enum fact_kind kind, struct arena *a,
			 sort_order *order, struct fact_index *out)
{
	const struct fact *f;
	struct fact_index i = {.n = 0};
	size_t at = 0;

	i.facts = arena_array(a, r->n + 1, sizeof(struct fact *));
	if (!i.facts)
		return E_NOMEM;
	while ((f = record_next(r, kind, &at)))
		i.facts[i.n++] = f;
	sort_items(i.facts, i.n, sizeof(struct fact *), order, NULL);
	*out = i;
	return OK;
}

/* The component a match speaks of: its first sighting. */
static struct component component_of(const struct fact_index *i, const struct target *t,
				     const struct vulnerability *v)
{
	struct fact want = {.kind = FACT_COMPONENT,
			    .component = {.name = v->component, .version = v->version}};
	const struct component *c = NULL;
	size_t lo = 0, hi = i->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct component *m = &i->facts[mid]->component;
		int d = slice_cmp(m->name, want.component.name);

		if (d == 0)
			d = slice_cmp(m->version, want.component.version);
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	c = lo < i->n ? &i->facts[lo]->component : NULL;
	if (c && slice_eq(c->name, v->component) && slice_eq(c->version, v->version))
		return *c;
	/* The product itself, known by the name that was given for it. */
	if (slice_eq(v->component, t->name))
		want.component.cpe = t->cpe;
	return want.component;
}

/* --- lines --- */

struct gathering {
	const struct report_view *v;
	struct vex_lines *out;
	struct fact_index components, decisions;
	size_t compares;
};

static void add_line(struct gathering *g, struct vex_line l)
{
	l.order = g->out->n;
	g->out->lines[g->out->n++] = l;
}

static bool is_decided(struct gathering *g, const struct vulnerability *v,
		       const struct component *c)
{
	const struct fact_index *d = &g->decisions;
	size_t lo = 0, hi = d->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (slice_cmp(d->facts[mid]->decision.id, v->id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < d->n && slice_eq(d->facts[lo]->decision.id, v->id); lo++) {
		struct slice product = d->facts[lo]->decision.product;

		if (++g->compares > COMPARES_MAX)
			return false;
		if (product_covers(product, c) || product_is_target(product, view_target(g->v)))
			return true;
	}
	return false;
}

static void decided(struct gathering *g)
{
	const struct fact *f;
	size_t at = 0;

	while ((f = record_next(g->v->record, FACT_DECISION, &at)))
		add_line(g, (struct vex_line){.id = f->decision.id,
					      .product = f->decision.product,
					      .status = f->decision.status,
					      .justification = f->decision.justification,
					      .statement = f->decision.statement,
					      .date = f->decision.date});
}

static struct slice action_for(struct gathering *g, const struct vulnerability *v)
{
	struct slice text = {0};
	struct buf b;

	buf_init(&b, 4 * LIMIT_TEXT_BYTES);
	if (v->fixed_in.len)
		view_fill(&b, words_of(PH_VEX_UPDATE).in[g->v->lang], "{version}", v->fixed_in);
	else
		buf_text(&b, words_of(PH_VEX_NO_FIX).in[g->v->lang]);
	if (arena_copy(&g->out->arena, buf_slice(&b), &text) != OK)
		text = slice_text(words_of(PH_VEX_NO_FIX).in[g->v->lang]);
	buf_release(&b);
	return text;
}

static void derived(struct gathering *g, const struct vulnerability *v, const struct component *c)
{
	static const enum vex_status of[] = {
		[VULN_AFFECTED] = VEX_AFFECTED,
		[VULN_CONDITIONAL] = VEX_INVESTIGATING,
		[VULN_VERSION_UNKNOWN] = VEX_INVESTIGATING,
		[VULN_NO_RANGE] = VEX_INVESTIGATING,
		[VULN_FIXED_BY_BACKPORT] = VEX_FIXED,
		[VULN_NOT_AFFECTED] = VEX_NOT_AFFECTED,
	};
	_Static_assert(ARRAY_LEN(of) == VULN_STATUS_N, "a status each");
	struct vex_line l = {.id = v->id, .status = of[v->status], .fixed_in = v->fixed_in};
	struct buf b;

	buf_init(&b, 4 * LIMIT_TEXT_BYTES);
	product_of(c, &b);
	if (arena_copy(&g->out->arena, buf_slice(&b), &l.product) != OK)
		l.product = c->name;
	buf_release(&b);
	l.statement = l.status == VEX_AFFECTED ? action_for(g, v) : v->because;
	/* without a decision it is the code that was looked at: what is not built in is not there
	 */
	if (l.status == VEX_NOT_AFFECTED)
		l.justification = slice_text("vulnerable_code_not_present");
	add_line(g, l);
}

static void matched(struct gathering *g)
{
	const struct fact *f;
	size_t at = 0;

	while ((f = record_next(g->v->record, FACT_VULNERABILITY, &at))) {
		struct component c =
			component_of(&g->components, view_target(g->v), &f->vulnerability);

		if (!is_decided(g, &f->vulnerability, &c))
			derived(g, &f->vulnerability, &c);
	}
}

/* --- order --- */

static int by_line(const void *a, const void *b, const void *context)
{
	const struct vex_line *const *x = a, *const *y = b;
	int d = slice_cmp((*x)->id, (*y)->id);

	(void)context;
	if (d == 0)
		d = slice_cmp((*x)->product, (*y)->product);
	return d ? d : ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

static bool is_pair(const struct vex_line *a, const struct vex_line *b)
{
	return slice_eq(a->id, b->id) && slice_eq(a->product, b->product);
}

/* Sorted; of several lines on one pair the last said stays. */
static enum err settle(struct vex_lines *l)
{
	struct vex_line **at = arena_array(&l->arena, l->n + 1, sizeof(struct vex_line *));
	struct vex_line *sorted = arena_array(&l->arena, l->n + 1, sizeof *sorted);
	size_t n = 0;

	if (!at || !sorted)
		return E_NOMEM;
	for (size_t i = 0; i < l->n; i++)
		at[i] = &l->lines[i];
	sort_items(at, l->n, sizeof(struct vex_line *), by_line, NULL);
	for (size_t i = 0; i < l->n; i++) {
		if (n && is_pair(&sorted[n - 1], at[i]))
			n--;
		sorted[n++] = *at[i];
	}
	l->lines = sorted;
	l->n = n;
	return OK;
}

static int by_text(const void *a, const void *b, const void *context)
{
	(void)context;
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static size_t product_number(const struct vex_lines *l, struct slice product)
{
	size_t lo = 0, hi = l->products_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (slice_cmp(l->products[mid], product) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static enum err number_products(struct vex_lines *l)
{
	size_t n = 0;

	l->products = arena_array(&l->arena, l->n + 1, sizeof *l->products);
	if (!l->products)
		return E_NOMEM;
	for (size_t i = 0; i < l->n; i++)
		l->products[i] = l->lines[i].product;
	sort_items(l->products, l->n, sizeof *l->products, by_text, NULL);
	for (size_t i = 0; i < l->n; i++)
		if (n == 0 || !slice_eq(l->products[n - 1], l->products[i]))
			l->products[n++] = l->products[i];
	l->products_n = n;
	for (size_t i = 0; i < l->n; i++)
		l->lines[i].product_no = product_number(l, l->lines[i].product);
	return OK;
}

static enum err gather_lines(struct gathering *g)
{
	const struct record *r = g->v->record;
	struct vex_lines *l = g->out;
	enum err e = index_of(r, FACT_COMPONENT, &l->arena, by_component, &g->components);

	if (e == OK)
		e = index_of(r, FACT_DECISION, &l->arena, by_decision, &g->decisions);
	l->lines = arena_array(&l->arena, r->n + 1, sizeof *l->lines);
	if (e || !l->lines)
		return e ? e : E_NOMEM;
	decided(g);
	matched(g);
	if (g->compares > COMPARES_MAX)
		return E_LIMIT;
	if (l->n == 0)
		return E_NOTFOUND;
	e = settle(l);
	return e ? e : number_products(l);
}

enum err vex_lines_gather(const struct report_view *v, struct vex_lines *out)
{
	struct gathering g = {.v = v, .out = out};

	*out = (struct vex_lines){.n = 0};
	arena_init(&out->arena, LIMIT_REPORT_BYTES);

	enum err e = gather_lines(&g);

	if (e)
		vex_lines_release(out);
	return e;
}

void vex_lines_release(struct vex_lines *l)
{
	arena_release(&l->arena);
	*l = (struct vex_lines){.n = 0};
}

/* --- what the documents share --- */

struct vex_product vex_product_of(const struct report_view *v, struct slice product,
				  struct arena *a)
{
	struct vex_product p = {.name = product};
	struct purl purl = {0};
	struct cpe cpe = {0};

	if (product.len == 0) {
		p.name = view_target(v)->name;
	} else if (purl_read(product, a, &purl, NULL) == OK) {
		p = (struct vex_product){
			.name = purl.name, .version = purl.version, .purl = product};
	} else if (cpe_read(product, a, &cpe, NULL) == OK) {
		p = (struct vex_product){
			.name = cpe.product, .version = cpe.version, .cpe = product};
	} else {
		for (size_t i = product.len; i > 1 && p.version.len == 0; i--)
			if (product.ptr[i - 1] == '@' && i < product.len) {
				p.name = slice_head(product, i - 1);
				p.version = slice_from(product, i);
			}
	}
	if (p.name.len == 0)
		p.name = slice_text("target");
	return p;
}

struct slice vex_author(const struct report_view *v)
{
	return v->author.len ? v->author : slice_text("Unknown Author");
}

enum err vex_document_id(const struct report_view *v, const char *kind, struct buf *out)
{
	struct buf uuid;
	enum err e;

	if (v->space.len == 0)
		return view_uuid(v, kind, out);
	buf_init(&uuid, 256);
	e = view_uuid(v, kind, &uuid);
	buf_add(out, v->space);
	if (!slice_ends(v->space, "/"))
		buf_byte(out, '/');
	/* behind "urn:uuid:" */
	buf_text(out, "kensa-vex-");
	buf_add(out, slice_from(buf_slice(&uuid), 9));
	buf_release(&uuid);
	return e;
}

void vex_stamp(const struct report_view *v, const struct vex_line *l, struct buf *out)
{
	view_stamp(l && view_is_date(l->date) ? l->date : view_target(v)->date, out);
}
