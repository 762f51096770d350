/* SPDX-License-Identifier: Apache-2.0 */
/* Quoting a line of a target as evidence without quoting a secret that stands in it. */
#ifndef INSPECT_FIRMWARE_QUOTE_H
#define INSPECT_FIRMWARE_QUOTE_H

#include "base/base.h"

/* The line, clipped to LIMIT_EVIDENCE_BYTES; what follows a word like password, key or token, and
 * the password of a URL, is written as ***. In the arena. */
struct slice evidence_line(struct arena *a, struct slice line);

/* Whether a key's name says that its value is a secret. */
bool evidence_is_secret(struct slice key);

#endif
