/* SPDX-License-Identifier: Apache-2.0 */
/* What a VEX document says, one line for each vulnerability and product. In the room only. */
#ifndef REPORT_VEX_LINES_H
#define REPORT_VEX_LINES_H

#include "report/view.h"

struct vex_line {
	struct slice id;
	struct slice product; /* purl, CPE or name[@version]; empty: the target as a whole */
	enum vex_status status;
	struct slice justification; /* of VEX_NOT_AFFECTED */
	struct slice statement;     /* why, or what to do */
	struct slice date;          /* YYYY-MM-DD, or empty */
	struct slice fixed_in;
	size_t product_no; /* in vex_lines.products */
	size_t order;      /* of the record: what was decided later counts */
};

struct vex_lines {
	struct arena arena;
	struct vex_line *lines; /* by id, then product; one for each pair */
	size_t n;
	struct slice *products; /* each once, in order */
	size_t products_n;
};

/*
 * Decisions as they stand, then every vulnerability that no decision covers, by the status it was
 * given. E_NOTFOUND when there is nothing to say; on failure *out is released.
 */
MUST_CHECK enum err vex_lines_gather(const struct report_view *v, struct vex_lines *out);
void vex_lines_release(struct vex_lines *l);

/* A product taken apart for documents that name it so. version may be empty. */
struct vex_product {
	struct slice name, version, purl, cpe;
};
struct vex_product vex_product_of(const struct report_view *v, struct slice product,
				  struct arena *a);

/* Who speaks: --author, or words that say nobody was named. */
struct slice vex_author(const struct report_view *v);

/* "NAMESPACE/kensa-vex-…", or a UUID without one. Appends. */
MUST_CHECK enum err vex_document_id(const struct report_view *v, const char *kind, struct buf *out);

/* The time stamp of a line: its own date, or the inspection's. Appends. */
void vex_stamp(const struct report_view *v, const struct vex_line *l, struct buf *out);

#endif
