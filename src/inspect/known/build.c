// SPDX-License-Identifier: Apache-2.0
// Kernel code that is not built in: the files an advisory names, against configuration and modules.

#include "inspect/known/match.h"

#include "base/ban.h"

enum built_is { BUILT_UNKNOWN, BUILT_YES, BUILT_NO };

static int name_cmp(const void *a, const void *b, const void *context)
{
	(void)context;
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static bool is_among(const struct slice *names, size_t n, const char *name)
{
	struct slice want = slice_text(name);
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (slice_cmp(names[mid], want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && slice_eq(names[low], want);
}

/* All names of one kind in the record, sorted. */
static enum err names_make(struct match *m, const char *what, struct slice **out, size_t *n)
{
	struct slice rest, word, *names = NULL;
	const struct fact *f = NULL;
	size_t count = 0, at = 0;

	while ((f = record_next(m->record, FACT_BUILT, &at)))
		for (rest = f->built.names; text_word(&rest, &word);)
			count += slice_is(f->built.what, what);
	names = arena_array(m->arena, count + 1, sizeof *names);
	if (!names)
		return E_NOMEM;
	for (at = 0; (f = record_next(m->record, FACT_BUILT, &at));)
		for (rest = f->built.names;
		     slice_is(f->built.what, what) && text_word(&rest, &word);)
			names[(*n)++] = word;
	sort_items(names, *n, sizeof *names, name_cmp, NULL);
	*out = names;
	return OK;
}

/* Configuration and kernel belong together where the product has one version of the kernel. */
static bool is_one_kernel(const struct match *m)
{
	struct slice version = {0};

	for (size_t i = 0; i < m->subjects.n; i++) {
		const struct subject *s = &m->subjects.list[i];
		struct slice v = upstream_of(s->version);

		if (!s->is_kernel || v.len == 0)
			continue;
		if (version.len && !slice_eq(version, v))
			return false;
		version = v;
	}
	return version.len > 0;
}

enum err build_make(struct match *m)
{
	struct build *b = &m->build;
	enum err e = OK;

	if (!is_one_kernel(m))
		return OK;
	e = names_make(m, "kernel-config", &b->on, &b->on_n);
	if (e == OK)
		e = names_make(m, "kernel-module", &b->modules, &b->modules_n);
	if (e == OK)
		e = names_make(m, "kernel-builtin", &b->builtin, &b->builtin_n);
	b->has_config = b->on_n > 0;
	b->has_builtin = b->builtin_n > 0;
	return e;
}

static enum built_is judge_config(const struct build *b, const struct kernel_path *row)
{
	for (unsigned i = 0; i < row->config_count; i++)
		if (is_among(b->on, b->on_n, row->config[i]))
			return BUILT_YES;
	return BUILT_NO;
}

/* Without the list of what is built in, a module that is missing may be part of the kernel. */
static enum built_is judge_modules(const struct build *b, const struct kernel_path *row)
{
	for (unsigned i = 0; i < row->modules_count; i++)
		if (is_among(b->modules, b->modules_n, row->modules[i]) ||
		    is_among(b->builtin, b->builtin_n, row->modules[i]))
			return BUILT_YES;
	return BUILT_NO;
}

static enum built_is judge_file(const struct match *m, const struct kernel_path *row)
{
	const struct build *b = &m->build;

	if (row && row->config_count && b->has_config)
		return judge_config(b, row);
	if (row && row->modules_count && b->has_builtin)
		return judge_modules(b, row);
	return BUILT_UNKNOWN;
}

static void reason_write(const struct match *m, const struct kernel_path *row, struct buf *out)
{
	buf_text(out, out->len ? ", " : "code not built: ");
	buf_text(out, row->path);
	if (m->build.has_config && row->config_count)
		buf_print(out, " (CONFIG_%s not set)", row->config[0]);
	else
		buf_print(out, " (no %s.ko)", row->modules[0]);
}

bool build_lacks(struct match *m, uint32_t advisory, struct buf *why)
{
	const struct kernel_path *last = NULL;
	struct feed_advisory a;
	bool is_any = false, is_all = true;

	m->kernel_total++;
	if (feed_advisory(m->feed, advisory, &a) != OK || a.files_n == 0)
		return false;
	for (uint32_t i = 0; i < a.files_n && is_all; i++) {
		const struct kernel_path *row = NULL;
		struct slice file = {0};

		if (feed_advisory_file(m->feed, advisory, i, &file) != OK)
			return false;
		row = kernel_path_of(m->data, file);

		enum built_is is = judge_file(m, row);

		is_any |= is == BUILT_YES;
		is_all = is == BUILT_NO;
		if (is_all && row != last && why->len < LIMIT_EVIDENCE_BYTES)
			reason_write(m, row, why);
		last = row;
	}
	m->kernel_seen += is_any || is_all;
	return is_all;
}
