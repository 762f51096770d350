// SPDX-License-Identifier: Apache-2.0
// The worker's side of an import: unpack and cut everything, read every K-th batch of it.

#include "feed/import_worker.h"

#include "feed/importers.h"
#include "feed/parcel.h"
#include "os/os.h"

#include "base/ban.h"

enum {
	BATCH_RECORDS = 64,
	BATCH_BYTES = 512 * 1024,
	BATCH_LINES = 4096,
	FLUSH = 64 * 1024,
};

struct bench {
	const struct import_job *job;
	int results;
	size_t file;
	struct buf out; /* frames */
	struct arena record, envelope, stream;
	struct value *around; /* the envelope, read */
	unsigned envelope_no, strange_no;
	struct splitter split;
	struct unpack *unpack;
	struct import_out to;
	uint64_t batch; /* over all files */
	size_t records, bytes;
	uint64_t at; /* of the record being read */
	enum err gone;
};

static bool is_mine(const struct bench *b)
{
	return b->batch % b->job->workers == b->job->index;
}

/* --- frames out --- */

static size_t frame_begin(struct bench *b, enum import_frame kind)
{
	size_t at = b->out.len;

	buf_u32le(&b->out, 0);
	buf_byte(&b->out, (uint8_t)kind);
	return at;
}

static void flush(struct bench *b)
{
	if (b->out.len && !b->gone)
		b->gone = pipe_write(b->results, buf_slice(&b->out));
	buf_clear(&b->out);
}

static enum err frame_end(struct bench *b, size_t at)
{
	size_t len = b->out.len - at - 4;

	if (b->out.err) {
		enum err e = b->out.err;

		b->out.len = at;
		b->out.err = OK;
		return e;
	}
	for (size_t i = 0; i < 4; i++)
		b->out.data[at + i] = (uint8_t)(len >> (8 * i));
	if (b->out.len >= FLUSH)
		flush(b);
	return b->gone;
}

static enum err tell_advisory(void *ctx, const struct advisory *a, bool is_part)
{
	struct bench *b = ctx;
	size_t at = frame_begin(b, is_part ? IMPORT_PART : IMPORT_ADVISORY);

	parcel_pack(&b->out, a);
	return frame_end(b, at);
}

static enum err tell_odd(void *ctx, enum odd what)
{
	struct bench *b = ctx;
	size_t at = frame_begin(b, IMPORT_ODD);

	parcel_number(&b->out, what);
	parcel_number(&b->out, b->at);
	return frame_end(b, at);
}

static enum err tell_date(void *ctx, enum source source, struct slice date)
{
	struct bench *b = ctx;
	size_t at = frame_begin(b, IMPORT_DATE);

	parcel_number(&b->out, source);
	parcel_text(&b->out, slice_head(date, 10));
	return frame_end(b, at);
}

static enum err tell_record(struct bench *b)
{
	return frame_end(b, frame_begin(b, IMPORT_RECORD));
}

static enum err read_input(void *ctx, uint64_t at, void *room, size_t size, size_t *n)
{
	const size_t *file = ctx;

	return input_read(WORKER_INPUT + (int)*file, at, room, size, n);
}

/* The line a place is in, found by unpacking once more: only a faulty file has to pay for it. */
static uint64_t line_of(struct bench *b, uint64_t place)
{
	struct unpack_source from = {
		.read = read_input, .ctx = &b->file, .size = b->job->sizes[b->file]};
	struct unpack *u = NULL;
	struct slice name = {0};
	struct buf text;
	uint64_t line = 1, seen = 0;
	enum err e = unpack_open(&from, &b->stream, &u, NULL);

	if (e)
		return 0;
	for (unsigned i = 0; e == OK && i < b->split.members; i++)
		e = unpack_next(u, &name, NULL);
	buf_init(&text, 2 * MiB);
	while (e == OK && seen < place) {
		buf_clear(&text);
		e = unpack_read(u, &text, NULL);

		struct slice s = slice_head(buf_slice(&text), place - seen);

		seen += s.len;
		for (size_t i = 0; i < s.len; i++)
			line += s.ptr[i] == '\n';
	}
	buf_release(&text);
	unpack_close(u);
	return line;
}

static void tell_fault(struct bench *b, const struct fault *why, bool is_in_text)
{
	size_t at = frame_begin(b, IMPORT_FAULT);

	parcel_number(&b->out, why->code);
	parcel_number(&b->out, why->at);
	parcel_number(&b->out, is_in_text ? line_of(b, why->at) : 0);
	parcel_text(&b->out, slice_text(why->msg));
	(void)frame_end(b, at);
	flush(b);
}

static void batch_end(struct bench *b, bool is_last)
{
	if (is_mine(b)) {
		size_t at = frame_begin(b, IMPORT_BATCH);

		parcel_number(&b->out, unpack_taken(b->unpack));
		parcel_number(&b->out, is_last);
		(void)frame_end(b, at);
		flush(b);
	}
	b->batch++;
	b->records = 0;
	b->bytes = 0;
}

/* --- records --- */

static const struct importer *importer_of(const struct record *r)
{
	for (size_t i = 0; i < importers_n; i++)
		if (importers[i]->form == r->form && importers[i]->knows(r))
			return importers[i];
	return NULL;
}

/* A file that begins like nothing known is refused as a whole; in an archive it is passed over, and
 * counted once. */
static enum err take_unknown(struct bench *b, const struct record *r, struct fault *why)
{
	if (r->form == FORM_JSON)
		return tell_odd(b, ODD_UNKNOWN);
	if (!b->split.member.len)
		return fault_set(why, E_MAGIC, 0, "of no known source of vulnerability data");
	if (b->strange_no == b->split.members)
		return OK;
	b->strange_no = b->split.members;
	return tell_odd(b, ODD_MEMBER);
}

static enum err read_json(struct bench *b, const struct piece *p, struct record *r,
			  struct fault *why)
{
	struct value *json = NULL;
	enum err e = OK;

	if (p->envelope_no != b->envelope_no) {
		arena_release(&b->envelope);
		b->around = NULL;
		b->envelope_no = p->envelope_no;
		if (p->envelope.len)
			e = value_read(p->envelope, &b->envelope, &b->around, why);
		if (e)
			return e;
	}
	e = value_read(p->bytes, &b->record, &json, why);
	r->json = json;
	r->envelope = b->around;
	return e;
}

static enum err take_piece(struct bench *b, const struct piece *p, struct fault *why)
{
	struct record r = {.form = p->form,
			   .text = p->bytes,
			   .head = p->envelope,
			   .arena = &b->record,
			   .out = &b->to};
	enum err e = OK;

	b->at = p->at;
	arena_release(&b->record);
	if (p->form == FORM_JSON)
		e = read_json(b, p, &r, why);
	else if (p->form == FORM_LINES && !utf8_is_valid(p->bytes))
		e = fault_set(why, E_CORRUPT, 0, "a line that is not UTF-8");
	if (e)
		return e;

	const struct importer *i = importer_of(&r);

	if (!i)
		return take_unknown(b, &r, why);
	e = i->read(&r, why);
	return e ? e : tell_record(b);
}

/* False when the import is over. */
static bool take_all(struct bench *b)
{
	struct piece p = {0};
	struct fault why = {0};
	enum err e = split_next(&b->split, &p, &why);

	while (e == OK && !b->gone) {
		size_t most = p.form == FORM_LINES ? BATCH_LINES : BATCH_RECORDS;

		if (is_mine(b)) {
			e = take_piece(b, &p, &why);
			if (e && why.code != e)
				fault_set(&why, e, 0, "a record cannot be taken in");
			if (e)
				why.at += p.at;
		}
		if (e)
			break;
		b->records++;
		b->bytes += p.bytes.len;
		if (b->records >= most || b->bytes >= BATCH_BYTES)
			batch_end(b, false);
		e = split_next(&b->split, &p, &why);
	}
	if (e == E_END) {
		batch_end(b, true);
		return !b->gone;
	}
	if (e && is_mine(b))
		tell_fault(b, &why, b->split.members > 0);
	return false;
}

static bool take_file(struct bench *b)
{
	struct unpack_source from = {
		.read = read_input, .ctx = &b->file, .size = b->job->sizes[b->file]};
	struct fault why = {0};
	bool is_ok = false;

	arena_init(&b->stream, 16 * MiB);
	if (unpack_open(&from, &b->stream, &b->unpack, &why) != OK) {
		if (is_mine(b))
			tell_fault(b, &why, false);
		arena_release(&b->stream);
		return false;
	}
	splitter_init(&b->split, b->unpack);
	is_ok = take_all(b);
	splitter_release(&b->split);
	unpack_close(b->unpack);
	arena_release(&b->stream);
	arena_release(&b->record);
	arena_release(&b->envelope);
	b->around = NULL;
	b->envelope_no = 0;
	b->strange_no = 0;
	return is_ok;
}

void import_work(void *ctx, int results)
{
	const struct import_job *job = ctx;
	struct bench b = {.job = job, .results = results};

	b.to = (struct import_out){
		.advisory = tell_advisory, .odd = tell_odd, .date = tell_date, .ctx = &b};
	buf_init(&b.out, LIMIT_FEED_FRAME_BYTES);
	arena_init(&b.record, LIMIT_FEED_ARENA_BYTES);
	arena_init(&b.envelope, 16 * MiB);
	while (b.file < job->options->n && take_file(&b))
		b.file++;
	buf_release(&b.out);
}
