/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of containers share: win the bid, walk all entries, read each of them. */
#ifndef TESTS_WALK_H
#define TESTS_WALK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#include "format/format.h"

enum { WALK_MAX = 64 };

struct walk {
	struct bid bid;
	struct arena arena;
	void *state;
	const struct format *format;
	struct entry entries[WALK_MAX];
	size_t n;
	enum err end; /* what next said last */
	struct fault why;
};

/* False when the format does not bid. */
static inline bool walk_begin(struct walk *w, const struct format *f, struct slice in)
{
	*w = (struct walk){.format = f};
	if (f->bid(in, &w->bid, &w->why) != OK)
		return false;
	assert_true(w->bid.score > BID_NONE);
	assert_true(w->bid.size <= in.len);
	arena_init(&w->arena, 64 * MiB);
	if (!f->open)
		return true;
	if (f->open(slice_head(in, w->bid.size), &w->arena, &w->state, &w->why) != OK) {
		arena_release(&w->arena);
		return false;
	}

	struct entry e = {0};

	while ((w->end = f->next(w->state, &e, &w->why)) == OK)
		if (w->n < WALK_MAX)
			w->entries[w->n++] = e;
	return true;
}

static inline void walk_end(struct walk *w)
{
	if (w->format->close && w->state)
		w->format->close(w->state);
	arena_release(&w->arena);
}

static inline const struct entry *walk_find(const struct walk *w, const char *path)
{
	for (size_t i = 0; i < w->n; i++)
		if (slice_is(w->entries[i].path, path))
			return &w->entries[i];
	return NULL;
}

/* Contents of an entry; release the buffer. */
static inline enum err walk_read(struct walk *w, const struct entry *e, struct buf *out)
{
	buf_init(out, 64 * MiB);
	return w->format->read(w->state, e, out, &w->why);
}

static inline bool walk_holds(struct walk *w, const char *path, struct slice want)
{
	struct buf b;
	const struct entry *e = walk_find(w, path);
	bool same = false;

	if (!e)
		return false;
	same = walk_read(w, e, &b) == OK && slice_eq(buf_slice(&b), want);
	buf_release(&b);
	return same;
}

/* Bids, walks, reads everything and forgets it: for sweep_damage. */
static inline void walk_all(const struct format *f, struct slice in)
{
	struct walk w;
	struct buf b;

	if (!walk_begin(&w, f, in))
		return;
	for (size_t i = 0; i < w.n; i++) {
		if (w.entries[i].damage.code != OK || !f->read)
			continue;
		buf_init(&b, 1 * MiB);
		(void)f->read(w.state, &w.entries[i], &b, NULL);
		buf_release(&b);
	}
	walk_end(&w);
}

/* A file of the corpus; skips the test when it is not there. */
static inline struct slice corpus_read(const char *name)
{
	const char *shared = getenv("KENSA_SHARED");
	char path[1024];
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/corpus/%s", shared ? shared : ".", name);
	f = fopen(path, "rb");
	if (!f) {
		print_message("skipped: %s is not there\n", path);
		skip();
	}
	fseek(f, 0, SEEK_END);

	long n = ftell(f);
	uint8_t *data = malloc((size_t)n + 1);

	assert_non_null(data);
	rewind(f);
	assert_int_equal(fread(data, 1, (size_t)n, f), n);
	fclose(f);
	return slice_of(data, (size_t)n);
}

#endif
