// SPDX-License-Identifier: Apache-2.0
// Accounts: each rule with the flaw and with only the flaw removed; damage.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "inspect/firmware/hash.h"
#include "scene_double.h"

#define MD5_HSLWIFICAM "$1$ybdHbPDn$ii9aEIFNiolBbM9QxW9mr0"
#define SHA512_ADMIN                                                                               \
	"$6$saltsalt$gIBa8q5.xbqQ7jHBI2LEErP9QLvlNn2mWYyHQxT7IfcFMP3Jy6wYY/"                       \
	"Ql5EbiyC5hqqp3SzlKVjXnhd"                                                                 \
	"VYfECCS."

static struct slice words;

static struct stage *look(const struct stage_file *files, size_t n)
{
	struct stage *s = stage_new();

	s->data.passwords = words;
	stage_tree(s, &inspector_accounts, files, n);
	return s;
}

static struct stage *look_passwd(const char *passwd)
{
	const struct stage_file files[] = {{.path = "/etc/passwd", .text = passwd}};

	return look(files, 1);
}

static struct stage *look_both(const char *passwd, const char *shadow)
{
	const struct stage_file files[] = {{.path = "/etc/passwd", .text = passwd},
					   {.path = "/etc/shadow", .text = shadow}};

	return look(files, 2);
}

static void expect(struct stage *s, const char *rule, const char *flaw, size_t n)
{
	size_t got = stage_findings(s, rule, flaw);

	if (got != n)
		stage_print(s);
	assert_int_equal(got, n);
	stage_free(s);
}

static void test_default_password(void **state)
{
	struct stage *s = look_passwd("root:" MD5_HSLWIFICAM ":0:0::/root:/bin/sh\n");
	const struct finding *f = stage_finding(s, "fixed-password", 0);

	(void)state;
	assert_non_null(f);
	assert_true(slice_starts(f->flaw, "password:"));
	assert_int_equal(f->flaw.len, 9 + 16);
	assert_true(
		stage_says(f->evidence, "user root, MD5 crypt, opened by a default password, "));
	/* its number in the list would tell the password */
	assert_false(stage_mentions(s, "candidate"));
	assert_true(stage_says(f->location, "line 1"));
	assert_false(stage_mentions(s, "hslwificam"));
	assert_false(stage_mentions(s, "ii9aEIFN"));
	assert_int_equal(stage_findings(s, "weak-hash", "weakhash:root:md5"), 1);
	assert_int_equal(stage_seen(s, "password-hashes"), 1);
	assert_int_equal(stage_total(s, "accounts"), 1);
	stage_free(s);
	/* one character of the hash changed: no candidate opens it */
	s = look_passwd("root:$1$ybdHbPDn$ii9aEIFNiolBbM9QxW9mr1:0:0::/root:/bin/sh\n");
	assert_int_equal(stage_findings(s, "common-hash", NULL), 1);
	assert_int_equal(stage_seen(s, "password-hashes"), 1);
	expect(s, "fixed-password", NULL, 0);
	/* the account cannot log in */
	expect(look_passwd("a:" MD5_HSLWIFICAM ":5:0::/root:/sbin/nologin\n"), "fixed-password",
	       NULL, 0);
	expect(look_passwd("a:!" MD5_HSLWIFICAM ":5:0::/root:/bin/sh\n"), "fixed-password", NULL,
	       0);
}

static void test_empty_password(void **state)
{
	const char *passwd = "root:x:0:0:root:/:/bin/sh\n";

	(void)state;
	expect(look_passwd("root::0:0:root:/:/bin/sh\n"), "empty-password", "empty:root", 1);
	expect(look_passwd("root::0:0:root:/:\n"), "empty-password", "empty:root", 1);
	expect(look_passwd("root:*:0:0:root:/:/bin/sh\n"), "empty-password", NULL, 0);
	expect(look_passwd("root:!:0:0:root:/:/bin/sh\n"), "empty-password", NULL, 0);
	expect(look_passwd("root::0:0:root:/:/bin/false\n"), "empty-password", NULL, 0);
	expect(look_passwd("root::0:0:root:/:/usr/sbin/nologin\n"), "empty-password", NULL, 0);
	expect(look_both(passwd, "root::10933:0:99999:7:::\n"), "empty-password", "empty:root", 1);
	expect(look_both(passwd, "root:*:10933:0:99999:7:::\n"), "empty-password", NULL, 0);
	expect(look_both("root:x:0:0:root:/:/bin/false\n", "root::10933:0:99999:7:::\n"),
	       "empty-password", NULL, 0);
	/* a shadow line without its account opens nothing */
	expect(look_both(passwd, "ghost::10933:0:99999:7:::\n"), "empty-password", NULL, 0);
	/* but a shadow file alone is a vendor's account file */
	const struct stage_file odd[] = {
		{.path = "/param/shadow", .text = "root::10933:0:99999:7:::\n"}};
	expect(look(odd, 1), "empty-password", "empty:root", 1);
}

static void test_missing_shell(void **state)
{
	const struct stage_file files[] = {
		{.path = "/bin/sh", .type = ENTRY_LINK, .link = "busybox"},
		{.path = "/bin/busybox", .text = "ELF"},
		{.path = "/etc/passwd", .text = "a::1:1::/:/bin/zsh\nb::2:2::/:/bin/sh\n"},
	};
	struct stage *s = look(files, ARRAY_LEN(files));

	(void)state;
	assert_int_equal(stage_findings(s, "empty-password", "empty:a"), 0);
	expect(s, "empty-password", "empty:b", 1);
	/* no shells at all: the tree is an overlay, nothing is known of the rest */
	expect(look(&files[2], 1), "empty-password", NULL, 2);
}

static void test_extra_root(void **state)
{
	(void)state;
	expect(look_passwd("root:*:0:0::/:/bin/sh\nadmin:*:0:0::/:/bin/sh\n"), "extra-root",
	       "uid0:admin", 1);
	expect(look_passwd("root:*:0:0::/:/bin/sh\nadmin:*:1:0::/:/bin/sh\n"), "extra-root", NULL,
	       0);
}

static void test_weak_hash(void **state)
{
	static const char *const weak[] = {
		"F0pCSaZ.P1Rrc",
		"_J9..K0AyUubDrMQoOnA",
		"$apr1$abcdefgh$x",
		"$sha1$40000$a$b",
		"{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=",
		"21232f297a57a5a743894a0e4a801fc3",
		"d033e22ae348aeb5660fc2140aec35850c4da997",
		"8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918",
	};
	static const char *const fine[] = {SHA512_ADMIN,
					   "$5$abcdefgh$x",
					   "$2b$05$abcdefghijklmnopqrstuu",
					   "$y$j9T$abc$x",
					   "*",
					   "!",
					   "x"};
	char line[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(weak); i++) {
		snprintf(line, sizeof line, "u:%s:5:5::/:/bin/sh\n", weak[i]);
		expect(look_passwd(line), "weak-hash", NULL, 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
		struct hash_kind none = {.is_weak = false};
		const struct hash_kind *k = hash_kind(slice_text(fine[i]));

		assert_false((k ? k : &none)->is_weak);
	}
	expect(look_passwd("u:$5$abcdefgh$x:5:5::/:/bin/sh\n"), "weak-hash", NULL, 0);
}

/* Each kind that can be tried is opened by what it was made from. */
static void test_kinds_open(void **state)
{
	static const char *const made_from_admin[] = {
		"21232f297a57a5a743894a0e4a801fc3",
		"d033e22ae348aeb5660fc2140aec35850c4da997",
		"D033E22AE348AEB5660FC2140AEC35850C4DA997",
		"8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918",
		"{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=",
	};
	struct slice list = slice_text("# a comment\nroot\nadmin\n");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(made_from_admin); i++) {
		struct hash_work w = {.left_us = LIMIT_PASSWORD_US};
		struct hash_trial t =
			hash_try(&w, slice_text("u"), slice_text(made_from_admin[i]), list);

		assert_int_equal(t.opened_by, 2);
		assert_int_equal(t.total, 4);
	}
}

static void test_user_name_and_empty_are_tried(void **state)
{
	struct hash_work w = {.left_us = LIMIT_PASSWORD_US};
	struct slice sha1_admin = slice_text("d033e22ae348aeb5660fc2140aec35850c4da997");
	struct slice sha1_empty = slice_text("da39a3ee5e6b4b0d3255bfef95601890afd80709");

	(void)state;
	assert_int_equal(hash_try(&w, slice_text("admin"), sha1_admin, slice_text("a\n")).opened_by,
			 2);
	assert_int_equal(hash_try(&w, slice_text("admin"), sha1_empty, slice_text("a\n")).opened_by,
			 3);
}

/* A hash that asks for a billion rounds is not tried, and that is said. */
static void test_costly_hash(void **state)
{
	static const char *const costly[] = {
		"$6$rounds=999999999$saltsalt$x",
		"$2b$31$abcdefghijklmnopqrstuu",
		"$y$jFT$F5Jx5fExrKuPp53xLKQ..1$x",
		"$7$CU..../....abcdefgh$x",
		"$6$rounds=99999999999999999999999$s$x",
		"$y$",
		"$y$j",
		"$2b$",
		"$6$rounds=",
	};
	char line[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(costly); i++) {
		snprintf(line, sizeof line, "u:%s:5:5::/:/bin/sh\n", costly[i]);

		struct stage *s = look_passwd(line);

		assert_int_equal(stage_total(s, "password-hashes"), 1);
		assert_true(stage_seen(s, "password-hashes") == 0 ||
			    stage_skips(s, "password-hashes") == 0);
		stage_free(s);
	}
	struct stage *s = look_passwd("u:$6$rounds=999999999$s$x:5:5::/:/bin/sh\n");

	assert_int_equal(stage_seen(s, "password-hashes"), 0);
	assert_int_equal(stage_skips(s, "password-hashes"), 1);
	stage_free(s);
}

static void test_recognised_by_content(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/group", .text = "root:x:0:\n"},
		{.path = "/etc/fstab", .text = "/dev/root / auto\n"},
		{.path = "/etc/config/users", .text = "op::7:7::/:/bin/sh\n"},
		{.path = "/etc/notes", .text = "op2::7:7::/:/bin/sh\nthis is a text\n"},
		{.path = "/usr/bin/passwd",
		 .text = "\x7f"
			 "ELF::::::\n"},
		{.path = "/usr/share/op3", .text = "op3::7:7::/:/bin/sh\n"},
		{.path = "/etc/passwd-", .text = "op4::7:7::/:/bin/sh\n"},
		{.path = "/etc/passwd.sample", .type = ENTRY_LINK, .link = "/usr/share/op3"},
	};
	struct stage *s = look(files, ARRAY_LEN(files) - 1);

	(void)state;
	assert_int_equal(stage_findings(s, "empty-password", NULL), 2);
	assert_int_equal(stage_findings(s, "empty-password", "empty:op"), 1);
	assert_int_equal(stage_findings(s, "empty-password", "empty:op4"), 1);
	stage_free(s);
	expect(look(files, ARRAY_LEN(files)), "empty-password", "empty:op3", 1);
}

static void test_nothing_and_unreadable(void **state)
{
	const struct stage_file bad[] = {
		{.path = "/etc/shadow", .text = "root::", .damage = E_CORRUPT}};
	struct stage *s = look(NULL, 0);

	(void)state;
	assert_true(stage_covers(s, "accounts"));
	assert_int_equal(stage_total(s, "accounts"), 0);
	assert_true(stage_covers(s, "password-hashes"));
	stage_free(s);
	s = look(bad, 1);
	assert_int_equal(stage_skips(s, "accounts"), 1);
	assert_int_equal(stage_total(s, "accounts"), 1);
	assert_int_equal(stage_seen(s, "accounts"), 0);
	stage_free(s);
}

static void read_damaged(struct slice in)
{
	const struct stage_file files[] = {{.path = "/etc/passwd", .bytes = in},
					   {.path = "/etc/shadow", .bytes = in}};
	struct stage *s = stage_new();

	s->data.passwords = slice_text("1234\n");
	stage_tree(s, &inspector_accounts, files, 2);
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("root:$1$ab$ii9aEIFNiolBbM9QxW9mr0:0:0::/root:/bin/sh\n"
				"u:$6$rounds=1000$saltsalt$x:5:5::/:/bin/sh\nd::1:0:99999:7:::\n"),
		     read_damaged);
}

static int words_read(void **state)
{
	const char *folder = getenv("KENSA_CATALOG");
	char path[1024];
	static char text[65536];
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/passwords.txt", folder ? folder : "catalog");
	f = fopen(path, "rb");
	if (!f)
		return -1;
	words = slice_of(text, fread(text, 1, sizeof text, f));
	fclose(f);
	return 0;
}

static void test_list(void **state)
{
	struct hash_work w = {.left_us = LIMIT_PASSWORD_US};
	struct hash_trial t = hash_try(&w, slice_text("u"), slice_text("F0pCSaZ.P1Rrc"), words);

	(void)state;
	assert_true(t.opened_by > 0);
	assert_true(t.total > 800 && t.total <= LIMIT_PASSWORD_TRIES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_password),
		cmocka_unit_test(test_empty_password),
		cmocka_unit_test(test_missing_shell),
		cmocka_unit_test(test_extra_root),
		cmocka_unit_test(test_weak_hash),
		cmocka_unit_test(test_kinds_open),
		cmocka_unit_test(test_user_name_and_empty_are_tried),
		cmocka_unit_test(test_costly_hash),
		cmocka_unit_test(test_recognised_by_content),
		cmocka_unit_test(test_nothing_and_unreadable),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, words_read, NULL);
}
