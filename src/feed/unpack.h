/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source file as a stream of plain bytes: .gz, .xz, .bz2, .zst and .zip are taken apart on the
 * way, piece by piece. Whatever is no such container is one member with its own bytes.
 */
#ifndef FEED_UNPACK_H
#define FEED_UNPACK_H

#include "base/base.h"

struct unpack_source {
	/* Up to `size` bytes from `at`; *n is 0 at the end. */
	enum err (*read)(void *ctx, uint64_t at, void *room, size_t size, size_t *n);
	void *ctx;
	uint64_t size;
};

struct unpack; /* lives in the arena it was opened with */

MUST_CHECK enum err unpack_open(const struct unpack_source *from, struct arena *a,
				struct unpack **out, struct fault *why);
void unpack_close(struct unpack *u);
/* The next member, its name in *name (borrowed until the next call). E_END after the last. */
MUST_CHECK enum err unpack_next(struct unpack *u, struct slice *name, struct fault *why);
/* Appends some of the member. E_END at its end. */
MUST_CHECK enum err unpack_read(struct unpack *u, struct buf *out, struct fault *why);
/* Bytes of the file taken so far. */
uint64_t unpack_taken(const struct unpack *u);

#endif
