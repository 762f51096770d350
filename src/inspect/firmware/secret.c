// SPDX-License-Identifier: Apache-2.0
// Fingerprints of secrets, and what kind of tree a file lies in.

#include "inspect/firmware/secret.h"

#include <string.h>

#include "base/ban.h"

void print_of(struct slice s, char out[PRINT_HEX + 1])
{
	char hex[SHA256_HEX + 1];

	digest_sha256_hex(s, hex);
	memcpy(out, hex, PRINT_HEX);
	out[PRINT_HEX] = '\0';
}

void print_of_login(struct slice user, struct slice secret, char out[PRINT_HEX + 1])
{
	struct buf b;

	/* Both are parts of a line of a text of at most LIMIT_CONFIG_BYTES. */
	buf_init(&b, 2 * LIMIT_CONFIG_BYTES);
	buf_add(&b, user);
	buf_byte(&b, ':');
	buf_add(&b, secret);
	print_of(buf_slice(&b), out);
	buf_release(&b);
}

static size_t base_at(struct slice path)
{
	size_t at = path.len;

	while (at > 0 && slice_at(path, at - 1) != '/')
		at--;
	return at;
}

struct slice path_base(struct slice path)
{
	return slice_from(path, base_at(path));
}

struct slice path_folder(struct slice path)
{
	size_t at = base_at(path);

	return slice_head(path, at ? at - 1 : 0);
}

bool path_passes(struct slice path, const char *folder)
{
	struct slice rest = path_folder(path), part;

	while (text_field(&rest, '/', &part))
		if (text_same(part, folder))
			return true;
	return false;
}

static bool is_under(struct slice path, const char *folder)
{
	uint8_t next = slice_at(path, slice_text(folder).len);

	return slice_starts(path, folder) && (next == '/' || next == 0);
}

bool tree_has_root(const struct tree *t)
{
	bool has_etc = false, has_bin = false;

	for (size_t i = 0; i < t->n && !(has_etc && has_bin); i++) {
		struct slice path = t->nodes[i].entry.path;

		has_etc = has_etc || is_under(path, "/etc");
		has_bin = has_bin || is_under(path, "/bin") || is_under(path, "/sbin");
	}
	return has_etc && has_bin;
}

bool tree_keeps_settings(const struct tree *t)
{
	static const char *const read_only[] = {"squashfs", "cramfs", "romfs", "iso9660", "erofs"};

	if (t->format && t->format->type != ART_FILESYSTEM)
		return false;
	for (size_t i = 0; t->format && i < ARRAY_LEN(read_only); i++)
		if (slice_starts(slice_text(t->format->name), read_only[i]))
			return false;
	return !tree_has_root(t);
}

bool object_is_box(const struct object *o)
{
	return o->format && o->format->open;
}

struct slice place_of(struct arena *a, struct slice data, bool is_text, size_t at)
{
	size_t line = 1;

	/* Counting lines reads the text again for every place. */
	if (!is_text || data.len > LIMIT_CONFIG_BYTES)
		return say_at(a, at);
	for (size_t i = slice_find_byte(data, '\n', 0); i < at;
	     i = slice_find_byte(data, '\n', i + 1))
		line++;
	return say_line(a, line);
}
