// SPDX-License-Identifier: Apache-2.0
// Services started at boot: each one, the dangerous ones, and those that keep root's rights.

#include "inspect/firmware/boot.h"
#include "inspect/firmware/quote.h"

#include "base/ban.h"

#define TEXT(s) (int)(s).len, (const char *)(s).ptr

struct sight {
	struct boot *boot;
	const struct place *at;
	struct slice name;
	struct slice quote;
};

static void say(const struct sight *y, const char *rule, struct slice flaw, struct slice evidence)
{
	scene_finding(y->boot->scene, rule, y->at->file->artifact, flaw,
		      say_line(y->boot->scene->scratch, y->at->line), evidence);
}

static struct slice quoted(const struct sight *y, enum say what)
{
	return SAY(y->boot->scene->scratch, what, y->quote);
}

static struct slice flaw_of(const struct sight *y, const char *kind)
{
	return arena_print(y->boot->scene->scratch, "%s:%.*s:%.*s", kind, TEXT(y->name),
			   TEXT(y->at->file->entry.path));
}

/* --- rights --- */

/* The first word of a line, `=` and quotes apart, against a key; its value. */
static bool line_sets(struct slice line, const char *key, struct slice *value)
{
	size_t n = slice_text(key).len;

	line = text_trim(line);
	if (line.len <= n || !text_same(slice_head(line, n), key) ||
	    text_is_alnum((char)slice_at(line, n)))
		return false;
	line = slice_from(line, n);
	while (line.len && (text_is_blank((char)slice_at(line, 0)) || slice_at(line, 0) == '=' ||
			    slice_at(line, 0) == '"'))
		line = slice_from(line, 1);
	n = 0;
	while (n < line.len && (text_is_alnum((char)slice_at(line, n)) ||
				slice_at(line, n) == '_' || slice_at(line, n) == '-'))
		n++;
	*value = slice_head(line, n);
	return true;
}

static bool settings_drop(struct boot *b, const struct daemon *d)
{
	const struct node *n = d->settings ? boot_find(b, slice_text(d->settings)) : NULL;
	struct slice rest, line, value;

	if (!n || tree_read(b->tree, n, &b->probe, NULL) != OK)
		return false;
	rest = buf_slice(&b->probe);
	while (text_line(&rest, &line))
		if (line_sets(line, d->key, &value))
			return launch_drops_to(value);
	return false;
}

static bool gives_up_root(struct boot *b, const struct daemon *d, const struct launch *l)
{
	struct slice value;

	if (launch_drops_to(l->user))
		return true;
	if (!d)
		return false;
	if (d->gives_up_root)
		return true;
	if (d->user && daemon_option(l, d->user, &value) && launch_drops_to(value))
		return true;
	return settings_drop(b, d);
}

static bool listens(struct boot *b, const struct daemon *d, const struct launch *l,
		    const struct node *node)
{
	struct slice value;

	if (d)
		return d->listens && (!d->only || daemon_option(l, d->only, &value));
	if (node && boot_kind(b, node) == PROGRAM_UNREAD)
		scene_skip(b->scene, "services", node->artifact, node->entry.path, E_LIMIT,
			   saying(SAY_TOO_LARGE_TO_LISTEN));
	return node && boot_kind(b, node) == PROGRAM_LISTENS;
}

static void check_rights(const struct sight *y, const struct daemon *d, const struct launch *l,
			 const struct node *node)
{
	struct boot *b = y->boot;

	if (!listens(b, d, l, node) || gives_up_root(b, d, l))
		return;
	say(y, "root-service", arena_print(b->scene->scratch, "rootservice:%.*s", TEXT(y->name)),
	    quoted(y, d ? SAY_KEEPS_ROOT : SAY_PROGRAM_KEEPS_ROOT));
}

/* dropbear(8): -B allows log-in with an empty password. */
static void check_dropbear(const struct sight *y, const struct launch *l)
{
	struct slice value;

	if (slice_is(y->name, "dropbear") && daemon_option(l, "-B", &value))
		say(y, "service-setting",
		    arena_print(y->boot->scene->scratch, "setting:%.*s:-B",
				TEXT(y->at->file->entry.path)),
		    quoted(y, SAY_SSH_EMPTY_PASSWORD));
}

/* A shell for whoever connects: nc -l -e /bin/sh. */
static bool opens_shell(const struct launch *l, struct slice name)
{
	struct slice value;

	return (slice_is(name, "nc") || slice_is(name, "netcat") || slice_is(name, "ncat")) &&
	       daemon_option(l, "-l", &value) && daemon_option(l, "-e", &value);
}

/* Empty: no danger. */
static struct slice danger_of(const struct sight *y, const struct daemon *d, const struct launch *l)
{
	if (d && d->danger)
		return SAY(y->boot->scene->scratch, SAY_UNSAFE_PROTOCOL, slice_text(d->danger),
			   y->quote);
	return opens_shell(l, y->name) ? quoted(y, SAY_OPEN_SHELL) : (struct slice){0};
}

/* The same program started by the same file in several branches is one service. */
static bool service_is_new(struct boot *b, struct slice name, const struct node *file)
{
	struct slice copy;

	for (size_t i = 0; i < b->services_n; i++)
		if (b->services[i].file == file && slice_eq(b->services[i].name, name))
			return false;
	if (b->services_n == LIMIT_SERVICES || arena_copy(b->scene->scratch, name, &copy) != OK) {
		scene_skip(b->scene, "services", file->artifact, file->entry.path, E_LIMIT,
			   saying(SAY_MANY_SERVICES));
		return false;
	}
	b->services[b->services_n++] = (struct boot_service){.name = copy, .file = file};
	return true;
}

void service_found(struct boot *b, const struct place *at, const struct launch *l,
		   const struct node *node)
{
	struct slice served = daemon_served(l);
	struct sight y = {
		.boot = b,
		.at = at,
		.name = served.len ? served : text_base_name(l->program),
		.quote = evidence_line(b->scene->scratch, at->text),
	};
	const struct daemon *d = daemon_find(y.name);
	struct slice danger = danger_of(&y, d, l);

	if (slice_is(y.name, "getty") || slice_is(y.name, "login") ||
	    !service_is_new(b, y.name, at->file))
		return;
	b->runs_inetd |= slice_is(y.name, "inetd");
	b->runs_xinetd |= slice_is(y.name, "xinetd");
	say(&y, "service-start", flaw_of(&y, "start"), quoted(&y, SAY_STARTED));
	/* A service that must not run at all is one flaw, not a second one for its rights. */
	if (danger.len)
		say(&y, "dangerous-service", flaw_of(&y, "service"), danger);
	else
		check_rights(&y, d, l, node);
	/* a maker's own manager: what it starts is not in any script */
	if (!d && node && boot_runs_commands(b, node))
		scene_skip(b->scene, "services", node->artifact, node->entry.path, E_UNDECIDED,
			   saying(SAY_COMMANDS_UNSEEN));
	check_dropbear(&y, l);
}

static bool boot_new(struct boot *b, struct scene *s, const struct tree *t)
{
	*b = (struct boot){.scene = s, .tree = t};
	b->scripts = arena_array(s->scratch, LIMIT_BOOT_SCRIPTS, sizeof *b->scripts);
	b->services = arena_array(s->scratch, LIMIT_SERVICES, sizeof *b->services);
	b->kinds = arena_alloc(s->scratch, t->n + 1);
	b->shells = arena_alloc(s->scratch, t->n + 1);
	b->queued = arena_alloc(s->scratch, t->n + 1);
	buf_init(&b->text, LIMIT_CONFIG_BYTES);
	buf_init(&b->probe, LIMIT_CONFIG_BYTES);
	return b->scripts && b->services && b->kinds && b->shells && b->queued;
}

static void services_tree(struct scene *s, const struct tree *t)
{
	struct slice roots[BOOT_ROOTS_MAX];
	size_t n = boot_roots(t, roots);
	struct boot b;

	if (!boot_new(&b, s, t)) {
		scene_skip(s, "boot-scripts", t->artifact, t->path, E_NOMEM, (struct slice){0});
		return;
	}
	b.is_area = n == 0;
	for (size_t i = 0; i < (n ? n : 1); i++) {
		b.root = n ? roots[i] : (struct slice){0};
		systems_read(&b);
	}
	scene_coverage(s, "boot-scripts", b.scripts_seen, b.scripts_n);
	scene_coverage(s, "services", b.services_n, b.services_n);
	if (b.consoles)
		scene_coverage(s, "consoles", b.consoles, b.consoles);
	buf_release(&b.text);
	buf_release(&b.probe);
}

const struct inspector inspector_services = {.name = "services", .tree = services_tree};
