// SPDX-License-Identifier: Apache-2.0
// Writes package URLs (package-url specification) and CPE 2.3 formatted strings (NISTIR 7695).

#include "model/ident.h"

#include <string.h>

#include "base/ban.h"

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* Everything but letters, digits and . - _ ~ is percent-encoded; a colon stays as it is. */
static void percent(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = slice_at(s, i);

		if (text_is_alnum((char)c) || (c && strchr(".-_~:", c)))
			buf_byte(out, c);
		else
			buf_print(out, "%%%02X", c);
	}
}

static void percent_parts(struct buf *out, struct slice path)
{
	struct slice part;

	while (text_field(&path, '/', &part)) {
		if (part.len == 0)
			continue;
		buf_byte(out, '/');
		percent(out, part);
	}
}

void purl_write(struct buf *out, const struct purl *p)
{
	if (p->type.len == 0 || p->name.len == 0)
		return;
	buf_text(out, "pkg:");
	for (size_t i = 0; i < p->type.len; i++)
		buf_byte(out, lower(slice_at(p->type, i)));
	percent_parts(out, p->space);
	buf_byte(out, '/');
	percent(out, p->name);
	if (p->version.len) {
		buf_byte(out, '@');
		percent(out, p->version);
	}
	if (p->qualifiers.len) {
		buf_byte(out, '?');
		buf_add(out, p->qualifiers);
	} else if (p->arch.len) {
		buf_text(out, "?arch=");
		percent(out, p->arch);
	}
	if (p->subpath.len) {
		buf_byte(out, '#');
		buf_add(out, p->subpath);
	}
}

/* NISTIR 7695, 6.2.2: letters, digits and _ stand for themselves, . and - too unless a hyphen is
 * the whole value (which would mean "not applicable"); other printable characters are quoted. There
 * is no blank and nothing outside ASCII. */
static void cpe_value(struct buf *out, struct slice s, bool is_na)
{
	buf_byte(out, ':');
	if (s.len == 0)
		buf_byte(out, is_na ? '-' : '*');
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = lower(slice_at(s, i));
		bool is_plain =
			text_is_alnum((char)c) || c == '_' || c == '.' || (c == '-' && s.len > 1);

		if (c <= 0x20 || c >= 0x7f) {
			buf_byte(out, '_');
			continue;
		}
		if (!is_plain)
			buf_byte(out, '\\');
		buf_byte(out, c);
	}
}

void cpe_write(struct buf *out, const struct cpe *c)
{
	if (c->vendor.len == 0 || c->product.len == 0)
		return;
	buf_text(out, "cpe:2.3:");
	buf_byte(out, (uint8_t)c->part);
	cpe_value(out, c->vendor, false);
	cpe_value(out, c->product, false);
	cpe_value(out, c->version, c->na >> CPE_VERSION & 1);
	cpe_value(out, c->update, c->na >> CPE_UPDATE & 1);
	for (unsigned i = 0; i < ARRAY_LEN(c->more); i++)
		cpe_value(out, c->more[i], c->na >> (CPE_EDITION + i) & 1);
}
