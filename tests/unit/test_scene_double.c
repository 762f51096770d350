// SPDX-License-Identifier: Apache-2.0
// The stage itself: look-ups through links, order of the walk, facts kept.

#include "support.h"

#include "scene_double.h"

static void look(struct scene *s, const struct tree *t)
{
	const struct node *n = tree_find(t, slice_text("/etc/passwd"));
	struct buf b;

	buf_init(&b, 1 * MiB);
	assert_non_null(n);
	assert_true(slice_is(n->entry.path, "/rom/passwd"));
	assert_int_equal(tree_read(t, n, &b, NULL), OK);
	assert_true(slice_is(buf_slice(&b), "root"));
	buf_release(&b);
	assert_null(tree_find(t, slice_text("/loop/x")));
	assert_non_null(tree_find(t, slice_text("/../rom/./passwd")));
	assert_null(tree_node(t, slice_text("/etc/passwd")));
	scene_coverage(s, "accounts", 1, 2);
}

static void count(struct scene *s, const struct object *o)
{
	scene_finding(s, "seen", o->artifact, o->name, slice_text(""),
		      SAY(s->scratch, SAY_EMPTY_PASSWORD, slice_text("a\nb")));
}

static void test_stage(void **state)
{
	static const struct stage_file files[] = {
		{.path = "/rom/passwd", .text = "root"},
		{.path = "/etc", .type = ENTRY_LINK, .link = "../rom"},
		{.path = "/loop", .type = ENTRY_LINK, .link = "loop"},
	};
	const struct inspector i = {.name = "test", .object = count, .tree = look};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &i, files, ARRAY_LEN(files));
	assert_int_equal(stage_findings(s, "seen", "/rom/passwd"), 1);
	assert_int_equal(stage_findings(s, "seen", NULL), 1);
	assert_int_equal(stage_total(s, "accounts"), 2);
	assert_true(stage_mentions(s, "a\\x0ab, empty password"));
	assert_false(stage_covers(s, "secrets"));
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_stage)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
