// SPDX-License-Identifier: Apache-2.0
// The product tree of CSAF 2.0 (3.2.2): which product stands behind an id.

#include "inspect/documents/csaf.h"

#include "base/ban.h"

/* What the branches above a product say of it. */
struct lineage {
	struct slice name, version;
};

static void add(struct csaf *c, struct jsonr *j, struct slice id, struct slice product)
{
	enum err e =
		id.len ? references_add(&c->paper->references, c->paper->arena, id, product) : OK;

	if (e)
		jsonr_fail(j, e, "more products than the limit");
}

static struct slice read_helper(struct jsonr *j)
{
	enum { PURL, CPE, N };
	static const char *const names[N] = {"purl", "cpe"};
	struct slice is[N] = {{0}};
	uint64_t seen = 0;
	unsigned f;

	if (jsonr_enter(j, JSON_KIND_OBJECT))
		while ((f = jsonr_field(j, names, N, &seen)) < N)
			is[f] = jsonr_text(j);
	return first_of(is[PURL], is[CPE]);
}

struct product {
	struct slice id, name, known; /* known: purl or CPE */
};

static void read_product(struct jsonr *j, struct product *p)
{
	enum { ID, NAME, HELPER, N };
	static const char *const names[N] = {"product_id", "name", "product_identification_helper"};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == ID)
			p->id = jsonr_text(j);
		else if (f == NAME)
			p->name = jsonr_text(j);
		else
			p->known = read_helper(j);
	}
}

static void add_product(struct csaf *c, struct jsonr *j, const struct lineage *above)
{
	struct product p = {.id = {0}};
	struct component named = {.name = above->name, .version = above->version};

	read_product(j, &p);
	if (j->err)
		return;
	if (p.known.len == 0 && named.name.len && named.version.len)
		p.known = paper_product(c->paper, &named);
	add(c, j, p.id, first_of(p.known, p.name));
}

/* A reader of its own for a value that was passed over; its error becomes ours. */
static struct jsonr again_at(const struct jsonr *j, size_t at)
{
	struct jsonr r;

	jsonr_init_at(&r, j->in, at, j->arena);
	return r;
}

static void adopt(struct jsonr *j, const struct jsonr *inner)
{
	if (!inner->err)
		return;
	j->pos = inner->at;
	jsonr_fail(j, inner->err, inner->words);
}

static void read_branches(struct csaf *c, struct jsonr *j, struct lineage above);

/* Its name counts for what is inside, and may stand behind it: that is read last. */
static void read_branch(struct csaf *c, struct jsonr *j, struct lineage above)
{
	enum { CATEGORY, NAME, PRODUCT, BRANCHES, N };
	static const char *const names[N] = {"category", "name", "product", "branches"};
	struct slice is[N] = {{0}};
	size_t at[N] = {0};
	uint64_t seen = 0;
	unsigned f;
	struct jsonr inner;

	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == CATEGORY || f == NAME)
			is[f] = jsonr_text(j);
		else
			at[f] = jsonr_skip(j);
	}
	if (slice_is(is[CATEGORY], "product_name"))
		above.name = is[NAME];
	if (slice_is(is[CATEGORY], "product_version"))
		above.version = is[NAME];
	if (!j->err && at[PRODUCT]) {
		inner = again_at(j, at[PRODUCT]);
		add_product(c, &inner, &above);
		adopt(j, &inner);
	}
	if (!j->err && at[BRANCHES]) {
		inner = again_at(j, at[BRANCHES]);
		read_branches(c, &inner, above);
		adopt(j, &inner);
	}
}

static void read_branches(struct csaf *c, struct jsonr *j, struct lineage above)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			if (jsonr_enter(j, JSON_KIND_OBJECT))
				read_branch(c, j, above);
}

static void read_names(struct csaf *c, struct jsonr *j)
{
	static const struct lineage none = {.name = {0}};

	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			add_product(c, j, &none);
}

/* "CURL as part of CAMERA" is, for us, curl: a decision speaks of the part. */
static void read_relationship(struct csaf *c, struct jsonr *j, struct references *made)
{
	enum { PART, WHOLE, N };
	static const char *const names[N] = {"product_reference", "full_product_name"};
	struct product p = {.id = {0}};
	struct slice part = {0};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == PART)
			part = jsonr_text(j);
		else
			read_product(j, &p);
	}
	if (j->err || p.id.len == 0)
		return;
	part = first_of(references_find(&c->paper->references, part), part);
	if (references_add(made, c->paper->arena, p.id, first_of(p.known, first_of(part, p.name))))
		jsonr_fail(j, E_LIMIT, "more products than the limit");
}

static void read_relationships(struct csaf *c, struct jsonr *j)
{
	struct references made = {.n = 0};

	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			read_relationship(c, j, &made);
	for (size_t i = 0; i < made.n && !j->err; i++)
		add(c, j, made.items[i].id, made.items[i].product);
}

static void read_group(struct csaf *c, struct jsonr *j)
{
	enum { ID, PRODUCTS, N };
	static const char *const names[N] = {"group_id", "product_ids"};
	struct slice id = {0};
	size_t products = 0;
	uint64_t seen = 0;
	unsigned f;
	struct jsonr inner;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == ID)
			id = jsonr_text(j);
		else
			products = jsonr_skip(j);
	}
	if (j->err || !products)
		return;
	inner = again_at(j, products);
	if (jsonr_enter(&inner, JSON_KIND_ARRAY))
		while (jsonr_item(&inner))
			if (references_add(&c->groups, c->paper->arena, jsonr_text(&inner), id))
				jsonr_fail(&inner, E_LIMIT, "more products than the limit");
	adopt(j, &inner);
}

static void read_groups(struct csaf *c, struct jsonr *j)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			read_group(c, j);
}

void csaf_tree(struct csaf *c, struct jsonr *j)
{
	enum { BRANCHES, NAMES, GROUPS, RELATIONSHIPS, N };
	static const char *const names[N] = {"branches", "full_product_names", "product_groups",
					     "relationships"};
	static const struct lineage none = {.name = {0}};
	size_t relationships = 0;
	uint64_t seen = 0;
	unsigned f;
	struct jsonr inner;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == BRANCHES)
			read_branches(c, j, none);
		else if (f == NAMES)
			read_names(c, j);
		else if (f == GROUPS)
			read_groups(c, j);
		else
			relationships = jsonr_skip(j);
	}
	if (j->err || !relationships)
		return;
	inner = again_at(j, relationships);
	read_relationships(c, &inner);
	adopt(j, &inner);
}
