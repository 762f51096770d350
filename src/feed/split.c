// SPDX-License-Identifier: Apache-2.0
// Cuts unpacked source files into records: brackets and quotes are all it looks at, so that every
// worker can run over the whole file and read in full only what is its share.

#include "feed/split.h"

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
	DROP_BELOW = 64 * 1024, /* fewer bytes are left than this: cheap to move */
	WINDOW_MAX = LIMIT_FEED_RECORD_BYTES + MiB,
	ENVELOPE_MAX = 64 * 1024,
	HEAD = 4096,
};

static const char *const containers[] = {
#define X(name) name,
#include "feed/containers.def"
#undef X
};

/* What a byte means outside a text. */
enum { PLAIN, QUOTE, OPEN, CLOSE };
static const uint8_t meaning[256] = {
	['"'] = QUOTE, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE, [']'] = CLOSE};

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

static enum err wrong(struct splitter *s, enum err e, size_t at, const char *what)
{
	return fault_set(s->why, e, s->base + at, "%s%s%.*s", what, s->member.len ? " in " : "",
			 (int)(s->member.len > 60 ? 60 : s->member.len),
			 (const char *)s->member.ptr);
}

/* More bytes behind those in the window; E_END when there are none. */
static enum err more(struct splitter *s)
{
	enum err e = s->is_ended ? E_END : unpack_read(s->in, &s->window, s->why);

	s->is_ended = s->is_ended || e == E_END;
	return e;
}

/* Takes what was cut off the front of the window. Nothing may point into it. */
static void drop(struct splitter *s)
{
	if (s->window.len - s->at > DROP_BELOW)
		return;
	s->base += s->at;
	buf_drop(&s->window, s->at);
	s->at = 0;
}

/* The byte at *at, with more unpacked when needed; E_END behind the last. */
static enum err byte_at(struct splitter *s, size_t at, uint8_t *out)
{
	while (at >= s->window.len) {
		enum err e = more(s);

		if (e)
			return e;
	}
	*out = s->window.data[at];
	return OK;
}

/* The same where something must be. */
static enum err need(struct splitter *s, size_t at, uint8_t *out)
{
	enum err e = byte_at(s, at, out);

	return e == E_END ? wrong(s, E_SHORT, at, "JSON cut short") : e;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static enum err skip_blank(struct splitter *s, size_t *at)
{
	uint8_t c = 0;
	enum err e = byte_at(s, *at, &c);

	while (e == OK && is_blank(c))
		e = byte_at(s, ++*at, &c);
	return e;
}

static enum err need_nonblank(struct splitter *s, size_t *at, uint8_t *out)
{
	enum err e = skip_blank(s, at);

	return e == E_END ? wrong(s, E_SHORT, *at, "JSON cut short") : e ? e : need(s, *at, out);
}

/* *at is behind a quote: moves behind the one that closes the text. */
static enum err skip_text(struct splitter *s, size_t *at)
{
	size_t i = *at;

	for (;;) {
		const uint8_t *p = s->window.data;

		while (i < s->window.len && p[i] != '"' && p[i] != '\\')
			i++;
		if (i < s->window.len && p[i] == '"')
			break;
		if (i < s->window.len)
			i += 2;
		if (i < s->window.len)
			continue;

		enum err e = more(s);

		if (e)
			return e == E_END ? wrong(s, E_SHORT, *at, "JSON: a text without end") : e;
	}
	*at = i + 1;
	return OK;
}

/* *at is at an opening bracket: moves behind the one that closes it. `kinds` has a bit a level. */
static enum err skip_nested(struct splitter *s, size_t *at)
{
	size_t i = *at;
	unsigned depth = 0;
	uint64_t kinds = 0;
	enum err e = OK;

	do {
		const uint8_t *p = s->window.data;

		while (i < s->window.len && meaning[p[i]] == PLAIN)
			i++;
		if (i >= s->window.len) {
			e = more(s);
			if (e)
				return e == E_END ? wrong(s, E_SHORT, *at, "JSON cut short") : e;
			continue;
		}

		uint8_t c = p[i++];

		if (c == '"') {
			e = skip_text(s, &i);
			if (e)
				return e;
		} else if (meaning[c] == OPEN) {
			if (depth++ == LIMIT_FEED_DEPTH)
				return wrong(s, E_LIMIT, i - 1, "JSON: too many levels");
			kinds = kinds << 1 | (c == '{');
		} else {
			if ((kinds & 1) != (c == '}'))
				return wrong(s, E_CORRUPT, i - 1,
					     "JSON: brackets that do not match");
			kinds >>= 1;
			depth--;
		}
	} while (depth);
	*at = i;
	return OK;
}

/* Moves behind the value at *at, whatever it is. */
static enum err skip_value(struct splitter *s, size_t *at)
{
	uint8_t c = 0;
	size_t start = *at;
	enum err e = need(s, *at, &c);

	if (e)
		return e;
	if (meaning[c] == OPEN)
		return skip_nested(s, at);
	if (c == '"') {
		++*at;
		return skip_text(s, at);
	}
	while (e == OK && !is_blank(c) && c != ',' && meaning[c] == PLAIN && c != ':')
		e = byte_at(s, ++*at, &c);
	if (e == OK && *at == start)
		return wrong(s, E_CORRUPT, *at, "JSON: no value where one should be");
	return e == E_END ? OK : e;
}

static struct slice cut(const struct splitter *s, size_t from, size_t to)
{
	return slice_head(slice_from(buf_slice(&s->window), from), to - from);
}

/* A key at *at, its colon, blanks. */
static enum err skip_key(struct splitter *s, size_t *at, struct slice *key)
{
	uint8_t c = 0;
	size_t start = *at + 1;
	enum err e = need(s, *at, &c);

	if (e == OK && c != '"')
		return wrong(s, E_CORRUPT, *at, "JSON: no key where one should be");
	if (e)
		return e;
	++*at;
	e = skip_text(s, at);

	size_t end = *at - 1;

	e = e ? e : need_nonblank(s, at, &c);
	if (e == OK && c != ':')
		return wrong(s, E_CORRUPT, *at, "JSON: no colon behind a key");
	if (e)
		return e;
	++*at;
	e = need_nonblank(s, at, &c);
	*key = cut(s, start, end);
	return e;
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
	e = need_nonblank(s, &at, &c);
	if (e || c != '"')
		return e;
	e = skip_key(s, &at, &key);
	*out = e == OK && (slice_starts(key, "CVE-") || slice_starts(key, "TEMP-"));
	return e;
}

/* Behind a member or element: its comma (*is_last false, *at behind it) or the end. */
static enum err skip_comma(struct splitter *s, size_t *at, uint8_t end, bool *is_last)
{
	uint8_t c = 0;
	enum err e = need_nonblank(s, at, &c);

	if (e)
		return e;
	if (c != ',' && c != end)
		return wrong(s, E_CORRUPT, *at, "JSON: neither comma nor end behind a value");
	++*at;
	*is_last = c == end;
	return OK;
}

static enum err keep_envelope(struct splitter *s, size_t from, size_t to)
{
	struct slice head = text_trim(cut(s, from, to));

	if (slice_ends(head, ","))
		head = slice_head(head, head.len - 1);
	buf_clear(&s->envelope);
	buf_add(&s->envelope, head);
	buf_text(&s->envelope, "}");
	s->envelope_no++;
	return s->envelope.err ? wrong(s, E_LIMIT, from, "JSON: too much before the records") : OK;
}

/* What a member of an object at the top turns out to be. */
enum found { FOUND_MEMBER, FOUND_CONTAINER, FOUND_OBJECTS };

static enum err look_at_member(struct splitter *s, size_t *at, bool is_first, enum found *found)
{
	struct slice key = {0};
	uint8_t c = 0;
	bool is_ids = false;
	enum err e = skip_key(s, at, &key);

	e = e ? e : need(s, *at, &c);
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
	return skip_value(s, at);
}

/* The object at `at`: a record (*end behind it), or the envelope of records (*end 0, the state says
 * how to go on). */
static enum err open_object(struct splitter *s, size_t start, size_t *end)
{
	size_t at = start + 1, member = 0;
	bool is_last = false;
	uint8_t c = 0;
	enum err e = need_nonblank(s, &at, &c);

	is_last = c == '}';
	at += is_last;
	for (bool is_first = true; e == OK && !is_last; is_first = false) {
		enum found found = FOUND_MEMBER;

		e = skip_blank(s, &at);
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

		drop(s);
		e = skip_blank(s, &s->at);
		e = e && e != E_END ? e : look_at_member(s, &s->at, false, &found);
		if (e == OK && found == FOUND_CONTAINER)
			return wrong(s, E_CORRUPT, s->at, "JSON: records twice in one object");
		e = e ? e : skip_comma(s, &s->at, '}', &is_last);
	}
	s->state = BETWEEN;
	return e;
}

static struct piece piece_of(struct splitter *s, size_t from, size_t to)
{
	return (struct piece){.form = s->form,
			      .bytes = cut(s, from, to),
			      .at = s->base + from,
			      .envelope = buf_slice(&s->envelope),
			      .envelope_no = s->envelope_no};
}

/* An element of the array s->at is in. E_END: that was the last. */
static enum err next_element(struct splitter *s, struct piece *out)
{
	uint8_t c = 0;
	bool is_last = false;
	enum err e = need_nonblank(s, &s->at, &c);
	size_t start = s->at, end = 0;

	if (e)
		return e;
	if (c == ']') {
		s->at++;
		return E_END;
	}
	e = skip_value(s, &s->at);
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
	enum err e = need_nonblank(s, &s->at, &c);
	size_t start = s->at, end = 0;

	if (e)
		return e;
	if (c == '}') {
		s->at++;
		s->state = BETWEEN;
		return E_END;
	}
	e = skip_key(s, &s->at, &key);
	e = e ? e : skip_value(s, &s->at);
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
		return wrong(s, E_LIMIT, start, "JSON: a record too large");
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
	enum err e = skip_blank(s, &s->at);

	*is_over = e == E_END;
	e = e ? e : need(s, s->at, &c);
	if (e)
		return e;
	if (c == '[') {
		s->state = IN_TOP;
		s->at++;
		return E_END;
	}
	if (c != '{')
		return wrong(s, E_CORRUPT, s->at, "JSON: neither object nor array");

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
		e = more(s);
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
		e = more(s);
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
	while (s->window.len < HEAD && more(s) == OK)
		;
	if (!s->is_ended && s->window.len < HEAD)
		return s->why ? s->why->code : E_CORRUPT;
	if (slice_starts(buf_slice(&s->window), "\xef\xbb\xbf"))
		s->at = 3;
	if (slice_starts(buf_slice(&s->window), "\xff\xfe") ||
	    slice_starts(buf_slice(&s->window), "\xfe\xff"))
		return wrong(s, E_UNSUPPORTED, 0, "UTF-16, not UTF-8");
	e = skip_blank(s, &s->at);
	e = e ? e : byte_at(s, s->at, &c);
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
		drop(s);
		e = step(s, out);
	}
	s->why = NULL;
	return e;
}
