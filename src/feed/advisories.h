/* SPDX-License-Identifier: Apache-2.0 */
/* The advisories of a snapshot: their ids and their units. */
#ifndef FEED_ADVISORIES_H
#define FEED_ADVISORIES_H

#include "feed/texts.h"

/* Its id, and a cursor that stands before its first unit. */
MUST_CHECK enum err advisory_read(struct feed *f, uint32_t index, struct slice *id,
				  struct cursor *units);

/* The place in ORDER of the first id that is not before `id`. */
MUST_CHECK enum err advisory_search(struct feed *f, struct slice id, uint32_t *place);
MUST_CHECK enum err advisory_at_place(struct feed *f, uint32_t place, uint32_t *index,
				      struct slice *id);

#endif
