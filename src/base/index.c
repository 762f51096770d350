// SPDX-License-Identifier: Apache-2.0
// A hash index: open addressing, linear probing, doubled at three quarters.

#include "index.h"

#include <openssl/rand.h>
#include <string.h>

#include "ban.h"

enum { SLOTS_MIN = 64 };

struct index_slot {
	uint32_t tag, id_1; /* low bits of the hash; the id plus one, 0 is free */
};

enum err index_init(struct index *x, size_t ceiling)
{
	*x = (struct index){0};
	buf_init(&x->slots, ceiling);
	return RAND_bytes((unsigned char *)&x->seed, sizeof x->seed) == 1 ? OK : E_IO;
}

void index_release(struct index *x)
{
	buf_release(&x->slots);
	x->n = x->slots_n = 0;
}

/* The halves of the 128-bit product, one over the other: every bit in depends on every bit. */
uint64_t index_mix(uint64_t hash, uint64_t number)
{
	uint64_t a = hash ^ UINT64_C(0x9e3779b97f4a7c15), b = number ^ UINT64_C(0xd6e8feb86659fd93);
	uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
	uint64_t low = a_low * b_low, cross = a_high * b_low + (low >> 32);
	uint64_t other = a_low * b_high + (uint32_t)cross;

	return (a_high * b_high + (cross >> 32) + (other >> 32)) ^ (a * b) ^ (hash >> 29);
}

uint64_t index_hash(const struct index *x, struct slice s)
{
	uint64_t hash = index_mix(x->seed, s.len);
	size_t at = 0;

	for (; s.len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t word = 0;

		memcpy(&word, &s.ptr[at], sizeof word);
		hash = index_mix(hash, word ^ x->seed);
	}
	if (at < s.len) {
		uint64_t word = 0;

		memcpy(&word, &s.ptr[at], s.len - at);
		hash = index_mix(hash, word ^ x->seed);
	}
	return hash;
}

static struct index_slot *slots_of(const struct index *x)
{
	return (struct index_slot *)(void *)x->slots.data;
}

struct index_probe index_probe(const struct index *x, uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash ^ hash >> 32);

	return (struct index_probe){.tag = tag, .slot = tag, .left = x->slots_n};
}

bool index_next(const struct index *x, struct index_probe *p)
{
	const struct index_slot *slots = slots_of(x);

	while (p->left) {
		const struct index_slot *s = &slots[p->slot & (x->slots_n - 1)];

		if (!s->id_1)
			return false;
		p->left--;
		p->slot++;
		if (s->tag != p->tag)
			continue;
		p->id = s->id_1 - 1;
		return true;
	}
	return false;
}

static void slot_take(struct index *x, struct index_slot item)
{
	struct index_slot *slots = slots_of(x);
	size_t at = item.tag & (x->slots_n - 1);

	while (slots[at].id_1)
		at = (at + 1) & (x->slots_n - 1);
	slots[at] = item;
}

static enum err index_grow(struct index *x)
{
	struct index wide = *x;
	size_t bytes = 0;

	wide.slots_n = x->slots_n ? x->slots_n * 2 : SLOTS_MIN;
	buf_init(&wide.slots, x->slots.ceiling);
	if (!size_mul(wide.slots_n, sizeof(struct index_slot), &bytes))
		return E_LIMIT;

	uint8_t *room = buf_room(&wide.slots, bytes);

	if (!room)
		return wide.slots.err;
	memset(room, 0, bytes);
	buf_grown(&wide.slots, bytes);
	for (size_t i = 0; i < x->slots_n; i++)
		if (slots_of(x)[i].id_1)
			slot_take(&wide, slots_of(x)[i]);
	buf_release(&x->slots);
	*x = wide;
	return OK;
}

enum err index_add(struct index *x, uint64_t hash, uint32_t id)
{
	enum err e = x->n >= x->slots_n / 4 * 3 ? index_grow(x) : OK;

	if (e)
		return e;
	slot_take(x, (struct index_slot){(uint32_t)(hash ^ hash >> 32), id + 1});
	x->n++;
	return OK;
}

void index_replace(struct index *x, const struct index_probe *p, uint32_t id)
{
	slots_of(x)[(p->slot - 1) & (x->slots_n - 1)].id_1 = id + 1;
}
