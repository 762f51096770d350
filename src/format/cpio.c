// SPDX-License-Identifier: Apache-2.0
// cpio archives (cpio(5) of libarchive, Linux
// Documentation/driver-api/early-userspace/buffer-format .rst): newc, crc, odc and the old binary
// one in both byte orders.

#include "format/format.h"

#include <stdio.h>
#include <string.h>

#include "base/ban.h"

enum {
	MODE_TYPE = 0170000,
	MODE_BLOCK = 0060000,
	MODE_FILE = 0100000,
	MODE_RIGHTS = 07777,
	HEADERS_SURE = 16, /* so many in a row are an archive even where its end is missing */
	TAIL = 512,        /* writers fill up to a multiple of this */
};

static const struct magic magics[] = {
	{.at = 0, .len = 6, .bytes = "070701"},   {.at = 0, .len = 6, .bytes = "070702"},
	{.at = 0, .len = 6, .bytes = "070707"},   {.at = 0, .len = 2, .bytes = "\xc7\x71"},
	{.at = 0, .len = 2, .bytes = "\x71\xc7"},
};

static const struct {
	uint32_t mode;
	enum entry_type type;
} types[] = {
	{0100000, ENTRY_FILE},   {0040000, ENTRY_DIR},       {0120000, ENTRY_LINK},
	{0020000, ENTRY_DEVICE}, {MODE_BLOCK, ENTRY_DEVICE}, {0010000, ENTRY_PIPE},
	{0140000, ENTRY_SOCKET},
};

/* A header, and where name and data lie behind it. */
struct header {
	uint64_t ino, dev_major, dev_minor;
	uint64_t mode, uid, gid, links, major, minor, check;
	uint64_t name_len; /* with its NUL */
	uint64_t size;
	uint64_t name_at, data_at, end; /* offsets in the archive */
};

struct layout {
	const char *magic;
	size_t magic_len;
	unsigned align; /* of data and of the next header, from the start of the archive */
	bool has_check;
	void (*read)(struct cursor *c, struct header *h);
};

/* One entry as the index keeps it. */
struct member {
	struct header h;
	uint64_t data_at, size; /* of the link that has the data */
};

struct archive {
	struct slice in;
	const struct layout *layout;
	struct arena *arena;
	struct member *members;
	size_t members_n, at;
	struct fault cut; /* what ended the archive, if not its trailer */
};

static uint64_t cursor_digits(struct cursor *c, size_t n, unsigned base)
{
	uint64_t v = 0;

	if (text_u64(cursor_take(c, n), base, &v) != OK)
		c->err = c->err ? c->err : E_CORRUPT;
	return v;
}

static uint64_t hex8(struct cursor *c)
{
	return cursor_digits(c, 8, 16);
}

static uint64_t oct6(struct cursor *c)
{
	return cursor_digits(c, 6, 8);
}

static void newc_read(struct cursor *c, struct header *h)
{
	h->ino = hex8(c);
	h->mode = hex8(c);
	h->uid = hex8(c);
	h->gid = hex8(c);
	h->links = hex8(c);
	(void)hex8(c); /* time */
	h->size = hex8(c);
	h->dev_major = hex8(c);
	h->dev_minor = hex8(c);
	h->major = hex8(c);
	h->minor = hex8(c);
	h->name_len = hex8(c);
	h->check = hex8(c);
}

static void device_split(struct header *h, uint64_t device)
{
	h->major = device >> 8;
	h->minor = device & 0xff;
}

static void odc_read(struct cursor *c, struct header *h)
{
	h->dev_minor = oct6(c);
	h->ino = oct6(c);
	h->mode = oct6(c);
	h->uid = oct6(c);
	h->gid = oct6(c);
	h->links = oct6(c);
	device_split(h, oct6(c));
	(void)cursor_digits(c, 11, 8); /* time */
	h->name_len = oct6(c);
	h->size = cursor_digits(c, 11, 8);
}

/* 32-bit numbers are two words, the high one first, whatever the order within a word. */
static void old_read(struct cursor *c, struct header *h, enum endian order)
{
	h->dev_minor = cursor_u16(c, order);
	h->ino = cursor_u16(c, order);
	h->mode = cursor_u16(c, order);
	h->uid = cursor_u16(c, order);
	h->gid = cursor_u16(c, order);
	h->links = cursor_u16(c, order);
	device_split(h, cursor_u16(c, order));
	cursor_skip(c, 4); /* time */
	h->name_len = cursor_u16(c, order);
	h->size = (uint64_t)cursor_u16(c, order) << 16;
	h->size |= cursor_u16(c, order);
}

static void old_le_read(struct cursor *c, struct header *h)
{
	old_read(c, h, LITTLE);
}

static void old_be_read(struct cursor *c, struct header *h)
{
	old_read(c, h, BIG);
}

static const struct layout layouts[] = {
	{.magic = "070701", .magic_len = 6, .align = 4, .read = newc_read},
	{.magic = "070702", .magic_len = 6, .align = 4, .read = newc_read, .has_check = true},
	{.magic = "070707", .magic_len = 6, .align = 1, .read = odc_read},
	{.magic = "\xc7\x71", .magic_len = 2, .align = 2, .read = old_le_read},
	{.magic = "\x71\xc7", .magic_len = 2, .align = 2, .read = old_be_read},
};

static bool layout_is(const struct layout *l, struct slice in, uint64_t at)
{
	struct slice there = slice_head(slice_from(in, at), l->magic_len);

	return slice_eq(there, slice_of(l->magic, l->magic_len));
}

static const struct layout *layout_find(struct slice in)
{
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (layout_is(&layouts[i], in, 0))
			return &layouts[i];
	return NULL;
}

static uint64_t aligned(const struct layout *l, uint64_t at)
{
	return (at + l->align - 1) / l->align * l->align;
}

static enum entry_type type_of(uint64_t mode)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].mode == (mode & MODE_TYPE))
			return types[i].type;
	return ENTRY_N;
}

static struct slice header_name(struct slice in, const struct header *h)
{
	return slice_head(slice_from(in, h->name_at), h->name_len - 1);
}

static bool is_trailer(struct slice in, const struct header *h)
{
	return slice_is(header_name(in, h), "TRAILER!!!");
}

/* E_END at the trailer, which is read all the same. */
static enum err header_read(struct slice in, const struct layout *l, uint64_t at,
			    struct header *out, struct fault *why)
{
	struct cursor c = cursor_at(in, (size_t)at);
	struct header h = {0};

	if (at >= in.len)
		return fault_set(why, E_SHORT, at, "cpio: ends without a trailer");
	if (!layout_is(l, in, at))
		return fault_set(why, E_MAGIC, at, "cpio: no header");
	cursor_skip(&c, l->magic_len);
	l->read(&c, &h);
	h.name_at = c.pos;
	cursor_skip(&c, (size_t)h.name_len);
	if (c.err)
		return fault_set(why, c.err, c.pos, "cpio: header");
	if (h.name_len == 0 || h.name_len > LIMIT_PATH_BYTES)
		return fault_set(why, E_RANGE, at, "cpio: length of the name");
	if (slice_find_byte(slice_head(in, c.pos), 0, (size_t)h.name_at) != c.pos - 1)
		return fault_set(why, E_CORRUPT, h.name_at, "cpio: end of the name");
	h.data_at = aligned(l, c.pos);
	if (h.data_at > in.len || h.size > in.len - h.data_at)
		return fault_set(why, E_SHORT, at, "cpio: data cut short");
	h.end = aligned(l, h.data_at + h.size);
	*out = h;
	if (is_trailer(in, &h))
		return h.size ? fault_set(why, E_CORRUPT, at, "cpio: trailer with data") : E_END;
	return type_of(h.mode) == ENTRY_N ? fault_set(why, E_RANGE, at, "cpio: type") : OK;
}

/* To the next multiple of 512, where all up to it is zero. */
static uint64_t with_tail(struct slice in, uint64_t end)
{
	uint64_t full = (end + TAIL - 1) / TAIL * TAIL;

	full = full < in.len ? full : in.len;
	for (uint64_t at = end; at < full; at++)
		if (slice_at(in, (size_t)at) != 0)
			return end;
	return full;
}

static unsigned score_of(bool has_trailer, size_t headers)
{
	if (has_trailer)
		return headers ? BID_VERIFIED : BID_MAGIC;
	if (headers >= HEADERS_SURE)
		return BID_VERIFIED;
	return headers > 1 ? BID_STRUCTURE : BID_MAGIC;
}

/*
 * The chain of headers, up to the trailer or the first that is none. A long chain without a trailer
 * is an archive cut short: it is claimed whole, as giving it up here would have every single one of
 * its headers tried as the start of another.
 */
static enum err cpio_bid(struct slice in, struct bid *out, struct fault *why)
{
	const struct layout *l = layout_find(in);
	struct header h = {0};
	size_t headers = 0;
	uint64_t end = 0;
	enum err e = OK;

	if (!l)
		return fault_set(why, E_MAGIC, 0, "cpio: no header");
	while (e == OK) {
		e = header_read(in, l, end, &h, why);
		if (e && e != E_END)
			break;
		end = h.end < in.len ? h.end : in.len;
		headers += e == OK;
	}
	if (e != E_END && headers == 0)
		return e;

	bool is_whole = e == E_END;

	*out = (struct bid){.score = score_of(is_whole, headers),
			    .size = is_whole ? with_tail(in, end) : end};
	(void)snprintf(out->how, sizeof out->how, "%zu headers%s", headers,
		       is_whole ? " and the trailer" : ", cut short");
	return OK;
}

/* By file, the links with data last. */
static int member_order(const void *a, const void *b, const void *context)
{
	const struct member *members = context;
	const struct header *x = &members[*(const uint32_t *)a].h;
	const struct header *y = &members[*(const uint32_t *)b].h;

	if (x->dev_major != y->dev_major)
		return x->dev_major < y->dev_major ? -1 : 1;
	if (x->dev_minor != y->dev_minor)
		return x->dev_minor < y->dev_minor ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if ((x->size > 0) != (y->size > 0))
		return x->size > 0 ? 1 : -1;
	return x->data_at < y->data_at ? -1 : x->data_at > y->data_at;
}

static bool is_same_file(const struct header *x, const struct header *y)
{
	return x->dev_major == y->dev_major && x->dev_minor == y->dev_minor && x->ino == y->ino;
}

/* Of several names of one file only the last has data: the others are pointed at it. */
static enum err links_resolve(struct archive *a, struct fault *why)
{
	uint32_t *order = arena_array(a->arena, a->members_n + 1, sizeof *order);
	size_t n = 0;

	if (!order)
		return fault_set(why, E_NOMEM, 0, "cpio: links");
	for (size_t i = 0; i < a->members_n; i++)
		if (a->members[i].h.links > 1 && (a->members[i].h.mode & MODE_TYPE) == MODE_FILE)
			order[n++] = (uint32_t)i;
	sort_items(order, n, sizeof *order, member_order, a->members);
	for (size_t i = n; i > 1; i--) {
		const struct member *full = &a->members[order[i - 1]];
		struct member *m = &a->members[order[i - 2]];

		if (m->size > 0 || !is_same_file(&m->h, &full->h))
			continue;
		m->data_at = full->data_at;
		m->size = full->size;
		m->h.check = full->h.check;
	}
	return OK;
}

static enum err members_read(struct archive *a, struct fault *why)
{
	struct header h = {0};
	size_t n = 0;
	uint64_t end = 0;

	while (n < LIMIT_ENTRIES && header_read(a->in, a->layout, end, &h, NULL) == OK) {
		end = h.end;
		n++;
	}
	a->members = arena_array(a->arena, n + 1, sizeof *a->members);
	if (!a->members)
		return fault_set(why, E_NOMEM, 0, "cpio: index");
	for (end = 0; a->members_n < n; end = h.end) {
		if (header_read(a->in, a->layout, end, &h, why))
			return E_CORRUPT;
		a->members[a->members_n++] =
			(struct member){.h = h, .data_at = h.data_at, .size = h.size};
	}
	if (n == LIMIT_ENTRIES)
		a->cut.code = fault_set(&a->cut, E_LIMIT, end, "cpio: too many entries");
	else
		a->cut.code = header_read(a->in, a->layout, end, &h, &a->cut);
	return links_resolve(a, why);
}

static enum err cpio_open(struct slice in, struct arena *arena, void **state, struct fault *why)
{
	struct archive *a = arena_alloc(arena, sizeof *a);

	if (!a)
		return fault_set(why, E_NOMEM, 0, "cpio: no room");
	*a = (struct archive){.in = in, .arena = arena, .layout = layout_find(in)};
	if (!a->layout)
		return fault_set(why, E_MAGIC, 0, "cpio: no header");

	enum err e = members_read(a, why);

	if (e == OK)
		*state = a;
	return e;
}

/* Names are relative to the root: "./etc" and "etc" are /etc. What else they hold stays as it is.
 */
static enum err path_of(struct archive *a, const struct header *h, struct slice *out)
{
	struct slice name = header_name(a->in, h);
	struct buf path;

	if (slice_is(name, "."))
		name = slice_text("");
	while (slice_starts(name, "./"))
		name = slice_from(name, 2);
	buf_init(&path, LIMIT_PATH_BYTES + 1);
	if (!slice_starts(name, "/"))
		buf_text(&path, "/");
	buf_add(&path, name);

	enum err e = path.err ? path.err : arena_copy(a->arena, buf_slice(&path), out);

	buf_release(&path);
	return e;
}

static enum err cpio_next(void *state, struct entry *out, struct fault *why)
{
	struct archive *a = state;

	if (a->at == a->members_n) {
		if (a->cut.code != E_END && why)
			*why = a->cut;
		return a->cut.code;
	}

	const struct member *m = &a->members[a->at];
	const struct header *h = &m->h;
	struct entry e = {.type = type_of(h->mode), .key = a->at};

	e.mode = h->mode & MODE_RIGHTS;
	e.uid = (uint32_t)h->uid;
	e.gid = (uint32_t)h->gid;
	e.is_block = (h->mode & MODE_TYPE) == MODE_BLOCK;
	if (e.type == ENTRY_DEVICE) {
		e.major = (uint32_t)h->major;
		e.minor = (uint32_t)h->minor;
	}
	if (e.type == ENTRY_FILE)
		e.size = m->size;
	if (e.type == ENTRY_LINK)
		e.link = slice_head(slice_from(a->in, m->data_at), m->size);
	if (path_of(a, h, &e.path))
		return fault_set(why, E_NOMEM, h->name_at, "cpio: path");
	if (e.link.len > LIMIT_PATH_BYTES)
		(void)fault_set(&e.damage, E_LIMIT, h->data_at, "cpio: a link too long");
	a->at++;
	*out = e;
	return OK;
}

/* The crc layout: the sum of all bytes, in 32 bits. */
static uint32_t sum_of(struct slice s)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < s.len; i++)
		sum += slice_at(s, i);
	return sum;
}

static enum err cpio_read(void *state, const struct entry *e, struct buf *out, struct fault *why)
{
	const struct archive *a = state;

	if (e->type != ENTRY_FILE || e->key >= a->members_n)
		return fault_set(why, E_USAGE, 0, "cpio: only files have contents");

	const struct member *m = &a->members[e->key];
	struct slice data = {0};

	if (slice_cut(a->in, m->data_at, m->size, &data))
		return fault_set(why, E_SHORT, m->data_at, "cpio: data cut short");
	if (a->layout->has_check && sum_of(data) != m->h.check)
		return fault_set(why, E_CHECKSUM, m->data_at, "cpio: checksum of the data");
	buf_add(out, data);
	return out->err ? fault_set(why, out->err, m->data_at, "cpio: file too large") : OK;
}

const struct format format_cpio = {
	.name = "cpio",
	.type = ART_ARCHIVE,
	.is_tree = true,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = cpio_bid,
	.open = cpio_open,
	.next = cpio_next,
	.read = cpio_read,
};
