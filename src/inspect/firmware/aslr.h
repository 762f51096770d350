/* SPDX-License-Identifier: Apache-2.0 */
/* Settings that take address randomisation away, in texts, environments and device trees. */
#ifndef INSPECT_FIRMWARE_ASLR_H
#define INSPECT_FIRMWARE_ASLR_H

#include "inspect/scene.h"

/* Emits aslr-off for what `o` switches off; does nothing for any other object. */
void aslr_inspect(struct scene *s, const struct object *o);

#endif
