/* SPDX-License-Identifier: Apache-2.0 */
/* What the loading of a sheet shares: the documents, the sheet being built, the first fault. */
#ifndef SHEET_LOADER_H
#define SHEET_LOADER_H

#include "sheet/document.h"

enum doc_no { DOC_VULNERABILITY, DOC_IOT, DOC_RULES, DOC_N };

/* Its error is sticky: build on, ask once. */
struct loader {
	struct sheet *sheet;
	struct slice bytes[DOC_N];
	struct document *docs[DOC_N];
	struct fault *why;
	enum err err;
};

const char *document_name(enum doc_no doc);

/* The document says something about `id` that cannot be. */
void loader_complain(struct loader *l, enum doc_no doc, const char *id, const char *what);

/* Room in the sheet's arena; NULL after any error. */
void *loader_take(struct loader *l, size_t n, size_t size);

/* A copy in the sheet's arena; NULL gives an empty slice. */
struct slice loader_keep(struct loader *l, const char *text);
struct bilingual loader_keep_both(struct loader *l, const char *ja, const char *en);
const uint64_t *loader_keep_numbers(struct loader *l, const uint64_t *numbers, size_t n);

/* Fills the sheet's items from both sheets; the rules must be there already. */
void loader_items(struct loader *l);

#endif
