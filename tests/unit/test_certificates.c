// SPDX-License-Identifier: Apache-2.0
// Certificates: each rule with the flaw and with only the flaw removed; damage.

#include "support.h"

#include "inspect/firmware/certparse.h"
#include "scene_double.h"

static const char *const rules[] = {"cert-expired", "cert-weak", "cert-self-signed", "cert-test"};

static void expect_on(const char *path, const char *sample, const char *rule, uint64_t date)
{
	struct slice s = sample_read(sample);
	const struct stage_file f = {.path = path, .bytes = s};
	struct stage *t = stage_new();

	assert_non_null(s.ptr);
	if (date)
		t->scene.date = date;
	stage_tree(t, &inspector_certificates, &f, 1);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		bool is_it = rule && slice_is(slice_text(rule), rules[i]);

		if (stage_findings(t, rules[i], NULL) != is_it)
			stage_print(t);
		assert_int_equal(stage_findings(t, rules[i], NULL), is_it);
	}
	assert_true(stage_seen(t, "certificates") >= 1);
	assert_int_equal(stage_seen(t, "certificates"), stage_total(t, "certificates"));
	stage_free(t);
	sample_free(s);
}

static void expect(const char *path, const char *sample, const char *rule)
{
	expect_on(path, sample, rule, 0);
}

static void test_good(void **state)
{
	(void)state;
	expect("/etc/web.crt", "cert-good.crt", NULL);
	expect("/etc/web.der", "cert-good.der", NULL);
	expect("/etc/web.crt", "cert-ec.crt", NULL);
}

static void test_weak(void **state)
{
	(void)state;
	expect("/etc/web.crt", "cert-small.crt", "cert-weak");
	expect("/etc/web.crt", "cert-small-ec.crt", "cert-weak");
	expect("/etc/web.crt", "cert-sha1.crt", "cert-weak");
	expect("/etc/ssl/certs/a.crt", "cert-weak-ca.crt", "cert-weak");
	/* a root is not trusted for its signature */
	expect("/etc/ssl/certs/a.crt", "cert-sha1-ca.crt", NULL);
}

static void test_self_signed(void **state)
{
	(void)state;
	expect("/etc/web.crt", "cert-ca.crt", "cert-self-signed");
	expect("/etc/ssl/certs/web.crt", "cert-ca.crt", NULL);
	expect("/etc/ca.crt", "cert-ca.crt", NULL);
	expect("/usr/share/store.pem", "cert-roots.pem", "cert-weak");
}

static void test_test_names(void **state)
{
	(void)state;
	expect("/etc/web.crt", "cert-test.crt", "cert-test");
	expect("/etc/web.crt", "cert-contest.crt", NULL);
}

static void test_expired(void **state)
{
	struct slice text = sample_read("cert-good.last-day");
	uint64_t last = 0;

	(void)state;
	assert_int_equal(text_u64(text_trim(text), 10, &last), OK);
	expect_on("/etc/web.crt", "cert-good.crt", NULL, last);
	expect_on("/etc/web.crt", "cert-good.crt", "cert-expired", last + 1);
	sample_free(text);
}

static void test_one_flaw_in_two_forms(void **state)
{
	struct slice pem = sample_read("cert-test.crt");
	const struct stage_file files[] = {{.path = "/etc/a.crt", .bytes = pem},
					   {.path = "/etc/b.crt", .bytes = pem}};
	struct stage *t = stage_new();

	(void)state;
	stage_tree(t, &inspector_certificates, files, 2);
	assert_true(slice_eq(stage_finding(t, "cert-test", 0)->flaw,
			     stage_finding(t, "cert-test", 1)->flaw));
	assert_int_equal(stage_total(t, "certificates"), 2);
	stage_free(t);
	sample_free(pem);
}

static void test_none_and_broken(void **state)
{
	static const struct stage_file none[] = {
		{.path = "/lib/libssl.so",
		 .bytes = {(const uint8_t
				    *)"\x7f"
				      "ELF-----BEGIN CERTIFICATE-----\0-----END CERTIFICATE-----",
			   58}}};
	static const struct stage_file broken[] = {
		{.path = "/etc/a.pem",
		 .text = "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n"}};
	struct stage *t = stage_new();

	(void)state;
	stage_tree(t, &inspector_certificates, none, 1);
	assert_true(stage_covers(t, "certificates"));
	assert_int_equal(stage_total(t, "certificates"), 0);
	stage_forget(t);
	stage_tree(t, &inspector_certificates, broken, 1);
	assert_int_equal(stage_total(t, "certificates"), 1);
	assert_int_equal(stage_seen(t, "certificates"), 0);
	assert_int_equal(stage_skips(t, "certificates"), 1);
	stage_free(t);
}

static void read_damaged(struct slice in)
{
	const struct stage_file f = {.path = "/etc/a.crt", .bytes = in};
	struct stage *t = stage_new();

	stage_object(t, &inspector_certificates, &f, false);
	stage_free(t);
}

static void test_damage(void **state)
{
	static const char *const files[] = {"cert-good.der", "cert-ec.crt"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct slice s = sample_read(files[i]);

		sweep_damage(s, read_damaged);
		sample_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_weak),
		cmocka_unit_test(test_self_signed),
		cmocka_unit_test(test_test_names),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_one_flaw_in_two_forms),
		cmocka_unit_test(test_none_and_broken),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
