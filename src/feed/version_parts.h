/* SPDX-License-Identifier: Apache-2.0 */
/* How a key is made: the tags, and the steps that all schemes share. Of version*.c only. */
#ifndef FEED_VERSION_PARTS_H
#define FEED_VERSION_PARTS_H

#include "feed/version.h"

/*
 * A key is a chain of tagged parts. At each place the tags decide first: what comes before a
 * release (a "~", a pre-release word), the end of the version, what comes after it (a word), a
 * number. So 1.0~x < 1.0-rc1 < 1.0 < 1.0a < 1.0.1.
 */
enum tag {
	TAG_TILDE = 0x08,
	TAG_PRE = 0x10, /* + the word's place in pre_words */
	TAG_END = 0x20,
	TAG_CARET = 0x21,
	TAG_REVISION = 0x28,
	TAG_WORD = 0x30,   /* + its length, where that counts */
	TAG_NUMBER = 0x80, /* + how many digits, leading zeros apart */
	TAG_LAST = 0xff,
};
enum { DIGITS_MAX = 100, WORD_MAX = 64, WORD_END = 0x01 };

/* A key in the making: E_LIMIT once it is full. Zeros wait until something follows them, so that
 * 1.0 and 1.0.0 are one version. */
struct maker {
	struct slice text;
	size_t at;
	struct version_key key;
	size_t zeros;
	bool has_parts;
	enum err err;
};

bool is_digit(uint8_t c);
bool is_letter(uint8_t c); /* of ASCII */
uint8_t lower(uint8_t c);

bool is_left(const struct maker *m);
uint8_t peek(const struct maker *m); /* 0 at the end */
/* What is made of such bytes from here on; moves behind it. */
struct slice take(struct maker *m, bool (*is_part)(uint8_t));
struct slice take_digits(struct maker *m); /* without leading zeros */

void key_put(struct maker *m, uint8_t byte);
void key_digits(struct maker *m, struct slice digits);
void key_letters(struct maker *m, uint8_t tag, struct slice word);

/* True for the same letters, in whatever case; `text` is lower case. */
bool word_is(struct slice word, const char *text);

/* A word and its place in an order. */
struct word_place {
	const char *text;
	unsigned place;
};

/* version_distro.c */
void make_debian(struct maker *m);
void make_apk(struct maker *m);
void make_rpm(struct maker *m);

#endif
