// SPDX-License-Identifier: Apache-2.0
// Sources of updates: each rule with the flaw and with only the flaw removed.

#include "support.h"

#include "scene_double.h"

static void expect(const char *path, const char *text, const char *flaw, size_t n, uint64_t sources)
{
	const struct stage_file files[] = {{.path = path, .text = text}};
	struct stage *s = stage_new();

	stage_tree(s, &inspector_updates, files, 1);
	if (stage_findings(s, "update-plain", flaw) != n ||
	    stage_total(s, "update-sources") != sources) {
		stage_print(s);
		fail_msg("%s: %s", path, text);
	}
	assert_true(stage_covers(s, "update-sources"));
	stage_free(s);
}

static void test_plain(void **state)
{
	(void)state;
	expect("/usr/bin/update.sh", "#!/bin/sh\nwget http://fw.maker.jp/x.bin\n",
	       "update:/usr/bin/update.sh:fw.maker.jp", 1, 1);
	expect("/usr/bin/update.sh", "#!/bin/sh\nwget https://fw.maker.jp/x.bin\n", NULL, 0, 1);
	expect("/usr/bin/update.sh", "#!/bin/sh\n# wget http://fw.maker.jp/x.bin\n", NULL, 0, 0);
	expect("/usr/bin/update.sh", "#!/bin/sh\nwget ftp://fw.maker.jp/x.bin\n", NULL, 1, 1);
	expect("/usr/bin/x.sh", "#!/bin/sh\nwget http://h.jp/firmware.bin\n", NULL, 1, 1);
	expect("/usr/bin/x.sh", "#!/bin/sh\nwget http://h.jp/weather\n", NULL, 0, 0);
	expect("/usr/bin/x.sh",
	       "#!/bin/sh\nwget http://h.jp/f -O /tmp/f\nflashcp /tmp/f /dev/mtd4\n", NULL, 1, 1);
	expect("/etc/ota.conf", "server = http://ota.maker.jp/\n", NULL, 1, 1);
	expect("/etc/ota.conf", "server = https://ota.maker.jp/\n", NULL, 0, 1);
	expect("/usr/bin/update.sh", "#!/bin/sh\ntftp -g -r fw.bin $SERVER\n", NULL, 1, 0);
}

static void test_feeds(void **state)
{
	(void)state;
	expect("/etc/opkg/distfeeds.conf",
	       "src/gz a http://d.jp/a\nsrc/gz b http://d.jp/b\nsrc/gz c https://e.jp/\n",
	       "update:/etc/opkg/distfeeds.conf:d.jp", 1, 3);
	expect("/etc/opkg/customfeeds.conf", "# src/gz x http://www.example.com/\n", NULL, 0, 0);
	expect("/etc/apt/sources.list", "deb http://deb.maker.jp x main\n", NULL, 1, 1);
	expect("/etc/opkg.conf", "dest root /\n", "update:/etc/opkg.conf:check_signature", 1, 1);
	expect("/etc/opkg.conf", "dest root /\noption check_signature 1\n", NULL, 0, 1);
	expect("/etc/opkg.conf", "option check_signature\n", NULL, 0, 1);
	expect("/etc/opkg.conf", "option check_signature 0\n", NULL, 1, 1);
}

static void test_checks_off(void **state)
{
	(void)state;
	expect("/usr/bin/update.sh", "#!/bin/sh\nwget --no-check-certificate https://h.jp/f\n",
	       "update:/usr/bin/update.sh:certificate", 1, 1);
	expect("/usr/bin/update.sh", "#!/bin/sh\ncurl -sk https://h.jp/f\n", NULL, 1, 1);
	expect("/usr/bin/update.sh", "#!/bin/sh\ncurl -s --keepalive https://h.jp/f\n", NULL, 0, 1);
	expect("/usr/bin/update.sh", "#!/bin/sh\ncurl --insecure $URL\n", NULL, 1, 0);
	expect("/usr/bin/cloud.sh", "#!/bin/sh\ncurl -k https://h.jp/login\n", NULL, 0, 0);
}

/* URLs that have nothing to do with new software. */
static void test_other_urls(void **state)
{
	(void)state;
	expect("/etc/ddns.conf", "update_url http://members.dyndns.org/nic/update?h=$H\n", NULL, 0,
	       0);
	expect("/usr/bin/a.sh", "#!/bin/sh\nntp update http://pool.ntp.org\n", NULL, 0, 0);
	expect("/www/upgrade.js", "var u = 'http://maker.jp/firmware';\n", NULL, 0, 0);
	expect("/usr/share/doc/update.txt", "see http://maker.jp/update\n", NULL, 0, 0);
	expect("/usr/bin/update.sh", "#!/bin/sh\nwget http://127.0.0.1/x\n", NULL, 0, 0);
	expect("/usr/bin/update.sh", "#!/bin/sh\necho get it from http://maker.jp\n", NULL, 0, 0);
}

static void test_secrets_stay(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/update.conf", .text = "url=http://me:hunter2@fw.jp/x\n"}};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_updates, files, 1);
	assert_int_equal(stage_findings(s, "update-plain", "update:/etc/update.conf:fw.jp"), 1);
	assert_false(stage_mentions(s, "hunter2"));
	stage_free(s);
}

static void read_damaged(struct slice in)
{
	const struct stage_file f = {.path = "/etc/opkg.conf", .bytes = in};
	struct stage *s = stage_new();

	stage_object(s, &inspector_updates, &f, false);
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("option check_signature 1\nsrc x http://a:b@c.jp/\nx curl -k y\n"),
		     read_damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),        cmocka_unit_test(test_feeds),
		cmocka_unit_test(test_checks_off),   cmocka_unit_test(test_other_urls),
		cmocka_unit_test(test_secrets_stay), cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
