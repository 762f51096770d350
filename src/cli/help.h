/* SPDX-License-Identifier: Apache-2.0 */
/* Texts made from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

/* Help of one command, or of all (NULL). */
void help_write(const struct command *c, enum lang lang, struct buf *out);
/* kensa(1) in mdoc, and a completion script for bash. */
void manual_write(enum lang lang, struct buf *out);
void completion_write(struct buf *out);

#endif
