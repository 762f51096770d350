// SPDX-License-Identifier: Apache-2.0
// Finds advisories in a snapshot and merges what its sources say of one.

#include "feed/advisories.h"

#include "base/ban.h"

enum err advisory_read(struct feed *f, uint32_t index, struct slice *id, struct cursor *units)
{
	uint64_t at = 0, end = 0;
	struct cursor c = {0};

	if (index >= f->info.advisories)
		return E_RANGE;

	enum err e = snapshot_place(f, SECTION_ADVISORIES, index, &at, &end);

	if (!e && end - at > 2 * LIMIT_ADVISORY_BYTES)
		e = E_CORRUPT;
	if (!e)
		e = snapshot_read(f, SECTION_UNITS, at, end - at, &c.in);
	if (e)
		return e;

	uint8_t len = cursor_u8(&c);

	*id = cursor_take(&c, len);
	*units = c;
	return c.err ? E_CORRUPT : OK;
}

enum err advisory_at_place(struct feed *f, uint32_t place, uint32_t *index, struct slice *id)
{
	struct cursor c = {0}, units = {0};
	enum err e =
		snapshot_read(f, SECTION_ORDER, (uint64_t)place * PLACE_ENTRY, PLACE_ENTRY, &c.in);

	*index = cursor_u32le(&c);
	if (!e)
		e = advisory_read(f, *index, id, &units);
	return e == E_RANGE ? E_CORRUPT : e;
}

enum err advisory_search(struct feed *f, struct slice id, uint32_t *place)
{
	uint32_t low = 0, high = (uint32_t)f->info.advisories;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2, index = 0;
		struct slice found = {0};
		enum err e = advisory_at_place(f, middle, &index, &found);

		if (e)
			return e;
		if (slice_cmp(found, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*place = low;
	return OK;
}

enum err feed_advisory_find(struct feed *f, struct slice id, uint32_t *index)
{
	uint32_t place = 0, found = 0;
	struct slice at = {0};
	enum err e = advisory_search(f, id, &place);

	if (e)
		return e;
	if (place >= f->info.advisories)
		return E_NOTFOUND;
	e = advisory_at_place(f, place, &found, &at);
	if (e)
		return e;
	if (!slice_eq(at, id))
		return E_NOTFOUND;
	*index = found;
	return OK;
}

static enum err score_merge(struct feed *f, const struct unit_facts *u, size_t i, struct cvss *out)
{
	if (!(u->fields & (uint32_t)UNIT_CVSS << i) || out->score != UINT8_MAX || out->vector.len)
		return OK;
	out->score = u->score[i];
	return snapshot_string(f, u->vector[i], &out->vector);
}

/* Units come with the preferred source first: what is given already stays. */
static enum err facts_merge(struct feed *f, const struct unit_facts *u, struct feed_advisory *out)
{
	enum err e = OK;

	out->flags |= u->flags;
	if (!out->published)
		out->published = u->published;
	if (!out->modified)
		out->modified = u->modified;
	if (!out->kev_added)
		out->kev_added = u->kev_added;
	if (out->epss_ppm == UINT32_MAX)
		out->epss_ppm = u->epss_ppm;
	if (!out->files_n)
		out->files_n = u->files.n;
	for (size_t i = 0; i < CVSS_N && !e; i++)
		e = score_merge(f, u, i, &out->cvss[i]);
	if (!e && !out->cwes.len && u->fields & UNIT_CWES)
		e = snapshot_string(f, u->cwes, &out->cwes);
	return e;
}

/* The facts of the next unit; E_END after the last. */
static enum err facts_next(struct cursor *c, struct unit *u, struct unit_facts *facts)
{
	enum err e = unit_next(c, u);

	return e ? e : unit_facts_read(u->facts, facts);
}

enum err feed_advisory(struct feed *f, uint32_t index, struct feed_advisory *out)
{
	struct feed_advisory a = {.epss_ppm = UINT32_MAX};
	struct unit u = {0};
	struct unit_facts facts = {0};
	struct cursor c = {0};
	enum err e = advisory_read(f, index, &a.id, &c);

	for (size_t i = 0; i < CVSS_N; i++)
		a.cvss[i].score = UINT8_MAX;
	while (!e) {
		e = facts_next(&c, &u, &facts);
		if (!e)
			e = facts_merge(f, &facts, &a);
	}
	if (e != E_END)
		return e;
	*out = a;
	return OK;
}

static enum err list_string(struct feed *f, const struct unit_list *list, uint32_t i,
			    struct slice *out)
{
	struct cursor refs = {.in = list->refs};

	for (uint32_t skipped = 0; skipped < i; skipped++)
		(void)cursor_varint32(&refs);
	return snapshot_string(f, cursor_varint32(&refs), out);
}

enum err feed_advisory_file(struct feed *f, uint32_t index, uint32_t file, struct slice *out)
{
	struct unit u = {0};
	struct unit_facts facts = {0};
	struct cursor c = {0};
	struct slice id = {0};
	enum err e = advisory_read(f, index, &id, &c);

	while (!e && !facts.files.n)
		e = facts_next(&c, &u, &facts);
	if (e || file >= facts.files.n)
		return e == E_END || !e ? E_NOTFOUND : e;

	return list_string(f, &facts.files, file, out);
}

enum err feed_advisory_alias(struct feed *f, uint32_t index, uint32_t n, struct slice *out)
{
	struct unit u = {0};
	struct unit_facts facts = {0};
	struct cursor c = {0};
	struct slice id = {0};
	enum err e = advisory_read(f, index, &id, &c);

	while (!e && !(e = facts_next(&c, &u, &facts))) {
		uint32_t origin_n = facts.fields & UNIT_ORIGIN ? 1 : 0;

		if (n < origin_n)
			return snapshot_string(f, facts.origin, out);
		n -= origin_n;
		if (n < facts.aliases.n)
			return list_string(f, &facts.aliases, n, out);
		n -= facts.aliases.n;
	}
	return e == E_END ? E_NOTFOUND : e;
}

/* The first unit that has the text `which`; empty when none has. */
static enum err text_find(struct feed *f, struct cursor units, size_t which, struct slice *out)
{
	for (;;) {
		struct unit u = {0};
		struct unit_texts t = {0};
		enum err e = unit_next(&units, &u);

		if (!e && u.texts.len)
			e = unit_texts_read(u.texts, &t);
		if (e)
			return e == E_END ? OK : e;
		if (t.len[which])
			return texts_read(f, &t, which, out);
	}
}

enum err feed_advisory_text(struct feed *f, uint32_t index, enum lang lang, struct buf *out)
{
	const size_t order[UNIT_TEXTS] = {
		UNIT_TITLE * LANG_N + lang,
		UNIT_TEXT * LANG_N + lang,
		UNIT_TITLE * LANG_N + EN,
		UNIT_TEXT * LANG_N + EN,
	};
	struct slice text = {0}, id = {0};
	struct cursor units = {0};
	enum err e = advisory_read(f, index, &id, &units);

	for (size_t i = 0; i < ARRAY_LEN(order) && !e && !text.len; i++)
		e = text_find(f, units, order[i], &text);
	if (e)
		return e;
	buf_add(out, text);
	return out->err;
}
