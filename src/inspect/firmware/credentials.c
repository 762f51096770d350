// SPDX-License-Identifier: Apache-2.0
// Passwords in clear in configurations, scripts and pages, and tokens of cloud services anywhere.

#include "inspect/firmware/secret.h"
#include "inspect/firmware/tokens.h"
#include "inspect/firmware/words.h"

#include "base/ban.h"

enum { USER_REACH = 6, FILE_FINDINGS_MAX = 256 };

/* One text being searched. */
struct search {
	struct scene *scene;
	uint64_t artifact;
	struct slice path;
	enum writing writing;
	bool is_settings; /* the tree's pass: settings-password, and keys of radio networks */
	struct slice user;
	size_t user_line, said;
};

/* --- telling --- */

/* The user that a password on `line` is for, as far as one was named shortly before. */
static struct slice user_at(const struct search *s, size_t line)
{
	return s->user.len && line - s->user_line < USER_REACH ? s->user : slice_text("");
}

static void say(struct search *s, enum meaning m, size_t line, enum say kind, struct slice secret)
{
	struct arena *a = s->scene->scratch;
	bool is_token = m == MEANS_CLOUD_SECRET;
	struct slice user = user_at(s, line);
	const char *rule = s->is_settings ? "settings-password"
			   : is_token     ? "embedded-token"
					  : "plain-password";
	char fp[PRINT_HEX + 1];

	if (s->said++ == FILE_FINDINGS_MAX)
		scene_skip(s->scene, "settings-files", s->artifact, s->path, E_LIMIT,
			   saying(SAY_MANY_PASSWORDS));
	if (s->said > FILE_FINDINGS_MAX)
		return;
	print_of_login(user, secret, fp);
	scene_finding(
		s->scene, rule, s->artifact,
		arena_print(a, "%s:%s", is_token ? "token" : "password", fp), say_line(a, line),
		user.len ? SAY(a, SAY_SECRET_IN_CLEAR_OF, say_word(kind), user, slice_text(fp))
			 : SAY(a, SAY_SECRET_IN_CLEAR, say_word(kind), slice_text(fp)));
}

static void say_password(struct search *s, size_t line, enum say kind, struct slice secret)
{
	say(s, MEANS_PASSWORD, line, kind, secret);
}

/* --- pairs --- */

/* "username"/"password" is a form to fill in; in code, "pass" alone is as often the opposite of
 * "fail". */
static bool is_form(const struct search *s, const struct pair *p)
{
	struct slice user = user_at(s, p->line);

	if (text_same(user, "username") && text_same(p->value, "password"))
		return true;
	return s->writing == WRITING_CODE && text_same(p->key, "pass") && user.len == 0;
}

static void pair_look(struct search *s, const struct pair *p, enum meaning m)
{
	if (m == MEANS_USER) {
		s->user = word_is_secret(p->value) ? p->value : (struct slice){0};
		s->user_line = p->line;
		return;
	}
	/* a radio network's key opens no login: it matters where settings lie in clear */
	if (!value_is_secret(p, s->writing) || is_form(s, p) ||
	    (m == MEANS_NETWORK_KEY && !s->is_settings) ||
	    (m == MEANS_CLOUD_SECRET && !value_is_random(p->value)))
		return;
	say(s, m, p->line,
	    m == MEANS_NETWORK_KEY    ? SAY_OF_RADIO_KEY
	    : m == MEANS_CLOUD_SECRET ? SAY_OF_CREDENTIAL
				      : SAY_OF_PASSWORD,
	    p->value);
}

/* <input type="password" value="…">, <param name="password" value="…">: the name stands in one
 * pair, the value in a later one of the same line. */
struct split_pair {
	size_t line;
	enum meaning meaning;
};

static void split_look(struct search *s, struct split_pair *split, const struct pair *p)
{
	bool names = text_same(p->key, "name") || text_same(p->key, "id") ||
		     text_same(p->key, "type") || text_same(p->key, "key");
	bool holds = text_same(p->key, "value") || text_same(p->key, "val") ||
		     text_same(p->key, "content");

	if (p->line != split->line)
		*split = (struct split_pair){.line = p->line};
	if (names && split->meaning == MEANS_NOTHING)
		split->meaning = key_means(p->value);
	if (holds && p->is_quoted && split->meaning != MEANS_NOTHING && p->sep == '=')
		pair_look(s, p, split->meaning);
}

static void pairs_look(struct search *s, struct slice text)
{
	struct pair_scan scan = {.rest = text};
	struct split_pair split = {0};
	struct pair p;

	while (pair_next(&scan, &p)) {
		enum meaning m = key_means(p.key);

		/* UCI's wireless file calls the key just that. */
		if (slice_ends(s->path, "/config/wireless") && slice_is(p.key, "key"))
			m = MEANS_NETWORK_KEY;
		if (m != MEANS_NOTHING)
			pair_look(s, &p, m);
		else
			split_look(s, &split, &p);
	}
}

/* --- command lines --- */

/* user:password as one word, quotes around it or not; false when a part is missing. */
static bool login_split(struct slice word, struct slice *user, struct slice *secret)
{
	size_t colon;

	while (word.len && (slice_at(word, 0) == '"' || slice_at(word, 0) == '\''))
		word = slice_from(word, 1);
	while (word.len &&
	       (slice_at(word, word.len - 1) == '"' || slice_at(word, word.len - 1) == '\''))
		word = slice_head(word, word.len - 1);
	colon = slice_find_byte(word, ':', 0);
	if (colon == SLICE_NONE || colon == 0)
		return false;
	*user = slice_head(word, colon);
	*secret = slice_from(word, colon + 1);
	return true;
}

static void login_say(struct search *s, size_t line, enum say kind, struct slice word)
{
	struct slice user, secret;

	if (!login_split(word, &user, &secret) || !word_is_secret(secret) || !word_is_secret(user))
		return;
	s->user = user;
	s->user_line = line;
	say_password(s, line, kind, secret);
}

/* Programs and the options of theirs that carry a password. */
static const struct {
	const char *program, *option;
	bool is_login; /* user:password, not the password alone */
	enum say kind;
} options[] = {
	{"curl", "-u", true, SAY_OF_CURL},
	{"curl", "--user", true, SAY_OF_CURL},
	{"wget", "--password", false, SAY_OF_WGET},
	{"wget", "--http-password", false, SAY_OF_WGET},
	{"wget", "--ftp-password", false, SAY_OF_WGET},
	{"sshpass", "-p", false, SAY_OF_SSH},
	{"ftpput", "-p", false, SAY_OF_FTP},
	{"ftpget", "-p", false, SAY_OF_FTP},
	{"mosquitto_pub", "-P", false, SAY_OF_MQTT},
	{"mosquitto_sub", "-P", false, SAY_OF_MQTT},
};

static void option_look(struct search *s, size_t line, struct slice text, size_t i)
{
	struct slice rest = text, word;
	bool is_next = false, is_program = false;

	while (text_word(&rest, &word)) {
		if (!is_program) {
			is_program = slice_is(path_base(word), options[i].program);
			continue;
		}
		/* "--password=x" is a pair like any other and was looked at as one */
		if (!is_next) {
			is_next = slice_is(word, options[i].option);
			continue;
		}
		is_next = false;
		if (options[i].is_login)
			login_say(s, line, options[i].kind, word);
		else if (word_is_secret(word))
			say_password(s, line, options[i].kind, word);
	}
}

/* echo "root:secret" | chpasswd */
static void chpasswd_look(struct search *s, size_t line, struct slice text)
{
	size_t pipe = slice_find_byte(text, '|', 0);
	struct slice before = slice_head(text, pipe == SLICE_NONE ? 0 : pipe), word;

	if (slice_find(text, slice_text("chpasswd"), 0) == SLICE_NONE)
		return;
	while (text_word(&before, &word))
		login_say(s, line, SAY_OF_CHPASSWD, word);
}

static bool is_in(uint8_t c, const char *set)
{
	return c && slice_find_byte(slice_text(set), c, 0) != SLICE_NONE;
}

/* RFC 3986 3.2.1: scheme://user:password@host */
static void urls_look(struct search *s, size_t line, struct slice text)
{
	struct slice mark = slice_text("://");
	size_t at = slice_find(text, mark, 0);

	for (; at != SLICE_NONE; at = slice_find(text, mark, at + mark.len)) {
		struct slice rest = slice_from(text, at + mark.len);
		size_t n = 0;

		while (n < rest.len && n < LIMIT_NAME_BYTES && rest.ptr[n] > ' ' &&
		       !is_in(rest.ptr[n], "/?#\"'<>(),;\\@"))
			n++;
		if (slice_at(rest, n) == '@' && text_is_alnum((char)slice_at(rest, n + 1)) &&
		    text_find_nocase(slice_head(slice_from(rest, n), 64), "example", 0) ==
			    SLICE_NONE)
			login_say(s, line, SAY_OF_ADDRESS, slice_head(rest, n));
	}
}

/* pppd's secrets: client server secret; busybox httpd: /folder:user:password; netrc: words. */
static void odd_files_look(struct search *s, size_t line, struct slice text)
{
	struct slice rest = text, f[3] = {{0}}, word, before = {0};
	size_t n = 0;

	if (slice_ends(s->path, "-secrets")) {
		while (n < 3 && text_word(&rest, &f[n]))
			n++;
		if (f[2].len > 2 && slice_at(f[2], 0) == '"')
			f[2] = slice_head(slice_from(f[2], 1), f[2].len - 2);
		if (n == 3 && word_is_secret(f[2]))
			say_password(s, line, SAY_OF_PPP, f[2]);
	} else if (slice_ends(s->path, "/httpd.conf") && slice_at(text, 0) == '/') {
		(void)text_field(&rest, ':', &word);
		login_say(s, line, SAY_OF_WEB_SERVER, rest);
	} else if (slice_ends(s->path, "netrc")) {
		while (text_word(&rest, &word)) {
			if (slice_is(before, "password") && word_is_secret(word))
				say_password(s, line, SAY_OF_FTP, word);
			before = word;
		}
	}
}

static void lines_look(struct search *s, struct slice text)
{
	struct slice rest = text, line;
	size_t number = 0;

	while (text_line(&rest, &line)) {
		number++;
		if (line_is_comment(line))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(options); i++)
			if (slice_find(line, slice_text(options[i].program), 0) != SLICE_NONE)
				option_look(s, number, line, i);
		chpasswd_look(s, number, line);
		urls_look(s, number, line);
		odd_files_look(s, number, text_trim(line));
	}
}

static bool begins_line(struct slice in, size_t at)
{
	while (at > 0 && (in.ptr[at - 1] == ' ' || in.ptr[at - 1] == '\t'))
		at--;
	return at == 0 || in.ptr[at - 1] == '\n';
}

/* Comments over several lines become blanks, so that lines keep their numbers. One that does not
 * begin its line may be a pattern or a string, and one without an end is none. */
static void comments_blank(struct buf *text, const char *open, const char *close)
{
	struct slice in = buf_slice(text), head = slice_text(open), tail = slice_text(close);
	size_t at = slice_find(in, head, 0);

	while (at != SLICE_NONE) {
		size_t end;

		if (!begins_line(in, at)) {
			at = slice_find(in, head, at + head.len);
			continue;
		}
		end = slice_find(in, tail, at + head.len);
		if (end == SLICE_NONE)
			return;
		for (size_t i = at; i < end + tail.len; i++)
			if (text->data[i] != '\n')
				text->data[i] = ' ';
		at = slice_find(in, head, end + tail.len);
	}
}

/* `text` is changed: comments in it become blanks. */
static void text_look(struct search *s, struct buf *text)
{
	comments_blank(text, "<!--", "-->");
	if (s->writing == WRITING_CODE)
		comments_blank(text, "/*", "*/");
	pairs_look(s, buf_slice(text));
	s->user = (struct slice){0};
	lines_look(s, buf_slice(text));
}

/* --- the inspector --- */

static void tokens_look(struct scene *s, const struct object *o)
{
	struct mark_search search = {.in = o->data};
	struct token t;
	char fp[PRINT_HEX + 1];

	while (token_next(&search, &t)) {
		print_of(t.value, fp);
		scene_finding(s, "embedded-token", o->artifact,
			      arena_print(s->scratch, "token:%s", fp),
			      place_of(s->scratch, o->data, o->is_text, t.at),
			      SAY(s->scratch, SAY_TOKEN, say_word(t.name),
				  say_number(s->scratch, t.value.len), slice_text(fp)));
	}
	if (search.is_cut)
		scene_skip(s, "secrets", o->artifact, o->path, E_LIMIT, saying(SAY_MANY_TOKENS));
}

static void credentials_object(struct scene *s, const struct object *o)
{
	struct search search = {.scene = s, .artifact = o->artifact, .path = o->name};
	struct buf text;

	if (object_is_box(o))
		return;
	tokens_look(s, o);
	search.writing = writing_of(o->name);
	if (!o->entry || !o->is_text || o->data.len > LIMIT_CONFIG_BYTES ||
	    search.writing == WRITING_NONE)
		return;
	buf_init(&text, LIMIT_CONFIG_BYTES);
	buf_add(&text, o->data);
	text_look(&search, &text);
	scene_coverage(s, "settings-files", !text.err, 1);
	buf_release(&text);
}

static void credentials_tree(struct scene *s, const struct tree *t)
{
	struct buf text;

	scene_coverage(s, "settings-files", 0, 0);
	if (!tree_keeps_settings(t))
		return;
	buf_init(&text, LIMIT_CONFIG_BYTES);
	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->nodes[i];
		struct search search = {.scene = s,
					.artifact = n->artifact,
					.path = n->entry.path,
					.writing = writing_of(n->entry.path),
					.is_settings = true};

		if (n->entry.type == ENTRY_FILE && n->entry.size <= LIMIT_CONFIG_BYTES &&
		    search.writing != WRITING_NONE && tree_read(t, n, &text, NULL) == OK &&
		    text_is_plain(buf_slice(&text), 4096))
			text_look(&search, &text);
	}
	buf_release(&text);
}

const struct inspector inspector_credentials = {
	.name = "credentials", .object = credentials_object, .tree = credentials_tree};
