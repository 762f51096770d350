// SPDX-License-Identifier: Apache-2.0
// The names of sources, and an advisory that says nothing yet.

#include "feed/advisory.h"

#include "base/ban.h"

void advisory_init(struct advisory *a, struct slice id, enum source source)
{
	*a = (struct advisory){.id = id, .source = (uint8_t)source, .epss_ppm = UINT32_MAX};
	for (size_t i = 0; i < CVSS_N; i++)
		a->cvss[i].score = UINT8_MAX;
}

const char *source_name(enum source s)
{
	static const char *const names[] = {
#define X(id, name) [SOURCE_##id] = (name),
		FEED_SOURCES(X)
#undef X
	};

	return s < SOURCE_N ? names[s] : "unknown";
}

bool source_find(struct slice word, enum source *out)
{
	for (int s = 0; s < SOURCE_N; s++) {
		if (slice_is(word, source_name((enum source)s))) {
			*out = (enum source)s;
			return true;
		}
	}
	return false;
}
