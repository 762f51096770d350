// SPDX-License-Identifier: Apache-2.0
// Go's build information, package notes and descriptors of microcontroller images.

#include "fuzz.h"

#include "inspect/firmware/descriptors.h"
#include "inspect/firmware/gobuild.h"

#include "base/ban.h"

static void descriptor(void *context, const struct descriptor *d)
{
	size_t *n = context;

	FUZZ_CHECK(d->name.len);
	(*n)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice in = slice_of(data, len);
	struct go_build b;
	struct go_module m;
	uint64_t at = 0;
	size_t n = 0;
	struct arena a;
	struct elf e;

	arena_init(&a, 64 * MiB);
	descriptors_find(in, &a, descriptor, &n);
	FUZZ_CHECK(n <= len / 4 + 1);
	if (elf_read(in, &a, &e, NULL) == OK) {
		FUZZ_CHECK(package_note(&e, &at).len <= len);
		if (go_build_read(&e, &b)) {
			FUZZ_CHECK(b.version.len <= len && b.modules.len <= len);
			while (go_module_next(&b.modules, &m))
				FUZZ_CHECK(m.path.len);
		}
	}
	arena_release(&a);
	return 0;
}
