/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A streaming JSON writer (RFC 8259) into a buf. Same calls, same bytes: keys in the order given,
 * no locale, no floating point. `indent` 0 writes one line without blanks (the canonical form of
 * records); otherwise that many blanks a level. Text must be UTF-8; bytes that are not are replaced
 * by U+FFFD.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "buf.h"

enum { JSON_DEPTH_MAX = 32 };

struct jsonw {
	struct buf *out;
	unsigned indent, depth;
	bool has_member[JSON_DEPTH_MAX];
	bool after_key;
};

void jsonw_init(struct jsonw *j, struct buf *out, unsigned indent);

void jsonw_object(struct jsonw *j);
void jsonw_object_end(struct jsonw *j);
void jsonw_array(struct jsonw *j);
void jsonw_array_end(struct jsonw *j);

void jsonw_key(struct jsonw *j, const char *key);
void jsonw_text(struct jsonw *j, struct slice s);
void jsonw_u64(struct jsonw *j, uint64_t v);
void jsonw_bool(struct jsonw *j, bool v);
void jsonw_null(struct jsonw *j);
void jsonw_raw(struct jsonw *j, const char *number); /* a number already written, as "97.5" */

/* key and value in one call, the commonest pairs */
void jsonw_put(struct jsonw *j, const char *key, struct slice s);
void jsonw_put_text(struct jsonw *j, const char *key, const char *text);
void jsonw_put_u64(struct jsonw *j, const char *key, uint64_t v);

#endif
