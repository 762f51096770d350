// SPDX-License-Identifier: Apache-2.0
// Hashes and checksums, by OpenSSL and zlib.

#include "digest.h"

#include <openssl/evp.h>
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

enum err digest_sha256_parts(const struct slice *parts, size_t n, uint8_t out[SHA256_LEN])
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool is_good = c && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1;

	for (size_t i = 0; i < n && is_good; i++)
		is_good = EVP_DigestUpdate(c, parts[i].ptr, parts[i].len) == 1;
	is_good = is_good && EVP_DigestFinal_ex(c, out, NULL) == 1;
	EVP_MD_CTX_free(c);
	return is_good ? OK : E_NOMEM;
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
