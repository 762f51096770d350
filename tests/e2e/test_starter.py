# SPDX-License-Identifier: Apache-2.0
"""The starter set: what a first run without a network finds, and that it says how old that is."""

import json
import re

import pytest

from conftest import ROOT

HEAD = (ROOT / "catalog/starter.tsv").read_text("utf-8").splitlines()[:60]
DATES = dict(line.split()[1:] for line in HEAD if line.startswith("#source "))
NEWEST = max(DATES.values())
LATER = "2026-11-23"


@pytest.fixture
def away(run, tmp_path):
    """Calls kensa with an empty home."""
    def call(*args, lang="en", **env):
        return run(*args, "--lang", lang, env={"KENSA_HOME": str(tmp_path / "empty"), **env})
    return call


def test_first_run_without_a_network(away, camera, tmp_path):
    p = away("inspect", "--json", "--date", LATER, "--out", tmp_path / "out", camera())
    assert p.returncode in (0, 4), p.stderr
    report = json.loads(p.stdout)
    assert report["feed"]["date"] == NEWEST and report["feed"]["is_starter"]
    busybox = {v["id"] for v in report["vulnerabilities"] if v["component"] == "busybox"}
    assert busybox, [c["name"] for c in report["components"]]
    assert {i["id"]: i["verdict"] for i in report["items"]}["KV-14"] == "fail"
    assert f"data of {NEWEST}" in p.stderr and "kensa feed update" in p.stderr
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "starter set" in page and "初期データ" in page


@pytest.mark.parametrize("lang, words", [("en", "starter set"), ("ja", "初期データ")])
def test_it_is_said_in_words(away, camera, tmp_path, lang, words):
    p = away("inspect", "--date", LATER, "--out", tmp_path / "out", camera(), lang=lang)
    assert p.returncode in (0, 4), p.stderr
    assert words in p.stdout and NEWEST in p.stdout and "kensa feed update" in p.stdout
    p = away("feed", "status", "--date", LATER, lang=lang)
    assert p.returncode == 0 and words in p.stdout and "kensa feed update" in p.stdout


def test_status(away):
    p = away("feed", "status", "--json", "--check", "--date", LATER)
    got = json.loads(p.stdout)
    assert got["is_starter"] and got["is_stale"] and got["is_verified"] and got["date"] == NEWEST
    told = {s["name"]: s["date"] for s in got["sources"]}
    assert {name: told[name] for name in DATES} == DATES


def test_what_was_imported_comes_first(run, tmp_path, camera):
    home = {"KENSA_HOME": str(tmp_path / "home")}
    (tmp_path / "one").write_text(json.dumps([{"id": "CVE-2020-1", "vulnStatus": "Analyzed"}]))
    assert run("feed", "import", tmp_path / "one", "--date", LATER, env=home).returncode == 0
    p = run("inspect", "--json", "--date", LATER, "--out", tmp_path / "out", camera(), env=home)
    assert not json.loads(p.stdout)["feed"]["is_starter"] and "starter" not in p.stderr
    assert not json.loads(run("feed", "status", "--json", env=home).stdout)["is_starter"]


def test_an_installation_without_it(run_bare, camera, tmp_path):
    """Without any data nothing is matched, and that is said."""
    p = run_bare("inspect", "--lang", "en", "--out", tmp_path / "out", camera(),
                 env={"KENSA_HOME": str(tmp_path / "empty")})
    assert p.returncode in (0, 4), p.stderr
    assert "no vulnerability data" in p.stdout


def test_list_can_be_reviewed():
    """Facts only: no field is a sentence, and every line is of the shape that its head describes."""
    text = (ROOT / "catalog/starter.tsv").read_text("utf-8")
    assert len(text) < 2_500_000
    shape = re.compile(
        r"CVE-\d{4}-\d+\t(\d{4}-\d\d-\d\d|-)\t(nvd|cve|openssl|curl)\t([drepat]+|-)"
        r"\t(-|(\d\.\d/\d+(\.\d)?/(-|[A-Z]+) ?)+)\t(\d{4}-\d\d-\d\d|-)\t(-|[\d,]+)"
        r"\t(-|[\w./+, -]+)(\t[aoh]:[^:\s]+:\S+( [?&]\S+)*( ([\[(][^\s,]*,[^\s,]*[\])]|=\S+|\*|-))+)+")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) > 10000 and len({line.split("\t")[0] for line in lines}) == len(lines)
    for line in lines:
        assert shape.fullmatch(line), line[:200]


def test_it_says_what_the_whole_data_say(run, shared, tmp_path):
    """For a component it holds, matches are those of the records it was made of."""
    records = shared / "corpus/vulnerabilities/nvd20-merged.jsonl.zst"
    if not records.exists():
        pytest.skip(f"{records} is not there")
    whole = {"KENSA_HOME": str(tmp_path / "whole")}
    assert run("feed", "import", records, "--date", NEWEST, env=whole).returncode == 0
    parts = [("busybox", "1.19.4"), ("openssl", "1.0.1e"), ("dropbear_ssh", "2012.55"),
             ("dnsmasq", "2.62"), ("samba", "3.0.37"), ("curl", "7.29.0"), ("zlib", "1.2.3"),
             ("linux_kernel", "3.10.14"), ("linux_kernel", "5.10.61"), ("hostapd", "2.6")]
    vendors = {"dropbear_ssh": "dropbear_ssh_project", "dnsmasq": "thekelleys", "curl": "haxx",
               "linux_kernel": "linux", "hostapd": "w1.fi"}
    sbom = tmp_path / "sbom.json"
    sbom.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                                "components": [{
        "type": "library", "name": name, "version": version, "bom-ref": f"{name}-{version}",
        "cpe": f"cpe:2.3:{'o' if name == 'linux_kernel' else 'a'}:{vendors.get(name, name)}:{name}:"
               f"{version}:*:*:*:*:*:*:*"} for name, version in parts]}))

    def found(home):
        p = run("match", "--json", "--date", NEWEST, sbom, env=home)
        assert p.returncode in (0, 4), p.stderr
        # of several commits that mend a thing on their branches, any may be named
        return {(v["id"], v["component"], v["version"], v["status"], v["severity"],
                 re.sub(r"^[0-9a-f]{12}$", "commit", v["fixed_in"] or ""))
                for v in json.loads(p.stdout)["vulnerabilities"]}
    all_of_it, starter = found(whole), found({"KENSA_HOME": str(tmp_path / "empty")})
    assert len(all_of_it) > 1000
    assert starter == all_of_it
