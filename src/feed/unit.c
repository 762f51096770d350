// SPDX-License-Identifier: Apache-2.0
// Writes and reads what one source says of one advisory (unit.h).

#include "feed/unit.h"

#include "base/ban.h"

enum { DAYS_2015 = 16436, FIELDS_KNOWN = 2 * UNIT_FILES - 1 };

static void days_write(struct buf *out, uint32_t days, uint32_t from)
{
	buf_varint(out, zigzag((int64_t)days - from));
}

static uint32_t days_read(struct cursor *c, uint32_t from)
{
	return (uint32_t)((uint64_t)unzigzag(cursor_varint(c)) + from);
}

static void list_write(struct buf *out, const struct unit_list *list)
{
	buf_varint(out, list->n);
	buf_add(out, list->refs);
}

void unit_facts_write(struct buf *out, const struct unit_facts *u)
{
	uint32_t from = u->fields & UNIT_PUBLISHED ? u->published : DAYS_2015;

	buf_varint(out, u->fields);
	if (u->fields & UNIT_ORIGIN)
		buf_varint(out, u->origin);
	if (u->fields & UNIT_PUBLISHED)
		days_write(out, u->published, DAYS_2015);
	if (u->fields & UNIT_MODIFIED)
		days_write(out, u->modified, from);
	if (u->fields & UNIT_KEV_ADDED)
		days_write(out, u->kev_added, DAYS_2015);
	if (u->fields & UNIT_FLAGS)
		buf_varint(out, u->flags);
	if (u->fields & UNIT_EPSS)
		buf_varint(out, u->epss_ppm);
	for (size_t i = 0; i < CVSS_N; i++) {
		if (u->fields & (uint32_t)UNIT_CVSS << i) {
			buf_byte(out, u->score[i]);
			buf_varint(out, u->vector[i]);
		}
	}
	if (u->fields & UNIT_CWES)
		buf_varint(out, u->cwes);
	if (u->fields & UNIT_ALIASES)
		list_write(out, &u->aliases);
	if (u->fields & UNIT_FILES)
		list_write(out, &u->files);
}

void unit_texts_write(struct buf *out, const struct unit_texts *t)
{
	uint8_t which = 0;

	for (size_t i = 0; i < UNIT_TEXTS; i++)
		which |= (uint8_t)((t->len[i] != 0) << i);
	buf_varint(out, t->frame);
	buf_varint(out, t->at);
	buf_byte(out, which);
	for (size_t i = 0; i < UNIT_TEXTS; i++)
		if (t->len[i])
			buf_varint(out, t->len[i]);
}

void unit_write(struct buf *out, uint8_t source, struct slice facts, struct slice texts)
{
	buf_byte(out, source);
	buf_varint(out, facts.len);
	buf_add(out, facts);
	buf_varint(out, texts.len);
	buf_add(out, texts);
}

static struct slice part_take(struct cursor *c)
{
	uint32_t len = cursor_varint32(c);

	return cursor_take(c, len);
}

enum err unit_next(struct cursor *c, struct unit *out)
{
	struct unit u = {0};
	size_t from = c->pos;

	if (!c->err && cursor_left(c) == 0)
		return E_END;
	u.source = cursor_u8(c);
	u.facts = part_take(c);
	u.texts = part_take(c);
	if (c->err || u.source >= SOURCE_N)
		return E_CORRUPT;
	u.whole = slice_head(slice_from(c->in, from), c->pos - from);
	*out = u;
	return OK;
}

/* The count is trusted only as far as there are references for it. */
static struct unit_list list_read(struct cursor *c)
{
	struct unit_list list = {.n = cursor_varint32(c)};
	size_t from = c->pos;

	for (uint32_t i = 0; i < list.n && !c->err; i++)
		(void)cursor_varint32(c);
	list.refs = slice_head(slice_from(c->in, from), c->pos - from);
	return list;
}

enum err unit_facts_read(struct slice facts, struct unit_facts *out)
{
	struct cursor c = {.in = facts};
	struct unit_facts u = {.epss_ppm = UINT32_MAX, .fields = cursor_varint32(&c)};

	if (u.fields & UNIT_ORIGIN)
		u.origin = cursor_varint32(&c);
	if (u.fields & UNIT_PUBLISHED)
		u.published = days_read(&c, DAYS_2015);
	if (u.fields & UNIT_MODIFIED)
		u.modified = days_read(&c, u.fields & UNIT_PUBLISHED ? u.published : DAYS_2015);
	if (u.fields & UNIT_KEV_ADDED)
		u.kev_added = days_read(&c, DAYS_2015);
	if (u.fields & UNIT_FLAGS)
		u.flags = cursor_varint32(&c);
	if (u.fields & UNIT_EPSS)
		u.epss_ppm = cursor_varint32(&c);
	for (size_t i = 0; i < CVSS_N; i++) {
		if (u.fields & (uint32_t)UNIT_CVSS << i) {
			u.score[i] = cursor_u8(&c);
			u.vector[i] = cursor_varint32(&c);
		}
	}
	if (u.fields & UNIT_CWES)
		u.cwes = cursor_varint32(&c);
	if (u.fields & UNIT_ALIASES)
		u.aliases = list_read(&c);
	if (u.fields & UNIT_FILES)
		u.files = list_read(&c);
	if (c.err || cursor_left(&c) || u.fields > FIELDS_KNOWN)
		return E_CORRUPT;
	*out = u;
	return OK;
}

enum err unit_texts_read(struct slice texts, struct unit_texts *out)
{
	struct cursor c = {.in = texts};
	struct unit_texts t = {.frame = cursor_varint32(&c)};

	t.at = cursor_varint32(&c);

	uint8_t which = cursor_u8(&c);

	for (size_t i = 0; i < UNIT_TEXTS; i++)
		if (which >> i & 1)
			t.len[i] = cursor_varint32(&c);
	if (c.err || cursor_left(&c) || which >> UNIT_TEXTS)
		return E_CORRUPT;
	*out = t;
	return OK;
}
