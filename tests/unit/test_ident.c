// SPDX-License-Identifier: Apache-2.0
// Package URLs and CPE names: what is written for plain and for odd values.

#include "support.h"

#include "model/ident.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_purl),
		cmocka_unit_test(test_cpe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
