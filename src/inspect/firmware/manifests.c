// SPDX-License-Identifier: Apache-2.0
// Reads what languages and build systems leave in a tree: Python's METADATA (core metadata
// specification), Node's package.json and package-lock.json, Buildroot's manifest.csv (legal-info),
// Yocto's image and licence manifests and SPDX documents.

#include "inspect/firmware/packages.h"

#include <jansson.h>
#include <string.h>

#include "base/ban.h"

enum { CSV_COLUMNS = 3 };

struct reading {
	struct scene *s;
	const struct distro *distro;
	uint64_t artifact;
	struct slice text;
	const char *type, *method;
	size_t n;
};

static void tell(struct reading *r, struct package *p, uint64_t line)
{
	p->type = r->type;
	p->method = r->method;
	if (line)
		p->location = say_line(r->s->scratch, line);
	if (p->name.len && r->n++ < LIMIT_PACKAGES)
		package_emit(r->s, p, r->distro, r->artifact);
}

/* --- Python --- */

/* Names are equal whatever their case, and with "-", "_" and "." alike (PEP 503). */
static struct slice python_name(struct arena *a, struct slice name)
{
	struct buf b;
	struct slice out = {0};

	buf_init(&b, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = slice_at(name, i);

		if (c == '_' || c == '.')
			c = '-';
		buf_byte(&b, c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c);
	}
	if (arena_copy(a, buf_slice(&b), &out) != OK)
		out = name;
	buf_release(&b);
	return out;
}

/* Headers end at the first empty line; what follows is a description. */
static enum err read_python(struct reading *r)
{
	struct slice rest = r->text, line, key;
	struct package p = {.confidence = SURE};
	uint64_t at = 0;

	for (uint64_t n = 1; text_line(&rest, &line) && text_trim(line).len; n++) {
		if (!text_field(&line, ':', &key) || !line.ptr)
			continue;
		if (slice_is(key, "Name")) {
			p.name = text_trim(line);
			at = n;
		} else if (slice_is(key, "Version")) {
			p.version = text_trim(line);
		}
	}
	p.purl_name = python_name(r->s->scratch, p.name);
	tell(r, &p, at);
	return OK;
}

/* --- Node --- */

static struct slice member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? slice_text(text) : (struct slice){0};
}

/* "@scope/name" has the scope as its namespace. */
static void tell_node(struct reading *r, struct slice name, struct slice version, bool is_sure)
{
	struct package p = {
		.name = name,
		.version = version,
		.confidence = is_sure ? SURE : LIKELY,
	};
	size_t slash = slice_find_byte(name, '/', 0);

	p.purl_name = name;
	if (slice_starts(name, "@") && slash != SLICE_NONE) {
		p.space = slice_head(name, slash);
		p.purl_name = slice_from(name, slash + 1);
	}
	if (version.len)
		tell(r, &p, 0);
}

static enum err read_json(struct reading *r, json_t **out)
{
	*out = json_loadb((const char *)r->text.ptr, r->text.len, 0, NULL);
	return *out ? OK : E_CORRUPT;
}

static enum err read_node_package(struct reading *r)
{
	json_t *doc = NULL;
	enum err e = read_json(r, &doc);

	if (e == OK)
		tell_node(r, member(doc, "name"), member(doc, "version"), true);
	json_decref(doc);
	return e;
}

/* The part behind the last "node_modules/". */
static struct slice module_name(struct slice path)
{
	struct slice mark = slice_text("node_modules/");
	size_t at = slice_find(path, mark, 0), last = SLICE_NONE;

	for (; at != SLICE_NONE; at = slice_find(path, mark, at + 1))
		last = at;
	return last == SLICE_NONE ? (struct slice){0} : slice_from(path, last + mark.len);
}

/* A lock file says what was to be installed: likely, not sure. */
static enum err read_node_lock(struct reading *r)
{
	json_t *doc = NULL, *value = NULL;
	const char *key = NULL;
	enum err e = read_json(r, &doc);

	json_object_foreach(json_object_get(doc, "packages"), key,
			    value) if (!json_is_true(json_object_get(value, "dev")))
		tell_node(r, module_name(slice_text(key)), member(value, "version"), false);
	if (!json_object_get(doc, "packages"))
		json_object_foreach(json_object_get(doc, "dependencies"), key,
				    value) if (!json_is_true(json_object_get(value, "dev")))
			tell_node(r, slice_text(key), member(value, "version"), false);
	json_decref(doc);
	return e;
}

/* --- Buildroot --- */

/* Takes a field of CSV (RFC 4180, one line) off *rest; what is in quotes has no quotes of its own
 * in names and versions. */
static bool csv_field(struct slice *rest, struct slice *out)
{
	if (slice_starts(*rest, "\"")) {
		size_t end = slice_find_byte(*rest, '"', 1);

		if (end == SLICE_NONE)
			return false;
		*out = slice_head(slice_from(*rest, 1), end - 1);
		*rest = slice_from(*rest, end + 1);
		if (slice_starts(*rest, ","))
			*rest = slice_from(*rest, 1);
		return true;
	}
	return text_field(rest, ',', out);
}

static enum err read_buildroot(struct reading *r)
{
	struct slice rest = r->text, line;

	for (uint64_t n = 1; text_line(&rest, &line); n++) {
		struct slice field[CSV_COLUMNS] = {{0}};
		struct package p = {.confidence = SURE, .is_in_catalog = true};

		for (unsigned i = 0; i < CSV_COLUMNS && csv_field(&line, &field[i]); i++)
			;
		if (n == 1 && !slice_is(field[0], "PACKAGE"))
			return OK; /* another table of that name */
		p.name = field[0];
		p.version = field[1];
		if (n > 1 && !slice_is(p.version, "undefined"))
			tell(r, &p, n);
	}
	return OK;
}

/* --- Yocto --- */

/* "busybox cortexa7t2hf 1.35.0-r0" */
static enum err read_image_manifest(struct reading *r)
{
	struct slice rest = r->text, line, more;

	for (uint64_t n = 1; text_line(&rest, &line); n++) {
		struct package p = {.confidence = SURE, .is_in_catalog = true};

		if (text_word(&line, &p.name) && text_word(&line, &p.arch) &&
		    text_word(&line, &p.version) && !text_word(&line, &more))
			tell(r, &p, n);
	}
	return OK;
}

/* Blocks of "PACKAGE NAME:", "PACKAGE VERSION:", "RECIPE NAME:", "LICENSE:" */
static enum err read_licence_manifest(struct reading *r)
{
	struct slice rest = r->text, line, key;
	struct package p = {.confidence = SURE, .is_in_catalog = true};
	uint64_t at = 0;
	bool is_more = true;

	for (uint64_t n = 1; is_more; n++) {
		is_more = text_line(&rest, &line);
		if (!is_more || text_trim(line).len == 0) {
			if (p.version.len)
				tell(r, &p, at);
			p = (struct package){.confidence = SURE, .is_in_catalog = true};
			continue;
		}
		if (!text_field(&line, ':', &key) || !line.ptr)
			continue;
		if (slice_is(key, "PACKAGE NAME")) {
			p.name = text_trim(line);
			at = n;
		} else if (slice_is(key, "PACKAGE VERSION")) {
			p.version = text_trim(line);
		} else if (slice_is(key, "RECIPE NAME")) {
			p.source = text_trim(line);
		}
	}
	return OK;
}

/* SPDX 2.2 and 2.3 */
static enum err read_spdx(struct reading *r)
{
	json_t *doc = NULL, *value = NULL;
	size_t i = 0;
	enum err e = read_json(r, &doc);

	json_array_foreach(json_object_get(doc, "packages"), i, value)
	{
		struct package p = {
			.name = member(value, "name"),
			.version = member(value, "versionInfo"),
			.confidence = LIKELY,
			.is_in_catalog = true,
			.location = SAY(r->s->scratch, SAY_PLACE, member(value, "SPDXID")),
		};

		if (p.version.len)
			tell(r, &p, 0);
	}
	json_decref(doc);
	return e;
}

static const struct {
	const char *glob; /* of the path in its tree */
	const char *type, *method;
	enum err (*read)(struct reading *r);
} manifests[] = {
	{"*.dist-info/METADATA", "pypi", "python-metadata", read_python},
	{"*.egg-info/PKG-INFO", "pypi", "python-metadata", read_python},
	{"*-packages/*.egg-info", "pypi", "python-metadata", read_python},
	{"*/node_modules/*/package.json", "npm", "node-package", read_node_package},
	{"*/package-lock.json", "npm", "node-lock", read_node_lock},
	{"*/manifest.csv", "generic", "buildroot-manifest", read_buildroot},
	{"*/license.manifest", "generic", "yocto-manifest", read_licence_manifest},
	{"*.rootfs.manifest", "generic", "yocto-manifest", read_image_manifest},
	{"*/image*.manifest", "generic", "yocto-manifest", read_image_manifest},
	{"*.spdx.json", "generic", "spdx", read_spdx},
};

bool manifest_is(struct slice path)
{
	for (size_t i = 0; i < ARRAY_LEN(manifests); i++)
		if (text_glob(path, manifests[i].glob))
			return true;
	return false;
}

enum err manifest_read(struct scene *s, const struct distro *d, uint64_t artifact,
		       struct slice path, struct slice text)
{
	struct reading r = {.s = s, .artifact = artifact, .text = text};
	const struct distro none = {0};
	size_t i = 0;

	while (i < ARRAY_LEN(manifests) && !text_glob(path, manifests[i].glob))
		i++;
	if (i == ARRAY_LEN(manifests))
		return OK;
	r.type = manifests[i].type;
	r.method = manifests[i].method;
	/* packages of a language are the same whatever distribution they lie in */
	r.distro = slice_is(slice_text(r.type), "generic") ? d : &none;
	if (manifests[i].read(&r) != OK)
		return E_CORRUPT;
	return r.n > LIMIT_PACKAGES ? E_LIMIT : OK;
}
