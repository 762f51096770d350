// SPDX-License-Identifier: Apache-2.0
// Arena allocation in blocks that double up to a size.

#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ban.h"

enum { BLOCK_MIN = 64 * 1024, ALIGN = _Alignof(max_align_t) };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t bytes[];
};

void arena_init(struct arena *a, size_t ceiling)
{
	*a = (struct arena){.ceiling = ceiling};
}

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
	a->used = 0;
}

static struct arena_block *block_new(size_t size)
{
	size_t want = size > BLOCK_MIN ? size : BLOCK_MIN;
	size_t total = 0;

	if (!size_add(want, sizeof(struct arena_block), &total))
		return NULL;

	struct arena_block *b = malloc(total);

	if (b)
		*b = (struct arena_block){.size = want};
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t rounded = 0;

	if (!size_add(size, ALIGN - 1, &rounded))
		return NULL;
	rounded &= ~(size_t)(ALIGN - 1);
	if (rounded > a->ceiling - a->used)
		return NULL;
	if (!a->blocks || rounded > a->blocks->size - a->blocks->used) {
		struct arena_block *b = block_new(rounded);

		if (!b)
			return NULL;
		b->next = a->blocks;
		a->blocks = b;
	}

	void *p = (uint8_t *)a->blocks->bytes + a->blocks->used;

	a->blocks->used += rounded;
	a->used += rounded;
	return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total = 0;

	return size_mul(n, size, &total) ? arena_alloc(a, total) : NULL;
}

enum err arena_copy(struct arena *a, struct slice s, struct slice *out)
{
	size_t total = 0;
	char *p = size_add(s.len, 1, &total) ? arena_alloc(a, total) : NULL;

	if (!p)
		return E_NOMEM;
	if (s.len)
		memcpy(p, s.ptr, s.len);
	*out = slice_of(p, s.len);
	return OK;
}

const char *arena_text(struct arena *a, struct slice s)
{
	struct slice copy = {0};

	return arena_copy(a, s, &copy) == OK ? (const char *)copy.ptr : "";
}

struct slice arena_join(struct arena *a, const struct slice *parts, size_t n)
{
	size_t total = 1, at = 0;
	uint8_t *p = NULL;

	for (size_t i = 0; i < n; i++)
		if (!size_add(total, parts[i].len, &total))
			return (struct slice){0};
	p = arena_alloc(a, total);
	for (size_t i = 0; p && i < n; i++) {
		if (parts[i].len)
			memcpy(&p[at], parts[i].ptr, parts[i].len);
		at += parts[i].len;
	}
	return slice_of(p, p ? at : 0);
}

struct slice arena_print(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_start(again, fmt);

	int n = vsnprintf(NULL, 0, fmt, ap);
	char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);

	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return p ? slice_of(p, (size_t)n) : (struct slice){0};
}
