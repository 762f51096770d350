// SPDX-License-Identifier: Apache-2.0
// The search that keys, certificates and tokens share.

#include "inspect/firmware/marks.h"

#include "base/ban.h"

bool mark_next(struct mark_search *s, struct slice mark, unsigned tries_max, size_t *hit)
{
	*hit = slice_find(s->in, mark, s->at);
	if (*hit == SLICE_NONE) {
		s->row++;
		s->at = 0;
		return false;
	}
	if (s->tries == tries_max) {
		s->is_cut = true;
		s->row = SIZE_MAX;
		return false;
	}
	s->tries++;
	return true;
}

void mark_pass(struct mark_search *s, size_t hit, size_t end)
{
	s->at = end > hit ? end : hit + 1;
}
