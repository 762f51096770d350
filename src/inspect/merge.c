// SPDX-License-Identifier: Apache-2.0
// Facts of finished runs into the record, in task order, renumbered.

#include "inspect/job.h"

#include "base/ban.h"

/* Ids of a task count from 1; in the record they go on from `base`, and 0 means `image`. */
static void renumber(struct fact *f, uint64_t base, uint64_t image)
{
	const struct fact_type *t = fact_type(f->kind);

	for (size_t i = 0; i < t->fields_n; i++) {
		const struct field *d = &t->fields[i];
		uint64_t id = d->kind == FIELD_U64 ? field_number(f, d) : 0;

		if (!d->is_artifact)
			continue;
		field_number_set(f, d, id ? base + id : image);
	}
}

static bool may_come_from_worker(enum fact_kind k)
{
	return k == FACT_ARTIFACT || k == FACT_COMPONENT || k == FACT_FINDING ||
	       k == FACT_DECISION || k == FACT_BUILT || k == FACT_COVERAGE || k == FACT_SKIP;
}

/* Facts of one run into the record. Something a worker must not say ends it: E_CORRUPT. */
static enum err merge_facts(const struct run *r, uint64_t image, struct record *rec)
{
	struct cursor c = {.in = buf_slice(&r->facts)};
	uint64_t base = rec->artifacts_n;
	enum err e = OK;

	while (e == OK && cursor_left(&c)) {
		struct slice packed = cursor_take(&c, cursor_u32le(&c));
		struct arena a;
		struct fact f;

		arena_init(&a, 1 * MiB);
		e = fact_unpack(&a, packed, &f, NULL);
		if (e == OK && !may_come_from_worker(f.kind))
			e = E_CORRUPT;
		if (e == OK) {
			if (f.kind == FACT_ARTIFACT)
				f.artifact.input = r->task.input_no;
			renumber(&f, base, image);
			e = record_add(rec, &f);
		}
		arena_release(&a);
	}
	return e;
}

static enum err add_skip(struct record *rec, uint64_t image, struct slice what, enum err why)
{
	struct fact skip = {.kind = FACT_SKIP,
			    .skip = {.method = METHOD_FIRMWARE,
				     .subject = slice_text("objects"),
				     .what = what,
				     .why = slice_text(err_name(why)),
				     .detail = saying(SAY_REST_LEFT_OUT),
				     .artifact = image}};
	struct fact cover = {.kind = FACT_COVERAGE,
			     .coverage = {.method = METHOD_FIRMWARE,
					  .subject = slice_text("objects"),
					  .seen = 0,
					  .total = 1}};
	enum err e = record_add(rec, &skip);

	return e ? e : record_add(rec, &cover);
}

static enum err merge_run(const struct run *r, uint64_t image, struct record *rec)
{
	enum err left = r->is_settled ? r->gave_up : E_INTERRUPTED;
	enum err e = left ? OK : merge_facts(r, image, rec);

	if (e == E_CORRUPT || e == E_RANGE)
		left = E_CRASH;
	return left ? add_skip(rec, image, r->task.input->name, left) : e;
}

static enum err add_coverage(struct record *rec, const char *subject, uint64_t seen, uint64_t total)
{
	return record_add(rec, &(struct fact){.kind = FACT_COVERAGE,
					      .coverage = {.method = METHOD_FIRMWARE,
							   .subject = slice_text(subject),
							   .seen = seen,
							   .total = total}});
}

/* The ranges of one input, and how much of it is known. first[i]: artifact of stretch i, or 0. */
static enum err add_ranges(const struct run *survey, const uint64_t *first, struct record *rec)
{
	uint64_t sum[RANGE_N] = {0};
	enum err e = OK;

	for (size_t i = 0; i < survey->stretches_n && e == OK; i++) {
		const struct stretch *s = &survey->stretches[i];

		sum[s->kind] += s->size;
		e = record_add(rec,
			       &(struct fact){.kind = FACT_RANGE,
					      .range = {.input = survey->task.input_no,
							.at = s->at,
							.size = s->size,
							.kind = s->kind,
							.artifact = first[i],
							.verified_by = slice_text(s->bid.how)}});
	}

	/* a document about the product is no part of its image */
	if (survey->stretches_n && survey->stretches[0].format &&
	    survey->stretches[0].format->is_document)
		return e;

	uint64_t total = sum[RANGE_IDENTIFIED] + sum[RANGE_OPAQUE] + sum[RANGE_UNKNOWN];

	if (e == OK)
		e = add_coverage(rec, "image", sum[RANGE_IDENTIFIED], total);
	return e ? e : add_coverage(rec, "image-readable", total - sum[RANGE_OPAQUE], total);
}

static enum err add_input(const struct run *survey, struct record *rec, uint64_t *image)
{
	const struct inspect_input *in = survey->task.input;
	const struct stretch *s = survey->stretches;
	bool is_whole = survey->stretches_n == 1 && s[0].format;
	struct fact f = {.kind = FACT_INPUT,
			 .input = {.id = survey->task.input_no,
				   .path = in->name,
				   .type = slice_text(is_whole ? s[0].format->name : "raw"),
				   .size = in->bytes->bytes.len,
				   .sha256 = slice_text(in->bytes->sha256)}};
	struct fact a = {.kind = FACT_ARTIFACT,
			 .artifact = {.id = rec->artifacts_n + 1,
				      .input = survey->task.input_no,
				      .path = in->name,
				      .type = ART_IMAGE,
				      .size = in->bytes->bytes.len,
				      .sha256 = slice_text(in->bytes->sha256)}};
	enum err e = record_add(rec, &f);

	*image = a.artifact.id;
	return e ? e : record_add(rec, &a);
}

enum err merge_all(struct job *surveys, struct job *walks, struct record *rec)
{
	size_t next = 0;

	for (size_t i = 0; i < surveys->n; i++) {
		struct run *s = &surveys->runs[i];
		uint64_t *first = arena_array(&surveys->arena, s->stretches_n + 1, sizeof *first);
		uint64_t image = 0;
		enum err e = first ? add_input(s, rec, &image) : E_NOMEM;

		if (e == OK)
			e = merge_run(s, image, rec);
		for (size_t k = 0; k < s->stretches_n && e == OK; k++) {
			if (s->stretches[k].kind == RANGE_PADDING)
				continue;

			uint64_t before = rec->artifacts_n;

			e = merge_run(&walks->runs[next++], image, rec);
			first[k] = rec->artifacts_n > before ? before + 1 : 0;
		}
		if (e == OK)
			e = add_ranges(s, first, rec);
		if (e)
			return e;
	}
	return OK;
}
