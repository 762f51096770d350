// SPDX-License-Identifier: Apache-2.0
// What development left in the image: debuggers and analysers, debug information, symbol tables,
// and uncompiled source. Kernel modules and the symbols of dynamic linking do not count.

#include "format/elf.h"

#include "inspect/scene.h"

#include "base/ban.h"

/* --- debuggers and analysers, by file name --- */

static const char *const tools[] = {
	"gdb",          "gdbserver",    "gdb-multiarch",
	"*-gdb",        "lldb",         "lldb-server",
	"strace",       "strace64",     "strace-log-merge",
	"ltrace",       "tcpdump",      "tcpdump-mini",
	"tshark",       "dumpcap",      "ngrep",
	"valgrind",     "valgrind.bin", "perf",
	"perf_*",       "openocd",      "oprofiled",
	"operf",        "opcontrol",    "trace-cmd",
	"bpftrace",     "sysprof*",     "frida-server*",
	"frida-inject", "radare2",      "r2",
	"objdump",      "readelf",      "addr2line",
	"heaptrack",    "memleax",      "ktap",
	"latencytop",   "blktrace",     "nmap",
	"kexec-gdb",    "kgdboe",
};

static struct slice last_component(struct slice path)
{
	for (size_t i = path.len; i > 0; i--)
		if (slice_at(path, i - 1) == '/')
			return slice_from(path, i);
	return path;
}

static bool is_tool_name(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(tools); i++)
		if (text_glob(name, tools[i]))
			return true;
	return false;
}

/* --- source, by file name and by what it looks like --- */

static bool looks_like_c(struct slice s)
{
	static const char *const words[] = {"#include", "#define", "#ifndef", "#pragma"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_find(s, slice_text(words[i]), 0) != SLICE_NONE)
			return true;
	return false;
}

static bool looks_like_java(struct slice s)
{
	return slice_find(s, slice_text("class "), 0) != SLICE_NONE &&
	       slice_find(s, slice_text("{"), 0) != SLICE_NONE;
}

static bool looks_like_archive(struct slice s)
{
	return slice_starts(s, "!<arch>\n");
}

/* A linker's map, or a source map of web code (its "mappings" are fixed, ECMA-426). */
static bool looks_like_map(struct slice s)
{
	return slice_find(s, slice_text("Linker script and memory map"), 0) != SLICE_NONE ||
	       slice_find(s, slice_text("Memory Configuration"), 0) != SLICE_NONE ||
	       (slice_starts(text_trim(s), "{") &&
		slice_find(s, slice_text("\"mappings\""), 0) != SLICE_NONE);
}

/* A table of kernel symbols: "80001000 T _text". */
static bool looks_like_symbols(struct slice s)
{
	struct slice line = {0}, word = {0};
	uint64_t address = 0;

	return text_line(&s, &line) && text_word(&line, &word) &&
	       text_u64(word, 16, &address) == OK && text_word(&line, &word) && word.len == 1 &&
	       text_word(&line, &word) && !text_word(&line, &word);
}

static bool looks_like_object(struct slice s)
{
	/* e_type is the half word behind e_ident, in either order */
	return slice_starts(s, "\x7f"
			       "ELF") &&
	       slice_at(s, 16) + slice_at(s, 17) == ET_REL;
}

struct source_kind {
	const char *pattern;
	enum say what;
	bool is_text;
	bool (*looks_like)(struct slice data);
};

static const struct source_kind source_kinds[] = {
	{"*.c", SAY_SOURCE_C, true, looks_like_c},
	{"*.h", SAY_SOURCE_C_HEADER, true, looks_like_c},
	{"*.cc", SAY_SOURCE_CPP, true, looks_like_c},
	{"*.cpp", SAY_SOURCE_CPP, true, looks_like_c},
	{"*.cxx", SAY_SOURCE_CPP, true, looks_like_c},
	{"*.hpp", SAY_SOURCE_CPP_HEADER, true, looks_like_c},
	{"*.S", SAY_SOURCE_ASSEMBLER, true, looks_like_c},
	{"*.java", SAY_SOURCE_JAVA, true, looks_like_java},
	{"*.map", SAY_SOURCE_MAP, true, looks_like_map},
	{"System.map*", SAY_SOURCE_SYMBOLS, true, looks_like_symbols},
	{"*.o", SAY_SOURCE_OBJECT, false, looks_like_object},
	{"*.a", SAY_SOURCE_LIBRARY, false, looks_like_archive},
};

/* pyconfig.h is read by Python programs as they run. */
static bool is_script_header(struct slice name)
{
	return slice_is(name, "pyconfig.h");
}

static enum say source_kind(const struct object *o, struct slice name)
{
	struct slice head = slice_head(o->data, LIMIT_CONFIG_BYTES);

	for (size_t i = 0; i < ARRAY_LEN(source_kinds); i++) {
		const struct source_kind *k = &source_kinds[i];

		if (text_glob(name, k->pattern) && k->is_text == o->is_text &&
		    !is_script_header(name) && k->looks_like(head))
			return k->what;
	}
	return SAY_NOTHING;
}

/* --- reports --- */

static void report(struct scene *s, const struct object *o, const char *rule, struct slice evidence)
{
	struct slice name = o->name.len ? o->name : o->path;

	scene_finding(s, rule, o->artifact,
		      arena_print(s->scratch, "debug:%.*s", (int)name.len, (const char *)name.ptr),
		      (struct slice){0}, evidence);
}

/* Does the symbol table name any function or object? An empty one tells nothing. */
static bool names_anything(const struct elf *e, struct slice *name)
{
	struct elf_symbol sym = {0};
	size_t at = 0;

	while (elf_symbol_next(e, &at, &sym))
		if (sym.name.len && (sym.type == STT_FUNC || sym.type == STT_OBJECT)) {
			*name = sym.name;
			return true;
		}
	return false;
}

static struct slice debug_section_name(const struct elf *e)
{
	for (size_t i = 0; i < e->sections_n; i++)
		if (slice_starts(e->sections[i].name, ".debug_") ||
		    slice_starts(e->sections[i].name, ".zdebug_") ||
		    slice_is(e->sections[i].name, ".stab"))
			return e->sections[i].name;
	return (struct slice){0};
}

/* Executables and libraries; object files are source_kind's, kernel modules nobody's. */
static void elf_inspect(struct scene *s, const struct object *o)
{
	struct elf e = {0};
	struct slice name = {0};

	/* what cannot be read is reported once, under the subject "elf" */
	if (elf_read(o->data, s->scratch, &e, NULL) != OK ||
	    (e.type != ET_EXEC && e.type != ET_DYN))
		return;
	if (e.has_debug) {
		name = debug_section_name(&e);
		report(s, o, "debug-symbols", SAY(s->scratch, SAY_DEBUG_SECTION, name));
	}
	if (names_anything(&e, &name))
		report(s, o, "symbol-table", SAY(s->scratch, SAY_SYMBOL_SECTION, name));
}

static void debug_object(struct scene *s, const struct object *o)
{
	struct slice name = last_component(o->name.len ? o->name : o->path);
	bool is_elf = slice_starts(o->data, "\x7f"
					    "ELF");
	enum say source = source_kind(o, name);

	if (is_tool_name(name) && (is_elf || slice_starts(o->data, "#!")))
		report(s, o, "debug-tool",
		       SAY(s->scratch, is_elf ? SAY_TOOL_PROGRAM : SAY_TOOL_SCRIPT, name));
	if (source)
		report(s, o, "source-left", saying(source));
	if (is_elf)
		elf_inspect(s, o);
	if (o->name.len == 0 && is_elf) /* a lone program; files of trees are summed up below */
		scene_coverage(s, "debug-files", 1, 1);
}

static void debug_tree(struct scene *s, const struct tree *t)
{
	uint64_t seen = 0, total = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->nodes[i].entry.type != ENTRY_FILE)
			continue;
		total++;
		seen += t->nodes[i].entry.damage.code == OK;
	}
	scene_coverage(s, "debug-files", seen, total);
}

const struct inspector inspector_debug = {
	.name = "debug",
	.object = debug_object,
	.tree = debug_tree,
};
