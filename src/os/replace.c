// SPDX-License-Identifier: Apache-2.0
// Files of our own: viewed, locked, replaced as a whole.

#define _GNU_SOURCE
#include "os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ban.h"

enum { PENDING_MAX = 1024 * 1024, PATH_BYTES = 4200 };

struct replacement {
	struct arena arena;
	struct buf pending;
	struct fault failed; /* the first write that did */
	int fd;
	char path[PATH_BYTES], temporary[PATH_BYTES + 8];
};

static enum err told(struct fault *why, const char *what)
{
	return fault_set(why, errno == ENOENT ? E_NOTFOUND : E_IO, 0, "%s%s%s", what,
			 what[0] ? ": " : "", strerror(errno));
}

static enum err view(int fd, struct mapping *out, struct fault *why)
{
	struct stat st;
	struct mapping m = {0};

	if (fstat(fd, &st) != 0)
		return told(why, "");
	if (!S_ISREG(st.st_mode))
		return fault_set(why, E_UNSUPPORTED, 0, "not a regular file");
	if (st.st_size > 0) {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (p == MAP_FAILED)
			return told(why, "");
		m.bytes = slice_of(p, (size_t)st.st_size);
	}
	*out = m;
	return OK;
}

enum err file_view(const char *path, struct mapping *out, struct fault *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum err e = fd < 0 ? told(why, "") : view(fd, out, why);

	if (fd >= 0)
		close(fd);
	return e;
}

enum err folder_make_all(const char *dir, struct fault *why)
{
	char part[PATH_BYTES];
	size_t n = strlen(dir);

	if (n >= sizeof part)
		return fault_set(why, E_LIMIT, 0, "path too long");
	for (size_t i = 1; i <= n; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		memcpy(part, dir, i);
		part[i] = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST)
			return told(why, "");
	}
	return OK;
}

enum err lock_take(const char *path, int *lock, struct fault *why)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd < 0)
		return told(why, "");
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return fault_set(why, E_IO, 0, "another process is at work on it");
	}
	*lock = fd;
	return OK;
}

void lock_give(int lock)
{
	close(lock);
}

/* A file that an interrupted process left behind is simply written over. */
enum err replacement_open(const char *path, struct replacement **out, struct fault *why)
{
	struct arena a;
	struct replacement *r = NULL;

	arena_init(&a, 1 * MiB);
	r = strlen(path) < PATH_BYTES ? arena_alloc(&a, sizeof *r) : NULL;
	if (!r)
		return fault_set(why, E_LIMIT, 0, "path too long");
	r->arena = a;
	buf_init(&r->pending, 2 * PENDING_MAX);
	(void)snprintf(r->path, sizeof r->path, "%s", path);
	(void)snprintf(r->temporary, sizeof r->temporary, "%s.new", path);
	r->fd = open(r->temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (r->fd < 0) {
		enum err e = told(why, "");

		arena_release(&a);
		return e;
	}
	*out = r;
	return OK;
}

static enum err write_told(struct replacement *r, struct slice piece)
{
	errno = 0;

	enum err e = pipe_write(r->fd, piece);

	if (e && errno && r->failed.code == OK)
		(void)told(&r->failed, "");
	return e;
}

static enum err flush(struct replacement *r)
{
	enum err e = write_told(r, buf_slice(&r->pending));

	buf_clear(&r->pending);
	return e;
}

enum err replacement_write(struct replacement *r, struct slice piece)
{
	enum err e = OK;

	if (r->pending.len + piece.len > PENDING_MAX)
		e = flush(r);
	if (e == OK && piece.len > PENDING_MAX)
		return write_told(r, piece);
	buf_add(&r->pending, piece);
	return e ? e : r->pending.err;
}

enum err replacement_view(struct replacement *r, struct mapping *out, struct fault *why)
{
	errno = 0;
	if (flush(r) != OK || fsync(r->fd) != 0)
		return told(why, "");
	return view(r->fd, out, why);
}

/* The new name is safe once the folder is on disk too. */
static enum err keep_it(struct replacement *r, struct fault *why)
{
	char *slash = strrchr(r->temporary, '/');
	int dir = -1;

	if (rename(r->temporary, r->path) != 0)
		return told(why, "");
	if (slash)
		*slash = '\0';
	dir = open(slash ? r->temporary : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0) {
		(void)fsync(dir);
		close(dir);
	}
	return OK;
}

enum err replacement_close(struct replacement *r, bool keep, struct fault *why)
{
	struct arena a = r->arena;
	enum err e = OK;

	if (keep && (flush(r) != OK || fsync(r->fd) != 0))
		e = told(why, "");
	else if (!keep && why && r->failed.code)
		*why = r->failed;
	e = e || !keep ? e : keep_it(r, why);
	if (!keep || e)
		(void)unlink(r->temporary);
	close(r->fd);
	buf_release(&r->pending);
	arena_release(&a);
	return e;
}
