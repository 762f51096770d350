// SPDX-License-Identifier: Apache-2.0
// How inspectors speak: each call is one fact.

#include "inspect/frame.h"

#include "base/ban.h"

void scene_finding(struct scene *s, const char *rule, uint64_t artifact, struct slice flaw,
		   struct slice location, struct slice evidence)
{
	emit_fact(s->emitter, &(struct fact){.kind = FACT_FINDING,
					     .finding = {.rule = slice_text(rule),
							 .flaw = flaw,
							 .artifact = artifact,
							 .location = location,
							 .evidence = evidence}});
}

void scene_component(struct scene *s, const struct component *c)
{
	emit_fact(s->emitter, &(struct fact){.kind = FACT_COMPONENT, .component = *c});
}

void scene_built(struct scene *s, const char *what, uint64_t artifact, struct slice names)
{
	while (names.len) {
		struct slice some = slice_head(names, LIMIT_TEXT_BYTES);

		while (some.len && some.len < names.len && slice_at(names, some.len) != ' ')
			some.len--;
		if (some.len == 0) /* one name longer than a text is no name */
			return;
		emit_fact(s->emitter, &(struct fact){.kind = FACT_BUILT,
						     .built = {.artifact = artifact,
							       .what = slice_text(what),
							       .names = text_trim(some)}});
		names = slice_from(names, some.len + 1);
	}
}

void scene_decision(struct scene *s, const struct decision *d)
{
	emit_fact(s->emitter, &(struct fact){.kind = FACT_DECISION, .decision = *d});
}

/* Summed here and sent once at the end of the task. */
void scene_coverage(struct scene *s, const char *subject, uint64_t seen, uint64_t total)
{
	struct emitter *e = s->emitter;
	size_t i = 0;

	while (i < e->covered_n &&
	       (e->covered[i].method != s->method || !slice_is(e->covered[i].subject, subject)))
		i++;
	if (i == EMITTER_SUBJECTS)
		return;
	if (i == e->covered_n) {
		e->covered[i].method = s->method;
		e->covered[i].subject = slice_text(subject);
		e->covered_n++;
	}
	e->covered[i].seen += seen;
	e->covered[i].total += total;
}

void scene_skip(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		enum err why, struct slice detail)
{
	emit_fact(s->emitter, &(struct fact){.kind = FACT_SKIP,
					     .skip = {.method = s->method,
						      .subject = slice_text(subject),
						      .what = what,
						      .why = slice_text(err_name(why)),
						      .detail = detail,
						      .artifact = artifact}});
}

void scene_skip_fault(struct scene *s, const char *subject, uint64_t artifact, struct slice what,
		      const struct fault *why)
{
	struct arena a;

	arena_init(&a, 64 * KiB);
	scene_skip(s, subject, artifact, what, why->code, say_heard(&a, slice_text(why->msg)));
	arena_release(&a);
}
