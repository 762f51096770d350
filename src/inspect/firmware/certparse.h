/* SPDX-License-Identifier: Apache-2.0 */
/* X.509 certificates (RFC 5280) in any bytes, PEM or DER. */
#ifndef INSPECT_FIRMWARE_CERTPARSE_H
#define INSPECT_FIRMWARE_CERTPARSE_H

#include <openssl/x509.h>

#include "inspect/firmware/marks.h"
#include "inspect/firmware/pem.h"

struct cert {
	X509 *x509; /* yours to X509_free; NULL: it is one by its wrapping, but damaged */
	size_t at;  /* where it starts */
	bool is_pem;
};

/* The next certificate, PEM ones first. False when there is none left. */
bool cert_next(struct mark_search *s, struct cert *out);

#endif
