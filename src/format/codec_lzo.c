// SPDX-License-Identifier: Apache-2.0
// LZO1X, as described in the Linux kernel's Documentation/staging/lzo.rst (bitstream version 0).

#include "format/codec.h"

#include "base/ban.h"

/* What the instruction before copied as literals: 1 to 3, none, or a run of 4 and more. */
enum { STATE_NONE = 0, STATE_RUN = 4 };

/* First byte of a stream: more than this is a run of (byte - 17) literals. */
enum { FIRST_RUN = 17 };

/* Instructions by their highest bits. */
enum { OP_FAR = 16, OP_MIDDLE = 32, OP_NEAR = 64 };

enum { END_DISTANCE = 16384 };

struct lzo {
	struct cursor in;
	struct buf *out;
	size_t start; /* of this stream in out: no distance reaches before it */
	unsigned state;
	bool is_done;
};

struct copy {
	size_t length, distance;
	unsigned literals;
};

/* A length in `bits` low bits of op; 0 there means that it goes on in bytes of up to 255 each. */
static size_t read_length(struct lzo *z, unsigned op, unsigned bits)
{
	size_t most = ((size_t)1 << bits) - 1;
	size_t length = op & most;

	if (length)
		return length;
	for (length = most; !z->in.err; length += 255) {
		uint8_t more = cursor_u8(&z->in);

		if (more)
			return length + more;
	}
	return 0;
}

static enum err copy_literals(struct lzo *z, size_t n)
{
	struct slice s = cursor_take(&z->in, n);

	if (z->in.err)
		return z->in.err;
	buf_add(z->out, s);
	return z->out->err;
}

/* Byte by byte: source and destination overlap where the distance is shorter than the length. */
static enum err copy_match(struct lzo *z, const struct copy *m)
{
	if (z->in.err)
		return z->in.err;
	if (m->distance > z->out->len - z->start)
		return E_CORRUPT;

	uint8_t *to = buf_room(z->out, m->length);

	if (!to)
		return z->out->err;

	const uint8_t *from = to - m->distance;

	for (size_t i = 0; i < m->length; i++)
		to[i] = from[i];
	buf_grown(z->out, m->length);
	z->state = m->literals;
	return copy_literals(z, m->literals);
}

static enum err literal_run(struct lzo *z, unsigned op)
{
	size_t n = 3 + read_length(z, op, 4);

	z->state = STATE_RUN;
	return copy_literals(z, n);
}

/* 0000DDSS H: two bytes from the last KiB, or three from the two KiB before the last two. */
static enum err short_match(struct lzo *z, unsigned op)
{
	size_t near = ((size_t)cursor_u8(&z->in) << 2) + (op >> 2) + 1;
	bool is_after_run = z->state == STATE_RUN;
	struct copy m = {
		.length = is_after_run ? 3 : 2,
		.distance = is_after_run ? near + 2048 : near,
		.literals = op & 3,
	};

	return copy_match(z, &m);
}

/* 0001HLLL and two bytes; its distance 16384 is the end of the stream. */
static enum err far_match(struct lzo *z, unsigned op)
{
	struct copy m = {.length = 2 + read_length(z, op, 3)};
	uint16_t tail = cursor_u16le(&z->in);

	m.distance = END_DISTANCE + ((size_t)(op & 8) << 11) + (tail >> 2);
	m.literals = tail & 3;
	if (!z->in.err && m.distance == END_DISTANCE) {
		z->is_done = true;
		return OK;
	}
	return copy_match(z, &m);
}

/* 001LLLLL and two bytes. */
static enum err middle_match(struct lzo *z, unsigned op)
{
	struct copy m = {.length = 2 + read_length(z, op, 5)};
	uint16_t tail = cursor_u16le(&z->in);

	m.distance = (size_t)(tail >> 2) + 1;
	m.literals = tail & 3;
	return copy_match(z, &m);
}

/* 01LDDDSS H and 1LLDDDSS H: three to eight bytes from the last two KiB. */
static enum err near_match(struct lzo *z, unsigned op)
{
	struct copy m = {
		.length = (op >> 5) + 1,
		.distance = ((size_t)cursor_u8(&z->in) << 3) + (op >> 2 & 7) + 1,
		.literals = op & 3,
	};

	return copy_match(z, &m);
}

static enum err step(struct lzo *z)
{
	unsigned op = cursor_u8(&z->in);

	if (z->in.err)
		return z->in.err;
	if (op >= OP_NEAR)
		return near_match(z, op);
	if (op >= OP_MIDDLE)
		return middle_match(z, op);
	if (op >= OP_FAR)
		return far_match(z, op);
	return z->state == STATE_NONE ? literal_run(z, op) : short_match(z, op);
}

static enum err first_run(struct lzo *z)
{
	unsigned n = slice_at(z->in.in, 0);

	if (n <= FIRST_RUN)
		return OK;
	cursor_skip(&z->in, 1);
	n -= FIRST_RUN;
	z->state = n < STATE_RUN ? n : STATE_RUN;
	return copy_literals(z, n);
}

enum err codec_lzo1x(struct slice in, struct buf *out, size_t *used)
{
	struct lzo z = {.in = {.in = in}, .out = out, .start = out->len};
	enum err e = first_run(&z);

	while (e == OK && !z.is_done)
		e = step(&z);
	if (used)
		*used = z.in.pos;
	return e;
}
