// SPDX-License-Identifier: Apache-2.0
// What several outputs say alike: targets, places, steps.

#include "report/view.h"

#include <stdio.h>
#include <string.h>

#include "base/ban.h"

const struct target *view_target(const struct report_view *v)
{
	static const struct target none = {0};
	const struct target *t = record_target(v->record);

	return t ? t : &none;
}

bool view_has_seen(const struct report_view *v)
{
	const struct fact *f = NULL;

	for (size_t at = 0; (f = record_next(v->record, FACT_RANGE, &at));)
		if (f->range.kind == RANGE_IDENTIFIED)
			return true;
	return false;
}

struct slice view_rule_title(const struct report_view *v, struct slice rule)
{
	const struct rule *r = sheet_rule(v->sheet, rule);

	return r && r->title.in[v->lang].len ? r->title.in[v->lang] : rule;
}

struct slice view_saying(const struct report_view *v, struct slice saying, struct buf *out)
{
	buf_clear(out);
	saying_write(out, saying, v->lang);
	return buf_slice(out);
}

void view_place(const struct report_view *v, uint64_t artifact, struct slice location,
		struct buf *out)
{
	const struct artifact *a = record_artifact(v->record, artifact);

	buf_add(out, a ? a->path : view_target(v)->name);
	if (location.len) {
		buf_text(out, v->lang == JA ? "（" : " (");
		saying_write(out, location, v->lang);
		buf_text(out, v->lang == JA ? "）" : ")");
	}
}

struct slice view_skip_words(const struct skip *s, enum lang l)
{
	for (unsigned e = 0; e < E_N; e++)
		if (slice_is(s->why, err_name((enum err)e)))
			return slice_text(err_words((enum err)e, l == JA));
	return s->why;
}

void skip_words(const struct skip *s, enum lang l, struct buf *out)
{
	buf_add(out, view_skip_words(s, l));
	if (s->detail.len) {
		buf_text(out, l == JA ? "：" : ": ");
		saying_write(out, s->detail, l);
	}
}

void view_fill(struct buf *out, const char *form, const char *hole, struct slice text)
{
	struct slice all = slice_text(form);
	size_t at = slice_find(all, slice_text(hole), 0);

	if (at == SLICE_NONE) {
		buf_add(out, all);
		return;
	}
	buf_add(out, slice_head(all, at));
	buf_add(out, text);
	buf_add(out, slice_from(all, at + strlen(hole)));
}

/* Whether something was not tested because nobody said what the product is called. */
static bool lacks_cpe(const struct report_view *v)
{
	const struct judgement *j = v->judgement;

	if (view_target(v)->cpe.len)
		return false;
	for (size_t i = 0; i < j->items_n; i++)
		for (size_t k = 0; k < j->items[i].item->needs_n; k++)
			if (j->items[i].verdict == V_UNTESTED &&
			    slice_is(j->items[i].item->needs[k].subject, "own-advisories"))
				return true;
	return false;
}

/* What to do about an item that no rule fails. */
static enum phrase step_phrase(const struct report_view *v, const struct item *item)
{
	const struct judgement *j = v->judgement;
	bool is_known = item && item->part == PART_VULNERABILITY && item->method == METHOD_KNOWN;
	size_t i = 0, at = 0;

	if (is_known && !record_next(v->record, FACT_FEED, &at))
		return PH_STEP_FEED;
	while (i < j->items_n && j->items[i].item != item)
		i++;
	if (i < j->items_n && j->items[i].verdict == V_FAIL)
		return PH_STEP_COVERAGE;
	if (is_known && i < j->items_n && j->items[i].verdict == V_UNTESTED && lacks_cpe(v))
		return PH_STEP_CPE;
	return i < j->items_n && j->items[i].verdict == V_INCONCLUSIVE ? PH_STEP_INCONCLUSIVE
								       : PH_STEP_TEST;
}

void view_thresholds(const struct report_view *v, struct buf *out)
{
	const struct {
		const char *hole;
		uint64_t percent;
	} grades[] = {{"{bronze}", v->sheet->bronze},
		      {"{silver}", v->sheet->silver},
		      {"{gold}", v->sheet->gold}};
	struct slice rest = slice_text(words_of(PH_THRESHOLDS).in[v->lang]);

	for (size_t i = 0; i < ARRAY_LEN(grades); i++) {
		size_t at = slice_find(rest, slice_text(grades[i].hole), 0);

		if (at >= rest.len)
			continue;
		buf_add(out, slice_head(rest, at));
		buf_print(out, "%llu", (unsigned long long)grades[i].percent);
		rest = slice_from(rest, at + strlen(grades[i].hole));
	}
	buf_add(out, rest);
}

void view_step(const struct report_view *v, const struct step *s, struct buf *out)
{
	const char *form = s->rule ? "" : words_of(step_phrase(v, s->item)).in[v->lang];
	char digits[24], filled[512] = "";
	struct buf b;

	if (s->rule) {
		buf_add(out, s->rule->action.in[v->lang]);
		return;
	}
	snprintf(digits, sizeof digits, "%llu", (unsigned long long)s->flaws);
	buf_init(&b, sizeof filled - 1);
	view_fill(&b, form, "{n}", slice_text(digits));
	if (b.len)
		memcpy(filled, b.data, b.len);
	buf_release(&b);
	view_fill(out, filled, "{title}", s->item ? s->item->title.in[v->lang] : (struct slice){0});
}

void terminal_column(struct buf *out, struct slice text, size_t width)
{
	size_t have = 0;

	for (size_t at = 0; at < text.len;) {
		size_t n = text_utf8_len(text, at);

		/* U+1100 and above is wide enough a rule for the words of this program. */
		have += n >= 3 && slice_at(text, at) >= 0xe1 ? 2 : 1;
		at += n ? n : 1;
	}
	text_terminal(out, text);
	for (; have < width; have++)
		buf_byte(out, ' ');
}

enum err view_record_hash(const struct report_view *v, char out[SHA256_HEX + 1])
{
	struct buf all;
	size_t at = 0;
	const struct fact *end = record_next(v->record, FACT_END, &at);

	if (end && end->end.sha256.len == SHA256_HEX) {
		memcpy(out, end->end.sha256.ptr, SHA256_HEX);
		out[SHA256_HEX] = '\0';
		return OK;
	}
	buf_init(&all, LIMIT_REPORT_BYTES);
	record_write(v->record, &all);

	enum err e = all.err;

	digest_sha256_hex(buf_slice(&all), out);
	buf_release(&all);
	return e;
}

/* A UUID of version 8 (RFC 9562, section 5.8) cut from the record's hash: the same record has the
 * same number, another one another. */
enum err view_uuid(const struct report_view *v, const char *kind, struct buf *out)
{
	char record[SHA256_HEX + 1], hex[SHA256_HEX + 1];
	struct buf named;
	enum err e = view_record_hash(v, record);

	if (e)
		return e;
	buf_init(&named, 256);
	buf_print(&named, "kensa %s %s", kind, record);
	digest_sha256_hex(buf_slice(&named), hex);
	e = named.err;
	buf_release(&named);
	hex[12] = '8'; /* version */
	hex[16] = 'a'; /* variant 10xx */
	buf_print(out, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", &hex[0], &hex[8], &hex[12], &hex[16],
		  &hex[20]);
	return e;
}

bool view_is_date(struct slice date)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof form - 1; i++) {
		char c = (char)slice_at(date, i);

		if (form[i] == '-' ? c != '-' : !text_is_digit(c))
			return false;
	}
	return date.len == sizeof form - 1;
}

void view_stamp(struct slice date, struct buf *out)
{
	buf_add(out, view_is_date(date) ? date : slice_text("1970-01-01"));
	buf_text(out, "T00:00:00Z");
}
