/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known-vulnerability diagnosis: the components of a record against a snapshot of vulnerability
 * data.
 *
 * It is an inspector whose product is the record itself. It runs in a worker like the others, with
 * the mapped snapshot; what comes back is checked like what any worker says. Everything it says can
 * be said again with a newer snapshot: known_strip takes the old facts away.
 */
#ifndef INSPECT_KNOWN_H
#define INSPECT_KNOWN_H

#include "record/record.h"

struct known_data; /* the tables it uses, ready */

/* catalog/aliases.yaml, kernel-files.yaml, lifecycles.yaml */
struct known_sources {
	struct slice aliases, kernel_files, lifecycles;
};

/* E_CORRUPT with document and line when one of them is wrong. *out is yours. */
MUST_CHECK enum err known_data_load(const struct known_sources *src, struct known_data **out,
				    struct fault *why);
void known_data_free(struct known_data *d);

struct known_options {
	const struct known_data *data;
	struct slice snapshot; /* mapped; empty: there is none, and nothing is matched */
	bool is_sandboxed;
};

/*
 * Adds to an open record: which data was asked, a vulnerability for every component that one
 * speaks of, findings and coverage. A worker that fails leaves coverage that says so. E_SANDBOX, or
 * E_NOMEM and E_LIMIT when the record cannot take more.
 */
MUST_CHECK enum err known_run(const struct known_options *o, struct record *r, struct fault *why);

/* Copies `old` into `out`, which it makes, without its end and without what known_run adds. */
MUST_CHECK enum err known_strip(const struct record *old, struct record *out);

#endif
