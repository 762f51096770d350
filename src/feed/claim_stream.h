/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims on one product, written and read one after the other. Those that one unit makes stand
 * together:
 *
 *	varint advisory, less that of the group before
 *	u8 head: source (5 bits), whether an origin follows (1), number of claims (2; 0: it follows)
 *	varint origin: reference of the id it was filed under, when it is not the advisory's
 *	varint number of claims
 *
 * and of each claim
 *
 *	u8 mode: kind (2 bits), effect (2), low and high excluded, other qualifier or condition than
 *	   the claim before in its group
 *	varint qualifier, varint condition: references
 *	kind range: varint low, varint high, each the rank plus one; 0 is open
 *	kind exact: varint rank, less that of the last exact claim in its group, zigzag
 */
#ifndef FEED_CLAIM_STREAM_H
#define FEED_CLAIM_STREAM_H

#include "feed/products.h"

enum {
	MODE_KIND = 3,
	MODE_EFFECT_SHIFT = 2,
	MODE_LOW_EXCLUDED = 16,
	MODE_HIGH_EXCLUDED = 32,
	MODE_TEXTS = 64, /* only in the stream */
};

struct raw_claim {
	uint32_t advisory, origin, low, high, qualifier, condition;
	uint32_t seq; /* breaks ties: the order in which they came */
	uint8_t source, mode;
};

/* Sorted by advisory, source, origin, seq: claim_order of base/sort.h. */
int claim_order(const void *a, const void *b, const void *unused);
void claims_write(struct buf *out, const struct raw_claim *claims, size_t n);

/* The claims of a product as they stand, rejected or not. Zero `r` first. E_END after the last.
 * r->is_new: the claim begins a group. */
MUST_CHECK enum err claim_read(struct feed *f, const struct product_record *p,
			       struct feed_claims *r, struct raw_claim *out);

static inline uint64_t zigzag(int64_t v)
{
	return v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1;
}

static inline int64_t unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (UINT64_C(0) - (v & 1)));
}

#endif
