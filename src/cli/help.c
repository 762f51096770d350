// SPDX-License-Identifier: Apache-2.0
// Help, manual page and completion, all from the same rows.

#include "cli/help.h"

#include <string.h>

#include "base/ban.h"

enum { COLUMN = 26 };

static const struct {
	const char *code;
	const char *words[LANG_N];
} exits[] = {
	{"0", {[EN] = "done, and --require met", [JA] = "完了 (--require も満たした)"}},
	{"1", {[EN] = "below --require GRADE", [JA] = "--require のグレードに届かない"}},
	{"2", {[EN] = "used wrongly", [JA] = "使い方の誤り"}},
	{"3",
	 {[EN] = "target unreadable, or result not writable",
	  [JA] = "対象を読めない、または結果を書けない"}},
	{"4",
	 {[EN] = "incomplete: something could not be inspected",
	  [JA] = "検査しきれないものがある"}},
	{"5", {[EN] = "verification failed", [JA] = "検証に失敗"}},
	{"70", {[EN] = "internal error", [JA] = "内部エラー"}},
};

static void row(struct buf *out, const char *left, const char *arg, const char *right)
{
	size_t n = strlen(left) + (arg[0] ? strlen(arg) + 1 : 0);

	buf_print(out, "  %s%s%s", left, arg[0] ? " " : "", arg);
	for (; n < COLUMN; n++)
		buf_byte(out, ' ');
	buf_print(out, " %s\n", right);
}

static void option_row_write(struct buf *out, const struct option_row *o, enum lang lang)
{
	char name[64] = "--";

	memcpy(name + 2, o->name, strlen(o->name) + 1);
	row(out, name, o->arg ? o->arg : "", o->help[lang]);
}

void help_write(const struct command *c, enum lang lang, struct buf *out)
{
	bool is_ja = lang == JA;
	uint64_t options = c ? c->options : OPTION(HELP) | OPTION(VERSION) | OPTION(LANG);

	buf_print(out, "%s kensa %s %s\n\n", is_ja ? "使い方:" : "usage:", c ? c->name : "COMMAND",
		  c       ? c->args
		  : is_ja ? "[引数]"
			  : "[ARGUMENTS]");
	if (c)
		buf_print(out, "%s\n", c->summary[lang]);
	else
		buf_text(out, is_ja ? "IoT製品を検査し、セキュアIoTプログラムのどのグレードに当たる"
				      "かを示します。\n\n"
				      "コマンド\n"
				    : "Inspects an IoT product and says which Secure IoT grade it "
				      "earns.\n\n"
				      "commands\n");
	for (size_t i = 0; !c && i < commands_n; i++)
		row(out, commands[i]->name, commands[i]->args, commands[i]->summary[lang]);
	buf_text(out, is_ja ? "\nオプション\n" : "\noptions\n");
	for (unsigned i = 0; i < OPT_N; i++)
		if (options & UINT64_C(1) << i)
			option_row_write(out, &option_rows[i], lang);
	buf_text(out, is_ja ? "\n終了コード\n" : "\nexit codes\n");
	for (size_t i = 0; i < ARRAY_LEN(exits); i++)
		row(out, exits[i].code, "", exits[i].words[lang]);
}

/* mdoc(7): a text that begins with a dot or quote would be a macro. */
static void manual_text(struct buf *out, const char *s)
{
	if (*s == '.' || *s == '\'')
		buf_text(out, "\\&");
	for (; *s; s++)
		buf_text(out, *s == '\\' ? "\\e" : (const char[]){*s, 0});
	buf_byte(out, '\n');
}

void manual_write(enum lang lang, struct buf *out)
{
	bool is_ja = lang == JA;

	buf_text(out, ".Dd November 23, 2026\n.Dt KENSA 1\n.Os\n.Sh NAME\n.Nm kensa\n.Nd ");
	manual_text(out, is_ja ? "IoT製品を検査し、グレードを示す"
			       : "inspect an IoT product and grade it");
	buf_text(out, ".Sh SYNOPSIS\n");
	for (size_t i = 0; i < commands_n; i++)
		buf_print(out, ".Nm kensa Cm %s Ar %s\n", commands[i]->name,
			  commands[i]->args[0] ? commands[i]->args : "\\&");
	buf_text(out, ".Sh DESCRIPTION\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < commands_n; i++) {
		buf_print(out, ".It Cm %s\n", commands[i]->name);
		manual_text(out, commands[i]->summary[lang]);
	}
	buf_text(out, ".El\n.Pp\nOptions:\n.Bl -tag -width Ds\n");
	for (unsigned i = 0; i < OPT_N; i++) {
		buf_print(out, ".It Fl -%s%s%s\n", option_rows[i].name,
			  option_rows[i].arg ? " Ar " : "",
			  option_rows[i].arg ? option_rows[i].arg : "");
		manual_text(out, option_rows[i].help[lang]);
	}
	buf_text(out, ".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev KENSA_CATALOG\n");
	manual_text(out, is_ja ? "チェックシートなどのデータの場所"
			       : "Folder of the check sheets and other data.");
	buf_text(out, ".It Ev NO_COLOR\n");
	manual_text(out, is_ja ? "色を使いません" : "Use no colours.");
	buf_text(out, ".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		buf_print(out, ".It %s\n", exits[i].code);
		manual_text(out, exits[i].words[lang]);
	}
	buf_text(out, ".El\n");
}

void completion_write(struct buf *out)
{
	buf_text(out, "# bash completion for kensa, made by `kensa completion`\n_kensa() {\n"
		      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} options\n"
		      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < commands_n; i++)
		buf_print(out, "%s%s", i ? " " : "", commands[i]->name);
	buf_text(out,
		 " --help --version' -- \"$cur\")\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < commands_n; i++) {
		buf_print(out, "\t%s) options='", commands[i]->name);
		for (unsigned o = 0; o < OPT_N; o++)
			if (commands[i]->options & UINT64_C(1) << o)
				buf_print(out, "--%s ", option_rows[o].name);
		buf_text(out, "' ;;\n");
	}
	buf_text(out, "\tesac\n\tcase $cur in\n"
		      "\t--*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\") ;;\n"
		      "\t*) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n\tesac\n}\n"
		      "complete -o filenames -F _kensa kensa\n");
}
