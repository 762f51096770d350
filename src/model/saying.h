/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sayings: what facts say in words, kept free of any language.
 *
 * A saying is a key of sayings.def or readers.def and as many values as its sentences have
 * placeholders: in memory and frames one text "key\x1fvalue\x1fvalue", in record lines an array of
 * strings. A value is text from the target (cleaned, so that neither separator can be in it), or a
 * word: a saying without values, "\x1ekey" in memory and an array of its own in record lines.
 * Sentences are made from the tables when a report is written, in the language asked for.
 */
#ifndef MODEL_SAYING_H
#define MODEL_SAYING_H

#include "base/base.h"

enum say {
	SAY_NOTHING,
#define X(id, key, en, ja) SAY_##id,
#include "model/sayings.def"
	SAY_READERS, /* from here on: what format readers say, see say_heard */
#include "model/readers.def"
#undef X
	SAY_N
};

enum { SAYING_VALUES_MAX = 6, SAYING_SEPARATOR = 0x1f, SAYING_WORD = 0x1e };

/* A saying without values. Empty for SAY_NOTHING. */
struct slice saying(enum say id);

/* A saying with values, in the arena; values are cleaned and clipped. Empty when there is no room.
 */
struct slice say_values(struct arena *a, enum say id, const struct slice *values, size_t n);

#define SAY(a, id, ...)                                                                            \
	say_values((a), (id), (const struct slice[]){__VA_ARGS__},                                 \
		   ARRAY_LEN(((const struct slice[]){__VA_ARGS__})))

/* Values: a word, a number, an offset as 0x40. */
struct slice say_word(enum say id);
struct slice say_number(struct arena *a, uint64_t n);
struct slice say_offset(struct arena *a, uint64_t at);

/* Places: "line 12", "0x40". */
struct slice say_line(struct arena *a, uint64_t line);
struct slice say_at(struct arena *a, uint64_t at);

/*
 * What a format reader said (fault.msg, bid.how) as a saying. Readers speak English, in sentences
 * of readers.def; one that is not there is kept as it is, as the value of SAY_UNTRANSLATED.
 */
struct slice say_heard(struct arena *a, struct slice english);

/* A known key with the right number of values, or nothing at all. */
bool saying_is_good(struct slice s);

/* Key (i = 0) or a value; false behind the last. A word's value begins with SAYING_WORD. */
bool saying_part(struct slice s, size_t i, struct slice *part);

/* The first value of a saying of that key; false for any other. */
bool saying_is(struct slice s, enum say id, struct slice *first);

/* Appends the sentence, raw: escape it for the sink. */
void saying_write(struct buf *out, struct slice s, enum lang l);

/* The table itself, for those who check it: NULL beyond its end and for SAY_NOTHING. */
const char *say_key(enum say id);
const char *say_sentence(enum say id, enum lang l);
size_t say_values_n(enum say id);

#endif
