// SPDX-License-Identifier: Apache-2.0
// --vex FILE: VEX documents beside the product, read in a worker like everything else.

#include "cli/cli.h"

#include <stdio.h>

#include "base/ban.h"

struct files {
	const char *paths[LIMIT_INPUTS];
	struct mapping maps[LIMIT_INPUTS];
	struct inspect_input in[LIMIT_INPUTS];
	size_t n;
};

static enum exit_code map_files(const struct call *c, struct files *f)
{
	for (size_t i = 0; i < c->given_n; i++) {
		const char *path = c->given[i].value;
		struct fault why = {0};
		enum err e;

		if (c->given[i].option != OPT_VEX)
			continue;
		e = file_map(path, &f->maps[f->n], &why);
		if (e) {
			complain(c, path, e, &why);
			return EXIT_TARGET;
		}
		f->paths[f->n] = path;
		f->in[f->n] =
			(struct inspect_input){.name = slice_text(path), .bytes = &f->maps[f->n]};
		f->n++;
	}
	return EXIT_DONE;
}

/* The message of a skip: its reason and the place that its detail names. */
static void complain_skip(const struct call *c, const char *path, const struct skip *s)
{
	struct fault why = {0};
	enum err e = E_CORRUPT;

	for (unsigned i = 0; i < E_N; i++)
		if (slice_is(s->why, err_name((enum err)i)))
			e = (enum err)i;
	(void)snprintf(why.msg, sizeof why.msg, "%.*s", (int)slice_head(s->detail, 100).len,
		       (const char *)s->detail.ptr);
	complain(c, path, e, &why);
}

void complain_documents(const struct call *c, const struct record *r)
{
	const struct fact *f;
	size_t at = 0;

	while ((f = record_next(r, FACT_SKIP, &at))) {
		struct buf path;

		if (!slice_is(f->skip.subject, "documents"))
			continue;
		const struct artifact *a = record_artifact(r, f->skip.artifact);

		buf_init(&path, 4 * LIMIT_TEXT_BYTES);
		buf_add(&path, a ? a->path : f->skip.what);
		if (a && !slice_eq(a->path, f->skip.what)) {
			buf_text(&path, ": ");
			buf_add(&path, f->skip.what);
		}
		buf_byte(&path, 0);
		if (path.err == OK)
			complain_skip(c, (const char *)path.data, &f->skip);
		buf_release(&path);
	}
}

static bool can_hold_vex(struct slice type)
{
	static const char *const types[] = {"openvex", "csaf", "cyclonedx", "cyclonedx-xml"};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (slice_is(type, types[i]))
			return true;
	return false;
}

/* All of them could be read wholly, and are VEX documents. */
static enum exit_code check_files(const struct call *c, const struct files *f,
				  const struct record *found)
{
	struct fault other = {.msg = "no OpenVEX, CSAF or CycloneDX document"};
	const struct fact *fact;
	size_t at = 0, i = 0;

	while ((fact = record_next(found, FACT_INPUT, &at))) {
		if (!can_hold_vex(fact->input.type)) {
			complain(c, f->paths[i], E_MAGIC, &other);
			return EXIT_TARGET;
		}
		i++;
	}
	at = 0;
	fact = record_next(found, FACT_SKIP, &at);
	if (!fact)
		return EXIT_DONE;

	const struct artifact *a = record_artifact(found, fact->skip.artifact);

	complain_skip(c, a && a->input && a->input <= f->n ? f->paths[a->input - 1] : "--vex",
		      &fact->skip);
	return EXIT_TARGET;
}

/* The document's own name and hash: the decision can be traced to these very bytes. */
static enum err add_decisions(const struct record *found, const struct files *f, struct record *r)
{
	const struct fact *fact;
	size_t at = 0;
	enum err e = OK;

	while (e == OK && (fact = record_next(found, FACT_DECISION, &at))) {
		struct fact copy = *fact;
		struct buf source;

		buf_init(&source, 4 * LIMIT_TEXT_BYTES);
		for (size_t i = 0; i < f->n; i++) {
			struct slice name = f->in[i].name, from = fact->decision.source;

			if (!slice_eq(slice_head(from, name.len), name) ||
			    slice_at(from, name.len) != '!')
				continue;
			buf_clear(&source);
			for (struct slice part = {0}; text_field(&name, '/', &part);)
				if (part.len) {
					buf_clear(&source);
					buf_add(&source, part);
				}
			buf_print(&source, " sha256:%s", f->maps[i].sha256);
		}
		copy.decision.source = buf_slice(&source);
		e = source.err ? source.err : record_add(r, &copy);
		buf_release(&source);
	}
	return e;
}

static enum exit_code read_files(const struct call *c, const struct files *f, struct record *r)
{
	struct inspect_options o = {.jobs = 1,
				    .is_sandboxed = !c->value[OPT_NO_SANDBOX],
				    .wants_inspectors = true,
				    .only_documents = true};
	struct fact first = {.kind = FACT_TARGET};
	struct fault why = {0};
	struct record found;
	enum exit_code code = EXIT_INTERNAL;
	enum err e;

	record_init(&found);
	e = record_add(&found, &first);
	if (e == OK)
		e = inspect_run(&o, f->in, f->n, &found, &why);
	if (e)
		complain(c, "--vex", e, &why);
	else
		code = check_files(c, f, &found);
	if (code == EXIT_DONE && add_decisions(&found, f, r) != OK)
		code = EXIT_INTERNAL;
	record_release(&found);
	return code;
}

enum exit_code vex_files_add(const struct call *c, struct record *r)
{
	struct files f = {.n = 0};
	enum exit_code code = map_files(c, &f);

	if (code == EXIT_DONE && f.n)
		code = read_files(c, &f, r);
	for (size_t i = 0; i < f.n; i++)
		file_unmap(&f.maps[i]);
	return code;
}
