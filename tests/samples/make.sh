#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the samples of the unit tests with the real tools: make.sh OUTDIR. Each samples_*.sh beside
# this file is run with OUTDIR as its working folder and must give the same bytes every time.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"
export SOURCE_DATE_EPOCH=1700000000 TZ=UTC LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

for script in "$here"/samples_*.sh; do
	[ -e "$script" ] || continue
	(cd "$out" && sh -eu "$script")
done
touch "$out/stamp"
