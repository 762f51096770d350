// SPDX-License-Identifier: Apache-2.0
// Members of archives by libarchive, out of memory: one handle walks, a second one reads, so that
// reading in the order of the walk costs one more pass. Going back starts over, which is counted.

#include "format/members.h"
#include "format/entry_path.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "base/ban.h"

enum {
	CHUNK = 64 * 1024,
	/* Members stepped over while reading out of order, in all. */
	STEPS_MAX = 16 * LIMIT_ENTRIES,
};

struct archive_box {
	struct slice in;
	struct arena *arena;
	archive_support *support;
	struct archive *walk, *reader;
	uint64_t walked;            /* members the walk has given */
	uint64_t reader_at, steps;  /* members the reader has passed; all its steps */
	struct archive_name *names; /* of files, sorted once a hard link is met */
	size_t names_n;
};

struct archive_name {
	struct slice path;
	uint64_t ordinal, size;
};

static struct archive *handle_open(archive_support *support, struct slice in)
{
	struct archive *h = archive_read_new();

	if (!h)
		return NULL;
	if (archive_read_support_filter_none(h) == ARCHIVE_OK && support(h) == ARCHIVE_OK &&
	    archive_read_open_memory(h, in.ptr, in.len) == ARCHIVE_OK)
		return h;
	(void)archive_read_free(h);
	return NULL;
}

static bool is_usable(int rc)
{
	return rc == ARCHIVE_OK || rc == ARCHIVE_WARN;
}

enum err archive_probe(archive_support *support, struct slice in, struct fault *why)
{
	struct archive *h = handle_open(support, in);
	struct archive_entry *e = NULL;
	int rc = h ? archive_read_next_header(h, &e) : ARCHIVE_FATAL;

	if (h)
		(void)archive_read_free(h);
	if (is_usable(rc) || rc == ARCHIVE_EOF)
		return OK;
	return fault_set(why, E_CORRUPT, 0, "archive: not readable");
}

enum err archive_begin(archive_support *support, struct slice in, struct arena *a, void **state,
		       struct fault *why)
{
	struct archive_box *b = arena_alloc(a, sizeof *b);

	if (!b)
		return fault_set(why, E_NOMEM, 0, "archive: no room");
	*b = (struct archive_box){.in = in, .arena = a, .support = support};
	b->walk = handle_open(support, in);
	if (!b->walk)
		return fault_set(why, E_CORRUPT, 0, "archive: not readable");
	*state = b;
	return OK;
}

static struct slice text_of(const char *s)
{
	return s ? slice_head(slice_text(s), LIMIT_PATH_BYTES) : (struct slice){0};
}

/* A name that has no form in plain bytes (UTF-16 outside ASCII) still needs one of its own. */
static struct slice member_path(struct archive_box *b, struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);

	if (name)
		return entry_path(b->arena, (struct slice){0}, text_of(name));
	return arena_print(b->arena, "/unnamed-%llu", (unsigned long long)b->walked);
}

static enum entry_type member_type(struct archive_entry *e)
{
	switch (archive_entry_filetype(e)) {
	case AE_IFDIR:
		return ENTRY_DIR;
	case AE_IFLNK:
		return ENTRY_LINK;
	case AE_IFCHR:
	case AE_IFBLK:
		return ENTRY_DEVICE;
	case AE_IFIFO:
		return ENTRY_PIPE;
	case AE_IFSOCK:
		return ENTRY_SOCKET;
	default:
		return ENTRY_FILE;
	}
}

static int name_cmp(const void *x, const void *y)
{
	const struct archive_name *a = x, *b = y;

	return slice_cmp(a->path, b->path);
}

/* Names of all files that are no hard links, by a pass of their own. */
static enum err names_make(struct archive_box *b)
{
	struct archive *h = handle_open(b->support, b->in);
	struct archive_entry *e = NULL;
	size_t cap = 0;

	if (!h)
		return E_NOMEM;
	while (cap < LIMIT_ENTRIES && is_usable(archive_read_next_header(h, &e)))
		cap++;
	(void)archive_read_free(h);
	b->names = arena_array(b->arena, cap ? cap : 1, sizeof *b->names);
	h = b->names ? handle_open(b->support, b->in) : NULL;
	for (uint64_t i = 0; h && i < cap && is_usable(archive_read_next_header(h, &e)); i++) {
		if (archive_entry_hardlink(e) || !archive_entry_pathname(e))
			continue;
		b->names[b->names_n++] = (struct archive_name){
			.path = entry_path(b->arena, (struct slice){0},
					   text_of(archive_entry_pathname(e))),
			.ordinal = i,
			.size = (uint64_t)archive_entry_size(e)};
	}
	if (!h)
		return E_NOMEM;
	(void)archive_read_free(h);
	qsort(b->names, b->names_n, sizeof *b->names, name_cmp);
	return OK;
}

static void hard_link(struct archive_box *b, const char *target, struct entry *out)
{
	struct archive_name want = {
		.path = entry_path(b->arena, (struct slice){0}, text_of(target))};
	const struct archive_name *hit = NULL;

	if (!b->names && names_make(b) != OK)
		b->names_n = 0;
	if (b->names)
		hit = bsearch(&want, b->names, b->names_n, sizeof want, name_cmp);
	out->type = ENTRY_FILE;
	if (hit) {
		out->key = hit->ordinal;
		out->size = hit->size;
	} else {
		out->damage =
			(struct fault){.code = E_NOTFOUND,
				       .msg = "archive: hard link to a file that is not there"};
	}
}

static enum err member_entry(struct archive_box *b, struct archive_entry *e, struct entry *out)
{
	const char *hard = archive_entry_hardlink(e);

	*out = (struct entry){.type = member_type(e),
			      .path = member_path(b, e),
			      .size = archive_entry_size_is_set(e) ? (uint64_t)archive_entry_size(e)
								   : 0,
			      .mode = (uint32_t)archive_entry_perm(e) & 07777,
			      .uid = (uint32_t)archive_entry_uid(e),
			      .gid = (uint32_t)archive_entry_gid(e),
			      .key = b->walked};
	if (out->path.len == 0)
		return E_NOMEM;
	if (out->type == ENTRY_LINK &&
	    arena_copy(b->arena, text_of(archive_entry_symlink(e)), &out->link) != OK)
		return E_NOMEM;
	if (out->type == ENTRY_DEVICE) {
		out->major = (uint32_t)archive_entry_rdevmajor(e);
		out->minor = (uint32_t)archive_entry_rdevminor(e);
		out->is_block = archive_entry_filetype(e) == AE_IFBLK;
	}
	if (hard)
		hard_link(b, hard, out);
	if (archive_entry_is_data_encrypted(e))
		out->damage = (struct fault){.code = E_UNSUPPORTED, .msg = "archive: encrypted"};
	return OK;
}

enum err archive_next(void *state, struct entry *out, struct fault *why)
{
	struct archive_box *b = state;
	struct archive_entry *e = NULL;
	int rc = archive_read_next_header(b->walk, &e);

	if (rc == ARCHIVE_EOF)
		return E_END;
	if (!is_usable(rc))
		return fault_set(why,
				 archive_read_has_encrypted_entries(b->walk) > 0 ? E_UNSUPPORTED
										 : E_CORRUPT,
				 b->walked, "archive: member header");
	if (b->walked >= LIMIT_ENTRIES)
		return fault_set(why, E_LIMIT, b->walked, "archive: too many members");
	if (member_entry(b, e, out) != OK)
		return fault_set(why, E_NOMEM, b->walked, "archive: no room for a name");
	b->walked++;
	return OK;
}

static void reader_close(struct archive_box *b)
{
	if (b->reader)
		(void)archive_read_free(b->reader);
	b->reader = NULL;
	b->reader_at = 0;
}

/* Brings the reader right behind the header of member `ordinal`. */
static enum err reader_seek(struct archive_box *b, uint64_t ordinal)
{
	struct archive_entry *e = NULL;

	if (b->reader_at > ordinal)
		reader_close(b);
	if (!b->reader)
		b->reader = handle_open(b->support, b->in);
	if (!b->reader)
		return E_NOMEM;
	while (b->reader_at <= ordinal) {
		if (++b->steps > STEPS_MAX)
			return E_LIMIT;
		if (!is_usable(archive_read_next_header(b->reader, &e)))
			return E_CORRUPT;
		b->reader_at++;
	}
	return OK;
}

enum err archive_member(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	struct archive_box *b = state;
	enum err err = reader_seek(b, e->key);
	la_ssize_t n = 1;

	while (err == OK && n > 0) {
		size_t left = out->ceiling - out->len;
		size_t want = left < CHUNK ? left : CHUNK;
		uint8_t small[1];
		uint8_t *room = want ? buf_room(out, want) : small;

		if (!room) {
			err = out->err;
			break;
		}
		n = archive_read_data(b->reader, room, want ? want : sizeof small);
		if (n > 0 && !want)
			err = E_LIMIT; /* full, and there is more */
		else if (n > 0)
			buf_grown(out, (size_t)n);
		else if (n < 0)
			err = E_CORRUPT;
	}
	if (err)
		reader_close(b);
	return err ? fault_set(why, err, e->key, "archive: member does not decode") : OK;
}

void archive_end(void *state)
{
	struct archive_box *b = state;

	reader_close(b);
	if (b->walk)
		(void)archive_read_free(b->walk);
	b->walk = NULL;
}
