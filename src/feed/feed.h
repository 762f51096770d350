/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vulnerability feed: many sources imported into one read-only snapshot, memory-mapped, asked
 * by product and version.
 *
 * A snapshot is one file. Its header tells schema, size, sources with their dates, and a hash over
 * everything behind it. Whatever is read out of it is checked against its bounds: a snapshot that
 * was cut or changed yields E_CORRUPT, never a wrong answer.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include "feed/advisory.h"
#include "feed/home.h"
#include "feed/import.h"
#include "feed/update.h"

struct feed; /* an open snapshot: borrows the bytes it was opened on */

struct feed_source {
	enum source source;
	struct slice date; /* YYYY-MM-DD of the data, not of the import */
	uint64_t records;
};

struct feed_info {
	struct slice date;   /* YYYY-MM-DD it was imported: what its age is counted from */
	struct slice sha256; /* hex; names the snapshot in reports */
	struct feed_source sources[SOURCE_N];
	size_t sources_n;
	uint64_t advisories, products, claims;
	bool is_starter; /* the small one that comes with the product */
};

/* E_MAGIC: no snapshot. E_UNSUPPORTED: of a newer schema. E_SHORT: cut. E_CORRUPT: changed. */
MUST_CHECK enum err feed_open(struct slice bytes, struct feed **out, struct fault *why);
void feed_close(struct feed *f);
const struct feed_info *feed_info(const struct feed *f);

/* Reads and hashes all of it. E_CORRUPT when a single bit differs. */
MUST_CHECK enum err feed_verify(struct feed *f, struct fault *why);

struct feed_product {
	struct slice key; /* advisory.h: "a:openssl:openssl" */
	enum scheme scheme;
	uint32_t versions; /* ranks run from 0 to this, exclusive */

	/* private: its place among the products, and where its tables lie */
	uint32_t at, entry_width;
	uint64_t table_at, entries_at, claims_at, end;
};

/* E_NOTFOUND: nobody ever said anything of it. */
MUST_CHECK enum err feed_product(struct feed *f, struct slice key, struct feed_product *out);

/* The products whose name (behind the vendor) is `name`: one vendor slot after the other.
 * *slot starts as 0. E_END after the last. */
MUST_CHECK enum err feed_slot_next(struct feed *f, struct slice name, uint32_t *slot,
				   struct feed_product *out);

/* Where a key stands among a product's versions: the first rank whose key is not below it. */
struct feed_rank {
	uint32_t rank;
	bool is_exact; /* the version at that rank is equal */
};
MUST_CHECK enum err feed_rank(struct feed *f, const struct feed_product *p,
			      const struct version_key *key, struct feed_rank *out);
/* The version's text as first published. */
MUST_CHECK enum err feed_version(struct feed *f, const struct feed_product *p, uint32_t rank,
				 struct slice *out);

#define FEED_OPEN UINT32_MAX /* a range without this end */

struct feed_claim {
	uint32_t advisory;  /* index */
	uint32_t low, high; /* ranks, or FEED_OPEN */
	enum source source;
	enum claim_kind kind;
	enum effect effect;
	bool low_excluded, high_excluded;
	struct slice qualifier, condition;
};

/* All claims on a product, those of one advisory side by side; none of a rejected one. E_END after
 * the last. Zero the cursor first. */
struct feed_claims {
	/* private, all of it */
	struct cursor part; /* of the stream, and where that part begins and the stream ends */
	uint64_t at, end;
	uint32_t versions, advisory, origin, low, qualifier, condition, left;
	struct slice qualifier_text, condition_text;
	uint8_t source;
	bool is_started, is_new, is_hidden;
};
MUST_CHECK enum err feed_claim_next(struct feed *f, const struct feed_product *p,
				    struct feed_claims *c, struct feed_claim *out);

/* True when a version at that place is among those the claim names. CLAIM_ANY and CLAIM_NONE are
 * never: the caller keeps them apart. */
bool feed_claim_holds(const struct feed_claim *c, struct feed_rank at);

/* What all sources together say of an advisory, texts apart. */
struct feed_advisory {
	struct slice id;
	uint32_t published, modified, kev_added, flags, epss_ppm;
	struct cvss cvss[CVSS_N];
	struct slice cwes; /* "CWE-79,CWE-20" */
	uint32_t files_n;
};
MUST_CHECK enum err feed_advisory(struct feed *f, uint32_t index, struct feed_advisory *out);
/* E_NOTFOUND: not in this snapshot. */
MUST_CHECK enum err feed_advisory_find(struct feed *f, struct slice id, uint32_t *index);
MUST_CHECK enum err feed_advisory_file(struct feed *f, uint32_t index, uint32_t file,
				       struct slice *out);
/* Its other names, `n` counting from 0; E_NOTFOUND after the last. One may come twice. */
MUST_CHECK enum err feed_advisory_alias(struct feed *f, uint32_t index, uint32_t n,
					struct slice *out);
/* The title, or where there is none the text, unpacked into `out`; Japanese falls back to English.
 * Empty in a starter snapshot. */
MUST_CHECK enum err feed_advisory_text(struct feed *f, uint32_t index, enum lang lang,
				       struct buf *out);

/* --- making one --- */

struct feed_builder;

MUST_CHECK enum err feed_builder_new(struct feed_builder **out, struct fault *why);
void feed_builder_free(struct feed_builder *b);
/* Everything of an older snapshot; advisories added afterwards replace theirs. Before any of them,
 * and once. `old` is read until the builder is freed. */
MUST_CHECK enum err feed_builder_start_from(struct feed_builder *b, struct feed *old,
					    struct fault *why);
/* Copies what it needs. E_LIMIT with the advisory's id in *why, and then nothing of it is in.
 * What has another id than a CVE's, but CVE ids among its aliases, is filed under each of those,
 * and keeps its own id among the aliases. */
MUST_CHECK enum err feed_builder_add(struct feed_builder *b, const struct advisory *a,
				     struct fault *why);
/* The date of a source's data; the newest wins. */
void feed_builder_source(struct feed_builder *b, enum source s, struct slice date);
/* The whole snapshot through `write`, piece by piece, in order. The same advisories in the same
 * order give the same bytes. `date`: YYYY-MM-DD. */
struct feed_writer {
	enum err (*write)(void *ctx, struct slice piece);
	void *ctx;
};
struct feed_make {
	struct slice date;
	bool has_texts; /* false for a starter snapshot */
};
MUST_CHECK enum err feed_builder_write(struct feed_builder *b, const struct feed_make *m,
				       const struct feed_writer *w, struct fault *why);

#endif
