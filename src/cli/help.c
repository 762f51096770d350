// SPDX-License-Identifier: Apache-2.0
// Help, manual page and completion, all from the same rows.

#include "cli/help.h"

#include <string.h>

#include "base/ban.h"

enum { COLUMN = 26 };

/* A row is for the commands that take one of `options`; 0: for all. Code 1 is the command's own. */
static const struct {
	const char *code;
	uint64_t options;
	const char *words[LANG_N];
} exits[] = {
	{"0", 0, {[EN] = "done", [JA] = "完了"}},
	{"1",
	 0,
	 {[EN] = "below --require GRADE; watch: something new became known",
	  [JA] = "--require のグレードに届かない。watch: 新しく分かったことがある"}},
	{"2", 0, {[EN] = "used wrongly", [JA] = "使い方の誤り"}},
	{"3",
	 0,
	 {[EN] = "target, data or catalogue unreadable, or result not writable",
	  [JA] = "対象・データ・チェックシートを読めない、または結果を書けない"}},
	{"4",
	 0,
	 {[EN] = "incomplete: something could not be inspected",
	  [JA] = "検査しきれないものがある"}},
	{"5",
	 OPTION(CHECK),
	 {[EN] = "verification failed (feed status --check)",
	  [JA] = "検証に失敗 (feed status --check)"}},
	{"70", 0, {[EN] = "internal error", [JA] = "内部エラー"}},
};

static void row(struct buf *out, const char *left, const char *arg, const char *right)
{
	size_t n = strlen(left) + (arg[0] ? strlen(arg) + 1 : 0);

	buf_print(out, "  %s%s%s", left, arg[0] ? " " : "", arg);
	if (n > COLUMN) {
		buf_text(out, "\n  ");
		n = 0;
	}
	for (; n < COLUMN; n++)
		buf_byte(out, ' ');
	buf_print(out, " %s\n", right);
}

static void option_row_write(struct buf *out, const struct option_row *o, enum lang lang)
{
	char name[64] = "--";

	memcpy(name + 2, o->name, strlen(o->name) + 1);
	row(out, name, o->arg ? o->arg : "", o->help[lang]);
	if (o->values)
		row(out, "", "", o->values);
}

static void exits_write(struct buf *out, const struct command *c, enum lang lang)
{
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		const char *words = exits[i].words[lang];

		if (c && exits[i].options && !(exits[i].options & c->options))
			continue;
		if (c && i == EXIT_BELOW)
			words = c->below[lang];
		if (words)
			row(out, exits[i].code, "", words);
	}
}

void help_write(const struct command *c, enum lang lang, struct buf *out)
{
	bool is_ja = lang == JA;
	uint64_t options = c ? c->options : OPTION(HELP) | OPTION(VERSION) | OPTION(LANG);

	buf_print(out, "%s kensa %s%s%s %s\n\n",
		  is_ja ? "使い方:" : "usage:", c ? c->name : "COMMAND", c && c->args[0] ? " " : "",
		  c ? c->args : "", is_ja ? "[オプション]" : "[OPTIONS]");
	if (c)
		buf_print(out, "%s\n%s%s", c->summary[lang], c->note[lang] ? c->note[lang] : "",
			  c->note[lang] ? "\n" : "");
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
	exits_write(out, c, lang);
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

/* A section of the manual page: its heading. */
static void section(struct buf *out, enum lang lang, const char *en, const char *ja)
{
	buf_print(out, ".Sh %s\n", lang == JA ? ja : en);
}

static void manual_commands(enum lang lang, struct buf *out)
{
	section(out, lang, "COMMANDS", "コマンド");
	buf_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < commands_n; i++) {
		bool is_first = true;

		buf_print(out, ".It Cm %s\n", commands[i]->name);
		manual_text(out, commands[i]->summary[lang]);
		if (commands[i]->note[lang]) {
			buf_text(out, ".Pp\n");
			manual_text(out, commands[i]->note[lang]);
		}
		/* Which options it takes; a comma is its own argument, or it would be set bold. */
		buf_print(out, ".Pp\n%s:\n", lang == JA ? "オプション" : "Options");
		for (unsigned o = 0; o < OPT_N; o++) {
			if (!(commands[i]->options & UINT64_C(1) << o))
				continue;
			buf_print(out, "%s.Fl -%s", is_first ? "" : " ,\n", option_rows[o].name);
			is_first = false;
		}
		buf_byte(out, '\n');
	}
	buf_text(out, ".El\n");
}

static void manual_options(enum lang lang, struct buf *out)
{
	section(out, lang, "OPTIONS", "オプション");
	buf_text(out, ".Bl -tag -width Ds\n");
	for (unsigned i = 0; i < OPT_N; i++) {
		const struct option_row *o = &option_rows[i];

		buf_print(out, ".It Fl -%s%s%s\n", o->name, o->arg ? " Ar " : "",
			  o->arg ? o->arg : "");
		manual_text(out, o->help[lang]);
		if (o->values)
			buf_print(out, ".Pp\n%s\n", o->values);
	}
	buf_text(out, ".El\n");
}

static const struct {
	const char *line;
	const char *words[LANG_N];
} examples[] = {
	{"kensa inspect firmware.bin",
	 {[EN] = "Inspect an image, say its grade, write the reports into kensa-report.",
	  [JA] = "イメージを検査してグレードを示し、報告書を kensa-report に書きます。"}},
	{"kensa feed import FILE...",
	 {[EN] = "Take in vulnerability data from files (NVD, CVE, OSV, JVN iPedia, KEV, EPSS and "
		 "others).",
	  [JA] = "脆弱性データ (NVD・CVE・OSV・JVN iPedia・KEV・EPSSなど) "
		 "をファイルから取り込みます。"}},
	{"kensa judge kensa-report/record.jsonl",
	 {[EN] = "Judge the same inspection again, with newer data, without the image.",
	  [JA] = "同じ検査を、新しいデータで、イメージなしで判定し直します。"}},
	{"kensa watch kensa-report",
	 {[EN] = "Say what became known since then; exit code 1 when there is something.",
	  [JA] = "検査のあとに分かった脆弱性を示します。あれば終了コードは1です。"}},
};

static void manual_examples(enum lang lang, struct buf *out)
{
	section(out, lang, "EXAMPLES", "例");
	buf_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		buf_print(out, ".It Li %s\n", examples[i].line);
		manual_text(out, examples[i].words[lang]);
	}
	buf_text(out, ".El\n");
}

void manual_write(enum lang lang, struct buf *out)
{
	bool is_ja = lang == JA;

	buf_text(out, ".Dd November 23, 2026\n.Dt KENSA 1\n.Os\n");
	section(out, lang, "NAME", "名前");
	buf_text(out, ".Nm kensa\n.Nd ");
	manual_text(out, is_ja ? "IoT製品を検査し、グレードを示す"
			       : "inspect an IoT product and grade it");
	section(out, lang, "SYNOPSIS", "書式");
	/* Only a section called SYNOPSIS breaks the line before each name by itself. */
	for (size_t i = 0; i < commands_n; i++)
		buf_print(out, "%s.Nm kensa Cm %s Ar %s Op Ar %s\n", i && is_ja ? ".br\n" : "",
			  commands[i]->name, commands[i]->args[0] ? commands[i]->args : "\\&",
			  is_ja ? "オプション" : "options");
	manual_commands(lang, out);
	manual_options(lang, out);
	section(out, lang, "ENVIRONMENT", "環境変数");
	buf_text(out, ".Bl -tag -width Ds\n.It Ev KENSA_CATALOG\n");
	manual_text(out, is_ja ? "チェックシートなどのデータの場所"
			       : "Folder of the check sheets and other data.");
	buf_text(out, ".It Ev KENSA_HOME\n");
	manual_text(out, is_ja ? "脆弱性データなどを置くフォルダー (既定: $XDG_DATA_HOME/kensa、"
				 "または ~/.local/share/kensa)"
			       : "Folder of the vulnerability data (default $XDG_DATA_HOME/kensa, "
				 "or ~/.local/share/kensa).");
	buf_text(out, ".It Ev LC_ALL , LC_MESSAGES , LANG\n");
	manual_text(out, is_ja ? "ja で始まれば日本語で表示します (--lang が優先)"
			       : "Texts are Japanese where the first that is set begins with ja; "
				 "--lang goes before.");
	buf_text(out, ".It Ev NO_COLOR\n");
	manual_text(out, is_ja ? "色を使いません" : "Use no colours.");
	buf_text(out, ".El\n");
	section(out, lang, "EXIT STATUS", "終了コード");
	buf_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		buf_print(out, ".It %s\n", exits[i].code);
		manual_text(out, exits[i].words[lang]);
	}
	buf_text(out, ".El\n");
	manual_examples(lang, out);
}

/* The lines of a case that choose by `word`: "\tNAME) VARIABLE='VALUES' ;;". */
static void completion_line(struct buf *out, const char *name, const char *variable,
			    const char *values)
{
	buf_print(out, "\t%s) %s='", name, variable);
	for (; *values; values++)
		buf_byte(out, *values == '|' ? ' ' : (uint8_t)*values);
	buf_text(out, "' ;;\n");
}

static void completion_commands(struct buf *out)
{
	for (size_t i = 0; i < commands_n; i++) {
		buf_print(out, "\t%s)\n\t\toptions='", commands[i]->name);
		for (unsigned o = 0; o < OPT_N; o++)
			if (commands[i]->options & UINT64_C(1) << o)
				buf_print(out, "--%s ", option_rows[o].name);
		buf_text(out, "'\n\t\t;;\n");
	}
}

/* readline gives "--lang=ja" as three words, of which the middle one is "=". */
void completion_write(struct buf *out)
{
	buf_text(out,
		 "# bash completion for kensa, made by `kensa completion`\n_kensa() {\n"
		 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} options='' words='' values=''\n"
		 "\tlocal previous=''\n"
		 "\t[ \"$COMP_CWORD\" -gt 0 ] && previous=${COMP_WORDS[COMP_CWORD-1]}\n"
		 "\tif [ \"$cur\" = = ]; then cur=''\n"
		 "\telif [ \"$previous\" = = ]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
		 "\tcase $previous in\n");
	for (unsigned o = 0; o < OPT_N; o++) {
		char name[64] = "--";

		memcpy(name + 2, option_rows[o].name, strlen(option_rows[o].name) + 1);
		if (option_rows[o].values)
			completion_line(out, name, "values", option_rows[o].values);
	}
	buf_text(out, "\tesac\n\tif [ -n \"$values\" ]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$cur\")\n"
		      "\t\treturn\n\tfi\n"
		      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < commands_n; i++)
		buf_print(out, "%s ", commands[i]->name);
	buf_text(out, "--help --version' -- \"$cur\")\n\t\treturn\n\tfi\n"
		      "\tcase ${COMP_WORDS[1]} in\n");
	completion_commands(out);
	buf_text(out, "\tesac\n\t[ \"$COMP_CWORD\" -eq 2 ] && case ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < commands_n; i++)
		if (commands[i]->words)
			completion_line(out, commands[i]->name, "words", commands[i]->words);
	buf_text(out, "\tesac\n\tcase $cur in\n"
		      "\t--*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\") ;;\n"
		      "\t*) if [ -n \"$words\" ]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
		      "\telse\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
		      "\tfi ;;\n\tesac\n}\n"
		      "complete -o filenames -F _kensa kensa\n");
}
