// SPDX-License-Identifier: Apache-2.0
// kensa extract: unpack into a folder, never outside it.

#include "cli/cli.h"

#include "base/ban.h"

struct unpacking {
	struct outdir *dir;
	bool has_clash; /* a name that another entry has taken */
	enum err err;
};

/*
 * image.bin!squashfs@0x40000!/etc/x becomes squashfs@0x40000.unpacked/etc/x: a container's contents
 * lie in a folder beside it, and the image's own name is not repeated.
 */
static void disk_path(struct slice path, struct buf *out)
{
	struct slice rest = path, part = {0};
	bool is_first = true;

	(void)text_field(&rest, '!', &part);
	while (text_field(&rest, '!', &part)) {
		if (!is_first)
			buf_text(out, ".unpacked/");
		buf_add(out, part);
		is_first = false;
	}
}

static void keep(struct unpacking *u, enum err e)
{
	if (e == E_RANGE)
		u->has_clash = true;
	else if (u->err == OK)
		u->err = e;
}

static void take_data(void *ctx, struct slice path, struct slice bytes, bool is_first)
{
	struct unpacking *u = ctx;
	struct buf b;

	buf_init(&b, 2 * LIMIT_TEXT_BYTES);
	disk_path(path, &b);
	keep(u, outdir_file(u->dir, buf_slice(&b), bytes, !is_first));
	buf_release(&b);
}

/* Where "/" of the filesystem that holds this artifact lies on disk. */
static void disk_root(const struct record *r, const struct artifact *a, struct buf *out)
{
	const struct artifact *parent = record_artifact(r, a->parent);

	if (!parent)
		return;
	disk_path(parent->path, out);
	buf_text(out, ".unpacked");
}

static uint64_t make_links_and_folders(struct unpacking *u, const struct record *r)
{
	const struct fact *f = NULL;
	uint64_t refused = 0;
	size_t at = 0;

	while ((f = record_next(r, FACT_ARTIFACT, &at))) {
		const struct artifact *a = &f->artifact;
		struct buf path, root;

		if (a->type != ART_DIRECTORY && a->type != ART_LINK)
			continue;
		buf_init(&path, 2 * LIMIT_TEXT_BYTES);
		buf_init(&root, 2 * LIMIT_TEXT_BYTES);
		disk_path(a->path, &path);
		disk_root(r, a, &root);
		if (a->type == ART_DIRECTORY)
			keep(u, outdir_folder(u->dir, buf_slice(&path)));
		else if (outdir_link(u->dir, buf_slice(&path), buf_slice(&root), a->link) != OK)
			refused++;
		buf_release(&root);
		buf_release(&path);
	}
	return refused;
}

static enum exit_code run(const struct call *c)
{
	struct call image = *c;
	struct unpacking u = {0};
	struct inspect_sink sink = {.data = take_data, .ctx = &u};
	struct fault why = {0};
	struct record r;
	enum err e = outdir_open(c->args[1], &u.dir, &why);

	if (e) {
		complain(c, c->args[1], e, &why);
		return EXIT_USAGE;
	}
	image.args_n = 1;

	enum exit_code code = inspect_targets(&image, NULL, &sink, &r);

	if (code == EXIT_DONE || code == EXIT_INCOMPLETE) {
		if (make_links_and_folders(&u, &r))
			note_words(c, c->args[1], "links that lead out of the image were not made",
				   "イメージの外を指すリンクは作りませんでした");
		if (record_is_incomplete(&r))
			code = EXIT_INCOMPLETE;
	}
	keep(&u, outdir_close(u.dir));
	if (u.has_clash) {
		complain_words(c, c->args[1],
			       "entries whose name another entry has taken were not written",
			       "他の項目と名前が重なる項目は書き出しませんでした");
		code = code == EXIT_DONE ? EXIT_INCOMPLETE : code;
	}
	if (u.err) {
		complain(c, c->args[1], u.err, NULL);
		code = EXIT_TARGET;
	}
	record_release(&r);
	return code;
}

const struct command command_extract = {
	.name = "extract",
	.args = "IMAGE DIR",
	.summary = {[EN] = "unpack everything into a new folder",
		    [JA] = "すべてを新しいフォルダーへ取り出します"},
	.options = OPTIONS_COMMON | OPTIONS_RUN,
	.args_min = 2,
	.args_max = 2,
	.run = run,
};
