// SPDX-License-Identifier: Apache-2.0
// Wrappers around programs in start-up commands: busybox, start-stop-daemon(8), procd, su(1), …

#include "inspect/firmware/launch.h"

#include "base/ban.h"

enum { WRAPPERS_MAX = 8 };

struct words {
	const struct slice *at;
	size_t n;
};

struct wrapper {
	const char *name;
	const char *takes;    /* short options with an argument */
	unsigned operands;    /* words of its own before the program */
	char user;            /* short option that names a user */
	bool first_is_user;   /* its first operand names a user */
	bool is_service;      /* what it starts is a service */
	const char *required; /* its first operand must be this word */
};

static const struct wrapper wrappers[] = {
	{.name = "exec", .takes = "a"},
	{.name = "nohup"},
	{.name = "setsid"},
	{.name = "command"},
	{.name = "busybox"},
	{.name = "toybox"},
	{.name = "env", .takes = "uCS"},
	{.name = "nice", .takes = "n"},
	{.name = "renice", .takes = "n", .operands = 1},
	{.name = "ionice", .takes = "cn"},
	{.name = "stdbuf", .takes = "ioe"},
	{.name = "chrt", .takes = "TPD", .operands = 1},
	{.name = "taskset", .operands = 1},
	{.name = "timeout", .takes = "ks", .operands = 1},
	{.name = "chroot", .operands = 1},
	{.name = "softlimit", .takes = "acdfmlnoprst"},
	{.name = "daemonize", .takes = "acelopuE", .user = 'u', .is_service = true},
	{.name = "sudo", .takes = "ughpC", .user = 'u'},
	{.name = "chpst", .takes = "uUbenPclmdfort/", .user = 'u'},
	{.name = "setuidgid", .operands = 1, .first_is_user = true},
	{.name = "su-exec", .operands = 1, .first_is_user = true},
	{.name = "gosu", .operands = 1, .first_is_user = true},
	{.name = "tini"},
	{.name = "service_start", .is_service = true},
	{.name = "daemon", .is_service = true},
	{.name = "procd_set_param", .operands = 1, .is_service = true, .required = "command"},
};

bool launch_drops_to(struct slice user)
{
	size_t colon = slice_find_byte(user, ':', 0);

	if (colon != SLICE_NONE)
		user = slice_head(user, colon);
	return user.len > 0 && !slice_is(user, "root") && !slice_is(user, "0");
}

static struct slice word(const struct words *w)
{
	return w->n ? w->at[0] : (struct slice){0};
}

static struct slice take(struct words *w)
{
	struct slice s = word(w);

	if (w->n) {
		w->at++;
		w->n--;
	}
	return s;
}

static bool is_option(struct slice s)
{
	return s.len > 1 && slice_at(s, 0) == '-';
}

static bool takes_argument(const char *takes, uint8_t c)
{
	for (; takes && *takes; takes++)
		if ((uint8_t)*takes == c)
			return true;
	return false;
}

/* One option and its argument, attached or not. */
static struct slice option_take(struct words *w, const char *takes, uint8_t *letter)
{
	struct slice s = take(w);
	struct slice value = {0};

	*letter = slice_at(s, 1);
	if (!takes_argument(takes, *letter))
		return value;
	return s.len > 2 ? slice_from(s, 2) : take(w);
}

static void skip_assignments(struct words *w)
{
	struct slice name, value;

	while (w->n && shell_assignment(word(w), &name, &value))
		take(w);
}

static void finish(struct words *w, struct launch *out)
{
	out->program = take(w);
	out->n = 0;
	while (w->n && out->n < LAUNCH_ARGS_MAX)
		out->args[out->n++] = take(w);
}

static const struct wrapper *wrapper_find(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(wrappers); i++)
		if (slice_is(name, wrappers[i].name))
			return &wrappers[i];
	return NULL;
}

/* False when the wrapper does not start anything here. */
static bool unwrap(const struct wrapper *r, struct words *w, struct launch *out)
{
	take(w);
	if (r->required && !slice_is(word(w), r->required))
		return false;
	while (is_option(word(w))) {
		uint8_t letter = 0;
		bool is_last = slice_is(word(w), "--");
		struct slice value = option_take(w, r->takes, &letter);

		if (r->user && letter == (uint8_t)r->user)
			out->user = value;
		if (is_last)
			break;
	}
	for (unsigned i = 0; i < r->operands; i++) {
		struct slice operand = take(w);

		if (i == 0 && r->first_is_user)
			out->user = operand;
	}
	skip_assignments(w);
	out->is_service |= r->is_service;
	return true;
}

/* --- start-stop-daemon(8), of dpkg and of busybox --- */

struct ssd {
	bool stops;
	struct slice exec, startas, user;
};

static bool ssd_long(struct ssd *d, struct slice option, struct words *w)
{
	size_t eq = slice_find_byte(option, '=', 0);
	struct slice name = slice_head(option, eq);
	bool has_value = slice_is(name, "--exec") || slice_is(name, "--startas") ||
			 slice_is(name, "--chuid") || slice_is(name, "--pidfile") ||
			 slice_is(name, "--name") || slice_is(name, "--user") ||
			 slice_is(name, "--group") || slice_is(name, "--nicelevel") ||
			 slice_is(name, "--chdir") || slice_is(name, "--chroot") ||
			 slice_is(name, "--signal") || slice_is(name, "--umask") ||
			 slice_is(name, "--retry") || slice_is(name, "--output");
	struct slice value = {0};

	if (has_value)
		value = eq == SLICE_NONE ? take(w) : slice_from(option, eq + 1);
	if (slice_is(name, "--exec"))
		d->exec = value;
	else if (slice_is(name, "--startas"))
		d->startas = value;
	else if (slice_is(name, "--chuid"))
		d->user = value;
	d->stops |= slice_is(name, "--stop") || slice_is(name, "--status");
	return has_value;
}

/* A cluster like -Sbmx: the letter that takes an argument ends it. */
static void ssd_short(struct ssd *d, struct slice cluster, struct words *w)
{
	for (size_t i = 1; i < cluster.len; i++) {
		uint8_t c = slice_at(cluster, i);

		d->stops |= c == 'K' || c == 'T';
		if (!takes_argument("xacpnugNdrskRIPO", c))
			continue;

		struct slice value = i + 1 < cluster.len ? slice_from(cluster, i + 1) : take(w);

		if (c == 'x')
			d->exec = value;
		else if (c == 'a')
			d->startas = value;
		else if (c == 'c')
			d->user = value;
		return;
	}
}

static void ssd_read(struct words *w, struct launch *out)
{
	struct ssd d = {0};

	take(w);
	while (w->n && !slice_is(word(w), "--")) {
		struct slice s = take(w);

		if (slice_starts(s, "--"))
			(void)ssd_long(&d, s, w);
		else if (is_option(s))
			ssd_short(&d, s, w);
	}
	take(w);
	if (d.stops)
		return;
	out->program = d.startas.len ? d.startas : d.exec;
	out->user = d.user.len ? d.user : out->user;
	out->is_service = true;
	while (w->n && out->n < LAUNCH_ARGS_MAX)
		out->args[out->n++] = take(w);
}

/* --- shells and su --- */

static bool is_shell(struct slice name)
{
	static const char *const shells[] = {"sh",   "ash", "bash",   "dash",
					     "hush", "ksh", "source", "."};

	for (size_t i = 0; i < ARRAY_LEN(shells); i++)
		if (slice_is(name, shells[i]))
			return true;
	return false;
}

static void shell_read(struct words *w, struct launch *out)
{
	struct words all = *w;
	bool has_commands = false;

	take(w);
	while (is_option(word(w))) {
		struct slice option = take(w);

		has_commands |=
			slice_at(option, 1) != '-' && slice_find_byte(option, 'c', 1) != SLICE_NONE;
	}
	if (has_commands) {
		out->script = take(w);
	} else if (w->n) {
		finish(w, out);
		out->is_read = true;
	} else {
		finish(&all, out);
	}
}

/* su [-] [user] -c "commands" [user] */
static void su_read(struct words *w, struct launch *out)
{
	out->user = slice_text("root");
	take(w);
	while (w->n) {
		struct slice s = take(w);

		if (slice_is(s, "-c") || slice_is(s, "--command"))
			out->script = take(w);
		else if (slice_is(s, "-s") || slice_is(s, "--shell"))
			take(w);
		else if (!is_option(s) && !slice_is(s, "-"))
			out->user = s;
	}
}

void launch_read(const struct slice *words, size_t n, struct launch *out)
{
	struct words w = {.at = words, .n = n};

	*out = (struct launch){0};
	skip_assignments(&w);
	for (unsigned i = 0; i < WRAPPERS_MAX && w.n; i++) {
		struct slice name = text_base_name(word(&w));
		const struct wrapper *r = wrapper_find(name);

		if (slice_is(name, "start-stop-daemon")) {
			ssd_read(&w, out);
			return;
		}
		if (slice_is(name, "su")) {
			su_read(&w, out);
			return;
		}
		if (is_shell(name)) {
			shell_read(&w, out);
			return;
		}
		if (!r) {
			finish(&w, out);
			return;
		}
		if (!unwrap(r, &w, out))
			return;
	}
}
