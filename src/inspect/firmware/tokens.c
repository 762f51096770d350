// SPDX-License-Identifier: Apache-2.0
// Tokens by their published forms: a fixed head, an alphabet, a length, and an end.

#include "inspect/firmware/tokens.h"

#include <string.h>

#include "inspect/firmware/pem.h"

#include "base/ban.h"

#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGIT  "0123456789"
#define ALNUM  UPPER LOWER DIGIT
#define BASE64 ALNUM "+/="
#define URL64  ALNUM "-_"

enum { DISTINCT_MIN = 8 };

struct form {
	enum say name;
	const char *head, *alphabet;         /* alphabet of what follows the head */
	size_t least, most;                  /* its length */
	bool (*is_real)(struct slice value); /* NULL: the form is proof enough */
};

/* RFC 7519: three parts in base64url; the first is a JSON object that names its algorithm. */
static bool is_jwt(struct slice value)
{
	struct slice rest = value, part;
	struct buf text, plain;
	size_t parts = 0;
	bool names_alg;

	buf_init(&text, 4 * KiB);
	buf_init(&plain, 4 * KiB);
	while (text_field(&rest, '.', &part)) {
		if (parts++ == 0)
			buf_add(&text, part);
		if (part.len < 10)
			parts = 99;
	}
	while (text.len % 4)
		buf_byte(&text, '=');
	names_alg = base64_read(buf_slice(&text), &plain) &&
		    slice_find(buf_slice(&plain), slice_text("\"alg\""), 0) != SLICE_NONE;
	buf_release(&text);
	buf_release(&plain);
	return parts == 3 && names_alg;
}

/* Upper and lower case and digits: keys are, names in a program are not. */
static bool is_mixed(struct slice value)
{
	bool upper = false, lower = false, digit = false;

	for (size_t i = 0; i < value.len; i++) {
		char c = (char)value.ptr[i];

		upper = upper || (c >= 'A' && c <= 'Z');
		lower = lower || (c >= 'a' && c <= 'z');
		digit = digit || text_is_digit(c);
	}
	return upper && lower && digit;
}

static bool has_digit(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (text_is_digit((char)value.ptr[i]))
			return true;
	return false;
}

static const struct form forms[] = {
	{SAY_TOKEN_AWS, "AKIA", UPPER DIGIT, 16, 16, has_digit},
	{SAY_TOKEN_AWS_TEMPORARY, "ASIA", UPPER DIGIT, 16, 16, has_digit},
	{SAY_TOKEN_GOOGLE, "AIza", URL64, 35, 35, is_mixed},
	{SAY_TOKEN_GITHUB, "ghp_", ALNUM, 36, 36, is_mixed},
	{SAY_TOKEN_GITHUB, "gho_", ALNUM, 36, 36, is_mixed},
	{SAY_TOKEN_GITHUB, "ghs_", ALNUM, 36, 36, is_mixed},
	{SAY_TOKEN_GITHUB, "github_pat_", ALNUM "_", 60, 100, is_mixed},
	{SAY_TOKEN_GITLAB, "glpat-", URL64, 20, 40, is_mixed},
	{SAY_TOKEN_SLACK, "xoxb-", ALNUM "-", 20, 120, has_digit},
	{SAY_TOKEN_SLACK, "xoxp-", ALNUM "-", 20, 120, has_digit},
	{SAY_TOKEN_SLACK, "xoxa-", ALNUM "-", 20, 120, has_digit},
	{SAY_TOKEN_SLACK_WEBHOOK, "hooks.slack.com/services/T", ALNUM "/", 30, 60, is_mixed},
	{SAY_TOKEN_STRIPE, "sk_live_", ALNUM, 24, 120, is_mixed},
	{SAY_TOKEN_SENDGRID, "SG.", URL64 ".", 60, 72, is_mixed},
	{SAY_TOKEN_AZURE_STORAGE, "AccountKey=", BASE64, 86, 90, is_mixed},
	{SAY_TOKEN_AZURE_SHARED, "SharedAccessKey=", BASE64, 40, 90, is_mixed},
	{SAY_TOKEN_FIREBASE, ":APA91b", URL64, 100, 200, is_mixed},
	{SAY_TOKEN_JWT, "eyJ", URL64 ".", 40, 2000, is_jwt},
};

static size_t distinct(struct slice s)
{
	bool seen[256] = {false};
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		n += !seen[s.ptr[i]];
		seen[s.ptr[i]] = true;
	}
	return n;
}

static bool is_token(struct slice in, size_t hit, const struct form *f, struct slice *value)
{
	size_t head = strlen(f->head), n = 0;
	struct slice rest = slice_from(in, hit + head);

	while (n < rest.len && n <= f->most && rest.ptr[n] && strchr(f->alphabet, rest.ptr[n]))
		n++;
	*value = slice_head(slice_from(in, hit), head + n);
	if (n < f->least || n > f->most || text_is_alnum((char)slice_at(rest, n)) ||
	    (hit > 0 && text_is_alnum(f->head[0]) && text_is_alnum((char)slice_at(in, hit - 1))))
		return false;
	/* what makers' own documents show, and fillers */
	if (text_find_nocase(*value, "example", 0) != SLICE_NONE ||
	    distinct(slice_from(*value, head)) < DISTINCT_MIN)
		return false;
	return !f->is_real || f->is_real(f->is_real == is_jwt ? *value : slice_from(*value, head));
}

bool token_next(struct mark_search *s, struct token *out)
{
	bool is_found = false;
	size_t hit = 0;

	while (!is_found && s->row < ARRAY_LEN(forms)) {
		const struct form *f = &forms[s->row];

		if (!mark_next(s, slice_text(f->head), LIMIT_TOKEN_TRIES, &hit))
			continue;
		*out = (struct token){.name = f->name, .at = hit};
		is_found = is_token(s->in, hit, f, &out->value);
		mark_pass(s, hit, is_found ? hit + out->value.len : hit + 1);
	}
	return is_found;
}
