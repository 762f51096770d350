# SPDX-License-Identifier: Apache-2.0
# Signatures proved on programs of Debian 12: the package's version is the truth, and kensa sees the files alone.

import collections
import fnmatch
import json
import os
import pathlib
import random
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name("debian_components.tsv")
ARCHITECTURES = ("amd64", "arm64", "armhf")
MIRROR = os.environ.get("KENSA_DEBIAN_MIRROR", "http://deb.debian.org/debian")
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
CACHE_BYTES = 600 * 1024 * 1024
BATCH = 40
SAMPLE = 5
SEED = int(os.environ.get("KENSA_SEED", "12"))
FOUND_PERCENT = 95

Row = collections.namedtuple("Row", "component package path")


def rows():
    lines = [l.split("\t") for l in LIST.read_text().splitlines() if l and not l.startswith("#")]
    return [Row(*fields) for fields in lines]


def upstream(version):
    """What the makers called it: 1:1.2.13.dfsg-1 is 1.2.13."""
    version = version.partition(":")[2] or version
    version = version.rpartition("-")[0] or version
    version = re.split(r"[+.~](?:dfsg|ds|really|repack|nmu|git)", version)[0]
    return version.removesuffix("-stable")


class Mirror:
    """Packages by apt, with settings and a state of its own: this machine's stay as they are."""

    def __init__(self, folder):
        self.folder = folder
        for part in ("etc", "state/lists/partial", "cache/archives/partial", "packages"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "state/status").touch()
        (folder / "etc/sources.list").write_text(f"deb [signed-by={KEYS}] {MIRROR} bookworm main\n")

    def apt(self, architectures, *command, timeout):
        settings = {"Dir": self.folder, "Dir::Etc": self.folder / "etc",
                    "Dir::Etc::sourcelist": self.folder / "etc/sources.list",
                    "Dir::Etc::sourceparts": "/dev/null", "Dir::State": self.folder / "state",
                    "Dir::State::status": self.folder / "state/status",
                    "Dir::Cache": self.folder / "cache", "APT::Architecture": architectures[0],
                    "Acquire::Languages": "none", "Acquire::Retries": "1",
                    "Acquire::http::Timeout": "20"}
        options = [f"-o{key}={value}" for key, value in settings.items()]
        options += [f"-oAPT::Architectures::={a}" for a in architectures]
        return subprocess.run(["apt-get", *options, *command], cwd=self.folder / "packages",
                              env={**os.environ, "APT_CONFIG": "/dev/null", "LC_ALL": "C.UTF-8"},
                              capture_output=True, text=True, timeout=timeout, check=False)

    def update(self, architectures):
        wanted = {a: list(self.folder.glob(f"state/lists/*binary-{a}_Packages*"))
                  for a in architectures}
        if all(wanted.values()):
            return
        p = self.apt(architectures, "update", timeout=300)
        if p.returncode or "Err:" in p.stdout:
            pytest.skip(f"{MIRROR} cannot be reached: {(p.stderr or p.stdout).strip()[-200:]}")

    def kept(self, package, architecture):
        """The package's file of that architecture, where it is in the cache."""
        found = sorted(self.folder.glob(f"packages/{package}_*_{architecture}.deb"))
        return found[-1] if found else None

    def fetch(self, wanted):
        missing = [f"{p}:{a}" for p, a in wanted if not self.kept(p, a)]
        for i in range(0, len(missing), BATCH):
            p = self.apt(ARCHITECTURES, "download", *missing[i:i + BATCH], timeout=600)
            if p.returncode:
                pytest.skip(f"packages cannot be fetched: {p.stderr.strip()[-200:]}")
        self.bound()

    def bound(self):
        """The oldest packages go when the cache is too large."""
        kept = sorted(self.folder.glob("packages/*.deb"), key=lambda f: f.stat().st_atime)
        size = sum(f.stat().st_size for f in kept)
        while size > CACHE_BYTES and kept:
            size -= kept[0].stat().st_size
            kept.pop(0).unlink()


@pytest.fixture(scope="session")
def mirror(kensa):
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not there: no packages to prove signatures on")
    if not pathlib.Path(KEYS).exists():
        pytest.skip(f"{KEYS} is not there: packages could not be trusted")
    given = os.environ.get("KENSA_DEBIAN_CACHE")
    return Mirror(pathlib.Path(given).resolve() if given else kensa.parent / "debian-packages")


@pytest.fixture(scope="session")
def identify(run, tmp_path_factory):
    """identify(deb) gives the package's version and [(component, version, place)] of its files."""

    def call(deb):
        folder = tmp_path_factory.mktemp("tree")
        subprocess.run(["dpkg-deb", "-x", deb, folder], check=True, capture_output=True)
        # man pages and the like are text: they hold no component, only time
        for part in ("usr/share/man", "usr/share/doc", "usr/share/locale"):
            shutil.rmtree(folder / part, ignore_errors=True)
        assert not (folder / "var/lib/dpkg").exists()
        version = subprocess.run(["dpkg-deb", "-f", deb, "Version"], check=True,
                                 capture_output=True, text=True).stdout.strip()
        p = run("sbom", "--quiet", folder)
        assert p.returncode in (0, 4), p.stderr
        found = [(c["name"], c.get("version", ""), o["location"].partition("!/")[2].split(" (")[0])
                 for c in json.loads(p.stdout).get("components", ())
                 for o in c.get("evidence", {}).get("occurrences", ())]
        shutil.rmtree(folder)
        return upstream(version), found

    return call


def judge(row, truth, found):
    """("found" | "missed" | "wrong", what was seen)"""
    versions = {(name, version) for name, version, _ in found if version}
    if any(version != truth for _, version in versions):
        return "wrong", versions
    there = [place for name, version, place in found if (name, version) == (row.component, truth)]
    if any(fnmatch.fnmatch(place, row.path) for place in there):
        return "found", versions
    return "missed", found


def prove(chosen, mirror, identify, least_percent):
    mirror.update(ARCHITECTURES)
    counts = collections.Counter()
    said = []
    mirror.fetch(sorted({(r.package, a) for r, a in chosen}))
    for row, architecture in chosen:
        deb = mirror.kept(row.package, architecture)
        assert deb, f"{row.package} of {architecture} was fetched and is not there"
        truth, found = identify(deb)
        verdict, seen = judge(row, truth, found)
        counts[verdict] += 1
        if verdict != "found":
            said.append(f"{architecture} {row.component} {truth}: {verdict}: {seen}")
    report = f"{dict(counts)} of {len(chosen)}\n" + "\n".join(said)
    print(report)
    assert counts["wrong"] == 0, report
    assert counts["found"] * 100 >= least_percent * len(chosen), report


def test_the_list_is_long_and_known(kensa):
    listed = rows()
    signatures = "".join(f.read_text() for f in (ROOT / "catalog/components").glob("*.yaml"))
    names = set(re.findall(r"^  - name: (\S+)$", signatures, re.M))
    assert len({r.component for r in listed}) == len(listed) >= 100
    assert {r.component for r in listed} <= names


def test_judge_can_fail():
    row = Row("zlib", "zlib1g", "lib/*/libz.so.*")
    right = ("zlib", "1.2.13", "lib/x/libz.so.1.2.13")
    assert judge(row, "1.2.13", [right])[0] == "found"
    assert judge(row, "1.2.13", [right, ("zlib", "1.2.11", "lib/x/y")])[0] == "wrong"
    assert judge(row, "1.2.13", [right, ("other", "1.0", "lib/x/y")])[0] == "wrong"
    assert judge(row, "1.2.13", [("zlib", "1.2.13", "bin/x")])[0] == "missed"
    assert judge(row, "1.2.13", [("zlib", "", "lib/x/libz.so.1.2.13")])[0] == "missed"
    assert judge(row, "1.2.13", [])[0] == "missed"


def test_a_few_packages(mirror, identify):
    lot = random.Random(SEED)
    chosen = [(row, lot.choice(ARCHITECTURES)) for row in lot.sample(rows(), SAMPLE)]
    prove(chosen, mirror, identify, FOUND_PERCENT - 100 // SAMPLE)


@pytest.mark.long
def test_every_package_on_three_architectures(mirror, identify):
    chosen = [(row, a) for a in ARCHITECTURES for row in rows()]
    prove(chosen, mirror, identify, FOUND_PERCENT)
