// SPDX-License-Identifier: Apache-2.0
// Lines as evidence, their secrets masked.

#include "inspect/firmware/quote.h"

#include <string.h>

#include "base/ban.h"

static const char *const secret_words[] = {"pass",  "pwd",    "secret",  "token",  "psk",
					   "cred",  "apikey", "api_key", "wepkey", "_key",
					   "auth=", "bearer", "private"};

static size_t secret_word_at(struct slice s)
{
	for (size_t i = 0; i < ARRAY_LEN(secret_words); i++) {
		size_t n = strlen(secret_words[i]);

		if (s.len >= n && text_same(slice_head(s, n), secret_words[i]))
			return n;
	}
	return 0;
}

bool evidence_is_secret(struct slice key)
{
	for (size_t at = 0; at < key.len; at++)
		if (secret_word_at(slice_from(key, at)))
			return true;
	return false;
}

static bool ends_value(char c)
{
	return text_is_blank(c) || c == '"' || c == '\'' || c == ';' || c == '&' || c == '|';
}

static bool is_key_byte(char c)
{
	return text_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Copies the rest of the key and what separates it from its value, then masks the value. */
static size_t mask_value(struct buf *out, struct slice s, size_t at)
{
	size_t from = at;

	while (at < s.len && is_key_byte((char)slice_at(s, at)))
		at++;
	while (at < s.len &&
	       (text_is_blank((char)slice_at(s, at)) || slice_at(s, at) == '=' ||
		slice_at(s, at) == ':' || slice_at(s, at) == '"' || slice_at(s, at) == '\''))
		at++;
	buf_add(out, slice_head(slice_from(s, from), at - from));
	from = at;
	while (at < s.len && !ends_value((char)slice_at(s, at)))
		at++;
	if (at > from)
		buf_text(out, "***");
	return at;
}

/* RFC 3986 3.2.1: //user:password@host. Returns the end of what was masked, or `at`. */
static size_t mask_userinfo(struct buf *out, struct slice s, size_t at)
{
	for (size_t i = at + 2; i < s.len; i++) {
		char c = (char)slice_at(s, i);

		if (c == '@') {
			buf_text(out, "//***");
			return i;
		}
		if (c == '/' || ends_value(c))
			break;
	}
	return at;
}

struct slice evidence_line(struct arena *a, struct slice line)
{
	struct slice s = slice_head(text_trim(line), LIMIT_EVIDENCE_BYTES), copy = {0};
	struct buf out;
	size_t at = 0;

	buf_init(&out, 8 * LIMIT_EVIDENCE_BYTES);
	while (at < s.len) {
		size_t n = secret_word_at(slice_from(s, at)), masked = at;

		if (n) {
			buf_add(&out, slice_head(slice_from(s, at), n));
			at = mask_value(&out, s, at + n);
			continue;
		}
		if (slice_starts(slice_from(s, at), "//"))
			masked = mask_userinfo(&out, s, at);
		if (masked > at) {
			at = masked;
			continue;
		}
		buf_byte(&out, slice_at(s, at++));
	}
	if (arena_copy(a, buf_slice(&out), &copy) != OK)
		copy = (struct slice){0};
	buf_release(&out);
	return copy;
}
