// SPDX-License-Identifier: Apache-2.0
// Overlap groups as one order over all items, so that a flaw always has exactly one owner.

#include "sheet/overlap.h"

#include "base/ban.h"

static void note_group(const struct sheet *s, const struct overlap *g, uint8_t *first)
{
	for (size_t i = 0; i + 1 < g->owners_n; i++) {
		size_t a = (size_t)(sheet_item(s, g->owners[i]) - s->items);

		for (size_t j = i + 1; j < g->owners_n; j++) {
			size_t b = (size_t)(sheet_item(s, g->owners[j]) - s->items);

			first[a * s->items_n + b] = 1;
		}
	}
}

/* Kahn's topological sort; items left over stand in a circle. */
static bool rank_all(size_t n, const uint8_t *first, size_t *waiting, size_t *queue, size_t *rank)
{
	size_t in = 0, out = 0;

	for (size_t b = 0; b < n; b++) {
		for (size_t a = 0; a < n; a++)
			waiting[b] += first[a * n + b];
		if (waiting[b] == 0)
			queue[in++] = b;
	}
	while (out < in) {
		size_t a = queue[out];

		rank[a] = out++;
		for (size_t b = 0; b < n; b++)
			if (first[a * n + b] && --waiting[b] == 0)
				queue[in++] = b;
	}
	return in == n;
}

enum err owner_order_make(const struct sheet *s, struct arena *a, struct owner_order *out)
{
	size_t n = s->items_n;
	uint8_t *first = arena_array(a, n, n);
	size_t *waiting = arena_array(a, n, sizeof *waiting);
	size_t *queue = arena_array(a, n, sizeof *queue);
	size_t *rank = arena_array(a, n, sizeof *rank);

	if (!first || !waiting || !queue || !rank)
		return E_NOMEM;
	for (size_t i = 0; i < s->overlaps_n; i++)
		note_group(s, &s->overlaps[i], first);
	if (!rank_all(n, first, waiting, queue, rank))
		return E_CORRUPT;
	*out = (struct owner_order){.n = n, .first = first, .rank = rank};
	return OK;
}

bool owner_before(const struct owner_order *o, size_t a, size_t b)
{
	return o->first[a * o->n + b] != 0;
}
