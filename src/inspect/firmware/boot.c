// SPDX-License-Identifier: Apache-2.0
// Start-up scripts: read one after another, what they start found out.

#include "inspect/firmware/boot.h"
#include "inspect/firmware/quote.h"

#include "base/ban.h"

enum { NEST_MAX = 4, EXPANSION_MAX = 512 };

struct variable {
	struct slice name, value;
};

/* One script being read. */
struct reading {
	const struct node *file;
	struct slice user; /* procd_set_param user */
	bool is_openrc;
	unsigned depth;
	struct variable variables[BOOT_VARIABLES_MAX];
	size_t variables_n;
};

/* --- the tree --- */

size_t boot_first(const struct tree *t, struct slice path)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (slice_cmp(t->nodes[mid].entry.path, path) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool has_root(const struct slice *roots, size_t n, struct slice root)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(roots[i], root))
			return true;
	return false;
}

size_t boot_roots(const struct tree *t, struct slice out[BOOT_ROOTS_MAX])
{
	static const char *const marks[] = {
		"/etc/inittab",    "/etc/init.d",    "/etc/rc.local", "/etc/rc.d",
		"/etc/passwd",     "/etc/systemd",   "/sbin/init",    "/bin/busybox",
		"/etc/inetd.conf", "/etc/xinetd.d",  "/etc/rcS",      "/etc/rcS.d",
		"/etc_ro/rcS",     "/etc/runlevels", "/etc/service",  "/lib/systemd/system",
	};
	size_t n = 0;

	for (size_t i = 0; i < t->n && n < BOOT_ROOTS_MAX; i++) {
		struct slice path = t->nodes[i].entry.path;

		for (size_t m = 0; m < ARRAY_LEN(marks); m++) {
			size_t at = slice_find(path, slice_text(marks[m]), 0);
			size_t end = at + slice_text(marks[m]).len;

			if (at == SLICE_NONE || (end < path.len && slice_at(path, end) != '/'))
				continue;
			if (n < BOOT_ROOTS_MAX && !has_root(out, n, slice_head(path, at)))
				out[n++] = slice_head(path, at);
		}
	}
	return n;
}

const struct node *boot_find(struct boot *b, struct slice path)
{
	struct buf whole;
	const struct node *n = NULL;

	if (b->root.len == 0)
		return tree_find(b->tree, path);
	buf_init(&whole, LIMIT_PATH_BYTES);
	buf_add(&whole, b->root);
	buf_add(&whole, path);
	n = whole.err ? NULL : tree_find(b->tree, buf_slice(&whole));
	buf_release(&whole);
	return n;
}

static size_t index_of(const struct boot *b, const struct node *n)
{
	return (size_t)(n - b->tree->nodes);
}

static const struct node *find_joined(struct boot *b, struct slice folder, struct slice name)
{
	struct buf path;
	const struct node *n = NULL;

	buf_init(&path, LIMIT_PATH_BYTES);
	buf_add(&path, folder);
	buf_byte(&path, '/');
	buf_add(&path, name);
	n = path.err ? NULL : tree_find(b->tree, buf_slice(&path));
	buf_release(&path);
	return n;
}

/* The file a command names: absolute, beside the script, or in the usual folders. */
static const struct node *program_node(struct boot *b, const struct node *script,
				       struct slice program)
{
	static const char *const folders[] = {"/sbin",    "/bin",           "/usr/sbin",
					      "/usr/bin", "/usr/local/bin", "/usr/local/sbin"};
	const struct node *n = NULL;
	struct slice path = script->entry.path;

	if (program.len == 0 || program.len > LIMIT_PATH_BYTES)
		return NULL;
	if (slice_at(program, 0) == '/')
		return boot_find(b, program);
	for (size_t i = 0; i < ARRAY_LEN(folders) && slice_find_byte(program, '/', 0) == SLICE_NONE;
	     i++) {
		struct slice path_of = arena_print(b->scene->scratch, "%s/%.*s", folders[i],
						   (int)program.len, (const char *)program.ptr);

		n = boot_find(b, path_of);
		if (n)
			return n;
	}
	return find_joined(b, slice_head(path, path.len - text_base_name(path).len), program);
}

static bool is_elf(struct slice bytes)
{
	return slice_starts(bytes, "\x7f"
				   "ELF");
}

/* Does a program name this function among its symbols? */
static bool calls(struct slice bytes, const char *name, size_t len_with_zeros)
{
	return slice_find(bytes, slice_of(name, len_with_zeros), 0) != SLICE_NONE;
}

static enum program_kind kind_of(struct slice bytes)
{
	if (is_elf(bytes))
		return calls(bytes, "\0listen\0", 8) ? PROGRAM_LISTENS : PROGRAM_QUIET;
	return text_is_plain(bytes, 4096) ? PROGRAM_SCRIPT : PROGRAM_QUIET;
}

static void kind_note(struct boot *b, const struct node *n, struct slice bytes)
{
	size_t i = index_of(b, n);

	b->kinds[i] = (uint8_t)kind_of(bytes);
	b->shells[i] =
		is_elf(bytes) && (calls(bytes, "\0system\0", 8) || calls(bytes, "\0popen\0", 7));
}

bool boot_runs_commands(struct boot *b, const struct node *n)
{
	return boot_kind(b, n) != PROGRAM_UNREAD && b->shells[index_of(b, n)];
}

enum program_kind boot_kind(struct boot *b, const struct node *n)
{
	uint8_t *kind = &b->kinds[index_of(b, n)];

	if (*kind != PROGRAM_UNKNOWN)
		return (enum program_kind) * kind;
	if (n->entry.type != ENTRY_FILE || n->entry.size == 0)
		*kind = PROGRAM_QUIET;
	else if (tree_read(b->tree, n, &b->probe, NULL) != OK)
		*kind = PROGRAM_UNREAD;
	else
		kind_note(b, n, buf_slice(&b->probe));
	return (enum program_kind) * kind;
}

bool boot_may_be_script(struct boot *b, const struct node *n)
{
	enum program_kind kind = boot_kind(b, n);

	return kind == PROGRAM_SCRIPT ||
	       (kind == PROGRAM_UNREAD && n->entry.size <= LIMIT_CONFIG_BYTES);
}

void boot_queue(struct boot *b, const struct node *n, unsigned depth)
{
	if (!n || n->entry.type != ENTRY_FILE || b->queued[index_of(b, n)] ||
	    depth > LIMIT_BOOT_DEPTH)
		return;
	b->queued[index_of(b, n)] = 1;
	if (b->scripts_n == LIMIT_BOOT_SCRIPTS) {
		scene_skip(b->scene, "boot-scripts", n->artifact, n->entry.path, E_LIMIT,
			   saying(SAY_MANY_SCRIPTS));
		return;
	}
	b->scripts[b->scripts_n++] = (struct boot_script){.node = n, .depth = depth};
}

/* --- variables --- */

static void variable_set(struct reading *r, struct slice name, struct slice value)
{
	for (size_t i = 0; i < r->variables_n; i++)
		if (slice_eq(r->variables[i].name, name))
			return;
	if (value.len && slice_at(value, 0) != '$' && r->variables_n < BOOT_VARIABLES_MAX)
		r->variables[r->variables_n++] = (struct variable){.name = name, .value = value};
}

static struct slice variable_value(const struct reading *r, struct slice name)
{
	for (size_t i = 0; i < r->variables_n; i++)
		if (slice_eq(r->variables[i].name, name))
			return r->variables[i].value;
	return (struct slice){0};
}

/* `$NAME…` and `${NAME}…` at the start of a word; anything else, and unknown names, stay. */
static struct slice expanded(struct boot *b, const struct reading *r, struct slice word)
{
	bool braced = slice_at(word, 1) == '{';
	size_t from = braced ? 2 : 1, end = from;

	if (slice_at(word, 0) != '$')
		return word;
	while (text_is_alnum((char)slice_at(word, end)) || slice_at(word, end) == '_')
		end++;

	struct slice value = variable_value(r, slice_head(slice_from(word, from), end - from));
	struct slice rest = slice_from(word, end);

	if (braced) {
		size_t close = slice_find_byte(rest, '}', 0);

		rest = close == SLICE_NONE ? rest : slice_from(rest, close + 1);
	}
	if (value.len == 0 || value.len + rest.len > EXPANSION_MAX)
		return word;
	if (rest.len == 0)
		return value;
	if (b->expansions++ >= LIMIT_BOOT_EXPANSIONS)
		return word;
	return arena_print(b->scene->scratch, "%.*s%.*s", (int)value.len, (const char *)value.ptr,
			   (int)rest.len, (const char *)rest.ptr);
}

/* Words with their variables filled in; a first word like $CMD may hold several. */
static size_t words_expand(struct boot *b, const struct reading *r, const struct shell_command *c,
			   struct slice out[SHELL_WORDS_MAX])
{
	struct slice first = expanded(b, r, c->words[0]), word;
	size_t n = 0;

	while (n < SHELL_WORDS_MAX && text_word(&first, &word))
		out[n++] = word;
	for (size_t i = 1; i < c->n && n < SHELL_WORDS_MAX; i++)
		out[n++] = expanded(b, r, c->words[i]);
	return n;
}

/* --- commands --- */

static bool is_among(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_is(s, words[i]))
			return true;
	return false;
}

static bool is_interactive_shell(const struct launch *l)
{
	static const char *const shells[] = {"sh", "ash", "bash", "dash", "hush"};
	static const char *const flags[] = {"-i", "-l", "-il", "-li", "--login"};

	if (!is_among(text_base_name(l->program), shells, ARRAY_LEN(shells)))
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (!is_among(l->args[i], flags, ARRAY_LEN(flags)))
			return false;
	return true;
}

static void console_found(struct boot *b, const struct place *at)
{
	b->consoles++;
	scene_finding(b->scene, "open-console", at->file->artifact, slice_text("console:console"),
		      say_line(b->scene->scratch, at->line),
		      SAY(b->scene->scratch, SAY_SCRIPT_OPENS_SHELL,
			  evidence_line(b->scene->scratch, at->text)));
}

/* A name that can be a program: no pattern, no variable left in it. */
static bool is_plain_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = (char)s.ptr[i];

		if (!text_is_alnum(c) && c != '/' && c != '.' && c != '_' && c != '-' && c != '+')
			return false;
	}
	return s.len > 0 && slice_at(s, 0) != '-';
}

static bool is_not_starting(const struct launch *l)
{
	static const char *const words[] = {"stop",   "disable", "--version", "--help",
					    "status", "enabled", "kill"};

	return l->n > 0 && is_among(l->args[0], words, ARRAY_LEN(words));
}

static void program_look(struct boot *b, const struct reading *r, const struct place *at,
			 const struct launch *l, bool in_background)
{
	struct slice name = text_base_name(l->program);
	struct slice served = daemon_served(l);
	bool has_path = slice_find_byte(l->program, '/', 0) != SLICE_NONE;

	if (!is_plain_name(l->program) || is_not_starting(l) || daemon_is_tool(name))
		return;

	bool is_daemon = daemon_find(served.len ? served : name) && !l->is_read;
	const struct node *n = is_daemon && !has_path ? NULL : program_node(b, r->file, l->program);

	if (is_daemon && !(n && boot_may_be_script(b, n))) {
		service_found(b, at, l, n);
		return;
	}
	b->has_unseen |= !n && has_path;
	if (n && slice_is(text_base_name(n->entry.path), "busybox"))
		return;
	if (n && boot_may_be_script(b, n)) {
		boot_queue(b, n, r->depth + 1);
		return;
	}
	if ((n && boot_kind(b, n) >= PROGRAM_LISTENS) ||
	    ((in_background || l->is_service) && (n || (has_path && !slice_ends(name, ".sh")))))
		service_found(b, at, l, n);
}

static void script_read(struct boot *b, struct reading *r, struct slice text,
			const struct place *outer, unsigned nest);

static void launch_look(struct boot *b, struct reading *r, const struct place *at, struct launch *l,
			const struct shell_command *c)
{
	/* service NAME start */
	if (slice_is(text_base_name(l->program), "service") && l->n == 2 &&
	    is_plain_name(l->args[0])) {
		l->program = arena_print(b->scene->scratch, "/etc/init.d/%.*s", (int)l->args[0].len,
					 (const char *)l->args[0].ptr);
		l->args[0] = l->args[1];
		l->n = 1;
	}
	if (l->user.len == 0)
		l->user = r->user;
	if (is_interactive_shell(l)) {
		if (!c->has_input && !c->in_background &&
		    !slice_ends(r->file->entry.path, "profile"))
			console_found(b, at);
		return;
	}
	program_look(b, r, at, l, c->in_background);
}

static void command_look(struct boot *b, struct reading *r, const struct shell_command *c,
			 const struct place *outer, unsigned nest)
{
	struct place at = {.file = r->file, .line = c->line, .text = c->text};
	struct slice words[SHELL_WORDS_MAX];
	size_t n = words_expand(b, r, c, words);
	struct launch l;

	if (outer)
		at = *outer;
	launch_read(words, n, &l);
	if (l.script.len && nest < NEST_MAX) {
		struct slice user = r->user;

		r->user = l.user.len ? l.user : user;
		script_read(b, r, l.script, &at, nest + 1);
		r->user = user;
	} else if (l.program.len) {
		launch_look(b, r, &at, &l, c);
	}
}

static void script_read(struct boot *b, struct reading *r, struct slice text,
			const struct place *outer, unsigned nest)
{
	struct shell s = shell_at(text);
	struct shell_command c;

	while (shell_next(&s, &c))
		command_look(b, r, &c, outer, nest);
}

/* --- whole scripts --- */

/* Assignments and the user of procd's services, wherever they stand. */
static void settings_collect(struct reading *r, struct slice text)
{
	struct shell s = shell_at(text);
	struct shell_command c;
	struct slice name, value;

	while (shell_next(&s, &c)) {
		for (size_t i = 0; i < c.n; i++) {
			bool declares = i == 0 && (slice_is(c.words[0], "export") ||
						   slice_is(c.words[0], "local") ||
						   slice_is(c.words[0], "readonly"));

			if (declares)
				continue;
			if (!shell_assignment(c.words[i], &name, &value))
				break;
			variable_set(r, name, value);
		}
		if (c.n >= 3 && slice_is(c.words[0], "procd_set_param") &&
		    slice_is(c.words[1], "user"))
			r->user = c.words[2];
	}
}

/* OpenRC: the service is described by variables. */
static void openrc_look(struct boot *b, struct reading *r, struct slice text)
{
	struct slice program = variable_value(r, slice_text("command"));
	struct slice args = variable_value(r, slice_text("command_args")), word;
	struct slice first;
	struct launch l = {.program = program,
			   .user = variable_value(r, slice_text("command_user")),
			   .is_service = true};
	struct place at = {.file = r->file, .line = 1, .text = program};

	if (!text_line(&text, &first) ||
	    slice_find(first, slice_text("openrc-run"), 0) == SLICE_NONE)
		return;
	while (l.n < LAUNCH_ARGS_MAX && text_word(&args, &word))
		l.args[l.n++] = word;
	if (program.len)
		program_look(b, r, &at, &l, false);
}

static bool runs_folder(struct slice text)
{
	static const char *const marks[] = {"/S??", "/S[", "/S*", "run-parts", "rcS.d", "rc.d/S"};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (slice_find(text, slice_text(marks[i]), 0) != SLICE_NONE)
			return true;
	return false;
}

static void script_look(struct boot *b, const struct boot_script *script)
{
	struct reading r = {.file = script->node, .depth = script->depth};
	struct fault why = {0};

	if (tree_read(b->tree, script->node, &b->text, &why) != OK) {
		scene_skip_fault(b->scene, "boot-scripts", script->node->artifact,
				 script->node->entry.path, &why);
		return;
	}
	b->scripts_seen++;

	struct slice text = buf_slice(&b->text);

	if (!text_is_plain(text, 4096))
		return;
	b->runs_folder |= runs_folder(text);
	settings_collect(&r, text);
	openrc_look(b, &r, text);
	script_read(b, &r, text, NULL, 0);
}

void boot_read(struct boot *b)
{
	while (b->scripts_done < b->scripts_n)
		script_look(b, &b->scripts[b->scripts_done++]);
}

void boot_command(struct boot *b, const struct place *at, struct slice command, bool is_service)
{
	struct reading r = {.file = at->file};
	struct shell s = shell_at(command);
	struct shell_command c;

	while (shell_next(&s, &c)) {
		c.in_background |= is_service;
		command_look(b, &r, &c, at, 0);
	}
}
