// SPDX-License-Identifier: Apache-2.0
// A folder as one cpio archive (newc, as in the kernel's buffer-format document) in memory.

#define _GNU_SOURCE
#include "os/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "os/os.h"

#include "base/ban.h"

struct packer {
	int out;
	uint64_t bytes, files;
	char path[LIMIT_PATH_BYTES];
	size_t path_len;
	struct fault *why;
};

static enum err put(struct packer *p, const void *data, size_t n)
{
	p->bytes += n;
	if (p->bytes > LIMIT_FOLDER_BYTES)
		return fault_set(p->why, E_LIMIT, 0, "the folder is larger than the limit");
	return pipe_write(p->out, slice_of(data, n));
}

static enum err put_padding(struct packer *p)
{
	return put(p, "\0\0\0", (size_t)(4 - p->bytes % 4) % 4);
}

static enum err put_header(struct packer *p, const struct stat *st, uint64_t size, const char *name)
{
	char head[128];
	int n = snprintf(
		head, sizeof head, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		(unsigned)++p->files, st->st_mode, st->st_uid, st->st_gid, 1U, 0U, (unsigned)size,
		0U, 0U, major(st->st_rdev), minor(st->st_rdev), (unsigned)strlen(name) + 1, 0U);

	if (p->files > LIMIT_FOLDER_FILES)
		return fault_set(p->why, E_LIMIT, 0, "more files in the folder than the limit");

	enum err e = put(p, head, (size_t)n);

	if (e == OK)
		e = put(p, name, strlen(name) + 1);
	return e ? e : put_padding(p);
}

static enum err cannot(struct packer *p)
{
	return fault_set(p->why, E_IO, 0, "%.80s: %s", p->path, strerror(errno));
}

static enum err pack_file(struct packer *p, int dir, const char *name, const struct stat *st)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	uint8_t chunk[16 * 1024];
	uint64_t left = (uint64_t)st->st_size;
	enum err e = OK;

	if (fd < 0)
		return cannot(p);
	if (left > UINT32_MAX)
		e = fault_set(p->why, E_LIMIT, 0, "%.80s: larger than 4 GiB", p->path);
	else
		e = put_header(p, st, left, p->path);
	while (e == OK && left) {
		ssize_t n = read(fd, chunk, left < sizeof chunk ? (size_t)left : sizeof chunk);

		if (n <= 0)
			e = n < 0 ? cannot(p)
				  : fault_set(p->why, E_SHORT, 0, "%.80s: shrank", p->path);
		else
			e = put(p, chunk, (size_t)n);
		left -= n > 0 ? (uint64_t)n : 0;
	}
	close(fd);
	return e ? e : put_padding(p);
}

static enum err pack_link(struct packer *p, int dir, const char *name, const struct stat *st)
{
	char target[LIMIT_PATH_BYTES];
	ssize_t n = readlinkat(dir, name, target, sizeof target);

	if (n < 0)
		return cannot(p);

	enum err e = put_header(p, st, (uint64_t)n, p->path);

	if (e == OK)
		e = put(p, target, (size_t)n);
	return e ? e : put_padding(p);
}

static int is_real_name(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err pack_folder(struct packer *p, int dir, unsigned depth);

static enum err pack_entry(struct packer *p, int dir, const char *name, unsigned depth)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return cannot(p);
	if (S_ISREG(st.st_mode))
		return pack_file(p, dir, name, &st);
	if (S_ISLNK(st.st_mode))
		return pack_link(p, dir, name, &st);
	if (!S_ISDIR(st.st_mode))
		return put_header(p, &st, 0, p->path);

	enum err e = put_header(p, &st, 0, p->path);
	int sub = e ? -1 : openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (e)
		return e;
	if (sub < 0)
		return cannot(p);
	e = pack_folder(p, sub, depth + 1);
	close(sub);
	return e;
}

static enum err pack_named(struct packer *p, int dir, const char *name, unsigned depth)
{
	size_t before = p->path_len;
	int n = snprintf(p->path + before, sizeof p->path - before, "%s%s", before ? "/" : "",
			 name);

	if (n < 0 || (size_t)n >= sizeof p->path - before)
		return fault_set(p->why, E_LIMIT, 0, "a path in the folder is too long");
	p->path_len += (size_t)n;

	enum err e = pack_entry(p, dir, name, depth);

	p->path_len = before;
	p->path[before] = '\0';
	return e;
}

static enum err pack_folder(struct packer *p, int dir, unsigned depth)
{
	struct dirent **names = NULL;
	enum err e = OK;

	if (depth > LIMIT_DIR_DEPTH)
		return fault_set(p->why, E_LIMIT, 0, "folders nested deeper than the limit");

	int n = scandirat(dir, ".", &names, is_real_name, by_name);

	if (n < 0)
		return cannot(p);
	for (int i = 0; i < n; i++) {
		if (e == OK)
			e = pack_named(p, dir, names[i]->d_name, depth);
		free(names[i]);
	}
	free(names);
	return e;
}

enum err folder_pack(int dir, int *memory_file, struct fault *why)
{
	static const struct stat nothing = {0};
	struct packer p = {.why = why};

	p.out = memfd_create("folder", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (p.out < 0)
		return fault_set(why, E_IO, 0, "memfd: %s", strerror(errno));

	enum err e = pack_folder(&p, dir, 0);

	if (e == OK)
		e = put_header(&p, &nothing, 0, "TRAILER!!!");
	if (e) {
		close(p.out);
		return e;
	}
	(void)fcntl(p.out, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
	*memory_file = p.out;
	return OK;
}
