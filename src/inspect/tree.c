// SPDX-License-Identifier: Apache-2.0
// Looking things up in a virtual tree. Links are data: they are followed here, inside the tree.

#include "inspect/scene.h"

#include "base/ban.h"

const struct node *tree_node(const struct tree *t, struct slice path)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (slice_cmp(t->nodes[mid].entry.path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < t->n && slice_eq(t->nodes[lo].entry.path, path))
		return &t->nodes[lo];
	return NULL;
}

/* A path being resolved: the part walked so far, and what is still to walk. */
struct lookup {
	struct buf done, rest;
	unsigned links;
};

static void step_back(struct lookup *l)
{
	while (l->done.len && l->done.data[l->done.len - 1] != '/')
		l->done.len--;
	if (l->done.len)
		l->done.len--;
}

/* A link: its target takes its place, before what is left to walk. */
static bool follow(struct lookup *l, struct slice target, struct slice rest)
{
	struct buf next;

	if (++l->links > LIMIT_LINKS)
		return false;
	if (slice_starts(target, "/"))
		buf_clear(&l->done);
	else
		step_back(l);
	buf_init(&next, 2 * LIMIT_PATH_BYTES);
	buf_add(&next, target);
	buf_byte(&next, '/');
	buf_add(&next, rest);

	bool is_ok = next.err == OK;

	buf_release(&l->rest);
	l->rest = next;
	return is_ok;
}

static const struct node *walk(const struct tree *t, struct lookup *l)
{
	const struct node *n = NULL;

	for (;;) {
		struct slice rest = buf_slice(&l->rest), part = {0};

		while (text_field(&rest, '/', &part) && (part.len == 0 || slice_is(part, ".")))
			;
		if (part.len == 0 || slice_is(part, "."))
			return n;
		if (slice_is(part, "..")) {
			step_back(l);
			n = l->done.len ? tree_node(t, buf_slice(&l->done)) : NULL;
		} else {
			buf_byte(&l->done, '/');
			buf_add(&l->done, part);
			n = l->done.err ? NULL : tree_node(t, buf_slice(&l->done));
			if (!n)
				return NULL;
			if (n->entry.type == ENTRY_LINK) {
				if (!follow(l, n->entry.link, rest))
					return NULL;
				continue;
			}
		}

		struct buf next;

		buf_init(&next, 2 * LIMIT_PATH_BYTES);
		buf_add(&next, rest);
		buf_release(&l->rest);
		l->rest = next;
	}
}

const struct node *tree_find(const struct tree *t, struct slice path)
{
	struct lookup l = {0};

	buf_init(&l.done, LIMIT_PATH_BYTES);
	buf_init(&l.rest, 2 * LIMIT_PATH_BYTES);
	buf_add(&l.rest, path);

	const struct node *n = l.rest.err ? NULL : walk(t, &l);

	buf_release(&l.done);
	buf_release(&l.rest);
	return n;
}

enum err tree_read(const struct tree *t, const struct node *n, struct buf *out, struct fault *why)
{
	buf_clear(out);
	if (n->entry.type != ENTRY_FILE || n->entry.damage.code)
		return fault_set(why, E_UNSUPPORTED, 0, "not a readable file");
	if (n->entry.size > LIMIT_CONFIG_BYTES)
		return fault_set(why, E_LIMIT, 0, "too large for a settings file");

	enum err e = t->format->read(t->state, &n->entry, out, why);

	if (e == OK && out->len > LIMIT_CONFIG_BYTES)
		e = fault_set(why, E_LIMIT, 0, "too large for a settings file");
	return e;
}

static bool has(const struct tree *t, const char *path)
{
	return tree_node(t, slice_text(path)) != NULL;
}

/* Mount points of a settings area are empty folders; those of a system hold programs. */
static bool holds(const struct tree *t, const char *folder)
{
	for (size_t i = 0; i < t->n; i++)
		if (slice_starts(t->nodes[i].entry.path, folder))
			return true;
	return false;
}

bool tree_is_root(const struct tree *t)
{
	return has(t, "/etc") && (holds(t, "/bin/") || holds(t, "/sbin/") || holds(t, "/usr/bin/"));
}
