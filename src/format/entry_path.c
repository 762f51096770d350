// SPDX-License-Identifier: Apache-2.0
// Names in archives as paths of a tree.

#include "format/entry_path.h"

#include "base/ban.h"

struct slice entry_path(struct arena *a, struct slice prefix, struct slice name)
{
	struct slice *first = prefix.len ? &prefix : &name;

	while (slice_starts(*first, "/") || slice_starts(*first, "./"))
		*first = slice_from(*first, slice_starts(*first, "/") ? 1 : 2);
	if (slice_is(*first, "."))
		*first = (struct slice){0};
	while (slice_ends(name, "/"))
		name = slice_head(name, name.len - 1);
	name = slice_head(name, LIMIT_PATH_BYTES);
	prefix = slice_head(prefix, LIMIT_PATH_BYTES);
	return arena_print(a, "/%.*s%s%.*s", (int)prefix.len, (const char *)prefix.ptr,
			   prefix.len ? "/" : "", (int)name.len, (const char *)name.ptr);
}
