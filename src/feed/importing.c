// SPDX-License-Identifier: Apache-2.0
// What importers share: advisories in the making, dates, scores, names.

#include "feed/importers.h"

#include <string.h>

#include "feed/calendar.h"

#include "base/ban.h"

enum { CAP_FIRST = 8, ID_MAX = 128, DIGITS_MAX = 17, SCORE_NONE = 255, LIST_MAX = 100000 };

const struct importer *const importers[] = {
#define X(name) &importer_##name,
#include "feed/importers.def"
#undef X
};
const size_t importers_n = ARRAY_LEN(importers);

void draft_init(struct draft *d, const struct record *r, struct slice id, enum source source)
{
	*d = (struct draft){.from = r};
	advisory_init(&d->a, id, source);
}

static void fail(struct draft *d, enum err e)
{
	d->err = d->err ? d->err : e;
}

/* Room for one more item in an array of `n`; NULL when there is none. */
static void *grow(struct draft *d, void *items, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : CAP_FIRST;
	void *bigger = NULL;

	if (n < *cap)
		return items;
	bigger = arena_array(d->from->arena, more, size);
	if (!bigger) {
		fail(d, E_LIMIT);
		return NULL;
	}
	if (n)
		memcpy(bigger, items, n * size);
	*cap = more;
	return bigger;
}

struct claim *draft_claim(struct draft *d, struct slice product)
{
	struct claim *claims = NULL;

	if (d->a.claims_n == LIMIT_ADVISORY_CLAIMS) {
		draft_odd(d, ODD_LIMIT);
		return NULL;
	}
	claims = grow(d, d->a.claims, d->a.claims_n, &d->claims_cap, sizeof *claims);
	if (!claims)
		return NULL;
	d->a.claims = claims;

	struct claim *c = &claims[d->a.claims_n++];

	*c = (struct claim){.product = product, .kind = CLAIM_RANGE, .effect = EFFECT_AFFECTED};
	return c;
}

static void put(struct draft *d, struct slice **list, size_t *n, size_t *cap, struct slice s)
{
	struct slice *more = *n < LIST_MAX ? grow(d, *list, *n, cap, sizeof *more) : NULL;

	if (!more)
		return;
	*list = more;
	more[(*n)++] = s;
}

void draft_alias(struct draft *d, struct slice id)
{
	if (!id_is_good(id) || slice_eq(id, d->a.id))
		return;
	put(d, &d->a.aliases, &d->a.aliases_n, &d->aliases_cap, id);
}

/* A weakness is named once, however many say it; there are few of them. */
void draft_cwe(struct draft *d, struct slice text)
{
	enum { CWE_MAX = 64 };
	size_t n = 4;

	if (!slice_starts(text, "CWE-"))
		return;
	while (text_is_digit((char)slice_at(text, n)))
		n++;
	text = slice_head(text, n);
	if (n == 4 || n > 4 + 6 || d->a.cwes_n == CWE_MAX)
		return;
	for (size_t i = 0; i < d->a.cwes_n; i++)
		if (slice_eq(d->a.cwes[i], text))
			return;
	put(d, &d->a.cwes, &d->a.cwes_n, &d->cwes_cap, text);
}

void draft_file(struct draft *d, struct slice path)
{
	if (path.len && path.len <= LIMIT_PATH_BYTES)
		put(d, &d->a.files, &d->a.files_n, &d->files_cap, path);
}

void draft_odd(struct draft *d, enum odd what)
{
	enum err e = d->from->out->odd(d->from->out->ctx, what);

	if (e)
		fail(d, e);
}

void draft_cvss(struct draft *d, enum cvss_version v, struct slice score, struct slice vector)
{
	struct cvss *c = &d->a.cvss[v];
	uint64_t tenths = SCORE_NONE;

	if (c->score != SCORE_NONE)
		return;
	if (score.len && !decimal_read(score, 1, 100, &tenths))
		tenths = SCORE_NONE;
	if (tenths == SCORE_NONE && c->vector.len)
		return;
	*c = (struct cvss){.score = (uint8_t)tenths, .vector = vector};
}

void draft_vector(struct draft *d, struct slice vector)
{
	enum cvss_version v = slice_starts(vector, "CVSS:4")   ? CVSS_V4
			      : slice_starts(vector, "CVSS:3") ? CVSS_V3
							       : CVSS_V2;

	if (v != CVSS_V2 || slice_find(vector, slice_text("AV:"), 0) <= 1)
		draft_cvss(d, v, (struct slice){0}, vector);
}

enum err draft_emit(struct draft *d)
{
	return d->err ? d->err : d->from->out->advisory(d->from->out->ctx, &d->a, d->is_part);
}

void draft_range(struct draft *d, struct slice product, enum effect effect, struct slice low,
		 struct slice high)
{
	struct claim *c = NULL;
	bool is_good = (!low.len || version_is_good(low)) && (!high.len || version_is_good(high));

	if (!is_good)
		draft_odd(d, ODD_VERSION);
	c = draft_claim(d, product);
	if (!c)
		return;
	c->effect = (uint8_t)effect;
	if (!is_good || (!low.len && !high.len)) {
		c->kind = CLAIM_ANY;
		return;
	}
	c->low = low;
	c->high = high;
	c->high_excluded = high.len > 0;
}

uint32_t date_days(struct slice text)
{
	bool is_dashed = slice_at(text, 4) == '-' && slice_at(text, 7) == '-';
	size_t step = is_dashed ? 1 : 0;
	uint64_t y = 0, m = 0, d = 0;
	uint32_t days = 0;

	if (text_u64(slice_head(text, 4), 10, &y) != OK ||
	    text_u64(slice_head(slice_from(text, 4 + step), 2), 10, &m) != OK ||
	    text_u64(slice_head(slice_from(text, 6 + 2 * step), 2), 10, &d) != OK ||
	    text.len < 8 + 2 * step)
		return 0;
	return calendar_days(y, m, d, &days) ? days : 0;
}

/* The exponent of a number ("e-05"), and the number without it. */
static bool exponent_take(struct slice *text, int *out)
{
	size_t at = 0;
	uint64_t v = 0;

	while (at < text->len && slice_at(*text, at) != 'e' && slice_at(*text, at) != 'E')
		at++;
	*out = 0;
	if (at == text->len)
		return true;

	struct slice digits = slice_from(*text, at + 1);
	bool is_negative = slice_at(digits, 0) == '-';

	if (is_negative || slice_at(digits, 0) == '+')
		digits = slice_from(digits, 1);
	if (text_u64(digits, 10, &v) != OK || v > 30)
		return false;
	*out = is_negative ? -(int)v : (int)v;
	*text = slice_head(*text, at);
	return true;
}

bool decimal_read(struct slice text, unsigned places, uint64_t most, uint64_t *out)
{
	uint64_t v = 0;
	int shift = 0; /* powers of ten still to be applied */
	unsigned digits = 0;
	bool has_point = false;

	if (!exponent_take(&text, &shift))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = slice_at(text, i);

		if (c == '.' && !has_point) {
			has_point = true;
			continue;
		}
		if (!text_is_digit((char)c))
			return false;
		digits++;
		if (digits <= DIGITS_MAX) {
			v = v * 10 + (uint64_t)(c - '0');
			shift -= has_point;
		} else if (!has_point) {
			return false;
		}
	}
	for (shift += (int)places; shift < -1; shift++)
		v /= 10;
	if (shift == -1)
		v = (v + 5) / 10;
	for (; shift > 0 && v <= most; shift--)
		v *= 10;
	*out = v;
	return digits > 0 && v <= most;
}

bool id_is_good(struct slice id)
{
	for (size_t i = 0; i < id.len; i++)
		if (slice_at(id, i) <= ' ' || slice_at(id, i) >= 0x7f)
			return false;
	return id.len > 0 && id.len <= ID_MAX;
}

bool version_is_good(struct slice version)
{
	if (version.len > LIMIT_VERSION_BYTES)
		return false;
	for (size_t i = 0; i < version.len; i++)
		if (text_is_alnum((char)version.ptr[i]))
			return true;
	return false;
}

struct slice name_fold(struct arena *a, struct slice name)
{
	char *p = arena_array(a, name.len + 1, 1);

	if (!p)
		return (struct slice){0};
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = slice_at(name, i);

		p[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c == ' ' ? '_' : c);
	}
	return slice_of(p, name.len);
}
