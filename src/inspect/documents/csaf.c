// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0, profile VEX (4.5): the status of products, with flags, remediations and threats.

#include "inspect/documents/csaf.h"

#include "base/ban.h"

/* --- words about products: flags, remediations, threats --- */

/* One entry of such a list. */
struct note {
	struct slice category, label, details, date;
	size_t products, groups;
};

static void add_words(struct csaf *c, struct jsonr *j, size_t at, struct slice words,
		      struct references *to)
{
	struct jsonr ids;

	if (at == 0)
		return;
	jsonr_init_at(&ids, j->in, at, j->arena);
	if (jsonr_enter(&ids, JSON_KIND_ARRAY))
		while (jsonr_item(&ids))
			if (references_add(to, c->paper->arena, jsonr_text(&ids), words))
				jsonr_fail(&ids, E_LIMIT, "more products than the limit");
	if (ids.err) {
		j->pos = ids.at;
		jsonr_fail(j, ids.err, ids.words);
	}
}

static void read_note(struct jsonr *j, struct note *n)
{
	enum { CATEGORY, LABEL, DETAILS, DATE, PRODUCTS, GROUPS, N };
	static const char *const names[N] = {"category", "label",       "details",
					     "date",     "product_ids", "group_ids"};
	struct slice *const texts[N] = {[CATEGORY] = &n->category,
					[LABEL] = &n->label,
					[DETAILS] = &n->details,
					[DATE] = &n->date};
	uint64_t seen = 0;
	unsigned f;

	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == PRODUCTS)
			n->products = jsonr_skip(j);
		else if (f == GROUPS)
			n->groups = jsonr_skip(j);
		else
			*texts[f] = jsonr_text(j);
	}
}

enum list { FLAGS, REMEDIATIONS, THREATS };

static void take_note(struct csaf *c, struct jsonr *j, enum list list, const struct note *n)
{
	struct references *const to[] = {
		[FLAGS] = &c->labels, [REMEDIATIONS] = &c->remedies, [THREATS] = &c->impacts};
	struct slice words = list == FLAGS ? n->label : n->details;

	if (list == THREATS && !slice_is(n->category, "impact"))
		return;
	if (list == REMEDIATIONS && !n->products && !n->groups)
		c->remedy_for_all = words;
	add_words(c, j, n->products, words, to[list]);
	add_words(c, j, n->groups, words, to[list]);
	if (day_of(n->date).len) {
		add_words(c, j, n->products, day_of(n->date), &c->dates);
		add_words(c, j, n->groups, day_of(n->date), &c->dates);
	}
}

static void read_notes(struct csaf *c, struct jsonr *j, enum list list)
{
	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return;
	while (jsonr_item(j)) {
		struct note n = {.products = 0};

		if (!jsonr_enter(j, JSON_KIND_OBJECT))
			continue;
		read_note(j, &n);
		if (!j->err)
			take_note(c, j, list, &n);
	}
}

/* Said of the product itself, or of a group it is in. */
static struct slice words_for(struct csaf *c, struct references *from, struct slice id)
{
	struct slice words = references_find(from, id);

	for (size_t i = references_first(&c->groups, id);
	     i < c->groups.n && words.len == 0 && slice_eq(c->groups.items[i].id, id); i++)
		words = references_find(from, c->groups.items[i].product);
	return words;
}

/* --- status --- */

static void decide(struct csaf *c, struct slice vulnerability, enum vex_status status,
		   struct slice id)
{
	struct slice known = references_find(&c->paper->references, id);
	struct decision d = {.id = vulnerability, .product = first_of(known, id)};

	d.status = status;
	d.date = words_for(c, &c->dates, id);
	if (status == VEX_NOT_AFFECTED) {
		struct slice label = words_for(c, &c->labels, id);

		d.justification = vex_is_justification(label) ? label : (struct slice){0};
		d.statement = words_for(c, &c->impacts, id);
	} else if (status != VEX_INVESTIGATING) {
		d.statement = first_of(words_for(c, &c->remedies, id), c->remedy_for_all);
	}
	paper_decision(c->paper, &d);
}

static void read_status(struct csaf *c, struct jsonr *j, struct slice vulnerability)
{
	enum { N = 7 };
	static const char *const names[N] = {
		"known_not_affected", "known_affected", "first_affected",
		"last_affected",      "fixed",          "first_fixed",
		"under_investigation"};
	static const enum vex_status means[N] = {VEX_NOT_AFFECTED, VEX_AFFECTED, VEX_AFFECTED,
						 VEX_AFFECTED,     VEX_FIXED,    VEX_FIXED,
						 VEX_INVESTIGATING};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (!jsonr_enter(j, JSON_KIND_ARRAY))
			continue;
		while (jsonr_item(j)) {
			struct slice id = jsonr_text(j);

			if (!j->err)
				decide(c, vulnerability, means[f], id);
		}
	}
}

static struct slice read_first_id(struct jsonr *j)
{
	static const char *const names[] = {"text"};
	struct slice id = {0};

	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return id;
	while (jsonr_item(j)) {
		uint64_t seen = 0;

		if (!jsonr_enter(j, JSON_KIND_OBJECT))
			continue;
		while (jsonr_field(j, names, ARRAY_LEN(names), &seen) < ARRAY_LEN(names))
			id = first_of(id, jsonr_text(j));
	}
	return id;
}

static void read_vulnerability(struct csaf *c, struct jsonr *j)
{
	enum { CVE, IDS, STATUS, FIRST_LIST, N = FIRST_LIST + 3 };
	static const char *const names[N] = {"cve",   "ids",          "product_status",
					     "flags", "remediations", "threats"};
	struct slice cve = {0}, other = {0};
	size_t status = 0;
	uint64_t seen = 0;
	unsigned f;
	struct jsonr inner;

	c->labels.n = c->remedies.n = c->impacts.n = c->dates.n = 0;
	c->remedy_for_all = (struct slice){0};
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == CVE)
			cve = jsonr_text(j);
		else if (f == IDS)
			other = read_first_id(j);
		else if (f == STATUS)
			status = jsonr_skip(j);
		else
			read_notes(c, j, (enum list)(f - FIRST_LIST));
	}
	if (j->err || !status)
		return;
	jsonr_init_at(&inner, j->in, status, j->arena);
	read_status(c, &inner, first_of(cve, other));
	if (inner.err) {
		j->pos = inner.at;
		jsonr_fail(j, inner.err, inner.words);
	}
}

static void read_vulnerabilities(struct csaf *c, struct jsonr *j)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			if (jsonr_enter(j, JSON_KIND_OBJECT))
				read_vulnerability(c, j);
}

/* --- the document --- */

static void read_publisher(struct csaf *c, struct jsonr *j)
{
	static const char *const names[] = {"name"};
	uint64_t seen = 0;

	if (jsonr_enter(j, JSON_KIND_OBJECT))
		while (jsonr_field(j, names, ARRAY_LEN(names), &seen) < ARRAY_LEN(names))
			c->paper->author = jsonr_text(j);
}

static void read_tracking(struct csaf *c, struct jsonr *j)
{
	enum { CURRENT, INITIAL, N };
	static const char *const names[N] = {"current_release_date", "initial_release_date"};
	struct slice is[N] = {{0}};
	uint64_t seen = 0;
	unsigned f;

	if (jsonr_enter(j, JSON_KIND_OBJECT))
		while ((f = jsonr_field(j, names, N, &seen)) < N)
			is[f] = day_of(jsonr_text(j));
	c->paper->date = first_of(is[CURRENT], is[INITIAL]);
}

static void read_document(struct csaf *c, struct jsonr *j)
{
	enum { PUBLISHER, TRACKING, N };
	static const char *const names[N] = {"publisher", "tracking"};
	uint64_t seen = 0;
	unsigned f;

	if (jsonr_enter(j, JSON_KIND_OBJECT))
		while ((f = jsonr_field(j, names, N, &seen)) < N) {
			if (f == PUBLISHER)
				read_publisher(c, j);
			else
				read_tracking(c, j);
		}
}

static enum err csaf_read(struct paper *p, struct slice in, struct fault *why)
{
	enum { N = 3 };
	static const char *const names[N] = {"document", "product_tree", "vulnerabilities"};
	static void (*const read[N])(struct csaf *, struct jsonr *) = {read_document, csaf_tree,
								       read_vulnerabilities};
	struct csaf c = {.paper = p};
	size_t at[N] = {0};
	uint64_t seen = 0;
	unsigned f;
	struct jsonr j;

	jsonr_init(&j, in, p->arena);
	if (jsonr_enter(&j, JSON_KIND_OBJECT))
		while ((f = jsonr_field(&j, names, N, &seen)) < N)
			at[f] = jsonr_skip(&j);
	if (jsonr_end(&j) != OK)
		return jsonr_fault(&j, why);
	p->is_vex = true;
	for (size_t i = 0; i < N; i++) {
		if (!at[i])
			continue;
		jsonr_init_at(&j, in, at[i], p->arena);
		read[i](&c, &j);
		if (j.err)
			return jsonr_fault(&j, why);
	}
	return OK;
}

const struct document document_csaf = {.format = "csaf", .read = csaf_read};
