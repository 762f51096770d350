// SPDX-License-Identifier: Apache-2.0
// Consoles: which of them give a shell without asking who is there. inittab(5), systemd, procd.

#include "inspect/firmware/boot.h"
#include "inspect/firmware/quote.h"

#include "base/ban.h"

struct console {
	struct boot boot;
	struct place at;
	struct slice device;
	uint64_t seen;
};

static void open_found(struct console *c, enum say why)
{
	struct scene *s = c->boot.scene;
	struct slice quote = evidence_line(s->scratch, c->at.text);
	struct slice device = c->device.len ? c->device : slice_text("console");

	scene_finding(
		s, "open-console", c->at.file->artifact,
		arena_print(s->scratch, "console:%.*s", (int)device.len, (const char *)device.ptr),
		say_line(s->scratch, c->at.line), SAY(s->scratch, why, quote));
}

static bool is_shell(struct slice name)
{
	static const char *const shells[] = {"sh",  "ash", "bash", "dash", "hush",
					     "msh", "ksh", "zsh",  "csh",  "cttyhack"};

	for (size_t i = 0; i < ARRAY_LEN(shells); i++)
		if (slice_is(name, shells[i]))
			return true;
	return false;
}

/* A shell to type into: options at most, and none that gives it commands. */
static bool is_interactive(const struct launch *l)
{
	if (l->script.len || l->is_read || !is_shell(text_base_name(l->program)))
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (slice_at(l->args[i], 0) != '-' && !is_shell(text_base_name(l->args[i])))
			return false;
	return true;
}

/* getty(8) that starts a program other than login, or logs in by itself. */
static enum say getty_opens(const struct launch *l)
{
	struct slice program, user;

	if (daemon_option(l, "-l", &program) && is_shell(text_base_name(program)))
		return SAY_CONSOLE_GETTY_SHELL;
	if (daemon_option(l, "--autologin", &user) || daemon_option(l, "-a", &user))
		return SAY_CONSOLE_GETTY_LOGIN;
	return SAY_NOTHING;
}

/* OpenWrt's login.sh asks only when system.@system[0].ttylogin is 1. */
static bool has_ttylogin(struct console *c)
{
	struct boot *b = &c->boot;
	const struct node *n = boot_find(b, slice_text("/etc/config/system"));
	struct slice rest, line, option, key, value;

	if (!n || tree_read(b->tree, n, &b->probe, NULL) != OK)
		return false;
	rest = buf_slice(&b->probe);
	while (text_line(&rest, &line))
		if (text_word(&line, &option) && slice_is(option, "option") &&
		    text_word(&line, &key) && slice_is(key, "ttylogin") && text_word(&line, &value))
			return slice_find_byte(value, '1', 0) != SLICE_NONE;
	return false;
}

/* SAY_NOTHING: the command opens no console, or asks for a log-in. */
static enum say opens(struct console *c, struct slice command, bool *is_console)
{
	struct shell s = shell_at(command);
	struct shell_command cmd;
	struct launch l;

	*is_console = false;
	if (!shell_next(&s, &cmd))
		return SAY_NOTHING;
	launch_read(cmd.words, cmd.n, &l);

	struct slice name = text_base_name(l.program), value;

	*is_console = true;
	if (is_interactive(&l))
		return SAY_CONSOLE_SHELL;
	if (slice_ends(name, "getty"))
		return getty_opens(&l);
	if (slice_is(name, "login"))
		return daemon_option(&l, "-f", &value) ? SAY_CONSOLE_LOGIN : SAY_NOTHING;
	if (slice_is(name, "login.sh"))
		return has_ttylogin(c) ? SAY_NOTHING : SAY_CONSOLE_TTYLOGIN;
	*is_console = slice_is(name, "sulogin");
	return SAY_NOTHING;
}

static void command_look(struct console *c, struct slice command)
{
	bool is_console = false;
	enum say why = opens(c, command, &is_console);

	c->seen += is_console;
	if (why)
		open_found(c, why);
}

/* --- inittab --- */

static void inittab_line(struct console *c)
{
	static const char *const actions[] = {"respawn", "askfirst",    "askconsole",
					      "once",    "respawnlate", "askconsolelate",
					      "wait",    "sysinit"};
	struct slice rest = text_trim(c->at.text), id, level, action;

	if (slice_at(rest, 0) == '#' || !text_field(&rest, ':', &id) ||
	    !text_field(&rest, ':', &level) || !text_field(&rest, ':', &action))
		return;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (!slice_is(action, actions[i]))
			continue;
		rest = text_trim(rest);
		/* busybox: a leading - makes a login shell, which asks for nothing either */
		if (slice_at(rest, 0) == '-')
			rest = slice_from(rest, 1);
		c->device = id;
		command_look(c, rest);
	}
}

static void file_open(struct console *c, const struct node *n, void (*look)(struct console *c))
{
	struct buf *text = &c->boot.text;
	struct fault why = {0};
	struct slice rest;

	if (!n || n->entry.type != ENTRY_FILE)
		return;
	if (tree_read(c->boot.tree, n, text, &why) != OK) {
		scene_skip_fault(c->boot.scene, "consoles", n->artifact, n->entry.path, &why);
		return;
	}
	rest = buf_slice(text);
	c->at = (struct place){.file = n};
	while (text_line(&rest, &c->at.text)) {
		c->at.line++;
		look(c);
	}
}

/* --- systemd --- */

static void unit_line(struct console *c)
{
	struct slice t = text_trim(c->at.text);

	if (!slice_starts(t, "ExecStart="))
		return;
	t = slice_from(t, slice_text("ExecStart=").len);
	if (slice_at(t, 0) == '-' || slice_at(t, 0) == '@')
		t = slice_from(t, 1);
	command_look(c, t);
}

static bool is_unit_of_console(struct slice path)
{
	static const char *const patterns[] = {
		"*.wants/*getty@*.service",          "*.wants/debug-shell.service",
		"*.wants/console-shell.service",     "*/getty@*.service.d/*.conf",
		"*/serial-getty@*.service.d/*.conf",
	};

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		if (text_glob(path, patterns[i]))
			return slice_find(path, slice_text("/systemd/system/"), 0) != SLICE_NONE;
	return false;
}

/* The instance of getty@ttyS0.service; the name of other units. */
static struct slice unit_device(struct slice path)
{
	size_t at = slice_find_byte(path, '@', 0);
	struct slice name = at == SLICE_NONE ? text_base_name(path) : slice_from(path, at + 1);

	return slice_head(name, slice_find_byte(name, '.', 0));
}

static const struct node *unit_node(struct console *c, const struct node *n)
{
	const struct node *unit = tree_find(c->boot.tree, n->entry.path);
	struct slice name = text_base_name(n->entry.path);
	size_t at = slice_find_byte(name, '@', 0);

	if (unit)
		return unit;
	name = at == SLICE_NONE ? name : slice_head(name, at + 1);
	return boot_find(&c->boot, arena_print(c->boot.scene->scratch, "/lib/systemd/system/%.*s%s",
					       (int)name.len, (const char *)name.ptr,
					       at == SLICE_NONE ? "" : ".service"));
}

static void units_read(struct console *c)
{
	const struct tree *t = c->boot.tree;

	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->nodes[i];

		if (n->entry.type == ENTRY_DIR || !is_unit_of_console(n->entry.path))
			continue;
		c->device = unit_device(n->entry.path);
		file_open(c, unit_node(c, n), unit_line);
	}
}

static void consoles_tree(struct scene *s, const struct tree *t)
{
	struct slice roots[BOOT_ROOTS_MAX];
	size_t n = boot_roots(t, roots);
	struct console c = {.boot = {.scene = s, .tree = t}};

	buf_init(&c.boot.text, LIMIT_CONFIG_BYTES);
	buf_init(&c.boot.probe, LIMIT_CONFIG_BYTES);
	for (size_t i = 0; i < n; i++) {
		c.boot.root = roots[i];
		file_open(&c, boot_find(&c.boot, slice_text("/etc/inittab")), inittab_line);
	}
	c.boot.root = (struct slice){0};
	units_read(&c);
	scene_coverage(s, "consoles", c.seen, c.seen);
	buf_release(&c.boot.text);
	buf_release(&c.boot.probe);
}

const struct inspector inspector_consoles = {.name = "consoles", .tree = consoles_tree};
