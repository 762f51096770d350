// SPDX-License-Identifier: Apache-2.0
// Pairs of a name and a value on one line, without knowing the language of the file.

#include "inspect/firmware/pairs.h"

#include <string.h>

#include "base/ban.h"

enum { KEY_MAX = 64, VALUE_MAX = 128 };

bool line_is_comment(struct slice line)
{
	static const char *const heads[] = {"#",  ";",    "//",   "/*",  "*",
					    "--", "<!--", "rem ", "REM "};

	line = text_trim(line);
	if (slice_starts(line, "#define"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (slice_starts(line, heads[i]))
			return true;
	return false;
}

static bool is_key_char(uint8_t c)
{
	return text_is_alnum((char)c) || c == '_' || c == '-' || c == '.';
}

static bool is_quote(uint8_t c)
{
	return c == '"' || c == '\'';
}

/* The name that ends before `at`; blanks, a quote and a bracket may stand between. */
static struct slice key_before(struct slice line, size_t at)
{
	size_t end = at, start;

	while (end > 0 && (text_is_blank((char)line.ptr[end - 1]) || is_quote(line.ptr[end - 1]) ||
			   line.ptr[end - 1] == ']'))
		end--;
	start = end;
	while (start > 0 && end - start <= KEY_MAX && is_key_char(line.ptr[start - 1]))
		start--;
	return slice_head(slice_from(line, start), end - start);
}

static bool ends_statement(uint8_t c)
{
	return c == 0 || (c && strchr(";,)}]>/&|#", c));
}

/* "value" from `at`, where a quote is; *next is behind it. False when it is not closed. */
static bool quoted_take(struct slice line, size_t at, struct pair *out, size_t *next)
{
	size_t close = slice_find_byte(line, line.ptr[at], at + 1), behind;

	if (close == SLICE_NONE)
		return false;
	out->value = text_trim(slice_head(slice_from(line, at + 1), close - at - 1));
	out->is_quoted = true;
	behind = close + 1;
	while (behind < line.len && text_is_blank((char)line.ptr[behind]))
		behind++;
	/* a blank also ends it: attributes, arguments of a command */
	out->is_whole = ends_statement(slice_at(line, behind)) ||
			(behind > close + 1 && text_is_alnum((char)slice_at(line, behind)));
	*next = close + 1;
	return true;
}

static void bare_take(struct slice line, size_t at, struct pair *out, size_t *next)
{
	size_t end = at;

	/* a longer one is refused: to look on would read the line again for every pair */
	while (end < line.len && end - at <= VALUE_MAX && !text_is_blank((char)line.ptr[end]) &&
	       line.ptr[end] != ';' && line.ptr[end] != ',' && line.ptr[end] != '&' &&
	       !is_quote(line.ptr[end]) && line.ptr[end] != '<')
		end++;
	out->value = slice_head(slice_from(line, at), end - at);
	out->is_quoted = false;
	out->is_whole = !is_quote(slice_at(line, end));
	*next = at + 1;
}

static bool value_take(struct slice line, size_t at, struct pair *out, size_t *next)
{
	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
		at++;
	if (at >= line.len)
		return false;
	if (is_quote(line.ptr[at]))
		return quoted_take(line, at, out, next);
	bare_take(line, at, out, next);
	return true;
}

/* <key>value</key> where `at` is the first '>'. */
static bool element_take(struct slice line, size_t at, struct pair *out, size_t *next)
{
	struct slice near = slice_head(line, at + VALUE_MAX);
	size_t end;

	if (out->key.len == 0 || slice_at(line, at - out->key.len - 1) != '<')
		return false;
	end = slice_find_byte(near, '<', at);
	if (end == SLICE_NONE || slice_at(line, end + 1) != '/')
		return false;
	out->value = text_trim(slice_head(slice_from(line, at + 1), end - at - 1));
	out->is_quoted = out->is_whole = true;
	*next = end;
	return true;
}

/* "==", "!=" and the like compare; "::" and "//" are no separators either. */
static bool is_separator(struct slice line, size_t at)
{
	uint8_t c = line.ptr[at], before = at ? line.ptr[at - 1] : 0,
		after = slice_at(line, at + 1);

	if (c == '>')
		return before != '-' && before != '=';
	if (c == '=')
		return after != '=' && (!before || !strchr("=!<>~+", before));
	return c == ':' && after != ':' && before != ':' && after != '/' && after != '=';
}

static bool pair_at(struct slice line, size_t at, struct pair *out, size_t *next)
{
	out->sep = (char)line.ptr[at];
	out->key = key_before(line, at);
	if (out->key.len == 0 || out->key.len > KEY_MAX)
		return false;
	if (out->sep == '>')
		return element_take(line, at, out, next);
	return value_take(line, at + 1, out, next) && out->value.len <= VALUE_MAX;
}

/* "option key 'value'" (UCI), "#define KEY "value"" (C). */
static bool words_take(struct slice line, struct pair *out)
{
	static const char *const heads[] = {"option", "list", "#define", "define"};
	struct slice rest = line, head, key;
	size_t next = 0;
	bool is_head = false;

	if (!text_word(&rest, &head))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		is_head = is_head || slice_is(head, heads[i]);
	if (!is_head || !text_word(&rest, &key))
		return false;
	if (key.len > 2 && is_quote(key.ptr[0]))
		key = slice_head(slice_from(key, 1), key.len - 2);
	out->key = slice_head(key, KEY_MAX);
	out->sep = ' ';
	rest = text_trim(rest);
	return value_take(rest, 0, out, &next) && out->value.len <= VALUE_MAX;
}

static bool line_begin(struct pair_scan *s)
{
	while (text_line(&s->rest, &s->line)) {
		s->number++;
		s->at = 0;
		if (!line_is_comment(s->line))
			return true;
	}
	return false;
}

static bool line_next(struct pair_scan *s, struct pair *out)
{
	if (s->at == 0 && s->line.len && words_take(s->line, out)) {
		s->at = s->line.len;
		return true;
	}
	while (s->at < s->line.len) {
		size_t at = s->at++;
		uint8_t c = s->line.ptr[at];

		if ((c == '=' || c == ':' || c == '>') && is_separator(s->line, at) &&
		    pair_at(s->line, at, out, &s->at))
			return true;
	}
	return false;
}

bool pair_next(struct pair_scan *s, struct pair *out)
{
	for (;;) {
		if (line_next(s, out)) {
			out->line = s->number;
			return true;
		}
		if (!line_begin(s))
			return false;
	}
}
