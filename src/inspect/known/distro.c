// SPDX-License-Identifier: Apache-2.0
// Which release of a distribution a package comes from, and what upstream called its version.

#include "inspect/known/match.h"

#include "base/ban.h"

static const struct {
	const char *name; /* in vulnerability data and in package URLs */
	const char *type; /* of package URLs */
	const char *mark; /* before the number */
	unsigned parts;   /* numbers that name a release: 3.14 of 3.14.2 */
} distributions[DISTRO_N] = {
	[DISTRO_ALPINE] = {"alpine", "apk", "v", 2},
	[DISTRO_DEBIAN] = {"debian", "deb", "", 1},
	[DISTRO_OPENWRT] = {"openwrt", "opkg", "", 2},
	[DISTRO_UBUNTU] = {"ubuntu", "deb", "", 2},
};

/* Code names (Debian: /etc/debian_version and its release notes; Ubuntu: wiki.ubuntu.com/Releases).
 */
static const struct {
	enum distribution of;
	const char *word, *release;
} code_names[] = {
	{DISTRO_DEBIAN, "stretch", "9"},    {DISTRO_DEBIAN, "buster", "10"},
	{DISTRO_DEBIAN, "bullseye", "11"},  {DISTRO_DEBIAN, "bookworm", "12"},
	{DISTRO_DEBIAN, "trixie", "13"},    {DISTRO_UBUNTU, "trusty", "14.04"},
	{DISTRO_UBUNTU, "xenial", "16.04"}, {DISTRO_UBUNTU, "bionic", "18.04"},
	{DISTRO_UBUNTU, "focal", "20.04"},  {DISTRO_UBUNTU, "jammy", "22.04"},
	{DISTRO_UBUNTU, "noble", "24.04"},
};

bool is_distribution_type(struct slice purl_type)
{
	for (unsigned i = 0; i < DISTRO_N; i++)
		if (slice_is(purl_type, distributions[i].type))
			return true;
	return slice_is(purl_type, "rpm");
}

/* "3.14.2" is v3.14 of Alpine; empty when it does not begin with enough numbers. */
static struct slice release_name(struct arena *a, enum distribution d, struct slice version)
{
	size_t at = 0, parts = 0;

	for (size_t i = 0; i < ARRAY_LEN(code_names); i++)
		if (code_names[i].of == d && slice_is(version, code_names[i].word))
			return slice_text(code_names[i].release);
	if (slice_at(version, 0) == 'v')
		version = slice_from(version, 1);
	while (parts < distributions[d].parts && text_is_digit((char)slice_at(version, at))) {
		while (text_is_digit((char)slice_at(version, at)))
			at++;
		parts++;
		if (parts < distributions[d].parts && slice_at(version, at) == '.')
			at++;
	}
	if (parts < distributions[d].parts)
		return (struct slice){0};
	return arena_print(a, "%s%.*s", distributions[d].mark, (int)at, (const char *)version.ptr);
}

static enum distribution distribution_find(struct slice name)
{
	unsigned i = 0;

	while (i < DISTRO_N && !text_same(name, distributions[i].name))
		i++;
	return (enum distribution)i;
}

void releases_make(struct match *m)
{
	bool is_mixed[DISTRO_N] = {false};
	const struct fact *f = NULL;
	size_t at = 0;

	while ((f = record_next(m->record, FACT_COMPONENT, &at))) {
		enum distribution d = distribution_find(f->component.name);
		struct slice r = {0};

		if (d == DISTRO_N || f->component.version.len == 0)
			continue;
		r = release_name(m->arena, d, f->component.version);
		is_mixed[d] |= m->release[d].len && !slice_eq(m->release[d], r);
		m->release[d] = r;
	}
	/* Two releases in one product: which one a package belongs to is not known. */
	for (unsigned d = 0; d < DISTRO_N; d++)
		if (is_mixed[d])
			m->release[d] = (struct slice){0};
}

/* "debian-12", "alpine-3.14.2", or a code name alone. */
static struct slice release_named(struct arena *a, enum distribution d, struct slice distro)
{
	size_t name_len = slice_text(distributions[d].name).len;

	if (slice_starts(distro, distributions[d].name) && slice_at(distro, name_len) == '-')
		distro = slice_from(distro, name_len + 1);
	return release_name(a, d, distro);
}

struct slice distribution_release(struct match *m, const struct purl_parts *p)
{
	struct slice release = {0};
	unsigned i = 0;

	while (i < DISTRO_N && !(slice_is(p->type, distributions[i].type) &&
				 (slice_is(p->space, distributions[i].name) || p->space.len == 0)))
		i++;
	if (i == DISTRO_N)
		return release;
	if (p->distro.len)
		release = release_named(m->arena, (enum distribution)i, p->distro);
	if (release.len == 0)
		release = m->release[i];
	if (release.len == 0)
		return release;
	return arena_print(m->arena, "%s:%.*s", distributions[i].name, (int)release.len,
			   (const char *)release.ptr);
}

/* The first '-' that begins a distribution's revision ("-2", "-r2"), not a part of the version. */
static size_t revision_at(struct slice v)
{
	size_t dash = slice_find_byte(v, '-', 0);

	while (dash != SLICE_NONE) {
		size_t digit = dash + 1 + (slice_at(v, dash + 1) == 'r');

		if (text_is_digit((char)slice_at(v, digit)))
			return dash;
		dash = slice_find_byte(v, '-', dash + 1);
	}
	return v.len;
}

struct slice upstream_of(struct slice version)
{
	static const char *const marks[] = {"+", "~", ".dfsg"};
	size_t colon = slice_find_byte(version, ':', 0), cut = 0;

	if (colon != SLICE_NONE)
		version = slice_from(version, colon + 1);
	cut = version.len;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t at = slice_find(version, slice_text(marks[i]), 1);

		cut = at < cut ? at : cut;
	}
	version = slice_head(version, cut);
	/* A day of development, which no range of versions is about. */
	if (text_glob(slice_head(version, 11), "20*-*-*-"))
		return (struct slice){0};
	return slice_head(version, revision_at(version));
}
