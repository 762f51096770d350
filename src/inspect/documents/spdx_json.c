// SPDX-License-Identifier: Apache-2.0
// SPDX 2.2 and 2.3 as JSON (ISO/IEC 5962): packages.

#include "inspect/documents/documents.h"

#include "inspect/documents/spdx.h"

#include "base/ban.h"

static void read_reference(struct jsonr *j, struct component *c)
{
	enum { TYPE, LOCATOR, N };
	static const char *const names[N] = {"referenceType", "referenceLocator"};
	struct slice is[N] = {{0}};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return;
	while ((f = jsonr_field(j, names, N, &seen)) < N)
		is[f] = jsonr_text(j);
	spdx_reference(c, is[TYPE], is[LOCATOR]);
}

static void read_references(struct jsonr *j, struct component *c)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			read_reference(j, c);
}

static void read_package(struct jsonr *j, struct spdx_package *k)
{
	enum { ID, NAME, VERSION, SUPPLIER, ORIGINATOR, REFERENCES, N };
	static const char *const names[N] = {"SPDXID",   "name",       "versionInfo",
					     "supplier", "originator", "externalRefs"};
	struct slice *const texts[N] = {
		[ID] = &k->c.location,         [NAME] = &k->c.name,
		[VERSION] = &k->c.version,     [SUPPLIER] = &k->c.supplier,
		[ORIGINATOR] = &k->originator,
	};
	uint64_t seen = 0;
	unsigned f;

	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == REFERENCES)
			read_references(j, &k->c);
		else
			*texts[f] = jsonr_text(j);
	}
}

static void read_packages(struct jsonr *j, struct spdx *s)
{
	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return;
	while (jsonr_item(j)) {
		struct spdx_package k = {.c = {.name = {0}}};

		if (!jsonr_enter(j, JSON_KIND_OBJECT))
			continue;
		read_package(j, &k);
		if (!j->err)
			spdx_package(s, &k);
	}
}

static void read_relationships(struct jsonr *j, struct spdx *s)
{
	enum { FROM, TYPE, TO, N };
	static const char *const names[N] = {"spdxElementId", "relationshipType",
					     "relatedSpdxElement"};

	if (!jsonr_enter(j, JSON_KIND_ARRAY))
		return;
	while (jsonr_item(j)) {
		struct slice is[N] = {{0}};
		uint64_t seen = 0;
		unsigned f;

		if (!jsonr_enter(j, JSON_KIND_OBJECT))
			continue;
		while ((f = jsonr_field(j, names, N, &seen)) < N)
			is[f] = jsonr_text(j);
		spdx_relationship(s, is[FROM], is[TYPE], is[TO]);
	}
}

static void read_described(struct jsonr *j, struct spdx *s)
{
	if (jsonr_enter(j, JSON_KIND_ARRAY))
		while (jsonr_item(j))
			spdx_described(s, jsonr_text(j));
}

struct spans {
	struct slice version;
	size_t packages, relationships, described;
};

static enum err find_spans(struct jsonr *j, struct spans *s)
{
	enum { VERSION, PACKAGES, RELATIONSHIPS, DESCRIBED, N };
	static const char *const names[N] = {"spdxVersion", "packages", "relationships",
					     "documentDescribes"};
	size_t *const places[N] = {[PACKAGES] = &s->packages,
				   [RELATIONSHIPS] = &s->relationships,
				   [DESCRIBED] = &s->described};
	uint64_t seen = 0;
	unsigned f;

	if (!jsonr_enter(j, JSON_KIND_OBJECT))
		return j->err;
	while ((f = jsonr_field(j, names, N, &seen)) < N) {
		if (f == VERSION)
			s->version = jsonr_text(j);
		else
			*places[f] = jsonr_skip(j);
	}
	return jsonr_end(j);
}

static enum err read_part(struct spdx *s, struct slice in, size_t at,
			  void (*read)(struct jsonr *j, struct spdx *s), struct fault *why)
{
	struct jsonr j;

	if (at == 0)
		return OK;
	jsonr_init_at(&j, in, at, s->paper->arena);
	read(&j, s);
	return j.err ? jsonr_fault(&j, why) : OK;
}

static enum err spdx_json_read(struct paper *p, struct slice in, struct fault *why)
{
	struct spans at = {.packages = 0};
	struct spdx s = {.paper = p};
	struct jsonr j;

	jsonr_init(&j, in, p->arena);
	if (find_spans(&j, &at) != OK)
		return jsonr_fault(&j, why);
	if (!slice_starts(at.version, "SPDX-2."))
		return fault_set(why, E_UNSUPPORTED, 0, "spdxVersion is not SPDX-2.x");
	p->is_sbom = true;

	enum err e = read_part(&s, in, at.described, read_described, why);

	if (e == OK)
		e = read_part(&s, in, at.relationships, read_relationships, why);
	if (e == OK)
		e = read_part(&s, in, at.packages, read_packages, why);
	spdx_end(&s);
	return e;
}

const struct document document_spdx = {.format = "spdx", .read = spdx_json_read};
