/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target is: this one function, which libFuzzer or replay.c calls. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Makes checksums agree again, for targets whose row says so. */
void mend_jffs2(uint8_t *data, size_t len);

/* A promise of the code under test. Unlike assert it holds in every build. */
#define FUZZ_CHECK(claim)                                                                          \
	do {                                                                                       \
		if (!(claim))                                                                      \
			__builtin_trap();                                                          \
	} while (0)

#endif
