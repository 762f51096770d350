/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a snapshot is made of while it is made. Everything is numbered in the order it first came;
 * what an older snapshot holds comes before that, and is not read in but merged when written.
 */
#ifndef FEED_BUILDER_H
#define FEED_BUILDER_H

#include "feed/advisories.h"

enum { CLAIM_MODE_BITS = 6 };

#define BUILDER_NONE UINT32_MAX

struct kept_product {
	uint32_t key_at, key_len; /* in `names` */
	uint32_t old;             /* its number in the old snapshot, or BUILDER_NONE */
	uint8_t scheme;
};

struct kept_version {
	uint32_t product, entry_at; /* in `entries`, as it will stand in a record */
	uint16_t version_len;       /* its text up to the CPE's update field */
};

struct kept_claim {
	uint32_t product, unit, low, high; /* the last two: versions, or BUILDER_NONE */
	uint32_t extra_mode;               /* number of its texts << CLAIM_MODE_BITS | mode */
};

struct kept_extra {
	uint32_t qualifier, condition; /* references */
};

struct kept_unit {
	uint32_t advisory, origin, at, len; /* in `unit_bytes` */
	uint32_t flags;
	uint8_t source;
	bool is_dead; /* replaced, or withdrawn */
};

struct kept_id {
	uint32_t at, len; /* in `names` */
};

/* An advisory that a record of another id was filed under. */
struct kept_origin {
	uint32_t origin, advisory, next;
	uint8_t source;
};

struct feed_builder {
	struct arena arena;
	struct feed *old;
	uint32_t old_advisories;
	struct buf strings, names, entries, unit_bytes;                     /* bytes */
	struct buf products, versions, claims, extras, units, ids, origins; /* struct kept_… */
	struct buf
		weights;  /* u32 an advisory: bytes of its units; 0: untouched since the old one */
	struct buf facts; /* of the unit being added */
	struct index string_index, product_index, version_index, unit_index, id_index, origin_index;
	struct texts_packer texts;
	uint8_t dates[SOURCE_N][SNAPSHOT_DATE];
};

/* Elements of the growing arrays above. */
#define KEPT(buf, type)   ((struct type *)(void *)(buf).data)
#define KEPT_N(buf, type) ((uint32_t)((buf).len / sizeof(struct type)))

static inline uint32_t *weights_of(const struct feed_builder *b)
{
	return (uint32_t *)(void *)b->weights.data;
}

/* The number, or reference, of what is equal; taken in when there is none. */
MUST_CHECK enum err intern_string(struct feed_builder *b, struct slice s, uint32_t *ref);
MUST_CHECK enum err intern_advisory(struct feed_builder *b, struct slice id, uint32_t *index);
MUST_CHECK enum err intern_product(struct feed_builder *b, struct slice key, uint32_t *product);
/* E_RANGE: no version. */
MUST_CHECK enum err intern_version(struct feed_builder *b, uint32_t product, struct slice version,
				   struct slice update, uint32_t *out);
/* Takes in the strings of an old snapshot, each under its reference. */
MUST_CHECK enum err intern_old_strings(struct feed_builder *b);

/* The advisory's number without taking it in; BUILDER_NONE when nobody spoke of it. */
MUST_CHECK enum err builder_find(struct feed_builder *b, struct slice id, uint32_t *index);
/* Something about an advisory changes: what it weighed before counts from now on. */
MUST_CHECK enum err builder_touch(struct feed_builder *b, uint32_t index);
/* The unit of the new ones that says what `source` says under `origin`; BUILDER_NONE. */
uint32_t builder_unit(const struct feed_builder *b, uint32_t advisory, uint8_t source,
		      uint32_t origin);
struct slice builder_key(const struct feed_builder *b, uint32_t product);
struct slice builder_id(const struct feed_builder *b, const struct kept_id *id);
uint32_t builder_advisories(const struct feed_builder *b);

#endif
