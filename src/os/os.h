/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operating system: files in, folders out, workers without rights. The only room that uses GNU
 * and Linux interfaces.
 */
#ifndef OS_OS_H
#define OS_OS_H

#include <sys/types.h>

#include "base/base.h"
#include "os/fetch.h"

/* --- files --- */

/*
 * A file's bytes, mapped read-only. Nobody but a worker may look at `bytes`: a file that shrinks
 * while it is mapped kills whoever reads it.
 */
struct mapping {
	struct slice bytes;
	char sha256[SHA256_HEX + 1]; /* hashed through read(2), not through the mapping */
};

/* A regular file of at most LIMIT_INPUT_BYTES, or a folder, packed in memory as a cpio archive
 * (newc, names sorted, nothing followed). Messages name the path. */
MUST_CHECK enum err file_map(const char *path, struct mapping *out, struct fault *why);
void file_unmap(struct mapping *m);

/* A whole trusted or small file into `out` (whose ceiling is the limit). "-" is standard input. */
MUST_CHECK enum err file_read(const char *path, struct buf *out, struct fault *why);

/* The regular files of a trusted folder whose names end in `suffix`, in the order of their names,
 * one after another; before each stands `mark`, its name and a line end. E_NOTFOUND: there is none.
 */
MUST_CHECK enum err folder_read(const char *dir, const char *suffix, const char *mark,
				struct buf *out, struct fault *why);

/* Writes `bytes` to DIR/NAME (NAME has no slash), through a temporary file and a rename. */
MUST_CHECK enum err file_write(const char *dir, const char *name, struct slice bytes,
			       struct fault *why);
bool folder_exists(const char *dir);
MUST_CHECK enum err folder_make(const char *dir, struct fault *why);

/* A trusted file of our own, mapped without being hashed. It must only ever be replaced, never
 * changed in place. Undone by file_unmap. */
MUST_CHECK enum err file_view(const char *path, struct mapping *out, struct fault *why);
/* The folder and those it stands in. */
MUST_CHECK enum err folder_make_all(const char *dir, struct fault *why);

/* Held by one process at a time, until lock_give or its end. E_IO: someone else holds it. */
MUST_CHECK enum err lock_take(const char *path, int *lock, struct fault *why);
void lock_give(int lock);

/* A file that is replaced as a whole or not at all: PATH.new is written, then takes its place. */
struct replacement;
MUST_CHECK enum err replacement_open(const char *path, struct replacement **out, struct fault *why);
MUST_CHECK enum err replacement_write(struct replacement *r, struct slice piece);
/* What was written so far, safely on disk, to be looked at before it is kept. */
MUST_CHECK enum err replacement_view(struct replacement *r, struct mapping *out, struct fault *why);
/* Frees it. Without `keep` nothing has happened, and *why is told if a write had failed. */
MUST_CHECK enum err replacement_close(struct replacement *r, bool keep, struct fault *why);

/* --- unpacking into a folder, never outside it --- */

struct outdir;

/* DIR is made if absent; E_USAGE when it exists and is not empty. */
MUST_CHECK enum err outdir_open(const char *dir, struct outdir **out, struct fault *why);
/* `path` is cleaned: every component that is empty, "." or ".." or has a NUL or slash becomes "_".
 * Missing folders are made. Symbolic links on the way are never followed. E_RANGE: the name is
 * taken by something else, or too long. */
MUST_CHECK enum err outdir_file(struct outdir *d, struct slice path, struct slice bytes,
				bool append);
MUST_CHECK enum err outdir_folder(struct outdir *d, struct slice path);
/* Remembered, and made by outdir_close after all files: then nothing is written through them. A
 * target that would leave the folder is refused (E_RANGE). `root` is what "/" means to the link. */
MUST_CHECK enum err outdir_link(struct outdir *d, struct slice path, struct slice root,
				struct slice target);
MUST_CHECK enum err outdir_close(struct outdir *d);

/* --- workers --- */

struct protection {
	bool seccomp;
	unsigned landlock; /* ABI version in force, 0: none */
};

/* What this machine can do, found out without changing anything. */
struct protection protection_available(void);

struct worker {
	pid_t pid;
	int results; /* read end of its pipe */
};

/*
 * Starts a worker: a child with no descriptor but the pipe (which it gets as argument), no way to
 * open, connect or run anything, and rlimits. `run` must end by returning. Without `is_sandboxed`
 * only the rlimits are set. E_SANDBOX when protection is asked for and seccomp is not there.
 */
MUST_CHECK enum err worker_start(void (*run)(void *ctx, int results), void *ctx, bool is_sandboxed,
				 struct worker *out, struct fault *why);

/*
 * A worker that reads files: the descriptors in `inputs` are its WORKER_INPUT, WORKER_INPUT + 1, …
 * and input_read is all that it may do with them.
 */
enum { WORKER_INPUT = 4 };
struct worker_task {
	void (*run)(void *ctx, int results);
	void *ctx;
	const int *inputs;
	size_t inputs_n; /* at most LIMIT_INPUTS */
	bool is_sandboxed;
};
MUST_CHECK enum err worker_start_reading(const struct worker_task *t, struct worker *out,
					 struct fault *why);

/* A regular file to be read by workers, and its size. */
MUST_CHECK enum err input_open(const char *path, int *fd, uint64_t *size, struct fault *why);
void input_close(int fd);
/* Up to `size` bytes from `at`. *n is 0 at the end. */
MUST_CHECK enum err input_read(int fd, uint64_t at, void *room, size_t size, size_t *n);

/* Kills it if it still runs, waits, closes the pipe. True when it ended by itself with status 0. */
bool worker_end(struct worker *w);

/* Waits until a pipe can be read, at most `timeout_ms`; readable[i] says which. False: interrupted.
 */
bool workers_wait(const int *pipes, size_t n, int timeout_ms, bool *readable);

/* Reads some of what is there into `out`. E_END when the other side is closed. */
MUST_CHECK enum err pipe_read(int fd, struct buf *out);
/* All of it, or an error. */
MUST_CHECK enum err pipe_write(int fd, struct slice s);

/* --- the rest --- */

/* Folder of the running program, without a trailing slash; false when the kernel does not say. */
MUST_CHECK bool program_folder(char *out, size_t size);

uint64_t clock_ms(void);          /* monotonic; for time-outs, never for records */
void clock_sleep_ms(unsigned ms); /* or less, when a signal comes */
uint64_t clock_today(void);       /* days since 1970-01-01, UTC */
unsigned cpu_count(void);
bool is_terminal(int fd);
/* Takes the places of standard streams that the caller closed, so that no file of ours gets the
 * number that messages go to. To be called first. */
MUST_CHECK bool streams_hold(void);

/* ctrl-C and SIGTERM set a flag instead of ending the program. */
void interrupt_watch(void);
bool interrupt_seen(void);

#endif
