// SPDX-License-Identifier: Apache-2.0
// Leftovers below web roots: each kind, and the same files where nobody serves them.

#include "support.h"

#include "scene_double.h"

static void expect(const char *path, size_t n, uint64_t seen)
{
	const struct stage_file files[] = {{.path = path, .text = "x"}};
	struct stage *s = stage_new();

	stage_tree(s, &inspector_web, files, 1);
	if (stage_findings(s, "web-leftover", NULL) != n)
		fail_msg("%s", path);
	assert_int_equal(stage_seen(s, "web-files"), seen);
	assert_true(stage_covers(s, "web-files"));
	stage_free(s);
}

static void test_leftovers(void **state)
{
	static const char *const bad[] = {
		"/www/index.html.bak",   "/var/www/a.php~",     "/usr/share/www/x.old",
		"/home/httpd/a.orig",    "/web/.index.htm.swp", "/www/phpinfo.php",
		"/www/cgi-bin/test.cgi", "/www/TEST.html",      "/www/cgi-bin/printenv",
	};
	static const char *const good[] = {"/www/index.html",  "/www/cgi-bin/luci",
					   "/www/latest.html", "/www/bold.css",
					   "/www/js/test.js",  "/web/backup.htm"};
	static const char *const elsewhere[] = {"/etc/passwd.bak", "/usr/share/test.html",
						"/home/user/a~"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		expect(bad[i], 1, 1);
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		expect(good[i], 0, 1);
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
		expect(elsewhere[i], 0, 0);
}

static void test_working_copy(void **state)
{
	const struct stage_file files[] = {
		{.path = "/www/.git/HEAD", .text = "x"},
		{.path = "/www/.git/config", .text = "x"},
		{.path = "/www/.git/objects/a.bak", .text = "x"},
		{.path = "/www/sub/.svn/entries", .text = "x"},
		{.path = "/www/index.html", .text = "x"},
	};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_web, files, ARRAY_LEN(files));
	assert_int_equal(stage_findings(s, "web-leftover", "web:/www/.git"), 1);
	assert_int_equal(stage_findings(s, "web-leftover", "web:/www/sub/.svn"), 1);
	assert_int_equal(stage_findings(s, "web-leftover", NULL), 2);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_working_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
