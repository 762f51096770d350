// SPDX-License-Identifier: Apache-2.0
// Version order of distributions: dpkg and opkg, apk, rpm.

#include "feed/version_parts.h"

#include "base/ban.h"

/* What stands before the first ":" if it is a number, else 0 (Debian Policy 5.6.12; rpm alike). */
static void put_epoch(struct maker *m)
{
	struct maker ahead = *m;
	struct slice digits = take_digits(&ahead);
	bool is_there = ahead.at > m->at && peek(&ahead) == ':';

	key_digits(m, is_there ? digits : (struct slice){0});
	if (is_there)
		m->at = ahead.at + 1;
}

enum { DEBIAN_TILDE = 1, DEBIAN_END = 2 };

/* Debian Policy 5.6.12: "~" before the end, the end before letters, letters before the rest. */
static uint8_t debian_weight(uint8_t c)
{
	if (c == '~')
		return DEBIAN_TILDE;
	return is_letter(c) ? c : (uint8_t)(0x80 | (c & 0x7f));
}

/* Non-digits and digits in turns, until `end`. */
static void make_debian_part(struct maker *m, size_t end)
{
	do {
		for (; m->at < end && !is_digit(peek(m)); m->at++)
			key_put(m, debian_weight(peek(m)));
		key_put(m, DEBIAN_END);

		size_t from = m->at;

		while (m->at < end && is_digit(peek(m)))
			m->at++;

		struct slice digits = slice_head(slice_from(m->text, from), m->at - from);

		while (slice_at(digits, 0) == '0')
			digits = slice_from(digits, 1);
		key_digits(m, digits);
	} while (m->at < end && m->err == OK);
	key_put(m, DEBIAN_END);
}

void make_debian(struct maker *m)
{
	size_t dash = 0;

	put_epoch(m);
	m->has_parts = is_left(m);
	dash = m->text.len;
	for (size_t i = m->at; i < m->text.len; i++)
		if (m->text.ptr[i] == '-')
			dash = i;
	make_debian_part(m, dash);
	m->at = dash < m->text.len ? dash + 1 : dash;
	make_debian_part(m, m->text.len);
}

/* apk-tools: words that follow "_", before and after the release. */
static const struct word_place apk_words[] = {
	{"alpha", TAG_PRE},    {"beta", TAG_PRE + 1}, {"pre", TAG_PRE + 2},
	{"rc", TAG_PRE + 3},   {"cvs", TAG_WORD},     {"svn", TAG_WORD + 1},
	{"git", TAG_WORD + 2}, {"hg", TAG_WORD + 3},  {"p", TAG_WORD + 4},
};
enum { APK_LETTER = 0x40, APK_ZEROS_MAX = 32 };

/* Behind a dot, leading zeros put a number below every one without, the lower the more of them. */
static void put_apk_number(struct maker *m)
{
	size_t zeros = 0;

	while (m->has_parts && slice_at(m->text, m->at + zeros) == '0')
		zeros++;
	m->has_parts = true;
	if (zeros)
		key_put(m, (uint8_t)(TAG_NUMBER - (zeros < APK_ZEROS_MAX ? zeros : APK_ZEROS_MAX)));
	m->at += zeros;
	/* 1.0.1 is below 1.01: both go on behind the zero, the first with nothing. */
	if (!zeros || is_digit(peek(m)) || peek(m) == '.')
		key_digits(m, take_digits(m));
}

static void put_apk_word(struct maker *m)
{
	struct slice word = take(m, is_letter);

	for (size_t i = 0; i < ARRAY_LEN(apk_words); i++)
		if (word_is(word, apk_words[i].text))
			key_put(m, (uint8_t)apk_words[i].place);
	if (is_digit(peek(m)))
		key_digits(m, take_digits(m));
}

void make_apk(struct maker *m)
{
	while (is_left(m) && m->err == OK) {
		uint8_t c = peek(m);

		if (is_digit(c)) {
			put_apk_number(m);
		} else if (is_letter(c)) {
			key_put(m, APK_LETTER);
			key_put(m, lower(c));
			m->at++;
		} else if (c == '_') {
			m->at++;
			put_apk_word(m);
		} else if (c == '-' && slice_at(m->text, m->at + 1) == 'r') {
			m->at += 2;
			key_put(m, TAG_REVISION);
			key_digits(m, take_digits(m));
		} else if (c == '~') {
			break; /* the hash of a commit */
		} else {
			m->at++;
		}
	}
}

/* rpm: segments of digits and of letters; digits above letters, "~" below the end, "^" above it. */
static void make_rpm_part(struct maker *m, size_t end)
{
	while (m->at < end && m->err == OK) {
		uint8_t c = peek(m);

		if (is_digit(c))
			key_digits(m, take_digits(m));
		else if (is_letter(c))
			key_letters(m, TAG_WORD, take(m, is_letter));
		else
			m->at++;
		if (c == '~' || c == '^')
			key_put(m, c == '~' ? TAG_TILDE : TAG_CARET);
	}
	key_put(m, TAG_END);
}

void make_rpm(struct maker *m)
{
	size_t dash = 0;

	put_epoch(m);
	m->has_parts = is_left(m);
	dash = slice_find_byte(m->text, '-', m->at);
	make_rpm_part(m, dash < m->text.len ? dash : m->text.len);
	make_rpm_part(m, m->text.len);
}
