/* SPDX-License-Identifier: Apache-2.0 */
/* Reading text from targets (lines, words, numbers) and making it safe to keep and to show. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "arena.h"
#include "buf.h"

/* Takes the next line (without its end) off *rest. False when nothing is left. */
bool text_line(struct slice *rest, struct slice *line);

/* Takes the next field up to `sep` off *rest. False when nothing is left; "a::b" has three fields.
 */
bool text_field(struct slice *rest, char sep, struct slice *field);

/* Takes the next run of non-blank bytes off *rest. False when only blanks are left. */
bool text_word(struct slice *rest, struct slice *word);

/* Last component of a path: what stands behind its last slash. */
struct slice text_base_name(struct slice path);

struct slice text_trim(struct slice s);
bool text_is_blank(char c);
bool text_is_digit(char c);
bool text_is_alnum(char c);

/* Whole slice as a number; E_RANGE on an empty one, another character, or overflow. */
MUST_CHECK enum err text_u64(struct slice s, unsigned base, uint64_t *out);

/* Case-insensitive (ASCII) comparison and search. */
bool text_same(struct slice a, const char *b);
size_t text_find_nocase(struct slice hay, const char *needle, size_t from);

/* Shell-style match of a whole name: `*` any run, `?` one byte, no classes. */
bool text_glob(struct slice name, const char *pattern);

/* True when the bytes look like text: no NUL, few control characters, in the first `probe` bytes.
 */
bool text_is_plain(struct slice s, size_t probe);

/* Appends `s` as valid UTF-8: what is not becomes \xNN, as do control characters (tab is kept). */
void text_clean(struct buf *out, struct slice s);

/* Appends `s` safe for a terminal: text_clean, and no escape sequence or bidi control survives. */
void text_terminal(struct buf *out, struct slice s);

/* How many bytes at the beginning are printable ASCII: most text is, and needs no closer look. */
size_t text_plain_len(struct slice s);

/* Length of the valid UTF-8 sequence at `at` (1-4), or 0. */
size_t text_utf8_len(struct slice s, size_t at);

/* "12.3 MiB" and the like, for people. */
void text_size(struct buf *out, uint64_t bytes);

#endif
