/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers of SBOM and VEX documents. One kind of document is one file ending in
 * `const struct document document_X = {...}` and one row in documents.def.
 *
 * A reader takes the document's bytes and says what it found through paper_component and
 * paper_decision, which check every name and number before they become facts.
 */
#ifndef INSPECT_DOCUMENTS_DOCUMENTS_H
#define INSPECT_DOCUMENTS_DOCUMENTS_H

#include "inspect/scene.h"

/* What a document calls a product, and under which name the world knows it. */
struct reference {
	struct slice id, product;
};

struct references {
	struct reference *items;
	size_t n, cap;
	bool is_sorted;
};

/* A document being read. */
struct paper {
	struct scene *scene;
	const struct object *object;
	struct arena *arena;  /* until the document is done */
	bool takes_decisions; /* false: it lies inside the product, which does not judge itself */
	struct slice author, date; /* of the document as a whole */
	struct references references;
	uint64_t components, components_total;
	uint64_t decisions, decisions_total;
	unsigned skips;
	bool is_sbom, is_vex; /* has said anything of that kind */
};

struct document {
	const char *format; /* as in formats.def */
	/* An error and its place: what was said before it stays said, the rest is unknown. */
	enum err (*read)(struct paper *p, struct slice in, struct fault *why);
};

#define X(name) extern const struct document document_##name;
#include "inspect/documents/documents.def"
#undef X

/* Emits it when it can be one. method and confidence are filled in. */
void paper_component(struct paper *p, const struct component *c);

/* Emits it; author and date are the document's where they are empty. */
void paper_decision(struct paper *p, const struct decision *d);

/* A decision whose status has no known word: counted and named. */
void paper_unknown_status(struct paper *p, struct slice id, struct slice status);

/* All additions first, then all questions: asking sorts. */
MUST_CHECK enum err references_add(struct references *r, struct arena *a, struct slice id,
				   struct slice product);

/* The product called `id`; empty when there is none. */
struct slice references_find(struct references *r, struct slice id);

/* Index of the first one called `id` (others may follow), or n. */
size_t references_first(struct references *r, struct slice id);

/* product_of() in the paper's arena. */
struct slice paper_product(struct paper *p, const struct component *c);

/* The day of a time stamp of RFC 3339, or empty. */
struct slice day_of(struct slice stamp);

/* The first one that is not empty. */
struct slice first_of(struct slice a, struct slice b);

/* What CycloneDX says in JSON and XML alike: a vulnerability, its analysis and what it affects. */
struct verdict_of_maker {
	struct slice id, state, justification, detail, response, issued, updated;
	const struct slice *refs; /* bom-refs or names */
	size_t refs_n;
};
void cyclonedx_decide(struct paper *p, const struct verdict_of_maker *v, struct slice subject);

#endif
