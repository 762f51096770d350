// SPDX-License-Identifier: Apache-2.0
// Heap sort (J. W. J. Williams, 1964).

#include "sort.h"

#include <assert.h>
#include <string.h>

#include "ban.h"

struct heap {
	uint8_t *items;
	size_t size;
	sort_order *order;
	const void *context;
};

static uint8_t *heap_item(const struct heap *h, size_t i)
{
	return h->items + i * h->size;
}

static void heap_swap(const struct heap *h, size_t i, size_t j)
{
	uint8_t kept[SORT_ITEM_MAX];

	memcpy(kept, heap_item(h, i), h->size);
	memcpy(heap_item(h, i), heap_item(h, j), h->size);
	memcpy(heap_item(h, j), kept, h->size);
}

static bool is_before(const struct heap *h, size_t i, size_t j)
{
	return h->order(heap_item(h, i), heap_item(h, j), h->context) < 0;
}

static void heap_sink(const struct heap *h, size_t i, size_t n)
{
	for (size_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
		if (child + 1 < n && is_before(h, child, child + 1))
			child++;
		if (!is_before(h, i, child))
			return;
		heap_swap(h, i, child);
		i = child;
	}
}

void sort_items(void *items, size_t n, size_t size, sort_order *order, const void *context)
{
	struct heap h = {.items = items, .size = size, .order = order, .context = context};

	assert(size <= SORT_ITEM_MAX);
	for (size_t i = n / 2; i > 0; i--)
		heap_sink(&h, i - 1, n);
	for (size_t left = n; left > 1; left--) {
		heap_swap(&h, 0, left - 1);
		heap_sink(&h, 0, left - 1);
	}
}
