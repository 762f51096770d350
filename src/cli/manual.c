// SPDX-License-Identifier: Apache-2.0
// kensa manual, kensa completion: what the installation writes down.

#include "cli/help.h"

#include "base/ban.h"

static enum exit_code print_and_release(struct buf *b)
{
	bool is_ok = b->err == OK && print(buf_slice(b));

	buf_release(b);
	return is_ok ? EXIT_DONE : EXIT_TARGET;
}

static enum exit_code run_manual(const struct call *c)
{
	struct buf b;

	buf_init(&b, 1 * MiB);
	manual_write(c->lang, &b);
	return print_and_release(&b);
}

static enum exit_code run_completion(const struct call *c)
{
	struct buf b;

	(void)c;
	buf_init(&b, 1 * MiB);
	completion_write(&b);
	return print_and_release(&b);
}

const struct command command_manual = {
	.name = "manual",
	.args = "",
	.summary = {[EN] = "print the manual page (mdoc)",
		    [JA] = "マニュアルページ (mdoc) を出力します"},
	.options = OPTIONS_COMMON,
	.run = run_manual,
};

const struct command command_completion = {
	.name = "completion",
	.args = "",
	.summary = {[EN] = "print a completion script for bash",
		    [JA] = "bash用の補完スクリプトを出力します"},
	.options = OPTIONS_COMMON,
	.run = run_completion,
};
