// SPDX-License-Identifier: Apache-2.0
// Taking files of vulnerability data into a snapshot, with progress and a word on each.

#include "cli/intake.h"

#include <stdio.h>
#include <unistd.h>

#include "base/ban.h"

void say_note(const struct call *c, struct buf *b)
{
	if (!c->value[OPT_QUIET])
		(void)fwrite(b->data, 1, b->len, stderr);
	buf_clear(b);
}

const char *either(const struct call *c, const char *en, const char *ja)
{
	return c->lang == JA ? ja : en;
}

bool days_read(struct slice text, uint32_t *out)
{
	struct slice rest = text, part[3] = {{0}};
	uint64_t n[3] = {0};
	char again[CALENDAR_TEXT];

	for (size_t i = 0; i < 3; i++)
		if (!text_field(&rest, '-', &part[i]) || text_u64(part[i], 10, &n[i]) != OK)
			return false;
	if (rest.ptr || !calendar_days(n[0], n[1], n[2], out))
		return false;
	calendar_text(*out, again);
	return slice_is(text, again);
}

bool today_of(const struct call *c, uint32_t *out)
{
	*out = (uint32_t)clock_today();
	if (!c->value[OPT_DATE] || days_read(slice_text(c->value[OPT_DATE]), out))
		return true;
	complain_words(c, "--date", "wants YYYY-MM-DD", "YYYY-MM-DD で指定してください");
	return false;
}

static enum exit_code exit_of(enum err e)
{
	return e == E_INTERRUPTED             ? EXIT_INCOMPLETE
	       : e == E_SANDBOX               ? EXIT_USAGE
	       : e == E_NOMEM || e == E_USAGE ? EXIT_INTERNAL
					      : EXIT_TARGET;
}

enum exit_code give_up(const struct call *c, const char *what, enum err e, const struct fault *why)
{
	complain(c, what, e, why);
	return exit_of(e);
}

bool intake_init(const struct call *c, struct intake *out)
{
	uint64_t jobs = cpu_count();

	*out = (struct intake){.call = c};
	if (!feed_home(c, out->home, sizeof out->home) || !today_of(c, &out->options.today))
		return false;
	if (c->value[OPT_JOBS] && (text_u64(slice_text(c->value[OPT_JOBS]), 10, &jobs) != OK ||
				   jobs < 1 || jobs > LIMIT_JOBS)) {
		complain_words(c, "--jobs", "wants a number from 1 to 64", "1から64の数です");
		return false;
	}
	out->options.jobs = (unsigned)jobs;
	out->options.is_sandboxed = !c->value[OPT_NO_SANDBOX];
	calendar_text(out->options.today, out->date);
	return true;
}

/* --- progress --- */

struct ticker ticker_start(const struct call *c)
{
	return (struct ticker){.call = c,
			       .started_ms = clock_ms(),
			       .is_shown = is_terminal(STDERR_FILENO) && !c->value[OPT_QUIET]};
}

void ticker_clear(struct ticker *t)
{
	if (t->told_ms)
		(void)fputs("\r\x1b[K", stderr);
	t->told_ms = 0;
}

void ticker_tell(struct ticker *t, uint64_t done, uint64_t total)
{
	uint64_t now = clock_ms(), spent = now - t->started_ms;
	/* A transfer that goes on where it broke off has come that far in no time. */
	uint64_t here = done > t->done_at_start ? done - t->done_at_start : 0;
	struct buf b;

	if (!t->is_shown || (now - t->told_ms < 100 && done < total))
		return;
	buf_init(&b, 4 * KiB);
	buf_byte(&b, '\r');
	if (t->name)
		buf_print(&b, "%s: ", t->name);
	text_size(&b, done);
	if (total)
		buf_print(&b, either(t->call, ", %llu %%, %llu s left", "、%llu %%、残り%llu秒"),
			  (unsigned long long)(done * 100 / total),
			  (unsigned long long)(here && done <= total
						       ? spent * (total - done) / here / 1000
						       : 0));
	buf_text(&b, "\x1b[K");
	(void)fwrite(b.data, 1, b.len, stderr);
	buf_release(&b);
	t->told_ms = now;
	if (total && done >= total)
		ticker_clear(t);
}

static void tick(void *ctx, uint64_t done, uint64_t total)
{
	ticker_tell(ctx, done, total);
}

static void tell_file(const struct call *c, const char *path, const struct import_file *f)
{
	const char *glue = "";
	struct buf b;

	buf_init(&b, 64 * KiB);
	buf_text(&b, "kensa: ");
	text_terminal(&b, slice_text(path));
	buf_print(&b, either(c, ": %llu records (", ": レコード%llu件 ("),
		  (unsigned long long)f->records);
	for (unsigned s = 0; s < SOURCE_N; s++) {
		if (!f->of_source[s])
			continue;
		buf_print(&b, "%s%s %llu", glue, source_name((enum source)s),
			  (unsigned long long)f->of_source[s]);
		glue = either(c, ", ", "、");
	}
	buf_text(&b, ")\n");
	for (unsigned o = 0; o < ODD_N; o++) {
		if (!f->odd[o])
			continue;
		buf_text(&b, "kensa: ");
		text_terminal(&b, slice_text(path));
		buf_print(&b,
			  either(c,
				 ": left out or kept as \"any version\": %s: %llu, the first at "
				 "byte %llu\n",
				 ": 除外、または「全バージョン」として保持: %s: "
				 "%llu件、最初は%lluバイト目\n"),
			  odd_words((enum odd)o, c->lang), (unsigned long long)f->odd[o],
			  (unsigned long long)f->odd_at[o]);
	}
	say_note(c, &b);
	buf_release(&b);
}

/* --- the snapshot --- */

/* What was there before, checked; nothing when this is the first import. */
static enum err start_from_old(const struct intake *i, struct feed_builder *b,
			       struct feed_file *old, struct fault *why)
{
	enum err e = i->starter ? E_NOTFOUND : feed_file_open(i->home, old, why);

	if (e == E_NOTFOUND)
		return OK;
	e = e ? e : feed_verify(old->feed, why);
	return e ? e : feed_builder_start_from(b, old->feed, why);
}

/* Whether the file is to blame, and not this machine or its user. */
static bool is_damage(enum err e)
{
	return e != E_INTERRUPTED && e != E_NOMEM && e != E_IO && e != E_SANDBOX && e != E_USAGE;
}

static enum exit_code take_files(const struct intake *i, struct import *imp, struct feed_builder *b,
				 size_t *damaged)
{
	struct ticker t = ticker_start(i->call);
	struct import_progress p = {.tell = tick, .ctx = &t};
	struct fault why = {0};
	size_t failed = 0;
	enum err e = import_run(imp, b, &p, &failed, &why);

	ticker_clear(&t);
	if (e == OK)
		return EXIT_DONE;
	if (is_damage(e))
		*damaged = failed;
	return give_up(i->call, i->labels[failed], e, &why);
}

static enum exit_code write_snapshot(const struct intake *i, struct feed_builder *b)
{
	struct feed_make make = {.date = slice_text(i->date), .has_texts = !i->starter};
	struct fault why = {0};
	enum err e = i->starter ? feed_snapshot_write(i->starter, b, &make, &why)
				: feed_file_write(i->home, b, &make, &why);

	return e ? give_up(i->call, i->starter ? i->starter : i->home, e, &why) : EXIT_DONE;
}

static enum exit_code build(const struct intake *i, struct import *imp, size_t *damaged)
{
	struct feed_builder *b = NULL;
	struct feed_file old = {.feed = NULL};
	struct fault why = {0};
	enum err e = feed_builder_new(&b, &why);

	e = e ? e : start_from_old(i, b, &old, &why);

	enum exit_code code = e ? give_up(i->call, i->home, e, &why) : EXIT_DONE;

	if (code == EXIT_DONE && imp)
		code = take_files(i, imp, b, damaged);
	for (size_t f = 0; code == EXIT_DONE && f < i->options.n; f++)
		tell_file(i->call, i->labels[f], import_result(imp, f));
	if (code == EXIT_DONE)
		code = write_snapshot(i, b);
	if (b)
		feed_builder_free(b);
	feed_file_close(&old);
	return code;
}

/* Workers start first, as copies of a parent that holds nothing yet. */
enum exit_code intake_run(const struct intake *i, size_t *damaged)
{
	struct import *imp = NULL;
	struct fault why = {0};
	size_t failed = 0;
	enum err e = i->options.n ? import_open(&i->options, &imp, &failed, &why) : OK;

	*damaged = INTAKE_NONE;
	if (e)
		return give_up(i->call, i->labels[failed], e, &why);

	enum exit_code code = build(i, imp, damaged);

	if (imp)
		import_close(imp);
	return code;
}

enum exit_code intake_check(const struct intake *i, size_t file, bool *is_damaged)
{
	struct intake one = *i;
	struct import *imp = NULL;
	struct feed_builder *b = NULL;
	struct fault why = {0};
	size_t failed = 0, damaged = INTAKE_NONE;

	one.options.paths = &i->options.paths[file];
	one.labels = &i->labels[file];
	one.options.n = 1;
	*is_damaged = false;

	enum err e = import_open(&one.options, &imp, &failed, &why);

	if (e)
		return give_up(i->call, one.labels[0], e, &why);
	e = feed_builder_new(&b, &why);

	enum exit_code code =
		e ? give_up(i->call, one.labels[0], e, &why) : take_files(&one, imp, b, &damaged);

	*is_damaged = damaged != INTAKE_NONE;
	if (b)
		feed_builder_free(b);
	import_close(imp);
	return *is_damaged ? EXIT_DONE : code;
}
