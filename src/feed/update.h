/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fetching the files of all sources into a folder. What is new there stays marked until somebody
 * has imported it, so that an update may break off anywhere and lose nothing.
 */
#ifndef FEED_UPDATE_H
#define FEED_UPDATE_H

#include "base/base.h"

/* One file to fetch: a row of catalog/feeds.txt, {year} filled in. */
struct feed_place {
	const char *name;
	bool is_asked_only;
	bool is_yearly; /* one of a row with years */
	const char *addresses[LIMIT_FEED_MIRRORS];
	size_t addresses_n;
};

/* How patiently, and how much of it: lines of the list that are two words. */
struct feed_terms {
	uint64_t patience_ms; /* before the second try; twice as long before each further one */
	uint64_t stall_s;     /* so long nothing may come */
	uint64_t limit_mib;   /* the largest file */
};

struct feed_list {
	struct feed_place *places; /* in the order of the list, a row with years one a year */
	size_t n;
	struct feed_terms terms;
};

/* Years run up to `year`. E_CORRUPT with the line in `at`. */
MUST_CHECK enum err feed_list_read(struct arena *a, struct slice text, unsigned year,
				   struct feed_list *out, struct fault *why);

/* True when the place is wanted: named in `names` ("nvd-2024", or "nvd" for all its years), or
 * there are no names and it is fetched always. */
bool feed_place_is_wanted(const struct feed_place *p, char *const *names, size_t n);

enum place_result { PLACE_NEW, PLACE_SAME, PLACE_FAILED };

struct update_ops {
	/* A try failed and another follows in `wait_ms`; or none does (wait_ms 0). */
	void (*complain)(void *ctx, const struct feed_place *p, const char *address,
			 const struct fault *why, unsigned wait_ms);
	void (*progress)(void *ctx, const char *name, uint64_t done, uint64_t total);
	void *ctx;
	struct feed_terms terms;
};

/*
 * Fetches one place into DIR: every address in order, LIMIT_FETCH_TRIES times each while trouble
 * may pass. PLACE_NEW: DIR/NAME is new, and DIR/NAME.new marks it. E_INTERRUPTED: by the user.
 */
MUST_CHECK enum err feed_place_fetch(const struct feed_place *p, const char *dir,
				     const struct update_ops *ops, enum place_result *out);

/* Whether DIR/NAME exists, and whether it waits to be imported. */
bool feed_place_is_there(const struct feed_place *p, const char *dir);
bool feed_place_is_new(const struct feed_place *p, const char *dir);
/* It is imported, and the snapshot with it is in place. */
void feed_place_imported(const struct feed_place *p, const char *dir);
/* What came is of no use: away with it and its tag, so that it is fetched anew. What is still on
 * its way stays. */
void feed_place_drop(const struct feed_place *p, const char *dir);

#endif
