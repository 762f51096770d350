// SPDX-License-Identifier: Apache-2.0
// Rights of files: each rule with the flaw and with only the flaw removed.

#include "support.h"

#include <stdio.h>

#include "scene_double.h"

/* Findings of `rule` for one file with this mode. */
static void expect(const char *path, uint32_t mode, const char *rule, size_t n)
{
	const struct stage_file files[] = {{.path = path, .mode = mode}};
	struct stage *s = stage_new();

	stage_tree(s, &inspector_permissions, files, 1);
	if (stage_findings(s, rule, NULL) != n)
		fail_msg("%s %04o", path, (unsigned)mode);
	assert_int_equal(stage_seen(s, "files"), 1);
	stage_free(s);
}

static void test_setuid(void **state)
{
	(void)state;
	expect("/bin/busybox", 04755, "setuid-file", 1);
	expect("/bin/busybox", 0755, "setuid-file", 0);
	expect("/usr/bin/sudo", 04755, "setuid-file", 0);
	expect("/bin/su", 04755, "setuid-file", 0);
	expect("/usr/bin/find", 02755, "setuid-file", 1);
	expect("/usr/bin/find", 02745, "setuid-file", 0);
	expect("/etc/data", 04644, "setuid-file", 0);
}

static void test_world_writable(void **state)
{
	(void)state;
	expect("/usr/sbin/httpd", 0777, "world-writable", 1);
	expect("/usr/sbin/httpd", 0755, "world-writable", 0);
	expect("/etc/init.d/S10x", 0666, "world-writable", 1);
	expect("/etc/init.d/S10x", 0664, "world-writable", 0);
	expect("/etc/passwd", 0666, "world-writable", 1);
	expect("/var/state", 0666, "world-writable", 0);
	expect("/web/index.htm", 0777, "world-writable", 0);
}

static void test_others_have_no_rights(void **state)
{
	const struct stage_file files[] = {
		{.path = "/tmp", .type = ENTRY_DIR, .mode = 01777},
		{.path = "/bin/sh", .type = ENTRY_LINK, .mode = 0777, .link = "busybox"},
		{.path = "/dev/null", .type = ENTRY_DEVICE, .mode = 0666},
	};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_permissions, files, ARRAY_LEN(files));
	assert_int_equal(stage_findings(s, "world-writable", NULL), 0);
	assert_int_equal(stage_total(s, "files"), 3);
	stage_free(s);
}

enum { MANY = 300 };

/* MANY programs; the last one has its own mode. */
static struct stage *look_many(uint32_t mode, uint32_t last)
{
	static char names[MANY][32];
	static struct stage_file files[MANY];
	struct stage *s = stage_new();

	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof names[i], "/bin/p%zu", i);
		files[i] = (struct stage_file){.path = names[i], .mode = mode};
	}
	files[MANY - 1].mode = last;
	stage_tree(s, &inspector_permissions, files, MANY);
	return s;
}

static void test_many(void **state)
{
	struct stage *s = look_many(0777, 0755);

	(void)state;
	assert_int_equal(stage_findings(s, "world-writable", NULL), LIMIT_RIGHTS_SHOWN + 1);
	assert_int_equal(stage_findings(s, "world-writable", "rights:/"), 1);
	assert_true(stage_mentions(s, "249 more files"));
	stage_free(s);
	s = look_many(0777, 0777);
	assert_int_equal(stage_findings(s, "world-writable", NULL), 1);
	assert_true(stage_mentions(s, "all 300 files have mode 0777"));
	stage_free(s);
	s = look_many(0755, 0755);
	assert_int_equal(stage_findings(s, "world-writable", NULL), 0);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_setuid),
		cmocka_unit_test(test_world_writable),
		cmocka_unit_test(test_others_have_no_rights),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
