/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving over the bytes of a splitter's window: brackets, quotes and blanks are all that is looked
 * at. Places are offsets in the window, which grows while they move; errors carry the place in the
 * unpacked file.
 */
#ifndef FEED_SKIM_H
#define FEED_SKIM_H

#include "feed/split.h"

/* Fills the splitter's fault. */
enum err skim_wrong(struct splitter *s, enum err e, size_t at, const char *what);
/* More bytes behind those in the window; E_END when there are none. */
MUST_CHECK enum err skim_more(struct splitter *s);
/* Takes what was cut off the front of the window. Nothing may point into it. */
void skim_drop(struct splitter *s);
/* The byte there; E_END behind the last. */
MUST_CHECK enum err skim_byte(struct splitter *s, size_t at, uint8_t *out);
/* The same where something must be. */
MUST_CHECK enum err skim_need(struct splitter *s, size_t at, uint8_t *out);
/* To the next byte that is no blank; E_END: there is none. */
MUST_CHECK enum err skim_blank(struct splitter *s, size_t *at);
MUST_CHECK enum err skim_need_nonblank(struct splitter *s, size_t *at, uint8_t *out);
/* Behind the value, whatever it is. */
MUST_CHECK enum err skim_value(struct splitter *s, size_t *at);
/* Over a key and its colon to what comes behind. The key is borrowed, escapes left in. */
MUST_CHECK enum err skim_key(struct splitter *s, size_t *at, struct slice *key);
struct slice skim_cut(const struct splitter *s, size_t from, size_t to);

#endif
