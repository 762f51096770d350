// SPDX-License-Identifier: Apache-2.0
// Check items as the documents have them, made into items of a sheet.

#include "sheet/loader.h"

#include "base/ban.h"

static const struct item_fail *load_fails(struct loader *l, enum doc_no doc,
					  const struct doc_item *in)
{
	struct item_fail *out = loader_take(l, in->fails_count, sizeof *out);

	for (size_t i = 0; l->err == OK && i < in->fails_count; i++) {
		const struct doc_fail *f = &in->fails[i];

		const struct rule *rule = sheet_rule(l->sheet, slice_text(f->rule));

		if (!rule || rule->severity == SEV_INFO)
			loader_complain(l, doc, in->id,
					"fails on a rule that is not there, or info");
		if (f->allowed_percent > 100 || (f->allowed_percent > 0 && !f->of))
			loader_complain(l, doc, in->id,
					"allowed_percent is 0 to 100, and needs `of`");
		out[i] = (struct item_fail){
			.rule = loader_keep(l, f->rule),
			.of = loader_keep(l, f->of),
			.allowed_percent = f->allowed_percent,
		};
	}
	return out;
}

static struct item_need keep_need(struct loader *l, const struct doc_need *n)
{
	return (struct item_need){
		.subject = loader_keep(l, n->subject),
		.percent = n->percent ? n->percent : 100,
		.below = n->below ? n->below : V_INCONCLUSIVE,
		.may_be_empty = n->may_be_empty,
		.even_if_absent = n->even_if_absent,
	};
}

static const struct doc_common *common_of(const struct loader *l, enum doc_no doc,
					  const struct doc_item *in)
{
	const struct document *d = l->docs[DOC_VULNERABILITY];

	for (size_t i = 0; i < d->common_needs_count; i++)
		if (doc == DOC_VULNERABILITY && in->decided_by != BY_MANUAL &&
		    d->common_needs[i].method == in->method)
			return &d->common_needs[i];
	return NULL;
}

static void load_needs(struct loader *l, enum doc_no doc, const struct doc_item *in,
		       struct item *out)
{
	const struct doc_common *common = common_of(l, doc, in);
	size_t shared = common ? common->needs_count : 0;
	struct item_need *needs = loader_take(l, shared + in->needs_count, sizeof *needs);

	for (size_t i = 0; l->err == OK && i < shared; i++) {
		needs[i] = keep_need(l, &common->needs[i]);
		needs[i].even_if_absent = true;
	}
	for (size_t i = 0; l->err == OK && i < in->needs_count; i++) {
		if (in->needs[i].percent > 100)
			loader_complain(l, doc, in->id, "percent is 1 to 100");
		needs[shared + i] = keep_need(l, &in->needs[i]);
	}
	/* An item that needs nothing would pass on an empty record. */
	if (in->decided_by != BY_MANUAL && in->needs_count == 0)
		loader_complain(l, doc, in->id,
				"is decided by kensa but needs nothing to be looked at");
	out->needs = needs;
	out->needs_n = shared + in->needs_count;
}

static const struct item_na *load_na(struct loader *l, const struct doc_item *in)
{
	struct item_na *out = loader_take(l, in->na_count, sizeof *out);

	for (size_t i = 0; l->err == OK && i < in->na_count; i++) {
		const struct doc_na *n = &in->na[i];

		out[i] = (struct item_na){
			.code = loader_keep(l, n->code),
			.absent = loader_keep(l, n->absent),
			.text = loader_keep_both(l, n->ja, n->en),
		};
	}
	return out;
}

static bool has_pillar(const struct document *iot, const char *pillar)
{
	for (size_t i = 0; i < iot->pillars_count; i++)
		if (slice_is(slice_text(pillar), iot->pillars[i].id))
			return true;
	return false;
}

static void check_item(struct loader *l, enum doc_no doc, const struct doc_item *in)
{
	if (in->targets == 0 || (doc == DOC_VULNERABILITY && in->sectors == 0))
		loader_complain(l, doc, in->id, "applies to nothing: targets or sectors are empty");
	if (doc == DOC_IOT && (in->class_min < 1 || in->class_min > 4))
		loader_complain(l, doc, in->id, "class_min is 1 to 4");
	if (doc == DOC_IOT && !has_pillar(l->docs[DOC_IOT], in->pillar))
		loader_complain(l, doc, in->id, "names a pillar that the document does not have");
}

static void load_item(struct loader *l, enum doc_no doc, const struct doc_item *in,
		      struct item *out)
{
	bool is_iot = doc == DOC_IOT;

	check_item(l, doc, in);
	*out = (struct item){
		.id = loader_keep(l, in->id),
		.part = is_iot ? PART_IOT : PART_VULNERABILITY,
		.method = is_iot ? METHOD_OTHER : in->method,
		.pillar = loader_keep(l, in->pillar),
		.title = loader_keep_both(l, in->title.ja, in->title.en),
		.requirement = loader_keep_both(l, in->requirement.ja, in->requirement.en),
		.decided_by = in->decided_by,
		.intended = in->intended,
		.class_min = in->class_min,
		.targets = in->targets,
		.sectors = is_iot ? (1u << SECTOR_N) - 1 : in->sectors,
		.cwe = loader_keep_numbers(l, in->cwe, in->cwe_count),
		.cwe_n = in->cwe_count,
		.fails = load_fails(l, doc, in),
		.fails_n = in->fails_count,
		.na = load_na(l, in),
		.na_n = in->na_count,
	};
	load_needs(l, doc, in, out);
}

void loader_items(struct loader *l)
{
	size_t first = l->docs[DOC_VULNERABILITY]->items_count;
	size_t n = first + l->docs[DOC_IOT]->items_count;
	struct item *items = loader_take(l, n, sizeof *items);

	l->sheet->items = items;
	for (size_t i = 0; l->err == OK && i < n; i++) {
		enum doc_no doc = i < first ? DOC_VULNERABILITY : DOC_IOT;
		const struct doc_item *in = &l->docs[doc]->items[i < first ? i : i - first];

		if (sheet_item(l->sheet, slice_text(in->id)))
			loader_complain(l, doc, in->id, "stands here twice");
		load_item(l, doc, in, &items[i]);
		l->sheet->items_n = i + 1;
	}
}
