// SPDX-License-Identifier: Apache-2.0
// Which kernel modules a tree holds, and which code kbuild says is built in
// (Documentation/kbuild/kbuild.rst, modules.builtin).

#include "inspect/scene.h"

#include "base/ban.h"

enum { NAMES_BYTES = 256 * 1024 };

/* "/lib/modules/5.10.0/kernel/net/foo-bar.ko.xz" is foo_bar: modprobe knows no difference. */
static bool module_name(struct slice path, struct buf *out)
{
	struct slice part = {0}, last = {0};
	size_t ko = 0;

	while (text_field(&path, '/', &part))
		last = part;
	ko = slice_find(last, slice_text(".ko"), 1);
	if (ko == SLICE_NONE || (last.len > ko + 3 && slice_at(last, ko + 3) != '.'))
		return false;
	if (out->len)
		buf_byte(out, ' ');
	for (size_t i = 0; i < ko; i++) {
		uint8_t c = slice_at(last, i);

		buf_byte(out, c == '-' || c <= ' ' ? '_' : c);
	}
	return true;
}

static void tell(struct scene *s, const char *what, uint64_t artifact, const struct buf *names)
{
	if (names->len && names->err == OK)
		scene_built(s, what, artifact, buf_slice(names));
	else if (names->err)
		scene_skip(s, "kernel-modules", artifact, slice_text(what), E_LIMIT,
			   saying(SAY_MANY_MODULES));
}

static void read_builtin(struct scene *s, const struct tree *t, const struct node *n)
{
	struct slice rest = {0}, line = {0};
	struct buf text, names;
	struct fault why = {0};

	buf_init(&text, LIMIT_CONFIG_BYTES);
	buf_init(&names, NAMES_BYTES);
	if (tree_read(t, n, &text, &why) == OK) {
		rest = buf_slice(&text);
		while (text_line(&rest, &line))
			(void)module_name(text_trim(line), &names);
		tell(s, "kernel-builtin", n->artifact, &names);
	} else {
		scene_skip_fault(s, "kernel-modules", n->artifact, n->entry.path, &why);
	}
	buf_release(&names);
	buf_release(&text);
}

static void modules_tree(struct scene *s, const struct tree *t)
{
	struct buf names;

	buf_init(&names, NAMES_BYTES);
	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->nodes[i];

		if (n->entry.type != ENTRY_FILE)
			continue;
		if (slice_ends(n->entry.path, "/modules.builtin"))
			read_builtin(s, t, n);
		else
			(void)module_name(n->entry.path, &names);
	}
	tell(s, "kernel-module", t->artifact, &names);
	buf_release(&names);
}

const struct inspector inspector_modules = {.name = "modules", .tree = modules_tree};
