// SPDX-License-Identifier: Apache-2.0
// Clock, processors, terminal, ctrl-C.

#define _GNU_SOURCE
#include "os/os.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/ban.h"

bool program_folder(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);

	if (n <= 0)
		return false;
	out[n] = '\0';

	char *slash = strrchr(out, '/');

	if (slash)
		*slash = '\0';
	return slash != NULL;
}

uint64_t clock_ms(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void clock_sleep_ms(unsigned ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	(void)nanosleep(&t, NULL);
}

uint64_t clock_today(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec / 86400;
}

unsigned cpu_count(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;

	int n = CPU_COUNT(&set);

	return n < 1 ? 1 : n > LIMIT_JOBS ? LIMIT_JOBS : (unsigned)n;
}

bool streams_hold(void)
{
	/* An open file takes the lowest free number. What is read only still refuses output. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY | O_CLOEXEC) != fd)
			return false;
	return true;
}

bool is_terminal(int fd)
{
	return isatty(fd) == 1;
}

/* The one mutable global: a signal handler has no other way to speak. */
static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

void interrupt_watch(void)
{
	struct sigaction a = {.sa_handler = on_signal};

	(void)sigaction(SIGINT, &a, NULL);
	(void)sigaction(SIGTERM, &a, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

bool interrupt_seen(void)
{
	return interrupted != 0;
}
