# SPDX-License-Identifier: Apache-2.0
# Matching against the truth of the corpus: 52 components at versions, and every CVE that an
# independent matcher found for them.

import csv
import json
import re
import shutil
import subprocess

import pytest

import records

csv.field_size_limit(1 << 24)


@pytest.fixture(scope="session")
def corpus(shared):
    folder = shared / "corpus" / "vulnerabilities"
    if not (folder / "truth.tsv").exists():
        pytest.skip(f"{folder} is not there: the truth of the corpus is left out")
    return folder


@pytest.fixture(scope="session")
def feed_home(run, corpus, tmp_path_factory):
    """A home with the merged set imported, once a session."""
    home = tmp_path_factory.mktemp("feed")
    p = run("feed", "import", corpus / "nvd20-merged.jsonl.zst", env={"KENSA_HOME": str(home)})
    assert p.returncode == 0, p.stderr
    return home


@pytest.fixture(scope="session")
def truth(corpus):
    def ids(text):
        return set(filter(None, (text or "").split(",")))

    gaps = {}
    with open(corpus / "truth-gap-candidates.tsv", encoding="utf-8") as f:
        rows = csv.reader(f, delimiter="\t")
        next(rows)
        for row in rows:
            gaps[row[0], row[1]] = {c.split("(")[0] for c in row[2].split(",")}
    rows = {}
    with open(corpus / "truth.tsv", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            key = row["component"], row["version"]
            rows[key] = {
                "slots": row["vendor_products"].split("|"),
                "cves": ids(row["cves"]),
                "conditional": ids(row["conditional_cves"]),
                "no-range": ids(row["unbounded_cves"]) | ids(row["unversioned_cves"]),
                "gaps": gaps.get(key, set()),
            }
    return rows


SYSTEMS = {"linux_kernel", "zephyr"}


@pytest.fixture(scope="session")
def matched(run, feed_home, truth, tmp_path_factory):
    """{(component, version): [vulnerability]} of all components in one record."""
    facts = []
    for (name, version), row in truth.items():
        part = "o" if name in SYSTEMS else "a"
        number, update = version, "*"
        if name == "openssh":
            number, _, patch = version.partition("p")
            update = "p" + patch if patch else "*"
        cpe = f"cpe:2.3:{part}:{row['slots'][0]}:{number}:{update}:*:*:*:*:*:*"
        facts.append(records.component(name, version, cpe=cpe))
    record = records.write(tmp_path_factory.mktemp("truth") / "record.jsonl", facts)
    p = run("match", "--json", record, env={"KENSA_HOME": str(feed_home)})
    assert p.returncode == 0, p.stderr
    found = {key: [] for key in truth}
    for v in json.loads(p.stdout)["vulnerabilities"]:
        found[v["component"], v["version"]].append(v)
    return found


def with_status(found, *statuses):
    return {v["id"] for v in found if v["status"] in statuses}


def test_there_are_52(truth):
    assert len(truth) == 52


COMMIT = re.compile(r"[0-9a-f]{12}")
FIRST = "1da177e4c3f4"  # of the kernel's history in git: release 2.6.12-rc2


@pytest.fixture(scope="session")
def by_commit(corpus):
    """{CVE: whether a range begins at the first commit} of those whose ranges begin or end at a
    commit. The truth compares their names as if they were versions; commits stand in no such order.
    From the first commit on, every release is meant."""
    p = subprocess.run(["zstdcat", corpus / "nvd20-merged.jsonl.zst"], stdout=subprocess.PIPE,
                       check=True)
    found = {}
    for line in p.stdout.splitlines():
        if b'"versionStartIncluding":"' not in line:
            continue
        ends = {m[1].decode() for m in
                re.finditer(rb'"version(?:Start|End)[A-Za-z]+":"([^"]*)"', line)}
        if any(COMMIT.fullmatch(e) for e in ends):
            found[json.loads(line)["id"]] = FIRST in ends
    return found


def test_every_true_one_is_affected(matched, truth, by_commit):
    """What the truth names both as true and as without a range is shown as without a range; so is
    what it could only compare as text."""
    unordered = {cve for cve, is_first in by_commit.items() if not is_first}
    missing = {}
    for key, row in truth.items():
        without = with_status(matched[key], "no-range") & (row["no-range"] | unordered)
        missing[key] = sorted(row["cves"] - with_status(matched[key], "affected") - without)
    assert not {k: v for k, v in missing.items() if v}


def test_none_is_affected_beside_them(matched, truth, by_commit):
    from_first = {cve for cve, is_first in by_commit.items() if is_first}
    extra = {k: sorted(with_status(matched[k], "affected") - row["cves"] - row["conditional"]
                       - row["no-range"] - row["gaps"] - from_first)
             for k, row in truth.items()}
    assert not {k: v for k, v in extra.items() if v}


def test_conditions_and_missing_ranges_are_kept_apart(matched, truth):
    wrong = {}
    for key, row in truth.items():
        open_ones = with_status(matched[key], "conditional", "no-range", "affected")
        wrong[key] = sorted((row["no-range"] - row["cves"]) - open_ones)
    assert not {k: v for k, v in wrong.items() if v}


def test_every_line_says_why(matched):
    for found in matched.values():
        for v in found:
            assert v["because"].split(" ")[0].rstrip(":") in ("nvd", "code"), v


def test_exploited_come_first(run, corpus, feed_home, matched, tmp_path_factory):
    """With the lists of exploited and of likely ones: KEV, then EPSS times CVSS, CVSS, id."""
    home = tmp_path_factory.mktemp("ordered")
    shutil.copy(feed_home / "feed.snapshot", home)
    for name in ("kev-2025-08-25.json.zst", "epss-2021-08-31.json.zst"):
        p = run("feed", "import", corpus / name, env={"KENSA_HOME": str(home)})
        assert p.returncode in (0, 4), p.stderr
    record = records.write(home / "record.jsonl", [
        records.component("samba", "3.0.24", cpe="cpe:2.3:a:samba:samba:3.0.24:*:*:*:*:*:*:*"),
        records.component("linux_kernel", "2.6.36",
                          cpe="cpe:2.3:o:linux:linux_kernel:2.6.36:*:*:*:*:*:*:*")])
    p = run("match", "--json", record, env={"KENSA_HOME": str(home)})
    assert p.returncode == 0, p.stderr
    found = json.loads(p.stdout)["vulnerabilities"]
    order = [(v["kev"] is None, -round((v["epss"] or 0) * 1e6) * round((v["cvss"] or 0) * 10),
              -(v["cvss"] or 0), v["id"]) for v in found]
    assert any(v["kev"] for v in found) and any(v["epss"] for v in found)
    assert order == sorted(order)


def test_the_number_of_workers_changes_nothing(kensa, feed_home, matched, tmp_path):
    assert matched
    record = records.write(tmp_path / "record.jsonl", [
        records.component("openssl", "1.0.2k", cpe="cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*"),
        records.component("busybox", "1.19.4",
                          cpe="cpe:2.3:a:busybox:busybox:1.19.4:*:*:*:*:*:*:*")])
    said = {subprocess.run([kensa, "match", "--json", "--jobs", str(n), record],
                           env={"KENSA_HOME": str(feed_home), "PATH": "/usr/bin"},
                           capture_output=True, check=True).stdout for n in (1, 2, 7)}
    assert len(said) == 1
