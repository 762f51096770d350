/* SPDX-License-Identifier: Apache-2.0 */
/* The two languages every text for a person exists in. */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include "cursor.h"

enum lang { JA, EN, LANG_N };

/* A text in both languages: text.in[lang]. */
struct bilingual {
	struct slice in[LANG_N];
};

#endif
