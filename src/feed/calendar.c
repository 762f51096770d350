// SPDX-License-Identifier: Apache-2.0
// The Gregorian calendar, with years that begin in March (Hinnant, days_from_civil and back).

#include "feed/calendar.h"

#include <stdio.h>

#include "base/ban.h"

enum { ERA = 146097, EPOCH = 719468, YEAR_MAX = 9999 };

static uint32_t days_from_civil(uint64_t y, uint64_t m, uint64_t d)
{
	y -= m <= 2;

	uint64_t era = y / 400, of_era = y - era * 400;
	uint64_t of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;

	return (uint32_t)(era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH);
}

struct civil {
	unsigned y, m, d;
};

static struct civil civil_from_days(uint32_t days)
{
	uint32_t z = days + EPOCH, era = z / ERA, doe = z - era * ERA;
	uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	struct civil c = {.d = doy - (153 * mp + 2) / 5 + 1, .m = mp < 10 ? mp + 3 : mp - 9};

	c.y = yoe + era * 400 + (c.m <= 2);
	return c;
}

bool calendar_days(uint64_t y, uint64_t m, uint64_t d, uint32_t *out)
{
	if (y < 1970 || y > YEAR_MAX || m < 1 || m > 12 || d < 1 || d > 31)
		return false;

	uint32_t days = days_from_civil(y, m, d);
	struct civil back = civil_from_days(days);

	if (back.m != m || back.d != d)
		return false;
	*out = days;
	return true;
}

void calendar_text(uint32_t days, char out[CALENDAR_TEXT])
{
	struct civil c = civil_from_days(days);

	(void)snprintf(out, CALENDAR_TEXT, "%04u-%02u-%02u", c.y % 10000, c.m % 100, c.d % 100);
}
