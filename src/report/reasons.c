// SPDX-License-Identifier: Apache-2.0
// Reasons as sentences: templates of phrases.c with their holes filled.

#include "report/view.h"

#include "base/ban.h"

struct filling {
	const struct report_view *v;
	const struct reason *r;
	struct buf *out;
};

static void fill_title(const struct filling *f)
{
	if (f->r->fact)
		buf_add(f->out, view_rule_title(f->v, f->r->fact->finding.rule));
}

static void fill_place(const struct filling *f)
{
	if (f->r->fact)
		view_place(f->v, f->r->fact->finding.artifact, f->r->fact->finding.location,
			   f->out);
}

static void fill_item(const struct filling *f)
{
	buf_add(f->out, f->r->subject);
}

static void fill_subject(const struct filling *f)
{
	buf_add(f->out, subject_words(f->r->subject, f->v->lang));
}

static void fill_number(const struct filling *f, uint64_t n)
{
	/* a small difference does not show in rounded sizes */
	bool is_close = f->r->a < f->r->b && f->r->b - f->r->a < f->r->b / 64;

	if (subject_is_bytes(f->r->subject) && !is_close)
		text_size(f->out, n);
	else if (subject_is_bytes(f->r->subject))
		buf_print(f->out, "%llu B", (unsigned long long)n);
	else
		buf_print(f->out, "%llu", (unsigned long long)n);
}

static void fill_a(const struct filling *f)
{
	fill_number(f, f->r->a);
}

static void fill_b(const struct filling *f)
{
	fill_number(f, f->r->b);
}

static void fill_what(const struct filling *f)
{
	if (f->r->fact)
		buf_add(f->out, f->r->fact->skip.what);
}

static void fill_why(const struct filling *f)
{
	if (f->r->fact)
		skip_words(&f->r->fact->skip, f->v->lang, f->out);
}

static const struct {
	const char *name;
	void (*fill)(const struct filling *f);
} holes[] = {
	{"title", fill_title},     {"place", fill_place}, {"item", fill_item},
	{"subject", fill_subject}, {"a", fill_a},         {"b", fill_b},
	{"what", fill_what},       {"why", fill_why},
};

static void fill_hole(const struct filling *f, struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(holes); i++)
		if (slice_is(name, holes[i].name))
			holes[i].fill(f);
}

void reason_words(const struct report_view *v, const struct reason *r, struct buf *out)
{
	struct filling f = {v, r, out};
	bool is_empty = r->kind == WHY_NONE_FOUND && subject_is_bytes(r->subject);
	struct words w = is_empty ? words_of(PH_NOTHING_TO_LOOK_AT) : words_reason(r->kind);
	struct slice form = slice_text(w.in[v->lang]);

	while (form.len) {
		size_t open = slice_find_byte(form, '{', 0);
		size_t close = slice_find_byte(form, '}', 0);

		if (open == SLICE_NONE || close == SLICE_NONE)
			break;
		buf_add(out, slice_head(form, open));
		fill_hole(&f, slice_head(slice_from(form, open + 1), close - open - 1));
		form = slice_from(form, close + 1);
	}
	buf_add(out, form);
}
