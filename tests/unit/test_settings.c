// SPDX-License-Identifier: Apache-2.0
// The baseline of service settings: each row with the flaw and with only the flaw removed.

#include "support.h"

#include <stdio.h>

#include "scene_double.h"

struct row {
	const char *path, *bad, *good;
	const char *key;
};

static void expect(const struct row *r, const char *text, size_t n)
{
	const struct stage_file files[] = {{.path = r->path, .text = text}};
	struct stage *s = stage_new();
	char flaw[256];
	size_t got = 0;

	stage_tree(s, &inspector_settings, files, 1);
	snprintf(flaw, sizeof flaw, "setting:%s:%s", r->path, r->key);
	got = n ? stage_findings(s, "service-setting", flaw)
		: stage_findings(s, "service-setting", NULL);
	if (got != n) {
		stage_print(s);
		fail_msg("%s: %s", r->path, text);
	}
	assert_int_equal(stage_seen(s, "service-settings"), 1);
	stage_free(s);
}

static const struct row rows[] = {
	{"/etc/ssh/sshd_config", "PermitEmptyPasswords yes\n", "PermitEmptyPasswords no\n",
	 "PermitEmptyPasswords"},
	{"/etc/ssh/sshd_config", "PermitRootLogin yes\n", "PermitRootLogin prohibit-password\n",
	 "PermitRootLogin"},
	{"/etc/ssh/sshd_config", "permitrootlogin=yes\n",
	 "PermitRootLogin yes\nPasswordAuthentication no\n", "PermitRootLogin"},
	{"/etc/ssh/sshd_config", "Protocol 2,1\n", "Protocol 2\n", "Protocol"},
	{"/etc/ssh/sshd_config", "PermitRootLogin yes # x\n", "#PermitRootLogin yes\n",
	 "PermitRootLogin"},
	{"/etc/config/dropbear", "config dropbear\n\toption RootPasswordAuth 'on'\n",
	 "config dropbear\n\toption RootPasswordAuth 'off'\n", "RootPasswordAuth"},
	{"/etc/config/dropbear", "option RootPasswordAuth 'on'\n",
	 "option RootPasswordAuth 'on'\noption PasswordAuth 'off'\n", "RootPasswordAuth"},
	{"/etc/default/dropbear", "DROPBEAR_EXTRA_ARGS=\"-R -B\"\n", "DROPBEAR_EXTRA_ARGS=\"-R\"\n",
	 "DROPBEAR_EXTRA_ARGS"},
	{"/etc/mosquitto/mosquitto.conf", "allow_anonymous true\n", "allow_anonymous false\n",
	 "allow_anonymous"},
	{"/etc/mosquitto/mosquitto.conf", "listener 1883\n", "listener 1883 127.0.0.1\n",
	 "password_file"},
	{"/etc/mosquitto/mosquitto.conf", "listener 1883\n",
	 "listener 1883\npassword_file /etc/p\n", "password_file"},
	{"/etc/snmp/snmpd.conf", "rocommunity public\n", "rocommunity x81k\n", "rocommunity"},
	{"/etc/snmp/snmpd.conf", "rwcommunity x81k\n", "#rwcommunity x81k\n", "rwcommunity"},
	{"/etc/snmp/snmpd.conf", "com2sec ro default public\n", "com2sec ro default x81k\n",
	 "com2sec"},
	{"/etc/config/snmpd", "option community private\n", "option community x81k\n", "community"},
	{"/etc/lighttpd/lighttpd.conf", "dir-listing.activate = \"enable\"\n",
	 "dir-listing.activate = \"disable\"\n", "dir-listing.activate"},
	{"/etc/lighttpd/lighttpd.conf", "ssl.engine = \"disable\"\n", "ssl.engine = \"enable\"\n",
	 "ssl.engine"},
	{"/etc/nginx/nginx.conf", "location / { root /www; autoindex on; }\n",
	 "location / { root /www; autoindex off; }\n", "autoindex"},
	{"/etc/nginx/nginx.conf", "ssl_protocols TLSv1 TLSv1.2;\n", "ssl_protocols TLSv1.2;\n",
	 "ssl_protocols"},
	{"/etc/config/uhttpd", "list listen_http 0.0.0.0:80\n",
	 "list listen_http 0.0.0.0:80\nlist listen_https 0.0.0.0:443\n", "listen_https"},
	{"/etc/config/uhttpd", "option no_ubusauth 1\n", "option no_ubusauth 0\n", "no_ubusauth"},
	{"/etc/vsftpd.conf", "anonymous_enable=YES\n", "anonymous_enable=NO\n", "anonymous_enable"},
	{"/etc/vsftpd.conf", "local_enable=YES\n", "anonymous_enable=NO\nlocal_enable=YES\n",
	 "anonymous_enable"},
	{"/etc/proftpd.conf", "<Anonymous ~ftp>\n", "#<Anonymous ~ftp>\n", "<Anonymous"},
	{"/etc/samba/smb.conf", "[share]\n guest ok = yes\n", "[share]\n guest ok = no\n",
	 "guest ok"},
	{"/etc/config/samba", "option guest_ok 'yes'\n", "option guest_ok 'no'\n", "guest_ok"},
	{"/etc/redis/redis.conf", "bind 0.0.0.0\n", "bind 127.0.0.1 ::1\n", "requirepass"},
	{"/etc/redis.conf", "port 6379\n", "port 6379\nrequirepass x\n", "requirepass"},
	{"/etc/config/upnpd", "option secure_mode 0\n", "option secure_mode 1\n", "secure_mode"},
	{"/etc/exports", "/srv *(rw,no_root_squash)\n", "/srv 10.0.0.1(ro,root_squash)\n", "*"},
	{"/etc/boa/boa.conf", "DirectoryMaker /usr/lib/boa\n", "#DirectoryMaker x\n",
	 "DirectoryMaker"},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		expect(&rows[i], rows[i].bad, 1);
		expect(&rows[i], rows[i].good, 0);
	}
}

static void test_values_stay_inside(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/snmp/snmpd.conf", .text = "rwcommunity hunter2\n"}};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_settings, files, 1);
	assert_int_equal(stage_findings(s, "service-setting", NULL), 1);
	assert_false(stage_mentions(s, "hunter2"));
	stage_free(s);
}

static void test_other_files(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/x.conf", .text = "PermitEmptyPasswords yes\n"},
		{.path = "/usr/share/doc/vsftpd/examples/vsftpd.conf", .text = "x=YES\n"},
	};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_settings, files, 2);
	assert_int_equal(stage_findings(s, "service-setting", NULL), 0);
	assert_true(stage_covers(s, "service-settings"));
	assert_int_equal(stage_total(s, "service-settings"), 0);
	stage_free(s);
}

static void read_damaged(struct slice in)
{
	static const char *const paths[] = {"/etc/nginx/nginx.conf", "/etc/redis.conf",
					    "/etc/config/uhttpd", "/etc/samba/smb.conf"};
	struct stage *s = stage_new();

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct stage_file f = {.path = paths[i], .bytes = in};

		stage_object(s, &inspector_settings, &f, false);
	}
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("a { autoindex on; }\nbind 127.0.0.1\nlist listen_http 'x'\n"
				"guest ok = yes\n#x\n;y\n"),
		     read_damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_values_stay_inside),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
