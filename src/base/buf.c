// SPDX-License-Identifier: Apache-2.0
// Growable buffers with a ceiling.

#include "buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ban.h"

enum { CAP_MIN = 256 };

void buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf){.ceiling = ceiling};
}

void buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.ceiling = b->ceiling};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->err = OK;
}

void buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->len);
	b->len -= n;
	if (n && b->len)
		memmove(b->data, b->data + n, b->len);
}

static enum err buf_reserve(struct buf *b, size_t total)
{
	if (total > b->ceiling)
		return E_LIMIT;

	size_t cap = b->cap ? b->cap : CAP_MIN;

	while (cap < total)
		cap = cap > SIZE_MAX / 2 ? total : cap * 2;
	if (cap > b->ceiling)
		cap = b->ceiling;

	uint8_t *data = realloc(b->data, cap);

	if (!data)
		return E_NOMEM;
	b->data = data;
	b->cap = cap;
	return OK;
}

uint8_t *buf_room(struct buf *b, size_t n)
{
	size_t total = 0;

	if (b->err)
		return NULL;
	if (!size_add(b->len, n, &total)) {
		b->err = E_LIMIT;
		return NULL;
	}
	if (total > b->cap || !b->data)
		b->err = buf_reserve(b, total);
	return b->err ? NULL : b->data + b->len;
}

void buf_grown(struct buf *b, size_t n)
{
	assert(n <= b->cap - b->len);
	b->len += n;
}

void buf_add_slow(struct buf *b, struct slice s)
{
	uint8_t *p = s.len ? buf_room(b, s.len) : NULL;

	if (!p)
		return;
	memcpy(p, s.ptr, s.len);
	b->len += s.len;
}

static void buf_uintle(struct buf *b, uint64_t v, size_t n)
{
	uint8_t raw[8];

	for (size_t i = 0; i < sizeof raw; i++)
		raw[i] = (uint8_t)(v >> (8 * i));
	buf_add(b, slice_of(raw, n));
}

void buf_u32le(struct buf *b, uint32_t v)
{
	buf_uintle(b, v, 4);
}

void buf_u64le(struct buf *b, uint64_t v)
{
	buf_uintle(b, v, 8);
}

void buf_varint(struct buf *b, uint64_t v)
{
	uint8_t raw[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		raw[n++] = (uint8_t)(v | 0x80);
	raw[n++] = (uint8_t)v;
	buf_add(b, slice_of(raw, n));
}

void buf_print(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);

	int n = vsnprintf(NULL, 0, fmt, ap);

	va_end(ap);

	uint8_t *p = n < 0 ? NULL : buf_room(b, (size_t)n + 1);

	if (!p)
		return;
	va_start(ap, fmt);
	(void)vsnprintf((char *)p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->data, b->len);
}
