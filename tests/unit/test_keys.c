// SPDX-License-Identifier: Apache-2.0
// Private keys: every form real tools write, and all that only looks like one.

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/firmware/keyparse.h"
#include "scene_double.h"

static bool first_key(struct slice in, struct key *out)
{
	struct mark_search s = {.in = in};

	return key_next(&s, out);
}

static size_t count_keys(struct slice in)
{
	struct mark_search s = {.in = in};
	struct key k;
	size_t n = 0;

	while (key_next(&s, &k))
		n++;
	return n;
}

/* Behind an ELF header, between bytes that are not its own. */
static struct slice embed(struct slice s)
{
	uint8_t *p = calloc(1, s.len + 300);

	assert_non_null(p);
	memcpy(p,
	       "\x7f"
	       "ELF\x01\x01\x01",
	       7);
	memset(&p[100], 0x30, 21);
	memcpy(&p[121], s.ptr, s.len);
	return slice_of(p, s.len + 300);
}

static const struct good {
	const char *file, *form, *kind;
	int bits;
	const char *print; /* file with the expected fingerprint; NULL: see `same` */
	const char *same;  /* another form of the same key */
} goods[] = {
	{"key-pkcs8.pem", "PEM", "RSA", 2048, "key-rsa.print", NULL},
	{"key-pkcs1.pem", "PEM", "RSA", 2048, "key-rsa.print", NULL},
	{"key-pkcs1.der", "DER", "RSA", 2048, "key-rsa.print", NULL},
	{"key-pkcs8.der", "DER", "RSA", 2048, "key-rsa.print", NULL},
	{"key-sec1.pem", "PEM", "EC prime256v1", 256, "key-ec.print", NULL},
	{"key-sec1.der", "DER", "EC prime256v1", 256, "key-ec.print", NULL},
	{"ssh-rsa", "OpenSSH", "RSA", 3072, "ssh-rsa.print", NULL},
	{"ssh-ecdsa", "OpenSSH", "EC prime256v1", 256, NULL, "dropbear-ecdsa"},
	{"ssh-ed25519", "OpenSSH", "Ed25519", 256, NULL, "dropbear-ed25519"},
	{"ssh-pem", "PEM", "RSA", 2048, "ssh-pem.print", NULL},
	{"dropbear-rsa", "dropbear", "RSA", 3072, "ssh-rsa.print", NULL},
	{"dropbear-ecdsa", "dropbear", "EC prime256v1", 256, NULL, "ssh-ecdsa"},
	{"dropbear-ed25519", "dropbear", "Ed25519", 256, NULL, "ssh-ed25519"},
	{"dropbear-dss", "dropbear", "DSA", 1024, NULL, NULL},
	{"putty-rsa.ppk", "PuTTY", "RSA", 2048, "ssh-pem.print", NULL},
	{"putty-ecdsa.ppk", "PuTTY", "EC prime256v1", 256, NULL, "ssh-ecdsa"},
	{"putty-ed25519.ppk", "PuTTY", "Ed25519", 256, NULL, "ssh-ed25519"},
};

static void check_print(const struct good *g, const struct key *k)
{
	struct slice other = sample_read(g->print ? g->print : g->same ? g->same : g->file);
	struct key same = {0};

	if (g->print) {
		assert_true(slice_eq(text_trim(other), slice_text(k->print)));
	} else if (other.ptr) {
		assert_true(first_key(other, &same));
		assert_string_equal(same.print, k->print);
	}
	sample_free(other);
}

static void test_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goods); i++) {
		const struct good *g = &goods[i];
		struct slice s = sample_read(g->file), elf;
		struct key k;

		if (!s.ptr) {
			print_message("skipped %s: its tool is not installed\n", g->file);
			continue;
		}
		assert_true(first_key(s, &k));
		assert_string_equal(k.form, g->form);
		assert_string_equal(k.kind, g->kind);
		assert_int_equal(k.bits, g->bits);
		assert_false(k.is_encrypted);
		check_print(g, &k);
		/* never twice, and the same inside a program */
		assert_int_equal(count_keys(s), 1);
		elf = embed(s);
		assert_int_equal(count_keys(elf), 1);
		assert_true(first_key(elf, &k));
		assert_int_equal(k.at, 121);
		sample_free(elf);
		sample_free(s);
	}
}

static void test_encrypted(void **state)
{
	static const char *const files[] = {"key-enc1.pem", "key-enc8.pem", "ssh-encrypted"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct stage *t = stage_new();
		struct slice s = sample_read(files[i]);
		const struct stage_file f = {.path = "/etc/ssl/private/x", .bytes = s};

		stage_object(t, &inspector_keys, &f, false);
		assert_int_equal(stage_findings(t, "encrypted-key", NULL), 1);
		assert_int_equal(stage_findings(t, "private-key", NULL), 0);
		assert_int_equal(stage_findings(t, "host-key", NULL), 0);
		stage_free(t);
		sample_free(s);
	}
}

/* What grep takes for a key. */
static void test_only_looks_like_one(void **state)
{
	static const char library[] =
		"\x7f"
		"ELF\0-----BEGIN RSA PRIVATE KEY-----\0"
		"-----END RSA PRIVATE KEY-----\0-----BEGIN PRIVATE KEY-----\0"
		"-----END PRIVATE KEY-----\0openssh-key-v1\0\0\0\0\x07ssh-rsa";
	static const char *const texts[] = {
		"",
		"-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\nMIIE...\n-----END RSA PRIVATE KEY-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE "
		"KEY-----\n",
		"-----BEGIN PRIVATE KEY-----\nQUJDREVGR0g=\n-----END PRIVATE KEY-----\n",
		"-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n",
		"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPublic-Lines: 9999999999\n",
	};
	struct slice open_key = sample_read("key-public.pem");

	(void)state;
	assert_int_equal(count_keys(slice_of(library, sizeof library)), 0);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(count_keys(slice_text(texts[i])), 0);
	assert_int_equal(count_keys(open_key), 0);
	sample_free(open_key);
}

/* RFC 8410: any 32 bytes behind this head are a key, so a program with the head holds none. */
static void test_head_alone(void **state)
{
	static const char file[] =
		"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x6e\x04\x22\x04\x20"
		"0123456789abcdefghijklmnopqrstuvbehind";

	(void)state;
	assert_int_equal(count_keys(slice_of(file, 48)), 1);
	assert_int_equal(count_keys(slice_of(file, 49)), 0);
}

/* A modulus that is not the product of the primes is not a key. */
static void test_parts_must_agree(void **state)
{
	static const char *const files[] = {"key-pkcs1.der",  "key-pkcs8.der",    "dropbear-rsa",
					    "dropbear-ecdsa", "dropbear-ed25519", "dropbear-dss"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct slice s = sample_read(files[i]);
		uint8_t *bytes = (uint8_t *)(uintptr_t)s.ptr;

		if (!s.ptr)
			continue;
		bytes[60] ^= 1;
		assert_int_equal(count_keys(s), 0);
		sample_free(s);
	}
}

static void expect_host(const char *path, const char *sample, size_t host)
{
	struct stage *t = stage_new();
	struct slice s = sample_read(sample);
	const struct stage_file f = {.path = path, .bytes = s};

	stage_tree(t, &inspector_keys, &f, 1);
	assert_int_equal(stage_findings(t, "private-key", NULL), 1);
	assert_int_equal(stage_findings(t, "host-key", NULL), host);
	assert_int_equal(stage_seen(t, "secrets"), 1);
	assert_int_equal(stage_total(t, "secrets"), 1);
	stage_free(t);
	sample_free(s);
}

static void test_host_keys(void **state)
{
	(void)state;
	expect_host("/etc/ssh/ssh_host_rsa_key", "ssh-rsa", 1);
	expect_host("/etc/dropbear/dropbear_rsa_host_key", "dropbear-pem", 1);
	expect_host("/etc/ssl/private/x.key", "key-pkcs8.pem", 1);
	expect_host("/etc/uhttpd.key", "key-pkcs1.der", 1);
	expect_host("/etc/device.pem", "cert-good-bundle.pem", 1);
	expect_host("/root/.ssh/id_rsa", "ssh-rsa", 0);
	expect_host("/etc/device.pem", "key-pkcs8.pem", 0);
}

/* The configuration of a server names its key; that of a client does not make one a host key. */
static void test_named_by_configuration(void **state)
{
	struct slice key = sample_read("key-pkcs8.pem");
	struct stage_file files[] = {
		{.path = "/etc/web.conf",
		 .text = "listen 443\nssl_certificate_key \"/etc/k.pem\";\n"},
		{.path = "/etc/k.pem", .bytes = key},
		{.path = "/bin/sh", .text = "x"},
	};
	struct stage *t = stage_new();

	(void)state;
	stage_tree(t, &inspector_keys, files, 3);
	assert_int_equal(stage_findings(t, "host-key", NULL), 1);
	assert_int_equal(stage_findings(t, "private-key", NULL), 1);
	stage_forget(t);
	files[0].text = "client\nclient_key \"/etc/k.pem\"\n# ssl_certificate_key /etc/k.pem\n";
	stage_tree(t, &inspector_keys, files, 3);
	assert_int_equal(stage_findings(t, "host-key", NULL), 0);
	stage_free(t);
	sample_free(key);
}

static void test_settings_area(void **state)
{
	struct slice key = sample_read("key-pkcs8.pem");
	const struct stage_file files[] = {
		{.path = "/pem/ck.pem", .bytes = key},
		{.path = "/etc/passwd", .text = "x"},
		{.path = "/bin/sh", .text = "x"},
	};
	struct stage *t = stage_new();

	(void)state;
	stage_tree(t, &inspector_keys, files, 1);
	assert_int_equal(stage_findings(t, "settings-key", NULL), 1);
	assert_int_equal(stage_findings(t, "private-key", NULL), 1);
	assert_true(slice_eq(stage_finding(t, "settings-key", 0)->flaw,
			     stage_finding(t, "private-key", 0)->flaw));
	stage_forget(t);
	stage_tree(t, &inspector_keys, files, 3); /* a root filesystem */
	assert_int_equal(stage_findings(t, "settings-key", NULL), 0);
	stage_free(t);
	sample_free(key);
}

/* Nothing of the key itself may stand in a fact. */
static void test_secret_stays(void **state)
{
	struct slice key = sample_read("key-pkcs8.pem");
	const struct stage_file f = {.path = "/k", .bytes = key};
	struct stage *t = stage_new();
	char piece[17] = "";

	(void)state;
	for (size_t i = 0; i < 16; i++)
		piece[i] = (char)slice_at(key, 600 + i);
	stage_tree(t, &inspector_keys, &f, 1);
	assert_false(stage_mentions(t, piece));
	assert_false(stage_mentions(t, "BEGIN"));
	stage_free(t);
	sample_free(key);
}

static void test_crowd_is_cut(void **state)
{
	static const char mark[] = "-----BEGIN PRIVATE KEY-----\n";
	size_t n = LIMIT_SECRET_TRIES + 2, len = sizeof mark - 1;
	char *p = malloc(n * len);
	struct stage *t = stage_new();

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		memcpy(&p[i * len], mark, len);

	const struct stage_file f = {.path = "/k", .bytes = slice_of(p, n * len)};

	stage_object(t, &inspector_keys, &f, false);
	assert_int_equal(stage_skips(t, "secrets"), 1);
	assert_int_equal(stage_seen(t, "secrets"), 0);
	stage_free(t);
	free(p);
}

static void read_damaged(struct slice in)
{
	(void)count_keys(in);
}

static void test_damage(void **state)
{
	static const char *const files[] = {
		"key-sec1.pem",     "key-sec1.der",      "ssh-ed25519",  "dropbear-ecdsa",
		"dropbear-ed25519", "putty-ed25519.ppk", "ssh-encrypted"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct slice s = sample_read(files[i]);

		if (s.ptr)
			sweep_damage(s, read_damaged);
		sample_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_only_looks_like_one),
		cmocka_unit_test(test_head_alone),
		cmocka_unit_test(test_parts_must_agree),
		cmocka_unit_test(test_host_keys),
		cmocka_unit_test(test_named_by_configuration),
		cmocka_unit_test(test_settings_area),
		cmocka_unit_test(test_secret_stays),
		cmocka_unit_test(test_crowd_is_cut),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
