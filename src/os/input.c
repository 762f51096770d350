// SPDX-License-Identifier: Apache-2.0
// Files that workers read through a descriptor, window by window: never mapped, so never in memory
// as a whole.

#define _GNU_SOURCE
#include "os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ban.h"

enum err input_open(const char *path, int *fd, uint64_t *size, struct fault *why)
{
	/* O_NONBLOCK: a pipe named as input must not hang us. */
	int got = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (got < 0)
		return fault_set(why, errno == ENOENT ? E_NOTFOUND : E_IO, 0, "%s",
				 strerror(errno));
	if (fstat(got, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(got);
		return fault_set(why, E_UNSUPPORTED, 0, "not a regular file");
	}
	*fd = got;
	*size = (uint64_t)st.st_size;
	return OK;
}

void input_close(int fd)
{
	close(fd);
}

enum err input_read(int fd, uint64_t at, void *room, size_t size, size_t *n)
{
	ssize_t got = -1;

	do
		got = pread(fd, room, size, (off_t)at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return E_IO;
	*n = (size_t)got;
	return OK;
}
