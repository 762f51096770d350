/* SPDX-License-Identifier: Apache-2.0 */
/* What SPDX 2 says in JSON and in tag-value alike. */
#ifndef INSPECT_DOCUMENTS_SPDX_H
#define INSPECT_DOCUMENTS_SPDX_H

#include "inspect/documents/documents.h"

struct spdx_package {
	struct component c; /* location: its SPDX identifier */
	struct slice originator;
};

struct spdx {
	struct paper *paper;
	struct slice described; /* the package the document is about, when it is one */
	bool describes_many;
	bool has_held;            /* `held` waits for the end: it may be all there is */
	struct spdx_package held; /* the package described, when no name of the world is known */
	uint64_t packages;
};

/* What the document is about; before the packages. */
void spdx_described(struct spdx *s, struct slice id);
void spdx_relationship(struct spdx *s, struct slice from, struct slice type, struct slice to);

/* One externalRef into purl or CPE. */
void spdx_reference(struct component *c, struct slice type, struct slice locator);

/* A package is a component. The one the document describes is the product itself: it counts as a
 * component only where it has a purl or CPE, or where nothing else is listed. */
void spdx_package(struct spdx *s, const struct spdx_package *k);
void spdx_end(struct spdx *s);

#endif
