/* SPDX-License-Identifier: Apache-2.0 */
/* A CSAF document being read. */
#ifndef INSPECT_DOCUMENTS_CSAF_H
#define INSPECT_DOCUMENTS_CSAF_H

#include "inspect/documents/documents.h"

struct csaf {
	struct paper *paper;
	struct references groups; /* product id → one of the groups it is in */
	/* Of the vulnerability being read: product or group id → words. */
	struct references labels, remedies, impacts, dates;
	struct slice remedy_for_all;
};

/* product_tree (CSAF 2.0, 3.2.2) into paper->references and csaf->groups. */
void csaf_tree(struct csaf *c, struct jsonr *j);

#endif
