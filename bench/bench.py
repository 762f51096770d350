#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Time and memory of `kensa inspect` beside `binwalk -Me` on the same images: three runs of each, by turns.

import argparse
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

IMAGES = ("digoo-full-8M.bin", "spycam-full.bin", "escamg02-full-8M.bin")
RUNS = 3
DATE = "2026-01-15"
TARGET_RATIO = 5
TARGET_MIB = 400
TICK = 0.005


def rss_by_parent():
    """{parent: [(pid, resident bytes)]} of the processes there are now"""
    page = os.sysconf("SC_PAGE_SIZE")
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            pages = int((entry / "statm").read_text().split()[1])
        except (OSError, IndexError, ValueError):
            continue
        found.setdefault(parent, []).append((int(entry.name), pages * page))
    return found


def resident(pid):
    """Bytes resident in a process and all below it; pages they share count in each."""
    table = rss_by_parent()
    own = {p: size for children in table.values() for p, size in children}
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        total += own.get(one, 0)
        waiting += [p for p, _ in table.get(one, ())]
    return total


def run(command, env=None):
    """(seconds, exit code) of a command"""
    begin = time.perf_counter()
    p = subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False)
    return time.perf_counter() - begin, p.returncode


def peak(command, env=None):
    """The most memory a command and its children held at once, in a run that is not timed."""
    most = 0
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as p:
        while p.poll() is None:
            most = max(most, resident(p.pid))
            time.sleep(TICK)
    return most


def kensa_command(options, image, out):
    return [str(options.kensa), "inspect", "--quiet", "--date", DATE, "--out", str(out), str(image)]


def binwalk_command(image, out):
    # the package refuses to unpack as root unless told to
    user = ["--run-as=root"] if os.geteuid() == 0 else []
    return ["binwalk", *user, "-Me", "-C", str(out), str(image)]


def compare(options, image, work):
    env = {**os.environ, "KENSA_CATALOG": str(options.catalog), "KENSA_HOME": str(work / "home")}
    times = {"kensa": [], "binwalk": []}
    plain = kensa_command(options, image, work / "plain")
    run(plain, env)  # not timed: it also brings the image into memory
    record = (work / "plain" / "record.jsonl").read_bytes()
    has_binwalk = shutil.which("binwalk") is not None
    for i in range(RUNS):
        out = work / f"kensa-{i}"
        seconds, code = run(kensa_command(options, image, out), env)
        assert code in (0, 4), f"{image.name}: kensa ended with {code}"
        assert (out / "record.jsonl").read_bytes() == record, f"{image.name}: another record"
        times["kensa"].append(seconds)
        if has_binwalk:
            out = work / f"binwalk-{i}"
            times["binwalk"].append(run(binwalk_command(image, out))[0])
            shutil.rmtree(out, ignore_errors=True)
    most = peak(kensa_command(options, image, work / "peak"), env)
    mine = statistics.median(times["kensa"])
    line = f"{image.name:24} kensa {mine:6.2f} s, {most / 2**20:4.0f} MiB"
    if has_binwalk:
        other = statistics.median(times["binwalk"])
        line += f"   binwalk {other:6.2f} s   ratio 1/{other / mine:.1f}"
        line += "" if mine * TARGET_RATIO < other else f"   (aim: below 1/{TARGET_RATIO})"
    else:
        line += "   binwalk is not installed"
    line += "" if most < TARGET_MIB * 2**20 else f"   (aim: below {TARGET_MIB} MiB)"
    print(line, flush=True)


def arguments():
    root = pathlib.Path(__file__).resolve().parents[1]
    shared = pathlib.Path(os.environ.get("KENSA_SHARED", root.parent / "shared"))
    parser = argparse.ArgumentParser(description="kensa inspect beside binwalk -Me")
    parser.add_argument("--kensa", type=pathlib.Path, default=root / "build" / "kensa")
    parser.add_argument("--catalog", type=pathlib.Path, default=root / "catalog")
    parser.add_argument("images", nargs="*", type=pathlib.Path,
                        default=[shared / "corpus" / "firmware" / name for name in IMAGES])
    options = parser.parse_args()
    options.kensa = options.kensa.resolve()
    return options


def main():
    options = arguments()
    images = [image for image in options.images if image.is_file()]
    if not images:
        print("no images to measure: set KENSA_SHARED, or name some")
        return
    print("kensa:  ", shlex.join(kensa_command(options, "IMAGE", "OUT")))
    print("binwalk:", shlex.join(binwalk_command("IMAGE", "OUT")))
    print(f"medians of {RUNS} runs by turns, files in memory, {os.cpu_count()} CPUs; "
          "memory: kensa and its children at once")
    for image in images:
        with tempfile.TemporaryDirectory() as work:
            try:
                compare(options, image, pathlib.Path(work))
            except (AssertionError, OSError) as error:
                print(f"{image.name}: {error}")


if __name__ == "__main__":
    main()
    sys.exit(0)
