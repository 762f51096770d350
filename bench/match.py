# SPDX-License-Identifier: Apache-2.0
# 500 components, one of them a Linux kernel, matched from a cold start and in a process that stays,
# beside what cannot be undercut: starting a program, and hashing the bytes that are read.

import csv
import json
import os
import re
import resource
import statistics
import subprocess
import time

COMPONENTS = 500
RECORDS_STEP = 20
RUNS = 15
DATE = "2026-01-15"
AIM_COLD_MS, AIM_WARM_MS = 50, 5
PRODUCT = re.compile(rb'"(cpe:2\.3:a:[a-z0-9_.-]+:([a-z0-9_.-]+):)')


def from_truth(path):
    """(name, version, CPE) of the pairs that are known; of kernels only the last"""
    csv.field_size_limit(1 << 24)
    rows = {}
    with path.open(encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            name, version = row["component"], row["version"]
            part = "o" if name in ("linux_kernel", "zephyr") else "a"
            number, update = version, "*"
            if name == "openssh" and "p" in version:
                number, _, patch = version.partition("p")
                update = "p" + patch
            key = name if name == "linux_kernel" else (name, version)
            slot = row["vendor_products"].split("|")[0]
            rows[key] = (name, version, f"cpe:2.3:{part}:{slot}:{number}:{update}:*:*:*:*:*:*")
    return list(rows.values())


def from_source(lines, n):
    """n of all products that some records name, each as likely as the other."""
    named = sorted({hit.groups() for record in lines[::RECORDS_STEP]
                    for hit in PRODUCT.finditer(record)})
    found = []
    for i, (cpe, name) in enumerate(named[::max(1, len(named) // n)]):
        version = f"1.{i % 9}.2"
        found.append((name.decode(), version, f"{cpe.decode()}{version}:*:*:*:*:*:*:*"))
    return found


def write_sbom(components, path):
    path.write_text(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "components": [{"type": "library", "name": name, "version": version, "cpe": cpe}
                       for name, version, cpe in components]}), encoding="utf-8")


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def several(command, env, out=subprocess.DEVNULL):
    """[milliseconds], [milliseconds of CPU] of RUNS runs"""
    walls, cpus = [], []
    for _ in range(RUNS):
        begin, before = time.perf_counter(), children_cpu()
        code = subprocess.run(command, env=env, stdout=out, stderr=subprocess.DEVNULL,
                              check=False).returncode
        if code not in (0, 4):
            raise SystemExit(f"{command[0]} {command[1]} ended with {code}")
        walls.append((time.perf_counter() - begin) * 1e3)
        cpus.append((children_cpu() - before) * 1e3)
    return walls, cpus


def line(what, times, more=""):
    print(f"  {what:18} {min(times):8.2f} ms    best, {statistics.median(times):.2f} median{more}")


def cold(options, env, sbom):
    command = [str(options.kensa), "match", "--quiet", "--date", DATE, str(sbom)]
    start, _ = several([str(options.kensa), "--version"], env)
    walls, cpus = several(command, env)
    line("program start", start)
    line("cold start", walls, f"; CPU {min(cpus):.0f} ms  (aim: below {AIM_COLD_MS}; "
         f"{min(walls) / min(start):.1f} times a program start)")


def warm(options, env, snapshot, sbom, work):
    out = work / "report"
    subprocess.run([str(options.kensa), "inspect", "--quiet", "--date", DATE, "--out", str(out),
                    str(sbom)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=False)
    p = subprocess.run([str(options.match), str(snapshot), str(out / "record.jsonl"),
                        str(options.catalog)], stdout=subprocess.PIPE, text=True, check=True)
    got = {words[0]: [float(w) for w in words[1:]] for words in map(str.split, p.stdout.split("\n"))
           if words}
    hashing = got["hashing"][0]
    line("snapshot opened", got["opening"], f"  (hashing the {got['touched'][0] / 2**20:.1f} MiB "
         f"it reads takes {hashing:.2f}: {got['opening'][0] / hashing:.1f} times that)")
    line("warm", got["warm"], f"  (aim: below {AIM_WARM_MS})")


def measure(options, home, snapshot, lines, work):
    """500 components matched with the snapshot of `home`."""
    truth = options.source.parent / "truth.tsv"
    components = from_truth(truth) if truth.is_file() else []
    components += from_source(lines, COMPONENTS)
    sbom = work / "components.cdx.json"
    write_sbom(components[:COMPONENTS], sbom)
    env = {**os.environ, "KENSA_CATALOG": str(options.catalog), "KENSA_HOME": str(home)}
    print(f"{COMPONENTS} components of an SBOM, {RUNS} runs; "
          f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    cold(options, env, sbom)
    warm(options, env, snapshot, sbom, work)
