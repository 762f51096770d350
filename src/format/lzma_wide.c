// SPDX-License-Identifier: Apache-2.0
// An LZMA1 decoder (LZMA specification, 2015) for every lc/lp/pb; the output itself is its window.

#include "format/lzma_wide.h"

#include "format/codec_pump.h"

#include "base/ban.h"

enum {
	STATES = 12,
	POSITIONS = 16,
	REPS = 4,
	LENGTH_STATES = 4,
	MATCH_MIN = 2,
	SLOT_BITS = 6,
	SLOT_MODEL_END = 14, /* slots from here have direct bits and aligned ones */
	ALIGN_BITS = 4,
	CODER_START = 5, /* bytes that fill the range coder */
	LITERAL_CODES = 0x300,
	PROBABILITY_BITS = 11,
	PROBABILITY_HALF = 1 << (PROBABILITY_BITS - 1),
	MOVE_BITS = 5
};
#define RANGE_LEAST  (UINT32_C(1) << 24)
#define DISTANCE_END UINT32_MAX /* a match at this distance is the end marker */

struct lengths {
	uint16_t is_long, is_longest;
	uint16_t low[POSITIONS][8], mid[POSITIONS][8], high[256];
};

/* All probabilities but the literals', so that one loop can set them. */
struct model {
	uint16_t is_match[STATES][POSITIONS], is_rep[STATES], is_rep_older[STATES];
	uint16_t is_rep_not_1[STATES], is_rep_not_2[STATES], is_rep_long[STATES][POSITIONS];
	uint16_t slots[LENGTH_STATES][1 << SLOT_BITS];
	uint16_t footers[1 + (1 << (SLOT_MODEL_END / 2)) - SLOT_MODEL_END];
	uint16_t align[1 << ALIGN_BITS];
	struct lengths match, rep;
};

struct wide {
	struct cursor in;
	uint32_t range, code;
	unsigned lc, lp, pb, state;
	uint32_t reps[REPS];
	struct model *model;
	uint16_t *literals;
	struct buf *out;
	size_t start;
};

static void probabilities_reset(uint16_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = PROBABILITY_HALF;
}

static void normalize(struct wide *w)
{
	if (w->range >= RANGE_LEAST)
		return;
	w->range <<= 8;
	w->code = w->code << 8 | cursor_u8(&w->in);
}

static unsigned bit(struct wide *w, uint16_t *p)
{
	uint32_t bound = (w->range >> PROBABILITY_BITS) * *p;
	unsigned b = w->code >= bound;

	if (b) {
		w->range -= bound;
		w->code -= bound;
		*p = (uint16_t)(*p - (*p >> MOVE_BITS));
	} else {
		w->range = bound;
		*p = (uint16_t)(*p + (((1 << PROBABILITY_BITS) - *p) >> MOVE_BITS));
	}
	normalize(w);
	return b;
}

static uint32_t bits_direct(struct wide *w, unsigned n)
{
	uint32_t v = 0;

	for (; n > 0; n--) {
		w->range >>= 1;

		uint32_t b = w->code >= w->range;

		w->code -= b ? w->range : 0;
		v = v << 1 | b;
		normalize(w);
	}
	return v;
}

static unsigned tree(struct wide *w, uint16_t *p, unsigned n)
{
	unsigned m = 1;

	for (unsigned i = 0; i < n; i++)
		m = m << 1 | bit(w, &p[m]);
	return m - (1u << n);
}

static uint32_t tree_reverse(struct wide *w, uint16_t *p, unsigned n)
{
	unsigned m = 1;
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned b = bit(w, &p[m]);

		m = m << 1 | b;
		v |= (uint32_t)b << i;
	}
	return v;
}

static size_t made(const struct wide *w)
{
	return w->out->len - w->start;
}

static uint8_t byte_back(const struct wide *w, uint32_t distance)
{
	return w->out->data[w->out->len - 1 - distance];
}

static enum err literal(struct wide *w)
{
	unsigned before = made(w) ? byte_back(w, 0) : 0;
	size_t low = made(w) & ((1u << w->lp) - 1);
	size_t context = (low << w->lc) + (before >> (8 - w->lc));
	uint16_t *p = &w->literals[LITERAL_CODES * context];
	unsigned symbol = 1;

	if (w->state >= 7 && w->reps[0] >= made(w))
		return E_CORRUPT;

	unsigned match = w->state >= 7 ? byte_back(w, w->reps[0]) : 0;
	bool is_like = w->state >= 7;

	while (symbol < 0x100) {
		unsigned expect = match >> 7 & 1;
		unsigned b = bit(w, &p[(is_like ? (1 + expect) << 8 : 0) + symbol]);

		match <<= 1;
		symbol = symbol << 1 | b;
		is_like = is_like && expect == b;
	}
	buf_byte(w->out, (uint8_t)symbol);
	w->state = w->state < 4 ? 0 : w->state < 10 ? w->state - 3 : w->state - 6;
	return w->out->err;
}

static unsigned length(struct wide *w, struct lengths *l, unsigned position)
{
	if (!bit(w, &l->is_long))
		return MATCH_MIN + tree(w, l->low[position], 3);
	if (!bit(w, &l->is_longest))
		return MATCH_MIN + 8 + tree(w, l->mid[position], 3);
	return MATCH_MIN + 16 + tree(w, l->high, 8);
}

static uint32_t distance(struct wide *w, unsigned len)
{
	unsigned of = len - MATCH_MIN < LENGTH_STATES ? len - MATCH_MIN : LENGTH_STATES - 1;
	unsigned slot = tree(w, w->model->slots[of], SLOT_BITS);
	unsigned n = (slot >> 1) - 1;
	uint32_t base = (2 | (slot & 1));

	if (slot < 4)
		return slot;
	base <<= n;
	if (slot < SLOT_MODEL_END)
		return base + tree_reverse(w, &w->model->footers[base - slot], n);
	base += bits_direct(w, n - ALIGN_BITS) << ALIGN_BITS;
	return base + tree_reverse(w, w->model->align, ALIGN_BITS);
}

/* Which of the last four distances, moved to the front. */
static void rep_choose(struct wide *w)
{
	unsigned i = 1;

	if (bit(w, &w->model->is_rep_not_1[w->state]))
		i = 2 + bit(w, &w->model->is_rep_not_2[w->state]);

	uint32_t chosen = w->reps[i];

	for (; i > 0; i--)
		w->reps[i] = w->reps[i - 1];
	w->reps[0] = chosen;
}

/* A length of 1 is the "short rep"; distance and length of everything else. */
static unsigned match(struct wide *w, unsigned position)
{
	struct model *m = w->model;
	unsigned len = 0, old = w->state;

	if (!bit(w, &m->is_rep[old])) {
		for (unsigned i = REPS - 1; i > 0; i--)
			w->reps[i] = w->reps[i - 1];
		len = length(w, &m->match, position);
		w->state = old < 7 ? 7 : 10;
		w->reps[0] = distance(w, len);
		return len;
	}
	if (bit(w, &m->is_rep_older[old])) {
		rep_choose(w);
	} else if (!bit(w, &m->is_rep_long[old][position])) {
		w->state = old < 7 ? 9 : 11;
		return 1;
	}
	len = length(w, &m->rep, position);
	w->state = old < 7 ? 8 : 11;
	return len;
}

static enum err copy(struct wide *w, unsigned len, uint64_t size)
{
	if (w->reps[0] >= made(w) || len > size - made(w))
		return E_CORRUPT;
	for (; len > 0 && !w->out->err; len--)
		buf_byte(w->out, byte_back(w, w->reps[0]));
	return w->out->err;
}

static enum err symbol(struct wide *w, uint64_t size)
{
	unsigned position = (unsigned)made(w) & ((1u << w->pb) - 1);

	/* without an end marker, the coder is empty behind the last symbol */
	if (made(w) == size && w->code == 0)
		return E_END;
	if (!bit(w, &w->model->is_match[w->state][position]))
		return made(w) == size ? E_CORRUPT : literal(w);

	unsigned len = match(w, position);

	if (w->in.err)
		return w->in.err;
	if (w->reps[0] == DISTANCE_END && len > 1)
		return w->code == 0 && (size == UINT64_MAX || made(w) == size) ? E_END : E_CORRUPT;
	return copy(w, len, size);
}

static enum err wide_run(struct wide *w, uint64_t size)
{
	enum err e = cursor_u8(&w->in) == 0 ? OK : E_CORRUPT; /* the coder's first byte is 0 */

	w->range = UINT32_MAX;
	w->code = cursor_u32be(&w->in);
	while (e == OK && !w->in.err) {
		e = symbol(w, size);
		if (e == OK && pump_is_bomb(w->in.pos, made(w)))
			e = E_LIMIT;
	}
	return w->in.err ? w->in.err : e == E_END ? OK : e;
}

enum err lzma_wide(struct slice in, uint8_t properties, uint64_t size, struct buf *out,
		   size_t *used)
{
	struct wide w = {
		.in = {.in = in},
		.lc = properties % 9,
		.lp = properties / 9 % 5,
		.pb = properties / 45,
		.out = out,
		.start = out->len,
	};
	struct arena a;
	size_t literals_n = (size_t)LITERAL_CODES << (w.lc + w.lp);
	enum err e = E_NOMEM;

	arena_init(&a, LIMIT_CODEC_MEMORY);
	w.model = arena_alloc(&a, sizeof *w.model);
	w.literals = arena_array(&a, literals_n, sizeof *w.literals);
	if (w.model && w.literals) {
		probabilities_reset((uint16_t *)w.model, sizeof *w.model / sizeof(uint16_t));
		probabilities_reset(w.literals, literals_n);
		e = wide_run(&w, size);
	}
	arena_release(&a);
	if (used)
		*used = w.in.pos;
	return e;
}
