// SPDX-License-Identifier: Apache-2.0
// Fetching the files of all sources: mirrors, second tries, marks of what waits to be imported.

#include "feed/update.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"

#include "base/ban.h"

enum { PATH_BYTES = 4096 };

/* --- the list --- */

static bool word_next(struct slice *line, struct slice *out)
{
	size_t from = 0, to = 0;

	while (from < line->len && text_is_blank((char)line->ptr[from]))
		from++;
	to = from;
	while (to < line->len && !text_is_blank((char)line->ptr[to]))
		to++;
	*out = slice_head(slice_from(*line, from), to - from);
	*line = slice_from(*line, to);
	return out->len > 0;
}

/* A copy with every "{year}" filled in. */
static const char *fill(struct arena *a, struct slice text, unsigned year)
{
	static const char place[] = "{year}";
	size_t at = slice_find(text, slice_text(place), 0);

	if (at == SLICE_NONE)
		return arena_text(a, text);

	struct slice rest = slice_from(text, at + sizeof place - 1);
	struct slice filled = arena_print(a, "%.*s%u%.*s", (int)at, (const char *)text.ptr, year,
					  (int)rest.len, (const char *)rest.ptr);

	return filled.ptr ? arena_text(a, filled) : NULL;
}

/* A name is a file's name, and no other: it may come from a list somebody sent. */
static bool name_is_sound(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = (char)name.ptr[i];

		if (!text_is_alnum(c) && c != '-' && c != '_' && c != '{' && c != '}' &&
		    (c != '.' || i == 0))
			return false;
	}
	return name.len > 0 && name.len < LIMIT_NAME_BYTES - 32;
}

struct row {
	struct slice name, addresses;
	bool is_asked_only, has_years;
	uint64_t from;
};

static enum err row_read(struct slice line, struct row *out)
{
	struct slice when = {0}, year = {0}, first = {0};
	struct row r = {0};

	if (!word_next(&line, &r.name) || !name_is_sound(r.name) || !word_next(&line, &when) ||
	    !word_next(&line, &year))
		return E_CORRUPT;
	r.is_asked_only = slice_is(when, "asked");
	if (!r.is_asked_only && !slice_is(when, "always"))
		return E_CORRUPT;
	r.has_years = !slice_is(year, "-");
	if (r.has_years && text_u64(year, 10, &r.from) != OK)
		return E_CORRUPT;
	r.addresses = line;
	if (!word_next(&line, &first))
		return E_CORRUPT;
	*out = r;
	return OK;
}

static enum err place_make(struct arena *a, const struct row *r, unsigned year,
			   struct feed_place *out)
{
	struct feed_place p = {.name = fill(a, r->name, year),
			       .is_asked_only = r->is_asked_only,
			       .is_yearly = r->has_years};
	struct slice left = r->addresses, word = {0};

	while (word_next(&left, &word)) {
		if (p.addresses_n == LIMIT_FEED_MIRRORS)
			return E_LIMIT;
		p.addresses[p.addresses_n] = fill(a, word, year);
		if (!p.addresses[p.addresses_n++])
			return E_NOMEM;
	}
	*out = p;
	return p.name ? OK : E_NOMEM;
}

/* "patience-ms 500": *is_one tells a setting from a row of places. */
static enum err setting_read(struct slice line, struct feed_terms *t, bool *is_one)
{
	const struct {
		const char *name;
		uint64_t *value, least, most;
	} settings[] = {
		{"patience-ms", &t->patience_ms, 1, LIMIT_FETCH_WAIT_S * 1000},
		{"stall-s", &t->stall_s, 1, LIMIT_FETCH_WAIT_S},
		{"limit-mib", &t->limit_mib, 1, LIMIT_FEED_FILE_BYTES / MiB},
	};
	struct slice name = {0}, value = {0}, more = {0};
	uint64_t n = 0;

	*is_one = false;
	if (!word_next(&line, &name) || !word_next(&line, &value))
		return OK;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (!slice_is(name, settings[i].name))
			continue;
		*is_one = true;
		if (word_next(&line, &more) || text_u64(value, 10, &n) != OK)
			return E_CORRUPT;
		if (n < settings[i].least || n > settings[i].most)
			return E_RANGE;
		*settings[i].value = n;
	}
	return OK;
}

static enum err line_read(struct arena *a, struct slice line, unsigned year, struct feed_list *l)
{
	struct row r = {0};
	bool is_setting = false;
	enum err e = setting_read(line, &l->terms, &is_setting);

	if (e || is_setting)
		return e;
	e = row_read(line, &r);
	for (uint64_t y = r.has_years ? r.from : year; e == OK && y <= year; y++)
		e = l->n < LIMIT_FEED_SOURCES ? place_make(a, &r, (unsigned)y, &l->places[l->n++])
					      : E_LIMIT;
	return e;
}

enum err feed_list_read(struct arena *a, struct slice text, unsigned year, struct feed_list *out,
			struct fault *why)
{
	struct feed_list l = {
		.places = arena_array(a, LIMIT_FEED_SOURCES, sizeof *l.places),
		.terms = {.patience_ms = 1000,
			  .stall_s = LIMIT_FETCH_STALL_S,
			  .limit_mib = LIMIT_FEED_FILE_BYTES / MiB},
	};
	struct slice line = {0};

	if (!l.places)
		return fault_set(why, E_NOMEM, 0, "out of memory");
	for (uint64_t number = 1; text_line(&text, &line); number++) {
		enum err e = OK;

		line = text_trim(line);
		if (line.len && line.ptr[0] != '#')
			e = line_read(a, line, year, &l);
		if (e != OK)
			return fault_set(why, e, number, "line %llu of the list of sources",
					 (unsigned long long)number);
	}
	*out = l;
	return OK;
}

bool feed_place_is_wanted(const struct feed_place *p, char *const *names, size_t n)
{
	if (!n)
		return !p->is_asked_only;
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(names[i]);

		if (strncmp(p->name, names[i], len) == 0 && (!p->name[len] || p->name[len] == '-'))
			return true;
	}
	return false;
}

/* --- marks --- */

static bool path_of(const struct feed_place *p, const char *dir, const char *suffix,
		    char out[PATH_BYTES])
{
	int n = snprintf(out, PATH_BYTES, "%s/%s%s", dir, p->name, suffix);

	return n > 0 && n < PATH_BYTES;
}

static bool is_there(const struct feed_place *p, const char *dir, const char *suffix)
{
	char path[PATH_BYTES];

	return path_of(p, dir, suffix, path) && access(path, F_OK) == 0;
}

bool feed_place_is_there(const struct feed_place *p, const char *dir)
{
	return is_there(p, dir, "");
}

bool feed_place_is_new(const struct feed_place *p, const char *dir)
{
	return is_there(p, dir, "") && is_there(p, dir, ".new");
}

void feed_place_imported(const struct feed_place *p, const char *dir)
{
	char path[PATH_BYTES];

	if (path_of(p, dir, ".new", path))
		(void)unlink(path);
}

void feed_place_drop(const struct feed_place *p, const char *dir)
{
	/* The tag first: without its file it would say that all is well. */
	static const char *const suffixes[] = {".tag", "", ".new"};
	char path[PATH_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (path_of(p, dir, suffixes[i], path))
			(void)unlink(path);
}

static enum err mark(const struct feed_place *p, const char *dir)
{
	char name[LIMIT_NAME_BYTES + 1];

	(void)snprintf(name, sizeof name, "%s.new", p->name);
	return file_write(dir, name, (struct slice){0}, NULL);
}

/* --- fetching --- */

/* In steps, so that ctrl-C is heard. */
static enum err pause_ms(unsigned ms)
{
	uint64_t until = clock_ms() + ms;

	while (!interrupt_seen() && clock_ms() < until)
		clock_sleep_ms(until - clock_ms() < 100 ? (unsigned)(until - clock_ms()) : 100);
	return interrupt_seen() ? E_INTERRUPTED : OK;
}

static unsigned wait_of(const struct fetch_reply *r, uint64_t patience_ms, unsigned attempt)
{
	uint64_t ms = patience_ms << attempt;

	if (r->wait_s * UINT64_C(1000) > ms)
		ms = r->wait_s * UINT64_C(1000);
	return ms > LIMIT_FETCH_WAIT_S * 1000 ? LIMIT_FETCH_WAIT_S * 1000 : (unsigned)ms;
}

/* One address, again and again while that may help. A try that came further than all before does
 * not count: a long file over a bad line arrives in pieces. */
static enum err fetch_from(const struct feed_place *p, const char *address, const char *dir,
			   const struct update_ops *ops, bool *is_same)
{
	struct fetch f = {.url = address,
			  .dir = dir,
			  .name = p->name,
			  .limit_bytes = ops->terms.limit_mib * MiB,
			  .stall_s = (unsigned)ops->terms.stall_s,
			  .progress = ops->progress,
			  .ctx = ops->ctx};

	uint64_t furthest = 0;

	for (unsigned attempt = 0, pieces = 0;;) {
		struct fetch_reply reply = {0};
		struct fault why = {0};
		enum err e = fetch_once(&f, &reply, &why);
		bool is_last = false;

		*is_same = reply.is_same;
		if (e == OK || e == E_INTERRUPTED)
			return e;
		if (reply.size <= furthest || ++pieces > LIMIT_FETCH_PIECES)
			attempt++;
		furthest = reply.size > furthest ? reply.size : furthest;
		is_last = !reply.is_for_later || attempt >= LIMIT_FETCH_TRIES;

		unsigned wait = is_last ? 0
					: wait_of(&reply, ops->terms.patience_ms,
						  attempt ? attempt - 1 : 0);

		ops->complain(ops->ctx, p, address, &why, wait);
		if (is_last)
			return e;
		e = pause_ms(wait);
		if (e != OK)
			return e;
	}
}

enum err feed_place_fetch(const struct feed_place *p, const char *dir, const struct update_ops *ops,
			  enum place_result *out)
{
	bool was_new = feed_place_is_new(p, dir), is_same = false;
	enum err e = mark(p, dir); /* first: a crash may leave too many marks, never too few */

	*out = PLACE_FAILED;
	if (e != OK)
		return e;
	for (size_t i = 0; i < p->addresses_n; i++) {
		e = fetch_from(p, p->addresses[i], dir, ops, &is_same);
		if (e == OK || e == E_INTERRUPTED)
			break;
	}
	if (e == OK)
		*out = is_same && !was_new ? PLACE_SAME : PLACE_NEW;
	if (*out != PLACE_NEW && !was_new)
		feed_place_imported(p, dir);
	return e == E_INTERRUPTED ? e : OK;
}
