/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growable byte buffer, born with a ceiling. Its error is sticky, like a cursor's: append on, ask
 * b.err once. After an error the contents are what fitted before it.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "cursor.h"

struct buf {
	uint8_t *data;
	size_t len, cap, ceiling;
	enum err err; /* OK, E_LIMIT (ceiling) or E_NOMEM */
};

void buf_init(struct buf *b, size_t ceiling);
void buf_release(struct buf *b);
void buf_drop(struct buf *b, size_t n); /* takes the first n bytes away */
void buf_clear(struct buf *b);          /* empty, error forgotten, memory kept */

void buf_add_slow(struct buf *b, struct slice s); /* when it does not fit into what there is */
static inline void buf_add(struct buf *b, struct slice s)
{
	if (b->err || s.len > b->cap - b->len) {
		buf_add_slow(b, s);
	} else if (s.ptr && s.len) {
		memcpy(b->data + b->len, s.ptr, s.len);
		b->len += s.len;
	}
}

static inline void buf_text(struct buf *b, const char *text)
{
	buf_add(b, slice_text(text));
}

static inline void buf_byte(struct buf *b, uint8_t byte)
{
	buf_add(b, slice_of(&byte, 1));
}

void buf_u32le(struct buf *b, uint32_t v);
void buf_u64le(struct buf *b, uint64_t v);
/* Seven bits a byte, the lowest first, the top bit says that more follow (LEB128). */
void buf_varint(struct buf *b, uint64_t v);
void buf_print(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Room for n more bytes at the end; NULL (and b->err) when there is none. Then buf_grown(b, used).
 */
MUST_CHECK uint8_t *buf_room(struct buf *b, size_t n);
void buf_grown(struct buf *b, size_t n);

struct slice buf_slice(const struct buf *b); /* borrowed until the next change */

#endif
