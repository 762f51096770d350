// SPDX-License-Identifier: Apache-2.0
// Escapers for HTML (living standard, section 13.1.4) and URIs (RFC 3986).

#include "report/escape.h"

#include <string.h>

#include "base/ban.h"

static const char *html_reference(uint8_t c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool is_harmless(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && !html_reference(c);
}

void html_text(struct buf *out, struct slice s)
{
	for (size_t at = 0; at < s.len;) {
		size_t run = at;

		while (run < s.len && is_harmless(slice_at(s, run)))
			run++;
		buf_add(out, slice_head(slice_from(s, at), run - at));
		at = run;
		if (at == s.len)
			return;

		const char *reference = html_reference(slice_at(s, at));
		size_t n = text_utf8_len(s, at);

		n = n ? n : 1;
		if (reference)
			buf_text(out, reference);
		else
			text_terminal(out, slice_head(slice_from(s, at), n));
		at += n;
	}
}

static bool is_plain(uint8_t c)
{
	/* strchr would find the NUL too. */
	return text_is_alnum((char)c) || (c && strchr("-._~/!@", c));
}

void uri_path(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = slice_at(s, i);

		if (is_plain(c))
			buf_byte(out, c);
		else
			buf_print(out, "%%%02X", c);
	}
}
