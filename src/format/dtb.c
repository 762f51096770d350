// SPDX-License-Identifier: Apache-2.0
// Flattened device trees (Devicetree Specification v0.4, chapter 5): the walker, and plain trees.

#include "format/dtb.h"
#include "format/format.h"

#include <stdio.h>
#include <string.h>

#include "base/ban.h"

enum {
	VERSION_LEAST = 16, /* 5.2: before it, names and alignment were others */
	VERSION_SIZED = 17, /* size_dt_struct exists from here */
	/* 5.4.1 */
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROP = 3,
	TOKEN_NOP = 4,
	TOKEN_END = 9,
};

static const struct magic magics[] = {{.at = 0, .len = 4, .bytes = "\xd0\x0d\xfe\xed"}};

struct header {
	uint32_t magic, total, at_structure, at_strings, at_reserved, version, compatible;
	uint32_t strings_len, structure_len;
};

static struct header header_fields(struct cursor *c)
{
	struct header h = {0};

	h.magic = cursor_u32be(c);
	h.total = cursor_u32be(c);
	h.at_structure = cursor_u32be(c);
	h.at_strings = cursor_u32be(c);
	h.at_reserved = cursor_u32be(c);
	h.version = cursor_u32be(c);
	h.compatible = cursor_u32be(c);
	cursor_skip(c, 4); /* boot_cpuid_phys */
	h.strings_len = cursor_u32be(c);
	if (h.version >= VERSION_SIZED)
		h.structure_len = cursor_u32be(c);
	else
		h.structure_len = h.total > h.at_structure ? h.total - h.at_structure : 0;
	return h;
}

enum err dtb_read(struct slice in, struct dtb *out, struct fault *why)
{
	struct cursor c = {.in = in};
	struct header h = header_fields(&c);
	struct dtb t = {.version = h.version, .structure_at = h.at_structure};

	if (c.err)
		return fault_set(why, c.err, c.pos, "dtb: header cut short");
	if (h.magic != DTB_MAGIC)
		return fault_set(why, E_MAGIC, 0, "dtb: bad magic");
	if (h.version < VERSION_LEAST || h.compatible > VERSION_SIZED)
		return fault_set(why, E_UNSUPPORTED, 20, "dtb: version %u", (unsigned)h.version);
	if (slice_cut(in, 0, h.total, &t.blob) != OK)
		return fault_set(why, E_SHORT, 4, "dtb: cut short");
	if (h.at_structure % 4 || h.at_reserved % 8 || h.at_reserved > h.total ||
	    slice_cut(t.blob, h.at_structure, h.structure_len, &t.structure) != OK ||
	    slice_cut(t.blob, h.at_strings, h.strings_len, &t.strings) != OK)
		return fault_set(why, E_RANGE, 8, "dtb: a block lies outside");
	*out = t;
	return OK;
}

struct dtb_walk dtb_walk(const struct dtb *tree)
{
	return (struct dtb_walk){.tree = tree, .at = {.in = tree->structure}};
}

/* Text up to a NUL that must come soon: a crafted block without NULs must not cost its size each
 * time. */
static enum err text_at(struct slice in, uint64_t at, struct slice *out)
{
	struct slice s = slice_head(slice_from(in, at), LIMIT_NAME_BYTES + 1);
	size_t end = slice_find_byte(s, 0, 0);

	if (end == SLICE_NONE)
		return E_CORRUPT;
	*out = slice_head(s, end);
	return OK;
}

static void align(struct cursor *c)
{
	cursor_skip(c, (4 - c->pos % 4) % 4);
}

static enum err node_begin(struct dtb_walk *w, struct dtb_event *out, struct fault *why)
{
	struct slice name = {0};

	if (w->depth >= DTB_DEPTH_MAX)
		return fault_set(why, E_LIMIT, w->at.pos, "dtb: nodes too deep");
	if (w->depth == 0 && w->has_root)
		return fault_set(why, E_CORRUPT, w->at.pos, "dtb: a second root");
	if (text_at(w->at.in, w->at.pos, &name) != OK)
		return fault_set(why, E_CORRUPT, w->at.pos, "dtb: node name does not end");
	cursor_skip(&w->at, name.len + 1);
	align(&w->at);
	if (w->at.err)
		return fault_set(why, w->at.err, w->at.pos, "dtb: node name cut short");
	w->depth++;
	w->has_root = true;
	*out = (struct dtb_event){.kind = DTB_NODE, .depth = w->depth, .name = name};
	return OK;
}

static enum err node_end(struct dtb_walk *w, struct dtb_event *out, struct fault *why)
{
	if (w->depth == 0)
		return fault_set(why, E_CORRUPT, w->at.pos, "dtb: end of no node");
	*out = (struct dtb_event){.kind = DTB_NODE_END, .depth = w->depth};
	w->depth--;
	return OK;
}

static enum err property(struct dtb_walk *w, struct dtb_event *out, struct fault *why)
{
	uint32_t len = cursor_u32be(&w->at);
	uint32_t name_at = cursor_u32be(&w->at);
	size_t at = w->at.pos;
	struct slice value = cursor_take(&w->at, len);
	struct slice name = {0};

	align(&w->at);
	if (w->at.err)
		return fault_set(why, w->at.err, w->at.pos, "dtb: property cut short");
	if (w->depth == 0 || text_at(w->tree->strings, name_at, &name) != OK)
		return fault_set(why, E_CORRUPT, w->at.pos, "dtb: property without node or name");
	*out = (struct dtb_event){.kind = DTB_PROPERTY,
				  .depth = w->depth,
				  .name = name,
				  .value = value,
				  .value_at = (uint64_t)w->tree->structure_at + at};
	return OK;
}

enum err dtb_next(struct dtb_walk *w, struct dtb_event *out, struct fault *why)
{
	uint32_t token = TOKEN_NOP;

	if (w->is_done)
		return E_END;
	while (token == TOKEN_NOP && !w->at.err && w->tokens++ < DTB_TOKENS_MAX)
		token = cursor_u32be(&w->at);
	if (w->tokens > DTB_TOKENS_MAX)
		return fault_set(why, E_LIMIT, w->at.pos, "dtb: too many tokens");
	if (w->at.err)
		return fault_set(why, w->at.err, w->at.pos, "dtb: structure cut short");
	if (token == TOKEN_BEGIN_NODE)
		return node_begin(w, out, why);
	if (token == TOKEN_END_NODE)
		return node_end(w, out, why);
	if (token == TOKEN_PROP)
		return property(w, out, why);
	if (token != TOKEN_END || w->depth != 0 || !w->has_root)
		return fault_set(why, E_CORRUPT, w->at.pos, "dtb: unexpected token");
	w->is_done = true;
	return E_END;
}

/* 2.2.3: a name without unit address stands for the node when it is unambiguous. */
static bool is_named(struct slice node, struct slice want)
{
	size_t at = slice_find_byte(node, '@', 0);

	return slice_eq(node, want) || (at != SLICE_NONE && slice_eq(slice_head(node, at), want));
}

enum err dtb_property(const struct dtb *tree, const char *node, const char *name, struct slice *out)
{
	struct dtb_walk w = dtb_walk(tree);
	struct slice rest = slice_text(node), want = {0};
	unsigned matched = 1; /* depth of the innermost node on the path that we are in */
	struct dtb_event e;

	(void)text_field(&rest, '/', &want);
	bool is_whole = rest.len == 0;

	if (!is_whole)
		(void)text_field(&rest, '/', &want);
	while (dtb_next(&w, &e, NULL) == OK) {
		if (e.kind == DTB_NODE && !is_whole && e.depth == matched + 1 &&
		    is_named(e.name, want)) {
			matched++;
			is_whole = !text_field(&rest, '/', &want);
		} else if (e.kind == DTB_NODE_END && e.depth == matched && matched > 1) {
			/* Left a node of the path: names are unique, no other can match. */
			return E_NOTFOUND;
		} else if (e.kind == DTB_PROPERTY && is_whole && e.depth == matched &&
			   slice_is(e.name, name)) {
			*out = e.value;
			return OK;
		}
	}
	return E_NOTFOUND;
}

struct slice dtb_text(struct slice value)
{
	size_t end = slice_find_byte(value, 0, 0);

	return end == SLICE_NONE ? value : slice_head(value, end);
}

/* Nodes under /images are at depth 3; the walk is in /images when its depth-2 node was. */
bool dtb_is_fit(const struct dtb *tree)
{
	struct dtb_walk w = dtb_walk(tree);
	struct dtb_event e = {0};
	bool in_images = false;

	while (dtb_next(&w, &e, NULL) == OK) {
		if (e.kind == DTB_NODE && e.depth == 2)
			in_images = slice_is(e.name, "images");
		if (in_images && e.kind == DTB_PROPERTY && e.depth == 3 &&
		    (slice_is(e.name, "data") || slice_is(e.name, "data-size")))
			return true;
	}
	return false;
}

enum err dtb_check(const struct dtb *tree, struct fault *why)
{
	struct dtb_walk w = dtb_walk(tree);
	struct dtb_event e;
	enum err err = OK;

	while (err == OK)
		err = dtb_next(&w, &e, why);
	return err == E_END ? OK : err;
}

static enum err dtb_bid(struct slice in, struct bid *out, struct fault *why)
{
	struct dtb t = {0};
	enum err e = dtb_read(in, &t, why);

	out->work = t.structure.len;
	e = e ? e : dtb_check(&t, why);
	if (e)
		return e;
	if (dtb_is_fit(&t))
		return fault_set(why, E_MAGIC, 0, "dtb: holds images, it is a FIT");
	*out = (struct bid){.score = BID_VERIFIED, .size = t.blob.len, .work = 2 * t.structure.len};
	(void)snprintf(out->how, sizeof out->how, "header, whole structure walked");
	return OK;
}

const struct format format_dtb = {
	.name = "dtb",
	.type = ART_FILE,
	.magics = magics,
	.magics_n = ARRAY_LEN(magics),
	.bid = dtb_bid,
};
