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
#define LIMIT_CODEC_MEMORY   (256 * MiB) /* what one decompressor may use: dictionary, tables */
#define LIMIT_DEPTH          32          /* containers within containers */
#define LIMIT_ENTRIES        200000      /* files in one filesystem or archive */
#define LIMIT_NODES          2000000     /* log nodes of each kind in one filesystem */
#define LIMIT_DIR_DEPTH      128         /* folders within folders */
#define LIMIT_NAME_BYTES     255         /* one path component */
#define LIMIT_PATH_BYTES     4096        /* a whole artifact path */
#define LIMIT_LINKS          40          /* symbolic links followed in one look-up */
#define LIMIT_PARTS          1024        /* byte ranges verified in one blob */
#define LIMIT_REDECODE_BYTES                                                                       \
	(4 * GiB) /* metadata and shared blocks decoded in one tree, again and again */
/* Bytes read or decoded to verify what lies in one blob, and so many times its own size more.
 * What was looked at in vain counts LIMIT_CARVE_VAIN times, each time as LIMIT_CARVE_TRY at least.
 */
#define LIMIT_CARVE_BYTES (512 * MiB)
#define LIMIT_CARVE_TIMES 128
#define LIMIT_CARVE_VAIN  8
#define LIMIT_CARVE_TRY   (64 * KiB)

/* --- one executable --- */
#define LIMIT_ELF_SEGMENTS   1024
#define LIMIT_ELF_SECTIONS   131072  /* -ffunction-sections in object files */
#define LIMIT_ELF_SYMBOLS    1000000 /* of each of the two symbol tables */
#define LIMIT_ELF_NEEDED     1024    /* libraries that one file asks for */
#define LIMIT_ELF_NAME_BYTES 2048    /* a longer symbol name is clipped */

/* --- one worker --- */
#define LIMIT_JOBS          64        /* workers at once */
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
#define LIMIT_PASSWORD_US     8000000    /* of tries in one tree; a hash gets half the rest */
#define LIMIT_PASSWORD_HASHES 256        /* different hashes in one tree */
#define LIMIT_ACCOUNTS        4096       /* lines of account files in one tree */
#define LIMIT_SECRET_TRIES    4096       /* places in one file parsed as a key or certificate */
#define LIMIT_TOKEN_TRIES     65536      /* places in one file compared with the form of a token */
#define LIMIT_DATABASE_BYTES  (64 * MiB) /* one database of packages */
#define LIMIT_MANIFEST_BYTES  (8 * MiB)  /* one manifest of a language or build system */
#define LIMIT_AUDIT_BYTES     (8 * MiB)  /* audit data of Rust in one program, unpacked */
#define LIMIT_SIGNATURES      16384      /* components in the catalogue of signatures */
#define LIMIT_LIBRARY_MATCHES 65536      /* pattern matches looked at in one file */
#define LIMIT_BOOT_SCRIPTS    512        /* start-up scripts read in one tree */
#define LIMIT_BOOT_DEPTH      16         /* scripts started by scripts */
#define LIMIT_BOOT_EXPANSIONS 16384      /* variables filled in, in the scripts of one tree */
#define LIMIT_SERVICES        1024       /* services started in one tree */
#define LIMIT_RIGHTS_SHOWN    50         /* files with bad rights named one by one */
#define LIMIT_BOOT_SETTINGS   64         /* boot loader environments in one blob */
#define LIMIT_BARE_BYTES      (16 * MiB) /* of a file, searched for a bare version */
#define LIMIT_PACKAGES        50000      /* records in one package database */

/* --- vulnerability data --- */
#define LIMIT_FEED_BYTES         (8 * GiB)   /* one source file, unpacked */
#define LIMIT_FEED_RECORD_BYTES  (64 * MiB)  /* one record of a source (a kernel advisory: 5 MiB) */
#define LIMIT_FEED_ARENA_BYTES   (768 * MiB) /* one record, taken apart */
#define LIMIT_FEED_FRAME_BYTES   (256 * MiB) /* one advisory on its way to the parent */
#define LIMIT_FEED_PARTS_BYTES   (512 * MiB) /* advisories gathered from many records */
#define LIMIT_FEED_MEMBERS       2000000     /* files in one archive of a source */
#define LIMIT_FEED_DEPTH         64          /* values within values */
#define LIMIT_FEED_ADVISORIES    4000000     /* in a snapshot */
#define LIMIT_FEED_CLAIMS        32000000    /* in a snapshot */
#define LIMIT_FEED_STRINGS_BYTES (1 * GiB)   /* names and versions of a snapshot */
#define LIMIT_SNAPSHOT_BYTES     (2 * GiB)   /* a whole one, mapped where matching runs */
#define LIMIT_ADVISORY_CLAIMS    1000000     /* in one record */
#define LIMIT_ADVISORY_ID_BYTES  128         /* its name */
#define LIMIT_ADVISORY_LIST      65536       /* aliases, weaknesses or files of one record */
#define LIMIT_ADVISORY_BYTES     (256 * KiB) /* all facts on one advisory in a snapshot */
#define LIMIT_ADVISORY_TEXT      (64 * KiB)  /* one title or description; the rest is clipped */
#define LIMIT_PRODUCT_BYTES      512         /* one product key */
#define LIMIT_CONDITION_BYTES    (64 * KiB)  /* one condition or qualifier of a claim */
#define LIMIT_VERSION_BYTES      256         /* one version */
#define LIMIT_VERSION_KEY_BYTES  192         /* its sortable form */
#define LIMIT_FEED_FILE_BYTES    (2 * GiB)   /* one file of the list of sources, as it comes */
#define LIMIT_FETCH_REDIRECTS    5
#define LIMIT_FETCH_STALL_S      30     /* without a byte worth speaking of */
#define LIMIT_FETCH_WAIT_S       120    /* between two tries, whatever a server asks for */
#define LIMIT_FETCH_TRIES        5      /* of one address */
#define LIMIT_FETCH_PIECES       200    /* tries of one address that brought something */
#define LIMIT_FEED_MIRRORS       8      /* addresses of one source */
#define LIMIT_FEED_SOURCES       256    /* rows of the list of sources */
#define LIMIT_KNOWN_RESULTS      500000 /* components met with advisories, in one record */
#define LIMIT_KNOWN_UNKNOWN      100    /* of a component whose version is not known */
#define LIMIT_SBOM_COMPONENTS    250000 /* in one SBOM */

/* --- SBOM and VEX documents --- */
#define LIMIT_DOCUMENT_DEPTH      64     /* values within values, at most 64 */
#define LIMIT_DOCUMENT_SKIPS      20     /* bad entries named one by one; the rest is counted */
#define LIMIT_DOCUMENT_DECISIONS  250000 /* statements on one product each */
#define LIMIT_DOCUMENT_REFERENCES 500000 /* names that statements may refer to */

/* --- the check sheet --- */
#define LIMIT_SHEET_ITEMS      1024       /* items, or rules, of one document */
#define LIMIT_SHEET_LIST       64         /* entries of one list in an item */
#define LIMIT_SHEET_TEXT_BYTES 4096       /* one text of a document */
#define LIMIT_SHEET_BYTES      (64 * MiB) /* all that is kept of a sheet */
#define LIMIT_REASONS          256 /* of one kind, listed for one item; the rest is counted */

#endif
