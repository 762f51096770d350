// SPDX-License-Identifier: Apache-2.0
// Stands in for src/record in tests of the sheet: looking into a record, nothing else.

#include "record/record.h"

#include "base/ban.h"

const struct target *record_target(const struct record *r)
{
	size_t at = 0;
	const struct fact *f = record_next(r, FACT_TARGET, &at);

	return f ? &f->target : NULL;
}

const struct artifact *record_artifact(const struct record *r, uint64_t id)
{
	size_t at = 0;
	const struct fact *f = NULL;

	while ((f = record_next(r, FACT_ARTIFACT, &at)))
		if (f->artifact.id == id)
			return &f->artifact;
	return NULL;
}

const struct fact *record_next(const struct record *r, enum fact_kind kind, size_t *at)
{
	while (*at < r->n) {
		const struct fact *f = &r->facts[(*at)++];

		if (f->kind == kind)
			return f;
	}
	return NULL;
}
