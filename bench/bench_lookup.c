// SPDX-License-Identifier: Apache-2.0
// Time to open a snapshot, and to ask it about 500 products: bench_lookup SNAPSHOT. Those of the
// first round are cold: each block of the snapshot is hashed when first touched.

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "feed/products.h"

#include "base/ban.h"

enum { ASKED = 500, ROUNDS = 5, STRIDE = 7919 };

struct tally {
	size_t products, claims, hits;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct slice mapped(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0
			  ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
			  : MAP_FAILED;

	if (fd >= 0)
		close(fd);
	return p == MAP_FAILED ? (struct slice){0} : slice_of(p, (size_t)st.st_size);
}

/* Names of products from all over the snapshot, a Linux kernel first. Asked of a feed of its own:
 * what it touches stays cold in the other. */
static bool names_choose(struct slice bytes, struct arena *a, struct slice names[ASKED])
{
	struct feed *f = NULL;
	bool is_good = feed_open(bytes, &f, NULL) == OK && feed_info(f)->products > 0;

	names[0] = slice_text("linux_kernel");
	for (uint32_t i = 1; i < ASKED && is_good; i++) {
		struct product_record r = {0};
		uint64_t product = (uint64_t)i * STRIDE % feed_info(f)->products;

		is_good = product_read(f, (uint32_t)product, &r) == OK &&
			  arena_copy(a, product_name(r.key), &names[i]) == OK;
	}
	feed_close(f);
	return is_good;
}

static bool product_ask(struct feed *f, const struct feed_product *p, struct tally *t)
{
	struct version_key key = {0};
	struct feed_rank rank = {0};
	struct feed_claims at = {0};
	struct feed_claim c = {0};
	enum err e = OK;

	if (version_key_make(p->scheme, slice_text("1.2.3"), (struct slice){0}, &key) != OK ||
	    feed_rank(f, p, &key, &rank) != OK)
		return false;
	t->products++;
	while (!(e = feed_claim_next(f, p, &at, &c))) {
		t->claims++;
		t->hits += feed_claim_holds(&c, rank);
	}
	return e == E_END;
}

static bool names_ask(struct feed *f, const struct slice names[ASKED], struct tally *t)
{
	for (size_t i = 0; i < ASKED; i++) {
		struct feed_product p = {0};
		uint32_t slot = 0;
		enum err e = OK;

		while (!(e = feed_slot_next(f, names[i], &slot, &p)))
			if (!product_ask(f, &p, t))
				return false;
		if (e != E_END)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct slice bytes = argc == 2 ? mapped(argv[1]) : (struct slice){0};
	struct slice names[ASKED];
	struct feed *f = NULL;
	struct arena a;

	arena_init(&a, 1 * MiB);
	if (!bytes.len || !names_choose(bytes, &a, names)) {
		fprintf(stderr, "usage: bench_lookup SNAPSHOT\n");
		arena_release(&a);
		return 2;
	}

	double begin = now_ms();
	bool is_good = feed_open(bytes, &f, NULL) == OK;

	printf("  open               %8.2f ms\n", now_ms() - begin);
	for (int round = 0; round < ROUNDS && is_good; round++) {
		struct tally t = {0};

		begin = now_ms();
		is_good = names_ask(f, names, &t);
		printf("  500 names, %s    %8.2f ms   (%zu products, %zu claims, %zu hits)\n",
		       round ? "warm" : "cold", now_ms() - begin, t.products, t.claims, t.hits);
	}
	begin = now_ms();
	is_good = is_good && feed_verify(f, NULL) == OK;
	printf("  verify             %8.2f ms\n", now_ms() - begin);
	feed_close(f);
	arena_release(&a);
	return is_good ? 0 : 1;
}
