/* SPDX-License-Identifier: Apache-2.0 */
/* What compilers write into programs about what they were made of: Go's build information, the
 * audit data of Rust, notes of packages. */
#ifndef INSPECT_FIRMWARE_GOBUILD_H
#define INSPECT_FIRMWARE_GOBUILD_H

#include "format/elf.h"

struct go_build {
	struct slice version; /* "go1.20.3" */
	struct slice modules; /* lines: "dep\tpath\tversion\tsum", "=>\t…", "path\t…", "build\t…" */
	uint64_t at;          /* of the mark in the file */
};

/* False: there is none, or it lies outside the file. Slices are borrowed from the file. */
bool go_build_read(const struct elf *e, struct go_build *out);

struct go_module {
	struct slice path, version;
};

/* Takes the next module off *lines, what it was replaced by instead of it. False at the end. */
bool go_module_next(struct slice *lines, struct go_module *out);

/* The JSON of the note that says which package a program belongs to (systemd's ELF_PACKAGE_METADATA
 * specification, type 0xcafe1a7e of "FDO"), and where it is. Empty: none. */
struct slice package_note(const struct elf *e, uint64_t *at);

#endif
