// SPDX-License-Identifier: Apache-2.0
// Judges a record by a sheet: a pure function of both and of the class.

#include "sheet/evaluate.h"
#include "sheet/score.h"
#include "sheet/steps.h"

#include "base/ban.h"

enum { CLASS_MAX = 4 };

static bool applies_to(const struct item *item, const struct target *t)
{
	return (item->targets & 1u << t->kind) && (item->sectors & 1u << t->sector);
}

static size_t select_items(const struct sheet *s, const struct target *t, struct candidate *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->items_n; i++)
		if (applies_to(&s->items[i], t))
			out[n++].item = &s->items[i];
	return n;
}

static enum err judge(const struct sheet *s, const struct record *r, struct arena *scratch,
		      struct judgement *j)
{
	const struct target *t = record_target(r);
	struct candidate *all = arena_array(scratch, s->items_n, sizeof *all);
	struct evidence e = {0};
	enum err err = OK;

	if (!all)
		return E_NOMEM;
	if (!t)
		return E_NOTFOUND;
	j->items_n = select_items(s, t, all);
	j->items = arena_array(&j->arena, j->items_n, sizeof *j->items);
	if (!j->items)
		return E_NOMEM;
	err = evidence_make(r, scratch, &e);
	if (err == OK)
		err = claims_make(s, &e, all, j->items_n, scratch);
	for (size_t i = 0; i < j->items_n && err == OK; i++)
		err = evaluate(s, &e, &all[i], &j->arena, &j->items[i]);
	if (err)
		return err;
	score(s, j);
	return steps_make(s, all, j);
}

enum err sheet_judge(const struct sheet *s, const struct record *r, uint64_t class_no,
		     struct judgement *out)
{
	struct judgement j = {.class_no = class_no};
	struct arena scratch;
	enum err err = E_USAGE;

	arena_init(&j.arena, LIMIT_ARENA_BYTES);
	arena_init(&scratch, LIMIT_ARENA_BYTES);
	if (class_no <= CLASS_MAX)
		err = judge(s, r, &scratch, &j);
	arena_release(&scratch);
	if (err) {
		arena_release(&j.arena);
		j = (struct judgement){0};
	}
	*out = j;
	return err;
}

void judgement_release(struct judgement *j)
{
	arena_release(&j->arena);
	*j = (struct judgement){0};
}
