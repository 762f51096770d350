/* SPDX-License-Identifier: Apache-2.0 */
/* What a program or image says itself of what it was made of: a part of the components inspector.
 */
#ifndef INSPECT_FIRMWARE_BUILDS_H
#define INSPECT_FIRMWARE_BUILDS_H

#include "inspect/scene.h"

/* Go's build information, Rust's audit data and package notes of ELF files; descriptors of
 * microcontroller images elsewhere. E_LIMIT when there are more modules than are told. */
MUST_CHECK enum err builds_object(struct scene *s, const struct object *o);

#endif
