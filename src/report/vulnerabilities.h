/* SPDX-License-Identifier: Apache-2.0 */
/* Known vulnerabilities in documents and on a terminal. */
#ifndef REPORT_VULNERABILITIES_H
#define REPORT_VULNERABILITIES_H

#include "record/record.h"

/* One vulnerability as an object of the report document. */
void vulnerability_json(struct jsonw *j, const struct vulnerability *v);

/* The members of "feed", inside an object that is open: nulls where no data was asked. */
void feed_json(struct jsonw *j, const struct record *r);

/* What is to be said of data that only came with the product; empty of other data. */
const char *feed_warning(const struct feed_used *f, enum lang l);

/* {"feed":{…},"vulnerabilities":[…]} */
void match_json(const struct record *r, struct buf *out);

/* How many there are, by status; of a kernel also before and after filtering by what is built. */
struct vulnerability_sums {
	uint64_t status[VULN_STATUS_N], exploited;
	uint64_t kernel_all, kernel_built;
};
struct vulnerability_sums vulnerabilities_sum(const struct record *r);

/* The sums and the first `most` open ones, in that language. */
void vulnerabilities_text(const struct record *r, enum lang l, size_t most, struct buf *out);

/* "CVE-… component version CVSS …", one line, safe for a terminal. */
void vulnerability_line(const struct vulnerability *v, enum lang l, struct buf *out);

struct bilingual_text {
	const char *in[LANG_N];
};
struct bilingual_text vuln_status_words(enum vuln_status s);
struct bilingual_text vuln_rating_words(enum rating s);

#endif
