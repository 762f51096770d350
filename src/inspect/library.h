/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Component signatures: catalog/components.yaml compiled into one pattern database, so that all of
 * them are matched in one pass over a file. Compiled once in the parent from trusted data.
 */
#ifndef INSPECT_LIBRARY_H
#define INSPECT_LIBRARY_H

#include "base/base.h"

struct library;

MUST_CHECK enum err library_load(struct slice yaml, struct library **out, struct fault *why);
void library_free(struct library *l);

#endif
