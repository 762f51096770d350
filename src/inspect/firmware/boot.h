/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following the start of a system through its tree: start-up scripts are read, never run, each one
 * once; what they start is handed to services.c.
 */
#ifndef INSPECT_FIRMWARE_BOOT_H
#define INSPECT_FIRMWARE_BOOT_H

#include "inspect/firmware/daemons.h"
#include "inspect/scene.h"

enum { BOOT_ROOTS_MAX = 8, BOOT_VARIABLES_MAX = 64 };

/* Where something is started. */
struct place {
	const struct node *file;
	size_t line;
	struct slice text;
};

struct boot_script {
	const struct node *node;
	unsigned depth;
};

/* What a file in the tree was found to be. */
enum program_kind {
	PROGRAM_UNKNOWN,
	PROGRAM_SCRIPT,
	PROGRAM_QUIET,
	PROGRAM_LISTENS,
	PROGRAM_UNREAD
};

struct boot_service {
	struct slice name;
	const struct node *file;
};

struct boot {
	struct scene *scene;
	const struct tree *tree;
	struct slice root; /* "" or the folder a root filesystem lies in */
	bool is_area;      /* no root filesystem: only scripts known by their names */
	struct boot_script *scripts;
	size_t scripts_n, scripts_done;
	uint8_t *kinds;  /* enum program_kind of each node */
	uint8_t *shells; /* 1: a program that hands commands to a shell */
	uint8_t *queued; /* 1: among scripts */
	struct buf text, probe;
	struct boot_service *services;
	size_t services_n;
	uint64_t scripts_seen, consoles;
	bool runs_folder; /* a script runs all of /etc/init.d/S* */
	bool has_unseen;  /* something started is not in this tree */
	bool runs_inetd, runs_xinetd;
	unsigned expansions;
};

/* Folders of the tree that look like the root of a system; "" is the tree's own root. */
size_t boot_roots(const struct tree *t, struct slice out[BOOT_ROOTS_MAX]);

/* root + path, links followed; NULL when there is none. */
const struct node *boot_find(struct boot *b, struct slice path);

/* First node whose path is not less than `path`. */
size_t boot_first(const struct tree *t, struct slice path);

/* Queues a script to be read; one that is no file, or was queued, is left out. */
void boot_queue(struct boot *b, const struct node *n, unsigned depth);

/* Reads all that is queued. */
void boot_read(struct boot *b);

/* A command line of a table like inittab; `is_service`: what it starts is kept running. */
void boot_command(struct boot *b, const struct place *at, struct slice command, bool is_service);

enum program_kind boot_kind(struct boot *b, const struct node *n);

/* Does a program hand commands to a shell, by system() or popen()? */
bool boot_runs_commands(struct boot *b, const struct node *n);

/* A script, or a file small enough to be one that cannot be read. */
bool boot_may_be_script(struct boot *b, const struct node *n);

/* systems.c: everything that starts programs at boot. */
void systems_read(struct boot *b);

/* services.c: a program is started as a service. `node`: its file, or NULL. */
void service_found(struct boot *b, const struct place *at, const struct launch *l,
		   const struct node *node);

#endif
