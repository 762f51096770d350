// SPDX-License-Identifier: Apache-2.0
// What the parent reads from a worker: unpacked, packed and unpacked again it says the same.

#include "fuzz.h"

#include "feed/parcel.h"

#include "base/ban.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct advisory a = {0}, again = {0};
	struct arena arena;
	struct buf b;

	arena_init(&arena, 256 * MiB);
	buf_init(&b, 256 * MiB);
	if (parcel_unpack(slice_of(data, len), &arena, &a) == OK) {
		parcel_pack(&b, &a);
		FUZZ_CHECK(parcel_unpack(buf_slice(&b), &arena, &again) == OK);
		FUZZ_CHECK(again.claims_n == a.claims_n && slice_eq(again.id, a.id));
	}
	buf_release(&b);
	arena_release(&arena);
	return 0;
}
