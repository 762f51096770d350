// SPDX-License-Identifier: Apache-2.0
// Settings of services against a mandatory baseline, given as a table of files, keys and values.

#include "inspect/scene.h"

#include "base/ban.h"

enum { FILES_MAX = 4, POINTS_MAX = 8 };

enum style {
	STYLE_WORDS,  /* key value; also key=value */
	STYLE_EQUALS, /* key = value, blanks in keys allowed */
	STYLE_UCI,    /* option key 'value' (OpenWrt) */
	STYLE_BLOCKS, /* statements between ; { and } (nginx) */
};

/* Words in lists are separated by |, "*" is any value; `key=value` or `key` name a setting. */
struct point {
	const char *key; /* "*": any key */
	const char *bad;
	enum say missing;    /* a flaw when the key is missing: what to say */
	const char *unless;  /* … and in any case none when one of these is set */
	const char *only_if; /* … and only when one of these is set, beyond the device itself */
	enum say why;
};

struct baseline {
	const char *files[FILES_MAX];
	enum style style;
	struct point points[POINTS_MAX];
};

static const struct baseline baselines[] = {
	{.files = {"*/sshd_config", "*/sshd_config.d/*.conf"},
	 .points = {{.key = "PermitEmptyPasswords", .bad = "yes", .why = SAY_WHY_EMPTY_PASSWORDS},
		    {.key = "PermitRootLogin",
		     .bad = "yes",
		     .unless = "PasswordAuthentication=no",
		     .why = SAY_WHY_ROOT_PASSWORD},
		    {.key = "Protocol", .bad = "1", .why = SAY_WHY_SSH_1},
		    {.key = "HostbasedAuthentication", .bad = "yes", .why = SAY_WHY_HOSTS_TRUSTED},
		    {.key = "IgnoreRhosts", .bad = "no", .why = SAY_WHY_RHOSTS}}},
	{.files = {"*/config/dropbear"},
	 .style = STYLE_UCI,
	 .points = {{.key = "RootPasswordAuth",
		     .bad = "on|1|yes|true|enabled",
		     .unless = "PasswordAuth=off|PasswordAuth=0|PasswordAuth=no|RootLogin=off|"
			       "RootLogin=0|RootLogin=no|enable=0|enable=off",
		     .why = SAY_WHY_ROOT_PASSWORD}}},
	{.files = {"*/default/dropbear", "*/conf.d/dropbear"},
	 .points = {{.key = "DROPBEAR_EXTRA_ARGS", .bad = "-B", .why = SAY_WHY_EMPTY_PASSWORDS},
		    {.key = "DROPBEAR_ARGS", .bad = "-B", .why = SAY_WHY_EMPTY_PASSWORDS},
		    {.key = "DROPBEAR_OPTS", .bad = "-B", .why = SAY_WHY_EMPTY_PASSWORDS}}},
	{.files = {"*/mosquitto.conf", "*/mosquitto/conf.d/*.conf"},
	 .points = {{.key = "allow_anonymous", .bad = "true", .why = SAY_WHY_MQTT_OPEN},
		    {.key = "password_file",
		     .missing = SAY_WHY_MQTT_OPEN,
		     .unless = "allow_anonymous|psk_file|auth_plugin|plugin|"
			       "require_certificate=true",
		     .only_if = "listener|port|bind_address"}}},
	{.files = {"*/snmpd.conf", "*/snmpd.local.conf"},
	 .points = {{.key = "rocommunity", .bad = "public|private", .why = SAY_WHY_COMMUNITY},
		    {.key = "rocommunity6", .bad = "public|private", .why = SAY_WHY_COMMUNITY},
		    {.key = "com2sec", .bad = "public|private", .why = SAY_WHY_COMMUNITY},
		    {.key = "com2sec6", .bad = "public|private", .why = SAY_WHY_COMMUNITY},
		    {.key = "rwcommunity", .bad = "*", .why = SAY_WHY_SNMP_WRITE},
		    {.key = "rwcommunity6", .bad = "*", .why = SAY_WHY_SNMP_WRITE}}},
	{.files = {"*/config/snmpd"},
	 .style = STYLE_UCI,
	 .points = {{.key = "community", .bad = "public|private", .why = SAY_WHY_COMMUNITY}}},
	{.files = {"*/lighttpd.conf", "*/lighttpd/conf.d/*.conf"},
	 .style = STYLE_EQUALS,
	 .points = {{.key = "dir-listing.activate", .bad = "enable", .why = SAY_WHY_LISTING},
		    {.key = "server.dir-listing", .bad = "enable", .why = SAY_WHY_LISTING},
		    {.key = "ssl.engine", .bad = "disable", .why = SAY_WHY_TLS_OFF},
		    {.key = "ssl.use-sslv2", .bad = "enable", .why = SAY_WHY_SSL_2},
		    {.key = "ssl.use-sslv3", .bad = "enable", .why = SAY_WHY_SSL_3}}},
	{.files = {"*/nginx.conf", "*/nginx/conf.d/*.conf", "*/nginx/sites-enabled/*"},
	 .style = STYLE_BLOCKS,
	 .points = {{.key = "autoindex", .bad = "on", .why = SAY_WHY_LISTING},
		    {.key = "ssl", .bad = "off", .why = SAY_WHY_TLS_OFF},
		    {.key = "ssl_protocols",
		     .bad = "SSLv2|SSLv3|TLSv1|TLSv1.1",
		     .why = SAY_WHY_OLD_TLS}}},
	{.files = {"*/apache2/*.conf", "*/httpd/conf/*.conf"},
	 .points = {{.key = "Options", .bad = "Indexes|+Indexes", .why = SAY_WHY_LISTING}}},
	{.files = {"*/boa.conf"},
	 .points = {{.key = "DirectoryMaker", .bad = "*", .why = SAY_WHY_LISTING}}},
	{.files = {"*/config/uhttpd"},
	 .style = STYLE_UCI,
	 .points = {{.key = "listen_https", .missing = SAY_WHY_NO_TLS, .only_if = "listen_http"},
		    {.key = "no_dirlists", .bad = "0", .why = SAY_WHY_LISTING},
		    {.key = "no_ubusauth", .bad = "1", .why = SAY_WHY_UBUS}}},
	{.files = {"*/vsftpd.conf"},
	 .style = STYLE_EQUALS,
	 .points = {{.key = "anonymous_enable",
		     .bad = "YES|true|1",
		     .missing = SAY_WHY_FTP_DEFAULT,
		     .why = SAY_WHY_FTP},
		    {.key = "anon_upload_enable", .bad = "YES", .why = SAY_WHY_FTP_UPLOAD}}},
	{.files = {"*/proftpd.conf"},
	 .points = {{.key = "<Anonymous", .bad = "*", .why = SAY_WHY_FTP}}},
	{.files = {"*/pure-ftpd.conf"},
	 .points = {{.key = "NoAnonymous", .bad = "no", .why = SAY_WHY_FTP}}},
	{.files = {"*/smb.conf", "*/smb.conf.template"},
	 .style = STYLE_EQUALS,
	 .points = {{.key = "guest ok", .bad = "yes|true|1", .why = SAY_WHY_SHARE},
		    {.key = "public", .bad = "yes|true|1", .why = SAY_WHY_SHARE},
		    {.key = "null passwords", .bad = "yes|true|1", .why = SAY_WHY_EMPTY_PASSWORDS},
		    {.key = "encrypt passwords",
		     .bad = "no|false|0",
		     .why = SAY_WHY_CLEAR_PASSWORDS},
		    {.key = "min protocol",
		     .bad = "CORE|LANMAN1|LANMAN2|NT1",
		     .why = SAY_WHY_SMB_1},
		    {.key = "server min protocol",
		     .bad = "CORE|LANMAN1|LANMAN2|NT1",
		     .why = SAY_WHY_SMB_1}}},
	{.files = {"*/config/samba", "*/config/samba4"},
	 .style = STYLE_UCI,
	 .points = {{.key = "guest_ok", .bad = "yes|1|on|true", .why = SAY_WHY_SHARE}}},
	{.files = {"*/redis.conf", "*/redis/*.conf"},
	 .points = {{.key = "requirepass",
		     .missing = SAY_WHY_REDIS,
		     .unless = "bind=127.0.0.1|bind=localhost|aclfile|port=0"},
		    {.key = "protected-mode",
		     .bad = "no",
		     .unless = "requirepass|aclfile|bind=127.0.0.1",
		     .why = SAY_WHY_REDIS}}},
	{.files = {"*/config/upnpd"},
	 .style = STYLE_UCI,
	 .points = {{.key = "secure_mode",
		     .bad = "0|off|no",
		     .unless = "enabled=0|enable_upnp=0",
		     .why = SAY_WHY_PORTS}}},
	{.files = {"*/miniupnpd.conf"},
	 .style = STYLE_EQUALS,
	 .points = {{.key = "secure_mode", .bad = "no", .why = SAY_WHY_PORTS}}},
	{.files = {"/etc/exports", "*/etc/exports"},
	 .points = {{.key = "*", .bad = "no_root_squash", .why = SAY_WHY_NFS_ROOT}}},
};

/* --- reading --- */

static bool is_junk(char c)
{
	return text_is_blank(c) || c == '=' || c == ':' || c == '"' || c == '\'' || c == ';';
}

static struct slice stripped(struct slice s)
{
	while (s.len && is_junk((char)slice_at(s, 0)))
		s = slice_from(s, 1);
	while (s.len && is_junk((char)slice_at(s, s.len - 1)))
		s = slice_head(s, s.len - 1);
	return s;
}

static bool is_comment(struct slice s)
{
	return s.len == 0 || slice_at(s, 0) == '#' || slice_at(s, 0) == ';' ||
	       slice_starts(s, "//");
}

static bool words_read(struct slice s, struct slice *key, struct slice *value)
{
	size_t n = 0;

	while (n < s.len && !text_is_blank((char)slice_at(s, n)) && slice_at(s, n) != '=')
		n++;
	*key = slice_head(s, n);
	*value = stripped(slice_from(s, n));
	return n > 0;
}

static bool setting_read(enum style style, struct slice s, struct slice *key, struct slice *value)
{
	size_t eq = 0;
	struct slice word;

	s = text_trim(s);
	if (is_comment(s))
		return false;
	if (style == STYLE_UCI)
		return text_word(&s, &word) &&
		       (slice_is(word, "option") || slice_is(word, "list")) &&
		       words_read(text_trim(s), key, value);
	if (style == STYLE_EQUALS) {
		eq = slice_find_byte(s, '=', 0);
		if (eq == SLICE_NONE)
			return false;
		*key = text_trim(slice_head(s, eq));
		*value = stripped(slice_from(s, eq + 1));
		return key->len > 0;
	}
	return words_read(s, key, value);
}

/* A file as its settings, one after another. */
struct reading {
	enum style style;
	struct slice rest, line;
	size_t number;
};

static bool ends_statement(char c)
{
	return c == ';' || c == '{' || c == '}';
}

/* The next statement of the line; whole lines but in STYLE_BLOCKS. */
static struct slice statement_take(struct reading *r)
{
	struct slice out = r->line;
	size_t n = 0;

	if (r->style != STYLE_BLOCKS || is_comment(text_trim(out))) {
		r->line = (struct slice){0};
		return out;
	}
	while (n < out.len && !ends_statement((char)slice_at(out, n)))
		n++;
	r->line = slice_from(out, n + 1);
	return slice_head(out, n);
}

static bool setting_next(struct reading *r, struct slice *key, struct slice *value)
{
	for (;;) {
		while (r->line.len == 0) {
			if (!text_line(&r->rest, &r->line))
				return false;
			r->number++;
		}
		if (setting_read(r->style, statement_take(r), key, value))
			return true;
	}
}

/* --- lists of the table --- */

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_same(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(slice_at(a, i)) != lower(slice_at(b, i)))
			return false;
	return true;
}

static bool in_list(const char *list, struct slice word)
{
	struct slice rest = slice_text(list), one;

	while (text_field(&rest, '|', &one))
		if (is_same(one, word))
			return true;
	return false;
}

/* The first word of a value that the list holds; empty: none. */
static struct slice value_in_list(const char *list, struct slice value)
{
	while (value.len) {
		size_t n = 0;

		while (n < value.len && slice_find_byte(slice_text(" \t,()\"'"), slice_at(value, n),
							0) == SLICE_NONE)
			n++;
		if (n && in_list(list, slice_head(value, n)))
			return slice_head(value, n);
		value = slice_from(value, n + 1);
	}
	return (struct slice){0};
}

/* Whether a setting is one of `key=value|key|…`. */
static bool is_named(const char *list, struct slice key, struct slice value)
{
	struct slice rest = slice_text(list), one, name;

	while (text_field(&rest, '|', &one)) {
		bool any_value = slice_find_byte(one, '=', 0) == SLICE_NONE;

		if (!text_field(&one, '=', &name) || !is_same(name, key))
			continue;
		/* what is left of `one` is the value wanted */
		if (any_value)
			return true;
		while (value.len) {
			size_t n = slice_find_byte(value, ' ', 0);

			if (is_same(slice_head(value, n), one))
				return true;
			value = n == SLICE_NONE ? (struct slice){0} : slice_from(value, n + 1);
		}
		return false;
	}
	return false;
}

/* --- judging --- */

struct desk {
	struct scene *scene;
	const struct object *object;
	enum style style;
};

static struct reading reading_of(const struct desk *d)
{
	return (struct reading){.style = d->style, .rest = d->object->data};
}

/* Bound to the device itself: what listens there is not reached from outside. */
static bool is_loopback(struct slice value)
{
	return slice_find(value, slice_text("127.0.0.1"), 0) != SLICE_NONE ||
	       slice_find(value, slice_text("localhost"), 0) != SLICE_NONE;
}

static bool has_setting(const struct desk *d, const char *list, bool beyond_device)
{
	struct reading r = reading_of(d);
	struct slice key, value;

	while (list && setting_next(&r, &key, &value))
		if (is_named(list, key, value) && !(beyond_device && is_loopback(value)))
			return true;
	return false;
}

static void say(const struct desk *d, const struct point *p, size_t line, struct slice evidence)
{
	struct arena *a = d->scene->scratch;
	struct slice name = d->object->name;

	scene_finding(
		d->scene, "service-setting", d->object->artifact,
		arena_print(a, "setting:%.*s:%s", (int)name.len, (const char *)name.ptr, p->key),
		line ? say_line(a, line) : (struct slice){0}, evidence);
}

/* The value itself is shown only where it is a word of the table: others may be secrets. */
static void check_point(const struct desk *d, const struct point *p)
{
	struct reading r = reading_of(d);
	struct slice key, value;
	struct arena *a = d->scene->scratch;
	bool is_any = p->bad && slice_is(slice_text(p->bad), "*"), is_set = false;

	if (has_setting(d, p->unless, false) || (p->only_if && !has_setting(d, p->only_if, true)))
		return;
	while (setting_next(&r, &key, &value)) {
		struct slice bad = {0};

		if (!slice_is(slice_text(p->key), "*") && !text_same(key, p->key))
			continue;
		is_set = true;
		if (is_any && value.len) {
			say(d, p, r.number,
			    SAY(a, SAY_SETTING_SET, slice_text(p->key), say_word(p->why)));
			return;
		}
		if (p->bad)
			bad = value_in_list(p->bad, value);
		if (bad.len) {
			say(d, p, r.number,
			    SAY(a, SAY_SETTING_VALUE, slice_text(p->key), bad, say_word(p->why)));
			return;
		}
	}
	if (p->missing && !is_set)
		say(d, p, 0, SAY(a, SAY_SETTING_MISSING, slice_text(p->key), say_word(p->missing)));
}

static const struct baseline *baseline_of(struct slice name)
{
	if (slice_find(name, slice_text("/doc/"), 0) != SLICE_NONE ||
	    slice_find(name, slice_text("/examples/"), 0) != SLICE_NONE)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(baselines); i++)
		for (size_t k = 0; k < FILES_MAX && baselines[i].files[k]; k++)
			if (text_glob(name, baselines[i].files[k]))
				return &baselines[i];
	return NULL;
}

static void settings_object(struct scene *s, const struct object *o)
{
	const struct baseline *b = o->entry && o->is_text ? baseline_of(o->name) : NULL;
	struct desk d = {.scene = s, .object = o};

	if (!b)
		return;
	if (o->data.len > LIMIT_CONFIG_BYTES) {
		scene_coverage(s, "service-settings", 0, 1);
		scene_skip(s, "service-settings", o->artifact, o->name, E_LIMIT,
			   saying(SAY_TOO_LARGE_SETTINGS));
		return;
	}
	d.style = b->style;
	scene_coverage(s, "service-settings", 1, 1);
	for (size_t i = 0; i < POINTS_MAX && b->points[i].key; i++)
		check_point(&d, &b->points[i]);
}

/* Every tree was looked through, even when no service has settings there. */
static void settings_tree(struct scene *s, const struct tree *t)
{
	(void)t;
	scene_coverage(s, "service-settings", 0, 0);
}

const struct inspector inspector_settings = {
	.name = "settings",
	.object = settings_object,
	.tree = settings_tree,
};
