// SPDX-License-Identifier: Apache-2.0
// Settings of the U-Boot boot loader: environments in flash (CRC-32, NUL-separated key=value,
// env/common.c of U-Boot) and the defaults compiled into its code (include/env_default.h).

#include "inspect/firmware/quote.h"
#include "inspect/scene.h"

#include "base/ban.h"

enum {
	VARIABLE_MAX = 8192,
	VARIABLES_MIN = 2,
	KEY_BACK = 64,
	REACH_BACK = 64 * 1024,
	BLOCK_MAX = 256 * 1024, /* the largest environment in use */
	RUN_DEPTH = 8,
	LOOKUPS_MAX = 64, /* variables followed from one bootcmd */
};

/* Where a block of variables lies in the object. */
struct block {
	struct slice vars; /* key=value NUL key=value NUL … */
	size_t at;
	size_t stored_bytes; /* with CRC; 0: not in flash, but compiled in */
	bool is_redundant;
};

struct desk {
	struct scene *scene;
	const struct object *object;
	const struct block *block;
	unsigned lookups;
};

/* --- finding blocks --- */

static bool is_text_byte(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r' || c >= 0x80;
}

static bool is_key_byte(uint8_t c)
{
	return text_is_alnum((char)c) || c == '_' || c == '-' || c == '.' || c == '#' || c == '/' ||
	       c == ':';
}

/* NUL-ended text from `at`; empty when there is none. */
static struct slice string_at(struct slice in, size_t at)
{
	struct slice from = slice_head(slice_from(in, at), VARIABLE_MAX);
	size_t n = 0;

	while (n < from.len && is_text_byte(slice_at(from, n)))
		n++;
	return n < from.len && slice_at(from, n) == 0 ? slice_head(from, n) : (struct slice){0};
}

static bool is_variable(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_key_byte(slice_at(s, n)))
		n++;
	return n > 0 && slice_at(s, n) == '=';
}

/* Where the variable that ends before the NUL at `end` starts; `end` when there is none. Its key
 * ends at the first `=` that has one. */
static size_t variable_before(struct slice in, size_t end)
{
	size_t from = end, stop = end > VARIABLE_MAX ? end - VARIABLE_MAX : 0;

	while (from > stop && is_text_byte(slice_at(in, from - 1)) && slice_at(in, from - 1) < 0x80)
		from--;
	for (size_t eq = from; eq < end; eq++) {
		size_t key = eq;

		if (slice_at(in, eq) != '=')
			continue;
		while (key > from && is_key_byte(slice_at(in, key - 1)))
			key--;
		if (key < eq)
			return key;
	}
	return end;
}

/* All variables around the one at `at`. */
static struct block block_around(struct slice in, size_t at)
{
	size_t from = at, to = at;
	struct block b = {0};

	/* the rest of a longer key, or text that stands before the first key */
	while (from > 0 && at - from < KEY_BACK && is_key_byte(slice_at(in, from - 1)))
		from--;
	to = from;
	while (from > 1 && slice_at(in, from - 1) == 0 && at - from < REACH_BACK) {
		size_t before = variable_before(in, from - 1);

		if (before == from - 1)
			break;
		/* a string that does not start behind a NUL is the first of its block */
		bool is_first = before == 0 || slice_at(in, before - 1) != 0;

		from = before;
		if (is_first)
			break;
	}
	while (to - from < BLOCK_MAX) {
		struct slice s = string_at(in, to);

		if (!is_variable(s))
			break;
		to += s.len + 1;
	}
	b.at = from;
	b.vars = slice_head(slice_from(in, from), to - from);
	return b;
}

/* include/env_internal.h: CRC-32 of the data in the CPU's order, then, with a redundant copy, a
 * flag byte. */
static void crc_check(struct slice in, struct block *b)
{
	static const size_t sizes[] = {0x400,  0x800,   0x1000,  0x2000, 0x4000,
				       0x8000, 0x10000, 0x20000, 0x40000};

	for (size_t flag = 0; flag < 2; flag++) {
		if (b->at < 4 + flag)
			continue;

		size_t start = b->at - 4 - flag;
		struct cursor c = cursor_at(in, start);
		uint32_t big = cursor_u32be(&c);

		c = cursor_at(in, start);

		uint32_t little = cursor_u32le(&c);

		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			struct slice data = {0};

			if (slice_cut(in, b->at, sizes[i] - 4 - flag, &data) != OK)
				break;

			uint32_t crc = checksum_crc32(data);

			if (crc != big && crc != little)
				continue;
			b->stored_bytes = sizes[i];
			b->is_redundant = flag;
			return;
		}
	}
}

/* --- variables --- */

static bool variable_next(struct slice *rest, struct slice *key, struct slice *value)
{
	struct slice s = string_at(*rest, 0);
	size_t eq = slice_find_byte(s, '=', 0);

	if (eq == SLICE_NONE)
		return false;
	*rest = slice_from(*rest, s.len + 1);
	*key = slice_head(s, eq);
	*value = slice_from(s, eq + 1);
	return true;
}

/* The first variable of compiled-in defaults may follow other text without a NUL. */
static bool is_key(struct slice key, const char *name, bool is_first)
{
	size_t n = slice_text(name).len;

	if (slice_is(key, name))
		return true;
	return is_first && slice_starts(slice_text(name), "boot") && slice_ends(key, name) &&
	       slice_at(key, key.len - n - 1) != '_';
}

static bool variable_find(const struct block *b, const char *name, struct slice *value)
{
	struct slice rest = b->vars, key;
	bool is_first = true;

	while (variable_next(&rest, &key, value)) {
		if (is_key(key, name, is_first))
			return true;
		is_first = false;
	}
	return false;
}

static struct slice where(const struct desk *d)
{
	return say_word(d->block->stored_bytes ? SAY_ENVIRONMENT_FLASH : SAY_ENVIRONMENT_BUILT_IN);
}

static void say(struct desk *d, const char *setting, struct slice evidence)
{
	struct arena *a = d->scene->scratch;

	scene_finding(d->scene, "boot-open", d->object->artifact,
		      arena_print(a, "boot:%s", setting), say_at(a, d->block->at), evidence);
}

/* "name=value", fit to be shown. */
static struct slice assignment(struct desk *d, const char *name, struct slice value)
{
	struct arena *a = d->scene->scratch;

	return evidence_line(a, arena_print(a, "%s=%.*s", name, (int)slice_head(value, 512).len,
					    (const char *)value.ptr));
}

/*
 * common/autoboot.c: 0 still looks for a key (Kconfig, BOOTDELAY; older sources do so with
 * CONFIG_ZERO_BOOTDELAY_CHECK), -1 stops at the prompt, -2 boots without looking. A stop string
 * kept as a hash closes it.
 */
static void check_delay(struct desk *d)
{
	struct slice value, hash, digits;
	uint64_t n;
	bool is_negative;

	if (!variable_find(d->block, "bootdelay", &value) ||
	    variable_find(d->block, "bootstopkeysha256", &hash) ||
	    variable_find(d->block, "bootstopkeycrypt", &hash))
		return;
	digits = text_trim(value);
	is_negative = slice_at(digits, 0) == '-';
	if (text_u64(slice_from(digits, is_negative), 10, &n) != OK)
		return;
	if (!is_negative || n == 1)
		say(d, "bootdelay",
		    SAY(d->scene->scratch, is_negative ? SAY_BOOT_PROMPT : SAY_BOOT_KEY, where(d),
			assignment(d, "bootdelay", value)));
}

static bool is_word_byte(char c)
{
	return text_is_alnum(c) || c == '_' || c == '-';
}

/* The word stands alone in a command line. */
static bool has_word(struct slice s, const char *word)
{
	size_t n = slice_text(word).len, at = slice_find(s, slice_text(word), 0);

	while (at != SLICE_NONE) {
		bool starts = at == 0 || !is_word_byte((char)slice_at(s, at - 1));
		bool ends = at + n >= s.len || !is_word_byte((char)slice_at(s, at + n));

		if (starts && ends)
			return true;
		at = slice_find(s, slice_text(word), at + n);
	}
	return false;
}

/* Commands that fetch what is booted from the network or from a medium that can be put in. */
static const char *outside_source(struct slice commands)
{
	static const char *const words[] = {"tftp",  "tftpboot", "tftpb",       "dhcp",
					    "bootp", "nfs",      "rarpboot",    "pxe",
					    "usb",   "usbboot",  "fatload mmc", "loadb",
					    "loady", "loadx",    "wget",        "mmc rescan"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (has_word(commands, words[i]))
			return words[i];
	return NULL;
}

/* The list that distro_bootcmd (include/config_distro_bootcmd.h) goes through: usb0 pxe dhcp … */
static const char *outside_target(struct desk *d)
{
	static const char *const targets[] = {"usb", "dhcp", "pxe"};
	struct slice value;

	for (size_t i = 0;
	     i < ARRAY_LEN(targets) && variable_find(d->block, "boot_targets", &value); i++)
		if (slice_find(value, slice_text(targets[i]), 0) != SLICE_NONE)
			return targets[i];
	return NULL;
}

/* `run a b` names variables with commands; distro_bootcmd goes through boot_targets. */
static const char *follow(struct desk *d, struct slice commands, unsigned depth)
{
	const char *found = outside_source(commands);
	struct slice rest = commands, word, value;
	bool after_run = false;

	while (!found && depth < RUN_DEPTH && text_word(&rest, &word)) {
		bool ends = slice_ends(word, ";");

		word = slice_head(word, word.len - (ends ? 1 : 0));
		if (after_run && d->lookups++ < LOOKUPS_MAX &&
		    variable_find(d->block, arena_text(d->scene->scratch, word), &value))
			found = follow(d, value, depth + 1);
		after_run = !ends && (after_run || slice_is(word, "run"));
	}
	if (!found && slice_find(commands, slice_text("boot_targets"), 0) != SLICE_NONE)
		found = outside_target(d);
	return found;
}

static void check_command(struct desk *d)
{
	struct slice value;
	const char *source = NULL;

	if (!variable_find(d->block, "bootcmd", &value))
		return;
	source = follow(d, value, 0);
	if (source)
		say(d, "bootcmd",
		    SAY(d->scene->scratch, SAY_BOOT_OUTSIDE, slice_text(source), where(d),
			assignment(d, "bootcmd", value)));
}

/* A shell as first process, or single user (kernel-parameters.txt, init(8)). */
static void check_arguments(struct desk *d)
{
	static const char *const shells[] = {"init=/bin/sh", "init=/bin/ash", "init=/bin/bash",
					     "init=/bin/busybox"};
	struct slice value, rest, word;
	bool is_open = false;

	if (!variable_find(d->block, "bootargs", &value))
		return;
	rest = value;
	while (text_word(&rest, &word)) {
		for (size_t i = 0; i < ARRAY_LEN(shells); i++)
			is_open |= slice_is(word, shells[i]);
		is_open |= slice_is(word, "single") || slice_is(word, "S") || slice_is(word, "1");
	}
	if (is_open)
		say(d, "bootargs",
		    SAY(d->scene->scratch, SAY_BOOT_SHELL, where(d),
			assignment(d, "bootargs", value)));
}

/* A CRC-32 keeps nobody from writing another environment. */
static void check_changeable(struct desk *d)
{
	struct arena *a = d->scene->scratch;

	if (d->block->stored_bytes)
		say(d, "environment",
		    SAY(a, d->block->is_redundant ? SAY_BOOT_CRC_ONLY_TWICE : SAY_BOOT_CRC_ONLY,
			where(d), say_number(a, d->block->stored_bytes)));
}

static size_t block_variables(const struct block *b)
{
	struct slice rest = b->vars, key, value;
	size_t n = 0;

	while (variable_next(&rest, &key, &value))
		n++;
	return n;
}

static void block_look(struct scene *s, const struct object *o, struct block *b)
{
	struct desk d = {.scene = s, .object = o, .block = b};

	crc_check(o->data, b);
	scene_coverage(s, "boot-loader", 1, 1);
	check_delay(&d);
	check_command(&d);
	check_arguments(&d);
	check_changeable(&d);
}

/* Blobs, and files that are boot loaders or dumps by their names. Boxes show what they hold by
 * themselves. */
static bool is_looked_at(const struct object *o)
{
	static const char *const names[] = {"*u-boot*", "*uboot*",  "*bootloader*", "*/mtd*",
					    "*uEnv*",   "*env.bin", "*.env"};

	if (o->format && o->format->open)
		return false;
	for (size_t i = 0; o->entry && i < ARRAY_LEN(names); i++)
		if (text_glob(o->name, names[i]))
			return true;
	return !o->entry;
}

static size_t anchor_next(struct slice in, size_t from)
{
	static const char *const anchors[] = {"bootcmd=", "bootdelay=", "bootargs="};
	struct slice boot = slice_text("boot");

	for (size_t at = slice_find(in, boot, from); at != SLICE_NONE;
	     at = slice_find(in, boot, at + 1))
		for (size_t i = 0; i < ARRAY_LEN(anchors); i++)
			if (slice_starts(slice_from(in, at), anchors[i]))
				return at;
	return SLICE_NONE;
}

/* Behind the text that starts at `at`: one look at each stretch of text is enough. */
static size_t text_end(struct slice in, size_t at)
{
	size_t stop = at + VARIABLE_MAX;

	do
		at++;
	while (at < stop && at < in.len && is_text_byte(slice_at(in, at)));
	return at;
}

static void bootenv_object(struct scene *s, const struct object *o)
{
	size_t at = 0, blocks = 0;

	if (!is_looked_at(o))
		return;
	while ((at = anchor_next(o->data, at)) != SLICE_NONE) {
		struct block b = block_around(o->data, at);
		size_t end = b.at + b.vars.len;

		at = end > at ? end : text_end(o->data, at);
		/* one such string by itself is a message or a script */
		if (block_variables(&b) < VARIABLES_MIN)
			continue;
		if (++blocks > LIMIT_BOOT_SETTINGS) {
			scene_skip(s, "boot-loader", o->artifact, o->path, E_LIMIT,
				   saying(SAY_MANY_ENVIRONMENTS));
			return;
		}
		block_look(s, o, &b);
	}
}

const struct inspector inspector_bootenv = {.name = "bootenv", .object = bootenv_object};
