/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Importers: how records of a source become advisories. Each is one file and one row of
 * importers.def; a record goes to the first row that knows it by what it holds. They run in
 * workers.
 */
#ifndef FEED_IMPORTERS_H
#define FEED_IMPORTERS_H

#include "feed/import.h"
#include "feed/split.h"
#include "feed/value.h"

/* Where importers put what they read. */
struct import_out {
	/* `is_part`: other records of the file add to the same advisory. */
	enum err (*advisory)(void *ctx, const struct advisory *a, bool is_part);
	/* Something left out, and counted. */
	enum err (*odd)(void *ctx, enum odd what);
	/* YYYY-MM-DD of the data, when the file says so. */
	enum err (*date)(void *ctx, enum source source, struct slice date);
	void *ctx;
};

struct record {
	enum form form;
	struct slice text;                   /* a line or a document */
	struct slice head;                   /* how the file of lines begins */
	const struct value *json, *envelope; /* NULL when not JSON, or none */
	struct arena *arena;
	const struct import_out *out;
};

struct importer {
	const char *name;
	enum form form;
	bool (*knows)(const struct record *r);
	/* An error ends the import; a fault's `at` is an offset in the record. */
	enum err (*read)(const struct record *r, struct fault *why);
};

#define X(name) extern const struct importer importer_##name;
#include "feed/importers.def"
#undef X

extern const struct importer *const importers[];
extern const size_t importers_n;

/* --- what importers share (importing.c) --- */

/* An advisory in the making. Errors are sticky; draft_emit tells them. */
struct draft {
	struct advisory a;
	const struct record *from;
	size_t claims_cap, aliases_cap, cwes_cap, files_cap;
	bool is_part;
	enum err err;
};

void draft_init(struct draft *d, const struct record *r, struct slice id, enum source source);
/* A claim to be filled in; NULL when there is no room. Kind and effect are RANGE and AFFECTED. */
struct claim *draft_claim(struct draft *d, struct slice product);
void draft_alias(struct draft *d, struct slice id); /* not the advisory's own */
void draft_cwe(struct draft *d, struct slice text); /* only what looks like CWE-123 */
void draft_file(struct draft *d, struct slice path);
void draft_odd(struct draft *d, enum odd what);
/* A better score (of two the first stays). */
void draft_cvss(struct draft *d, enum cvss_version v, struct slice score, struct slice vector);
/* A vector alone; its prefix tells the version. */
void draft_vector(struct draft *d, struct slice vector);
MUST_CHECK enum err draft_emit(struct draft *d);

/* Of a fixed version, or the range [low, high); empty ends are open. */
void draft_range(struct draft *d, struct slice product, enum effect effect, struct slice low,
		 struct slice high);

/* Days since 1970-01-01 of what begins with YYYY-MM-DD or YYYYMMDD; 0 when it is no date. */
uint32_t date_days(struct slice text);
/* "9.8" is 98; false when it is not a number from 0 to `most`. */
bool decimal_read(struct slice text, unsigned places, uint64_t most, uint64_t *out);
/* A CVE, GHSA, JVNDB or other id: printable, without blanks, not too long. */
bool id_is_good(struct slice id);
/* A version that can be kept: not too long, with a letter or digit in it. */
bool version_is_good(struct slice version);
/* Lower case; blanks become "_". Empty when there is no room. */
struct slice name_fold(struct arena *a, struct slice name);

struct cpe_name {
	struct slice product; /* "a:vendor:product" */
	struct slice version, update;
	struct slice qualifier;
	bool has_wildcard; /* in the version */
};
/* CPE 2.3 formatted strings and CPE 2.2 URIs (NISTIR 7695, 6.1 and 6.2). E_RANGE: neither. */
MUST_CHECK enum err cpe_name_read(struct slice text, struct arena *a, struct cpe_name *out);

/* NVD configurations, 2.0 (also "cpeApplicability" of CVE records) and 1.1. */
void draft_configurations(struct draft *d, const struct value *configurations);

/* The release of a code name ("bookworm": "12"); NULL when nobody knows it. */
const char *release_of(const char *ecosystem, struct slice code_name);
/* What a distribution says of one of its packages. An empty version: of all its versions. */
void draft_fixed(struct draft *d, struct slice product, struct slice version);
void draft_all_versions(struct draft *d, struct slice product, enum effect effect);
/* "ECOSYSTEM/NAME"; empty when there is no room. */
struct slice package_key(struct arena *a, struct slice ecosystem, struct slice name);

/* One affected range or version in the words of a record ("< 1.2", "1.0 through 1.3", "n/a"). */
void draft_wording(struct draft *d, struct slice product, enum effect effect, struct slice words);

#endif
