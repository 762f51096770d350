/* SPDX-License-Identifier: Apache-2.0 */
/* What the name of a value says it is, and whether the value is one. */
#ifndef INSPECT_FIRMWARE_WORDS_H
#define INSPECT_FIRMWARE_WORDS_H

#include "inspect/firmware/pairs.h"

enum meaning {
	MEANS_NOTHING,
	MEANS_USER,
	MEANS_PASSWORD,
	MEANS_NETWORK_KEY,  /* of a radio network: opens no login */
	MEANS_CLOUD_SECRET, /* a credential for a service elsewhere */
};

enum meaning key_means(struct slice key);

/* How a file is written, as far as its values go. */
enum writing {
	WRITING_NONE, /* documents, translations, style sheets: nothing in it is a setting */
	WRITING_CONF, /* bare values count */
	WRITING_CODE, /* only quoted values that stand alone count */
};

enum writing writing_of(struct slice path);

/* Could the value be a secret in use, not a variable, a label, a placeholder or a hash? */
bool value_is_secret(const struct pair *p, enum writing w);

/* The same for a word from a command line or a URL. */
bool word_is_secret(struct slice word);

/* Long and mixed enough to be a cloud service's secret. */
bool value_is_random(struct slice value);

#endif
