/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash index: from the hash of something to the numbers of the items that may be it. The items
 * stay with the caller, who compares:
 *
 *	struct index_probe p = index_probe(&x, hash);
 *	while (index_next(&x, &p))
 *		if (is_equal(p.id)) ...
 *
 * Seeded with random bits, so that nobody can prepare keys that collide: nothing that is written
 * may depend on the order of slots.
 */
#ifndef BASE_INDEX_H
#define BASE_INDEX_H

#include "buf.h"

struct index {
	struct buf slots;
	size_t n, slots_n; /* slots_n: a power of two, or 0 */
	uint64_t seed;
};

struct index_probe {
	uint32_t tag, id;
	size_t slot, left;
};

/* `ceiling`: bytes of its slots, 8 each; a third more than items fit. */
MUST_CHECK enum err index_init(struct index *x, size_t ceiling);
void index_release(struct index *x);

uint64_t index_hash(const struct index *x, struct slice s);
/* Takes a number into a hash. */
uint64_t index_mix(uint64_t hash, uint64_t number);

struct index_probe index_probe(const struct index *x, uint64_t hash);
bool index_next(const struct index *x, struct index_probe *p);

/* id < UINT32_MAX. What is equal to it may be in there already: that is the caller's affair. */
MUST_CHECK enum err index_add(struct index *x, uint64_t hash, uint32_t id);
/* Puts another item in the place of the one that index_next found last. */
void index_replace(struct index *x, const struct index_probe *p, uint32_t id);

#endif
