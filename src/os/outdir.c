// SPDX-License-Identifier: Apache-2.0
// Unpacking into a folder, never outside it: every step is relative to a descriptor, nothing
// followed.

#define _GNU_SOURCE
#include "os/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ban.h"

struct link {
	struct slice path, target;
	struct link *next;
};

struct outdir {
	int fd;
	struct arena arena;
	struct link *links;
};

static bool is_empty_folder(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	bool is_empty = d != NULL;

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			is_empty = false;
	if (d)
		closedir(d);
	else if (copy >= 0)
		close(copy);
	return is_empty;
}

enum err outdir_open(const char *dir, struct outdir **out, struct fault *why)
{
	enum err e = folder_make(dir, why);
	int fd = e ? -1 : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct arena a;

	if (e)
		return e;
	if (fd < 0)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	if (!is_empty_folder(fd)) {
		close(fd);
		return fault_set(why, E_USAGE, 0, "the folder is not empty");
	}
	arena_init(&a, LIMIT_ARENA_BYTES);

	struct outdir *d = arena_alloc(&a, sizeof *d);

	if (!d) {
		close(fd);
		return fault_set(why, E_NOMEM, 0, "out of memory");
	}
	*d = (struct outdir){.fd = fd, .arena = a};
	*out = d;
	return OK;
}

/* One path component as it is written on disk; never one that means something to the system. */
static void component_name(struct slice part, char out[LIMIT_NAME_BYTES + 1])
{
	size_t n = part.len < LIMIT_NAME_BYTES ? part.len : LIMIT_NAME_BYTES;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = slice_at(part, i);

		out[i] = c == '/' || c == 0 ? '_' : (char)c;
	}
	out[n] = '\0';
	if (n == 0 || strcmp(out, ".") == 0 || strcmp(out, "..") == 0)
		memcpy(out, "_", 2);
}

/* The folder that holds the last component, made if absent, opened step by step; -1 on failure. */
static int parent_of(struct outdir *d, struct slice path, char last[LIMIT_NAME_BYTES + 1])
{
	struct slice rest = path, part = {0};
	int fd = dup(d->fd);
	bool is_first = true;

	while (fd >= 0 && text_field(&rest, '/', &part)) {
		if (part.len == 0)
			continue;
		if (!is_first) {
			(void)mkdirat(fd, last, 0777);

			int sub = openat(fd, last, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

			close(fd);
			fd = sub;
		}
		component_name(part, last);
		is_first = false;
	}
	if (is_first && fd >= 0) {
		close(fd);
		errno = ENOTDIR;
		fd = -1;
	}
	return fd;
}

/* The image gave one name to two things that cannot share it (E_RANGE), or the disk is at fault. */
static enum err refusal(void)
{
	static const int of_names[] = {ENOTDIR, EISDIR, EEXIST, ELOOP, ENAMETOOLONG};

	for (size_t i = 0; i < ARRAY_LEN(of_names); i++)
		if (errno == of_names[i])
			return E_RANGE;
	return E_IO;
}

enum err outdir_file(struct outdir *d, struct slice path, struct slice bytes, bool append)
{
	char last[LIMIT_NAME_BYTES + 1] = "";
	int dir = parent_of(d, path, last);
	int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (append ? O_APPEND : O_TRUNC);

	if (dir < 0)
		return refusal();

	int fd = openat(dir, last, flags, 0666);
	enum err e = fd < 0 ? refusal() : pipe_write(fd, bytes);

	if (fd >= 0 && close(fd) != 0)
		e = E_IO;
	close(dir);
	return e;
}

enum err outdir_folder(struct outdir *d, struct slice path)
{
	char last[LIMIT_NAME_BYTES + 1] = "";
	int dir = parent_of(d, path, last);

	if (dir < 0)
		return refusal();

	enum err e = mkdirat(dir, last, 0777) == 0 || errno == EEXIST ? OK : E_IO;

	close(dir);
	return e;
}

static size_t depth_of(struct slice path)
{
	struct slice part = {0};
	size_t n = 0;

	while (text_field(&path, '/', &part))
		n += part.len > 0;
	return n;
}

/*
 * A relative target may climb as far as `floor`, no further, and only before its first name: there
 * it climbs real folders. Behind a name that is a link itself, ".." would lead anywhere.
 */
static bool stays_inside(struct slice target, size_t at_depth, size_t floor)
{
	struct slice part = {0};
	bool has_name = false;

	while (text_field(&target, '/', &part)) {
		if (slice_is(part, "..")) {
			if (has_name || at_depth <= floor)
				return false;
			at_depth--;
		} else if (part.len && !slice_is(part, ".")) {
			has_name = true;
		}
	}
	return true;
}

enum err outdir_link(struct outdir *d, struct slice path, struct slice root, struct slice target)
{
	size_t floor = depth_of(root), at_depth = depth_of(path);
	struct buf b;
	struct link *l = arena_alloc(&d->arena, sizeof *l);

	if (!l)
		return E_NOMEM;
	/* A target that is empty, or that the system would read only in part, is none. */
	if (at_depth == 0 || target.len == 0 || slice_find_byte(target, 0, 0) != SLICE_NONE)
		return E_RANGE;
	at_depth--;
	buf_init(&b, 2 * LIMIT_PATH_BYTES);
	if (slice_starts(target, "/")) {
		/* "/" of the image is `root` here: climb to it first. */
		for (size_t i = floor; i < at_depth; i++)
			buf_text(&b, "../");
		if (at_depth == floor)
			buf_text(&b, "./");
		while (slice_starts(target, "/"))
			target = slice_from(target, 1);
		at_depth = floor;
	}
	buf_add(&b, target);

	enum err e = b.err ? b.err : stays_inside(target, at_depth, floor) ? OK : E_RANGE;

	if (e == OK)
		e = arena_copy(&d->arena, path, &l->path);
	if (e == OK)
		e = arena_copy(&d->arena, buf_slice(&b), &l->target);
	buf_release(&b);
	if (e)
		return e;
	l->next = d->links;
	d->links = l;
	return OK;
}

enum err outdir_close(struct outdir *d)
{
	char last[LIMIT_NAME_BYTES + 1] = "";
	struct arena a = d->arena;
	enum err e = OK;

	for (struct link *l = d->links; l; l = l->next) {
		int dir = parent_of(d, l->path, last);

		if ((dir < 0 || symlinkat((const char *)l->target.ptr, dir, last) != 0) &&
		    e != E_IO)
			e = refusal();
		if (dir >= 0)
			close(dir);
	}
	close(d->fd);
	arena_release(&a);
	return e;
}
