// SPDX-License-Identifier: Apache-2.0
// Passwords and tokens in clear: what is one, and what only looks like one.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/firmware/tokens.h"
#include "inspect/firmware/words.h"
#include "scene_double.h"

struct sample {
	const char *path, *text;
};

static struct stage *look(const struct sample *w, const char *rule, size_t n)
{
	/* a root filesystem, so that nothing is a settings area */
	const struct stage_file files[] = {{.path = w->path, .text = w->text},
					   {.path = "/bin/sh", .text = ""},
					   {.path = "/etc/hosts", .text = ""}};
	struct stage *s = stage_new();
	size_t got;

	stage_tree(s, &inspector_credentials, files, 3);
	got = stage_findings(s, rule, NULL);
	if (got != n) {
		print_message("%s: %s\n", w->path, w->text);
		stage_print(s);
	}
	assert_int_equal(got, n);
	return s;
}

static void test_passwords(void **state)
{
	static const struct sample are[] = {
		{"/etc/a.conf", "password=S3cr3tX\n"},
		{"/etc/a.conf", "export ROOT_PASSWD=S3cr3tX\n"},
		{"/etc/a.conf", "  ftp_pass = \"S3cr3tX\"\n"},
		{"/config_user.ini", "username = \"admin   \"\npassword = \"S3cr3tX  \"\n"},
		{"/param/login.cgi", "var loginuser=\"admin\";\r\nvar loginpass=\"S3cr3tX\";\r\n"},
		{"/etc/config/a", "config x\n\toption password 'S3cr3tX'\n"},
		{"/etc/defaults", "uci set ftp.x.password='S3cr3tX'\n"},
		{"/etc/a.xml", "<user><Password>S3cr3tX</Password></user>\n"},
		{"/etc/a.xml", "<param name=\"password\" value=\"S3cr3tX\"/>\n"},
		{"/etc/a.json", "{\"user\": \"a\", \"password\": \"S3cr3tX\"}\n"},
		{"/www/a.htm", "<input type=\"password\" name=\"p\" value=\"S3cr3tX\">\n"},
		{"/www/a.htm", "\toldPwd: \"S3cr3tX\",\n"},
		{"/etc/x.h", "#define ADMIN_PASSWORD \"S3cr3tX\"\n"},
		{"/etc/a.sh", "curl -s -u admin:S3cr3tX http://10.0.0.1/\n"},
		{"/etc/a.sh", "wget --user=a --http-password=S3cr3tX 10.0.0.1\n"},
		{"/etc/a.sh", "wget --user a --http-password S3cr3tX 10.0.0.1\n"},
		{"/etc/a.sh", "ftpput -u a -p S3cr3tX 10.0.0.1 x\n"},
		{"/etc/a.sh", "echo \"root:S3cr3tX\" | chpasswd\n"},
		{"/etc/a.sh", "mount rtsp://admin:S3cr3tX@10.0.0.1/live\n"},
		{"/etc/ppp/chap-secrets", "user * \"S3cr3tX\" *\n"},
		{"/etc/httpd.conf", "/cgi-bin:admin:S3cr3tX\n"},
		{"/root/.netrc", "machine h login u password S3cr3tX\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(are); i++) {
		struct stage *s = look(&are[i], "plain-password", 1);

		assert_false(stage_mentions(s, "S3cr3tX"));
		assert_true(slice_starts(stage_finding(s, "plain-password", 0)->flaw, "password:"));
		assert_int_equal(stage_findings(s, "settings-password", NULL), 0);
		stage_free(s);
	}
}

static void test_no_passwords(void **state)
{
	static const struct sample are_not[] = {
		/* the same with the value gone, or one that is none */
		{"/etc/a.conf", "password=\n"},
		{"/etc/a.conf", "#password=S3cr3tX\n"},
		{"/etc/a.conf", "; password=S3cr3tX\n"},
		{"/etc/a.conf", "password=$1\n"},
		{"/etc/a.conf", "password=\"${PASS}\"\n"},
		{"/etc/a.conf", "password=%s\n"},
		{"/etc/a.conf", "password=`cat /x`\n"},
		{"/etc/a.conf", "password={{ p }}\n"},
		{"/etc/a.conf", "password=<your password>\n"},
		{"/etc/a.conf", "password=******\n"},
		{"/etc/a.conf", "password=none\n"},
		{"/etc/a.conf", "password=/etc/secret\n"},
		{"/etc/a.conf", "password=$1$ybdHbPDn$ii9aEIFNiolBbM9QxW9mr0\n"},
		{"/etc/a.conf", "password=21232f297a57a5a743894a0e4a801fc3\n"},
		{"/config_user.ini", "password = \"        \"\n"},
		{"/etc/a.conf", "password_file=S3cr3tX\nPasswordAuth=on\nmin_password=8\n"},
		{"/etc/nsswitch.conf", "passwd: files\n"},
		{"/etc/other", "passwd: compat2\n"},
		{"/etc/config/dropbear", "\toption PasswordAuth 'on'\n\toption password ''\n"},
		{"/bin/config_generate", "set n.username='username'\nset n.password='password'\n"},
		{"/etc/a.sh", "passwd=`grep th3password $X | awk -F \"\\\"\" '{print $2}'`\n"},
		{"/etc/a.sh", "if [ \"$password\" == \"S3cr3tX\" ]; then\n"},
		{"/etc/a.sh", "curl -u $U:$P http://10.0.0.1/\n"},
		{"/etc/a.sh", "curl -u admin http://10.0.0.1/\n"},
		{"/etc/a.sh", "wget http://10.0.0.1:8080/a@b\n"},
		{"/etc/a.sh", "mount rtsp://$U:$P@10.0.0.1/live\n"},
		{"/etc/a.sh", "mount rtsp://u:S3cr3tX@example.com/live\n"},
		{"/etc/ppp/chap-secrets", "#USERNAME PROVIDER PASSWORD IPADDRESS\n"},
		{"/www/a.js", "var str_password = \"Password\";\n"},
		{"/www/a.js", "var pwd = \"device\"+i+\"_x\";\n"},
		{"/www/a.js", "url+='&pwd='+encodeURIComponent($(\"#pwd\").val());\n"},
		{"/www/a.js", "password = newValue;\n"},
		{"/www/a.js", "t = {pass:\"Pasar\",skip:\"Omitir\"};\n"},
		{"/www/a.js", "pwd: \"#pwd2\",\n"},
		{"/www/language.js", "password: \"S3cr3tX\",\n"},
		{"/www/a.htm", "<input type=\"password\" name=\"p\" value=\"\">\n"},
		{"/www/a.htm", "<input type=\"password\" value=\"<%= p %>\">\n"},
		{"/www/a.htm", "<!--\n<a password=\"S3cr3tX\">\n-->\n"},
		{"/www/a.js", "/*\n password = \"S3cr3tX\";\n*/\n"},
		{"/usr/share/doc/x", "password=S3cr3tX\n"},
		{"/etc/wpa.conf", "psk=\"S3cr3tXX\"\n"}, /* opens no login */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(are_not); i++)
		stage_free(look(&are_not[i], "plain-password", 0));
}

static void test_settings_area(void **state)
{
	static const struct stage_file files[] = {
		{.path = "/wpa.conf", .text = "ssid=\"x\"\npsk=\"S3cr3tXX\"\n"},
		{.path = "/user.ini", .text = "user=a\npassword=S3cr3tX\n"},
		{.path = "/cloud.ini", .text = "appsecret=nxf1p19tk8qodiiX\n"},
	};
	struct stage *s = stage_new();

	(void)state;
	stage_tree(s, &inspector_credentials, files, 3);
	assert_int_equal(stage_findings(s, "settings-password", NULL), 3);
	assert_int_equal(stage_findings(s, "plain-password", NULL), 1);
	assert_int_equal(stage_findings(s, "embedded-token", NULL), 1);
	/* one flaw, whatever rule tells of it */
	for (size_t k = 0; k < 3; k++) {
		const struct finding *f = stage_finding(s, "settings-password", k);
		const struct finding *p = stage_finding(s, "plain-password", 0);
		const struct finding *t = stage_finding(s, "embedded-token", 0);

		if (f->artifact == p->artifact)
			assert_true(slice_eq(f->flaw, p->flaw));
		if (f->artifact == t->artifact)
			assert_true(slice_eq(f->flaw, t->flaw));
	}
	assert_int_equal(stage_seen(s, "settings-files"), 3);
	stage_free(s);
}

/* The tokens are put together here, so that no scanner of sources takes this file for a leak. */
static void test_tokens(void **state)
{
	static const struct {
		const char *head, *tail;
		size_t n;
	} samples[] = {
		{"AKIA", "QX7ZT2M5LD9K3WPB", 1},
		{"AKIA", "QX7ZT2M5LD9K3WP", 0},   /* one short */
		{"AKIA", "QX7ZT2M5LD9K3WPBB", 0}, /* one long */
		{"AKIA", "IOSFODNN7EXAMPLE", 0},
		{"AKIA", "AAAAAAAAAAAAAAA1", 0},
		{"AIza", "SyB1c2D3e4F5g6H7i8J9k0L1m2N3o4P5q6R", 1},
		{"AIza", "sybocodoeofogohoiojokolomonooopoqor", 0},
		{"ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", 1},
		{"xoxb-", "123456789012-abcdefGHIJKLmnop", 1},
		{"xoxb-", "short", 0},
		{"eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJkZXZpY2UifQ.c2lnbmF0dXJlLW9mLWl0", 1},
		{"eyJxxxxOiJIUzI1NiJ9.", "eyJzdWIiOiJkZXZpY2UifQ.c2lnbmF0dXJlLW9mLWl0", 0},
		{"eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJkZXZpY2UifQ", 0},
		{"SharedAccessKey=", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V=", 1},
		{"SharedAccessKey=", "%s", 0},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		snprintf(text, sizeof text, "x \"%s%s\"\n", samples[i].head, samples[i].tail);

		const struct sample w = {"/usr/bin/app", text};

		struct stage *s = look(&w, "embedded-token", samples[i].n);

		assert_false(stage_mentions(s, samples[i].tail));
		stage_free(s);
	}
}

static void test_services(void **state)
{
	static const struct sample are[] = {{"/etc/a", "access_key_secret=LTb8Xq2m9Kd0ZpWv7\n"},
					    {"/etc/a", "mqtt_password=\"LTb8Xq2m9Kd0ZpWv7\"\n"}};
	static const struct sample are_not[] = {{"/etc/a", "access_key_secret=$KEY\n"},
						{"/etc/a", "api_key=none\n"},
						{"/etc/a", "apikey=someordinaryname\n"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(are); i++)
		stage_free(look(&are[i], "embedded-token", 1));
	for (size_t i = 0; i < ARRAY_LEN(are_not); i++)
		stage_free(look(&are_not[i], "embedded-token", 0));
}

static void read_damaged(struct slice in)
{
	const struct stage_file f = {.path = "/a.conf", .bytes = in};
	struct stage *s = stage_new();

	stage_tree(s, &inspector_credentials, &f, 1);
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_text("user=a\n\"password\": \"x1\",\n<pwd>y2</pwd>\n<!-- a -->\n"
				"option pass 'z'\ncurl -u a:b x://c:d@e\necho \"r:s\"|chpasswd\n"
				"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkZXZpY2UifQ.c2lnbmF0dXJlLW9m\n"),
		     read_damaged);
}

/* A line of a million openings must not cost a million squared. */
static void test_long_lines(void **state)
{
	static const char *const pieces[] = {
		"password=\"", "<password>", "://a:", "eyJ",   "<!--", "pass='",
		"curl -u ",    "= ",         "> ",    "/*\n",  "a>",   "pass=",
		"a <!--",      "<!--\n",     "a='",   "a=\"'", "a.b:"};
	char *p = malloc(LIMIT_CONFIG_BYTES);

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		size_t len = strlen(pieces[i]), n = 0;

		for (; n + len <= LIMIT_CONFIG_BYTES; n += len)
			memcpy(&p[n], pieces[i], len);
		memcpy(&p[n - 3], "-->", 3);
		read_damaged(slice_of(p, n));
	}
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passwords),     cmocka_unit_test(test_no_passwords),
		cmocka_unit_test(test_settings_area), cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_services),      cmocka_unit_test(test_damage),
		cmocka_unit_test(test_long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
