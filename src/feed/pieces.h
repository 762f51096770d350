/* SPDX-License-Identifier: Apache-2.0 */
/* Advisories of sources that sort by package, gathered from many records and joined by id. */
#ifndef FEED_PIECES_H
#define FEED_PIECES_H

#include "feed/advisory.h"

struct part;

struct parts {
	struct buf parcels; /* file, length, parcel; one after the other */
	struct arena arena;
	struct part *sorted;
	size_t n, next;
};

void parts_init(struct parts *p);
void parts_release(struct parts *p);
/* A parcel (parcel.h) that was unpacked once without complaint, and the file it came with. */
MUST_CHECK enum err parts_add(struct parts *p, struct slice parcel, size_t file);
/* Then parts_next: one advisory after the other, E_END after the last. */
MUST_CHECK enum err parts_sort(struct parts *p);
MUST_CHECK enum err parts_next(struct parts *p, struct arena *a, struct advisory *out,
			       size_t *file);

#endif
