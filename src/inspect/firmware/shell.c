// SPDX-License-Identifier: Apache-2.0
// A tolerant reader of shell scripts (POSIX.1-2017, Shell Command Language).

#include "inspect/firmware/shell.h"

#include "base/ban.h"

enum token { T_END, T_WORD, T_STOP, T_AMP, T_PIPE, T_OPEN, T_CLOSE, T_CASE_END };

struct shell shell_at(struct slice text)
{
	return (struct shell){.in = text, .line = 1};
}

static char byte_at(const struct shell *s, size_t at)
{
	return (char)slice_at(s->in, at);
}

static bool is_separator(char c)
{
	return text_is_blank(c) || c == ';' || c == '&' || c == '|' || c == '(' || c == ')' ||
	       c == '<' || c == '>';
}

/* --- words --- */

/* Behind the closing byte of what opens at `at`; just behind the opening when there is none, and
 * then it is not looked for again, so that stray quotes cost nothing. */
static size_t closed_at(struct shell *s, size_t at, char close)
{
	if (s->no_more[(unsigned char)close])
		return at + 1;
	for (size_t i = at + 1; i < s->in.len; i++) {
		char c = byte_at(s, i);

		if (c == close)
			return i + 1;
		if (c == '\\' && close != '\'')
			i++;
	}
	s->no_more[(unsigned char)close] = true;
	return at + 1;
}

/* `$(` … `)`, nested ones counted. */
static size_t substitution_end(struct shell *s, size_t at)
{
	unsigned depth = 0;

	if (s->no_more[')'])
		return at + 1;
	for (size_t i = at + 1; i < s->in.len; i++) {
		char c = byte_at(s, i);

		if (c == '\\')
			i++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return i + 1;
	}
	s->no_more[')'] = true;
	return at + 1;
}

static size_t word_step(struct shell *s, size_t at)
{
	char c = byte_at(s, at);

	if (c == '\\')
		return at + 2;
	if (c == '\'' || c == '"' || c == '`')
		return closed_at(s, at, c);
	if (c == '$' && byte_at(s, at + 1) == '(')
		return substitution_end(s, at);
	if (c == '$' && byte_at(s, at + 1) == '{')
		return closed_at(s, at, '}');
	return at + 1;
}

static struct slice unquoted(struct slice w)
{
	uint8_t first = slice_at(w, 0);
	bool quoted = w.len >= 2 && (first == '"' || first == '\'') &&
		      slice_at(w, w.len - 1) == first && slice_find_byte(w, first, 1) == w.len - 1;

	return quoted ? slice_head(slice_from(w, 1), w.len - 2) : w;
}

/* Lines are counted where the reader passes, once. */
static void pass(struct shell *s, size_t to)
{
	to = to < s->in.len ? to : s->in.len;
	while (s->at < to) {
		if (byte_at(s, s->at++) != '\n')
			continue;
		s->line++;
		s->line_at = s->at;
	}
}

static struct slice word_take(struct shell *s)
{
	size_t from = s->at, at = from;

	while (at < s->in.len && !is_separator(byte_at(s, at)))
		at = word_step(s, at);
	pass(s, at);
	return slice_head(slice_from(s->in, from), s->at - from);
}

static void skip_blanks(struct shell *s)
{
	while (s->at < s->in.len) {
		char c = byte_at(s, s->at);
		bool continued = c == '\\' &&
				 (byte_at(s, s->at + 1) == '\n' ||
				  (byte_at(s, s->at + 1) == '\r' && byte_at(s, s->at + 2) == '\n'));

		if (c == '\n' || (!text_is_blank(c) && !continued))
			return;
		pass(s, s->at + (continued ? 2 : 1));
	}
}

/* --- redirections and here-documents (2.7) --- */

static void heredoc_add(struct shell *s, struct slice delimiter)
{
	delimiter = unquoted(delimiter);
	if (slice_at(delimiter, 0) == '\\')
		delimiter = slice_from(delimiter, 1);
	if (delimiter.len && s->heredocs_n < SHELL_HEREDOCS_MAX)
		s->heredocs[s->heredocs_n++] = delimiter;
}

static void redirection_skip(struct shell *s)
{
	size_t from = s->at;
	bool is_heredoc = false;

	while (byte_at(s, s->at) == '<' || byte_at(s, s->at) == '>')
		pass(s, s->at + 1);
	is_heredoc = s->at - from == 2 && byte_at(s, from) == '<' && byte_at(s, from + 1) == '<';
	if (byte_at(s, s->at) == '&' || byte_at(s, s->at) == '|' ||
	    (is_heredoc && byte_at(s, s->at) == '-'))
		pass(s, s->at + 1);
	skip_blanks(s);

	struct slice target = word_take(s);

	if (is_heredoc)
		heredoc_add(s, target);
}

/* At the start of a line: the bodies of the here-documents the line before has announced. */
static void heredocs_skip(struct shell *s)
{
	for (size_t k = 0; k < s->heredocs_n; k++) {
		bool is_over = false;

		while (!is_over && s->at < s->in.len) {
			size_t end = slice_find_byte(s->in, '\n', s->at);
			size_t stop = end == SLICE_NONE ? s->in.len : end;
			struct slice line = slice_head(slice_from(s->in, s->at), stop - s->at);

			is_over = slice_eq(text_trim(line), s->heredocs[k]);
			pass(s, stop + 1);
		}
	}
	s->heredocs_n = 0;
}

/* --- tokens --- */

static enum token operator_take(struct shell *s)
{
	char c = byte_at(s, s->at), next = byte_at(s, s->at + 1);
	bool doubled = c == next && (c == ';' || c == '&' || c == '|');

	pass(s, s->at + (doubled ? 2 : 1));
	switch (c) {
	case '\n':
		heredocs_skip(s);
		return T_STOP;
	case ';':
		return doubled ? T_CASE_END : T_STOP;
	case '&':
		return doubled ? T_STOP : T_AMP;
	case '|':
		return doubled ? T_STOP : T_PIPE;
	case '(':
		return T_OPEN;
	default:
		return T_CLOSE;
	}
}

static bool is_digits(struct slice w)
{
	uint64_t v;

	return text_u64(w, 10, &v) == OK;
}

static enum token token_next(struct shell *s, struct slice *word, bool *has_input)
{
	for (;;) {
		skip_blanks(s);
		if (s->at >= s->in.len)
			return T_END;

		char c = byte_at(s, s->at), next = byte_at(s, s->at + 1);

		if (c == '#') {
			size_t end = slice_find_byte(s->in, '\n', s->at);

			pass(s, end == SLICE_NONE ? s->in.len : end);
		} else if (c == '<' || c == '>') {
			*has_input |= c == '<';
			redirection_skip(s);
		} else if (c == '&' && next == '>') {
			pass(s, s->at + 1);
		} else if (is_separator(c)) {
			return operator_take(s);
		} else {
			*word = word_take(s);
			char behind = byte_at(s, s->at);

			if (!((behind == '<' || behind == '>') && is_digits(*word)))
				return T_WORD;
		}
	}
}

/* --- commands --- */

static bool is_reserved(struct slice w)
{
	static const char *const words[] = {"if", "then", "elif", "else",  "fi",
					    "do", "done", "esac", "while", "until",
					    "!",  "{",    "}",    "time",  "function"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_is(w, words[i]))
			return true;
	return false;
}

static void command_clear(struct shell_command *c)
{
	*c = (struct shell_command){0};
}

static void word_add(struct shell *s, struct shell_command *c, struct slice word, size_t line,
		     size_t line_at)
{
	if (c->n == 0 && is_reserved(word))
		return;
	if (c->n == 0) {
		struct slice near = slice_head(slice_from(s->in, line_at), LIMIT_EVIDENCE_BYTES);
		size_t end = slice_find_byte(near, '\n', 0);

		c->line = line;
		c->text = text_trim(slice_head(near, end));
		c->has_input |= s->after_pipe;
	}
	/* 2.9.4.3: case WORD in PATTERN) */
	if (c->n >= 2 && slice_is(c->words[0], "case") && slice_is(word, "in")) {
		s->wants_pattern = true;
		command_clear(c);
		return;
	}
	if (c->n < SHELL_WORDS_MAX)
		c->words[c->n++] = unquoted(word);
}

static void pattern_skip(struct shell *s)
{
	struct slice word = {0};
	bool has_input = false;

	for (;;) {
		switch (token_next(s, &word, &has_input)) {
		case T_END:
		case T_CLOSE:
			s->wants_pattern = false;
			return;
		case T_WORD:
			if (!slice_is(word, "esac"))
				break;
			s->wants_pattern = false;
			return;
		default:
			break;
		}
	}
}

/* A parenthesis: true when a command ends here. `name()` starts a function, `pattern)` was one. */
static bool parenthesis(struct shell *s, struct shell_command *c, enum token t)
{
	if (t == T_OPEN) {
		s->open++;
		command_clear(c);
		return false;
	}
	if (s->open == 0) {
		command_clear(c);
		return false;
	}
	s->open--;
	return c->n > 0;
}

bool shell_next(struct shell *s, struct shell_command *out)
{
	command_clear(out);
	for (;;) {
		struct slice word = {0};
		bool is_over = true;

		if (s->wants_pattern)
			pattern_skip(s);
		skip_blanks(s);

		size_t line = s->line, line_at = s->line_at;
		enum token t = token_next(s, &word, &out->has_input);

		if (t == T_END)
			return out->n > 0;
		if (t == T_WORD) {
			word_add(s, out, word, line, line_at);
			continue;
		}
		if (t == T_OPEN || t == T_CLOSE)
			is_over = parenthesis(s, out, t);
		s->wants_pattern |= t == T_CASE_END;
		s->after_pipe = t == T_PIPE;
		out->in_background = t == T_AMP;
		if (is_over && out->n > 0)
			return true;
		if (is_over)
			command_clear(out);
	}
}

bool shell_assignment(struct slice word, struct slice *name, struct slice *value)
{
	size_t at = slice_find_byte(word, '=', 0);

	if (at == SLICE_NONE || at == 0 || text_is_digit((char)slice_at(word, 0)))
		return false;
	for (size_t i = 0; i < at; i++)
		if (!text_is_alnum((char)slice_at(word, i)) && slice_at(word, i) != '_')
			return false;
	*name = slice_head(word, at);
	*value = unquoted(slice_from(word, at + 1));
	return true;
}
