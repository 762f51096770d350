// SPDX-License-Identifier: Apache-2.0
// Sorting: every order, ties, items of odd sizes.

#include "support.h"

#include <string.h>

#include "base/sort.h"

struct item {
	uint8_t key;
	uint8_t rest[2];
};

static int item_order(const void *a, const void *b, const void *context)
{
	const struct item *x = a, *y = b;
	int sign = *(const int *)context;

	return sign * (x->key - y->key);
}

static void check_one(const uint8_t *keys, size_t n, int sign, bool is_runs)
{
	struct item items[64] = {0}, scratch[64];
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		items[i] = (struct item){keys[i], {(uint8_t)(keys[i] ^ 1), (uint8_t)(keys[i] ^ 2)}};
		sum += keys[i];
	}
	if (is_runs)
		sort_runs(items, scratch, n, sizeof *items, item_order, &sign);
	else
		sort_items(items, n, sizeof *items, item_order, &sign);
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || sign * items[i - 1].key <= sign * items[i].key);
		assert_int_equal(items[i].rest[0], items[i].key ^ 1);
		assert_int_equal(items[i].rest[1], items[i].key ^ 2);
		sum -= items[i].key;
	}
	assert_int_equal(sum, 0);
}

static void check(const uint8_t *keys, size_t n, int sign)
{
	check_one(keys, n, sign, false);
	check_one(keys, n, sign, true);
}

/* What is equal keeps its order, and what is in order is left alone. */
static void test_runs_are_stable(void **state)
{
	struct item items[64], scratch[64];
	int sign = 1;

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(items); i++)
		items[i] = (struct item){(uint8_t)(i * 7 % 4), {(uint8_t)i, 0}};
	sort_runs(items, scratch, ARRAY_LEN(items), sizeof *items, item_order, &sign);
	for (unsigned i = 1; i < ARRAY_LEN(items); i++)
		assert_true(items[i - 1].key < items[i].key ||
			    (items[i - 1].key == items[i].key &&
			     items[i - 1].rest[0] < items[i].rest[0]));
	sort_runs(items, NULL, ARRAY_LEN(items), sizeof *items, item_order, &sign);
	sort_runs(items, NULL, 0, sizeof *items, item_order, &sign);
}

/* Every row of up to six keys out of four. */
static void test_all_short(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 6; n++) {
		for (unsigned row = 0; row < 1u << 2 * n; row++) {
			uint8_t keys[6] = {0};

			for (size_t i = 0; i < n; i++)
				keys[i] = row >> 2 * i & 3;
			check(keys, n, 1);
			check(keys, n, -1);
		}
	}
}

static void test_long(void **state)
{
	uint8_t keys[64];
	uint32_t x = 1;

	(void)state;
	for (unsigned round = 0; round < 1000; round++) {
		for (size_t i = 0; i < sizeof keys; i++) {
			x = x * 1664525u + 1013904223u;
			keys[i] = (uint8_t)(x >> 24);
		}
		check(keys, sizeof keys, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_short),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_runs_are_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
