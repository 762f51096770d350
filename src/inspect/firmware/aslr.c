// SPDX-License-Identifier: Apache-2.0
// Address randomisation switched off: kernel.randomize_va_space = 0 (Linux, sysctl/kernel.txt) in
// sysctl files and scripts, and `norandmaps` in kernel command lines.

#include "inspect/firmware/aslr.h"

#include "base/ban.h"

#define SYSCTL_NAME "randomize_va_space"
#define KERNEL_WORD "norandmaps"

/* Sightings of the word that are looked at in one object. */
enum { WORD_TRIES = 64 };

/* The first field is 0: what follows `=`, or what `echo` writes. Quotes do not matter. */
static bool is_zero(struct slice value)
{
	value = text_trim(value);
	if (slice_at(value, 0) == '"' || slice_at(value, 0) == '\'')
		value = slice_from(value, 1);
	return slice_at(value, 0) == '0' && !text_is_alnum((char)slice_at(value, 1));
}

/* The word before the redirection that ends `before`: "echo 0 >" gives "0". */
static struct slice written(struct slice before)
{
	struct slice word = {0}, last = {0},
		     rest = slice_head(before, slice_find_byte(before, '>', 0));

	while (text_word(&rest, &word))
		last = word;
	return last;
}

static bool line_switches_off(struct slice line)
{
	struct slice trimmed = text_trim(line);
	size_t at = slice_find(trimmed, slice_text(SYSCTL_NAME), 0);
	uint8_t first = slice_at(trimmed, 0);

	if (at == SLICE_NONE || first == '#' || first == ';')
		return false;

	struct slice before = slice_head(trimmed, at);
	struct slice after = text_trim(slice_from(trimmed, at + sizeof SYSCTL_NAME - 1));

	if (slice_at(after, 0) == '=')
		return is_zero(slice_from(after, 1));
	if (slice_find_byte(before, '>', 0) != SLICE_NONE)
		return is_zero(written(before));
	/* echo 0 | tee /proc/sys/kernel/randomize_va_space */
	return slice_find(before, slice_text("echo 0"), 0) != SLICE_NONE &&
	       slice_find_byte(before, '|', 0) != SLICE_NONE;
}

/* The word stands alone, and its line (or NUL-ended string) is a kernel command line. */
static bool is_command_line(struct slice text, size_t at)
{
	static const char *const signs[] = {"console=", "root=", "init=", "bootargs",
					    "rootfstype="};
	size_t from = at, to = at + sizeof KERNEL_WORD - 1;
	uint8_t next = slice_at(text, to);
	uint8_t last = at ? slice_at(text, at - 1) : ' ';

	if (text_is_alnum((char)next) || text_is_alnum((char)last))
		return false;
	while (from > 0 && at - from < LIMIT_TEXT_BYTES && slice_at(text, from - 1) != 0 &&
	       slice_at(text, from - 1) != '\n')
		from--;
	while (to < text.len && to - at < LIMIT_TEXT_BYTES && slice_at(text, to) != 0 &&
	       slice_at(text, to) != '\n')
		to++;

	struct slice line = slice_head(slice_from(text, from), to - from);

	for (size_t i = 0; i < ARRAY_LEN(signs) && slice_at(text_trim(line), 0) != '#'; i++)
		if (slice_find(line, slice_text(signs[i]), 0) != SLICE_NONE)
			return true;
	return false;
}

static void report(struct scene *s, const struct object *o, struct slice location,
		   enum say evidence)
{
	struct slice name = o->name.len ? o->name : o->path;

	scene_finding(s, "aslr-off", o->artifact,
		      arena_print(s->scratch, "aslr:%.*s", (int)name.len, (const char *)name.ptr),
		      location, saying(evidence));
}

/* Sysctl files and scripts, not manuals that speak of the setting. */
static bool is_obeyed(const struct object *o)
{
	return slice_starts(o->data, "#!") || slice_ends(o->name, ".sh") ||
	       slice_find(o->name, slice_text("sysctl"), 0) != SLICE_NONE ||
	       slice_find(o->name, slice_text("/etc/"), 0) != SLICE_NONE ||
	       (o->entry && o->entry->mode & 0111);
}

static void lines_inspect(struct scene *s, const struct object *o)
{
	struct slice rest = o->data, line = {0};

	for (uint64_t number = 1; text_line(&rest, &line); number++)
		if (line_switches_off(line)) {
			report(s, o, say_line(s->scratch, number), SAY_ASLR_SYSCTL);
			return;
		}
}

static void words_inspect(struct scene *s, const struct object *o)
{
	struct slice word = slice_text(KERNEL_WORD);
	size_t tries = 0;

	for (size_t at = slice_find(o->data, word, 0); at != SLICE_NONE && tries++ < WORD_TRIES;
	     at = slice_find(o->data, word, at + 1))
		if (is_command_line(o->data, at)) {
			report(s, o, say_at(s->scratch, at), SAY_ASLR_WORD);
			return;
		}
}

void aslr_inspect(struct scene *s, const struct object *o)
{
	bool is_part = o->name.len == 0;

	if (o->data.len == 0 || o->data.len > LIMIT_CONFIG_BYTES || !(o->is_text || is_part))
		return;
	if (o->is_text && is_obeyed(o) &&
	    slice_find(o->data, slice_text(SYSCTL_NAME), 0) != SLICE_NONE)
		lines_inspect(s, o);
	words_inspect(s, o);
}
