// SPDX-License-Identifier: Apache-2.0
// Boot loader settings: each rule with the flaw and with only the flaw removed; hostile blobs.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene_double.h"

enum { ENV_SIZE = 0x1000 };

static struct stage *look(struct slice blob)
{
	const struct stage_file f = {.path = "/0x0", .bytes = blob};
	struct stage *s = stage_new();

	stage_object(s, &inspector_bootenv, &f, true);
	return s;
}

/* Code, then variables (`|` stands for NUL) and the NUL that ends them, then code. */
static struct stage *look_code(const char *variables)
{
	static uint8_t blob[4096];
	size_t n = strlen(variables);

	memset(blob, 0xfe, sizeof blob);
	memcpy(blob + 100, variables, n + 1);
	for (size_t i = 100; i < 100 + n; i++)
		blob[i] = blob[i] == '|' ? 0 : blob[i];
	blob[101 + n] = 0;
	return look(slice_of(blob, sizeof blob));
}

static void expect(const char *variables, const char *flaw, size_t n)
{
	struct stage *s = look_code(variables);

	if (stage_findings(s, "boot-open", flaw) != n) {
		stage_print(s);
		fail_msg("%s", variables);
	}
	assert_int_equal(stage_seen(s, "boot-loader"), 1);
	stage_free(s);
}

static void test_delay(void **state)
{
	(void)state;
	expect("bootcmd=bootm|bootdelay=3", "boot:bootdelay", 1);
	expect("bootcmd=bootm|bootdelay=0", "boot:bootdelay", 1);
	expect("bootcmd=bootm|bootdelay=-1", "boot:bootdelay", 1);
	expect("bootcmd=bootm|bootdelay=-2", NULL, 0);
	expect("bootcmd=bootm|bootdelay=3|bootstopkeysha256=ab", NULL, 0);
	expect("bootcmd=bootm|baudrate=3", NULL, 0);
	/* text of the code directly before the first variable */
	expect("FriSatbootdelay=3|baudrate=115200", "boot:bootdelay", 1);
}

static void test_command(void **state)
{
	(void)state;
	expect("bootcmd=tftp 80000000 x; bootm|a=b", "boot:bootcmd", 1);
	expect("bootcmd=sf read 80000000 x; bootm|a=b", NULL, 0);
	expect("bootcmd=run net; bootm|net=dhcp", "boot:bootcmd", 1);
	expect("bootcmd=run flash; bootm|flash=nand read|net=dhcp", NULL, 0);
	expect("bootcmd=run a|a=run b|b=run a", NULL, 0);
	expect("bootcmd=usb start; fatload usb 0:1|a=b", "boot:bootcmd", 1);
	expect("bootcmd=ext4load mmc 0:1 x|a=b", NULL, 0);
	expect("bootcmd=fatload mmc 0:1 x|a=b", "boot:bootcmd", 1);
	expect("bootcmd=run d|boot_targets=mmc0 usb0 pxe|d=for t in ${boot_targets}",
	       "boot:bootcmd", 1);
	expect("bootcmd=run d|boot_targets=mmc0 nvme0|d=for t in ${boot_targets}", NULL, 0);
	expect("a_bootcmd=tftp|bootargs=x", NULL, 0);
}

static void test_arguments(void **state)
{
	(void)state;
	expect("bootargs=console=ttyS0 init=/bin/sh|a=b", "boot:bootargs", 1);
	expect("bootargs=console=ttyS0 init=/sbin/init|a=b", NULL, 0);
	expect("bootargs=console=ttyS0 single|a=b", "boot:bootargs", 1);
}

static void test_messages_are_no_settings(void **state)
{
	static const char *const texts[] = {"usage: set bootcmd=x|", "bootdelay=|", "bootcmd|"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct stage *s = look_code(texts[i]);

		assert_int_equal(stage_findings(s, "boot-open", NULL), 0);
		assert_false(stage_covers(s, "boot-loader"));
		stage_free(s);
	}
}

/* An environment of ENV_SIZE bytes at 64, its CRC little or big endian, with or without a flag. */
static struct stage *look_env(bool is_big, bool has_flag, bool is_good)
{
	static const char vars[] = "bootdelay=-2\0password=hunter2\0bootcmd=bootm\0";
	static uint8_t blob[0x3000];
	size_t head = has_flag ? 5 : 4;
	uint32_t crc;

	memset(blob, 0xff, sizeof blob);
	memset(blob + 64, 0, ENV_SIZE);
	memcpy(blob + 64 + head, vars, sizeof vars);
	crc = checksum_crc32(slice_of(blob + 64 + head, ENV_SIZE - head)) ^ !is_good;
	for (size_t i = 0; i < 4; i++)
		blob[64 + i] = (uint8_t)(crc >> 8 * (is_big ? 3 - i : i));
	return look(slice_of(blob, sizeof blob));
}

static void test_environment(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 8; k++) {
		struct stage *s = look_env(k & 1, k & 2, k & 4);

		assert_int_equal(stage_findings(s, "boot-open", "boot:environment"), k & 4 ? 1 : 0);
		assert_int_equal(stage_findings(s, "boot-open", "boot:bootdelay"), 0);
		assert_int_equal(stage_seen(s, "boot-loader"), 1);
		assert_false(stage_mentions(s, "hunter2"));
		stage_free(s);
	}
}

static void read_damaged(struct slice in)
{
	stage_free(look(in));
}

static void test_damage(void **state)
{
	static const char blob[] = "\xff\x12\x34\x56\x78"
				   "bootcmd=run a\0bootdelay=1\0a=tftp\0"
				   "bootargs=init=/bin/sh\0\0\xff";

	(void)state;
	sweep_damage(slice_of(blob, sizeof blob - 1), read_damaged);
}

/* Many anchors, long texts before them, commands that run each other. */
static void test_is_linear(void **state)
{
	static const char *const pieces[] = {"bootcmd=", "aaaaaaaa", "bootcmd=run a a a a a a a\0",
					     "a=run a a a a a a a a a\0", "k=bootcmd=\0"};
	static const size_t sizes[] = {8, 8, 26, 24, 11};
	uint8_t *blob = malloc(2 * MiB);

	(void)state;
	for (size_t p = 0; p < ARRAY_LEN(pieces); p++) {
		for (size_t i = 0; i < 2 * MiB; i++)
			blob[i] = (uint8_t)pieces[p][i % sizes[p]];
		memcpy(blob + 1 * MiB, "\0bootcmd=run a a a\0x=y\0", 24);
		stage_free(look(slice_of(blob, 2 * MiB)));
	}
	free(blob);
}

static struct slice file_read(const char *path)
{
	enum { MAX = 16 * 1024 * 1024 };
	FILE *f = fopen(path, "rb");
	uint8_t *data = f ? malloc(MAX) : NULL;
	size_t n = data ? fread(data, 1, MAX, f) : 0;

	if (f)
		fclose(f);
	return slice_of(data, n);
}

/* Dumps of products; skipped where the shared folder is missing. */
static void test_products(void **state)
{
	static const struct {
		const char *name, *flaw;
	} rows[] = {
		{"escamg02-full-8M.bin", "boot:bootcmd"},
		{"escamg02-full-8M.bin", "boot:environment"},
		{"digoo-full-8M.bin", "boot:bootdelay"},
		{"uboot-rpi3-arm64.bin", "boot:bootcmd"},
	};
	const char *shared = getenv("KENSA_SHARED");
	char path[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct slice blob;

		snprintf(path, sizeof path, "%s/corpus/firmware/%s", shared ? shared : ".",
			 rows[i].name);
		blob = file_read(path);
		if (!blob.ptr) {
			print_message("skipped: %s is not there\n", rows[i].name);
			skip();
		}

		struct stage *s = look(blob);

		assert_true(stage_findings(s, "boot-open", rows[i].flaw) > 0);
		stage_free(s);
		sample_free(blob);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delay),       cmocka_unit_test(test_command),
		cmocka_unit_test(test_arguments),   cmocka_unit_test(test_messages_are_no_settings),
		cmocka_unit_test(test_environment), cmocka_unit_test(test_damage),
		cmocka_unit_test(test_is_linear),   cmocka_unit_test(test_products),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
