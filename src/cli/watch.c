// SPDX-License-Identifier: Apache-2.0
// kensa watch: stored inspections against the vulnerability data of today; what is new since then.

#include "cli/cli.h"

#include "base/ban.h"

enum change { CHANGE_NEW, CHANGE_EXPLOITED, CHANGE_FIXED, CHANGE_N };

static const struct {
	const char *key;
	const char *words[LANG_N];
} changes[] = {
	[CHANGE_NEW] = {"new", {[JA] = "新たに該当", [EN] = "new"}},
	[CHANGE_EXPLOITED] = {"exploited", {[JA] = "新たに悪用を確認", [EN] = "newly exploited"}},
	[CHANGE_FIXED] = {"fixed", {[JA] = "該当しなくなった", [EN] = "no longer open"}},
};
_Static_assert(ARRAY_LEN(changes) == CHANGE_N, "a row each");

/* The vulnerabilities of a record, sorted by component, version and id. */
struct listing {
	struct arena arena;
	const struct vulnerability **list;
	size_t n;
};

/* One stored inspection, then and now. */
struct watched {
	const char *path;
	struct record then, now;
	struct listing before, after;
	bool has_news;
};

static int same_cmp(const struct vulnerability *x, const struct vulnerability *y)
{
	int d = slice_cmp(x->component, y->component);

	if (d == 0)
		d = slice_cmp(x->version, y->version);
	return d ? d : slice_cmp(x->id, y->id);
}

static int listing_cmp(const void *a, const void *b, const void *context)
{
	(void)context;
	return same_cmp(*(const struct vulnerability *const *)a,
			*(const struct vulnerability *const *)b);
}

static bool listing_make(const struct record *r, struct listing *out)
{
	const struct fact *f = NULL;
	size_t n = 0, at = 0;

	*out = (struct listing){0};
	arena_init(&out->arena, LIMIT_ARENA_BYTES);
	while (record_next(r, FACT_VULNERABILITY, &at))
		n++;
	out->list = arena_array(&out->arena, n + 1, sizeof *out->list);
	if (!out->list)
		return false;
	for (at = 0; (f = record_next(r, FACT_VULNERABILITY, &at));)
		out->list[out->n++] = &f->vulnerability;
	sort_items(out->list, out->n, sizeof *out->list, listing_cmp, NULL);
	return true;
}

static const struct vulnerability *listing_find(const struct listing *l,
						const struct vulnerability *v)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (same_cmp(l->list[mid], v) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->n && same_cmp(l->list[low], v) == 0 ? l->list[low] : NULL;
}

static bool is_open(const struct vulnerability *v)
{
	return v && v->status <= VULN_VERSION_UNKNOWN;
}

/* Whether `v`, of today for news and of then for what is fixed, is such a change. */
static bool is_change(const struct watched *w, const struct vulnerability *v, enum change c)
{
	const struct vulnerability *then = listing_find(&w->before, v);

	if (!is_open(v))
		return false;
	if (c == CHANGE_FIXED)
		return !is_open(listing_find(&w->after, v));
	if (c == CHANGE_NEW)
		return !is_open(then);
	return is_open(then) && v->kev.len && !then->kev.len;
}

/* Calls `show` for each change of a kind, in the order of the record: worst first. */
struct showing {
	const struct call *call;
	struct jsonw *json; /* NULL: for people */
	struct buf *out;
};

static size_t show_change(const struct watched *w, enum change c, const struct showing *s)
{
	const struct record *r = c == CHANGE_FIXED ? &w->then : &w->now;
	const struct fact *f = NULL;
	size_t n = 0;

	for (size_t at = 0; (f = record_next(r, FACT_VULNERABILITY, &at));) {
		const struct vulnerability *v = &f->vulnerability;

		if (!is_change(w, v, c))
			continue;
		n++;
		if (s->json) {
			vulnerability_json(s->json, v);
		} else {
			buf_print(s->out, "  %s: ", changes[c].words[s->call->lang]);
			vulnerability_line(v, s->call->lang, s->out);
		}
	}
	return n;
}

static void show_json(struct watched *w, const struct showing *s)
{
	const struct target *t = record_target(&w->now);

	jsonw_object(s->json);
	jsonw_put_text(s->json, "record", w->path);
	jsonw_put(s->json, "name", t ? t->name : (struct slice){0});
	jsonw_key(s->json, "feed");
	jsonw_object(s->json);
	feed_json(s->json, &w->now);
	jsonw_object_end(s->json);
	for (unsigned c = 0; c < CHANGE_N; c++) {
		size_t n = 0;

		jsonw_key(s->json, changes[c].key);
		jsonw_array(s->json);
		n = show_change(w, (enum change)c, s);
		jsonw_array_end(s->json);
		w->has_news |= n && c != CHANGE_FIXED;
	}
	jsonw_object_end(s->json);
}

static void show_text(struct watched *w, const struct showing *s)
{
	const struct target *t = record_target(&w->now);
	size_t all = 0;

	text_terminal(s->out, t && t->name.len ? t->name : slice_text(w->path));
	buf_byte(s->out, '\n');
	for (unsigned c = 0; c < CHANGE_N; c++) {
		size_t n = show_change(w, (enum change)c, s);

		w->has_news |= n && c != CHANGE_FIXED;
		all += n;
	}
	if (all == 0)
		buf_text(s->out, s->call->lang == JA ? "  変化なし\n" : "  nothing changed\n");
}

static void watched_release(struct watched *w)
{
	arena_release(&w->before.arena);
	arena_release(&w->after.arena);
	record_release(&w->now);
	record_release(&w->then);
}

static enum exit_code watch_one(const struct known_session *k, struct watched *w,
				const struct showing *s)
{
	enum exit_code code = EXIT_INTERNAL;
	size_t at = 0;

	if (!record_open(s->call, w->path, &w->then))
		return EXIT_TARGET;
	code = known_again(s->call, k, &w->then, &w->now);
	if (code != EXIT_DONE) {
		record_release(&w->then);
		return code;
	}
	if (!record_next(&w->now, FACT_FEED, &at))
		code = EXIT_INCOMPLETE;
	else if (!listing_make(&w->then, &w->before) || !listing_make(&w->now, &w->after))
		code = EXIT_INTERNAL;
	else if (s->json)
		show_json(w, s);
	else
		show_text(w, s);
	watched_release(w);
	return code;
}

/* In the order of the contract: 70, 2, 3, 1, 4, 0. */
static enum exit_code graver(enum exit_code a, enum exit_code b)
{
	static const enum exit_code order[] = {EXIT_INTERNAL, EXIT_USAGE, EXIT_TARGET, EXIT_BELOW,
					       EXIT_INCOMPLETE};

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_DONE;
}

static enum exit_code watch_all(const struct call *c, const struct known_session *k,
				const struct showing *s)
{
	enum exit_code code = EXIT_DONE;

	for (size_t i = 0; i < c->args_n; i++) {
		struct watched w = {.path = c->args[i]};

		code = graver(code, watch_one(k, &w, s));
		if (w.has_news)
			code = graver(code, EXIT_BELOW);
	}
	return code;
}

static enum exit_code watch_with(const struct call *c, const struct known_session *k)
{
	enum exit_code code = EXIT_DONE;
	struct jsonw j;
	struct buf out;

	buf_init(&out, LIMIT_REPORT_BYTES);
	jsonw_init(&j, &out, 1);
	if (c->value[OPT_JSON]) {
		jsonw_object(&j);
		jsonw_key(&j, "products");
		jsonw_array(&j);
	}
	code = watch_all(
		c, k,
		&(struct showing){.call = c, .json = c->value[OPT_JSON] ? &j : NULL, .out = &out});
	if (c->value[OPT_JSON]) {
		jsonw_array_end(&j);
		jsonw_object_end(&j);
		buf_byte(&out, '\n');
	}
	if (out.err || (!(c->value[OPT_QUIET] && !c->value[OPT_JSON]) && !print(buf_slice(&out))))
		code = graver(code, EXIT_TARGET);
	buf_release(&out);
	return code;
}

static enum exit_code run(const struct call *c)
{
	struct known_session k;
	enum exit_code code = known_session_open(c, &k);

	if (code != EXIT_DONE)
		return code;
	if (k.snapshot.bytes.len) {
		code = watch_with(c, &k);
	} else {
		complain_words(c, "watch", "no vulnerability data: get it with kensa feed update",
			       "脆弱性情報がありません。kensa feed update で取り込んでください");
		code = EXIT_INCOMPLETE;
	}
	known_session_close(&k);
	return code;
}

const struct command command_watch = {
	.name = "watch",
	.args = "RECORD...",
	.summary = {[EN] = "say what became known since an inspection",
		    [JA] = "検査のあとに分かった脆弱性を知らせます"},
	.options =
		OPTIONS_COMMON | OPTION(QUIET) | OPTION(JSON) | OPTION(FEED) | OPTION(NO_SANDBOX),
	.args_min = 1,
	.args_max = LIMIT_INPUTS,
	.run = run,
};
