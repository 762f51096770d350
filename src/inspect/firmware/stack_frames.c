// SPDX-License-Identifier: Apache-2.0
// Finds the largest stack frame of a program: a scan for the one instruction with which compilers
// lower the stack pointer by a constant. Data among the code may be taken for such an instruction;
// a program then counts as having a large frame, which is the careful side.

#include "inspect/firmware/stack_frames.h"

#include "base/ban.h"

enum { EF_MIPS_ARCH_ASE_MICROMIPS = 0x02000000, EF_MIPS_ARCH_ASE_M16 = 0x04000000 };

/* Bytes that the instruction at the cursor sets aside, or 0. */
typedef uint32_t frame_decoder(struct cursor *c, enum endian order);

struct frame_cpu {
	uint16_t machine;
	uint32_t step;     /* between instructions */
	uint32_t least;    /* see stack_frames.h */
	uint8_t key;       /* a byte that every such instruction has, so that memchr finds it … */
	uint8_t key_at[2]; /* … at this place, little and big endian; key 0: try each step */
	frame_decoder *decode;
};

/* MIPS32/64: addiu sp,sp,-N and daddiu sp,sp,-N */
static uint32_t mips_frame(struct cursor *c, enum endian order)
{
	uint32_t w = cursor_u32(c, order);
	bool is_ours = w >> 16 == 0x27bd || w >> 16 == 0x67bd;

	return is_ours && w & 0x8000 ? 0x10000 - (w & 0xffff) : 0;
}

/* MIPS16e "SAVE": 0x64 with bit 7 set; the EXTEND half before it carries the higher size bits. */
static uint32_t mips16_frame(struct cursor *c, enum endian order)
{
	uint32_t first = cursor_u16(c, order);
	bool is_extended = first >> 11 == 0x1e;
	uint32_t save = is_extended ? cursor_u16(c, order) : first;
	uint32_t units = save & 0xf;

	if ((save & 0xffc0) != 0x64c0) /* SAVE with the return address */
		return 0;
	if (is_extended)
		return ((first & 0xf0) | units) * 8;
	return units ? units * 8 : 128;
}

/* A32: sub sp,sp,#imm, an 8-bit number rotated */
static uint32_t arm_frame(struct cursor *c, enum endian order)
{
	uint32_t w = cursor_u32(c, order);
	uint32_t turn = (w >> 8 & 0xf) * 2, value = w & 0xff;

	if ((w & 0xfffff000) != 0xe24dd000)
		return 0;
	return turn ? value >> turn | value << (32 - turn) : value;
}

/* T32: sub sp,#imm7*4; sub.w and subw sp,sp,#imm, of which the larger only matter as large */
static uint32_t thumb_frame(struct cursor *c, enum endian order)
{
	uint32_t first = cursor_u16(c, order);

	if ((first & 0xff80) == 0xb080)
		return (first & 0x7f) * 4;
	if (first != 0xf1ad && first != 0xf5ad && first != 0xf2ad)
		return 0;

	uint32_t second = cursor_u16(c, order);

	if ((second & 0x0f00) != 0x0d00)
		return 0;
	return second & 0x7000 || first == 0xf5ad ? FRAME_LARGE : second & 0xff;
}

/* A64: sub sp,sp,#imm{,lsl 12}; stp x29,x30,[sp,#-imm]! */
static uint32_t arm64_frame(struct cursor *c, enum endian order)
{
	uint32_t w = cursor_u32(c, order);

	if ((w & 0xffc003ff) == 0xd10003ff)
		return w >> 10 & 0xfff;
	if ((w & 0xffc003ff) == 0xd14003ff)
		return FRAME_LARGE;
	if ((w & 0xffe07fff) == 0xa9a07bfd)
		return (64 - (w >> 15 & 0x3f)) * 8;
	return 0;
}

/* sub esp|rsp,imm8 (83 ec) and imm32 (81 ec); the REX prefix before does not matter */
static uint32_t x86_frame(struct cursor *c, enum endian order)
{
	uint8_t op = cursor_u8(c);

	if (op != 0x81 && op != 0x83)
		return 0;
	if (cursor_u8(c) != 0xec)
		return 0;

	uint32_t value = op == 0x83 ? cursor_u8(c) : cursor_u32(c, order);

	return value < (op == 0x83 ? 0x80u : 0x1000000u) ? value : 0;
}

/*
 * The least frame: MIPS keeps 16 bytes for arguments, the global pointer and up to ten registers in
 * it; on AArch64 up to twelve registers; on x86 and 32-bit ARM registers are pushed, and the rest
 * is alignment and arguments.
 */
static const struct frame_cpu frame_cpus[] = {
	{.machine = EM_MIPS,
	 .step = 4,
	 .least = 72,
	 .key = 0xbd,
	 .key_at = {2, 1},
	 .decode = mips_frame},
	{.machine = EM_ARM,
	 .step = 4,
	 .least = 16,
	 .key = 0x4d,
	 .key_at = {2, 1},
	 .decode = arm_frame},
	{.machine = EM_AARCH64, .step = 4, .least = 48, .decode = arm64_frame},
	{.machine = EM_386,
	 .step = 1,
	 .least = 44,
	 .key = 0xec,
	 .key_at = {1, 1},
	 .decode = x86_frame},
	{.machine = EM_X86_64,
	 .step = 1,
	 .least = 24,
	 .key = 0xec,
	 .key_at = {1, 1},
	 .decode = x86_frame},
};
static const struct frame_cpu cpu_mips16 = {.step = 2, .least = 72, .decode = mips16_frame};
static const struct frame_cpu cpu_thumb = {.step = 2, .least = 16, .decode = thumb_frame};

/* Addresses of Thumb code are odd (AAELF, "Symbol Values"). */
static bool is_thumb(const struct elf *e)
{
	if (e->entry != 0)
		return e->entry & 1;
	for (size_t i = 0; i < e->dynamic_n; i++)
		if (e->dynamic[i].section != SHN_UNDEF && e->dynamic[i].type == STT_FUNC)
			return e->dynamic[i].value & 1;
	return false;
}

static const struct frame_cpu *cpu_of(const struct elf *e)
{
	if (e->machine == EM_MIPS && e->flags & EF_MIPS_ARCH_ASE_MICROMIPS)
		return NULL;
	if (e->machine == EM_MIPS && e->flags & EF_MIPS_ARCH_ASE_M16)
		return &cpu_mips16;
	if (e->machine == EM_ARM && is_thumb(e))
		return &cpu_thumb;
	for (size_t i = 0; i < ARRAY_LEN(frame_cpus); i++)
		if (frame_cpus[i].machine == e->machine)
			return &frame_cpus[i];
	return NULL;
}

/* The next place at or after `at` worth decoding; code.len or more when there is none. */
static size_t candidate(const struct frame_cpu *cpu, enum endian order, struct slice code,
			size_t at)
{
	size_t key_at = cpu->key_at[order];

	while (cpu->key != 0 && at < code.len) {
		size_t hit = slice_find_byte(code, cpu->key, at + key_at);

		if (hit == SLICE_NONE)
			return code.len;
		at = hit - key_at;
		if (at % cpu->step == 0)
			return at;
		at++;
	}
	return at;
}

static void segment_scan(const struct elf *e, const struct elf_segment *s,
			 const struct frame_cpu *cpu, struct stack_frames *out)
{
	struct slice code = slice_head(slice_from(e->file, s->offset), s->file_size);
	size_t at = candidate(cpu, e->order, code, 0);

	while (at < code.len && out->largest < FRAME_LARGE) {
		struct cursor c = cursor_at(code, at);
		uint32_t frame = cpu->decode(&c, e->order);

		if (!c.err && frame > out->largest) {
			out->largest = frame;
			out->at = s->offset + at;
		}
		at = candidate(cpu, e->order, code, at + cpu->step);
	}
}

struct stack_frames stack_frames_find(const struct elf *e)
{
	const struct frame_cpu *cpu = cpu_of(e);
	struct stack_frames out = {.is_known = cpu != NULL, .least = cpu ? cpu->least : 0};

	for (size_t i = 0; i < e->segments_n; i++) {
		const struct elf_segment *s = &e->segments[i];

		if (s->type != PT_LOAD || !(s->flags & PF_X))
			continue;
		out.code_size += slice_head(slice_from(e->file, s->offset), s->file_size).len;
		if (out.code_size > e->file.len) /* segments on top of each other: a lie */
			return out;
		if (cpu && out.largest < FRAME_LARGE)
			segment_scan(e, s, cpu, &out);
	}
	return out;
}
