/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Installed packages in databases of rpm, without rpm, SQLite or Berkeley DB: the tables of
 * rpmdb.sqlite (SQLite file format 3), Packages.db ("ndb") and Packages (a hash table of Berkeley
 * DB), whose blobs are package headers (RPM file format, "header structure", without its magic).
 */
#ifndef INSPECT_FIRMWARE_RPMDB_H
#define INSPECT_FIRMWARE_RPMDB_H

#include "base/base.h"

struct rpm_package {
	struct slice name, version, release, arch, vendor, source; /* borrowed from the header */
	uint64_t epoch;                                            /* 0: none */
	uint64_t at; /* where its header begins in the database */
};

/* Called for each package in the order of the database; texts live until the call returns. */
struct rpmdb_sink {
	void (*package)(void *context, const struct rpm_package *p);
	void *context;
};

/*
 * E_MAGIC: none of the three. E_LIMIT after LIMIT_PACKAGES, E_CORRUPT or E_SHORT where the
 * database is damaged: what was told before holds. Each page is read at most once, and no more
 * bytes of blobs than twice the file.
 */
MUST_CHECK enum err rpmdb_read(struct slice database, struct arena *a,
			       const struct rpmdb_sink *sink, struct fault *why);

/* One header. E_CORRUPT when it has no name or version. */
MUST_CHECK enum err rpm_header_read(struct slice header, struct rpm_package *out);

#endif
