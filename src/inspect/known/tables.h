/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of known-vulnerability diagnosis, as read from YAML and as asked. */
#ifndef KNOWN_TABLES_H
#define KNOWN_TABLES_H

#include "feed/feed.h"
#include "inspect/known.h"

/* One piece of software under all the names that vulnerability data has for it. */
struct alias {
	char *name;
	char **names;    /* what components are called; the name itself is one of them */
	char **slots;    /* product keys: "a:arm:mbed_tls" */
	char **packages; /* source packages of distributions */
	unsigned names_count, slots_count, packages_count;
};

/* What must be on for the files below a path to be built. */
struct kernel_path {
	char *path;     /* "drivers/net/wireless/ath/ath9k/", or one file */
	char **config;  /* symbols: any of them builds it */
	char **modules; /* modules it ends up in */
	unsigned config_count, modules_count;
};

enum role { ROLE_OTHER, ROLE_KERNEL, ROLE_LIBRARY, ROLE_N };

struct branch {
	char *series;    /* versions that begin so, up to a character that is no digit */
	char *end;       /* YYYY-MM-DD maintenance ends or ended; NULL: not announced */
	char **releases; /* "VERSION YYYY-MM-DD", oldest first; not all of them */
	unsigned releases_count;
};

/* Who keeps a product maintained, and until when. */
struct lifecycle {
	char *name;
	char **names; /* further names of the component */
	char *slot;   /* product key: says how versions are ordered */
	char *source; /* where the dates stand */
	enum role role;
	struct branch *branches;
	unsigned names_count, branches_count;
};

struct tables {
	struct alias *aliases;
	struct kernel_path *paths;
	struct lifecycle *lifecycles;
	unsigned aliases_count, paths_count, lifecycles_count;
};

/* A text and what stands under it; sorted by text. */
struct index_row {
	struct slice key;
	unsigned at;
};

struct table_index {
	struct index_row *rows;
	size_t n;
};

struct known_data {
	struct arena arena;
	struct tables *docs[3];        /* owned by libcyaml, one a document */
	struct table_index aliases;    /* by slot, and by "=NAME" */
	struct table_index paths;      /* by path */
	struct table_index lifecycles; /* by "=NAME" and by slot */
};

enum table_doc { TABLE_ALIASES, TABLE_PATHS, TABLE_LIFECYCLES, TABLE_DOC_N };

/* One document through libcyaml. *out is yours, for tables_free. */
MUST_CHECK enum err tables_read(enum table_doc doc, struct slice yaml, struct tables **out,
				struct fault *why);
void tables_free(enum table_doc doc, struct tables *t);

/* NULL: the tables do not know it. Names are compared without regard to case. */
const struct alias *alias_of_slot(const struct known_data *d, struct slice slot);
const struct alias *alias_of_name(const struct known_data *d, struct slice name);
const struct lifecycle *lifecycle_of_slot(const struct known_data *d, struct slice slot);
const struct lifecycle *lifecycle_of_name(const struct known_data *d, struct slice name);

/* The row with the longest path that the file lies below; NULL when there is none. */
const struct kernel_path *kernel_path_of(const struct known_data *d, struct slice file);

#endif
