// SPDX-License-Identifier: Apache-2.0
// Does the SBOM list what is in the image? A pure function over the record.

#include "inspect/parts.h"

#include "base/ban.h"

enum { NAMES_MAX = 3 };

/* One name of one listed component. */
struct key {
	struct slice name, version, bare; /* bare: without epoch and revision */
	const struct component *c;
};

/* Sorted by name, then version; once more by name, then bare version. */
struct listing {
	struct key *by_version, *by_bare;
	size_t n;
};

struct seen {
	struct key key; /* its first name, for telling parts apart */
	struct slice names[NAMES_MAX];
};

bool part_is_listed(const struct component *c)
{
	return slice_is(c->method, "sbom");
}

/* --- names and versions --- */

static struct slice normal(struct slice s, struct arena *a)
{
	uint8_t *to = arena_array(a, s.len + 1, 1);

	for (size_t i = 0; to && i < s.len; i++) {
		uint8_t c = s.ptr[i];

		to[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c == '_' ? '-' : c;
	}
	return to ? slice_of(to, s.len) : (struct slice){0};
}

/* A revision is "-5", "-r2", "-1ubuntu2", "+b1"; "-rc1" and "-beta" are other versions. */
static bool begins_revision(struct slice s, size_t at)
{
	uint8_t next = slice_at(s, at + 1);

	if (s.ptr[at] == '+')
		return true;
	return s.ptr[at] == '-' && (text_is_digit((char)next) ||
				    (next == 'r' && text_is_digit((char)slice_at(s, at + 2))));
}

static struct slice bare_version(struct slice v)
{
	size_t colon = slice_find_byte(v, ':', 0);
	uint64_t epoch = 0;

	if (colon != SLICE_NONE && text_u64(slice_head(v, colon), 10, &epoch) == OK)
		v = slice_from(v, colon + 1);
	for (size_t i = 1; i < v.len; i++)
		if (begins_revision(v, i))
			return slice_head(v, i);
	return v;
}

/* Different names only; the first is the one the part is told apart by. */
static size_t names_of(const struct component *c, struct arena *a, struct slice names[NAMES_MAX])
{
	struct slice all[NAMES_MAX] = {{0}};
	struct arena scratch;
	struct purl purl = {0};
	struct cpe cpe = {0};
	size_t n = 0;

	arena_init(&scratch, 1 * MiB);
	if (c->cpe.len && cpe_read(c->cpe, &scratch, &cpe, NULL) == OK)
		all[0] = normal(cpe.product, a);
	if (c->purl.len && purl_read(c->purl, &scratch, &purl, NULL) == OK)
		all[1] = normal(purl.name, a);
	all[2] = normal(c->name, a);
	arena_release(&scratch);
	for (size_t i = 0; i < NAMES_MAX; i++) {
		bool is_new = all[i].len > 0;

		for (size_t k = 0; k < n; k++)
			is_new = is_new && !slice_eq(names[k], all[i]);
		if (is_new)
			names[n++] = all[i];
	}
	return n;
}

/* --- order --- */

static int by_version(const void *a, const void *b, const void *context)
{
	const struct key *x = a, *y = b;
	int d = slice_cmp(x->name, y->name);

	(void)context;
	if (d == 0)
		d = slice_cmp(x->version, y->version);
	return d ? d : (x->c > y->c) - (x->c < y->c);
}

static int by_bare(const void *a, const void *b, const void *context)
{
	const struct key *x = a, *y = b;
	int d = slice_cmp(x->name, y->name);

	(void)context;
	if (d == 0)
		d = slice_cmp(x->bare, y->bare);
	return d ? d : (x->c > y->c) - (x->c < y->c);
}

/* The first key that is not before `want` by the first `order` that fits. */
static const struct key *lower_bound(const struct key *keys, size_t n, struct key want,
				     sort_order *order)
{
	size_t lo = 0, hi = n;

	want.c = NULL;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (order(&keys[mid], &want, NULL) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && slice_eq(keys[lo].name, want.name) ? &keys[lo] : NULL;
}

/* --- the comparison --- */

struct comparison {
	const struct record *r;
	struct arena arena;
	struct listing listed, seen; /* of seen: by_version only, one key a part and name */
	struct seen *parts;
	size_t parts_n;
};

static bool is_detected(const struct component *c)
{
	return !part_is_listed(c) && c->version.len && c->confidence != WEAK;
}

static enum err reserve(struct comparison *m)
{
	size_t listed = 0, detected = 0, at = 0;
	const struct fact *f;

	while ((f = record_next(m->r, FACT_COMPONENT, &at))) {
		listed += part_is_listed(&f->component);
		detected += is_detected(&f->component);
	}
	m->listed.by_version = arena_array(&m->arena, NAMES_MAX * listed + 1, sizeof(struct key));
	m->listed.by_bare = arena_array(&m->arena, NAMES_MAX * listed + 1, sizeof(struct key));
	m->seen.by_version = arena_array(&m->arena, NAMES_MAX * detected + 1, sizeof(struct key));
	m->seen.by_bare = arena_array(&m->arena, NAMES_MAX * detected + 1, sizeof(struct key));
	m->parts = arena_array(&m->arena, detected + 1, sizeof *m->parts);
	return m->listed.by_version && m->listed.by_bare && m->seen.by_version && m->seen.by_bare &&
			       m->parts
		       ? OK
		       : E_NOMEM;
}

static void collect(struct comparison *m)
{
	const struct fact *f;
	size_t at = 0;

	while ((f = record_next(m->r, FACT_COMPONENT, &at))) {
		const struct component *c = &f->component;
		struct listing *to = part_is_listed(c) ? &m->listed : &m->seen;
		struct seen part = {.key = {.c = c}};
		size_t n;

		if (!part_is_listed(c) && !is_detected(c))
			continue;
		n = names_of(c, &m->arena, part.names);
		part.key.version = c->version;
		part.key.bare = bare_version(c->version);
		for (size_t i = 0; i < n; i++) {
			part.key.name = part.names[i];
			to->by_version[to->n] = part.key;
			to->by_bare[to->n++] = part.key;
		}
		part.key.name = part.names[0];
		if (is_detected(c))
			m->parts[m->parts_n++] = part;
	}
	sort_items(m->listed.by_version, m->listed.n, sizeof(struct key), by_version, NULL);
	sort_items(m->listed.by_bare, m->listed.n, sizeof(struct key), by_bare, NULL);
	sort_items(m->seen.by_version, m->seen.n, sizeof(struct key), by_version, NULL);
	sort_items(m->seen.by_bare, m->seen.n, sizeof(struct key), by_bare, NULL);
}

/* The same version: as written, or without revisions. "1.2-5" and "1.2-7" are two packagings of one
 * version. */
static const struct key *find_version(const struct listing *l, struct key want)
{
	const struct key *k = lower_bound(l->by_version, l->n, want, by_version);

	if (k && slice_eq(k->version, want.version))
		return k;
	k = lower_bound(l->by_bare, l->n, want, by_bare);
	return k && slice_eq(k->bare, want.bare) ? k : NULL;
}

static const struct key *find_name(const struct listing *l, struct key want)
{
	want.version = (struct slice){0};
	return lower_bound(l->by_version, l->n, want, by_version);
}

static enum part_outcome outcome_of(const struct listing *l, const struct seen *p,
				    const struct component **listed)
{
	const struct key *same = NULL, *other = NULL;

	for (size_t i = 0; i < NAMES_MAX && !same; i++) {
		struct key want = p->key;

		want.name = p->names[i];
		if (want.name.len == 0)
			continue;
		same = find_version(l, want);
		if (!other)
			other = find_name(l, want);
	}
	*listed = same ? same->c : other ? other->c : NULL;
	return same ? PART_MATCHED : other ? PART_DIFFERING : PART_MISSING;
}

static int by_part(const void *a, const void *b, const void *context)
{
	const struct key *const *x = a, *const *y = b;

	return by_version(*x, *y, context);
}

static bool is_same_part(const struct key *a, const struct key *b)
{
	return slice_eq(a->name, b->name) && slice_eq(a->version, b->version);
}

/* The first sighting of each part, in order of name and version. */
static enum err distinct(struct comparison *m)
{
	const struct key **at = arena_array(&m->arena, m->parts_n + 1, sizeof(struct key *));
	struct seen *kept = arena_array(&m->arena, m->parts_n + 1, sizeof *kept);
	size_t n = 0;

	if (!at || !kept)
		return E_NOMEM;
	for (size_t i = 0; i < m->parts_n; i++)
		at[i] = &m->parts[i].key;
	sort_items(at, m->parts_n, sizeof(struct key *), by_part, NULL);
	for (size_t i = 0; i < m->parts_n; i++) {
		if (i && is_same_part(at[i - 1], at[i]))
			continue;
		kept[n].key = *at[i];
		(void)names_of(at[i]->c, &m->arena, kept[n].names);
		n++;
	}
	m->parts = kept;
	m->parts_n = n;
	return OK;
}

static void tell_unseen(struct comparison *m,
			void (*each)(void *ctx, enum part_outcome o, const struct component *seen,
				     const struct component *listed),
			void *ctx, struct parts_compared *out)
{
	struct slice names[NAMES_MAX] = {{0}};
	const struct fact *f;
	size_t at = 0;

	while ((f = record_next(m->r, FACT_COMPONENT, &at))) {
		bool is_seen = false;
		size_t n;

		if (!part_is_listed(&f->component))
			continue;
		out->listed++;
		n = names_of(&f->component, &m->arena, names);
		for (size_t i = 0; i < n && !is_seen; i++)
			is_seen = find_name(&m->seen, (struct key){.name = names[i]}) != NULL;
		if (is_seen)
			continue;
		out->of[PART_UNSEEN]++;
		if (each)
			each(ctx, PART_UNSEEN, NULL, &f->component);
	}
}

enum err parts_compare(const struct record *r,
		       void (*each)(void *ctx, enum part_outcome o, const struct component *seen,
				    const struct component *listed),
		       void *ctx, struct parts_compared *out)
{
	struct comparison m = {.r = r};
	struct parts_compared sums = {.detected = 0};
	enum err e;

	arena_init(&m.arena, LIMIT_ARENA_BYTES);
	e = reserve(&m);
	if (e == OK) {
		collect(&m);
		e = distinct(&m);
	}
	for (size_t i = 0; i < m.parts_n && e == OK; i++) {
		const struct component *listed = NULL;
		enum part_outcome o = outcome_of(&m.listed, &m.parts[i], &listed);

		sums.detected++;
		sums.of[o]++;
		if (each)
			each(ctx, o, m.parts[i].key.c, listed);
	}
	if (e == OK) {
		tell_unseen(&m, each, ctx, &sums);
		*out = sums;
	}
	arena_release(&m.arena);
	return e;
}
