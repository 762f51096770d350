/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stage for inspectors under test: a scene that keeps every fact, and trees made by hand.
 *
 * Link scene_double.c instead of the scene, tree and walk of the inspect room.
 */
#ifndef TESTS_SCENE_DOUBLE_H
#define TESTS_SCENE_DOUBLE_H

#include "inspect/scene.h"

enum { STAGE_FACTS_MAX = 16384, STAGE_TREE_ARTIFACT = 1, STAGE_FILE_ARTIFACT = 100 };

struct emitter {
	struct arena arena; /* texts of the facts */
	struct fact facts[STAGE_FACTS_MAX];
	size_t n;
};

struct stage {
	struct emitter emitter;
	struct arena scratch;
	struct inspect_data data;
	struct scene scene; /* date: 2026-01-01 unless the test sets another */
};

/* One entry of a hand-made tree. Type 0 (ENTRY_PART) stands for a file, mode 0 for 0644 (files) or
 * 0755 (folders). `bytes.ptr` NULL with `text` set: the text is the contents. Folders above an
 * entry need not be listed. */
struct stage_file {
	const char *path;
	const char *text;
	struct slice bytes;
	enum entry_type type;
	uint32_t mode, uid, gid, major, minor;
	bool is_block;
	const char *link;
	enum err damage;             /* reading it fails so */
	const struct format *format; /* what the auction would say */
};

struct stage *stage_new(void);
void stage_free(struct stage *s);
void stage_forget(struct stage *s); /* the facts so far */

/* One object: path as given; a part or blob (no entry, no name) when `is_part`. */
void stage_object(struct stage *s, const struct inspector *i, const struct stage_file *f,
		  bool is_part);

/* What the walk does with a tree: every file as object (in path order), then the tree. NULL
 * callbacks are skipped. */
void stage_tree(struct stage *s, const struct inspector *i, const struct stage_file *files,
		size_t n);

/* Findings of a rule whose flaw is `flaw` (NULL: any), counted; the k-th of them or NULL. */
size_t stage_findings(const struct stage *s, const char *rule, const char *flaw);
const struct finding *stage_finding(const struct stage *s, const char *rule, size_t k);
const struct component *stage_component(const struct stage *s, const char *name);
size_t stage_skips(const struct stage *s, const char *subject);

/* Sums of the coverage facts of a subject; stage_covers: was there any such fact? */
uint64_t stage_seen(const struct stage *s, const char *subject);
uint64_t stage_total(const struct stage *s, const char *subject);
bool stage_covers(const struct stage *s, const char *subject);

/* Is `text` anywhere in a text of a finding, component or skip? For secrets that must not be. */
bool stage_mentions(const struct stage *s, const char *text);

/* Does the sentence of a saying begin so in English? */
bool stage_says(struct slice saying, const char *english);

/* All facts as lines on stdout, for a person who looks for a failing test's cause. */
void stage_print(const struct stage *s);

#endif
