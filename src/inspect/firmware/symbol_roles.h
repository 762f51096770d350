/* SPDX-License-Identifier: Apache-2.0 */
/* What the name of a library function says about the program that uses it. */
#ifndef INSPECT_FIRMWARE_SYMBOL_ROLES_H
#define INSPECT_FIRMWARE_SYMBOL_ROLES_H

#include "base/base.h"

/* Bits. A name may have several. */
enum role {
	ROLE_GUARD = 1 << 0,   /* belongs to the stack protector */
	ROLE_WRITES = 1 << 1,  /* fills a buffer that the caller has */
	ROLE_CHECKED = 1 << 2, /* glibc has a checked form of it */
	ROLE_CHECK = 1 << 3,   /* is such a checked form */
	ROLE_LISTENS = 1 << 4, /* takes input from the network */
	ROLE_DIALS = 1 << 5,   /* opens a connection, and says nothing of reading … */
	ROLE_READS = 1 << 6,   /* … reads from any descriptor */
};
enum { ROLES_N = 7 };

struct symbol_role {
	const char *name;
	unsigned roles;
};

/* Sorted by name, in byte order. */
extern const struct symbol_role symbol_roles[];
extern const size_t symbol_roles_n;

/* The roles of a name; 0 for most. */
unsigned symbol_role(struct slice name);

#endif
