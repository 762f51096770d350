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

struct json {
	struct buf *out;
	unsigned indent, depth;
	bool has_member[JSON_DEPTH_MAX];
	bool after_key;
};

void json_init(struct json *j, struct buf *out, unsigned indent);

void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);

void json_key(struct json *j, const char *key);
void json_text(struct json *j, struct slice s);
void json_u64(struct json *j, uint64_t v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
void json_raw(struct json *j, const char *number); /* a number already written, as "97.5" */

/* key and value in one call, the commonest pairs */
void json_put(struct json *j, const char *key, struct slice s);
void json_put_text(struct json *j, const char *key, const char *text);
void json_put_u64(struct json *j, const char *key, uint64_t v);

#endif
