// SPDX-License-Identifier: Apache-2.0
// What all version schemes share: taking a text apart and putting a key together.

#include "feed/version_parts.h"

#include "base/ban.h"

void key_put(struct maker *m, uint8_t byte)
{
	if (m->key.len >= LIMIT_VERSION_KEY_BYTES)
		m->err = E_LIMIT;
	if (m->err == OK)
		m->key.bytes[m->key.len++] = byte;
}

uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

bool is_letter(uint8_t c)
{
	c = lower(c);
	return c >= 'a' && c <= 'z';
}

bool is_left(const struct maker *m)
{
	return m->at < m->text.len;
}

uint8_t peek(const struct maker *m)
{
	return slice_at(m->text, m->at);
}

struct slice take(struct maker *m, bool (*is_part)(uint8_t))
{
	size_t from = m->at;

	while (is_left(m) && is_part(peek(m)))
		m->at++;
	return slice_head(slice_from(m->text, from), m->at - from);
}

struct slice take_digits(struct maker *m)
{
	struct slice digits = take(m, is_digit);

	while (slice_at(digits, 0) == '0')
		digits = slice_from(digits, 1);
	return digits;
}

void key_digits(struct maker *m, struct slice digits)
{
	if (digits.len > DIGITS_MAX) {
		m->err = E_LIMIT;
		return;
	}
	key_put(m, (uint8_t)(TAG_NUMBER + digits.len));
	for (size_t i = 0; i < digits.len; i++)
		key_put(m, digits.ptr[i]);
}

void key_letters(struct maker *m, uint8_t tag, struct slice word)
{
	m->zeros = 0;
	m->has_parts = true;
	if (word.len > WORD_MAX) {
		m->err = E_LIMIT;
		return;
	}
	key_put(m, tag);
	for (size_t i = 0; i < word.len; i++)
		key_put(m, lower(word.ptr[i]));
	key_put(m, WORD_END);
}

bool word_is(struct slice word, const char *text)
{
	size_t i = 0;

	while (i < word.len && text[i] && lower(word.ptr[i]) == (uint8_t)text[i])
		i++;
	return i == word.len && !text[i];
}
