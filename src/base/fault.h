/* SPDX-License-Identifier: Apache-2.0 */
/* Error codes, and the caller's box that says where and why something failed. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "attr.h"

enum err {
#define X(code, name, en, ja) code,
#include "err.def"
#undef X
	E_N
};

/* Where in the input (an offset, or 0) and why. A caller that does not care passes NULL. */
struct fault {
	enum err code;
	uint64_t at;
	char msg[120];
};

/* Fills *why (when not NULL) and returns code, so that `return fault_set(...)` reads well. */
enum err fault_set(struct fault *why, enum err code, uint64_t at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Stable lower-case name, as it stands in records. Never NULL. */
const char *err_name(enum err code);

/* Plain words for a person. Never NULL. */
const char *err_words(enum err code, bool japanese);

#endif
