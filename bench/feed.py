#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The vulnerability snapshot: its size, the time to make and to update it beside unpacking its source,
# the time to open it, to ask it and to match with it.

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import bench
import match

SOURCE = "nvd20-merged.jsonl.zst"
BESIDE = ("kev-2025-08-25.json.zst", "epss-2021-08-31.json.zst")
NEW_RECORDS = 2000
MAGIC = b"KNSAFEED"


def timed(command, **more):
    """(seconds, exit code)"""
    begin = time.perf_counter()
    code = subprocess.run(command, check=False, **more).returncode
    return time.perf_counter() - begin, code


def all_lines(source):
    with subprocess.Popen(["zstd", "-dcq", str(source)], stdout=subprocess.PIPE) as p:
        return p.stdout.readlines()


def some_records(lines, out):
    """Every n-th record of the source, as a day's worth of changes."""
    step = max(1, len(lines) // NEW_RECORDS)
    out.write_bytes(b"".join(lines[::step][:NEW_RECORDS]))


def snapshot_in(home):
    for path in sorted(home.rglob("*")):
        if path.is_file():
            with path.open("rb") as f:
                if f.read(len(MAGIC)) == MAGIC:
                    return path
    return None


def measure(options, work):
    home = work / "home"
    home.mkdir()
    env = {**os.environ, "KENSA_CATALOG": str(options.catalog), "KENSA_HOME": str(home)}
    quiet = {"env": env, "stdout": subprocess.DEVNULL}
    command = [str(options.kensa), "feed", "import", "--quiet"]
    plain, _ = timed(["zstd", "-dcq", str(options.source)], stdout=subprocess.DEVNULL)
    beside = [str(path) for path in map(options.source.with_name, BESIDE) if path.is_file()]
    before = match.children_cpu()
    full, code = timed([*command, str(options.source), *beside], **quiet)
    cpu = match.children_cpu() - before
    snapshot = snapshot_in(home)
    if code or not snapshot:
        sys.exit(f"kensa feed import ended with {code}")
    again = work / "again"
    again.mkdir()
    most = bench.peak([*command, str(options.source), *beside],
                      {**env, "KENSA_HOME": str(again)}) / 2**20
    print(f"  snapshot           {snapshot.stat().st_size / 2**20:8.1f} MiB  (aim: below 60)")
    print(f"  import             {full:8.2f} s    (aim: below 12; CPU {cpu:.2f}; {full / plain:.0f} times "
          f"zstd -dc), all processes together {most:.0f} MiB (aim: below 300)")
    new = work / "new.jsonl"
    lines = all_lines(options.source)
    some_records(lines, new)
    seconds, code = timed([*command, str(new)], **quiet)
    if code:
        sys.exit(f"kensa feed import of {NEW_RECORDS} records ended with {code}")
    print(f"  {NEW_RECORDS} new records   {seconds:8.2f} s    (aim: below 1)", flush=True)
    code = subprocess.run([str(options.lookup), str(snapshot_in(home))], check=False).returncode
    match.measure(options, home, snapshot_in(home), lines, work)
    sys.exit(code)


def arguments():
    root = pathlib.Path(__file__).resolve().parents[1]
    shared = pathlib.Path(os.environ.get("KENSA_SHARED", root.parent / "shared"))
    parser = argparse.ArgumentParser(description="the vulnerability snapshot")
    parser.add_argument("--kensa", type=pathlib.Path, default=root / "build" / "kensa")
    parser.add_argument("--lookup", type=pathlib.Path, default=root / "build" / "bench_lookup")
    parser.add_argument("--match", type=pathlib.Path, default=root / "build" / "bench_match")
    parser.add_argument("--catalog", type=pathlib.Path, default=root / "catalog")
    parser.add_argument("--snapshot", type=pathlib.Path, help="only ask this one")
    parser.add_argument("source", nargs="?", type=pathlib.Path,
                        default=shared / "corpus" / "vulnerabilities" / SOURCE)
    return parser.parse_args()


def main():
    options = arguments()
    for name in ("kensa", "lookup", "match"):
        setattr(options, name, getattr(options, name).resolve())
    if options.snapshot:
        sys.exit(subprocess.run([str(options.lookup), str(options.snapshot)],
                                check=False).returncode)
    if not options.source.is_file():
        print(f"skipped: no {options.source.name}: set KENSA_SHARED, or name one")
        return
    tried = subprocess.run([str(options.kensa), "feed", "--help"], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if tried.returncode:
        print("skipped: this kensa has no command `feed`")
        return
    with tempfile.TemporaryDirectory() as work:
        measure(options, pathlib.Path(work))


if __name__ == "__main__":
    main()
