// SPDX-License-Identifier: Apache-2.0
// Rights of files: programs that lend their owner's rights, and programs anyone may change.

#include "inspect/scene.h"

#include "base/ban.h"

enum {
	MODE_SETUID = 04000, /* inode(7) */
	MODE_SETGID = 02000,
	MODE_EXECUTE = 0111,
	MODE_GROUP_EXECUTE = 0010,
	MODE_WORLD_WRITE = 0002,
	UNIFORM_MIN = 8, /* files, before equal rights say that the filesystem keeps none */
};

struct desk {
	struct scene *scene;
	const struct tree *tree;
	size_t shown, hidden;
	const struct node *first_hidden;
};

static bool matches(struct slice name, const char *const *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_glob(name, patterns[i]))
			return true;
	return false;
}

/* Programs that exist to do one checked thing with root's or another group's rights. */
static bool is_justified(struct slice path)
{
	static const char *const programs[] = {
		"su",
		"sudo",
		"sudoedit",
		"doas",
		"pkexec",
		"passwd",
		"login",
		"newgrp",
		"sg",
		"chsh",
		"chfn",
		"chage",
		"gpasswd",
		"expiry",
		"ping",
		"ping6",
		"traceroute",
		"traceroute6",
		"arping",
		"mount",
		"umount",
		"mount.nfs*",
		"umount.nfs*",
		"mount.cifs",
		"fusermount",
		"fusermount3",
		"pppd",
		"crontab",
		"at",
		"wall",
		"write",
		"bsd-write",
		"ssh-agent",
		"ssh-keysign",
		"unix_chkpwd",
		"pam_extrausers_chkpwd",
		"pam_timestamp_check",
		"newuidmap",
		"newgidmap",
		"utempter",
		"dbus-daemon-launch-helper",
		"polkit-agent-helper-1",
		"vlock",
	};

	return matches(text_base_name(path), programs, ARRAY_LEN(programs));
}

/* Not programs, but read by root when the system starts. */
static bool is_in_start_path(struct slice path)
{
	static const char *const paths[] = {
		"*/etc/init.d/*",
		"*/etc/rc.d/*",
		"*/etc/rc?.d/*",
		"*/etc/rc.local",
		"*/etc/inittab",
		"*/etc/rcS",
		"*/etc/profile",
		"*/etc/profile.d/*",
		"*/etc/crontabs/*",
		"*/etc/crontab",
		"*/etc/cron.d/*",
		"*/etc/inetd.conf",
		"*/etc/xinetd.d/*",
		"*/etc/passwd",
		"*/etc/shadow",
		"*/etc/ld.so.preload",
		"*/etc/sudoers",
		"*/etc/mdev.conf",
		"*/etc/ld.so.conf",
		"*/etc/hotplug.d/*",
		"*/lib/lib*.so*",
		"*/lib/modules/*.ko",
		"*/systemd/system/*.service",
	};

	return matches(path, paths, ARRAY_LEN(paths));
}

static struct slice mode_of(struct arena *a, uint32_t mode)
{
	return arena_print(a, "%04o", (unsigned)mode);
}

static void say(struct desk *d, const char *rule, const struct node *n, enum say what)
{
	struct arena *a = d->scene->scratch;
	const struct entry *e = &n->entry;

	if (d->shown == LIMIT_RIGHTS_SHOWN) {
		d->first_hidden = d->hidden++ ? d->first_hidden : n;
		return;
	}
	d->shown++;
	scene_finding(
		d->scene, rule, n->artifact,
		arena_print(a, "rights:%.*s", (int)e->path.len, (const char *)e->path.ptr),
		SAY(a, SAY_MODE, mode_of(a, e->mode)),
		SAY(a, what, mode_of(a, e->mode), say_number(a, e->uid), say_number(a, e->gid)));
}

static void check_lent(struct desk *d, const struct node *n)
{
	uint32_t mode = n->entry.mode;

	if (is_justified(n->entry.path))
		return;
	if (mode & MODE_SETUID && mode & MODE_EXECUTE)
		say(d, "setuid-file", n, SAY_RIGHTS_SETUID);
	else if (mode & MODE_SETGID && mode & MODE_GROUP_EXECUTE)
		say(d, "setuid-file", n, SAY_RIGHTS_SETGID);
}

/* Pages, pictures and the like: the right to execute them is a mistake, not a program. */
static bool is_document(struct slice path)
{
	static const char *const documents[] = {
		"*.htm", "*.html", "*.css",  "*.js",   "*.gif",  "*.jpg",   "*.png",
		"*.ico", "*.svg",  "*.xml",  "*.txt",  "*.json", "*.woff*", "*.ttf",
		"*.wav", "*.mp3",  "*.g711", "*.dat",  "*.md",   "*.pdf",   "*.zip",
		"*.ini", "*.bin",  "*.cfg",  "*.conf",
	};

	return matches(path, documents, ARRAY_LEN(documents));
}

static void check_writable(struct desk *d, const struct node *n)
{
	uint32_t mode = n->entry.mode;

	if (!(mode & MODE_WORLD_WRITE))
		return;
	if (mode & MODE_EXECUTE && !is_document(n->entry.path))
		say(d, "world-writable", n, SAY_RIGHTS_PROGRAM);
	else if (is_in_start_path(n->entry.path))
		say(d, "world-writable", n, SAY_RIGHTS_START);
}

/* Some containers keep no rights, or were made with the same for all: one flaw, not thousands. */
static bool is_uniform(const struct tree *t, size_t *files, uint32_t *mode)
{
	*files = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct entry *e = &t->nodes[i].entry;

		if (e->type != ENTRY_FILE)
			continue;
		if (*files && e->mode != *mode)
			return false;
		*mode = e->mode;
		++*files;
	}
	return *files >= UNIFORM_MIN && *mode & MODE_WORLD_WRITE && *mode & MODE_EXECUTE;
}

/* Formats without rights: what their readers say of modes is made up. */
static bool keeps_rights(const struct tree *t)
{
	static const char *const without[] = {"fat",  "vfat",  "exfat",
					      "ntfs", "romfs", "ambarella*"};

	return !t->format || !matches(slice_text(t->format->name), without, ARRAY_LEN(without));
}

static void say_rest(struct desk *d)
{
	struct arena *a = d->scene->scratch;

	if (d->hidden)
		scene_finding(d->scene, "world-writable", d->tree->artifact, slice_text("rights:/"),
			      (struct slice){0},
			      SAY(a, SAY_RIGHTS_MORE, say_number(a, d->hidden),
				  d->first_hidden->entry.path));
}

static void permissions_tree(struct scene *s, const struct tree *t)
{
	struct desk d = {.scene = s, .tree = t};
	size_t files = 0;
	uint32_t mode = 0;

	if (!keeps_rights(t)) {
		scene_coverage(s, "files", 0, 0);
		return;
	}
	scene_coverage(s, "files", t->n, t->n);
	if (is_uniform(t, &files, &mode)) {
		scene_finding(s, "world-writable", t->artifact, slice_text("rights:/"),
			      SAY(s->scratch, SAY_MODE, mode_of(s->scratch, mode)),
			      SAY(s->scratch, SAY_RIGHTS_UNIFORM, say_number(s->scratch, files),
				  mode_of(s->scratch, mode)));
		return;
	}
	for (size_t i = 0; i < t->n; i++) {
		if (t->nodes[i].entry.type != ENTRY_FILE)
			continue;
		check_lent(&d, &t->nodes[i]);
		check_writable(&d, &t->nodes[i]);
	}
	say_rest(&d);
}

const struct inspector inspector_permissions = {.name = "permissions", .tree = permissions_tree};
