#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The vulnerability snapshot: its size, the time to make and to update it beside unpacking its source,
# the time to open it and to ask it.

import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

SOURCE = "nvd20-merged.jsonl.zst"
NEW_RECORDS = 2000
MAGIC = b"KNSAFEED"


def timed(command, **more):
    """(seconds, exit code)"""
    begin = time.perf_counter()
    code = subprocess.run(command, check=False, **more).returncode
    return time.perf_counter() - begin, code


def some_records(source, out):
    """Every n-th record of the source, as a day's worth of changes."""
    with subprocess.Popen(["zstd", "-dcq", str(source)], stdout=subprocess.PIPE) as p:
        lines = p.stdout.readlines()
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
    full, code = timed([*command, str(options.source)], **quiet)
    snapshot = snapshot_in(home)
    if code or not snapshot:
        sys.exit(f"kensa feed import ended with {code}")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  snapshot           {snapshot.stat().st_size / 2**20:8.1f} MiB  (aim: below 60)")
    print(f"  import             {full:8.2f} s    (aim: below 12; {full / plain:.0f} times zstd -dc), "
          f"largest process {most:.0f} MiB (aim: all below 300)")
    new = work / "new.jsonl"
    some_records(options.source, new)
    again, code = timed([*command, str(new)], **quiet)
    if code:
        sys.exit(f"kensa feed import of {NEW_RECORDS} records ended with {code}")
    print(f"  {NEW_RECORDS} new records   {again:8.2f} s    (aim: below 1)", flush=True)
    sys.exit(subprocess.run([str(options.lookup), str(snapshot_in(home))], check=False).returncode)


def arguments():
    root = pathlib.Path(__file__).resolve().parents[1]
    shared = pathlib.Path(os.environ.get("KENSA_SHARED", root.parent / "shared"))
    parser = argparse.ArgumentParser(description="the vulnerability snapshot")
    parser.add_argument("--kensa", type=pathlib.Path, default=root / "build" / "kensa")
    parser.add_argument("--lookup", type=pathlib.Path, default=root / "build" / "bench_lookup")
    parser.add_argument("--catalog", type=pathlib.Path, default=root / "catalog")
    parser.add_argument("--snapshot", type=pathlib.Path, help="only ask this one")
    parser.add_argument("source", nargs="?", type=pathlib.Path,
                        default=shared / "corpus" / "vulnerabilities" / SOURCE)
    return parser.parse_args()


def main():
    options = arguments()
    options.kensa, options.lookup = options.kensa.resolve(), options.lookup.resolve()
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
