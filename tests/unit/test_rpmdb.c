// SPDX-License-Identifier: Apache-2.0
// Databases of rpm: a table made by SQLite, an ndb by hand, damage.

#include "support.h"

#include <stdio.h>
#include <string.h>

#include "inspect/firmware/rpmdb.h"

enum { KEPT = 64 };

struct kept {
	char name[KEPT][32], version[KEPT][32];
	uint64_t epoch[KEPT], at[KEPT];
	struct slice source; /* of the first, while it is told */
	bool has_source;
	size_t n;
};

static void keep(void *context, const struct rpm_package *p)
{
	struct kept *k = context;

	if (k->n < KEPT) {
		snprintf(k->name[k->n], sizeof k->name[0], "%.*s", (int)p->name.len,
			 (const char *)p->name.ptr);
		snprintf(k->version[k->n], sizeof k->version[0], "%.*s", (int)p->version.len,
			 (const char *)p->version.ptr);
		k->epoch[k->n] = p->epoch;
		k->at[k->n] = p->at;
	}
	k->has_source = k->has_source || slice_is(p->source, "openssl-3.0.7-27.el9.src.rpm");
	k->n++;
}

static enum err read_all(struct slice in, struct kept *k)
{
	const struct rpmdb_sink sink = {.package = keep, .context = k};
	struct fault why = {0};
	struct arena a;
	enum err e;

	memset(k, 0, sizeof *k);
	arena_init(&a, 16 * MiB);
	e = rpmdb_read(in, &a, &sink, &why);
	arena_release(&a);
	return e;
}

static void test_sqlite(void **state)
{
	struct slice db = sample_read("rpmdb.sqlite");
	struct kept k;

	(void)state;
	assert_non_null(db.ptr);
	assert_int_equal(read_all(db, &k), OK);
	assert_int_equal(k.n, 62);
	assert_string_equal(k.name[0], "openssl-libs");
	assert_string_equal(k.version[0], "3.0.7");
	assert_int_equal(k.epoch[0], 1);
	assert_true(k.has_source);
	assert_string_equal(k.name[1], "large");
	assert_string_equal(k.version[1], "2");
	assert_int_equal(k.epoch[1], 0);
	assert_string_equal(k.name[61], "part59");
	assert_string_equal(k.version[61], "1.59");
	assert_true(k.at[0] != k.at[1]);
	sample_free(db);
}

/* name, version; the text stands behind two entries of sixteen bytes */
#define HEADER(size, text)                                                                         \
	"\0\0\0\2\0\0\0" size "\0\0\3\xe8\0\0\0\6\0\0\0\0\0\0\0\1"                                 \
	"\0\0\3\xe9\0\0\0\6\0\0\0\4\0\0\0\1" text

static struct slice ndb_make(struct buf *b)
{
	static const char header[] = HEADER("\x8", "lua\0"
						   "5.4");
	static const uint8_t none[16] = {0};

	buf_init(b, 64 * KiB);
	buf_text(b, "RpmP");
	for (unsigned i = 0; i < 2; i++)
		buf_u32le(b, i);
	buf_u32le(b, 1); /* pages of slots */
	buf_add(b, slice_of(none, 16));
	for (unsigned i = 0; i < 254; i++) {
		buf_text(b, "Slot");
		buf_u32le(b, i == 3); /* the package in it */
		buf_u32le(b, 4096 / 16);
		buf_u32le(b, 5);
	}
	buf_text(b, "BlbS");
	buf_u32le(b, 1);
	buf_u32le(b, 0);
	buf_u32le(b, sizeof header);
	buf_add(b, slice_of(header, sizeof header));
	assert_int_equal(b->err, OK);
	return buf_slice(b);
}

static void test_ndb(void **state)
{
	struct buf b;
	struct slice db = ndb_make(&b);
	struct kept k;

	(void)state;
	assert_int_equal(read_all(db, &k), OK);
	assert_int_equal(k.n, 1);
	assert_string_equal(k.name[0], "lua");
	assert_string_equal(k.version[0], "5.4");
	assert_int_equal(k.at[0], 4096 + 16);
	assert_int_not_equal(read_all(slice_head(db, db.len - 1), &k), OK);
	assert_int_equal(k.n, 0);
	buf_release(&b);
}

/* The same headers in a hash table of Berkeley DB, in no order of their own. */
static void test_bdb(void **state)
{
	struct slice db = sample_read("Packages.bdb");
	struct kept k;
	size_t at = 0;

	(void)state;
	assert_non_null(db.ptr);
	assert_int_equal(read_all(db, &k), OK);
	assert_int_equal(k.n, 42);
	assert_true(k.has_source);
	while (at < k.n && strcmp(k.name[at], "large") != 0)
		at++;
	assert_true(at < k.n);
	assert_string_equal(k.version[at], "2");
	sample_free(db);
}

static void test_others(void **state)
{
	struct kept k;

	(void)state;
	assert_int_equal(read_all(slice_text(""), &k), E_MAGIC);
	assert_int_equal(read_all(slice_text("\x61\x15\x06"), &k), E_MAGIC);
	assert_int_not_equal(read_all(slice_text("SQLite format 3"), &k), OK);
	assert_int_not_equal(read_all(slice_text("RpmP"), &k), OK);
}

static void read_damaged(struct slice in)
{
	struct kept k;

	(void)read_all(in, &k);
	/* no page is read twice, and a row takes a few bytes */
	assert_true(k.n <= in.len / 8);
}

static void test_damage(void **state)
{
	struct slice db = sample_read("rpmdb.sqlite");
	struct buf b;

	(void)state;
	assert_non_null(db.ptr);
	sweep_damage(db, read_damaged);
	sample_free(db);
	db = sample_read("Packages.bdb");
	sweep_damage(slice_head(db, 16 * KiB), read_damaged);
	sweep_damage(ndb_make(&b), read_damaged);
	buf_release(&b);
	sample_free(db);
}

/* Every cell of a leaf names the same long chain of pages: the bytes read stay few. */
static void test_shared_overflow(void **state)
{
	struct slice db = sample_read("rpmdb.sqlite");
	struct kept k;
	uint8_t *bytes = NULL;

	(void)state;
	assert_non_null(db.ptr);
	bytes = test_malloc(db.len);
	memcpy(bytes, db.ptr, db.len);
	/* all cells of all leaves at the place of the first one */
	for (size_t page = 512; page + 512 <= db.len; page += 512)
		for (size_t cell = 1; bytes[page] == 0x0d && cell < bytes[page + 4]; cell++)
			memcpy(bytes + page + 8 + 2 * cell, bytes + page + 8, 2);
	(void)read_all(slice_of(bytes, db.len), &k);
	assert_true(k.n > 0);
	test_free(bytes);
	sample_free(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sqlite), cmocka_unit_test(test_ndb),
		cmocka_unit_test(test_bdb),    cmocka_unit_test(test_others),
		cmocka_unit_test(test_damage), cmocka_unit_test(test_shared_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
