// SPDX-License-Identifier: Apache-2.0
// Private keys: in every file, payload and blob; in settings areas; as host keys by configuration.

#include "inspect/firmware/certparse.h"
#include "inspect/firmware/keyparse.h"

#include <openssl/x509v3.h>

#include "base/ban.h"

enum { NAMED_MAX = 256, CONFIG_MAX = 64 * 1024 };

/* Whole paths of keys that a server shows to everybody who connects. */
static const char *const host_paths[] = {
	"*/ssh_host_*",   "*/dropbear*host*key*", "*/dropbear/*key",  "*/etc/ssl/private/*",
	"*/uhttpd.key",   "*/lighttpd*.pem",      "*/lighttpd*.key",  "*/httpd*.pem",
	"*/httpd*.key",   "*/nginx*.key",         "*/server.key",     "*/server.pem",
	"*/server-key*",  "*/server_key*",        "*/https*.key",     "*/https*.pem",
	"*/privkey*.pem", "*/stunnel*.pem",       "*/mini_httpd.pem", "*/serverkey.pem",
};

static bool path_is_host_key(struct slice path)
{
	for (size_t i = 0; i < ARRAY_LEN(host_paths); i++)
		if (text_glob(path, host_paths[i]))
			return true;
	return false;
}

/* A text with a key and the certificate of a server (or of nothing in particular) in it. */
static bool is_server_bundle(struct slice data)
{
	struct mark_search search = {.in = data};
	struct cert c;
	bool is_server;

	if (data.len > DER_BYTES_MAX || !text_is_plain(data, data.len) || !cert_next(&search, &c))
		return false;
	is_server = c.x509 && X509_get_extended_key_usage(c.x509) & XKU_SSL_SERVER;
	X509_free(c.x509);
	return is_server;
}

static bool is_host_key(struct slice path, struct slice data)
{
	return path_is_host_key(path) || is_server_bundle(data);
}

static void key_say(struct scene *s, const char *rule, uint64_t artifact, struct slice location,
		    const struct key *k)
{
	struct arena *a = s->scratch;
	struct slice words =
		k->is_encrypted
			? SAY(a, SAY_KEY_ENCRYPTED, slice_text(k->form), slice_text(k->print))
			: SAY(a, SAY_KEY, slice_text(k->form), slice_text(k->kind),
			      say_number(a, (uint64_t)k->bits), slice_text(k->print));

	scene_finding(s, rule, artifact, arena_print(a, "key:%s", k->print), location, words);
}

/* --- every object --- */

static void keys_object(struct scene *s, const struct object *o)
{
	struct mark_search search = {.in = o->data};
	struct key k;

	if (object_is_box(o))
		return;
	while (key_next(&search, &k)) {
		struct slice at = place_of(s->scratch, o->data, o->is_text, k.at);

		key_say(s, k.is_encrypted ? "encrypted-key" : "private-key", o->artifact, at, &k);
		if (!k.is_encrypted && is_host_key(o->name, o->data))
			key_say(s, "host-key", o->artifact, at, &k);
	}
	scene_coverage(s, "secrets", !search.is_cut, 1);
	if (search.is_cut)
		scene_skip(s, "secrets", o->artifact, o->path, E_LIMIT, saying(SAY_MANY_KEYS));
}

/* --- the tree: settings areas, and what configurations name as host keys --- */

/* One more finding for each key of a file that the object pass has already told of. */
static void file_say(struct scene *s, const char *rule, const struct node *n, struct slice data)
{
	struct mark_search search = {.in = data};
	struct key k;

	while (key_next(&search, &k))
		if (!k.is_encrypted)
			key_say(s, rule, n->artifact,
				place_of(s->scratch, data, text_is_plain(data, 4096), k.at), &k);
}

static bool is_small_file(const struct node *n, size_t most)
{
	return n->entry.type == ENTRY_FILE && n->entry.size > 0 && n->entry.size <= most;
}

static void settings_say(struct scene *s, const struct tree *t, struct buf *data)
{
	for (size_t i = 0; i < t->n; i++)
		if (is_small_file(&t->nodes[i], LIMIT_CONFIG_BYTES) &&
		    tree_read(t, &t->nodes[i], data, NULL) == OK)
			file_say(s, "settings-key", &t->nodes[i], buf_slice(data));
}

struct named {
	const struct node *nodes[NAMED_MAX];
	size_t n;
};

static void name(struct named *named, const struct node *n)
{
	for (size_t i = 0; i < named->n; i++)
		if (named->nodes[i] == n)
			return;
	if (named->n < NAMED_MAX)
		named->nodes[named->n++] = n;
}

/* Takes the next run of characters that a path is written with. */
static bool path_take(struct slice *rest, struct slice *path)
{
	static const char *const around = " \t\"'=,;<>(){}";
	struct slice s = *rest;
	size_t n = 0;

	while (s.len && slice_find_byte(slice_text(around), s.ptr[0], 0) != SLICE_NONE)
		s = slice_from(s, 1);
	while (n < s.len && slice_find_byte(slice_text(around), s.ptr[n], 0) == SLICE_NONE)
		n++;
	*path = slice_head(s, n);
	*rest = slice_from(s, n);
	return n > 0;
}

/* "HostKey /x", "ssl.pemfile = "/x"", "option key '/x'"; keys of clients are no host keys. */
static void line_name(const struct tree *t, struct slice line, struct named *named)
{
	struct slice path;

	line = text_trim(line);
	if (slice_at(line, 0) == '#' || slice_at(line, 0) == ';' ||
	    (text_find_nocase(line, "key", 0) == SLICE_NONE &&
	     text_find_nocase(line, "pem", 0) == SLICE_NONE) ||
	    text_find_nocase(line, "client", 0) != SLICE_NONE ||
	    text_find_nocase(line, "bridge", 0) != SLICE_NONE)
		return;
	while (path_take(&line, &path)) {
		const struct node *n = slice_at(path, 0) == '/' && path.len <= LIMIT_NAME_BYTES
					       ? tree_find(t, path)
					       : NULL;

		if (n && is_small_file(n, DER_BYTES_MAX))
			name(named, n);
	}
}

static bool is_server_config(const struct node *n)
{
	return is_small_file(n, CONFIG_MAX) && path_passes(n->entry.path, "etc") &&
	       text_find_nocase(path_base(n->entry.path), "wpa", 0) == SLICE_NONE &&
	       text_find_nocase(path_base(n->entry.path), "ssh_config", 0) == SLICE_NONE;
}

static void config_say(struct scene *s, const struct tree *t, struct buf *data)
{
	struct named named = {.n = 0};

	for (size_t i = 0; i < t->n; i++) {
		struct slice rest, line;

		if (!is_server_config(&t->nodes[i]) ||
		    tree_read(t, &t->nodes[i], data, NULL) != OK ||
		    !text_is_plain(buf_slice(data), 4096))
			continue;
		rest = buf_slice(data);
		while (text_line(&rest, &line))
			line_name(t, line, &named);
	}
	for (size_t i = 0; i < named.n; i++)
		if (tree_read(t, named.nodes[i], data, NULL) == OK &&
		    !is_host_key(named.nodes[i]->entry.path, buf_slice(data)))
			file_say(s, "host-key", named.nodes[i], buf_slice(data));
}

static void keys_tree(struct scene *s, const struct tree *t)
{
	struct buf data;

	buf_init(&data, LIMIT_CONFIG_BYTES);
	if (tree_keeps_settings(t))
		settings_say(s, t, &data);
	config_say(s, t, &data);
	buf_release(&data);
	scene_coverage(s, "secrets", 0, 0);
}

const struct inspector inspector_keys = {.name = "keys", .object = keys_object, .tree = keys_tree};
