/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit of kensa, in one place. Reaching one is recorded as evidence ("inconclusive, because
 * …"), never silent. Change a number here and nowhere else.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include "attr.h"

/* --- what may come in --- */
#define LIMIT_INPUT_BYTES  (4 * GiB) /* one input file */
#define LIMIT_FOLDER_BYTES (2 * GiB) /* a folder given as target, packed for the worker */
#define LIMIT_FOLDER_FILES 400000
#define LIMIT_INPUTS       256

/* --- one object being read --- */
#define LIMIT_OBJECT_BYTES   (512 * MiB) /* one file or decompressed payload */
#define LIMIT_OBJECT_SECONDS 60          /* wall time before the parent gives it up */
#define LIMIT_RATIO          1200        /* decompressed : compressed, of one stream … */
#define LIMIT_RATIO_FLOOR    (16 * MiB)  /* … once it is larger than this */
#define LIMIT_DEPTH          32          /* containers within containers */
#define LIMIT_ENTRIES        200000      /* files in one filesystem or archive */
#define LIMIT_DIR_DEPTH      128         /* folders within folders */
#define LIMIT_NAME_BYTES     255         /* one path component */
#define LIMIT_PATH_BYTES     4096        /* a whole artifact path */
#define LIMIT_LINKS          40          /* symbolic links followed in one look-up */
#define LIMIT_PARTS          1024        /* byte ranges verified in one blob */
#define LIMIT_CARVE_TRIES    20000       /* expensive (decompressing) checks in one blob */

/* --- one worker --- */
#define LIMIT_WORKER_MEMORY (3 * GiB) /* address space (RLIMIT_AS), libraries included */
#define LIMIT_ARENA_BYTES   (1 * GiB)
#define LIMIT_TASK_BYTES    (4 * GiB) /* all bytes unpacked in one task */
#define LIMIT_TASK_CRASHES  64        /* then the rest of the task is inconclusive */

/* --- frames from a worker, and the record --- */
#define LIMIT_FRAME_BYTES       (64 * KiB)
#define LIMIT_TEXT_BYTES        8192 /* one text field of a fact */
#define LIMIT_TASK_FRAMES_BYTES (256 * MiB)
#define LIMIT_RECORD_BYTES      (1 * GiB)
#define LIMIT_RECORD_FACTS      4000000
#define LIMIT_REPORT_BYTES      (1 * GiB)
#define LIMIT_CATALOG_BYTES     (16 * MiB)

/* --- inspectors --- */
#define LIMIT_CONFIG_BYTES    (1 * MiB)  /* larger text files are not settings */
#define LIMIT_EVIDENCE_BYTES  200        /* a quoted line */
#define LIMIT_PASSWORD_TRIES  1000       /* candidates tried against one hash */
#define LIMIT_LIBRARY_MATCHES 65536      /* pattern matches looked at in one file */
#define LIMIT_BARE_BYTES      (16 * MiB) /* of a file, searched for a bare version */
#define LIMIT_PACKAGES        50000      /* records in one package database */

#endif
