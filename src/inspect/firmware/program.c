// SPDX-License-Identifier: Apache-2.0
// Gathers what the hardening rules ask of a program: one pass over its symbols.

#include "inspect/firmware/program.h"

#include "base/ban.h"

/* Library names (DT_NEEDED, PT_INTERP's last component) that tell the C library. */
static const struct {
	const char *pattern;
	enum c_library is;
} c_libraries[] = {
	{"ld-uClibc*", C_UCLIBC}, {"ld64-uClibc*", C_UCLIBC}, {"libc.so.0", C_UCLIBC},
	{"libuClibc*", C_UCLIBC}, {"libc.so.1", C_UCLIBC},    {"ld-musl-*", C_MUSL},
	{"libc.musl-*", C_MUSL},  {"linker", C_BIONIC},       {"linker64", C_BIONIC},
	{"ld-linux*", C_GLIBC},   {"libc.so.6*", C_GLIBC},    {"ld64.so.*", C_GLIBC},
	{"ld-*.*.so", C_GLIBC},
};

static struct slice last_component(struct slice path)
{
	for (size_t i = path.len; i > 0; i--)
		if (slice_at(path, i - 1) == '/')
			return slice_from(path, i);
	return path;
}

static enum c_library c_library_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(c_libraries); i++)
		if (text_glob(name, c_libraries[i].pattern))
			return c_libraries[i].is;
	return C_LIBRARY_UNKNOWN;
}

static enum c_library c_library_find(const struct elf *e)
{
	enum c_library found = c_library_of(last_component(e->interpreter));

	for (size_t i = 0; i < e->needed_n && found == C_LIBRARY_UNKNOWN; i++)
		found = c_library_of(e->needed[i]);
	return found;
}

static bool is_upper_half(const struct elf *e, uint64_t vaddr)
{
	return vaddr >> (e->is_64 ? 63 : 31) != 0;
}

/*
 * A static program maps its own header at the start (the kernel gives it AT_PHDR there) into the
 * lower half of the addresses. Kernels, boot loaders and bare-metal images do not.
 */
static bool is_static_program(const struct elf *e)
{
	if (e->type != ET_EXEC)
		return false;
	for (size_t i = 0; i < e->segments_n; i++) {
		const struct elf_segment *s = &e->segments[i];

		if (s->type == PT_LOAD && s->offset == 0 && s->file_size != 0)
			return s->vaddr != 0 && !is_upper_half(e, s->vaddr);
	}
	return false;
}

static void symbol_note(struct program *p, const struct elf_symbol *s)
{
	unsigned roles = symbol_role(s->name);

	if (roles == 0)
		return;
	if (s->section == SHN_UNDEF)
		p->uses |= roles;
	else
		p->defines |= roles;
	for (size_t i = 0; i < ROLES_N; i++)
		if (roles & 1u << i && p->first[i].len == 0)
			p->first[i] = s->name;
}

static void symbols_note(struct program *p)
{
	const struct elf *e = p->elf;
	struct elf_symbol s = {0};
	size_t at = 0;

	for (size_t i = 0; i < e->dynamic_n; i++)
		symbol_note(p, &e->dynamic[i]);
	if (!p->is_static)
		return;
	while (elf_symbol_next(e, &at, &s))
		symbol_note(p, &s);
	p->has_names = e->has_symtab;
	/* what the linker took from the archives, it took because something refers to it */
	p->uses |= p->defines;
	if (p->has_names)
		return;
	p->has_guard_text =
		slice_find(e->file, slice_text("stack smashing detected"), 0) != SLICE_NONE;
	p->has_resolver = slice_find(e->file, slice_text("/etc/resolv.conf"), 0) != SLICE_NONE;
}

/* vdso(7): a library that the kernel carries inside itself and maps into each program. */
static bool is_vdso(const struct elf *e)
{
	return slice_starts(e->soname, "linux-vdso") || slice_starts(e->soname, "linux-gate");
}

bool program_read(const struct elf *e, struct program *out)
{
	bool has_interpreter = e->interpreter.len != 0;
	struct program p = {.elf = e};

	if ((e->type != ET_EXEC && e->type != ET_DYN) || is_upper_half(e, e->entry) || is_vdso(e))
		return false;
	if (!has_interpreter && !e->is_dynamic && !is_static_program(e))
		return false;
	/* libc.so.6 and a few more libraries can be started; their DT_SONAME tells */
	p.is_executable = e->type == ET_EXEC || e->dt_flags_1 & DF_1_PIE ||
			  (has_interpreter && e->soname.len == 0);
	p.is_static = p.is_executable && !has_interpreter && e->needed_n == 0;
	p.has_names = !p.is_static;
	p.c_library = c_library_find(e);
	for (size_t i = 0; i < e->segments_n; i++) {
		if (e->segments[i].type == PT_GNU_STACK)
			p.stack = &e->segments[i];
		else if (e->segments[i].type == PT_GNU_RELRO)
			p.relro = &e->segments[i];
	}
	symbols_note(&p);
	*out = p;
	return true;
}

struct slice program_name(const struct program *p, enum role role)
{
	for (size_t i = 0; i < ROLES_N; i++)
		if ((unsigned)role == 1u << i)
			return p->first[i];
	return slice_text("");
}

bool program_is_networked(const struct program *p)
{
	unsigned dials = ROLE_DIALS | ROLE_READS;

	return p->uses & ROLE_LISTENS || (p->uses & dials) == dials || p->has_resolver;
}
