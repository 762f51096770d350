// SPDX-License-Identifier: Apache-2.0
// X.509 certificates (RFC 5280) found by their markers and parsed.

#include "inspect/firmware/certparse.h"

#include <openssl/err.h>

#include "base/ban.h"

enum { DER_SEQUENCE = 0x30 };

struct row {
	const char *marker;
	uint32_t len;
	bool (*read)(struct slice in, size_t hit, struct cert *out, size_t *end);
};

static X509 *der_cert(struct slice der)
{
	const unsigned char *p = der.ptr;
	X509 *x = d2i_X509(NULL, &p, (long)der.len);

	ERR_clear_error();
	return x;
}

/* RFC 7468 5.1, and OpenSSL's TRUSTED form whose additions stand behind the certificate. */
static bool is_cert_label(struct slice label)
{
	return slice_is(label, "CERTIFICATE") || slice_is(label, "X509 CERTIFICATE") ||
	       slice_is(label, "TRUSTED CERTIFICATE");
}

static bool pem_cert(struct slice in, size_t hit, struct cert *out, size_t *end)
{
	struct pem pem;
	struct buf bytes;
	struct slice der;
	bool is_cert;

	if (!pem_read(in, hit, &pem))
		return false;
	*end = pem.end;
	if (!is_cert_label(pem.label))
		return false;
	buf_init(&bytes, DER_BYTES_MAX);
	out->is_pem = true;
	is_cert = base64_read(pem.body, &bytes) && bytes.data[0] == DER_SEQUENCE;
	if (is_cert && der_read(buf_slice(&bytes), &der))
		out->x509 = der_cert(der);
	buf_release(&bytes);
	return is_cert;
}

/* `hit` is the version inside tbsCertificate, itself the first member of the certificate. */
static bool der_found(struct slice in, size_t hit, struct cert *out, size_t *end)
{
	struct slice der;
	size_t inner, start;

	if (!der_around(in, hit, &inner, &der) || !der_around(in, inner, &start, &der))
		return false;
	out->x509 = der_cert(der);
	out->at = start;
	if (out->x509)
		*end = start + der.len;
	return out->x509 != NULL;
}

static const struct row rows[] = {
	{PEM_MARK, sizeof PEM_MARK - 1, pem_cert},
	{"\xa0\x03\x02\x01\x02\x02", 6, der_found}, /* RFC 5280 4.1: version 3, serial number */
};

bool cert_next(struct mark_search *s, struct cert *out)
{
	bool is_found = false;
	size_t hit = 0;

	while (!is_found && s->row < ARRAY_LEN(rows)) {
		const struct row *row = &rows[s->row];
		struct slice mark = slice_of(row->marker, row->len);

		if (!mark_next(s, mark, LIMIT_SECRET_TRIES, &hit))
			continue;

		size_t end = hit + 1;

		*out = (struct cert){.at = hit};
		is_found = row->read(s->in, hit, out, &end);
		mark_pass(s, hit, end);
	}
	return is_found;
}
