// SPDX-License-Identifier: Apache-2.0
// tar archives: ustar and pax (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange
// Format") and GNU long names. Names stay the bytes they are.

#include "format/entry_path.h"
#include "format/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ban.h"

enum {
	BLOCK = 512,
	AT_CHECKSUM = 148,
	CHECKSUM_LEN = 8,
	AT_PREFIX = 345,
	PREFIX_LEN = 155,
	PAX_MAX = 1024 * 1024, /* extension headers larger than this are not read */
};

static const struct magic magics[] = {{.at = 257, .len = 5, .bytes = "ustar"}};

/* One header block as it stands. */
struct header {
	struct slice name, prefix, link;
	uint64_t mode, uid, gid, size, major, minor;
	uint8_t type;
};

/* A header with what extension headers before it said. */
struct member {
	struct header h;
	struct slice path, link; /* from extensions; empty: the header's own */
	uint64_t size, data_at;
	bool has_path, has_link, has_size, is_sparse, is_cut;
};

/* Where the contents of a regular file lie, for hard links. */
struct place {
	struct slice path;
	uint64_t at, size;
};

struct tar {
	struct slice in;
	struct arena *arena;
	uint64_t at; /* of the next header */
	unsigned members;
	struct place *places; /* sorted by path; made when the first hard link is met */
	size_t places_n;
	bool has_places;
};

/* Octal digits between blanks or NULs; or, when the first bit is set, a big-endian number (GNU). */
static uint64_t number(struct slice field)
{
	uint64_t v = 0;
	size_t i = 0;

	if (slice_at(field, 0) & 0x80) {
		for (i = 1; i < field.len; i++)
			v = v > UINT64_MAX >> 8 ? UINT64_MAX : v << 8 | slice_at(field, i);
		return v;
	}
	while (slice_at(field, i) == ' ')
		i++;
	for (; slice_at(field, i) >= '0' && slice_at(field, i) <= '7'; i++)
		v = v << 3 | (slice_at(field, i) & 7U);
	return v;
}

static struct slice text(struct slice field)
{
	size_t end = slice_find_byte(field, 0, 0);

	return end == SLICE_NONE ? field : slice_head(field, end);
}

/* The sum of all bytes, the field itself as blanks; some writers summed them signed. */
static bool checksum_agrees(struct slice block)
{
	uint64_t want = number(slice_head(slice_from(block, AT_CHECKSUM), CHECKSUM_LEN));
	uint32_t sum = 0, negative = 0;

	for (size_t i = 0; i < block.len; i++) {
		bool is_field = i >= AT_CHECKSUM && i < AT_CHECKSUM + CHECKSUM_LEN;
		uint8_t byte = is_field ? ' ' : slice_at(block, i);

		sum += byte;
		negative += byte & 0x80U;
	}
	return sum == want || sum - 2 * negative == (uint32_t)want;
}

static enum err header_read(struct slice in, uint64_t at, struct header *out, struct fault *why)
{
	struct slice block = {0};
	struct header h = {0};
	struct cursor c = {0};
	struct slice magic = {0};

	if (slice_cut(in, at, BLOCK, &block) != OK)
		return fault_set(why, E_SHORT, at, "tar: header cut short");
	c.in = block;
	h.name = text(cursor_take(&c, 100));
	h.mode = number(cursor_take(&c, 8));
	h.uid = number(cursor_take(&c, 8));
	h.gid = number(cursor_take(&c, 8));
	h.size = number(cursor_take(&c, 12));
	cursor_skip(&c, 12 + CHECKSUM_LEN); /* mtime, chksum */
	h.type = cursor_u8(&c);
	h.link = text(cursor_take(&c, 100));
	magic = cursor_take(&c, 8);
	cursor_skip(&c, 64); /* uname, gname */
	h.major = number(cursor_take(&c, 8));
	h.minor = number(cursor_take(&c, 8));
	if (!slice_starts(magic, "ustar"))
		return fault_set(why, E_MAGIC, at + 257, "tar: bad magic");
	if (!checksum_agrees(block))
		return fault_set(why, E_CHECKSUM, at + AT_CHECKSUM, "tar: header checksum");
	/* GNU ("ustar  ") keeps other things where POSIX has the prefix. */
	if (slice_at(magic, 5) == 0)
		h.prefix = text(slice_head(slice_from(block, AT_PREFIX), PREFIX_LEN));
	*out = h;
	return OK;
}

static bool is_zero_block(struct slice in, uint64_t at)
{
	struct slice block = {0};

	if (slice_cut(in, at, BLOCK, &block) != OK)
		return false;
	for (size_t i = 0; i < block.len; i++)
		if (slice_at(block, i) != 0)
			return false;
	return true;
}

static void pax_record(struct member *m, struct slice key, struct slice value)
{
	if (slice_is(key, "path")) {
		m->path = value;
		m->has_path = true;
	} else if (slice_is(key, "linkpath")) {
		m->link = value;
		m->has_link = true;
	} else if (slice_is(key, "size")) {
		m->has_size = text_u64(value, 10, &m->size) == OK;
	} else if (slice_starts(key, "GNU.sparse.")) {
		m->is_sparse = true;
	}
}

/* Records "LENGTH key=value\n", the length counting the whole record. */
static void pax_read(struct member *m, struct slice data)
{
	while (data.len) {
		struct slice record = {0}, key = {0};
		uint64_t len = 0;
		size_t blank = slice_find_byte(slice_head(data, 20), ' ', 0);

		if (blank == SLICE_NONE || text_u64(slice_head(data, blank), 10, &len) != OK ||
		    len < blank + 3 || slice_cut(data, 0, len, &record) != OK)
			return;
		data = slice_from(data, len);
		record = slice_head(slice_from(record, blank + 1), record.len - blank - 2);
		if (text_field(&record, '=', &key))
			pax_record(m, key, record);
	}
}

/* Headers whose data speaks of members behind them: pax and Solaris, GNU names and label. */
static bool is_extension(uint8_t type)
{
	return type && strchr("xXgLKV", type);
}

static void extension_read(struct member *m, uint8_t type, struct slice data)
{
	struct slice some = slice_head(data, PAX_MAX);

	if (type == 'x' || type == 'X') {
		pax_read(m, some);
	} else if (type == 'L') {
		m->path = text(some);
		m->has_path = true;
	} else if (type == 'K') {
		m->link = text(some);
		m->has_link = true;
	}
}

/* Links, devices, folders and pipes carry no data, whatever their size field says. */
static bool has_data(uint8_t type)
{
	return !(type >= '1' && type <= '6');
}

/* The next member behind its extensions; E_END at the end of the archive. Moves t->at behind it. */
static enum err member_next(struct tar *t, struct member *out, struct fault *why)
{
	struct member m = {0};

	for (;;) {
		struct header h = {0};
		struct slice data = {0};
		uint64_t size = 0, at = t->at + BLOCK;

		if (t->at >= t->in.len || is_zero_block(t->in, t->at))
			return E_END;
		if (header_read(t->in, t->at, &h, NULL) != OK)
			return fault_set(why, E_CORRUPT, t->at, "tar: damaged header");
		if (++t->members > LIMIT_ENTRIES)
			return fault_set(why, E_LIMIT, t->at, "tar: too many members");
		size = m.has_size && !is_extension(h.type) ? m.size : h.size;
		size = has_data(h.type) ? size : 0;
		m.is_cut = slice_cut(t->in, at, size, &data) != OK;
		/* On a cut member the rest of the input is taken, so that a walk ends. */
		t->at = m.is_cut ? t->in.len : at + (size + BLOCK - 1) / BLOCK * BLOCK;
		if (is_extension(h.type) && m.is_cut)
			return fault_set(why, E_CORRUPT, at, "tar: extension cut short");
		if (is_extension(h.type)) {
			extension_read(&m, h.type, data);
			continue;
		}
		m.h = h;
		m.size = size;
		m.data_at = at;
		*out = m;
		return OK;
	}
}

static enum err tar_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct tar t = {.in = in};
	struct header first = {0};
	struct member m = {0};
	const char *how = "header checksums";
	enum err e = header_read(in, 0, &first, why);

	if (e)
		return e;
	while ((e = member_next(&t, &m, NULL)) == OK)
		if (m.is_cut)
			how = "header checksums; the last member is cut short";
	*out = (struct bid){.score = BID_VERIFIED, .size = t.at < in.len ? t.at : in.len};
	/* The end is two blocks of zeros. A damaged header stays inside, so that the walk meets it.
	 */
	for (unsigned i = 0; e == E_END && i < 2 && is_zero_block(in, out->size); i++)
		out->size += BLOCK;
	if (e == E_CORRUPT) {
		out->size = in.len - out->size < BLOCK ? in.len : out->size + BLOCK;
		how = "header checksums; a later header is damaged";
	}
	(void)snprintf(out->how, sizeof out->how, "%s", how);
	return OK;
}

static enum err tar_open(struct slice in, struct arena *a, void **state, struct fault *why)
{
	struct tar *t = arena_alloc(a, sizeof *t);

	if (!t)
		return fault_set(why, E_NOMEM, 0, "tar: no room");
	*t = (struct tar){.in = in, .arena = a};
	*state = t;
	return OK;
}

static struct slice member_path(struct arena *a, const struct member *m)
{
	if (m->has_path)
		return entry_path(a, (struct slice){0}, m->path);
	return entry_path(a, m->h.prefix, m->h.name);
}

static struct slice member_link(const struct member *m)
{
	return m->has_link ? m->link : m->h.link;
}

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return slice_cmp(x->path, y->path);
}

static bool is_file(const struct member *m)
{
	return has_data(m->h.type);
}

/* All regular files by path, so that finding what a hard link names stays cheap. */
static enum err places_make(struct tar *t)
{
	struct tar all = {.in = t->in, .arena = t->arena};
	struct member m = {0};
	size_t n = 0;

	t->has_places = true;
	while (member_next(&all, &m, NULL) == OK)
		n += is_file(&m) && !m.is_cut && !m.is_sparse;
	t->places = arena_array(t->arena, n ? n : 1, sizeof *t->places);
	if (!t->places)
		return E_NOMEM;
	all = (struct tar){.in = t->in, .arena = t->arena};
	while (t->places_n < n && member_next(&all, &m, NULL) == OK) {
		if (!is_file(&m) || m.is_cut || m.is_sparse)
			continue;
		t->places[t->places_n++] = (struct place){
			.path = member_path(t->arena, &m), .at = m.data_at, .size = m.size};
	}
	qsort(t->places, t->places_n, sizeof *t->places, place_cmp);
	return OK;
}

static void hard_link(struct tar *t, const struct member *m, struct entry *out)
{
	struct place want = {.path = entry_path(t->arena, (struct slice){0}, member_link(m))};
	const struct place *hit = NULL;

	if (!t->has_places && places_make(t) != OK)
		out->damage =
			(struct fault){.code = E_NOMEM, .at = m->data_at, .msg = "tar: no room"};
	if (t->places)
		hit = bsearch(&want, t->places, t->places_n, sizeof want, place_cmp);
	if (hit) {
		out->key = hit->at;
		out->size = hit->size;
	} else if (out->damage.code == OK) {
		out->damage = (struct fault){.code = E_NOTFOUND,
					     .at = m->data_at,
					     .msg = "tar: hard link to a file that is not there"};
	}
}

static enum entry_type entry_type_of(const struct member *m)
{
	static const enum entry_type types[] = {ENTRY_FILE,   ENTRY_FILE, ENTRY_LINK, ENTRY_DEVICE,
						ENTRY_DEVICE, ENTRY_DIR,  ENTRY_PIPE};

	if (m->h.type == 'D') /* GNU: a folder with its list of names as data */
		return ENTRY_DIR;
	if (m->h.type < '0' || m->h.type > '6')
		return ENTRY_FILE;
	/* Before ustar, a folder was a file whose name ends in '/'. */
	if (m->h.type == '0' && slice_ends(m->h.name, "/"))
		return ENTRY_DIR;
	return types[m->h.type - '0'];
}

static enum err tar_next(void *state, struct entry *out, struct fault *why)
{
	struct tar *t = state;
	struct member m = {0};
	enum err e = member_next(t, &m, why);

	if (e)
		return e;
	*out = (struct entry){.type = entry_type_of(&m),
			      .path = member_path(t->arena, &m),
			      .size = m.size,
			      .key = m.data_at,
			      .mode = (uint32_t)(m.h.mode & 07777),
			      .uid = (uint32_t)m.h.uid,
			      .gid = (uint32_t)m.h.gid};
	if (out->path.len == 0)
		return fault_set(why, E_NOMEM, m.data_at, "tar: no room for a name");
	if (out->type == ENTRY_LINK)
		out->link = member_link(&m);
	if (out->type == ENTRY_DEVICE) {
		out->major = (uint32_t)m.h.major;
		out->minor = (uint32_t)m.h.minor;
		out->is_block = m.h.type == '4';
	}
	if (m.h.type == '1')
		hard_link(t, &m, out);
	if (m.is_cut)
		out->damage = (struct fault){
			.code = E_SHORT, .at = m.data_at, .msg = "tar: member cut short"};
	else if (m.is_sparse || m.h.type == 'S' || m.h.type == 'M')
		out->damage = (struct fault){.code = E_UNSUPPORTED,
					     .at = m.data_at,
					     .msg = "tar: sparse or continued member"};
	return OK;
}

static enum err tar_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct tar *t = state;
	struct slice data = {0};

	if (slice_cut(t->in, e->key, e->size, &data) != OK)
		return fault_set(why, E_SHORT, e->key, "tar: member cut short");
	buf_add(out, data);
	return out->err ? fault_set(why, out->err, e->key, "tar: member") : OK;
}

const struct format format_tar = {
	.name = "tar",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = tar_bid,
	.open = tar_open,
	.next = tar_next,
	.read = tar_read,
};
