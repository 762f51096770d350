// SPDX-License-Identifier: Apache-2.0
// The worker's side: open what can be opened, show every object and every tree to the inspectors.

#include "inspect/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/ban.h"

enum { TEXT_PROBE = 4096, CARVE_MIN = 4096 };

static const struct inspector *const inspectors[] = {
#define X(name) &inspector_##name,
#include "inspect/inspectors.def"
#undef X
};

struct walk {
	const struct task *task;
	struct emitter emitter;
	struct scene scene;
	struct inspect_data data;
	struct arena scratch;
	uint64_t ordinal, artifacts, unpacked;
	unsigned depth;
};

/* An object on its way: where it was found, its bytes, and who won the auction for them. */
struct thing {
	uint64_t parent;
	struct slice path;
	const struct entry *entry; /* of a tree; NULL for parts and stretches */
	struct slice data;
	const struct format *format;
	struct bid bid;
	bool may_carve;
};

/* A container being read. */
struct box {
	const struct thing *thing;
	uint64_t artifact;
	void *state;
	struct arena arena; /* the reader's state, entries, nodes */
	struct node *nodes;
	size_t n, cap;
};

static void visit(struct walk *w, const struct thing *t);

/* --- beginning and finishing objects --- */

static const struct casualty *lost_before(const struct walk *w)
{
	for (size_t i = 0; i < w->task->lost_n; i++)
		if (w->task->lost[i].ordinal == w->ordinal)
			return &w->task->lost[i];
	return NULL;
}

/* False when this object killed a worker before: the skip is emitted, it must be left alone. */
static bool begin(struct walk *w, struct slice path, uint64_t artifact, uint64_t *ordinal)
{
	*ordinal = ++w->ordinal;

	const struct casualty *c = lost_before(w);

	if (c) {
		scene_skip(&w->scene, "objects", artifact, path, c->why, "left out");
		scene_coverage(&w->scene, "objects", 0, 1);
		return false;
	}
	emit_begin(&w->emitter, *ordinal, path);
	return true;
}

static void skip_object(struct walk *w, uint64_t artifact, struct slice path, enum err why,
			const struct fault *f)
{
	scene_skip(&w->scene, "objects", artifact, path, why, f->msg);
	scene_coverage(&w->scene, "objects", 0, 1);
}

/* --- facts of objects --- */

static enum artifact_type type_of(const struct thing *t)
{
	static const enum artifact_type of_entry[] = {
		[ENTRY_PART] = ART_BLOB,     [ENTRY_FILE] = ART_FILE,
		[ENTRY_DIR] = ART_DIRECTORY, [ENTRY_LINK] = ART_LINK,
		[ENTRY_DEVICE] = ART_DEVICE, [ENTRY_PIPE] = ART_DEVICE,
		[ENTRY_SOCKET] = ART_DEVICE,
	};
	_Static_assert(ARRAY_LEN(of_entry) == ENTRY_N, "a type each");

	if (t->format)
		return t->format->type;
	return t->entry ? of_entry[t->entry->type] : ART_BLOB;
}

static uint64_t add_artifact(struct walk *w, const struct thing *t, bool has_data)
{
	char hex[SHA256_HEX + 1] = "";
	struct fact f = {.kind = FACT_ARTIFACT};
	const struct entry *e = t->entry;

	if (has_data)
		digest_sha256_hex(t->data, hex);
	f.artifact = (struct artifact){
		.id = ++w->artifacts,
		.parent = t->parent,
		.input = w->task->input_no,
		.path = t->path,
		.type = type_of(t),
		.format = slice_text(t->format ? t->format->name : ""),
		.size = has_data || !e ? t->data.len : e->size,
		.sha256 = slice_text(hex),
	};
	if (e) {
		f.artifact.mode = e->mode;
		f.artifact.uid = e->uid;
		f.artifact.gid = e->gid;
		f.artifact.link = e->link;
	}
	emit_fact(&w->emitter, &f);
	return f.artifact.id;
}

/* A document given beside the product: looking at it is not looking at the product. */
static bool is_paper(const struct thing *t)
{
	return t->format && t->format->is_document && !t->entry;
}

static bool wants(const struct walk *w, const struct thing *t, const struct inspector *i)
{
	bool only_documents = is_paper(t) || w->task->options->only_documents;

	return i->wants_documents || !only_documents;
}

static void show_object(struct walk *w, const struct thing *t, uint64_t artifact)
{
	struct object o = {
		.artifact = artifact,
		.path = t->path,
		.name = t->entry ? t->entry->path : (struct slice){0},
		.entry = t->entry,
		.format = t->format,
		.data = t->data,
		.is_text = text_is_plain(t->data, TEXT_PROBE),
	};

	for (size_t i = 0; i < ARRAY_LEN(inspectors) && w->task->options->wants_inspectors; i++) {
		if (!inspectors[i]->object || !wants(w, t, inspectors[i]))
			continue;
		inspectors[i]->object(&w->scene, &o);
		arena_release(&w->scratch);
	}
}

/* --- containers --- */

static struct slice child_path(struct arena *a, const struct thing *in, struct slice name,
			       const struct format *format)
{
	const char *word = format ? format->name : "data";

	if (name.len == 0)
		name = slice_text(word);
	return arena_print(a, "%.*s!%.*s", (int)slice_head(in->path, LIMIT_PATH_BYTES).len,
			   (const char *)in->path.ptr, (int)slice_head(name, LIMIT_PATH_BYTES).len,
			   (const char *)name.ptr);
}

/* squashfs@0x260000; at the very start just squashfs. */
static struct slice stretch_name(struct arena *a, const struct stretch *s)
{
	const char *word = s->format ? s->format->name : "blob";

	if (s->at == 0)
		return slice_text(word);
	return arena_print(a, "%s@0x%llx", word, (unsigned long long)s->at);
}

static enum err keep_node(struct box *b, const struct entry *e, uint64_t artifact)
{
	if (b->n == b->cap) {
		size_t cap = b->cap ? 2 * b->cap : 256;
		struct node *p = arena_array(&b->arena, cap, sizeof *p);

		if (!p)
			return E_NOMEM;
		if (b->n)
			memcpy(p, b->nodes, b->n * sizeof *p);
		b->nodes = p;
		b->cap = cap;
	}
	b->nodes[b->n++] = (struct node){.entry = *e, .artifact = artifact};
	return OK;
}

/* Bytes of an entry, within what one object and the whole task may unpack. */
static enum err read_entry(struct walk *w, const struct box *b, const struct entry *e,
			   struct buf *out, struct fault *why)
{
	if (e->damage.code) {
		*why = e->damage;
		return e->damage.code;
	}
	if (w->unpacked > LIMIT_TASK_BYTES)
		return fault_set(why, E_LIMIT, 0, "the task unpacked more than its limit");

	enum err err = b->thing->format->read(b->state, e, out, why);

	w->unpacked += out->len;
	return err ? err : out->err;
}

/* A file or a part: read it, see what it is, show it. */
static uint64_t walk_contents(struct walk *w, struct box *b, const struct entry *e)
{
	bool is_part = e->type == ENTRY_PART;
	struct thing t = {.parent = b->artifact, .entry = is_part ? NULL : e, .may_carve = true};
	struct fault why = {0};
	struct buf data;
	uint64_t ordinal = 0;

	t.path = child_path(&b->arena, b->thing, e->path, NULL);
	if (!begin(w, t.path, b->artifact, &ordinal))
		return add_artifact(w, &t, false);
	buf_init(&data, LIMIT_OBJECT_BYTES);

	enum err err = read_entry(w, b, e, &data, &why);
	uint64_t artifact = w->artifacts + 1;

	if (err) {
		(void)add_artifact(w, &t, false);
		skip_object(w, artifact, t.path, err, &why);
	} else {
		t.data = buf_slice(&data);
		t.format = format_auction(t.data, BID_MAGIC, &t.bid);
		if (is_part)
			t.path = child_path(&b->arena, b->thing, e->path, t.format);
		visit(w, &t);
	}
	buf_release(&data);
	emit_finish(&w->emitter, ordinal);
	return artifact;
}

static enum err walk_entry(struct walk *w, struct box *b, const struct entry *e)
{
	uint64_t artifact = 0;

	if (e->type == ENTRY_FILE || e->type == ENTRY_PART) {
		artifact = walk_contents(w, b, e);
	} else {
		struct thing t = {.parent = b->artifact, .entry = e};

		t.path = child_path(&b->arena, b->thing, e->path, NULL);
		artifact = add_artifact(w, &t, false);
		if (e->damage.code)
			skip_object(w, artifact, t.path, e->damage.code, &e->damage);
	}
	return b->thing->format->is_tree ? keep_node(b, e, artifact) : OK;
}

/* Two entries of one path keep the order they were found in. */
static int by_path(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	int d = slice_cmp(x->entry.path, y->entry.path);

	return d ? d : (x->artifact > y->artifact) - (x->artifact < y->artifact);
}

static void count_tree(struct walk *w, const struct tree *t)
{
	bool is_root = tree_is_root(t);
	bool is_settings = !is_root && t->format->is_rewritable;

	scene_coverage(&w->scene, "root-filesystems", is_root, is_root);
	scene_coverage(&w->scene, "settings-areas", is_settings, is_settings);
}

static void show_tree(struct walk *w, struct box *b)
{
	struct tree t = {.artifact = b->artifact,
			 .path = b->thing->path,
			 .nodes = b->nodes,
			 .n = b->n,
			 .format = b->thing->format,
			 .state = b->state};

	if (b->n)
		qsort(b->nodes, b->n, sizeof *b->nodes, by_path);
	count_tree(w, &t);
	for (size_t i = 0; i < ARRAY_LEN(inspectors) && w->task->options->wants_inspectors; i++) {
		struct slice what = arena_print(&b->arena, "%.*s (%s)", (int)t.path.len,
						(const char *)t.path.ptr, inspectors[i]->name);
		uint64_t ordinal = 0;

		if (!inspectors[i]->tree || !wants(w, b->thing, inspectors[i]) ||
		    !begin(w, what, b->artifact, &ordinal))
			continue;
		inspectors[i]->tree(&w->scene, &t);
		arena_release(&w->scratch);
		emit_finish(&w->emitter, ordinal);
	}
}

static enum err walk_entries(struct walk *w, struct box *b, struct fault *why)
{
	const struct format *f = b->thing->format;

	for (size_t n = 0;; n++) {
		struct entry e = {0};
		enum err err = f->next(b->state, &e, why);

		if (err)
			return err == E_END ? OK : err;
		if (n >= LIMIT_ENTRIES)
			return fault_set(why, E_LIMIT, 0, "more entries than the limit");
		err = walk_entry(w, b, &e);
		if (err)
			return fault_set(why, err, 0, "out of memory for entries");
	}
}

static void open_box(struct walk *w, const struct thing *t, uint64_t artifact)
{
	struct box b = {.thing = t, .artifact = artifact};
	struct fault why = {0};
	struct slice own = slice_head(t->data, t->bid.size);

	arena_init(&b.arena, LIMIT_ARENA_BYTES);

	enum err e = t->format->open(own, &b.arena, &b.state, &why);

	if (e == OK) {
		e = walk_entries(w, &b, &why);
		if (t->format->is_tree)
			show_tree(w, &b);
		if (t->format->close)
			t->format->close(b.state);
	}
	if (e)
		skip_object(w, artifact, t->path, e, &why);
	arena_release(&b.arena);
}

/* Structures inside a blob of no known format. Its other bytes were shown with the blob itself. */
static void carve_blob(struct walk *w, const struct thing *t, uint64_t artifact)
{
	struct stretch *s = NULL;
	struct arena a;
	struct fault why = {0};
	size_t n = 0;

	arena_init(&a, LIMIT_ARENA_BYTES);

	enum err e = carve(t->data, &a, &s, &n, &why);

	for (size_t i = 0; i < n; i++) {
		uint64_t ordinal = 0;

		if (s[i].kind != RANGE_IDENTIFIED || s[i].format->is_remainder)
			continue;

		struct thing part = {.parent = artifact, .format = s[i].format, .bid = s[i].bid};

		part.data = slice_head(slice_from(t->data, s[i].at), s[i].size);
		part.path = child_path(&a, t, stretch_name(&a, &s[i]), NULL);
		if (!begin(w, part.path, artifact, &ordinal))
			continue;
		visit(w, &part);
		emit_finish(&w->emitter, ordinal);
	}
	if (e)
		skip_object(w, artifact, t->path, e, &why);
	arena_release(&a);
}

static bool is_worth_carving(const struct walk *w, const struct thing *t)
{
	return t->may_carve && !t->format && t->data.len >= CARVE_MIN && w->depth < LIMIT_DEPTH &&
	       !text_is_plain(t->data, TEXT_PROBE);
}

static void visit(struct walk *w, const struct thing *t)
{
	uint64_t artifact = add_artifact(w, t, true);
	bool is_box = t->format && t->format->open;

	if (!is_paper(t))
		scene_coverage(&w->scene, "objects", 1, 1);
	if (w->task->options->sink && (t->entry || !is_box))
		emit_data(&w->emitter, t->path, t->data);
	show_object(w, t, artifact);

	w->depth++;
	if (is_box && w->depth > LIMIT_DEPTH) {
		struct fault why = {.msg = "containers nested deeper than the limit"};

		skip_object(w, artifact, t->path, E_LIMIT, &why);
	} else if (is_box) {
		open_box(w, t, artifact);
	} else if (is_worth_carving(w, t)) {
		carve_blob(w, t, artifact);
	}
	w->depth--;
}

/* --- tasks --- */

static void survey(struct walk *w)
{
	struct stretch *s = NULL;
	struct fault why = {0};
	struct arena a;
	size_t n = 0;
	struct slice in = w->task->input->bytes->bytes;
	struct stretch whole = {.size = in.len, .kind = RANGE_IDENTIFIED};

	arena_init(&a, LIMIT_ARENA_BYTES);
	/* Something that fills the input from its first byte, or lies at its start, needs no
	 * search. */
	whole.format = format_auction(in, BID_MAGIC, &whole.bid);
	if (whole.format && whole.bid.size == in.len) {
		emit_stretch(&w->emitter, &whole);
	} else {
		enum err e = carve(in, &a, &s, &n, &why);

		for (size_t i = 0; i < n; i++)
			emit_stretch(&w->emitter, &s[i]);
		if (e)
			skip_object(w, 0, w->task->input->name, e, &why);
	}
	arena_release(&a);
}

static void walk_stretch(struct walk *w)
{
	const struct stretch *s = &w->task->stretch;
	struct slice in = w->task->input->bytes->bytes;
	struct thing root = {.path = w->task->input->name};
	struct arena a;
	uint64_t ordinal = 0;

	arena_init(&a, 1 * MiB);

	struct thing t = {.format = s->format,
			  .bid = s->bid,
			  .data = slice_head(slice_from(in, s->at), s->size)};

	t.bid.size = s->size;
	t.path = child_path(&a, &root, stretch_name(&a, s), NULL);
	if (begin(w, t.path, 0, &ordinal)) {
		visit(w, &t);
		emit_finish(&w->emitter, ordinal);
	} else {
		(void)add_artifact(w, &t, false);
	}
	if (!is_paper(&t)) {
		scene_coverage(&w->scene, "root-filesystems", 0, 0);
		scene_coverage(&w->scene, "settings-areas", 0, 0);
	}
	arena_release(&a);
}

void walk_task(void *ctx, int results)
{
	struct task *task = ctx;
	struct walk w = {.task = task};

	emitter_init(&w.emitter, results);
	arena_init(&w.scratch, LIMIT_ARENA_BYTES);
	w.data = (struct inspect_data){.library = task->options->library,
				       .passwords = task->options->passwords};
	w.scene = (struct scene){.scratch = &w.scratch,
				 .date = task->options->date,
				 .method = METHOD_FIRMWARE,
				 .data = &w.data,
				 .emitter = &w.emitter};
	if (task->is_survey)
		survey(&w);
	else
		walk_stretch(&w);
	emit_done(&w.emitter);
}
