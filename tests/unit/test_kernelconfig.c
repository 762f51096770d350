// SPDX-License-Identifier: Apache-2.0
// Kernel configurations: each setting left out, chosen, and not offered.

#include "support.h"

#include "scene_double.h"

#define HEAD                                                                                       \
	"#\n# Automatically generated file; DO NOT EDIT.\n# Linux/arm 4.9.0 Kernel "               \
	"Configuration\n#\n"                                                                       \
	"CONFIG_ARM=y\nCONFIG_MMU=y\nCONFIG_SMP=y\nCONFIG_INET=y\nCONFIG_MODULES=y\n"

static void expect(const char *text, const char *flaw, size_t n)
{
	const struct stage_file f = {.path = "/config", .text = text};
	struct stage *s = stage_new();

	stage_object(s, &inspector_kernelconfig, &f, true);
	if (stage_findings(s, "kernel-setting", flaw) != n) {
		stage_print(s);
		fail_msg("%s", text);
	}
	assert_int_equal(stage_seen(s, "kernel-config"), 1);
	stage_free(s);
}

#define OFF(name) "# CONFIG_" name " is not set\n"
#define ON(name)  "CONFIG_" name "=y\n"

static void test_settings(void **state)
{
	(void)state;
	expect(HEAD OFF("STRICT_DEVMEM"), "kernel:CONFIG_STRICT_DEVMEM", 1);
	expect(HEAD ON("STRICT_DEVMEM"), NULL, 0);
	expect(HEAD, NULL, 0); /* nothing of the table was offered */
	expect(HEAD ON("DEVKMEM"), "kernel:CONFIG_DEVKMEM", 1);
	expect(HEAD OFF("DEVKMEM"), NULL, 0);
	expect(HEAD OFF("RANDOMIZE_BASE"), "kernel:CONFIG_RANDOMIZE_BASE", 1);
	expect(HEAD ON("RANDOMIZE_BASE"), NULL, 0);
	expect(HEAD OFF("SECCOMP"), "kernel:CONFIG_SECCOMP", 1);
	expect(HEAD OFF("SYN_COOKIES"), "kernel:CONFIG_SYN_COOKIES", 1);
	expect(HEAD OFF("DEBUG_RODATA"), "kernel:CONFIG_DEBUG_RODATA", 1);
	expect(HEAD OFF("STRICT_KERNEL_RWX"), "kernel:CONFIG_STRICT_KERNEL_RWX", 1);
	expect(HEAD ON("DEBUG_RODATA"), NULL, 0);
}

static void test_stack_protector(void **state)
{
	(void)state;
	expect(HEAD OFF("STACKPROTECTOR"), NULL, 1);
	expect(HEAD ON("STACKPROTECTOR") ON("STACKPROTECTOR_STRONG"), NULL, 0);
	expect(HEAD ON("CC_STACKPROTECTOR_NONE") OFF("CC_STACKPROTECTOR_STRONG"), NULL, 1);
	expect(HEAD OFF("CC_STACKPROTECTOR_NONE") ON("CC_STACKPROTECTOR_STRONG"), NULL, 0);
	expect(HEAD OFF("CC_STACKPROTECTOR"), NULL, 1);
}

static void test_modules(void **state)
{
	(void)state;
	expect(HEAD OFF("MODULE_SIG"), "kernel:CONFIG_MODULE_SIG", 1);
	expect(HEAD ON("MODULE_SIG"), NULL, 0);
	expect("# Linux/mips 4.9.0 Kernel Configuration\nCONFIG_MIPS=y\nCONFIG_A=y\nCONFIG_B=y\n"
	       "# CONFIG_MODULES is not set\n# CONFIG_MODULE_SIG is not set\n",
	       NULL, 0);
}

static void test_other_texts(void **state)
{
	static const char *const texts[] = {"CONFIG_A=y\n" OFF("SECCOMP"),
					    "# Kernel Configuration of our product\n", ""};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct stage_file f = {.path = "/x", .text = texts[i]};
		struct stage *s = stage_new();

		stage_object(s, &inspector_kernelconfig, &f, true);
		assert_int_equal(s->emitter.n, 0);
		stage_free(s);
	}
}

static void read_damaged(struct slice in)
{
	const struct stage_file f = {.path = "/x", .bytes = in};
	struct stage *s = stage_new();

	stage_object(s, &inspector_kernelconfig, &f, true);
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text(HEAD OFF("SECCOMP") ON("DEVKMEM")), read_damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings), cmocka_unit_test(test_stack_protector),
		cmocka_unit_test(test_modules),  cmocka_unit_test(test_other_texts),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
