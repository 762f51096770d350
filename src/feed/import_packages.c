// SPDX-License-Identifier: Apache-2.0
// Sources sorted by package: Debian's security tracker (security-tracker.debian.org, data/json) and
// Alpine's secdb. What many packages say of one vulnerability is joined by the parent.

#include "feed/importers.h"

#include "base/ban.h"

/* {"openssl": {"CVE-2022-0778": {"releases": {"bookworm": {"status": …, "fixed_version": …}}}}} */
static bool debian_knows(const struct record *r)
{
	const struct value *package = value_first(r->json), *issue = value_first(package);

	return value_is(package, VALUE_OBJECT) && value_is(issue, VALUE_OBJECT) &&
	       (slice_starts(issue->key, "CVE-") || slice_starts(issue->key, "TEMP-")) &&
	       value_get(issue, "releases");
}

static void release_put(struct draft *d, struct slice package, const struct value *release)
{
	const char *number = release_of("debian", release->key);
	struct slice status = value_text_at(release, "status"), none = {0};
	struct slice fixed = value_text_at(release, "fixed_version"), product = {0};

	/* sid moves: nothing said of it holds tomorrow. */
	if (!number)
		return;
	product = package_key(d->from->arena, arena_print(d->from->arena, "debian:%s", number),
			      package);
	if (!product.len)
		return;
	if (slice_is(status, "resolved") && fixed.len)
		draft_fixed(d, product, fixed);
	else if (slice_is(status, "open"))
		draft_all_versions(d, product, EFFECT_AFFECTED);
	else
		draft_range(d, product, EFFECT_AFFECTED, none, none);
}

static enum err issue_read(const struct record *r, struct slice package, const struct value *issue)
{
	struct draft d;

	if (!id_is_good(issue->key))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, issue->key, SOURCE_DEBIAN);
	d.is_part = true;
	d.a.text[EN] = value_text_at(issue, "description");
	for (const struct value *v = value_first(value_get(issue, "releases")); v; v = v->next)
		release_put(&d, package, v);
	return draft_emit(&d);
}

static enum err debian_read(const struct record *r, struct fault *why)
{
	enum err e = OK;

	(void)why;
	for (const struct value *p = value_first(r->json); p; p = p->next)
		for (const struct value *i = value_first(p); i && e == OK; i = i->next)
			e = issue_read(r, p->key, i);
	return e;
}

const struct importer importer_debian = {
	.name = "debian",
	.form = FORM_JSON,
	.knows = debian_knows,
	.read = debian_read,
};

/* {"pkg": {"name": "busybox", "secfixes": {"1.30.1-r2": ["CVE-2019-5747"], "0": […]}}} */
static bool secdb_knows(const struct record *r)
{
	return value_is(value_get(value_get(r->json, "pkg"), "secfixes"), VALUE_OBJECT) &&
	       value_text_at(r->envelope, "distroversion").len;
}

/* "CVE-2017-2616 (+ regression fix)": the id is its first word. */
static enum err fix_read(const struct record *r, struct slice product, struct slice version,
			 struct slice words)
{
	struct slice id = {0};
	struct draft d;

	if (!text_word(&words, &id) || !id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, SOURCE_ALPINE);
	d.is_part = true;
	draft_fixed(&d, product, version);
	return draft_emit(&d);
}

static enum err secdb_read(const struct record *r, struct fault *why)
{
	const struct value *package = value_get(r->json, "pkg");
	struct slice release = value_text_at(r->envelope, "distroversion");
	struct slice ecosystem =
		arena_print(r->arena, "alpine:%.*s", (int)release.len, (const char *)release.ptr);
	struct slice product = package_key(r->arena, ecosystem, value_text_at(package, "name"));
	enum err e = OK;

	(void)why;
	if (!product.len)
		return r->out->odd(r->out->ctx, ODD_SHAPE);
	for (const struct value *v = value_first(value_get(package, "secfixes")); v; v = v->next)
		for (const struct value *i = value_first(v); i && e == OK; i = i->next)
			e = fix_read(r, product, v->key, value_text(i));
	return e;
}

const struct importer importer_secdb = {
	.name = "secdb",
	.form = FORM_JSON,
	.knows = secdb_knows,
	.read = secdb_read,
};
