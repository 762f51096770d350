// SPDX-License-Identifier: Apache-2.0
// A whole tree read into memory.

#include "tree.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILES_MAX = 512 };

static enum err read_one(const struct format *f, void *state, struct tree_read *t,
			 struct tree_file *out)
{
	struct buf data;
	enum err e = out->entry.damage.code;

	if (e || (out->entry.type != ENTRY_FILE && out->entry.type != ENTRY_PART))
		return e;
	buf_init(&data, 16 * MiB);
	e = f->read(state, &out->entry, &data, NULL);
	if (e == OK)
		assert_int_equal(arena_copy(&t->arena, buf_slice(&data), &out->data), OK);
	buf_release(&data);
	return e;
}

void tree_read(const struct format *f, struct slice in, struct tree_read *out)
{
	void *state = NULL;

	*out = (struct tree_read){0};
	arena_init(&out->arena, 256 * MiB);
	out->files = arena_array(&out->arena, FILES_MAX, sizeof *out->files);
	assert_non_null(out->files);
	out->err = f->bid(in, &out->bid, NULL);
	if (out->err)
		return;
	assert_true(out->bid.score > BID_NONE);
	assert_true(out->bid.size > 0 && out->bid.size <= in.len);
	out->err = f->open(slice_head(in, out->bid.size), &out->arena, &state, NULL);
	if (out->err)
		return;
	while (out->files_n < FILES_MAX) {
		struct tree_file *file = &out->files[out->files_n];

		out->last = f->next(state, &file->entry, NULL);
		if (out->last)
			break;
		file->err = read_one(f, state, out, file);
		out->files_n++;
	}
	if (f->close)
		f->close(state);
}

void tree_release(struct tree_read *t)
{
	arena_release(&t->arena);
}

const struct tree_file *tree_find(const struct tree_read *t, const char *path)
{
	const struct tree_file *found = NULL;

	for (size_t i = 0; i < t->files_n; i++) {
		if (!slice_is(t->files[i].entry.path, path))
			continue;
		if (found)
			return NULL;
		found = &t->files[i];
	}
	return found;
}

void assert_file(const struct tree_read *t, const char *path, struct slice data)
{
	const struct tree_file *f = tree_find(t, path);

	assert_non_null(f);
	assert_int_equal(f->entry.type, ENTRY_FILE);
	assert_int_equal(f->err, OK);
	assert_int_equal(f->entry.size, data.len);
	assert_true(slice_eq(f->data, data));
}

void assert_sample(const struct tree_read *t, const char *path, const char *sample)
{
	struct slice s = sample_read(sample);

	assert_non_null(s.ptr);
	assert_file(t, path, s);
	sample_free(s);
}

void assert_err(const struct tree_read *t, const char *path, enum err err)
{
	const struct tree_file *f = tree_find(t, path);

	assert_non_null(f);
	assert_int_equal(f->err, err);
}

struct slice corpus_read(const char *name)
{
	const char *shared = getenv("KENSA_SHARED");
	char path[1024];
	FILE *f = NULL;

	(void)snprintf(path, sizeof path, "%s/corpus/firmware/%s", shared ? shared : ".", name);
	f = fopen(path, "rb");
	if (!f)
		return (struct slice){0};
	fseek(f, 0, SEEK_END);

	long n = ftell(f);
	uint8_t *data = malloc((size_t)n + 1);

	rewind(f);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)n, f), n);
	fclose(f);
	return slice_of(data, (size_t)n);
}
