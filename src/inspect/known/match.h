/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of known-vulnerability diagnosis share: a subject (a component at a version), the
 * products of the feed that stand for it, and what each source says of an advisory on it.
 */
#ifndef KNOWN_MATCH_H
#define KNOWN_MATCH_H

#include "inspect/frame.h"
#include "inspect/known/tables.h"

enum { ASKED_MAX = 24, NO_DATE = UINT32_MAX };

/* A product of the feed, asked about one version. */
struct asked {
	struct feed_product product;
	struct slice version, update;
	struct slice target_sw; /* of the component's CPE; empty: not said */
	struct feed_rank at;
	bool is_versioned; /* `at` is meaningful */
	bool is_package;   /* of a distribution, whose revisions tell of backports */
	bool is_own;       /* the product itself: it runs on its maker's own hardware */
};

enum lookup {
	LOOKUP_FOUND,
	LOOKUP_NOTHING,   /* nobody ever said anything of it */
	LOOKUP_AMBIGUOUS, /* several makers have a product of that name */
};

/* A component at a version, with all its sightings. */
struct subject {
	struct slice name, version;
	const struct fact *const *sightings; /* by CPE, purl, place in the record */
	size_t sightings_n;
	uint64_t artifact; /* the first sighting */
	struct asked *asked;
	size_t asked_n;
	enum lookup lookup;
	bool is_kernel, is_hardware;
	bool is_own;      /* the product itself, given or listed */
	size_t unknown_n; /* results of which the version would have to be known */
};

struct subjects {
	struct subject *list;
	size_t n;
};

/* What one source says of one advisory on one product. */
struct said {
	enum source source;
	bool holds;          /* affected, and the version is among those named */
	bool is_conditional; /* the same, together with something else */
	bool is_hole;        /* the version is among those named as not affected */
	bool is_fixed;       /* a distribution: ours has the fix … */
	bool is_behind;      /* … or lacks it */
	bool has_any, has_none, has_range;
	struct feed_claim shown; /* the claim that decided, else the last one */
};

/* All that is said of one advisory on one product of a subject. */
struct statement {
	uint32_t advisory;
	const struct asked *asked;
	const struct said *said;
	size_t said_n;
};

struct statements {
	struct statement *list; /* by advisory, then by product */
	size_t n, cap;
};

/* Distributions whose packages the feed knows release by release. */
enum distribution { DISTRO_ALPINE, DISTRO_DEBIAN, DISTRO_OPENWRT, DISTRO_UBUNTU, DISTRO_N };

/* Decisions by id. */
struct decisions {
	const struct fact **list;
	size_t n;
};

/* What is built into the kernels of the record. */
struct build {
	struct slice *on, *modules, *builtin; /* sorted */
	size_t on_n, modules_n, builtin_n;
	bool has_config, has_builtin;
};

/* One line of the result, before it is ordered. */
struct outcome {
	struct subject *subject;
	struct vulnerability fact;
	uint64_t weight;    /* open, exploited, sure, then likely and grave */
	uint32_t published; /* days; 0: not given */
	bool is_planned;    /* a decision says it affects, and by when it is mended */
	bool is_japanese;   /* known from JVN alone */
};

/* The product itself, where its CPE name was given. */
struct own {
	struct slice key; /* "o:acme:camera_firmware"; empty: no name, or none that can be read */
	struct fact *fact;
	struct subject subject;
	bool is_named; /* some advisory speaks of it */
};

struct match {
	const struct known_data *data;
	const struct record *record;
	struct feed *feed; /* NULL: no snapshot */
	struct emitter *emitter;
	struct arena *arena;
	uint64_t today;                 /* of the inspection, days since 1970-01-01 */
	struct slice release[DISTRO_N]; /* "v3.14", "12": of the only one in the record */
	struct subjects subjects;
	struct own own;
	struct decisions decisions;
	struct build build;
	struct outcome **outcomes;
	size_t outcomes_n, outcomes_cap;
	uint64_t kernel_seen, kernel_total; /* CVEs of a kernel whose files could be judged */
	uint64_t left_out;                  /* results beyond a limit */
	struct buf scratch;                 /* for a text being made */
};

/* asked.c: distinct components of the record. */
MUST_CHECK enum err subjects_make(struct match *m);

/* naming.c: the names under which the world knows a component. All texts live in `a`. */
struct cpe_key {
	struct slice key; /* "a:openssl:openssl"; empty: not a CPE with a vendor and a product */
	struct slice version, update, target_sw; /* "*" and "-" are empty */
};
void cpe_key_read(struct arena *a, struct slice cpe, struct cpe_key *out);

struct purl_parts {
	struct slice type, space, name, version;
	struct slice distro; /* a qualifier: "debian-12" */
};
/* False: no package URL. */
MUST_CHECK bool purl_parts_read(struct arena *a, struct slice purl, struct purl_parts *out);

/* distro.c: which release of which distribution the packages come from. */
void releases_make(struct match *m);
/* "debian:12", "alpine:v3.14"; empty: not a distribution's, or the release is not known. */
struct slice distribution_release(struct match *m, const struct purl_parts *p);
/* "1:1.2.13-1+b2" is 1.2.13 upstream. */
struct slice upstream_of(struct slice version);
bool is_distribution_type(struct slice purl_type);

/* own.c: the product itself as a subject. own_begin before the components are looked up,
 * own_look_up after them: those that are the product itself become sightings of it. */
MUST_CHECK enum err own_begin(struct match *m);
MUST_CHECK enum err own_look_up(struct match *m);
/* Whether the product given stands for this component too: it is asked about once. */
bool own_covers(const struct match *m, const struct subject *s);
/* A condition that the product meets by being what it is: hardware of its own maker. */
bool own_meets(struct slice key, struct slice condition);
void own_tell(struct match *m);

/* lookup.c: the feed's products for a subject. */
MUST_CHECK enum err subject_look_up(struct match *m, struct subject *s);

/* statements.c: all statements on a subject that matter. Lives in `a`. */
MUST_CHECK enum err statements_make(struct match *m, const struct subject *s, struct arena *a,
				    struct statements *out);

/* outcome.c: statements on one advisory become a result; appended to m->outcomes. */
MUST_CHECK enum err outcome_add(struct match *m, struct subject *s, const struct statement *all,
				size_t n);
MUST_CHECK enum err outcomes_sort(struct match *m);

/* reasoning.c: which range of which source, where they disagree, and what mends it. */
void reasoning_write(struct match *m, const struct statement *all, size_t n, struct buf *out);
enum err reasoning_fix(struct match *m, const struct statement *all, size_t n, struct slice *out);

/* decided.c: what decisions say of an outcome; changes its status and its reason. */
MUST_CHECK enum err decisions_make(struct match *m);
void decisions_apply(struct match *m, struct outcome *o);
/* Whether a not-affected decision has its class of reason, evidence and reviewer. */
bool decision_is_justified(const struct decision *d);
void decisions_tell(struct match *m);

/* build.c: kernel code that is not built in. */
MUST_CHECK enum err build_make(struct match *m);
/* True, and why, when none of the files that the advisory names is built. */
bool build_lacks(struct match *m, uint32_t advisory, struct buf *why);

/* lifecycle.c: maintenance of every component; flaws.c: findings and coverage of the rest. */
void lifecycle_tell(struct match *m);
void flaws_tell(struct match *m);

/* How this inspector speaks. */
void tell_finding(struct match *m, const char *rule, uint64_t artifact, struct slice flaw,
		  struct slice evidence); /* evidence: a saying */
void tell_coverage(struct match *m, const char *subject, uint64_t seen, uint64_t total);
/* "busybox 1.36.0", or the name alone. */
struct slice name_and_version(struct arena *a, struct slice name, struct slice version);
void tell_skip(struct match *m, const char *subject, struct slice what, enum err why,
	       enum say detail);

/* matching.c: a worker's main. `ctx` is a struct match whose data, record and snapshot are set. */
struct known_task {
	const struct known_data *data;
	const struct record *record;
	struct slice snapshot;
	struct feed *feed; /* open already, and left so; NULL: the snapshot is opened and closed */
};
void known_task(void *ctx, int results);

/* Rules and coverage subjects of this inspector, for known_strip. */
bool is_known_rule(struct slice rule);

/* dates.c */
MUST_CHECK bool day_read(struct slice date, uint64_t *days); /* YYYY-MM-DD */
struct slice day_text(struct arena *a, uint64_t days);

#endif
