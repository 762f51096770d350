/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes and checksums over slices. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "arena.h"

enum { SHA256_LEN = 32, SHA256_HEX = 64 };

/* SHA-256 (FIPS 180-4). */
void digest_sha256_raw(struct slice s, uint8_t out[SHA256_LEN]);
/* Of all parts, one behind the other. */
MUST_CHECK enum err digest_sha256_parts(const struct slice *parts, size_t n,
					uint8_t out[SHA256_LEN]);

/* The same as 64 lower-case hex digits and a NUL. */
void digest_sha256_hex(struct slice s, char out[SHA256_HEX + 1]);

/* The same as a slice in the arena; empty when there is no room. */
struct slice digest_sha256(struct arena *a, struct slice s);

/* CRC-32 of IEEE 802.3 (zlib, U-Boot); and the kernel's crc32(0, …) without inversions (JFFS2). */
uint32_t checksum_crc32(struct slice s);
uint32_t checksum_crc32_raw(struct slice s);

void text_hex(const uint8_t *bytes, size_t n, char *out /* 2n + 1 */);

#endif
