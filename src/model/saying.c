// SPDX-License-Identifier: Apache-2.0
// Sayings: made from a key and values, checked, and written as sentences.

#include "model/saying.h"

#include <assert.h>
#include <string.h>

#include "base/ban.h"

/* The key stands behind SAYING_WORD, so that the same text serves as key and as word. */
static const struct {
	const char *word;
	const char *in[LANG_N];
} rows[] = {
#define X(id, key, en, ja) [SAY_##id] = {"\x1e" key, {[EN] = (en), [JA] = (ja)}},
#include "model/sayings.def"
#include "model/readers.def"
#undef X
	[SAY_N] = {0},
};
_Static_assert(ARRAY_LEN(rows) == SAY_N + 1, "a row each");

static bool has_row(enum say id)
{
	return (unsigned)id < SAY_N && rows[id].word;
}

const char *say_key(enum say id)
{
	return has_row(id) ? &rows[id].word[1] : NULL;
}

const char *say_sentence(enum say id, enum lang l)
{
	return has_row(id) ? rows[id].in[l] : NULL;
}

/* Takes the text before the next placeholder and the placeholder off *form. False at the end, when
 * *before is what is left. */
static bool hole_next(struct slice *form, struct slice *before, size_t *number)
{
	size_t open = slice_find_byte(*form, '{', 0);

	if (open == SLICE_NONE) {
		*before = *form;
		*form = (struct slice){0};
		return false;
	}
	*before = slice_head(*form, open);
	*number = (size_t)(slice_at(*form, open + 1) - '0');
	*form = slice_from(*form, open + sizeof "{1}" - 1);
	return true;
}

size_t say_values_n(enum say id)
{
	struct slice form = slice_text(has_row(id) ? rows[id].in[EN] : ""), before;
	size_t most = 0, number = 0;

	while (hole_next(&form, &before, &number))
		most = number > most ? number : most;
	return most;
}

/* --- making --- */

struct slice saying(enum say id)
{
	return slice_text(has_row(id) ? &rows[id].word[1] : "");
}

struct slice say_word(enum say id)
{
	return slice_text(has_row(id) ? rows[id].word : "");
}

struct slice say_number(struct arena *a, uint64_t n)
{
	return arena_print(a, "%llu", (unsigned long long)n);
}

struct slice say_offset(struct arena *a, uint64_t at)
{
	return arena_print(a, "0x%llx", (unsigned long long)at);
}

static bool is_word(struct slice value)
{
	return slice_at(value, 0) == SAYING_WORD;
}

/* Bytes at `most` or before, so that no character is cut. */
static size_t clipped(struct slice s, size_t most)
{
	while (s.len > most && most > 0 && (slice_at(s, most) & 0xc0) == 0x80)
		most--;
	return s.len > most ? most : s.len;
}

static void add_value(struct buf *out, struct slice value, size_t most)
{
	size_t from = out->len;

	buf_byte(out, SAYING_SEPARATOR);
	/* only words of the table's own begin so: their place is not in the target's memory */
	for (unsigned i = 0; is_word(value) && i < SAY_N; i++)
		if (has_row((enum say)i) && value.ptr == (const uint8_t *)rows[i].word) {
			buf_add(out, value);
			return;
		}
	text_clean(out, slice_head(value, most));
	out->len = from + 1 + clipped(slice_from(buf_slice(out), from + 1), most);
}

/* Whether the values can stand as they are: neither to be cleaned nor to be cut, and no words. */
static bool are_plain(const struct slice *values, size_t n, size_t most)
{
	for (size_t i = 0; i < n; i++)
		if (values[i].len > most || text_plain_len(values[i]) != values[i].len)
			return false;
	return true;
}

static struct slice plain_values(struct arena *a, struct slice key, const struct slice *values,
				 size_t n)
{
	static const uint8_t separator = SAYING_SEPARATOR;
	struct slice parts[1 + 2 * SAYING_VALUES_MAX] = {key};

	for (size_t i = 0; i < n; i++) {
		parts[2 * i + 1] = slice_of(&separator, 1);
		parts[2 * i + 2] = values[i];
	}
	return arena_join(a, parts, 1 + 2 * n);
}

struct slice say_values(struct arena *a, enum say id, const struct slice *values, size_t n)
{
	size_t want = say_values_n(id);
	struct slice key = saying(id), out = {0};
	struct buf b;

	assert(n >= want);
	if (want == 0)
		return key;
	if (n == want && want <= SAYING_VALUES_MAX &&
	    are_plain(values, n, (LIMIT_TEXT_BYTES - key.len) / want - 1))
		return plain_values(a, key, values, n);
	buf_init(&b, 8 * LIMIT_TEXT_BYTES);
	buf_add(&b, key);
	for (size_t i = 0; i < want; i++)
		add_value(&b, i < n ? values[i] : out, (LIMIT_TEXT_BYTES - key.len) / want - 1);
	if (b.err || arena_copy(a, buf_slice(&b), &out) != OK)
		out = (struct slice){0};
	buf_release(&b);
	return out;
}

struct slice say_line(struct arena *a, uint64_t line)
{
	return SAY(a, SAY_LINE, say_number(a, line));
}

struct slice say_at(struct arena *a, uint64_t at)
{
	return SAY(a, SAY_OFFSET, say_offset(a, at));
}

/* --- what readers say --- */

/* Whether `english` is the sentence with something in each place; the pieces, borrowed. */
static bool sentence_fits(enum say id, struct slice english, struct slice values[SAYING_VALUES_MAX])
{
	struct slice form = slice_text(rows[id].in[EN]), before = {0};
	size_t number = 0, open = 0;
	bool has_hole;

	do {
		has_hole = hole_next(&form, &before, &number);

		/* a place runs up to the first sight of what follows it, the last one to the end */
		size_t at = before.len ? slice_find(english, before, 0) : open ? english.len : 0;

		/* text begins at once, a place is not empty */
		if (at == SLICE_NONE || (open == 0) != (at == 0))
			return false;
		if (open)
			values[open - 1] = slice_head(english, at);
		english = slice_from(english, at + before.len);
		open = has_hole && number <= SAYING_VALUES_MAX ? number : 0;
	} while (has_hole);
	return english.len == 0;
}

/* A value that is itself a sentence of readers.def, without places, becomes a word. */
static void translate_values(struct slice values[SAYING_VALUES_MAX])
{
	for (size_t v = 0; v < SAYING_VALUES_MAX; v++)
		for (unsigned i = SAY_READERS + 1; values[v].len && i < SAY_N; i++)
			if (slice_is(values[v], rows[i].in[EN]))
				values[v] = say_word((enum say)i);
}

struct slice say_heard(struct arena *a, struct slice english)
{
	struct slice values[SAYING_VALUES_MAX] = {{0}};

	if (english.len == 0)
		return english;
	for (unsigned i = SAY_READERS + 1; i < SAY_N; i++) {
		if (!sentence_fits((enum say)i, english, values))
			continue;
		translate_values(values);
		return say_values(a, (enum say)i, values, SAYING_VALUES_MAX);
	}
	return SAY(a, SAY_UNTRANSLATED, english);
}

/* --- reading --- */

bool saying_part(struct slice s, size_t i, struct slice *part)
{
	size_t from = 0, end = slice_find_byte(s, SAYING_SEPARATOR, 0);

	for (; i > 0; i--) {
		if (end == SLICE_NONE)
			return false;
		from = end + 1;
		end = slice_find_byte(s, SAYING_SEPARATOR, from);
	}
	*part = slice_from(slice_head(s, end == SLICE_NONE ? s.len : end), from);
	return true;
}

static enum say say_find(struct slice key)
{
	for (unsigned i = 0; i < SAY_N; i++)
		if (has_row((enum say)i) && (uint8_t)rows[i].word[1] == slice_at(key, 0) &&
		    slice_is(key, &rows[i].word[1]))
			return (enum say)i;
	return SAY_NOTHING;
}

static enum say word_find(struct slice value)
{
	enum say id = is_word(value) ? say_find(slice_from(value, 1)) : SAY_NOTHING;

	return say_values_n(id) == 0 ? id : SAY_NOTHING;
}

bool saying_is_good(struct slice s)
{
	struct slice part = {0};
	size_t n = 0, i = 0;

	if (s.len == 0)
		return true;
	for (size_t at = 0, len; at < s.len; at += len)
		if ((len = text_utf8_len(s, at)) == 0 || s.ptr[at] == 0)
			return false;
	(void)saying_part(s, 0, &part);

	enum say id = say_find(part);

	if (id == SAY_NOTHING)
		return false;
	for (n = say_values_n(id), i = 1; i <= n && saying_part(s, i, &part); i++) {
		if (is_word(part) && word_find(part) == SAY_NOTHING)
			return false;
		if (slice_find_byte(part, SAYING_WORD, 1) != SLICE_NONE)
			return false;
	}
	return i > n && !saying_part(s, i, &part);
}

bool saying_is(struct slice s, enum say id, struct slice *first)
{
	struct slice key = {0};

	return saying_part(s, 0, &key) && key.len && slice_eq(key, saying(id)) &&
	       saying_part(s, 1, first);
}

static void value_write(struct buf *out, struct slice value, enum lang l)
{
	enum say word = word_find(value);

	if (word != SAY_NOTHING)
		buf_text(out, rows[word].in[l]);
	else
		buf_add(out, value);
}

void saying_write(struct buf *out, struct slice s, enum lang l)
{
	struct slice key = {0}, form, before, value = {0};
	size_t number = 0;

	(void)saying_part(s, 0, &key);

	enum say id = say_find(key);

	/* nothing that was checked comes here without a row */
	if (id == SAY_NOTHING)
		return;
	form = slice_text(rows[id].in[l]);
	while (hole_next(&form, &before, &number)) {
		buf_add(out, before);
		if (saying_part(s, number, &value))
			value_write(out, value, l);
	}
	buf_add(out, before);
}
