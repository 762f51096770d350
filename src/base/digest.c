// SPDX-License-Identifier: Apache-2.0
// Hashes and checksums, by OpenSSL and zlib.

#include "digest.h"

#include <openssl/sha.h>
#include <zlib.h>

#include "ban.h"

void text_hex(const uint8_t *bytes, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[bytes[i] >> 4];
		*out++ = digit[bytes[i] & 15];
	}
	*out = '\0';
}

void digest_sha256_raw(struct slice s, uint8_t out[SHA256_LEN])
{
	SHA256(s.ptr, s.len, out);
}

void digest_sha256_hex(struct slice s, char out[SHA256_HEX + 1])
{
	uint8_t md[SHA256_LEN];

	SHA256(s.ptr, s.len, md);
	text_hex(md, sizeof md, out);
}

struct slice digest_sha256(struct arena *a, struct slice s)
{
	char hex[SHA256_HEX + 1];
	struct slice out = {0};

	digest_sha256_hex(s, hex);
	if (arena_copy(a, slice_of(hex, SHA256_HEX), &out) != OK)
		return (struct slice){0};
	return out;
}

uint32_t checksum_crc32(struct slice s)
{
	return (uint32_t)crc32_z(0, s.ptr, s.len);
}

uint32_t checksum_crc32_raw(struct slice s)
{
	return s.len ? (uint32_t)~crc32_z(0xffffffff, s.ptr, s.len) : 0;
}
