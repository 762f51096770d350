// SPDX-License-Identifier: Apache-2.0
// Version order: chains that rise, versions that are one, Debian's own verdicts, and the laws of a
// total order over random texts.

#include "support.h"

#include <string.h>

#include "feed/version.h"

static struct version_key key_of(enum scheme s, const char *version, const char *update)
{
	struct version_key k = {0};

	assert_int_equal(version_key_make(s, slice_text(version), slice_text(update), &k), OK);
	return k;
}

static int compare(enum scheme s, const char *a, const char *b)
{
	struct version_key x = key_of(s, a, ""), y = key_of(s, b, "");
	int order = version_key_cmp(&x, &y);

	assert_int_equal((order > 0) - (order < 0),
			 -((version_key_cmp(&y, &x) > 0) - (version_key_cmp(&y, &x) < 0)));
	return (order > 0) - (order < 0);
}

enum { CHAIN_MAX = 24 };

struct chain {
	enum scheme scheme;
	const char *versions[CHAIN_MAX]; /* each below the next */
};

static const struct chain chains[] = {
	{SCHEME_GENERIC,
	 {"0.9",     "1.0~x",   "1.0-dev",  "1.0-alpha1", "1.0-alpha2", "1.0-beta", "1.0-pre1",
	  "1.0-rc1", "1.0-rc2", "1.0-rc10", "1.0",        "1.0a",       "1.0b",     "1.0p1",
	  "1.0.1",   "1.1",     "1.9",      "1.10",       "2",          "10.0"}},
	{SCHEME_GENERIC, {"0.94.13", "0.94.14-rc21", "0.94.14", "0.94.14.1"}},
	{SCHEME_GENERIC,
	 {"4.2.6", "4.2.8-rc1", "4.2.8", "4.2.8p1", "4.2.8p2", "4.2.8p10", "4.2.9"}},
	{SCHEME_GENERIC, {"0.52", "0.53.1", "2011.54", "2012.55", "2014.63", "2019.78", "2020.81"}},
	{SCHEME_GENERIC, {"2016.01-rc1", "2016.01", "2016.09", "2016.09.01", "2017.01"}},
	{SCHEME_OPENSSL, {"0.9.8",   "0.9.8a",       "0.9.8zh", "1.0.0-beta1", "1.0.0",  "1.0.0a",
			  "1.0.1",   "1.0.2-beta3",  "1.0.2",   "1.0.2a",      "1.0.2k", "1.0.2z",
			  "1.0.2za", "1.0.2zb",      "1.1.0",   "1.1.1-pre9",  "1.1.1",  "1.1.1w",
			  "1.1.1za", "3.0.0-alpha1", "3.0.0",   "3.0.13"}},
	{SCHEME_OPENSSH,
	 {"3.9p1", "7.3p1", "7.4", "7.4p1", "7.4p2", "7.5", "9.3p1", "9.3p2", "10.0p1"}},
	{SCHEME_KERNEL,
	 {"2.6.36-rc1", "2.6.36", "2.6.36.4", "2.6.37", "3.10.14", "4.9-rc1", "4.9-rc8", "4.9",
	  "4.9.198", "4.10", "5.10-rc1", "5.10", "5.10.1"}},
	{SCHEME_SEMVER,
	 {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
	  "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0"}},
	{SCHEME_APK,
	 {"1.0_alpha1", "1.0_beta", "1.0_pre2", "1.0_rc1", "1.0", "1.0-r0", "1.0-r1",
	  "1.0_git20200101", "1.0_p1", "1.0_p2", "1.0a", "1.0b", "1.0.1", "1.01", "1.1", "1.10"}},
	{SCHEME_RPM,
	 {"1.0~rc1-1", "1.0-0.1", "1.0-1", "1.0-1.fc34", "1.0-2", "1.0^git1-1", "1.0a-1", "1.0.1-1",
	  "1.1-1", "1.10-1", "1:0.1-1"}},
	{SCHEME_DEBIAN,
	 {"1.0~~", "1.0~rc1-1", "1.0-0ubuntu1", "1.0-1", "1.0-1+b1", "1.0-1.1", "1.0-10",
	  "1.0+dfsg-1", "1.0.1-1", "1.10-1", "1:0.9-1", "2:0.1"}},
};

/* Not only neighbours: every pair of a chain. */
static void test_chains(void **state)
{
	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(chains); c++) {
		const char *const *v = chains[c].versions;

		for (size_t i = 0; i < CHAIN_MAX && v[i]; i++)
			for (size_t j = 0; j < CHAIN_MAX && v[j]; j++)
				if (compare(chains[c].scheme, v[i], v[j]) != (i > j) - (i < j))
					fail_msg("%s: %s and %s", scheme_name(chains[c].scheme),
						 v[i], v[j]);
	}
}

static void test_equal(void **state)
{
	static const struct chain same[] = {
		{SCHEME_GENERIC,
		 {"1.0", "1.0.0", "v1.0", "1.0-release", "1", "1.0+git7", "1_0", "01.00"}},
		{SCHEME_GENERIC, {"1.0-rc1", "1.0.0-RC1", "1.0.rc.1", "1.0rc01"}},
		{SCHEME_OPENSSL, {"1.0.2k", "1.0.2k-fips", "1.0.2K"}},
		{SCHEME_KERNEL,
		 {"2.6.12-rc2", "1da177e4c3f4", "1da177e4c3f41524e886b7f1b8a0c1fc7321cac2"}},
		{SCHEME_KERNEL, {"4.9.198", "4.9.198-gk+", "v4.9.198", "4.9.198-31-generic"}},
		{SCHEME_SEMVER, {"1.0.0", "1.0.0+build", "v1.0.0"}},
		{SCHEME_DEBIAN, {"1.0-0", "1.0", "0:1.0"}},
		{SCHEME_OPENSSH, {"9.3p1", "9.3p1-hpn14", "9.3P1 Debian-2"}},
	};

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(same); c++)
		for (size_t i = 1; i < CHAIN_MAX && same[c].versions[i]; i++)
			if (compare(same[c].scheme, same[c].versions[0], same[c].versions[i]) != 0)
				fail_msg("%s: %s is not %s", scheme_name(same[c].scheme),
					 same[c].versions[0], same[c].versions[i]);
}

/* A CPE keeps "p1" and "rc1" in a field of their own. */
static void test_update_field(void **state)
{
	struct version_key split = key_of(SCHEME_OPENSSH, "7.4", "p1");
	struct version_key whole = key_of(SCHEME_OPENSSH, "7.4p1", "");
	struct version_key bare = key_of(SCHEME_OPENSSH, "7.4", "-");
	struct version_key next = key_of(SCHEME_OPENSSH, "7.5", "*");
	struct version_key last = bare;

	(void)state;
	assert_int_equal(version_key_cmp(&split, &whole), 0);
	assert_true(version_key_cmp(&bare, &split) < 0);
	version_key_last_update(&last);
	assert_true(version_key_cmp(&split, &last) < 0 && version_key_cmp(&last, &next) < 0);

	split = key_of(SCHEME_GENERIC, "1.0", "rc1");
	whole = key_of(SCHEME_GENERIC, "1.0-rc1", "");
	assert_int_equal(version_key_cmp(&split, &whole), 0);
}

static void test_refused(void **state)
{
	static const char *const empty[] = {"", "-", "...", "+", "()", "\xff\xfe", "-fips"};
	static uint8_t longest[100000];
	struct version_key k = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(empty); i++)
		assert_int_equal(version_key_make(SCHEME_GENERIC, slice_text(empty[i]),
						  (struct slice){0}, &k),
				 E_RANGE);
	/* the name of a commit, though it begins with digits */
	assert_int_equal(
		version_key_make(SCHEME_KERNEL, slice_text("4096c3f41524"), (struct slice){0}, &k),
		E_RANGE);
	memset(longest, '9', sizeof longest);
	for (enum scheme s = 0; s < SCHEME_N; s++) {
		assert_int_equal(version_key_make(s, slice_of(longest, sizeof longest),
						  (struct slice){0}, &k),
				 E_LIMIT);
		assert_int_equal(version_key_make(s, slice_of(longest, LIMIT_VERSION_BYTES),
						  (struct slice){0}, &k),
				 E_LIMIT);
	}
	/* Odd, but a version: it has numbers. */
	assert_int_equal(
		version_key_make(SCHEME_GENERIC, slice_text("1.0;$(x)"), (struct slice){0}, &k),
		OK);
}

static void test_dated(void **state)
{
	static const char *const dated[] = {
		"2019-08-08-ca8c2bd2", "20200101", "git20200101", "r1234", "2021-05-13", "svn77"};
	static const char *const plain[] = {"2019.78",   "1.0", "2016.01", "20.04",
					    "release-1", "",    "1999"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dated); i++)
		assert_true(version_is_dated(slice_text(dated[i])));
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		assert_false(version_is_dated(slice_text(plain[i])));
}

static void test_schemes(void **state)
{
	(void)state;
	assert_int_equal(scheme_of(slice_text("a:openssl:openssl")), SCHEME_OPENSSL);
	assert_int_equal(scheme_of(slice_text("a:openssl:openssl_x")), SCHEME_GENERIC);
	assert_int_equal(scheme_of(slice_text("o:linux:linux_kernel")), SCHEME_KERNEL);
	assert_int_equal(scheme_of(slice_text("alpine:v3.10/vte")), SCHEME_APK);
	assert_int_equal(scheme_of(slice_text("debian:12/openssl")), SCHEME_DEBIAN);
	assert_int_equal(scheme_of(slice_text("npm/@a/b")), SCHEME_SEMVER);
	assert_int_equal(scheme_of((struct slice){0}), SCHEME_GENERIC);
}

static struct slice word_next(struct cursor *lines, uint8_t end)
{
	size_t stop = slice_find_byte(lines->in, end, lines->pos);

	return cursor_take(lines, stop - lines->pos);
}

/* samples_versions.sh asked dpkg. */
static void test_debian_agrees(void **state)
{
	struct slice all = sample_read("versions.debian");
	struct cursor c = {.in = all};
	unsigned seen = 0;

	(void)state;
	assert_non_null(all.ptr);
	while (cursor_left(&c)) {
		struct version_key a = {0}, b = {0};
		struct slice none = {0}, x = word_next(&c, ' ');

		cursor_skip(&c, 1);

		struct slice y = word_next(&c, ' ');

		cursor_skip(&c, 1);

		struct slice order = word_next(&c, '\n');
		int want = slice_is(order, "-1") ? -1 : slice_is(order, "1");

		cursor_skip(&c, 1);
		assert_int_equal(c.err, OK);
		assert_int_equal(version_key_make(SCHEME_DEBIAN, x, none, &a), OK);
		assert_int_equal(version_key_make(SCHEME_DEBIAN, y, none, &b), OK);

		int is = version_key_cmp(&a, &b);

		if ((is > 0) - (is < 0) != want)
			fail_msg("%.*s and %.*s: dpkg says %d", (int)x.len, (const char *)x.ptr,
				 (int)y.len, (const char *)y.ptr, want);
		seen++;
	}
	assert_true(seen >= 200);
	sample_free(all);
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* Reflexive, antisymmetric, transitive, and the same key whenever asked. */
static void test_total_order(void **state)
{
	static const char letters[] = "0019.-_~+:abprc^ v";
	struct version_key k[48];
	uint32_t seed = 7;

	(void)state;
	for (enum scheme s = 0; s < SCHEME_N; s++) {
		for (size_t i = 0; i < ARRAY_LEN(k);) {
			char text[12] = {0};
			size_t len = 1 + random_next(&seed) % (sizeof text - 1);

			for (size_t at = 0; at < len; at++)
				text[at] = letters[random_next(&seed) % (sizeof letters - 1)];
			if (version_key_make(s, slice_text(text), (struct slice){0}, &k[i]) == OK)
				i++;
		}
		for (size_t a = 0; a < ARRAY_LEN(k); a++)
			for (size_t b = 0; b < ARRAY_LEN(k); b++)
				for (size_t c = 0; c < ARRAY_LEN(k); c++)
					if (version_key_cmp(&k[a], &k[b]) <= 0 &&
					    version_key_cmp(&k[b], &k[c]) <= 0)
						assert_true(version_key_cmp(&k[a], &k[c]) <= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),        cmocka_unit_test(test_equal),
		cmocka_unit_test(test_update_field),  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_dated),         cmocka_unit_test(test_schemes),
		cmocka_unit_test(test_debian_agrees), cmocka_unit_test(test_total_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
