// SPDX-License-Identifier: Apache-2.0
// What the dynamic linker is told (gABI 5, "Dynamic Section"; GNU and MIPS additions), and the
// dynamic symbols, which are found without section headers.

#include "format/elf_inner.h"

#include "base/ban.h"

enum dynamic_tag {
	DT_NULL = 0,
	DT_NEEDED = 1,
	DT_HASH = 4,
	DT_STRTAB = 5,
	DT_SYMTAB = 6,
	DT_RELA = 7,
	DT_STRSZ = 10,
	DT_SONAME = 14,
	DT_RPATH = 15,
	DT_REL = 17,
	DT_TEXTREL = 22,
	DT_JMPREL = 23,
	DT_BIND_NOW = 24,
	DT_RUNPATH = 29,
	DT_FLAGS = 30,
	DT_SMALL_N, /* those above are kept in an array by their number */
};

#define DT_GNU_HASH      UINT64_C(0x6ffffef5)
#define DT_FLAGS_1       UINT64_C(0x6ffffffb)
#define DT_MIPS_SYMTABNO UINT64_C(0x70000011) /* MIPS psABI 5 */

/* DT_HASH has words of 8 bytes on these two (their psABIs), of 4 elsewhere. */
enum { EM_ALPHA = 0x9026 };

struct dynamic {
	struct slice rows; /* up to DT_NULL */
	size_t rows_n, needed_n;
	uint64_t value[DT_SMALL_N];
	bool has[DT_SMALL_N];
	uint64_t gnu_hash, mips_symbols, flags_1;
	struct slice strings;
};

static size_t row_size(const struct elf *e)
{
	return e->is_64 ? 16 : 8;
}

static void row_at(const struct elf *e, struct slice rows, size_t i, uint64_t *tag, uint64_t *value)
{
	struct cursor c = cursor_at(rows, i * row_size(e));

	*tag = elf_word(e, &c);
	*value = elf_word(e, &c);
}

/* Bytes from an address to the end of what its segment has in the file; empty when unmapped. */
static struct slice bytes_at(const struct elf *e, uint64_t vaddr)
{
	for (size_t i = 0; i < e->segments_n; i++) {
		const struct elf_segment *s = &e->segments[i];
		struct slice segment = slice_head(slice_from(e->file, s->offset), s->file_size);

		if (s->type == PT_LOAD && vaddr >= s->vaddr && vaddr - s->vaddr < s->file_size)
			return slice_from(segment, vaddr - s->vaddr);
	}
	return (struct slice){0};
}

static enum err rows_cut(struct elf *e, struct slice *out, struct fault *why)
{
	for (size_t i = 0; i < e->segments_n; i++) {
		const struct elf_segment *s = &e->segments[i];

		if (s->type != PT_DYNAMIC || s->file_size == 0)
			continue;
		if (slice_cut(e->file, s->offset, s->file_size, out) != OK)
			return fault_set(why, E_SHORT, s->offset, "elf: dynamic section cut short");
		e->is_dynamic = true;
		return OK;
	}
	return OK;
}

static void rows_read(const struct elf *e, struct dynamic *d)
{
	size_t n = d->rows.len / row_size(e);

	for (d->rows_n = 0; d->rows_n < n; d->rows_n++) {
		uint64_t tag = 0, value = 0;

		row_at(e, d->rows, d->rows_n, &tag, &value);
		if (tag == DT_NULL)
			return;
		if (tag < DT_SMALL_N) {
			d->value[tag] = value;
			d->has[tag] = true;
		}
		d->needed_n += tag == DT_NEEDED;
		if (tag == DT_GNU_HASH)
			d->gnu_hash = value;
		else if (tag == DT_FLAGS_1)
			d->flags_1 = value;
		else if (tag == DT_MIPS_SYMTABNO && e->machine == EM_MIPS)
			d->mips_symbols = value;
	}
}

static enum err strings_find(const struct elf *e, struct dynamic *d, struct fault *why)
{
	if (!d->has[DT_STRTAB])
		return OK;
	d->strings = bytes_at(e, d->value[DT_STRTAB]);
	if (d->has[DT_STRSZ] && d->value[DT_STRSZ] > d->strings.len)
		return fault_set(why, E_SHORT, 0, "elf: dynamic strings cut short");
	if (d->has[DT_STRSZ])
		d->strings = slice_head(d->strings, d->value[DT_STRSZ]);
	return OK;
}

static struct slice string_of(const struct dynamic *d, enum dynamic_tag tag)
{
	return d->has[tag] ? elf_string(d->strings, d->value[tag]) : (struct slice){0};
}

static enum err needed_read(struct elf *e, const struct dynamic *d, struct arena *a,
			    struct fault *why)
{
	if (d->needed_n == 0)
		return OK;
	if (d->needed_n > LIMIT_ELF_NEEDED)
		return fault_set(why, E_LIMIT, 0, "elf: too many libraries asked for");
	e->needed = arena_array(a, d->needed_n, sizeof *e->needed);
	if (!e->needed)
		return fault_set(why, E_NOMEM, 0, "elf: libraries");
	for (size_t i = 0; i < d->rows_n; i++) {
		uint64_t tag = 0, value = 0;

		row_at(e, d->rows, i, &tag, &value);
		if (tag == DT_NEEDED && e->needed_n < d->needed_n)
			e->needed[e->needed_n++] = elf_string(d->strings, value);
	}
	return OK;
}

/* --- how many dynamic symbols there are: nothing says it outright --- */

/* gABI 5, "Hash Table": nchain equals the number of symbols. */
static enum err count_by_hash(const struct elf *e, uint64_t at, uint64_t *n)
{
	bool is_wide = e->machine == EM_ALPHA || (e->machine == EM_S390 && e->is_64);
	struct cursor c = cursor_at(bytes_at(e, at), is_wide ? 8 : 4);

	*n = is_wide ? cursor_u64(&c, e->order) : cursor_u32(&c, e->order);
	return c.err;
}

/*
 * DT_GNU_HASH: header of four words, Bloom filter in address-sized words, buckets, chains. The last
 * symbol is the end of the chain of the highest bucket; a chain ends where its lowest bit is set.
 */
static enum err count_by_gnu_hash(const struct elf *e, uint64_t at, uint64_t *n)
{
	struct slice table = bytes_at(e, at);
	struct cursor c = {.in = table};
	uint32_t buckets_n = cursor_u32(&c, e->order);
	uint32_t first = cursor_u32(&c, e->order);
	uint32_t bloom_n = cursor_u32(&c, e->order);
	uint32_t last = 0, hash = 0;

	cursor_skip(&c, 4);
	cursor_skip(&c, (size_t)bloom_n * (e->is_64 ? 8 : 4));
	for (uint32_t i = 0; i < buckets_n && !c.err; i++) {
		uint32_t bucket = cursor_u32(&c, e->order);

		last = bucket > last ? bucket : last;
	}
	if (c.err)
		return c.err;
	if (last < first) {
		*n = 0; /* no symbol is hashed, and then `first` tells nothing */
		return OK;
	}
	cursor_skip(&c, (size_t)(last - first) * 4);
	do {
		hash = cursor_u32(&c, e->order);
		last++;
	} while (!c.err && !(hash & 1));
	*n = last;
	return c.err;
}

/* The last resort: the table ends where the next one begins, wherever the linker put it. */
static uint64_t count_by_layout(const struct elf *e, const struct dynamic *d)
{
	const uint64_t tables[] = {
		d->value[DT_STRTAB], d->value[DT_HASH],   d->value[DT_RELA],
		d->value[DT_REL],    d->value[DT_JMPREL], d->gnu_hash,
	};
	uint64_t from = d->value[DT_SYMTAB], to = UINT64_MAX;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		if (tables[i] > from && tables[i] < to)
			to = tables[i];
	return to == UINT64_MAX ? 0 : (to - from) / elf_symbol_size(e);
}

static uint64_t count_by_section(const struct elf *e)
{
	for (size_t i = 0; i < e->sections_n; i++)
		if (e->sections[i].type == SHT_DYNSYM)
			return e->sections[i].size / elf_symbol_size(e);
	return 0;
}

static enum err symbols_count(const struct elf *e, const struct dynamic *d, uint64_t *n)
{
	enum err err = OK;

	*n = 0;
	if (d->has[DT_HASH])
		return count_by_hash(e, d->value[DT_HASH], n);
	if (d->mips_symbols)
		*n = d->mips_symbols;
	else if (d->gnu_hash)
		err = count_by_gnu_hash(e, d->gnu_hash, n);
	if (!err && *n == 0)
		*n = count_by_section(e);
	if (!err && *n == 0)
		*n = count_by_layout(e, d);
	return err;
}

size_t elf_symbol_size(const struct elf *e)
{
	return e->is_64 ? 24 : 16;
}

struct elf_symbol elf_symbol_at(const struct elf *e, struct slice table, size_t i,
				struct slice strings)
{
	struct cursor c = cursor_at(table, i * elf_symbol_size(e));
	struct elf_symbol s = {.name = elf_string(strings, cursor_u32(&c, e->order))};
	uint8_t info = 0;

	if (!e->is_64) {
		s.value = elf_word(e, &c);
		s.size = elf_word(e, &c);
	}
	info = cursor_u8(&c);
	cursor_skip(&c, 1); /* visibility */
	s.section = cursor_u16(&c, e->order);
	if (e->is_64) {
		s.value = elf_word(e, &c);
		s.size = elf_word(e, &c);
	}
	s.type = info & 0xf; /* gABI 4, "Symbol Table": ELF32_ST_TYPE, ELF32_ST_BIND */
	s.bind = info >> 4;
	return s;
}

static enum err symbols_read(struct elf *e, const struct dynamic *d, struct arena *a,
			     struct fault *why)
{
	struct slice rows = {0};
	uint64_t n = 0;

	if (!d->has[DT_SYMTAB])
		return OK;
	if (symbols_count(e, d, &n) != OK)
		return fault_set(why, E_SHORT, 0, "elf: symbol hash table cut short");
	if (n > LIMIT_ELF_SYMBOLS)
		return fault_set(why, E_LIMIT, 0, "elf: too many dynamic symbols");
	if (slice_cut(bytes_at(e, d->value[DT_SYMTAB]), 0, n * elf_symbol_size(e), &rows) != OK)
		return fault_set(why, E_SHORT, 0, "elf: dynamic symbols cut short");
	if (n == 0)
		return OK;
	e->dynamic = arena_array(a, (size_t)n, sizeof *e->dynamic);
	if (!e->dynamic)
		return fault_set(why, E_NOMEM, 0, "elf: dynamic symbols");
	for (size_t i = 0; i < n; i++)
		e->dynamic[i] = elf_symbol_at(e, rows, i, d->strings);
	e->dynamic_n = (size_t)n;
	return OK;
}

enum err elf_dynamic_read(struct elf *e, struct arena *a, struct fault *why)
{
	struct dynamic d = {0};
	enum err err = rows_cut(e, &d.rows, why);

	if (err || !e->is_dynamic)
		return err;
	rows_read(e, &d);
	err = strings_find(e, &d, why);
	if (!err)
		err = needed_read(e, &d, a, why);
	if (!err)
		err = symbols_read(e, &d, a, why);
	if (err)
		return err;
	e->dt_flags = d.value[DT_FLAGS];
	e->dt_flags_1 = d.flags_1;
	e->has_bind_now = d.has[DT_BIND_NOW] || e->dt_flags & DF_BIND_NOW || d.flags_1 & DF_1_NOW;
	e->has_textrel = d.has[DT_TEXTREL] || e->dt_flags & DF_TEXTREL;
	e->soname = string_of(&d, DT_SONAME);
	e->rpath = string_of(&d, DT_RPATH);
	e->runpath = string_of(&d, DT_RUNPATH);
	return OK;
}
