/* SPDX-License-Identifier: Apache-2.0 */
/* What unit tests share: cmocka in the order it wants, samples from files, damage sweeps. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

/* A file in the folder of samples made at build time, or under $KENSA_SAMPLES. NULL ptr if absent.
 */
struct slice sample_read(const char *name);
void sample_free(struct slice s);

/*
 * Calls `read` with every prefix of `good`, then with every single byte changed (xor 0xff, then
 * each single bit of the first 512 bytes). `read` must come back, and must not write to the sample.
 */
void sweep_damage(struct slice good, void (*read)(struct slice damaged));

#endif
