// SPDX-License-Identifier: Apache-2.0
// What unit tests share.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_SWEPT = 512 };

struct slice sample_read(const char *name)
{
	const char *folder = getenv("KENSA_SAMPLES");
	char path[1024];
	FILE *f = NULL;
	uint8_t *data = NULL;

	snprintf(path, sizeof path, "%s/%s", folder ? folder : ".", name);
	f = fopen(path, "rb");
	if (!f)
		return (struct slice){0};
	fseek(f, 0, SEEK_END);

	long n = ftell(f);

	rewind(f);
	data = malloc((size_t)n + 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)n, f), n);
	fclose(f);
	return slice_of(data, (size_t)n);
}

void sample_free(struct slice s)
{
	free((void *)(uintptr_t)s.ptr);
}

/* Each try gets a block of its own size, so that a sanitizer or valgrind sees one byte too far. */
static void try_copy(const uint8_t *bytes, size_t n, void (*read)(struct slice))
{
	uint8_t *copy = malloc(n ? n : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	read(slice_of(copy, n));
	free(copy);
}

void sweep_damage(struct slice good, void (*read)(struct slice damaged))
{
	uint8_t *work = malloc(good.len ? good.len : 1);

	assert_non_null(work);
	memcpy(work, good.ptr, good.len);
	for (size_t n = 0; n < good.len; n++)
		try_copy(work, n, read);
	for (size_t i = 0; i < good.len; i++) {
		work[i] ^= 0xff;
		try_copy(work, good.len, read);
		work[i] ^= 0xff;
	}
	for (size_t bit = 0; bit < 8 * (good.len < BITS_SWEPT ? good.len : BITS_SWEPT); bit++) {
		work[bit / 8] ^= (uint8_t)(1u << bit % 8);
		try_copy(work, good.len, read);
		work[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	free(work);
}
