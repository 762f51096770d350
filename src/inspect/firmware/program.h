/* SPDX-License-Identifier: Apache-2.0 */
/* A user program or shared library as the hardening rules see it: gathered once, judged by each. */
#ifndef INSPECT_FIRMWARE_PROGRAM_H
#define INSPECT_FIRMWARE_PROGRAM_H

#include "format/elf.h"

#include "inspect/firmware/symbol_roles.h"

enum c_library { C_LIBRARY_UNKNOWN, C_GLIBC, C_UCLIBC, C_MUSL, C_BIONIC };

struct program {
	const struct elf *elf;
	bool is_executable;  /* not a shared library */
	bool is_static;      /* asks for no library and no interpreter */
	bool has_names;      /* a static program tells its functions only by a symbol table */
	bool has_resolver;   /* static: the resolver of the C library was linked in */
	bool has_guard_text; /* static: the protector's message was linked in */
	enum c_library c_library;
	unsigned uses, defines;                  /* roles of undefined and of defined symbols */
	struct slice first[ROLES_N];             /* of each role, the first name seen */
	const struct elf_segment *stack, *relro; /* PT_GNU_STACK, PT_GNU_RELRO, or NULL */
};

/* False when the file is no program of an operating system: object files, kernels, bare metal. */
bool program_read(const struct elf *e, struct program *out);

/* The first name of that role, for evidence; "" when there is none. */
struct slice program_name(const struct program *p, enum role role);

/* Does it take input from the network, as far as its functions tell? */
bool program_is_networked(const struct program *p);

#endif
