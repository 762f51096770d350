// SPDX-License-Identifier: Apache-2.0
// The configuration a Linux kernel was built with, as it keeps it itself (CONFIG_IKCONFIG) or as a
// file: protections its sources offered and that were left out.

#include "inspect/scene.h"

#include "base/ban.h"

enum { HEAD_BYTES = 512, SYMBOLS_MIN = 5, NAME_MAX_BYTES = 80 };

enum value { VALUE_ABSENT, VALUE_OFF, VALUE_ON };

/*
 * Kconfig writes "# CONFIG_X is not set" for each option that the architecture, the version and the
 * other options offer, and nothing for one they do not. So a configuration itself says what was
 * offered, and a version table is not needed.
 */
struct setting {
	const char *name;
	const char *instead[3]; /* older or stronger names that do as well */
	bool must_be_off;
	const char *only_with; /* counts only when this is on */
	enum say why;
};

static const struct setting settings[] = {
	{.name = "STRICT_KERNEL_RWX", .instead = {"DEBUG_RODATA"}, .why = SAY_WHY_KERNEL_CODE},
	{.name = "DEBUG_RODATA",
	 .instead = {"STRICT_KERNEL_RWX", "ARM_KERNMEM_PERMS"},
	 .why = SAY_WHY_KERNEL_CODE},
	{.name = "STRICT_MODULE_RWX",
	 .instead = {"DEBUG_SET_MODULE_RONX"},
	 .only_with = "MODULES",
	 .why = SAY_WHY_MODULE_CODE},
	{.name = "STRICT_DEVMEM", .why = SAY_WHY_DEV_MEM},
	{.name = "DEVKMEM", .must_be_off = true, .why = SAY_WHY_DEV_KMEM},
	{.name = "STACKPROTECTOR",
	 .instead = {"CC_STACKPROTECTOR", "STACKPROTECTOR_STRONG"},
	 .why = SAY_WHY_KERNEL_STACK},
	{.name = "CC_STACKPROTECTOR",
	 .instead = {"CC_STACKPROTECTOR_REGULAR", "CC_STACKPROTECTOR_STRONG",
		     "CC_STACKPROTECTOR_AUTO"},
	 .why = SAY_WHY_KERNEL_STACK},
	{.name = "CC_STACKPROTECTOR_NONE", .must_be_off = true, .why = SAY_WHY_KERNEL_STACK},
	{.name = "MODULE_SIG", .only_with = "MODULES", .why = SAY_WHY_MODULE_SIGN},
	{.name = "RANDOMIZE_BASE", .why = SAY_WHY_FIXED_ADDRESS},
	{.name = "SECCOMP", .why = SAY_WHY_SECCOMP},
	{.name = "SYN_COOKIES", .only_with = "INET", .why = SAY_WHY_SYN_FLOOD},
};

struct config {
	enum value values[ARRAY_LEN(settings)];
	size_t lines[ARRAY_LEN(settings)];
	bool instead_on[ARRAY_LEN(settings)];
	bool with_on[ARRAY_LEN(settings)];
	size_t symbols;
};

/* "CONFIG_X=value" or "# CONFIG_X is not set" (scripts/kconfig/confdata.c). */
static bool symbol_read(struct slice line, struct slice *name, enum value *value)
{
	bool is_off = slice_starts(line, "# CONFIG_") && slice_ends(line, " is not set");
	size_t at = 0;

	if (is_off) {
		*name = slice_from(line, slice_text("# CONFIG_").len);
		*name = slice_head(*name, name->len - slice_text(" is not set").len);
		*value = VALUE_OFF;
		return name->len > 0;
	}
	at = slice_find_byte(line, '=', 0);
	if (!slice_starts(line, "CONFIG_") || at == SLICE_NONE)
		return false;
	*name = slice_from(slice_head(line, at), slice_text("CONFIG_").len);
	*value = slice_is(slice_from(line, at + 1), "n") ? VALUE_OFF : VALUE_ON;
	return name->len > 0 && name->len <= NAME_MAX_BYTES;
}

static void symbol_note(struct config *c, struct slice name, enum value value, size_t line)
{
	c->symbols++;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		const struct setting *s = &settings[i];

		if (slice_is(name, s->name)) {
			c->values[i] = value;
			c->lines[i] = line;
		}
		for (size_t k = 0; k < ARRAY_LEN(s->instead); k++)
			if (s->instead[k] && slice_is(name, s->instead[k]))
				c->instead_on[i] |= value == VALUE_ON;
		if (s->only_with && slice_is(name, s->only_with))
			c->with_on[i] |= value == VALUE_ON;
	}
}

static bool is_flaw(const struct config *c, size_t i)
{
	const struct setting *s = &settings[i];

	if (s->only_with && !c->with_on[i])
		return false;
	if (s->must_be_off)
		return c->values[i] == VALUE_ON;
	return c->values[i] == VALUE_OFF && !c->instead_on[i];
}

/* Two settings with one reason are one protection under its old and new name. */
static void judge(struct scene *s, const struct object *o, const struct config *c)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (!is_flaw(c, i))
			continue;
		scene_finding(s, "kernel-setting", o->artifact,
			      arena_print(s->scratch, "kernel:CONFIG_%s", settings[i].name),
			      say_line(s->scratch, c->lines[i]),
			      SAY(s->scratch,
				  settings[i].must_be_off ? SAY_KERNEL_ON : SAY_KERNEL_OFF,
				  slice_text(settings[i].name), say_word(settings[i].why)));
	}
}

/* "# Linux/arm 5.10.0 Kernel Configuration", or before 2.6.3x "# Linux kernel version: …". */
static bool is_config(const struct object *o)
{
	struct slice head = slice_head(o->data, HEAD_BYTES);

	return slice_at(head, 0) == '#' &&
	       (slice_find(head, slice_text("Kernel Configuration"), 0) != SLICE_NONE ||
		slice_find(head, slice_text("Linux kernel version:"), 0) != SLICE_NONE);
}

/* Every symbol that is on, for whoever asks whether some code is built in. */
static void tell_built(struct scene *s, const struct object *o)
{
	struct slice rest = o->data, line, name;
	enum value value = VALUE_ABSENT;
	struct buf on;

	buf_init(&on, LIMIT_CONFIG_BYTES);
	while (text_line(&rest, &line)) {
		if (!symbol_read(line, &name, &value) || value != VALUE_ON)
			continue;
		if (on.len)
			buf_byte(&on, ' ');
		buf_add(&on, name);
	}
	if (on.err == OK)
		scene_built(s, "kernel-config", o->artifact, buf_slice(&on));
	buf_release(&on);
}

static void kernelconfig_object(struct scene *s, const struct object *o)
{
	struct config c = {0};
	struct slice rest = o->data, line, name;
	enum value value = VALUE_ABSENT;
	size_t number = 0;

	if (!is_config(o) || o->data.len > LIMIT_CONFIG_BYTES)
		return;
	while (text_line(&rest, &line)) {
		number++;
		if (symbol_read(line, &name, &value))
			symbol_note(&c, name, value, number);
	}
	/* a header file or a fragment says nothing about what was left out */
	if (c.symbols < SYMBOLS_MIN)
		return;
	scene_coverage(s, "kernel-config", 1, 1);
	judge(s, o, &c);
	tell_built(s, o);
}

const struct inspector inspector_kernelconfig = {.name = "kernelconfig",
						 .object = kernelconfig_object};
