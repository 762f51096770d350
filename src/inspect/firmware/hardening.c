// SPDX-License-Identifier: Apache-2.0
// Protections that compilers and linkers give a program: no-execute, stack protector, position
// independence, read-only relocations, checked library calls; and the system's address
// randomisation (aslr.c). One row a protection.

#include "inspect/firmware/program.h"
#include "inspect/firmware/stack_frames.h"
#include "inspect/firmware/aslr.h"

#include "inspect/scene.h"

#include "base/ban.h"

enum answer {
	NOT_CONCERNED, /* the protection does not apply: not counted */
	UNKNOWN,       /* it may apply, and the file does not tell */
	PROTECTED,
	MISSING,
};

/* Judges one protection; `why` gets the evidence (a saying) for MISSING, the reason for UNKNOWN. */
struct protection {
	const char *rule, *subject, *flaw;
	enum answer (*judge)(const struct program *p, struct arena *a, struct slice *why);
};

/* --- no-execute --- */

/*
 * CPUs on which a program without PT_GNU_STACK gets no executable stack: the defaults of glibc
 * (stackinfo.h) and of Linux (VM_STACK_DEFAULT_FLAGS, elf_read_implies_exec). On all others, among
 * them x86, ARM, MIPS, PowerPC 32, SPARC and SuperH, an absent header means an executable one.
 */
static const uint16_t machines_nx_by_default[] = {
	EM_PPC64,   EM_S390,       EM_IA_64,        EM_OPENRISC, EM_ARC_COMPACT, EM_ALTERA_NIOS2,
	EM_AARCH64, EM_MICROBLAZE, EM_ARC_COMPACT2, EM_RISCV,    EM_CSKY,        EM_LOONGARCH,
};

/* e_flags of MIPS: EF_MIPS_ARCH, of which these two are Release 6 */
enum { MIPS_ARCH_SHIFT = 28, MIPS_ARCH_32R6 = 9, MIPS_ARCH_64R6 = 10 };

static bool is_nx_by_default(uint16_t machine)
{
	for (size_t i = 0; i < ARRAY_LEN(machines_nx_by_default); i++)
		if (machines_nx_by_default[i] == machine)
			return true;
	return false;
}

/*
 * MIPS before Release 6: the execute-inhibit bit (XI) is an option of the CPU, and the file does
 * not say which CPU it is for. Toolchains of that time (before about 2016) wrote no PT_GNU_STACK,
 * and Linux read it on MIPS only from 4.8 on. So a file with the header is judged by what it asks
 * for: one that asks for an executable stack takes the protection away wherever the CPU has it. A
 * file without it is not called protected, nor is the item let off: whether it applies takes the
 * CPU's model, which a person records.
 */
static bool is_mips_of_unknown_cpu(const struct elf *e)
{
	uint32_t arch = e->flags >> MIPS_ARCH_SHIFT;

	return e->machine == EM_MIPS && arch != MIPS_ARCH_32R6 && arch != MIPS_ARCH_64R6;
}

static enum answer nx_judge(const struct program *p, struct arena *a, struct slice *why)
{
	if (p->stack && !(p->stack->flags & PF_X))
		return PROTECTED;
	if (p->stack) {
		*why = SAY(a, SAY_NX_STACK,
			   arena_print(a, "%s%sE", p->stack->flags & PF_R ? "R" : "",
				       p->stack->flags & PF_W ? "W" : ""));
		return MISSING;
	}
	if (is_nx_by_default(p->elf->machine))
		return PROTECTED;
	if (is_mips_of_unknown_cpu(p->elf)) {
		*why = saying(SAY_NX_MIPS);
		return UNKNOWN;
	}
	*why = SAY(a, SAY_NX_DEFAULT, say_number(a, p->elf->machine));
	return MISSING;
}

/* --- stack protector --- */

enum { CODE_SMALL = 16 * 1024 };

/*
 * Libraries that cannot be built with the protector, or tell nothing: the dynamic linker sets the
 * guard up; the compiler's own support library is built before it.
 */
static bool is_below_protector(const struct elf *e)
{
	return text_glob(e->soname, "ld-*.so*") || text_glob(e->soname, "ld64*.so*") ||
	       slice_is(e->soname, "ld.so.1") || slice_starts(e->soname, "libgcc_s.so");
}

/*
 * Does the program have functions with arrays on the stack? Read from the prologues: a frame of
 * FRAME_LARGE bytes is taken for one; a frame that saved registers explain is not; one between them
 * is if the program calls functions that fill buffers. Where prologues cannot be read, such calls
 * or more than a little code speak for it. Libraries without code need nothing.
 */
static bool needs_guard(const struct program *p, struct stack_frames *frames)
{
	*frames = stack_frames_find(p->elf);
	if (frames->code_size == 0)
		return false;
	if (!frames->is_known)
		return p->uses & ROLE_WRITES || frames->code_size > CODE_SMALL;
	return frames->largest >= FRAME_LARGE ||
	       (frames->largest >= frames->least && p->uses & ROLE_WRITES);
}

static struct slice guard_missing(struct arena *a, const struct stack_frames *frames,
				  struct slice call)
{
	struct slice size = say_number(a, frames->largest), at = say_offset(a, frames->at);

	if (frames->is_known)
		return call.len ? SAY(a, SAY_NO_GUARD_FRAME_CALL, size, at, call)
				: SAY(a, SAY_NO_GUARD_FRAME, size, at);
	return call.len ? SAY(a, SAY_NO_GUARD_CALL, call) : saying(SAY_NO_GUARD);
}

static enum answer ssp_judge(const struct program *p, struct arena *a, struct slice *why)
{
	struct stack_frames frames = {0};
	struct slice call = program_name(p, ROLE_WRITES);

	if (p->uses & ROLE_GUARD || p->has_guard_text)
		return PROTECTED;
	/* a C library calls its own protector by a name that does not show */
	if (p->defines & ROLE_GUARD || is_below_protector(p->elf))
		return NOT_CONCERNED;
	if (!needs_guard(p, &frames))
		return NOT_CONCERNED;
	if (!p->has_names) {
		*why = saying(SAY_STATIC_NO_GUARD);
		return UNKNOWN;
	}
	*why = guard_missing(a, &frames, call);
	return MISSING;
}

/* --- position independence --- */

/* By what a program was found to take network input. */
static struct slice network_name(const struct program *p)
{
	if (p->uses & ROLE_LISTENS)
		return program_name(p, ROLE_LISTENS);
	return p->has_resolver ? say_word(SAY_THE_RESOLVER) : program_name(p, ROLE_DIALS);
}

static enum answer pie_judge(const struct program *p, struct arena *a, struct slice *why)
{
	struct slice call = network_name(p);

	if (!p->is_executable)
		return NOT_CONCERNED;
	if (program_is_networked(p)) {
		*why = SAY(a, SAY_FIXED_ADDRESSES, call);
		return p->elf->type == ET_DYN ? PROTECTED : MISSING;
	}
	if (p->has_names || p->elf->type == ET_DYN)
		return NOT_CONCERNED;
	*why = saying(SAY_STATIC_NO_NETWORK);
	return UNKNOWN;
}

/* --- read-only relocations --- */

static enum answer relro_judge(const struct program *p, struct arena *a, struct slice *why)
{
	struct slice call = network_name(p);

	if (p->elf->needed_n == 0 || !program_is_networked(p))
		return NOT_CONCERNED;
	if (p->relro && p->elf->has_bind_now)
		return PROTECTED;
	*why = SAY(a,
		   p->relro               ? SAY_LAZY_BINDING
		   : p->elf->has_bind_now ? SAY_NO_RELRO
					  : SAY_NO_RELRO_LAZY,
		   call);
	return MISSING;
}

/* --- checked library calls --- */

static enum answer fortify_judge(const struct program *p, struct arena *a, struct slice *why)
{
	struct slice call = program_name(p, ROLE_CHECKED);

	if (p->elf->needed_n == 0 || (p->c_library != C_GLIBC && p->c_library != C_BIONIC))
		return NOT_CONCERNED;
	if (p->uses & ROLE_CHECK)
		return PROTECTED;
	if (!(p->uses & ROLE_CHECKED))
		return NOT_CONCERNED;
	*why = SAY(a, SAY_NO_FORTIFY, call);
	return MISSING;
}

static const struct protection protections[] = {
	{.rule = "elf-no-nx", .subject = "elf-nx", .flaw = "nx", .judge = nx_judge},
	{.rule = "elf-no-ssp", .subject = "elf-ssp", .flaw = "ssp", .judge = ssp_judge},
	{.rule = "elf-no-pie", .subject = "elf-pie", .flaw = "pie", .judge = pie_judge},
	{.rule = "elf-no-relro", .subject = "elf-relro", .flaw = "relro", .judge = relro_judge},
	{.rule = "elf-no-fortify",
	 .subject = "elf-fortify",
	 .flaw = "fortify",
	 .judge = fortify_judge},
};

static void protection_report(struct scene *s, const struct object *o, const struct protection *x,
			      const struct program *p)
{
	struct slice name = o->name.len ? o->name : o->path;
	struct slice why = {0};
	enum answer answer = x->judge(p, s->scratch, &why);

	if (answer == NOT_CONCERNED) {
		if (o->name.len == 0) /* a lone program: nobody else says that it was looked at */
			scene_coverage(s, x->subject, 0, 0);
		return;
	}
	scene_coverage(s, x->subject, answer != UNKNOWN, 1);
	if (answer == UNKNOWN)
		scene_skip(s, x->subject, o->artifact, o->path, E_UNDECIDED, why);
	if (answer == MISSING)
		scene_finding(s, x->rule, o->artifact,
			      arena_print(s->scratch, "%s:%.*s", x->flaw, (int)name.len,
					  (const char *)name.ptr),
			      (struct slice){0}, why);
}

static void hardening_object(struct scene *s, const struct object *o)
{
	struct elf e = {0};
	struct program p = {0};
	struct fault why = {0};

	aslr_inspect(s, o);
	if (!slice_starts(o->data, "\x7f"
				   "ELF"))
		return;
	if (elf_read(o->data, s->scratch, &e, &why) != OK) {
		scene_coverage(s, "elf", 0, 1);
		scene_skip_fault(s, "elf", o->artifact, o->path, &why);
		return;
	}
	if (!program_read(&e, &p))
		return;
	scene_coverage(s, "elf", 1, 1);
	for (size_t i = 0; i < ARRAY_LEN(protections); i++)
		protection_report(s, o, &protections[i], &p);
}

/* A tree without any program is one where the items do not apply. */
static void hardening_tree(struct scene *s, const struct tree *t)
{
	(void)t;
	scene_coverage(s, "elf", 0, 0);
	for (size_t i = 0; i < ARRAY_LEN(protections); i++)
		scene_coverage(s, protections[i].subject, 0, 0);
}

const struct inspector inspector_hardening = {
	.name = "hardening",
	.object = hardening_object,
	.tree = hardening_tree,
};
