/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON text (RFC 8259) as values in an arena. Strict: valid UTF-8, no key twice in an object,
 * no more than LIMIT_FEED_DEPTH levels. Numbers stay text: none is too large to be kept.
 */
#ifndef FEED_VALUE_H
#define FEED_VALUE_H

#include "base/base.h"

enum value_type {
	VALUE_NULL,
	VALUE_FALSE,
	VALUE_TRUE,
	VALUE_NUMBER,
	VALUE_TEXT,
	VALUE_ARRAY,
	VALUE_OBJECT,
};

struct value {
	struct slice key;  /* in an object */
	struct slice text; /* of a text, unescaped, or of a number as written */
	struct value *first, *next;
	uint32_t n; /* members */
	enum value_type type;
};

/* Slices borrow from `in` or from the arena. The fault's `at` is an offset in `in`. */
MUST_CHECK enum err value_read(struct slice in, struct arena *a, struct value **out,
			       struct fault *why);

/* All of these take NULL and a value of another type, and then have nothing to give. */
const struct value *value_get(const struct value *object, const char *key);
const struct value *value_first(const struct value *array_or_object);
struct slice value_text(const struct value *v);
struct slice value_text_at(const struct value *object, const char *key);
bool value_is_true(const struct value *v);
bool value_is(const struct value *v, enum value_type type);

/* Valid UTF-8 throughout. */
bool utf8_is_valid(struct slice s);

#endif
