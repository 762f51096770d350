// SPDX-License-Identifier: Apache-2.0
// The components inspector: version strings and package databases, by hand and on real images.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "inspect/library.h"

#include "scene_double.h"

static struct library *library;

static struct slice file_read(const char *path)
{
	struct buf all;
	FILE *f = fopen(path, "rb");

	if (!f)
		return (struct slice){0};
	buf_init(&all, 256 * MiB);
	for (size_t n = 1; n > 0;) {
		uint8_t *room = buf_room(&all, 1 * MiB);

		assert_non_null(room);
		n = fread(room, 1, 1 * MiB, f);
		buf_grown(&all, n);
	}
	fclose(f);
	return buf_slice(&all); /* freed by sample_free */
}

static int setup(void **state)
{
	char path[1024];
	const char *folder = getenv("KENSA_CATALOG");
	struct slice yaml;
	int rc = 0;

	(void)state;
	snprintf(path, sizeof path, "%s/components.yaml", folder ? folder : "catalog");
	yaml = file_read(path);
	rc = library_load(yaml, &library, NULL) == OK ? 0 : -1;
	sample_free(yaml);
	return rc;
}

static int teardown(void **state)
{
	(void)state;
	library_free(library);
	return 0;
}

static struct stage *stage(void)
{
	struct stage *s = stage_new();

	s->data.library = library;
	return s;
}

static size_t components(const struct stage *s, struct component *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < s->emitter.n; i++)
		if (s->emitter.facts[i].kind == FACT_COMPONENT && n++ < room)
			out[n - 1] = s->emitter.facts[i].component;
	return n;
}

/* --- version strings --- */

struct sight {
	const char *path, *data;
	size_t len;
	/* expected; name NULL: nothing */
	const char *name, *version, *method, *cpe, *purl, *location;
	enum confidence confidence;
};

#define DATA(text) .data = (text), .len = sizeof(text)

static const struct sight sights[] = {
	{"/bin/busybox", DATA("\177ELF\0BusyBox v1.22.1 (2014-05-13 08:27:59 CST)"), "busybox",
	 "1.22.1", "version-string", "cpe:2.3:a:busybox:busybox:1.22.1:*:*:*:*:*:*:*",
	 "pkg:generic/busybox@1.22.1", "0xe", SURE},
	{"/bin/other", DATA("\177ELF\0need BusyBox v1.22.1 or later")},
	{"/lib/libcrypto.so.1.0.0", DATA("\177ELF\0OpenSSL 1.0.1e 11 Feb 2013"), "openssl",
	 "1.0.1e", "version-string", "cpe:2.3:a:openssl:openssl:1.0.1e:*:*:*:*:*:*:*",
	 "pkg:generic/openssl@1.0.1e", "0xd", SURE},
	{"/lib/libgdpr.so", DATA("\177ELF\0Big Number part of OpenSSL 0.9.8zh 3 Dec 2015"),
	 "openssl", "0.9.8zh", "static-copy", "cpe:2.3:a:openssl:openssl:0.9.8zh:*:*:*:*:*:*:*",
	 "pkg:generic/openssl@0.9.8zh", "0x20", LIKELY},
	{"/usr/sbin/openvpn", DATA("\177ELF\0OpenSSL 1.0.1e 11 Feb 2013")},
	{"/usr/bin/client", DATA("\177ELF\0User-Agent: curl/7.29.0\0libcurl/7.29.0")},
	{"/usr/lib/libcurl.so.4", DATA("\177ELF\0libcurl/7.29.0"), "curl", "7.29.0",
	 "version-string", "cpe:2.3:a:haxx:curl:7.29.0:*:*:*:*:*:*:*", "pkg:generic/curl@7.29.0",
	 "0xd", SURE},
	{"/usr/sbin/sshd", DATA("\177ELF\0SSH-2.0-OpenSSH_7.4p1\r\n"), "openssh", "7.4p1",
	 "version-string", "cpe:2.3:a:openbsd:openssh:7.4:p1:*:*:*:*:*:*",
	 "pkg:generic/openssh@7.4p1", "0x15", SURE},
	{"/usr/sbin/sshd", DATA("\177ELF\0OpenSSH_2.5.0p1*,OpenSSH_2.5.1p1*\0dropbear_0.2*")},
	{"/usr/bin/cos", DATA("\177ELF\0vsftpd\0/etc/vsftpd.conf\0zebra\0zebra -d")},
	{"/lib/libuClibc-0.9.33.2.so", DATA("\177ELF\0"), "uclibc", "0.9.33.2", "file-name",
	 "cpe:2.3:a:uclibc:uclibc:0.9.33.2:*:*:*:*:*:*:*", "pkg:generic/uclibc@0.9.33.2",
	 "file name", LIKELY},
	{"/etc/libuClibc-0.9.33.2.so", DATA("just text\n" /* no NUL inside */)},
	{"/web/jquery.js", DATA("/*!\n * jQuery JavaScript Library v1.3.2\n"), "jquery", "1.3.2",
	 "static-copy", "cpe:2.3:a:jquery:jquery:1.3.2:*:*:*:*:*:*:*", "pkg:npm/jquery@1.3.2",
	 "0x22", LIKELY},
	{"/web/plugin.js", DATA("/* Requires: jQuery v1.3.2 */\n")},
	{"/README", DATA("BusyBox v1.22.1 (2014-05-13 08:27:59 CST)\n")},
};

static void test_version_strings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sights); i++) {
		const struct sight *x = &sights[i];
		struct stage *s = stage();
		struct component c = {0};
		/* texts of files have no NUL at their end */
		struct slice data = slice_of(x->data, x->len - (x->data[0] != '\177'));
		size_t n = 0;

		stage_object(s, &inspector_components,
			     &(struct stage_file){.path = x->path, .bytes = data}, false);
		n = components(s, &c, 1);
		if (n != (x->name != NULL)) {
			print_error("row %zu %s\n", i, x->path);
			stage_print(s);
		}
		assert_int_equal(n, x->name != NULL);
		assert_int_equal(stage_seen(s, "components"), 1);
		assert_int_equal(stage_total(s, "components"), 1);
		if (x->name) {
			assert_true(slice_is(c.name, x->name));
			assert_true(slice_is(c.version, x->version));
			assert_true(slice_is(c.method, x->method));
			assert_true(slice_is(c.cpe, x->cpe));
			assert_true(slice_is(c.purl, x->purl));
			if (!stage_says(c.location, x->location))
				stage_print(s);
			assert_true(stage_says(c.location, x->location));
			assert_int_equal(c.confidence, x->confidence);
			assert_int_equal(c.artifact, STAGE_FILE_ARTIFACT);
			assert_true(c.supplier.len > 0);
		}
		stage_free(s);
	}
}

/* A payload has no name of its own; what a container holds is looked at where it lies. */
static void test_payloads(void **state)
{
	static const char kernel[] = "\0Linux version 3.10.14 (root@host) (gcc version 4.7.2 ) #36";
	struct stage *s = stage();
	struct stage_file f = {.path = "lzma@0x40", .bytes = slice_of(kernel, sizeof kernel)};
	struct format box = {.name = "box"};
	const struct component *c = NULL;

	(void)state;
	stage_object(s, &inspector_components, &f, true);
	c = stage_component(s, "linux_kernel");
	assert_non_null(c);
	assert_true(slice_is(c->version, "3.10.14"));
	assert_true(slice_is(c->cpe, "cpe:2.3:o:linux:linux_kernel:3.10.14:*:*:*:*:*:*:*"));
	assert_int_equal(c->confidence, SURE);
	stage_forget(s);

	f.format = &box; /* a leaf */
	stage_object(s, &inspector_components, &f, true);
	assert_non_null(stage_component(s, "linux_kernel"));
	stage_forget(s);

	box.open = (enum err(*)(struct slice, struct arena *, void **, struct fault *))abort;
	stage_object(s, &inspector_components, &f, true);
	assert_null(stage_component(s, "linux_kernel"));
	assert_false(stage_covers(s, "components"));
	stage_free(s);
}

static void test_without_signatures(void **state)
{
	struct stage *s = stage_new();

	(void)state;
	stage_object(s, &inspector_components,
		     &(struct stage_file){.path = "/bin/busybox", .text = "x"}, false);
	assert_int_equal(stage_seen(s, "components"), 0);
	stage_free(s);
}

static void test_flood_is_told(void **state)
{
	struct stage *s = stage();
	struct buf b;

	(void)state;
	buf_init(&b, 16 * MiB);
	buf_byte(&b, 0);
	for (size_t i = 0; i < LIMIT_LIBRARY_MATCHES + 1; i++)
		buf_text(&b, "BusyBox v");
	stage_object(s, &inspector_components,
		     &(struct stage_file){.path = "/bin/x", .bytes = buf_slice(&b)}, false);
	assert_int_equal(stage_seen(s, "components"), 0);
	assert_int_equal(stage_total(s, "components"), 1);
	assert_int_equal(stage_skips(s, "components"), 1);
	buf_release(&b);
	stage_free(s);
}

/* --- packages --- */

struct package {
	const char *name, *version, *purl, *cpe, *location, *method;
};

static void check_packages(const struct stage_file *files, size_t files_n,
			   const struct package *expected, size_t n)
{
	struct stage *s = stage();
	struct component c[8];
	size_t found = 0;

	stage_tree(s, &inspector_components, files, files_n);
	found = components(s, c, ARRAY_LEN(c));
	if (found != n)
		stage_print(s);
	assert_int_equal(found, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(slice_is(c[i].name, expected[i].name));
		assert_true(slice_is(c[i].version, expected[i].version));
		if (!slice_is(c[i].purl, expected[i].purl) || !slice_is(c[i].cpe, expected[i].cpe))
			stage_print(s);
		assert_true(slice_is(c[i].purl, expected[i].purl));
		assert_true(slice_is(c[i].cpe, expected[i].cpe));
		assert_true(stage_says(c[i].location, expected[i].location));
		assert_true(slice_is(c[i].method, expected[i].method));
		assert_int_equal(c[i].confidence, SURE);
	}
	stage_free(s);
}

static const char opkg_status[] = "Package: busybox\nVersion: 1.30.1-6\nDepends: libc\n"
				  "Status: install hold installed\nArchitecture: mipsel_24kc\n"
				  "Conffiles:\n /etc/x 1234\n\tVersion: 9\n"
				  "\n"
				  "Package: gone\nVersion: 1.0-1\n"
				  "Status: deinstall ok not-installed\n"
				  "\n\n"
				  "Package: wpad-basic\nVersion: 2019-08-08-ca8c2bd2-8\n"
				  "Status: install user installed\nArchitecture: mipsel_24kc\n";

static const char opkg_control[] = "Package: zlib\r\nVersion: 1.2.11-3\r\nArchitecture: all\r\n";

static const struct package opkg_expected[] = {
	{"busybox", "1.30.1-6", "pkg:opkg/busybox@1.30.1-6?arch=mipsel_24kc",
	 "cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*", "line 1", "opkg-database"},
	{"wpad-basic", "2019-08-08-ca8c2bd2-8",
	 "pkg:opkg/wpad-basic@2019-08-08-ca8c2bd2-8?arch=mipsel_24kc",
	 "cpe:2.3:a:w1.fi:hostapd:*:*:*:*:*:*:*:*", "line 15", "opkg-database"},
};

static void test_opkg(void **state)
{
	const struct stage_file with_status[] = {
		{.path = "/usr/lib/opkg/info/busybox.control", .text = opkg_control},
		{.path = "/usr/lib/opkg/status", .text = opkg_status},
	};
	const struct stage_file controls_only[] = {
		{.path = "/var/lib/opkg/info/zlib.control", .text = opkg_control},
		{.path = "/var/lib/opkg/info/zlib.list", .text = "/usr/lib/libz.so\n"},
		{.path = "/var/lib/opkg/status", .text = ""},
	};
	static const struct package zlib = {"zlib",
					    "1.2.11-3",
					    "pkg:opkg/zlib@1.2.11-3?arch=all",
					    "cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*",
					    "line 1",
					    "opkg-database"};

	(void)state;
	check_packages(with_status, 2, opkg_expected, 2);
	check_packages(controls_only, 3, &zlib, 1);
	/* the same text elsewhere is a text */
	check_packages(&(struct stage_file){.path = "/tmp/status", .text = opkg_status}, 1, NULL,
		       0);
}

static void test_dpkg(void **state)
{
	static const struct package expected[] = {
		{"openssh-server", "1:9.2p1-2+deb12u10",
		 "pkg:deb/debian/openssh-server@1:9.2p1-2%2Bdeb12u10?arch=arm64",
		 "cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*", "line 1", "dpkg-database"},
		{"zlib1g", "1:1.2.13.dfsg-1", "pkg:deb/ubuntu/zlib1g@1:1.2.13.dfsg-1",
		 "cpe:2.3:a:zlib:zlib:1.2.13:*:*:*:*:*:*:*", "line 6", "dpkg-database"},
		{"libfoo", "2", "pkg:deb/debian/libfoo@2", "", "line 14", "dpkg-database"},
	};

	(void)state;
	check_packages(
		&(struct stage_file){
			.path = "/var/lib/dpkg/status",
			.text = "Package: openssh-server\nStatus: install ok installed\n"
				"Version: 1:9.2p1-2+deb12u10\nArchitecture: arm64\n\n"
				"Package: zlib1g\nVersion: 1:1.2.13.dfsg-1\n"
				"Maintainer: Ubuntu Developers <x@lists.ubuntu.com>\n\n"
				"Package: left\nVersion: 1\nStatus: deinstall ok config-files\n\n"
				"Package: libfoo\nVersion: 2\nno colon here\n: empty\n\n"
				"Version: 5\n\nPackage: nothing\n"},
		1, expected, 3);
}

static void test_status_d_and_apk(void **state)
{
	static const struct package expected[] = {
		{"musl", "1.2.3-r4", "pkg:apk/alpine/musl@1.2.3-r4?arch=aarch64",
		 "cpe:2.3:a:musl-libc:musl:1.2.3:*:*:*:*:*:*:*", "line 2", "apk-database"},
		{"openssl", "3.0.8-r0", "pkg:apk/alpine/openssl@3.0.8-r0?arch=aarch64",
		 "cpe:2.3:a:openssl:openssl:3.0.8:*:*:*:*:*:*:*", "line 9", "apk-database"},
		{"base-files", "12", "pkg:deb/debian/base-files@12", "", "line 1", "dpkg-database"},
	};
	const struct stage_file files[] = {
		{.path = "/lib/apk/db/installed",
		 .text = "C:Q1abc=\nP:musl\nV:1.2.3-r4\nA:aarch64\nU:https://musl.libc.org/\n"
			 "F:lib\nR:libc.so\n\nP:openssl\nV:3.0.8-r0\nA:aarch64\n\n"},
		{.path = "/var/lib/dpkg/status.d/base",
		 .text = "Package: base-files\nVersion: 12\n"},
		{.path = "/var/lib/dpkg/status.d/base.md5sums", .text = "d41d8cd9  etc/x\n"},
	};

	(void)state;
	check_packages(files, 3, expected, 3);
}

static void test_damaged_control(void **state)
{
	struct stage *s = stage();
	const struct stage_file f = {
		.path = "/usr/lib/opkg/info/x.control", .text = opkg_control, .damage = E_CORRUPT};

	(void)state;
	stage_tree(s, &inspector_components, &f, 1);
	assert_int_equal(components(s, NULL, 0), 0);
	assert_int_equal(stage_skips(s, "components"), 1);
	stage_free(s);
}

static void read_damaged(struct slice in)
{
	struct stage *s = stage();

	stage_object(s, &inspector_components,
		     &(struct stage_file){.path = "/usr/lib/opkg/status", .bytes = in}, false);
	assert_true(components(s, NULL, 0) <= 4);
	stage_free(s);
}

static void test_damage(void **state)
{
	(void)state;
	sweep_damage(slice_head(slice_text(opkg_status), 120), read_damaged);
}

/* --- real images --- */

static const char *work(void)
{
	const char *folder = getenv("KENSA_SAMPLES");

	return folder ? folder : ".";
}

/* Unpacks by a shell command with $F (the corpus) and $W (a folder of its own), once; the list is
 * of the paths of all files in it. */
static bool unpack(const char *name, const char *command, FILE **list)
{
	char line[2048];
	const char *shared = getenv("KENSA_SHARED");

	snprintf(line, sizeof line, "%s/corpus/firmware/MANIFEST.tsv",
		 shared ? shared : "../shared");
	if (access(line, R_OK) != 0) {
		print_message("no corpus at KENSA_SHARED: %s is not looked at\n", name);
		return false;
	}
	snprintf(line, sizeof line,
		 "F='%s/corpus/firmware'; D='%s/components-%s'; W=\"$D.part\"; [ -d \"$D\" ] || "
		 "(rm -rf \"$W\"; mkdir -p \"$W\"; (%s) >/dev/null 2>&1; mv \"$W\" \"$D\"); "
		 "cd \"$D\" && find . -type f | LC_ALL=C sort",
		 shared ? shared : "../shared", work(), name, command);
	*list = popen(line, "r");
	assert_non_null(*list);
	return true;
}

static void look_at_files(struct stage *s, const char *name, FILE *list)
{
	char rest[1024], path[2100];
	size_t bytes = 0;
	double seconds = 0;

	while (fgets(rest, sizeof rest, list)) {
		struct timespec from, to;
		struct slice data;

		rest[strcspn(rest, "\n")] = '\0';
		snprintf(path, sizeof path, "%s/components-%s/%s", work(), name, rest);
		data = file_read(path);
		clock_gettime(CLOCK_MONOTONIC, &from);
		stage_object(s, &inspector_components,
			     &(struct stage_file){.path = rest + 1, .bytes = data}, false);
		clock_gettime(CLOCK_MONOTONIC, &to);
		seconds += (double)(to.tv_sec - from.tv_sec) +
			   (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		bytes += data.len;
		sample_free(data);
	}
	print_message("%s: %.1f MB in %.0f ms\n", name, (double)bytes / 1e6, seconds * 1e3);
}

struct image {
	const char *name, *command, *expected; /* "name version" a line, sorted, each once */
};

#define SQUASHFS(file, at) "unsquashfs -no -f -o $((" at ")) -d \"$W\" \"$F/" file "\" || true"

static const struct image images[] = {
	{"digoo",
	 SQUASHFS("digoo-full-8M.bin", "0x260000") "; tail -c +262209 \"$F/digoo-full-8M.bin\" | "
						   "gzip -dc > \"$W/kernel\"",
	 "busybox 1.22.1\nglibc 2.16\nlinux_kernel 3.10.14\nminiupnpc 1.4\nopenssl 0.9.8g\n"
	 "wireless-tools 29\nwpa_supplicant 0.7.3\n"},
	{"spycam",
	 SQUASHFS("spycam-full.bin",
		  "0x2C0000") "; tail -c +262209 \"$F/spycam-full.bin\" | xz -dc --format=lzma > "
			      "\"$W/kernel\"",
	 "busybox 1.22.1\nglibc 2.16\nlinux_kernel 3.10.14\n"},
	{"escamg02",
	 SQUASHFS("escamg02-full-8M.bin", "0x190000") "; " SQUASHFS("escamg02-full-8M.bin",
								    "0x360000"),
	 "busybox 1.18.1\ndosfstools 3.0.14\ngsoap 2.8\nhostapd 0.8\njquery 1.3.2\n"
	 "openssl 1.0.1e\nuclibc 0.9.33.2\nwireless-tools 28\nwpa_supplicant 0.8\nzlib 1.2.7\n"},
	{"tplink-us",
	 SQUASHFS(
		 "tplink-wr841nv14-US-210203-rel37242.bin",
		 "0x100200") "; tail -c +66561 \"$F/tplink-wr841nv14-US-210203-rel37242.bin\" | xz "
			     "-dc --format=lzma > \"$W/kernel\"",
	 "bpalogin 2.0.2\nbusybox 1.19.2\ndropbear 2012.55\nebtables 2.0.10-4\niptables 1.4.17\n"
	 "libupnp 1.3.1\nlibupnp 1.6.19\nlinux_kernel 2.6.36\nopenssl 0.9.8zh\npppd 2.4.5\n"
	 "radvd 1.5\nuclibc 0.9.33.2\nwireless-tools 29\nxl2tpd 1.1.12\n"},
	{"uboot",
	 "cp \"$F\"/uboot-dump/*.bin \"$F/uboot-rpi3-arm64.bin\" \"$F/uboot-qemu-x86.rom\" \"$W\"; "
	 "head -c 65536 \"$F/tplink-wr841nv14-US-210203-rel37242.bin\" > \"$W/us\"",
	 "u-boot 1.1.3\nu-boot 1.1.4\nu-boot 2023.01\n"},
	{"packages", "for t in \"$F\"/cbt/*.tar.gz; do tar -xzf \"$t\" -C \"$W\"; done",
	 "avahi 0.8\ncurl 7.66.0\ndropbear 2019.78\niptables 1.6.2\nmosquitto 1.6.15\n"
	 "nginx 1.17.7\nopenssl 1.1.1n\nsamba 4.13.3\nu-boot 2016.11\nvsftpd 3.0.3\n"},
};

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* "name version" of every component, sorted, each once; those of package databases left out. */
static void list_components(const struct stage *s, struct buf *out)
{
	static char lines[1024][80];
	static struct component c[4096];
	size_t found = components(s, c, ARRAY_LEN(c)), n = 0;

	assert_true(found <= ARRAY_LEN(c));
	for (size_t i = 0; i < found && n < ARRAY_LEN(lines); i++)
		if (!slice_ends(c[i].method, "-database"))
			snprintf(lines[n++], sizeof lines[0], "%.*s %.*s\n", (int)c[i].name.len,
				 (const char *)c[i].name.ptr, (int)c[i].version.len,
				 (const char *)c[i].version.ptr);
	qsort(lines, n, sizeof lines[0], by_text);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
			buf_text(out, lines[i]);
}

static void test_images(void **state)
{
	bool is_looked_at = false;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(images); i++) {
		struct stage *s = stage();
		struct buf got;
		FILE *list = NULL;

		buf_init(&got, 64 * KiB);
		if (unpack(images[i].name, images[i].command, &list)) {
			is_looked_at = true;
			look_at_files(s, images[i].name, list);
			pclose(list);
			list_components(s, &got);
			buf_byte(&got, 0);
			assert_string_equal((const char *)got.data, images[i].expected);
			assert_int_equal(stage_skips(s, "components"), 0);
		}
		buf_release(&got);
		stage_free(s);
	}
	if (!is_looked_at) {
		print_message("skipped: no firmware corpus under KENSA_SHARED, or no unsquashfs\n");
		skip();
	}
}

/* Where it lies matters: the copy of OpenSSL is in the maker's library, and nowhere else. */
static void test_static_copy_in_image(void **state)
{
	struct stage *s = stage();
	FILE *list = NULL;

	(void)state;
	if (!unpack("tplink-gdpr",
		    "unsquashfs -no -f -o $((0x100200)) -d \"$W\" "
		    "\"$F/tplink-wr841nv14-US-210203-rel37242.bin\" lib/libgdpr.so usr/bin/httpd",
		    &list)) {
		stage_free(s);
		print_message("skipped: no firmware corpus under KENSA_SHARED, or no unsquashfs\n");
		skip();
	}
	look_at_files(s, "tplink-gdpr", list);
	pclose(list);
	assert_int_equal(components(s, NULL, 0), 1);
	assert_true(slice_is(stage_component(s, "openssl")->method, "static-copy"));
	stage_free(s);
}

static void test_opkg_image(void **state)
{
	struct stage *s = stage();
	struct component c[512];
	FILE *list = NULL;
	size_t n = 0, packages = 0, kernels = 0;

	(void)state;
	if (!unpack("openwrt",
		    "unsquashfs -no -f -o $((0x1971a8)) -d \"$W\" "
		    "\"$F/openwrt-wr841nv14-tftp-recovery.bin\"",
		    &list)) {
		stage_free(s);
		print_message("skipped: no firmware corpus under KENSA_SHARED, or no unsquashfs\n");
		skip();
	}
	look_at_files(s, "openwrt", list);
	pclose(list);
	n = components(s, c, ARRAY_LEN(c));
	for (size_t i = 0; i < n; i++) {
		packages += slice_is(c[i].method, "opkg-database");
		kernels +=
			slice_is(c[i].cpe, "cpe:2.3:o:linux:linux_kernel:4.14.267:*:*:*:*:*:*:*");
	}
	assert_int_equal(packages, 76);
	assert_int_equal(kernels, 1);
	assert_non_null(stage_component(s, "openwrt"));
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_strings),
		cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_without_signatures),
		cmocka_unit_test(test_flood_is_told),
		cmocka_unit_test(test_opkg),
		cmocka_unit_test(test_dpkg),
		cmocka_unit_test(test_status_d_and_apk),
		cmocka_unit_test(test_damaged_control),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_static_copy_in_image),
		cmocka_unit_test(test_opkg_image),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
