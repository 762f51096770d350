// SPDX-License-Identifier: Apache-2.0
// Words that name passwords, words that only stand for them, and files that only speak of them.

#include "inspect/firmware/words.h"

#include "inspect/firmware/hash.h"
#include "inspect/firmware/secret.h"

#include "base/ban.h"

enum { PLAIN_MAX = 64, SECRET_MIN = 2, SECRET_MAX = 64, RANDOM_MIN = 12 };

/* --- names --- */

/* The name in lower case, letters only, and without what counts instances: "Ftp_Pass-2" is
 * "ftppass". */
struct plain {
	char text[PLAIN_MAX + 1];
	size_t len;
};

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
}

static struct plain plain_of(struct slice key)
{
	struct plain p = {.len = 0};

	for (size_t i = 0; i < key.len && p.len < PLAIN_MAX; i++)
		if (text_is_alnum((char)key.ptr[i]))
			p.text[p.len++] = lower(key.ptr[i]);
	while (p.len && text_is_digit(p.text[p.len - 1]))
		p.len--;
	p.text[p.len] = '\0';
	return p;
}

/* Takes the next part of a name: "oldPwd_in" has old, Pwd and in. */
static bool part_take(struct slice *rest, struct slice *part)
{
	size_t from = 0, to;

	while (from < rest->len && !text_is_alnum((char)rest->ptr[from]))
		from++;
	to = from;
	while (to < rest->len && text_is_alnum((char)rest->ptr[to])) {
		bool turns = to > from && lower(rest->ptr[to]) != (char)rest->ptr[to] &&
			     lower(rest->ptr[to - 1]) == (char)rest->ptr[to - 1];

		if (turns)
			break;
		to++;
	}
	*part = slice_head(slice_from(*rest, from), to - from);
	*rest = slice_from(*rest, to);
	return part->len > 0;
}

/* Parts of names that speak of a password without holding one. */
static const char *const about[] = {
	"str",     "msg",    "err",    "error",     "txt",  "text",    "lbl",    "label",
	"title",   "hint",   "tip",    "tips",      "note", "prompt",  "lang",   "placeholder",
	"confirm", "show",   "hide",   "is",        "has",  "need",    "change", "reset",
	"forgot",  "check",  "valid",  "encrypted", "hash", "md5",     "file",   "path",
	"len",     "length", "min",    "max",       "type", "url",     "regex",  "rule",
	"field",   "enable", "auth",   "mode",      "id",   "elem",    "btn",    "div",
	"name",    "class",  "format", "policy",    "no",   "invalid",
};

static bool is_about(struct slice key)
{
	struct slice rest = key, part;

	while (part_take(&rest, &part))
		for (size_t i = 0; i < ARRAY_LEN(about); i++)
			if (text_same(part, about[i]))
				return true;
	return false;
}

/* Ends of names, the longer before the shorter of another meaning. */
static const struct {
	const char *end;
	enum meaning meaning;
	bool is_all; /* the whole name, not its end */
} names[] = {
	{"wpapsk", MEANS_NETWORK_KEY, false},
	{"wapipsk", MEANS_NETWORK_KEY, false},
	{"psk", MEANS_NETWORK_KEY, true},
	{"presharedkey", MEANS_NETWORK_KEY, false},
	{"wpapassphrase", MEANS_NETWORK_KEY, false},
	{"saepassword", MEANS_NETWORK_KEY, false},
	{"wpakey", MEANS_NETWORK_KEY, false},
	{"wifikey", MEANS_NETWORK_KEY, false},
	{"wifipassword", MEANS_NETWORK_KEY, false},
	{"wifipasswd", MEANS_NETWORK_KEY, false},
	{"wifipwd", MEANS_NETWORK_KEY, false},
	{"wifipass", MEANS_NETWORK_KEY, false},
	{"wlanpassword", MEANS_NETWORK_KEY, false},
	{"ssidpassword", MEANS_NETWORK_KEY, false},
	{"routerpwdin", MEANS_NETWORK_KEY, false},
	{"rotuepwdin", MEANS_NETWORK_KEY, false},
	{"wepkey", MEANS_NETWORK_KEY, false},
	{"mqttpassword", MEANS_CLOUD_SECRET, false},
	{"mqttpasswd", MEANS_CLOUD_SECRET, false},
	{"mqttpwd", MEANS_CLOUD_SECRET, false},
	{"mqttpass", MEANS_CLOUD_SECRET, false},
	{"secretkey", MEANS_CLOUD_SECRET, false},
	{"secretaccesskey", MEANS_CLOUD_SECRET, false},
	{"accesskeysecret", MEANS_CLOUD_SECRET, false},
	{"accesskey", MEANS_CLOUD_SECRET, false},
	{"apikey", MEANS_CLOUD_SECRET, false},
	{"appsecret", MEANS_CLOUD_SECRET, false},
	{"clientsecret", MEANS_CLOUD_SECRET, false},
	{"devicesecret", MEANS_CLOUD_SECRET, false},
	{"productsecret", MEANS_CLOUD_SECRET, false},
	{"authtoken", MEANS_CLOUD_SECRET, false},
	{"accesstoken", MEANS_CLOUD_SECRET, false},
	{"password", MEANS_PASSWORD, false},
	{"passwd", MEANS_PASSWORD, false},
	{"passwort", MEANS_PASSWORD, false},
	{"passphrase", MEANS_PASSWORD, false},
	{"passwdin", MEANS_PASSWORD, false},
	{"pwdin", MEANS_PASSWORD, false},
	{"pwd", MEANS_PASSWORD, false},
	{"psw", MEANS_PASSWORD, true},
	{"pass", MEANS_PASSWORD, true},
	{"userpass", MEANS_PASSWORD, false},
	{"loginpass", MEANS_PASSWORD, false},
	{"loginpas", MEANS_PASSWORD, false},
	{"adminpass", MEANS_PASSWORD, false},
	{"rootpass", MEANS_PASSWORD, false},
	{"ftppass", MEANS_PASSWORD, false},
	{"httppass", MEANS_PASSWORD, false},
	{"rtsppass", MEANS_PASSWORD, false},
	{"telnetpass", MEANS_PASSWORD, false},
	{"dbpass", MEANS_PASSWORD, false},
	{"smtppass", MEANS_PASSWORD, false},
	{"mailpass", MEANS_PASSWORD, false},
	{"user", MEANS_USER, false},
	{"username", MEANS_USER, false},
	{"usernm", MEANS_USER, false},
	{"login", MEANS_USER, true},
	{"account", MEANS_USER, true},
};

enum meaning key_means(struct slice key)
{
	struct plain p = plain_of(key);
	struct slice plain = slice_of(p.text, p.len);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		bool is_it = names[i].is_all ? slice_is(plain, names[i].end)
					     : slice_ends(plain, names[i].end);

		if (is_it)
			return names[i].meaning == MEANS_USER || !is_about(key) ? names[i].meaning
										: MEANS_NOTHING;
	}
	return MEANS_NOTHING;
}

/* --- files --- */

static const struct {
	const char *glob;
	enum writing writing;
} writings[] = {
	{"*.css", WRITING_NONE},
	{"*.svg", WRITING_NONE},
	{"*.po", WRITING_NONE},
	{"*.pot", WRITING_NONE},
	{"*.md", WRITING_NONE},
	{"*.rst", WRITING_NONE},
	{"*.list", WRITING_NONE},
	{"*.control", WRITING_NONE},
	{"*.conffiles", WRITING_NONE},
	{"*/opkg/*", WRITING_NONE},
	{"*/dpkg/*", WRITING_NONE},
	{"*/man/*", WRITING_NONE},
	{"*/doc/*", WRITING_NONE},
	{"*/docs/*", WRITING_NONE},
	{"*/help/*", WRITING_NONE},
	{"*/lang/*", WRITING_NONE},
	{"*/locale/*", WRITING_NONE},
	{"*/i18n/*", WRITING_NONE},
	{"*/language*", WRITING_NONE},
	{"*/lang*.js", WRITING_NONE},
	{"*/string*.js", WRITING_NONE},
	{"*/strings.xml", WRITING_NONE},
	{"*/str.js", WRITING_NONE},
	{"*/str_*.js", WRITING_NONE},
	{"*/jquery*", WRITING_NONE},
	{"*.min.js", WRITING_NONE},
	{"*README*", WRITING_NONE},
	{"*completion*", WRITING_NONE},
	{"*LICENSE*", WRITING_NONE},
	{"*COPYING*", WRITING_NONE},
	{"*ChangeLog*", WRITING_NONE},
	{"*CHANGELOG*", WRITING_NONE},
	{"*/nsswitch.conf", WRITING_NONE},
	{"*/zoneinfo/*", WRITING_NONE},
	{"*.js", WRITING_CODE},
	{"*.htm", WRITING_CODE},
	{"*.html", WRITING_CODE},
	{"*.shtml", WRITING_CODE},
	{"*.asp", WRITING_CODE},
	{"*.aspx", WRITING_CODE},
	{"*.jsp", WRITING_CODE},
	{"*.php", WRITING_CODE},
	{"*.lua", WRITING_CODE},
	{"*.py", WRITING_CODE},
	{"*.pl", WRITING_CODE},
	{"*.rb", WRITING_CODE},
	{"*.c", WRITING_CODE},
	{"*.h", WRITING_CODE},
	{"*.cpp", WRITING_CODE},
	{"*.java", WRITING_CODE},
	{"*.cgi", WRITING_CODE},
	{"*.awk", WRITING_CODE},
	{"*.tcl", WRITING_CODE},
	{"*.ts", WRITING_CODE},
	{"*.vue", WRITING_CODE},
	{"*.json", WRITING_CODE},
	{"*.uc", WRITING_CODE},
};

enum writing writing_of(struct slice path)
{
	for (size_t i = 0; i < ARRAY_LEN(writings); i++)
		if (text_glob(path, writings[i].glob))
			return writings[i].writing;
	return WRITING_CONF;
}

/* --- values --- */

/* Words that stand where a value would. */
static const char *const fillers[] = {
	"none",     "null",    "nil",         "true",          "false",    "yes",       "no",
	"on",       "off",     "string",      "text",          "hidden",   "undefined", "required",
	"optional", "enabled", "disabled",    "files",         "compat",   "shadow",    "md5",
	"sha1",     "sha256",  "sha512",      "crypt",         "plain",    "plaintext", "ask",
	"prompt",   "input",   "secret_here", "changeme_here", "function", "new",       "this",
	"self",     "return",  "local",       "int",           "char",     "varchar",   "str",
	"object",   "array",   "unset",       "n/a",           "any",      "always",    "never",
	"xxx",      "xxxx",    "xxxxx",       "xxxxxx",        "xxxxxxxx",
};

/* Names of the thing itself: labels in code, but in a setting the worst of passwords. */
static const char *const labels[] = {
	"clave", "senha",    "parola",     "wachtwoord", "heslo",    "salasana",
	"sifre", "jelszo",   "contrasena", "haslo",      "password", "passwd",
	"pwd",   "pass",     "passphrase", "passwort",   "kennwort", "psk",
	"key",   "username", "user",       "login",
};

static bool is_one_of(struct slice v, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_same(v, list[i]))
			return true;
	return false;
}

/* $x, ${x}, $(x), `x`, %s, %(x)s, {x}, <x>, [x], @x@ */
static bool is_expansion(struct slice v)
{
	uint8_t first = slice_at(v, 0), last = slice_at(v, v.len - 1);

	for (size_t i = 0; i + 1 < v.len; i++) {
		uint8_t next = v.ptr[i + 1];

		if (v.ptr[i] == '$' &&
		    (text_is_alnum((char)next) || next == '{' || next == '(' || next == '_'))
			return i == 0 || next == '{' || next == '(';
		if (v.ptr[i] == '%' && (next == 's' || next == 'd' || next == '('))
			return true;
		if (v.ptr[i] == '#' && next == '{')
			return true;
	}
	return first == '`' || first == '<' || first == '{' || first == '[' || first == '(' ||
	       first == '&' || first == '+' || (first == '@' && last == '@') || first == '\\' ||
	       (first == '%' && last == '%');
}

static bool is_masked(struct slice v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.ptr[i] != '*' && v.ptr[i] != '.' && v.ptr[i] != '-' && v.ptr[i] != '_' &&
		    v.ptr[i] != '?')
			return false;
	return true;
}

static bool is_printable_word(struct slice v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.ptr[i] <= 0x20 || v.ptr[i] >= 0x7f)
			return false;
	return true;
}

static bool speaks_of_example(struct slice v)
{
	static const char *const signs[] = {"your",    "example", "placeholder", "insert",
					    "replace", "<",       "(",           ")"};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (text_find_nocase(v, signs[i], 0) != SLICE_NONE)
			return true;
	return false;
}

bool word_is_secret(struct slice v)
{
	return v.len >= SECRET_MIN && v.len <= SECRET_MAX && is_printable_word(v) &&
	       !is_expansion(v) && !is_masked(v) && !speaks_of_example(v) &&
	       !is_one_of(v, fillers, ARRAY_LEN(fillers)) && slice_at(v, 0) != '/' &&
	       !hash_is_evident(v);
}

/* A name in a program: "newPwd", "#password", "form.pass". */
static bool is_name_in_code(struct slice v)
{
	static const char *const parts[] = {"pass", "pwd", "psk"};

	if (slice_at(v, 0) == '#' || slice_at(v, 0) == '.' || slice_at(v, 0) == '?')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (text_find_nocase(v, parts[i], 0) != SLICE_NONE)
			return true;
	return false;
}

bool value_is_secret(const struct pair *p, enum writing w)
{
	struct slice v = p->value;

	if (!word_is_secret(v) || !p->is_whole)
		return false;
	if (w == WRITING_CODE &&
	    (!p->is_quoted || is_name_in_code(v) || is_one_of(v, labels, ARRAY_LEN(labels))))
		return false;
	/* "passwd: files" and the like: a bare word behind a colon is no literal */
	return p->is_quoted || p->sep != ':';
}

bool value_is_random(struct slice v)
{
	bool letter = false, digit = false;

	if (v.len < RANDOM_MIN || v.len > 2 * SECRET_MAX)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		char c = (char)v.ptr[i];

		if (!text_is_alnum(c) && c != '+' && c != '/' && c != '=' && c != '_' && c != '-')
			return false;
		digit = digit || text_is_digit(c);
		letter = letter || (text_is_alnum(c) && !text_is_digit(c));
	}
	return letter && digit;
}
