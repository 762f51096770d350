// SPDX-License-Identifier: Apache-2.0
// What the importers of distributions share: releases, package keys, fixed versions.

#include "feed/importers.h"

#include <string.h>

#include "base/ban.h"

enum { NAME_MAX = 256 };

static const struct {
	const char *ecosystem, *code_name, *release;
} releases[] = {
#define X(ecosystem, code_name, release) {ecosystem, code_name, release},
#include "feed/releases.def"
#undef X
};

const char *release_of(const char *ecosystem, struct slice code_name)
{
	for (size_t i = 0; i < ARRAY_LEN(releases); i++)
		if (strcmp(releases[i].ecosystem, ecosystem) == 0 &&
		    slice_is(code_name, releases[i].code_name))
			return releases[i].release;
	return NULL;
}

/* A fixed version speaks twice: everything below is affected, everything from it on is fixed. */
void draft_fixed(struct draft *d, struct slice product, struct slice version)
{
	struct slice none = {0};

	if (slice_is(version, "0")) {
		draft_all_versions(d, product, EFFECT_UNAFFECTED);
		return;
	}
	draft_range(d, product, EFFECT_AFFECTED, none, version);
	if (version_is_good(version))
		draft_range(d, product, EFFECT_FIXED, version, none);
}

void draft_all_versions(struct draft *d, struct slice product, enum effect effect)
{
	struct slice none = {0};

	draft_range(d, product, effect, slice_text("0"), none);
}

struct slice package_key(struct arena *a, struct slice ecosystem, struct slice name)
{
	struct slice folded = name_fold(a, ecosystem);

	if (!folded.len || !name.len || name.len > NAME_MAX || folded.len > NAME_MAX)
		return (struct slice){0};
	return arena_print(a, "%.*s/%.*s", (int)folded.len, (const char *)folded.ptr, (int)name.len,
			   (const char *)name.ptr);
}
