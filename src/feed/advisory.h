/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an importer makes of one record of a source, before it goes into a snapshot.
 *
 * The unit is (id, source): importing it again replaces what that source said of that id before,
 * and nothing that another source said. Texts are UTF-8, borrowed from the importer's arena.
 */
#ifndef FEED_ADVISORY_H
#define FEED_ADVISORY_H

#include "base/base.h"
#include "feed/version.h"

/* Who says so: X(id, name in records and reports). Order = whose facts (scores, dates, texts) are
 * preferred, first to last. Claims of all sources are kept. */
#define FEED_SOURCES(X)                                                                            \
	X(NVD, "nvd")                                                                              \
	X(CVE, "cve")                                                                              \
	X(OPENSSL, "openssl")                                                                      \
	X(CURL, "curl")                                                                            \
	X(JVN, "jvn")                                                                              \
	X(OSV, "osv")                                                                              \
	X(DEBIAN, "debian")                                                                        \
	X(UBUNTU, "ubuntu")                                                                        \
	X(ALPINE, "alpine")                                                                        \
	X(OPENWRT, "openwrt")                                                                      \
	X(KEV, "kev")                                                                              \
	X(EPSS, "epss")                                                                            \
	X(KERNEL_FILES, "kernel-files")

enum source {
#define X(id, name) SOURCE_##id,
	FEED_SOURCES(X)
#undef X
		SOURCE_N
};

enum advisory_flag {
	ADVISORY_REJECTED = 1,
	ADVISORY_DISPUTED = 2,
	ADVISORY_KEV = 4,            /* exploited, says CISA */
	ADVISORY_RANSOMWARE = 8,     /* in ransomware campaigns too */
	ADVISORY_SSVC_ACTIVE = 16,   /* SSVC exploitation: active */
	ADVISORY_SSVC_POC = 32,      /* SSVC exploitation: proof of concept */
	ADVISORY_SSVC_AUTOMATE = 64, /* SSVC automatable: yes */
	ADVISORY_SSVC_TOTAL = 128,   /* SSVC technical impact: total */
};

enum cvss_version { CVSS_V2, CVSS_V3, CVSS_V4, CVSS_N }; /* 3.0 and 3.1 share a place */

struct cvss {
	uint8_t score;       /* tenths: 98 is 9.8; 255: not given */
	struct slice vector; /* as published; may be empty */
};

/* What a claim says of the versions it names. */
enum effect {
	EFFECT_AFFECTED,
	EFFECT_UNAFFECTED, /* a hole in an affected range, or a vendor's "not affected" */
	EFFECT_FIXED,      /* a distribution's fixed version: everything from `low` on is fixed */
};

enum claim_kind {
	CLAIM_RANGE, /* low and/or high */
	CLAIM_EXACT, /* one version: low */
	CLAIM_ANY,   /* "*" without bounds: all versions, or nobody looked */
	CLAIM_NONE,  /* "-": unversioned */
};

/*
 * One statement on one product. The product key is "PART:VENDOR:PRODUCT" for CPE names (lower case,
 * backslashes removed), "ECOSYSTEM/NAME" for packages, where ECOSYSTEM is what OSV calls it, in
 * lower case, release included: "alpine:v3.10/busybox", "debian:12/openssl",
 * "ubuntu:22.04/openssl", "openwrt:22.03/dropbear", "npm/@scope/name", "pypi/requests",
 * "go/golang.org/x/net", "crates.io/ring". NAME is the source package where the ecosystem tracks
 * those.
 */
struct claim {
	struct slice product;
	struct slice low, high; /* version texts; empty: open on that side */
	struct slice low_update,
		high_update; /* the CPE's update field with them, "" for "*" or "-" */
	struct slice
		qualifier; /* rest of the CPE that is not "*": "target_sw=wordpress"; or empty */
	struct slice condition; /* other side of an AND: "running on" these products; or empty */
	uint8_t kind, effect;   /* enum claim_kind, enum effect */
	bool low_excluded, high_excluded;
};

struct advisory {
	struct slice id;              /* "CVE-2021-28831", "JVNDB-2021-000123", "GHSA-…" */
	uint8_t source;               /* enum source */
	uint32_t published, modified; /* days since 1970-01-01; 0: not given */
	uint32_t kev_added;           /* the same */
	uint32_t flags;               /* enum advisory_flag */
	uint32_t epss_ppm;            /* millionths; UINT32_MAX: not given */
	struct cvss cvss[CVSS_N];
	struct slice title[LANG_N], text[LANG_N];
	struct slice *aliases, *cwes, *files; /* files: program files it concerns (kernel) */
	size_t aliases_n, cwes_n, files_n;
	struct claim *claims;
	size_t claims_n;
};

/* No score, no EPSS, everything else empty. */
void advisory_init(struct advisory *a, struct slice id, enum source source);

const char *source_name(enum source s);
MUST_CHECK bool source_find(struct slice word, enum source *out);

#endif
