/* SPDX-License-Identifier: Apache-2.0 */
/* Compiler attributes and checked size arithmetic, each behind one name. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define FORMAT_TEXT(arg)       __attribute__((format_arg(arg))) /* returned: still a format */
#define ARRAY_LEN(a)           (sizeof(a) / sizeof((a)[0]))

#define KiB UINT64_C(1024)
#define MiB (KiB * 1024)
#define GiB (MiB * 1024)

/* Both return false, and leave *out alone, when the true result does not fit. */
MUST_CHECK static inline bool size_add(size_t a, size_t b, size_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

MUST_CHECK static inline bool size_mul(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

#endif
