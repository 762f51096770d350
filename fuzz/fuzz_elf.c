// SPDX-License-Identifier: Apache-2.0
// elf_read and every accessor of format/elf.h.

#include "fuzz.h"

#include "format/elf.h"

#include "base/ban.h"

enum { SYMBOLS_MAX = 4096 };

static void check_inside(struct slice file, struct slice s)
{
	FUZZ_CHECK(s.len <= file.len);
	if (s.len) {
		uint8_t first = slice_at(s, 0), last = slice_at(s, s.len - 1);

		FUZZ_CHECK(first == slice_at(slice_head(s, 1), 0) &&
			   last == slice_at(slice_from(s, s.len - 1), 0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice in = slice_of(data, len);
	struct arena a;
	struct elf e;
	struct elf_symbol symbol;
	size_t at = 0;

	arena_init(&a, 64 * MiB);
	if (elf_read(in, &a, &e, NULL) == OK) {
		FUZZ_CHECK(e.end <= len);
		for (size_t i = 0; i < e.sections_n; i++) {
			check_inside(in, e.sections[i].name);
			check_inside(in, elf_section_bytes(&e, &e.sections[i]));
		}
		for (size_t i = 0; i < e.dynamic_n; i++)
			check_inside(in, e.dynamic[i].name);
		for (size_t i = 0; i < e.needed_n; i++)
			check_inside(in, e.needed[i]);
		for (size_t n = 0; n < SYMBOLS_MAX && elf_symbol_next(&e, &at, &symbol); n++)
			check_inside(in, symbol.name);
	}
	arena_release(&a);
	return 0;
}
