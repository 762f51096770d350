// SPDX-License-Identifier: Apache-2.0
// Version order: three texts, one scheme, the laws of a total order, and what the header promises.

#include "fuzz.h"

#include "feed/version.h"

#include "base/ban.h"

static bool make(enum scheme s, struct slice text, struct version_key *out)
{
	enum err e = version_key_make(s, text, (struct slice){0}, out);

	FUZZ_CHECK(e == OK || e == E_LIMIT || e == E_RANGE);
	FUZZ_CHECK(e != OK || (out->len > 0 && out->len <= LIMIT_VERSION_KEY_BYTES));
	return e == OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice in = slice_of(data, len);
	enum scheme s = (enum scheme)(slice_at(in, 0) % SCHEME_N);
	struct slice rest = slice_from(in, 1);
	size_t first = slice_find_byte(rest, '\n', 0);
	struct slice tail = slice_from(rest, first == SLICE_NONE ? rest.len : first + 1);
	size_t second = slice_find_byte(tail, '\n', 0);
	struct version_key a = {0}, b = {0}, c = {0};

	if (!make(s, slice_head(rest, first), &a) || !make(s, slice_head(tail, second), &b) ||
	    !make(s, slice_from(tail, second == SLICE_NONE ? tail.len : second + 1), &c))
		return 0;
	FUZZ_CHECK(version_key_cmp(&a, &a) == 0);
	FUZZ_CHECK((version_key_cmp(&a, &b) < 0) == (version_key_cmp(&b, &a) > 0));
	if (version_key_cmp(&a, &b) <= 0 && version_key_cmp(&b, &c) <= 0)
		FUZZ_CHECK(version_key_cmp(&a, &c) <= 0);
	version_key_last_update(&b);
	(void)version_is_dated(rest);
	(void)scheme_of(rest);
	return 0;
}
