// SPDX-License-Identifier: Apache-2.0
// Source files unpacked as streams: gzip (RFC 1952) by zlib, which checks its CRC; the rest by
// libarchive.

#include "feed/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "base/ban.h"

enum {
	WINDOW = 128 * 1024,
	GZIP_WINDOW = 15 + 16, /* zlib: largest window, gzip header expected */
};

struct unpack {
	struct unpack_source from;
	struct archive *archive;
	z_stream gzip;
	bool is_gzip, gzip_ended;
	uint64_t at;    /* in the file */
	uint64_t given; /* unpacked so far */
	unsigned members;
	enum err err; /* what the source or gzip said */
	uint8_t raw[WINDOW], plain[WINDOW];
};

static enum err fill(struct unpack *u, size_t *n)
{
	enum err e = u->from.read(u->from.ctx, u->at, u->raw, sizeof u->raw, n);

	if (e == OK)
		u->at += *n;
	return e;
}

/* RFC 1952, 2.2: members follow each other without anything between; zeros behind are padding. */
static enum err gzip_again(struct unpack *u)
{
	const uint8_t *next = u->gzip.next_in;

	if (u->gzip.avail_in && *next == 0) {
		u->gzip.avail_in = 0;
		u->at = u->from.size;
		return OK;
	}
	u->gzip_ended = false;
	return inflateReset(&u->gzip) == Z_OK ? OK : E_CORRUPT;
}

static enum err gzip_fill(struct unpack *u, size_t *n)
{
	int rc = Z_OK;

	u->gzip.next_out = u->plain;
	u->gzip.avail_out = sizeof u->plain;
	while (u->gzip.avail_out == sizeof u->plain) {
		size_t got = 0;

		if (!u->gzip.avail_in) {
			if (fill(u, &got) != OK)
				return E_IO;
			if (!got && !u->gzip_ended)
				return E_SHORT;
			if (!got)
				break;
			u->gzip.next_in = u->raw;
			u->gzip.avail_in = (uInt)got;
		}
		if (u->gzip_ended && gzip_again(u) != OK)
			return E_CORRUPT;
		rc = u->gzip.avail_in ? inflate(&u->gzip, Z_NO_FLUSH) : Z_OK;
		if (rc != Z_OK && rc != Z_STREAM_END)
			return E_CORRUPT;
		u->gzip_ended = u->gzip_ended || rc == Z_STREAM_END;
	}
	*n = sizeof u->plain - u->gzip.avail_out;
	return OK;
}

static la_ssize_t give(struct archive *a, void *ctx, const void **block)
{
	struct unpack *u = ctx;
	size_t n = 0;

	u->err = u->is_gzip ? gzip_fill(u, &n) : fill(u, &n);
	if (u->err) {
		archive_set_error(a, EIO, "unreadable");
		return ARCHIVE_FATAL;
	}
	*block = u->is_gzip ? u->plain : u->raw;
	return (la_ssize_t)n;
}

static la_int64_t seek(struct archive *a, void *ctx, la_int64_t offset, int whence)
{
	struct unpack *u = ctx;
	la_int64_t base[] = {0, (la_int64_t)u->at, (la_int64_t)u->from.size};
	la_int64_t to = 0;

	(void)a;
	if (whence < 0 || whence > 2 || __builtin_add_overflow(base[whence], offset, &to) ||
	    to < 0 || to > (la_int64_t)u->from.size)
		return ARCHIVE_FATAL;
	u->at = (uint64_t)to;
	return to;
}

static bool is_gzip(struct unpack *u)
{
	uint8_t magic[2] = {0};
	size_t n = 0;

	return u->from.read(u->from.ctx, 0, magic, sizeof magic, &n) == OK && n == 2 &&
	       magic[0] == 0x1f && magic[1] == 0x8b;
}

static enum err begin(struct unpack *u)
{
	struct archive *a = u->archive;
	int rc = ARCHIVE_OK;

	if (u->is_gzip && inflateInit2(&u->gzip, GZIP_WINDOW) != Z_OK)
		return E_NOMEM;
	rc |= archive_read_support_filter_xz(a);
	rc |= archive_read_support_filter_bzip2(a);
	rc |= archive_read_support_filter_zstd(a);
	rc |= archive_read_support_format_zip(a);
	rc |= archive_read_support_format_raw(a);
	rc |= archive_read_set_read_callback(a, give);
	if (!u->is_gzip)
		rc |= archive_read_set_seek_callback(a, seek);
	rc |= archive_read_set_callback_data(a, u);
	if (rc != ARCHIVE_OK)
		return E_NOMEM;
	if (archive_read_open1(a) != ARCHIVE_OK)
		return u->err ? u->err : E_CORRUPT;
	return OK;
}

enum err unpack_open(const struct unpack_source *from, struct arena *a, struct unpack **out,
		     struct fault *why)
{
	struct unpack *u = arena_alloc(a, sizeof *u);

	if (!u)
		return fault_set(why, E_NOMEM, 0, "no room for a stream");
	if (from->size == 0)
		return fault_set(why, E_SHORT, 0, "the file is empty");
	u->from = *from;
	u->is_gzip = is_gzip(u);
	u->archive = archive_read_new();

	enum err e = u->archive ? begin(u) : E_NOMEM;

	if (e) {
		fault_set(why, e, u->at, "cannot be unpacked");
		unpack_close(u);
		return e;
	}
	*out = u;
	return OK;
}

void unpack_close(struct unpack *u)
{
	if (u->archive)
		(void)archive_read_free(u->archive);
	if (u->is_gzip)
		(void)inflateEnd(&u->gzip);
	u->archive = NULL;
}

/* What is wrong with the container, and how far in the file it was read. */
static enum err broken(struct unpack *u, struct fault *why)
{
	const char *words = archive_error_string(u->archive);
	bool is_cut = u->err == E_SHORT || (words && strstr(words, "runcated"));

	return fault_set(why, is_cut ? E_SHORT : E_CORRUPT, u->at, "cannot be unpacked%s%s",
			 words ? ": " : "", words ? words : "");
}

enum err unpack_next(struct unpack *u, struct slice *name, struct fault *why)
{
	struct archive_entry *e = NULL;
	int rc = archive_read_next_header(u->archive, &e);

	while ((rc == ARCHIVE_OK || rc == ARCHIVE_WARN) && archive_entry_filetype(e) == AE_IFDIR)
		rc = archive_read_next_header(u->archive, &e);
	if (rc == ARCHIVE_EOF)
		return E_END;
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return broken(u, why);
	if (u->members++ == LIMIT_FEED_MEMBERS)
		return fault_set(why, E_LIMIT, u->at, "too many files in the archive");

	const char *path =
		archive_format(u->archive) == ARCHIVE_FORMAT_RAW ? NULL : archive_entry_pathname(e);

	*name = path ? slice_text(path) : (struct slice){0};
	return OK;
}

enum err unpack_read(struct unpack *u, struct buf *out, struct fault *why)
{
	const void *block = NULL;
	size_t n = 0;
	la_int64_t at = 0;
	int rc = ARCHIVE_OK;

	do
		rc = archive_read_data_block(u->archive, &block, &n, &at);
	while (rc == ARCHIVE_OK && n == 0);
	if (rc == ARCHIVE_EOF)
		return E_END;
	if (rc != ARCHIVE_OK)
		return broken(u, why);
	u->given += n;
	if (u->given > LIMIT_FEED_BYTES)
		return fault_set(why, E_LIMIT, u->at, "larger than the limit for one source file");
	buf_add(out, slice_of(block, n));
	return out->err ? fault_set(why, out->err, u->at, "a record is too large") : OK;
}

uint64_t unpack_taken(const struct unpack *u)
{
	return u->at;
}
