/* SPDX-License-Identifier: Apache-2.0 */
/* Where the snapshot lives: DIR/feed.snapshot, replaced as a whole by one import at a time. */
#ifndef FEED_HOME_H
#define FEED_HOME_H

#include "os/os.h"

struct feed;
struct feed_builder;
struct feed_make;

struct feed_file {
	struct mapping map;
	struct feed *feed;
};

/* E_NOTFOUND: nothing was imported yet. Otherwise as feed_open. */
MUST_CHECK enum err feed_file_open(const char *dir, struct feed_file *out, struct fault *why);
/* The same of a file of any name. */
MUST_CHECK enum err feed_file_open_at(const char *path, struct feed_file *out, struct fault *why);
void feed_file_close(struct feed_file *f);

/* Makes the folder. E_IO: another import is at work. Undone by lock_give. */
MUST_CHECK enum err feed_file_lock(const char *dir, int *lock, struct fault *why);

/* Writes, checks and only then replaces. Whatever fails leaves the old one as it was. */
MUST_CHECK enum err feed_file_write(const char *dir, struct feed_builder *b,
				    const struct feed_make *m, struct fault *why);
/* The same to a file of any name, by nobody else at the same time. */
MUST_CHECK enum err feed_snapshot_write(const char *path, struct feed_builder *b,
					const struct feed_make *m, struct fault *why);

#endif
