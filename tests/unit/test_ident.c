// SPDX-License-Identifier: Apache-2.0
// Package URLs and CPE names: what is written for plain and for odd values.

#include "support.h"

#include "model/model.h"

static void check_purl(struct purl p, const char *expected)
{
	struct buf out;

	buf_init(&out, 4 * KiB);
	purl_write(&out, &p);
	buf_byte(&out, 0);
	assert_string_equal((const char *)out.data, expected);
	buf_release(&out);
}

static void test_purl(void **state)
{
	(void)state;
	check_purl((struct purl){.type = slice_text("generic"),
				 .name = slice_text("busybox"),
				 .version = slice_text("1.22.1")},
		   "pkg:generic/busybox@1.22.1");
	check_purl((struct purl){.type = slice_text("DEB"),
				 .space = slice_text("debian"),
				 .name = slice_text("libstdc++6"),
				 .version = slice_text("1:1.2~rc1-2+b1"),
				 .arch = slice_text("arm64")},
		   "pkg:deb/debian/libstdc%2B%2B6@1:1.2~rc1-2%2Bb1?arch=arm64");
	check_purl((struct purl){.type = slice_text("npm"), .name = slice_text("@a/b c\xc3\xa9")},
		   "pkg:npm/%40a%2Fb%20c%C3%A9");
	check_purl((struct purl){.type = slice_text("a"),
				 .space = slice_text("/x//y?/"),
				 .name = slice_text("n")},
		   "pkg:a/x/y%3F/n");
	check_purl((struct purl){.type = slice_text("a")}, "");
	check_purl((struct purl){.name = slice_text("a")}, "");
}

static void check_cpe(struct cpe c, const char *expected)
{
	struct buf out;

	buf_init(&out, 4 * KiB);
	cpe_write(&out, &c);
	buf_byte(&out, 0);
	assert_string_equal((const char *)out.data, expected);
	buf_release(&out);
}

static void test_cpe(void **state)
{
	(void)state;
	check_cpe((struct cpe){.part = 'o',
			       .vendor = slice_text("linux"),
			       .product = slice_text("linux_kernel"),
			       .version = slice_text("3.10.14")},
		  "cpe:2.3:o:linux:linux_kernel:3.10.14:*:*:*:*:*:*:*");
	check_cpe((struct cpe){.part = 'a',
			       .vendor = slice_text("openbsd"),
			       .product = slice_text("openssh"),
			       .version = slice_text("7.4"),
			       .update = slice_text("p1")},
		  "cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*");
	check_cpe((struct cpe){.part = 'a',
			       .vendor = slice_text("w1.fi"),
			       .product = slice_text("a+b:c*\\"),
			       .version = slice_text("1.0 RC~1\n")},
		  "cpe:2.3:a:w1.fi:a\\+b\\:c\\*\\\\:1.0_rc\\~1_:*:*:*:*:*:*:*");
	/* a lone hyphen would mean "not applicable" */
	check_cpe((struct cpe){.part = 'a',
			       .vendor = slice_text("x"),
			       .product = slice_text("y"),
			       .version = slice_text("-")},
		  "cpe:2.3:a:x:y:\\-:*:*:*:*:*:*:*");
	check_cpe((struct cpe){.part = 'a', .vendor = slice_text("x"), .product = slice_text("y")},
		  "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*");
	check_cpe((struct cpe){.part = 'a', .vendor = slice_text("x")}, "");
}

/* Read, and written again. Empty `expected`: it must be refused. */
static void check_again(const char *in, const char *expected)
{
	struct arena a;
	struct buf out;
	struct purl p;
	struct cpe c;
	bool is_purl = in[0] == 'p' || in[0] == 'P';
	enum err e;

	arena_init(&a, 64 * KiB);
	buf_init(&out, 4 * KiB);
	e = is_purl ? purl_read(slice_text(in), &a, &p, NULL)
		    : cpe_read(slice_text(in), &a, &c, NULL);
	if (e == OK && is_purl)
		purl_write(&out, &p);
	else if (e == OK)
		cpe_write(&out, &c);
	if ((e == OK) != (expected[0] != '\0'))
		fail_msg("%s: %s", in, err_name(e));
	buf_byte(&out, 0);
	assert_string_equal((const char *)out.data, expected);
	buf_release(&out);
	arena_release(&a);
}

static void test_purl_read(void **state)
{
	(void)state;
	check_again("pkg:generic/busybox@1.22.1", "pkg:generic/busybox@1.22.1");
	check_again("PKG://DEB/debian/libstdc%2b%2b6@1:1.2~rc1?distro=x&arch=arm64#a/b",
		    "pkg:deb/debian/libstdc%2B%2B6@1:1.2~rc1?distro=x&arch=arm64#a/b");
	check_again("pkg:npm/@scope/name@1.0", "pkg:npm/%40scope/name@1.0");
	check_again("pkg:npm/@scope/name", "pkg:npm/%40scope/name");
	check_again("pkg:golang/github.com/a/b@v1", "pkg:golang/github.com/a/b@v1");
	check_again("pkg:generic/x@", "pkg:generic/x");
	check_again("pkg:generic", "");
	check_again("pkg:/x@1", "");
	check_again("pkg:generic/", "");
	check_again("pkg:generic/a%2", "");
	check_again("pkg:generic/a%zz", "");
	check_again("pkg:1a/x", "");
	check_again("pkg", "");
}

static void test_cpe_read(void **state)
{
	(void)state;
	check_again("cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*",
		    "cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*");
	check_again("cpe:/a:openbsd:openssh:7.4:p1",
		    "cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*");
	check_again("cpe:/o:linux:linux_kernel:3.10%2b1::~~~arm~~",
		    "cpe:2.3:o:linux:linux_kernel:3.10\\+1:*:*:*:*:arm:*:*");
	check_again("CPE:2.3:A:W1.fi:a\\+b\\:c:-", "cpe:2.3:a:w1.fi:a\\+b\\:c:-:*:*:*:*:*:*:*");
	check_again("cpe:2.3:a:x:y:1.\\*:*:*:*:*:*:*:*", "cpe:2.3:a:x:y:1.\\*:*:*:*:*:*:*:*");
	check_again("cpe:2.3:a:x:y:1.*:*:*:*:*:*:*:*", "");
	check_again("cpe:2.3:a:x:y:1:*:*:*:*:*:*:*:*", "");
	check_again("cpe:2.3:x:x:y:1", "");
	check_again("cpe:2.3:a:x", "");
	check_again("cpe:2.3:a:x:y\\", "");
	check_again("cpe:/a:x", "");
	check_again("cpe:2.4:a:x:y", "");
}

/* What was written is read as the same, and every prefix and damage of it comes back. */
static void read_any(struct slice s)
{
	struct arena a;
	struct purl p;
	struct cpe c;

	arena_init(&a, 64 * KiB);
	(void)(purl_read(s, &a, &p, NULL) == OK);
	(void)(cpe_read(s, &a, &c, NULL) == OK);
	arena_release(&a);
}

static void test_damage(void **state)
{
	static const char *const good[] = {
		"pkg:deb/debian/libstdc%2B%2B6@1:1.2~rc1?distro=x&arch=arm64#a/b",
		"cpe:2.3:a:w1.fi:a\\+b\\:c:1.0_rc\\~1:u:*:*:-:*:*:*",
		"cpe:/o:linux:linux_kernel:3.10%2b1::~~~arm~~:en",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		sweep_damage(slice_text(good[i]), read_any);
}

/* Texts of every byte: read(write(x)) is x. */
static void test_round_trip(void **state)
{
	uint8_t bytes[64];
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct slice t[3];
		struct arena a;
		struct buf out;
		struct purl p = {0};

		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		for (size_t i = 0; i < ARRAY_LEN(t); i++)
			t[i] = slice_of(&bytes[20 * i], 1 + bytes[60] % 20);
		arena_init(&a, 64 * KiB);
		buf_init(&out, 4 * KiB);
		purl_write(&out, &(struct purl){.type = slice_text("generic"),
						.name = t[0],
						.version = t[1]});
		assert_int_equal(purl_read(buf_slice(&out), &a, &p, NULL), OK);
		assert_true(slice_eq(p.name, t[0]) && slice_eq(p.version, t[1]));
		buf_release(&out);

		struct cpe c = {.part = 'a', .vendor = t[0], .product = t[1], .version = t[2]}, d;
		struct buf again;

		cpe_write(&out, &c);
		buf_init(&again, 4 * KiB);
		assert_int_equal(cpe_read(buf_slice(&out), &a, &d, NULL), OK);
		cpe_write(&again, &d);
		assert_true(slice_eq(buf_slice(&out), buf_slice(&again)));
		buf_release(&again);
		buf_release(&out);
		arena_release(&a);
	}
}

static void test_product(void **state)
{
	static const struct {
		const char *product;
		bool covers;
	} rows[] = {
		{"", true},
		{"pkg:deb/debian/busybox@1.30.1", true},
		{"pkg:deb/debian/busybox", true},
		{"pkg:deb/debian/busybox@1.30.1?arch=mips", true},
		{"pkg:deb/debian/busybox@1.30.1?arch=arm", false},
		{"pkg:deb/debian/busybox@1.30.2", false},
		{"pkg:deb/ubuntu/busybox@1.30.1", false},
		{"pkg:generic/BusyBox@1.30.1", true},
		{"cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*", true},
		{"cpe:/a:busybox:busybox", true},
		{"cpe:2.3:a:busybox:busybox:1.30.2:*:*:*:*:*:*:*", false},
		{"cpe:2.3:a:other:busybox:1.30.1:*:*:*:*:*:*:*", false},
		{"busybox", true},
		{"BusyBox@1.30.1", true},
		{"busybox@1.30", false},
		{"pkg:broken", false},
		{"cpe:broken", false},
	};
	const struct component c = {
		.name = slice_text("busybox"),
		.version = slice_text("1.30.1"),
		.purl = slice_text("pkg:deb/debian/busybox@1.30.1?arch=mips&distro=x"),
		.cpe = slice_text("cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*")};
	const struct target t = {.name = slice_text("Camera 1.2")};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (product_covers(slice_text(rows[i].product), &c) != rows[i].covers)
			fail_msg("%s", rows[i].product);
	assert_true(product_is_target(slice_text(""), &t));
	assert_true(product_is_target(slice_text("camera 1.2"), &t));
	assert_true(product_is_target(slice_text("camera@1.2"), &t));
	assert_true(product_is_target(slice_text("pkg:generic/camera@1.2"), &t));
	assert_false(product_is_target(slice_text("camera@1.3"), &t));
	assert_false(product_is_target(slice_text("busybox"), &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_purl),      cmocka_unit_test(test_cpe),
		cmocka_unit_test(test_purl_read), cmocka_unit_test(test_cpe_read),
		cmocka_unit_test(test_damage),    cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_product),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
