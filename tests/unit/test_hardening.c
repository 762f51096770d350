// SPDX-License-Identifier: Apache-2.0
// Hardening rules: a good program, one that lacks each protection and nothing else, and what does
// not count; the roles of names; address randomisation switched off.

#include "support.h"

#include "scene_double.h"

#include <string.h>

#include "inspect/firmware/symbol_roles.h"

static const char *const rules[] = {"elf-no-nx", "elf-no-ssp", "elf-no-pie", "elf-no-relro",
				    "elf-no-fortify"};
static const char *const subjects[] = {"elf-nx", "elf-ssp", "elf-pie", "elf-relro", "elf-fortify"};

static void inspect(struct stage *s, struct slice data, const char *path)
{
	struct stage_file f = {.path = path, .bytes = data, .format = &format_elf, .mode = 0755};

	stage_forget(s);
	stage_object(s, &inspector_hardening, &f, false);
}

/* The sample lacks what `rule` names, and nothing else; NULL: nothing at all. */
static void assert_lacks(const char *sample, const char *rule)
{
	struct slice in = sample_read(sample);
	struct stage *s = stage_new();

	assert_non_null(in.ptr);
	inspect(s, in, "/usr/sbin/server");
	assert_int_equal(stage_total(s, "elf"), 1);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		size_t expected = rule && strcmp(rule, rules[i]) == 0;

		if (stage_findings(s, rules[i], NULL) != expected)
			fail_msg("%s: %s", sample, rules[i]);
		assert_int_equal(stage_seen(s, subjects[i]), 1);
		assert_int_equal(stage_total(s, subjects[i]), 1);
	}
	stage_free(s);
	sample_free(in);
}

static void test_pairs(void **state)
{
	(void)state;
	assert_lacks("elf_good", NULL);
	assert_lacks("elf_gnu_hash_bare", NULL);
	assert_lacks("elf_no_nx", "elf-no-nx");
#if defined(__x86_64__) /* where the default is an executable stack */
	assert_lacks("elf_no_stack_header", "elf-no-nx");
#endif
	assert_lacks("elf_no_ssp", "elf-no-ssp");
	assert_lacks("elf_no_pie", "elf-no-pie");
	assert_lacks("elf_no_relro", "elf-no-relro");
	assert_lacks("elf_lazy", "elf-no-relro");
	assert_lacks("elf_no_fortify", "elf-no-fortify");
}

static void test_flaw_key(void **state)
{
	struct slice in = sample_read("elf_no_nx");
	struct stage *s = stage_new();
	struct stage_file part = {.path = "image.bin!gzip", .bytes = in, .format = &format_elf};

	(void)state;
	inspect(s, in, "/bin/x");
	assert_int_equal(stage_findings(s, "elf-no-nx", "nx:/bin/x"), 1);
	assert_true(
		stage_says(stage_finding(s, "elf-no-nx", 0)->evidence, "PT_GNU_STACK asks for"));
	stage_forget(s);
	stage_object(s, &inspector_hardening, &part, true);
	assert_int_equal(stage_findings(s, "elf-no-nx", NULL), 1); /* a part: the whole path */
	assert_true(slice_ends(stage_finding(s, "elf-no-nx", 0)->flaw, "image.bin!gzip"));
	stage_free(s);
	sample_free(in);
}

static void test_not_counted(void **state)
{
	struct slice plain = sample_read("elf_plain"), library = sample_read("elf_library.so");
	struct slice object = sample_read("elf_object.o");
	struct stage_file part = {.path = "true", .bytes = plain, .format = &format_elf};
	struct stage *s = stage_new();

	(void)state;
	inspect(s, plain, "/bin/true"); /* no arrays, no network, no checked functions */
	assert_int_equal(stage_total(s, "elf-nx"), 1);
	assert_false(stage_covers(s, "elf-ssp"));
	assert_false(stage_covers(s, "elf-pie"));
	assert_false(stage_covers(s, "elf-relro"));
	assert_false(stage_covers(s, "elf-fortify"));
	stage_forget(s);
	stage_object(s, &inspector_hardening, &part, true); /* alone: looked at, nothing to find */
	assert_true(stage_covers(s, "elf-ssp"));
	assert_int_equal(stage_total(s, "elf-ssp"), 0);
	inspect(s, library, "/lib/libtake.so.1");
	assert_false(stage_covers(s, "elf-pie"));
	assert_int_equal(stage_findings(s, "elf-no-ssp", "ssp:/lib/libtake.so.1"), 1);
	inspect(s, object, "/lib/modules/x.ko");
	assert_false(stage_covers(s, "elf"));
	stage_free(s);
	sample_free(plain);
	sample_free(library);
	sample_free(object);
}

static void test_static(void **state)
{
	struct slice named = sample_read("elf_static_symbols"), bare = sample_read("elf_static");
	struct stage *s = stage_new();

	(void)state;
	inspect(s, named, "/bin/s");
	assert_int_equal(stage_findings(s, "elf-no-pie", "pie:/bin/s"), 1);
	assert_false(stage_covers(s, "elf-relro"));
	assert_false(stage_covers(s, "elf-fortify"));
	inspect(s, bare, "/bin/s"); /* nothing tells whether it takes network input */
	assert_int_equal(stage_findings(s, "elf-no-pie", NULL), 0);
	assert_int_equal(stage_seen(s, "elf-pie"), 0);
	assert_int_equal(stage_total(s, "elf-pie"), 1);
	assert_int_equal(stage_skips(s, "elf-pie"), 1);
	stage_free(s);
	sample_free(named);
	sample_free(bare);
}

/* Programs of real products; what readelf says of them. N: not counted, U: unknown. */
static void test_products(void **state)
{
	static const struct {
		const char *sample, *expected; /* in the order of rules[]: + protected, - missing */
	} cases[] = {
		{"elf_openwrt_procd", "++-+N"},    {"elf_openwrt_dnsmasq", "++-+N"},
		{"elf_openwrt_dropbear", "++-+N"}, {"elf_openwrt_udevtrigger", "+-NNN"},
		{"elf_tplink_tmpd", "----N"},      {"elf_digoo_busybox", "U----"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice in = sample_read(cases[i].sample);
		struct stage *s = stage_new();
		char got[ARRAY_LEN(rules) + 1] = {0};

		if (in.ptr)
			inspect(s, in, "/x");
		else
			print_message("skipped: %s is absent\n", cases[i].sample);
		for (size_t k = 0; k < ARRAY_LEN(rules); k++)
			got[k] = stage_findings(s, rules[k], NULL) ? '-'
				 : stage_skips(s, subjects[k])     ? 'U'
				 : stage_covers(s, subjects[k])    ? '+'
								   : 'N';
		if (in.ptr)
			assert_string_equal(got, cases[i].expected);
		stage_free(s);
		sample_free(in);
	}
}

/* A static program of 32 bits: one PT_LOAD over the header, PT_GNU_STACK with `stack` or none. */
static void program_make(struct buf *b, uint16_t machine, uint32_t flags, int stack)
{
	uint32_t segments = stack < 0 ? 1 : 2;

	buf_clear(b);
	buf_add(b, slice_of("\x7f"
			    "ELF\1\1\1\0\0\0\0\0\0\0\0\0",
			    16));
	buf_u32le(b, 2u | (uint32_t)machine << 16);
	buf_u32le(b, 1);
	buf_u32le(b, 0x400034);
	buf_u32le(b, 52);
	buf_u32le(b, 0);
	buf_u32le(b, flags);
	buf_u32le(b, 52u | 32u << 16);
	buf_u32le(b, segments);
	buf_u32le(b, 0);

	const uint32_t load[] = {PT_LOAD, 0, 0x400000, 0x400000, 84, 84, PF_R | PF_X, 0x1000};

	for (size_t i = 0; i < ARRAY_LEN(load); i++)
		buf_u32le(b, load[i]);
	for (size_t i = 0; stack >= 0 && i < 8; i++)
		buf_u32le(b, i == 0 ? PT_GNU_STACK : i == 6 ? (uint32_t)stack : 0);
}

static void test_no_execute(void **state)
{
	static const struct {
		uint16_t machine;
		uint32_t flags;
		int stack;
		size_t missing, unknown;
	} cases[] = {
		{EM_ARM, 0x05000000, PF_R | PF_W, 0, 0},
		{EM_ARM, 0x05000000, PF_R | PF_W | PF_X, 1, 0},
		{EM_ARM, 0x05000000, -1, 1, 0},
		{EM_386, 0, -1, 1, 0},
		{EM_RISCV, 0, -1, 0, 0},
		{EM_MIPS, 0x70001000, PF_R | PF_W, 0, 0},
		{EM_MIPS, 0x70001000, PF_R | PF_W | PF_X, 1, 0},
		{EM_MIPS, 0x70001000, -1, 0, 1},
		{EM_MIPS, 0x90001000, -1, 1, 0},
	};
	struct stage *s = stage_new();
	struct buf b;

	(void)state;
	buf_init(&b, 4 * KiB);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		program_make(&b, cases[i].machine, cases[i].flags, cases[i].stack);
		inspect(s, buf_slice(&b), "/x");
		assert_int_equal(stage_findings(s, "elf-no-nx", "nx:/x"), cases[i].missing);
		assert_int_equal(stage_skips(s, "elf-nx"), cases[i].unknown);
		assert_int_equal(stage_seen(s, "elf-nx"), 1 - cases[i].unknown);
		assert_int_equal(stage_total(s, "elf-nx"), 1);
	}
	buf_release(&b);
	stage_free(s);
}

static void test_damaged(void **state)
{
	struct slice in = sample_read("elf_good");
	struct stage *s = stage_new();

	(void)state;
	inspect(s, slice_head(in, in.len / 2), "/x"); /* the section table is gone */
	assert_int_equal(stage_skips(s, "elf"), 1);
	assert_int_equal(stage_seen(s, "elf"), 0);
	assert_int_equal(stage_total(s, "elf"), 1);
	stage_free(s);
	sample_free(in);
}

static struct stage *sweep_stage;

static void inspect_damaged(struct slice in)
{
	inspect(sweep_stage, in, "/x");
}

static void test_damage(void **state)
{
	struct slice in = sample_read("elf_tiny");

	(void)state;
	sweep_stage = stage_new();
	sweep_damage(in, inspect_damaged);
	stage_free(sweep_stage);
	sample_free(in);
}

static void test_empty_tree(void **state)
{
	const struct stage_file files[] = {{.path = "/etc/motd", .text = "hello\n"}};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_hardening, files, 1);
	assert_true(stage_covers(s, "elf"));
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		assert_true(stage_covers(s, subjects[i]));
		assert_int_equal(stage_total(s, subjects[i]), 0);
	}
	stage_free(s);
}

static void test_randomisation(void **state)
{
	static const struct {
		const char *path, *text;
		size_t findings;
	} cases[] = {
		{"/etc/sysctl.conf", "kernel.panic=3\nkernel.randomize_va_space = 0\n", 1},
		{"/etc/sysctl.d/10.conf", "kernel/randomize_va_space=0", 1},
		{"/etc/sysctl.conf", "kernel.randomize_va_space = 2\n", 0},
		{"/etc/sysctl.conf", "# kernel.randomize_va_space = 0\n", 0},
		{"/etc/init.d/rcS", "#!/bin/sh\necho 0 > /proc/sys/kernel/randomize_va_space\n", 1},
		{"/etc/init.d/rcS", "#!/bin/sh\necho \"0\" >/proc/sys/kernel/randomize_va_space\n",
		 1},
		{"/etc/init.d/rcS", "#!/bin/sh\necho 1 > /proc/sys/kernel/randomize_va_space\n", 0},
		{"/etc/init.d/rcS", "#!/bin/sh\nsysctl -w kernel.randomize_va_space=0\n", 1},
		{"/etc/init.d/rcS", "#!/bin/sh\ncat /proc/sys/kernel/randomize_va_space > /tmp/0\n",
		 0},
		{"/usr/share/doc/a.txt", "echo 0 > /proc/sys/kernel/randomize_va_space\n", 0},
		{"/boot/cmdline.txt", "console=ttyS0,115200 root=/dev/mtdblock2 norandmaps\n", 1},
		{"/boot/cmdline.txt", "console=ttyS0,115200 root=/dev/mtdblock2\n", 0},
		{"/boot/cmdline.txt", "#console=ttyS0,115200 norandmaps\n", 0},
		{"/usr/share/words", "norandmaps\n", 0},
	};
	struct stage *s = stage_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage_file f = {.path = cases[i].path, .text = cases[i].text};

		stage_forget(s);
		stage_object(s, &inspector_hardening, &f, false);
		if (stage_findings(s, "aslr-off", NULL) != cases[i].findings)
			fail_msg("%s: %s", cases[i].path, cases[i].text);
	}
	stage_free(s);
}

static void test_boot_environment(void **state)
{
	static const char bytes[] = "\x12\x34\x56\x78"
				    "bootdelay=1\0bootargs=console=ttyS0 norandmaps\0\0";
	struct stage_file f = {.path = "dump.bin@0x40000",
			       .bytes = {(const uint8_t *)bytes, sizeof bytes}};
	struct stage *s = stage_new();

	(void)state;
	stage_object(s, &inspector_hardening, &f, true);
	assert_int_equal(stage_findings(s, "aslr-off", NULL), 1);
	stage_free(s);
}

static void test_roles(void **state)
{
	(void)state;
	for (size_t i = 1; i < symbol_roles_n; i++)
		assert_true(strcmp(symbol_roles[i - 1].name, symbol_roles[i].name) < 0);
	for (size_t i = 0; i < symbol_roles_n; i++)
		assert_int_equal(symbol_role(slice_text(symbol_roles[i].name)),
				 symbol_roles[i].roles);
	assert_int_equal(symbol_role(slice_text("__memcpy_chk")), ROLE_CHECK);
	assert_int_equal(symbol_role(slice_text("__stack_chk_fail")), ROLE_GUARD);
	assert_int_equal(symbol_role(slice_text("memcp")), 0);
	assert_int_equal(symbol_role(slice_text("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_flaw_key),
		cmocka_unit_test(test_not_counted),
		cmocka_unit_test(test_static),
		cmocka_unit_test(test_products),
		cmocka_unit_test(test_no_execute),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_empty_tree),
		cmocka_unit_test(test_randomisation),
		cmocka_unit_test(test_boot_environment),
		cmocka_unit_test(test_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
