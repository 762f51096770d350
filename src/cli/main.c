// SPDX-License-Identifier: Apache-2.0
// Entry: find the command, run it.

#include "cli/cli.h"

#include <openssl/crypto.h>

#include "base/ban.h"

int main(int argc, char **argv)
{
	struct call call;

	if (!streams_hold())
		return EXIT_INTERNAL;
	/* No configuration file, no engine: what OpenSSL does must not depend on the machine. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_DIGESTS, NULL) !=
	    1)
		return EXIT_INTERNAL;

	enum exit_code code = call_parse(argc, argv, &call);

	if (code != EXIT_DONE || !call.command)
		return (int)code;
	interrupt_watch();
	return (int)call.command->run(&call);
}
