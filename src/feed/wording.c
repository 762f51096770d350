// SPDX-License-Identifier: Apache-2.0
// Versions put in words instead of fields: "< 1.2", "1.0 through 1.3", "1.2.3 およびそれ以前".

#include "feed/importers.h"

#include "base/ban.h"

enum bound { EXACTLY, BELOW, UP_TO, ABOVE, FROM };

/* In front of a version; longer ones first where one begins another. */
static const struct {
	const char *words;
	enum bound bound;
} prefixes[] = {
	{"<=", UP_TO},
	{"<", BELOW},
	{">=", FROM},
	{">", ABOVE},
	{"=", EXACTLY},
	{"versions prior to ", BELOW},
	{"prior to version ", BELOW},
	{"prior to ", BELOW},
	{"before version ", BELOW},
	{"before ", BELOW},
	{"up to ", UP_TO},
};

/* Behind it. */
static const struct {
	const char *words;
	enum bound bound;
} suffixes[] = {
	{" and earlier", UP_TO},
	{" and prior", UP_TO},
	{" and below", UP_TO},
	{" and later", FROM},
	{" およびそれ以前", UP_TO},
	{"およびそれ以前", UP_TO},
	{" 以前", UP_TO},
	{"以前", UP_TO},
	{" より前", BELOW},
	{"より前", BELOW},
	{" 未満", BELOW},
	{"未満", BELOW},
	{" 以降", FROM},
	{"以降", FROM},
};

static const char *const throughs[] = {" through ", " to ", " から "};

static void bound_put(struct claim *c, enum bound bound, struct slice version)
{
	c->kind = bound == EXACTLY ? CLAIM_EXACT : CLAIM_RANGE;
	if (bound == BELOW || bound == UP_TO) {
		c->high = version;
		c->high_excluded = bound == BELOW;
	} else {
		c->low = version;
		c->low_excluded = bound == ABOVE;
	}
}

static enum bound bound_take(struct slice *words)
{
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (text_find_nocase(*words, prefixes[i].words, 0) == 0) {
			*words = text_trim(slice_from(*words, slice_text(prefixes[i].words).len));
			return prefixes[i].bound;
		}
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (slice_ends(*words, suffixes[i].words)) {
			*words = text_trim(
				slice_head(*words, words->len - slice_text(suffixes[i].words).len));
			return suffixes[i].bound;
		}
	return EXACTLY;
}

static bool through_put(struct claim *c, struct slice words)
{
	for (size_t i = 0; i < ARRAY_LEN(throughs); i++) {
		struct slice word = slice_text(throughs[i]);
		size_t at = slice_find(words, word, 0);

		if (at == SLICE_NONE)
			continue;
		c->low = text_trim(slice_head(words, at));
		c->high = text_trim(slice_from(words, at + word.len));
		(void)bound_take(&c->high);
		c->kind = CLAIM_RANGE;
		return true;
	}
	return false;
}

/* One word with a digit in it: everything else is prose. */
static bool is_version(struct slice s)
{
	bool has_digit = false;

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = slice_at(s, i);

		if (c <= ' ' || c >= 0x7f || c == ',' || c == ';' || c == '*')
			return false;
		has_digit = has_digit || text_is_digit((char)c);
	}
	return has_digit && s.len <= LIMIT_VERSION_BYTES;
}

static bool is_nothing(struct slice s)
{
	return s.len == 0 || slice_is(s, "*") || slice_is(s, "-") || text_same(s, "n/a") ||
	       text_same(s, "all") || text_same(s, "all versions") || text_same(s, "unspecified") ||
	       text_same(s, "unknown") || text_same(s, "none");
}

void draft_wording(struct draft *d, struct slice product, enum effect effect, struct slice words)
{
	struct claim *c = draft_claim(d, product);
	struct slice rest = words, part = {0};
	bool is_good = !is_nothing(text_trim(words));

	if (!c)
		return;
	c->effect = (uint8_t)effect;
	while (is_good && text_field(&rest, ',', &part)) {
		part = text_trim(part);
		if (through_put(c, part))
			continue;

		enum bound b = bound_take(&part);

		bound_put(c, b, part);
		is_good = is_version(part) && (b != EXACTLY || !rest.ptr || !rest.len);
	}
	if (is_good && (!c->low.len || is_version(c->low)) && (!c->high.len || is_version(c->high)))
		return;
	/* Prose is kept as "any version", and only counted when there was something to read. */
	if (!is_nothing(text_trim(words)))
		draft_odd(d, ODD_VERSION);
	if (effect != EFFECT_AFFECTED) {
		/* All clear for versions that nobody can tell is no all clear. */
		d->a.claims_n--;
		return;
	}
	*c = (struct claim){.product = product, .kind = CLAIM_ANY, .effect = (uint8_t)effect};
}
