// SPDX-License-Identifier: Apache-2.0
// Where vulnerability data lies, and matching as commands use it.

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/ban.h"

enum { PATH_BYTES = 4096 };

#define SNAPSHOT_NAME "feed.snapshot"

static bool home_file(const struct call *c, char *out, size_t size)
{
	char folder[PATH_BYTES];
	int n = feed_home(c, folder, sizeof folder)
			? snprintf(out, size, "%s/" SNAPSHOT_NAME, folder)
			: -1;

	return n > 0 && (size_t)n < size;
}

static bool file_is_there(const char *path)
{
	struct fault why = {0};
	struct mapping m;
	enum err e = file_view(path, &m, &why);

	if (e == OK)
		file_unmap(&m);
	return e != E_NOTFOUND;
}

/* In the installation, or in the folder it was built in. */
bool starter_path(char *out, size_t size)
{
	static const char *const beside[] = {"../share/kensa/starter.snapshot", "starter.snapshot"};
	char program[2048];

	if (!program_folder(program, sizeof program))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		int n = snprintf(out, size, "%s/%s", program, beside[i]);

		if (n > 0 && (size_t)n < size && file_is_there(out))
			return true;
	}
	return false;
}

/* Data that is there and cannot be read must not pass for none. */
static enum exit_code map_file(const struct call *c, const char *path, struct mapping *out)
{
	struct fault why = {0};
	enum err e = file_view(path, out, &why);

	if (e == OK && out->bytes.len == 0)
		e = fault_set(&why, E_SHORT, 0, "empty");
	if (e == OK && out->bytes.len > LIMIT_SNAPSHOT_BYTES)
		e = fault_set(&why, E_LIMIT, 0, "larger than a snapshot may be");
	if (e) {
		file_unmap(out);
		complain(c, path, e, &why);
	}
	return e ? EXIT_TARGET : EXIT_DONE;
}

static enum exit_code map_snapshot(const struct call *c, struct mapping *out)
{
	char path[PATH_BYTES];

	*out = (struct mapping){0};
	if (c->value[OPT_FEED])
		return map_file(c, c->value[OPT_FEED], out);
	if (home_file(c, path, sizeof path) && file_is_there(path))
		return map_file(c, path, out);
	if (starter_path(path, sizeof path))
		return map_file(c, path, out);
	return EXIT_DONE;
}

static bool load_tables(const struct call *c, struct known_data **out)
{
	struct buf aliases = {0}, files = {0}, lifecycles = {0};
	struct fault why = {0};
	bool is_ok = catalog_document(c, "aliases.yaml", &aliases) &&
		     catalog_document(c, "kernel-files.yaml", &files) &&
		     catalog_document(c, "lifecycles.yaml", &lifecycles);

	if (is_ok) {
		struct known_sources src = {.aliases = buf_slice(&aliases),
					    .kernel_files = buf_slice(&files),
					    .lifecycles = buf_slice(&lifecycles)};
		enum err e = known_data_load(&src, out, &why);

		if (e)
			complain(c, "catalog", e, &why);
		is_ok = e == OK;
	}
	buf_release(&lifecycles);
	buf_release(&files);
	buf_release(&aliases);
	return is_ok;
}

enum exit_code known_session_open(const struct call *c, struct known_session *out)
{
	*out = (struct known_session){0};
	if (!load_tables(c, &out->data))
		return EXIT_INTERNAL;

	enum exit_code code = map_snapshot(c, &out->snapshot);

	if (code != EXIT_DONE)
		known_session_close(out);
	return code;
}

void known_session_close(struct known_session *s)
{
	known_data_free(s->data);
	file_unmap(&s->snapshot);
	*s = (struct known_session){0};
}

static void complain_snapshot(const struct call *c, const struct skip *s)
{
	struct fault why = {0};
	struct buf words;

	buf_init(&words, 8 * LIMIT_TEXT_BYTES);
	saying_write(&words, s->detail, c->lang);
	fault_set(&why, E_CORRUPT, 0, "%.*s",
		  (int)slice_head(buf_slice(&words), sizeof why.msg - 1).len,
		  (const char *)words.data);
	buf_release(&words);
	complain(c, c->value[OPT_FEED] ? c->value[OPT_FEED] : SNAPSHOT_NAME, E_CORRUPT, &why);
}

static enum err err_named(struct slice name)
{
	for (enum err e = OK; e < E_N; e++)
		if (slice_is(name, err_name(e)))
			return e;
	return E_CRASH;
}

static void complain_matching(const struct call *c, const struct skip *s)
{
	enum err e = err_named(s->why);
	char en[200], ja[200];

	(void)snprintf(en, sizeof en, "matching failed, no vulnerability was looked for: %s",
		       err_words(e, false));
	(void)snprintf(ja, sizeof ja, "照合に失敗し、脆弱性は調べられていません: %s",
		       err_words(e, true));
	complain_words(c, c->command->name, en, ja);
}

/* A snapshot that could not be used, or matching that failed, is worth more than a line in the
 * record. */
static void complain_known(const struct call *c, const struct record *r)
{
	const struct fact *f = NULL;

	for (size_t at = 0; (f = record_next(r, FACT_SKIP, &at));) {
		if (f->skip.method != METHOD_KNOWN)
			continue;
		if (slice_is(f->skip.what, "snapshot"))
			complain_snapshot(c, &f->skip);
		else if (slice_is(f->skip.what, "matching"))
			complain_matching(c, &f->skip);
	}
}

/* JSON has no place for a sentence, and a summary may scroll away. */
static void note_starter(const struct call *c, const struct record *r)
{
	size_t at = 0;
	const struct fact *f = record_next(r, FACT_FEED, &at);
	struct buf b;

	if (!f || f->feed.kind != FEED_STARTER)
		return;
	buf_init(&b, 4 * KiB);
	buf_print(&b, c->lang == JA ? "脆弱性情報 %.*s" : "vulnerability data of %.*s",
		  (int)slice_head(f->feed.date, 32).len,
		  f->feed.date.len ? (const char *)f->feed.date.ptr : "");
	buf_byte(&b, '\0');
	if (!b.err)
		note_words(c, (const char *)b.data, feed_warning(&f->feed, EN),
			   feed_warning(&f->feed, JA));
	buf_release(&b);
}

enum exit_code known_session_run(const struct call *c, const struct known_session *s,
				 struct record *r)
{
	struct known_options o = {.data = s->data,
				  .snapshot = s->snapshot.bytes,
				  .is_sandboxed = !c->value[OPT_NO_SANDBOX]};
	struct fault why = {0};
	enum err e = known_run(&o, r, &why);

	if (e) {
		complain(c, "match", e, &why);
		return e == E_SANDBOX ? EXIT_USAGE : EXIT_INTERNAL;
	}
	complain_known(c, r);
	note_starter(c, r);
	return EXIT_DONE;
}

enum exit_code known_add(const struct call *c, struct record *r)
{
	struct known_session s;
	enum exit_code code = known_session_open(c, &s);

	if (code == EXIT_DONE)
		code = known_session_run(c, &s, r);
	known_session_close(&s);
	return code;
}

enum exit_code known_again(const struct call *c, const struct known_session *s,
			   const struct record *old, struct record *out)
{
	enum exit_code code = EXIT_INTERNAL;

	if (known_strip(old, out) != OK)
		return EXIT_INTERNAL;
	code = known_session_run(c, s, out);
	if (code == EXIT_DONE && record_end(out, old->is_complete) != OK)
		code = EXIT_INTERNAL;
	if (code != EXIT_DONE)
		record_release(out);
	return code;
}

bool record_open(const struct call *c, const char *path, struct record *out)
{
	char inside[PATH_BYTES];
	struct fault why = {0};
	struct buf b;
	int n = snprintf(inside, sizeof inside, "%s/record.jsonl", path);

	buf_init(&b, LIMIT_RECORD_BYTES);

	enum err e = n < 0 || (size_t)n >= sizeof inside
			     ? E_LIMIT
			     : file_read(folder_exists(path) ? inside : path, &b, &why);

	if (e == OK)
		e = record_read(buf_slice(&b), out, &why);
	buf_release(&b);
	if (e)
		complain(c, path, e, &why);
	return e == OK;
}
