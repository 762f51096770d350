/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a simple command starts: the program behind wrappers (`exec nice -n 5 busybox telnetd`,
 * `start-stop-daemon -S -x X -- args`, `procd_set_param command X`), as which user, and whether it
 * is started as a service at all.
 */
#ifndef INSPECT_FIRMWARE_LAUNCH_H
#define INSPECT_FIRMWARE_LAUNCH_H

#include "inspect/firmware/shell.h"

enum { LAUNCH_ARGS_MAX = SHELL_WORDS_MAX };

struct launch {
	struct slice program; /* as written; empty: nothing is started */
	struct slice args[LAUNCH_ARGS_MAX];
	size_t n;
	struct slice user;   /* switched to before it starts; empty: none */
	struct slice script; /* commands given as text: sh -c "…" */
	bool is_service;     /* the wrapper starts services: start-stop-daemon, procd */
	bool is_read;        /* the program is a shell script to read: sh X, . X */
};

void launch_read(const struct slice *words, size_t n, struct launch *out);

/* Whether `user` is an account other than root. */
bool launch_drops_to(struct slice user);

#endif
