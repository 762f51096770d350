// SPDX-License-Identifier: Apache-2.0
// The snapshot's place on disk.

#include "feed/feed.h"

#include <stdio.h>

#include "base/ban.h"

enum { PATH_BYTES = 4096 };

static enum err path_of(const char *dir, const char *name, char out[PATH_BYTES], struct fault *why)
{
	int n = snprintf(out, PATH_BYTES, "%s/%s", dir, name);

	return n > 0 && n < PATH_BYTES ? OK : fault_set(why, E_LIMIT, 0, "path too long");
}

enum err feed_file_open_at(const char *path, struct feed_file *out, struct fault *why)
{
	struct feed_file f = {.feed = NULL};
	enum err e = file_view(path, &f.map, why);

	if (e)
		return e;
	e = feed_open(f.map.bytes, &f.feed, why);
	if (e)
		file_unmap(&f.map);
	else
		*out = f;
	return e;
}

enum err feed_file_open(const char *dir, struct feed_file *out, struct fault *why)
{
	char path[PATH_BYTES];
	enum err e = path_of(dir, "feed.snapshot", path, why);

	return e ? e : feed_file_open_at(path, out, why);
}

void feed_file_close(struct feed_file *f)
{
	if (f->feed)
		feed_close(f->feed);
	file_unmap(&f->map);
	f->feed = NULL;
}

enum err feed_file_lock(const char *dir, int *lock, struct fault *why)
{
	char path[PATH_BYTES];
	enum err e = folder_make_all(dir, why);

	e = e ? e : path_of(dir, "feed.lock", path, why);
	return e ? e : lock_take(path, lock, why);
}

static enum err write_piece(void *ctx, struct slice piece)
{
	return interrupt_seen() ? E_INTERRUPTED : replacement_write(ctx, piece);
}

static enum err check(struct replacement *r, struct fault *why)
{
	struct mapping map = {0};
	struct feed *f = NULL;
	enum err e = replacement_view(r, &map, why);

	if (e)
		return e;
	e = feed_open(map.bytes, &f, why);
	if (f) {
		e = feed_verify(f, why);
		feed_close(f);
	}
	file_unmap(&map);
	return e;
}

enum err feed_snapshot_write(const char *path, struct feed_builder *b, const struct feed_make *m,
			     struct fault *why)
{
	struct replacement *r = NULL;
	enum err e = replacement_open(path, &r, why);

	if (e)
		return e;

	struct feed_writer w = {.write = write_piece, .ctx = r};

	e = feed_builder_write(b, m, &w, why);
	e = e ? e : check(r, why);
	if (e == OK && interrupt_seen())
		e = fault_set(why, E_INTERRUPTED, 0, "interrupted");

	enum err closed = replacement_close(r, e == OK, e == OK || e == E_IO ? why : NULL);

	return e ? e : closed;
}

enum err feed_file_write(const char *dir, struct feed_builder *b, const struct feed_make *m,
			 struct fault *why)
{
	char path[PATH_BYTES];
	enum err e = path_of(dir, "feed.snapshot", path, why);

	return e ? e : feed_snapshot_write(path, b, m, why);
}
