// SPDX-License-Identifier: Apache-2.0
// The option table, and the parser that runs on it.

#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/help.h"

#include "base/ban.h"

const struct option_row option_rows[OPT_N] = {
#define X(id, n, a, e, j) [OPT_##id] = {.name = (n), .arg = (a), .help = {[EN] = (e), [JA] = (j)}},
#include "cli/options.def"
#undef X
};

const struct command *const commands[] = {
#define X(name) &command_##name,
#include "cli/commands.def"
#undef X
};
const size_t commands_n = ARRAY_LEN(commands);

bool print(struct slice s)
{
	if (s.len == 0 || (fwrite(s.ptr, 1, s.len, stdout) == s.len && fflush(stdout) == 0))
		return true;
	if (errno != EPIPE) /* a reader that has seen enough wants no message */
		(void)fprintf(stderr, "kensa: stdout: %s\n", strerror(errno));
	return false;
}

static void say(struct buf *b)
{
	(void)fwrite(b->data, 1, b->len, stderr);
	buf_release(b);
}

void complain(const struct call *c, const char *what, enum err e, const struct fault *why)
{
	struct buf b;

	buf_init(&b, 16 * KiB);
	buf_text(&b, "kensa: ");
	text_terminal(&b, slice_text(what));
	buf_print(&b, ": %s", err_words(e, c->lang == JA));
	if (why && why->msg[0]) {
		buf_text(&b, " (");
		text_terminal(&b, slice_text(why->msg));
		buf_text(&b, ")");
	}
	buf_byte(&b, '\n');
	say(&b);
}

void complain_words(const struct call *c, const char *en, const char *ja)
{
	struct buf b;

	buf_init(&b, 16 * KiB);
	buf_text(&b, "kensa: ");
	text_terminal(&b, slice_text(c->lang == JA ? ja : en));
	buf_byte(&b, '\n');
	say(&b);
}

/* The locale's variables; Japanese only where they ask for it. */
static enum lang lang_default(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *v = getenv(names[i]);

		if (v && v[0])
			return strncmp(v, "ja", 2) == 0 ? JA : EN;
	}
	return EN;
}

static bool lang_find(const char *word, enum lang *out)
{
	if (strcmp(word, "ja") != 0 && strcmp(word, "en") != 0)
		return false;
	*out = word[0] == 'j' ? JA : EN;
	return true;
}

static const struct command *command_find(const char *word)
{
	for (size_t i = 0; i < commands_n; i++)
		if (strcmp(commands[i]->name, word) == 0)
			return commands[i];
	return NULL;
}

/* The option a word names ("--out" or "--out=DIR"), or OPT_N. */
static enum option option_find(const char *word, const char **inline_value)
{
	size_t n = strcspn(word + 2, "=");

	*inline_value = word[2 + n] == '=' ? word + 2 + n + 1 : NULL;
	for (unsigned i = 0; i < OPT_N; i++)
		if (strlen(option_rows[i].name) == n &&
		    memcmp(option_rows[i].name, word + 2, n) == 0)
			return (enum option)i;
	return OPT_N;
}

static enum exit_code misused(const struct call *c, const char *word, const char *en,
			      const char *ja)
{
	struct fault why = {0};

	(void)snprintf(why.msg, sizeof why.msg, "%s", c->lang == JA ? ja : en);
	complain(c, word, E_USAGE, &why);
	return EXIT_USAGE;
}

/* Takes one option off argv; *at moves on behind its value. */
static enum exit_code take_option(struct call *c, int argc, char **argv, int *at)
{
	const char *word = argv[*at], *given = NULL;
	enum option o = option_find(word, &given);

	if (o == OPT_N)
		return misused(c, word, "no such option", "そのようなオプションはありません");
	if (!option_rows[o].arg) {
		if (given)
			return misused(c, word, "takes no value", "値は指定できません");
		c->value[o] = "";
		return EXIT_DONE;
	}
	if (!given) {
		if (*at + 1 >= argc)
			return misused(c, word, "wants a value", "値を指定してください");
		given = argv[++*at];
	}
	if (c->given_n == ARRAY_LEN(c->given))
		return misused(c, word, "too many options", "オプションが多すぎます");
	c->given[c->given_n].option = o;
	c->given[c->given_n++].value = given;
	c->value[o] = given;
	return EXIT_DONE;
}

static enum exit_code check(const struct call *c)
{
	if (!c->command)
		return misused(c, "kensa", "name a command; see kensa --help",
			       "コマンドを指定してください (kensa --help を参照)");
	for (unsigned i = 0; i < OPT_N; i++)
		if (c->value[i] && !(c->command->options & UINT64_C(1) << i))
			return misused(c, option_rows[i].name, "does not go with this command",
				       "このコマンドでは使えません");
	if (c->args_n < c->command->args_min)
		return misused(c, c->command->name, "wants an argument; see --help",
			       "引数が足りません (--help を参照)");
	if (c->args_n > c->command->args_max)
		return misused(c, c->command->name, "too many arguments", "引数が多すぎます");
	return EXIT_DONE;
}

static enum exit_code show_help(const struct call *c)
{
	struct buf b;

	buf_init(&b, 1 * MiB);
	if (c->value[OPT_VERSION])
		buf_text(&b, "kensa " KENSA_VERSION "\n");
	else
		help_write(c->command, c->lang, &b);

	bool is_ok = print(buf_slice(&b));

	buf_release(&b);
	return is_ok ? EXIT_DONE : EXIT_TARGET;
}

/* --lang wins, and counts for complaints about what stands before it too. */
static enum lang lang_of(int argc, char **argv)
{
	enum lang lang = lang_default();

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			(void)lang_find(argv[i] + 7, &lang);
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			(void)lang_find(argv[i + 1], &lang);
	}
	return lang;
}

/* Arguments are moved to the front of argv, in order. */
enum exit_code call_parse(int argc, char **argv, struct call *out)
{
	struct call c = {.lang = lang_of(argc, argv), .args = argv};
	bool only_args = false;
	enum exit_code code = EXIT_DONE;

	for (int at = 1; at < argc && code == EXIT_DONE; at++) {
		if (!only_args && strcmp(argv[at], "--") == 0) {
			only_args = true;
		} else if (!only_args && strncmp(argv[at], "--", 2) == 0) {
			code = take_option(&c, argc, argv, &at);
		} else if (!c.command && !only_args) {
			c.command = command_find(argv[at]);
			if (!c.command)
				code = misused(
					&c, argv[at], "no such command; see kensa --help",
					"そのようなコマンドはありません (kensa --help を参照)");
		} else {
			c.args[c.args_n++] = argv[at];
		}
	}
	if (code == EXIT_DONE && c.value[OPT_LANG] && !lang_find(c.value[OPT_LANG], &c.lang))
		code = misused(&c, "--lang", "ja or en", "ja か en を指定してください");
	if (code == EXIT_DONE && (c.value[OPT_HELP] || c.value[OPT_VERSION])) {
		code = show_help(&c);
		c.command = NULL;
	} else if (code == EXIT_DONE) {
		code = check(&c);
	}
	*out = c;
	return code;
}
