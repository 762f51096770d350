// SPDX-License-Identifier: Apache-2.0
// kensa feed import FILE..., kensa feed status: the vulnerability data at hand.

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ban.h"

enum { HOME_BYTES = 3072, STALE_DAYS = 7 };

/* Notes go to stderr, unless --quiet. */
static void say(const struct call *c, struct buf *b)
{
	if (!c->value[OPT_QUIET])
		(void)fwrite(b->data, 1, b->len, stderr);
	buf_clear(b);
}

FORMAT_TEXT(2)
FORMAT_TEXT(3)
static const char *either(const struct call *c, const char *en, const char *ja)
{
	return c->lang == JA ? ja : en;
}

bool feed_home(const struct call *c, char *out, size_t size)
{
	static const struct {
		const char *variable, *below;
	} places[] = {
		{"KENSA_HOME", ""}, {"XDG_DATA_HOME", "/kensa"}, {"HOME", "/.local/share/kensa"}};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const char *value = getenv(places[i].variable);

		if (!value || !value[0])
			continue;

		int n = snprintf(out, size, "%s%s", value, places[i].below);

		if (n > 0 && (size_t)n < size)
			return true;
		/* what was asked for, or nothing: never another place instead */
		complain(c, places[i].variable, E_LIMIT, &(struct fault){.msg = "path too long"});
		return false;
	}
	complain(c, "KENSA_HOME", E_NOTFOUND, NULL);
	return false;
}

/* Of YYYY-MM-DD, as it is written and no other way. */
static bool days_read(struct slice text, uint32_t *out)
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

static bool today_of(const struct call *c, uint32_t *out)
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

/* --- import --- */

struct ticker {
	uint64_t started_ms, told_ms;
	const struct call *call;
};

/* Time left, guessed from what is behind. */
static void tick(void *ctx, uint64_t done, uint64_t total)
{
	struct ticker *t = ctx;
	uint64_t now = clock_ms(), spent = now - t->started_ms;

	if (!total || (now - t->told_ms < 100 && done < total))
		return;
	t->told_ms = now;
	(void)fprintf(stderr,
		      either(t->call, "\r%3llu %%, %llu s left  ", "\r%3llu %%、残り%llu秒  "),
		      (unsigned long long)(done * 100 / total),
		      (unsigned long long)(done ? spent * (total - done) / done / 1000 : 0));
	if (done >= total)
		(void)fputs("\r                          \r", stderr);
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
	say(c, &b);
	buf_release(&b);
}

struct importing {
	const struct call *call;
	char home[HOME_BYTES], date[CALENDAR_TEXT];
	struct import_options options;
};

static enum exit_code give_up(const struct call *c, const char *what, enum err e,
			      const struct fault *why)
{
	complain(c, what, e, why);
	return exit_of(e);
}

/* What was there before, checked; nothing when this is the first import. */
static enum err start_from_old(const struct importing *i, struct feed_builder *b,
			       struct feed_file *old, struct fault *why)
{
	enum err e = feed_file_open(i->home, old, why);

	if (e == E_NOTFOUND)
		return OK;
	e = e ? e : feed_verify(old->feed, why);
	return e ? e : feed_builder_start_from(b, old->feed, why);
}

static enum exit_code build(const struct importing *i, struct import *imp, struct feed_builder *b)
{
	const struct call *c = i->call;
	struct ticker ticker = {.started_ms = clock_ms(), .call = c};
	bool is_shown = is_terminal(STDERR_FILENO) && !c->value[OPT_QUIET];
	struct import_progress p = {.tell = is_shown ? tick : NULL, .ctx = &ticker};
	struct feed_make make = {.date = slice_text(i->date), .has_texts = true};
	struct fault why = {0};
	size_t failed = 0;
	enum err e = import_run(imp, b, &p, &failed, &why);

	if (e)
		return give_up(c, i->options.paths[failed], e, &why);
	for (size_t f = 0; f < i->options.n; f++)
		tell_file(c, i->options.paths[f], import_result(imp, f));
	e = feed_file_write(i->home, b, &make, &why);
	return e ? give_up(c, i->home, e, &why) : EXIT_DONE;
}

/* Workers start first, as copies of a parent that holds nothing yet. */
static enum exit_code import_locked(const struct importing *i)
{
	const struct call *c = i->call;
	struct import *imp = NULL;
	struct feed_builder *b = NULL;
	struct feed_file old = {.feed = NULL};
	struct fault why = {0};
	size_t failed = 0;
	enum err e = import_open(&i->options, &imp, &failed, &why);

	if (e)
		return give_up(c, i->options.paths[failed], e, &why);
	e = feed_builder_new(&b, &why);
	e = e ? e : start_from_old(i, b, &old, &why);

	enum exit_code code = e ? give_up(c, i->home, e, &why) : build(i, imp, b);

	import_close(imp);
	if (b)
		feed_builder_free(b);
	feed_file_close(&old);
	return code;
}

static enum exit_code run_import(const struct call *c)
{
	struct importing i = {.call = c};
	const char *paths[LIMIT_INPUTS];
	uint64_t jobs = cpu_count();
	struct fault why = {0};
	int lock = -1;

	if (!feed_home(c, i.home, sizeof i.home))
		return EXIT_USAGE;
	if (!today_of(c, &i.options.today))
		return EXIT_USAGE;
	if (c->value[OPT_JOBS] && (text_u64(slice_text(c->value[OPT_JOBS]), 10, &jobs) != OK ||
				   jobs < 1 || jobs > LIMIT_JOBS)) {
		complain_words(c, "--jobs", "wants a number from 1 to 64", "1から64の数です");
		return EXIT_USAGE;
	}
	for (size_t n = 1; n < c->args_n; n++)
		paths[n - 1] = c->args[n];
	i.options.paths = paths;
	i.options.n = c->args_n - 1;
	i.options.jobs = (unsigned)jobs;
	i.options.is_sandboxed = !c->value[OPT_NO_SANDBOX];
	calendar_text(i.options.today, i.date);

	enum err e = feed_file_lock(i.home, &lock, &why);

	if (e)
		return give_up(c, i.home, e, &why);

	enum exit_code code = import_locked(&i);

	lock_give(lock);
	return code;
}

/* --- status --- */

struct status {
	const struct call *call;
	const struct feed_info *info;
	uint64_t bytes;
	uint32_t today, imported;
	bool is_checked;
};

static uint32_t age_of(const struct status *s)
{
	return s->today > s->imported ? s->today - s->imported : 0;
}

static void status_json(const struct status *s, struct buf *out)
{
	const struct feed_info *f = s->info;
	struct jsonw j;

	jsonw_init(&j, out, 1);
	jsonw_object(&j);
	jsonw_put(&j, "date", f->date);
	jsonw_put_u64(&j, "age_days", age_of(s));
	jsonw_key(&j, "is_stale");
	jsonw_bool(&j, age_of(s) > STALE_DAYS);
	jsonw_key(&j, "is_starter");
	jsonw_bool(&j, f->is_starter);
	jsonw_key(&j, "is_verified");
	if (s->is_checked)
		jsonw_bool(&j, true);
	else
		jsonw_null(&j);
	jsonw_put(&j, "sha256", f->sha256);
	jsonw_put_u64(&j, "bytes", s->bytes);
	jsonw_put_u64(&j, "advisories", f->advisories);
	jsonw_put_u64(&j, "products", f->products);
	jsonw_put_u64(&j, "claims", f->claims);
	jsonw_key(&j, "sources");
	jsonw_array(&j);
	for (size_t i = 0; i < f->sources_n; i++) {
		jsonw_object(&j);
		jsonw_put_text(&j, "name", source_name(f->sources[i].source));
		jsonw_put(&j, "date", f->sources[i].date);
		jsonw_put_u64(&j, "records", f->sources[i].records);
		jsonw_object_end(&j);
	}
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	buf_byte(out, '\n');
}

static void status_words(const struct status *s, struct buf *b)
{
	const struct feed_info *f = s->info;
	const struct call *c = s->call;

	buf_print(b,
		  either(c, "imported      %.*s, %u days ago\n", "取込日        %.*s (%u日前)\n"),
		  (int)f->date.len, (const char *)f->date.ptr, age_of(s));
	if (age_of(s) > STALE_DAYS)
		buf_print(b,
			  either(c,
				 "              older than %d days: new vulnerabilities are "
				 "missing\n",
				 "              "
				 "%d日より古いデータです。新しい脆弱性が含まれていません\n"),
			  STALE_DAYS);
	if (f->is_starter)
		buf_text(b,
			 either(c, "              the starter data that comes with the product\n",
				"              製品に付属する初期データです\n"));
	buf_print(b,
		  either(c, "contents      %llu vulnerabilities, %llu products, %llu statements\n",
			 "内容          脆弱性%llu件、製品%llu件、記述%llu件\n"),
		  (unsigned long long)f->advisories, (unsigned long long)f->products,
		  (unsigned long long)f->claims);
	buf_text(b, either(c, "size          ", "サイズ        "));
	text_size(b, s->bytes);
	buf_print(b, "\nSHA-256       %.*s\n", (int)f->sha256.len, (const char *)f->sha256.ptr);
	if (s->is_checked)
		buf_text(b, either(c, "check         every byte is as it was written\n",
				   "検証          書き込んだ時のままです\n"));
	for (size_t i = 0; i < f->sources_n; i++)
		buf_print(b, "%-13s %-10.*s %9llu\n", source_name(f->sources[i].source),
			  (int)f->sources[i].date.len, (const char *)f->sources[i].date.ptr,
			  (unsigned long long)f->sources[i].records);
}

static enum exit_code show(struct status *s)
{
	struct buf b;

	if (!days_read(s->info->date, &s->imported))
		s->imported = 0;
	buf_init(&b, 1 * MiB);
	if (s->call->value[OPT_JSON])
		status_json(s, &b);
	else
		status_words(s, &b);

	bool is_ok = b.err == OK && print(buf_slice(&b));

	buf_release(&b);
	return is_ok ? EXIT_DONE : EXIT_TARGET;
}

static enum exit_code run_status(const struct call *c)
{
	struct status s = {.call = c};
	struct feed_file f = {.feed = NULL};
	struct fault why = {0};
	char home[HOME_BYTES];

	if (!feed_home(c, home, sizeof home) || !today_of(c, &s.today))
		return EXIT_USAGE;

	enum err e = feed_file_open(home, &f, &why);

	if (e == E_NOTFOUND) {
		complain_words(c, home, "nothing was imported yet: kensa feed import FILE...",
			       "まだ取り込まれていません: kensa feed import FILE...");
		return EXIT_TARGET;
	}
	if (e)
		return give_up(c, home, e, &why);
	s.info = feed_info(f.feed);
	s.bytes = f.map.bytes.len;
	if (c->value[OPT_CHECK]) {
		e = feed_verify(f.feed, &why);
		s.is_checked = e == OK;
	}
	if (e)
		complain(c, home, e, &why);

	enum exit_code code = e ? EXIT_REJECTED : show(&s);

	feed_file_close(&f);
	return code;
}

static enum exit_code run(const struct call *c)
{
	if (strcmp(c->args[0], "import") == 0 && c->args_n > 1)
		return run_import(c);
	if (strcmp(c->args[0], "status") == 0 && c->args_n == 1)
		return run_status(c);
	complain_words(c, "feed", "wants import FILE..., or status",
		       "import FILE... または status です");
	return EXIT_USAGE;
}

const struct command command_feed = {
	.name = "feed",
	.args = "import FILE... | status",
	.words = "import|status",
	.summary = {[EN] = "import vulnerability data, show what is at hand",
		    [JA] = "脆弱性データを取り込み、手元のデータの状態を表示します"},
	.options = OPTIONS_COMMON | OPTIONS_RUN | OPTION(DATE) | OPTION(JSON) | OPTION(CHECK),
	.args_min = 1,
	.args_max = LIMIT_INPUTS + 1,
	.run = run,
};
