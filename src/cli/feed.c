// SPDX-License-Identifier: Apache-2.0
// kensa feed: the vulnerability data at hand, what is taken into it and in what state it is.

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/intake.h"

#include "base/ban.h"

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

/* --- import --- */

static enum exit_code import_locked(struct intake *i)
{
	const struct call *c = i->call;
	struct feed_downloads *d = &(struct feed_downloads){.n = 0};
	size_t damaged = INTAKE_NONE;
	enum exit_code code = feed_downloads_fetch(i, &c->args[1], c->args_n - 1, d);

	i->options.paths = d->paths;
	i->options.n = c->args_n - 1;
	i->labels = (const char *const *)&c->args[1];
	if (code == EXIT_DONE)
		code = intake_run(i, &damaged);
	i->options.paths = NULL; /* d ends here */
	i->options.n = 0;
	feed_downloads_release(d, code == EXIT_INCOMPLETE);
	return code;
}

static enum exit_code run_import(const struct call *c)
{
	struct intake i;
	struct fault why = {0};
	int lock = -1;

	if (!intake_init(c, &i))
		return EXIT_USAGE;

	enum err e = feed_file_lock(i.home, &lock, &why);

	if (e)
		return give_up(c, i.home, e, &why);

	enum exit_code code = import_locked(&i);

	lock_give(lock);
	return code;
}

/* What comes with the product is made of the catalogue's list in this way. */
static enum exit_code run_starter(const struct call *c)
{
	struct intake i;
	const char *const *files = (const char *const *)&c->args[2];
	size_t damaged = INTAKE_NONE;

	if (!intake_init(c, &i))
		return EXIT_USAGE;
	i.starter = c->args[1];
	i.options.paths = files;
	i.options.n = c->args_n - 2;
	i.labels = files;
	return intake_run(&i, &damaged);
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
		  either(c, "data of       %.*s, %u days ago\n", "取得日        %.*s (%u日前)\n"),
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
			 either(c,
				"              the starter set that comes with kensa, of the "
				"commonest "
				"components:\n              kensa feed update gets current data\n",
				"              製品に付属する、代表的な部品だけの初期データです。\n"
				"              最新のデータは kensa feed update で取得します\n"));
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

	if (e == E_NOTFOUND && starter_path(home, sizeof home))
		e = feed_file_open_at(home, &f, &why);
	if (e == E_NOTFOUND) {
		complain_words(c, home, "nothing was imported yet: kensa feed update",
			       "まだ取り込まれていません: kensa feed update");
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

static const struct {
	const char *name;
	size_t least, most; /* arguments behind the name */
	enum exit_code (*run)(const struct call *c);
} actions[] = {
	{"update", 0, LIMIT_INPUTS, feed_run_update},
	{"import", 1, LIMIT_INPUTS, run_import},
	{"status", 0, 0, run_status},
	{"starter", 2, LIMIT_INPUTS, run_starter},
};

static enum exit_code run(const struct call *c)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (strcmp(c->args[0], actions[i].name) == 0 && c->args_n - 1 >= actions[i].least &&
		    c->args_n - 1 <= actions[i].most)
			return actions[i].run(c);
	complain_words(
		c, "feed",
		"wants update [SOURCE...], import FILE|URL..., status, or starter OUT FILE...",
		"update [SOURCE...]、import FILE|URL...、status、starter OUT FILE... "
		"のどれかです");
	return EXIT_USAGE;
}

const struct command command_feed = {
	.name = "feed",
	.args = "update [SOURCE...] | import FILE|URL... | status | starter OUT FILE...",
	.words = "update|import|status|starter",
	.summary = {[EN] = "get and import vulnerability data, show what is at hand",
		    [JA] = "脆弱性データを取得して取り込み、手元のデータの状態を表示します"},
	.note = {[EN] = "update fetches what is new at the sources of $KENSA_HOME/feeds.txt, or "
			"of\n"
			"the list that comes with kensa, and imports it. It goes on where it was\n"
			"interrupted, and obeys http_proxy and https_proxy.\n"
			"starter writes facts without texts to the file OUT.",
		 [JA] = "updateは、$KENSA_HOME/feeds.txt (なければ付属の一覧) の配布元から\n"
			"新しいデータを取得して取り込みます。中断しても続きから再開し、\n"
			"http_proxyとhttps_proxyに従います。\n"
			"starterは、説明文を除いたデータをファイルOUTに書きます。"},
	.options = OPTIONS_COMMON | OPTIONS_RUN | OPTION(DATE) | OPTION(JSON) | OPTION(CHECK),
	.args_min = 1,
	.args_max = LIMIT_INPUTS + 1,
	.run = run,
};
