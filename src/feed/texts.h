/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts in compressed frames: each frame holds those of several units and can be unpacked alone.
 */
#ifndef FEED_TEXTS_H
#define FEED_TEXTS_H

#include "feed/unit.h"

enum {
	FRAME_AIM = 64 * 1024, /* a frame this full is closed */
	/* The longest unpacked: all but full, and one unit's texts. */
	FRAME_BYTES_MAX = FRAME_AIM + UNIT_TEXTS * (int)LIMIT_ADVISORY_TEXT,
};

struct texts_packer {
	void *codec;
	struct buf raw;    /* of the frame being filled */
	struct buf packed; /* finished frames, one behind the other */
	struct buf ends;   /* u64 each: where it ends in `packed` */
	uint32_t first_no; /* number of the first finished frame */
};

MUST_CHECK enum err texts_packer_init(struct texts_packer *p);
void texts_packer_release(struct texts_packer *p);
/* Titles and texts into the frame being filled, clipped to LIMIT_ADVISORY_TEXT each. */
MUST_CHECK enum err texts_add(struct texts_packer *p, const struct advisory *a,
			      struct unit_texts *out);
/* Closes the frame being filled; nothing when it is empty. */
MUST_CHECK enum err texts_flush(struct texts_packer *p);
uint32_t texts_frames(const struct texts_packer *p);

/* The text `which` of a unit of a snapshot, borrowed until the next call. */
MUST_CHECK enum err texts_read(struct feed *f, const struct unit_texts *t, size_t which,
			       struct slice *out);

#endif
