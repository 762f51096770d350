// SPDX-License-Identifier: Apache-2.0
// The record in memory: append facts, look them up, close.

#include "record/record.h"

#include <string.h>

#include "base/ban.h"

enum { FIRST_CAP = 1024 };

void record_init(struct record *r)
{
	*r = (struct record){0};
	arena_init(&r->arena, LIMIT_RECORD_BYTES);
}

void record_release(struct record *r)
{
	arena_release(&r->arena);
	*r = (struct record){0};
}

/* A larger copy of an array in the arena; the old one is left there until the end. */
static void *grown(struct arena *a, const void *old, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap ? *cap * 2 : FIRST_CAP;
	void *p = arena_array(a, want, size);

	if (!p)
		return NULL;
	if (n)
		memcpy(p, old, n * size);
	*cap = want;
	return p;
}

/* Ids count up from 1 in the order of the facts, so that they are also an index. */
static enum err index_artifact(struct record *r, uint64_t id)
{
	if (id != r->artifacts_n + 1)
		return E_CORRUPT;
	if (r->artifacts_n == r->artifacts_cap) {
		size_t *p = grown(&r->arena, r->artifacts, r->artifacts_n, &r->artifacts_cap,
				  sizeof *p);

		if (!p)
			return E_NOMEM;
		r->artifacts = p;
	}
	r->artifacts[r->artifacts_n++] = r->n;
	return OK;
}

static enum err make_room(struct record *r)
{
	if (r->n >= LIMIT_RECORD_FACTS)
		return E_LIMIT;
	if (r->n < r->cap)
		return OK;

	struct fact *p = grown(&r->arena, r->facts, r->n, &r->cap, sizeof *p);

	if (!p)
		return E_NOMEM;
	r->facts = p;
	return OK;
}

static enum err copy_texts(struct arena *a, struct fact *f)
{
	const struct fact_type *t = fact_type(f->kind);
	enum err e = OK;

	for (size_t i = 0; i < t->fields_n && e == OK; i++) {
		struct slice *s = field_text(f, &t->fields[i]);

		if (field_is_text(&t->fields[i]) && s->len)
			e = arena_copy(a, *s, s);
	}
	return e;
}

enum err record_add(struct record *r, const struct fact *f)
{
	struct fact copy = *f;
	enum err e = make_room(r);

	if (e == OK)
		e = copy_texts(&r->arena, &copy);
	if (e == OK && f->kind == FACT_ARTIFACT)
		e = index_artifact(r, f->artifact.id);
	if (e)
		return e;
	r->facts[r->n++] = copy;
	return OK;
}

const struct target *record_target(const struct record *r)
{
	return r->n && r->facts[0].kind == FACT_TARGET ? &r->facts[0].target : NULL;
}

const struct artifact *record_artifact(const struct record *r, uint64_t id)
{
	return id && id <= r->artifacts_n ? &r->facts[r->artifacts[id - 1]].artifact : NULL;
}

const struct fact *record_next(const struct record *r, enum fact_kind kind, size_t *at)
{
	while (*at < r->n) {
		const struct fact *f = &r->facts[(*at)++];

		if (f->kind == kind)
			return f;
	}
	return NULL;
}
