# SPDX-License-Identifier: Apache-2.0
"""kensa feed import and status: what comes in, what is refused, and that the old data stays."""

import bz2
import fcntl
import gzip
import json
import lzma
import os
import resource
import signal
import subprocess
import time
import zipfile

import pytest

DATE = "2026-11-23"


def record(number, version="2.0", **more):
    return {"id": f"CVE-2020-{number:04}", "vulnStatus": "Analyzed",
            "lastModified": "2020-05-06T00:00:00", "descriptions": [{"lang": "en", "value": "text"}],
            "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [
                {"vulnerable": True, "criteria": f"cpe:2.3:a:v:p{number % 7}:*:*:*:*:*:*:*:*",
                 "versionEndExcluding": version}]}]}], **more}


def page(numbers, **more):
    return json.dumps({"resultsPerPage": 1, "vulnerabilities": [{"cve": record(n)} for n in numbers],
                       **more}, indent=1).encode()


@pytest.fixture
def feed(run, tmp_path):
    """feed(*args) calls kensa feed with a home of the test's own."""
    def call(*args, **kwargs):
        return run("feed", *args, "--date", DATE, env={"KENSA_HOME": str(tmp_path / "home")},
                   **kwargs)
    call.snapshot = tmp_path / "home/feed.snapshot"
    call.home = tmp_path / "home"
    return call


def status(feed, *args):
    done = feed("status", "--json", *args)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_first_import_then_another(feed, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(page(range(100)))
    two.write_bytes(b"\n".join(json.dumps(record(n)).encode() for n in range(50, 150)))
    done = feed("import", one, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "100 records (nvd 100)" in done.stderr
    assert feed("import", two).returncode == 0
    got = status(feed, "--check")
    assert got["sources"] == [{"name": "nvd", "date": "2020-05-06", "records": 150}]
    assert got["advisories"] == 150 and got["date"] == DATE and got["is_verified"]
    assert got["age_days"] == 0 and not got["is_stale"]
    assert got["bytes"] == feed.snapshot.stat().st_size


def test_age_is_told(feed, run, tmp_path):
    (tmp_path / "one").write_bytes(page([1]))
    assert feed("import", tmp_path / "one").returncode == 0
    env = {"KENSA_HOME": str(feed.home)}
    fresh = run("feed", "status", "--date", "2026-11-30", "--lang", "en", env=env)
    stale = run("feed", "status", "--date", "2026-12-01", "--lang", "en", env=env)
    stale_ja = run("feed", "status", "--date", "2026-12-01", "--lang", "ja", env=env)
    assert "7 days ago" in fresh.stdout and "older than" not in fresh.stdout
    assert "8 days ago" in stale.stdout and "older than 7 days" in stale.stdout
    assert "7日より古い" in stale_ja.stdout


def test_no_snapshot_yet(run_bare, tmp_path):
    done = run_bare("feed", "status", "--lang", "en", env={"KENSA_HOME": str(tmp_path)})
    assert done.returncode == 3 and "nothing was imported yet" in done.stderr


def packed_zip(path, data):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a/README", "no record\nat all\n")
        z.writestr("a/one.json", data)


def packed_zst(path, data):
    subprocess.run(["zstd", "-q", "-o", path], input=data, check=True)


@pytest.mark.parametrize("pack", [
    lambda p, d: p.write_bytes(gzip.compress(d[:100]) + gzip.compress(d[100:])),
    lambda p, d: p.write_bytes(bz2.compress(d)), lambda p, d: p.write_bytes(lzma.compress(d)),
    packed_zst, packed_zip], ids=["gz", "bz2", "xz", "zst", "zip"])
def test_packed_files(feed, tmp_path, pack):
    pack(tmp_path / "file", page(range(300)))
    assert feed("import", tmp_path / "file").returncode == 0
    assert status(feed)["advisories"] == 300
    data = (tmp_path / "file").read_bytes()
    before = feed.snapshot.read_bytes()
    (tmp_path / "file").write_bytes(data[:len(data) // 2])
    done = feed("import", tmp_path / "file")
    assert done.returncode == 3 and str(tmp_path / "file") in done.stderr
    assert feed.snapshot.read_bytes() == before


GOOD = page(range(20))
HOSTILE = {
    "cut": (GOOD[:-40], "line"),
    "garbage behind": (GOOD + b" x", "line"),
    "doubled key": (GOOD.replace(b'"vulnStatus"', b'"id"', 1), "twice"),
    "records twice": (GOOD[:-2] + b',"vulnerabilities":[]}', "twice"),
    "deep": (b"[" * 100000, "levels"),
    "deep in a record": (b'[{"id":' + b"[" * 1000 + b"]" * 1000 + b"}]", "levels"),
    "not UTF-8": (GOOD.replace(b"text", b"t\xe9xt", 1), "UTF-8"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "UTF-16"),
    "control": (GOOD.replace(b"text", b"t\x01xt", 1), "control"),
    "empty": (b"", "empty"),
    "blank": (b" \n", "empty"),
    "an executable": (open("/bin/true", "rb").read(), "byte"),
    "prose": (b"Dear customer,\nthere is nothing to worry about.\n", "no known source"),
    "other JSON": (b'{"name":"left-pad","version":"1.0.0"}', "no known source"),
    "XML bomb": (b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 100 + b'">]><VULDEF-Document>&b;</VULDEF-Document>',
                 "document type"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(feed, tmp_path, name):
    data, words = HOSTILE[name]
    (tmp_path / "good").write_bytes(GOOD)
    assert feed("import", tmp_path / "good").returncode == 0
    before = feed.snapshot.read_bytes()
    (tmp_path / "bad").write_bytes(data)
    done = feed("import", tmp_path / "good", tmp_path / "bad", "--lang", "en")
    assert done.returncode == 3, done.stderr
    assert str(tmp_path / "bad") in done.stderr and words in done.stderr
    assert feed.snapshot.read_bytes() == before
    assert [p.name for p in feed.home.iterdir() if p.name.endswith(".new")] == []


def test_place_of_a_fault_is_told(feed, tmp_path):
    lines = [json.dumps(record(n)).encode() for n in range(200)]
    lines[150] = lines[150].replace(b"true", b"tru", 1)
    (tmp_path / "bad").write_bytes(b"\n".join(lines))
    at = (tmp_path / "bad").read_bytes().index(b"tru,")
    done = feed("import", tmp_path / "bad", "--jobs", "3", "--lang", "en")
    assert done.returncode == 3
    assert f"line 151, byte {at}" in done.stderr


def test_odd_records_are_counted(feed, tmp_path):
    odd = [record(1), {"id": "CVE-2020-2 or so", "vulnStatus": "x"}, {"what": "ever"},
           record(3, version="!!!"), record(4, big=2**80)]
    (tmp_path / "odd").write_text(json.dumps(odd))
    done = feed("import", tmp_path / "odd", "--lang", "en")
    assert done.returncode == 0
    for words in "without a usable id: 1", "no known source: 1", "cannot be compared: 1", "(nvd 3)":
        assert words in done.stderr


def test_same_bytes_whatever_the_workers(feed, tmp_path):
    (tmp_path / "many").write_bytes(page(range(3000)))
    seen = set()
    for jobs in "1", "2", "7":
        feed.snapshot.unlink(missing_ok=True)
        assert feed("import", tmp_path / "many", "--jobs", jobs).returncode == 0
        seen.add(feed.snapshot.read_bytes())
    assert len(seen) == 1


def test_packages_of_one_vulnerability_are_joined(feed, tmp_path):
    (tmp_path / "debian").write_text(json.dumps({
        p: {"CVE-2022-0001": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1"}}}}
        for p in ("openssl", "zlib", "curl")}))
    for release in "v3.17", "v3.18":
        (tmp_path / release).write_text(json.dumps({"distroversion": release, "packages": [
            {"pkg": {"name": "busybox", "secfixes": {"1.1-r2": ["CVE-2022-0001"]}}}]}))
    done = feed("import", tmp_path / "debian", tmp_path / "v3.17", tmp_path / "v3.18")
    assert done.returncode == 0, done.stderr
    got = status(feed)
    assert {s["name"]: s["records"] for s in got["sources"]} == {"debian": 1, "alpine": 1}
    assert got["advisories"] == 1 and got["products"] == 5 and got["claims"] == 10


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted(feed, kensa, tmp_path, how):
    (tmp_path / "good").write_bytes(GOOD)
    assert feed("import", tmp_path / "good").returncode == 0
    before = feed.snapshot.read_bytes()
    (tmp_path / "many").write_bytes(b"\n".join(json.dumps(record(n % 9999)).encode()
                                               for n in range(200000)))
    process = subprocess.Popen([kensa, "feed", "import", tmp_path / "many"],
                               env={**os.environ, "KENSA_HOME": str(feed.home)},
                               stderr=subprocess.PIPE)
    time.sleep(0.3)
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode in (4, -signal.SIGKILL)
    assert feed.snapshot.read_bytes() == before
    assert feed("import", tmp_path / "good").returncode == 0, "the lock is free again"


def test_full_disk(feed, kensa, tmp_path):
    (tmp_path / "good").write_bytes(GOOD)
    assert feed("import", tmp_path / "good").returncode == 0
    before = feed.snapshot.read_bytes()
    done = subprocess.run([kensa, "feed", "import", tmp_path / "good"], capture_output=True,
                          env={**os.environ, "KENSA_HOME": str(feed.home)}, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
                          restore_signals=False)
    assert done.returncode == 3, done.stderr
    assert feed.snapshot.read_bytes() == before
    assert not (feed.home / "feed.snapshot.new").exists()


def test_two_at_once(feed, tmp_path):
    (tmp_path / "good").write_bytes(GOOD)
    feed.home.mkdir()
    with open(feed.home / "feed.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = feed("import", tmp_path / "good", "--lang", "en")
        assert done.returncode == 3 and "another process" in done.stderr
    assert feed("import", tmp_path / "good").returncode == 0


@pytest.mark.parametrize("damage", ["cut", "flip", "other"])
def test_damaged_snapshot(feed, tmp_path, damage):
    (tmp_path / "good").write_bytes(GOOD)
    assert feed("import", tmp_path / "good").returncode == 0
    data = bytearray(feed.snapshot.read_bytes())
    if damage == "cut":
        del data[len(data) // 2:]
    elif damage == "flip":
        data[-10] ^= 1
    else:
        data = bytearray(b"something else")
    feed.snapshot.write_bytes(data)
    assert feed("status", "--check").returncode in (3, 5)
    assert feed("import", tmp_path / "good").returncode == 3
    assert feed.snapshot.read_bytes() == data, "a damaged one is not replaced behind one's back"


@pytest.mark.parametrize("args", [["import"], ["status", "x"], ["what"], [],
                                  ["import", "x", "--date", "2026-13-01"],
                                  ["import", "x", "--jobs", "0"]])
def test_used_wrongly(run, args):
    assert run("feed", *args).returncode == 2
