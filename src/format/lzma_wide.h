/* SPDX-License-Identifier: Apache-2.0 */
/* LZMA1 with any literal context and position bits: liblzma stops at lc + lp = 4. */
#ifndef FORMAT_LZMA_WIDE_H
#define FORMAT_LZMA_WIDE_H

#include "format/codec.h"

/* As codec_lzma_raw, which calls it for the properties that liblzma refuses. */
MUST_CHECK enum err lzma_wide(struct slice in, uint8_t properties, uint64_t size, struct buf *out,
			      size_t *used);

#endif
