// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3: what its JSON and its tag-value form have in common.

#include "inspect/documents/spdx.h"

#include "base/ban.h"

void spdx_described(struct spdx *s, struct slice id)
{
	if (s->described.len && !slice_eq(s->described, id))
		s->describes_many = true;
	s->described = id;
}

void spdx_relationship(struct spdx *s, struct slice from, struct slice type, struct slice to)
{
	if (slice_is(type, "DESCRIBES") && slice_is(from, "SPDXRef-DOCUMENT"))
		spdx_described(s, to);
	else if (slice_is(type, "DESCRIBED_BY") && slice_is(to, "SPDXRef-DOCUMENT"))
		spdx_described(s, from);
}

/* Annex F: the type may be a whole URI, ".../references/cpe23Type". */
void spdx_reference(struct component *c, struct slice type, struct slice locator)
{
	if (slice_ends(type, "purl"))
		c->purl = first_of(c->purl, locator);
	else if (slice_ends(type, "cpe23Type"))
		c->cpe = locator;
	else if (slice_ends(type, "cpe22Type"))
		c->cpe = first_of(c->cpe, locator);
}

/* "NOASSERTION" and "NONE" are words for nothing (clause 7). */
static struct slice asserted(struct slice s)
{
	return slice_is(s, "NOASSERTION") || slice_is(s, "NONE") ? (struct slice){0} : s;
}

/* "Organization: ACME (a@example.com)" is ACME. */
static struct slice supplier_name(struct slice s)
{
	static const char *const kinds[] = {"Organization:", "Person:", "Tool:"};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (slice_starts(s, kinds[i]))
			s = text_trim(slice_from(s, slice_text(kinds[i]).len));

	size_t mail = slice_find(s, slice_text(" ("), 0);

	if (mail != SLICE_NONE && slice_ends(s, ")"))
		s = slice_head(s, mail);
	return s;
}

static void tell(struct spdx *s, const struct spdx_package *k)
{
	struct component c = k->c;

	c.version = asserted(c.version);
	c.supplier = supplier_name(first_of(asserted(c.supplier), asserted(k->originator)));
	paper_component(s->paper, &c);
}

void spdx_package(struct spdx *s, const struct spdx_package *k)
{
	bool is_product = s->described.len && !s->describes_many && !s->has_held &&
			  slice_eq(k->c.location, s->described);

	s->packages++;
	if (is_product && k->c.purl.len == 0 && k->c.cpe.len == 0) {
		s->held = *k;
		s->has_held = true;
		return;
	}
	tell(s, k);
}

void spdx_end(struct spdx *s)
{
	if (s->has_held && s->packages == 1)
		tell(s, &s->held);
}
