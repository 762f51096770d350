/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Component signatures: catalog/components.yaml compiled into one pattern database, so that all of
 * them are matched in one pass over a file. Compiled once in the parent from trusted data; worker
 * processes use what they inherit, threads each use a clone.
 */
#ifndef INSPECT_LIBRARY_H
#define INSPECT_LIBRARY_H

#include "model/model.h"

struct library;

enum signature_kind {
	SIGNATURE_PROGRAM,
	SIGNATURE_LIBRARY,  /* is also found as a copy inside programs */
	SIGNATURE_SYSTEM,   /* kernel, boot loader: not a file of its own name */
	SIGNATURE_FIRMWARE, /* the same, and no operating system whatever its CPE says */
	SIGNATURE_KIND_N
};

/* What a component is called. Texts live as long as the library. */
struct signature {
	struct slice name, supplier;
	struct slice purl_type, purl_space, purl_name;
	struct slice vendor, product; /* of the CPE; empty: it has none */
	char part;
	char update; /* letter before the CPE's update ("7.4p1": 'p'), or 0 */
	enum signature_kind kind;
	bool is_text; /* found in text files (scripts of web pages), not in binaries */
};

/* E_CORRUPT with the line in why->at when the YAML is wrong, or with the pattern that is. */
MUST_CHECK enum err library_load(struct slice yaml, struct library **out, struct fault *why);

/* A second user of the same database. It must be freed, before the library it was cloned from. */
MUST_CHECK enum err library_clone(const struct library *l, struct library **out);
void library_free(struct library *l);

/* A file as the signatures look at it. */
struct specimen {
	struct slice data;
	struct slice name; /* last part of its path; empty for a payload */
	bool is_text;
};

enum sighting_how {
	SIGHTED_STRING, /* a version string in the bytes */
	SIGHTED_NAME,   /* the version in the file's name */
};

struct sighting {
	const struct signature *what;
	struct slice version; /* borrowed from the specimen; empty: seen, but no version */
	uint64_t at;          /* offset of the version string; 0 for a name */
	enum sighting_how how;
	bool is_named; /* the file's name is the component's */
};

struct sightings {
	struct sighting *list; /* in the arena; in the catalogue's order, then by version */
	size_t n;
};

/*
 * Every component in a file, once for each version. One pass; the work is bounded. E_LIMIT: the
 * file has more matches than are looked at; what was found holds. Uses the library's scratch space:
 * one call at a time.
 */
MUST_CHECK enum err library_scan(const struct library *l, const struct specimen *s, struct arena *a,
				 struct sightings *out);

/* The component that a package of that name holds, or NULL. */
const struct signature *library_package(const struct library *l, struct slice package);

/* Splits "7.4p1" into version and update for a CPE, where the component's versions are so. */
/* What bills of materials call it. */
enum component_kind signature_component_kind(const struct signature *s);

void signature_cpe(const struct signature *s, struct slice version, struct buf *out);
void signature_purl(const struct signature *s, struct slice version, struct buf *out);

/* The k-th pattern's own example, for tests. False when k is past the last. */
struct example {
	struct slice component, text, version;
	struct slice file;  /* a glob of the component's own file names; may be empty */
	char *const *marks; /* texts that must be in a file where the name does not tell */
	size_t marks_n;
	enum sighting_how how;
	bool is_text;
	bool is_anywhere; /* counts in files of any name, without marks */
};
bool library_example(const struct library *l, size_t k, struct example *out);

#endif
