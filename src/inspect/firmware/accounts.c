// SPDX-License-Identifier: Apache-2.0
// Accounts of a tree: empty and default passwords, weak hashes, second superusers. passwd(5),
// shadow(5).

#include "inspect/firmware/hash.h"
#include "inspect/firmware/secret.h"

#include "base/ban.h"

enum { USER_MAX = 64, PASSWD_FIELDS = 7, SHADOW_FIELDS = 9, SHADOW_FIELDS_MIN = 8 };

enum shape { SHAPE_NONE, SHAPE_PASSWD, SHAPE_SHADOW, SHAPE_HTPASSWD };

struct account {
	enum shape shape;
	struct slice user, hash, shell;
	uint64_t uid; /* SHAPE_PASSWD */
	const struct node *file;
	size_t line;
};

/* A hash that was tried, so that copies of a file cost nothing. */
struct trial {
	struct slice user, hash;
	struct hash_trial result;
};

struct desk {
	struct scene *scene;
	const struct tree *tree;
	struct account *accounts;
	size_t n, passwd_n;
	struct trial *trials;
	size_t trials_n;
	struct hash_work work;
	bool has_shells; /* the tree has /bin/sh: a shell that is missing is really missing */
	uint64_t hashes_seen, hashes_total;
};

/* --- recognising lines --- */

static bool is_user(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = (char)s.ptr[i];

		if (!text_is_alnum(c) && c != '_' && c != '-' && c != '.' && c != '$' && c != '@')
			return false;
	}
	return s.len > 0 && s.len <= USER_MAX && slice_at(s, 0) != '-';
}

static bool is_number_or_empty(struct slice s)
{
	uint64_t v;

	if (s.len && slice_at(s, 0) == '-')
		s = slice_from(s, 1);
	return s.len == 0 || text_u64(s, 10, &v) == OK;
}

static bool is_path_or_empty(struct slice s)
{
	return s.len == 0 || slice_at(s, 0) == '/';
}

/* passwd(5): name:password:UID:GID:GECOS:directory:shell */
static bool is_passwd(const struct slice f[], size_t n, struct account *out)
{
	uint64_t gid;

	if (n != PASSWD_FIELDS || text_u64(f[2], 10, &out->uid) != OK ||
	    text_u64(f[3], 10, &gid) != OK || !is_path_or_empty(f[5]) ||
	    !is_path_or_empty(text_trim(f[6])))
		return false;
	out->shape = SHAPE_PASSWD;
	out->shell = text_trim(f[6]);
	return true;
}

/* shadow(5): name:password and seven numbers that may be missing */
static bool is_shadow(const struct slice f[], size_t n, struct account *out)
{
	if (n < SHADOW_FIELDS_MIN || n > SHADOW_FIELDS)
		return false;
	for (size_t i = 2; i < n; i++)
		if (!is_number_or_empty(text_trim(f[i])))
			return false;
	out->shape = SHAPE_SHADOW;
	return true;
}

static bool account_read(struct slice line, struct account *out)
{
	struct slice f[SHADOW_FIELDS + 1] = {{0}}, rest = line;
	size_t n = 0;

	while (n < ARRAY_LEN(f) && text_field(&rest, ':', &f[n]))
		n++;
	if (n < 2 || !is_user(f[0]))
		return false;
	out->user = f[0];
	out->hash = f[1];
	if (is_passwd(f, n, out) || is_shadow(f, n, out))
		return true;
	out->shape = SHAPE_HTPASSWD;
	out->hash = text_trim(f[1]);
	return n == 2 && hash_is_evident(out->hash);
}

/* Lines that are no accounts but belong in such files: comments, NIS, and blanks. */
static bool is_filler(struct slice line)
{
	uint8_t first = slice_at(line, 0);

	return line.len == 0 || first == '#' || first == '+' || first == '-';
}

static bool has_account_name(struct slice path)
{
	struct slice base = path_base(path);

	return text_find_nocase(base, "passwd", 0) != SLICE_NONE ||
	       text_find_nocase(base, "shadow", 0) != SLICE_NONE;
}

/* --- collecting --- */

static void account_keep(struct desk *d, const struct node *file, size_t line, struct account a)
{
	a.file = file;
	a.line = line;
	d->passwd_n += a.shape == SHAPE_PASSWD;
	d->accounts[d->n++] = a;
}

/* A file by any name must consist of accounts; one named passwd or shadow, for the greater part. */
static bool text_has_accounts(struct slice text, bool by_name)
{
	struct slice line;
	struct account a = {0};
	size_t good = 0, bad = 0;

	while (text_line(&text, &line)) {
		line = text_trim(line);
		if (is_filler(line))
			continue;
		if (account_read(line, &a))
			good++;
		else
			bad++;
		if (bad && !by_name)
			return false;
	}
	return good > bad;
}

static void file_collect(struct desk *d, const struct node *n, struct slice text)
{
	struct slice line, copy;
	size_t number = 0;

	if (!text_has_accounts(text, has_account_name(n->entry.path)))
		return;
	if (arena_copy(d->scene->scratch, text, &copy) != OK) {
		scene_skip(d->scene, "accounts", n->artifact, n->entry.path, E_NOMEM,
			   (struct slice){0});
		return;
	}
	while (text_line(&copy, &line)) {
		struct account a = {0};

		number++;
		line = text_trim(line);
		if (is_filler(line) || !account_read(line, &a))
			continue;
		if (d->n == LIMIT_ACCOUNTS) {
			scene_skip(d->scene, "accounts", n->artifact, n->entry.path, E_LIMIT,
				   saying(SAY_MANY_ACCOUNTS));
			return;
		}
		account_keep(d, n, number, a);
	}
}

static bool may_hold_accounts(const struct node *n)
{
	static const char *const folders[] = {"etc", "etc_ro",  "config", "conf",
					      "cfg", "default", "param",  "private"};
	struct slice path = n->entry.path, base = path_base(path);

	if (n->entry.type != ENTRY_FILE || n->entry.size == 0 || n->entry.size > LIMIT_CONFIG_BYTES)
		return false;
	if (slice_starts(base, "group") || slice_starts(base, "gshadow"))
		return false;
	if (has_account_name(path))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (path_passes(path, folders[i]))
			return n->entry.size <= 64 * KiB;
	return false;
}

static void node_collect(struct desk *d, const struct node *n, struct buf *text)
{
	struct fault why = {0};

	if (tree_read(d->tree, n, text, &why) == OK) {
		file_collect(d, n, buf_slice(text));
	} else if (has_account_name(n->entry.path)) {
		scene_coverage(d->scene, "accounts", 0, 1);
		scene_skip_fault(d->scene, "accounts", n->artifact, n->entry.path, &why);
	}
}

/* /etc/passwd may be a link to a file by another name. */
static const struct node *link_target(const struct tree *t, const struct node *n)
{
	if (n->entry.type != ENTRY_LINK || !has_account_name(n->entry.path))
		return NULL;

	const struct node *target = tree_find(t, n->entry.path);
	bool is_new = target && target->entry.type == ENTRY_FILE && !may_hold_accounts(target) &&
		      target->entry.size > 0 && target->entry.size <= LIMIT_CONFIG_BYTES;

	return is_new ? target : NULL;
}

static bool is_collected(const struct desk *d, const struct node *n)
{
	for (size_t i = d->n; i > 0; i--)
		if (d->accounts[i - 1].file == n)
			return true;
	return false;
}

/* A link out of the tree, as to /var: the device writes its accounts when it runs. */
static void skip_written_later(struct desk *d)
{
	static const char *const files[] = {"/etc/passwd", "/etc/shadow"};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const struct node *n = tree_node(d->tree, slice_text(files[i]));

		if (!n || n->entry.type != ENTRY_LINK || tree_find(d->tree, n->entry.path))
			continue;
		scene_skip(d->scene, "accounts", n->artifact, n->entry.path, E_UNDECIDED,
			   saying(SAY_LINK_WITHOUT_FILE));
	}
}

static void collect(struct desk *d)
{
	const struct tree *t = d->tree;
	struct buf text;

	buf_init(&text, LIMIT_CONFIG_BYTES);
	for (size_t i = 0; i < t->n; i++)
		if (may_hold_accounts(&t->nodes[i]))
			node_collect(d, &t->nodes[i], &text);
	for (size_t i = 0, links = 0; i < t->n && links < LIMIT_LINKS; i++) {
		const struct node *n = link_target(t, &t->nodes[i]);

		links += n != NULL;
		if (n && !is_collected(d, n))
			node_collect(d, n, &text);
	}
	buf_release(&text);
}

/* --- judging whether one can log in --- */

static bool shell_lets_in(const struct desk *d, struct slice shell)
{
	static const char *const closed[] = {"nologin", "false",    "true", "sync",
					     "halt",    "shutdown", "null"};
	struct slice base = path_base(shell);

	if (shell.len == 0)
		return true; /* passwd(5): empty stands for /bin/sh */
	for (size_t i = 0; i < ARRAY_LEN(closed); i++)
		if (slice_is(base, closed[i]))
			return false;
	return !d->has_shells || tree_find(d->tree, shell);
}

static bool is_same_folder(const struct account *a, const struct account *b)
{
	return slice_eq(path_folder(a->file->entry.path), path_folder(b->file->entry.path));
}

/* The line of the passwd file that a shadow line belongs to: of its own folder if there is one. */
static const struct account *passwd_of(const struct desk *d, const struct account *shadow)
{
	const struct account *any = NULL;

	for (size_t i = 0; i < d->n; i++) {
		const struct account *a = &d->accounts[i];

		if (a->shape != SHAPE_PASSWD || !slice_eq(a->user, shadow->user))
			continue;
		if (is_same_folder(a, shadow))
			return a;
		any = any ? any : a;
	}
	return any;
}

/* Vendors' files without a passwd beside them: nothing says that the account is closed. */
static bool account_lets_in(const struct desk *d, const struct account *a)
{
	if (a->shape == SHAPE_PASSWD)
		return shell_lets_in(d, a->shell);
	if (a->shape == SHAPE_HTPASSWD || d->passwd_n == 0)
		return true;

	const struct account *p = passwd_of(d, a);

	return p && shell_lets_in(d, p->shell);
}

static bool is_locked(struct slice hash)
{
	uint8_t first = slice_at(hash, 0);

	return first == '!' || first == '*';
}

/* --- findings --- */

static struct slice place(struct desk *d, const struct account *a)
{
	return say_line(d->scene->scratch, a->line);
}

static void say(struct desk *d, const char *rule, const struct account *a, struct slice flaw,
		struct slice evidence)
{
	scene_finding(d->scene, rule, a->file->artifact, flaw, place(d, a), evidence);
}

#define USER(a) (int)(a)->user.len, (const char *)(a)->user.ptr

static void check_empty(struct desk *d, const struct account *a)
{
	struct arena *s = d->scene->scratch;

	if (account_lets_in(d, a))
		say(d, "empty-password", a, arena_print(s, "empty:%.*s", USER(a)),
		    SAY(s, SAY_EMPTY_PASSWORD, a->user));
}

static void check_uid(struct desk *d, const struct account *a)
{
	struct arena *s = d->scene->scratch;

	if (a->shape == SHAPE_PASSWD && a->uid == 0 && !slice_is(a->user, "root"))
		say(d, "extra-root", a, arena_print(s, "uid0:%.*s", USER(a)),
		    SAY(s, SAY_USER_ID_ZERO, a->user));
}

/* NULL when no room is left to remember it: then it was not tried. */
static const struct hash_trial *trial_of(struct desk *d, const struct account *a)
{
	for (size_t i = 0; i < d->trials_n; i++) {
		const struct trial *t = &d->trials[i];

		if (slice_eq(t->user, a->user) && slice_eq(t->hash, a->hash))
			return &t->result;
	}
	if (d->trials_n == LIMIT_PASSWORD_HASHES)
		return NULL;

	struct trial *t = &d->trials[d->trials_n++];

	*t = (struct trial){
		.user = a->user,
		.hash = a->hash,
		.result = hash_try(&d->work, a->user, a->hash, d->scene->data->passwords),
	};
	return &t->result;
}

static void say_hash(struct desk *d, const struct account *a, enum say kind,
		     const struct hash_trial *t)
{
	struct arena *s = d->scene->scratch;
	char fp[PRINT_HEX + 1];
	bool is_open = t->opened_by && account_lets_in(d, a);

	print_of_login(a->user, a->hash, fp);
	if (is_open)
		say(d, "fixed-password", a, arena_print(s, "password:%s", fp),
		    SAY(s, SAY_DEFAULT_PASSWORD, a->user, say_word(kind), slice_text(fp)));
	else if (t->opened_by)
		say(d, "common-hash", a, arena_print(s, "hash:%s", fp),
		    SAY(s, SAY_DEFAULT_PASSWORD_CLOSED, a->user, say_word(kind), slice_text(fp)));
	else
		say(d, "common-hash", a, arena_print(s, "hash:%s", fp),
		    SAY(s, SAY_HASH_NOT_OPENED, a->user, say_word(kind), say_number(s, t->tried),
			say_number(s, t->total), slice_text(fp)));
}

static void check_hash(struct desk *d, const struct account *a)
{
	const struct hash_kind *kind = hash_kind(a->hash);
	struct arena *s = d->scene->scratch;

	if (!kind)
		return;
	if (kind->is_weak)
		say(d, "weak-hash", a, arena_print(s, "weakhash:%.*s:%s", USER(a), kind->word),
		    SAY(s, SAY_WEAK_HASH, a->user, say_word(kind->name)));

	const struct hash_trial *t = trial_of(d, a);

	d->hashes_total++;
	if (t)
		say_hash(d, a, kind->name, t);
	if (t && t->is_complete)
		d->hashes_seen++;
	else
		scene_skip(d->scene, "password-hashes", a->file->artifact, a->file->entry.path,
			   E_LIMIT, saying(SAY_HASH_NOT_TRIED));
}

static void check(struct desk *d, const struct account *a)
{
	check_uid(d, a);
	if (a->hash.len == 0)
		check_empty(d, a);
	else if (!is_locked(a->hash))
		check_hash(d, a);
}

static void accounts_tree(struct scene *s, const struct tree *t)
{
	struct desk d = {.scene = s, .tree = t, .work = {.left_us = LIMIT_PASSWORD_US}};

	d.accounts = arena_array(s->scratch, LIMIT_ACCOUNTS, sizeof *d.accounts);
	d.trials = arena_array(s->scratch, LIMIT_PASSWORD_HASHES, sizeof *d.trials);
	if (!d.accounts || !d.trials) {
		scene_skip(s, "accounts", t->artifact, t->path, E_NOMEM, (struct slice){0});
		return;
	}
	d.has_shells = tree_find(t, slice_text("/bin/sh"));
	collect(&d);
	skip_written_later(&d);
	for (size_t i = 0; i < d.n; i++)
		check(&d, &d.accounts[i]);
	scene_coverage(s, "accounts", d.n, d.n);
	scene_coverage(s, "password-hashes", d.hashes_seen, d.hashes_total);
}

const struct inspector inspector_accounts = {.name = "accounts", .tree = accounts_tree};
