// SPDX-License-Identifier: Apache-2.0
// What several outputs say alike: targets, places, steps.

#include "report/view.h"

#include <string.h>

#include "base/ban.h"

const struct target *view_target(const struct report_view *v)
{
	static const struct target none = {0};
	const struct target *t = record_target(v->record);

	return t ? t : &none;
}

struct slice view_rule_title(const struct report_view *v, struct slice rule)
{
	const struct rule *r = sheet_rule(v->sheet, rule);

	return r && r->title.in[v->lang].len ? r->title.in[v->lang] : rule;
}

void view_place(const struct report_view *v, uint64_t artifact, struct slice location,
		struct buf *out)
{
	const struct artifact *a = record_artifact(v->record, artifact);

	buf_add(out, a ? a->path : view_target(v)->name);
	if (location.len) {
		buf_text(out, " (");
		buf_add(out, location);
		buf_byte(out, ')');
	}
}

struct slice view_skip_words(const struct skip *s, enum lang l)
{
	for (unsigned e = 0; e < E_N; e++)
		if (slice_is(s->why, err_name((enum err)e)))
			return slice_text(err_words((enum err)e, l == JA));
	return s->why;
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

void view_step(const struct report_view *v, const struct step *s, struct buf *out)
{
	struct slice title = s->item ? s->item->title.in[v->lang] : (struct slice){0};

	size_t at = 0;

	if (s->rule)
		buf_add(out, s->rule->action.in[v->lang]);
	else if (s->item && s->item->part == PART_VULNERABILITY &&
		 s->item->method == METHOD_KNOWN && !record_next(v->record, FACT_FEED, &at))
		buf_text(
			out,
			v->lang == JA
				? "脆弱性情報を取り込んで (kensa feed "
				  "import)、もう一度判定してください。"
				: "Import vulnerability data (kensa feed import) and judge again.");
	else
		view_fill(out, words_of(PH_STEP_TEST).in[v->lang], "{title}", title);
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
