/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A product's record in a snapshot:
 *
 *	varint length, key · u8 scheme · varint versions · varint claims · varint length of entries
 *	u16 or u32 (entries of 64 KiB and more) a version: where its entry is
 *	entries: u8 length, key · varint length, text; sorted by key
 *	claims (claim_stream.h)
 */
#ifndef FEED_PRODUCTS_H
#define FEED_PRODUCTS_H

#include "feed/snapshot.h"

struct product_record {
	struct slice key;
	uint8_t scheme;
	uint32_t versions, claims, entry_width;
	uint64_t at, table_at, entries_at, claims_at, end; /* in RECORDS */
};

/* The i-th of the sorted products. */
MUST_CHECK enum err product_read(struct feed *f, uint32_t i, struct product_record *out);

/* The same of a product found before; `claims` and `at` are not known. */
struct product_record product_record_of(const struct feed_product *p);

/* A version's entry as it stands, its key, its text. */
struct version_entry {
	struct slice entry, key, text;
};
MUST_CHECK enum err version_read(struct feed *f, const struct product_record *p, uint32_t rank,
				 struct version_entry *out);

/* Bytes of a place in the table of versions. */
uint32_t entry_width_of(uint64_t entries_len);

#endif
