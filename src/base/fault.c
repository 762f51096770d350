// SPDX-License-Identifier: Apache-2.0
// Error codes and faults.

#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "ban.h"

static const struct {
	const char *name, *en, *ja;
} words[] = {
#define X(code, n, e, j) [code] = {.name = (n), .en = (e), .ja = (j)},
#include "err.def"
#undef X
};
_Static_assert(ARRAY_LEN(words) == E_N, "every code has its words");

enum err fault_set(struct fault *why, enum err code, uint64_t at, const char *fmt, ...)
{
	if (!why)
		return code;

	va_list ap;

	why->code = code;
	why->at = at;
	va_start(ap, fmt);
	vsnprintf(why->msg, sizeof why->msg, fmt, ap);
	va_end(ap);
	return code;
}

const char *err_name(enum err code)
{
	return (unsigned)code < E_N ? words[code].name : "unknown";
}

const char *err_words(enum err code, bool japanese)
{
	if ((unsigned)code >= E_N)
		return "?";
	return japanese ? words[code].ja : words[code].en;
}
