/* SPDX-License-Identifier: Apache-2.0 */
/* A folder given as target becomes one stream of bytes: a cpio archive (newc) in memory. */
#ifndef OS_FOLDER_H
#define OS_FOLDER_H

#include "base/base.h"

/*
 * Packs what lies under the open folder `dir` into a sealed memory file. Names in byte order, links
 * and devices as what they are, nothing followed, no mount crossed; times and inode numbers are
 * left out, so that the same contents give the same bytes. Files that cannot be read end it, by
 * name.
 */
MUST_CHECK enum err folder_pack(int dir, int *memory_file, struct fault *why);

#endif
