// SPDX-License-Identifier: Apache-2.0
// The tables that describe every fact once.

#include "model/model.h"

#include <string.h>

#include "base/ban.h"

static const char *const method_names[] = {
	[METHOD_SOURCE] = "source",   [METHOD_FIRMWARE] = "firmware",
	[METHOD_NETWORK] = "network", [METHOD_KNOWN] = "known-vulnerability",
	[METHOD_OTHER] = "other",
};
_Static_assert(ARRAY_LEN(method_names) == METHOD_N, "a word each");

static const char *const artifact_names[] = {
	[ART_IMAGE] = "image",           [ART_CONTAINER] = "container", [ART_STREAM] = "stream",
	[ART_FILESYSTEM] = "filesystem", [ART_ARCHIVE] = "archive",     [ART_FILE] = "file",
	[ART_EXECUTABLE] = "executable", [ART_DIRECTORY] = "directory", [ART_LINK] = "link",
	[ART_DEVICE] = "device",         [ART_BLOB] = "blob",
};
_Static_assert(ARRAY_LEN(artifact_names) == ART_N, "a word each");

static const char *const range_names[] = {
	[RANGE_IDENTIFIED] = "identified",
	[RANGE_PADDING] = "padding",
	[RANGE_OPAQUE] = "opaque",
	[RANGE_UNKNOWN] = "unknown",
};
_Static_assert(ARRAY_LEN(range_names) == RANGE_N, "a word each");

static const char *const confidence_names[] = {
	[SURE] = "sure",
	[LIKELY] = "likely",
	[WEAK] = "weak",
};
_Static_assert(ARRAY_LEN(confidence_names) == CONFIDENCE_N, "a word each");

static const char *const feed_kind_names[] = {
	[FEED_IMPORTED] = "imported",
	[FEED_STARTER] = "starter",
};
_Static_assert(ARRAY_LEN(feed_kind_names) == FEED_KIND_N, "a word each");

/* The words of CycloneDX. */
static const char *const component_kind_names[] = {
	[COMPONENT_LIBRARY] = "library",
	[COMPONENT_PROGRAM] = "application",
	[COMPONENT_SYSTEM] = "operating-system",
	[COMPONENT_FIRMWARE] = "firmware",
};
_Static_assert(ARRAY_LEN(component_kind_names) == COMPONENT_KIND_N, "a word each");

static const char *const kind_names[] = {
	[KIND_FINAL_DEVICE] = "final-device",
	[KIND_HARDWARE] = "hardware-component",
	[KIND_SOFTWARE] = "software-component",
	[KIND_SYSTEM] = "system",
};
_Static_assert(ARRAY_LEN(kind_names) == KIND_N, "a word each");

static const char *const sector_names[] = {
	[SECTOR_CONSUMER] = "consumer",
	[SECTOR_BUSINESS] = "business",
	[SECTOR_INDUSTRIAL] = "industrial",
};
_Static_assert(ARRAY_LEN(sector_names) == SECTOR_N, "a word each");

static const char *const vuln_names[] = {
	[VULN_AFFECTED] = "affected",
	[VULN_CONDITIONAL] = "conditional",
	[VULN_VERSION_UNKNOWN] = "version-unknown",
	[VULN_NO_RANGE] = "no-range",
	[VULN_FIXED_BY_BACKPORT] = "fixed-by-backport",
	[VULN_NOT_AFFECTED] = "not-affected",
};
_Static_assert(ARRAY_LEN(vuln_names) == VULN_STATUS_N, "a word each");

static const char *const rating_names[] = {
	[RATING_UNKNOWN] = "unknown", [RATING_NONE] = "none", [RATING_LOW] = "low",
	[RATING_MEDIUM] = "medium",   [RATING_HIGH] = "high", [RATING_CRITICAL] = "critical",
};
_Static_assert(ARRAY_LEN(rating_names) == RATING_N, "a word each");

static const char *const vex_names[] = {
	[VEX_NOT_AFFECTED] = "not_affected",
	[VEX_AFFECTED] = "affected",
	[VEX_FIXED] = "fixed",
	[VEX_INVESTIGATING] = "under_investigation",
};
_Static_assert(ARRAY_LEN(vex_names) == VEX_STATUS_N, "a word each");

#define TEXT(in, member)                                                                           \
	{                                                                                          \
		.key = #member, .kind = FIELD_TEXT, .offset = offsetof(struct fact, in.member)     \
	}
#define SAYS(in, member)                                                                           \
	{                                                                                          \
		.key = #member, .kind = FIELD_SAYING, .offset = offsetof(struct fact, in.member)   \
	}
#define U64(in, member)                                                                            \
	{                                                                                          \
		.key = #member, .kind = FIELD_U64, .offset = offsetof(struct fact, in.member)      \
	}
#define ARTIFACT(in, member)                                                                       \
	{                                                                                          \
		.key = #member, .kind = FIELD_U64, .offset = offsetof(struct fact, in.member),     \
		.is_artifact = true                                                                \
	}
#define NAME(in, member, list)                                                                     \
	{                                                                                          \
		.key = #member, .kind = FIELD_NAME, .offset = offsetof(struct fact, in.member),    \
		.names = (list), .names_n = ARRAY_LEN(list)                                        \
	}

static const struct field target_fields[] = {
	TEXT(target, schema),
	TEXT(target, kensa),
	TEXT(target, date),
	TEXT(target, name),
	TEXT(target, cpe),
	NAME(target, kind, kind_names),
	NAME(target, sector, sector_names),
};

static const struct field input_fields[] = {
	U64(input, id), TEXT(input, path), TEXT(input, type), U64(input, size), TEXT(input, sha256),
};

static const struct field artifact_fields[] = {
	ARTIFACT(artifact, id),
	ARTIFACT(artifact, parent),
	U64(artifact, input),
	TEXT(artifact, path),
	NAME(artifact, type, artifact_names),
	TEXT(artifact, format),
	U64(artifact, size),
	TEXT(artifact, sha256),
	U64(artifact, mode),
	U64(artifact, uid),
	U64(artifact, gid),
	TEXT(artifact, link),
};

static const struct field range_fields[] = {
	U64(range, input),         U64(range, at),
	U64(range, size),          NAME(range, kind, range_names),
	ARTIFACT(range, artifact), SAYS(range, verified_by),
};

static const struct field component_fields[] = {
	TEXT(component, name),
	TEXT(component, version),
	TEXT(component, purl),
	TEXT(component, cpe),
	TEXT(component, supplier),
	ARTIFACT(component, artifact),
	SAYS(component, location),
	TEXT(component, method),
	NAME(component, confidence, confidence_names),
	NAME(component, kind, component_kind_names),
};

static const struct field finding_fields[] = {
	TEXT(finding, rule),     TEXT(finding, flaw),     ARTIFACT(finding, artifact),
	SAYS(finding, location), SAYS(finding, evidence),
};

static const struct field feed_fields[] = {
	TEXT(feed, date),
	TEXT(feed, sha256),
	TEXT(feed, sources),
	U64(feed, advisories),
	NAME(feed, kind, feed_kind_names),
};

static const struct field decision_fields[] = {
	TEXT(decision, id),
	TEXT(decision, product),
	NAME(decision, status, vex_names),
	TEXT(decision, justification),
	TEXT(decision, statement),
	TEXT(decision, author),
	TEXT(decision, date),
	TEXT(decision, source),
};

static const struct field built_fields[] = {
	ARTIFACT(built, artifact),
	TEXT(built, what),
	TEXT(built, names),
};

static const struct field vulnerability_fields[] = {
	TEXT(vulnerability, id),
	TEXT(vulnerability, component),
	TEXT(vulnerability, version),
	TEXT(vulnerability, product),
	ARTIFACT(vulnerability, artifact),
	NAME(vulnerability, status, vuln_names),
	NAME(vulnerability, severity, rating_names),
	U64(vulnerability, cvss),
	TEXT(vulnerability, vector),
	TEXT(vulnerability, kev),
	U64(vulnerability, epss_ppm),
	TEXT(vulnerability, published),
	TEXT(vulnerability, fixed_in),
	TEXT(vulnerability, sources),
	TEXT(vulnerability, because),
};

static const struct field coverage_fields[] = {
	NAME(coverage, method, method_names),
	TEXT(coverage, subject),
	U64(coverage, seen),
	U64(coverage, total),
};

static const struct field skip_fields[] = {
	NAME(skip, method, method_names),
	TEXT(skip, subject),
	TEXT(skip, what),
	TEXT(skip, why),
	SAYS(skip, detail),
	ARTIFACT(skip, artifact),
};

static const struct field end_fields[] = {
	TEXT(end, status),
	U64(end, facts),
	TEXT(end, sha256),
};

#define TYPE(word, list)                                                                           \
	{                                                                                          \
		.name = (word), .fields = (list), .fields_n = ARRAY_LEN(list)                      \
	}

static const struct fact_type types[] = {
	[FACT_TARGET] = TYPE("target", target_fields),
	[FACT_INPUT] = TYPE("input", input_fields),
	[FACT_ARTIFACT] = TYPE("artifact", artifact_fields),
	[FACT_RANGE] = TYPE("range", range_fields),
	[FACT_COMPONENT] = TYPE("component", component_fields),
	[FACT_FINDING] = TYPE("finding", finding_fields),
	[FACT_FEED] = TYPE("feed", feed_fields),
	[FACT_DECISION] = TYPE("decision", decision_fields),
	[FACT_BUILT] = TYPE("built", built_fields),
	[FACT_VULNERABILITY] = TYPE("vulnerability", vulnerability_fields),
	[FACT_COVERAGE] = TYPE("coverage", coverage_fields),
	[FACT_SKIP] = TYPE("skip", skip_fields),
	[FACT_END] = TYPE("end", end_fields),
};
_Static_assert(ARRAY_LEN(types) == FACT_N, "every fact is described");
/* Enumerations are stored through field_number_set as unsigned. */
_Static_assert(sizeof(enum method) == sizeof(unsigned), "names fit");

const struct fact_type *fact_type(enum fact_kind kind)
{
	return &types[kind];
}

bool field_is_text(const struct field *d)
{
	return d->kind == FIELD_TEXT || d->kind == FIELD_SAYING;
}

struct slice *field_text(struct fact *f, const struct field *d)
{
	return (struct slice *)(void *)((char *)f + d->offset);
}

uint64_t field_number(const struct fact *f, const struct field *d)
{
	const void *p = (const char *)f + d->offset;
	uint64_t v = 0;
	unsigned name = 0;

	if (d->kind == FIELD_NAME) {
		memcpy(&name, p, sizeof name);
		return name;
	}
	memcpy(&v, p, sizeof v);
	return v;
}

void field_number_set(struct fact *f, const struct field *d, uint64_t v)
{
	void *p = (char *)f + d->offset;
	unsigned name = (unsigned)v;

	if (d->kind == FIELD_NAME)
		memcpy(p, &name, sizeof name);
	else
		memcpy(p, &v, sizeof v);
}

static const char *word(const char *const *names, unsigned n, unsigned v)
{
	return v < n ? names[v] : "?";
}

const char *method_name(enum method m)
{
	return word(method_names, METHOD_N, m);
}

const char *artifact_type_name(enum artifact_type t)
{
	return word(artifact_names, ART_N, t);
}

const char *range_kind_name(enum range_kind k)
{
	return word(range_names, RANGE_N, k);
}

const char *confidence_name(enum confidence c)
{
	return word(confidence_names, CONFIDENCE_N, c);
}

const char *vuln_status_name(enum vuln_status s)
{
	return word(vuln_names, VULN_STATUS_N, s);
}

const char *rating_name(enum rating s)
{
	return word(rating_names, RATING_N, s);
}

const char *vex_status_name(enum vex_status s)
{
	return word(vex_names, VEX_STATUS_N, s);
}

const char *component_kind_name(enum component_kind k)
{
	return word(component_kind_names, COMPONENT_KIND_N, k);
}

const char *target_kind_name(enum target_kind k)
{
	return word(kind_names, KIND_N, k);
}

const char *sector_name(enum sector s)
{
	return word(sector_names, SECTOR_N, s);
}

unsigned name_find(const char *const *names, unsigned n, struct slice w)
{
	unsigned i = 0;

	while (i < n && !slice_is(w, names[i]))
		i++;
	return i;
}

bool target_kind_find(struct slice w, enum target_kind *out)
{
	unsigned i = name_find(kind_names, KIND_N, w);

	if (i < KIND_N)
		*out = (enum target_kind)i;
	return i < KIND_N;
}

bool sector_find(struct slice w, enum sector *out)
{
	unsigned i = name_find(sector_names, SECTOR_N, w);

	if (i < SECTOR_N)
		*out = (enum sector)i;
	return i < SECTOR_N;
}
