// SPDX-License-Identifier: Apache-2.0
// The shell reader: what is a command and what only looks like one; wrappers around programs.

#include "support.h"

#include "inspect/firmware/quote.h"
#include "inspect/firmware/launch.h"

/* First words of all commands, with a blank behind each; & for those in the background. */
static void expect(const char *script, const char *programs)
{
	struct shell s = shell_at(slice_text(script));
	struct shell_command c;
	struct buf out;

	buf_init(&out, 1 * MiB);
	while (shell_next(&s, &c)) {
		buf_add(&out, c.words[0]);
		buf_text(&out, c.in_background ? "& " : " ");
	}
	buf_byte(&out, 0);
	assert_string_equal((const char *)out.data, programs);
	buf_release(&out);
}

static void test_commands(void **state)
{
	(void)state;
	expect("telnetd\n", "telnetd ");
	expect("a; b & c && d || e | f", "a b& c d e f ");
	expect("if [ -f /x ]; then telnetd; fi", "[ telnetd ");
	expect("while true; do ftpd; done", "true ftpd ");
	expect("(cd / && telnetd -l /bin/sh)", "cd telnetd ");
	expect("start() {\n\ttelnetd\n}\n", "telnetd ");
	expect("case \"$1\" in\nstart|boot)\n\ttelnetd ;;\nstop) kill;;\n*) usage\nesac\nx",
	       "telnetd kill usage x ");
	expect("telnetd >/dev/null 2>&1 &", "telnetd& ");
	expect("a >&2; b &>x; c < in", "a b c ");
	expect("a \\\n  -b\nc", "a c ");
}

static void test_not_commands(void **state)
{
	(void)state;
	expect("# telnetd\n  #telnetd\n", "");
	expect("cat <<EOF\ntelnetd\nEOF\nx", "cat x ");
	expect("cat <<-'END' > y\n\ttelnetd\n\tEND\nx", "cat x ");
	expect("echo 'a\ntelnetd\n' \"\ntelnetd\"", "echo ");
	expect("echo \"it's\" ; b", "echo b ");
	expect("case $x in telnetd) a;; esac", "a ");
	expect("x=$(telnetd; a) b", "x=$(telnetd; a) ");
	expect("echo it's\ntelnetd", "echo telnetd ");
}

static void test_lines(void **state)
{
	struct shell s = shell_at(slice_text("a \\\n b\n'x\ny'\n\n  c d # e\nf"));
	struct shell_command c;

	(void)state;
	assert_true(shell_next(&s, &c));
	assert_int_equal(c.line, 1);
	assert_true(shell_next(&s, &c));
	assert_int_equal(c.line, 3);
	assert_true(shell_next(&s, &c));
	assert_int_equal(c.line, 6);
	assert_true(slice_is(c.text, "c d # e"));
	assert_int_equal(c.n, 2);
	assert_true(shell_next(&s, &c));
	assert_int_equal(c.line, 7);
	assert_false(shell_next(&s, &c));
}

static struct launch launch_of(const char *command)
{
	struct shell s = shell_at(slice_text(command));
	struct shell_command c;
	struct launch l;

	assert_true(shell_next(&s, &c));
	launch_read(c.words, c.n, &l);
	return l;
}

static void test_wrappers(void **state)
{
	static const struct {
		const char *command, *program, *user;
		size_t n;
		bool is_service, is_read;
	} rows[] = {
		{"telnetd -l /bin/sh", "telnetd", "", 2, false, false},
		{"LD_LIBRARY_PATH=/x PATH=y /sbin/a b", "/sbin/a", "", 1, false, false},
		{"exec nice -n 5 busybox telnetd", "telnetd", "", 0, false, false},
		{"nohup /bin/busybox telnetd -p 23", "telnetd", "", 2, false, false},
		{"env -u A B=c /a", "/a", "", 0, false, false},
		{"chrt -f 10 /usr/bin/cam", "/usr/bin/cam", "", 0, false, false},
		{"start-stop-daemon -S -q -x /sbin/d -- -p 1", "/sbin/d", "", 2, true, false},
		{"start-stop-daemon --start --exec=/sbin/d --chuid www", "/sbin/d", "www", 0, true,
		 false},
		{"start-stop-daemon -Sbmp /run/x -c www:www -x d", "d", "www:www", 0, true, false},
		{"start-stop-daemon -K -x /sbin/d", "", "", 0, false, false},
		{"procd_set_param command /usr/sbin/x -f", "/usr/sbin/x", "", 1, true, false},
		{"procd_set_param respawn", "", "", 0, false, false},
		{"procd_append_param command -r x", "procd_append_param", "", 3, false, false},
		{". /etc/rc.common", "/etc/rc.common", "", 0, false, true},
		{"sh -x /etc/a.sh start", "/etc/a.sh", "", 1, false, true},
		{"/bin/sh", "/bin/sh", "", 0, false, false},
		{"chpst -u web /bin/httpd -f", "/bin/httpd", "web", 1, false, false},
		{"setuidgid web /bin/httpd", "/bin/httpd", "web", 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct launch l = launch_of(rows[i].command);

		if (!slice_is(l.program, rows[i].program) || !slice_is(l.user, rows[i].user) ||
		    l.n != rows[i].n || l.is_service != rows[i].is_service ||
		    l.is_read != rows[i].is_read)
			fail_msg("%s", rows[i].command);
	}
	assert_true(slice_is(launch_of("sh -c 'telnetd &'").script, "telnetd &"));
	assert_true(slice_is(launch_of("su - www -c \"x y\"").script, "x y"));
	assert_true(slice_is(launch_of("su - www -c \"x y\"").user, "www"));
}

static void expect_evidence(const char *line, const char *masked)
{
	struct arena a;

	arena_init(&a, 1 * MiB);
	assert_string_equal(arena_text(&a, evidence_line(&a, slice_text(line))), masked);
	arena_release(&a);
}

static void test_evidence(void **state)
{
	(void)state;
	expect_evidence("  telnetd -p 23 & ", "telnetd -p 23 &");
	expect_evidence("x --password=hunter2 -v", "x --password=*** -v");
	expect_evidence("x --password hunter2", "x --password ***");
	expect_evidence("PSK: 'abc' b", "PSK: '***' b");
	expect_evidence("wget http://me:hunter2@h/x", "wget http://***@h/x");
	expect_evidence("wget http://h/x@y", "wget http://h/x@y");
}

static void read_damaged(struct slice in)
{
	struct shell s = shell_at(in);
	struct shell_command c;
	struct launch l;

	while (shell_next(&s, &c))
		launch_read(c.words, c.n, &l);
}

static void test_damage(void **state)
{
	static const char script[] =
		"#!/bin/sh\ncase $1 in a|b) start-stop-daemon -S -x \"$X\" -- `y`;; esac\n"
		"f() { cat <<E\nx'\nE\n}\nA=$(b $(c)) d \\\n 'e' & sh -c \"${q}\" <<< z\n";

	(void)state;
	sweep_damage(slice_text(script), read_damaged);
}

/* Openers without an end must not be looked for again and again. */
static void test_is_linear(void **state)
{
	static const char *const pieces[] = {"' ",         "\" ", "$( ",   "` ", "${ ",   "<<E\n",
					     "case x in ", "( ",  "a\\\n", "x;", "\"$('`"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct buf b;

		buf_init(&b, 1 * MiB);
		while (!b.err)
			buf_text(&b, pieces[i]);
		read_damaged(buf_slice(&b));
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),  cmocka_unit_test(test_not_commands),
		cmocka_unit_test(test_lines),     cmocka_unit_test(test_wrappers),
		cmocka_unit_test(test_evidence),  cmocka_unit_test(test_damage),
		cmocka_unit_test(test_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
