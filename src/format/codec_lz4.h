/* SPDX-License-Identifier: Apache-2.0 */
/* The LZ4 frame, beside the two forms of LZ4 that codec.h offers to every room. */
#ifndef FORMAT_CODEC_LZ4_H
#define FORMAT_CODEC_LZ4_H

#include "format/codec_pump.h"

MUST_CHECK enum err codec_lz4_frame(struct slice in, struct buf *out, size_t *used);

#endif
