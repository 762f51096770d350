// SPDX-License-Identifier: Apache-2.0
// CycloneDX's analysis of a vulnerability (vulnerabilities[].analysis) into decisions, one for each
// product it affects.

#include "inspect/documents/documents.h"

#include "base/ban.h"

/* "urn:cdx:UUID/1#REF" names a component of another document (BOM-Link); what is behind the # may
 * be percent-encoded. */
static struct slice link_target(struct slice ref, struct arena *a)
{
	size_t mark = slice_find_byte(ref, '#', 0);
	struct slice decoded = {0};
	struct buf b;

	if (!slice_starts(ref, "urn:cdx:") || mark == SLICE_NONE)
		return ref;
	ref = slice_from(ref, mark + 1);
	buf_init(&b, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < ref.len; i++) {
		uint64_t c = ref.ptr[i];

		if (c == '%' && i + 2 < ref.len &&
		    text_u64(slice_head(slice_from(ref, i + 1), 2), 16, &c) == OK)
			i += 2;
		buf_byte(&b, (uint8_t)c);
	}
	if (b.err || arena_copy(a, buf_slice(&b), &decoded) != OK)
		decoded = ref;
	buf_release(&b);
	return decoded;
}

/* The product behind a bom-ref: what the document lists under it, else the reference itself. */
static struct slice product_behind(struct paper *p, struct slice ref)
{
	struct slice known = references_find(&p->references, ref);

	if (known.len)
		return known;
	ref = link_target(ref, p->arena);
	known = references_find(&p->references, ref);
	return known.len ? known : ref;
}

void cyclonedx_decide(struct paper *p, const struct verdict_of_maker *v, struct slice subject)
{
	struct decision d = {.id = v->id, .product = subject};

	if (v->state.len == 0)
		return;
	if (!vex_state_read(v->state, &d.status)) {
		paper_unknown_status(p, v->id, v->state);
		return;
	}
	if (d.status == VEX_NOT_AFFECTED)
		d.justification = vex_is_justification(v->justification)
					  ? v->justification
					  : vex_justification_read(v->justification);
	d.statement = first_of(v->detail, v->response);
	d.date = first_of(day_of(v->updated), day_of(v->issued));
	if (v->refs_n == 0)
		paper_decision(p, &d);
	for (size_t i = 0; i < v->refs_n; i++) {
		d.product = product_behind(p, v->refs[i]);
		paper_decision(p, &d);
	}
}
