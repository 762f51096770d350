// SPDX-License-Identifier: Apache-2.0
// A reader of SBOM or VEX documents, as -DDOCUMENT=document_NAME says, with a stage that checks
// each fact it is told.

#include "fuzz.h"

#include "inspect/documents/documents.h"

#include "base/ban.h"

static void check_text(struct slice s)
{
	uint8_t last = s.len ? slice_at(s, s.len - 1) : 0;

	FUZZ_CHECK(s.len == 0 || s.ptr);
	FUZZ_CHECK(last == slice_at(slice_from(s, s.len ? s.len - 1 : 0), 0));
}

void scene_component(struct scene *s, const struct component *c)
{
	(void)s;
	FUZZ_CHECK(c->name.len > 0 && c->version.len <= LIMIT_VERSION_BYTES);
	FUZZ_CHECK(c->purl.len == 0 || slice_at(c->purl, 3) == ':');
	FUZZ_CHECK(c->cpe.len == 0 || slice_starts(c->cpe, "cpe:2.3:"));
	check_text(c->name);
	check_text(c->version);
	check_text(c->supplier);
	check_text(c->location);
}

void scene_decision(struct scene *s, const struct decision *d)
{
	(void)s;
	FUZZ_CHECK(d->id.len > 0 && d->status < VEX_STATUS_N);
	FUZZ_CHECK(d->date.len == 0 || d->date.len == 10);
	check_text(d->product);
	check_text(d->statement);
	check_text(d->author);
}

void scene_coverage(struct scene *s, const char *subject, uint64_t seen, uint64_t total)
{
	(void)s;
	(void)subject;
	FUZZ_CHECK(seen <= total);
}

void scene_skip(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		enum err why, const char *detail)
{
	(void)s;
	(void)subject;
	(void)artifact;
	FUZZ_CHECK(why != OK && why < E_N && detail);
	check_text(what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct format is = {.name = "x"};
	struct object o = {.path = slice_text("x"), .format = &is, .data = slice_of(data, len)};
	struct scene s = {.date = 0};
	struct arena a;
	struct fault why = {0};
	struct paper p = {.scene = &s, .object = &o, .arena = &a, .takes_decisions = true};

	arena_init(&a, 64 * MiB);
	if (DOCUMENT.read(&p, o.data, &why) != OK)
		FUZZ_CHECK(why.code != OK && why.msg[0]);
	FUZZ_CHECK(p.components <= p.components_total && p.decisions <= p.decisions_total);
	arena_release(&a);
	return 0;
}
