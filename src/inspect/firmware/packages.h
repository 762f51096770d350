/* SPDX-License-Identifier: Apache-2.0 */
/* Package databases of opkg, dpkg and apk: a part of the components inspector. */
#ifndef INSPECT_FIRMWARE_PACKAGES_H
#define INSPECT_FIRMWARE_PACKAGES_H

#include "inspect/scene.h"

/* Emits the installed packages when the object is a package database, by its path. E_LIMIT when it
 * has more records than are read. */
MUST_CHECK enum err packages_object(struct scene *s, const struct object *o);

/* Emits packages known only by the control files beside a missing opkg status file. */
void packages_tree(struct scene *s, const struct tree *t);

#endif
