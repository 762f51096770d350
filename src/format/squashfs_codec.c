// SPDX-License-Identifier: Apache-2.0
// Which compressor a SquashFS really uses: vendors keep "gzip" in the header and write LZMA.

#include "format/squashfs.h"

#include "base/ban.h"

enum {
	LZMA_PROPERTIES = 225,
	LZMA_HEADER = 5, /* properties byte, dictionary size */
	LZMA_SKIP_MAX = 13,
	MISSES_MAX = 8,
	LZMA_PROPERTIES_COMMON = 93 /* lc=3 lp=0 pb=2 */
};

struct squashfs_method {
	const char *name;
	uint16_t id; /* squashfs.rst 3.1, 0: never declared */
	enum err (*run)(const struct squashfs_codec *c, struct slice in, struct buf *out);
};

static enum err run_zlib(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_zlib(in, out, NULL);
}

static enum err run_deflate(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_deflate(in, out, NULL);
}

static enum err run_lzma(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_lzma(in, out, NULL);
}

static enum err run_lzo(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_lzo1x(in, out, NULL);
}

static enum err run_xz(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_xz(in, out, NULL);
}

static enum err run_lz4(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_lz4_block(in, out->ceiling - out->len, out);
}

static enum err run_zstd(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	(void)c;
	return codec_zstd(in, out, NULL);
}

/*
 * LZMA without a stated size ends where the block is full, at an end marker, or with its input:
 * then the last bits of the coder may unpack to symbols that were never written, wrong ones
 * included.
 */
static enum err run_vendor(const struct squashfs_codec *c, struct slice in, struct buf *out)
{
	struct slice stream = slice_from(in, c->skip);
	size_t before = out->len, used = 0;
	enum err e = codec_lzma_raw(stream, c->properties, c->dictionary, out->ceiling - before,
				    out, &used);

	if (e == E_CORRUPT && used + 1 < stream.len)
		return e;
	if (e == E_CORRUPT) {
		out->len = before;
		e = codec_lzma_raw(stream, c->properties, c->dictionary, UINT64_MAX, out, &used);
	}
	return e && e != E_NOMEM && used + 1 >= stream.len && out->len > before ? OK : e;
}

/* Those whose output proves itself come first. */
static const struct squashfs_method methods[] = {
	{.name = "xz", .id = 4, .run = run_xz},
	{.name = "gzip", .id = 1, .run = run_zlib},
	{.name = "zstd", .id = 6, .run = run_zstd},
	{.name = "lzma", .id = 2, .run = run_lzma},
	{.name = "lzo", .id = 3, .run = run_lzo},
	{.name = "lz4", .id = 5, .run = run_lz4},
	{.name = "deflate", .id = 0, .run = run_deflate},
};
static const struct squashfs_method method_vendor = {.name = "lzma without size",
						     .run = run_vendor};

const char *squashfs_codec_name(const struct squashfs_codec *c)
{
	if (c->method)
		return c->method->name;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (methods[i].id == c->declared && c->declared)
			return methods[i].name;
	return "not compressed";
}

/* Nothing is left in `out` after an error. */
static enum err run_bounded(const struct squashfs_codec *c, struct slice in, size_t most,
			    struct buf *out)
{
	size_t before = out->len, ceiling = out->ceiling;

	if (out->err || most > ceiling - before)
		return E_LIMIT;
	out->ceiling = before + most;

	enum err e = c->method->run(c, in, out);

	out->ceiling = ceiling;
	out->err = OK;
	if (e == OK && out->len == before)
		e = E_CORRUPT;
	if (e)
		out->len = before;
	/* the limit here is the block's own */
	return e == E_LIMIT ? E_CORRUPT : e;
}

struct trial {
	struct squashfs_codec *codec;
	struct slice in;
	size_t most;
	squashfs_check *check;
	const void *context;
	struct buf *out;
};

/* OK when the method set in the codec is the one; E_NOMEM must not be taken for a "no". */
static enum err try_one(const struct trial *t)
{
	size_t before = t->out->len;
	enum err e = run_bounded(t->codec, t->in, t->most, t->out);

	if (e == OK && t->check && !t->check(t->context, slice_from(buf_slice(t->out), before))) {
		t->out->len = before;
		e = E_CORRUPT;
	}
	return e;
}

/* One place where a range coder may start: its first byte is 0. */
static enum err try_skip(const struct trial *t, size_t skip)
{
	struct squashfs_codec *c = t->codec;
	uint8_t stated = slice_at(t->in, 0);
	enum err e = E_CORRUPT;

	if (skip >= t->in.len || slice_at(t->in, skip) != 0)
		return E_CORRUPT;
	c->skip = skip;
	c->properties =
		skip >= LZMA_HEADER && stated < LZMA_PROPERTIES ? stated : LZMA_PROPERTIES_COMMON;
	e = try_one(t);
	for (unsigned p = 0; e == E_CORRUPT && p < LZMA_PROPERTIES; p++) {
		c->properties = (uint8_t)p;
		if (p % 9 + p / 9 % 5 <= 4) /* what encoders write */
			e = try_one(t);
	}
	return e;
}

static enum err try_vendor(const struct trial *t)
{
	enum err e = E_CORRUPT;

	t->codec->method = &method_vendor;
	for (size_t skip = 0; e == E_CORRUPT && skip <= LZMA_SKIP_MAX; skip++)
		e = try_skip(t, skip);
	return e;
}

static enum err try_all(const struct trial *t, bool declared)
{
	enum err e = E_CORRUPT;

	for (size_t i = 0; e && e != E_NOMEM && i < ARRAY_LEN(methods); i++) {
		if ((methods[i].id == t->codec->declared) != declared)
			continue;
		t->codec->method = &methods[i];
		e = try_one(t);
	}
	return e;
}

enum err squashfs_unpack(struct squashfs_codec *c, struct slice in, size_t most,
			 squashfs_check *check, const void *context, struct buf *out)
{
	struct trial t = {
		.codec = c, .in = in, .most = most, .check = check, .context = context, .out = out};

	if (c->method)
		return run_bounded(c, in, most, out);

	enum err e = try_all(&t, true);
	bool is_read = e != E_UNSUPPORTED;

	bool is_guessing = c->misses < MISSES_MAX;

	if (e && e != E_NOMEM && is_guessing)
		e = try_all(&t, false);
	if (e && e != E_NOMEM && is_guessing && check)
		e = try_vendor(&t);
	if (e) {
		c->method = NULL;
		c->misses++;
	}
	return e && !is_read ? E_UNSUPPORTED : e;
}
