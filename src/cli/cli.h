/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: one command one file, all of them rows of a table, options too. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "feed/feed.h"
#include "inspect/inspect.h"
#include "report/report.h"

/* Exit codes of the contract. Where several hold, the first in the order 70, 2, 3, 5, 1, 4, 0. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_BELOW = 1, /* below --require */
	EXIT_USAGE = 2,
	EXIT_TARGET = 3,     /* unreadable or unreachable, or the result cannot be written */
	EXIT_INCOMPLETE = 4, /* some object inconclusive, or interrupted */
	EXIT_REJECTED = 5,   /* verification failed */
	EXIT_INTERNAL = 70,
};

enum option {
#define X(id, name, arg, values, en, ja) OPT_##id,
#include "cli/options.def"
#undef X
	OPT_N
};

#define OPTION(id)     (UINT64_C(1) << OPT_##id)
#define OPTIONS_COMMON (OPTION(LANG) | OPTION(HELP))
#define OPTIONS_RUN    (OPTION(JOBS) | OPTION(NO_SANDBOX) | OPTION(QUIET))
#define OPTIONS_TARGET (OPTION(NAME) | OPTION(KIND) | OPTION(DATE))

struct option_row {
	const char *name, *arg; /* arg NULL: a switch */
	const char *values;     /* all that may be given, separated by bars; NULL: anything */
	const char *help[LANG_N];
};
extern const struct option_row option_rows[OPT_N];

struct command;

/* One call, parsed. */
struct call {
	const struct command *command;
	const char *value[OPT_N]; /* "" for a switch that is on, NULL when absent */
	struct {
		enum option option;
		const char *value;
	} given[LIMIT_INPUTS]; /* every option with a value, in order: some may come again */
	size_t given_n;
	char **args;
	size_t args_n;
	enum lang lang;
};

struct command {
	const char *name, *args; /* args: "TARGET...", "" */
	const char
		*words; /* what the first argument must be one of, as in `values`; NULL: anything */
	const char *summary[LANG_N];
	const char *note[LANG_N]; /* more to know, below the summary; NULL: nothing */
	uint64_t options; /* OPTION(…) | …: any other is refused, so a command uses them all */
	size_t args_min, args_max;
	enum exit_code (*run)(const struct call *c);
};

#define X(name) extern const struct command command_##name;
#include "cli/commands.def"
#undef X

extern const struct command *const commands[];
extern const size_t commands_n;

/* EXIT_DONE and *out, or a message on stderr and EXIT_USAGE. */
enum exit_code call_parse(int argc, char **argv, struct call *out);

/* A message on stderr, "kensa: WHAT: WHY", cleaned for the terminal. */
void complain(const struct call *c, const char *what, enum err e, const struct fault *why);
void complain_words(const struct call *c, const char *what, const char *en, const char *ja);
/* The same for what is worth knowing but no error: not with --quiet. */
void note_words(const struct call *c, const char *what, const char *en, const char *ja);

/* Writes to standard output; false when it is closed or full. */
bool print(struct slice s);

/* --- what several commands share --- */

/* The catalogue's files: $KENSA_CATALOG, else the folder of the installation. */
struct catalog {
	char folder[3072];
	struct buf vulnerability, iot, rules, components, passwords;
};
MUST_CHECK bool catalog_files_load(const struct call *c, struct catalog *out);
void catalog_files_release(struct catalog *cat);
MUST_CHECK bool sheet_from_catalog(const struct call *c, const struct catalog *cat,
				   struct sheet *out);

/* One document of the catalogue's folder into `out`, which it makes; false and a message. */
MUST_CHECK bool catalog_document(const struct call *c, const char *name, struct buf *out);

/* --- known vulnerabilities: tables and snapshot, ready --- */
struct known_session {
	struct known_data *data;
	struct mapping snapshot; /* empty: there is none */
};
/* The snapshot that came with the program; false when there is none. */
MUST_CHECK bool starter_path(char *out, size_t size);
/* --feed, else what was imported, else what came with the program. */
enum exit_code known_session_open(const struct call *c, struct known_session *out);
void known_session_close(struct known_session *s);
/* Adds what is known to an open record. */
enum exit_code known_session_run(const struct call *c, const struct known_session *s,
				 struct record *r);
/* All of that in one. */
enum exit_code known_add(const struct call *c, struct record *r);
/* A record made anew from `old` with the snapshot of today, closed as `old` was. */
enum exit_code known_again(const struct call *c, const struct known_session *s,
			   const struct record *old, struct record *out);
/* Reads a record, or the one in a report folder; false and a message. */
MUST_CHECK bool record_open(const struct call *c, const char *path, struct record *out);
/* The folder of the vulnerability data: $KENSA_HOME, else that of the user's data. False and a
 * message when there is no such place. */
MUST_CHECK bool feed_home(const struct call *c, char *out, size_t size);

/* Inspects the targets named in c->args into a closed record. `with`: run the inspectors. */
enum exit_code inspect_targets(const struct call *c, const struct catalog *with,
			       const struct inspect_sink *sink, struct record *out);

/* Reads every --vex into decisions. EXIT_DONE, or a message with file and place, and nothing
 * added. */
enum exit_code vex_files_add(const struct call *c, struct record *r);

/* Messages on stderr about SBOM and VEX documents that could not be read to their end. */
void complain_documents(const struct call *c, const struct record *r);

/* True when some object could not be read to its end. */
bool record_is_incomplete(const struct record *r);

/* Writes every report into the folder, prints the summary or JSON, and says how it all ends. */
enum exit_code judge_and_report(const struct call *c, const struct catalog *cat,
				const struct record *r);

#endif
