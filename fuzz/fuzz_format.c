// SPDX-License-Identifier: Apache-2.0
// Any reader of formats.def, as -DFORMAT=format_NAME says: bid, open, walk, read twice, close.
// With -DMEND=mend_NAME the input's checksums are put right before.

#include "fuzz.h"

#include <stdlib.h>

#include "format/format.h"

#include "base/ban.h"

enum { ENTRIES_MAX = 256, READS_MAX = 64 };

#define FILE_BYTES_MAX  (256 * KiB)
#define ARENA_BYTES_MAX (64 * MiB)

static void check_entry(const struct entry *e)
{
	FUZZ_CHECK(e->type < ENTRY_N);
	FUZZ_CHECK(e->mode <= 07777);
	FUZZ_CHECK(e->damage.code < E_N);
	if (FORMAT.is_tree)
		FUZZ_CHECK(slice_at(e->path, 0) == '/');
}

/* Reading is asked for in any order and more than once: both times the same comes. */
static void read_twice(void *state, const struct entry *e)
{
	struct buf first, again;

	buf_init(&first, FILE_BYTES_MAX);
	buf_init(&again, FILE_BYTES_MAX);

	enum err one = FORMAT.read(state, e, &first, NULL);
	enum err two = FORMAT.read(state, e, &again, NULL);

	FUZZ_CHECK(first.len <= FILE_BYTES_MAX);
	FUZZ_CHECK(one == E_LIMIT || two == E_LIMIT || one == two);
	if (one == OK && two == OK)
		FUZZ_CHECK(slice_eq(buf_slice(&first), buf_slice(&again)));
	buf_release(&first);
	buf_release(&again);
}

static void walk(void *state)
{
	struct entry entries[READS_MAX];
	size_t kept = 0;

	for (size_t n = 0; n < ENTRIES_MAX; n++) {
		struct entry e = {0};

		if (FORMAT.next(state, &e, NULL) != OK)
			break;
		check_entry(&e);
		if (kept < READS_MAX && (e.type == ENTRY_FILE || e.type == ENTRY_PART))
			entries[kept++] = e;
	}
	while (kept > 0)
		read_twice(state, &entries[--kept]);
}

static void run(struct slice in)
{
	struct bid bid = {0};
	struct arena a;
	void *state = NULL;

	if (FORMAT.bid(in, &bid, NULL) != OK || bid.score == BID_NONE)
		return;
	FUZZ_CHECK(bid.size > 0 && bid.size <= in.len);
	if (!FORMAT.open)
		return;
	arena_init(&a, ARENA_BYTES_MAX);
	if (FORMAT.open(slice_head(in, bid.size), &a, &state, NULL) == OK) {
		walk(state);
		if (FORMAT.close)
			FORMAT.close(state);
	}
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
#ifdef MEND
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		return 0;
	for (size_t i = 0; i < len; i++)
		copy[i] = data[i];
	MEND(copy, len);
	run(slice_of(copy, len));
	free(copy);
#else
	run(slice_of(data, len));
#endif
	return 0;
}
