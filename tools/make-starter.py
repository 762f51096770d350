#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes catalog/starter.tsv: facts on the components of the catalogue, from a collection of records.

    tools/make-starter.py ../shared/corpus/vulnerabilities > catalog/starter.tsv

Ids, dates, scores, weaknesses, version ranges and program files are carried over; no texts are.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
MOST_LOOKS, MOST_OTHERS, MOST_CONDITION = 64, 3, 400
GOOD_VERSION = re.compile(r"[!-~]*[0-9A-Za-z][!-~]*\Z")
SPECIAL = re.compile(r"[\s,\[\]()/|]")
EXTRAS = "edition language sw_edition target_sw target_hw other".split()
METRICS = (("cvssMetricV40", "4"), ("cvssMetricV31", "3"), ("cvssMetricV30", "3"),
           ("cvssMetricV2", "2"))
BASE = {"2": "AV AC Au C I A", "3": "AV AC PR UI S C I A",
        "4": "AV AC AT PR UI VC VI VA SC SI SA"}

# Seldom in devices, and long.
LEFT_OUT = {"a:oracle:mysql", "a:mysql:mysql", "a:mariadb:mariadb", "a:postgresql:postgresql",
            "a:digium:asterisk", "a:asterisk:open_source", "a:tor:tor", "a:torproject:tor",
            "a:ruby-lang:ruby", "a:golang:go", "a:nodejs:node.js"}

HEADER = """\
#kensa-starter 1
# SPDX-License-Identifier: Apache-2.0
# The starter set: facts on vulnerabilities of the components in catalog/components, so that a first
# inspection without a network has something true to say. It is no substitute for current data:
# kensa feed update gets that.
#
# Vulnerabilities published from April 2021 to 2023 may be missing, and so may those published after
# the dates of the sources:
#
# nvd       National Vulnerability Database of 2021-04-09
# cve       CVE records with additions of CISA (vulnrichment) of 2024-10-24, and corrections of their
#           product names (nvd-data-overrides) of 2026-08-21
# openssl   vulnerabilities listed by the OpenSSL project on 2026-06-10
# curl      vulnerabilities listed by the curl project on 2026-08-22
# kev       catalogue of exploited vulnerabilities of CISA of 2025-08-25
#
# Made by tools/make-starter.py. Fields, with tabs between them and "-" for nothing:
#
# id, day published, source, flags, scores, day it came into the kev, weaknesses, program files, and
# then one field a product: its key, ?qualifier, &condition, and what is affected.
#
# flags     d disputed, r used for ransom, e exploited, p proof of concept, a can be automated,
#           t total impact (the last four: SSVC)
# scores    CVSS version/score/values of the base metrics in their usual order
# affected  [1.0,2.0) from 1.0 to below 2.0, =1.0/rc1 version and update, =1.0.|1|2/rc1 versions that
#           begin alike, * any version, - unversioned
#
#source nvd 2021-04-09
#source cve 2026-08-21
#source openssl 2026-06-10
#source curl 2026-08-22
#source kev 2025-08-25
"""


def keys():
    """The products that the catalogue knows by a CPE name."""
    found = set()
    for path in (*ROOT.glob("catalog/components/*.yaml"), ROOT / "catalog/aliases.yaml"):
        found |= set(re.findall(r"'([aoh]:[^':]+:[^':]+)'", path.read_text("utf-8")))
    return found - LEFT_OUT


def fields(cpe):
    return [re.sub(r"\\(.)", r"\1", f).lower() for f in re.findall(r"(?:\\.|[^:\\])+", cpe)[2:]]


def product(cpe):
    return ":".join(fields(cpe)[:3])


def has_wildcard(cpe):
    version = re.findall(r"(?:\\.|[^:\\])+", cpe)[5]
    return len(version) > 1 and bool(re.search(r"[*?]", re.sub(r"\\.", "", version)))


class Others:
    """What stands beside a group in an AND; as src/feed/import_nvd.c has it."""

    def __init__(self):
        self.found, self.looks, self.has_more = {}, 0, False

    def match(self, m, is_not):
        self.looks += 1
        key = product(m["criteria"])
        if key in self.found:
            return
        if len(self.found) == MOST_OTHERS:
            self.has_more = True
            return
        self.found[key] = is_not

    def group(self, g, besides=None, is_not=False):
        for m in g.get("cpeMatch", ()):
            if m is not besides and self.looks < MOST_LOOKS:
                self.match(m, is_not)
        for c in (*g.get("nodes", ()), *g.get("children", ())):
            if c is not besides and self.looks < MOST_LOOKS:
                self.group(c, is_not=c.get("negate", False))

    def text(self, outer):
        more = self.has_more or (self.looks == MOST_LOOKS and self.found)
        names = [outer] if outer else []
        names += [("!" if n else "") + k for k, n in self.found.items()]
        return ",".join(names + ["..."] * bool(more))


def beside(group, part, outer):
    if len(outer) > MOST_CONDITION:
        return outer
    others = Others()
    others.group(group, besides=part)
    return others.text(outer) if others.found else outer


def claims_of(group, condition=""):
    """Yields (match, condition)."""
    if group.get("negate"):
        return
    inner = (*group.get("nodes", ()), *group.get("children", ()))
    matches = group.get("cpeMatch", ())
    joins = group.get("operator") == "AND" and (inner or not all(m["vulnerable"] for m in matches))
    for m in matches:
        if m["vulnerable"]:
            yield m, beside(group, m, condition) if joins else condition
    for g in inner:
        yield from claims_of(g, beside(group, g, condition) if joins else condition)


def version_good(v):
    return bool(GOOD_VERSION.match(v)) and not SPECIAL.search(v)


def affected(match):
    """(qualifier, range in the file's notation)."""
    _, _, _, version, update, *rest = fields(match["criteria"])
    update = "" if update in "*-" else update
    low = match.get("versionStartIncluding") or match.get("versionStartExcluding") or ""
    high = match.get("versionEndIncluding") or match.get("versionEndExcluding") or ""
    extra = [f"{n}={v}" for n, v in zip(EXTRAS, rest) if v != "*"]
    if version in "*-":
        extra = [f"update={update}"] * bool(update) + extra
        text = version
        if low or high:
            if not all(version_good(v) for v in (low, high) if v):
                text = "*"
            else:
                text = ("(" if "versionStartExcluding" in match else "[") + low + "," + high + \
                    (")" if "versionEndExcluding" in match else "]")
    elif has_wildcard(match["criteria"]) or not version_good(version + update):
        text = "*"
    else:
        text = f"={version}" + f"/{update}" * bool(update)
    return ",".join(extra), text


def scores(metrics):
    found = {}
    for primary in True, False:
        for name, version in METRICS:
            for m in metrics.get(name, ()):
                data = m["cvssData"]
                if (m.get("type") == "Primary") != primary or version in found:
                    continue
                words = data.get("vectorString", "").split("/")
                exact = words.pop(0).removeprefix("CVSS:") if words[0].startswith("CVSS:") else "2.0"
                values = dict(w.split(":") for w in words if ":" in w)
                base = "".join(values.get(b, "?") for b in BASE[version].split())
                found[version] = f"{exact}/{data['baseScore']}/{'-' if '?' in base else base}"
    return " ".join(found[v] for v in sorted(found)) or "-"


def flags(record, ransom):
    ssvc = record.get("_ssvc") or {}
    text = " ".join(d["value"] for d in record["descriptions"] if d["lang"].startswith("en"))
    tags = [t for c in record.get("cveTags", ()) for t in c.get("tags", ())]
    return "".join((
        "d" * (text.startswith("** DISPUTED **") or "disputed" in tags), "r" * ransom,
        "e" * (ssvc.get("Exploitation") == "active"), "p" * (ssvc.get("Exploitation") == "poc"),
        "a" * (ssvc.get("Automatable") == "yes"),
        "t" * (ssvc.get("Technical Impact") == "total"))) or "-"


def source_of(origin):
    if "nvd1.1" in origin:
        return "nvd"
    if "vulnrichment" in origin or origin.startswith(("anchore", "fkie")):
        return "cve"
    return "curl" if origin.startswith("curl") else "openssl"


def weaknesses(record):
    names = {v["value"]: 0 for w in record.get("weaknesses", ()) for v in w["description"]}
    return ",".join(n[4:] for n in names if re.fullmatch(r"CWE-\d+", n)) or "-"


def gathered(ranges):
    """Single versions that begin alike in one word: =2.6.|1|2/rc1|3."""
    alike = {}
    for text in ranges:
        found = re.match(r"=\d+\.\d+\.(?=.)", text)
        alike.setdefault(found.group() if found else text, []).append(text)
    return [w for head, texts in alike.items() for w in
            (["|".join((head, *(t[len(head):] for t in texts)))] if len(texts) > 1 else texts)]


def every_match(groups):
    for g in groups:
        yield from g.get("cpeMatch", ())
        yield from every_match((*g.get("nodes", ()), *g.get("children", ())))


def products(record, known):
    groups = {}
    names = {m["criteria"] for m in every_match(record.get("configurations", ()))}
    if not any("\\" in n or ":".join(n.split(":")[2:5]) in known for n in names):
        return []
    for configuration in record.get("configurations", ()):
        for match, condition in claims_of(configuration):
            if product(match["criteria"]) not in known:
                continue
            qualifier, text = affected(match)
            where = product(match["criteria"]), qualifier, condition
            if SPECIAL.sub("", "".join(where)).isprintable():
                groups.setdefault(where, {})[text] = None
    return [" ".join((key, *["?" + q] * bool(q), *["&" + c] * bool(c), *gathered(ranges)))
            for (key, q, c), ranges in groups.items()]


def packed_lines(path):
    with subprocess.Popen(["zstd", "-dc", path], stdout=subprocess.PIPE) as p:
        yield from p.stdout


def main():
    folder = pathlib.Path(sys.argv[1])
    known = keys()
    kev = {v["cveID"]: v for v in json.loads(b"".join(packed_lines(
        folder / "kev-2025-08-25.json.zst")))["vulnerabilities"]}
    files = dict(line.rstrip("\n").split("\t", 1) for line in
                 (folder / "kernel-program-files.tsv").read_text("utf-8").splitlines()
                 if line.startswith("CVE-"))
    sys.stdout.write(HEADER)
    for line in packed_lines(folder / "nvd20-merged.jsonl.zst"):
        record = json.loads(line)
        if record["vulnStatus"] == "Rejected":
            continue
        found = products(record, known)
        if not found:
            continue
        exploited = kev.get(record["id"], {})
        row = (record["id"], (record.get("published") or "-")[:10], source_of(record["_origin"]),
               flags(record, exploited.get("knownRansomwareCampaignUse") == "Known"),
               scores(record["metrics"]), exploited.get("dateAdded", "-"), weaknesses(record),
               files.get(record["id"], "-"), *found)
        sys.stdout.write("\t".join(row) + "\n")


main()
