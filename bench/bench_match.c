// SPDX-License-Identifier: Apache-2.0
// How long the components of a record take to be matched, in one process that stays: bench_match
// SNAPSHOT RECORD CATALOG. The first round is cold but for the program itself.

#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include "inspect/inspect.h"
#include "inspect/known/match.h"

enum { ROUNDS = 20 };

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum err document(const char *folder, const char *name, struct buf *out)
{
	char path[4096];

	buf_init(out, LIMIT_CATALOG_BYTES);
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	return file_read(path, out, NULL);
}

int main(int argc, char **argv)
{
	struct buf a, f, l, r;
	struct mapping snapshot;
	struct record record;
	struct known_data *data = NULL;

	buf_init(&r, LIMIT_RECORD_BYTES);
	if (argc != 4 || document(argv[3], "aliases.yaml", &a) ||
	    document(argv[3], "kernel-files.yaml", &f) ||
	    document(argv[3], "lifecycles.yaml", &l) || file_read(argv[2], &r, NULL) ||
	    record_read(buf_slice(&r), &record, NULL) || file_view(argv[1], &snapshot, NULL))
		return 2;

	struct known_sources src = {.aliases = buf_slice(&a),
				    .kernel_files = buf_slice(&f),
				    .lifecycles = buf_slice(&l)};

	if (known_data_load(&src, &data, NULL))
		return 2;
	for (int i = 0; i < ROUNDS; i++) {
		struct known_task task = {
			.data = data, .record = &record, .snapshot = snapshot.bytes};
		int sink = open("/dev/null", O_WRONLY);
		double start = now_ms();

		known_task(&task, sink);
		if (i == 0 || i == ROUNDS - 1)
			printf("%s %.2f ms\n", i ? "warm" : "first", now_ms() - start);
	}
	return 0;
}
