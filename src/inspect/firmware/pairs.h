/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and values as configurations, scripts and pages write them: key=value, "key": "value",
 * <key>value</key>, option key 'value', #define KEY "value". No file format is parsed: what stands
 * on one line is enough.
 */
#ifndef INSPECT_FIRMWARE_PAIRS_H
#define INSPECT_FIRMWARE_PAIRS_H

#include "base/base.h"

struct pair {
	struct slice key, value; /* value: without quotes, blanks at its ends left out */
	size_t line;             /* from 1 */
	char sep;                /* '=', ':', '>' (element), ' ' (word before word) */
	bool is_quoted;
	bool is_whole; /* nothing is added to the value: the statement ends behind it */
};

struct pair_scan {
	struct slice rest, line;
	size_t number, at;
};

/* Takes the next pair. Lines that are comments are passed over. False at the end of the text. */
bool pair_next(struct pair_scan *s, struct pair *out);

/* Is the line nothing but a comment, in any of the usual languages? */
bool line_is_comment(struct slice line);

#endif
