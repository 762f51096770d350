// SPDX-License-Identifier: Apache-2.0
// Which products of the feed stand for a component: by its CPE and the aliases of that, by its
// package URL, by its name where only one maker has such a product.

#include "inspect/known/match.h"

#include "base/ban.h"

/* A subject being looked up. */
struct quest {
	struct match *m;
	struct subject *s;
	struct asked list[ASKED_MAX];
	size_t n;
	bool has_identity; /* a CPE or a package URL of an ecosystem: no need to guess by name */
	enum err err;
};

/* The version as the product's own makers or package builders write it. */
struct edition {
	struct slice version, update, target_sw;
	bool is_package;
};

static void ask(struct quest *q, struct slice key, const struct edition *e)
{
	struct asked a = {.version = e->version,
			  .update = e->update,
			  .target_sw = e->target_sw,
			  .is_package = e->is_package,
			  .is_own = q->s == &q->m->own.subject};
	struct version_key version;
	enum err err = OK;

	for (size_t i = 0; i < q->n; i++)
		if (slice_eq(q->list[i].product.key, key) &&
		    slice_eq(q->list[i].version, e->version))
			return;
	if (q->err || q->n == ASKED_MAX)
		return;
	err = feed_product(q->m->feed, key, &a.product);
	if (err == E_NOTFOUND)
		return;
	if (err == OK && e->version.len &&
	    version_key_make(a.product.scheme, e->version, e->update, &version) == OK) {
		err = feed_rank(q->m->feed, &a.product, &version, &a.at);
		a.is_versioned = err == OK;
	}
	q->err = err;
	if (err == OK)
		q->list[q->n++] = a;
}

/* --- by CPE --- */

static void ask_slots(struct quest *q, const struct alias *alias, const struct edition *e)
{
	for (unsigned i = 0; alias && i < alias->slots_count; i++)
		ask(q, slice_text(alias->slots[i]), e);
}

static bool is_package_method(struct slice method)
{
	return slice_ends(method, "-database");
}

/* What upstream called the version, when the CPE does not say it. A package database's own version
 * is none: the CPE made of it has left it out for a reason. */
static struct slice plain_version(const struct component *c, const struct purl_parts *p)
{
	if (is_package_method(c->method))
		return (struct slice){0};
	return is_distribution_type(p->type) ? upstream_of(c->version) : c->version;
}

static void ask_cpe(struct quest *q, const struct component *c, const struct purl_parts *p)
{
	struct edition e = {0};
	struct cpe_key name;

	cpe_key_read(q->m->arena, c->cpe, &name);
	if (name.key.len == 0)
		return;
	q->has_identity = true;
	q->s->is_hardware |= slice_at(name.key, 0) == 'h';
	q->s->is_own |= slice_eq(name.key, q->m->own.key);
	q->s->is_kernel |= slice_is(name.key, "o:linux:linux_kernel");
	e = (struct edition){
		.version = name.version, .update = name.update, .target_sw = name.target_sw};
	if (e.version.len == 0)
		e.version = plain_version(c, p);
	ask(q, name.key, &e);
	ask_slots(q, alias_of_slot(q->m->data, name.key), &e);
}

/* --- by package URL --- */

static const struct {
	const char *type, *ecosystem;
	char joint; /* between namespace and name */
} ecosystems[] = {
	{"npm", "npm", '/'},         {"pypi", "pypi", '/'},          {"golang", "go", '/'},
	{"cargo", "crates.io", '/'}, {"gem", "rubygems", '/'},       {"maven", "maven", ':'},
	{"nuget", "nuget", '/'},     {"composer", "packagist", '/'}, {"bitnami", "bitnami", '/'},
};

/* PyPI compares names without regard to case, and "_" and "." are "-" (PEP 503). */
static struct slice pypi_name(struct arena *a, struct slice name)
{
	uint8_t *p = arena_alloc(a, name.len + 1);

	for (size_t i = 0; p && i < name.len; i++) {
		uint8_t c = slice_at(name, i);

		p[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a')
					    : (uint8_t)(c == '_' || c == '.' ? '-' : c);
	}
	return slice_of(p, p ? name.len : 0);
}

static bool ask_ecosystem(struct quest *q, const struct component *c, const struct purl_parts *p)
{
	struct edition e = {.version = p->version.len ? p->version : c->version};

	for (size_t i = 0; i < ARRAY_LEN(ecosystems); i++) {
		struct slice name = p->name;

		if (!slice_is(p->type, ecosystems[i].type))
			continue;
		if (slice_is(p->type, "pypi"))
			name = pypi_name(q->m->arena, name);
		q->has_identity = true;
		if (p->space.len)
			ask(q,
			    arena_print(q->m->arena, "%s/%.*s%c%.*s", ecosystems[i].ecosystem,
					(int)p->space.len, (const char *)p->space.ptr,
					ecosystems[i].joint, (int)name.len, (const char *)name.ptr),
			    &e);
		else
			ask(q,
			    arena_print(q->m->arena, "%s/%.*s", ecosystems[i].ecosystem,
					(int)name.len, (const char *)name.ptr),
			    &e);
		return true;
	}
	return false;
}

static void ask_source(struct quest *q, struct slice release, struct slice name,
		       const struct edition *e)
{
	ask(q,
	    arena_print(q->m->arena, "%.*s/%.*s", (int)release.len, (const char *)release.ptr,
			(int)name.len, (const char *)name.ptr),
	    e);
}

/* Distributions track source packages: the name itself, and those the aliases know. */
static void ask_distribution(struct quest *q, const struct component *c, const struct purl_parts *p)
{
	struct edition e = {.version = p->version.len ? p->version : c->version,
			    .is_package = true};
	struct slice release = distribution_release(q->m, p);
	const struct alias *alias = alias_of_name(q->m->data, p->name);
	struct cpe_key name;

	if (release.len == 0)
		return;
	cpe_key_read(q->m->arena, c->cpe, &name);
	if (!alias && name.key.len)
		alias = alias_of_slot(q->m->data, name.key);
	ask_source(q, release, p->name, &e);
	for (unsigned i = 0; alias && i < alias->packages_count; i++)
		ask_source(q, release, slice_text(alias->packages[i]), &e);
}

/* --- by name --- */

static struct slice vendor_of(struct slice key)
{
	struct slice vendor = {0};

	(void)text_field(&key, ':', &vendor);
	(void)text_field(&key, ':', &vendor);
	return vendor;
}

/* The only maker's products of that name; none, and `ambiguous`, when several have one. */
static enum err slots_of_name(struct quest *q, struct slice name, const struct edition *e)
{
	struct feed_product p, found[4];
	size_t n = 0;
	uint32_t slot = 0;
	enum err err = OK;

	while ((err = feed_slot_next(q->m->feed, name, &slot, &p)) == OK) {
		if (slice_at(p.key, 1) != ':' || slice_at(p.key, 0) == 'h')
			continue;
		if (n && !slice_eq(vendor_of(found[0].key), vendor_of(p.key))) {
			q->s->lookup = LOOKUP_AMBIGUOUS;
			return OK;
		}
		if (n < ARRAY_LEN(found))
			found[n++] = p;
	}
	for (size_t i = 0; i < n; i++)
		ask(q, found[i].key, e);
	return err == E_END || err == E_NOTFOUND ? OK : err;
}

static struct slice lower_name(struct arena *a, struct slice name)
{
	uint8_t *p = arena_alloc(a, name.len + 1);

	for (size_t i = 0; p && i < name.len; i++) {
		uint8_t c = slice_at(name, i);

		p[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a')
					    : (uint8_t)(c == ' ' ? '_' : c);
	}
	return slice_of(p, p ? name.len : 0);
}

static void ask_name(struct quest *q, const struct component *c, const struct purl_parts *p)
{
	const struct alias *alias = alias_of_name(q->m->data, q->s->name);
	struct edition e = {.version = is_package_method(c->method) || is_distribution_type(p->type)
					       ? upstream_of(c->version)
					       : c->version};

	if (alias && alias->slots_count) {
		ask_slots(q, alias, &e);
		return;
	}
	if (q->s->name.len > LIMIT_NAME_BYTES)
		return;

	enum err err = slots_of_name(q, lower_name(q->m->arena, q->s->name), &e);

	if (q->err == OK)
		q->err = err;
}

/* --- all of it --- */

static void ask_sighting(struct quest *q, const struct component *c)
{
	struct purl_parts p = {0};

	if (!purl_parts_read(q->m->arena, c->purl, &p))
		p = (struct purl_parts){0};
	ask_cpe(q, c, &p);
	if (!ask_ecosystem(q, c, &p) && is_distribution_type(p.type))
		ask_distribution(q, c, &p);
}

static bool is_like_the_last(const struct subject *s, size_t i)
{
	const struct component *a = &s->sightings[i]->component;
	const struct component *b = i ? &s->sightings[i - 1]->component : NULL;

	return b && slice_eq(a->cpe, b->cpe) && slice_eq(a->purl, b->purl);
}

enum err subject_look_up(struct match *m, struct subject *s)
{
	struct quest q = {.m = m, .s = s};

	s->is_kernel = slice_is(s->name, "linux_kernel");
	for (size_t i = 0; i < s->sightings_n && q.err == OK; i++)
		if (!is_like_the_last(s, i))
			ask_sighting(&q, &s->sightings[i]->component);
	if (!q.has_identity && q.err == OK) {
		struct purl_parts p = {0};

		if (!purl_parts_read(m->arena, s->sightings[0]->component.purl, &p))
			p = (struct purl_parts){0};
		ask_name(&q, &s->sightings[0]->component, &p);
	}
	if (q.err)
		return q.err;
	s->asked = arena_array(m->arena, q.n + 1, sizeof *s->asked);
	if (!s->asked)
		return E_NOMEM;
	for (size_t i = 0; i < q.n; i++)
		s->asked[i] = q.list[i];
	s->asked_n = q.n;
	if (q.n)
		s->lookup = LOOKUP_FOUND;
	return OK;
}
