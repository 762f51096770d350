// SPDX-License-Identifier: Apache-2.0
// Runs every file of the folders given through a fuzz target, so that what was once found stays
// found without a fuzzer.

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/ban.h"

static bool replay_file(const char *path)
{
	struct stat st;
	FILE *f = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "rb") : NULL;

	if (!f)
		return false;

	/* A block of just its size, so that a sanitizer sees one byte too far. */
	size_t len = (size_t)st.st_size;
	uint8_t *data = malloc(len ? len : 1);
	bool is_read = data && fread(data, 1, len, f) == len;

	fclose(f);
	if (is_read) {
		printf("%s\n", path);
		fflush(stdout);
		(void)LLVMFuzzerTestOneInput(data, len);
	}
	free(data);
	return is_read;
}

static unsigned replay_folder(const char *folder)
{
	DIR *d = opendir(folder);
	unsigned n = 0;

	if (!d)
		return 0;
	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		char path[4096];
		int len = snprintf(path, sizeof path, "%s/%s", folder, e->d_name);

		if (len > 0 && (size_t)len < sizeof path)
			n += replay_file(path);
	}
	closedir(d);
	return n;
}

int main(int argc, char **argv)
{
	unsigned n = 0;

	/* What every target must stand, corpus or not. */
	(void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		n += replay_folder(argv[i]);
	printf("%u inputs\n", n);
	return 0;
}
