// SPDX-License-Identifier: Apache-2.0
// Password hashes: crypt(5) of libxcrypt, htpasswd's forms, and the bare digests of vendors' files.

#include "inspect/firmware/hash.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/ban.h"

enum { HASH_MAX = 256, CANDIDATE_MAX = 128, DES_LEN = 13 };

/* One try on a slow machine of the 2020s. */
enum { US_DIGEST = 2, US_DES = 10, US_BSDI = 3000, US_MD5 = 200, US_SHA2 = 2000 };
enum { US_BCRYPT_ROUND = 80, US_YESCRYPT = 32000 };

/* The settings inside a hash may ask for hours; beyond these it is not tried. */
enum { ROUNDS_DEFAULT = 5000, ROUNDS_MAX = 20000, BCRYPT_COST_MAX = 10 };

static const char itoa64[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct row {
	struct hash_kind kind;
	const char *prefix;              /* NULL: by shape */
	bool (*has_shape)(struct slice); /* NULL: by prefix */
	uint64_t us;                     /* of one try; 0: cannot be tried, or `cost` says */
	uint64_t (*cost)(struct slice hash);
	bool (*opens)(struct slice candidate, const char *hash, struct crypt_data *work);
};

/* --- shapes --- */

static bool is_all(struct slice s, const char *alphabet)
{
	for (size_t i = 0; i < s.len; i++)
		if (!s.ptr[i] || !strchr(alphabet, s.ptr[i]))
			return false;
	return s.len > 0;
}

static bool is_hex(struct slice s)
{
	return is_all(s, "0123456789abcdefABCDEF");
}

static bool is_des(struct slice s)
{
	return s.len == DES_LEN && is_all(s, itoa64);
}

static bool is_bsdi(struct slice s)
{
	return s.len == 20 && slice_at(s, 0) == '_' && is_all(slice_from(s, 1), itoa64);
}

static bool is_hex_md5(struct slice s)
{
	return s.len == 32 && is_hex(s);
}

static bool is_hex_sha1(struct slice s)
{
	return s.len == 40 && is_hex(s);
}

static bool is_hex_sha256(struct slice s)
{
	return s.len == 64 && is_hex(s);
}

/* --- what one try costs --- */

static uint64_t cost_bcrypt(struct slice hash)
{
	uint64_t cost = 0;

	/* "$2b$10$": two digits */
	if (text_u64(slice_head(slice_from(hash, 4), 2), 10, &cost) != OK || cost > BCRYPT_COST_MAX)
		return 0;
	return US_BCRYPT_ROUND * (UINT64_C(1) << cost);
}

static uint64_t cost_sha2(struct slice hash)
{
	struct slice rest = slice_from(hash, 3), field;
	uint64_t rounds = ROUNDS_DEFAULT;

	if (slice_starts(rest, "rounds=") && text_field(&rest, '$', &field) &&
	    text_u64(slice_from(field, 7), 10, &rounds) != OK)
		return 0;
	return rounds > ROUNDS_MAX ? 0 : 1 + US_SHA2 * rounds / ROUNDS_DEFAULT;
}

/* "$y$j9T$": flavour, log2 N - 1, r - 1. More work or more parameters than the default: not tried.
 */
static uint64_t cost_yescrypt(struct slice hash)
{
	struct slice rest = slice_from(hash, 1), name, setting;

	if (!text_field(&rest, '$', &name) || !text_field(&rest, '$', &setting) || setting.len != 3)
		return 0;

	const char *n = strchr(itoa64, setting.ptr[1]), *r = strchr(itoa64, setting.ptr[2]);

	if (!setting.ptr[1] || !setting.ptr[2] || !n || !r)
		return 0;
	return n - itoa64 <= 11 && r - itoa64 <= 31 ? US_YESCRYPT : 0;
}

/* --- trying --- */

static bool opens_crypt(struct slice candidate, const char *hash, struct crypt_data *work)
{
	char phrase[CANDIDATE_MAX + 1];

	if (candidate.len)
		memcpy(phrase, candidate.ptr, candidate.len);
	phrase[candidate.len] = '\0';

	/* libxcrypt's own: AddressSanitizer replaces crypt_r and then does not find the library */
	const char *got = crypt_rn(phrase, hash, work, (int)sizeof *work);

	return got && strcmp(got, hash) == 0;
}

static bool opens_digest(struct slice candidate, const char *hash, const EVP_MD *md)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned n = 0;
	const void *bytes = candidate.len ? (const void *)candidate.ptr : "";

	if (!EVP_Digest(bytes, candidate.len, digest, &n, md, NULL))
		return false;
	text_hex(digest, n, hex);
	return text_same(slice_text(hash), hex);
}

static bool opens_md5(struct slice candidate, const char *hash, struct crypt_data *work)
{
	(void)work;
	return opens_digest(candidate, hash, EVP_md5());
}

static bool opens_sha1(struct slice candidate, const char *hash, struct crypt_data *work)
{
	(void)work;
	return opens_digest(candidate, hash, EVP_sha1());
}

static bool opens_sha256(struct slice candidate, const char *hash, struct crypt_data *work)
{
	(void)work;
	return opens_digest(candidate, hash, EVP_sha256());
}

/* htpasswd -s: "{SHA}" and the digest in base64 */
static bool opens_sha_base64(struct slice candidate, const char *hash, struct crypt_data *work)
{
	uint8_t digest[SHA_DIGEST_LENGTH];
	char text[5 + 28 + 1] = "{SHA}";
	const void *bytes = candidate.len ? (const void *)candidate.ptr : "";

	(void)work;
	if (!EVP_Digest(bytes, candidate.len, digest, NULL, EVP_sha1(), NULL))
		return false;
	EVP_EncodeBlock((uint8_t *)&text[5], digest, sizeof digest); /* 20 bytes make 28 and NUL */
	return strcmp(text, hash) == 0;
}

static const struct row rows[] = {
	{.kind = {SAY_HASH_MD5_CRYPT, "md5", true},
	 .prefix = "$1$",
	 .us = US_MD5,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_BCRYPT, "bcrypt", false},
	 .prefix = "$2a$",
	 .cost = cost_bcrypt,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_BCRYPT, "bcrypt", false},
	 .prefix = "$2b$",
	 .cost = cost_bcrypt,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_BCRYPT, "bcrypt", false},
	 .prefix = "$2y$",
	 .cost = cost_bcrypt,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_SHA256_CRYPT, "sha256", false},
	 .prefix = "$5$",
	 .cost = cost_sha2,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_SHA512_CRYPT, "sha512", false},
	 .prefix = "$6$",
	 .cost = cost_sha2,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_YESCRYPT, "yescrypt", false},
	 .prefix = "$y$",
	 .cost = cost_yescrypt,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_GOST_YESCRYPT, "gost-yescrypt", false},
	 .prefix = "$gy$",
	 .cost = cost_yescrypt,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_SCRYPT, "scrypt", false}, .prefix = "$7$"},
	{.kind = {SAY_HASH_NT, "nt", true}, .prefix = "$3$", .us = US_DES, .opens = opens_crypt},
	{.kind = {SAY_HASH_SUN_MD5, "sunmd5", true}, .prefix = "$md5"},
	{.kind = {SAY_HASH_SHA1_CRYPT, "sha1crypt", true}, .prefix = "$sha1$"},
	{.kind = {SAY_HASH_APACHE_MD5, "apr1", true}, .prefix = "$apr1$"},
	{.kind = {SAY_HASH_SHA1, "sha1", true},
	 .prefix = "{SHA}",
	 .us = US_DIGEST,
	 .opens = opens_sha_base64},
	{.kind = {SAY_HASH_SALTED_SHA1, "ssha", true}, .prefix = "{SSHA}"},
	{.kind = {SAY_HASH_DES, "des", true},
	 .has_shape = is_des,
	 .us = US_DES,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_EXTENDED_DES, "bsdi", true},
	 .has_shape = is_bsdi,
	 .us = US_BSDI,
	 .opens = opens_crypt},
	{.kind = {SAY_HASH_MD5, "rawmd5", true},
	 .has_shape = is_hex_md5,
	 .us = US_DIGEST,
	 .opens = opens_md5},
	{.kind = {SAY_HASH_SHA1, "rawsha1", true},
	 .has_shape = is_hex_sha1,
	 .us = US_DIGEST,
	 .opens = opens_sha1},
	{.kind = {SAY_HASH_SHA256, "rawsha256", true},
	 .has_shape = is_hex_sha256,
	 .us = US_DIGEST,
	 .opens = opens_sha256},
};

static const struct row *row_of(struct slice hash)
{
	if (hash.len > HASH_MAX || slice_find_byte(hash, '\0', 0) != SLICE_NONE)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];

		if (r->prefix ? slice_starts(hash, r->prefix) : r->has_shape(hash))
			return r;
	}
	return NULL;
}

const struct hash_kind *hash_kind(struct slice hash)
{
	const struct row *r = row_of(hash);

	return r ? &r->kind : NULL;
}

bool hash_is_evident(struct slice value)
{
	const struct row *r = row_of(value);
	bool upper = false, lower = false, other = false;

	if (!r || r->has_shape != is_des)
		return r != NULL;
	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = value.ptr[i];

		upper = upper || (c >= 'A' && c <= 'Z');
		lower = lower || (c >= 'a' && c <= 'z');
		other = other || !(((c | 32) >= 'a' && (c | 32) <= 'z'));
	}
	return upper && lower && other;
}

/* --- candidates in order --- */

struct candidates {
	struct slice list, user;
	unsigned extra; /* 0: list; then the user's name, then the empty password */
};

static bool candidate_next(struct candidates *c, struct slice *out)
{
	while (c->extra == 0 && text_line(&c->list, out))
		if (out->len && slice_at(*out, 0) != '#' && out->len <= CANDIDATE_MAX)
			return true;
	c->extra++;
	if (c->extra == 1) {
		*out = slice_head(c->user, CANDIDATE_MAX);
		return true;
	}
	*out = (struct slice){0};
	return c->extra == 2;
}

static size_t candidates_count(struct candidates c)
{
	struct slice one;
	size_t n = 0;

	while (candidate_next(&c, &one))
		n++;
	return n;
}

struct hash_trial hash_try(struct hash_work *work, struct slice user, struct slice hash,
			   struct slice candidates)
{
	const struct row *r = row_of(hash);
	struct candidates c = {.list = candidates, .user = user};
	struct hash_trial t = {.total = candidates_count(c)};
	struct crypt_data data;
	struct slice one;
	char text[HASH_MAX + 1];

	if (!r || !r->opens)
		return t;

	uint64_t us = r->cost ? r->cost(hash) : r->us;
	uint64_t most = us ? work->left_us / 2 / us : 0;

	memset(&data, 0, sizeof data);
	if (hash.len)
		memcpy(text, hash.ptr, hash.len);
	text[hash.len] = '\0';
	if (most > LIMIT_PASSWORD_TRIES)
		most = LIMIT_PASSWORD_TRIES;
	while (!t.opened_by && t.tried < most && candidate_next(&c, &one)) {
		t.tried++;
		if (r->opens(one, text, &data))
			t.opened_by = t.tried;
	}
	work->left_us -= us * t.tried;
	t.is_complete = t.opened_by || t.tried == t.total || t.tried == LIMIT_PASSWORD_TRIES;
	return t;
}
