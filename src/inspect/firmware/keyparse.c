// SPDX-License-Identifier: Apache-2.0
// Private keys by their markers: PEM, DER (RFC 8017, 5958, 5915), OpenSSH, dropbear, PuTTY.

#include "inspect/firmware/keyparse.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "base/ban.h"

struct row {
	const char *marker;
	uint32_t len;
	/* `hit` is where the marker is. *end: where to look on. */
	bool (*read)(struct slice in, size_t hit, struct key *out, size_t *end);
};

/* --- describing --- */

static const char *kind_of(int id)
{
	static const struct {
		int id;
		const char *name;
	} kinds[] = {
		{EVP_PKEY_RSA, "RSA"},         {EVP_PKEY_RSA_PSS, "RSA-PSS"},
		{EVP_PKEY_DSA, "DSA"},         {EVP_PKEY_EC, "EC"},
		{EVP_PKEY_ED25519, "Ed25519"}, {EVP_PKEY_ED448, "Ed448"},
		{EVP_PKEY_X25519, "X25519"},   {EVP_PKEY_X448, "X448"},
		{EVP_PKEY_DH, "DH"},           {EVP_PKEY_SM2, "SM2"},
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].id == id)
			return kinds[i].name;
	return NULL;
}

bool key_describe(EVP_PKEY *pkey, struct key *out)
{
	const char *kind = kind_of(EVP_PKEY_get_base_id(pkey));
	unsigned char *der = NULL;
	char group[24] = "";
	int n = kind ? i2d_PUBKEY(pkey, &der) : -1;

	if (n <= 0)
		return false;
	print_of(slice_of(der, (size_t)n), out->print);
	OPENSSL_free(der);
	if (EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) != 1)
		group[0] = '\0';
	snprintf(out->kind, sizeof out->kind, "%s%s%s", kind, group[0] ? " " : "", group);
	out->bits = EVP_PKEY_get_bits(pkey);
	return true;
}

/* An RSA key is one when its modulus is the product of its primes. */
static bool rsa_agrees(EVP_PKEY *pkey)
{
	BIGNUM *n = NULL, *p = NULL, *q = NULL, *product = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	bool ok = product && ctx && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) &&
		  EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_FACTOR1, &p) &&
		  EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_FACTOR2, &q) &&
		  BN_mul(product, p, q, ctx) && BN_cmp(product, n) == 0 && !BN_is_zero(n) &&
		  !BN_is_one(p) && !BN_is_one(q);

	BN_clear_free(p);
	BN_clear_free(q);
	BN_clear_free(product);
	BN_free(n);
	BN_CTX_free(ctx);
	return ok;
}

/* A public key that stands beside the private one must belong to it. */
static bool pair_agrees(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok = ctx && EVP_PKEY_pairwise_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool key_agrees(EVP_PKEY *pkey)
{
	int id = EVP_PKEY_get_base_id(pkey);

	return id == EVP_PKEY_RSA ? rsa_agrees(pkey) : id != EVP_PKEY_EC || pair_agrees(pkey);
}

static bool der_key(struct slice der, struct key *out)
{
	const unsigned char *p = der.ptr;
	EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &p, (long)der.len);
	bool ok = pkey && key_agrees(pkey) && key_describe(pkey, out);

	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return ok;
}

/* --- PEM --- */

static bool pem_openssh(struct slice bytes, struct key *out)
{
	out->form = "OpenSSH";
	return wire_openssh(bytes, out);
}

static bool pem_encrypted(struct slice bytes, struct key *out)
{
	struct slice der;

	out->is_encrypted = true;
	print_of(bytes, out->print);
	return slice_at(bytes, 0) == 0x30 && der_read(bytes, &der);
}

/* RFC 1421 4.4: a header "Proc-Type: 4,ENCRYPTED" and a blank line before the body. */
static struct slice pem_past_headers(struct slice body, bool *is_encrypted)
{
	size_t blank = slice_find(body, slice_text("\n\n"), 0);

	if (blank == SLICE_NONE)
		blank = slice_find(body, slice_text("\n\r\n"), 0);
	if (blank == SLICE_NONE || slice_find_byte(body, ':', 0) > blank)
		return body;
	*is_encrypted =
		slice_find(slice_head(body, blank), slice_text("ENCRYPTED"), 0) != SLICE_NONE;
	return slice_from(body, blank);
}

static const struct {
	const char *label;
	bool (*read)(struct slice bytes, struct key *out);
} labels[] = {
	{"PRIVATE KEY", der_key},
	{"RSA PRIVATE KEY", der_key},
	{"EC PRIVATE KEY", der_key},
	{"DSA PRIVATE KEY", der_key},
	{"ENCRYPTED PRIVATE KEY", pem_encrypted},
	{"OPENSSH PRIVATE KEY", pem_openssh},
};

static bool pem_key(struct slice in, size_t hit, struct key *out, size_t *end)
{
	struct pem pem;
	struct buf bytes;
	bool ok = false, is_encrypted = false;

	if (!pem_read(in, hit, &pem))
		return false;
	*end = pem.end;
	out->form = "PEM";
	buf_init(&bytes, DER_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(labels) && !ok; i++) {
		if (!slice_is(pem.label, labels[i].label))
			continue;
		if (!base64_read(pem_past_headers(pem.body, &is_encrypted), &bytes))
			break;
		ok = is_encrypted || labels[i].read(buf_slice(&bytes), out);
		if (is_encrypted) {
			out->is_encrypted = true;
			print_of(buf_slice(&bytes), out->print);
		}
	}
	if (bytes.data)
		OPENSSL_cleanse(bytes.data, bytes.len);
	buf_release(&bytes);
	return ok;
}

/* --- DER --- */

/* PKCS#8 wraps the older forms in an octet string: that one was found already. */
static bool is_wrapped(struct slice in, size_t start, size_t len)
{
	struct slice around;

	for (size_t back = 2; back <= 4 && back <= start; back++)
		if (slice_at(in, start - back) == 0x04 &&
		    der_read(slice_from(in, start - back), &around) && around.len == len + back)
			return true;
	return false;
}

/* RFC 8410 keys are any bytes behind a fixed head, and programs that write such keys hold the head:
 * only a file that is nothing else is one. RFC 8410 3: the object identifiers 1.3.101.110 to .113
 */
static bool is_unprovable(struct slice in, struct slice der)
{
	return in.len != der.len &&
	       slice_find(slice_head(der, 16), slice_text("\x06\x03\x2b\x65"), 0) != SLICE_NONE;
}

static bool der_found(struct slice in, size_t hit, struct key *out, size_t *end)
{
	struct slice der;
	size_t start;

	if (!der_around(in, hit, &start, &der) || is_wrapped(in, start, der.len) ||
	    is_unprovable(in, der))
		return false;
	out->form = "DER";
	out->at = start;
	if (!der_key(der, out))
		return false;
	*end = start + der.len;
	return true;
}

/* --- the others --- */

static bool dropbear_found(struct slice in, size_t hit, struct key *out, size_t *end)
{
	(void)end;
	out->form = "dropbear";
	return wire_dropbear(slice_head(slice_from(in, hit), DER_BYTES_MAX), out);
}

static bool putty_found(struct slice in, size_t hit, struct key *out, size_t *end)
{
	(void)end;
	out->form = "PuTTY";
	return wire_putty(slice_head(slice_from(in, hit), DER_BYTES_MAX), out);
}

static const struct row rows[] = {
	{PEM_MARK, sizeof PEM_MARK - 1, pem_key},
	{"PuTTY-User-Key-File-", 20, putty_found},
	{"\0\0\0\x07ssh-rsa", 11, dropbear_found},
	{"\0\0\0\x07ssh-dss", 11, dropbear_found},
	{"\0\0\0\x0bssh-ed25519", 15, dropbear_found},
	{"\0\0\0\x13"
	 "ecdsa-sha2-nistp",
	 20, dropbear_found},
	{"\x02\x01\x00\x30", 4, der_found}, /* RFC 5958: version 0, algorithm */
	{"\x02\x01\x01\x30", 4, der_found}, /* RFC 5958: version 1, with the public key */
	{"\x02\x01\x00\x02", 4, der_found}, /* RFC 8017 A.1.2: version 0, modulus */
	{"\x02\x01\x01\x04", 4, der_found}, /* RFC 5915: version 1, the key */
};

bool key_next(struct mark_search *s, struct key *out)
{
	bool is_found = false;
	size_t hit = 0;

	while (!is_found && s->row < ARRAY_LEN(rows)) {
		const struct row *row = &rows[s->row];
		struct slice mark = slice_of(row->marker, row->len);

		if (!mark_next(s, mark, LIMIT_SECRET_TRIES, &hit))
			continue;

		size_t end = hit + 1;

		*out = (struct key){.at = hit};
		is_found = row->read(s->in, hit, out, &end);
		mark_pass(s, hit, end);
	}
	return is_found;
}
