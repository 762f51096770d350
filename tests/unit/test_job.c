// SPDX-License-Identifier: Apache-2.0
// The parent's watch: a worker that hangs is noticed, a stop of everything is not held against it.

#include "support.h"

#include "inspect/job.h"

static void test_time_passes(void **state)
{
	struct watch w = {0};

	(void)state;
	assert_int_equal(watch_look(&w, 5000), 0);
	assert_int_equal(watch_look(&w, 5200), 200);
	assert_int_equal(watch_look(&w, 5200), 200);
	assert_int_equal(watch_look(&w, 5200 + WATCH_STEP_MS), 200 + WATCH_STEP_MS);
}

static void test_a_stop_hardly_counts(void **state)
{
	struct watch w = {0};

	(void)state;
	(void)watch_look(&w, 5000);

	uint64_t before = watch_look(&w, 5200);
	uint64_t after = watch_look(&w, 5200 + 10 * LIMIT_OBJECT_SECONDS * 1000);

	assert_true(after - before <= WATCH_STEP_MS);
	assert_true(WATCH_STEP_MS < LIMIT_OBJECT_SECONDS * 1000);
	/* and then time goes on as before */
	assert_int_equal(watch_look(&w, 5400 + 10 * LIMIT_OBJECT_SECONDS * 1000), after + 200);
}

static void test_a_hang_is_noticed(void **state)
{
	struct watch w = {0};
	uint64_t clock = 1;

	(void)state;
	/* a busy machine lets the parent look only every three seconds */
	for (unsigned i = 0; i <= LIMIT_OBJECT_SECONDS + 1; i++, clock += 3000)
		(void)watch_look(&w, clock);
	assert_true(w.shown_ms > LIMIT_OBJECT_SECONDS * 1000);
}

static void test_a_clock_that_goes_back(void **state)
{
	struct watch w = {0};

	(void)state;
	(void)watch_look(&w, 5000);
	assert_int_equal(watch_look(&w, 4000), 0);
	assert_int_equal(watch_look(&w, 4100), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_passes),
		cmocka_unit_test(test_a_stop_hardly_counts),
		cmocka_unit_test(test_a_hang_is_noticed),
		cmocka_unit_test(test_a_clock_that_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
