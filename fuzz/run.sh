#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target for a while: run.sh BUILD NAME SECONDS [libFuzzer option...]. It starts from
# the samples of the unit tests and the saved cases, and keeps what it learns in BUILD/fuzz/work.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$1 name=$2 seconds=$3
shift 3
seeds="$build/fuzz/seeds/$name" work="$build/fuzz/scratch/$name" found="$build/fuzz/found/$name"

mkdir -p "$seeds" "$work" "$found"
prefix=${name#format_}
prefix=${prefix#codec_}
prefix=${prefix%_mended}
prefix=${prefix%1x}
# The samples of a part are called after its format; without any, all the small ones will do.
find "$build/tests/unit/samples" -maxdepth 1 -type f -size -64k -name "${prefix}[_.]*" \
	-exec cp {} "$seeds" \;
[ "$(ls -A "$seeds")" ] ||
	find "$build/tests/unit/samples" -maxdepth 1 -type f -size -64k -exec cp {} "$seeds" \;
[ ! -d "$here/corpus/$name" ] || cp "$here/corpus/$name"/* "$seeds"

exec "$build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2560 \
	-artifact_prefix="$found/" "$@" "$work" "$seeds"
