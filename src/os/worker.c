// SPDX-License-Identifier: Apache-2.0
// Workers: fork, give up everything, run, end.

#define _GNU_SOURCE
#include "os/os.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/sandbox.h"

#include "base/ban.h"

enum { RESULT_FD = 3, EXIT_NO_SANDBOX = 99 };

static void limit(int what, rlim_t most)
{
	struct rlimit r = {.rlim_cur = most, .rlim_max = most};

	(void)setrlimit((__rlimit_resource_t)what, &r);
}

static void set_limits(size_t inputs_n)
{
#if !defined(__SANITIZE_ADDRESS__)
	limit(RLIMIT_AS, LIMIT_WORKER_MEMORY);
#endif
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
	limit(RLIMIT_NOFILE, WORKER_INPUT + inputs_n);
}

/* The pipe becomes descriptor 3, the inputs follow, everything else is closed, standard streams
 * too. All are lifted out of the way first: a number may be another one's place. */
static bool keep_only(int fd, const struct worker_task *t)
{
	int first = WORKER_INPUT + (int)t->inputs_n;
	int lifted[LIMIT_INPUTS];

	fd = fcntl(fd, F_DUPFD, first);
	for (size_t i = 0; i < t->inputs_n; i++)
		lifted[i] = fcntl(t->inputs[i], F_DUPFD, first);
	if (fd < 0 || dup2(fd, RESULT_FD) < 0)
		return false;
	for (size_t i = 0; i < t->inputs_n; i++)
		if (lifted[i] < 0 || dup2(lifted[i], WORKER_INPUT + (int)i) < 0)
			return false;
	return syscall(SYS_close_range, 0U, (unsigned)RESULT_FD - 1, 0U) == 0 &&
	       syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0;
}

static _Noreturn void child(const struct worker_task *t, int fd)
{
	signal(SIGINT, SIG_IGN); /* the parent decides what ctrl-C means */
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (!keep_only(fd, t))
		_exit(EXIT_NO_SANDBOX);
	set_limits(t->inputs_n);
	if (t->is_sandboxed && sandbox_enter(RESULT_FD, t->inputs_n) != OK)
		_exit(EXIT_NO_SANDBOX);
	t->run(t->ctx, RESULT_FD);
	_exit(0);
}

enum err worker_start_reading(const struct worker_task *t, struct worker *out, struct fault *why)
{
	int ends[2];

	if (t->inputs_n > LIMIT_INPUTS)
		return fault_set(why, E_LIMIT, 0, "too many inputs");
	if (t->is_sandboxed && !protection_available().seccomp)
		return fault_set(why, E_SANDBOX, 0, "seccomp is not available");
	if (pipe2(ends, O_CLOEXEC) < 0)
		return fault_set(why, E_IO, 0, "pipe: %s", strerror(errno));

	pid_t pid = fork();

	if (pid == 0)
		child(t, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return fault_set(why, E_IO, 0, "fork: %s", strerror(errno));
	}
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*out = (struct worker){.pid = pid, .results = ends[0]};
	return OK;
}

enum err worker_start(void (*run)(void *ctx, int results), void *ctx, bool is_sandboxed,
		      struct worker *out, struct fault *why)
{
	struct worker_task t = {.run = run, .ctx = ctx, .is_sandboxed = is_sandboxed};

	return worker_start_reading(&t, out, why);
}

bool worker_end(struct worker *w)
{
	int status = 0;
	pid_t got = waitpid(w->pid, &status, WNOHANG);

	if (got == 0) {
		/* Give a worker that has said all it had to say a moment to leave. */
		for (int i = 0; got == 0 && i < 100; i++) {
			(void)poll(NULL, 0, 1);
			got = waitpid(w->pid, &status, WNOHANG);
		}
		if (got == 0)
			(void)kill(w->pid, SIGKILL);
	}
	while (got == 0 || (got < 0 && errno == EINTR))
		got = waitpid(w->pid, &status, 0);
	close(w->results);
	*w = (struct worker){.results = -1};
	return got > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool workers_wait(const int *pipes, size_t n, int timeout_ms, bool *readable)
{
	struct pollfd p[LIMIT_JOBS];

	if (n > LIMIT_JOBS)
		n = LIMIT_JOBS;
	for (size_t i = 0; i < n; i++)
		p[i] = (struct pollfd){.fd = pipes[i], .events = POLLIN};

	int got = poll(p, n, timeout_ms);

	for (size_t i = 0; i < n; i++)
		readable[i] = got > 0 && p[i].revents != 0;
	return got >= 0 || errno != EINTR;
}

enum err pipe_read(int fd, struct buf *out)
{
	enum { CHUNK = 64 * 1024 };
	uint8_t *room = buf_room(out, CHUNK);
	/* Once: a writer that is as fast as we are would otherwise fill `out` to its ceiling. */
	ssize_t n = room ? read(fd, room, CHUNK) : 0;

	if (!room)
		return out->err;
	if (n == 0)
		return E_END;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? OK : E_IO;
	buf_grown(out, (size_t)n);
	return OK;
}

enum err pipe_write(int fd, struct slice s)
{
	while (s.len) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return E_IO;
		s = slice_from(s, (size_t)n);
	}
	return OK;
}
