/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file over HTTP, kept in a folder: asked for again only when it changed, gone on with where a
 * transfer broke off. Nothing looks into what came; that is for a worker.
 *
 * DIR/NAME is the last whole file, DIR/NAME.part one on its way, and NAME.tag and NAME.part.tag say
 * which version of it that is (ETag or Last-Modified, RFC 9110, 8.8).
 */
#ifndef OS_FETCH_H
#define OS_FETCH_H

#include "base/base.h"

struct fetch {
	const char *url; /* https, or http when the user wrote so; redirects never step down */
	const char *dir, *name;
	uint64_t limit_bytes;
	unsigned stall_s; /* so long nothing may come */
	/* Called now and then; total 0: not known. May be NULL. */
	void (*progress)(void *ctx, const char *name, uint64_t done, uint64_t total);
	void *ctx;
};

struct fetch_reply {
	bool is_same;      /* DIR/NAME is still what the server has */
	bool is_for_later; /* trouble that may pass: another try may help */
	unsigned status;   /* of HTTP, 0: none came */
	unsigned wait_s;   /* as the server asked (Retry-After), 0: it did not */
	uint64_t size;     /* how far this try came, with what there was before */
};

/* One try. OK: DIR/NAME is whole and current. E_INTERRUPTED: by the user. Otherwise *why says what
 * went wrong, DIR/NAME is as it was, and what came so far is kept for the next try. */
MUST_CHECK enum err fetch_once(const struct fetch *f, struct fetch_reply *reply, struct fault *why);

#endif
