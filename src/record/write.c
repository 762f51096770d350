// SPDX-License-Identifier: Apache-2.0
// Canonical bytes of a record: JSON lines in the order of model's tables, closed by a hash.

#include "record/record.h"

#include "base/ban.h"

/* An array of the key and its values; a word is an array of its key. */
static void write_saying(struct jsonw *j, struct slice saying)
{
	struct slice part;

	jsonw_array(j);
	for (size_t i = 0; saying_part(saying, i, &part); i++) {
		bool is_word = slice_at(part, 0) == SAYING_WORD;

		if (is_word)
			jsonw_array(j);
		jsonw_text(j, is_word ? slice_from(part, 1) : part);
		if (is_word)
			jsonw_array_end(j);
	}
	jsonw_array_end(j);
}

static void write_field(struct jsonw *j, struct fact *f, const struct field *d)
{
	if (d->kind == FIELD_TEXT) {
		if (field_text(f, d)->len)
			jsonw_put(j, d->key, *field_text(f, d));
		return;
	}

	if (d->kind == FIELD_SAYING) {
		if (field_text(f, d)->len) {
			jsonw_key(j, d->key);
			write_saying(j, *field_text(f, d));
		}
		return;
	}

	uint64_t v = field_number(f, d);

	/* A name is always written: its zero is a word, not an absence. */
	if (d->kind == FIELD_NAME)
		jsonw_put_text(j, d->key, v < d->names_n ? d->names[v] : "?");
	else if (v)
		jsonw_put_u64(j, d->key, v);
}

void record_write_fact(const struct fact *f, struct buf *out)
{
	const struct fact_type *t = fact_type(f->kind);
	struct fact copy = *f;
	struct jsonw j;

	jsonw_init(&j, out, 0);
	jsonw_object(&j);
	jsonw_put_text(&j, "fact", t->name);
	for (size_t i = 0; i < t->fields_n; i++)
		write_field(&j, &copy, &t->fields[i]);
	jsonw_object_end(&j);
	buf_byte(out, '\n');
}

void record_write(const struct record *r, struct buf *out)
{
	for (size_t i = 0; i < r->n; i++)
		record_write_fact(&r->facts[i], out);
}

enum err record_end(struct record *r, bool complete)
{
	struct buf all;
	struct fact end = {.kind = FACT_END};
	char hex[SHA256_HEX + 1];

	buf_init(&all, LIMIT_REPORT_BYTES);
	record_write(r, &all);

	enum err e = all.err;

	digest_sha256_hex(buf_slice(&all), hex);
	buf_release(&all);
	if (e)
		return e;
	end.end.status = slice_text(complete ? "complete" : "interrupted");
	end.end.facts = r->n;
	end.end.sha256 = slice_text(hex);
	r->is_complete = complete;
	return record_add(r, &end);
}
