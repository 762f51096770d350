// SPDX-License-Identifier: Apache-2.0
// Heap sort (J. W. J. Williams, 1964), and natural merge sort (D. E. Knuth, TAOCP 5.2.4).

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

/* One past the last item of the run that begins at i. */
static size_t run_end(const struct heap *h, size_t i, size_t n)
{
	for (i++; i < n; i++)
		if (is_before(h, i, i - 1))
			return i;
	return n;
}

/* Merges the runs [a, b) and [b, end) of `from` into `to`, at the same place. */
static void runs_merge(const struct heap *from, const struct heap *to, size_t a, size_t b,
		       size_t end)
{
	for (size_t out = a, left = a, right = b; out < end; out++) {
		bool is_right = left == b || (right < end && is_before(from, right, left));
		size_t taken = is_right ? right++ : left++;

		memcpy(heap_item(to, out), heap_item(from, taken), from->size);
	}
}

void sort_runs(void *items, void *scratch, size_t n, size_t size, sort_order *order,
	       const void *context)
{
	struct heap from = {.items = items, .size = size, .order = order, .context = context};
	struct heap to = {.items = scratch, .size = size, .order = order, .context = context};

	while (n && run_end(&from, 0, n) < n) {
		for (size_t a = 0, end = 0; a < n; a = end) {
			size_t b = run_end(&from, a, n);

			end = b < n ? run_end(&from, b, n) : n;
			runs_merge(&from, &to, a, b, end);
		}

		struct heap swapped = from;

		from = to;
		to = swapped;
	}
	if (n && from.items != items)
		memcpy(items, from.items, n * size);
}
