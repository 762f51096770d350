/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vocabulary of an inspection as plain structs: the facts of a record.
 *
 * A fact is what somebody saw, never a judgement. Facts are flat: numbers, names from a fixed list,
 * and texts (UTF-8, control characters already written as \xNN). facts.c describes every struct
 * once as a table of fields; frames (worker to parent), record lines and their readers all run on
 * it. What a fact says in words is a saying (saying.h): it is put into a language by reports only.
 *
 * Texts are borrowed: they live as long as the arena of whoever made the fact.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/base.h"
#include "model/ident.h"
#include "model/saying.h"

/* How an item is inspected, and what a coverage speaks of. */
enum method {
	METHOD_SOURCE,
	METHOD_FIRMWARE,
	METHOD_NETWORK,
	METHOD_KNOWN,
	METHOD_OTHER,
	METHOD_N
};

enum artifact_type {
	ART_IMAGE,     /* an input as given */
	ART_CONTAINER, /* holds byte ranges: uImage, zImage, FIT, a raw dump */
	ART_STREAM,    /* one compressed payload */
	ART_FILESYSTEM,
	ART_ARCHIVE,
	ART_FILE,
	ART_EXECUTABLE, /* ELF and the like */
	ART_DIRECTORY,
	ART_LINK,
	ART_DEVICE, /* character or block device, pipe, socket */
	ART_BLOB,   /* bytes of no known format */
	ART_N
};

enum range_kind { RANGE_IDENTIFIED, RANGE_PADDING, RANGE_OPAQUE, RANGE_UNKNOWN, RANGE_N };

enum confidence { SURE, LIKELY, WEAK, CONFIDENCE_N };

/* What a match of a component with an advisory comes to. Never a bare "not vulnerable". */
enum vuln_status {
	VULN_AFFECTED,
	VULN_CONDITIONAL,     /* only together with something else, "running on" */
	VULN_VERSION_UNKNOWN, /* the component's version is not known */
	VULN_NO_RANGE,        /* the advisory names no versions */
	VULN_FIXED_BY_BACKPORT,
	VULN_NOT_AFFECTED, /* a decision (VEX) says so, or the code is not built in */
	VULN_STATUS_N
};

/* Severity rating of a score (CVSS 3.1, 5). */
enum rating {
	RATING_UNKNOWN,
	RATING_NONE,
	RATING_LOW,
	RATING_MEDIUM,
	RATING_HIGH,
	RATING_CRITICAL,
	RATING_N
};

/* A VEX statement's status (OpenVEX 0.2.0; CycloneDX and CSAF words are mapped on these). */
enum vex_status { VEX_NOT_AFFECTED, VEX_AFFECTED, VEX_FIXED, VEX_INVESTIGATING, VEX_STATUS_N };

enum component_kind {
	COMPONENT_LIBRARY, /* also what is not known better, as bills of materials have it */
	COMPONENT_PROGRAM,
	COMPONENT_SYSTEM,   /* the kernel */
	COMPONENT_FIRMWARE, /* the boot loader */
	COMPONENT_KIND_N
};

enum target_kind { KIND_FINAL_DEVICE, KIND_HARDWARE, KIND_SOFTWARE, KIND_SYSTEM, KIND_N };
enum sector { SECTOR_CONSUMER, SECTOR_BUSINESS, SECTOR_INDUSTRIAL, SECTOR_N };

/* First line of a record: what is inspected, and the date every comparison of dates uses. */
struct target {
	struct slice schema; /* "kensa.record/1" */
	struct slice kensa;  /* version of the program */
	struct slice date;   /* YYYY-MM-DD */
	struct slice name;
	struct slice cpe; /* its own CPE name; empty: none was given */
	enum target_kind kind;
	enum sector sector;
};

struct input {
	uint64_t id;       /* from 1, in the order given */
	struct slice path; /* last component only: where it lay is no fact of the product */
	struct slice type; /* format name of the whole, or "raw" */
	uint64_t size;
	struct slice sha256;
};

/* One object: an input, or something inside one. */
struct artifact {
	uint64_t id;     /* from 1, in the order of the walk */
	uint64_t parent; /* 0: none, it is an input */
	uint64_t input;
	struct slice path; /* image.bin!uimage@0x40000!gzip!… ; "!" enters a container */
	enum artifact_type type;
	struct slice format; /* "squashfs", "elf", … or empty */
	uint64_t size;
	struct slice sha256;     /* of the contents; empty for directories, links, devices */
	uint64_t mode, uid, gid; /* of the entry, where its container keeps them */
	struct slice link;       /* where a symbolic link points, as written */
};

/* What one stretch of an input is. The ranges of an input are disjoint and cover it. */
struct range {
	uint64_t input, at, size;
	enum range_kind kind;
	uint64_t artifact;        /* 0: none */
	struct slice verified_by; /* saying: how kensa knows */
};

/* One sighting of a component. The same component seen twice is two facts. */
struct component {
	struct slice name, version, purl, cpe, supplier;
	uint64_t artifact;
	struct slice location; /* saying: offset or line in the artifact */
	struct slice method;   /* "opkg-database", "version-string", … */
	enum confidence confidence;
	enum component_kind kind;
};

/* Something the catalogue's rules may call a flaw. */
struct finding {
	struct slice rule; /* id in catalog/rules.yaml */
	struct slice flaw; /* key: two findings with one key are one flaw */
	uint64_t artifact;
	struct slice location; /* saying: "line 12", "0x40"; may be empty */
	struct slice evidence; /* saying: what was seen; never a secret itself */
};

/* The vulnerability data that was asked. */
enum feed_kind { FEED_IMPORTED, FEED_STARTER, FEED_KIND_N }; /* starter: came with the product */

struct feed_used {
	struct slice date;    /* YYYY-MM-DD it was imported */
	struct slice sha256;  /* of the snapshot */
	struct slice sources; /* "nvd 2026-08-21, kev 2026-08-22" */
	uint64_t advisories;
	enum feed_kind kind;
};

/* A component met an advisory. One fact for each pair of (component, version) and advisory. */
struct vulnerability {
	struct slice id;                 /* "CVE-2021-28831" */
	struct slice component, version; /* of the component fact */
	struct slice product;            /* the feed's product that matched: "a:busybox:busybox" */
	uint64_t artifact;               /* the first sighting */
	enum vuln_status status;
	enum rating severity;
	uint64_t cvss;       /* tenths: 98 is 9.8; 0: not given */
	struct slice vector; /* of that score */
	struct slice kev;    /* YYYY-MM-DD listed as exploited, or empty */
	uint64_t epss_ppm;   /* millionths; 0: not given */
	struct slice published;
	struct slice fixed_in; /* the version that mends it, where a source says so */
	struct slice sources;  /* who says so: "nvd, openssl" */
	struct slice because;  /* which range of which source, and where they disagree */
};

/* What somebody decided on a vulnerability (VEX). */
struct decision {
	struct slice id; /* "CVE-2021-28831" */
	struct slice
		product; /* purl, CPE or name[@version] it speaks of; empty: the whole target */
	enum vex_status status;
	struct slice justification; /* OpenVEX word: "vulnerable_code_not_present", … */
	struct slice statement;     /* in the author's words */
	struct slice author, date;  /* date: YYYY-MM-DD, also a plan's deadline for VEX_AFFECTED */
	struct slice source;        /* the document it was read from */
};

/* What was built into a system: names of one kind, separated by blanks. One kind may take several
 * facts. */
struct built {
	uint64_t artifact;
	struct slice
		what; /* "kernel-config": symbols that are on; "kernel-module"; "kernel-builtin" */
	struct slice names;
};

/* How much of a subject was looked at. Facts of one method and subject add up. */
struct coverage {
	enum method method;
	struct slice subject; /* "elf", "accounts", "image", … */
	uint64_t seen, total;
};

/* One thing that was not, or not wholly, looked at. */
struct skip {
	enum method method;
	struct slice subject;
	struct slice what;   /* its path */
	struct slice why;    /* err_name() */
	struct slice detail; /* saying: where and why */
	uint64_t artifact;
};

/* Last line of a record. A record without it, or with another hash, was cut or changed. */
struct end {
	struct slice status; /* "complete" or "interrupted" */
	uint64_t facts;
	struct slice sha256; /* of all lines before this one */
};

enum fact_kind {
	FACT_TARGET,
	FACT_INPUT,
	FACT_ARTIFACT,
	FACT_RANGE,
	FACT_COMPONENT,
	FACT_FINDING,
	FACT_FEED,
	FACT_DECISION,
	FACT_BUILT,
	FACT_VULNERABILITY,
	FACT_COVERAGE,
	FACT_SKIP,
	FACT_END,
	FACT_N
};

struct fact {
	enum fact_kind kind;
	union {
		struct target target;
		struct input input;
		struct artifact artifact;
		struct range range;
		struct component component;
		struct finding finding;
		struct feed_used feed;
		struct decision decision;
		struct built built;
		struct vulnerability vulnerability;
		struct coverage coverage;
		struct skip skip;
		struct end end;
	};
};

enum field_kind { FIELD_TEXT, FIELD_SAYING, FIELD_U64, FIELD_NAME };

/* A column of a fact. Names are the words of an enumeration, in its order. */
struct field {
	const char *key;
	enum field_kind kind;
	size_t offset; /* in struct fact */
	const char *const *names;
	unsigned names_n;
	bool is_artifact; /* a number that is an artifact's id */
};

struct fact_type {
	const char *name;
	const struct field *fields;
	size_t fields_n;
};

/* Never NULL for a valid kind. */
const struct fact_type *fact_type(enum fact_kind kind);

/* Texts and sayings are both kept as a slice. */
bool field_is_text(const struct field *d);

/* Reads and writes one field by its description. Numbers and names both travel as uint64_t. */
struct slice *field_text(struct fact *f, const struct field *d);
uint64_t field_number(const struct fact *f, const struct field *d);
void field_number_set(struct fact *f, const struct field *d, uint64_t v);

/* Words of the enumerations, as in documents. Never NULL. */
const char *method_name(enum method m);
const char *artifact_type_name(enum artifact_type t);
const char *range_kind_name(enum range_kind k);
const char *confidence_name(enum confidence c);
const char *vuln_status_name(enum vuln_status s);
const char *rating_name(enum rating s);
const char *vex_status_name(enum vex_status s);
const char *component_kind_name(enum component_kind k);
const char *target_kind_name(enum target_kind k);
const char *sector_name(enum sector s);

/*
 * Whether the product that a document speaks of is this component. `product` is a package URL, a
 * CPE, or name[@version]. What it leaves open (version, qualifiers) holds for all; what it names
 * must be the same. Package URLs are compared with the component's package URL, CPEs with its CPE;
 * names, and pkg:generic, with its name and version. Empty is the whole target: true. What cannot
 * be read covers nothing.
 */
bool product_covers(struct slice product, const struct component *c);

/* Whether it is the target as a whole: empty, or its name, alone or with a version behind it. */
bool product_is_target(struct slice product, const struct target *t);

/* The best name of a component: its package URL, else its CPE, else name@version. Appends. */
void product_of(const struct component *c, struct buf *out);

/* Words of CycloneDX (vulnerabilities[].analysis) in those of OpenVEX, and back. False, or an empty
 * text, where there is none. */
bool vex_state_read(struct slice state, enum vex_status *out);
const char *vex_state_name(enum vex_status s);
struct slice vex_justification_read(struct slice word);
const char *vex_justification_name(struct slice openvex);

/* Is it one of the five justifications of OpenVEX? (CSAF's flags are the same words.) */
bool vex_is_justification(struct slice word);

/* The value with that word, or `n` when there is none. */
unsigned name_find(const char *const *names, unsigned n, struct slice word);
MUST_CHECK bool target_kind_find(struct slice word, enum target_kind *out);
MUST_CHECK bool sector_find(struct slice word, enum sector *out);

/* Binary form of a fact, for frames: fields in table order, u64le, name as u8, text u32le + bytes.
 */
void fact_pack(struct buf *out, const struct fact *f);

/*
 * Reads what fact_pack wrote, from a sender that may lie: lengths, names and UTF-8 are checked.
 * Texts are copied into `a`. All or nothing.
 */
MUST_CHECK enum err fact_unpack(struct arena *a, struct slice in, struct fact *out,
				struct fault *why);

#endif
