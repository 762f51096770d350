/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compressed kernel inside a self-unpacking one (zImage, bzImage): nothing in the image says
 * how it is compressed, so every stream format of the table may bid for it.
 */
#ifndef FORMAT_KERNEL_PAYLOAD_H
#define FORMAT_KERNEL_PAYLOAD_H

#include "format/format.h"

struct kernel_payload {
	uint64_t at, size;           /* of the stored stream, trailing bytes excluded */
	const struct format *format; /* of the stream; NULL: none was found */
	uint64_t
		work; /* of all bids so far, added up also where nothing is found: see struct bid */
};

/* The stream that begins exactly at `at`, decoded whole. E_NOTFOUND when there is none. */
MUST_CHECK enum err kernel_payload_at(struct slice in, uint64_t at, struct kernel_payload *out);

/* The largest stream that begins in [from, from+window). E_NOTFOUND when none decodes. */
MUST_CHECK enum err kernel_payload_find(struct slice in, uint64_t from, uint64_t window,
					struct kernel_payload *out);

/* What a box of one payload is made of: its `open` fills the payload, the rest is here. */
MUST_CHECK enum err kernel_payload_open(struct slice in, const struct kernel_payload *p,
					struct arena *a, void **state, struct fault *why);
enum err kernel_payload_next(void *state, struct entry *out, struct fault *why);
enum err kernel_payload_read(void *state, const struct entry *e, struct buf *out,
			     struct fault *why);

#endif
