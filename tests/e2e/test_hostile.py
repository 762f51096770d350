# SPDX-License-Identifier: Apache-2.0
"""What hostile users found: documents, snapshots and data made to confuse those who read them."""

import json
import os
import resource
import subprocess

import pytest

import records

DATE = "2026-11-23"
RECORD = {"id": "CVE-2020-0001", "vulnStatus": "Analyzed", "lastModified": "2020-05-06T00:00:00",
          "descriptions": [{"lang": "en", "value": "text"}],
          "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [
              {"vulnerable": True, "criteria": "cpe:2.3:a:v:p:*:*:*:*:*:*:*:*",
               "versionEndExcluding": "2.0"}]}]}]}


def bom(*components, **more):
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "components": [{"type": "library", "name": n, "version": v} for n, v in components],
            **more}


@pytest.fixture
def call(run, tmp_path):
    def runs(*args, **kwargs):
        return run(*args, "--lang", "en", env={"KENSA_HOME": str(tmp_path / "home")}, **kwargs)
    runs.snapshot = tmp_path / "home/feed.snapshot"
    return runs


@pytest.fixture
def fed(call, tmp_path):
    (tmp_path / "records").write_text(json.dumps(RECORD))
    done = call("feed", "import", tmp_path / "records", "--date", DATE)
    assert done.returncode == 0, done.stderr
    return call


def test_a_snapshot_too_large_is_told(fed, tmp_path):
    (tmp_path / "a.cdx.json").write_text(json.dumps(bom(("p", "1.0"))))
    os.truncate(fed.snapshot, 5 << 30)
    for args in ["match", tmp_path / "a.cdx.json"], ["inspect", tmp_path / "a.cdx.json"]:
        done = fed(*args)
        assert done.returncode == 3, done.stderr
        assert str(fed.snapshot) in done.stderr and "limit" in done.stderr


@pytest.mark.parametrize("before", [
    '"x":' + "[" * 1000 + "]" * 1000, '"x":"\\ud800"', '"\x01":1', '"x":tru', '"x":"\x1f"',
    '"x":' + "[" * 100000 + "]" * 100000], ids=range(6))
@pytest.mark.parametrize("kind", ["cyclonedx", "spdx"])
def test_broken_before_it_says_what_it_is(fed, tmp_path, kind, before):
    rest = (json.dumps(bom(("p", "1.0"))) if kind == "cyclonedx" else
            json.dumps({"spdxVersion": "SPDX-2.3", "packages": [{"name": "p"}]}))
    (tmp_path / "a.json").write_text("{" + before + "," + rest[1:])
    done = fed("match", tmp_path / "a.json")
    assert done.returncode == 3 and "line 1, column" in done.stderr, done.stderr
    done = fed("sbom", tmp_path / "a.json")
    assert done.returncode == 4 and "line 1, column" in done.stderr, "not taken for no document"


@pytest.mark.parametrize("document", [
    {"bomFormat": "CycloneDX", "specVersion": "1.5"}, bom(),
    {"spdxVersion": "SPDX-2.3", "packages": []}], ids=["no list", "empty list", "spdx"])
def test_a_list_of_nothing_is_a_list(fed, tmp_path, document):
    (tmp_path / "a.json").write_text(json.dumps(document))
    done = fed("match", "--json", tmp_path / "a.json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["vulnerabilities"] == []


@pytest.mark.parametrize("variable", ["KENSA_HOME", "XDG_DATA_HOME"])
def test_a_home_that_cannot_be_named_is_not_another(run, tmp_path, variable):
    (tmp_path / "records").write_text(json.dumps(RECORD))
    env = {"KENSA_HOME": "", "HOME": str(tmp_path), variable: "/" + "a" * 5000}
    for args in ["import", tmp_path / "records"], ["status"]:
        done = run("feed", *args, "--lang", "en", env=env)
        assert done.returncode in (2, 3) and variable in done.stderr, done.stderr
    assert not (tmp_path / ".local").exists()


def test_a_full_disk_is_called_so(fed, tmp_path):
    before = fed.snapshot.read_bytes()
    done = fed("feed", "import", tmp_path / "records", "--date", DATE, restore_signals=False,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    assert done.returncode == 3 and "File too large" in done.stderr, done.stderr
    assert fed.snapshot.read_bytes() == before


@pytest.mark.parametrize("streams", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_files_of_ours(fed, kensa, tmp_path, streams):
    """Messages must not go into the first file that is opened."""
    (tmp_path / "bad").write_text("{")
    (tmp_path / "a.cdx.json").write_text(json.dumps(bom(("p", "1.0"))))
    home = fed.snapshot.parent

    def closed(*args):
        return subprocess.run(["sh", "-c", f'"$@" {streams}', "sh", kensa, *args], check=False,
                              env={**os.environ, "KENSA_HOME": str(home)}).returncode

    assert closed("feed", "import", tmp_path / "records") == 0
    assert closed("feed", "import", tmp_path / "records", tmp_path / "bad") == 3
    assert (home / "feed.lock").read_bytes() == b"", "no message went into the lock"
    assert fed("feed", "status", "--check").returncode == 0
    if ">&- 2" in streams:
        assert closed("match", tmp_path / "a.cdx.json") == 3, "output that could not be written"


def test_a_record_that_names_what_it_lacks(fed, tmp_path):
    lost = {**records.component("p", "1.0"), "artifact": 5}
    lost = {k: lost[k] for k in ("fact", "name", "version", "artifact", "method", "confidence")}
    path = records.write(tmp_path / "record.jsonl", [lost])
    for command in "judge", "watch", "vex", "match":
        done = fed(command, path)
        assert done.returncode == 3, done.stderr
        assert "line 2: record: component.artifact: no such artifact" in done.stderr


def test_nothing_to_state_is_said(fed, tmp_path):
    path = records.write(tmp_path / "record.jsonl", [])
    done = fed("vex", path)
    assert done.returncode == 3
    assert "no vulnerability and no decision" in done.stderr and "not found" not in done.stderr
