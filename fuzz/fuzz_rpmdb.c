// SPDX-License-Identifier: Apache-2.0
// rpmdb_read and rpm_header_read of inspect/firmware/rpmdb.h.

#include "fuzz.h"

#include "inspect/firmware/rpmdb.h"

#include "base/ban.h"

struct count {
	size_t packages, bytes;
};

static void package(void *context, const struct rpm_package *p)
{
	struct count *c = context;

	FUZZ_CHECK(p->name.len && p->version.len);
	c->packages++;
	c->bytes += p->name.len + p->version.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice in = slice_of(data, len);
	struct count c = {0};
	const struct rpmdb_sink sink = {.package = package, .context = &c};
	struct rpm_package one;
	struct arena a;

	arena_init(&a, 64 * MiB);
	(void)!rpmdb_read(in, &a, &sink, NULL);
	FUZZ_CHECK(c.packages <= len);
	FUZZ_CHECK(c.bytes <= 4 * len); /* both texts of a header may be the same bytes */
	(void)!rpm_header_read(in, &one);
	arena_release(&a);
	return 0;
}
