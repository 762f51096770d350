// SPDX-License-Identifier: Apache-2.0
// Emits what is written into programs at build time: Go's modules, Rust's crates ("cargo
// auditable"), package notes; and the descriptors of microcontroller images.

#include "inspect/firmware/builds.h"

#include <jansson.h>

#include "inspect/firmware/descriptors.h"
#include "inspect/firmware/gobuild.h"
#include "inspect/firmware/packages.h"

#include "base/ban.h"

/* --- Go --- */

/* "github.com/a/b": the last part is the name, what is before it the namespace. */
static void name_module(struct slice path, struct package *p)
{
	size_t at = path.len;

	while (at > 0 && slice_at(path, at - 1) != '/')
		at--;
	p->name = path;
	p->purl_name = slice_from(path, at);
	p->space = slice_head(path, at);
}

static enum err go_modules(struct scene *s, const struct elf *e, uint64_t artifact)
{
	const struct distro none = {0};
	struct go_build b;
	struct go_module m;
	struct package p = {.type = "golang", .method = "go-build", .confidence = SURE};
	size_t n = 0;

	if (!go_build_read(e, &b))
		return OK;
	p.location = say_at(s->scratch, b.at);
	if (slice_starts(b.version, "go")) {
		p.name = slice_text("go");
		p.purl_name = slice_text("stdlib");
		p.version = slice_from(b.version, 2);
		p.version = slice_head(p.version, slice_find_byte(p.version, ' ', 0));
		p.is_in_catalog = true;
		package_emit(s, &p, &none, artifact);
		p.is_in_catalog = false;
	}
	while (go_module_next(&b.modules, &m)) {
		if (n++ >= LIMIT_PACKAGES)
			return E_LIMIT;
		name_module(m.path, &p);
		/* a program built from a folder has no version: it is there all the same */
		p.version = slice_is(m.version, "(devel)") ? (struct slice){0} : m.version;
		package_emit(s, &p, &none, artifact);
	}
	return OK;
}

/* --- JSON in sections --- */

static struct slice member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? slice_text(text) : (struct slice){0};
}

static json_t *json_of(struct slice text)
{
	return json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
}

static void package_of_note(struct scene *s, const struct elf *e, uint64_t artifact)
{
	uint64_t at = 0;
	struct slice text = package_note(e, &at);
	json_t *note = text.len ? json_of(text) : NULL;
	struct distro distro = {.id = member(note, "os")};
	struct slice type = member(note, "type"), version = member(note, "osVersion");
	struct package p = {
		.name = member(note, "name"),
		.version = member(note, "version"),
		.arch = member(note, "architecture"),
		.space = distro.id,
		.method = "package-note",
		.location = say_at(s->scratch, at),
		.confidence = SURE,
		.is_in_catalog = true,
	};

	if (distro.id.len && version.len)
		distro.name = arena_print(s->scratch, "%.*s-%.*s", (int)distro.id.len,
					  (const char *)distro.id.ptr, (int)version.len,
					  (const char *)version.ptr);
	p.type = slice_is(type, "deb")   ? "deb"
		 : slice_is(type, "rpm") ? "rpm"
		 : slice_is(type, "apk") ? "apk"
					 : "generic";
	if (p.name.len && p.version.len)
		package_emit(s, &p, &distro, artifact);
	json_decref(note);
}

/* A crate that was only used to build it is not in it. */
static bool is_inside(const json_t *crate)
{
	struct slice kind = member(crate, "kind");

	return !slice_is(kind, "build") && !slice_is(kind, "dev");
}

static enum err rust_crates(struct scene *s, const struct elf *e, uint64_t artifact)
{
	const struct elf_section *section = elf_section(e, ".dep-v0");
	const struct distro none = {0};
	struct package p = {.type = "cargo", .method = "rust-audit", .confidence = SURE};
	enum err err = OK;
	json_t *audit = NULL, *crate = NULL;
	size_t i = 0;
	struct buf text;

	if (!section)
		return OK;
	p.location = say_at(s->scratch, section->offset);
	buf_init(&text, LIMIT_AUDIT_BYTES);
	err = codec_zlib(elf_section_bytes(e, section), &text, NULL);
	audit = err == OK ? json_of(buf_slice(&text)) : NULL;
	if (!audit)
		err = err ? err : E_CORRUPT;
	json_array_foreach(json_object_get(audit, "packages"), i, crate)
	{
		p.name = member(crate, "name");
		p.version = member(crate, "version");
		if (i >= LIMIT_PACKAGES)
			err = E_LIMIT;
		else if (p.name.len && is_inside(crate))
			package_emit(s, &p, &none, artifact);
	}
	json_decref(audit);
	buf_release(&text);
	return err;
}

/* --- microcontrollers --- */

static void descriptor(void *context, const struct descriptor *d)
{
	const struct package p = {
		.name = d->name,
		.version = d->version,
		.type = "generic",
		.method = d->method,
		.confidence = SURE,
	};
	struct descriptor_telling *t = context;
	const struct distro none = {0};
	struct package said = p;

	said.location = say_at(t->scene->scratch, d->at);
	package_emit(t->scene, &said, &none, t->artifact);
}

enum err builds_object(struct scene *s, const struct object *o)
{
	struct descriptor_telling t = {.scene = s, .artifact = o->artifact};
	struct elf e;
	enum err err = OK, other = OK;

	if (o->is_text)
		return OK;
	if (!slice_starts(o->data, "\x7f"
				   "ELF")) {
		descriptors_find(o->data, s->scratch, descriptor, &t);
		return OK;
	}
	if (elf_read(o->data, s->scratch, &e, NULL) != OK)
		return OK; /* hardening tells of damaged ones */
	err = go_modules(s, &e, o->artifact);
	other = rust_crates(s, &e, o->artifact);
	package_of_note(s, &e, o->artifact);
	return err ? err : other;
}
