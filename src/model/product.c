// SPDX-License-Identifier: Apache-2.0
// Products of VEX statements against components of a record.

#include "model/model.h"

#include "base/ban.h"

enum { SCRATCH = 256 * 1024 };

static bool same_nocase(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		unsigned x = a.ptr[i], y = b.ptr[i];

		x |= x >= 'A' && x <= 'Z' ? 0x20 : 0;
		y |= y >= 'A' && y <= 'Z' ? 0x20 : 0;
		if (x != y)
			return false;
	}
	return a.len == b.len;
}

static bool open_or_same(struct slice want, struct slice have)
{
	return want.len == 0 || slice_eq(want, have);
}

/* Every qualifier of `want` stands in `have` too. */
static bool has_qualifiers(struct slice want, struct slice have)
{
	struct slice one = {0}, other = {0};

	while (text_field(&want, '&', &one)) {
		struct slice rest = have;
		bool is_there = one.len == 0;

		while (!is_there && text_field(&rest, '&', &other))
			is_there = slice_eq(one, other);
		if (!is_there)
			return false;
	}
	return true;
}

static bool purl_covers(const struct purl *want, const struct component *c, struct arena *a)
{
	struct purl have = {0};

	if (c->purl.len && purl_read(c->purl, a, &have, NULL) == OK &&
	    slice_eq(want->type, have.type) && slice_eq(want->space, have.space) &&
	    slice_eq(want->name, have.name))
		return open_or_same(want->version, have.version) &&
		       has_qualifiers(want->qualifiers, have.qualifiers);
	return slice_is(want->type, "generic") && want->space.len == 0 &&
	       want->qualifiers.len == 0 && same_nocase(want->name, c->name) &&
	       open_or_same(want->version, c->version);
}

static bool cpe_covers(const struct cpe *want, const struct component *c, struct arena *a)
{
	struct cpe have = {0};

	if (cpe_read(c->cpe, a, &have, NULL) != OK || want->part != have.part ||
	    !slice_eq(want->vendor, have.vendor) || !slice_eq(want->product, have.product) ||
	    !open_or_same(want->version, have.version) || !open_or_same(want->update, have.update))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(want->more); i++)
		if (!open_or_same(want->more[i], have.more[i]))
			return false;
	return true;
}

static bool name_covers(struct slice product, struct slice name, struct slice version)
{
	if (same_nocase(product, name))
		return true;
	for (size_t i = product.len; i > 0; i--)
		if (product.ptr[i - 1] == '@')
			return same_nocase(slice_head(product, i - 1), name) &&
			       slice_eq(slice_from(product, i), version);
	return false;
}

bool product_covers(struct slice product, const struct component *c)
{
	struct purl purl = {0};
	struct cpe cpe = {0};
	struct arena a;
	bool is_it = false;

	if (product.len == 0)
		return true;
	arena_init(&a, SCRATCH);
	if (text_same(slice_head(product, 4), "pkg:"))
		is_it = purl_read(product, &a, &purl, NULL) == OK && purl_covers(&purl, c, &a);
	else if (text_same(slice_head(product, 4), "cpe:"))
		is_it = c->cpe.len && cpe_read(product, &a, &cpe, NULL) == OK &&
			cpe_covers(&cpe, c, &a);
	else
		is_it = name_covers(product, c->name, c->version);
	arena_release(&a);
	return is_it;
}

/* "camera", "camera 1.2" and "camera@1.2" are names of the target "camera 1.2". */
static bool names_target(struct slice name, struct slice version, struct slice target)
{
	struct slice head = slice_head(target, name.len), tail = slice_from(target, name.len);

	if (!same_nocase(name, head))
		return false;
	if (tail.len == 0)
		return true;
	return version.len && tail.len == version.len + 1 &&
	       (tail.ptr[0] == ' ' || tail.ptr[0] == '@' || tail.ptr[0] == '-') &&
	       slice_eq(slice_from(tail, 1), version);
}

bool product_is_target(struct slice product, const struct target *t)
{
	struct purl p = {0};
	struct cpe c = {0};
	struct arena a;
	bool is_it = product.len == 0 || names_target(product, (struct slice){0}, t->name);

	if (is_it || t->name.len == 0)
		return is_it;
	arena_init(&a, SCRATCH);
	if (purl_read(product, &a, &p, NULL) == OK)
		is_it = names_target(p.name, p.version, t->name);
	else if (cpe_read(product, &a, &c, NULL) == OK)
		is_it = names_target(c.product, c.version, t->name);
	for (size_t i = product.len; i > 0 && !is_it; i--)
		if (product.ptr[i - 1] == '@') {
			is_it = names_target(slice_head(product, i - 1), slice_from(product, i),
					     t->name);
			break;
		}
	arena_release(&a);
	return is_it;
}

void product_of(const struct component *c, struct buf *out)
{
	if (c->purl.len) {
		buf_add(out, c->purl);
	} else if (c->cpe.len) {
		buf_add(out, c->cpe);
	} else {
		buf_add(out, c->name);
		if (c->version.len) {
			buf_byte(out, '@');
			buf_add(out, c->version);
		}
	}
}
