/* SPDX-License-Identifier: Apache-2.0 */
/* The wrappings keys and certificates come in: PEM blocks, base64, DER values. */
#ifndef INSPECT_FIRMWARE_PEM_H
#define INSPECT_FIRMWARE_PEM_H

#include "base/base.h"

/* Longest key or certificate, decoded, that is looked at. */
#define DER_BYTES_MAX (64 * KiB)

/* A PEM block (RFC 7468): its label, what stands between the markers, the offset behind it. */
struct pem {
	struct slice label, body;
	size_t end;
};

#define PEM_MARK "-----BEGIN "

/* The block whose PEM_MARK is at `at`. False when its end does not come before another marker. */
bool pem_read(struct slice in, size_t at, struct pem *out);

/* Base64 (RFC 4648 4) appended to `out`; blanks, and line ends spelled \n as in source text, are
 * left out. False on any other character, and when nothing or no whole number of groups is left. */
bool base64_read(struct slice text, struct buf *out);

/* The DER value (X.690 8.1) at the start of `in`, header included. False when it is cut short, of
 * indefinite length, or larger than DER_BYTES_MAX. */
bool der_read(struct slice in, struct slice *out);

/* The sequence whose first member starts at `at`, where its header fits. False when none does. */
bool der_around(struct slice in, size_t at, size_t *start, struct slice *out);

#endif
