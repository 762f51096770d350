// SPDX-License-Identifier: Apache-2.0
// ELF: what the reader says of real files, every damage to small ones, the lies a file can tell.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/format.h"

enum { FILE_MAX = 4 * 1024 * 1024 };

/* A file of the shared corpus; NULL ptr when it is absent. */
static struct slice shared_read(const char *name)
{
	const char *folder = getenv("KENSA_SHARED");
	char path[1024];
	FILE *f = NULL;
	uint8_t *data = NULL;

	snprintf(path, sizeof path, "%s/corpus/firmware/%s", folder ? folder : ".", name);
	f = fopen(path, "rb");
	if (!f) {
		print_message("skipped: %s is absent\n", path);
		return (struct slice){0};
	}
	data = malloc(FILE_MAX);
	assert_non_null(data);

	size_t n = fread(data, 1, FILE_MAX, f);

	fclose(f);
	return slice_of(data, n);
}

static bool has_symbol(const struct elf *e, const char *name, bool is_import)
{
	for (size_t i = 0; i < e->dynamic_n; i++)
		if (slice_is(e->dynamic[i].name, name) &&
		    (e->dynamic[i].section == SHN_UNDEF) == is_import)
			return true;
	return false;
}

static bool has_segment(const struct elf *e, uint32_t type)
{
	for (size_t i = 0; i < e->segments_n; i++)
		if (e->segments[i].type == type)
			return true;
	return false;
}

/* Good files: facts that readelf tells as well. */

static void check_server(struct slice in)
{
	struct arena a;
	struct elf e = {0};

	arena_init(&a, 16 * MiB);
	assert_int_equal(elf_read(in, &a, &e, NULL), OK);
	assert_true(e.is_64);
	assert_int_equal(e.type, ET_DYN);
	assert_true(slice_starts(e.interpreter, "/lib"));
	assert_true(e.needed_n >= 1);
	assert_true(slice_is(e.needed[0], "libc.so.6"));
	assert_true(e.has_bind_now);
	assert_true(e.dt_flags_1 & DF_1_PIE);
	assert_true(has_segment(&e, PT_GNU_STACK));
	assert_true(has_segment(&e, PT_GNU_RELRO));
	assert_true(has_symbol(&e, "recv", true) || has_symbol(&e, "__recv_chk", true));
	assert_true(has_symbol(&e, "__stack_chk_fail", true));
	assert_false(e.has_symtab);
	assert_false(e.has_debug);
	arena_release(&a);
}

static void test_program(void **state)
{
	static const char *const names[] = {"elf_good", "elf_gnu_hash", "elf_sysv_hash",
					    "elf_gnu_hash_bare", "elf_sysv_hash_bare"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct slice in = sample_read(names[i]);

		assert_non_null(in.ptr);
		check_server(in);
		sample_free(in);
	}
}

static void test_sections(void **state)
{
	struct slice in = sample_read("elf_debug");
	struct arena a;
	struct elf e = {0};
	struct elf_symbol s = {0};
	size_t at = 0;
	bool has_main = false;

	(void)state;
	assert_non_null(in.ptr);
	arena_init(&a, 16 * MiB);
	assert_int_equal(elf_read(in, &a, &e, NULL), OK);
	assert_true(e.has_symtab);
	assert_true(e.has_debug);
	assert_non_null(elf_section(&e, ".debug_info"));
	assert_null(elf_section(&e, ".no_such"));
	assert_true(slice_starts(elf_section_bytes(&e, elf_section(&e, ".interp")), "/lib"));
	assert_int_equal(elf_section_bytes(&e, elf_section(&e, ".bss")).len, 0);
	assert_int_equal(elf_section_bytes(&e, NULL).len, 0);
	while (elf_symbol_next(&e, &at, &s))
		has_main = has_main || (slice_is(s.name, "main") && s.type == STT_FUNC);
	assert_true(has_main);
	assert_int_equal(e.end, in.len);
	arena_release(&a);
	sample_free(in);
}

static void test_library_32(void **state)
{
	struct slice in = sample_read("elf_32.so");
	struct arena a;
	struct elf e = {0};

	(void)state;
	if (!in.ptr) {
		print_message("skipped: this assembler has no 32-bit x86\n");
		return;
	}
	arena_init(&a, 16 * MiB);
	assert_int_equal(elf_read(in, &a, &e, NULL), OK);
	assert_false(e.is_64);
	assert_int_equal(e.machine, EM_386);
	assert_true(slice_is(e.soname, "libgive.so"));
	assert_true(e.has_bind_now);
	assert_true(has_symbol(&e, "give", false));
	assert_true(has_symbol(&e, "take", true));
	arena_release(&a);
	sample_free(in);
}

/* The corpus: MIPS finds its symbols by DT_MIPS_SYMTABNO or DT_HASH, ARM by DT_GNU_HASH. */
static void test_corpus(void **state)
{
	static const struct {
		const char *name;
		uint16_t machine;
		bool is_64;
		uint32_t stack;
		size_t needed;
	} files[] = {
		{"elf/busybox-1.35.0-mipsel", EM_MIPS, false, PF_R | PF_W | PF_X, 3},
		{"elf/busybox-1.35.0-arm64", EM_AARCH64, true, PF_R | PF_W, 3},
		{"elf/busybox-1.35.0-armel", EM_ARM, false, PF_R | PF_W, 3},
		{"elf/busybox-1.35.0-mips64el", EM_MIPS, true, PF_R | PF_W | PF_X, 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct slice in = shared_read(files[i].name);
		struct arena a;
		struct elf e = {0};
		struct bid bid = {0};

		if (!in.ptr)
			return;
		arena_init(&a, 64 * MiB);
		assert_int_equal(elf_read(in, &a, &e, NULL), OK);
		assert_int_equal(e.machine, files[i].machine);
		assert_int_equal(e.is_64, files[i].is_64);
		assert_int_equal(e.needed_n, files[i].needed);
		assert_true(has_symbol(&e, "recvfrom", true));
		for (size_t k = 0; k < e.segments_n; k++)
			if (e.segments[k].type == PT_GNU_STACK)
				assert_int_equal(e.segments[k].flags, files[i].stack);
		assert_int_equal(format_elf.bid(in, &bid, NULL), OK);
		assert_int_equal(bid.score, BID_VERIFIED);
		assert_int_equal(bid.size, in.len);
		arena_release(&a);
		sample_free(in);
	}
}

/* Big endian, by hand: header, one PT_LOAD that maps it (gABI 4 and 5). */
static void test_big_endian(void **state)
{
	static const uint8_t bytes[84] =
		{
			0x7f,        'E',       'L',         'F',       1,           2,
			1,           [17] = 2,  [19] = 8,    [23] = 1,  [25] = 0x40, 0,
			0,           [31] = 52, [36] = 0x50, 0,         0x10,        0,
			[41] = 52,   [43] = 32, [45] = 1,    [47] = 40, [55] = 1,    [61] = 0x40,
			[65] = 0x40, [71] = 84, [75] = 84,   [79] = 5,
		};
	struct arena a;
	struct elf e = {0};
	struct bid bid = {0};

	(void)state;
	arena_init(&a, 1 * MiB);
	assert_int_equal(elf_read(slice_of(bytes, sizeof bytes), &a, &e, NULL), OK);
	assert_int_equal(e.order, BIG);
	assert_int_equal(e.type, ET_EXEC);
	assert_int_equal(e.machine, EM_MIPS);
	assert_int_equal(e.entry, 0x400000);
	assert_int_equal(e.flags, 0x50001000);
	assert_int_equal(e.segments_n, 1);
	assert_int_equal(e.segments[0].flags, PF_R | PF_X);
	assert_int_equal(e.segments[0].file_size, sizeof bytes);
	assert_int_equal(format_elf.bid(slice_of(bytes, sizeof bytes), &bid, NULL), OK);
	assert_int_equal(bid.score, BID_VERIFIED);
	assert_int_equal(bid.size, sizeof bytes);
	arena_release(&a);
}

/* Damage: the reader comes back, and what it gives out lies inside the file. */

static void assert_inside(const struct elf *e, struct slice s)
{
	if (s.len == 0)
		return;
	assert_true((uintptr_t)s.ptr >= (uintptr_t)e->file.ptr);
	assert_true(s.len <= e->file.len);
	assert_true((uintptr_t)s.ptr - (uintptr_t)e->file.ptr <= e->file.len - s.len);
}

static void read_damaged(struct slice in)
{
	struct arena a;
	struct elf e = {0};
	struct elf_symbol s = {0};
	struct fault why = {0};
	struct bid bid = {0};
	size_t at = 0;

	if (format_elf.bid(in, &bid, NULL) == OK)
		assert_true(bid.size > 0 && bid.size <= in.len);
	arena_init(&a, 16 * MiB);
	if (elf_read(in, &a, &e, &why) == OK) {
		assert_true(e.end <= in.len);
		assert_inside(&e, e.interpreter);
		assert_inside(&e, e.soname);
		for (size_t i = 0; i < e.dynamic_n; i++)
			assert_inside(&e, e.dynamic[i].name);
		for (size_t i = 0; i < e.sections_n; i++)
			assert_inside(&e, elf_section_bytes(&e, &e.sections[i]));
		while (elf_symbol_next(&e, &at, &s))
			assert_inside(&e, s.name);
	} else {
		assert_int_not_equal(why.code, OK);
		assert_null(e.segments);
	}
	arena_release(&a);
}

static void test_damage(void **state)
{
	static const char *const names[] = {"elf_tiny", "elf_object.o", "elf_32.so"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct slice in = sample_read(names[i]);

		if (in.ptr) /* the last one only where the assembler can */
			sweep_damage(slice_head(in, 16 * KiB), read_damaged);
		sample_free(in);
	}
}

/* Changes bytes of elf_gnu_hash_bare, in which all rests on the program headers. */
static enum err read_changed(size_t at, const void *bytes, size_t n)
{
	struct slice in = sample_read("elf_gnu_hash_bare");
	uint8_t *copy = malloc(in.len);
	struct arena a;
	struct elf e = {0};

	assert_non_null(copy);
	memcpy(copy, in.ptr, in.len);
	memcpy(&copy[at], bytes, n);
	arena_init(&a, 16 * MiB);

	enum err err = elf_read(slice_of(copy, in.len), &a, &e, NULL);

	arena_release(&a);
	free(copy);
	sample_free(in);
	return err;
}

static void test_header_lies(void **state)
{
	(void)state;
	assert_int_equal(read_changed(0,
				      "\x7f"
				      "ELG",
				      4),
			 E_MAGIC);
	assert_int_equal(read_changed(4, "\3", 1), E_MAGIC);        /* class */
	assert_int_equal(read_changed(5, "\0", 1), E_MAGIC);        /* byte order */
	assert_int_equal(read_changed(20, "\2", 1), E_RANGE);       /* version */
	assert_int_equal(read_changed(52, "\x41", 1), E_RANGE);     /* e_ehsize */
	assert_int_equal(read_changed(54, "\x39", 1), E_RANGE);     /* e_phentsize */
	assert_int_equal(read_changed(56, "\xff\x3f", 2), E_LIMIT); /* e_phnum */
	assert_int_equal(read_changed(56, "\xff\xff", 2), E_LIMIT); /* PN_XNUM, no section 0 */
	assert_int_equal(read_changed(32, "\xff\xff\xff\xff\xff\xff\xff\xff", 8), E_SHORT);
	assert_int_equal(read_changed(32, "\x08\0\0\0\0\0\0\0", 8), E_RANGE); /* in the header */
	assert_int_equal(read_changed(40, "\xf0\xff\xff\xff\xff\xff\xff\xff", 8), E_SHORT);
}

/* A DT_HASH that promises more symbols than the file has. */
static void test_symbol_lies(void **state)
{
	struct slice in = sample_read("elf_sysv_hash_bare");
	uint8_t *copy = malloc(in.len);
	struct arena a;
	struct elf e = {0};
	struct cursor c = {0};
	uint64_t hash = 0, dynamic = 0;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, in.ptr, in.len);
	arena_init(&a, 16 * MiB);
	assert_int_equal(elf_read(in, &a, &e, NULL), OK);
	for (size_t i = 0; i < e.segments_n; i++)
		if (e.segments[i].type == PT_DYNAMIC)
			dynamic = e.segments[i].offset;
	c = cursor_at(in, (size_t)dynamic);
	for (uint64_t tag = 1; tag != 0 && tag != 4 && !c.err;) {
		tag = cursor_u64le(&c);
		hash = cursor_u64le(&c);
	}
	assert_true(hash != 0 && hash + 8 < in.len); /* the first segment: address is offset */
	memcpy(&copy[hash + 4], "\x00\x10\x00\x00", 4);
	assert_int_equal(elf_read(slice_of(copy, in.len), &a, &e, NULL), E_SHORT);
	memcpy(&copy[hash + 4], "\xff\xff\xff\xff", 4);
	assert_int_equal(elf_read(slice_of(copy, in.len), &a, &e, NULL), E_LIMIT);
	arena_release(&a);
	free(copy);
	sample_free(in);
}

/* The auction in a dump: bytes before and behind are not the file's. */
static void test_carved(void **state)
{
	struct slice in = sample_read("elf_good");
	struct slice magic = slice_of("\x7f"
				      "ELF\2\1\1",
				      16);
	struct bid bid = {0};
	uint8_t *dump = NULL;
	size_t size = in.len + 1000;

	(void)state;
	assert_non_null(in.ptr);
	dump = malloc(size);
	assert_non_null(dump);
	memset(dump, 0xff, size);
	memcpy(dump, in.ptr, in.len);
	assert_ptr_equal(format_auction(slice_of(dump, size), BID_VERIFIED, &bid, NULL),
			 &format_elf);
	assert_int_equal(bid.size, in.len);

	/* cut short it is known at offset 0, and nowhere else */
	assert_null(format_auction(slice_of(dump, in.len / 2), BID_VERIFIED, &bid, NULL));
	memset(dump, 0, size);
	memcpy(dump, magic.ptr, 7);
	assert_null(format_auction(slice_of(dump, size), BID_MAGIC, &bid, NULL));
	free(dump);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_program),     cmocka_unit_test(test_sections),
		cmocka_unit_test(test_library_32),  cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_big_endian),  cmocka_unit_test(test_damage),
		cmocka_unit_test(test_header_lies), cmocka_unit_test(test_symbol_lies),
		cmocka_unit_test(test_carved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
