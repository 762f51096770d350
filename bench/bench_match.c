// SPDX-License-Identifier: Apache-2.0
// How long the components of a record take to be matched in a process that stays: bench_match
// SNAPSHOT RECORD CATALOG. Beside it the least that could be done: hashing the blocks it touched.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "feed/snapshot.h"
#include "inspect/inspect.h"
#include "inspect/known/match.h"

enum { ROUNDS = 31 };

struct bench {
	struct known_task task;
	struct buf tables[3], record_bytes;
	struct mapping snapshot;
	struct record record;
	struct known_data *data;
	int sink;
};

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int double_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void times_print(const char *what, double times[ROUNDS])
{
	qsort(times, ROUNDS, sizeof *times, double_cmp);
	printf("%s %.3f %.3f\n", what, times[0], times[ROUNDS / 2]);
}

static enum err document(const char *folder, const char *name, struct buf *out)
{
	char path[4096];

	buf_init(out, LIMIT_CATALOG_BYTES);
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	return file_read(path, out, NULL);
}

static bool bench_open(struct bench *b, char **argv)
{
	buf_init(&b->record_bytes, LIMIT_RECORD_BYTES);
	if (document(argv[3], "aliases.yaml", &b->tables[0]) ||
	    document(argv[3], "kernel-files.yaml", &b->tables[1]) ||
	    document(argv[3], "lifecycles.yaml", &b->tables[2]) ||
	    file_read(argv[2], &b->record_bytes, NULL) ||
	    record_read(buf_slice(&b->record_bytes), &b->record, NULL) ||
	    file_view(argv[1], &b->snapshot, NULL))
		return false;

	struct known_sources src = {.aliases = buf_slice(&b->tables[0]),
				    .kernel_files = buf_slice(&b->tables[1]),
				    .lifecycles = buf_slice(&b->tables[2])};

	b->sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
	return b->sink >= 0 && known_data_load(&src, &b->data, NULL) == OK;
}

static void rounds_run(struct bench *b, struct feed *f, const char *what)
{
	double times[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		struct known_task task = {.data = b->data,
					  .record = &b->record,
					  .snapshot = b->snapshot.bytes,
					  .feed = f};
		double start = now_ms();

		known_task(&task, b->sink);
		times[i] = now_ms() - start;
	}
	times_print(what, times);
}

/* As many blocks as matching touched, hashed once more. */
static void limit_run(struct bench *b, const struct feed *f)
{
	double times[ROUNDS];
	uint8_t out[SHA256_LEN];
	size_t blocks = 0;

	for (size_t i = 0; i < f->body.len / SNAPSHOT_BLOCK; i++)
		blocks += f->verified[i / 8] >> i % 8 & 1;
	for (size_t i = 0; i < ROUNDS; i++) {
		double start = now_ms();

		for (size_t k = 0; k < blocks; k++)
			digest_sha256_raw(
				slice_head(slice_from(b->snapshot.bytes, k * SNAPSHOT_BLOCK),
					   SNAPSHOT_BLOCK),
				out);
		times[i] = now_ms() - start;
	}
	times_print("hashing", times);
	printf("touched %zu\n", blocks * SNAPSHOT_BLOCK);
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	struct feed *f = NULL;

	if (argc != 4 || !bench_open(&b, argv) || feed_open(b.snapshot.bytes, &f, NULL) != OK) {
		fprintf(stderr, "usage: bench_match SNAPSHOT RECORD CATALOG\n");
		return 2;
	}
	rounds_run(&b, NULL, "opening");
	rounds_run(&b, f, "warm");
	limit_run(&b, f);
	feed_close(f);
	known_data_free(b.data);
	record_release(&b.record);
	file_unmap(&b.snapshot);
	return 0;
}
