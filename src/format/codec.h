/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decompression, bounded: shared by the stream formats and by filesystems that compress blocks.
 *
 * Each call appends to `out` (whose ceiling is the bomb guard; LIMIT_RATIO is checked too) and,
 * when `used` is not NULL, says how many input bytes the stream took. Trailing input is not an
 * error. E_SHORT: input ends too early. E_CORRUPT: not decodable. E_LIMIT: the ceiling or ratio.
 */
#ifndef FORMAT_CODEC_H
#define FORMAT_CODEC_H

#include "base/base.h"

MUST_CHECK enum err codec_zlib(struct slice in, struct buf *out, size_t *used);    /* RFC 1950 */
MUST_CHECK enum err codec_deflate(struct slice in, struct buf *out, size_t *used); /* RFC 1951 */
MUST_CHECK enum err codec_gzip(struct slice in, struct buf *out,
			       size_t *used); /* RFC 1952, one member */
MUST_CHECK enum err codec_xz(struct slice in, struct buf *out, size_t *used); /* .xz, one stream */
MUST_CHECK enum err codec_lzma(struct slice in, struct buf *out,
			       size_t *used); /* .lzma, 13-byte header */

/* Raw LZMA1 without header: properties given, size known (or UINT64_MAX: end marker). */
MUST_CHECK enum err codec_lzma_raw(struct slice in, uint8_t properties, uint32_t dictionary,
				   uint64_t size, struct buf *out, size_t *used);

MUST_CHECK enum err codec_lzo1x(struct slice in, struct buf *out, size_t *used); /* own decoder */
MUST_CHECK enum err codec_lz4_block(struct slice in, size_t size_max, struct buf *out);
MUST_CHECK enum err codec_lz4_legacy(struct slice in, struct buf *out,
				     size_t *used); /* Linux kernels */
MUST_CHECK enum err codec_zstd(struct slice in, struct buf *out, size_t *used);
MUST_CHECK enum err codec_bzip2(struct slice in, struct buf *out, size_t *used);

#endif
