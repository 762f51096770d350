// SPDX-License-Identifier: Apache-2.0
// Ubuntu's CVE tracker (git.launchpad.net/ubuntu-cve-tracker, README) as JSON: per release and
// source package a status, and behind "released" the fixed version.

#include "feed/importers.h"

#include "base/ban.h"

/* What a status says of all versions in a release. */
enum saying { SAYS_NOTHING, SAYS_AFFECTED, SAYS_UNAFFECTED, SAYS_FIXED, SAYS_UNSURE };

static const struct {
	const char *status;
	enum saying saying;
} statuses[] = {
	{"released", SAYS_FIXED},       {"not-affected", SAYS_UNAFFECTED},
	{"needed", SAYS_AFFECTED},      {"pending", SAYS_AFFECTED},
	{"deferred", SAYS_AFFECTED},    {"active", SAYS_AFFECTED},
	{"in-progress", SAYS_AFFECTED}, {"needs-triage", SAYS_UNSURE},
	{"ignored", SAYS_UNSURE},
};

/* Names in front of or behind a code name, and what OSV calls that release. */
static const struct {
	const char *name, *ecosystem;
} streams[] = {
	{"esm-infra", "pro:"}, {"esm-apps", "pro:"},  {"esm-infra-legacy", "pro:"},
	{"esm", "pro:"},       {"fips", "pro:fips:"}, {"fips-updates", "pro:fips-updates:"},
};

static const char *stream_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(streams); i++)
		if (slice_is(name, streams[i].name))
			return streams[i].ecosystem;
	return NULL;
}

/* "jammy", "esm-infra/xenial", "trusty/esm". Empty: no release of Ubuntu ("upstream", "devel"). */
static struct slice ecosystem_of(struct arena *a, struct slice name)
{
	struct slice rest = name, first = {0}, second = {0};
	const char *stream = "", *release = NULL;

	(void)text_field(&rest, '/', &first);
	if (text_field(&rest, '/', &second)) {
		stream = stream_of(first);
		if (!stream) {
			stream = stream_of(second);
			second = first;
		}
		first = second;
	}
	release = release_of("ubuntu", first);
	return stream && release ? arena_print(a, "ubuntu:%s%s", stream, release)
				 : (struct slice){0};
}

static enum saying saying_of(struct slice status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (slice_is(status, statuses[i].status))
			return statuses[i].saying;
	return SAYS_NOTHING;
}

static void package_put(struct draft *d, struct slice ecosystem, const struct value *package)
{
	struct slice product = package_key(d->from->arena, ecosystem, package->key);
	struct slice note = text_trim(value_text_at(package, "note")), none = {0};
	enum saying saying = saying_of(value_text_at(package, "status"));

	if (!product.len || saying == SAYS_NOTHING)
		return;
	if (saying == SAYS_AFFECTED)
		draft_all_versions(d, product, EFFECT_AFFECTED);
	else if (saying == SAYS_UNAFFECTED)
		draft_all_versions(d, product, EFFECT_UNAFFECTED);
	else if (saying == SAYS_FIXED && version_is_good(note) &&
		 slice_find_byte(note, ' ', 0) == SLICE_NONE)
		draft_fixed(d, product, note);
	else
		draft_range(d, product, EFFECT_AFFECTED, none, none);
}

/* " CVSS:3.1/AV:N/… [8.8 HIGH]" */
static void scores_put(struct draft *d, const struct value *cvss)
{
	for (const struct value *v = value_first(cvss); v; v = v->next) {
		struct slice rest = value_text(v), vector = {0}, score = {0};

		if (!text_word(&rest, &vector))
			continue;
		if (text_word(&rest, &score) && slice_starts(score, "["))
			score = slice_from(score, 1);
		draft_cvss(d, slice_starts(vector, "CVSS:4") ? CVSS_V4 : CVSS_V3, score, vector);
	}
}

static bool ubuntu_knows(const struct record *r)
{
	return value_text_at(r->json, "candidate").len &&
	       value_is(value_get(r->json, "packages"), VALUE_OBJECT);
}

static enum err ubuntu_read(const struct record *r, struct fault *why)
{
	const struct value *packages = value_get(r->json, "packages");
	struct slice id = value_text_at(r->json, "candidate");
	struct draft d;

	(void)why;
	if (!id_is_good(id))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	draft_init(&d, r, id, SOURCE_UBUNTU);
	d.a.published = date_days(value_text_at(r->json, "public_date"));
	d.a.text[EN] = value_text_at(r->json, "ubuntu_description");
	if (!d.a.text[EN].len)
		d.a.text[EN] = value_text_at(r->json, "description");
	scores_put(&d, value_get(r->json, "cvss"));
	for (const struct value *release = value_first(packages); release;
	     release = release->next) {
		struct slice ecosystem = ecosystem_of(r->arena, release->key);

		for (const struct value *p = value_first(release); p && ecosystem.len; p = p->next)
			package_put(&d, ecosystem, p);
	}
	return draft_emit(&d);
}

const struct importer importer_ubuntu = {
	.name = "ubuntu",
	.form = FORM_JSON,
	.knows = ubuntu_knows,
	.read = ubuntu_read,
};
