/* SPDX-License-Identifier: Apache-2.0 */
/* The parts seen in a product against those its SBOM lists. */
#ifndef INSPECT_PARTS_H
#define INSPECT_PARTS_H

#include "record/record.h"

/* A component fact comes from an SBOM when its method is "sbom"; component.artifact and
 * artifact.input say from which one. */
bool part_is_listed(const struct component *c);

enum part_outcome {
	PART_MATCHED,   /* listed, with the same version */
	PART_MISSING,   /* seen, not listed */
	PART_DIFFERING, /* listed, with other versions only */
	PART_UNSEEN,    /* listed, not seen: no fault, what is linked in statically hides */
	PART_OUTCOME_N
};

struct parts_compared {
	uint64_t detected;           /* different parts (name and version) seen with a version */
	uint64_t listed;             /* entries of the SBOMs */
	uint64_t of[PART_OUTCOME_N]; /* detected = matched + missing + differing */
};

/*
 * Compares what a record holds. A part is known by the product of its CPE, the name of its package
 * URL, or its own name, in small letters, "-" for "_". A version is the same when it is so but for
 * an epoch ("1:") or a packager's revision ("-5", "-r2", "+b1"). Only what was seen with a version,
 * and not weakly, counts as detected.
 *
 * `each` (may be NULL) is called once for each part: `seen` the first sighting (of PART_UNSEEN:
 * NULL), `listed` an entry of the SBOM under that name (of PART_MISSING: NULL), both borrowed.
 * n log n in the number of components.
 */
MUST_CHECK enum err parts_compare(const struct record *r,
				  void (*each)(void *ctx, enum part_outcome o,
					       const struct component *seen,
					       const struct component *listed),
				  void *ctx, struct parts_compared *out);

#endif
