// SPDX-License-Identifier: Apache-2.0
// Reads Go's build information (debug/buildinfo of Go 1.13 to 1.22: a mark, then two strings inline
// or pointers to them) and package notes of ELF files.

#include "inspect/firmware/gobuild.h"

#include "base/ban.h"

enum {
	GO_HEADER = 32, /* the strings of the inline form follow it */
	GO_FLAG_BIG = 1,
	GO_FLAG_INLINE = 2,
	GO_SENTINEL = 16, /* bytes around the list of modules */
	NOTES_MAX = 256,
};

static const uint32_t NOTE_PACKAGE = 0xcafe1a7e;
static const char go_mark[] = "\xff Go buildinf:";

/* --- Go --- */

/* File bytes from a virtual address to the end of its segment. */
static struct slice at_address(const struct elf *e, uint64_t address)
{
	for (size_t i = 0; i < e->segments_n; i++) {
		const struct elf_segment *s = &e->segments[i];
		struct slice bytes;

		if (s->type == PT_LOAD && address >= s->vaddr &&
		    address - s->vaddr < s->file_size &&
		    slice_cut(e->file, s->offset, s->file_size, &bytes) == OK)
			return slice_from(bytes, address - s->vaddr);
	}
	return (struct slice){0};
}

static uint64_t word(struct cursor *c, unsigned size, enum endian order)
{
	return size == 8 ? cursor_u64(c, order) : cursor_u32(c, order);
}

/* A pointer to a string of Go, which is a pointer to its bytes and their number. */
static struct slice go_string(const struct elf *e, struct cursor *c, unsigned size,
			      enum endian order)
{
	struct cursor header = cursor_at(at_address(e, word(c, size, order)), 0);
	uint64_t at = word(&header, size, order), len = word(&header, size, order);
	struct slice text;

	if (header.err || slice_cut(at_address(e, at), 0, len, &text) != OK)
		return (struct slice){0};
	return text;
}

/* A string with its length before it, in groups of seven bits, lowest first. */
static struct slice inline_string(struct cursor *c)
{
	uint64_t len = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint8_t b = cursor_u8(c);

		len |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			break;
	}
	return len > cursor_left(c) ? (struct slice){0} : cursor_take(c, (size_t)len);
}

static struct slice without_sentinels(struct slice s)
{
	if (s.len < 2 * GO_SENTINEL + 1 || slice_at(s, s.len - GO_SENTINEL - 1) != '\n')
		return (struct slice){0};
	return slice_head(slice_from(s, GO_SENTINEL), s.len - 2 * GO_SENTINEL);
}

static bool read_at(const struct elf *e, size_t at, struct go_build *out)
{
	struct cursor c = cursor_at(e->file, at);
	struct go_build b = {.at = at};
	unsigned size = 0, flags = 0;

	cursor_skip(&c, sizeof go_mark - 1);
	size = cursor_u8(&c);
	flags = cursor_u8(&c);
	if (flags & GO_FLAG_INLINE) {
		cursor_skip(&c, GO_HEADER - sizeof go_mark - 1);
		b.version = inline_string(&c);
		b.modules = inline_string(&c);
	} else if (size == 4 || size == 8) {
		enum endian order = flags & GO_FLAG_BIG ? BIG : LITTLE;

		b.version = go_string(e, &c, size, order);
		b.modules = go_string(e, &c, size, order);
	}
	if (c.err || b.version.len == 0 || b.version.len > 256)
		return false;
	b.modules = without_sentinels(b.modules);
	*out = b;
	return true;
}

bool go_build_read(const struct elf *e, struct go_build *out)
{
	const struct elf_section *s = elf_section(e, ".go.buildinfo");
	struct slice mark = slice_of(go_mark, sizeof go_mark - 1);

	/* Its section, where names of sections are left; else the mark itself, wherever. */
	if (s && s->offset < e->file.len && read_at(e, (size_t)s->offset, out) &&
	    slice_eq(slice_head(slice_from(e->file, s->offset), mark.len), mark))
		return true;
	for (size_t at = slice_find(e->file, mark, 0), tries = 0; at != SLICE_NONE && tries < 64;
	     at = slice_find(e->file, mark, at + 1), tries++)
		if (read_at(e, at, out) && slice_starts(out->version, "go"))
			return true;
	return false;
}

static bool take_line(struct slice *lines, struct slice *kind, struct go_module *m)
{
	struct slice line;

	if (!text_line(lines, &line))
		return false;
	*m = (struct go_module){0};
	*kind = (struct slice){0};
	if (text_field(&line, '\t', kind) && text_field(&line, '\t', &m->path))
		(void)text_field(&line, '\t', &m->version);
	return true;
}

bool go_module_next(struct slice *lines, struct go_module *out)
{
	struct slice kind, after;
	struct go_module m, other;

	while (take_line(lines, &kind, &m)) {
		if (!slice_is(kind, "mod") && !slice_is(kind, "dep"))
			continue;
		after = *lines;
		if (take_line(&after, &kind, &other) && slice_is(kind, "=>")) {
			*lines = after;
			m = other;
		}
		if (m.path.len == 0)
			continue;
		*out = m;
		return true;
	}
	return false;
}

/* --- notes --- */

struct slice package_note(const struct elf *e, uint64_t *at)
{
	const struct elf_section *s = elf_section(e, ".note.package");
	struct slice notes = s ? elf_section_bytes(e, s) : (struct slice){0};
	struct cursor c = cursor_at(notes, 0);

	for (unsigned n = 0; s && n < NOTES_MAX && cursor_left(&c) >= 12; n++) {
		uint32_t name_len = cursor_u32(&c, e->order), len = cursor_u32(&c, e->order);
		uint32_t type = cursor_u32(&c, e->order);
		struct slice name = cursor_take(&c, name_len), text;

		cursor_skip(&c, (4 - name_len % 4) % 4);
		*at = s->offset + c.pos;
		text = cursor_take(&c, len);
		if (c.err)
			break;
		if (slice_eq(name, slice_of("FDO", 4)) && type == NOTE_PACKAGE)
			return slice_head(text, slice_find_byte(text, 0, 0));
		cursor_skip(&c, (4 - len % 4) % 4);
	}
	return (struct slice){0};
}
