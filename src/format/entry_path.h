/* SPDX-License-Identifier: Apache-2.0 */
/* Names in archives as paths of a tree. */
#ifndef FORMAT_ENTRY_PATH_H
#define FORMAT_ENTRY_PATH_H

#include "base/base.h"

/*
 * prefix/name (or name alone) from the root: without "/" and "./" in front and "/" behind, "/" for
 * the root itself, otherwise the bytes as they are. Clipped to LIMIT_PATH_BYTES. In the arena;
 * empty when there is no room.
 */
struct slice entry_path(struct arena *a, struct slice prefix, struct slice name);

#endif
