// SPDX-License-Identifier: Apache-2.0
// fact_unpack on what a broken worker may send: what it takes, it writes back and takes again.

#include "fuzz.h"

#include "model/model.h"

#include "base/ban.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fact f, again;
	struct arena a;
	struct buf out, copy;

	arena_init(&a, 1 * MiB);
	buf_init(&out, 1 * MiB);
	buf_init(&copy, 1 * MiB);
	if (fact_unpack(&a, slice_of(data, len), &f, NULL) == OK) {
		FUZZ_CHECK(f.kind < FACT_N);
		fact_pack(&out, &f);
		FUZZ_CHECK(fact_unpack(&a, buf_slice(&out), &again, NULL) == OK);
		fact_pack(&copy, &again);
		FUZZ_CHECK(slice_eq(buf_slice(&out), buf_slice(&copy)));
	}
	buf_release(&out);
	buf_release(&copy);
	arena_release(&a);
	return 0;
}
