// SPDX-License-Identifier: Apache-2.0
// Reading a record back. A record may come from anywhere: every line and the closing hash are
// checked.

#include "record/record.h"

#include <jansson.h>

#include "base/ban.h"

static enum err read_number(const json_t *v, const struct field *d, uint64_t *out)
{
	if (d->kind == FIELD_NAME) {
		if (!json_is_string(v))
			return E_RANGE;
		*out = name_find(d->names, d->names_n,
				 slice_of(json_string_value(v), json_string_length(v)));
		return *out < d->names_n ? OK : E_RANGE;
	}
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return E_RANGE;
	*out = (uint64_t)json_integer_value(v);
	return OK;
}

/* The text of a value, or of the one string in a word's array. */
static bool add_part(const json_t *v, struct buf *out)
{
	if (json_is_array(v) && json_array_size(v) == 1) {
		buf_byte(out, SAYING_WORD);
		v = json_array_get(v, 0);
	}
	if (!json_is_string(v))
		return false;

	struct slice s = slice_of(json_string_value(v), json_string_length(v));

	buf_add(out, s);
	return slice_find_byte(s, SAYING_SEPARATOR, 0) == SLICE_NONE &&
	       slice_find_byte(s, SAYING_WORD, 0) == SLICE_NONE;
}

static enum err read_saying(const json_t *v, struct arena *a, struct slice *out)
{
	struct buf b;
	bool is_good =
		json_is_array(v) && json_array_size(v) > 0 && json_is_string(json_array_get(v, 0));

	buf_init(&b, LIMIT_TEXT_BYTES);
	for (size_t i = 0; is_good && i < json_array_size(v); i++) {
		if (i)
			buf_byte(&b, SAYING_SEPARATOR);
		is_good = add_part(json_array_get(v, i), &b);
	}
	is_good = is_good && !b.err && b.len && saying_is_good(buf_slice(&b)) &&
		  arena_copy(a, buf_slice(&b), out) == OK;
	buf_release(&b);
	return is_good ? OK : E_RANGE;
}

/* Texts stay borrowed from the JSON tree, sayings from the arena: record_add copies them. */
static enum err read_field(const json_t *v, const struct field *d, struct arena *a, struct fact *f)
{
	uint64_t number = 0;

	if (d->kind == FIELD_TEXT) {
		if (!json_is_string(v) || json_string_length(v) > LIMIT_TEXT_BYTES)
			return E_RANGE;
		*field_text(f, d) = slice_of(json_string_value(v), json_string_length(v));
		return OK;
	}

	if (d->kind == FIELD_SAYING)
		return read_saying(v, a, field_text(f, d));

	enum err e = read_number(v, d, &number);

	if (e == OK)
		field_number_set(f, d, number);
	return e;
}

static enum err read_kind(const json_t *line, enum fact_kind *out)
{
	const char *word = json_string_value(json_object_get(line, "fact"));

	for (unsigned k = 0; word && k < FACT_N; k++) {
		if (!slice_is(slice_text(word), fact_type((enum fact_kind)k)->name))
			continue;
		*out = (enum fact_kind)k;
		return OK;
	}
	return E_MAGIC;
}

static enum err read_fact(const json_t *line, struct arena *a, struct fact *out, struct fault *why)
{
	struct fact f = {0};
	size_t known = 1;

	if (read_kind(line, &f.kind) != OK)
		return fault_set(why, E_MAGIC, 0, "record: no such kind of fact");

	const struct fact_type *t = fact_type(f.kind);

	for (size_t i = 0; i < t->fields_n; i++) {
		const json_t *v = json_object_get(line, t->fields[i].key);

		if (!v)
			continue;
		known++;
		if (read_field(v, &t->fields[i], a, &f) != OK)
			return fault_set(why, E_RANGE, 0, "record: %s.%s", t->name,
					 t->fields[i].key);
	}
	if (json_object_size(line) != known)
		return fault_set(why, E_RANGE, 0, "record: %s has an unknown key", t->name);
	*out = f;
	return OK;
}

static enum err read_line(struct slice line, struct record *r, struct fault *why)
{
	json_error_t at;
	json_t *j = json_loadb((const char *)line.ptr, line.len, JSON_REJECT_DUPLICATES, &at);
	struct arena a;
	struct fact f = {0};

	if (!json_is_object(j)) {
		json_decref(j);
		return fault_set(why, E_CORRUPT, 0, "record: not a JSON object");
	}

	arena_init(&a, 1 * MiB);

	enum err e = read_fact(j, &a, &f, why);

	if (e == OK && (f.kind == FACT_TARGET) != (r->n == 0))
		e = fault_set(why, E_CORRUPT, 0,
			      "record: the target is the first line, and only that");
	if (e == OK && record_add(r, &f) != OK)
		e = fault_set(why, E_CORRUPT, 0, "record: too large, or artifact ids out of order");
	arena_release(&a);
	json_decref(j);
	return e;
}

/* The end line is not under its own hash: it must be written the one way it can be. */
static bool is_canonical(const struct fact *end, struct slice line)
{
	struct buf b;

	buf_init(&b, LIMIT_TEXT_BYTES);
	record_write_fact(end, &b);

	bool is_same = b.len && slice_eq(slice_head(buf_slice(&b), b.len - 1), line);

	buf_release(&b);
	return is_same &&
	       (slice_is(end->end.status, "complete") || slice_is(end->end.status, "interrupted"));
}

/* The end line names the hash of every byte before it. */
static enum err check_end(struct record *r, struct slice before, struct slice line,
			  struct fault *why)
{
	const struct fact *last = &r->facts[r->n - 1];
	char hex[SHA256_HEX + 1];

	if (last->kind != FACT_END)
		return fault_set(why, E_SHORT, 0, "record: no end line, it was cut");
	digest_sha256_hex(before, hex);
	if (!slice_is(last->end.sha256, hex) || last->end.facts != r->n - 1 ||
	    !is_canonical(last, line))
		return fault_set(why, E_CHECKSUM, 0, "record: changed after it was written");
	r->is_complete = slice_is(last->end.status, "complete");
	return OK;
}

/* Puts the number of the line before the words of the fault. */
static enum err at_line(struct fault *why, enum err e, uint64_t number)
{
	struct fault first = why ? *why : (struct fault){0};

	return fault_set(why, e, number, "line %llu: %.90s", (unsigned long long)number, first.msg);
}

/* Whoever reads a record further may look up every artifact it names. */
static enum err check_artifacts(const struct record *r, struct fault *why)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct fact_type *t = fact_type(r->facts[i].kind);

		for (size_t k = 0; k < t->fields_n; k++) {
			const struct field *d = &t->fields[k];

			if (!d->is_artifact || field_number(&r->facts[i], d) <= r->artifacts_n)
				continue;
			return fault_set(why, E_RANGE, i + 1,
					 "line %zu: record: %s.%s: no such artifact", i + 1,
					 t->name, d->key);
		}
	}
	return OK;
}

static enum err read_all(struct slice in, struct record *r, struct fault *why)
{
	struct slice rest = in, line = {0};
	size_t before = 0;
	uint64_t number = 0;

	while (rest.len) {
		before = in.len - rest.len;
		number++;
		if (!text_line(&rest, &line))
			break;

		enum err e = read_line(line, r, why);

		if (e == OK && r->facts[r->n - 1].kind == FACT_END && rest.len)
			e = fault_set(why, E_CORRUPT, 0, "record: lines after the end line");
		if (e)
			return at_line(why, e, number);
	}
	if (!record_target(r))
		return fault_set(why, E_MAGIC, 0, "record: empty, or no target line");
	if (!slice_is(record_target(r)->schema, RECORD_SCHEMA))
		return fault_set(why, E_UNSUPPORTED, 1, "record: another schema");

	enum err e = check_end(r, slice_head(in, before), line, why);

	return e ? at_line(why, e, number) : check_artifacts(r, why);
}

enum err record_read(struct slice in, struct record *out, struct fault *why)
{
	struct record r;

	if (in.len > LIMIT_RECORD_BYTES)
		return fault_set(why, E_LIMIT, 0, "record: too large");
	record_init(&r);

	enum err e = read_all(in, &r, why);

	if (e) {
		record_release(&r);
		return e;
	}
	*out = r;
	return OK;
}
