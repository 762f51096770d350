// SPDX-License-Identifier: Apache-2.0
// Services and consoles: each rule with the flaw and with only the flaw removed.

#include "support.h"

#include "scene_double.h"

static struct stage *look_with(const struct inspector *i, const struct stage_file *files, size_t n)
{
	struct stage *s = stage_new();

	stage_tree(s, i, files, n);
	return s;
}

static void expect(struct stage *s, const char *rule, const char *flaw, size_t n)
{
	size_t got = stage_findings(s, rule, flaw);

	if (got != n)
		stage_print(s);
	assert_int_equal(got, n);
}

#define LOOK(files) look_with(&inspector_services, files, ARRAY_LEN(files))

/* A start-up script with one body; findings of rule with flaw. */
static void expect_rcs(const char *body, const char *rule, const char *flaw, size_t n)
{
	const struct stage_file files[] = {
		{.path = "/bin/sh", .type = ENTRY_LINK, .link = "busybox"},
		{.path = "/etc/init.d/rcS", .text = body},
		{.path = "/etc/inittab", .text = "::sysinit:/etc/init.d/rcS\n"},
	};
	struct stage *s = LOOK(files);

	expect(s, rule, flaw, n);
	stage_free(s);
}

static void test_dangerous(void **state)
{
	static const char *const started[] = {
		"telnetd\n",
		"telnetd &",
		"busybox telnetd -l /bin/sh",
		"#!/bin/sh\nif [ -f /x ]; then\n  /usr/sbin/telnetd -p 65534 &\nfi\n",
		"[ -x /sbin/telnetd ] && telnetd",
		"start-stop-daemon --start --exec /usr/sbin/telnetd",
		"D=/usr/sbin/telnetd\n$D -F",
		"CMD=\"telnetd -l /bin/login\"\n$CMD &",
		"sh -c 'telnetd'",
		"case $1 in\n start) telnetd;;\nesac",
	};
	static const char *const quiet[] = {
		"#telnetd\n",
		"echo telnetd\n",
		"killall telnetd",
		"cat <<E\ntelnetd\nE\n",
		"start-stop-daemon --stop --exec /usr/sbin/telnetd",
		"[ -x /sbin/telnetd ]",
		"case $1 in telnetd) x;; esac",
		"telnetd --help",
		"rm -f /usr/sbin/telnetd",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(started); i++)
		expect_rcs(started[i], "dangerous-service", "service:telnetd:/etc/init.d/rcS", 1);
	for (size_t i = 0; i < ARRAY_LEN(quiet); i++)
		expect_rcs(quiet[i], "dangerous-service", NULL, 0);
	expect_rcs("vsftpd &", "dangerous-service", "service:vsftpd:/etc/init.d/rcS", 1);
	expect_rcs("tcpsvd -vE 0 21 ftpd -w /", "dangerous-service", "service:ftpd:/etc/init.d/rcS",
		   1);
	expect_rcs("udpsvd 0 69 tftpd /", "dangerous-service", "service:tftpd:/etc/init.d/rcS", 1);
	expect_rcs("in.rlogind", "dangerous-service", NULL, 1);
	expect_rcs("dropbear", "dangerous-service", NULL, 0);
	expect_rcs("tftp -g -r x h", "dangerous-service", NULL, 0);
}

static void test_line_is_named(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/init.d/rcS", .text = "#!/bin/sh\n# telnetd\n\ntelnetd -p 23 &\n"}};
	struct stage *s = LOOK(files);
	const struct finding *f = stage_finding(s, "dangerous-service", 0);

	(void)state;
	assert_non_null(f);
	assert_true(stage_says(f->location, "line 4"));
	assert_true(stage_says(f->evidence, "telnet: telnetd -p 23 &"));
	assert_int_equal(f->artifact, STAGE_FILE_ARTIFACT);
	expect(s, "service-start", "start:telnetd:/etc/init.d/rcS", 1);
	assert_int_equal(stage_seen(s, "boot-scripts"), 1);
	assert_int_equal(stage_total(s, "services"), 1);
	stage_free(s);
}

static void test_scripts_are_followed(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/init.d/S50telnet", .text = "#!/bin/sh\ntelnetd\n"},
		{.path = "/etc/init.d/rcS",
		 .text = "for i in /etc/init.d/S??*; do $i start; done\n"},
		{.path = "/opt/a.sh", .text = "#!/bin/sh\n. ./b.sh\n/etc/init.d/rcS\n"},
		{.path = "/opt/b.sh", .text = "#!/bin/sh\nvsftpd &\n/opt/a.sh\n"},
		{.path = "/etc/rc.local", .text = "/opt/a.sh &\n"},
		{.path = "/opt/unused.sh", .text = "#!/bin/sh\nin.ftpd\n"},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "dangerous-service", "service:telnetd:/etc/init.d/S50telnet", 1);
	expect(s, "dangerous-service", "service:vsftpd:/opt/b.sh", 1);
	expect(s, "dangerous-service", NULL, 2);
	assert_int_equal(stage_seen(s, "boot-scripts"), 5);
	stage_free(s);
}

static void test_links_decide(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/init.d/telnet",
		 .text = "#!/bin/sh /etc/rc.common\nSTART=50\nPROG=/usr/sbin/telnetd\n"
			 "start_service() {\n\tprocd_open_instance\n"
			 "\tprocd_set_param command $PROG -F\n\tprocd_close_instance\n}\n"},
		{.path = "/etc/inittab", .text = "::sysinit:/etc/init.d/rcS S boot\n"},
		{.path = "/etc/rc.d/S50telnet", .type = ENTRY_LINK, .link = "../init.d/telnet"},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "dangerous-service", "service:telnetd:/etc/init.d/telnet", 1);
	stage_free(s);
	s = look_with(&inspector_services, files, 2);
	expect(s, "dangerous-service", NULL, 0);
	stage_free(s);
}

static void test_systemd(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/systemd/system/multi-user.target.wants/ftp.service",
		 .type = ENTRY_LINK,
		 .link = "/lib/systemd/system/ftp.service"},
		{.path = "/etc/systemd/system/sockets.target.wants/telnet.socket",
		 .type = ENTRY_LINK,
		 .link = "/lib/systemd/system/telnet.socket"},
		{.path = "/lib/systemd/system/ftp.service",
		 .text = "[Service]\nExecStart=-/usr/sbin/bftpd -D\n"},
		{.path = "/lib/systemd/system/telnet.socket",
		 .text = "[Socket]\nListenStream=23\nAccept=yes\n"},
		{.path = "/lib/systemd/system/telnet@.service",
		 .text = "[Service]\nUser=nobody\nExecStart=-/usr/sbin/in.telnetd\n"},
		{.path = "/lib/systemd/system/tftp.service",
		 .text = "[Service]\nExecStart=/usr/sbin/in.tftpd\n"},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "dangerous-service", "service:bftpd:/lib/systemd/system/ftp.service", 1);
	expect(s, "dangerous-service", "service:in.telnetd:/lib/systemd/system/telnet@.service", 1);
	expect(s, "dangerous-service", NULL, 2);
	expect(s, "root-service", "rootservice:bftpd", 0);
	expect(s, "root-service", "rootservice:in.telnetd", 0);
	stage_free(s);
}

static void expect_file(const char *path, const char *text, const char *rule, size_t n)
{
	const struct stage_file files[] = {{.path = path, .text = text}};
	struct stage *s = LOOK(files);

	expect(s, rule, NULL, n);
	stage_free(s);
}

static void test_super_servers(void **state)
{
	(void)state;
	expect_file("/etc/inetd.conf", "69 dgram udp nowait root tftpd tftpd -c /tmp\n",
		    "dangerous-service", 1);
	expect_file("/etc/inetd.conf",
		    "telnet stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.telnetd\n",
		    "dangerous-service", 1);
	expect_file("/etc/inetd.conf", "#telnet stream tcp nowait root in.telnetd in.telnetd\n",
		    "dangerous-service", 0);
	expect_file("/etc/inetd.conf", "daytime stream tcp nowait root internal\n", "service-start",
		    0);
	expect_file(
		"/etc/xinetd.d/telnet",
		"service telnet\n{\n disable = no\n user = root\n server = /sbin/in.telnetd\n}\n",
		"dangerous-service", 1);
	expect_file(
		"/etc/xinetd.d/telnet",
		"service telnet\n{\n disable = yes\n user = root\n server = /sbin/in.telnetd\n}\n",
		"dangerous-service", 0);
}

static void test_idle_super_server(void **state)
{
	struct stage_file files[] = {
		{.path = "/etc/inetd.conf", .text = "23 stream tcp nowait root telnetd telnetd\n"},
		{.path = "/etc/init.d/rcS", .text = "inetd\n"},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "dangerous-service", NULL, 1);
	stage_free(s);
	files[1].text = "hostname x\n";
	s = LOOK(files);
	expect(s, "dangerous-service", NULL, 0);
	stage_free(s);
}

/* A writable area beside the root filesystem: scripts known by their names. */
static void test_area(void **state)
{
	const struct stage_file files[] = {
		{.path = "/init/app_init.sh",
		 .text = "#!/bin/sh\n/system/init/start.sh\ntelnetd &\n"},
		{.path = "/doc/readme.txt", .text = "telnetd\n"},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "dangerous-service", "service:telnetd:/init/app_init.sh", 1);
	stage_free(s);
}

static void test_root_service(void **state)
{
	(void)state;
	expect_rcs("httpd -h /www\n", "root-service", "rootservice:httpd", 1);
	expect_rcs("httpd -h /www -u www\n", "root-service", NULL, 0);
	expect_rcs("start-stop-daemon -S -c www -x /usr/sbin/boa\n", "root-service", NULL, 0);
	expect_rcs("start-stop-daemon -S -x /usr/sbin/boa\n", "root-service", "rootservice:boa", 1);
	expect_rcs("su - www -c 'boa'\n", "root-service", NULL, 0);
	expect_rcs("su - root -c 'boa'\n", "root-service", NULL, 1);
	expect_rcs("ntpd -p pool\n", "root-service", NULL, 0);
	expect_rcs("ntpd -l\n", "root-service", NULL, 1);
	expect_rcs("dnsmasq\n", "root-service", NULL, 0);
	expect_rcs("syslogd -n\n", "root-service", NULL, 0);
}

static void test_program_that_listens(void **state)
{
	struct stage_file files[] = {
		{.path = "/etc/init.d/rcS", .text = "cam\n/usr/bin/quiet\n"},
		{.path = "/usr/bin/cam",
		 .bytes = slice_of("\x7f"
				   "ELF\0bind\0listen\0",
				   17)},
		{.path = "/usr/bin/quiet",
		 .bytes = slice_of("\x7f"
				   "ELF\0bind\0listed\0",
				   17)},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "root-service", "rootservice:cam", 1);
	expect(s, "root-service", NULL, 1);
	expect(s, "service-start", NULL, 1);
	stage_free(s);
	files[0].text = "setuidgid cam cam\n/usr/bin/quiet &";
	s = LOOK(files);
	expect(s, "root-service", NULL, 0);
	expect(s, "service-start", NULL, 2);
	stage_free(s);
}

static void test_settings_name_the_user(void **state)
{
	struct stage_file files[] = {
		{.path = "/etc/init.d/rcS", .text = "lighttpd -f /etc/lighttpd/lighttpd.conf\n"},
		{.path = "/etc/lighttpd/lighttpd.conf", .text = "server.username = \"www\"\n"},
	};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "root-service", NULL, 0);
	stage_free(s);
	files[1].text = "#server.username = \"www\"\n";
	s = LOOK(files);
	expect(s, "root-service", "rootservice:lighttpd", 1);
	stage_free(s);
}

static void test_blank_passwords(void **state)
{
	(void)state;
	expect_rcs("dropbear -R -B\n", "service-setting", "setting:/etc/init.d/rcS:-B", 1);
	expect_rcs("dropbear -R\n", "service-setting", NULL, 0);
}

static void test_secrets_stay(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/init.d/rcS", .text = "vsftpd --password=hunter2 &\n"}};
	struct stage *s = LOOK(files);

	(void)state;
	expect(s, "dangerous-service", NULL, 1);
	assert_false(stage_mentions(s, "hunter2"));
	stage_free(s);
}

static void test_unreadable(void **state)
{
	const struct stage_file files[] = {
		{.path = "/etc/inittab", .text = "::sysinit:/etc/init.d/rcS\n"},
		{.path = "/etc/init.d/S10x", .text = "#!/bin/sh\n", .damage = E_CORRUPT},
	};
	struct stage *s = LOOK(files);

	(void)state;
	assert_int_equal(stage_total(s, "boot-scripts"), 1);
	assert_int_equal(stage_seen(s, "boot-scripts"), 0);
	assert_int_equal(stage_skips(s, "boot-scripts"), 1);
	stage_free(s);
}

static void test_nothing(void **state)
{
	const struct stage_file files[] = {{.path = "/data/x", .text = "telnetd"}};
	struct stage *s = LOOK(files);

	(void)state;
	assert_true(stage_covers(s, "boot-scripts"));
	assert_true(stage_covers(s, "services"));
	assert_int_equal(stage_total(s, "services"), 0);
	expect(s, "service-start", NULL, 0);
	stage_free(s);
}

/* --- consoles --- */

static void expect_inittab(const char *text, const char *flaw, size_t n, uint64_t seen)
{
	const struct stage_file files[] = {{.path = "/etc/inittab", .text = text}};
	struct stage *s = look_with(&inspector_consoles, files, 1);

	expect(s, "open-console", flaw, n);
	assert_int_equal(stage_seen(s, "consoles"), seen);
	stage_free(s);
}

static void test_inittab(void **state)
{
	(void)state;
	expect_inittab("::respawn:-/bin/sh\n", "console:console", 1, 1);
	expect_inittab("#::respawn:-/bin/sh\n", NULL, 0, 0);
	expect_inittab("ttyS1::respawn:/bin/sh\n", "console:ttyS1", 1, 1);
	expect_inittab("ttyS1::respawn:/sbin/getty -L ttyS1 115200 vt100\n", NULL, 0, 1);
	expect_inittab("ttyS0::askfirst:/bin/ash --login\n", "console:ttyS0", 1, 1);
	expect_inittab("::askconsole:/bin/ash --login\n", NULL, 1, 1);
	expect_inittab("ttyS0::respawn:/sbin/getty -n -l /bin/sh 115200 ttyS0\n", NULL, 1, 1);
	expect_inittab("ttyS0::respawn:/sbin/agetty --autologin root ttyS0\n", NULL, 1, 1);
	expect_inittab("::respawn:/bin/login\n", NULL, 0, 1);
	expect_inittab("::respawn:/bin/login -f root\n", NULL, 1, 1);
	expect_inittab("::sysinit:/bin/sh /etc/rc\n", NULL, 0, 0);
	expect_inittab("::wait:/bin/sh -c 'mount -a'\n", NULL, 0, 0);
	expect_inittab("::ctrlaltdel:/bin/sh\n", NULL, 0, 0);
}

static void test_ttylogin(void **state)
{
	struct stage_file files[] = {
		{.path = "/etc/config/system", .text = "config system\n\toption ttylogin '0'\n"},
		{.path = "/etc/inittab", .text = "::askconsole:/usr/libexec/login.sh\n"},
	};
	struct stage *s = look_with(&inspector_consoles, files, 2);

	(void)state;
	expect(s, "open-console", "console:console", 1);
	stage_free(s);
	files[0].text = "config system\n\toption ttylogin '1'\n";
	s = look_with(&inspector_consoles, files, 2);
	expect(s, "open-console", NULL, 0);
	assert_int_equal(stage_seen(s, "consoles"), 1);
	stage_free(s);
}

static void test_console_units(void **state)
{
	struct stage_file files[] = {
		{.path = "/etc/systemd/system/getty.target.wants/serial-getty@ttyS0.service",
		 .type = ENTRY_LINK,
		 .link = "/lib/systemd/system/serial-getty@.service"},
		{.path = "/lib/systemd/system/serial-getty@.service",
		 .text = "[Service]\nExecStart=-/sbin/agetty --autologin root %I\n"},
		{.path = "/etc/systemd/system/sysinit.target.wants/debug-shell.service",
		 .text = "[Service]\nExecStart=/bin/sh\n"},
	};
	struct stage *s = look_with(&inspector_consoles, files, 3);

	(void)state;
	expect(s, "open-console", "console:ttyS0", 1);
	expect(s, "open-console", "console:debug-shell", 1);
	stage_free(s);
	files[1].text = "[Service]\nExecStart=-/sbin/agetty -o '-p -- \\\\u' %I\n";
	s = look_with(&inspector_consoles, files, 2);
	expect(s, "open-console", NULL, 0);
	assert_int_equal(stage_seen(s, "consoles"), 1);
	stage_free(s);
}

static void test_shell_at_the_end(void **state)
{
	(void)state;
	expect_rcs("mount -a\n/bin/sh\n", "open-console", "console:console", 1);
	expect_rcs("mount -a\nexec /bin/sh </dev/null\n", "open-console", NULL, 0);
	expect_rcs("mount -a\n/bin/sh /etc/x.sh\n", "open-console", NULL, 0);
	expect_rcs("echo id | sh\n", "open-console", NULL, 0);
}

static void read_damaged(struct slice in)
{
	const struct stage_file files[] = {
		{.path = "/etc/inetd.conf", .bytes = in},
		{.path = "/etc/init.d/rcS", .bytes = in},
		{.path = "/etc/inittab", .bytes = in},
		{.path = "/etc/systemd/system/a.wants/a.service", .bytes = in},
		{.path = "/etc/xinetd.d/a", .bytes = in},
	};
	struct stage *s = stage_new();

	stage_tree(s, &inspector_services, files, ARRAY_LEN(files));
	stage_tree(s, &inspector_consoles, files, ARRAY_LEN(files));
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("::respawn:/bin/sh\n::sysinit:telnetd &\n"
				"1 stream tcp nowait root ftpd ftpd\nserver = x\n}\n"
				"ExecStart=/bin/x -a\nA=b; $A${B} &\nsu a -c 'b c'\n"),
		     read_damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dangerous),
		cmocka_unit_test(test_line_is_named),
		cmocka_unit_test(test_scripts_are_followed),
		cmocka_unit_test(test_links_decide),
		cmocka_unit_test(test_systemd),
		cmocka_unit_test(test_super_servers),
		cmocka_unit_test(test_idle_super_server),
		cmocka_unit_test(test_area),
		cmocka_unit_test(test_root_service),
		cmocka_unit_test(test_program_that_listens),
		cmocka_unit_test(test_settings_name_the_user),
		cmocka_unit_test(test_blank_passwords),
		cmocka_unit_test(test_secrets_stay),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_inittab),
		cmocka_unit_test(test_ttylogin),
		cmocka_unit_test(test_console_units),
		cmocka_unit_test(test_shell_at_the_end),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
