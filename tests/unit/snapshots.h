/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots for tests: made in memory, and written out as text, every answer a line. */
#ifndef TESTS_SNAPSHOTS_H
#define TESTS_SNAPSHOTS_H

#include "support.h"

#include "feed/feed.h"

/* An enum err (*)(void *, struct slice) into a buf. */
enum err snapshot_keep(void *buf, struct slice piece);

/* Writes the builder's snapshot into `out`, which this call initialises. */
void snapshot_make(struct feed_builder *b, bool has_texts, struct buf *out);

/* What the snapshot answers on these names, ids and keys; E_CORRUPT as soon as an answer is. */
struct snapshot_questions {
	const char *const *keys, *const *names, *const *ids, *const *versions;
	size_t keys_n, names_n, ids_n, versions_n;
};
MUST_CHECK enum err snapshot_dump(struct feed *f, const struct snapshot_questions *q,
				  struct buf *out);

#endif
