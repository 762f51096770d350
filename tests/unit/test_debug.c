// SPDX-License-Identifier: Apache-2.0
// Debug leftovers: each kind with a twin that is allowed to stay.

#include "support.h"

#include "scene_double.h"

static size_t findings(const char *path, struct slice bytes, const char *text, const char *rule)
{
	struct stage_file f = {.path = path, .bytes = bytes, .text = text, .mode = 0755};
	struct stage *s = stage_new();

	stage_object(s, &inspector_debug, &f, false);

	size_t n = stage_findings(s, rule, NULL);

	stage_free(s);
	return n;
}

static void test_programs(void **state)
{
	static const struct {
		const char *path, *sample, *rule;
		size_t findings;
	} cases[] = {
		{"/usr/bin/gdbserver", "elf_plain", "debug-tool", 1},
		{"/usr/bin/mips-linux-gdb", "elf_plain", "debug-tool", 1},
		{"/usr/bin/server", "elf_plain", "debug-tool", 0},
		{"/usr/bin/server", "elf_debug", "debug-symbols", 1},
		{"/usr/bin/server", "elf_good", "debug-symbols", 0},
		{"/usr/bin/server", "elf_symbols", "symbol-table", 1},
		{"/usr/bin/server", "elf_symbols", "debug-symbols", 0},
		{"/usr/bin/server", "elf_good", "symbol-table", 0},
		{"/lib/modules/x.ko", "elf_object.o", "symbol-table", 0},
		{"/lib/modules/x.ko", "elf_object.o", "source-left", 0},
		{"/usr/src/x.o", "elf_object.o", "source-left", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice in = sample_read(cases[i].sample);

		assert_non_null(in.ptr);
		if (findings(cases[i].path, in, NULL, cases[i].rule) != cases[i].findings)
			fail_msg("%s %s %s", cases[i].path, cases[i].sample, cases[i].rule);
		sample_free(in);
	}
}

static void test_texts(void **state)
{
	static const struct {
		const char *path, *text, *rule;
		size_t findings;
	} cases[] = {
		{"/www/cgi.c", "#include <stdio.h>\nint main(void) {}\n", "source-left", 1},
		{"/www/cgi.c", "a word list\n", "source-left", 0},
		{"/www/notes.txt", "#include <stdio.h>\n", "source-left", 0},
		{"/usr/include/python3.9/pyconfig.h", "#define A 1\n", "source-left", 0},
		{"/usr/src/app.h", "#ifndef A\n#define A\n#endif\n", "source-left", 1},
		{"/www/app.js.map", "{\"version\":3,\"mappings\":\"AAAA\"}", "source-left", 1},
		{"/usr/share/us.map", "keymaps 0-2,4\n", "source-left", 0},
		{"/boot/System.map", "80001000 T _text\n80001000 T _stext\n", "source-left", 1},
		{"/usr/bin/tcpdump", "#!/bin/sh\nexec tcpdump.real\n", "debug-tool", 1},
		{"/usr/share/doc/tcpdump", "a manual\n", "debug-tool", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (findings(cases[i].path, (struct slice){0}, cases[i].text, cases[i].rule) !=
		    cases[i].findings)
			fail_msg("%s", cases[i].path);
}

static void test_flaw_and_coverage(void **state)
{
	struct slice in = sample_read("elf_debug");
	const struct stage_file files[] = {
		{.path = "/bin/server", .bytes = in},
		{.path = "/etc/motd", .text = "hello\n"},
	};
	struct stage_file part = {.path = "server", .bytes = in};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_debug, files, 2);
	assert_int_equal(stage_findings(s, "debug-symbols", "debug:/bin/server"), 1);
	assert_int_equal(stage_findings(s, "symbol-table", "debug:/bin/server"), 1);
	assert_int_equal(stage_seen(s, "debug-files"), 2);
	assert_int_equal(stage_total(s, "debug-files"), 2);
	stage_forget(s);
	stage_object(s, &inspector_debug, &part, true);
	assert_int_equal(stage_findings(s, "debug-symbols", NULL), 1);
	assert_int_equal(stage_total(s, "debug-files"), 1);
	stage_free(s);
	sample_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_flaw_and_coverage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
