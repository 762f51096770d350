/* SPDX-License-Identifier: Apache-2.0 */
/* Escapers of sinks that base does not know. In the room only. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "base/base.h"

/*
 * Appends `s` as HTML text, also safe inside a quoted attribute: < > & " ' as character references,
 * what no terminal may get (control and bidi characters, invalid UTF-8) as \xNN.
 */
void html_text(struct buf *out, struct slice s);

/* Appends `s` as the path of a relative URI (RFC 3986, section 3.3): all but unreserved bytes, "/",
 * "!" and "@" percent-encoded. */
void uri_path(struct buf *out, struct slice s);

#endif
