// SPDX-License-Identifier: Apache-2.0
// Makes a sheet of the three documents of the catalogue and refuses what does not fit together.

#include "sheet/loader.h"
#include "sheet/overlap.h"

#include <stdlib.h>

#include "base/ban.h"

static const cyaml_schema_value_t *const schemas[DOC_N] = {
	[DOC_VULNERABILITY] = &schema_vulnerability,
	[DOC_IOT] = &schema_iot,
	[DOC_RULES] = &schema_rules,
};

static int rule_cmp(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	return slice_cmp(x->id, y->id);
}

static void load_rules(struct loader *l)
{
	const struct document *d = l->docs[DOC_RULES];
	struct rule *rules = loader_take(l, d->rules_count, sizeof *rules);

	for (size_t i = 0; l->err == OK && i < d->rules_count; i++) {
		const struct doc_rule *r = &d->rules[i];

		rules[i] = (struct rule){
			.id = loader_keep(l, r->id),
			.severity = r->severity,
			.title = loader_keep_both(l, r->title.ja, r->title.en),
			.action = loader_keep_both(l, r->action.ja, r->action.en),
			.cwe = loader_keep_numbers(l, r->cwe, r->cwe_count),
			.cwe_n = r->cwe_count,
		};
	}
	if (l->err)
		return;
	qsort(rules, d->rules_count, sizeof *rules, rule_cmp);
	for (size_t i = 1; i < d->rules_count; i++)
		if (slice_eq(rules[i - 1].id, rules[i].id))
			loader_complain(l, DOC_RULES, (const char *)rules[i].id.ptr,
					"stands here twice");
	l->sheet->rules = rules;
	l->sheet->rules_n = d->rules_count;
}

static void load_owners(struct loader *l, const struct doc_overlap *in, struct overlap *out)
{
	struct slice *owners = loader_take(l, in->owner_order_count, sizeof *owners);

	for (size_t i = 0; l->err == OK && i < in->owner_order_count; i++) {
		const struct item *item = sheet_item(l->sheet, slice_text(in->owner_order[i]));

		if (!item || item->part != PART_VULNERABILITY) {
			loader_complain(l, DOC_VULNERABILITY, in->id,
					"names an item that is not there");
			return;
		}
		owners[i] = item->id;
	}
	out->owners = owners;
	out->owners_n = in->owner_order_count;
}

static void load_overlaps(struct loader *l)
{
	const struct document *d = l->docs[DOC_VULNERABILITY];
	struct overlap *groups = loader_take(l, d->overlap_groups_count, sizeof *groups);

	for (size_t i = 0; l->err == OK && i < d->overlap_groups_count; i++) {
		const struct doc_overlap *in = &d->overlap_groups[i];

		groups[i].id = loader_keep(l, in->id);
		groups[i].flaw = loader_keep_both(l, in->flaw.ja, in->flaw.en);
		load_owners(l, in, &groups[i]);
	}
	if (l->err)
		return;
	l->sheet->overlaps = groups;
	l->sheet->overlaps_n = d->overlap_groups_count;

	struct arena scratch;
	struct owner_order order;
	enum err e = OK;

	arena_init(&scratch, LIMIT_SHEET_BYTES);
	e = owner_order_make(l->sheet, &scratch, &order);
	arena_release(&scratch);
	if (e)
		l->err = fault_set(l->why, e, 0, "%s: overlap_groups contradict each other",
				   document_name(DOC_VULNERABILITY));
}

static void load_head(struct loader *l)
{
	const struct document *v = l->docs[DOC_VULNERABILITY];
	struct slice edition = slice_text(v->edition);

	for (unsigned i = 0; i < DOC_N && l->err == OK; i++) {
		if (!slice_is(edition, l->docs[i]->edition) ||
		    !slice_is(edition, l->docs[i]->end_of))
			l->err = fault_set(
				l->why, E_CORRUPT, 0,
				"%s: edition and end_of must be the same in all documents",
				document_name((enum doc_no)i));
	}
	if (l->err == OK && (v->grade.bronze < 1 || v->grade.bronze > v->grade.silver ||
			     v->grade.silver > v->grade.gold || v->grade.gold > 100))
		l->err = fault_set(l->why, E_CORRUPT, 0,
				   "%s: grade: bronze <= silver <= gold, 1 to 100",
				   document_name(DOC_VULNERABILITY));
	l->sheet->edition = loader_keep(l, v->edition);
	l->sheet->bronze = v->grade.bronze;
	l->sheet->silver = v->grade.silver;
	l->sheet->gold = v->grade.gold;
}

/* As `sha256sum vulnerability.yaml iot.yaml rules.yaml | sha256sum`. */
static void pin(struct loader *l)
{
	char hex[SHA256_HEX + 1];
	struct buf lines;

	buf_init(&lines, 4 * KiB);
	for (unsigned i = 0; i < DOC_N; i++) {
		digest_sha256_hex(l->bytes[i], hex);
		buf_print(&lines, "%s  %s\n", hex, document_name((enum doc_no)i));
	}
	if (lines.err && l->err == OK)
		l->err = fault_set(l->why, lines.err, 0, "sheet: no room");
	digest_sha256_hex(buf_slice(&lines), l->sheet->sha256);
	buf_release(&lines);
}

static enum err load(struct loader *l)
{
	for (unsigned i = 0; i < DOC_N; i++) {
		enum err e = document_read(document_name((enum doc_no)i), l->bytes[i], schemas[i],
					   &l->docs[i], l->why);

		if (e)
			return e;
	}
	load_head(l);
	load_rules(l);
	if (l->err == OK)
		loader_items(l);
	if (l->err == OK)
		load_overlaps(l);
	pin(l);
	return l->err;
}

enum err sheet_load(const struct sheet_source *src, struct sheet *out, struct fault *why)
{
	struct sheet s = {0};
	struct loader l = {
		.sheet = &s,
		.bytes = {[DOC_VULNERABILITY] = src->vulnerability,
			  [DOC_IOT] = src->iot,
			  [DOC_RULES] = src->rules},
		.why = why,
	};

	arena_init(&s.arena, LIMIT_SHEET_BYTES);
	enum err e = load(&l);

	for (unsigned i = 0; i < DOC_N; i++)
		document_free(schemas[i], l.docs[i]);
	if (e) {
		arena_release(&s.arena);
		s = (struct sheet){0};
	}
	*out = s;
	return e;
}

void sheet_release(struct sheet *s)
{
	arena_release(&s->arena);
	*s = (struct sheet){0};
}

const struct item *sheet_item(const struct sheet *s, struct slice id)
{
	for (size_t i = 0; i < s->items_n; i++)
		if (slice_eq(s->items[i].id, id))
			return &s->items[i];
	return NULL;
}

const struct rule *sheet_rule(const struct sheet *s, struct slice id)
{
	struct rule key = {.id = id};

	if (s->rules_n == 0)
		return NULL;
	return bsearch(&key, s->rules, s->rules_n, sizeof key, rule_cmp);
}
