// SPDX-License-Identifier: Apache-2.0
// Facts out of a worker: cleaned, clipped, framed, written.

#include "inspect/frame.h"

#include "base/ban.h"

enum { FLUSH_AT = 32 * 1024, DATA_CHUNK = 48 * 1024, FIELDS_MAX = 24 };

/* What a reader says of how it knows; the saying must fit into struct bid again. */
enum { HOW_BYTES = 96 };

void emitter_init(struct emitter *e, int fd)
{
	*e = (struct emitter){.fd = fd};
	buf_init(&e->out, 1 * MiB);
	buf_init(&e->clean, 1 * MiB);
	buf_init(&e->packed, LIMIT_FRAME_BYTES);
}

static void flush(struct emitter *e)
{
	/* The parent is gone when this fails; it will end us. */
	if (pipe_write(e->fd, buf_slice(&e->out)) != OK)
		e->out.len = 0;
	buf_clear(&e->out);
}

/* A frame whose payload is already in e->clean. */
static void frame(struct emitter *e, enum frame_kind kind, struct slice payload)
{
	buf_u32le(&e->out, (uint32_t)payload.len + 1);
	buf_byte(&e->out, (uint8_t)kind);
	buf_add(&e->out, payload);
	if (e->out.len >= FLUSH_AT)
		flush(e);
}

/* Cuts at a character, not inside one. */
static size_t clip(struct slice s, size_t most)
{
	size_t at = 0;

	if (s.len <= most)
		return s.len;
	while (at < most) {
		size_t n = text_utf8_len(s, at);

		if (at + n > most || n == 0)
			break;
		at += n;
	}
	return at;
}

static bool is_plain(const struct slice *s)
{
	return s->len <= LIMIT_TEXT_BYTES && text_plain_len(*s) == s->len;
}

/* Most facts have nothing to be cleaned. */
static bool is_clean(struct fact *f)
{
	const struct fact_type *t = fact_type(f->kind);

	for (size_t i = 0; i < t->fields_n; i++)
		if (t->fields[i].kind == FIELD_TEXT && !is_plain(field_text(f, &t->fields[i])))
			return false;
	return true;
}

/* Cleans every text of the fact into e->clean and points the fact there. Sayings are clean and
 * short enough since they were made. */
static void clean_texts(struct emitter *e, struct fact *f)
{
	const struct fact_type *t = fact_type(f->kind);
	size_t end[FIELDS_MAX] = {0}, from = 0;

	buf_clear(&e->clean);
	for (size_t i = 0; i < t->fields_n; i++) {
		if (t->fields[i].kind == FIELD_TEXT) {
			size_t start = e->clean.len;

			text_clean(&e->clean,
				   slice_head(*field_text(f, &t->fields[i]), LIMIT_TEXT_BYTES));
			e->clean.len = start + clip(slice_from(buf_slice(&e->clean), start),
						    LIMIT_TEXT_BYTES);
		}
		end[i] = e->clean.len;
	}
	for (size_t i = 0; i < t->fields_n; i++) {
		if (t->fields[i].kind == FIELD_TEXT)
			*field_text(f, &t->fields[i]) =
				slice_head(slice_from(buf_slice(&e->clean), from), end[i] - from);
		from = end[i];
	}
}

void emit_fact(struct emitter *e, const struct fact *f)
{
	struct fact copy = *f;

	if (!is_clean(&copy))
		clean_texts(e, &copy);
	buf_clear(&e->packed);
	fact_pack(&e->packed, &copy);
	frame(e, FRAME_FACT, buf_slice(&e->packed));
}

void emit_begin(struct emitter *e, uint64_t ordinal, struct slice path)
{
	buf_clear(&e->clean);
	buf_u64le(&e->clean, ordinal);
	text_clean(&e->clean, path);
	e->clean.len = clip(buf_slice(&e->clean), LIMIT_TEXT_BYTES);
	frame(e, FRAME_BEGIN, buf_slice(&e->clean));
	/* The parent must know before anything can go wrong. */
	flush(e);
}

void emit_finish(struct emitter *e, uint64_t ordinal)
{
	buf_clear(&e->clean);
	buf_u64le(&e->clean, ordinal);
	frame(e, FRAME_FINISH, buf_slice(&e->clean));
	/* Or a crash of what comes next would be laid at this object's door. */
	flush(e);
}

void emit_stretch(struct emitter *e, const struct stretch *s)
{
	struct arena a;
	uint32_t format = 0;

	for (size_t i = 0; i < formats_n; i++)
		if (formats[i] == s->format)
			format = (uint32_t)i + 1;
	buf_clear(&e->clean);
	buf_byte(&e->clean, (uint8_t)s->kind);
	buf_u32le(&e->clean, format);
	buf_u64le(&e->clean, s->at);
	buf_u64le(&e->clean, s->size);
	arena_init(&a, 64 * KiB);
	buf_add(&e->clean, say_heard(&a, slice_head(slice_text(s->bid.how), HOW_BYTES)));
	arena_release(&a);
	frame(e, FRAME_STRETCH, buf_slice(&e->clean));
}

void emit_data(struct emitter *e, struct slice path, struct slice bytes)
{
	struct buf clean;
	bool is_first = true;

	buf_init(&clean, 2 * LIMIT_TEXT_BYTES);
	text_clean(&clean, path);
	clean.len = clip(buf_slice(&clean), LIMIT_TEXT_BYTES);
	do {
		struct slice chunk = slice_head(bytes, DATA_CHUNK);

		buf_clear(&e->clean);
		buf_byte(&e->clean, is_first);
		buf_u32le(&e->clean, (uint32_t)clean.len);
		buf_add(&e->clean, buf_slice(&clean));
		buf_add(&e->clean, chunk);
		frame(e, FRAME_DATA, buf_slice(&e->clean));
		bytes = slice_from(bytes, chunk.len);
		is_first = false;
	} while (bytes.len);
	buf_release(&clean);
}

void emit_done(struct emitter *e)
{
	for (size_t i = 0; i < e->covered_n; i++)
		emit_fact(e, &(struct fact){.kind = FACT_COVERAGE,
					    .coverage = {.method = e->covered[i].method,
							 .subject = e->covered[i].subject,
							 .seen = e->covered[i].seen,
							 .total = e->covered[i].total}});
	frame(e, FRAME_DONE, (struct slice){0});
	flush(e);
}
