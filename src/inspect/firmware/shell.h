/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading shell scripts without running them (POSIX.1-2017 XCU 2.3, 2.9, 2.10): the simple commands
 * of a script, one after another, whatever branch they stand in. Comments, here-documents, case
 * patterns, function names and redirections are no commands. Tolerant: text that no shell would
 * take still comes back, in time proportional to its length.
 */
#ifndef INSPECT_FIRMWARE_SHELL_H
#define INSPECT_FIRMWARE_SHELL_H

#include "base/base.h"

enum { SHELL_WORDS_MAX = 32, SHELL_HEREDOCS_MAX = 4 };

struct shell_command {
	struct slice words[SHELL_WORDS_MAX]; /* outer quotes taken off; more words are left out */
	size_t n;
	size_t line;       /* from 1 */
	struct slice text; /* the line it starts in, clipped */
	bool in_background;
	bool has_input; /* piped or redirected into */
};

struct shell {
	struct slice in;
	size_t at, line, line_at;
	unsigned open; /* parentheses */
	bool wants_pattern, after_pipe;
	bool no_more['~' + 1]; /* closing bytes that do not come any more */
	struct slice heredocs[SHELL_HEREDOCS_MAX];
	size_t heredocs_n;
};

struct shell shell_at(struct slice text);

/* The next simple command with at least one word; false at the end. Words are borrowed from the
 * text. */
bool shell_next(struct shell *s, struct shell_command *out);

/* The value of `NAME=value`, and its name; false for any other word. */
bool shell_assignment(struct slice word, struct slice *name, struct slice *value);

#endif
