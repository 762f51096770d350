/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of password hashes, and trying candidates on one. */
#ifndef INSPECT_FIRMWARE_HASH_H
#define INSPECT_FIRMWARE_HASH_H

#include "model/model.h"

struct hash_kind {
	enum say name;    /* a word: "DES crypt" */
	const char *word; /* in flaw keys: "des" */
	bool is_weak;     /* built on DES, MD5, SHA-1, or without salt */
};

/* The kind of a hash as it stands in an account file, or NULL when it is none. */
const struct hash_kind *hash_kind(struct slice hash);

/* The same for a value from anywhere: shapes that a password could also have are not hashes. */
bool hash_is_evident(struct slice value);

/* What trying costs, added up over hashes so that a crafted image cannot take forever. */
struct hash_work {
	uint64_t left_us; /* estimated, not measured: the same image always gets the same tries */
};

struct hash_trial {
	size_t opened_by; /* number of the candidate from 1; 0: none */
	size_t tried, total;
	bool is_complete; /* all candidates were tried, or one opened it */
};

/* Tries the candidates in the order of the list, then the user's name, then the empty password. */
struct hash_trial hash_try(struct hash_work *work, struct slice user, struct slice hash,
			   struct slice candidates);

#endif
