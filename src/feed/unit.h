/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one source says of one advisory, claims apart:
 *
 *	u8 source · varint length, facts · varint length, where its texts are (nothing: none)
 *
 * facts: varint of the fields there are (enum unit_field), then those, in that order:
 *	numbers and references as varints; days as distance (zigzag) from 2015, `modified` from
 *	`published`; a score as u8 and the reference of its vector; lists as a count and references
 * texts: varint frame, varint place in it, u8 which there are, varint length of each
 */
#ifndef FEED_UNIT_H
#define FEED_UNIT_H

#include "feed/claim_stream.h"

enum unit_field {
	UNIT_ORIGIN = 1, /* the id it came under, when it is not the advisory's */
	UNIT_PUBLISHED = 2,
	UNIT_MODIFIED = 4,
	UNIT_KEV_ADDED = 8,
	UNIT_FLAGS = 16,
	UNIT_EPSS = 32,
	UNIT_CVSS = 64, /* << enum cvss_version */
	UNIT_CWES = 512,
	UNIT_ALIASES = 1024,
	UNIT_FILES = 2048,
};

/* The texts of a unit, as bits and places: titles, then texts. */
enum { UNIT_TITLE, UNIT_TEXT, UNIT_TEXTS = 2 * LANG_N };

struct unit_list {
	uint32_t n;
	struct slice refs; /* n varints */
};

/* References instead of texts. */
struct unit_facts {
	uint32_t fields, origin, published, modified, kev_added, flags, epss_ppm, cwes;
	uint8_t score[CVSS_N];
	uint32_t vector[CVSS_N];
	struct unit_list aliases, files;
};

struct unit {
	uint8_t source;
	struct slice facts, texts;
	struct slice whole; /* with its source and lengths */
};

/* Where texts are: all of a unit's in one frame, side by side. */
struct unit_texts {
	uint32_t frame, at;
	uint32_t len[UNIT_TEXTS]; /* UNIT_TITLE or UNIT_TEXT times LANG_N, plus enum lang */
};

void unit_facts_write(struct buf *out, const struct unit_facts *u);
void unit_texts_write(struct buf *out, const struct unit_texts *t);
void unit_write(struct buf *out, uint8_t source, struct slice facts, struct slice texts);

/* Takes the next unit off; E_END when nothing is left. */
MUST_CHECK enum err unit_next(struct cursor *c, struct unit *out);
MUST_CHECK enum err unit_facts_read(struct slice facts, struct unit_facts *out);
MUST_CHECK enum err unit_texts_read(struct slice texts, struct unit_texts *out);

#endif
