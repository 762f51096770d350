// SPDX-License-Identifier: Apache-2.0
// Streaming JSON writer.

#include "json.h"

#include <assert.h>

#include "text.h"
#include "ban.h"

void jsonw_init(struct jsonw *j, struct buf *out, unsigned indent)
{
	*j = (struct jsonw){.out = out, .indent = indent};
}

static void line_break(struct jsonw *j)
{
	if (j->indent == 0)
		return;
	buf_byte(j->out, '\n');
	for (unsigned i = 0; i < j->depth * j->indent; i++)
		buf_byte(j->out, ' ');
}

/* Before any value or key: the comma and the line break the place asks for. */
static void separate(struct jsonw *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (j->has_member[j->depth - 1])
		buf_byte(j->out, ',');
	j->has_member[j->depth - 1] = true;
	line_break(j);
}

static void open(struct jsonw *j, uint8_t bracket)
{
	assert(j->depth < JSON_DEPTH_MAX);
	separate(j);
	buf_byte(j->out, bracket);
	j->has_member[j->depth++] = false;
}

static void close(struct jsonw *j, uint8_t bracket)
{
	assert(j->depth > 0);

	bool had = j->has_member[--j->depth];

	if (had)
		line_break(j);
	buf_byte(j->out, bracket);
}

void jsonw_object(struct jsonw *j)
{
	open(j, '{');
}

void jsonw_object_end(struct jsonw *j)
{
	close(j, '}');
}

void jsonw_array(struct jsonw *j)
{
	open(j, '[');
}

void jsonw_array_end(struct jsonw *j)
{
	close(j, ']');
}

static void escape(struct buf *out, uint8_t c)
{
	switch (c) {
	case '"':
		buf_text(out, "\\\"");
		break;
	case '\\':
		buf_text(out, "\\\\");
		break;
	case '\n':
		buf_text(out, "\\n");
		break;
	case '\t':
		buf_text(out, "\\t");
		break;
	default:
		buf_print(out, "\\u%04x", c);
	}
}

static bool is_safe(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void quote(struct buf *out, struct slice s)
{
	buf_byte(out, '"');
	for (size_t at = 0; at < s.len;) {
		size_t run = at;

		while (run < s.len && is_safe(s.ptr[run]))
			run++;
		buf_add(out, slice_head(slice_from(s, at), run - at));
		at = run;
		if (at == s.len)
			break;

		size_t n = text_utf8_len(s, at);

		if (n > 1)
			buf_add(out, slice_head(slice_from(s, at), n));
		else if (n == 1)
			escape(out, s.ptr[at]);
		else
			buf_text(out, "\xef\xbf\xbd");
		at += n ? n : 1;
	}
	buf_byte(out, '"');
}

void jsonw_key(struct jsonw *j, const char *key)
{
	separate(j);
	quote(j->out, slice_text(key));
	buf_text(j->out, j->indent ? ": " : ":");
	j->after_key = true;
}

void jsonw_text(struct jsonw *j, struct slice s)
{
	separate(j);
	quote(j->out, s);
}

void jsonw_u64(struct jsonw *j, uint64_t v)
{
	separate(j);
	buf_print(j->out, "%llu", (unsigned long long)v);
}

void jsonw_raw(struct jsonw *j, const char *number)
{
	separate(j);
	buf_text(j->out, number);
}

void jsonw_bool(struct jsonw *j, bool v)
{
	jsonw_raw(j, v ? "true" : "false");
}

void jsonw_null(struct jsonw *j)
{
	jsonw_raw(j, "null");
}

void jsonw_put(struct jsonw *j, const char *key, struct slice s)
{
	jsonw_key(j, key);
	jsonw_text(j, s);
}

void jsonw_put_text(struct jsonw *j, const char *key, const char *text)
{
	jsonw_put(j, key, slice_text(text));
}

void jsonw_put_u64(struct jsonw *j, const char *key, uint64_t v)
{
	jsonw_key(j, key);
	jsonw_u64(j, v);
}
