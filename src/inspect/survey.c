// SPDX-License-Identifier: Apache-2.0
// The worker's first look at an input: what lies where in it, without opening any of it.

#include "inspect/frame.h"

#include "base/ban.h"

static void skip_input(struct scene *s, struct slice name, const struct fault *why)
{
	scene_skip_fault(s, "objects", 0, name, why);
	scene_coverage(s, "objects", 0, 1);
}

void survey_input(const struct inspect_input *input, struct scene *scene)
{
	struct slice in = input->bytes->bytes;
	struct stretch whole = {.size = in.len, .kind = RANGE_IDENTIFIED}, *found = NULL;
	struct fault why = {0}, told = {0};
	struct arena a;
	size_t n = 0;

	arena_init(&a, LIMIT_ARENA_BYTES);
	/* Something that fills the input from its first byte, or lies at its start, needs no
	 * search. */
	whole.format = format_auction(in, BID_MAGIC, &whole.bid, &told);
	if (whole.format && whole.bid.size == in.len) {
		emit_stretch(scene->emitter, &whole);
	} else {
		why.code = carve(in, &a, &found, &n, &why);
		for (size_t i = 0; i < n; i++)
			emit_stretch(scene->emitter, &found[i]);
		if (why.code)
			skip_input(scene, input->name, &why);
		else if (told.code)
			skip_input(scene, input->name, &told);
	}
	arena_release(&a);
}
