// SPDX-License-Identifier: Apache-2.0
// The loop that drives every decompressor, with the guards against bombs.

#include "format/codec_pump.h"

#include "base/ban.h"

enum { CHUNK = 256 * 1024 };

bool pump_is_bomb(size_t taken, size_t given)
{
	return given > LIMIT_RATIO_FLOOR && given / (taken ? taken : 1) > LIMIT_RATIO;
}

/* A full buffer is no error yet: the stream may end just there. One byte more says which. */
static enum err pump_beyond(pump_step *step, void *decoder, struct pump *p)
{
	uint8_t extra = 0;

	p->room = &extra;
	p->room_len = 1;

	enum err e = step(decoder, p);

	return p->made ? E_LIMIT : e;
}

static enum err pump_once(pump_step *step, void *decoder, struct pump *p, struct buf *out)
{
	size_t left = out->ceiling - out->len;

	p->took = p->made = 0;
	if (left == 0)
		return pump_beyond(step, decoder, p);
	p->room_len = left < CHUNK ? left : CHUNK;
	p->room = buf_room(out, p->room_len);
	if (!p->room)
		return out->err;

	enum err e = step(decoder, p);

	buf_grown(out, p->made);
	return e;
}

enum err pump_run(pump_step *step, void *decoder, struct slice in, struct buf *out, size_t *used)
{
	struct pump p = {.in = in};
	size_t start = out->len, taken = 0;
	enum err e = OK;

	while (e == OK) {
		e = pump_once(step, decoder, &p, out);

		bool is_dry = p.took == p.in.len && p.made < p.room_len;

		taken += p.took;
		p.in = slice_from(in, taken);
		if (e == OK && (is_dry || (p.took == 0 && p.made == 0)))
			e = is_dry ? E_SHORT : E_CORRUPT;
		if (e == OK && pump_is_bomb(taken, out->len - start))
			e = E_LIMIT;
	}
	if (used)
		*used = taken;
	return e == E_END ? OK : e;
}
