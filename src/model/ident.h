/* SPDX-License-Identifier: Apache-2.0 */
/* The two names under which the world knows a component: package URL and CPE. */
#ifndef MODEL_IDENT_H
#define MODEL_IDENT_H

#include "base/base.h"

/* Empty members are left out. `space` is the namespace; it may have several parts ("a/b"). */
struct purl {
	struct slice type, space, name, version;
	/* qualifiers: architecture, distribution ("debian-12"), epoch (of rpm, where it is no part
	 * of the version), source package ("openssl", or "openssl@1.1.1w-1" where its version is
	 * another) */
	struct slice arch, distro, epoch, upstream;
};

/* Empty members are written as "*" (any value). */
struct cpe {
	char part; /* 'a', 'o' or 'h' */
	struct slice vendor, product, version, update;
};

/* Appends "pkg:type/namespace/name@version?arch=…&distro=…" (package-url specification, 2022).
 * Nothing when type or name is empty. */
void purl_write(struct buf *out, const struct purl *p);

/* Appends "cpe:2.3:part:vendor:product:version:update:*:*:*:*:*:*" (NISTIR 7695, 6.2). Nothing when
 * vendor or product is empty. */
void cpe_write(struct buf *out, const struct cpe *c);

#endif
