// SPDX-License-Identifier: Apache-2.0
// The binary form of facts that crosses the pipe from a worker.

#include "model/model.h"

#include "base/ban.h"

void fact_pack(struct buf *out, const struct fact *f)
{
	const struct fact_type *t = fact_type(f->kind);
	struct fact copy = *f;

	buf_byte(out, (uint8_t)f->kind);
	for (size_t i = 0; i < t->fields_n; i++) {
		const struct field *d = &t->fields[i];

		if (field_is_text(d)) {
			struct slice s = slice_head(*field_text(&copy, d), LIMIT_TEXT_BYTES);

			buf_u32le(out, (uint32_t)s.len);
			buf_add(out, s);
		} else if (d->kind == FIELD_U64) {
			buf_u64le(out, field_number(f, d));
		} else {
			buf_byte(out, (uint8_t)field_number(f, d));
		}
	}
}

static bool is_utf8(struct slice s)
{
	for (size_t at = text_plain_len(s); at < s.len;) {
		size_t n = text_utf8_len(s, at);

		if (n == 0 || s.ptr[at] == 0)
			return false;
		at += n;
	}
	return true;
}

static enum err unpack_text(struct arena *a, struct cursor *c, struct slice *out)
{
	uint32_t len = cursor_u32le(c);

	if (c->err || len > LIMIT_TEXT_BYTES)
		return c->err ? c->err : E_LIMIT;

	struct slice s = cursor_take(c, len);

	if (c->err)
		return c->err;
	if (!is_utf8(s))
		return E_CORRUPT;
	return arena_copy(a, s, out);
}

static enum err unpack_field(struct arena *a, struct cursor *c, struct fact *f,
			     const struct field *d)
{
	if (field_is_text(d)) {
		enum err e = unpack_text(a, c, field_text(f, d));

		if (e == OK && d->kind == FIELD_SAYING && !saying_is_good(*field_text(f, d)))
			return E_CORRUPT;
		return e;
	}

	uint64_t v = d->kind == FIELD_U64 ? cursor_u64le(c) : cursor_u8(c);

	if (d->kind == FIELD_NAME && v >= d->names_n)
		return E_RANGE;
	field_number_set(f, d, v);
	return c->err;
}

enum err fact_unpack(struct arena *a, struct slice in, struct fact *out, struct fault *why)
{
	struct cursor c = {.in = in};
	struct fact f = {.kind = cursor_u8(&c)};

	if (c.err || (unsigned)f.kind >= FACT_N)
		return fault_set(why, E_RANGE, 0, "fact: no such kind");

	const struct fact_type *t = fact_type(f.kind);

	for (size_t i = 0; i < t->fields_n; i++) {
		enum err e = unpack_field(a, &c, &f, &t->fields[i]);

		if (e)
			return fault_set(why, e, c.pos, "fact: %s.%s", t->name, t->fields[i].key);
	}
	if (cursor_left(&c) != 0)
		return fault_set(why, E_CORRUPT, c.pos, "fact: bytes left over");
	*out = f;
	return OK;
}
