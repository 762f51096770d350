/* SPDX-License-Identifier: Apache-2.0 */
/* How a library lies in memory: shared by the files that load it and scan with it, and by no other.
 */
#ifndef INSPECT_LIBRARY_PARTS_H
#define INSPECT_LIBRARY_PARTS_H

#include "inspect/library.h"

/* PCRE2 wants to know the width of characters before its header. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs.h>
#include <pcre2.h>

/* Where a pattern counts. The zero value is a careful one: what says nothing is not believed
 * everywhere. */
enum scope {
	SCOPE_MARKED,   /* in the component's own files, and where all its marks are */
	SCOPE_ANYWHERE, /* the text itself is found in nothing else */
	SCOPE_NAMED, /* in the component's own files only, and with all its marks if it has any: a
		      * bare version */
	SCOPE_N
};

/* One pattern of the catalogue, as its YAML has it. */
struct catalog_pattern {
	char *find, *example, *version;
	enum scope where;
};

struct catalog_entry {
	char *name, *supplier, *purl, *update, *traps;
	enum signature_kind kind;
	bool text;
	char **cpe, **files, **marks, **without, **packages;
	unsigned cpe_count, files_count, marks_count, without_count, packages_count;
	struct catalog_pattern *patterns, *names;
	unsigned patterns_count, names_count;
};

/* One file of the catalogue, or all of them. */
struct catalog {
	struct catalog_entry *components;
	unsigned components_count;
};

enum { CATALOG_FILES = 64 };

/* The catalogue as a whole: `all` lists the components of every file, in order. */
struct catalog_files {
	struct catalog *files[CATALOG_FILES];
	unsigned n;
	struct catalog all; /* the array is in the arena, what it points to belongs to the files */
};

/* One thing looked for. Strings and marks are in the database under their index here. */
struct probe {
	size_t entry;     /* index of the component */
	const char *find; /* regular expression, or a mark's literal text */
	pcre2_code *code; /* captures the version; NULL for marks */
	enum scope where; /* of strings */
};

enum probe_group { PROBE_STRING, PROBE_MARK, PROBE_BARE, PROBE_NAME, PROBE_GROUP_N };

struct library {
	struct arena arena;
	struct catalog_files files;
	const struct catalog *catalog; /* all of the files */
	size_t *first_mark;            /* of each component, in PROBE_MARK */
	struct signature *signatures;  /* one a component, in the catalogue's order */
	struct probe *probes[PROBE_GROUP_N];
	size_t probes_n[PROBE_GROUP_N];
	hs_database_t *database; /* fixed texts of PROBE_STRING, then PROBE_MARK */
	pcre2_match_context *context;
	/* what one scan at a time may use */
	hs_scratch_t *scratch;
	pcre2_match_data *match;
	bool is_clone;
};

/* Reads and checks the YAML of all files. catalog_free is called even after an error. */
MUST_CHECK enum err catalog_load(struct slice yaml, struct arena *a, struct catalog_files *out,
				 struct fault *why);
void catalog_free(struct catalog_files *c);

#endif
