// SPDX-License-Identifier: Apache-2.0
// Leftovers below the roots of web servers: backups, test pages, working copies.

#include "inspect/scene.h"

#include "base/ban.h"

static bool matches(struct slice s, const char *const *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_glob(s, patterns[i]))
			return true;
	return false;
}

static bool is_served(struct slice path)
{
	static const char *const roots[] = {
		"*/www/*",     "/web/*",      "*/home/httpd/*", "*/home/web/*", "*/htdocs/*",
		"*/webroot/*", "*/wwwroot/*", "*/var/web/*",    "*/usr/web/*",  "*/srv/http/*",
	};

	return matches(path, roots, ARRAY_LEN(roots));
}

static bool ends_nocase(struct slice s, const char *const *ends, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = slice_text(ends[i]).len;

		if (s.len > len && text_same(slice_from(s, s.len - len), ends[i]))
			return true;
	}
	return false;
}

/* SAY_NOTHING: belongs there. */
static enum say leftover(struct slice name)
{
	static const char *const backups[] = {".bak", ".bk", ".old",    ".orig", ".swp",
					      ".swo", "~",   ".backup", ".save", ".rej"};
	static const char *const tests[] = {
		"test.html",   "test.htm",       "test.cgi",      "test.php",     "test.asp",
		"test.sh",     "test.lua",       "test.pl",       "test.py",      "test-cgi",
		"printenv",    "printenv.pl",    "phpinfo.php",   "info.php",     "debug.html",
		"debug.htm",   "debug.cgi",      "debug.php",     "debug.asp",    "debug.lua",
		"phptest.php", "test_page.html", "testpage.html", "testpage.htm", "env.cgi",
	};

	if (ends_nocase(name, backups, ARRAY_LEN(backups)))
		return SAY_WEB_BACKUP;
	for (size_t i = 0; i < ARRAY_LEN(tests); i++)
		if (text_same(name, tests[i]))
			return SAY_WEB_TEST;
	return SAY_NOTHING;
}

/* The folder of a version control system that `path` lies in; empty: none. */
static struct slice working_copy(struct slice path)
{
	static const char *const folders[] = {"/.git/", "/.svn/", "/CVS/", "/.hg/"};

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		struct slice folder = slice_text(folders[i]);
		size_t at = slice_find(path, folder, 0);

		if (at != SLICE_NONE)
			return slice_head(path, at + folder.len - 1);
	}
	return (struct slice){0};
}

static void say(struct scene *s, const struct node *n, struct slice path, enum say what)
{
	scene_finding(s, "web-leftover", n->artifact,
		      arena_print(s->scratch, "web:%.*s", (int)path.len, (const char *)path.ptr),
		      (struct slice){0}, SAY(s->scratch, what, path));
}

static void web_tree(struct scene *s, const struct tree *t)
{
	uint64_t seen = 0;
	struct slice last = {0};

	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->nodes[i];

		if (n->entry.type != ENTRY_FILE || !is_served(n->entry.path))
			continue;
		seen++;

		struct slice copy = working_copy(n->entry.path);
		enum say what = leftover(text_base_name(n->entry.path));

		/* paths are sorted: the files of one working copy follow each other */
		if (copy.len && !slice_eq(copy, last))
			say(s, n, copy, SAY_WEB_WORKING_COPY);
		else if (!copy.len && what)
			say(s, n, n->entry.path, what);
		last = copy;
	}
	scene_coverage(s, "web-files", seen, seen);
}

const struct inspector inspector_web = {.name = "web", .tree = web_tree};
