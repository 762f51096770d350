// SPDX-License-Identifier: Apache-2.0
// Private keys in SSH wire fields (RFC 4251 5): OpenSSH's, dropbear's and PuTTY's files.

#include "inspect/firmware/keyparse.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <string.h>

#include "base/ban.h"

enum { MPINT_MAX = 2049, DSA_P_MAX = 513, ED25519_LEN = 32, LETTERS = 26 };

/* The fields of a key, by the letters its papers use; s and w are secret and public, c the curve.
 */
struct parts {
	struct slice of[LETTERS];
};

typedef EVP_PKEY *(*public_fn)(const struct parts *p);

struct layout {
	const char *type;
	const char *dropbear, *openssh; /* fields in order, one letter each */
	const char *putty_public, *putty_private;
	public_fn publish; /* NULL unless the private part agrees with the public one */
};

static struct slice part(const struct parts *p, char letter)
{
	return p->of[letter - 'a'];
}

static bool string_take(struct cursor *c, struct slice *out)
{
	uint32_t n = cursor_u32be(c);

	*out = cursor_take(c, n);
	return !c->err;
}

static bool parts_take(struct cursor *c, const char *letters, struct parts *p)
{
	for (const char *l = letters; *l; l++)
		if (!string_take(c, &p->of[*l - 'a']))
			return false;
	return true;
}

static BIGNUM *number(const struct parts *p, char letter)
{
	struct slice s = part(p, letter);

	if (s.len == 0 || s.len > MPINT_MAX)
		return NULL;
	return BN_bin2bn(s.ptr, (int)s.len, NULL);
}

static EVP_PKEY *pkey_from(const char *type, int selection, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (params && ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return pkey;
}

/* --- one function an algorithm --- */

static EVP_PKEY *publish_rsa(const struct parts *p)
{
	BIGNUM *n = number(p, 'n'), *e = number(p, 'e'), *f = number(p, 'p'), *g = number(p, 'q');
	BIGNUM *product = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;

	if (n && e && f && g && product && ctx && bld && !BN_is_one(f) && !BN_is_one(g) &&
	    !BN_is_zero(n) && BN_mul(product, f, g, ctx) && BN_cmp(product, n) == 0 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		pkey = pkey_from("RSA", EVP_PKEY_PUBLIC_KEY, bld);
	OSSL_PARAM_BLD_free(bld);
	BN_CTX_free(ctx);
	BN_clear_free(product);
	BN_clear_free(f);
	BN_clear_free(g);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static bool dsa_agrees(const BIGNUM *p, const BIGNUM *g, const BIGNUM *y, const BIGNUM *x)
{
	BIGNUM *power = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	bool ok = power && ctx && BN_num_bytes(p) <= DSA_P_MAX && BN_is_odd(p) && !BN_is_one(p) &&
		  BN_cmp(x, p) < 0 && !BN_is_zero(x) && BN_mod_exp(power, g, x, p, ctx) &&
		  BN_cmp(power, y) == 0;

	BN_clear_free(power);
	BN_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *publish_dsa(const struct parts *parts)
{
	BIGNUM *p = number(parts, 'p'), *q = number(parts, 'q'), *g = number(parts, 'g');
	BIGNUM *y = number(parts, 'y'), *x = number(parts, 'x');
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;

	if (p && q && g && y && x && bld && dsa_agrees(p, g, y, x) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, p) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_Q, q) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, g) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, y))
		pkey = pkey_from("DSA", EVP_PKEY_PUBLIC_KEY, bld);
	OSSL_PARAM_BLD_free(bld);
	BN_free(p);
	BN_free(q);
	BN_free(g);
	BN_free(y);
	BN_clear_free(x);
	return pkey;
}

static const char *curve_of(struct slice name)
{
	/* RFC 5656 10.1 */
	static const char *const curves[][2] = {
		{"nistp256", "prime256v1"}, {"nistp384", "secp384r1"}, {"nistp521", "secp521r1"}};

	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		if (slice_is(name, curves[i][0]))
			return curves[i][1];
	return NULL;
}

static bool pair_agrees(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok = ctx && EVP_PKEY_pairwise_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *publish_ec(const struct parts *p)
{
	const char *curve = curve_of(part(p, 'c'));
	struct slice point = part(p, 'w');
	BIGNUM *x = number(p, 'x');
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;

	if (curve && point.len && x && bld &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point.ptr, point.len) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, x))
		pkey = pkey_from("EC", EVP_PKEY_KEYPAIR, bld);
	if (pkey && !pair_agrees(pkey)) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	OSSL_PARAM_BLD_free(bld);
	BN_clear_free(x);
	return pkey;
}

/* RFC 8709: seed, and the public key beside it or behind it */
static EVP_PKEY *publish_ed25519(const struct parts *p)
{
	struct slice s = part(p, 's'), w = part(p, 'w');
	uint8_t made[ED25519_LEN];
	size_t n = sizeof made;

	if (w.len == 0)
		w = slice_from(s, ED25519_LEN);
	if (s.len < ED25519_LEN || w.len != ED25519_LEN)
		return NULL;

	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, s.ptr, ED25519_LEN);

	if (pkey &&
	    (EVP_PKEY_get_raw_public_key(pkey, made, &n) != 1 || !slice_eq(w, slice_of(made, n)))) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	return pkey;
}

static const struct layout layouts[] = {
	{"ssh-rsa", "endpq", "nedipq", "en", "dpqi", publish_rsa},
	{"ssh-dss", "pqgyx", "pqgyx", "pqgy", "x", publish_dsa},
	{"ecdsa-sha2-nistp256", "cwx", "cwx", "cw", "x", publish_ec},
	{"ecdsa-sha2-nistp384", "cwx", "cwx", "cw", "x", publish_ec},
	{"ecdsa-sha2-nistp521", "cwx", "cwx", "cw", "x", publish_ec},
	{"ssh-ed25519", "s", "ws", "w", "s", publish_ed25519},
};

static const struct layout *layout_of(struct slice type)
{
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (slice_is(type, layouts[i].type))
			return &layouts[i];
	return NULL;
}

static bool parts_describe(const struct layout *l, const struct parts *p, struct key *out)
{
	EVP_PKEY *pkey = l->publish(p);
	bool ok = pkey && key_describe(pkey, out);

	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return ok;
}

/* --- the three containers --- */

/* dropbear's signkey.c writes: type, then the fields. */
bool wire_dropbear(struct slice in, struct key *out)
{
	struct cursor c = {.in = in};
	struct parts p = {0};
	struct slice type;
	const struct layout *l = string_take(&c, &type) ? layout_of(type) : NULL;

	return l && parts_take(&c, l->dropbear, &p) && parts_describe(l, &p, out);
}

/* OpenSSH, PROTOCOL.key: magic, cipher, kdf, its options, a count, public keys, private part. */
bool wire_openssh(struct slice blob, struct key *out)
{
	static const char magic[] = "openssh-key-v1";
	struct cursor c = {.in = blob};
	struct slice cipher, kdf, options, open_key, secret, type;
	struct parts p = {0};

	if (!slice_eq(cursor_take(&c, sizeof magic), slice_of(magic, sizeof magic)) ||
	    !string_take(&c, &cipher) || !string_take(&c, &kdf) || !string_take(&c, &options) ||
	    cursor_u32be(&c) != 1 || !string_take(&c, &open_key) || !string_take(&c, &secret))
		return false;
	if (!slice_is(cipher, "none")) {
		out->is_encrypted = true;
		print_of(blob, out->print);
		return secret.len > 0;
	}

	struct cursor s = {.in = secret};
	uint32_t check = cursor_u32be(&s);

	if (cursor_u32be(&s) != check || !string_take(&s, &type))
		return false;

	const struct layout *l = layout_of(type);

	return l && parts_take(&s, l->openssh, &p) && parts_describe(l, &p, out);
}

/* "Public-Lines: 6" and that many lines of base64 behind it. */
static bool putty_block(struct slice text, const char *name, struct buf *out)
{
	size_t at = slice_find(text, slice_text(name), 0);
	struct slice rest = slice_from(text, at), line, body;
	uint64_t lines = 0;

	if (at == SLICE_NONE || !text_line(&rest, &line) ||
	    text_u64(text_trim(slice_from(line, slice_text(name).len)), 10, &lines) != OK)
		return false;
	body = rest;
	for (uint64_t i = 0; i < lines; i++)
		if (!text_line(&rest, &line))
			return false;
	return base64_read(slice_head(body, body.len - rest.len), out);
}

static bool putty_read(struct slice open_key, struct slice secret, struct key *out)
{
	struct cursor c = {.in = open_key}, s = {.in = secret};
	struct parts p = {0};
	struct slice type;
	const struct layout *l = string_take(&c, &type) ? layout_of(type) : NULL;

	return l && parts_take(&c, l->putty_public, &p) && parts_take(&s, l->putty_private, &p) &&
	       parts_describe(l, &p, out);
}

bool wire_putty(struct slice text, struct key *out)
{
	struct buf open_key, secret;
	bool ok;

	buf_init(&open_key, DER_BYTES_MAX);
	buf_init(&secret, DER_BYTES_MAX);
	ok = putty_block(text, "Public-Lines:", &open_key) &&
	     putty_block(text, "Private-Lines:", &secret);
	if (ok && slice_find(text, slice_text("\nEncryption: none"), 0) == SLICE_NONE) {
		out->is_encrypted = true;
		print_of(buf_slice(&secret), out->print);
	} else {
		ok = ok && putty_read(buf_slice(&open_key), buf_slice(&secret), out);
	}
	if (secret.data)
		OPENSSL_cleanse(secret.data, secret.len);
	buf_release(&open_key);
	buf_release(&secret);
	return ok;
}
