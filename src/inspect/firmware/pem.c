// SPDX-License-Identifier: Apache-2.0
// PEM blocks (RFC 7468), base64 (RFC 4648) and the headers of DER values (X.690).

#include "inspect/firmware/pem.h"

#include "base/ban.h"

enum { LABEL_MAX = 64, DER_SEQUENCE = 0x30 };

static const char dashes[] = "-----";

bool pem_read(struct slice in, size_t at, struct pem *out)
{
	struct slice rest = slice_from(in, at + sizeof PEM_MARK - 1);
	struct slice dash = slice_text(dashes);
	size_t label_len = slice_find(slice_head(rest, LABEL_MAX + dash.len), dash, 0);

	if (label_len == SLICE_NONE)
		return false;

	size_t body_at = label_len + dash.len;
	struct slice label = slice_head(rest, label_len);
	struct slice body = slice_head(slice_from(rest, body_at), 2 * DER_BYTES_MAX);
	size_t body_len = slice_find(body, dash, 0);

	if (body_len == SLICE_NONE)
		return false;

	struct slice tail = slice_from(body, body_len + dash.len);

	if (!slice_starts(tail, "END ") ||
	    !slice_eq(slice_head(slice_from(tail, 4), label.len), label) ||
	    !slice_starts(slice_from(tail, 4 + label.len), dashes))
		return false;
	out->label = label;
	out->body = slice_head(body, body_len);
	out->end = at + sizeof PEM_MARK - 1 + body_at + body_len + 2 * dash.len + 4 + label.len;
	return true;
}

static unsigned sextet(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - (unsigned)'A';
	if (c >= 'a' && c <= 'z')
		return c - (unsigned)'a' + 26;
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static bool is_left_out(struct slice text, size_t *i)
{
	uint8_t next = slice_at(text, *i + 1);

	if (text_is_blank((char)text.ptr[*i]))
		return true;
	if (text.ptr[*i] != '\\' || (next != 'n' && next != 'r' && next != '\n'))
		return false;
	++*i;
	return true;
}

bool base64_read(struct slice text, struct buf *out)
{
	uint32_t bits = 0;
	size_t n = 0, pad = 0, start = out->len;

	for (size_t i = 0; i < text.len; i++) {
		unsigned v = sextet(text.ptr[i]);

		if (v == 64 && is_left_out(text, &i))
			continue;
		if (text.ptr[i] == '=') {
			pad++;
			continue;
		}
		if (v == 64 || pad)
			return false;
		bits = bits << 6 | v;
		if (++n % 4 == 0) {
			buf_byte(out, (uint8_t)(bits >> 16));
			buf_byte(out, (uint8_t)(bits >> 8));
			buf_byte(out, (uint8_t)bits);
		}
	}
	if (n % 4 == 1 || (n % 4 ? pad != 4 - n % 4 : pad != 0) || out->err)
		return false;
	if (n % 4 == 2)
		buf_byte(out, (uint8_t)(bits >> 4));
	if (n % 4 == 3) {
		buf_byte(out, (uint8_t)(bits >> 10));
		buf_byte(out, (uint8_t)(bits >> 2));
	}
	return !out->err && out->len > start;
}

bool der_read(struct slice in, struct slice *out)
{
	struct cursor c = {.in = in};

	(void)cursor_u8(&c);

	size_t len = cursor_u8(&c);

	/* X.690 8.1.3.5: the low bits of a long form count the bytes of the length */
	if (len == 0x81)
		len = cursor_u8(&c);
	else if (len == 0x82)
		len = cursor_u16be(&c);
	else if (len >= 0x80)
		return false;
	if (c.err || len > DER_BYTES_MAX)
		return false;
	cursor_skip(&c, len);
	if (c.err)
		return false;
	*out = slice_head(in, c.pos);
	return true;
}

bool der_around(struct slice in, size_t at, size_t *start, struct slice *out)
{
	/* 30 82 xx xx, 30 81 xx, 30 xx */
	for (size_t back = 4; back >= 2; back--) {
		uint8_t second = slice_at(in, at - back + 1);
		bool fits = back == 4 ? second == 0x82 : back == 3 ? second == 0x81 : second < 0x80;

		if (at >= back && fits && slice_at(in, at - back) == DER_SEQUENCE &&
		    der_read(slice_from(in, at - back), out)) {
			*start = at - back;
			return true;
		}
	}
	return false;
}
