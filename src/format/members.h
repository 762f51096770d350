/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that libarchive reads, from memory only: what their formats share. A format of this
 * family is its bid and three lines that name libarchive's reader.
 */
#ifndef FORMAT_MEMBERS_H
#define FORMAT_MEMBERS_H

#include "format/format.h"

struct archive;

/* One of archive_read_support_format_*. */
typedef int archive_support(struct archive *a);

/* OK when libarchive finds a first member, or an empty archive, in `in`. */
MUST_CHECK enum err archive_probe(archive_support *support, struct slice in, struct fault *why);

MUST_CHECK enum err archive_begin(archive_support *support, struct slice in, struct arena *a,
				  void **state, struct fault *why);
enum err archive_next(void *state, struct entry *out, struct fault *why);
enum err archive_member(void *state, const struct entry *e, struct buf *out, struct fault *why);
void archive_end(void *state);

#endif
