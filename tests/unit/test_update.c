// SPDX-License-Identifier: Apache-2.0
// The list of sources: rows, years, mirrors, and what must be refused; what is wanted of it.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/update.h"
#include "os/os.h"

struct list {
	struct arena arena;
	struct feed_list list;
	struct fault why;
};

static enum err list_read(struct list *l, const char *text, unsigned year)
{
	*l = (struct list){0};
	arena_init(&l->arena, 1 * MiB);
	return feed_list_read(&l->arena, slice_text(text), year, &l->list, &l->why);
}

static void test_rows(void **state)
{
	static char of_year[] = "nvd", one_year[] = "nvd-2004", asked[] = "npm", part[] = "nv";
	char *const names[] = {of_year}, *const years[] = {one_year}, *const npm[] = {asked},
		    *const nv[] = {part};
	struct list l;

	(void)state;
	assert_int_equal(
		list_read(
			&l,
			"# words\n\n  nvd-{year} always 2003 https://a/{year}.gz http://b/{year}\n"
			"npm\tasked\t-\thttps://c/all.zip\n",
			2005),
		OK);
	assert_int_equal(l.list.n, 4);
	assert_string_equal(l.list.places[1].name, "nvd-2004");
	assert_int_equal(l.list.places[1].addresses_n, 2);
	assert_string_equal(l.list.places[1].addresses[0], "https://a/2004.gz");
	assert_string_equal(l.list.places[1].addresses[1], "http://b/2004");
	assert_true(feed_place_is_wanted(&l.list.places[0], NULL, 0));
	assert_false(feed_place_is_wanted(&l.list.places[3], NULL, 0));
	assert_true(feed_place_is_wanted(&l.list.places[0], names, 1));
	assert_true(feed_place_is_wanted(&l.list.places[1], years, 1));
	assert_false(feed_place_is_wanted(&l.list.places[0], years, 1));
	assert_true(feed_place_is_wanted(&l.list.places[3], npm, 1));
	assert_false(feed_place_is_wanted(&l.list.places[0], nv, 1));
	arena_release(&l.arena);
}

static void test_settings(void **state)
{
	struct list l;

	(void)state;
	assert_int_equal(list_read(&l, "a always - https://a\n", 2026), OK);
	assert_int_equal(l.list.terms.patience_ms, 1000);
	assert_int_equal(l.list.terms.stall_s, LIMIT_FETCH_STALL_S);
	assert_int_equal(l.list.terms.limit_mib, 2048);
	assert_false(l.list.places[0].is_yearly);
	arena_release(&l.arena);
	assert_int_equal(list_read(&l,
				   "patience-ms 20\nlimit-mib\t3\n stall-s 2\n"
				   "b-{year} always 2025 https://b/{year}\n",
				   2026),
			 OK);
	assert_int_equal(l.list.n, 2);
	assert_true(l.list.places[1].is_yearly);
	assert_int_equal(l.list.terms.patience_ms, 20);
	assert_int_equal(l.list.terms.stall_s, 2);
	assert_int_equal(l.list.terms.limit_mib, 3);
	arena_release(&l.arena);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"ok always - https://a\nname\n",
		"ok always - https://a\nname sometimes - https://a\n",
		"ok always - https://a\nname always then https://a\n",
		"ok always - https://a\nname always -\n",
		"ok always - https://a\n../name always - https://a\n",
		"ok always - https://a\n.name always - https://a\n",
		"ok always - https://a\na/b always - https://a\n",
		"ok always - https://a\nname always - 1 2 3 4 5 6 7 8 9\n",
		"ok always - https://a\nn-{year} always 1 https://a/{year}\n",
		"ok always - https://a\npatience-ms\n",
		"ok always - https://a\npatience-ms soon\n",
		"ok always - https://a\npatience-ms 1 2\n",
		"ok always - https://a\npatience-ms 99999999\n",
		"ok always - https://a\nlimit-mib 0\n",
		"ok always - https://a\nlimit-mib 2049\n",
		"ok always - https://a\nstall-s -1\n",
	};
	struct list l;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_not_equal(list_read(&l, bad[i], 2026), OK);
		assert_int_equal(l.why.at, 2);
		arena_release(&l.arena);
	}
}

/* The list that comes with the product. */
static void test_own_list(void **state)
{
	const char *folder = getenv("KENSA_CATALOG");
	char path[1024];
	struct buf text;
	struct slice own = {0};
	struct list l = {0};

	(void)state;
	buf_init(&text, 1 * MiB);
	(void)snprintf(path, sizeof path, "%s/feeds.txt", folder ? folder : "catalog");
	assert_int_equal(file_read(path, &text, NULL), OK);
	own = buf_slice(&text);
	arena_init(&l.arena, 1 * MiB);
	assert_int_equal(feed_list_read(&l.arena, own, 2026, &l.list, &l.why), OK);
	assert_true(l.list.n > 40);
	for (size_t i = 0; i < l.list.n; i++)
		for (size_t k = 0; k < l.list.places[i].addresses_n; k++)
			assert_int_equal(strncmp(l.list.places[i].addresses[k], "https://", 8), 0);
	arena_release(&l.arena);
	buf_release(&text);
}

static void no_harm(struct slice damaged)
{
	struct list l = {0};

	arena_init(&l.arena, 1 * MiB);
	if (feed_list_read(&l.arena, damaged, 2005, &l.list, &l.why) == OK)
		assert_true(l.list.n <= LIMIT_FEED_SOURCES);
	arena_release(&l.arena);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("n-{year} always 2003 https://a/{year} http://b\n#x\nb asked - c\n"
				"limit-mib 7\n"),
		     no_harm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),    cmocka_unit_test(test_settings),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_own_list),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
