// SPDX-License-Identifier: Apache-2.0
// Finds software components: by version strings in files and payloads, and by package databases.

#include "inspect/firmware/packages.h"
#include "inspect/library.h"
#include "inspect/scene.h"

#include "base/ban.h"

static const char subject[] = "components";

/* The last part of a path; of an input as a whole, its name. A payload has none of its own: what
 * stands after its "!" is how it was found. */
static struct slice last_name(const struct object *o)
{
	struct slice path = o->name.len ? o->name : o->path;
	size_t at = path.len;

	while (at > 0 && slice_at(path, at - 1) != '/' && slice_at(path, at - 1) != '!')
		at--;
	if (at > 0 && slice_at(path, at - 1) == '!' && !o->entry)
		return (struct slice){0};
	return slice_from(path, at);
}

/* A library in a file that is not its own was linked into it. */
static const char *method_of(const struct sighting *t)
{
	if (t->how == SIGHTED_NAME)
		return "file-name";
	return t->what->kind == SIGNATURE_LIBRARY && !t->is_named ? "static-copy"
								  : "version-string";
}

static enum confidence confidence_of(const struct sighting *t)
{
	if (t->version.len == 0)
		return WEAK;
	if (t->how == SIGHTED_NAME)
		return LIKELY;
	return t->is_named || t->what->kind != SIGNATURE_LIBRARY ? SURE : LIKELY;
}

static void emit(struct scene *s, const struct object *o, const struct sighting *t)
{
	struct buf purl, cpe;

	buf_init(&purl, LIMIT_TEXT_BYTES);
	buf_init(&cpe, LIMIT_TEXT_BYTES);
	signature_purl(t->what, t->version, &purl);
	signature_cpe(t->what, t->version, &cpe);
	scene_component(s, &(struct component){
				   .name = t->what->name,
				   .version = t->version,
				   /* an identifier that does not fit would be cut to a wrong one */
				   .purl = purl.err ? (struct slice){0} : buf_slice(&purl),
				   .cpe = cpe.err ? (struct slice){0} : buf_slice(&cpe),
				   .supplier = t->what->supplier,
				   .artifact = o->artifact,
				   .location = t->how == SIGHTED_NAME ? saying(SAY_FILE_NAME)
								      : say_at(s->scratch, t->at),
				   .method = slice_text(method_of(t)),
				   .confidence = confidence_of(t),
				   .kind = signature_component_kind(t->what),
			   });
	buf_release(&purl);
	buf_release(&cpe);
}

static enum err search(struct scene *s, const struct object *o)
{
	const struct specimen file = {
		.data = o->data,
		.name = last_name(o),
		/* A dump that begins with erased flash looks plain at first. */
		.is_text = o->is_text &&
			   !slice_starts(o->data, "\x7f"
						  "ELF") &&
			   slice_find_byte(o->data, 0, 0) == SLICE_NONE,
	};
	struct sightings found = {0};
	enum err err = library_scan(s->data->library, &file, s->scratch, &found);

	for (size_t i = 0; i < found.n; i++)
		emit(s, o, &found.list[i]);
	return err;
}

static void components_object(struct scene *s, const struct object *o)
{
	enum err err = OK;

	/* What a container holds comes as objects of its own. */
	if (!s->data->library || o->data.len == 0 || (o->format && o->format->open))
		return;
	err = search(s, o);
	if (err == OK)
		err = packages_object(s, o);
	scene_coverage(s, subject, err == OK, 1);
	if (err)
		scene_skip(s, subject, o->artifact, o->path, err, saying(SAY_COMPONENTS_PARTLY));
}

static void components_tree(struct scene *s, const struct tree *t)
{
	/* says that there was a look, even where there is no file */
	scene_coverage(s, subject, 0, 0);
	packages_tree(s, t);
}

const struct inspector inspector_components = {
	.name = "components",
	.object = components_object,
	.tree = components_tree,
};
