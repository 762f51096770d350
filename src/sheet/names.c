// SPDX-License-Identifier: Apache-2.0
// The words of the sheet's enumerations, as they stand in documents.

#include "sheet/sheet.h"

#include "base/ban.h"

static const char *const verdict_names[] = {
	[V_NA] = "not-applicable",         [V_PASS] = "pass", [V_UNTESTED] = "not-tested",
	[V_INCONCLUSIVE] = "inconclusive", [V_FAIL] = "fail",
};
_Static_assert(ARRAY_LEN(verdict_names) == V_N, "a word each");

static const char *const decided_by_names[] = {
	[BY_TOOL] = "tool",
	[BY_TOOL_REVIEW] = "tool+review",
	[BY_MANUAL] = "manual",
};
_Static_assert(ARRAY_LEN(decided_by_names) == BY_N, "a word each");

static const char *const severity_names[] = {
	[SEV_INFO] = "info", [SEV_LOW] = "low",           [SEV_MEDIUM] = "medium",
	[SEV_HIGH] = "high", [SEV_CRITICAL] = "critical",
};
_Static_assert(ARRAY_LEN(severity_names) == SEV_N, "a word each");

static const char *const grade_names[] = {
	[GRADE_NONE] = "none",
	[GRADE_BRONZE] = "bronze",
	[GRADE_SILVER] = "silver",
	[GRADE_GOLD] = "gold",
};
_Static_assert(ARRAY_LEN(grade_names) == GRADE_N, "a word each");

static const char *const part_names[] = {
	[PART_VULNERABILITY] = "vulnerability",
	[PART_IOT] = "iot",
};
_Static_assert(ARRAY_LEN(part_names) == PART_N, "a word each");

static const char *word(const char *const *names, unsigned n, unsigned v)
{
	return v < n ? names[v] : "?";
}

const char *verdict_name(enum verdict v)
{
	return word(verdict_names, V_N, v);
}

const char *decided_by_name(enum decided_by d)
{
	return word(decided_by_names, BY_N, d);
}

const char *severity_name(enum severity s)
{
	return word(severity_names, SEV_N, s);
}

const char *grade_name(enum grade g)
{
	return word(grade_names, GRADE_N, g);
}

const char *sheet_part_name(enum sheet_part p)
{
	return word(part_names, PART_N, p);
}

bool grade_find(struct slice w, enum grade *out)
{
	unsigned i = name_find(grade_names, GRADE_N, w);

	if (i < GRADE_N)
		*out = (enum grade)i;
	return i < GRADE_N;
}
