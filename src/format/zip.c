// SPDX-License-Identifier: Apache-2.0
// ZIP archives (PKWARE APPNOTE 6.3.10), by their central directory. Names stay the bytes they are.

#include "format/codec.h"
#include "format/entry_path.h"
#include "format/format.h"

#include <stdio.h>

#include "base/ban.h"

enum {
	LOCAL_MAGIC = 0x04034b50,   /* 4.3.7 */
	CENTRAL_MAGIC = 0x02014b50, /* 4.3.12 */
	END_LEN = 22,               /* 4.3.16, without comment */
	LOCATOR_LEN = 20,           /* 4.3.15 */
	END64_LEN = 56,             /* 4.3.14, without extensions */
	LOCAL_LEN = 30,
	FLAG_ENCRYPTED = 1,
	HOST_UNIX = 3,         /* 4.4.2 */
	DOS_FOLDER = 0x10,     /* 4.4.15 */
	EXTRA_IDS = 0x7875,    /* Info-ZIP: numeric user and group */
	UNIX_TYPE = 0170000,   /* st_mode */
	END_TRIES = 64,        /* ends looked at in one bid; each costs a walk of its directory */
	METHOD_MAX_PLAIN = 99, /* 4.4.5: AES marker, the highest in use */
};

static const struct magic magics[] = {{.at = 0, .len = 4, .bytes = "PK\x03\x04"}};

struct record {
	uint16_t made_by, flags, method;
	uint32_t crc, packed, size, attributes, local_at;
	struct slice name, extra;
};

/* Where the end record is and what it says. */
struct zip_end {
	uint64_t size; /* of the archive, comment included */
	struct slice directory;
	uint64_t directory_at;
	uint32_t shift; /* offsets are this much too large: the archive stood behind something */
	uint32_t entries;
};

struct zip {
	struct slice in;
	struct zip_end end;
	struct arena *arena;
	struct cursor at; /* in the directory */
	unsigned index;
};

static enum err record_read(struct cursor *c, struct record *out)
{
	struct record r = {0};
	uint32_t magic = cursor_u32le(c);
	uint16_t name = 0, extra = 0, comment = 0;

	r.made_by = cursor_u16le(c);
	cursor_skip(c, 2); /* version needed */
	r.flags = cursor_u16le(c);
	r.method = cursor_u16le(c);
	cursor_skip(c, 4); /* time, date */
	r.crc = cursor_u32le(c);
	r.packed = cursor_u32le(c);
	r.size = cursor_u32le(c);
	name = cursor_u16le(c);
	extra = cursor_u16le(c);
	comment = cursor_u16le(c);
	cursor_skip(c, 4); /* disk, internal attributes */
	r.attributes = cursor_u32le(c);
	r.local_at = cursor_u32le(c);
	r.name = cursor_take(c, name);
	r.extra = cursor_take(c, extra);
	cursor_skip(c, comment);
	if (c->err)
		return c->err;
	if (magic != CENTRAL_MAGIC)
		return E_CORRUPT;
	*out = r;
	return OK;
}

/* 4.3.7: what is stored for one record, behind its local header and that one's own lengths. */
static enum err record_data(const struct zip *z, const struct record *r, struct slice *out)
{
	uint64_t at = (uint64_t)r->local_at - z->end.shift;
	struct slice local = slice_from(z->in, at);
	struct cursor c = {.in = local};
	uint32_t magic = cursor_u32le(&c);
	uint32_t lengths = 0;

	cursor_skip(&c, LOCAL_LEN - 4 - 4);
	lengths = cursor_u16le(&c);
	lengths += cursor_u16le(&c);
	if (c.err || magic != LOCAL_MAGIC || r->local_at < z->end.shift)
		return E_CORRUPT;
	return slice_cut(local, (uint64_t)LOCAL_LEN + lengths, r->packed, out);
}

/* The directory must be whole, end where the end record begins, and name what lies at 0. */
static enum err directory_check(struct slice in, struct zip_end *e)
{
	struct cursor c = {.in = e->directory};
	struct zip z = {.in = in, .end = *e};
	struct record r = {0};
	struct slice data = {0};
	uint32_t least = UINT32_MAX;

	for (unsigned i = 0; i < e->entries; i++) {
		if (record_read(&c, &r) != OK || record_data(&z, &r, &data) != OK)
			return E_CORRUPT;
		if (r.local_at < least)
			least = r.local_at;
	}
	return cursor_left(&c) == 0 && least == e->shift ? OK : E_CORRUPT;
}

/* What both kinds of end record say of the directory, and where it must end. */
struct directory {
	uint64_t entries, len, offset, end;
};

/* 4.3.14 and 4.3.15: writers that did not know how long it would get put these before the end. */
static void end64_read(struct slice in, size_t at, struct directory *out)
{
	struct slice record = {0};
	struct cursor c = {0};

	if (at < LOCATOR_LEN + END64_LEN ||
	    !slice_starts(slice_from(in, at - LOCATOR_LEN), "PK\x06\x07") ||
	    slice_cut(in, at - LOCATOR_LEN - END64_LEN, END64_LEN, &record) != OK ||
	    !slice_starts(record, "PK\x06\x06"))
		return;
	c = cursor_at(record, 32);
	out->entries = cursor_u64le(&c);
	out->len = cursor_u64le(&c);
	out->offset = cursor_u64le(&c);
	out->end = at - LOCATOR_LEN - END64_LEN;
}

/* 4.3.16 */
static enum err end_read(struct slice in, size_t at, struct zip_end *out)
{
	struct cursor c = cursor_at(in, at + 4);
	struct zip_end e = {0};
	struct directory d = {.end = at};
	uint32_t disks = cursor_u32le(&c);
	uint16_t entries_here = cursor_u16le(&c);
	uint16_t comment = 0;

	d.entries = cursor_u16le(&c);
	d.len = cursor_u32le(&c);
	d.offset = cursor_u32le(&c);
	comment = cursor_u16le(&c);
	if (c.err || disks != 0 || d.entries != entries_here)
		return E_CORRUPT;
	end64_read(in, at, &d);
	if (d.entries == 0 || d.entries > LIMIT_ENTRIES || d.len > d.end ||
	    d.offset < d.end - d.len || d.offset - (d.end - d.len) > UINT32_MAX)
		return E_CORRUPT;
	e.entries = (uint32_t)d.entries;
	e.directory_at = d.end - d.len;
	e.shift = (uint32_t)(d.offset - e.directory_at);
	e.size = slice_head(in, (uint64_t)at + END_LEN + comment).len;
	if (slice_cut(in, e.directory_at, d.len, &e.directory) != OK)
		return E_CORRUPT;
	*out = e;
	return directory_check(in, out);
}

static enum err end_find(struct slice in, struct zip_end *out, struct fault *why)
{
	struct slice magic = slice_text("PK\x05\x06");
	size_t at = 0;

	for (unsigned tries = 0; tries < END_TRIES; tries++) {
		at = slice_find(in, magic, at);
		if (at == SLICE_NONE)
			return fault_set(why, E_SHORT, 0, "zip: no end of central directory");
		if (end_read(in, at, out) == OK)
			return OK;
		at++;
	}
	return fault_set(why, E_LIMIT, at, "zip: too many false ends");
}

static enum err zip_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct cursor c = {.in = in};
	struct zip_end e = {0};
	uint32_t magic = cursor_u32le(&c);
	uint16_t method = 0;
	enum err err = OK;

	cursor_skip(&c, 4); /* version needed, flags */
	method = cursor_u16le(&c);
	if (c.err || magic != LOCAL_MAGIC || method > METHOD_MAX_PLAIN)
		return fault_set(why, E_MAGIC, 0, "zip: no local header");
	err = end_find(in, &e, why);
	if (err)
		return err;
	*out = (struct bid){.score = BID_VERIFIED, .size = e.size};
	(void)snprintf(out->how, sizeof out->how, "central directory and all %u local headers",
		       (unsigned)e.entries);
	return OK;
}

static enum err zip_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct zip *z = arena_alloc(a, sizeof *z);
	enum err e = z ? end_find(in, &z->end, why) : E_NOMEM;

	if (e)
		return z ? e : fault_set(why, e, 0, "zip: no room");
	z->in = in;
	z->arena = a;
	z->at = (struct cursor){.in = z->end.directory};
	*state = z;
	return OK;
}

/* Info-ZIP "ux": version 1, then user and group, each behind its length. */
static void ids_read(struct slice extra, struct entry *out)
{
	struct cursor c = {.in = extra};

	while (cursor_left(&c) >= 4) {
		uint16_t id = cursor_u16le(&c);
		struct cursor f = {.in = cursor_take(&c, cursor_u16le(&c))};

		if (id != EXTRA_IDS || slice_at(f.in, 0) != 1 || slice_at(f.in, 1) != 4)
			continue;
		cursor_skip(&f, 2);
		out->uid = cursor_u32le(&f);
		cursor_skip(&f, 1);
		out->gid = cursor_u32le(&f);
	}
}

static enum entry_type record_type(const struct record *r)
{
	uint32_t mode = r->attributes >> 16;

	if (r->made_by >> 8 == HOST_UNIX && (mode & UNIX_TYPE) == 0120000)
		return ENTRY_LINK;
	if (slice_ends(r->name, "/") || r->attributes & DOS_FOLDER)
		return ENTRY_DIR;
	return ENTRY_FILE;
}

static enum err stored(struct slice in, struct buf *out, size_t *used)
{
	buf_add(out, in);
	*used = in.len;
	return out->err;
}

/* 4.4.5 */
static const struct packing {
	uint16_t id;
	enum err (*codec)(struct slice in, struct buf *out, size_t *used);
} methods[] = {
	{.id = 0, .codec = stored},
	{.id = 8, .codec = codec_deflate},
};

static const struct packing *method_find(uint16_t id)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (methods[i].id == id)
			return &methods[i];
	return NULL;
}

static enum err record_unpack(const struct zip *z, const struct record *r, struct buf *out,
			      struct fault *why)
{
	const struct packing *m = method_find(r->method);
	struct slice data = {0}, plain = {0};
	size_t start = out->len, used = 0;
	enum err e = record_data(z, r, &data);

	if (r->flags & FLAG_ENCRYPTED)
		return fault_set(why, E_UNSUPPORTED, r->local_at, "zip: encrypted");
	if (!m)
		return fault_set(why, E_UNSUPPORTED, r->local_at, "zip: method %u",
				 (unsigned)r->method);
	e = e ? e : m->codec(data, out, &used);
	if (e)
		return fault_set(why, e, r->local_at, "zip: member does not decode");
	plain = slice_from(buf_slice(out), start);
	if (plain.len != r->size || checksum_crc32(plain) != r->crc)
		return fault_set(why, E_CHECKSUM, r->local_at, "zip: member's size or CRC-32");
	return OK;
}

/* A symbolic link's target is its contents. */
static void link_read(const struct zip *z, const struct record *r, struct entry *out)
{
	struct buf b;

	buf_init(&b, LIMIT_PATH_BYTES);
	if (record_unpack(z, r, &b, &out->damage) == OK)
		out->damage.code = arena_copy(z->arena, buf_slice(&b), &out->link);
	buf_release(&b);
}

static enum err zip_next(void *state, struct entry *out, struct fault *why)
{
	struct zip *z = state;
	struct record r = {0};
	uint64_t key = z->at.pos;
	uint32_t mode = 0;
	enum err e = OK;

	if (z->index++ >= z->end.entries)
		return E_END;
	e = record_read(&z->at, &r);
	if (e)
		return fault_set(why, e, z->end.directory_at + key, "zip: directory record");
	mode = r.made_by >> 8 == HOST_UNIX ? r.attributes >> 16 : 0;
	*out = (struct entry){.type = record_type(&r),
			      .path = entry_path(z->arena, (struct slice){0}, r.name),
			      .size = r.size,
			      .mode = mode & 07777,
			      .key = key};
	if (out->path.len == 0)
		return fault_set(why, E_NOMEM, key, "zip: no room for a name");
	ids_read(r.extra, out);
	if (out->type == ENTRY_LINK)
		link_read(z, &r, out);
	else if (r.flags & FLAG_ENCRYPTED)
		out->damage = (struct fault){
			.code = E_UNSUPPORTED, .at = r.local_at, .msg = "zip: encrypted"};
	else if (!method_find(r.method) && out->type == ENTRY_FILE)
		out->damage = (struct fault){
			.code = E_UNSUPPORTED, .at = r.local_at, .msg = "zip: unknown method"};
	return OK;
}

static enum err zip_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct zip *z = state;
	struct cursor c = cursor_at(z->end.directory, (size_t)e->key);
	struct record r = {0};

	if (record_read(&c, &r) != OK)
		return fault_set(why, E_CORRUPT, e->key, "zip: directory record");
	return record_unpack(z, &r, out, why);
}

const struct format format_zip = {
	.name = "zip",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.is_costly = true,
	.bid = zip_bid,
	.open = zip_open,
	.next = zip_next,
	.read = zip_read,
};
