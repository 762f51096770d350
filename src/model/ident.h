/* SPDX-License-Identifier: Apache-2.0 */
/* The two names under which the world knows a component: package URL and CPE. */
#ifndef MODEL_IDENT_H
#define MODEL_IDENT_H

#include "base/base.h"

/* Empty members are left out. `space` is the namespace; it may have several parts ("a/b"). */
struct purl {
	struct slice type, space, name, version, arch;
	struct slice qualifiers; /* all of them as written, "arch=mips&distro=x"; arch is in it */
	struct slice subpath;    /* as written */
};

/* Attributes of a CPE, in the order they are written in. */
enum cpe_attribute {
	CPE_VENDOR,
	CPE_PRODUCT,
	CPE_VERSION,
	CPE_UPDATE,
	CPE_EDITION,
	CPE_LANGUAGE,
	CPE_SW_EDITION,
	CPE_TARGET_SW,
	CPE_TARGET_HW,
	CPE_OTHER,
	CPE_N
};

/* Empty members are written as "*" (any value), members whose bit is in `na` as "-" (none). */
struct cpe {
	char part; /* 'a', 'o' or 'h' */
	struct slice vendor, product, version, update;
	struct slice more[CPE_N - CPE_EDITION]; /* from edition on */
	unsigned na;                            /* bit CPE_VERSION: it has no version, and so on */
};

/* Appends "pkg:type/namespace/name@version?arch=…" (package-url specification, 2022). Nothing when
 * type or name is empty. */
void purl_write(struct buf *out, const struct purl *p);

/* Appends "cpe:2.3:part:vendor:product:version:update:*:*:*:*:*:*" (NISTIR 7695, 6.2). Nothing when
 * vendor or product is empty. */
void cpe_write(struct buf *out, const struct cpe *c);

/*
 * Reads a package URL, percent signs undone. Type in small letters; texts live in the arena.
 * E_MAGIC when it is none, E_CORRUPT with the place when a part is missing or badly written. All or
 * nothing.
 */
MUST_CHECK enum err purl_read(struct slice in, struct arena *a, struct purl *out,
			      struct fault *why);

/*
 * Reads a CPE of version 2.3 ("cpe:2.3:a:…", also cut short behind the product) or 2.2 ("cpe:/a:…",
 * NISTIR 7695, 6.1), quotes undone, in small letters. A pattern (an unquoted * or ? inside a value)
 * is no name: E_UNSUPPORTED. All or nothing.
 */
MUST_CHECK enum err cpe_read(struct slice in, struct arena *a, struct cpe *out, struct fault *why);

#endif
