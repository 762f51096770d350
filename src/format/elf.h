/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ELF (System V gABI, 2013; 32 and 64 bit, both byte orders): what inspectors ask of an executable.
 * Every accessor is bounded by the file; a table that does not fit is reported once by elf_read.
 */
#ifndef FORMAT_ELF_H
#define FORMAT_ELF_H

#include "base/base.h"

/* Figures of the gABI that readers and inspectors speak of, under its names. */
enum elf_type { ET_REL = 1, ET_EXEC = 2, ET_DYN = 3, ET_CORE = 4 };
enum elf_machine {
	EM_386 = 3,
	EM_MIPS = 8,
	EM_PPC = 20,
	EM_PPC64 = 21,
	EM_S390 = 22,
	EM_ARM = 40,
	EM_SH = 42,
	EM_IA_64 = 50,
	EM_X86_64 = 62,
	EM_OPENRISC = 92,
	EM_ARC_COMPACT = 93,
	EM_XTENSA = 94,
	EM_ALTERA_NIOS2 = 113,
	EM_AARCH64 = 183,
	EM_MICROBLAZE = 189,
	EM_ARC_COMPACT2 = 195,
	EM_RISCV = 243,
	EM_CSKY = 252,
	EM_LOONGARCH = 258,
};
enum elf_segment_type {
	PT_LOAD = 1,
	PT_DYNAMIC = 2,
	PT_INTERP = 3,
	PT_GNU_STACK = 0x6474e551,
	PT_GNU_RELRO = 0x6474e552,
};
enum elf_segment_flag { PF_X = 1, PF_W = 2, PF_R = 4 };
enum elf_section_type {
	SHT_SYMTAB = 2,
	SHT_STRTAB = 3,
	SHT_NOBITS = 8,
	SHT_DYNSYM = 11,
};
enum elf_symbol_type { STT_NOTYPE = 0, STT_OBJECT = 1, STT_FUNC = 2, STT_SECTION = 3 };
enum { SHN_UNDEF = 0 };
enum elf_dynamic_flag { DF_TEXTREL = 4, DF_BIND_NOW = 8, DF_1_NOW = 1, DF_1_PIE = 0x08000000 };

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, vaddr, file_size, memory_size;
};

struct elf_section {
	struct slice name; /* borrowed from the file */
	uint32_t type;
	uint64_t flags, addr, offset, size, link, info, entry_size;
};

struct elf_symbol {
	struct slice name; /* borrowed from the file */
	uint64_t value, size;
	uint8_t type, bind; /* STT_*, STB_* */
	uint16_t section;   /* SHN_*; 0: undefined */
};

struct elf {
	struct slice file;
	bool is_64;
	enum endian order;
	uint16_t type, machine; /* ET_*, EM_* */
	uint32_t flags;         /* e_flags */
	uint64_t entry;
	struct elf_segment *segments; /* in the arena */
	size_t segments_n;
	struct elf_section *sections; /* in the arena; none in a stripped-of-headers file */
	size_t sections_n;
	struct slice interpreter; /* PT_INTERP, without NUL; empty when there is none */
	bool is_dynamic;          /* PT_DYNAMIC is there */
	struct slice soname;
	struct slice *needed; /* DT_NEEDED names */
	size_t needed_n;
	uint64_t dt_flags, dt_flags_1;
	bool has_bind_now, has_textrel;
	struct slice rpath, runpath;
	struct elf_symbol
		*dynamic; /* .dynsym, found by DT_SYMTAB and DT_HASH/DT_GNU_HASH or sections */
	size_t dynamic_n;
	bool has_symtab; /* SHT_SYMTAB is there … */
	size_t symtab;   /* … as this one of the sections */
	bool has_debug;  /* .debug_* or .stab is there */
	uint64_t end;    /* last byte that a header, segment or section names, clipped */
};

/* E_MAGIC when it is no ELF; E_SHORT, E_RANGE, E_LIMIT when headers lie. */
MUST_CHECK enum err elf_read(struct slice in, struct arena *a, struct elf *out, struct fault *why);

/* Iterates the full symbol table (.symtab) if present: start with *at = 0, false at the end. */
bool elf_symbol_next(const struct elf *e, size_t *at, struct elf_symbol *out);

/* The section of that name, or NULL; its bytes, or an empty slice (SHT_NOBITS, outside the file).
 */
const struct elf_section *elf_section(const struct elf *e, const char *name);
struct slice elf_section_bytes(const struct elf *e, const struct elf_section *s);

#endif
