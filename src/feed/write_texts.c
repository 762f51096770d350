// SPDX-License-Identifier: Apache-2.0
// Writes the texts of a snapshot: old frames as they are packed, but for those full of what was
// replaced, whose other texts move, so that a snapshot updated day after day does not swell.

#include "feed/write.h"

#include <string.h>

#include "base/ban.h"

static uint64_t texts_len(const struct unit_texts *t)
{
	uint64_t len = 0;

	for (size_t i = 0; i < UNIT_TEXTS; i++)
		len += t->len[i];
	return len;
}

/* Adds what the old units of an advisory still need of each frame. */
static enum err needed_add(struct feed_builder *b, uint32_t advisory, uint64_t *needed,
			   uint32_t frames)
{
	struct slice id = {0};
	struct cursor c = {0};
	struct unit u = {0};
	enum err e = advisory_read(b->old, advisory, &id, &c);

	while (!e && !(e = unit_next(&c, &u))) {
		struct cursor facts = {.in = u.facts};
		bool has_origin = cursor_varint32(&facts) & UNIT_ORIGIN;
		uint32_t origin = has_origin ? cursor_varint32(&facts) : 0;
		struct unit_texts t = {0};

		if (!u.texts.len || is_replaced(b, advisory, u.source, origin))
			continue;
		e = unit_texts_read(u.texts, &t);
		if (!e && t.frame >= frames)
			e = E_CORRUPT;
		if (!e)
			needed[t.frame] += texts_len(&t);
	}
	return e == E_END ? OK : e;
}

enum err texts_sift(struct feed_builder *b, struct snapshot_parts *out)
{
	uint32_t frames = b->texts.first_no;
	struct buf needed;
	enum err e = OK;

	if (!frames || !KEPT_N(b->units, kept_unit))
		return OK;
	buf_init(&needed, LIMIT_FEED_STRINGS_BYTES);

	size_t bytes = frames * sizeof(uint64_t);
	uint8_t *room = buf_room(&needed, bytes);

	if (!room)
		return E_NOMEM;
	memset(room, 0, bytes);

	uint64_t *counts = (uint64_t *)(void *)room;

	for (uint32_t i = 0; i < b->old_advisories && !e; i++)
		e = needed_add(b, i, counts, frames);
	for (uint32_t i = 0; i < frames && !e; i++) {
		uint64_t len = 0;

		e = texts_frame_len(b->old, i, &len);
		buf_byte(&out->dropped, counts[i] * 2 < len);
	}
	buf_release(&needed);
	return e ? e : out->dropped.err;
}

enum err texts_move(struct feed_builder *b, const struct snapshot_parts *parts,
		    const struct unit_texts *old, struct unit_texts *out)
{
	struct slice texts[UNIT_TEXTS] = {{0}};
	enum err e = OK;

	*out = *old;
	if (!slice_at(buf_slice(&parts->dropped), old->frame))
		return OK;
	for (size_t i = 0; i < UNIT_TEXTS && !e; i++) {
		if (old->len[i] > LIMIT_ADVISORY_TEXT)
			return E_CORRUPT;
		e = texts_read(b->old, old, i, &texts[i]);
	}
	return e ? e : texts_take(&b->texts, texts, out);
}

/* The old frames one behind the other; a dropped one leaves only its number. */
static enum err old_frames_write(struct feed_builder *b, struct snapshot_parts *out)
{
	struct buf *frames = &out->sections[SECTION_FRAMES], *kept = &out->sections[SECTION_TEXTS];
	enum err e = OK;

	for (uint32_t i = 0; i < b->texts.first_no && !e; i++) {
		uint64_t at = 0, end = 0;
		struct slice packed = {0};

		write_place(frames, kept->len);
		if (out->dropped.data[i])
			continue;
		e = snapshot_place(b->old, SECTION_FRAMES, i, &at, &end);
		if (!e)
			e = snapshot_read(b->old, SECTION_TEXTS, at, end - at, &packed);
		buf_add(kept, packed);
	}
	write_place(frames, kept->len);
	out->old_texts = buf_slice(kept);
	return e ? e : kept->err;
}

static enum err old_frames_copy(struct feed_builder *b, struct snapshot_parts *out)
{
	struct slice places = {0};
	enum err e = snapshot_read(b->old, SECTION_FRAMES, 0, snapshot_len(b->old, SECTION_FRAMES),
				   &places);

	if (!e)
		e = snapshot_read(b->old, SECTION_TEXTS, 0, snapshot_len(b->old, SECTION_TEXTS),
				  &out->old_texts);
	buf_add(&out->sections[SECTION_FRAMES], places);
	return e;
}

enum err write_texts(struct feed_builder *b, struct snapshot_parts *out)
{
	enum err e = texts_flush(&b->texts);
	struct cursor c = {.in = buf_slice(&b->texts.ends)};

	if (!b->old)
		write_place(&out->sections[SECTION_FRAMES], 0);
	else if (!e && slice_find_byte(buf_slice(&out->dropped), 1, 0) != SLICE_NONE)
		e = old_frames_write(b, out);
	else if (!e)
		e = old_frames_copy(b, out);
	while (!e && cursor_left(&c))
		write_place(&out->sections[SECTION_FRAMES], out->old_texts.len + cursor_u64le(&c));
	return e;
}
