// SPDX-License-Identifier: Apache-2.0
// Looks for components in one file: one pass finds where, a look at each place captures the
// version.

#include "inspect/library_parts.h"

#include <string.h>

#include "base/ban.h"

enum {
	WINDOW = 512,      /* no match goes farther than this before and behind its fixed text */
	BARE_MATCHES = 64, /* bare versions looked at in one file */
	HITS_FIRST = 64,
};

/* A place where the fixed text of probe `id` ends. */
struct hit {
	unsigned id;
	size_t to;
};

struct look {
	const struct library *l;
	const struct specimen *s;
	struct arena *a;
	struct hit *hits;
	size_t hits_n, hits_room;
	struct sighting *list;
	size_t n, room;
	bool *mark_seen;  /* by mark */
	bool *name_fits;  /* by component */
	enum err limit;   /* OK, or why not everything was looked at */
	enum err trouble; /* E_NOMEM */
};

/* Twice the room of an array in the arena, or NULL. */
static void *grown(struct arena *a, const void *old, size_t n, size_t size, size_t *room)
{
	size_t want = *room ? *room * 2 : HITS_FIRST;
	void *p = arena_array(a, want, size);

	if (!p)
		return NULL;
	if (n)
		memcpy(p, old, n * size);
	*room = want;
	return p;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		    void *context)
{
	struct look *k = context;
	size_t strings = k->l->probes_n[PROBE_STRING];

	(void)from;
	(void)flags;
	if (id >= strings) {
		k->mark_seen[id - strings] = true;
		return 0;
	}
	if (k->hits_n >= LIMIT_LIBRARY_MATCHES) {
		k->limit = E_LIMIT;
		return 0; /* go on: marks may still come */
	}
	if (k->hits_n == k->hits_room) {
		struct hit *more = grown(k->a, k->hits, k->hits_n, sizeof *more, &k->hits_room);

		if (!more) {
			k->trouble = E_NOMEM;
			return 1;
		}
		k->hits = more;
	}
	k->hits[k->hits_n++] = (struct hit){.id = id, .to = (size_t)to};
	return 0;
}

static int by_probe(const void *a, const void *b, const void *context)
{
	const struct hit *x = a, *y = b;

	(void)context;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static void sighted(struct look *k, const struct sighting *s)
{
	if (k->n == k->room) {
		struct sighting *more = grown(k->a, k->list, k->n, sizeof *more, &k->room);

		if (!more) {
			k->trouble = E_NOMEM;
			return;
		}
		k->list = more;
	}
	k->list[k->n++] = *s;
}

/* A version that a probe found: where it (or, without one, the match) starts, where the match ends.
 */
struct captured {
	struct slice version;
	size_t start, end;
};

/* Looks for a probe's version in `in`, from `from` on. */
static bool capture(struct look *k, const struct probe *p, struct slice in, size_t from,
		    struct captured *out)
{
	int rc = pcre2_match(p->code, in.ptr, in.len, from, 0, k->l->match, k->l->context);
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(k->l->match);

	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
		k->limit = E_LIMIT;
	/* 1: no group took part. \K can put the start behind the end: no pattern of ours. */
	if (rc < 0 || at[1] < at[0])
		return false;
	*out = (struct captured){.start = at[0], .end = at[1]};
	if (rc != 1 && at[2] != PCRE2_UNSET) {
		out->start = at[2];
		return slice_cut(in, at[2], at[3] - at[2], &out->version) == OK;
	}
	return true;
}

static bool marks_hold(const struct look *k, size_t entry, size_t first_mark)
{
	const struct catalog_entry *e = &k->l->catalog->components[entry];
	size_t seen = 0;

	for (unsigned i = 0; i < e->marks_count; i++)
		seen += k->mark_seen[first_mark + i];
	return e->marks_count && seen == e->marks_count;
}

static bool is_barred(const struct look *k, size_t entry, size_t first_mark)
{
	const struct catalog_entry *e = &k->l->catalog->components[entry];

	for (unsigned i = 0; i < e->without_count; i++)
		if (k->mark_seen[first_mark + e->marks_count + i])
			return true;
	return false;
}

static bool may_count(const struct look *k, const struct probe *p)
{
	size_t mark = k->l->first_mark[p->entry];

	if (k->l->signatures[p->entry].is_text != k->s->is_text || is_barred(k, p->entry, mark))
		return false;
	return p->where == SCOPE_ANYWHERE || k->name_fits[p->entry] ||
	       marks_hold(k, p->entry, mark);
}

/* All hits of one probe, in order of their ends. */
static void look_at_hits(struct look *k, const struct probe *p, const struct hit *hits, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n && k->trouble == OK; i++) {
		size_t from = hits[i].to > WINDOW ? hits[i].to - WINDOW : 0;
		struct captured c;
		struct slice window;

		if (hits[i].to <= done)
			continue;
		from = from > done ? from : done;
		window = slice_head(slice_from(k->s->data, from), hits[i].to - from + WINDOW);
		if (!capture(k, p, window, 0, &c))
			continue;
		done = from + c.end;
		sighted(k, &(struct sighting){
				   .what = &k->l->signatures[p->entry],
				   .version = c.version,
				   .at = from + c.start,
				   .is_named = k->name_fits[p->entry],
			   });
	}
}

static void look_for_strings(struct look *k)
{
	sort_items(k->hits, k->hits_n, sizeof *k->hits, by_probe, NULL);
	for (size_t i = 0, n; i < k->hits_n; i += n) {
		const struct probe *p = &k->l->probes[PROBE_STRING][k->hits[i].id];

		for (n = 1; i + n < k->hits_n && k->hits[i + n].id == k->hits[i].id;)
			n++;
		if (may_count(k, p))
			look_at_hits(k, p, &k->hits[i], n);
	}
}

static bool may_count_bare(const struct look *k, const struct probe *p)
{
	size_t mark = k->l->first_mark[p->entry];

	return k->name_fits[p->entry] && k->l->signatures[p->entry].is_text == k->s->is_text &&
	       !is_barred(k, p->entry, mark) &&
	       (k->l->catalog->components[p->entry].marks_count == 0 ||
		marks_hold(k, p->entry, mark));
}

/* Does the file's name hold "3.11" of version 3.11.2? */
static bool name_tells(struct slice name, struct slice version)
{
	size_t dot = slice_find_byte(version, '.', 0);
	size_t second = dot == SLICE_NONE ? SLICE_NONE : slice_find_byte(version, '.', dot + 1);

	return slice_find(name, slice_head(version, second), 0) != SLICE_NONE;
}

/*
 * Several bare versions in one file: one of them is the component's and kensa cannot see which,
 * unless the file's name tells. A wrong version is worse than none. Leaves the first of the list.
 */
static void settle(struct sighting *list, size_t n, struct slice name)
{
	const struct sighting *told = NULL;
	bool is_one = true, is_told = true;

	for (size_t i = 0; i < n; i++) {
		is_one = is_one && slice_eq(list[i].version, list[0].version);
		if (!name_tells(name, list[i].version))
			continue;
		is_told = is_told && (!told || slice_eq(told->version, list[i].version));
		told = told ? told : &list[i];
	}
	if (is_one)
		return;
	if (told && is_told)
		list[0] = *told;
	else
		list[0].version = (struct slice){0};
}

static bool is_sighted(const struct look *k, const struct signature *what)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->list[i].what == what)
			return true;
	return false;
}

static bool has_version(const struct look *k, const struct signature *what)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->list[i].what == what && k->list[i].version.len)
			return true;
	return false;
}

/* Bare versions ("2.4.5"), only in files that are the component and where nothing names it with its
 * version: "hostapd v2.7" tells more than some "1.0". */
static void look_for_bare(struct look *k)
{
	for (size_t i = 0; i < k->l->probes_n[PROBE_BARE] && k->trouble == OK; i++) {
		const struct probe *p = &k->l->probes[PROBE_BARE][i];
		struct slice in = slice_head(k->s->data, LIMIT_BARE_BYTES);
		struct captured c = {0};
		size_t first = k->n;

		if (!may_count_bare(k, p) || has_version(k, &k->l->signatures[p->entry]))
			continue;
		for (unsigned m = 0;
		     m < BARE_MATCHES && c.end < in.len && capture(k, p, in, c.end, &c); m++)
			sighted(k, &(struct sighting){
					   .what = &k->l->signatures[p->entry],
					   .version = c.version,
					   .at = c.start,
					   .is_named = true,
				   });
		if (k->n == first || k->trouble)
			continue;
		settle(&k->list[first], k->n - first, k->s->name);
		k->n = first + 1;
	}
}

/* A version in the file's name, or in what the library calls itself, counts where no string of the
 * component says one. Most sonames count interfaces: only whole names in the catalogue are of a
 * release. */
static void look_at_name(struct look *k, struct slice name, enum sighting_how how)
{
	if (k->s->is_text || name.len == 0)
		return;
	for (size_t i = 0; i < k->l->probes_n[PROBE_NAME]; i++) {
		const struct probe *p = &k->l->probes[PROBE_NAME][i];
		struct captured c;

		if (!capture(k, p, name, 0, &c) || is_sighted(k, &k->l->signatures[p->entry]))
			continue;
		sighted(k, &(struct sighting){
				   .what = &k->l->signatures[p->entry],
				   .version = c.version,
				   .how = how,
				   .is_named = true,
			   });
	}
}

/* Signatures lie in one array, in the catalogue's order. A version comes before none. */
static int by_component(const void *a, const void *b, const void *context)
{
	const struct sighting *x = a, *y = b;
	int d;

	(void)context;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	if (!x->version.len != !y->version.len)
		return x->version.len ? -1 : 1;
	d = slice_cmp(x->version, y->version);
	if (d != 0)
		return d;
	return (x->at > y->at) - (x->at < y->at);
}

/* Keeps the first sighting of each version, and one without a version only where there is no other.
 */
static size_t unique(struct sighting *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct sighting *last = kept ? &list[kept - 1] : NULL;

		if (last && last->what == list[i].what &&
		    (list[i].version.len == 0 || slice_eq(last->version, list[i].version)))
			continue;
		list[kept++] = list[i];
	}
	return kept;
}

static void fit_names(struct look *k)
{
	for (unsigned i = 0; i < k->l->catalog->components_count && k->s->name.len; i++) {
		const struct catalog_entry *e = &k->l->catalog->components[i];

		for (unsigned f = 0; f < e->files_count && !k->name_fits[i]; f++)
			k->name_fits[i] = text_glob(k->s->name, e->files[f]);
	}
}

enum err library_scan(const struct library *l, const struct specimen *s, struct arena *a,
		      struct sightings *out)
{
	struct look k = {.l = l, .s = s, .a = a};
	hs_error_t e = HS_SUCCESS;

	/* LIMIT_OBJECT_BYTES is less: hyperscan takes 32-bit lengths */
	if (s->data.len > UINT32_MAX)
		return E_LIMIT;
	k.mark_seen = arena_array(a, l->probes_n[PROBE_MARK] + 1, sizeof *k.mark_seen);
	k.name_fits = arena_array(a, l->catalog->components_count, sizeof *k.name_fits);
	if (!k.mark_seen || !k.name_fits)
		return E_NOMEM;
	fit_names(&k);
	if (s->data.len)
		e = hs_scan(l->database, (const char *)s->data.ptr, (unsigned)s->data.len, 0,
			    l->scratch, on_match, &k);
	if (k.trouble || (e != HS_SUCCESS && e != HS_SCAN_TERMINATED))
		return k.trouble ? k.trouble : E_USAGE;
	if (k.hits_n)
		look_for_strings(&k);
	look_for_bare(&k);
	look_at_name(&k, k.s->name, SIGHTED_NAME);
	if (!slice_eq(k.s->name, k.s->soname))
		look_at_name(&k, k.s->soname, SIGHTED_SONAME);
	if (k.trouble)
		return k.trouble;
	sort_items(k.list, k.n, sizeof *k.list, by_component, NULL);
	*out = (struct sightings){.list = k.list, .n = unique(k.list, k.n)};
	return k.limit;
}
