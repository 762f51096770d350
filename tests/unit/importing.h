/* SPDX-License-Identifier: Apache-2.0 */
/* Imports bytes without processes: what importers say, as text to compare. */
#ifndef TESTS_IMPORTING_H
#define TESTS_IMPORTING_H

#include "feed/importers.h"

struct said {
	struct buf text; /* a line an advisory, claims indented below; "odd NAME"; "date SOURCE
			    DATE" */
	struct arena arena;
	enum err err;
	struct fault why;
	size_t advisories, odd;
};

/* Cuts and reads all of `bytes` as a worker would. Released by said_release. */
void said_import(struct said *s, struct slice bytes);
void said_release(struct said *s);
bool said_has(const struct said *s, const char *text);

/* Reads one record with one importer, as far as it knows it. */
void said_record(struct said *s, const struct importer *i, struct slice bytes);

#endif
