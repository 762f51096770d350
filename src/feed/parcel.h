/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An advisory as bytes, on its way from a worker to the parent. Numbers are LEB128 (DWARF 5, 7.6),
 * texts stand behind their length, and a claim leaves out what it shares with the one before.
 */
#ifndef FEED_PARCEL_H
#define FEED_PARCEL_H

#include "feed/advisory.h"

/* Errors are the buffer's. */
void parcel_pack(struct buf *out, const struct advisory *a);

/* Trusts nothing: E_CORRUPT unless every number is in its range, every text UTF-8 and the bytes are
 * used up. Slices borrow from `in`, arrays from the arena. */
MUST_CHECK enum err parcel_unpack(struct slice in, struct arena *a, struct advisory *out);

void parcel_number(struct buf *out, uint64_t v);
void parcel_text(struct buf *out, struct slice s);
uint64_t parcel_number_take(struct cursor *c);
struct slice parcel_text_take(struct cursor *c); /* E_CORRUPT in c->err when not UTF-8 */

#endif
