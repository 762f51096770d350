// SPDX-License-Identifier: Apache-2.0
// Finds rows in the tables of known-vulnerability diagnosis: sorted once, then binary searches.

#include "inspect/known/tables.h"

#include "base/ban.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static int row_cmp(const void *a, const void *b, const void *context)
{
	const struct index_row *x = a, *y = b;
	int d = slice_cmp(x->key, y->key);

	(void)context;
	return d ? d : (x->at > y->at) - (x->at < y->at);
}

static const struct index_row *index_find(const struct table_index *x, struct slice key)
{
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (slice_cmp(x->rows[mid].key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->n && slice_eq(x->rows[low].key, key) ? &x->rows[low] : NULL;
}

/* "=name" in lower case, so that no name can be taken for a product key. `out` has room for it. */
static struct slice name_key(uint8_t *out, struct slice name)
{
	out[0] = '=';
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = slice_at(name, i);

		out[i + 1] = c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
	}
	return slice_of(out, name.len + 1);
}

static void put_text(struct table_index *x, const char *key, unsigned at)
{
	x->rows[x->n++] = (struct index_row){.key = slice_text(key), .at = at};
}

static void put_name(struct known_data *d, struct table_index *x, const char *name, unsigned at)
{
	struct slice s = slice_text(name);
	uint8_t *key = arena_alloc(&d->arena, s.len + 1);

	if (key)
		x->rows[x->n++] = (struct index_row){.key = name_key(key, s), .at = at};
}

static bool index_room(struct known_data *d, struct table_index *x, size_t n)
{
	x->rows = arena_array(&d->arena, n, sizeof *x->rows);
	return x->rows != NULL;
}

static enum err index_aliases(struct known_data *d)
{
	const struct tables *t = d->docs[TABLE_ALIASES];
	size_t n = 0;

	for (unsigned i = 0; i < t->aliases_count; i++)
		n += 1 + t->aliases[i].names_count + t->aliases[i].slots_count;
	if (!index_room(d, &d->aliases, n))
		return E_NOMEM;
	for (unsigned i = 0; i < t->aliases_count; i++) {
		const struct alias *a = &t->aliases[i];

		put_name(d, &d->aliases, a->name, i);
		for (unsigned k = 0; k < a->names_count; k++)
			put_name(d, &d->aliases, a->names[k], i);
		for (unsigned k = 0; k < a->slots_count; k++)
			put_text(&d->aliases, a->slots[k], i);
	}
	sort_items(d->aliases.rows, d->aliases.n, sizeof *d->aliases.rows, row_cmp, NULL);
	return OK;
}

static enum err index_paths(struct known_data *d)
{
	const struct tables *t = d->docs[TABLE_PATHS];

	if (!index_room(d, &d->paths, t->paths_count))
		return E_NOMEM;
	for (unsigned i = 0; i < t->paths_count; i++)
		put_text(&d->paths, t->paths[i].path, i);
	sort_items(d->paths.rows, d->paths.n, sizeof *d->paths.rows, row_cmp, NULL);
	return OK;
}

static enum err index_lifecycles(struct known_data *d)
{
	const struct tables *t = d->docs[TABLE_LIFECYCLES];
	size_t n = 0;

	for (unsigned i = 0; i < t->lifecycles_count; i++)
		n += 2 + t->lifecycles[i].names_count;
	if (!index_room(d, &d->lifecycles, n))
		return E_NOMEM;
	for (unsigned i = 0; i < t->lifecycles_count; i++) {
		const struct lifecycle *l = &t->lifecycles[i];

		put_name(d, &d->lifecycles, l->name, i);
		if (l->slot)
			put_text(&d->lifecycles, l->slot, i);
		for (unsigned k = 0; k < l->names_count; k++)
			put_name(d, &d->lifecycles, l->names[k], i);
	}
	sort_items(d->lifecycles.rows, d->lifecycles.n, sizeof *d->lifecycles.rows, row_cmp, NULL);
	return OK;
}

static enum err load(const struct known_sources *src, struct known_data *d, struct fault *why)
{
	const struct slice yaml[TABLE_DOC_N] = {
		[TABLE_ALIASES] = src->aliases,
		[TABLE_PATHS] = src->kernel_files,
		[TABLE_LIFECYCLES] = src->lifecycles,
	};
	enum err e = OK;

	for (unsigned i = 0; i < TABLE_DOC_N && e == OK; i++)
		e = tables_read((enum table_doc)i, yaml[i], &d->docs[i], why);
	if (e)
		return e;
	e = index_aliases(d);
	if (e == OK)
		e = index_paths(d);
	if (e == OK)
		e = index_lifecycles(d);
	return e ? fault_set(why, e, 0, "known: no room for the tables") : OK;
}

enum err known_data_load(const struct known_sources *src, struct known_data **out,
			 struct fault *why)
{
	struct arena a;
	struct known_data *d = NULL;

	arena_init(&a, ARENA_BYTES);
	d = arena_alloc(&a, sizeof *d);
	if (!d)
		return fault_set(why, E_NOMEM, 0, "known: no room for the tables");
	d->arena = a;

	enum err e = load(src, d, why);

	if (e)
		known_data_free(d);
	else
		*out = d;
	return e;
}

void known_data_free(struct known_data *d)
{
	if (!d)
		return;
	for (unsigned i = 0; i < TABLE_DOC_N; i++)
		tables_free((enum table_doc)i, d->docs[i]);

	struct arena a = d->arena; /* the tables themselves live in it */

	arena_release(&a);
}

/* Names are short; a longer one is none of ours. */
static const struct index_row *find_name(const struct table_index *x, struct slice name)
{
	uint8_t key[LIMIT_NAME_BYTES + 1];

	if (name.len == 0 || name.len > LIMIT_NAME_BYTES)
		return NULL;
	return index_find(x, name_key(key, name));
}

const struct alias *alias_of_slot(const struct known_data *d, struct slice slot)
{
	const struct index_row *row = index_find(&d->aliases, slot);

	return row ? &d->docs[TABLE_ALIASES]->aliases[row->at] : NULL;
}

const struct alias *alias_of_name(const struct known_data *d, struct slice name)
{
	const struct index_row *row = find_name(&d->aliases, name);

	return row ? &d->docs[TABLE_ALIASES]->aliases[row->at] : NULL;
}

const struct lifecycle *lifecycle_of_slot(const struct known_data *d, struct slice slot)
{
	const struct index_row *row = index_find(&d->lifecycles, slot);

	return row ? &d->docs[TABLE_LIFECYCLES]->lifecycles[row->at] : NULL;
}

const struct lifecycle *lifecycle_of_name(const struct known_data *d, struct slice name)
{
	const struct index_row *row = find_name(&d->lifecycles, name);

	return row ? &d->docs[TABLE_LIFECYCLES]->lifecycles[row->at] : NULL;
}

const struct kernel_path *kernel_path_of(const struct known_data *d, struct slice file)
{
	for (size_t end = file.len; end > 0; end--) {
		const struct index_row *row = NULL;

		/* The file itself, then each folder above it, slash included. */
		if (end != file.len && slice_at(file, end - 1) != '/')
			continue;
		row = index_find(&d->paths, slice_head(file, end));
		if (row)
			return &d->docs[TABLE_PATHS]->paths[row->at];
	}
	return NULL;
}
