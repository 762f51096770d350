// SPDX-License-Identifier: Apache-2.0
// Reads databases of rpm: SQLite's file format (sqlite.org/fileformat2.html, 1.2, 1.5, 1.6, 2.1),
// rpm's own ndb, the hash tables of Berkeley DB (dbinc/db_page.h of 5.3), and the package headers
// in all of them.

#include "inspect/firmware/rpmdb.h"

#include "base/ban.h"

enum {
	SQLITE_HEADER = 100,
	PAGE_INNER = 0x05, /* of a table */
	PAGE_LEAF = 0x0d,
	DEPTH_MAX = 16,
	COLUMNS_MAX = 16,
	HEADER_ENTRIES_MAX = 65536,
	NDB_PAGE = 4096,
	NDB_SLOT = 16,
	NDB_BLOCK = 16,
	BDB_HASH_MAGIC = 0x061561,
	BDB_PAGE_HEADER = 26,
	BDB_HASH_UNSORTED = 2,
	BDB_HASH = 13,
	BDB_OFF_PAGE = 3,
};

/* Tags of a header (rpmtag.h). */
enum { TAG_NAME = 1000, TAG_VERSION, TAG_RELEASE, TAG_EPOCH };
enum { TAG_VENDOR = 1011, TAG_ARCH = 1022, TAG_SOURCERPM = 1044 };
enum { TYPE_INT32 = 4, TYPE_STRING = 6, TYPE_ARRAY = 8, TYPE_I18N = 9 };

/* --- headers --- */

static struct slice *text_member(struct rpm_package *p, uint32_t tag)
{
	switch (tag) {
	case TAG_NAME:
		return &p->name;
	case TAG_VERSION:
		return &p->version;
	case TAG_RELEASE:
		return &p->release;
	case TAG_VENDOR:
		return &p->vendor;
	case TAG_ARCH:
		return &p->arch;
	case TAG_SOURCERPM:
		return &p->source;
	default:
		return NULL;
	}
}

enum err rpm_header_read(struct slice header, struct rpm_package *out)
{
	struct cursor c = {.in = header};
	uint32_t entries = cursor_u32be(&c), bytes = cursor_u32be(&c);
	struct rpm_package p = {0};
	struct slice data;

	if (c.err || entries > HEADER_ENTRIES_MAX ||
	    slice_cut(header, 8 + (uint64_t)entries * 16, bytes, &data) != OK)
		return E_CORRUPT;
	for (uint32_t i = 0; i < entries; i++) {
		uint32_t tag = cursor_u32be(&c), type = cursor_u32be(&c), at = cursor_u32be(&c);
		struct slice *member = text_member(&p, tag), value = slice_from(data, at);

		(void)cursor_u32be(&c);
		if (tag == TAG_EPOCH && type == TYPE_INT32) {
			struct cursor number = cursor_at(data, at < data.len ? at : data.len);

			p.epoch = cursor_u32be(&number);
		}
		if (member && (type == TYPE_STRING || type == TYPE_ARRAY || type == TYPE_I18N))
			*member = slice_head(value, slice_find_byte(value, 0, 0));
	}
	if (c.err || !p.name.len || !p.version.len)
		return E_CORRUPT;
	*out = p;
	return OK;
}

/* --- what both databases share --- */

struct reading {
	struct slice file;
	struct arena *a;
	const struct rpmdb_sink *sink;
	size_t packages;
	uint64_t blob_bytes; /* read so far */
	/* SQLite */
	uint32_t page_size, usable, pages;
	bool *seen;        /* by page */
	enum endian order; /* of Berkeley DB */
};

static enum err tell(struct reading *r, struct slice blob, uint64_t at, struct fault *why)
{
	struct rpm_package p;

	if (rpm_header_read(blob, &p) != OK)
		return fault_set(why, E_CORRUPT, at, "rpm: a damaged package header");
	if (r->packages++ >= LIMIT_PACKAGES)
		return fault_set(why, E_LIMIT, at, "rpm: too many packages");
	p.at = at;
	r->sink->package(r->sink->context, &p);
	return OK;
}

/* --- SQLite --- */

static uint64_t varint(struct cursor *c)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 9; i++) {
		uint8_t b = cursor_u8(c);

		if (i == 8)
			return v << 8 | b;
		v = v << 7 | (b & 0x7f);
		if (!(b & 0x80))
			break;
	}
	return v;
}

static enum err page_of(const struct reading *r, uint64_t number, struct slice *out)
{
	if (number == 0 || number > r->pages)
		return E_CORRUPT;
	return slice_cut(r->file, (number - 1) * r->page_size, r->page_size, out);
}

/* Bytes of a cell that lie in its own page (1.5: U, X, M, K). */
static uint64_t local_size(const struct reading *r, uint64_t size)
{
	uint64_t u = r->usable, most = u - 35, least = (u - 12) * 32 / 255 - 23;
	uint64_t k = size > most ? least + (size - least) % (u - 4) : size;

	return k <= most ? k : least;
}

/* A cell's payload, put together from its overflow pages where it has some. */
static enum err payload_of(struct reading *r, struct cursor *c, uint64_t size, struct buf *out)
{
	uint64_t local = size <= r->usable - 35 ? size : local_size(r, size);
	uint32_t next = 0;

	if (size > r->file.len || r->blob_bytes + size > 2 * (uint64_t)r->file.len)
		return E_LIMIT;
	r->blob_bytes += size;
	buf_add(out, cursor_take(c, (size_t)local));
	if (local < size)
		next = cursor_u32be(c);
	while (!c->err && out->err == OK && out->len < size) {
		struct slice page;

		if (page_of(r, next, &page) != OK)
			return E_CORRUPT;

		struct cursor p = cursor_at(slice_head(page, r->usable), 0);

		next = cursor_u32be(&p);
		buf_add(out, slice_head(cursor_take(&p, cursor_left(&p)), size - out->len));
	}
	return c->err ? c->err : out->err;
}

/* A row's columns; integers are their big-endian bytes. */
struct row {
	struct slice column[COLUMNS_MAX];
	unsigned n;
};

static uint64_t column_size(uint64_t serial)
{
	static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

	return serial < ARRAY_LEN(sizes) ? sizes[serial] : (serial - 12) / 2;
}

static enum err row_read(struct slice payload, struct row *out)
{
	struct cursor c = cursor_at(payload, 0), types;
	uint64_t header = varint(&c), at = header;

	if (c.err || header > payload.len)
		return E_CORRUPT;
	types = cursor_at(slice_head(payload, header), c.pos);
	for (out->n = 0; out->n < COLUMNS_MAX && cursor_left(&types) > 0; out->n++) {
		uint64_t size = column_size(varint(&types));

		if (types.err || slice_cut(payload, at, size, &out->column[out->n]) != OK)
			return E_CORRUPT;
		at += size;
	}
	return OK;
}

static uint64_t integer_of(struct slice bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes.len && i < 8; i++)
		v = v << 8 | slice_at(bytes, i);
	return v;
}

/* What a row of the table being walked means. */
typedef enum err row_use(struct reading *r, const struct row *row, uint64_t at, void *context,
			 struct fault *why);

struct table_walk {
	row_use *use;
	void *context;
	struct buf payload;
};

static enum err leaf_cell(struct reading *r, struct table_walk *w, struct slice page, uint64_t at,
			  struct fault *why)
{
	struct cursor c = cursor_at(slice_head(page, r->usable), 0);
	struct row row = {0};
	uint64_t size = 0;
	enum err e = OK;

	cursor_skip(&c, (size_t)(at % r->page_size));
	size = varint(&c);
	(void)varint(&c); /* the row's number */
	buf_clear(&w->payload);
	e = c.err ? c.err : payload_of(r, &c, size, &w->payload);
	if (e == OK)
		e = row_read(buf_slice(&w->payload), &row);
	if (e)
		return fault_set(why, e, at, "rpm: a damaged row");
	return w->use(r, &row, at, w->context, why);
}

static enum err walk_page(struct reading *r, struct table_walk *w, uint64_t number, unsigned depth,
			  struct fault *why)
{
	struct slice page;
	enum err e = page_of(r, number, &page);

	if (e || depth > DEPTH_MAX || r->seen[number])
		return fault_set(why, e ? e : E_CORRUPT, number, "rpm: pages in a circle or gone");
	r->seen[number] = true;

	uint64_t start = (number - 1) * r->page_size;
	struct cursor c = cursor_at(page, number == 1 ? SQLITE_HEADER : 0);
	uint8_t kind = cursor_u8(&c);

	cursor_skip(&c, 2);

	uint16_t cells = cursor_u16be(&c);
	uint32_t right = 0;

	cursor_skip(&c, 3);
	if (kind == PAGE_INNER)
		right = cursor_u32be(&c);
	else if (kind != PAGE_LEAF)
		return fault_set(why, E_CORRUPT, start, "rpm: no page of a table");
	for (uint16_t i = 0; i < cells && e == OK; i++) {
		uint16_t at = cursor_u16be(&c);
		struct cursor cell = cursor_at(page, at < page.len ? at : page.len);

		if (c.err)
			e = fault_set(why, E_CORRUPT, start, "rpm: a page cut short");
		else if (kind == PAGE_LEAF)
			e = leaf_cell(r, w, page, start + at, why);
		else
			e = walk_page(r, w, cursor_u32be(&cell), depth + 1, why);
	}
	return e == OK && kind == PAGE_INNER ? walk_page(r, w, right, depth + 1, why) : e;
}

/* sqlite_schema: type, name, tbl_name, rootpage, sql */
static enum err use_schema(struct reading *r, const struct row *row, uint64_t at, void *context,
			   struct fault *why)
{
	uint64_t *root = context;

	(void)r;
	(void)at;
	(void)why;
	if (row->n >= 4 && slice_is(row->column[0], "table") &&
	    slice_is(row->column[1], "Packages"))
		*root = integer_of(row->column[3]);
	return OK;
}

/* Packages: hnum, blob */
static enum err use_package(struct reading *r, const struct row *row, uint64_t at, void *context,
			    struct fault *why)
{
	(void)context;
	return row->n < 2 ? OK : tell(r, row->column[1], at, why);
}

static enum err sqlite_read(struct reading *r, struct fault *why)
{
	struct cursor c = cursor_at(r->file, 16);
	uint64_t root = 0;
	struct table_walk schema = {.use = use_schema, .context = &root};
	struct table_walk packages = {.use = use_package};
	enum err e = OK;
	uint8_t reserved = 0;

	r->page_size = cursor_u16be(&c);
	r->page_size = r->page_size == 1 ? 65536 : r->page_size;
	cursor_skip(&c, 2);
	reserved = cursor_u8(&c);
	if (c.err || r->page_size < 512 || (r->page_size & (r->page_size - 1)) ||
	    r->page_size - reserved < 480)
		return fault_set(why, E_CORRUPT, 16, "rpm: a page size that cannot be");
	r->usable = r->page_size - reserved;
	r->pages = (uint32_t)(r->file.len / r->page_size);
	r->seen = arena_array(r->a, (size_t)r->pages + 1, sizeof *r->seen);
	if (!r->seen)
		return fault_set(why, E_NOMEM, 0, "rpm: no room");
	buf_init(&schema.payload, LIMIT_DATABASE_BYTES);
	buf_init(&packages.payload, LIMIT_DATABASE_BYTES);
	e = walk_page(r, &schema, 1, 0, why);
	if (e == OK && root == 0)
		e = fault_set(why, E_NOTFOUND, 0, "rpm: no table of packages");
	if (e == OK)
		e = walk_page(r, &packages, root, 0, why);
	buf_release(&schema.payload);
	buf_release(&packages.payload);
	return e;
}

/* --- ndb --- */

static enum err ndb_package(struct reading *r, uint64_t block, struct fault *why)
{
	uint64_t at = block * NDB_BLOCK;
	struct cursor c = cursor_at(slice_from(r->file, at), 0);
	struct slice magic = cursor_take(&c, 4), blob;

	cursor_skip(&c, 8); /* index, generation */

	uint32_t size = cursor_u32le(&c);

	if (c.err || !slice_is(magic, "BlbS") || slice_cut(r->file, at + 16, size, &blob) != OK ||
	    r->blob_bytes + size > 2 * (uint64_t)r->file.len)
		return fault_set(why, E_CORRUPT, at, "rpm: no blob where a slot says");
	r->blob_bytes += size;
	return tell(r, blob, at + 16, why);
}

static enum err ndb_read(struct reading *r, struct fault *why)
{
	struct cursor c = cursor_at(r->file, 12);
	uint64_t end = (uint64_t)cursor_u32le(&c) * NDB_PAGE;
	enum err e = OK;

	cursor_skip(&c, 16); /* to the end of the header, two slots long */
	if (c.err || end > r->file.len)
		return fault_set(why, E_SHORT, 12, "rpm: slots cut short");
	while (c.pos + NDB_SLOT <= end && e == OK) {
		struct slice magic = cursor_take(&c, 4);
		uint32_t index = cursor_u32le(&c), block = cursor_u32le(&c);

		cursor_skip(&c, 4);
		if (!slice_is(magic, "Slot"))
			e = fault_set(why, E_CORRUPT, c.pos, "rpm: a damaged slot");
		else if (index != 0)
			e = ndb_package(r, block, why);
	}
	return e;
}

/* --- Berkeley DB --- */

/* A value on pages of its own: each says how many of its bytes it holds, and which is next. */
static enum err bdb_value(struct reading *r, uint32_t number, uint32_t size, struct buf *out)
{
	if (size > r->file.len || r->blob_bytes + size > 2 * (uint64_t)r->file.len)
		return E_LIMIT;
	r->blob_bytes += size;
	while (out->err == OK && out->len < size) {
		struct slice page;
		struct cursor c;
		uint16_t held = 0;

		if (slice_cut(r->file, (uint64_t)number * r->page_size, r->page_size, &page) != OK)
			return E_CORRUPT;
		c = cursor_at(page, 16);
		number = cursor_u32(&c, r->order);
		cursor_skip(&c, 2);
		held = cursor_u16(&c, r->order);
		c = cursor_at(page, BDB_PAGE_HEADER);
		/* a page without bytes would go round for ever */
		if (held == 0 || held > cursor_left(&c))
			return E_CORRUPT;
		buf_add(out, slice_head(cursor_take(&c, held), size - out->len));
	}
	return out->err;
}

/* Entries are keys and values by turns; a package's header is always a value on pages of its own.
 */
static enum err bdb_page(struct reading *r, struct slice page, uint64_t start, struct buf *blob,
			 struct fault *why)
{
	struct cursor c = cursor_at(page, 20), item;
	uint16_t entries = cursor_u16(&c, r->order);
	enum err e = OK;

	c = cursor_at(page, BDB_PAGE_HEADER);
	for (uint16_t i = 0; i < entries && e == OK; i++) {
		uint16_t at = cursor_u16(&c, r->order);
		uint32_t number = 0, size = 0;

		if (c.err || at >= page.len)
			return fault_set(why, E_CORRUPT, start, "rpm: a page cut short");
		item = cursor_at(page, at);
		if (i % 2 == 0 || cursor_u8(&item) != BDB_OFF_PAGE)
			continue;
		cursor_skip(&item, 3);
		number = cursor_u32(&item, r->order);
		size = cursor_u32(&item, r->order);
		buf_clear(blob);
		e = item.err ? item.err : bdb_value(r, number, size, blob);
		e = e ? fault_set(why, e, start + at, "rpm: a damaged value")
		      : tell(r, buf_slice(blob), start + at, why);
	}
	return e;
}

static enum err bdb_read(struct reading *r, enum endian order, struct fault *why)
{
	struct cursor c = cursor_at(r->file, 20);
	struct buf blob;
	enum err e = OK;

	r->order = order;
	r->page_size = cursor_u32(&c, order);
	if (c.err || r->page_size < 512 || r->page_size > 65536)
		return fault_set(why, E_CORRUPT, 20, "rpm: a page size that cannot be");
	buf_init(&blob, LIMIT_DATABASE_BYTES);
	for (uint64_t at = r->page_size; at + r->page_size <= r->file.len && e == OK;
	     at += r->page_size) {
		struct slice page = slice_head(slice_from(r->file, at), r->page_size);
		uint8_t type = slice_at(page, 25);

		if (type == BDB_HASH || type == BDB_HASH_UNSORTED)
			e = bdb_page(r, page, at, &blob, why);
	}
	buf_release(&blob);
	return e;
}

enum err rpmdb_read(struct slice database, struct arena *a, const struct rpmdb_sink *sink,
		    struct fault *why)
{
	struct reading r = {.file = database, .a = a, .sink = sink};

	if (slice_starts(database, "SQLite format 3"))
		return sqlite_read(&r, why);
	if (slice_starts(database, "RpmP"))
		return ndb_read(&r, why);
	for (size_t i = 0; i < 2; i++) {
		struct cursor c = cursor_at(database, database.len < 12 ? database.len : 12);
		enum endian order = i ? BIG : LITTLE;

		if (cursor_u32(&c, order) == BDB_HASH_MAGIC)
			return bdb_read(&r, order, why);
	}
	return fault_set(why, E_MAGIC, 0, "rpm: a database of another kind");
}
