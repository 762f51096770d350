/* SPDX-License-Identifier: Apache-2.0 */
/* What the inspectors of secrets share: fingerprints instead of secrets, and whose tree it is. */
#ifndef INSPECT_FIRMWARE_SECRET_H
#define INSPECT_FIRMWARE_SECRET_H

#include "inspect/scene.h"

enum { PRINT_HEX = 16 };

/* First 16 hex digits of SHA-256 of `s`; of "user:" + `secret`. */
void print_of(struct slice s, char out[PRINT_HEX + 1]);
void print_of_login(struct slice user, struct slice secret, char out[PRINT_HEX + 1]);

/* Last component of a path; the folder above it, without the slash. */
struct slice path_base(struct slice path);
struct slice path_folder(struct slice path);

/* Does any folder on the way to the file have this name (any case)? */
bool path_passes(struct slice path, const char *folder);

/* A root filesystem: it has /etc, and /bin or /sbin. */
bool tree_has_root(const struct tree *t);

/* A writable filesystem that is no root filesystem: where a device keeps its settings. */
bool tree_keeps_settings(const struct tree *t);

/* Boxes whose payloads are objects of their own are not searched a second time. */
bool object_is_box(const struct object *o);

/* "line 12" of text, "0x40" of anything else. */
struct slice place_of(struct arena *a, struct slice data, bool is_text, size_t at);

#endif
