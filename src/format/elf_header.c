// SPDX-License-Identifier: Apache-2.0
// The ELF file header and the rows of its two tables (System V gABI, chapters 4 and 5).

#include "format/elf_inner.h"

#include "base/ban.h"

/* gABI 4, "ELF Header" */
enum { CLASS_32 = 1, CLASS_64 = 2, DATA_LSB = 1, DATA_MSB = 2, VERSION_CURRENT = 1 };
enum { IDENT = 16, IDENT_CLASS = 4, IDENT_DATA = 5, IDENT_VERSION = 6 };
enum { PN_XNUM = 0xffff, SHN_XINDEX = 0xffff };

/* Sizes of the header and of the rows, which the header repeats. */
struct sizes {
	uint16_t header, segment, section;
};

static const struct sizes sizes_of[] = {
	{.header = 52, .segment = 32, .section = 40},
	{.header = 64, .segment = 56, .section = 64},
};

/* The header's own numbers, before extended numbering is resolved. */
struct raw {
	uint64_t segments_at, sections_at, segments_n, sections_n, names;
	uint16_t segment_size, section_size;
};

uint64_t elf_word(const struct elf *e, struct cursor *c)
{
	return e->is_64 ? cursor_u64(c, e->order) : cursor_u32(c, e->order);
}

static enum err ident_read(struct slice in, struct elf *e, struct fault *why)
{
	uint8_t class = slice_at(in, IDENT_CLASS);
	uint8_t data = slice_at(in, IDENT_DATA);

	if (!slice_starts(in, "\x7f"
			      "ELF"))
		return fault_set(why, E_MAGIC, 0, "elf: bad magic");
	if (in.len < IDENT)
		return fault_set(why, E_SHORT, in.len, "elf: identification cut short");
	if ((class != CLASS_32 && class != CLASS_64) || (data != DATA_LSB && data != DATA_MSB) ||
	    slice_at(in, IDENT_VERSION) != VERSION_CURRENT)
		return fault_set(why, E_MAGIC, IDENT_CLASS, "elf: no known class, order, version");
	*e = (struct elf){.file = in, .is_64 = class == CLASS_64};
	e->order = data == DATA_MSB ? BIG : LITTLE;
	return OK;
}

static enum err fields_read(struct elf *e, struct raw *h, struct fault *why)
{
	const struct sizes *size = &sizes_of[e->is_64];
	struct cursor c = cursor_at(e->file, IDENT);

	e->type = cursor_u16(&c, e->order);
	e->machine = cursor_u16(&c, e->order);

	uint32_t version = cursor_u32(&c, e->order);

	e->entry = elf_word(e, &c);
	h->segments_at = elf_word(e, &c);
	h->sections_at = elf_word(e, &c);
	e->flags = cursor_u32(&c, e->order);

	uint16_t header_size = cursor_u16(&c, e->order);

	h->segment_size = cursor_u16(&c, e->order);
	h->segments_n = cursor_u16(&c, e->order);
	h->section_size = cursor_u16(&c, e->order);
	h->sections_n = cursor_u16(&c, e->order);
	h->names = cursor_u16(&c, e->order);
	if (c.err)
		return fault_set(why, c.err, c.pos, "elf: header cut short");
	if (version != VERSION_CURRENT || header_size != size->header || e->type == 0 ||
	    e->machine == 0)
		return fault_set(why, E_RANGE, IDENT, "elf: header fields disagree");
	return OK;
}

/* A table must lie behind the header; `at` 0 says that there is none. */
static enum err table_cut(const struct elf *e, uint64_t at, uint64_t n, size_t row,
			  struct slice *out)
{
	size_t total = 0;

	if (at == 0 || n == 0)
		return OK;
	if (at < sizes_of[e->is_64].header || !size_mul((size_t)n, row, &total))
		return E_RANGE;
	return slice_cut(e->file, at, total, out);
}

/* gABI 4: counts that do not fit 16 bits are kept in the fields of section 0. */
static enum err extended_read(const struct elf *e, struct raw *h, struct fault *why)
{
	struct elf_tables first = {.sections_n = 1};
	uint32_t name = 0;

	if (h->sections_at == 0) {
		h->sections_n = 0;
		return OK;
	}
	if (h->sections_n != 0 && h->segments_n != PN_XNUM && h->names != SHN_XINDEX)
		return OK;
	if (table_cut(e, h->sections_at, 1, sizes_of[e->is_64].section, &first.sections))
		return fault_set(why, E_SHORT, h->sections_at, "elf: section table cut short");

	struct elf_section zero = elf_section_at(e, &first, 0, &name);

	if (h->sections_n == 0)
		h->sections_n = zero.size;
	if (h->segments_n == PN_XNUM)
		h->segments_n = zero.info;
	if (h->names == SHN_XINDEX)
		h->names = zero.link;
	return OK;
}

static uint64_t table_end(uint64_t at, struct slice table)
{
	return table.len ? at + table.len : 0; /* it was cut, so this cannot wrap */
}

static enum err tables_cut(const struct elf *e, const struct raw *h, struct elf_tables *t,
			   struct fault *why)
{
	const struct sizes *size = &sizes_of[e->is_64];
	uint64_t ends[2] = {0};

	if (h->segments_at == 0 && h->sections_at == 0)
		return fault_set(why, E_RANGE, IDENT, "elf: neither segments nor sections");
	if (h->segments_n > LIMIT_ELF_SEGMENTS || h->sections_n > LIMIT_ELF_SECTIONS)
		return fault_set(why, E_LIMIT, IDENT, "elf: too many segments or sections");
	if ((h->segments_at && h->segments_n && h->segment_size != size->segment) ||
	    (h->sections_at && h->sections_n && h->section_size != size->section))
		return fault_set(why, E_RANGE, IDENT, "elf: table rows of a wrong size");
	enum err err = table_cut(e, h->segments_at, h->segments_n, size->segment, &t->segments);

	if (err)
		return fault_set(why, err, h->segments_at, "elf: program headers do not fit");
	err = table_cut(e, h->sections_at, h->sections_n, size->section, &t->sections);
	if (err)
		return fault_set(why, err, h->sections_at, "elf: section table does not fit");
	t->segments_n = t->segments.len / size->segment;
	t->sections_n = t->sections.len / size->section;
	t->names = h->names < t->sections_n ? (size_t)h->names : 0;
	ends[0] = table_end(h->segments_at, t->segments);
	ends[1] = table_end(h->sections_at, t->sections);
	t->end = ends[0] > ends[1] ? ends[0] : ends[1];
	if (t->end < size->header)
		t->end = size->header;
	return OK;
}

enum err elf_header_read(struct slice in, struct elf *e, struct elf_tables *t, struct fault *why)
{
	struct elf got = {0};
	struct elf_tables tables = {0};
	struct raw h = {0};
	enum err err = ident_read(in, &got, why);

	if (!err)
		err = fields_read(&got, &h, why);
	if (!err)
		err = extended_read(&got, &h, why);
	if (!err)
		err = tables_cut(&got, &h, &tables, why);
	if (err)
		return err;
	*e = got;
	*t = tables;
	return OK;
}

struct elf_segment elf_segment_at(const struct elf *e, const struct elf_tables *t, size_t i)
{
	struct cursor c = cursor_at(t->segments, i * sizes_of[e->is_64].segment);
	struct elf_segment s = {.type = cursor_u32(&c, e->order)};

	if (e->is_64)
		s.flags = cursor_u32(&c, e->order);
	s.offset = elf_word(e, &c);
	s.vaddr = elf_word(e, &c);
	(void)elf_word(e, &c); /* the physical address */
	s.file_size = elf_word(e, &c);
	s.memory_size = elf_word(e, &c);
	if (!e->is_64)
		s.flags = cursor_u32(&c, e->order);
	return s;
}

struct elf_section elf_section_at(const struct elf *e, const struct elf_tables *t, size_t i,
				  uint32_t *name)
{
	struct cursor c = cursor_at(t->sections, i * sizes_of[e->is_64].section);
	struct elf_section s = {0};

	*name = cursor_u32(&c, e->order);
	s.type = cursor_u32(&c, e->order);
	s.flags = elf_word(e, &c);
	s.addr = elf_word(e, &c);
	s.offset = elf_word(e, &c);
	s.size = elf_word(e, &c);
	s.link = cursor_u32(&c, e->order);
	s.info = cursor_u32(&c, e->order);
	(void)elf_word(e, &c); /* the alignment */
	s.entry_size = elf_word(e, &c);
	return s;
}
