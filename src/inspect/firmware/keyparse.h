/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys in any bytes: found by their markers, believed only when they parse and their parts
 * agree with each other. The key itself never leaves: kind, size and a fingerprint do.
 */
#ifndef INSPECT_FIRMWARE_KEYPARSE_H
#define INSPECT_FIRMWARE_KEYPARSE_H

#include <openssl/evp.h>

#include "inspect/firmware/marks.h"
#include "inspect/firmware/pem.h"
#include "inspect/firmware/secret.h"

struct key {
	const char *form; /* "PEM", "OpenSSH", "dropbear", "PuTTY", "DER" */
	char kind[32];    /* "RSA", "EC prime256v1"; empty when encrypted */
	int bits;
	bool is_encrypted;
	char print[PRINT_HEX + 1]; /* of the public key's DER; of the block when encrypted */
	size_t at;                 /* where it starts */
};

/* The next private key, marker by marker. False when there is none left. */
bool key_next(struct mark_search *s, struct key *out);

/* --- for keywire.c --- */

/* Fills kind, bits and print from a public or private key; false for unknown kinds. */
bool key_describe(EVP_PKEY *pkey, struct key *out);

/* SSH wire forms (RFC 4253 6.6, RFC 8709, and each program's private part). */
bool wire_openssh(struct slice blob, struct key *out);
bool wire_dropbear(struct slice in, struct key *out);
bool wire_putty(struct slice text, struct key *out);

#endif
