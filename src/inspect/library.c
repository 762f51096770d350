// SPDX-License-Identifier: Apache-2.0
// Compiles the catalogue of components: one hyperscan database to find fixed texts, PCRE2 to
// capture versions around them.

#include "inspect/library_parts.h"
#include "model/model.h"

#include <string.h>

#include "base/ban.h"

enum {
	ARENA_BYTES = 16 * 1024 * 1024,
	LITERAL_MIN = 4,       /* shorter ones are found everywhere */
	MATCH_STEPS = 2000000, /* of PCRE2 in one call: more is a bad pattern, not a long file */
};

/* --- naming --- */

/* "a:vendor:product" */
static bool name_cpe(struct signature *s, struct slice text)
{
	struct slice part;

	if (!text_field(&text, ':', &part) || part.len != 1 ||
	    !text_field(&text, ':', &s->vendor) || !text_field(&text, ':', &s->product) ||
	    s->vendor.len == 0 || s->product.len == 0)
		return false;
	s->part = (char)part.ptr[0];
	return !text.ptr && (s->part == 'a' || s->part == 'o' || s->part == 'h');
}

/* "type/name" or "type/namespace/name" */
static bool name_purl(struct signature *s, struct slice text)
{
	struct slice second;

	if (!text_field(&text, '/', &s->purl_type) || !text_field(&text, '/', &second))
		return false;
	s->purl_name = text.ptr ? text : second;
	if (text.ptr)
		s->purl_space = second;
	return s->purl_type.len != 0 && s->purl_name.len != 0;
}

static enum err name_all(struct library *l, struct fault *why)
{
	l->signatures = arena_array(&l->arena, l->catalog->components_count, sizeof *l->signatures);
	if (!l->signatures)
		return fault_set(why, E_NOMEM, 0, "components: no room");
	for (unsigned i = 0; i < l->catalog->components_count; i++) {
		const struct catalog_entry *e = &l->catalog->components[i];
		struct signature *s = &l->signatures[i];

		*s = (struct signature){
			.name = slice_text(e->name),
			.supplier = slice_text(e->supplier),
			.kind = e->kind,
			.update = e->update ? e->update[0] : '\0',
			.is_text = e->text,
		};
		if (e->cpe_count && !name_cpe(s, slice_text(e->cpe[0])))
			return fault_set(why, E_CORRUPT, 0, "components: %s: bad cpe", e->name);
		if (!name_purl(s, slice_text(e->purl)))
			return fault_set(why, E_CORRUPT, 0, "components: %s: bad purl", e->name);
	}
	return OK;
}

/* "7.4p1" with update letter p: "7.4" and "p1"; "4.4.3-P1": "4.4.3" and "p1". */
static void split_update(char letter, struct slice *version, struct slice *update)
{
	size_t at = version->len;

	while (at > 0 && text_is_digit((char)slice_at(*version, at - 1)))
		at--;
	if (!letter || at < 2 || at == version->len ||
	    (slice_at(*version, at - 1) | 0x20) != (uint8_t)letter)
		return;
	*update = slice_from(*version, at - 1);
	at--;
	if (slice_at(*version, at - 1) == '-')
		at--;
	*version = slice_head(*version, at);
}

enum component_kind signature_component_kind(const struct signature *s)
{
	static const enum component_kind of[] = {
		[SIGNATURE_PROGRAM] = COMPONENT_PROGRAM,
		[SIGNATURE_LIBRARY] = COMPONENT_LIBRARY,
		[SIGNATURE_SYSTEM] = COMPONENT_FIRMWARE,
		[SIGNATURE_FIRMWARE] = COMPONENT_FIRMWARE,
	};
	_Static_assert(ARRAY_LEN(of) == SIGNATURE_KIND_N, "a kind each");

	/* NISTIR 7695, 5.3.3.1: part "o" is an operating system; boot loaders are applications */
	return s->kind == SIGNATURE_SYSTEM && s->part == 'o' ? COMPONENT_SYSTEM : of[s->kind];
}

void signature_cpe(const struct signature *s, struct slice version, struct buf *out)
{
	struct cpe c = {.part = s->part, .vendor = s->vendor, .product = s->product};

	split_update(s->update, &version, &c.update);
	c.version = version;
	cpe_write(out, &c);
}

void signature_purl(const struct signature *s, struct slice version, struct buf *out)
{
	const struct purl p = {
		.type = s->purl_type,
		.space = s->purl_space,
		.name = s->purl_name,
		.version = version,
	};

	purl_write(out, &p);
}

/* --- compiling --- */

static enum err probe_code(const struct catalog_entry *e, const char *find, pcre2_code **out,
			   struct fault *why)
{
	PCRE2_UCHAR said[80] = "";
	PCRE2_SIZE at = 0;
	int code = 0;

	*out = pcre2_compile((PCRE2_SPTR)find, PCRE2_ZERO_TERMINATED, PCRE2_DOTALL, &code, &at,
			     NULL);
	if (*out)
		return OK;
	pcre2_get_error_message(code, said, sizeof said);
	return fault_set(why, E_CORRUPT, 0, "components: %s: %.40s: %s", e->name, find,
			 (const char *)said);
}

/* One more probe. The arrays were counted before and have room. */
static enum err probe_add(struct library *l, enum probe_group g, size_t entry,
			  const struct catalog_pattern *p, struct fault *why)
{
	struct probe *probe = &l->probes[g][l->probes_n[g]++];

	*probe = (struct probe){.entry = entry, .find = p->find, .where = p->where};
	if (g == PROBE_MARK)
		return OK;
	return probe_code(&l->catalog->components[entry], p->find, &probe->code, why);
}

static enum err probe_entry(struct library *l, size_t i, struct fault *why)
{
	const struct catalog_entry *e = &l->catalog->components[i];
	enum err err = OK;

	for (unsigned k = 0; k < e->patterns_count && err == OK; k++)
		err = probe_add(l, e->patterns[k].where == SCOPE_NAMED ? PROBE_BARE : PROBE_STRING,
				i, &e->patterns[k], why);
	for (unsigned k = 0; k < e->names_count && err == OK; k++)
		err = probe_add(l, PROBE_NAME, i, &e->names[k], why);
	/* Marks that must be there, then marks that must not: library_scan relies on the order. */
	for (unsigned k = 0; k < e->marks_count && err == OK; k++)
		err = probe_add(l, PROBE_MARK, i, &(struct catalog_pattern){.find = e->marks[k]},
				why);
	for (unsigned k = 0; k < e->without_count && err == OK; k++)
		err = probe_add(l, PROBE_MARK, i, &(struct catalog_pattern){.find = e->without[k]},
				why);
	return err;
}

static enum err probe_all(struct library *l, struct fault *why)
{
	size_t most[PROBE_GROUP_N] = {0};
	enum err err = OK;

	for (unsigned i = 0; i < l->catalog->components_count; i++) {
		const struct catalog_entry *e = &l->catalog->components[i];

		most[PROBE_STRING] += e->patterns_count;
		most[PROBE_BARE] += e->patterns_count;
		most[PROBE_NAME] += e->names_count;
		most[PROBE_MARK] += (size_t)e->marks_count + e->without_count;
	}
	for (unsigned g = 0; g < PROBE_GROUP_N; g++) {
		l->probes[g] = arena_array(&l->arena, most[g] + 1, sizeof *l->probes[g]);
		if (!l->probes[g])
			return fault_set(why, E_NOMEM, 0, "components: no room");
	}
	for (unsigned i = 0; i < l->catalog->components_count && err == OK; i++)
		err = probe_entry(l, i, why);
	return err;
}

/*
 * The longest run of plain bytes that every match of a regular expression holds. The database looks
 * for these runs only: literals compile and match many times faster than what is around them, and
 * PCRE2 looks at each place anyway. Runs end at anything but a plain character; groups and whatever
 * a quantifier follows are passed over.
 */
struct run {
	struct buf bytes, best;
	struct slice rest; /* of the expression */
	unsigned depth;    /* of groups */
};

static void run_end(struct run *r)
{
	if (r->bytes.len > r->best.len) {
		buf_clear(&r->best);
		buf_add(&r->best, buf_slice(&r->bytes));
	}
	buf_clear(&r->bytes);
}

/* Takes one byte off an expression. */
static uint8_t take(struct slice *rest)
{
	uint8_t c = slice_at(*rest, 0);

	*rest = slice_from(*rest, 1);
	return c;
}

/* Behind a backslash: a byte, or false for a class ("\d"). */
static bool take_escaped(struct slice *rest, uint8_t *byte)
{
	uint64_t value = 0;

	*byte = take(rest);
	if (*byte == 'x' && text_u64(slice_head(*rest, 2), 16, &value) == OK) {
		*rest = slice_from(*rest, 2);
		*byte = (uint8_t)value;
		return true;
	}
	if (*byte == 'n' || *byte == 'r') {
		*byte = *byte == 'n' ? '\n' : '\r';
		return true;
	}
	return !text_is_alnum((char)*byte);
}

static void pass_class(struct slice *rest)
{
	bool is_first = true;

	for (uint8_t c = take(rest); rest->len && (c != ']' || is_first); c = take(rest)) {
		is_first = is_first && c == '^';
		if (c == '\\')
			(void)take(rest);
	}
}

static void run_step(struct run *r)
{
	uint8_t c = take(&r->rest), next;
	bool is_plain = !strchr("^$.|?*+{}", c);

	if (c == '\\')
		is_plain = take_escaped(&r->rest, &c);
	else if (c == '[')
		pass_class(&r->rest);
	else if (c == '(')
		r->depth++;
	else if (c == ')')
		r->depth--;
	else if (c == '{')
		r->rest = slice_from(r->rest, slice_find_byte(r->rest, '}', 0));
	next = slice_at(r->rest, 0);
	if (!is_plain || strchr("[()", c) || r->depth || (next && strchr("?*{", next)))
		run_end(r);
	else
		buf_byte(&r->bytes, c);
}

static enum err literal_of(struct arena *a, const char *find, struct slice *out)
{
	struct run r = {.rest = slice_text(find)};
	enum err err = OK;

	buf_init(&r.bytes, 64 * KiB);
	buf_init(&r.best, 64 * KiB);
	while (r.rest.len)
		run_step(&r);
	run_end(&r);
	err = r.best.len < LITERAL_MIN ? E_CORRUPT : arena_copy(a, buf_slice(&r.best), out);
	buf_release(&r.bytes);
	buf_release(&r.best);
	return err;
}

struct literals {
	const char **text;
	size_t *len;
	unsigned *flags, *ids;
	unsigned n;
};

static enum err literal_add(struct library *l, struct literals *x, const struct probe *p,
			    bool is_mark, struct fault *why)
{
	struct slice text = slice_text(p->find);
	enum err err = is_mark ? OK : literal_of(&l->arena, p->find, &text);

	if (err == OK && text.len < LITERAL_MIN)
		err = E_CORRUPT;
	if (err)
		return fault_set(why, err, 0, "components: %.60s: no fixed text of %d bytes in it",
				 p->find, LITERAL_MIN);
	x->text[x->n] = (const char *)text.ptr;
	x->len[x->n] = text.len;
	/* A mark is asked for once. */
	x->flags[x->n] = is_mark ? HS_FLAG_SINGLEMATCH : 0;
	x->ids[x->n] = x->n;
	x->n++;
	return OK;
}

static enum err literals_make(struct library *l, struct literals *x, struct fault *why)
{
	size_t strings = l->probes_n[PROBE_STRING], marks = l->probes_n[PROBE_MARK];
	enum err err = OK;

	x->text = arena_array(&l->arena, strings + marks, sizeof *x->text);
	x->len = arena_array(&l->arena, strings + marks, sizeof *x->len);
	x->flags = arena_array(&l->arena, strings + marks, sizeof *x->flags);
	x->ids = arena_array(&l->arena, strings + marks, sizeof *x->ids);
	if (!x->text || !x->len || !x->flags || !x->ids)
		return fault_set(why, E_NOMEM, 0, "components: no room");
	for (size_t i = 0; i < strings && err == OK; i++)
		err = literal_add(l, x, &l->probes[PROBE_STRING][i], false, why);
	for (size_t i = 0; i < marks && err == OK; i++)
		err = literal_add(l, x, &l->probes[PROBE_MARK][i], true, why);
	return err;
}

static enum err database_make(struct library *l, struct fault *why)
{
	struct literals x = {0};
	hs_compile_error_t *bad = NULL;
	enum err err = literals_make(l, &x, why);

	if (err)
		return err;
	if (x.n == 0)
		return fault_set(why, E_CORRUPT, 0, "components: no patterns");
	if (hs_compile_lit_multi(x.text, x.flags, x.ids, x.len, x.n, HS_MODE_BLOCK, NULL,
				 &l->database, &bad) == HS_SUCCESS)
		return OK;
	(void)fault_set(why, E_CORRUPT, 0, "components: %.100s", bad->message);
	hs_free_compile_error(bad);
	return E_CORRUPT;
}

/* What one user of the database needs for itself. */
static enum err scratch_make(struct library *l)
{
	l->match = pcre2_match_data_create(2, NULL);
	if (!l->match || hs_alloc_scratch(l->database, &l->scratch) != HS_SUCCESS)
		return E_NOMEM;
	return OK;
}

static enum err library_fill(struct library *l, struct slice yaml, struct fault *why)
{
	enum err err = catalog_load(yaml, &l->catalog, why);

	if (err == OK)
		err = name_all(l, why);
	if (err == OK)
		err = probe_all(l, why);
	if (err == OK)
		err = database_make(l, why);
	if (err)
		return err;
	l->context = pcre2_match_context_create(NULL);
	if (!l->context || scratch_make(l) != OK)
		return fault_set(why, E_NOMEM, 0, "components: no room");
	pcre2_set_match_limit(l->context, MATCH_STEPS);
	return OK;
}

void library_free(struct library *l)
{
	if (!l)
		return;
	hs_free_scratch(l->scratch);
	pcre2_match_data_free(l->match);
	if (!l->is_clone) {
		for (unsigned g = 0; g < PROBE_GROUP_N; g++)
			for (size_t i = 0; i < l->probes_n[g]; i++)
				pcre2_code_free(l->probes[g][i].code);
		hs_free_database(l->database);
		pcre2_match_context_free(l->context);
		catalog_free(l->catalog);
	}

	struct arena a = l->arena; /* the library itself lives in it */

	arena_release(&a);
}

static struct library *library_new(void)
{
	struct arena a;
	struct library *l = NULL;

	arena_init(&a, ARENA_BYTES);
	l = arena_alloc(&a, sizeof *l);
	if (l)
		l->arena = a;
	return l;
}

enum err library_load(struct slice yaml, struct library **out, struct fault *why)
{
	struct library *l = library_new();
	enum err err = OK;

	if (!l)
		return fault_set(why, E_NOMEM, 0, "components: no room");
	err = library_fill(l, yaml, why);
	if (err) {
		library_free(l);
		return err;
	}
	*out = l;
	return OK;
}

enum err library_clone(const struct library *l, struct library **out)
{
	struct library *clone = library_new();

	if (!clone)
		return E_NOMEM;

	struct arena own = clone->arena;

	*clone = *l;
	clone->arena = own;
	clone->is_clone = true;
	clone->scratch = NULL;
	clone->match = NULL;
	if (scratch_make(clone) != OK) {
		library_free(clone);
		return E_NOMEM;
	}
	*out = clone;
	return OK;
}

/* --- questions to the catalogue --- */

const struct signature *library_package(const struct library *l, struct slice package)
{
	for (unsigned i = 0; i < l->catalog->components_count; i++) {
		const struct catalog_entry *e = &l->catalog->components[i];

		for (unsigned k = 0; k < e->packages_count; k++)
			if (text_glob(package, e->packages[k]))
				return &l->signatures[i];
	}
	return NULL;
}

bool library_example(const struct library *l, size_t k, struct example *out)
{
	for (unsigned i = 0; i < l->catalog->components_count; i++) {
		const struct catalog_entry *e = &l->catalog->components[i];
		const struct catalog_pattern *p = NULL;
		size_t n = (size_t)e->patterns_count + e->names_count;

		if (k >= n) {
			k -= n;
			continue;
		}
		p = k < e->patterns_count ? &e->patterns[k] : &e->names[k - e->patterns_count];
		*out = (struct example){
			.component = slice_text(e->name),
			.text = slice_text(p->example),
			.version = slice_text(p->version),
			.how = k < e->patterns_count ? SIGHTED_STRING : SIGHTED_NAME,
			.is_text = e->text,
			.marks = e->marks,
			.marks_n = e->marks_count,
			.is_anywhere = k < e->patterns_count && p->where == SCOPE_ANYWHERE,
		};
		if (e->files_count)
			out->file = slice_text(e->files[0]);
		return true;
	}
	return false;
}
