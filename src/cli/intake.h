/* SPDX-License-Identifier: Apache-2.0 */
/* Taking files of vulnerability data into a snapshot: what feed import, update and starter share.
 */
#ifndef CLI_INTAKE_H
#define CLI_INTAKE_H

#include "cli/cli.h"

enum { HOME_BYTES = 3072, STALE_DAYS = 7 };

struct intake {
	const struct call *call;
	char home[HOME_BYTES], date[CALENDAR_TEXT]; /* date: of the snapshot to be made */
	struct import_options options;              /* n 0: the old snapshot with another date */
	const char *const *labels;                  /* what messages call the files */
	const char *starter; /* write to this file, without texts; NULL: renew the snapshot */
};

/* From the command line: home, date, workers. False and a message. */
MUST_CHECK bool intake_init(const struct call *c, struct intake *out);

/* On top of the old snapshot, all or nothing. *damaged: the file that cannot be taken in, or
 * INTAKE_NONE when nothing is wrong with them. Messages are given. */
#define INTAKE_NONE SIZE_MAX
enum exit_code intake_run(const struct intake *i, size_t *damaged);
/* Whether the file can be taken in: a message when it cannot. */
enum exit_code intake_check(const struct intake *i, size_t file, bool *is_damaged);

/* A message for what stopped it, and the exit code. */
enum exit_code give_up(const struct call *c, const char *what, enum err e, const struct fault *why);
bool days_read(struct slice text, uint32_t *out); /* YYYY-MM-DD as it is written, no other way */
bool today_of(const struct call *c, uint32_t *out);

/* Notes: gathered in `b`, given unless --quiet, and then `b` is empty again. */
void say_note(const struct call *c, struct buf *b);
const char *either(const struct call *c, const char *en, const char *ja) FORMAT_TEXT(2)
	FORMAT_TEXT(3);

/* A line on the terminal that is written over, with the time that is left. */
struct ticker {
	const struct call *call;
	uint64_t started_ms, told_ms, done_at_start;
	const char *name; /* of what is under way; NULL: nothing to name */
	bool is_shown;
};
struct ticker ticker_start(const struct call *c);
void ticker_tell(struct ticker *t, uint64_t done, uint64_t total); /* total 0: not known */
void ticker_clear(struct ticker *t);

/* feed_update.c */
enum exit_code feed_run_update(const struct call *c);
/* Fetches URLs into the downloads: out[i] is the file, or args[i] itself when it is none. */
struct feed_downloads {
	struct arena arena;
	char dir[HOME_BYTES + 16];
	struct feed_place places[LIMIT_INPUTS];
	const char *paths[LIMIT_INPUTS];
	size_t n;
};
enum exit_code feed_downloads_fetch(const struct intake *i, char *const *args, size_t n,
				    struct feed_downloads *out);
void feed_downloads_release(struct feed_downloads *d, bool keep);

#endif
