// SPDX-License-Identifier: Apache-2.0
// Certificates in files: expired, weak, self-signed, made for tests. X.509 as in RFC 5280.

#include "inspect/firmware/certparse.h"
#include "inspect/firmware/secret.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/ban.h"

enum { RSA_BITS_MIN = 2048, EC_BITS_MIN = 256, BUNDLE_MIN = 3, SECONDS_A_DAY = 86400 };

/* Where a self-signed certificate is a root that is trusted, not a server's own. */
enum role { ROLE_TRUST, ROLE_EMBEDDED, ROLE_OWN };

struct look {
	struct scene *scene;
	const struct object *object;
	enum role role;
	X509 *x509;
	char print[PRINT_HEX + 1];
	struct slice location, subject;
};

/* --- the role of the file --- */

static const char *const trust_paths[] = {
	"*/ca-bundle*", "*/ca-certificates*", "*/cacert*",  "*/ca_cert*",    "*/ca-cert*",
	"*/ca.crt",     "*/ca.pem",           "*/ca.cer",   "*/ca.der",      "*/rootca*",
	"*/root-ca*",   "*/root_ca*",         "*/root.crt", "*/root.pem",    "*/*RootCA*",
	"*/*Root_CA*",  "*/*_CA.crt",         "*/*_CA.pem", "*/ssl/certs/*", "*/cacerts/*",
	"*/trust*",     "*/anchors/*",        "*/ca/*",     "*/CA/*",        "*/*-ca.crt",
	"*/*-ca.pem",   "*/roots.pem",
};

static enum role role_of(const struct object *o, size_t certs)
{
	if (!o->entry || (o->format && !o->is_text))
		return ROLE_EMBEDDED;
	for (size_t i = 0; i < ARRAY_LEN(trust_paths); i++)
		if (text_glob(o->name, trust_paths[i]))
			return ROLE_TRUST;
	if (certs >= BUNDLE_MIN)
		return ROLE_TRUST;
	return o->is_text || o->data.len <= DER_BYTES_MAX ? ROLE_OWN : ROLE_EMBEDDED;
}

/* --- questions to one certificate; each returns what is wrong, or an empty slice --- */

static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
	/* Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that a
	 * leap day ends one. */
	int64_t year = y - (m <= 2), era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct slice ask_expired(const struct look *l)
{
	struct tm end;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(l->x509), &end) != 1)
		return (struct slice){0};

	int64_t day = days_from_civil(end.tm_year + 1900, end.tm_mon + 1, end.tm_mday);

	if (day >= (int64_t)l->scene->date)
		return (struct slice){0};
	return SAY(l->scene->scratch, SAY_CERT_EXPIRED,
		   arena_print(l->scene->scratch, "%04d-%02d-%02d", end.tm_year + 1900,
			       end.tm_mon + 1, end.tm_mday),
		   l->subject);
}

static bool is_self_signed(const X509 *x)
{
	return X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
}

static struct slice short_key(const struct look *l, const char *kind, int bits)
{
	return SAY(l->scene->scratch, SAY_CERT_SHORT_KEY, slice_text(kind),
		   say_number(l->scene->scratch, (uint64_t)bits), l->subject);
}

static struct slice ask_weak(const struct look *l)
{
	EVP_PKEY *key = X509_get0_pubkey(l->x509);
	int id = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
	int bits = key ? EVP_PKEY_get_bits(key) : 0, digest = NID_undef;
	bool is_root = l->role != ROLE_OWN && is_self_signed(l->x509);

	if (id == EVP_PKEY_RSA && bits < RSA_BITS_MIN)
		return short_key(l, "RSA", bits);
	if (id == EVP_PKEY_DSA)
		return short_key(l, "DSA", bits);
	if (id == EVP_PKEY_EC && bits < EC_BITS_MIN)
		return short_key(l, "EC", bits);
	/* Nobody relies on the signature of a root: it is trusted by being there. */
	if (is_root || !OBJ_find_sigid_algs(X509_get_signature_nid(l->x509), &digest, NULL))
		return (struct slice){0};
	if (digest == NID_md2 || digest == NID_md4 || digest == NID_md5 || digest == NID_sha1)
		return SAY(l->scene->scratch, SAY_CERT_WEAK_DIGEST, slice_text(OBJ_nid2sn(digest)),
			   l->subject);
	return (struct slice){0};
}

static struct slice ask_self_signed(const struct look *l)
{
	bool is_pinned = l->role == ROLE_EMBEDDED && X509_check_ca(l->x509) > 0;

	if (l->role == ROLE_TRUST || is_pinned || !is_self_signed(l->x509))
		return (struct slice){0};
	return SAY(l->scene->scratch, SAY_CERT_SELF_SIGNED, l->subject);
}

/* Words in names that nobody puts into a certificate for use. */
static const char *const test_words[] = {
	"Internet Widgits", "snakeoil",     "snake oil",    "Default Company Ltd",
	"example.com",      "example.org",  "example.net",  "localdomain",
	"Some-State",       "do not trust", "do-not-trust",
};

static bool is_letter_at(struct slice s, size_t at)
{
	uint8_t c = slice_at(s, at) | 32;

	return c >= 'a' && c <= 'z';
}

/* "test" as a word of its own, or as the head of "testing": not "contest", not "attestation". */
static bool has_test_word(struct slice name)
{
	size_t at = text_find_nocase(name, "test", 0);

	for (; at != SLICE_NONE; at = text_find_nocase(name, "test", at + 4)) {
		struct slice behind = slice_from(name, at + 4);
		bool is_testing = text_same(slice_head(behind, 3), "ing");

		if ((at == 0 || !is_letter_at(name, at - 1)) &&
		    (is_testing || !is_letter_at(name, at + 4)))
			return true;
	}
	return false;
}

static bool is_test_name(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(test_words); i++)
		if (text_find_nocase(name, test_words[i], 0) != SLICE_NONE)
			return true;
	return has_test_word(name);
}

static struct slice name_text(struct arena *a, const X509_NAME *name)
{
	/* A caller's buffer keeps a huge name from being built: it is cut to this. */
	char text[512];
	struct slice out = {0};

	if (!X509_NAME_oneline(name, text, sizeof text) ||
	    arena_copy(a, slice_text(text), &out) != OK)
		return (struct slice){0};
	return out;
}

static struct slice ask_test(const struct look *l)
{
	struct arena *a = l->scene->scratch;

	if (is_test_name(l->subject) || is_test_name(name_text(a, X509_get_issuer_name(l->x509))))
		return SAY(a, SAY_CERT_TEST, l->subject);
	return (struct slice){0};
}

static const struct {
	const char *rule;
	struct slice (*ask)(const struct look *l);
} questions[] = {
	{"cert-expired", ask_expired},
	{"cert-weak", ask_weak},
	{"cert-self-signed", ask_self_signed},
	{"cert-test", ask_test},
};

/* --- telling --- */

static bool cert_print(const X509 *x, char out[PRINT_HEX + 1])
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);

	if (n <= 0)
		return false;
	print_of(slice_of(der, (size_t)n), out);
	OPENSSL_free(der);
	return true;
}

static void cert_look(struct look *l)
{
	struct arena *a = l->scene->scratch;

	l->subject = name_text(a, X509_get_subject_name(l->x509));
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		struct slice wrong = questions[i].ask(l);

		if (wrong.len == 0)
			continue;
		scene_finding(l->scene, questions[i].rule, l->object->artifact,
			      arena_print(a, "cert:%s", l->print), l->location, wrong);
	}
	ERR_clear_error();
}

static size_t certs_count(struct slice data)
{
	struct mark_search search = {.in = data};
	struct cert c;
	size_t n = 0;

	while (n < BUNDLE_MIN && cert_next(&search, &c)) {
		n++;
		X509_free(c.x509);
	}
	return n;
}

static void certificates_object(struct scene *s, const struct object *o)
{
	struct mark_search search = {.in = o->data};
	struct cert c;
	uint64_t seen = 0, total = 0;

	if (object_is_box(o))
		return;

	enum role role = role_of(o, certs_count(o->data));

	while (cert_next(&search, &c)) {
		struct look l = {.scene = s, .object = o, .role = role, .x509 = c.x509};

		total++;
		l.location = place_of(s->scratch, o->data, o->is_text, c.at);
		if (c.x509 && cert_print(c.x509, l.print)) {
			seen++;
			cert_look(&l);
		} else {
			scene_skip(s, "certificates", o->artifact, o->path, E_CORRUPT,
				   saying(SAY_CERT_UNREADABLE));
		}
		X509_free(c.x509);
	}
	if (search.is_cut)
		scene_skip(s, "certificates", o->artifact, o->path, E_LIMIT,
			   saying(SAY_MANY_CERTIFICATES));
	if (total || !o->entry)
		scene_coverage(s, "certificates", seen, total);
}

static void certificates_tree(struct scene *s, const struct tree *t)
{
	(void)t;
	scene_coverage(s, "certificates", 0, 0);
}

const struct inspector inspector_certificates = {
	.name = "certificates", .object = certificates_object, .tree = certificates_tree};
