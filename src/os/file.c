// SPDX-License-Identifier: Apache-2.0
// Files: map an input, read a small one, write a report.

#define _GNU_SOURCE
#include "os/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/folder.h"

#include "base/ban.h"

enum { CHUNK = 1024 * 1024 };

static enum err read_more(int fd, struct buf *out)
{
	for (;;) {
		size_t left = out->ceiling - out->len;
		size_t want = left < CHUNK ? left + 1 : CHUNK;
		uint8_t *room = buf_room(out, want <= left ? want : left);
		uint8_t extra = 0;
		ssize_t n = left ? (room ? read(fd, room, want <= left ? want : left) : -1)
				 : read(fd, &extra, 1);

		if (n == 0)
			return OK;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return room ? E_IO : E_NOMEM;
		if (!left)
			return E_LIMIT;
		buf_grown(out, (size_t)n);
	}
}

enum err file_read(const char *path, struct buf *out, struct fault *why)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fault_set(why, errno == ENOENT ? E_NOTFOUND : E_IO, 0, "%s",
				 strerror(errno));
	errno = 0;

	enum err e = read_more(fd, out);

	close(fd);
	if (e)
		return fault_set(why, e, out->len, "%s",
				 errno          ? strerror(errno)
				 : e == E_LIMIT ? "larger than the limit"
						: err_words(e, false));
	return OK;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); /* whatever the locale */
}

static int is_seen(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

enum err folder_read(const char *dir, const char *suffix, const char *mark, struct buf *out,
		     struct fault *why)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_seen, by_name), taken = 0;
	enum err err = n < 0 ? fault_set(why, E_IO, 0, "%s", strerror(errno)) : OK;
	struct buf path;

	buf_init(&path, PATH_MAX);
	for (int i = 0; i < n && err == OK; i++) {
		if (!slice_ends(slice_text(names[i]->d_name), suffix))
			continue;
		buf_clear(&path);
		buf_print(&path, "%s/%s", dir, names[i]->d_name);
		buf_byte(&path, 0);
		buf_print(out, "%s%s\n", mark, names[i]->d_name);
		err = path.err ? path.err : file_read((const char *)path.data, out, why);
		/* the next mark begins a line */
		if (out->len && out->data[out->len - 1] != '\n')
			buf_byte(out, '\n');
		err = err ? err : out->err;
		taken++;
	}
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	buf_release(&path);
	if (err == OK && taken == 0)
		err = fault_set(why, E_NOTFOUND, 0, "no *%s in it", suffix);
	return err;
}

/* FIPS 180-4 over what read(2) gives; a read error is an error of the input. */
static enum err hash_descriptor(int fd, char hex[SHA256_HEX + 1])
{
	uint8_t md[SHA256_LEN], chunk[16 * 1024];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	enum err e = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 ? OK : E_NOMEM;
	off_t at = 0;

	while (e == OK) {
		ssize_t n = pread(fd, chunk, sizeof chunk, at);

		if (n == 0)
			break;
		if (n < 0 || EVP_DigestUpdate(ctx, chunk, (size_t)n) != 1)
			e = E_IO;
		at += n;
	}
	if (e == OK && EVP_DigestFinal_ex(ctx, md, NULL) != 1)
		e = E_NOMEM;
	EVP_MD_CTX_free(ctx);
	if (e == OK)
		text_hex(md, sizeof md, hex);
	return e;
}

static enum err map_descriptor(int fd, struct mapping *out, struct fault *why)
{
	struct stat st;
	struct mapping m = {0};

	if (fstat(fd, &st) != 0)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fault_set(why, E_UNSUPPORTED, 0, "neither a regular file nor a folder");
	if ((uint64_t)st.st_size > LIMIT_INPUT_BYTES)
		return fault_set(why, E_LIMIT, 0, "larger than the limit for one input");
	if (hash_descriptor(fd, m.sha256) != OK)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	if (st.st_size > 0) {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (p == MAP_FAILED)
			return fault_set(why, E_IO, 0, "%s", strerror(errno));
		m.bytes = slice_of(p, (size_t)st.st_size);
	}
	*out = m;
	return OK;
}

enum err file_map(const char *path, struct mapping *out, struct fault *why)
{
	/* O_NONBLOCK: a pipe named as target must not hang us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return fault_set(why, errno == ENOENT ? E_NOTFOUND : E_IO, 0, "%s",
				 strerror(errno));

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		int packed = -1;
		enum err e = folder_pack(fd, &packed, why);

		close(fd);
		if (e)
			return e;
		fd = packed;
	}

	enum err e = map_descriptor(fd, out, why);

	close(fd);
	return e;
}

void file_unmap(struct mapping *m)
{
	if (m->bytes.len)
		munmap((void *)(uintptr_t)m->bytes.ptr, m->bytes.len);
	*m = (struct mapping){0};
}

bool folder_exists(const char *dir)
{
	struct stat st;

	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode);
}

enum err folder_make(const char *dir, struct fault *why)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));
	return OK;
}

enum err file_write(const char *dir, const char *name, struct slice bytes, struct fault *why)
{
	char path[4096], temporary[4200];
	int n = snprintf(path, sizeof path, "%s/%s", dir, name);

	if (n < 0 || (size_t)n >= sizeof path)
		return fault_set(why, E_LIMIT, 0, "path too long");
	(void)snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());

	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd < 0)
		return fault_set(why, E_IO, 0, "%s", strerror(errno));

	enum err e = pipe_write(fd, bytes);

	if (close(fd) != 0)
		e = E_IO;
	if (e == OK && rename(temporary, path) != 0)
		e = E_IO;
	if (e) {
		fault_set(why, e, 0, "%s", strerror(errno));
		(void)unlink(temporary);
	}
	return e;
}
