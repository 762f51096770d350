/* SPDX-License-Identifier: Apache-2.0 */
/* Daemons by name: which are dangerous by their protocol, which listen, which give up root. */
#ifndef INSPECT_FIRMWARE_DAEMONS_H
#define INSPECT_FIRMWARE_DAEMONS_H

#include "inspect/firmware/launch.h"

struct daemon {
	const char *name;     /* shell-style pattern of the file name */
	const char *danger;   /* protocol without protection; NULL: none */
	bool listens;         /* takes connections or packets from the network */
	const char *only;     /* … only with this option */
	bool gives_up_root;   /* without being told: by its own design */
	const char *user;     /* option that names the user it switches to: "-u", "--user" */
	const char *settings; /* … or the file */
	const char *key;      /* … and the key in it that does */
};

/* NULL: not known as a daemon. */
const struct daemon *daemon_find(struct slice name);

/* The program that a connection starter runs: `tcpsvd 0 21 ftpd -w /`. Empty: none. */
struct slice daemon_served(const struct launch *l);

/* Ordinary tools that end by themselves: no service even in the background. */
bool daemon_is_tool(struct slice name);

/* Whether the arguments hold an option, as "-u" or attached as "-uwww" and "--user=www"; *value is
 * its argument. */
bool daemon_option(const struct launch *l, const char *option, struct slice *value);

#endif
