// SPDX-License-Identifier: Apache-2.0
// Component signatures: the catalogue's own examples, what is refused, and what counts where.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "inspect/library.h"
#include "os/os.h"

static struct slice catalog_read(void)
{
	char path[1024];
	const char *folder = getenv("KENSA_CATALOG");
	struct fault why = {0};
	struct buf all;

	snprintf(path, sizeof path, "%s/components", folder ? folder : "catalog");
	buf_init(&all, LIMIT_CATALOG_BYTES);
	assert_int_equal(folder_read(path, ".yaml", LIBRARY_FILE_MARK, &all, &why), OK);
	return buf_slice(&all); /* freed by sample_free */
}

static struct library *load(struct slice yaml)
{
	struct library *l = NULL;
	struct fault why = {0};
	enum err e = library_load(yaml, &l, &why);

	if (e)
		print_error("%s\n", why.msg);
	assert_int_equal(e, OK);
	return l;
}

static struct library *load_text(const char *yaml)
{
	return load(slice_text(yaml));
}

static struct sightings scan(const struct library *l, struct arena *a, struct slice data,
			     const char *name)
{
	struct specimen s = {.data = data, .name = slice_text(name)};
	struct sightings out = {0};

	assert_int_equal(library_scan(l, &s, a, &out), OK);
	return out;
}

static bool has(const struct sightings *s, struct slice component, struct slice version)
{
	for (size_t i = 0; i < s->n; i++)
		if (slice_eq(s->list[i].what->name, component) &&
		    slice_eq(s->list[i].version, version))
			return true;
	return false;
}

/* --- the catalogue --- */

/* "\x32" of an example as the byte, between two NULs as in a table of strings. */
static struct slice example_bytes(struct arena *a, struct slice text)
{
	struct buf b;
	struct slice out = {0};

	buf_init(&b, 64 * KiB);
	buf_byte(&b, 0);
	for (size_t i = 0; i < text.len; i++) {
		uint64_t v = 0;

		if (slice_at(text, i) == '\\' && slice_at(text, i + 1) == 'x' &&
		    text_u64(slice_head(slice_from(text, i + 2), 2), 16, &v) == OK) {
			buf_byte(&b, (uint8_t)v);
			i += 3;
		} else {
			buf_byte(&b, slice_at(text, i));
		}
	}
	buf_byte(&b, 0);
	assert_int_equal(arena_copy(a, buf_slice(&b), &out), OK);
	buf_release(&b);
	return out;
}

/* A name that a glob matches: the glob without its stars. */
static struct slice plain_name(struct arena *a, struct slice glob)
{
	struct buf b;
	struct slice out = {0};

	buf_init(&b, 4 * KiB);
	for (size_t i = 0; i < glob.len; i++)
		if (slice_at(glob, i) != '*')
			buf_byte(&b, slice_at(glob, i));
	assert_int_equal(arena_copy(a, buf_slice(&b), &out), OK);
	buf_release(&b);
	return out;
}

/* The example as a file: its text between NULs, and the component's marks when asked for. */
static struct slice example_file(struct arena *a, const struct example *x, bool with_marks)
{
	struct buf b;
	struct slice out = {0};

	buf_init(&b, 64 * KiB);
	buf_byte(&b, 0);
	if (x->how == SIGHTED_STRING)
		buf_add(&b, example_bytes(a, x->text));
	for (size_t i = 0; i < x->marks_n && with_marks; i++) {
		buf_byte(&b, 0);
		buf_text(&b, x->marks[i]);
	}
	buf_byte(&b, 0);
	assert_int_equal(arena_copy(a, buf_slice(&b), &out), OK);
	buf_release(&b);
	return out;
}

static bool example_holds(const struct library *l, const struct example *x, struct slice name,
			  bool with_marks)
{
	struct arena a;
	struct specimen s = {.name = name, .is_text = x->is_text};
	struct sightings found = {0};
	bool holds = false;

	arena_init(&a, 1 * MiB);
	s.data = example_file(&a, x, with_marks);
	assert_int_equal(library_scan(l, &s, &a, &found), OK);
	holds = has(&found, x->component, x->version);
	arena_release(&a);
	return holds;
}

static void complain(const struct example *x, const char *what, size_t *wrong)
{
	print_error("%.*s: %.*s: %s\n", (int)x->component.len, (const char *)x->component.ptr,
		    (int)x->text.len, (const char *)x->text.ptr, what);
	(*wrong)++;
}

/* Two witnesses for every pattern: the component itself, and a file that only holds the same text.
 */
static void test_every_example(void **state)
{
	struct slice yaml = catalog_read();
	struct library *l = load(yaml);
	struct example x;
	size_t k = 0, wrong = 0;
	struct arena a;

	(void)state;
	arena_init(&a, 16 * MiB);
	for (; library_example(l, k, &x); k++) {
		struct slice name = x.how == SIGHTED_NAME ? x.text : plain_name(&a, x.file);

		if (!example_holds(l, &x, name, true))
			complain(&x, "not found in its own file", &wrong);
		if (x.is_anywhere && !example_holds(l, &x, slice_text("other"), false))
			complain(&x, "not found elsewhere", &wrong);
		if (!x.is_anywhere && example_holds(l, &x, slice_text("other"), false))
			complain(&x, "found in another file", &wrong);
		x.is_text = !x.is_text;
		if (x.how == SIGHTED_STRING && example_holds(l, &x, name, true))
			complain(&x, "found in the wrong kind of file", &wrong);
	}
	assert_int_equal(wrong, 0);
	assert_true(k >= 100);
	arena_release(&a);
	library_free(l);
	sample_free(yaml);
}

/* The name of a component in another file is not the component. */
static void test_names_are_no_sightings(void **state)
{
	struct slice yaml = catalog_read();
	struct library *l = load(yaml);
	struct example x;
	struct arena a;

	(void)state;
	for (size_t k = 0; library_example(l, k, &x); k++) {
		struct slice text;

		arena_init(&a, 1 * MiB);
		text = arena_print(&a, "%c/usr/sbin/%.*s%c%.*s %%s%cuse %.*s/1 or later\n%c", 0,
				   (int)x.component.len, (const char *)x.component.ptr, 0,
				   (int)x.component.len, (const char *)x.component.ptr, 0,
				   (int)x.component.len, (const char *)x.component.ptr, 0);
		assert_int_equal(scan(l, &a, text, "other").n, 0);
		arena_release(&a);
	}
	library_free(l);
	sample_free(yaml);
}

static void test_catalog_is_quick_to_load(void **state)
{
	struct slice yaml = catalog_read();
	struct timespec from, to;
	struct library *l = NULL;
	long ms;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &from);
	l = load(yaml);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ms = (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
	print_message("library_load: %ld ms\n", ms);
	assert_true(ms < 2000); /* 5 ms; the bound is for sanitizers on a busy machine */
	library_free(l);
	sample_free(yaml);
}

/* --- what counts where --- */

#define ENTRY(rest)                                                                                \
	"  - {name: x, kind: library, supplier: s, purl: generic/x, cpe: ['a:v:x'], " rest "}\n"
#define PATTERN(find, where) "{find: '" find "', where: " where ", example: e, version: v}"

static const char small[] = "components:\n" ENTRY(
	"files: ['x*'], marks: [mark-one, mark-two], without: [not-this], "
	"patterns: [" PATTERN("free-(\\d\\.\\d)", "anywhere") ", " PATTERN(
		"tied-(\\d\\.\\d)", "marked") ", " PATTERN("\\x00(\\d\\.\\d)(?=\\x00)",
							   "named") "]");

struct placing {
	const char *data, *name, *version; /* version NULL: nothing is seen */
	size_t len;
};

#define DATA(text) .data = (text), .len = sizeof(text)

static const struct placing placings[] = {
	{DATA("a free-1.2 b"), .name = "other", .version = "1.2"},
	{DATA("a free-1.2 b"), .name = "", .version = "1.2"},
	{DATA("a tied-1.2 b"), .name = "other"},
	{DATA("a tied-1.2 b"), .name = "x1", .version = "1.2"},
	{DATA("a tied-1.2 mark-one"), .name = "other"},
	{DATA("mark-two tied-1.2 mark-one"), .name = "other", .version = "1.2"},
	{DATA("\0001.2\000mark-two mark-one"), .name = "other"},
	{DATA("\0001.2\000mark-two mark-one"), .name = "xx", .version = "1.2"},
	{DATA("\0001.2\000mark-two"), .name = "xx"}, /* bare versions want the marks too */
	{DATA("\0001.2\0001.3\000mark-two mark-one"), .name = "xx", .version = ""},
	{DATA("\0001.2\0001.3\000mark-two mark-one"), .name = "x-1.3.so", .version = "1.3"},
	{DATA("\0001.2\0001.2\000mark-two mark-one"), .name = "xx", .version = "1.2"},
	{DATA("a free-1.2 b not-this"), .name = "other"},
	{DATA("a free-x tied free-"), .name = "x"},
	{DATA(""), .name = "x"},
};

static void test_places(void **state)
{
	struct library *l = load_text(small);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(placings); i++) {
		const struct placing *p = &placings[i];
		struct arena a;
		struct sightings s;

		arena_init(&a, 1 * MiB);
		s = scan(l, &a, slice_of(p->data, p->len), p->name);
		if (s.n != (p->version != NULL))
			print_error("row %zu\n", i);
		assert_int_equal(s.n, p->version != NULL);
		if (p->version)
			assert_true(slice_is(s.list[0].version, p->version));
		arena_release(&a);
	}
	library_free(l);
}

static void test_once_for_each_version(void **state)
{
	static const char data[] = "free-2.0 free-1.0 free-2.0 tied-1.0 free-1.0 free-3";
	struct library *l = load_text(small);
	struct arena a;
	struct sightings s;

	(void)state;
	arena_init(&a, 1 * MiB);
	s = scan(l, &a, slice_text(data), "x");
	assert_int_equal(s.n, 2);
	assert_true(slice_is(s.list[0].version, "1.0"));
	assert_int_equal(s.list[0].at, 14);
	assert_true(slice_is(s.list[1].version, "2.0"));
	assert_int_equal(s.list[1].at, 5);
	arena_release(&a);
	library_free(l);
}

/* A file full of fixed texts: bounded work, and it says so. */
static void test_flood(void **state)
{
	struct library *l = load_text(small);
	struct specimen s = {.name = slice_text("x")};
	struct sightings found = {0};
	struct buf b;
	struct arena a;

	(void)state;
	buf_init(&b, 16 * MiB);
	buf_text(&b, "free-7.7 ");
	for (size_t i = 0; i < LIMIT_LIBRARY_MATCHES + 10; i++)
		buf_text(&b, i % 2 ? "free-" : "tied-1.");
	arena_init(&a, 64 * MiB);
	s.data = buf_slice(&b);
	assert_int_equal(library_scan(l, &s, &a, &found), E_LIMIT);
	assert_int_equal(found.n, 1);
	assert_true(slice_is(found.list[0].version, "7.7"));
	arena_release(&a);
	buf_release(&b);
	library_free(l);
}

static void test_clone_and_fork(void **state)
{
	struct library *l = load_text(small), *clone = NULL;
	struct arena a;
	pid_t child;
	int status = 0;

	(void)state;
	arena_init(&a, 1 * MiB);
	assert_int_equal(library_clone(l, &clone), OK);
	assert_int_equal(scan(clone, &a, slice_text("free-1.2"), "").n, 1);
	child = fork();
	if (child == 0) {
		struct library *own = NULL;

		if (library_clone(l, &own) != OK ||
		    scan(own, &a, slice_text("free-1.2"), "").n != 1 ||
		    scan(l, &a, slice_text("free-1.2"), "").n != 1)
			_exit(1);
		library_free(own);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	library_free(clone);
	assert_int_equal(scan(l, &a, slice_text("free-1.2"), "").n, 1);
	arena_release(&a);
	library_free(l);
}

/* --- what is refused --- */

static const struct {
	const char *yaml, *says;
	uint64_t line;
} refused[] = {
	{"components:\n  - name: x\n    bogus: 3\n", "bogus", 2},
	{"components:\n  - name: x\n    kind: animal\n", "", 3},
	{"components:\n  - name: x\n    kind: program\n", "", 0},
	{"components: []\n", "", 0},
	{"", "", 0},
	{"other: 1\n", "other", 1},
	{"components: [\n", "", 0},
	{"components:\n" ENTRY("patterns: [" PATTERN("abcd(\\d", "anywhere") "]"), "abcd", 0},
	{"components:\n" ENTRY("patterns: [" PATTERN("(\\d)\\.ab", "anywhere") "]"),
	 "no fixed text", 0},
	{"components:\n" ENTRY("patterns: [" PATTERN("(abcdef)?x", "anywhere") "]"),
	 "no fixed text", 0},
	{"components:\n" ENTRY("marks: [abc], patterns: [" PATTERN("abcdef", "anywhere") "]"),
	 "no fixed text", 0},
	{"components:\n  - {name: x, kind: system, supplier: s, purl: generic/x, cpe: ['b:v:x']}\n",
	 "bad cpe", 0},
	{"components:\n  - {name: x, kind: system, supplier: s, purl: generic/x, cpe: ['a:v']}\n",
	 "bad cpe", 0},
	{"components:\n  - {name: x, kind: system, supplier: s, purl: generic}\n", "bad purl", 0},
	{"components:\n  - {name: x, kind: system, supplier: s, purl: generic/x}\n", "no patterns",
	 0},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct library *l = NULL;
		struct fault why = {0};
		enum err e = library_load(slice_text(refused[i].yaml), &l, &why);

		if (e == OK || !strstr(why.msg, refused[i].says) || why.at < refused[i].line)
			print_error("row %zu: line %u: %s\n", i, (unsigned)why.at, why.msg);
		assert_int_not_equal(e, OK);
		assert_null(l);
		assert_non_null(strstr(why.msg, refused[i].says));
		assert_true(refused[i].line == 0 || why.at == refused[i].line);
	}
}

/* --- names --- */

static void check_cpe(const char *update, const char *version, const char *expected)
{
	const struct signature s = {.vendor = slice_text("v"),
				    .product = slice_text("p"),
				    .part = 'a',
				    .update = update[0]};
	struct buf out;

	buf_init(&out, 4 * KiB);
	signature_cpe(&s, slice_text(version), &out);
	assert_true(slice_is(buf_slice(&out), expected));
	buf_release(&out);
}

static void test_update_goes_to_its_own_field(void **state)
{
	(void)state;
	check_cpe("p", "7.4p1", "cpe:2.3:a:v:p:7.4:p1:*:*:*:*:*:*");
	check_cpe("p", "4.4.3-P1", "cpe:2.3:a:v:p:4.4.3:p1:*:*:*:*:*:*");
	check_cpe("p", "7.4", "cpe:2.3:a:v:p:7.4:*:*:*:*:*:*:*");
	check_cpe("p", "p1", "cpe:2.3:a:v:p:p1:*:*:*:*:*:*:*");
	check_cpe("", "7.4p1", "cpe:2.3:a:v:p:7.4p1:*:*:*:*:*:*:*");
}

/* What a library calls itself is of a release only where the catalogue says so. */
static void test_sonames(void **state)
{
	static const struct {
		const char *soname, *component, *version;
	} rows[] = {
		{"libfdt-1.6.1.so", "dtc", "1.6.1"},
		{"libpulsecommon-16.1.so", "pulseaudio", "16.1"},
		{"libz.so.1", NULL, NULL},
		{"libcrypto.so.1.1", NULL, NULL},
	};
	struct slice yaml = catalog_read();
	struct library *l = load(yaml);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct specimen s = {.data = slice_text("x"),
				     .name = slice_text("renamed.bin"),
				     .soname = slice_text(rows[i].soname)};
		struct sightings out = {0};
		struct arena a;

		arena_init(&a, 1 * MiB);
		assert_int_equal(library_scan(l, &s, &a, &out), OK);
		assert_int_equal(out.n, rows[i].component != NULL);
		if (rows[i].component) {
			assert_true(slice_is(out.list[0].what->name, rows[i].component));
			assert_true(slice_is(out.list[0].version, rows[i].version));
			assert_int_equal(out.list[0].how, SIGHTED_SONAME);
		}
		arena_release(&a);
	}
	library_free(l);
	sample_free(yaml);
}

/* A version alone counts only where no sentence tells one. */
static void test_bare_beside_a_sentence(void **state)
{
	static const char both[] = "\0"
				   "1.0\0hostapd v2.7-devel\0";
	static const char alone[] = "\0"
				    "2.10\0x";
	struct slice yaml = catalog_read();
	struct library *l = load(yaml);
	struct sightings s;
	struct arena a;

	(void)state;
	arena_init(&a, 1 * MiB);
	s = scan(l, &a, slice_of(both, sizeof both), "hostapd");
	assert_int_equal(s.n, 1);
	assert_true(slice_is(s.list[0].version, "2.7-devel"));
	s = scan(l, &a, slice_of(alone, sizeof alone), "hostapd");
	assert_int_equal(s.n, 1);
	assert_true(slice_is(s.list[0].version, "2.10"));
	arena_release(&a);
	library_free(l);
	sample_free(yaml);
}

/* Several files of a catalogue: an error names its file and the line in it. */
static void test_files_of_a_catalog(void **state)
{
	static const char entry[] =
		"components:\n  - name: %s\n    kind: program\n"
		"    supplier: x\n    purl: generic/x\n    packages: ['%s']\n"
		"    patterns:\n      - find: '%s ([0-9])'\n        where: anywhere\n"
		"        example: '%s 1'\n        version: '1'\n";
	struct library *l = NULL;
	struct fault why = {0};
	struct buf b;

	(void)state;
	buf_init(&b, 64 * KiB);
	buf_text(&b, LIBRARY_FILE_MARK "a.yaml\n");
	buf_print(&b, entry, "first", "one", "first", "first");
	buf_text(&b, LIBRARY_FILE_MARK "b.yaml\n");
	buf_print(&b, entry, "second", "two", "second", "second");
	l = load(buf_slice(&b));
	assert_true(slice_is(library_package(l, slice_text("one"))->name, "first"));
	assert_true(slice_is(library_package(l, slice_text("two"))->name, "second"));
	library_free(l);
	buf_text(&b, LIBRARY_FILE_MARK "c.yaml\ncomponents:\n  - name: third\n    other: 1\n");
	assert_int_equal(library_load(buf_slice(&b), &l, &why), E_CORRUPT);
	assert_non_null(strstr(why.msg, "c.yaml"));
	buf_release(&b);
}

static void test_packages(void **state)
{
	struct slice yaml = catalog_read();
	struct library *l = load(yaml);
	static const struct {
		const char *package, *component;
	} rows[] = {
		{"busybox", "busybox"},
		{"libopenssl1.1", "openssl"},
		{"libssl3", "openssl"},
		{"wpad-basic", "hostapd"},
		{"zlib1g", "zlib"},
		{"dnsmasq-base", "dnsmasq"},
		{"kmod-usb-core", NULL},
		{"base-files", NULL},
		{"kernel", "linux_kernel"},
		{"python3-requests", NULL},
		{"libssh2-1", "libssh2"},
		{"libssh-4", "libssh"},
		{"openssh-sftp-server", "openssh"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct signature *s = library_package(l, slice_text(rows[i].package));

		if (!s != !rows[i].component)
			print_error("%s\n", rows[i].package);
		assert_int_equal(!s, !rows[i].component);
		if (s)
			assert_true(slice_is(s->name, rows[i].component));
	}
	library_free(l);
	sample_free(yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_example),
		cmocka_unit_test(test_names_are_no_sightings),
		cmocka_unit_test(test_catalog_is_quick_to_load),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_once_for_each_version),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_clone_and_fork),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_update_goes_to_its_own_field),
		cmocka_unit_test(test_packages),
		cmocka_unit_test(test_sonames),
		cmocka_unit_test(test_bare_beside_a_sentence),
		cmocka_unit_test(test_files_of_a_catalog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
