/* SPDX-License-Identifier: Apache-2.0 */
/* What several outputs say alike: names, places, facts of a kind put together. In the room only. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "report/phrases.h"

/* Findings of one rule, in the order of the record. */
struct finding_group {
	struct slice id;
	const struct rule *rule; /* NULL: the sheet does not know it */
	enum severity severity;
	const struct fact *const *facts;
	size_t n;
};

/* Sightings with the same name, version and purl. */
struct component_group {
	const struct fact *const *facts;
	size_t n;
};

/* Coverage of one method and subject summed, and what was skipped of it. */
struct coverage_group {
	enum method method;
	struct slice subject;
	uint64_t seen, total;
	const struct fact *const *facts; /* coverage and skips; skips come last */
	size_t n, skips_from;
};

struct gathered {
	struct arena arena;
	struct finding_group *findings; /* worst first */
	size_t findings_n;
	struct component_group *components; /* by name, version, purl */
	size_t components_n;
	struct coverage_group *coverage; /* by method, subject */
	size_t coverage_n;
	const struct fact *const *inputs; /* ids count up from 1 */
	size_t inputs_n;
	const struct fact *const *ranges; /* by input, then in the order of the record */
	size_t ranges_n;
};

/* Facts stay borrowed from the record. On failure *out is released. */
MUST_CHECK enum err gather(const struct report_view *v, struct gathered *out);
void gather_release(struct gathered *g);

/* NULL where the record has no such input. */
const struct input *gather_input(const struct gathered *g, uint64_t id);

/* Never NULL, so that an empty record still has something to show. */
const struct target *view_target(const struct report_view *v);

/* Whether any part of an input was recognised. */
bool view_has_seen(const struct report_view *v);

/* Title of a rule, or its id where the sheet does not know it. */
struct slice view_rule_title(const struct report_view *v, struct slice rule);

/* A saying in the view's language into `out` (cleared first), raw; a borrow of it. */
struct slice view_saying(const struct report_view *v, struct slice saying, struct buf *out);

/* "path (location)", raw: escape it for the sink. */
void view_place(const struct report_view *v, uint64_t artifact, struct slice location,
		struct buf *out);

/* Why something was skipped, in plain words; with its details: skip_words. */
struct slice view_skip_words(const struct skip *s, enum lang l);

/* Appends `form` with the first `hole` in it replaced by `text`, raw. */
void view_fill(struct buf *out, const char *form, const char *hole, struct slice text);

/* What each grade asks for, in the sheet's numbers. Appends, raw. */
void view_thresholds(const struct report_view *v, struct buf *out);

/* What a step says, raw. */
void view_step(const struct report_view *v, const struct step *s, struct buf *out);

/* SHA-256 of the record: of its end line, or of its bytes while it is open. */
MUST_CHECK enum err view_record_hash(const struct report_view *v, char out[SHA256_HEX + 1]);

/* "urn:uuid:…", the same for the same record and kind of document. Appends. */
MUST_CHECK enum err view_uuid(const struct report_view *v, const char *kind, struct buf *out);

/* Is it YYYY-MM-DD? And the time stamp of its first second (of 1970-01-01 when not). Appends. */
bool view_is_date(struct slice date);
void view_stamp(struct slice date, struct buf *out);

#endif
