// SPDX-License-Identifier: Apache-2.0
// ELF (System V gABI, 2013): the file as a whole, its segments and sections, and its bid.

#include "format/elf_inner.h"

#include <stdio.h>

#include "format/format.h"

#include "base/ban.h"

static const struct magic magics[] = {{.at = 0,
				       .len = 4,
				       .bytes = "\x7f"
						"ELF"}};

/* A dump full of headers must not make each of them cost a walk over a huge table. */
enum { SECTIONS_VERIFIED = 8192, ROW = 64 /* bytes, about */ };

struct slice elf_string(struct slice strings, uint64_t at)
{
	struct slice s = slice_head(slice_from(strings, at), LIMIT_ELF_NAME_BYTES);
	size_t end = slice_find_byte(s, 0, 0);

	return end == SLICE_NONE ? s : slice_head(s, end);
}

/* Where [offset, offset+size) ends in the file, clipped to it. */
static uint64_t end_of(const struct elf *e, uint64_t offset, uint64_t size)
{
	if (offset >= e->file.len)
		return 0;
	return size < e->file.len - offset ? offset + size : e->file.len;
}

static void end_raise(struct elf *e, uint64_t end)
{
	if (end > e->end)
		e->end = end;
}

static enum err segments_read(struct elf *e, const struct elf_tables *t, struct arena *a,
			      struct fault *why)
{
	if (t->segments_n == 0)
		return OK;
	e->segments = arena_array(a, t->segments_n, sizeof *e->segments);
	if (!e->segments)
		return fault_set(why, E_NOMEM, 0, "elf: segments");
	for (size_t i = 0; i < t->segments_n; i++) {
		e->segments[i] = elf_segment_at(e, t, i);
		end_raise(e, end_of(e, e->segments[i].offset, e->segments[i].file_size));
	}
	e->segments_n = t->segments_n;
	return OK;
}

struct slice elf_section_bytes(const struct elf *e, const struct elf_section *s)
{
	struct slice out = {0};

	if (!s || s->type == SHT_NOBITS || slice_cut(e->file, s->offset, s->size, &out) != OK)
		return (struct slice){0};
	return out;
}

/* .debug_*, its compressed form of old toolchains, and stabs. */
static bool is_debug_name(struct slice name)
{
	return slice_starts(name, ".debug_") || slice_starts(name, ".zdebug_") ||
	       slice_is(name, ".stab");
}

static enum err sections_read(struct elf *e, const struct elf_tables *t, struct arena *a,
			      struct fault *why)
{
	uint32_t at = 0;

	if (t->sections_n == 0)
		return OK;
	e->sections = arena_array(a, t->sections_n, sizeof *e->sections);
	if (!e->sections)
		return fault_set(why, E_NOMEM, 0, "elf: sections");

	struct elf_section names = elf_section_at(e, t, t->names, &at);
	struct slice strings = elf_section_bytes(e, t->names ? &names : NULL);

	for (size_t i = 0; i < t->sections_n; i++) {
		struct elf_section *s = &e->sections[i];

		*s = elf_section_at(e, t, i, &at);
		s->name = elf_string(strings, at);
		if (s->type != SHT_NOBITS && i != 0) /* section 0 may keep counts in its size */
			end_raise(e, end_of(e, s->offset, s->size));
		if (s->type == SHT_SYMTAB && !e->has_symtab) {
			e->has_symtab = true;
			e->symtab = i;
		}
		e->has_debug = e->has_debug || is_debug_name(s->name);
	}
	e->sections_n = t->sections_n;
	return OK;
}

static enum err interpreter_read(struct elf *e, struct fault *why)
{
	struct slice path = {0};

	for (size_t i = 0; i < e->segments_n; i++) {
		const struct elf_segment *s = &e->segments[i];

		if (s->type != PT_INTERP || s->file_size == 0)
			continue;
		if (s->file_size > LIMIT_PATH_BYTES)
			return fault_set(why, E_RANGE, s->offset, "elf: interpreter too long");
		if (slice_cut(e->file, s->offset, s->file_size, &path) != OK)
			return fault_set(why, E_SHORT, s->offset, "elf: interpreter cut short");
		e->interpreter = elf_string(path, 0);
		return OK;
	}
	return OK;
}

enum err elf_read(struct slice in, struct arena *a, struct elf *out, struct fault *why)
{
	struct elf e = {0};
	struct elf_tables t = {0};
	enum err err = elf_header_read(in, &e, &t, why);

	if (err)
		return err;
	e.end = t.end;
	err = segments_read(&e, &t, a, why);
	if (!err)
		err = sections_read(&e, &t, a, why);
	if (!err)
		err = interpreter_read(&e, why);
	if (!err)
		err = elf_dynamic_read(&e, a, why);
	if (err)
		return err;
	*out = e;
	return OK;
}

bool elf_symbol_next(const struct elf *e, size_t *at, struct elf_symbol *out)
{
	if (!e->has_symtab)
		return false;

	const struct elf_section *table = &e->sections[e->symtab];
	struct slice rows = elf_section_bytes(e, table);
	struct slice strings = {0};

	if (*at >= rows.len / elf_symbol_size(e) || *at >= LIMIT_ELF_SYMBOLS)
		return false;
	if (table->link < e->sections_n) /* gABI 4: sh_link of a symbol table */
		strings = elf_section_bytes(e, &e->sections[table->link]);
	*out = elf_symbol_at(e, rows, (*at)++, strings);
	return true;
}

const struct elf_section *elf_section(const struct elf *e, const char *name)
{
	for (size_t i = 0; i < e->sections_n; i++)
		if (slice_is(e->sections[i].name, name))
			return &e->sections[i];
	return NULL;
}

/* --- the bid: no memory to allocate from, so rows are read where they lie --- */

/* Does what the segment points at lie in the file and look like its type? */
static bool segment_fits(const struct elf *e, const struct elf_segment *s)
{
	struct slice bytes = {0};

	if (s->file_size == 0)
		return true;
	if (slice_cut(e->file, s->offset, s->file_size, &bytes) != OK)
		return false;
	if (s->type == PT_INTERP)
		return slice_at(bytes, 0) == '/' && slice_at(bytes, bytes.len - 1) == 0;
	return s->type != PT_LOAD || s->memory_size >= s->file_size;
}

/* gABI 5: loadable segments ascend by address, and there is something to load. */
static bool segments_fit(const struct elf *e, const struct elf_tables *t, uint64_t *end)
{
	uint64_t last = 0;
	size_t loads = 0;

	for (size_t i = 0; i < t->segments_n; i++) {
		struct elf_segment s = elf_segment_at(e, t, i);
		uint64_t this_end = end_of(e, s.offset, s.file_size);

		*end = this_end > *end ? this_end : *end;
		if (!segment_fits(e, &s) || (s.type == PT_LOAD && s.vaddr < last))
			return false;
		if (s.type == PT_LOAD) {
			last = s.vaddr;
			loads += s.file_size != 0;
		}
	}
	return t->segments_n == 0 || loads > 0;
}

/* The section names end the chain: a string table that begins and ends with NUL (gABI 4). */
static bool names_fit(const struct elf *e, const struct elf_tables *t)
{
	uint32_t name = 0;
	struct elf_section s = elf_section_at(e, t, t->names, &name);
	struct slice strings = elf_section_bytes(e, t->names ? &s : NULL);

	return strings.len > 0 && s.type == SHT_STRTAB && slice_at(strings, 0) == 0 &&
	       slice_at(strings, strings.len - 1) == 0;
}

static bool sections_fit(const struct elf *e, const struct elf_tables *t, uint64_t *end)
{
	uint32_t name = 0;

	if (t->sections_n > SECTIONS_VERIFIED)
		return false;
	for (size_t i = 1; i < t->sections_n; i++) {
		struct elf_section s = elf_section_at(e, t, i, &name);
		uint64_t this_end = end_of(e, s.offset, s.size);

		if (s.type == SHT_NOBITS || s.size == 0)
			continue;
		*end = this_end > *end ? this_end : *end;
		if (s.offset > e->file.len || s.size > e->file.len - s.offset)
			return false;
	}
	return t->sections_n == 0 || names_fit(e, t);
}

static enum err elf_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct elf e = {0};
	struct elf_tables t = {0};
	enum err err = elf_header_read(in, &e, &t, why);

	if (err)
		return err;

	struct bid bid = {
		.score = BID_STRUCTURE, .size = t.end, .work = ROW * (t.segments_n + t.sections_n)};
	bool is_whole = segments_fit(&e, &t, &bid.size);

	is_whole = sections_fit(&e, &t, &bid.size) && is_whole; /* both raise the end */
	if (is_whole)
		bid.score = BID_VERIFIED;
	(void)snprintf(bid.how, sizeof bid.how, "%s",
		       is_whole ? "ELF header, segments and sections fit" : "ELF header");
	*out = bid;
	return OK;
}

const struct format format_elf = {
	.name = "elf",
	.type = ART_EXECUTABLE,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = elf_bid,
};
