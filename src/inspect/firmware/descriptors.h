/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors that development kits put into images of microcontrollers: name and version at fixed
 * places behind a mark. */
#ifndef INSPECT_FIRMWARE_DESCRIPTORS_H
#define INSPECT_FIRMWARE_DESCRIPTORS_H

#include "base/base.h"

struct scene;

struct descriptor {
	struct slice name, version;
	const char *method;
	uint64_t at;
};

/* Who asked, for the one who is told. */
struct descriptor_telling {
	struct scene *scene;
	uint64_t artifact;
};

/*
 * Tells of each descriptor in `in`: an application of ESP-IDF (esp_app_desc_t), a SoftDevice of
 * Nordic (its information structure), an image for MCUboot (its header, at the start only). A mark
 * counts only where the fields behind it hold.
 */
void descriptors_find(struct slice in, struct arena *a,
		      void (*tell)(void *context, const struct descriptor *d), void *context);

#endif
