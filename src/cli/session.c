// SPDX-License-Identifier: Apache-2.0
// What several commands share: the catalogue, an inspection of the targets named.

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ban.h"

/* Beside the program: ../share/kensa when installed, ../catalog in a build folder. */
static bool catalog_folder(char *out, size_t size)
{
	static const char *const beside[] = {"../share/kensa/catalog", "../catalog"};
	const char *given = getenv("KENSA_CATALOG");
	char program[2048];

	if (given)
		return snprintf(out, size, "%s", given) < (int)size;
	if (!program_folder(program, sizeof program))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		int n = snprintf(out, size, "%s/%s", program, beside[i]);

		if (n > 0 && (size_t)n < size && folder_exists(out))
			return true;
	}
	return true; /* the last place is named in the message */
}

static bool catalog_file(const struct call *c, const char *folder, const char *name,
			 struct buf *out)
{
	char path[4096];
	struct fault why = {0};
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);

	buf_init(out, LIMIT_CATALOG_BYTES);

	enum err e = n > 0 && (size_t)n < sizeof path ? file_read(path, out, &why) : E_LIMIT;

	if (e)
		complain(c, path, e, &why);
	return e == OK;
}

static bool catalog_signatures(const struct call *c, const char *folder, struct buf *out)
{
	char path[4096];
	struct fault why = {0};
	int n = snprintf(path, sizeof path, "%s/components", folder);

	buf_init(out, LIMIT_CATALOG_BYTES);

	enum err e = n > 0 && (size_t)n < sizeof path
			     ? folder_read(path, ".yaml", LIBRARY_FILE_MARK, out, &why)
			     : E_LIMIT;

	if (e)
		complain(c, path, e, &why);
	return e == OK;
}

bool catalog_document(const struct call *c, const char *name, struct buf *out)
{
	char folder[3072] = "catalog";

	if (!catalog_folder(folder, sizeof folder))
		return false;
	return catalog_file(c, folder, name, out);
}

bool catalog_files_load(const struct call *c, struct catalog *out)
{
	*out = (struct catalog){.folder = "catalog"};

	char *folder = out->folder;

	if (catalog_folder(folder, sizeof out->folder) &&
	    catalog_file(c, folder, "vulnerability.yaml", &out->vulnerability) &&
	    catalog_file(c, folder, "iot.yaml", &out->iot) &&
	    catalog_file(c, folder, "rules.yaml", &out->rules) &&
	    catalog_signatures(c, folder, &out->components) &&
	    catalog_file(c, folder, "passwords.txt", &out->passwords))
		return true;
	catalog_files_release(out);
	return false;
}

void catalog_files_release(struct catalog *cat)
{
	buf_release(&cat->vulnerability);
	buf_release(&cat->iot);
	buf_release(&cat->rules);
	buf_release(&cat->components);
	buf_release(&cat->passwords);
}

bool sheet_from_catalog(const struct call *c, const struct catalog *cat, struct sheet *out)
{
	struct sheet_source src = {.vulnerability = buf_slice(&cat->vulnerability),
				   .iot = buf_slice(&cat->iot),
				   .rules = buf_slice(&cat->rules)};
	struct fault why = {0};
	enum err e = sheet_load(&src, out, &why);

	if (e)
		complain(c, cat->folder, e, &why);
	return e == OK;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar (Hinnant, days_from_civil). */
static uint64_t days_of(uint64_t y, uint64_t m, uint64_t d)
{
	if (m <= 2)
		y--;

	uint64_t era = y / 400, yoe = y - era * 400;
	uint64_t doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	uint64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static void date_of(uint64_t days, char out[16])
{
	uint64_t y = 1970;

	while (days_of(y + 1, 1, 1) <= days)
		y++;

	uint64_t m = 1;

	while (m < 12 && days_of(y, m + 1, 1) <= days)
		m++;
	(void)snprintf(out, 16, "%04u-%02u-%02u", (unsigned)(y % 10000), (unsigned)(m % 100),
		       (unsigned)((days - days_of(y, m, 1) + 1) % 100));
}

/* A date that is written the way date_of writes it, between 1970 and 9999. */
static bool date_read(const char *word, uint64_t *days)
{
	struct slice rest = slice_text(word), part[3] = {{0}};
	uint64_t n[3] = {0};
	char again[16];

	for (size_t i = 0; i < 3; i++)
		if (!text_field(&rest, '-', &part[i]) || text_u64(part[i], 10, &n[i]) != OK)
			return false;
	if (rest.ptr || n[0] < 1970 || n[0] > 9999 || n[1] < 1 || n[1] > 12 || n[2] < 1 ||
	    n[2] > 31)
		return false;
	*days = days_of(n[0], n[1], n[2]);
	date_of(*days, again);
	return strcmp(again, word) == 0;
}

/* The product's own name, in the one form that records have. */
static bool cpe_of(const struct call *c, struct buf *out)
{
	struct slice name = slice_text(c->value[OPT_CPE]);
	struct arena a;
	struct cpe cpe;

	if (name.len > LIMIT_TEXT_BYTES)
		return false;
	arena_init(&a, 256 * KiB);

	bool is_good = cpe_read(name, &a, &cpe, NULL) == OK;

	if (is_good)
		cpe_write(out, &cpe);
	arena_release(&a);
	return is_good && !out->err && out->len;
}

/* The target line, from the options. */
static enum exit_code target_of(const struct call *c, struct target *t, uint64_t *days,
				char date[16], struct buf *cpe)
{
	*days = clock_today();
	if (c->value[OPT_DATE] && !date_read(c->value[OPT_DATE], days)) {
		complain_words(c, "--date", "wants YYYY-MM-DD", "YYYY-MM-DD で指定してください");
		return EXIT_USAGE;
	}
	if (c->value[OPT_CPE] && !cpe_of(c, cpe)) {
		complain_words(c, "--cpe", "is no CPE name, as cpe:2.3:o:VENDOR:PRODUCT:VERSION is",
			       "CPE名ではありません。cpe:2.3:o:ベンダー:製品:バージョン "
			       "のように指定してください");
		return EXIT_USAGE;
	}
	date_of(*days, date);
	*t = (struct target){.schema = slice_text(RECORD_SCHEMA),
			     .kensa = slice_text(KENSA_VERSION),
			     .date = slice_text(date),
			     .cpe = buf_slice(cpe)};
	/* Words of the option table: it has refused all others. */
	if ((c->value[OPT_KIND] && !target_kind_find(slice_text(c->value[OPT_KIND]), &t->kind)) ||
	    (c->value[OPT_SECTOR] && !sector_find(slice_text(c->value[OPT_SECTOR]), &t->sector)))
		return EXIT_INTERNAL;
	return EXIT_DONE;
}

static bool jobs_of(const struct call *c, unsigned *out)
{
	uint64_t n = cpu_count();

	if (c->value[OPT_JOBS] &&
	    (text_u64(slice_text(c->value[OPT_JOBS]), 10, &n) != OK || n < 1 || n > LIMIT_JOBS)) {
		complain_words(c, "--jobs", "wants a number from 1 to 64",
			       "1から64の数を指定してください");
		return false;
	}
	*out = (unsigned)n;
	return true;
}

/* The last component of a path, without trailing slashes; "." and "/" stay as they are. */
static struct slice last_component(const char *path)
{
	struct slice s = slice_text(path), part = {0}, last = s;

	while (text_field(&s, '/', &part))
		if (part.len)
			last = part;
	return last;
}

static void show_progress(void *ctx, size_t done, size_t total)
{
	(void)ctx;
	(void)fprintf(stderr, "\r%zu/%zu ", done, total);
	if (done == total)
		(void)fputs("\r        \r", stderr);
}

/* Says on stderr what stood between the product's bytes and this machine. */
static void say_protection(const struct call *c, bool is_sandboxed)
{
	struct protection p = protection_available();
	char en[160], ja[160];

	if (!is_sandboxed) {
		note_words(c, "--no-sandbox", "workers ran with all rights of this user",
			   "ワーカーは利用者の全権限で動きました");
		return;
	}
	(void)snprintf(en, sizeof en, "by seccomp%s",
		       p.landlock ? " and landlock" : "; no landlock here");
	(void)snprintf(ja, sizeof ja, "seccomp%s",
		       p.landlock ? "・landlock" : "だけ。landlockはありません");
	note_words(c, c->lang == JA ? "保護" : "protected", en, ja);
}

static enum exit_code run_into(const struct call *c, const struct inspect_options *o,
			       const struct inspect_input *in, struct record *out)
{
	struct fault why = {0};
	enum err e = inspect_run(o, in, c->args_n, out, &why);

	if (e == E_INTERRUPTED)
		complain_words(c, c->command->name, "interrupted; the record is incomplete",
			       "中断しました。検査記録は未完です");
	else if (e)
		complain(c, c->command->name, e, &why);
	if (e && e != E_INTERRUPTED)
		return e == E_SANDBOX ? EXIT_USAGE : EXIT_INTERNAL;
	complain_documents(c, out);

	enum exit_code code = e == OK ? vex_files_add(c, out) : EXIT_DONE;

	if (code == EXIT_DONE && e == OK && o->wants_inspectors)
		code = known_add(c, out);
	if (code != EXIT_DONE)
		return code;
	if (record_end(out, e == OK) != OK)
		return EXIT_INTERNAL;
	say_protection(c, o->is_sandboxed);
	return e == OK ? EXIT_DONE : EXIT_INCOMPLETE;
}

static enum exit_code with_library(const struct call *c, const struct catalog *with,
				   struct inspect_options *o, const struct inspect_input *in,
				   struct record *out)
{
	struct library *library = NULL;
	struct fault why = {0};
	enum err e = with ? library_load(buf_slice(&with->components), &library, &why) : OK;

	if (e) {
		char path[sizeof with->folder + 32];

		(void)snprintf(path, sizeof path, "%s/components", with->folder);
		complain(c, path, e, &why);
		return EXIT_TARGET;
	}
	o->library = library;
	if (with)
		o->passwords = buf_slice(&with->passwords);

	enum exit_code code = run_into(c, o, in, out);

	library_free(library);
	return code;
}

static enum exit_code map_all(const struct call *c, struct mapping *maps, struct inspect_input *in)
{
	for (size_t i = 0; i < c->args_n; i++) {
		struct fault why = {0};
		enum err e = file_map(c->args[i], &maps[i], &why);

		if (e) {
			complain(c, c->args[i], e, &why);
			return EXIT_TARGET;
		}
		in[i] = (struct inspect_input){.name = last_component(c->args[i]),
					       .bytes = &maps[i]};
	}
	return EXIT_DONE;
}

enum exit_code inspect_targets(const struct call *c, const struct catalog *with,
			       const struct inspect_sink *sink, struct record *out)
{
	/* A command that matches, and needs no signatures of components: bills of materials. */
	bool is_document = !with && (c->command->options & OPTION(FEED));
	struct inspect_options o = {.is_sandboxed = !c->value[OPT_NO_SANDBOX],
				    .wants_inspectors = with || is_document,
				    .only_documents = is_document,
				    .sink = sink};
	struct mapping maps[LIMIT_INPUTS] = {{.bytes = {0}}};
	struct inspect_input in[LIMIT_INPUTS];
	struct fact first = {.kind = FACT_TARGET};
	char date[16];
	struct buf cpe;

	buf_init(&cpe, 2 * LIMIT_TEXT_BYTES);

	enum exit_code code = target_of(c, &first.target, &o.date, date, &cpe);

	record_init(out);
	if (code == EXIT_DONE && !jobs_of(c, &o.jobs))
		code = EXIT_USAGE;
	if (is_terminal(STDERR_FILENO) && !c->value[OPT_QUIET])
		o.progress = show_progress;
	if (code == EXIT_DONE)
		code = map_all(c, maps, in);
	if (code == EXIT_DONE) {
		first.target.name =
			c->value[OPT_NAME] ? slice_text(c->value[OPT_NAME]) : in[0].name;
		code = record_add(out, &first) == OK ? with_library(c, with, &o, in, out)
						     : EXIT_INTERNAL;
	}
	for (size_t i = 0; i < c->args_n; i++)
		file_unmap(&maps[i]);
	buf_release(&cpe);
	return code;
}

bool record_is_incomplete(const struct record *r)
{
	size_t at = 0;

	return !r->is_complete || record_next(r, FACT_SKIP, &at) != NULL;
}
