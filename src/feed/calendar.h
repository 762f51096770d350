/* SPDX-License-Identifier: Apache-2.0 */
/* Days since 1970-01-01 in the Gregorian calendar. */
#ifndef FEED_CALENDAR_H
#define FEED_CALENDAR_H

#include "base/base.h"

enum { CALENDAR_TEXT = 16 };

/* False when there is no such day between 1970 and 9999. */
bool calendar_days(uint64_t y, uint64_t m, uint64_t d, uint32_t *out);
/* YYYY-MM-DD and a NUL. */
void calendar_text(uint32_t days, char out[CALENDAR_TEXT]);

#endif
