/* SPDX-License-Identifier: Apache-2.0 */
/* Package databases and manifests: a part of the components inspector. */
#ifndef INSPECT_FIRMWARE_PACKAGES_H
#define INSPECT_FIRMWARE_PACKAGES_H

#include "inspect/scene.h"

/* The distribution that a tree is, by its os-release; empty members where it does not say. */
struct distro {
	struct slice id;   /* "debian" */
	struct slice name; /* "debian-12": the qualifier of package URLs */
};

/* One package as its database or manifest has it. */
struct package {
	struct slice name, version, arch;
	struct slice source, source_version; /* empty: as the package */
	struct slice epoch;                  /* of rpm: not in the version */
	struct slice space;                  /* namespace of the purl */
	struct slice purl_name;              /* where it is not the name */
	const char *type, *method;           /* "deb", "dpkg-database" */
	struct slice location;
	enum confidence confidence;
	bool is_in_catalog; /* signatures may know it by its name: a package of a system */
};

/* One component. Its CPE is that of the signature that knows the package, where one does. */
void package_emit(struct scene *s, const struct package *p, const struct distro *d,
		  uint64_t artifact);

/* Emits the packages that the databases of a tree list. */
void packages_tree(struct scene *s, const struct tree *t);

/* Databases of rpm (rpmdb.sqlite, Packages.db), in rpm.c. */
MUST_CHECK bool rpm_is_database(struct slice path);
MUST_CHECK enum err rpm_read(struct scene *s, const struct distro *d, uint64_t artifact,
			     struct slice database);

/* Manifests of languages and of build systems, in manifests.c: what is known by a file's own path.
 */
MUST_CHECK bool manifest_is(struct slice path);
MUST_CHECK enum err manifest_read(struct scene *s, const struct distro *d, uint64_t artifact,
				  struct slice path, struct slice text);

#endif
