/* SPDX-License-Identifier: Apache-2.0 */
/* An arena: everything allocated from it lives until arena_release. Born with a ceiling in bytes.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "cursor.h"

struct arena {
	struct arena_block *blocks;
	size_t used, ceiling;
};

void arena_init(struct arena *a, size_t ceiling);
void arena_release(struct arena *a);

/* Zeroed, aligned for any type; NULL when the ceiling or memory is reached. */
MUST_CHECK void *arena_alloc(struct arena *a, size_t size);
MUST_CHECK void *arena_array(struct arena *a, size_t n, size_t size);

/* A copy of `s` that lives in the arena; out->ptr is NUL-terminated behind its end. */
MUST_CHECK enum err arena_copy(struct arena *a, struct slice s, struct slice *out);

/* Formatted text in the arena; an empty slice when there is no room. The second: the parts one
 * behind the other, NUL-terminated. */
struct slice arena_print(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct slice arena_join(struct arena *a, const struct slice *parts, size_t n);

/* The same as NUL-terminated text; "" when there is no room. */
const char *arena_text(struct arena *a, struct slice s);

#endif
