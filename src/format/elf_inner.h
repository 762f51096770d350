/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the ELF reader share; nobody else includes this. */
#ifndef FORMAT_ELF_INNER_H
#define FORMAT_ELF_INNER_H

#include "format/elf.h"

/* The rest of the file header: where the two tables are. */
struct elf_tables {
	struct slice segments, sections; /* whole tables, cut from the file; empty when absent */
	size_t segments_n, sections_n;
	size_t names; /* index of the section with the section names; 0: none */
	uint64_t end; /* of the header and both tables */
};

/* Reads the file header into `e` (scalars only) and cuts both tables. Allocates nothing. */
MUST_CHECK enum err elf_header_read(struct slice in, struct elf *e, struct elf_tables *t,
				    struct fault *why);

/* A row of a table that elf_header_read cut; i < its count. */
struct elf_segment elf_segment_at(const struct elf *e, const struct elf_tables *t, size_t i);
struct elf_section elf_section_at(const struct elf *e, const struct elf_tables *t, size_t i,
				  uint32_t *name);

/* An address-sized field: 4 or 8 bytes. */
uint64_t elf_word(const struct elf *e, struct cursor *c);

/* The text at `at` of a string table, up to its NUL; clipped, empty when outside. */
struct slice elf_string(struct slice strings, uint64_t at);

/* Bytes of one symbol table row, and the row itself. */
size_t elf_symbol_size(const struct elf *e);
struct elf_symbol elf_symbol_at(const struct elf *e, struct slice table, size_t i,
				struct slice strings);

/* PT_DYNAMIC and the dynamic symbols, into `e`, whose segments and sections are read. */
MUST_CHECK enum err elf_dynamic_read(struct elf *e, struct arena *a, struct fault *why);

#endif
