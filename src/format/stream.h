/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all one-payload compressions share: the bid decodes the whole stream (so its size is known
 * and its content proved), and open yields that one payload. A stream format is its bid, its codec,
 * and three one-line functions from here.
 */
#ifndef FORMAT_STREAM_H
#define FORMAT_STREAM_H

#include "format/codec.h"
#include "format/format.h"

typedef enum err stream_codec(struct slice in, struct buf *out, size_t *used);

/* Decodes `in` to find where it ends. VERIFIED, with `how` in the bid. */
MUST_CHECK enum err stream_bid(stream_codec *codec, struct slice in, const char *how,
			       struct bid *out, struct fault *why);

MUST_CHECK enum err stream_open(stream_codec *codec, struct slice in, struct slice name,
				struct arena *a, void **state, struct fault *why);
enum err stream_next(void *state, struct entry *out, struct fault *why);
enum err stream_read(void *state, const struct entry *e, struct buf *out, struct fault *why);

#endif
