// SPDX-License-Identifier: Apache-2.0
// kensa feed update [SOURCE...]: what is new at the sources, fetched and imported. A source that
// fails costs only what it would have brought.

#include "cli/intake.h"

#include <stdio.h>
#include <string.h>

#include "base/ban.h"

#define LIST_NAME "feeds.txt"

struct update {
	struct intake intake;
	char dir[HOME_BYTES + 16];
	struct arena arena;
	struct feed_list list;
	struct ticker ticker;
	bool is_first;           /* there is no snapshot yet */
	bool is_whole;           /* every source of each update was asked, and answered */
	char old[CALENDAR_TEXT]; /* date of the snapshot there is */
	size_t fresh, same, failed, damaged;
	const struct feed_place *taken[LIMIT_INPUTS];
	const char *paths[LIMIT_INPUTS], *labels[LIMIT_INPUTS];
	size_t taken_n;
};

/* --- fetching --- */

static void on_trouble(void *ctx, const struct feed_place *p, const char *address,
		       const struct fault *why, unsigned wait_ms)
{
	struct update *u = ctx;
	const struct call *c = u->intake.call;
	struct buf b;

	(void)p;
	ticker_clear(&u->ticker);
	if (!wait_ms) {
		complain(c, address, why->code, why);
		return;
	}
	buf_init(&b, 16 * KiB);
	buf_text(&b, "kensa: ");
	text_terminal(&b, slice_text(address));
	buf_print(&b, ": %s: ", err_words(why->code, c->lang == JA));
	text_terminal(&b, slice_text(why->msg));
	buf_print(&b, either(c, "; next try in %u.%u s\n", "。%u.%u秒後にもう一度試します\n"),
		  wait_ms / 1000, wait_ms % 1000 / 100);
	say_note(c, &b);
	buf_release(&b);
}

static void on_progress(void *ctx, const char *name, uint64_t done, uint64_t total)
{
	struct update *u = ctx;

	if (u->ticker.name != name) {
		u->ticker = ticker_start(u->intake.call);
		u->ticker.name = name;
		u->ticker.done_at_start = done;
	}
	ticker_tell(&u->ticker, done, total);
}

static struct update_ops ops_of(struct update *u)
{
	return (struct update_ops){
		.complain = on_trouble, .progress = on_progress, .ctx = u, .terms = u->list.terms};
}

static enum exit_code interrupted(const struct update *u)
{
	complain_words(
		u->intake.call, "feed",
		"interrupted; the old data stays, and the next update goes on from here",
		"中断しました。これまでのデータはそのままです。次の更新は続きから始まります");
	return EXIT_INCOMPLETE;
}

static enum exit_code fetch_place(struct update *u, const struct feed_place *p)
{
	struct update_ops ops = ops_of(u);
	enum place_result result = PLACE_FAILED;
	enum err e = feed_place_fetch(p, u->dir, &ops, &result);

	ticker_clear(&u->ticker);
	u->ticker.name = NULL;
	if (e == E_INTERRUPTED)
		return interrupted(u);
	u->fresh += e == OK && result == PLACE_NEW;
	u->same += e == OK && result == PLACE_SAME;
	if (e == OK && result != PLACE_FAILED)
		return EXIT_DONE;
	u->failed++;
	if (e)
		complain(u->intake.call, u->dir, e, NULL);
	complain_words(u->intake.call, p->name, "could not be fetched; what it said before stays",
		       "取得できませんでした。以前のデータを使い続けます");
	return EXIT_DONE;
}

static enum exit_code fetch_all(struct update *u)
{
	const struct call *c = u->intake.call;

	u->is_whole = true;
	for (size_t i = 0; i < u->list.n; i++) {
		const struct feed_place *p = &u->list.places[i];
		bool is_wanted = feed_place_is_wanted(p, c->args + 1, c->args_n - 1);
		size_t failed = u->failed;
		enum exit_code code = is_wanted ? fetch_place(u, p) : EXIT_DONE;

		if (code != EXIT_DONE)
			return code;
		if (!p->is_asked_only && (!is_wanted || u->failed > failed))
			u->is_whole = false;
	}
	return EXIT_DONE;
}

/* --- importing --- */

static bool same_family(const char *a, const char *b)
{
	size_t n = strcspn(a, "-");

	return n == strcspn(b, "-") && strncmp(a, b, n) == 0;
}

/* A file of changes ("nvd-modified") may be younger than a year's that is new: it has the last
 * word, again. */
static bool is_due(const struct update *u, size_t at)
{
	const struct feed_place *p = &u->list.places[at];

	if (!feed_place_is_there(p, u->dir))
		return false;
	if (u->is_first || feed_place_is_new(p, u->dir))
		return true;
	for (size_t i = 0; i < at && !p->is_yearly; i++)
		if (same_family(u->list.places[i].name, p->name) &&
		    feed_place_is_new(&u->list.places[i], u->dir))
			return true;
	return false;
}

static enum exit_code gather(struct update *u)
{
	for (size_t i = 0; i < u->list.n; i++) {
		const struct feed_place *p = &u->list.places[i];
		struct slice path = {0};

		if (!is_due(u, i))
			continue;
		path = arena_print(&u->arena, "%s/%s", u->dir, p->name);
		u->taken[u->taken_n] = p;
		u->labels[u->taken_n] = p->name;
		u->paths[u->taken_n] = path.ptr ? arena_text(&u->arena, path) : NULL;
		if (!u->paths[u->taken_n++])
			return give_up(u->intake.call, "feed", E_NOMEM, NULL);
	}
	return EXIT_DONE;
}

static void drop_taken(struct update *u, size_t at)
{
	feed_place_drop(u->taken[at], u->dir);
	complain_words(u->intake.call, u->paths[at],
		       "removed; the next update fetches it anew, and what it said before stays",
		       "削除しました。次の更新で取得し直します。それまでは以前のデータを使います");
	u->damaged++;
	u->taken_n--;
	for (size_t i = at; i < u->taken_n; i++) {
		u->taken[i] = u->taken[i + 1];
		u->paths[i] = u->paths[i + 1];
		u->labels[i] = u->labels[i + 1];
	}
}

static enum exit_code import_once(struct update *u, size_t *damaged)
{
	u->intake.options.paths = u->paths;
	u->intake.options.n = u->taken_n;
	u->intake.labels = u->labels;
	/* What failed is as old as it was: then the age of all is not told anew either. */
	if (!u->is_first && (!u->is_whole || u->damaged))
		memcpy(u->intake.date, u->old, sizeof u->old);
	if (!u->taken_n && (u->is_first || strcmp(u->intake.date, u->old) == 0))
		return EXIT_DONE; /* neither news nor another date */
	return intake_run(&u->intake, damaged);
}

/* Without the damaged ones. When one is found, those behind it are looked at one by one, so that
 * no number of them makes this go over the files more than three times. */
static enum exit_code import_good(struct update *u)
{
	size_t damaged = INTAKE_NONE;
	enum exit_code code = import_once(u, &damaged);

	if (damaged == INTAKE_NONE)
		return code;
	drop_taken(u, damaged);
	for (size_t i = damaged; i < u->taken_n;) {
		bool is_bad = false;

		u->intake.options.paths = u->paths;
		u->intake.labels = u->labels;
		code = intake_check(&u->intake, i, &is_bad);
		if (code != EXIT_DONE)
			return code;
		if (is_bad)
			drop_taken(u, i);
		else
			i++;
	}
	return import_once(u, &damaged);
}

/* --- all of it --- */

static bool list_load(struct update *u)
{
	const struct call *c = u->intake.call;
	char path[HOME_BYTES + 16];
	struct fault why = {0};
	struct buf own = {0};
	bool is_ok = false;

	(void)snprintf(path, sizeof path, "%s/" LIST_NAME, u->intake.home);
	buf_init(&own, 1 * MiB);

	enum err e = file_read(path, &own, &why);

	if (e == E_NOTFOUND) {
		buf_release(&own);
		if (!catalog_document(c, LIST_NAME, &own))
			return false;
		e = OK;
	}
	if (e == OK) {
		uint64_t year = 0;

		e = text_u64(slice_head(slice_text(u->intake.date), 4), 10, &year);
		e = e ? e
		      : feed_list_read(&u->arena, buf_slice(&own), (unsigned)year, &u->list, &why);
	}
	is_ok = e == OK;
	if (e)
		complain(c, path, e, &why);
	buf_release(&own);
	return is_ok;
}

static bool names_are_known(const struct update *u)
{
	const struct call *c = u->intake.call;

	for (size_t i = 1; i < c->args_n; i++) {
		bool is_known = false;

		for (size_t k = 0; k < u->list.n && !is_known; k++)
			is_known = feed_place_is_wanted(&u->list.places[k], &c->args[i], 1);
		if (!is_known) {
			complain_words(c, c->args[i], "no such source in the list",
				       "一覧にない配布元です");
			return false;
		}
	}
	return true;
}

static enum exit_code look_at_old(struct update *u)
{
	struct feed_file old = {.feed = NULL};
	struct fault why = {0};
	enum err e = feed_file_open(u->intake.home, &old, &why);

	u->is_first = e == E_NOTFOUND;
	if (u->is_first)
		return EXIT_DONE;
	if (e)
		return give_up(u->intake.call, u->intake.home, e, &why);

	struct slice date = slice_head(feed_info(old.feed)->date, sizeof u->old - 1);

	(void)snprintf(u->old, sizeof u->old, "%.*s", (int)date.len, (const char *)date.ptr);
	feed_file_close(&old);
	return EXIT_DONE;
}

static void tell_end(const struct update *u)
{
	const struct call *c = u->intake.call;
	struct buf b;

	buf_init(&b, 4 * KiB);
	buf_print(&b,
		  either(c,
			 "kensa: sources: %zu new, %zu unchanged, %zu failed, %zu damaged; "
			 "data of %s\n",
			 "kensa: 配布元: 更新%zu件、変更なし%zu件、失敗%zu件、破損%zu件。"
			 "データの日付: %s\n"),
		  u->fresh > u->damaged ? u->fresh - u->damaged : 0, u->same, u->failed, u->damaged,
		  u->intake.date);
	if (!u->is_whole || u->damaged)
		buf_text(&b, either(c,
				    "kensa: not every source was asked and could be read: its age "
				    "is counted as before\n",
				    "kensa: 一部の配布元のデータを更新していないため、データの"
				    "日付は変わりません\n"));
	say_note(c, &b);
	buf_release(&b);
}

static enum exit_code update_locked(struct update *u)
{
	struct fault why = {0};
	enum err e = folder_make_all(u->dir, &why);
	enum exit_code code = e ? give_up(u->intake.call, u->dir, e, &why) : look_at_old(u);

	code = code ? code : fetch_all(u);
	code = code ? code : gather(u);
	if (code)
		return code;
	if (u->failed && !u->fresh && !u->same && !u->taken_n)
		return EXIT_TARGET;
	code = import_good(u);
	if (code)
		return code;
	for (size_t i = 0; i < u->taken_n; i++)
		feed_place_imported(u->taken[i], u->dir);
	tell_end(u);
	if (u->failed && !u->fresh && !u->same)
		return EXIT_TARGET;
	return u->failed || u->damaged ? EXIT_INCOMPLETE : EXIT_DONE;
}

static bool update_init(const struct call *c, struct update *u)
{
	*u = (struct update){.is_whole = false};
	arena_init(&u->arena, 4 * MiB);
	if (!intake_init(c, &u->intake))
		return false;
	(void)snprintf(u->dir, sizeof u->dir, "%s/downloads", u->intake.home);
	return list_load(u);
}

enum exit_code feed_run_update(const struct call *c)
{
	struct update u;
	struct fault why = {0};
	int lock = -1;
	enum exit_code code = EXIT_USAGE;

	if (update_init(c, &u) && names_are_known(&u)) {
		enum err e = feed_file_lock(u.intake.home, &lock, &why);

		code = e ? give_up(c, u.intake.home, e, &why) : update_locked(&u);
		if (e == OK)
			lock_give(lock);
	}
	arena_release(&u.arena);
	return code;
}

/* --- addresses given to kensa feed import --- */

static bool is_address(const char *arg)
{
	return strncmp(arg, "https://", 8) == 0 || strncmp(arg, "http://", 7) == 0;
}

static enum exit_code fetch_address(struct update *u, const char *address, struct feed_place *p,
				    const char **path)
{
	struct update_ops ops = ops_of(u);
	struct slice hash = slice_head(digest_sha256(&u->arena, slice_text(address)), 16);
	enum place_result result = PLACE_FAILED;
	struct fault why = {0};
	enum err e = folder_make_all(u->dir, &why);

	if (e)
		return give_up(u->intake.call, u->dir, e, &why);
	*p = (struct feed_place){.addresses = {address}, .addresses_n = 1};
	p->name = arena_text(&u->arena, arena_print(&u->arena, "address-%.*s", (int)hash.len,
						    (const char *)hash.ptr));
	*path = p->name ? arena_text(&u->arena, arena_print(&u->arena, "%s/%s", u->dir, p->name))
			: NULL;
	if (!*path)
		return give_up(u->intake.call, address, E_NOMEM, NULL);
	e = feed_place_fetch(p, u->dir, &ops, &result);
	ticker_clear(&u->ticker);
	u->ticker.name = NULL;
	if (e == E_INTERRUPTED)
		return interrupted(u);
	return e == OK && result != PLACE_FAILED ? EXIT_DONE : EXIT_TARGET;
}

enum exit_code feed_downloads_fetch(const struct intake *i, char *const *args, size_t n,
				    struct feed_downloads *out)
{
	struct update u;
	size_t addresses = 0;
	enum exit_code code = EXIT_DONE;

	*out = (struct feed_downloads){.n = 0};
	for (size_t k = 0; k < n; k++) {
		out->paths[k] = args[k];
		addresses += is_address(args[k]);
	}
	if (!addresses)
		return EXIT_DONE;
	if (!update_init(i->call, &u))
		code = EXIT_USAGE;
	(void)snprintf(out->dir, sizeof out->dir, "%s", u.dir);
	for (size_t k = 0; code == EXIT_DONE && k < n; k++) {
		if (is_address(args[k]))
			code = fetch_address(&u, args[k], &out->places[out->n++], &out->paths[k]);
	}
	out->arena = u.arena;
	return code;
}

void feed_downloads_release(struct feed_downloads *d, bool keep)
{
	for (size_t i = 0; i < d->n && !keep; i++)
		if (d->places[i].name)
			feed_place_drop(&d->places[i], d->dir);
	arena_release(&d->arena);
}
