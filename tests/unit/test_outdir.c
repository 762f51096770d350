// SPDX-License-Identifier: Apache-2.0
// Unpacking into a folder: never outside it, whatever the paths and links say.

#include "support.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/os.h"

static char base[] = "/tmp/kensa-outdir-XXXXXX";
static char inside[64];

static bool exists(const char *path)
{
	struct stat st;
	char full[256];

	snprintf(full, sizeof full, "%s/%s", base, path);
	return lstat(full, &st) == 0;
}

static struct outdir *fresh(const char *name)
{
	struct outdir *d = NULL;

	snprintf(inside, sizeof inside, "%s/%s", base, name);
	assert_int_equal(outdir_open(inside, &d, NULL), OK);
	return d;
}

static enum err put(struct outdir *d, const char *path)
{
	return outdir_file(d, slice_text(path), slice_text("x"), false);
}

static void test_paths(void **state)
{
	struct outdir *d = fresh("paths");

	(void)state;
	assert_int_equal(put(d, "../../escaped"), OK);
	assert_int_equal(put(d, "/etc/./passwd"), OK);
	assert_int_equal(put(d, ""), E_RANGE);
	assert_int_equal(put(d, "///"), E_RANGE);
	assert_int_equal(outdir_close(d), OK);
	assert_true(exists("paths/_/_/escaped"));
	assert_true(exists("paths/etc/_/passwd"));
	assert_false(exists("escaped"));
}

static void test_links(void **state)
{
	struct outdir *d = fresh("links");
	struct slice root = slice_text("fs");

	(void)state;
	assert_int_equal(outdir_link(d, slice_text("fs/a"), root, slice_text("../../x")), E_RANGE);
	assert_int_equal(outdir_link(d, slice_text("fs/b/c"), root, slice_text("../../x")),
			 E_RANGE);
	assert_int_equal(outdir_link(d, slice_text("fs/b/d"), root, slice_text("../x")), OK);
	assert_int_equal(outdir_link(d, slice_text("fs/b/e"), root, slice_text("/etc/../../x")),
			 E_RANGE);
	assert_int_equal(outdir_link(d, slice_text("fs/b/f"), root, slice_text("/etc")), OK);
	/* A file below the link's name comes before the link: then the name is taken, and that is
	 * said. */
	assert_int_equal(put(d, "fs/b/f/passwd"), OK);
	/* Behind a name that may be a link itself, ".." leads anywhere. */
	assert_int_equal(outdir_link(d, slice_text("fs/b/g"), root, slice_text("d/../x")), E_RANGE);
	/* No target, and one that the system would read as "..": found by a damaged image. */
	assert_int_equal(outdir_link(d, slice_text("fs/h"), root, slice_text("")), E_RANGE);
	assert_int_equal(outdir_link(d, slice_text("fs/i"), root, slice_of("..\0x", 4)), E_RANGE);
	assert_int_equal(outdir_close(d), E_RANGE);
	assert_true(exists("links/fs/b/d"));
	assert_true(exists("links/fs/b/f/passwd"));

	char target[64] = "", path[128];

	snprintf(path, sizeof path, "%s/links/fs/b/d", base);
	assert_true(readlink(path, target, sizeof target - 1) > 0);
	assert_string_equal(target, "../x");
}

static void test_not_empty(void **state)
{
	struct outdir *d = fresh("full");

	(void)state;
	assert_int_equal(put(d, "f"), OK);
	assert_int_equal(outdir_close(d), OK);
	assert_int_equal(outdir_open(inside, &d, NULL), E_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_not_empty),
	};

	return mkdtemp(base) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
