// SPDX-License-Identifier: Apache-2.0
// Dates of the Gregorian calendar as days since 1970-01-01 (Hinnant, days_from_civil).

#include "inspect/known/match.h"

#include "base/ban.h"

enum { YEAR_MAX = 9999, DATE_LEN = 10 };

static uint64_t days_of(uint64_t y, uint64_t m, uint64_t d)
{
	if (m <= 2)
		y--;

	uint64_t era = y / 400, yoe = y - era * 400;
	uint64_t doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	uint64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

bool day_read(struct slice date, uint64_t *days)
{
	struct slice rest = slice_head(date, 10), part[3] = {{0}};
	uint64_t n[3] = {0};

	for (size_t i = 0; i < ARRAY_LEN(part); i++)
		if (!text_field(&rest, '-', &part[i]) || text_u64(part[i], 10, &n[i]) != OK)
			return false;
	if (n[0] < 1970 || n[0] > YEAR_MAX || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31)
		return false;
	*days = days_of(n[0], n[1], n[2]);
	return true;
}

static void digits_put(uint8_t *out, size_t n, uint64_t v)
{
	for (; n > 0; v /= 10)
		out[--n] = (uint8_t)('0' + v % 10);
}

struct slice day_text(struct arena *a, uint64_t days)
{
	uint64_t y = 1970, m = 1;

	if (days > days_of(YEAR_MAX, 12, 31))
		return (struct slice){0};
	y += days / 366;
	while (days_of(y + 1, 1, 1) <= days)
		y++;
	while (m < 12 && days_of(y, m + 1, 1) <= days)
		m++;
	uint8_t text[DATE_LEN] = {0};

	digits_put(&text[0], 4, y);
	text[4] = text[7] = '-';
	digits_put(&text[5], 2, m);
	digits_put(&text[8], 2, days - days_of(y, m, 1) + 1);
	return arena_join(a, &(struct slice){.ptr = text, .len = DATE_LEN}, 1);
}
