// SPDX-License-Identifier: Apache-2.0
// Reads package databases: deb822 stanzas of dpkg and opkg (Debian policy 5.1), records of apk
// (apk-package(5), "installed").

#include "inspect/firmware/packages.h"

#include <string.h>

#include "inspect/library.h"
#include "model/model.h"

#include "base/ban.h"

/* A record holds these; every database has its own key for each. */
enum key { KEY_NAME, KEY_VERSION, KEY_ARCH, KEY_STATUS, KEY_ORIGIN, KEY_N };

struct database {
	const char *glob; /* of the path in its tree */
	const char *method, *type;
	const char *keys[KEY_N]; /* NULL: it has none */
	const char *space;       /* namespace of the purl unless the origin says another */
	bool is_single;          /* a file a package, read from the tree */
};

#define DEB822                                                                                     \
	{                                                                                          \
		[KEY_NAME] = "Package", [KEY_VERSION] = "Version", [KEY_ARCH] = "Architecture",    \
		[KEY_STATUS] = "Status", [KEY_ORIGIN] = "Maintainer"                               \
	}

static const struct database databases[] = {
	{.glob = "*/lib/opkg/status",
	 .method = "opkg-database",
	 .type = "opkg",
	 .keys = DEB822,
	 .space = ""},
	{.glob = "*/lib/opkg/info/*.control",
	 .method = "opkg-database",
	 .type = "opkg",
	 .keys = DEB822,
	 .space = "",
	 .is_single = true},
	{.glob = "*/lib/dpkg/status",
	 .method = "dpkg-database",
	 .type = "deb",
	 .keys = DEB822,
	 .space = "debian"},
	{.glob = "*/lib/dpkg/status.d/*",
	 .method = "dpkg-database",
	 .type = "deb",
	 .keys = DEB822,
	 .space = "debian"},
	{.glob = "*/lib/apk/db/installed",
	 .method = "apk-database",
	 .type = "apk",
	 .keys = {[KEY_NAME] = "P", [KEY_VERSION] = "V", [KEY_ARCH] = "A", [KEY_ORIGIN] = "U"},
	 .space = "alpine"},
};

/* Who made the package, as its maintainer or address says: a word, and the purl's namespace. */
static const struct {
	const char *word, *space;
} origins[] = {
	{"ubuntu.com", "ubuntu"},
	{"openwrt.org", "openwrt"},
	{"postmarketos.org", "postmarketos"},
};

/* "install user installed": the third word says whether files are there. */
static const char *const states_gone[] = {"not-installed", "config-files"};

struct record {
	struct slice value[KEY_N];
	uint64_t line; /* of the name, from 1 */
};

struct reading {
	struct scene *s;
	const struct database *d;
	uint64_t artifact;
	size_t n; /* records so far */
};

static bool is_gone(struct slice status)
{
	struct slice word = {0}, last = {0};

	while (text_word(&status, &word))
		last = word;
	for (size_t i = 0; i < ARRAY_LEN(states_gone); i++)
		if (slice_is(last, states_gone[i]))
			return true;
	return false;
}

/* The first '-' that begins a distribution's revision ("-2", "-r2"), not a part of the version
 * ("-P1", "-rc1"). */
static size_t revision_at(struct slice v)
{
	size_t dash = slice_find_byte(v, '-', 0);

	while (dash != SLICE_NONE) {
		size_t digit = dash + 1 + (slice_at(v, dash + 1) == 'r');

		if (text_is_digit((char)slice_at(v, digit)))
			return dash;
		dash = slice_find_byte(v, '-', dash + 1);
	}
	return v.len;
}

/* What upstream called the version: "1:1.2.13.dfsg-1+b2" is 1.2.13, "2019.78-2" is 2019.78. Empty
 * for a day of development ("2019-08-08-ca8c2bd2-8"), which no range of versions is about. */
static struct slice upstream_version(struct slice v)
{
	const char *const marks[] = {"+", "~", ".dfsg"};
	size_t colon = slice_find_byte(v, ':', 0), cut = 0;

	if (colon != SLICE_NONE)
		v = slice_from(v, colon + 1);
	cut = v.len;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t at = slice_find(v, slice_text(marks[i]), 1);

		cut = at < cut ? at : cut;
	}
	v = slice_head(v, cut);
	if (text_glob(slice_head(v, 11), "20*-*-*-"))
		return (struct slice){0};
	return slice_head(v, revision_at(v));
}

static const char *space_of(const struct database *d, struct slice origin)
{
	for (size_t i = 0; i < ARRAY_LEN(origins); i++)
		if (slice_find(origin, slice_text(origins[i].word), 0) != SLICE_NONE)
			return d->space[0] ? origins[i].space : "";
	return d->space;
}

static void emit(struct reading *r, const struct record *rec)
{
	const struct slice name = rec->value[KEY_NAME], version = rec->value[KEY_VERSION];
	const struct library *l = r->s->data->library;
	const struct signature *known = l ? library_package(l, name) : NULL;
	const struct purl p = {
		.type = slice_text(r->d->type),
		.space = slice_text(space_of(r->d, rec->value[KEY_ORIGIN])),
		.name = name,
		.version = version,
		.arch = rec->value[KEY_ARCH],
	};
	struct buf purl, cpe;

	buf_init(&purl, LIMIT_TEXT_BYTES);
	buf_init(&cpe, LIMIT_TEXT_BYTES);
	purl_write(&purl, &p);
	if (known)
		signature_cpe(known, upstream_version(version), &cpe);
	scene_component(r->s,
			&(struct component){
				.name = name,
				.version = version,
				/* an identifier that does not fit would be cut to a wrong one */
				.purl = purl.err ? (struct slice){0} : buf_slice(&purl),
				.cpe = cpe.err ? (struct slice){0} : buf_slice(&cpe),
				.supplier = known ? known->supplier : (struct slice){0},
				.artifact = r->artifact,
				.location = say_line(r->s->scratch, rec->line),
				.method = slice_text(r->d->method),
				.confidence = SURE,
				.kind = known ? signature_component_kind(known) : COMPONENT_LIBRARY,
			});
	buf_release(&purl);
	buf_release(&cpe);
}

static void finish(struct reading *r, struct record *rec)
{
	if (rec->value[KEY_NAME].len && rec->value[KEY_VERSION].len &&
	    !is_gone(rec->value[KEY_STATUS])) {
		r->n++;
		if (r->n <= LIMIT_PACKAGES)
			emit(r, rec);
	}
	*rec = (struct record){0};
}

static void take_field(const struct database *d, struct slice line, uint64_t number,
		       struct record *rec)
{
	size_t colon = slice_find_byte(line, ':', 0);
	struct slice key = slice_head(line, colon);

	if (colon == SLICE_NONE)
		return;
	for (unsigned k = 0; k < KEY_N; k++) {
		if (!d->keys[k] || !slice_is(key, d->keys[k]))
			continue;
		rec->value[k] = text_trim(slice_from(line, colon + 1));
		if (k == KEY_NAME)
			rec->line = number;
	}
}

static enum err read_database(struct reading *r, struct slice text)
{
	struct record rec = {0};
	struct slice line;

	for (uint64_t number = 1; text_line(&text, &line) && r->n <= LIMIT_PACKAGES; number++) {
		if (text_trim(line).len == 0)
			finish(r, &rec);
		else if (!text_is_blank((char)slice_at(line, 0)))
			take_field(r->d, line, number, &rec);
	}
	finish(r, &rec);
	return r->n > LIMIT_PACKAGES ? E_LIMIT : OK;
}

static const struct database *database_of(struct slice path)
{
	for (size_t i = 0; i < ARRAY_LEN(databases); i++)
		if (text_glob(path, databases[i].glob))
			return &databases[i];
	return NULL;
}

enum err packages_object(struct scene *s, const struct object *o)
{
	struct reading r = {.s = s, .d = database_of(o->name), .artifact = o->artifact};

	if (!r.d || r.d->is_single)
		return OK;
	return read_database(&r, o->data);
}

/* ".../info/x.control" has ".../status" above it, which tells more. */
static bool has_status(const struct tree *t, struct slice control, struct arena *a)
{
	struct slice folder = control;
	const struct node *n = NULL;

	for (unsigned up = 0; up < 2; up++) {
		while (folder.len && slice_at(folder, folder.len - 1) != '/')
			folder.len--;
		folder.len -= folder.len > 0;
	}
	n = tree_find(t, arena_print(a, "%.*s/status", (int)folder.len, (const char *)folder.ptr));
	return n && n->entry.type == ENTRY_FILE && n->entry.size > 0;
}

void packages_tree(struct scene *s, const struct tree *t)
{
	struct buf text;

	buf_init(&text, LIMIT_CONFIG_BYTES);
	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->nodes[i];
		struct reading r = {
			.s = s, .d = database_of(n->entry.path), .artifact = n->artifact};
		struct fault why = {0};

		if (!r.d || !r.d->is_single || n->entry.type != ENTRY_FILE ||
		    has_status(t, n->entry.path, s->scratch))
			continue;
		if (tree_read(t, n, &text, &why) != OK)
			scene_skip_fault(s, "components", n->artifact, n->entry.path, &why);
		else if (read_database(&r, buf_slice(&text)) != OK)
			scene_skip(s, "components", n->artifact, n->entry.path, E_LIMIT,
				   saying(SAY_MANY_PACKAGES));
	}
	buf_release(&text);
}
