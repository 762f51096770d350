/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Version order. A version becomes a key once; keys compare as bytes, whatever the scheme, so that
 * a snapshot holds them sorted and a look-up is a binary search.
 */
#ifndef FEED_VERSION_H
#define FEED_VERSION_H

#include "base/base.h"

/* How the versions of a product are ordered. schemes.def says which product uses which. */
enum scheme {
	SCHEME_GENERIC, /* numbers and words: dev alpha beta pre rc < release < letters, p1, git */
	SCHEME_OPENSSL, /* 1.0.2 < 1.0.2a < 1.0.2z < 1.0.2za; 3.x as generic */
	SCHEME_OPENSSH, /* 7.4 < 7.4p1: pN is the CPE's update, and "*" stands for all of them */
	SCHEME_KERNEL,  /* 5.10-rc1 < 5.10 < 5.10.1; what a vendor adds behind "-" is no version */
	SCHEME_SEMVER,  /* Semantic Versioning 2.0.0, 11 */
	SCHEME_DEBIAN,  /* Debian Policy 5.6.12: epoch, upstream, revision, "~"; opkg too */
	SCHEME_APK,     /* apk-tools: _alpha _beta _pre _rc < none < _cvs _git _p; -rN */
	SCHEME_RPM,     /* rpm: epoch, version, release; "~" and "^" */
	SCHEME_N
};

struct version_key {
	uint8_t len;
	uint8_t bytes[LIMIT_VERSION_KEY_BYTES];
};

/*
 * E_LIMIT: longer than LIMIT_VERSION_BYTES, or its key than LIMIT_VERSION_KEY_BYTES. E_RANGE:
 * nothing in it that a version is made of. `update` is the CPE's update field; "", "*" and "-" add
 * nothing. What is behind "+" is no part of the order (but in SCHEME_DEBIAN, where it is).
 */
MUST_CHECK enum err version_key_make(enum scheme s, struct slice version, struct slice update,
				     struct version_key *out);

/* <0, 0, >0. A total order over all keys of one scheme: bytes, the shorter first. */
int version_key_cmp(const struct version_key *a, const struct version_key *b);

/*
 * In some schemes a CPE without an update ("*") names the version with every update. Then a range
 * that includes such an upper end, excludes such a lower one, or names one such version alone, ends
 * behind the last of them: at this key, which is above the key and below any later version.
 */
bool scheme_has_updates(enum scheme s);
void version_key_last_update(struct version_key *k);

/* "2019-08-08-ca8c2bd2", "git20200101", "r1234": a date or revision where a version should be. Its
 * place among a product's versions is unknown unless they are dates too. */
bool version_is_dated(struct slice version);

/* The scheme of a product key ("a:openssl:openssl", "alpine:v3.10/busybox"; advisory.h). */
enum scheme scheme_of(struct slice product);

const char *scheme_name(enum scheme s);

#endif
