/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of cloud services, known by the form their issuers give them. */
#ifndef INSPECT_FIRMWARE_TOKENS_H
#define INSPECT_FIRMWARE_TOKENS_H

#include "inspect/firmware/marks.h"
#include "model/model.h"

struct token {
	enum say name; /* a word: "AWS access key" */
	struct slice value;
	size_t at;
};

/* The next token, form by form. False when there is none left. */
bool token_next(struct mark_search *s, struct token *out);

#endif
