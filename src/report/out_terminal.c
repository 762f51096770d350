// SPDX-License-Identifier: Apache-2.0
// The summary on a terminal: about one screen, what matters first.

#include "report/view.h"

#include "base/ban.h"

enum {
	RULES_MAX = 8,
	PLACES_MAX = 2,
	STEPS_MAX = 10,
	RANGES_MAX = 10,
	SKIPS_MAX = 5,
	KNOWN_MAX = 5
};

struct screen {
	const struct report_view *v;
	const struct gathered *g;
	struct buf *out;
	struct buf *scratch;
};

#define BOLD  "\033[1m"
#define RESET "\033[0m"

static const char *const grade_colours[] = {
	[GRADE_NONE] = "\033[1;31m",
	[GRADE_BRONZE] = "\033[1;33m",
	[GRADE_SILVER] = "\033[1;37m",
	[GRADE_GOLD] = "\033[1;32m",
};
_Static_assert(ARRAY_LEN(grade_colours) == GRADE_N, "a colour each");

static const char *const severity_colours[] = {
	[SEV_INFO] = "\033[2m",  [SEV_LOW] = "\033[36m",        [SEV_MEDIUM] = "\033[33m",
	[SEV_HIGH] = "\033[31m", [SEV_CRITICAL] = "\033[1;31m",
};
_Static_assert(ARRAY_LEN(severity_colours) == SEV_N, "a colour each");

static const char *say(const struct screen *s, enum phrase p)
{
	return words_of(p).in[s->v->lang];
}

static void coloured(const struct screen *s, const char *colour, const char *text)
{
	buf_text(s->out, s->v->has_colour ? colour : "");
	buf_text(s->out, text);
	buf_text(s->out, s->v->has_colour ? RESET : "");
}

static void padded(const struct screen *s, struct slice text, size_t width)
{
	terminal_column(s->out, text, width);
}

static void heading(const struct screen *s, enum phrase p)
{
	buf_byte(s->out, '\n');
	coloured(s, BOLD, say(s, p));
	buf_byte(s->out, '\n');
}

static void more_by(const struct screen *s, const char *indent, size_t shown, size_t all)
{
	if (shown >= all)
		return;
	buf_text(s->out, indent);
	buf_print(s->out, s->v->lang == JA ? "ほか %zu 件" : "and %zu more", all - shown);
	buf_byte(s->out, '\n');
}

static void more(const struct screen *s, size_t shown, size_t all)
{
	more_by(s, "  ", shown, all);
}

static void show_grade(const struct screen *s)
{
	const struct target *t = view_target(s->v);
	const struct judgement *g = s->v->judgement;
	enum lang l = s->v->lang;

	buf_text(s->out, "kensa  ");
	text_terminal(s->out, t->name);
	buf_text(s->out, "  ");
	text_terminal(s->out, t->date);
	buf_byte(s->out, '\n');
	if (!s->v->record->is_complete) {
		coloured(s, BOLD, say(s, PH_INCOMPLETE));
		buf_byte(s->out, '\n');
	}
	buf_text(s->out, "\n");
	buf_print(s->out, "%s: ", say(s, PH_GRADE));
	coloured(s, grade_colours[g->grade], words_grade(g->grade).in[l]);
	buf_print(s->out, "   %s: %s", say(s, PH_REACHABLE),
		  view_has_seen(s->v) ? words_grade(g->reachable).in[l]
				      : say(s, PH_REACHABLE_UNKNOWN));
	if (g->class_no)
		buf_print(s->out, "   %s: %llu (%s %llu/%llu)", say(s, PH_CLASS),
			  (unsigned long long)g->class_no, say(s, PH_CLASS_ITEMS),
			  (unsigned long long)g->of_class.passed,
			  (unsigned long long)g->of_class.applicable);
	buf_print(s->out, "\n  %s\n",
		  say(s, view_has_seen(s->v) ? PH_REACHABLE_HELP_SHORT : PH_NOTHING_RECOGNISED));
}

static void show_tally(const struct screen *s, const char *name, const struct tally *t)
{
	char percent[8];

	tally_percent(t, percent);
	buf_text(s->out, "  ");
	padded(s, slice_text(name), 32);
	buf_print(s->out, "%6s %%  %3llu/%-3llu", percent, (unsigned long long)t->passed,
		  (unsigned long long)t->applicable);
	buf_print(s->out, "  %s %llu, %s %llu, %s %llu\n", say(s, PH_FAILED),
		  (unsigned long long)t->failed, say(s, PH_INCONCLUSIVE),
		  (unsigned long long)t->inconclusive, say(s, PH_NOT_TESTED),
		  (unsigned long long)t->not_tested);
}

static void show_score(const struct screen *s)
{
	const struct judgement *g = s->v->judgement;

	if (view_has_seen(s->v)) {
		buf_text(s->out, "  ");
		view_thresholds(s->v, s->out);
		buf_byte(s->out, '\n');
	}
	show_tally(s, say(s, PH_SCORE), &g->score);
	for (unsigned m = 0; m < METHOD_N; m++)
		if (g->by_method[m].applicable)
			show_tally(s, words_method((enum method)m).in[s->v->lang],
				   &g->by_method[m]);
}

static void show_range(const struct screen *s, const struct range *r)
{
	const struct artifact *a = record_artifact(s->v->record, r->artifact);
	struct slice format = a ? a->format : (struct slice){0};

	buf_clear(s->scratch);
	text_size(s->scratch, r->size);
	buf_print(s->out, "  0x%08llx  ", (unsigned long long)r->at);
	padded(s, buf_slice(s->scratch), 10);
	buf_text(s->out, "  ");
	if (format.len == 0)
		format = view_saying(s->v, r->verified_by, s->scratch);
	if (r->kind == RANGE_IDENTIFIED && format.len)
		text_terminal(s->out, format);
	else
		buf_text(s->out, words_range(r->kind).in[s->v->lang]);
	buf_byte(s->out, '\n');
}

static void show_ranges(const struct screen *s)
{
	const struct fact *f = NULL;
	size_t all = 0, shown = 0;

	for (size_t at = 0; (f = record_next(s->v->record, FACT_RANGE, &at)); all++) {
		if (all == 0)
			heading(s, PH_BYTE_MAP);
		if (all >= RANGES_MAX)
			continue;
		show_range(s, &f->range);
		shown++;
	}
	more(s, shown, all);
}

static void show_group(const struct screen *s, const struct finding_group *g)
{
	buf_text(s->out, "  [");
	coloured(s, severity_colours[g->severity], words_severity(g->severity).in[s->v->lang]);
	buf_text(s->out, "] ");
	text_terminal(s->out, view_rule_title(s->v, g->id));
	if (g->n > 1)
		buf_print(s->out, " (%zu)", g->n);
	buf_byte(s->out, '\n');
	for (size_t i = 0; i < g->n && i < PLACES_MAX; i++) {
		const struct finding *f = &g->facts[i]->finding;

		buf_clear(s->scratch);
		view_place(s->v, f->artifact, f->location, s->scratch);
		buf_text(s->out, "      ");
		text_terminal(s->out, buf_slice(s->scratch));
		if (f->evidence.len) {
			buf_text(s->out, s->v->lang == JA ? "：" : ": ");
			text_terminal(s->out, view_saying(s->v, f->evidence, s->scratch));
		}
		buf_byte(s->out, '\n');
	}
	more_by(s, "      ", PLACES_MAX, g->n);
}

static void show_findings(const struct screen *s)
{
	size_t all = 0, shown = 0;

	/* What is worth a look but no flaw is left to the other reports. */
	while (all < s->g->findings_n && s->g->findings[all].severity > SEV_INFO)
		all++;
	heading(s, PH_FINDINGS);
	if (all == 0)
		buf_print(s->out, "  %s\n", say(s, PH_FINDINGS_NONE));
	for (; shown < all && shown < RULES_MAX; shown++)
		show_group(s, &s->g->findings[shown]);
	more(s, shown, all);
}

static void show_next(const struct screen *s)
{
	const struct judgement *g = s->v->judgement;
	size_t shown = 0;

	heading(s, PH_NEXT);
	if (g->next_n == 0)
		buf_print(s->out, "  %s\n", say(s, PH_NEXT_NONE));
	for (; shown < g->next_n && shown < STEPS_MAX; shown++) {
		buf_clear(s->scratch);
		view_step(s->v, &g->next[shown], s->scratch);
		buf_print(s->out, "  %2zu. ", shown + 1);
		if (g->next[shown].item)
			padded(s, g->next[shown].item->id, 7);
		text_terminal(s->out, buf_slice(s->scratch));
		buf_byte(s->out, '\n');
	}
	more(s, shown, g->next_n);
}

/* The same reason again, as for each program of a folder? */
static bool is_same_reason(const struct skip *a, const struct skip *b)
{
	return slice_eq(a->why, b->why) && slice_eq(a->detail, b->detail);
}

static void more_like_it(const struct screen *s, size_t n)
{
	if (n)
		buf_print(s->out,
			  s->v->lang == JA ? "    ほか %zu 件も同じ理由\n"
					   : "    and %zu more for the same reason\n",
			  n);
}

static void show_skip(const struct screen *s, const struct skip *skip)
{
	buf_text(s->out, "  ");
	text_terminal(s->out, skip->what);
	buf_text(s->out, s->v->lang == JA ? "：" : ": ");
	buf_clear(s->scratch);
	skip_words(skip, s->v->lang, s->scratch);
	text_terminal(s->out, buf_slice(s->scratch));
	buf_byte(s->out, '\n');
}

static void show_skips(const struct screen *s)
{
	const struct fact *f = NULL, *last = NULL;
	size_t shown = 0, alike = 0, left = 0;

	for (size_t at = 0; (f = record_next(s->v->record, FACT_SKIP, &at));) {
		if (last && is_same_reason(&last->skip, &f->skip)) {
			alike++;
			continue;
		}
		if (shown == SKIPS_MAX) {
			left++;
			continue;
		}
		if (!last)
			heading(s, PH_SKIPPED);
		more_like_it(s, alike);
		alike = 0;
		show_skip(s, &f->skip);
		last = f;
		shown++;
	}
	more_like_it(s, alike);
	more(s, 0, left);
}

static void show_known(const struct screen *s)
{
	coloured(s, BOLD, s->v->lang == JA ? "\n既知の脆弱性\n" : "\nKnown vulnerabilities\n");
	vulnerabilities_text(s->v->record, s->v->lang, KNOWN_MAX, s->out);
}

static enum err terminal_write(const struct report_view *v, struct buf *out)
{
	struct gathered g;
	struct buf scratch;
	enum err e = gather(v, &g);

	if (e)
		return e;
	buf_init(&scratch, MiB);

	struct screen s = {v, &g, out, &scratch};

	show_grade(&s);
	show_score(&s);
	show_ranges(&s);
	show_findings(&s);
	show_known(&s);
	show_next(&s);
	show_skips(&s);
	e = out->err ? out->err : scratch.err;
	buf_release(&scratch);
	gather_release(&g);
	return e;
}

const struct report report_terminal = {.name = "terminal", .write = terminal_write};
