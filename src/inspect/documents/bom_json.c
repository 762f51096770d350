// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.2 to 1.7 as JSON (ECMA-424): components, nested ones too, and the maker's analysis of
// vulnerabilities.

#include "inspect/documents/documents.h"

#include "base/ban.h"

enum { REFS_MAX = 65536, PLACE_BYTES = 8192 };

/* Where the parts of the document begin, found in one pass that checks its form to the end. */
struct spans {
	struct slice version;
	size_t metadata, components, vulnerabilities;
};

struct bom {
	struct paper *paper;
	struct buf place; /* "components[3].components[0]" */
	struct component subject;
	bool wants_references;
};

static struct slice read_named(struct jsonr *j)
{
	static const char *const names[] = {"name"};
	struct slice name = {0};
	uint64_t seen = 0;

	if (jsonr_enter(j, JSON_KIND_OBJECT))
		while (jsonr_field(j, names, ARRAY_LEN(names), &seen) < ARRAY_LEN(names))
			name = jsonr_text(j);
	return name;
}

static void read_components(struct bom *b, struct jsonr *j);

/* What a component says of itself; components inside it are told on the way. */
struct draft {
	struct component c;
	struct slice ref, type, publisher, manufacturer;
};

static void read_draft(struct bom *b, struct jsonr *j, struct draft *d)
{
	enum { REF, TYPE, NAME, VERSION, PURL, CPE, SUPPLIER, MANUFACTURER, PUBLISHER, INNER, N };
	static const char *const names[N] = {"bom-ref",   "type",      "name",     "version",
					     "purl",      "cpe",       "supplier", "manufacturer",
					     "publisher", "components"};
	struct slice *const texts[N] = {
		[REF] = &d->ref,
		[TYPE] = &d->type,
		[NAME] = &d->c.name,
		[VERSION] = &d->c.version,
		[PURL] = &d->c.purl,
		[CPE] = &d->c.cpe,
		[PUBLISHER] = &d->publisher,
	};
	uint64_t seen = 0;
	unsigned f;

	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == INNER)
			read_components(b, j);
		else if (f == SUPPLIER)
			d->c.supplier = read_named(j);
		else if (f == MANUFACTURER)
			d->manufacturer = read_named(j);
		else
			*texts[f] = jsonr_text(j);
	}
	d->c.supplier = first_of(d->c.supplier, first_of(d->manufacturer, d->publisher));
}

/* Files, data and keys are listed, but are no software that an advisory could speak of. */
static bool is_software(struct slice type)
{
	static const char *const others[] = {"file", "data", "cryptographic-asset"};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (slice_is(type, others[i]))
			return false;
	return true;
}

static void refer(struct bom *b, struct jsonr *j, const struct draft *d)
{
	if (!b->wants_references || d->ref.len == 0)
		return;

	enum err e = references_add(&b->paper->references, b->paper->arena, d->ref,
				    paper_product(b->paper, &d->c));

	if (e)
		jsonr_fail(j, e, "more references than the limit");
}

static void read_components(struct bom *b, struct jsonr *j)
{
	size_t outside = b->place.len;

	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return;
	for (size_t i = 0; jsonr_item(j); i++) {
		struct draft d = {.c = {.name = {0}}};

		buf_print(&b->place, "%scomponents[%zu]", outside ? "." : "", i);
		if (jsonr_enter(j, JSON_KIND_OBJECT)) {
			read_draft(b, j, &d);
			d.c.location = buf_slice(&b->place);
			if (!j->err && is_software(d.type))
				paper_component(b->paper, &d.c);
			if (!j->err)
				refer(b, j, &d);
		}
		b->place.len = outside;
	}
}

/* --- metadata --- */

static struct slice read_authors(struct jsonr *j)
{
	struct slice first = {0};

	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			first = first_of(first, read_named(j));
	return first;
}

/* The subject is a component only where it can be found under a name of the world. */
static void read_subject(struct bom *b, struct jsonr *j)
{
	struct draft d = {.c = {.name = {0}}};

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	read_draft(b, j, &d);
	if (j->err)
		return;
	d.c.location = slice_text("metadata.component");
	if (d.c.purl.len || d.c.cpe.len)
		paper_component(b->paper, &d.c);
	b->subject = d.c;
	refer(b, j, &d);
}

static void read_metadata(struct bom *b, struct jsonr *j)
{
	enum { TIMESTAMP, AUTHORS, MANUFACTURER, MANUFACTURE, SUPPLIER, COMPONENT, N };
	static const char *const names[N] = {"timestamp",   "authors",  "manufacturer",
					     "manufacture", "supplier", "component"};
	struct slice who[N] = {{0}};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == TIMESTAMP)
			b->paper->date = day_of(jsonr_text(j));
		else if (f == COMPONENT)
			read_subject(b, j);
		else
			who[f] = f == AUTHORS ? read_authors(j) : read_named(j);
	}
	b->paper->author =
		first_of(who[AUTHORS],
			 first_of(first_of(who[MANUFACTURER], who[MANUFACTURE]), who[SUPPLIER]));
}

/* --- vulnerabilities --- */

static struct slice read_responses(struct jsonr *j, struct arena *a)
{
	struct slice all = {0};
	struct buf b;

	buf_init(&b, 512);
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j)) {
			if (b.len)
				buf_text(&b, ", ");
			buf_add(&b, slice_head(jsonr_text(j), 64));
		}
	if (arena_copy(a, buf_slice(&b), &all) != OK)
		jsonr_fail(j, E_NOMEM, "out of memory");
	buf_release(&b);
	return all;
}

static void read_analysis(struct jsonr *j, struct arena *a, struct verdict_of_maker *v)
{
	enum { STATE, JUSTIFICATION, DETAIL, ISSUED, UPDATED, RESPONSE, N };
	static const char *const names[N] = {"state",       "justification", "detail",
					     "firstIssued", "lastUpdated",   "response"};
	struct slice *const texts[N] = {[STATE] = &v->state,
					[JUSTIFICATION] = &v->justification,
					[DETAIL] = &v->detail,
					[ISSUED] = &v->issued,
					[UPDATED] = &v->updated};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == RESPONSE)
			v->response = read_responses(j, a);
		else
			*texts[f] = jsonr_text(j);
	}
}

static size_t read_affects(struct jsonr *j, struct slice *refs)
{
	static const char *const names[] = {"ref"};
	size_t n = 0;

	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return 0;
	while (jsonr_item(j)) {
		uint64_t seen = 0;

		if (n == REFS_MAX) {
			jsonr_fail(j, E_LIMIT, "more affected products than the limit");
			break;
		}
		if (!jsonr_enter(j, JSON_KIND_OBJECT))
			continue;
		while (jsonr_field(j, names, ARRAY_LEN(names), &seen) < ARRAY_LEN(names))
			refs[n] = jsonr_text(j);
		n += refs[n].len > 0;
	}
	return n;
}

/* kensa writes the exact word beside the coarser one of CycloneDX. */
static struct slice read_exact_word(struct jsonr *j)
{
	enum { NAME, VALUE, N };
	static const char *const names[N] = {"name", "value"};
	struct slice word = {0};

	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return word;
	while (jsonr_item(j)) {
		struct slice is[N] = {{0}};
		uint64_t seen = 0;
		unsigned f;

		if (!jsonr_enter(j, JSON_KIND_OBJECT))
			continue;
		while ((f = jsonr_field(j, names, N, &seen)) < N)
			is[f] = jsonr_text(j);
		if (slice_is(is[NAME], "kensa:justification") && vex_is_justification(is[VALUE]))
			word = is[VALUE];
	}
	return word;
}

static void read_vulnerability(struct bom *b, struct jsonr *j, struct slice *refs)
{
	enum { ID, ANALYSIS, AFFECTS, PROPERTIES, N };
	static const char *const names[N] = {"id", "analysis", "affects", "properties"};
	struct verdict_of_maker v = {.refs = refs};
	struct slice exact = {0};
	bool is_analysed = false;
	uint64_t seen = 0;
	unsigned f;

	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == ID) {
			v.id = jsonr_text(j);
		} else if (f == ANALYSIS) {
			is_analysed = true;
			read_analysis(j, b->paper->arena, &v);
		} else if (f == AFFECTS) {
			v.refs_n = read_affects(j, refs);
		} else {
			exact = read_exact_word(j);
		}
	}
	if (exact.len)
		v.justification = exact;
	if (!j->err && is_analysed)
		cyclonedx_decide(b->paper, &v,
				 b->subject.purl.len || b->subject.cpe.len
					 ? paper_product(b->paper, &b->subject)
					 : (struct slice){0});
}

static void read_vulnerabilities(struct bom *b, struct jsonr *j)
{
	struct slice *refs = arena_array(b->paper->arena, REFS_MAX, sizeof *refs);

	if (!refs) {
		jsonr_fail(j, E_NOMEM, "out of memory");
		return;
	}
	b->paper->is_vex = true;
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			if (jsonr_enter(j, JSON_KIND_OBJECT))
				read_vulnerability(b, j, refs);
}

/* --- the whole --- */

static enum err find_spans(struct jsonr *j, struct spans *s)
{
	enum { SPEC, METADATA, COMPONENTS, VULNERABILITIES, N };
	static const char *const names[N] = {"specVersion", "metadata", "components",
					     "vulnerabilities"};
	size_t *const places[N] = {[METADATA] = &s->metadata,
				   [COMPONENTS] = &s->components,
				   [VULNERABILITIES] = &s->vulnerabilities};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return j->err;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == SPEC)
			s->version = jsonr_text(j);
		else
			*places[f] = jsonr_skip(j);
	}
	return jsonr_end(j);
}

static enum err read_part(struct bom *b, struct slice in, size_t at,
			  void (*read)(struct bom *b, struct jsonr *j), struct fault *why)
{
	struct jsonr j;

	if (at == 0)
		return OK;
	jsonr_init_at(&j, in, at, b->paper->arena);
	read(b, &j);
	return j.err ? jsonr_fault(&j, why) : OK;
}

static enum err bom_read(struct paper *p, struct slice in, struct fault *why)
{
	struct spans s = {.metadata = 0};
	struct bom b = {.paper = p};
	struct jsonr j;

	jsonr_init(&j, in, p->arena);
	if (find_spans(&j, &s) != OK)
		return jsonr_fault(&j, why);
	if (!slice_starts(s.version, "1."))
		return fault_set(why, E_UNSUPPORTED, 0, "specVersion is not 1.x");
	p->is_sbom = s.components != 0;
	b.wants_references = s.vulnerabilities != 0;
	buf_init(&b.place, PLACE_BYTES);

	enum err e = read_part(&b, in, s.metadata, read_metadata, why);

	if (e == OK)
		e = read_part(&b, in, s.components, read_components, why);
	if (e == OK)
		e = read_part(&b, in, s.vulnerabilities, read_vulnerabilities, why);
	buf_release(&b.place);
	return e;
}

const struct document document_cyclonedx = {.format = "cyclonedx", .read = bom_read};
