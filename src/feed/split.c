// SPDX-License-Identifier: Apache-2.0
// Cuts unpacked source files into records: brackets and quotes are all it looks at, so that every
// worker can run over the whole file and read in full only what is its share.

#include "feed/split.h"

#include "feed/skim.h"

#include "base/ban.h"

enum state {
	NEW_MEMBER,
	BETWEEN,    /* top-level values */
	IN_ARRAY,   /* behind '[' or ',' of the container */
	IN_MEMBERS, /* behind '{' or ',' of an object of records */
	IN_TOP,     /* the same for an array at the top */
	IN_LINES,
};

enum {
	WINDOW_MAX = LIMIT_FEED_RECORD_BYTES + MiB,
	ENVELOPE_MAX = 64 * 1024,
	HEAD = 4096,
};

static const char *const containers[] = {
#define X(name) name,
#include "feed/containers.def"
#undef X
};

void splitter_init(struct splitter *s, struct unpack *in)
{
	*s = (struct splitter){.in = in};
	buf_init(&s->window, WINDOW_MAX);
	buf_init(&s->envelope, ENVELOPE_MAX);
	buf_init(&s->wrapped, WINDOW_MAX);
}

void splitter_release(struct splitter *s)
{
	buf_release(&s->window);
	buf_release(&s->envelope);
	buf_release(&s->wrapped);
}

static bool is_container(struct slice key)
{
	for (size_t i = 0; i < ARRAY_LEN(containers); i++)
		if (slice_is(key, containers[i]))
			return true;
	return false;
}

/* True when the object at `at` has the id of a vulnerability as its first key. */
static enum err holds_ids(struct splitter *s, size_t at, bool *out)
{
	struct slice key = {0};
	uint8_t c = 0;
	enum err e = OK;

	at++;
	*out = false;
	e = skim_need_nonblank(s, &at, &c);
	if (e || c != '"')
		return e;
	e = skim_key(s, &at, &key);
	*out = e == OK && (slice_starts(key, "CVE-") || slice_starts(key, "TEMP-"));
	return e;
}

/* Behind a member or element: its comma (*is_last false, *at behind it) or the end. */
static enum err skip_comma(struct splitter *s, size_t *at, uint8_t end, bool *is_last)
{
	uint8_t c = 0;
	enum err e = skim_need_nonblank(s, at, &c);

	if (e)
		return e;
	if (c != ',' && c != end)
		return skim_wrong(s, E_CORRUPT, *at, "JSON: neither comma nor end behind a value");
	++*at;
	*is_last = c == end;
	return OK;
}

static enum err keep_envelope(struct splitter *s, size_t from, size_t to)
{
	struct slice head = text_trim(skim_cut(s, from, to));

	if (slice_ends(head, ","))
		head = slice_head(head, head.len - 1);
	buf_clear(&s->envelope);
	buf_add(&s->envelope, head);
	buf_text(&s->envelope, "}");
	s->envelope_no++;
	return s->envelope.err ? skim_wrong(s, E_LIMIT, from, "JSON: too much before the records")
			       : OK;
}

/* What a member of an object at the top turns out to be. */
enum found { FOUND_MEMBER, FOUND_CONTAINER, FOUND_OBJECTS };

static enum err look_at_member(struct splitter *s, size_t *at, bool is_first, enum found *found)
{
	struct slice key = {0};
	uint8_t c = 0;
	bool is_ids = false;
	enum err e = skim_key(s, at, &key);

	e = e ? e : skim_need(s, *at, &c);
	if (e)
		return e;
	*found = FOUND_MEMBER;
	if (c == '[' && is_container(key)) {
		*found = FOUND_CONTAINER;
		return OK;
	}
	if (c == '{' && is_first) {
		e = holds_ids(s, *at, &is_ids);
		if (e || is_ids) {
			*found = FOUND_OBJECTS;
			return e;
		}
	}
	return skim_value(s, at);
}

/* The object at `at`: a record (*end behind it), or the envelope of records (*end 0, the state says
 * how to go on). */
static enum err open_object(struct splitter *s, size_t start, size_t *end)
{
	size_t at = start + 1, member = 0;
	bool is_last = false;
	uint8_t c = 0;
	enum err e = skim_need_nonblank(s, &at, &c);

	is_last = c == '}';
	at += is_last;
	for (bool is_first = true; e == OK && !is_last; is_first = false) {
		enum found found = FOUND_MEMBER;

		e = skim_blank(s, &at);
		member = at;
		e = e == E_END ? OK : e;
		e = e ? e : look_at_member(s, &at, is_first, &found);
		if (e)
			return e;
		if (found == FOUND_MEMBER) {
			e = skip_comma(s, &at, '}', &is_last);
			continue;
		}
		e = keep_envelope(s, start, member);
		s->state = found == FOUND_CONTAINER ? IN_ARRAY : IN_MEMBERS;
		s->at = found == FOUND_CONTAINER ? at + 1 : member;
		*end = 0;
		return e;
	}
	*end = at;
	return e;
}

/* Behind a container: the rest of its envelope, where no second container may be. */
static enum err close_envelope(struct splitter *s)
{
	bool is_last = false;
	enum err e = skip_comma(s, &s->at, '}', &is_last);

	while (e == OK && !is_last) {
		enum found found = FOUND_MEMBER;

		skim_drop(s);
		e = skim_blank(s, &s->at);
		e = e && e != E_END ? e : look_at_member(s, &s->at, false, &found);
		if (e == OK && found == FOUND_CONTAINER)
			return skim_wrong(s, E_CORRUPT, s->at, "JSON: records twice in one object");
		e = e ? e : skip_comma(s, &s->at, '}', &is_last);
	}
	s->state = BETWEEN;
	return e;
}

static struct piece piece_of(struct splitter *s, size_t from, size_t to)
{
	return (struct piece){.form = s->form,
			      .bytes = skim_cut(s, from, to),
			      .at = s->base + from,
			      .envelope = buf_slice(&s->envelope),
			      .envelope_no = s->envelope_no};
}

/* An element of the array s->at is in. E_END: that was the last. */
static enum err next_element(struct splitter *s, struct piece *out)
{
	uint8_t c = 0;
	bool is_last = false;
	enum err e = skim_need_nonblank(s, &s->at, &c);
	size_t start = s->at, end = 0;

	if (e)
		return e;
	if (c == ']') {
		s->at++;
		return E_END;
	}
	e = skim_value(s, &s->at);
	end = s->at;
	e = e ? e : skip_comma(s, &s->at, ']', &is_last);
	if (e)
		return e;
	if (is_last)
		s->at--; /* found again by the next call */
	*out = piece_of(s, start, end);
	return OK;
}

static enum err next_member(struct splitter *s, struct piece *out)
{
	struct slice key = {0};
	uint8_t c = 0;
	bool is_last = false;
	enum err e = skim_need_nonblank(s, &s->at, &c);
	size_t start = s->at, end = 0;

	if (e)
		return e;
	if (c == '}') {
		s->at++;
		s->state = BETWEEN;
		return E_END;
	}
	e = skim_key(s, &s->at, &key);
	e = e ? e : skim_value(s, &s->at);
	end = s->at;
	e = e ? e : skip_comma(s, &s->at, '}', &is_last);
	if (e)
		return e;
	if (is_last)
		s->at--;
	*out = piece_of(s, start, end);
	buf_clear(&s->wrapped);
	buf_byte(&s->wrapped, '{');
	buf_add(&s->wrapped, out->bytes);
	buf_byte(&s->wrapped, '}');
	if (s->wrapped.err)
		return skim_wrong(s, E_LIMIT, start, "JSON: a record too large");
	out->bytes = buf_slice(&s->wrapped);
	out->at--;
	out->is_member = true;
	return OK;
}

/* E_END: no value here, but perhaps a container was opened. */
static enum err next_value(struct splitter *s, struct piece *out, bool *is_over)
{
	uint8_t c = 0;
	size_t end = 0;
	enum err e = skim_blank(s, &s->at);

	*is_over = e == E_END;
	e = e ? e : skim_need(s, s->at, &c);
	if (e)
		return e;
	if (c == '[') {
		s->state = IN_TOP;
		s->at++;
		return E_END;
	}
	if (c != '{')
		return skim_wrong(s, E_CORRUPT, s->at, "JSON: neither object nor array");

	size_t start = s->at;

	e = open_object(s, start, &end);
	if (e == OK && end == 0)
		return E_END;
	if (e)
		return e;
	s->at = end;
	*out = piece_of(s, start, end);
	return OK;
}

static enum err next_line(struct splitter *s, struct piece *out, bool *is_over)
{
	size_t start = s->at, end = SLICE_NONE, from = start;
	enum err e = OK;

	while (e == OK) {
		end = slice_find_byte(buf_slice(&s->window), '\n', from);
		if (end != SLICE_NONE)
			break;
		from = s->window.len;
		e = skim_more(s);
	}
	if (e && e != E_END)
		return e;
	*is_over = e == E_END && start == s->window.len;
	if (*is_over)
		return E_END;
	s->at = end == SLICE_NONE ? s->window.len : end + 1;
	*out = piece_of(s, start, end == SLICE_NONE ? s->window.len : end);
	return OK;
}

static enum err whole_document(struct splitter *s, struct piece *out)
{
	enum err e = OK;

	while (e == OK)
		e = skim_more(s);
	if (e != E_END)
		return e;
	*out = piece_of(s, s->at, s->window.len);
	s->at = s->window.len;
	s->state = BETWEEN;
	return OK;
}

/* The form of a member, from how it begins. */
static enum err begin_member(struct splitter *s)
{
	uint8_t c = 0;
	enum err e = unpack_next(s->in, &s->member, s->why);

	if (e)
		return e;
	s->members++;
	buf_clear(&s->window);
	buf_clear(&s->envelope);
	s->envelope_no++;
	s->at = 0;
	s->base = 0;
	s->is_ended = false;
	while (s->window.len < HEAD && skim_more(s) == OK)
		;
	if (!s->is_ended && s->window.len < HEAD)
		return s->why ? s->why->code : E_CORRUPT;
	if (slice_starts(buf_slice(&s->window), "\xef\xbb\xbf"))
		s->at = 3;
	if (slice_starts(buf_slice(&s->window), "\xff\xfe") ||
	    slice_starts(buf_slice(&s->window), "\xfe\xff"))
		return skim_wrong(s, E_UNSUPPORTED, 0, "UTF-16, not UTF-8");
	e = skim_blank(s, &s->at);
	if (e == E_END && !s->member.len)
		return skim_wrong(s, E_SHORT, s->at, "the file is empty");
	e = e ? e : skim_byte(s, s->at, &c);
	s->form = c == '{' || c == '[' ? FORM_JSON : c == '<' ? FORM_XML : FORM_LINES;
	s->state = s->form == FORM_LINES ? IN_LINES : BETWEEN;
	if (s->form == FORM_LINES)
		buf_add(&s->envelope, slice_head(buf_slice(&s->window), HEAD));
	return e == E_END ? OK : e;
}

static enum err step(struct splitter *s, struct piece *out)
{
	bool is_over = false;
	enum err e = OK;

	switch ((enum state)s->state) {
	case NEW_MEMBER:
		e = begin_member(s);
		if (e == OK)
			return s->form == FORM_XML ? whole_document(s, out) : E_UNDECIDED;
		return e;
	case BETWEEN:
		e = next_value(s, out, &is_over);
		break;
	case IN_LINES:
		e = next_line(s, out, &is_over);
		break;
	case IN_MEMBERS:
		e = next_member(s, out);
		break;
	case IN_ARRAY:
		e = next_element(s, out);
		if (e == E_END)
			e = close_envelope(s);
		else
			return e;
		return e ? e : E_UNDECIDED;
	case IN_TOP:
		e = next_element(s, out);
		if (e == E_END)
			s->state = BETWEEN;
		break;
	}
	if (e == E_END && is_over)
		s->state = NEW_MEMBER;
	return e == E_END ? E_UNDECIDED : e;
}

enum err split_next(struct splitter *s, struct piece *out, struct fault *why)
{
	enum err e = E_UNDECIDED;

	s->why = why;
	while (e == E_UNDECIDED) {
		skim_drop(s);
		e = step(s, out);
	}
	s->why = NULL;
	return e;
}
