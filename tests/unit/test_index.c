// SPDX-License-Identifier: Apache-2.0
// The hash index: what was put in is found, also when hashes collide and after growing.

#include "support.h"

#include "base/index.h"

static bool has(const struct index *x, uint64_t hash, uint32_t id)
{
	struct index_probe p = index_probe(x, hash);

	while (index_next(x, &p))
		if (p.id == id)
			return true;
	return false;
}

static void test_found_after_growing(void **state)
{
	struct index x;

	(void)state;
	assert_int_equal(index_init(&x, 1 * MiB), OK);
	assert_false(has(&x, 0, 0));
	for (uint32_t id = 0; id < 10000; id++)
		assert_int_equal(index_add(&x, index_mix(x.seed, id), id), OK);
	for (uint32_t id = 0; id < 10000; id++) {
		assert_true(has(&x, index_mix(x.seed, id), id));
		assert_false(has(&x, index_mix(x.seed, id), id + 10000));
	}
	index_release(&x);
}

static void test_equal_hashes(void **state)
{
	struct index x;

	(void)state;
	assert_int_equal(index_init(&x, 1 * MiB), OK);
	for (uint32_t id = 0; id < 100; id++)
		assert_int_equal(index_add(&x, 7, id), OK);
	for (uint32_t id = 0; id < 100; id++)
		assert_true(has(&x, 7, id));
	assert_false(has(&x, 8, 3));
	index_release(&x);
}

static void test_replace(void **state)
{
	struct index x;
	struct index_probe p;

	(void)state;
	assert_int_equal(index_init(&x, 1 * MiB), OK);
	assert_int_equal(index_add(&x, 7, 1), OK);
	assert_int_equal(index_add(&x, 7, 2), OK);
	p = index_probe(&x, 7);
	while (index_next(&x, &p) && p.id != 1)
		continue;
	index_replace(&x, &p, 3);
	assert_false(has(&x, 7, 1));
	assert_true(has(&x, 7, 2));
	assert_true(has(&x, 7, 3));
	index_release(&x);
}

static void test_ceiling(void **state)
{
	struct index x;
	enum err e = OK;
	uint32_t id = 0;

	(void)state;
	assert_int_equal(index_init(&x, 4 * KiB), OK);
	for (; id < 1000 && !e; id++)
		e = index_add(&x, index_mix(x.seed, id), id);
	assert_int_equal(e, E_LIMIT);
	for (uint32_t i = 0; i + 1 < id; i++)
		assert_true(has(&x, index_mix(x.seed, i), i));
	index_release(&x);
}

/* Each length, and each byte of it, counts. */
static void test_hash(void **state)
{
	struct index x;
	uint8_t text[32] = {0};

	(void)state;
	assert_int_equal(index_init(&x, 4 * KiB), OK);
	for (size_t n = 0; n < sizeof text; n++) {
		uint64_t hash = index_hash(&x, slice_of(text, n));

		assert_true(hash != index_hash(&x, slice_of(text, n + 1)));
		for (size_t i = 0; i < n; i++) {
			text[i] = 1;
			assert_true(hash != index_hash(&x, slice_of(text, n)));
			text[i] = 0;
		}
	}
	index_release(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_after_growing),
		cmocka_unit_test(test_equal_hashes),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
