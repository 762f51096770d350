// SPDX-License-Identifier: Apache-2.0
// The table of all outputs, from reports.def.

#include "report/report.h"

#include "base/ban.h"

const struct report *const reports[] = {
#define X(name) &report_##name,
#include "report/reports.def"
#undef X
};

const size_t reports_n = ARRAY_LEN(reports);
