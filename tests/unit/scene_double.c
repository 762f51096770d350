// SPDX-License-Identifier: Apache-2.0
// A scene that keeps facts in an array, and trees over hand-made files.

#include "support.h"

#include "scene_double.h"

#include <stdio.h>
#include <stdlib.h>

/* --- the scene --- */

static struct slice kept(struct scene *s, struct slice text)
{
	struct buf clean;
	struct slice out = {0};

	buf_init(&clean, 8 * LIMIT_TEXT_BYTES);
	text_clean(&clean, slice_head(text, LIMIT_TEXT_BYTES));
	assert_int_equal(arena_copy(&s->emitter->arena, buf_slice(&clean), &out), OK);
	buf_release(&clean);
	return out;
}

/* A saying as it is: whoever makes it cleans it. */
static struct slice said(struct scene *s, struct slice saying)
{
	struct slice out = {0};

	assert_true(saying_is_good(saying));
	assert_true(saying.len <= LIMIT_TEXT_BYTES);
	assert_int_equal(arena_copy(&s->emitter->arena, saying, &out), OK);
	return out;
}

static struct fact *fact_new(struct scene *s, enum fact_kind kind)
{
	assert_true(s->emitter->n < STAGE_FACTS_MAX);

	struct fact *f = &s->emitter->facts[s->emitter->n++];

	*f = (struct fact){.kind = kind};
	return f;
}

void scene_finding(struct scene *s, const char *rule, uint64_t artifact, struct slice flaw,
		   struct slice location, struct slice evidence)
{
	fact_new(s, FACT_FINDING)->finding = (struct finding){
		.rule = kept(s, slice_text(rule)),
		.flaw = kept(s, flaw),
		.artifact = artifact,
		.location = said(s, location),
		.evidence = said(s, evidence),
	};
}

void scene_component(struct scene *s, const struct component *c)
{
	fact_new(s, FACT_COMPONENT)->component = (struct component){
		.name = kept(s, c->name),
		.version = kept(s, c->version),
		.purl = kept(s, c->purl),
		.cpe = kept(s, c->cpe),
		.supplier = kept(s, c->supplier),
		.artifact = c->artifact,
		.location = said(s, c->location),
		.method = kept(s, c->method),
		.confidence = c->confidence,
		.kind = c->kind,
	};
}

void scene_built(struct scene *s, const char *what, uint64_t artifact, struct slice names)
{
	fact_new(s, FACT_BUILT)->built = (struct built){
		.artifact = artifact,
		.what = kept(s, slice_text(what)),
		.names = kept(s, names),
	};
}

void scene_decision(struct scene *s, const struct decision *d)
{
	fact_new(s, FACT_DECISION)->decision = (struct decision){
		.id = kept(s, d->id),
		.product = kept(s, d->product),
		.status = d->status,
		.justification = kept(s, d->justification),
		.statement = kept(s, d->statement),
		.author = kept(s, d->author),
		.date = kept(s, d->date),
		.source = kept(s, d->source),
	};
}

void scene_coverage(struct scene *s, const char *subject, uint64_t seen, uint64_t total)
{
	assert_true(seen <= total);
	fact_new(s, FACT_COVERAGE)->coverage = (struct coverage){
		.method = s->method,
		.subject = kept(s, slice_text(subject)),
		.seen = seen,
		.total = total,
	};
}

void scene_skip(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		enum err why, struct slice detail)
{
	fact_new(s, FACT_SKIP)->skip = (struct skip){
		.method = s->method,
		.subject = kept(s, slice_text(subject)),
		.what = kept(s, what),
		.why = kept(s, slice_text(err_name(why))),
		.detail = said(s, detail),
		.artifact = artifact,
	};
}

void scene_skip_fault(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		      const struct fault *why)
{
	scene_skip(s, subject, artifact, what, why->code,
		   say_heard(s->scratch, slice_text(why->msg)));
}

/* --- trees --- */

const struct node *tree_node(const struct tree *t, struct slice path)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int d = slice_cmp(t->nodes[mid].entry.path, path);

		if (d == 0)
			return &t->nodes[mid];
		if (d < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}

/* "/a/b/../c" without links: dots resolved, never above the root. */
static void path_add(struct buf *path, struct slice part)
{
	if (part.len == 0 || slice_is(part, "."))
		return;
	if (!slice_is(part, "..")) {
		buf_byte(path, '/');
		buf_add(path, part);
		return;
	}
	while (path->len && path->data[path->len - 1] != '/')
		path->len--;
	if (path->len)
		path->len--;
}

static const struct node *find(const struct tree *t, struct slice path, unsigned links);

/* Follows `link` found at `at` (whose folder is its base) with `rest` behind it. */
static const struct node *follow(const struct tree *t, struct slice at, const struct node *link,
				 struct slice rest, unsigned links)
{
	struct buf next;
	const struct node *n = NULL;

	buf_init(&next, 4 * LIMIT_PATH_BYTES);
	if (slice_at(link->entry.link, 0) != '/') {
		while (at.len && at.ptr[at.len - 1] != '/')
			at.len--;
		buf_add(&next, at);
	}
	buf_add(&next, link->entry.link);
	buf_byte(&next, '/');
	buf_add(&next, rest);
	n = next.err || links >= LIMIT_LINKS ? NULL : find(t, buf_slice(&next), links + 1);
	buf_release(&next);
	return n;
}

static const struct node *find(const struct tree *t, struct slice path, unsigned links)
{
	struct buf at;
	struct slice rest = path, part;
	const struct node *n = NULL;

	buf_init(&at, 4 * LIMIT_PATH_BYTES);
	while (text_field(&rest, '/', &part)) {
		path_add(&at, part);
		n = tree_node(t, buf_slice(&at));
		if (n && n->entry.type == ENTRY_LINK) {
			n = follow(t, buf_slice(&at), n, rest, links);
			break;
		}
	}
	buf_release(&at);
	return n;
}

const struct node *tree_find(const struct tree *t, struct slice path)
{
	return find(t, path, 0);
}

static struct slice file_bytes(const struct stage_file *f)
{
	return f->bytes.ptr ? f->bytes : f->text ? slice_text(f->text) : slice_text("");
}

enum err tree_read(const struct tree *t, const struct node *n, struct buf *out, struct fault *why)
{
	const struct stage_file *files = t->state;
	const struct stage_file *f = &files[n->entry.key];

	buf_clear(out);
	if (f->damage)
		return fault_set(why, f->damage, 0, "damaged for a test");
	if (n->entry.type != ENTRY_FILE)
		return fault_set(why, E_USAGE, 0, "not a file");
	if (file_bytes(f).len > LIMIT_CONFIG_BYTES)
		return fault_set(why, E_LIMIT, 0, "too large");
	buf_add(out, file_bytes(f));
	return out->err;
}

enum err tree_read_database(const struct tree *t, const struct node *n, struct buf *out,
			    struct fault *why)
{
	return tree_read(t, n, out, why);
}

/* --- the stage --- */

struct stage *stage_new(void)
{
	struct stage *s = calloc(1, sizeof *s);

	assert_non_null(s);
	arena_init(&s->emitter.arena, 256 * MiB);
	arena_init(&s->scratch, 256 * MiB);
	s->scene = (struct scene){
		.scratch = &s->scratch,
		.date = 20454, /* 2026-01-01 */
		.method = METHOD_FIRMWARE,
		.data = &s->data,
		.emitter = &s->emitter,
	};
	return s;
}

void stage_free(struct stage *s)
{
	arena_release(&s->emitter.arena);
	arena_release(&s->scratch);
	free(s);
}

void stage_forget(struct stage *s)
{
	arena_release(&s->emitter.arena);
	arena_init(&s->emitter.arena, 256 * MiB);
	s->emitter.n = 0;
}

static struct entry entry_of(const struct stage_file *f, size_t key)
{
	enum entry_type type = f->type == ENTRY_PART ? ENTRY_FILE : f->type;

	return (struct entry){
		.type = type,
		.path = slice_text(f->path),
		.size = type == ENTRY_FILE ? file_bytes(f).len : 0,
		.mode = f->mode             ? f->mode
			: type == ENTRY_DIR ? 0755
					    : 0644,
		.uid = f->uid,
		.gid = f->gid,
		.link = slice_text(f->link ? f->link : ""),
		.major = f->major,
		.minor = f->minor,
		.is_block = f->is_block,
		.key = key,
	};
}

static void show_object(struct stage *s, const struct inspector *i, const struct stage_file *f,
			const struct entry *e, uint64_t artifact)
{
	struct object o = {
		.artifact = artifact,
		.path = arena_print(&s->scratch, "test.bin!%s", f->path),
		.name = e ? e->path : (struct slice){0},
		.entry = e,
		.format = f->format,
		.data = file_bytes(f),
	};

	o.is_text = text_is_plain(o.data, 4096);
	i->object(&s->scene, &o);
	arena_release(&s->scratch);
	arena_init(&s->scratch, 256 * MiB);
}

void stage_object(struct stage *s, const struct inspector *i, const struct stage_file *f,
		  bool is_part)
{
	struct entry e = entry_of(f, 0);

	if (i->object)
		show_object(s, i, f, is_part ? NULL : &e, STAGE_FILE_ARTIFACT);
}

static int by_path(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return slice_cmp(x->entry.path, y->entry.path);
}

void stage_tree(struct stage *s, const struct inspector *i, const struct stage_file *files,
		size_t n)
{
	struct node *nodes = calloc(n + 1, sizeof *nodes);
	struct tree t = {
		.artifact = STAGE_TREE_ARTIFACT,
		.path = slice_text("test.bin!squashfs"),
		.nodes = nodes,
		.n = n,
		.state = (void *)(uintptr_t)files,
	};

	assert_non_null(nodes);
	for (size_t k = 0; k < n; k++) {
		nodes[k].entry = entry_of(&files[k], k);
		nodes[k].artifact = STAGE_FILE_ARTIFACT + k;
	}
	qsort(nodes, n, sizeof *nodes, by_path);
	for (size_t k = 0; k < n && i->object; k++)
		if (nodes[k].entry.type == ENTRY_FILE && !files[nodes[k].entry.key].damage)
			show_object(s, i, &files[nodes[k].entry.key], &nodes[k].entry,
				    nodes[k].artifact);
	if (i->tree)
		i->tree(&s->scene, &t);
	arena_release(&s->scratch);
	arena_init(&s->scratch, 256 * MiB);
	free(nodes);
}

/* --- looking at what came --- */

static const struct fact *fact_next(const struct stage *s, enum fact_kind kind, size_t *at)
{
	while (*at < s->emitter.n) {
		const struct fact *f = &s->emitter.facts[(*at)++];

		if (f->kind == kind)
			return f;
	}
	return NULL;
}

size_t stage_findings(const struct stage *s, const char *rule, const char *flaw)
{
	size_t at = 0, n = 0;
	const struct fact *f;

	while ((f = fact_next(s, FACT_FINDING, &at)))
		if (slice_is(f->finding.rule, rule) && (!flaw || slice_is(f->finding.flaw, flaw)))
			n++;
	return n;
}

const struct finding *stage_finding(const struct stage *s, const char *rule, size_t k)
{
	size_t at = 0;
	const struct fact *f;

	while ((f = fact_next(s, FACT_FINDING, &at)))
		if (slice_is(f->finding.rule, rule) && k-- == 0)
			return &f->finding;
	return NULL;
}

const struct component *stage_component(const struct stage *s, const char *name)
{
	size_t at = 0;
	const struct fact *f;

	while ((f = fact_next(s, FACT_COMPONENT, &at)))
		if (slice_is(f->component.name, name))
			return &f->component;
	return NULL;
}

size_t stage_skips(const struct stage *s, const char *subject)
{
	size_t at = 0, n = 0;
	const struct fact *f;

	while ((f = fact_next(s, FACT_SKIP, &at)))
		n += slice_is(f->skip.subject, subject);
	return n;
}

static uint64_t sum(const struct stage *s, const char *subject, uint64_t *total, bool *any)
{
	size_t at = 0;
	uint64_t seen = 0;
	const struct fact *f;

	*total = 0;
	*any = false;
	while ((f = fact_next(s, FACT_COVERAGE, &at))) {
		if (!slice_is(f->coverage.subject, subject))
			continue;
		*any = true;
		seen += f->coverage.seen;
		*total += f->coverage.total;
	}
	return seen;
}

uint64_t stage_seen(const struct stage *s, const char *subject)
{
	uint64_t total;
	bool any;

	return sum(s, subject, &total, &any);
}

uint64_t stage_total(const struct stage *s, const char *subject)
{
	uint64_t total;
	bool any;

	(void)sum(s, subject, &total, &any);
	return total;
}

bool stage_covers(const struct stage *s, const char *subject)
{
	uint64_t total;
	bool any;

	(void)sum(s, subject, &total, &any);
	return any;
}

static bool is_in(struct slice text, const char *word)
{
	return slice_find(text, slice_text(word), 0) != SLICE_NONE;
}

/* In its values, or in the sentence made of them. */
static bool saying_mentions(struct slice saying, const char *word)
{
	struct buf b;
	bool found;

	buf_init(&b, 2 * LIMIT_TEXT_BYTES);
	saying_write(&b, saying, EN);
	found = is_in(saying, word) || is_in(buf_slice(&b), word);
	buf_release(&b);
	return found;
}

bool stage_mentions(const struct stage *s, const char *text)
{
	for (size_t k = 0; k < s->emitter.n; k++) {
		struct fact f = s->emitter.facts[k];
		const struct fact_type *type = fact_type(f.kind);

		for (size_t i = 0; i < type->fields_n; i++) {
			const struct field *d = &type->fields[i];

			if ((d->kind == FIELD_TEXT && is_in(*field_text(&f, d), text)) ||
			    (d->kind == FIELD_SAYING && saying_mentions(*field_text(&f, d), text)))
				return true;
		}
	}
	return false;
}

bool stage_says(struct slice saying, const char *english)
{
	struct buf b;
	bool is_same;

	buf_init(&b, 2 * LIMIT_TEXT_BYTES);
	saying_write(&b, saying, EN);
	is_same = slice_starts(buf_slice(&b), english);
	buf_release(&b);
	return is_same;
}

void stage_print(const struct stage *s)
{
	for (size_t k = 0; k < s->emitter.n; k++) {
		struct fact f = s->emitter.facts[k];
		const struct fact_type *type = fact_type(f.kind);

		printf("%s", type->name);
		for (size_t i = 0; i < type->fields_n; i++) {
			const struct field *d = &type->fields[i];

			if (field_is_text(d))
				printf(" %s=[%.*s]", d->key, (int)field_text(&f, d)->len,
				       (const char *)field_text(&f, d)->ptr);
			else
				printf(" %s=%llu", d->key, (unsigned long long)field_number(&f, d));
		}
		printf("\n");
	}
}
