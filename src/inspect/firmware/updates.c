// SPDX-License-Identifier: Apache-2.0
// Where updates come from: sources without TLS, and checks switched off, in scripts and settings.

#include "inspect/firmware/quote.h"
#include "inspect/scene.h"

#include "base/ban.h"

enum { HOST_MAX = 128 };

/* What ties a text to updating. */
enum tie {
	TIE_NONE,
	TIE_FILE,  /* it writes firmware: what it fetches is an update */
	TIE_NAME,  /* its name says so: every URL in it is a source */
	TIE_FEEDS, /* a list of package feeds */
};

struct desk {
	struct scene *scene;
	const struct object *object;
	enum tie tie;
	uint64_t sources;
	struct slice last_host; /* feeds of one host are one flaw, said once in a row */
	size_t line;
};

static bool is_one_of(struct slice path, const char *const *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_glob(path, patterns[i]))
			return true;
	return false;
}

static bool has_any(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_find_nocase(s, words[i], 0) != SLICE_NONE)
			return true;
	return false;
}

/* Scripts and settings; pages, their scripts and documents speak of URLs without fetching. */
static bool is_looked_at(const struct object *o)
{
	static const char *const kinds[] = {"*.sh",   "*.conf", "*.cfg",       "*.ini", "*.json",
					    "*.yaml", "*.yml",  "*.lua",       "*.py",  "*.pl",
					    "*.list", "*.cnf",  "*.properties"};
	static const char *const never[] = {
		"*/www/*", "*/htdocs/*", "*/doc/*",       "*/man/*",      "*/licenses/*",
		"*/ddns*", "*/i18n/*",   "*/luci/view/*", "*/terminfo/*", "*/zoneinfo/*"};

	if (!o->entry || !o->is_text || o->data.len > LIMIT_CONFIG_BYTES ||
	    is_one_of(o->name, never, ARRAY_LEN(never)))
		return false;
	return slice_starts(o->data, "#!") ||
	       slice_find(o->name, slice_text("/etc/"), 0) != SLICE_NONE ||
	       is_one_of(o->name, kinds, ARRAY_LEN(kinds));
}

static bool is_separated(struct slice s, size_t at)
{
	return at >= s.len || !text_is_alnum((char)slice_at(s, at));
}

/* Words of updating; `ota` and `fw` only where they stand alone. */
static bool speaks_of_updates(struct slice s)
{
	static const char *const words[] = {"upgrade", "firmware", "sysupdate", "opkg",
					    "fwup",    "swupdate", "fota",      "softwareupdate"};
	static const char *const alone[] = {"ota", "update", "updates", "updater", "fw", "upg"};

	if (has_any(s, words, ARRAY_LEN(words)))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(alone); i++) {
		size_t n = slice_text(alone[i]).len;
		size_t at = text_find_nocase(s, alone[i], 0);

		while (at != SLICE_NONE) {
			if ((at == 0 || is_separated(s, at - 1)) && is_separated(s, at + n))
				return true;
			at = text_find_nocase(s, alone[i], at + n);
		}
	}
	return false;
}

static enum tie tie_of(const struct object *o)
{
	static const char *const feeds[] = {"*/opkg.conf",          "*/opkg/*.conf",
					    "*/apt/sources.list",   "*/apt/sources.list.d/*",
					    "*/apk/repositories",   "*/apk/repositories.d/*",
					    "*/yum.repos.d/*.repo", "*/smart/channels/*"};
	static const char *const writers[] = {
		"sysupgrade", "mtd write", "mtd -r write", "flashcp",  "flash_eraseall",
		"nandwrite",  "fw_update", "fwupgrade",    "swupdate", "flash_erase"};

	if (is_one_of(o->name, feeds, ARRAY_LEN(feeds)))
		return TIE_FEEDS;
	if (speaks_of_updates(text_base_name(o->name)))
		return TIE_NAME;
	return has_any(o->data, writers, ARRAY_LEN(writers)) ? TIE_FILE : TIE_NONE;
}

/* --- findings --- */

static void say(struct desk *d, struct slice place, enum say what, struct slice line)
{
	struct arena *a = d->scene->scratch;
	struct slice quote = evidence_line(a, line), name = d->object->name;

	scene_finding(d->scene, "update-plain", d->object->artifact,
		      arena_print(a, "update:%.*s:%.*s", (int)name.len, (const char *)name.ptr,
				  (int)place.len, (const char *)place.ptr),
		      d->line ? say_line(a, d->line) : (struct slice){0}, SAY(a, what, quote));
}

static bool is_host_byte(char c)
{
	return text_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '$' || c == '{' ||
	       c == '}' || c == '[' || c == ']' || c == '%';
}

static struct slice host_of(struct slice url)
{
	size_t n = 0, at = slice_find_byte(slice_head(url, HOST_MAX), '@', 0);
	size_t slash = slice_find_byte(slice_head(url, HOST_MAX), '/', 0);

	if (at != SLICE_NONE && (slash == SLICE_NONE || at < slash))
		url = slice_from(url, at + 1);
	while (n < url.len && n < HOST_MAX && is_host_byte((char)slice_at(url, n)))
		n++;
	return slice_head(url, n);
}

/* The device itself, and names set aside for examples (RFC 2606). */
static bool is_no_source(struct slice host)
{
	static const char *const hosts[] = {"localhost*",   "127.*",        "[::1]*",
					    "*example.com", "*example.org", "*example.net"};

	return host.len == 0 || is_one_of(host, hosts, ARRAY_LEN(hosts));
}

/* Dynamic names and time are "updated" too, but bring no software. */
static bool is_other_update(struct slice line)
{
	static const char *const words[] = {"ddns", "dyndns", "dynamic/", "nic/update", "no-ip",
					    "ntp",  "<a ",    "href=",    "xmlns",      "schema"};

	return has_any(line, words, ARRAY_LEN(words));
}

static bool fetches(struct slice line)
{
	static const char *const words[] = {"wget",          "curl",   "ftpget", "tftp",
					    "uclient-fetch", "aria2c", "axel",   "fetch "};

	return has_any(line, words, ARRAY_LEN(words));
}

static bool is_tied(const struct desk *d, struct slice line)
{
	switch (d->tie) {
	case TIE_FEEDS:
	case TIE_NAME:
		return true;
	case TIE_FILE:
		return fetches(line) || speaks_of_updates(line);
	case TIE_NONE:
		break;
	}
	return speaks_of_updates(line);
}

static void check_urls(struct desk *d, struct slice line)
{
	static const struct {
		const char *scheme;
		bool is_plain;
	} schemes[] = {{"http://", true}, {"ftp://", true}, {"tftp://", true}, {"https://", false}};

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct slice scheme = slice_text(schemes[i].scheme);
		size_t at = slice_find(line, scheme, 0);

		/* the end of a longer scheme: tftp:// */
		if (at == SLICE_NONE || (at > 0 && text_is_alnum((char)slice_at(line, at - 1))))
			continue;

		struct slice host = host_of(slice_from(line, at + scheme.len));

		if (is_no_source(host))
			continue;
		d->sources++;
		if (schemes[i].is_plain && !slice_eq(host, d->last_host))
			say(d, host, SAY_UPDATE_HTTP, line);
		d->last_host = schemes[i].is_plain ? host : d->last_host;
	}
}

/* A word of its own, so that -k is not found in -keep. */
static bool has_word(struct slice line, const char *word)
{
	struct slice w;

	while (text_word(&line, &w))
		if (slice_is(w, word))
			return true;
	return false;
}

/* curl(1): short options may be clustered, as in -sk. */
static bool has_curl_k(struct slice line)
{
	struct slice w;

	while (text_word(&line, &w)) {
		bool is_short =
			w.len >= 2 && w.len <= 6 && slice_at(w, 0) == '-' && slice_at(w, 1) != '-';

		if (is_short && slice_find_byte(w, 'k', 1) != SLICE_NONE)
			return true;
	}
	return false;
}

static void check_options(struct desk *d, struct slice line)
{
	bool is_curl = slice_find(line, slice_text("curl"), 0) != SLICE_NONE;

	if (has_word(line, "--no-check-certificate") ||
	    (is_curl && (has_word(line, "--insecure") || has_curl_k(line))))
		say(d, slice_text("certificate"), SAY_UPDATE_TLS_UNCHECKED, line);
	else if (slice_find(line, slice_text("no_check_certificate"), 0) != SLICE_NONE)
		say(d, slice_text("certificate"), SAY_UPDATE_TLS_UNCHECKED, line);
	else if (has_word(line, "--allow-untrusted") || has_word(line, "--no-check-signature") ||
		 slice_find(line, slice_text("[trusted=yes]"), 0) != SLICE_NONE ||
		 has_word(line, "--force-signature"))
		say(d, slice_text("signature"), SAY_UPDATE_UNSIGNED, line);
	else if ((d->tie == TIE_NAME || d->tie == TIE_FILE) &&
		 (has_word(line, "ftpget") || (has_word(line, "tftp") && has_word(line, "-g"))))
		say(d, slice_text("fetch"), SAY_UPDATE_HTTP, line);
}

static bool is_comment(struct slice line)
{
	return slice_at(line, 0) == '#' || slice_at(line, 0) == ';' || slice_starts(line, "//") ||
	       slice_starts(line, "--") || slice_starts(line, "*") || slice_starts(line, "echo ");
}

static void line_look(struct desk *d, struct slice line)
{
	line = text_trim(line);
	if (is_comment(line) || !is_tied(d, line) || is_other_update(line))
		return;
	check_urls(d, line);
	check_options(d, line);
}

/* opkg checks signatures of package lists only when told so. */
static void check_opkg(struct desk *d)
{
	struct slice rest = d->object->data, line, word;
	bool is_checked = false;

	if (!text_glob(d->object->name, "*/opkg.conf"))
		return;
	d->sources++;
	while (text_line(&rest, &line)) {
		if (!text_word(&line, &word) || !slice_is(word, "option") ||
		    !text_word(&line, &word) || !slice_is(word, "check_signature"))
			continue;
		is_checked = !text_word(&line, &word) || !slice_is(word, "0");
	}
	d->line = 0;
	if (!is_checked)
		say(d, slice_text("check_signature"), SAY_LISTS_UNSIGNED, (struct slice){0});
}

static void updates_object(struct scene *s, const struct object *o)
{
	struct desk d = {.scene = s, .object = o};
	struct slice rest = o->data, line;

	if (!is_looked_at(o))
		return;
	d.tie = tie_of(o);
	while (text_line(&rest, &line)) {
		d.line++;
		line_look(&d, line);
	}
	check_opkg(&d);
	if (d.sources)
		scene_coverage(s, "update-sources", d.sources, d.sources);
}

/* Every tree was looked through, even when it names no source. */
static void updates_tree(struct scene *s, const struct tree *t)
{
	(void)t;
	scene_coverage(s, "update-sources", 0, 0);
}

const struct inspector inspector_updates = {
	.name = "updates",
	.object = updates_object,
	.tree = updates_tree,
};
