// SPDX-License-Identifier: Apache-2.0
// Packages that databases of rpm list.

#include "inspect/firmware/packages.h"
#include "inspect/firmware/rpmdb.h"

#include "base/ban.h"

struct telling {
	struct scene *s;
	const struct distro *distro;
	uint64_t artifact;
};

static const char *const databases[] = {
	"*/lib/rpm/rpmdb.sqlite",          "*/lib/rpm/Packages.db",          "*/lib/rpm/Packages",
	"*/lib/sysimage/rpm/rpmdb.sqlite", "*/lib/sysimage/rpm/Packages.db",
};

bool rpm_is_database(struct slice path)
{
	for (size_t i = 0; i < ARRAY_LEN(databases); i++)
		if (text_glob(path, databases[i]))
			return true;
	return false;
}

/* "openssl-3.0.7-6.el9.src.rpm": name, version and release stand between hyphens. */
static void take_source(struct slice file, struct package *p)
{
	size_t dash[2] = {SLICE_NONE, SLICE_NONE};

	if (!slice_ends(file, ".src.rpm"))
		return;
	file = slice_head(file, file.len - 8);
	for (size_t i = 0; i < file.len; i++) {
		if (slice_at(file, i) != '-')
			continue;
		dash[0] = dash[1];
		dash[1] = i;
	}
	if (dash[0] == SLICE_NONE)
		return;
	p->source = slice_head(file, dash[0]);
	p->source_version = slice_from(file, dash[0] + 1);
}

static void tell(void *context, const struct rpm_package *rpm)
{
	const struct telling *t = context;
	struct arena *a = t->s->scratch;
	struct package p = {
		.name = rpm->name,
		.arch = rpm->arch,
		.space = t->distro->id,
		.type = "rpm",
		.method = "rpm-database",
		.location = say_at(a, rpm->at),
		.confidence = SURE,
		.is_in_catalog = true,
	};

	if (slice_is(rpm->name, "gpg-pubkey"))
		return; /* keys are kept as packages */
	p.version = arena_print(a, "%.*s%s%.*s", (int)rpm->version.len,
				(const char *)rpm->version.ptr, rpm->release.len ? "-" : "",
				(int)rpm->release.len, (const char *)rpm->release.ptr);
	take_source(rpm->source, &p);
	if (slice_eq(p.source_version, p.version))
		p.source_version = (struct slice){0};
	if (rpm->epoch)
		p.epoch = arena_print(a, "%llu", (unsigned long long)rpm->epoch);
	package_emit(t->s, &p, t->distro, t->artifact);
}

enum err rpm_read(struct scene *s, const struct distro *d, uint64_t artifact, struct slice database)
{
	struct telling t = {.s = s, .distro = d, .artifact = artifact};
	const struct rpmdb_sink sink = {.package = tell, .context = &t};

	return rpmdb_read(database, s->scratch, &sink, NULL);
}
