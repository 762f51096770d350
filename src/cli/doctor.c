// SPDX-License-Identifier: Apache-2.0
// kensa doctor: what protects a run here, and what is missing.

#include "cli/cli.h"

#include <stdio.h>

#include "base/ban.h"

static void line(struct buf *b, const char *what, bool is_there, const char *words)
{
	buf_print(b, "%s %-12s %s\n", is_there ? "[ok]" : "[--]", what, words);
}

/* The data that `inspect` would match with, and from when it is; false: there is none to use. */
static bool feed_line(const struct call *c, char *out, size_t size)
{
	bool is_ja = c->lang == JA, is_there = false;
	const char *none = is_ja ? "脆弱性データがありません: kensa feed update"
				 : "no vulnerability data: kensa feed update";
	struct known_session k;
	struct fault why = {0};
	struct feed *feed = NULL;

	if (known_session_open(c, &k) == EXIT_DONE && k.snapshot.bytes.len) {
		is_there = feed_open(k.snapshot.bytes, &feed, &why) == OK;
		none = is_ja ? "脆弱性データを読めません" : "vulnerability data unreadable";
	}
	if (is_there) {
		const struct feed_info *i = feed_info(feed);

		unsigned long long n = i->advisories;
		int len = (int)i->date.len;
		const char *date = (const char *)i->date.ptr;

		if (i->is_starter)
			(void)snprintf(
				out, size,
				is_ja ? "初期データ %llu件、%.*s 現在 (最新: kensa feed update)"
				      : "starter set: %llu vulnerabilities as of %.*s "
					"(current data: kensa feed update)",
				n, len, date);
		else
			(void)snprintf(
				out, size,
				is_ja ? "脆弱性データ %llu件、%.*s 取込み (kensa feed status)"
				      : "%llu vulnerabilities, imported %.*s "
					"(kensa feed status)",
				n, len, date);
		feed_close(feed);
	} else {
		(void)snprintf(out, size, "%s", none);
	}
	known_session_close(&k);
	return is_there;
}

static enum exit_code run(const struct call *c)
{
	struct protection p = protection_available();
	struct catalog cat;
	bool is_ja = c->lang == JA, has_catalog = catalog_files_load(c, &cat);
	char abi[64], feed[160];
	bool has_feed = has_catalog && feed_line(c, feed, sizeof feed);
	struct buf b;

	buf_init(&b, 64 * KiB);
	buf_text(&b, "kensa " KENSA_VERSION "\n");
	line(&b, "seccomp", p.seccomp,
	     p.seccomp ? is_ja ? "ワーカーは必要なシステムコールしか使えません"
			       : "workers can make only the system calls they need"
	     : is_ja   ? "使えません。--no-sandbox を付けないと検査しません"
		       : "not available: kensa refuses to inspect without --no-sandbox");
	(void)snprintf(abi, sizeof abi,
		       is_ja ? "ワーカーはファイルを開けません (ABI %u)"
			     : "workers can open no file (ABI %u)",
		       p.landlock);
	line(&b, "landlock", p.landlock != 0,
	     p.landlock ? abi
	     : is_ja    ? "このカーネルにはありません。seccompだけで守ります"
			: "not in this kernel; seccomp alone protects the run");
	line(&b, "catalog", has_catalog,
	     has_catalog ? is_ja ? "チェックシートを読めました" : "check sheets found"
	     : is_ja     ? "チェックシートがありません"
			 : "check sheets not found");
	if (has_catalog)
		line(&b, "feed", has_feed, feed);
	if (has_catalog)
		catalog_files_release(&cat);

	bool is_ok = print(buf_slice(&b));

	buf_release(&b);
	return !is_ok ? EXIT_TARGET : p.seccomp && has_catalog ? EXIT_DONE : EXIT_INCOMPLETE;
}

const struct command command_doctor = {
	.name = "doctor",
	.args = "",
	.summary = {[EN] = "say what protects a run here, and what is missing",
		    [JA] = "この環境で使える保護と、足りないものを示します"},
	.options = OPTIONS_COMMON,
	.run = run,
};
