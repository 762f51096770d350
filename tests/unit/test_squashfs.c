// SPDX-License-Identifier: Apache-2.0
// SquashFS: every compressor and layout, both byte orders, damage, lies, vendors' LZMA.

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/squashfs.h"

struct seen {
	unsigned entries, files, matched, links, devices, pipes, sockets, damaged, unread;
};

/* The line "HASH  PATH" of squashfs.sums for this path. */
static bool is_listed(struct slice sums, struct slice path, const char *hash)
{
	struct slice line = {0};

	while (text_line(&sums, &line)) {
		if (slice_eq(slice_from(line, SHA256_HEX + 2), path))
			return slice_eq(slice_head(line, SHA256_HEX), slice_text(hash));
	}
	return false;
}

static void see(void *fs, const struct entry *e, struct slice sums, struct seen *out)
{
	char hash[SHA256_HEX + 1] = "";
	struct buf data;

	out->entries++;
	out->damaged += e->damage.code != OK;
	out->links += e->type == ENTRY_LINK && e->link.len > 0;
	out->pipes += e->type == ENTRY_PIPE;
	out->sockets += e->type == ENTRY_SOCKET;
	if (e->type == ENTRY_DEVICE && slice_is(e->path, "/console"))
		out->devices += e->major == 5 && e->minor == 1 && !e->is_block && e->mode == 0600;
	if (e->type == ENTRY_DEVICE && slice_is(e->path, "/disk"))
		out->devices += e->major == 259 && e->minor == 70000 && e->is_block && e->uid == 0;
	if (slice_is(e->path, "/folder/more"))
		assert_int_equal(e->mode, 04755);
	if (e->type != ENTRY_FILE || e->damage.code)
		return;
	out->files++;
	buf_init(&data, 64 * MiB);
	if (format_squashfs.read(fs, e, &data, NULL) == OK) {
		assert_int_equal(data.len, e->size);
		digest_sha256_hex(buf_slice(&data), hash);
		out->matched += is_listed(sums, e->path, hash);
	} else {
		assert_int_equal(data.len, 0);
		out->unread++;
	}
	buf_release(&data);
}

static enum err walk(struct slice in, struct slice sums, struct seen *out)
{
	struct bid bid = {0};
	struct arena a;
	struct entry e = {0};
	void *fs = NULL;
	enum err err = format_squashfs.bid(in, &bid, NULL);

	*out = (struct seen){0};
	if (err)
		return err;
	assert_true(bid.size <= in.len);
	arena_init(&a, 64 * MiB);
	err = format_squashfs.open(slice_head(in, bid.size), &a, &fs, NULL);
	while (err == OK) {
		err = format_squashfs.next(fs, &e, NULL);
		if (err == OK)
			see(fs, &e, sums, out);
	}
	if (fs)
		format_squashfs.close(fs);
	arena_release(&a);
	return err;
}

static void test_every_layout(void **state)
{
	static const char *const names[] = {"gzip", "gzip4k", "gzip1m", "lzma",
					    "xz",   "lz4",    "zstd",   "stored"};
	struct slice sums = sample_read("squashfs.sums"), count = sample_read("squashfs.count");
	uint64_t want = 0;

	(void)state;
	assert_int_equal(text_u64(text_trim(count), 10, &want), OK);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char name[64];
		struct seen seen;

		snprintf(name, sizeof name, "squashfs.%s", names[i]);

		struct slice in = sample_read(name);

		assert_int_equal(walk(in, sums, &seen), E_END);
		assert_int_equal(seen.entries, want + 4);
		assert_int_equal(seen.damaged, 0);
		assert_int_equal(seen.matched, seen.files);
		assert_int_equal(seen.links, 2);
		assert_int_equal(seen.devices, 2);
		assert_int_equal(seen.pipes, 1);
		assert_int_equal(seen.sockets, 1);
		sample_free(in);
	}
	sample_free(sums);
	sample_free(count);
}

/* LZO is read as soon as its decoder is there; until then it is refused by name. */
static void test_lzo(void **state)
{
	struct slice sums = sample_read("squashfs.sums"), in = sample_read("squashfs.lzo");
	struct seen seen;
	enum err e = walk(in, sums, &seen);

	(void)state;
	assert_true(e == E_UNSUPPORTED || (e == E_END && seen.matched == seen.files));
	sample_free(sums);
	sample_free(in);
}

static void test_empty(void **state)
{
	struct slice in = sample_read("squashfs.empty");
	struct bid bid = {0};
	struct seen seen;

	(void)state;
	assert_int_equal(walk(in, (struct slice){0}, &seen), E_END);
	assert_int_equal(seen.entries, 0);
	assert_int_equal(format_squashfs.bid(in, &bid, NULL), OK);
	assert_int_equal(bid.score, BID_VERIFIED);
	assert_true(bid.size < in.len); /* padding is not its own */
	sample_free(in);
}

static void read_damaged(struct slice in)
{
	struct seen seen;

	assert_int_not_equal(walk(in, (struct slice){0}, &seen), OK);
	assert_true(seen.entries < 1000);
}

static void test_damage(void **state)
{
	static const char *const names[] = {"squashfs.small", "squashfs.plain", "squashfs.xzsmall"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct slice in = sample_read(names[i]);
		struct bid bid = {0};

		assert_int_equal(format_squashfs.bid(in, &bid, NULL), OK);
		for (size_t n = 0; n < bid.size; n++)
			assert_int_not_equal(format_squashfs.bid(slice_head(in, n), &bid, NULL),
					     OK);
		sweep_damage(slice_head(in, bid.size), read_damaged);
		sample_free(in);
	}
}

/* --- a copy whose plain tables can be changed --- */

struct image {
	uint8_t *data;
	size_t len;
	struct squashfs_super super;
};

static struct image image_read(const char *name)
{
	struct slice in = sample_read(name);
	struct image m = {.data = malloc(in.len), .len = in.len};

	assert_non_null(m.data);
	memcpy(m.data, in.ptr, in.len);
	assert_int_equal(squashfs_super_read(in, &m.super, NULL), OK);
	sample_free(in);
	return m;
}

static struct slice image_slice(const struct image *m)
{
	return slice_of(m->data, m->len);
}

static void swap(struct image *m, uint64_t at, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t byte = m->data[at + i];

		m->data[at + i] = m->data[at + n - 1 - i];
		m->data[at + n - 1 - i] = byte;
	}
}

/* Swaps fields of these sizes one after another; the place behind them. */
static uint64_t swap_fields(struct image *m, uint64_t at, const char *sizes)
{
	for (; *sizes; sizes++) {
		swap(m, at, (size_t)(*sizes - '0'));
		at += (size_t)(*sizes - '0');
	}
	return at;
}

static uint64_t number(const struct image *m, uint64_t at, size_t n)
{
	uint64_t v = 0;

	for (size_t i = n; i > 0; i--)
		v = v << 8 | m->data[at + i - 1];
	return v;
}

/* One stored metadata block: where its contents begin and end. */
static uint64_t swap_header(struct image *m, uint64_t at, uint64_t *end)
{
	*end = at + 2 + (number(m, at, 2) & 0x7fff);
	swap(m, at, 2);
	return at + 2;
}

static void swap_inodes(struct image *m)
{
	uint64_t end = 0, at = swap_header(m, m->super.inodes_at, &end);

	while (at < end) {
		uint64_t type = number(m, at, 2), body = at + 16;
		uint64_t tail = number(m, body + 4, 4), size = number(m, body + 12, 4);

		swap_fields(m, at, "222244");
		switch (type) {
		case SQUASHFS_DIR:
			at = swap_fields(m, body, "44224");
			break;
		case SQUASHFS_FILE:
			at = swap_fields(m, body, "4444");
			size = tail == SQUASHFS_NO_FRAGMENT ? (size + 4095) / 4096 : size / 4096;
			for (uint64_t i = 0; i < size; i++)
				at = swap_fields(m, at, "4");
			break;
		case SQUASHFS_LINK:
			at = swap_fields(m, body, "44") + tail;
			break;
		default:
			at = swap_fields(m, body, "44");
		}
	}
}

static void swap_dirs(struct image *m)
{
	uint64_t end = 0, at = swap_header(m, m->super.dirs_at, &end);

	while (at < end) {
		uint64_t n = number(m, at, 4) + 1;

		at = swap_fields(m, at, "444");
		for (; n > 0; n--) {
			uint64_t name = number(m, at + 6, 2) + 1;

			at = swap_fields(m, at, "2222") + name;
		}
	}
}

static void swap_table(struct image *m, uint64_t index, const char *sizes)
{
	uint64_t end = 0, at = swap_header(m, number(m, index, 8), &end);

	while (at < end)
		at = swap_fields(m, at, sizes);
	swap(m, index, 8);
}

static void test_big_endian(void **state)
{
	struct image m = image_read("squashfs.plain");
	struct seen little, big;

	(void)state;
	assert_int_equal(walk(image_slice(&m), (struct slice){0}, &little), E_END);
	assert_int_equal(little.damaged, 0);
	swap_inodes(&m);
	swap_dirs(&m);
	swap_table(&m, m.super.ids_at, "4");
	swap_table(&m, m.super.fragments_at, "844");
	swap_table(&m, m.super.exports_at, "8");
	swap_fields(&m, 0, "4444422222288888888");
	memcpy(m.data, "sqsh", 4);
	assert_int_equal(walk(image_slice(&m), (struct slice){0}, &big), E_END);
	assert_memory_equal(&little, &big, sizeof big);

	struct arena a;
	struct entry e = {0};
	struct buf out;
	void *fs = NULL;

	arena_init(&a, 1 * MiB);
	buf_init(&out, 1 * MiB);
	assert_int_equal(format_squashfs.open(image_slice(&m), &a, &fs, NULL), OK);
	while (!slice_is(e.path, "/a/b/text"))
		assert_int_equal(format_squashfs.next(fs, &e, NULL), OK);
	assert_int_equal(format_squashfs.read(fs, &e, &out, NULL), OK);
	assert_true(slice_is(buf_slice(&out), "text\n"));
	buf_release(&out);
	format_squashfs.close(fs);
	arena_release(&a);
	free(m.data);
}

static void test_vendor_magic(void **state)
{
	static const char *const magics[] = {"shsq", "hsqt", "sqlz"};
	struct image m = image_read("squashfs.xzsmall");
	struct seen seen;

	(void)state;
	m.data[20] = 1; /* says gzip, is xz */
	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		struct bid bid = {0};

		memcpy(m.data, magics[i], 4);
		assert_non_null(format_auction(image_slice(&m), BID_VERIFIED, &bid, NULL));
		assert_string_equal(bid.how, "all tables unpacked, xz");
		assert_int_equal(walk(image_slice(&m), (struct slice){0}, &seen), E_END);
		assert_int_equal(seen.entries, 6);
		assert_int_equal(seen.damaged, 0);
	}
	free(m.data);
}

/* Every directory becomes the root again. */
static void test_circle(void **state)
{
	struct image m = image_read("squashfs.plain");
	struct seen seen;

	(void)state;
	for (uint64_t at = m.super.inodes_at + 2; at + 32 < m.super.dirs_at; at++)
		if (number(&m, at, 2) == SQUASHFS_DIR && number(&m, at + 2, 2) == 0755)
			memcpy(m.data + at,
			       m.data + m.super.inodes_at + 2 + (m.super.root & 0xffff), 32);
	assert_int_equal(walk(image_slice(&m), (struct slice){0}, &seen), E_END);
	assert_true(seen.damaged > 0);
	assert_true(seen.entries < 10);
	free(m.data);
}

/* A file that is nothing but its size. */
static void test_huge_hole(void **state)
{
	struct image m = image_read("squashfs.plain");
	struct squashfs_inode inode = {.type = SQUASHFS_FILE,
				       .size = UINT64_C(1) << 40,
				       .fragment = SQUASHFS_NO_FRAGMENT,
				       .rest = {.block = m.super.inodes_at}};
	struct arena a;
	struct buf out;
	void *fs = NULL;

	(void)state;
	arena_init(&a, 1 * MiB);
	buf_init(&out, LIMIT_OBJECT_BYTES);
	assert_int_equal(format_squashfs.open(image_slice(&m), &a, &fs, NULL), OK);
	assert_int_equal(squashfs_file_read(fs, &inode, &out, NULL), E_LIMIT);
	assert_null(out.data);
	inode.size = 400 * MiB; /* below the ceiling, but out of all proportion */
	assert_int_not_equal(squashfs_file_read(fs, &inode, &out, NULL), OK);
	assert_null(out.data);
	buf_release(&out);
	format_squashfs.close(fs);
	arena_release(&a);
	free(m.data);
}

/* --- vendors' LZMA: the first inode block of a sample, packed by xz as raw LZMA1 --- */

static void check_vendor(const char *sample, const char *header, size_t header_len)
{
	struct slice raw = sample_read(sample), plain = sample_read("squashfs.inodes");
	struct squashfs_super super = {.order = LITTLE, .ids_n = 100, .inodes_n = 100000};
	struct squashfs_codec codec = {.declared = 1, .dictionary = 128 * 1024};
	struct buf in, out;

	buf_init(&in, 64 * KiB);
	buf_init(&out, SQUASHFS_METADATA);
	buf_add(&in, slice_of(header, header_len));
	buf_add(&in, raw);
	assert_int_equal(squashfs_unpack(&codec, buf_slice(&in), SQUASHFS_METADATA,
					 squashfs_is_inodes, &super, &out),
			 OK);
	assert_true(slice_eq(buf_slice(&out), plain));
	assert_string_equal(squashfs_codec_name(&codec), "lzma without size");
	/* and now it is kept */
	buf_clear(&out);
	assert_int_equal(
		squashfs_unpack(&codec, buf_slice(&in), SQUASHFS_METADATA, NULL, NULL, &out), OK);
	assert_true(slice_eq(buf_slice(&out), plain));
	buf_release(&in);
	buf_release(&out);
	sample_free(raw);
	sample_free(plain);
}

static void test_vendor_lzma(void **state)
{
	(void)state;
	check_vendor("squashfs.lzma302", "", 0);
	check_vendor("squashfs.lzma022", "", 0);
	check_vendor("squashfs.lzma302", "\x5d\0\0\2\0", 5);
	check_vendor("squashfs.lzma022", "\x6c\0\0\2\0", 5);
	check_vendor("squashfs.lzma022", "\1\2\3\4", 4);
}

static void test_noise_ends_guessing(void **state)
{
	struct slice noise = sample_read("payload.xz");
	struct squashfs_codec codec = {.declared = 1, .dictionary = 4096};
	struct squashfs_super super = {.order = LITTLE, .ids_n = 1, .inodes_n = 1};
	struct buf out;

	(void)state;
	buf_init(&out, SQUASHFS_METADATA);
	for (size_t i = 1; i < 200; i++) {
		assert_int_not_equal(squashfs_unpack(&codec, slice_from(noise, i),
						     SQUASHFS_METADATA, squashfs_is_inodes, &super,
						     &out),
				     OK);
		assert_int_equal(out.len, 0);
		assert_int_equal(out.err, OK);
	}
	buf_release(&out);
	sample_free(noise);
}

/* sample_read, but from the shared corpus. */
static struct slice corpus_read(const char *name)
{
	const char *shared = getenv("KENSA_SHARED"), *samples = getenv("KENSA_SAMPLES");
	char path[512], before[512];

	snprintf(path, sizeof path, "%s/corpus/firmware/%s", shared ? shared : "", name);
	snprintf(before, sizeof before, "%s", samples ? samples : ".");
	setenv("KENSA_SAMPLES", "", 1);

	struct slice s = sample_read(path);

	setenv("KENSA_SAMPLES", before, 1);
	return s;
}

/* Real dumps: a modem whose magic is shsq, that says gzip and is LZMA; cameras and routers in xz.
 */
static void test_corpus(void **state)
{
	static const struct {
		const char *name;
		uint64_t at;
		unsigned entries; /* its inodes without the root; none is a hard link */
	} rows[] = {
		{"tplink-archer-d7-modem-flashdump.bin", 0x10100, 333},
		{"digoo-full-8M.bin", 0x260000, 440},
		{"spycam-full.bin", 0x2c0000, 312},
		{"escamg02-full-8M.bin", 0x190000, 177},
		{"escamg02-full-8M.bin", 0x360000, 276},
		{"openwrt-wrt350nv2-r47364-sysupgrade.img", 0x140000, 1017},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct slice dump = corpus_read(rows[i].name);
		struct seen seen;

		if (!dump.ptr) {
			print_message("skipped: no corpus under KENSA_SHARED\n");
			skip();
		}
		assert_int_equal(walk(slice_from(dump, rows[i].at), (struct slice){0}, &seen),
				 E_END);
		assert_int_equal(seen.entries, rows[i].entries);
		assert_int_equal(seen.damaged, 0);
		assert_int_equal(seen.unread, 0);
		sample_free(dump);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_layout), cmocka_unit_test(test_lzo),
		cmocka_unit_test(test_empty),        cmocka_unit_test(test_damage),
		cmocka_unit_test(test_big_endian),   cmocka_unit_test(test_vendor_magic),
		cmocka_unit_test(test_circle),       cmocka_unit_test(test_huge_hole),
		cmocka_unit_test(test_vendor_lzma),  cmocka_unit_test(test_noise_ends_guessing),
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
