// SPDX-License-Identifier: Apache-2.0
// What starts programs at boot: init tables, script folders, systemd, runit, super-servers.

#include "inspect/firmware/boot.h"

#include "base/ban.h"

enum { INITTAB_FIELDS = 4, INETD_FIELDS = 6 };

/* A file being read, and a buffer of its own: scripts use the others meanwhile. */
struct reader {
	const struct node *node;
	struct buf text;
};

static bool reader_open(struct boot *b, struct reader *r, const struct node *n)
{
	struct fault why = {0};

	r->node = n;
	buf_init(&r->text, LIMIT_CONFIG_BYTES);
	if (!n || n->entry.type != ENTRY_FILE)
		return false;
	if (tree_read(b->tree, n, &r->text, &why) == OK)
		return text_is_plain(buf_slice(&r->text), 4096);
	scene_skip_fault(b->scene, "boot-scripts", n->artifact, n->entry.path, &why);
	return false;
}

/* --- inittab(5) of sysvinit, busybox and procd --- */

static bool is_one_of(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_is(s, words[i]))
			return true;
	return false;
}

static void inittab_line(struct boot *b, const struct place *at)
{
	static const char *const starts[] = {"sysinit", "wait",     "once",       "respawn",
					     "boot",    "bootwait", "initdefault"};
	struct slice rest = text_trim(at->text), field[INITTAB_FIELDS - 1];

	if (slice_at(rest, 0) == '#')
		return;
	for (size_t i = 0; i < ARRAY_LEN(field); i++)
		if (!text_field(&rest, ':', &field[i]))
			return;
	if (!is_one_of(field[2], starts, ARRAY_LEN(starts)))
		return;
	if (slice_at(rest, 0) == '-' || slice_at(rest, 0) == '@' || slice_at(rest, 0) == '+')
		rest = slice_from(rest, 1);

	struct shell s = shell_at(rest);
	struct shell_command c;
	struct launch l = {0};

	if (shell_next(&s, &c))
		launch_read(c.words, c.n, &l);
	/* A shell on a console is the consoles inspector's. */
	if (slice_ends(l.program, "sh") && l.n == 0)
		return;
	boot_command(b, at, rest, slice_is(field[2], "respawn") || slice_is(field[2], "once"));
}

static void inittab_read(struct boot *b)
{
	struct reader r;
	struct slice rest, line;
	struct place at = {0};

	if (reader_open(b, &r, boot_find(b, slice_text("/etc/inittab")))) {
		rest = buf_slice(&r.text);
		at.file = r.node;
		while (text_line(&rest, &line)) {
			at.line++;
			at.text = line;
			inittab_line(b, &at);
		}
	}
	buf_release(&r.text);
	boot_read(b);
}

/* --- scripts by their place --- */

static void files_read(struct boot *b)
{
	static const char *const files[] = {
		"/etc/init.d/rcS", "/etc/rcS",     "/etc_ro/rcS",          "/etc/init.d/rc.sysinit",
		"/etc/rc.sysinit", "/etc/rc",      "/etc/rc.d/rc.sysinit", "/etc/rc.d/rcS",
		"/etc/rc.local",   "/etc/preinit", "/etc/init.d/rc.local", "/etc/rc.d/rc.local",
		"/linuxrc",        "/init",        "/etc/profile",         "/etc/init.d/boot.sh",
		"/etc/runit/1",    "/etc/runit/2",
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const struct node *n = boot_find(b, slice_text(files[i]));

		if (n && boot_may_be_script(b, n))
			boot_queue(b, n, 0);
	}
	boot_read(b);
}

/* Entries under a folder whose rest of path fits the pattern, in order. */
static void folder_each(struct boot *b, const char *folder, const char *pattern,
			void (*look)(struct boot *b, const struct node *entry))
{
	struct slice prefix = arena_print(b->scene->scratch, "%.*s%s", (int)b->root.len,
					  (const char *)b->root.ptr, folder);

	const char *start = arena_text(b->scene->scratch, prefix);

	for (size_t i = boot_first(b->tree, prefix); i < b->tree->n; i++) {
		const struct node *n = &b->tree->nodes[i];

		if (!slice_starts(n->entry.path, start))
			return;
		if (text_glob(slice_from(n->entry.path, prefix.len), pattern))
			look(b, n);
	}
}

static void script_queue(struct boot *b, const struct node *entry)
{
	const struct node *n = tree_find(b->tree, entry->entry.path);

	if (n && n->entry.type == ENTRY_FILE && boot_may_be_script(b, n))
		boot_queue(b, n, 0);
	/* Start scripts that are programs themselves. */
	if (n && boot_kind(b, n) == PROGRAM_LISTENS) {
		struct place at = {.file = entry, .line = 1, .text = entry->entry.path};
		struct launch l = {.program = entry->entry.path, .is_service = true};

		service_found(b, &at, &l, n);
	}
}

static void folders_read(struct boot *b)
{
	static const struct {
		const char *folder, *pattern;
		bool needs_runner; /* read only when a script runs all of them, or none is there */
	} folders[] = {
		{"/etc/rc.d/", "S*", false},
		{"/etc/rcS.d/", "S*", false},
		{"/etc/rc2.d/", "S*", false},
		{"/etc/rc3.d/", "S*", false},
		{"/etc/rc4.d/", "S*", false},
		{"/etc/rc5.d/", "S*", false},
		{"/etc/init.d/", "S??*", true},
		{"/etc/rc.d/rc3.d/", "S*", false},
		{"/etc/rc.d/rc5.d/", "S*", false},
		{"/etc/runlevels/boot/", "*", false},
		{"/etc/runlevels/default/", "*", false},
		{"/etc/service/", "*/run", false},
		{"/var/service/", "*/run", false},
		{"/service/", "*/run", false},
		{"/etc/profile.d/", "*.sh", false},
		{"/etc/local.d/", "*.start", false},
	};
	bool has_rcs = boot_find(b, slice_text("/etc/init.d/rcS"));

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		if (folders[i].needs_runner && has_rcs && !b->runs_folder)
			continue;
		folder_each(b, folders[i].folder, folders[i].pattern, script_queue);
		boot_read(b);
	}
}

/* runit: a service folder may be a link, whose run script lies elsewhere. */
static void runit_link(struct boot *b, const struct node *entry)
{
	struct slice path = arena_print(b->scene->scratch, "%.*s/run", (int)entry->entry.path.len,
					(const char *)entry->entry.path.ptr);
	const struct node *n = entry->entry.type == ENTRY_LINK ? tree_find(b->tree, path) : NULL;

	if (n)
		boot_queue(b, n, 0);
}

static void runit_read(struct boot *b)
{
	folder_each(b, "/etc/service/", "*", runit_link);
	folder_each(b, "/var/service/", "*", runit_link);
	boot_read(b);
}

/* --- systemd: units wanted by a target (systemd.unit(5), systemd.service(5)) --- */

struct unit {
	struct place at; /* of ExecStart */
	struct slice command, user;
	bool is_dynamic_user;
};

/* Key=value of a line; `@-:+!` before the command are flags (systemd.service(5), table 2). */
static void unit_line(struct unit *u, struct slice line, size_t number)
{
	struct slice t = text_trim(line);
	size_t eq = slice_find_byte(t, '=', 0);

	if (eq == SLICE_NONE || slice_at(t, 0) == '#' || slice_at(t, 0) == ';')
		return;

	struct slice key = text_trim(slice_head(t, eq)), value = text_trim(slice_from(t, eq + 1));

	if (slice_is(key, "User"))
		u->user = value;
	u->is_dynamic_user |= slice_is(key, "DynamicUser") &&
			      (text_same(value, "yes") || text_same(value, "true"));
	if (!slice_is(key, "ExecStart") || value.len == 0)
		return;
	while (value.len &&
	       slice_find_byte(slice_text("@-:+!"), slice_at(value, 0), 0) != SLICE_NONE)
		value = slice_from(value, 1);
	u->command = value;
	u->at.line = number;
	u->at.text = line;
}

static void unit_start(struct boot *b, struct unit *u)
{
	struct shell s = shell_at(u->command);
	struct shell_command c;
	struct launch l;

	if (!shell_next(&s, &c))
		return;
	launch_read(c.words, c.n, &l);

	const struct node *n = slice_at(l.program, 0) == '/' ? boot_find(b, l.program) : NULL;

	if (l.script.len || l.is_read || (n && boot_kind(b, n) == PROGRAM_SCRIPT)) {
		boot_command(b, &u->at, u->command, true);
		return;
	}
	if (u->is_dynamic_user)
		l.user = slice_text("dynamic");
	else if (u->user.len)
		l.user = u->user;
	l.is_service = true;
	if (l.program.len && (daemon_find(text_base_name(l.program)) || n) &&
	    !daemon_is_tool(text_base_name(l.program)) && !slice_ends(l.program, "getty"))
		service_found(b, &u->at, &l, n);
}

static const struct node *unit_find(struct boot *b, struct slice name)
{
	static const char *const folders[] = {"/etc/systemd/system", "/lib/systemd/system",
					      "/usr/lib/systemd/system"};

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		const struct node *n =
			boot_find(b, arena_print(b->scene->scratch, "%s/%.*s", folders[i],
						 (int)name.len, (const char *)name.ptr));

		if (n)
			return n;
	}
	return NULL;
}

/* `name@instance.service` is described by `name@.service`; a socket by its service, or, with
 * Accept=yes, by a template (systemd.socket(5)). */
static const struct node *unit_service(struct boot *b, struct slice name)
{
	size_t dot = slice_find_byte(name, '.', 0), at = slice_find_byte(name, '@', 0);
	struct arena *a = b->scene->scratch;
	struct slice stem = slice_head(name, at == SLICE_NONE ? dot : at);
	const struct node *n = NULL;

	if (!slice_ends(name, ".service") && !slice_ends(name, ".socket"))
		return NULL;
	if (at == SLICE_NONE)
		n = unit_find(
			b, arena_print(a, "%.*s.service", (int)stem.len, (const char *)stem.ptr));
	return n ? n
		 : unit_find(b, arena_print(a, "%.*s@.service", (int)stem.len,
					    (const char *)stem.ptr));
}

static void unit_wanted(struct boot *b, const struct node *entry)
{
	struct slice name = text_base_name(entry->entry.path), rest, line;
	const struct node *n = unit_service(b, name);
	struct reader r;
	struct unit u = {0};
	size_t number = 0;

	/* Only links and files in the folder of a target: X.wants/Y. */
	if (!n && !slice_ends(name, ".service"))
		return;
	n = n ? n : tree_find(b->tree, entry->entry.path);
	if (reader_open(b, &r, n)) {
		rest = buf_slice(&r.text);
		u.at.file = r.node;
		while (text_line(&rest, &line))
			unit_line(&u, line, ++number);
		unit_start(b, &u);
	}
	buf_release(&r.text);
	boot_read(b);
}

static void systemd_read(struct boot *b)
{
	static const char *const folders[] = {"/etc/systemd/system/", "/lib/systemd/system/",
					      "/usr/lib/systemd/system/"};
	static const char *const patterns[] = {"*.wants/*", "*.requires/*"};

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		for (size_t p = 0; p < ARRAY_LEN(patterns); p++)
			folder_each(b, folders[i], patterns[p], unit_wanted);
}

/* --- super-servers --- */

static void served_found(struct boot *b, const struct place *at, const struct slice *words,
			 size_t n, struct slice user)
{
	struct launch l;
	struct slice name = n ? text_base_name(words[0]) : (struct slice){0};

	/* tcpd(8) is given the server as its first argument. */
	if (slice_is(name, "tcpd") && n > 1)
		launch_read(words + 1, n - 1, &l);
	else
		launch_read(words, n, &l);
	l.user = user;
	l.is_service = true;
	if (l.program.len && !slice_is(l.program, "internal"))
		service_found(b, at, &l, NULL);
}

/* inetd.conf(5): service socket protocol wait user program argv[0] arguments… */
static void inetd_line(struct boot *b, const struct place *at)
{
	struct slice rest = at->text, words[SHELL_WORDS_MAX], word;
	size_t n = 0;

	if (slice_at(text_trim(rest), 0) == '#')
		return;
	while (n < SHELL_WORDS_MAX && text_word(&rest, &word))
		words[n++] = word;
	if (n < INETD_FIELDS)
		return;

	struct slice program = words[5], called = n > 6 ? text_base_name(words[6]) : program;

	/* argv[0] chooses the applet of busybox, and the server of tcpd */
	if (slice_is(text_base_name(program), "busybox") ||
	    slice_is(text_base_name(program), "tcpd"))
		words[5] = n > 6 ? called : program;
	served_found(b, at, &words[5], 1, words[4]);
}

/* Whether the services of a super-server are offered: only where something starts it. */
static bool is_served(struct boot *b, bool runs, const struct node *settings)
{
	if (runs || b->scripts_n == 0)
		return true;
	/* what runs at boot is known, and no super-server is among it: the file is dead */
	if (settings && b->has_unseen)
		scene_skip(b->scene, "services", settings->artifact, settings->entry.path,
			   E_UNDECIDED, saying(SAY_SERVER_NOT_STARTED));
	return false;
}

static void inetd_read(struct boot *b)
{
	const struct node *n = boot_find(b, slice_text("/etc/inetd.conf"));
	struct reader r;
	struct slice rest, line;
	struct place at = {0};

	if (!is_served(b, b->runs_inetd, n))
		return;
	if (reader_open(b, &r, n)) {
		rest = buf_slice(&r.text);
		at.file = r.node;
		while (text_line(&rest, &line)) {
			at.line++;
			at.text = line;
			inetd_line(b, &at);
		}
	}
	buf_release(&r.text);
}

struct xinetd {
	struct place at;
	struct slice program, user;
	bool is_disabled;
};

static void xinetd_line(struct boot *b, struct xinetd *x, struct slice line, size_t number)
{
	struct slice t = text_trim(line);
	size_t eq = slice_find_byte(t, '=', 0);

	if (slice_at(t, 0) == '}') {
		if (x->program.len && !x->is_disabled)
			served_found(b, &x->at, &x->program, 1, x->user);
		*x = (struct xinetd){.at = {.file = x->at.file}};
	}
	if (eq == SLICE_NONE || slice_at(t, 0) == '#')
		return;

	struct slice key = text_trim(slice_head(t, eq)), value = text_trim(slice_from(t, eq + 1));

	if (slice_is(key, "server")) {
		x->program = value;
		x->at.line = number;
		x->at.text = line;
	} else if (slice_is(key, "user")) {
		x->user = value;
	} else if (slice_is(key, "disable")) {
		x->is_disabled = text_same(value, "yes");
	}
}

static void xinetd_file(struct boot *b, const struct node *entry)
{
	struct reader r;
	struct slice rest, line;
	struct xinetd x = {0};
	size_t number = 0;

	if (reader_open(b, &r, tree_find(b->tree, entry->entry.path))) {
		rest = buf_slice(&r.text);
		x.at.file = r.node;
		while (text_line(&rest, &line))
			xinetd_line(b, &x, line, ++number);
	}
	buf_release(&r.text);
}

static void xinetd_read(struct boot *b)
{
	const struct node *n = boot_find(b, slice_text("/etc/xinetd.conf"));

	if (!is_served(b, b->runs_xinetd, n))
		return;
	if (n)
		xinetd_file(b, n);
	folder_each(b, "/etc/xinetd.d/", "*", xinetd_file);
}

/* --- areas that are no root filesystem: start-up scripts by their usual names --- */

static void area_read(struct boot *b)
{
	static const char *const names[] = {
		"*/init/*.sh", "*/init.d/*",  "*/rcS",      "*/rc.local", "*/app_init.sh",
		"*/init.sh",   "*/start*.sh", "*/run.sh",   "*/run",      "*/boot.sh",
		"*/autorun*",  "*/auto*.sh",  "*/startup*", "*/ipcam.sh", "*/load*.sh",
	};

	if (!b->is_area)
		return;
	for (size_t i = 0; i < b->tree->n; i++) {
		const struct node *n = &b->tree->nodes[i];

		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (n->entry.type == ENTRY_FILE && text_glob(n->entry.path, names[k]) &&
			    boot_kind(b, n) == PROGRAM_SCRIPT)
				boot_queue(b, n, 0);
	}
	boot_read(b);
}

void systems_read(struct boot *b)
{
	/* Super-servers last: whether they are started is known only then. */
	static void (*const systems[])(struct boot *) = {
		inittab_read, files_read, folders_read, runit_read,
		systemd_read, area_read,  inetd_read,   xinetd_read,
	};

	for (size_t i = 0; i < ARRAY_LEN(systems); i++)
		systems[i](b);
}
