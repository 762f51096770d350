// SPDX-License-Identifier: Apache-2.0
// A worker's loop over records, with a printer at its end.

#include "importing.h"

#include <stdio.h>
#include <string.h>

#include "feed/parcel.h"

#include "base/ban.h"

struct memory {
	struct slice bytes;
};

static enum err memory_read(void *ctx, uint64_t at, void *room, size_t size, size_t *n)
{
	const struct memory *m = ctx;
	struct slice s = slice_head(slice_from(m->bytes, at), size);

	if (s.len)
		memcpy(room, s.ptr, s.len);
	*n = s.len;
	return OK;
}

static void text_of(struct buf *b, const char *name, struct slice s)
{
	if (s.len)
		buf_print(b, " %s=%.*s", name, (int)s.len, (const char *)s.ptr);
}

static void print_claim(struct buf *b, const struct claim *c)
{
	static const char *const kinds[] = {"range", "exact", "any", "none"};
	static const char *const effects[] = {"affected", "unaffected", "fixed"};

	buf_print(b, "  %s %s %.*s", effects[c->effect], kinds[c->kind], (int)c->product.len,
		  (const char *)c->product.ptr);
	text_of(b, c->low_excluded ? "above" : "from", c->low);
	text_of(b, c->high_excluded ? "below" : "to", c->high);
	text_of(b, "update", c->low_update);
	text_of(b, "qualifier", c->qualifier);
	text_of(b, "condition", c->condition);
	buf_byte(b, '\n');
}

static void print_lists(struct buf *b, const struct advisory *a)
{
	for (size_t i = 0; i < a->aliases_n; i++)
		text_of(b, "alias", a->aliases[i]);
	for (size_t i = 0; i < a->cwes_n; i++)
		text_of(b, "cwe", a->cwes[i]);
	for (size_t i = 0; i < a->files_n; i++)
		text_of(b, "file", a->files[i]);
}

static void print_advisory(struct buf *b, const struct advisory *a, bool is_part)
{
	static const char *const scores[] = {"v2", "v3", "v4"};

	buf_print(b, "%s%.*s %s", is_part ? "part " : "", (int)a->id.len, (const char *)a->id.ptr,
		  source_name((enum source)a->source));
	if (a->published)
		buf_print(b, " published=%u", a->published);
	if (a->modified)
		buf_print(b, " modified=%u", a->modified);
	if (a->kev_added)
		buf_print(b, " kev=%u", a->kev_added);
	if (a->flags)
		buf_print(b, " flags=%u", a->flags);
	if (a->epss_ppm != UINT32_MAX)
		buf_print(b, " epss=%u", a->epss_ppm);
	for (size_t i = 0; i < CVSS_N; i++) {
		if (a->cvss[i].score != UINT8_MAX)
			buf_print(b, " %s=%u", scores[i], (unsigned)a->cvss[i].score);
		text_of(b, "vector", a->cvss[i].vector);
	}
	print_lists(b, a);
	text_of(b, "ja", a->title[JA]);
	text_of(b, "en", a->title[EN]);
	text_of(b, "text-ja", a->text[JA]);
	text_of(b, "text-en", a->text[EN]);
	buf_byte(b, '\n');
	for (size_t i = 0; i < a->claims_n; i++)
		print_claim(b, &a->claims[i]);
}

/* Through the pipe's form and back: whatever an importer says must survive it. */
static enum err say_advisory(void *ctx, const struct advisory *a, bool is_part)
{
	struct said *s = ctx;
	struct advisory back = {0};
	struct arena arena;
	struct buf b;

	buf_init(&b, 64 * MiB);
	arena_init(&arena, 256 * MiB);
	parcel_pack(&b, a);

	enum err e = b.err ? b.err : parcel_unpack(buf_slice(&b), &arena, &back);

	if (e == OK)
		print_advisory(&s->text, &back, is_part);
	s->advisories++;
	buf_release(&b);
	arena_release(&arena);
	return e;
}

static enum err say_odd(void *ctx, enum odd what)
{
	struct said *s = ctx;

	s->odd++;
	buf_print(&s->text, "odd %s\n", odd_name(what));
	return OK;
}

static enum err say_date(void *ctx, enum source source, struct slice date)
{
	struct said *s = ctx;

	buf_print(&s->text, "date %s %.*s\n", source_name(source),
		  date.len > 10 ? 10 : (int)date.len, (const char *)date.ptr);
	return OK;
}

static struct import_out out_of(struct said *s)
{
	return (struct import_out){
		.advisory = say_advisory, .odd = say_odd, .date = say_date, .ctx = s};
}

static enum err read_with(struct said *s, const struct importer *only, const struct record *r)
{
	for (size_t i = 0; i < importers_n; i++) {
		const struct importer *one = only ? only : importers[i];

		if (one->form == r->form && one->knows(r))
			return one->read(r, &s->why);
		if (only)
			return E_MAGIC;
	}
	return say_odd(s, ODD_UNKNOWN);
}

static enum err take(struct said *s, const struct piece *p)
{
	struct value *json = NULL, *envelope = NULL;
	struct arena arena;
	enum err e = OK;

	arena_init(&arena, 64 * MiB);
	if (p->form == FORM_JSON && p->envelope.len)
		e = value_read(p->envelope, &arena, &envelope, &s->why);
	if (e == OK && p->form == FORM_JSON)
		e = value_read(p->bytes, &arena, &json, &s->why);
	if (e == OK && p->form == FORM_LINES && !utf8_is_valid(p->bytes))
		e = fault_set(&s->why, E_CORRUPT, 0, "a line that is not UTF-8");
	if (e == OK) {
		struct import_out out = out_of(s);
		struct record r = {.out = &out,
				   .form = p->form,
				   .text = p->bytes,
				   .head = p->envelope,
				   .json = json,
				   .envelope = envelope,
				   .arena = &arena};

		e = read_with(s, NULL, &r);
	}
	if (e)
		s->why.at += p->at;
	arena_release(&arena);
	return e;
}

static void begin(struct said *s)
{
	*s = (struct said){.err = OK};
	buf_init(&s->text, 64 * MiB);
	arena_init(&s->arena, 16 * MiB);
}

void said_import(struct said *s, struct slice bytes)
{
	struct memory m = {.bytes = bytes};
	struct unpack_source from = {.read = memory_read, .ctx = &m, .size = bytes.len};
	struct unpack *u = NULL;
	struct splitter split;
	struct piece p = {0};

	begin(s);
	s->err = unpack_open(&from, &s->arena, &u, &s->why);
	if (s->err)
		return;
	splitter_init(&split, u);
	while (s->err == OK) {
		s->err = split_next(&split, &p, &s->why);
		if (s->err == OK)
			s->err = take(s, &p);
	}
	if (s->err == E_END)
		s->err = OK;
	splitter_release(&split);
	unpack_close(u);
}

void said_record(struct said *s, const struct importer *i, struct slice bytes)
{
	static const char envelope[] =
		"{\"distroversion\":\"v3.18\",\"dateReleased\":\"2024-01-02\"}";
	struct value *json = NULL, *around = NULL;

	begin(s);

	struct import_out out = out_of(s);
	struct record r = {
		.out = &out, .form = i->form, .text = bytes, .head = bytes, .arena = &s->arena};

	if (i->form == FORM_JSON) {
		s->err = value_read(bytes, &s->arena, &json, &s->why);
		if (s->err == OK)
			s->err = value_read(slice_text(envelope), &s->arena, &around, &s->why);
		r.json = json;
		r.envelope = around;
	}
	/* as the worker does: an importer of lines may take them for UTF-8 */
	if (i->form == FORM_LINES && !utf8_is_valid(bytes))
		s->err = fault_set(&s->why, E_CORRUPT, 0, "a line that is not UTF-8");
	if (s->err == OK)
		s->err = read_with(s, i, &r);
}

void said_release(struct said *s)
{
	buf_release(&s->text);
	arena_release(&s->arena);
}

bool said_has(const struct said *s, const char *text)
{
	if (slice_find(buf_slice(&s->text), slice_text(text), 0) != SLICE_NONE)
		return true;
	(void)fprintf(stderr, "not said: %s\nsaid (%s, %s at %llu):\n%.*s\n", text,
		      err_name(s->err), s->why.msg, (unsigned long long)s->why.at, (int)s->text.len,
		      (const char *)s->text.data);
	return false;
}
