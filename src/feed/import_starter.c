// SPDX-License-Identifier: Apache-2.0
// The starter set that comes with the product: a line of facts an advisory, described at the head
// of catalog/starter.tsv.

#include "feed/importers.h"

#include "base/ban.h"

#define FIRST_LINE "#kensa-starter 1\n"

enum column {
	COLUMN_ID,
	COLUMN_PUBLISHED,
	COLUMN_SOURCE,
	COLUMN_FLAGS,
	COLUMN_SCORES,
	COLUMN_KEV,
	COLUMN_CWES,
	COLUMN_FILES,
	COLUMNS, /* behind them one field a product */
};

enum { METRICS_MAX = 11 };

static bool starter_knows(const struct record *r)
{
	return slice_starts(r->head, FIRST_LINE);
}

/* "-" stands for nothing. */
static struct slice given(struct slice field)
{
	return slice_is(field, "-") ? (struct slice){0} : field;
}

static void take_flags(struct draft *d, struct slice letters)
{
	static const struct {
		char letter;
		uint32_t flag;
	} flags[] = {
		{'d', ADVISORY_DISPUTED},   {'e', ADVISORY_SSVC_ACTIVE},
		{'p', ADVISORY_SSVC_POC},   {'a', ADVISORY_SSVC_AUTOMATE},
		{'t', ADVISORY_SSVC_TOTAL},
	};

	for (size_t i = 0; i < letters.len; i++)
		for (size_t k = 0; k < ARRAY_LEN(flags); k++)
			if (letters.ptr[i] == (uint8_t)flags[k].letter)
				d->a.flags |= flags[k].flag;
}

/* --- scores --- */

static const struct {
	const char *exact, *prefix;
	enum cvss_version version;
	const char *metrics[METRICS_MAX];
} vectors[] = {
	{"2.0", "", CVSS_V2, {"AV", "AC", "Au", "C", "I", "A"}},
	{"3.0", "CVSS:3.0/", CVSS_V3, {"AV", "AC", "PR", "UI", "S", "C", "I", "A"}},
	{"3.1", "CVSS:3.1/", CVSS_V3, {"AV", "AC", "PR", "UI", "S", "C", "I", "A"}},
	{"4.0",
	 "CVSS:4.0/",
	 CVSS_V4,
	 {"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"}},
};

/* The vector that "NLNPPP" is short for; empty when it is not of that length. */
static struct slice vector_of(struct draft *d, size_t kind, struct slice values)
{
	struct slice text = {0};
	struct buf b;
	size_t n = 0;

	while (n < METRICS_MAX && vectors[kind].metrics[n])
		n++;
	if (values.len != n)
		return text;
	buf_init(&b, 4 * KiB);
	buf_text(&b, vectors[kind].prefix);
	for (size_t i = 0; i < n; i++)
		buf_print(&b, "%s%s:%c", i ? "/" : "", vectors[kind].metrics[i], values.ptr[i]);
	if (b.err || arena_copy(d->from->arena, buf_slice(&b), &text) != OK)
		d->err = d->err ? d->err : E_LIMIT;
	buf_release(&b);
	return text;
}

static void take_score(struct draft *d, struct slice word)
{
	struct slice exact = {0}, score = {0};

	if (!text_field(&word, '/', &exact) || !text_field(&word, '/', &score)) {
		draft_odd(d, ODD_SHAPE);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++)
		if (slice_is(exact, vectors[i].exact))
			draft_cvss(d, vectors[i].version, score, vector_of(d, i, word));
}

/* --- claims --- */

/* "!a:b:c,d:e:f" as reports show it: "not a:b:c, d:e:f". */
static struct slice condition_of(struct draft *d, struct slice names)
{
	struct slice name = {0}, text = {0};
	struct buf b;

	buf_init(&b, LIMIT_CONDITION_BYTES);
	while (text_field(&names, ',', &name)) {
		bool is_not = slice_starts(name, "!");

		buf_text(&b, b.len ? ", " : "");
		buf_text(&b, is_not ? "not " : "");
		buf_add(&b, slice_from(name, is_not));
	}
	if (b.err || arena_copy(d->from->arena, buf_slice(&b), &text) != OK)
		d->err = d->err ? d->err : E_LIMIT;
	buf_release(&b);
	return text;
}

/* "[1.0,2.0)" with an end left out where it is open; false when it is not of that shape. */
static bool range_read(struct slice word, struct claim *c)
{
	uint8_t first = slice_at(word, 0), last = word.len ? word.ptr[word.len - 1] : 0;
	size_t comma = slice_find_byte(word, ',', 0);

	if ((first != '[' && first != '(') || (last != ']' && last != ')') || comma == SLICE_NONE)
		return false;
	c->kind = CLAIM_RANGE;
	c->low = slice_from(slice_head(word, comma), 1);
	c->high = slice_from(slice_head(word, word.len - 1), comma + 1);
	c->low_excluded = c->low.len && first == '(';
	c->high_excluded = c->high.len && last == ')';
	return (c->low.len || c->high.len) && (!c->low.len || version_is_good(c->low)) &&
	       (!c->high.len || version_is_good(c->high));
}

/* "1.0" or "1.0/rc1". */
static bool exact_read(struct slice rest, struct claim *c)
{
	if (!text_field(&rest, '/', &c->low))
		return false;
	c->kind = CLAIM_EXACT;
	c->low_update = rest;
	return version_is_good(c->low) && rest.len <= LIMIT_VERSION_BYTES;
}

/* What cannot be compared is kept as "any version", never dropped. */
static void put_claim(struct draft *d, const struct claim *frame, const struct claim *c,
		      bool is_good)
{
	struct claim *to = draft_claim(d, frame->product);

	if (to)
		*to = is_good ? *c : *frame;
	if (to && !is_good)
		to->kind = CLAIM_ANY;
	if (!is_good)
		draft_odd(d, ODD_VERSION);
}

/* "=1.0", or "=1.0.|1|2/rc1": what stands before the first bar begins all versions behind it. */
static void take_exact(struct draft *d, struct slice word, const struct claim *frame)
{
	struct slice rest = slice_from(word, 1), first = {0}, end = {0};
	struct claim c = *frame;

	if (slice_find_byte(rest, '|', 0) == SLICE_NONE) {
		put_claim(d, frame, &c, exact_read(rest, &c));
		return;
	}
	(void)text_field(&rest, '|', &first);
	first = slice_head(first, LIMIT_VERSION_BYTES);
	while (text_field(&rest, '|', &end)) {
		end = slice_head(end, 2 * LIMIT_VERSION_BYTES);

		struct slice whole =
			arena_print(d->from->arena, "%.*s%.*s", (int)first.len,
				    first.len ? (const char *)first.ptr : "", (int)end.len,
				    end.len ? (const char *)end.ptr : "");

		c = *frame;
		put_claim(d, frame, &c, exact_read(whole, &c));
	}
}

static void take_affected(struct draft *d, struct slice word, const struct claim *frame)
{
	struct claim c = *frame;

	if (slice_starts(word, "=")) {
		take_exact(d, word, frame);
	} else if (slice_is(word, "*") || slice_is(word, "-")) {
		c.kind = slice_is(word, "*") ? CLAIM_ANY : CLAIM_NONE;
		put_claim(d, frame, &c, true);
	} else {
		put_claim(d, frame, &c, range_read(word, &c));
	}
}

static void take_product(struct draft *d, struct slice field)
{
	struct claim frame = {.effect = EFFECT_AFFECTED};
	struct slice word = {0};
	size_t before = d->a.claims_n;

	if (!text_word(&field, &frame.product) || slice_at(frame.product, 1) != ':') {
		draft_odd(d, ODD_SHAPE);
		return;
	}
	while (text_word(&field, &word)) {
		if (slice_starts(word, "?"))
			frame.qualifier = slice_from(word, 1);
		else if (slice_starts(word, "&"))
			frame.condition = condition_of(d, slice_from(word, 1));
		else
			take_affected(d, word, &frame);
	}
	if (d->a.claims_n == before)
		draft_odd(d, ODD_SHAPE);
}

/* --- lines --- */

/* "#source nvd 2021-04-09"; other lines with a # are words for people. */
static enum err take_comment(const struct record *r, struct slice line)
{
	struct slice word = {0}, name = {0}, date = {0};
	enum source s = SOURCE_NVD;

	if (!text_word(&line, &word) || !slice_is(word, "#source") || !text_word(&line, &name) ||
	    !text_word(&line, &date) || !source_find(name, &s))
		return OK;
	return r->out->date(r->out->ctx, s, date);
}

/* The day belongs to another source, which will replace it one day. */
static enum err take_kev(const struct record *r, const struct slice *f)
{
	struct draft d;

	if (!given(f[COLUMN_KEV]).len)
		return OK;
	draft_init(&d, r, f[COLUMN_ID], SOURCE_KEV);
	d.a.flags = ADVISORY_KEV;
	if (slice_find_byte(f[COLUMN_FLAGS], 'r', 0) != SLICE_NONE)
		d.a.flags |= ADVISORY_RANSOMWARE;
	d.a.kev_added = date_days(f[COLUMN_KEV]);
	return draft_emit(&d);
}

static enum err take_files(const struct record *r, const struct slice *f)
{
	struct slice files = given(f[COLUMN_FILES]), path = {0};
	struct draft d;

	if (!files.len)
		return OK;
	draft_init(&d, r, f[COLUMN_ID], SOURCE_KERNEL_FILES);
	while (text_word(&files, &path))
		draft_file(&d, path);
	return draft_emit(&d);
}

static enum err starter_read(const struct record *r, struct fault *why)
{
	struct slice rest = text_trim(r->text), f[COLUMNS] = {{0}}, field = {0};
	enum source source = SOURCE_NVD;
	struct draft d;
	size_t n = 0;

	(void)why;
	if (!rest.len || slice_starts(rest, "#"))
		return take_comment(r, rest);
	while (n < COLUMNS && text_field(&rest, '\t', &f[n]))
		n++;
	if (!id_is_good(f[COLUMN_ID]) || !slice_starts(f[COLUMN_ID], "CVE-"))
		return r->out->odd(r->out->ctx, ODD_NO_ID);
	if (n < COLUMNS || !source_find(f[COLUMN_SOURCE], &source))
		return r->out->odd(r->out->ctx, ODD_SHAPE);
	draft_init(&d, r, f[COLUMN_ID], source);
	d.a.published = date_days(f[COLUMN_PUBLISHED]);
	take_flags(&d, given(f[COLUMN_FLAGS]));
	for (struct slice all = given(f[COLUMN_SCORES]); text_word(&all, &field);)
		take_score(&d, field);
	for (struct slice all = given(f[COLUMN_CWES]); text_field(&all, ',', &field);)
		draft_cwe(&d, arena_print(r->arena, "CWE-%.*s", (int)slice_head(field, 8).len,
					  field.len ? (const char *)field.ptr : ""));
	while (text_field(&rest, '\t', &field))
		take_product(&d, field);

	enum err e = draft_emit(&d);

	e = e ? e : take_kev(r, f);
	return e ? e : take_files(r, f);
}

const struct importer importer_starter = {
	.name = "starter",
	.form = FORM_LINES,
	.knows = starter_knows,
	.read = starter_read,
};
