#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Checks of the sources that no test can make: lint.sh quick | all [changed]
#   quick     rooms, words, functions, layout, file lengths: seconds
#   all       quick, then cppcheck, clang-tidy, gcc -fanalyzer; `changed`: clang-tidy only on files
#             that differ from the branch main
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
export LC_ALL=C

build=build-lint
jobs=$(nproc)
failed=0

step() { # NAME COMMAND...
	local name=$1 log start=$SECONDS

	shift
	log=$("$@" 2>&1)
	if [ $? -eq 0 ]; then
		printf 'ok    %-12s %ss\n' "$name" $((SECONDS - start))
	else
		printf '%s\n' "$log"
		printf 'FAIL  %-12s %ss\n' "$name" $((SECONDS - start))
		failed=1
	fi
}

c_files() {
	git ls-files '*.c' '*.h'
}

# Includes that a room must never make: ROOM FORBIDDEN-ROOM..., as the design draws them. `practice`
# and src are strangers to each other.
rooms() {
	python3 - <<-'END'
		import glob, os, re, sys

		src = "base os model record format inspect feed sheet scheme cert report web cli".split()
		never = {
		    "base": [r for r in src if r != "base"],
		    "os": ["model", "record", "format", "inspect", "feed", "sheet", "cert", "report", "web", "cli"],
		    "feed": ["record", "format", "inspect", "sheet", "cert", "report", "web", "cli"],
		    "model": ["os", "feed", "record", "format", "inspect", "sheet", "cert", "report", "web", "cli"],
		    "record": ["feed", "format", "inspect", "sheet", "cert", "report", "web", "cli"],
		    "format": ["os", "feed", "record", "inspect", "sheet", "cert", "report", "web", "cli"],
		    "inspect": ["sheet", "report", "cert", "web", "cli"],
		    "sheet": ["format", "inspect", "os", "feed", "cert", "report", "web", "cli"],
		    "report": ["format", "inspect", "feed", "cert", "web", "cli"],
		    "cert": ["format", "inspect", "sheet", "web", "cli"],
		    "web": ["format", "inspect", "keys", "cli"],
		}
		include = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)

		def includes(path):
		    with open(path, encoding="utf-8") as f:
		        names = include.findall(f.read())
		    # a room may call its own headers by their bare names
		    room = os.path.dirname(path).removeprefix("src/")
		    return [h if "/" in h else f"{room}/{h}" for h in names]

		# The doors: room/room.h and what it, or a door's own header, includes of its room.
		doors = {}
		for room in src:
		    door, seen = [f"{room}/{room}.h"], set()
		    while door:
		        h = door.pop()
		        if h in seen or not h.startswith(room + "/"):
		            continue
		        seen.add(h)
		        if glob.glob("src/" + h):
		            door += includes("src/" + h)
		    doors[room] = seen
		# The ban is no door but a lock: last in each file.
		doors["base"].add("base/ban.h")

		bad = []
		for path in sorted(glob.glob("src/**/*.[ch]", recursive=True)):
		    room, *rest = path.split("/")[1:]
		    folder = rest[0] if len(rest) > 1 else ""
		    for h in includes(path):
		        other = h.split("/")[0]
		        if other == "practice":
		            bad.append(f"{path}: src must not include {h}")
		        elif other in never.get(room, []):
		            bad.append(f"{path}: {room} must never include {h}")
		        elif other != room and other in doors and h not in doors[other]:
		            bad.append(f"{path}: {h} is not a door of its room")
		        # An inspector folder must not look into another one.
		        elif room == "inspect" == other and folder and h.count("/") == 2 \
		                and h.split("/")[1] != folder:
		            bad.append(f"{path}: {folder} must not include another inspector's {h}")
		    if path.endswith(".c"):
		        last = [h for h in includes(path) if not h.endswith(".def")]
		        if not last or last[-1] != "base/ban.h":
		            bad.append(f'{path}: the last include must be "base/ban.h"')
		for path in glob.glob("practice/**/*.[ch]", recursive=True):
		    bad += [f"{path}: practice must not include {h}" for h in includes(path)
		            if h.split("/")[0] in src]
		print("\n".join(bad))
		sys.exit(bool(bad))
	END
}

# Words that hide work not done. This script names them, and so may leave them in.
words() {
	! git grep -nE '\<(TODO|FIXME|XXX)\>' -- . ':!tools/lint.sh' ':!CONTRIBUTING.md' ':!catalog'
}

# Functions that base/ban.h bans, also where a compiler does not look; malloc outside its two files.
functions() {
	local banned='strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|gets|scanf|sscanf|fscanf|atoi|atol|atof|strtol|strtoul|system|popen|tmpnam|mktemp|localtime|gmtime|ctime|asctime|setlocale|rand|srand|alloca'

	! {
		git grep -nwE "($banned)[[:space:]]*\(" -- 'src/*.c' 'src/*.h' ':!src/base/ban.h' |
			grep -vE ':[0-9]+:[[:space:]]*(//|/?\*)'
		git grep -nwE '(malloc|calloc|realloc)[[:space:]]*\(' -- 'src/*.[ch]' \
			':!src/base/arena.c' ':!src/base/buf.c' | grep -vE ':[0-9]+:[[:space:]]*(//|/?\*)'
	} | grep .
}

# Files stop at 500 lines, begin with their licence, and have a name of their own.
files() {
	! {
		for f in $(c_files); do
			n=$(wc -l < "$f")
			[ "$n" -le 500 ] || [ "${f#src/}" = "$f" ] || echo "$f: $n lines, more than 500"
			head -1 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
				echo "$f: no SPDX line"
		done
		# commands are named after themselves
		find src -path src/cli -prune -o -name '*.[ch]' -printf '%f\n' | sort | uniq -d | sed 's/$/: a name used twice/'
	} | grep .
}

layout() {
	c_files | xargs clang-format --dry-run -Werror
}

prepared() {
	[ -f $build/build.ninja ] || meson setup $build -Dbuildtype=debugoptimized >/dev/null
}

# Left out: readdir (one thread a folder), addresses of locals handed on (arenas and pumps live in
# them), and two checks that stumble over designated initialisers and compound literals.
checked() {
	local flags="--enable=warning,performance,portability --inline-suppr --error-exitcode=1 --quiet"

	mkdir -p $build/cppcheck && find src -name '*.c' | sort | xargs cppcheck $flags -j "$jobs" \
		--std=c11 --library=posix --suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=normalCheckLevelMaxBranches --suppress=readdirCalled --suppress=autoVariables \
		--suppress=unknownEvaluationOrder --suppress=internalAstError -Isrc -D_POSIX_C_SOURCE=200809L \
		--cppcheck-build-dir=$build/cppcheck
}

tidy() {
	local names

	prepared || return 1
	names=$(find src -name '*.c' | sort)
	if [ "${only:-}" = changed ]; then
		names=$(git diff --name-only --diff-filter=d main -- 'src/*.c')
		[ -n "$names" ] || return 0
	fi
	# gcc's own warning options mean nothing to clang. One file a process: with several, clang 14
	# forgets what va_start is and calls every va_list of the later files uninitialised.
	printf '%s\n' $names | xargs -P "$jobs" -n 1 clang-tidy -p $build --quiet \
		--extra-arg=-Wno-unknown-warning-option
}

analysed() {
	# -fanalyzer knows nothing of the arena, whose memory is given back as a whole.
	[ -f $build/analyzer/build.ninja ] || meson setup $build/analyzer \
		-Dc_args='-fanalyzer -Wno-analyzer-malloc-leak -Werror' >/dev/null
	ninja -C $build/analyzer -k 0 $(cd $build/analyzer && ninja -t targets all |
		sed -n 's/^\(src\/[^:]*\.a\): .*/\1/p')
}

case ${1:-all} in
quick | all) ;;
*) echo "usage: lint.sh quick | all [changed]" >&2; exit 2 ;;
esac
only=${2:-}
step rooms rooms
step words words
step functions functions
step files files
step layout layout
if [ "${1:-all}" = all ]; then
	step cppcheck checked
	step clang-tidy tidy
	step fanalyzer analysed
fi
[ $failed = 0 ] && echo "lint: all good" || echo "lint: FAILED"
exit $failed
