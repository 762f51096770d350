// SPDX-License-Identifier: Apache-2.0
// Reads package databases of a tree: deb822 stanzas of dpkg and opkg (Debian policy 5.1), records
// of apk (apk-package(5), "installed").

#include "inspect/firmware/packages.h"

#include <string.h>

#include "inspect/library.h"
#include "model/model.h"

#include "base/ban.h"

/* A record holds these; every database has its own key for each. */
enum key { KEY_NAME, KEY_VERSION, KEY_ARCH, KEY_STATUS, KEY_ORIGIN, KEY_SOURCE, KEY_N };

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
		[KEY_STATUS] = "Status", [KEY_ORIGIN] = "Maintainer", [KEY_SOURCE] = "Source"      \
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
	 .keys = {[KEY_NAME] = "P",
		  [KEY_VERSION] = "V",
		  [KEY_ARCH] = "A",
		  [KEY_ORIGIN] = "U",
		  [KEY_SOURCE] = "o"},
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
	const struct distro *distro;
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

/* The distribution's own name, else what the package's maker tells, else the usual one. */
static struct slice space_of(const struct reading *r, struct slice origin)
{
	if (!r->d->space[0])
		return (struct slice){0};
	for (size_t i = 0; i < ARRAY_LEN(origins); i++)
		if (slice_find(origin, slice_text(origins[i].word), 0) != SLICE_NONE)
			return slice_text(origins[i].space);
	return r->distro->id.len ? r->distro->id : slice_text(r->d->space);
}

/* "openssl (3.0.1-1)" of dpkg; "package/libs/openssl" of opkg, where it is a folder of sources. */
static void take_source(struct slice source, struct package *p)
{
	size_t open = slice_find_byte(source, '(', 0), slash = 0;

	p->source = text_trim(slice_head(source, open));
	if (open != SLICE_NONE) {
		p->source_version = slice_from(source, open + 1);
		p->source_version = text_trim(
			slice_head(p->source_version, slice_find_byte(p->source_version, ')', 0)));
	}
	while ((slash = slice_find_byte(p->source, '/', 0)) != SLICE_NONE)
		p->source = slice_from(p->source, slash + 1);
}

static struct slice upstream_of(struct arena *a, const struct package *p)
{
	bool is_other = p->source_version.len && !slice_eq(p->source_version, p->version);

	if (!p->source.len || (slice_eq(p->source, p->name) && !is_other))
		return (struct slice){0};
	if (!is_other)
		return p->source;
	return arena_print(a, "%.*s@%.*s", (int)p->source.len, (const char *)p->source.ptr,
			   (int)p->source_version.len, (const char *)p->source_version.ptr);
}

void package_emit(struct scene *s, const struct package *p, const struct distro *d,
		  uint64_t artifact)
{
	const struct library *l = p->is_in_catalog ? s->data->library : NULL;
	const struct signature *known = l ? library_package(l, p->name) : NULL;
	const struct purl u = {
		.type = slice_text(p->type),
		.space = p->space,
		.name = p->purl_name.len ? p->purl_name : p->name,
		.version = p->version,
		.arch = p->arch,
		.distro = d->name,
		.epoch = p->epoch,
		.upstream = upstream_of(s->scratch, p),
	};
	struct buf purl, cpe;

	buf_init(&purl, LIMIT_TEXT_BYTES);
	buf_init(&cpe, LIMIT_TEXT_BYTES);
	purl_write(&purl, &u);
	if (!known && l && p->source.len)
		known = library_package(l, p->source);
	if (known)
		signature_cpe(known, upstream_version(p->version), &cpe);
	scene_component(s,
			&(struct component){
				.name = p->name,
				.version = p->version,
				/* an identifier that does not fit would be cut to a wrong one */
				.purl = purl.err ? (struct slice){0} : buf_slice(&purl),
				.cpe = cpe.err ? (struct slice){0} : buf_slice(&cpe),
				.supplier = known ? known->supplier : (struct slice){0},
				.artifact = artifact,
				.location = p->location,
				.method = slice_text(p->method),
				.confidence = p->confidence,
				.kind = known ? signature_component_kind(known) : COMPONENT_LIBRARY,
			});
	buf_release(&purl);
	buf_release(&cpe);
}

static void emit(struct reading *r, const struct record *rec)
{
	struct package p = {
		.name = rec->value[KEY_NAME],
		.version = rec->value[KEY_VERSION],
		.arch = rec->value[KEY_ARCH],
		.space = space_of(r, rec->value[KEY_ORIGIN]),
		.type = r->d->type,
		.method = r->d->method,
		.location = say_line(r->s->scratch, rec->line),
		.confidence = SURE,
		.is_in_catalog = true,
	};

	take_source(rec->value[KEY_SOURCE], &p);
	package_emit(r->s, &p, r->distro, r->artifact);
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

static bool read_file(struct scene *s, const struct tree *t, const struct node *n, struct buf *out)
{
	struct fault why = {0};
	enum err e = OK;

	if (n->entry.type != ENTRY_FILE)
		return false;
	e = tree_read_database(t, n, out, &why);
	if (e)
		scene_skip_fault(s, "components", n->artifact, n->entry.path, &why);
	return e == OK;
}

/* ID and VERSION_ID, quotes taken off (os-release(5)). */
static struct slice setting_of(struct slice text, const char *key)
{
	struct slice line, name;

	while (text_line(&text, &line)) {
		if (!text_field(&line, '=', &name) || !slice_is(name, key) || !line.ptr)
			continue;
		line = text_trim(line);
		if (line.len >= 2 && (slice_at(line, 0) == '"' || slice_at(line, 0) == '\''))
			line = slice_head(slice_from(line, 1), line.len - 2);
		return line;
	}
	return (struct slice){0};
}

static struct distro distro_read(struct arena *a, const struct tree *t)
{
	static const char *const places[] = {"/etc/os-release", "/usr/lib/os-release"};
	struct distro d = {0};
	struct buf text;

	buf_init(&text, LIMIT_CONFIG_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(places) && d.id.len == 0; i++) {
		const struct node *n = tree_find(t, slice_text(places[i]));
		struct slice id, version;

		if (!n || tree_read(t, n, &text, NULL) != OK)
			continue;
		id = setting_of(buf_slice(&text), "ID");
		version = setting_of(buf_slice(&text), "VERSION_ID");
		if (id.len == 0 || arena_copy(a, id, &d.id) != OK)
			continue;
		d.name = arena_print(a, "%.*s%s%.*s", (int)id.len, (const char *)id.ptr,
				     version.len ? "-" : "", (int)version.len,
				     (const char *)version.ptr);
	}
	buf_release(&text);
	return d;
}

/* A file that a row of the table, or one of the other readers, knows by its path. */
static enum err read_list(struct scene *s, const struct distro *distro, const struct node *n,
			  struct slice bytes)
{
	struct reading r = {
		.s = s,
		.d = database_of(n->entry.path),
		.distro = distro,
		.artifact = n->artifact,
	};

	if (r.d)
		return read_database(&r, bytes);
	if (rpm_is_database(n->entry.path))
		return rpm_read(s, distro, n->artifact, bytes);
	if (bytes.len > LIMIT_MANIFEST_BYTES)
		return E_LIMIT;
	return manifest_read(s, distro, n->artifact, n->entry.path, bytes);
}

void packages_tree(struct scene *s, const struct tree *t)
{
	const struct distro distro = distro_read(s->scratch, t);
	struct buf bytes;

	buf_init(&bytes, LIMIT_DATABASE_BYTES);
	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->nodes[i];
		const struct database *d = database_of(n->entry.path);
		enum err e = OK;

		if (!d && !rpm_is_database(n->entry.path) && !manifest_is(n->entry.path))
			continue;
		if ((d && d->is_single && has_status(t, n->entry.path, s->scratch)) ||
		    !read_file(s, t, n, &bytes))
			continue;
		e = read_list(s, &distro, n, buf_slice(&bytes));
		if (e)
			scene_skip(s, "components", n->artifact, n->entry.path, e,
				   saying(SAY_PACKAGES_PARTLY));
	}
	buf_release(&bytes);
}
