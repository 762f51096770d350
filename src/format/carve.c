// SPDX-License-Identifier: Apache-2.0
// Carving: verified structures in a blob of no known format, and what lies between them.

#include "format/format.h"

#include <string.h>

#include "base/ban.h"

enum {
	PAIRS = 65536,
	RUN_SKIPPED = 64,   /* a run of one byte this long holds no object but at its edges … */
	RUN_EDGE = 16,      /* … whose magics may reach this far into it */
	PADDING_MIN = 4096, /* a shorter run of 00 or ff belongs to its neighbours … */
	PADDING_EDGE = 16,  /* … except where a gap begins or ends with it */
	OPAQUE_MIN = 1024,
};

/* A magic that begins with a pair of bytes; chained in table order. */
struct lead {
	const struct format *format;
	const struct magic *magic;
	uint16_t next; /* index + 1; 0: last */
};

struct carver {
	struct slice in;
	struct arena *arena;
	struct stretch *out;
	size_t n;
	uint64_t covered, tries;
	uint16_t *first; /* [PAIRS]: index + 1 into leads */
	struct lead *leads;
	struct fault told; /* the first object that is there but is cut short, or too large */
};

static uint16_t pair_at(struct slice in, size_t at)
{
	return (uint16_t)(slice_at(in, at) << 8 | slice_at(in, at + 1));
}

static enum err index_magics(struct carver *c)
{
	size_t n = 0;

	for (size_t i = 0; i < formats_n; i++)
		n += formats[i]->magics_n;
	c->first = arena_array(c->arena, PAIRS, sizeof *c->first);
	c->leads = arena_array(c->arena, n + 1, sizeof *c->leads);
	c->out = arena_array(c->arena, LIMIT_PARTS, sizeof *c->out);
	if (!c->first || !c->leads || !c->out)
		return E_NOMEM;
	n = 0;
	/* Backwards, so that each chain runs in table order. */
	for (size_t i = formats_n; i-- > 0;) {
		for (size_t k = formats[i]->magics_n; k-- > 0;) {
			const struct magic *m = &formats[i]->magics[k];
			uint16_t *head = &c->first[pair_at(slice_of(m->bytes, m->len), 0)];

			c->leads[n] =
				(struct lead){.format = formats[i], .magic = m, .next = *head};
			*head = (uint16_t)++n;
		}
	}
	return OK;
}

/* The end of the run of one byte that starts at `at`. */
static size_t run_end(struct slice in, size_t at)
{
	uint8_t byte = slice_at(in, at);

	while (at < in.len && slice_at(in, at) == byte)
		at++;
	return at;
}

static bool is_padding_byte(uint8_t b)
{
	return b == 0x00 || b == 0xff;
}

/* Encrypted or compressed bytes are spread evenly: sum of squares near n * n / 256. */
static bool is_opaque(struct slice s)
{
	uint64_t count[256] = {0}, squares = 0, n = s.len < 4 * MiB ? s.len : 4 * MiB;

	if (s.len < OPAQUE_MIN)
		return false;
	for (size_t i = 0; i < n; i++)
		count[s.ptr[i]]++;
	for (size_t i = 0; i < 256; i++)
		squares += count[i] * count[i];
	return squares * 256 * 10 <= n * n * 13;
}

static enum err add(struct carver *c, const struct stretch *s)
{
	if (s->size == 0)
		return OK;
	if (c->n + 2 > LIMIT_PARTS)
		return E_LIMIT;
	c->out[c->n++] = *s;
	c->covered = s->at + s->size;
	return OK;
}

/* Bytes that no structure claimed: some format may know them as a whole, or they are opaque. */
static enum err add_rest(struct carver *c, uint64_t at, uint64_t end)
{
	struct stretch s = {.at = at, .size = end - at, .kind = RANGE_UNKNOWN};
	struct slice bytes = slice_head(slice_from(c->in, at), end - at);

	for (size_t i = 0; i < formats_n && bytes.len; i++) {
		if (!formats[i]->is_remainder || formats[i]->bid(bytes, &s.bid, NULL) != OK)
			continue;
		s.kind = RANGE_IDENTIFIED;
		s.format = formats[i];
		return add(c, &s);
	}
	if (is_opaque(bytes))
		s.kind = RANGE_OPAQUE;
	return add(c, &s);
}

/* Splits [covered, end) into padding and the rest. */
static enum err add_gap(struct carver *c, uint64_t end)
{
	uint64_t start = c->covered, from = start, at = start;
	enum err e = OK;

	while (at < end && e == OK) {
		uint64_t run = run_end(slice_head(c->in, end), (size_t)at);

		uint64_t least = at == start || run == end ? PADDING_EDGE : PADDING_MIN;

		if (is_padding_byte(slice_at(c->in, (size_t)at)) &&
		    (run - at >= least || run - at == end - start)) {
			struct stretch pad = {.at = at, .size = run - at, .kind = RANGE_PADDING};

			e = add_rest(c, from, at);
			if (e == OK)
				e = add(c, &pad);
			from = run;
		}
		at = run;
	}
	return e ? e : add_rest(c, from, end);
}

/* The best verified bid for an object that starts at `at`, if any magic there leads to one. */
static bool find_at(struct carver *c, size_t pos, struct stretch *out)
{
	bool is_found = false;

	for (uint16_t i = c->first[pair_at(c->in, pos)]; i; i = c->leads[i - 1].next) {
		const struct lead *l = &c->leads[i - 1];
		struct slice there = slice_head(slice_from(c->in, pos), l->magic->len);

		if (l->magic->at > pos || pos - l->magic->at < c->covered ||
		    !slice_eq(there, slice_of(l->magic->bytes, l->magic->len)))
			continue;

		size_t at = pos - l->magic->at;
		struct refusal r = {.format = l->format, .at = at, .left = c->in.len - at};
		enum err e = l->format->bid(slice_from(c->in, at), &r.bid, &r.why);

		/* E_MAGIC: refused by its header, nothing was decoded. */
		if (l->format->is_costly && e != E_MAGIC)
			c->tries += 1 + (c->in.len - at) / MiB;
		/* An object too large to be verified, or cut short, is told, or it would pass for
		 * bytes without meaning. */
		if (e || r.bid.score < BID_VERIFIED)
			refusal_note(&r, at ? BID_STRUCTURE : BID_MAGIC, &c->told);
		if (e || r.bid.score < BID_VERIFIED || r.bid.size == 0 ||
		    r.bid.size > c->in.len - at)
			continue;
		if (is_found && (r.bid.score < out->bid.score || r.bid.size <= out->bid.size))
			continue;
		*out = (struct stretch){.at = at,
					.size = r.bid.size,
					.kind = RANGE_IDENTIFIED,
					.format = l->format,
					.bid = r.bid};
		is_found = true;
	}
	return is_found;
}

static enum err take(struct carver *c, const struct stretch *s)
{
	enum err e = add_gap(c, s->at);

	return e ? e : add(c, s);
}

/* Where the run of one byte at `pos` ends, if it is long; otherwise 0. */
static size_t long_run_end(struct slice in, size_t pos)
{
	if (slice_at(in, pos) != slice_at(in, pos + 1))
		return 0;

	size_t end = run_end(in, pos);

	return end - pos > RUN_SKIPPED ? end : 0;
}

/* Tries [*pos, stop). True, and *pos behind what was taken, when something lies there. */
static bool try_places(struct carver *c, size_t *pos, size_t stop, enum err *e)
{
	for (; *pos < stop; ++*pos) {
		if (!c->first[pair_at(c->in, *pos)])
			continue;

		struct stretch s = {0};

		if (!find_at(c, *pos, &s))
			continue;
		*e = take(c, &s);
		*pos = (size_t)c->covered;
		return true;
	}
	return false;
}

static enum err scan(struct carver *c, struct fault *why)
{
	enum err e = OK;

	for (size_t pos = 0; pos + 1 < c->in.len && e == OK;) {
		size_t end = long_run_end(c->in, pos);

		if (c->tries > LIMIT_CARVE_TRIES)
			return fault_set(why, E_LIMIT, pos, "carve: too many costly candidates");
		/* A long run holds no object but at its edges: its middle is jumped over. */
		if (!try_places(c, &pos, pos + (end ? RUN_EDGE : 1), &e) && end)
			pos = end - RUN_EDGE;
	}
	if (e)
		return fault_set(why, e, c->covered, "carve: too many parts");
	if (c->told.code && why)
		*why = c->told;
	return OK;
}

enum err carve(struct slice in, struct arena *a, struct stretch **out, size_t *n, struct fault *why)
{
	struct carver c = {.in = in, .arena = a};
	enum err e = index_magics(&c);

	if (e)
		return fault_set(why, e, 0, "carve: out of memory");
	e = scan(&c, why);
	if (e == OK && add_gap(&c, in.len) != OK)
		e = fault_set(why, E_LIMIT, c.covered, "carve: too many parts");
	if (e == OK)
		e = c.told.code;
	if (c.covered < in.len) {
		/* add() keeps one place free for this. */
		c.out[c.n++] = (struct stretch){
			.at = c.covered, .size = in.len - c.covered, .kind = RANGE_UNKNOWN};
	}
	*out = c.out;
	*n = c.n;
	return e;
}
