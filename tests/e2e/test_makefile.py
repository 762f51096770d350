# SPDX-License-Identifier: Apache-2.0
# The front door: what `make inspect` makes of kensa's exit codes, what it says without a registry.

import gzip
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def make(kensa, tmp_path_factory):
    """make(target, options): `make inspect` of it, with the program under test."""
    if not (kensa.parent / "build.ninja").exists():
        pytest.skip(f"{kensa} is not in a build folder")
    out = tmp_path_factory.mktemp("report")

    def call(target, *options):
        words = " ".join(["--out", str(out), *options])
        return subprocess.run(["make", "--no-print-directory", "-C", ROOT, "inspect",
                               f"BUILD={kensa.parent}", f"TARGET={target}", f"INSPECT={words}"],
                              capture_output=True, text=True, check=False, timeout=300,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})

    return call


def test_incomplete_is_no_broken_build(make, tmp_path):
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"".join(b"%d\n" % n for n in range(5000)))[:-9])
    p = make(tmp_path / "cut.gz")
    assert p.returncode == 0, p.stderr
    assert p.stderr.splitlines()[-1].startswith("kensa: exit code 4: incomplete")


def test_done(make, camera):
    p = make(camera())
    assert p.returncode == 0, p.stderr
    assert p.stderr.splitlines()[-1].startswith("kensa: exit code 0: done")


def test_below_the_grade_asked_for_fails(make, tmp_path):
    (tmp_path / "plain.txt").write_text("nothing to see\n")
    p = make(tmp_path / "plain.txt", "--require", "gold")
    assert p.returncode != 0 and "kensa: exit code 1: below --require" in p.stderr


def test_target_that_is_not_there_fails(make, tmp_path):
    p = make(tmp_path / "none.bin")
    assert p.returncode != 0 and "none.bin: not found" in p.stderr
    assert "kensa: exit code 3: " in p.stderr


def test_packages_without_a_registry(tmp_path):
    """apt that reaches nothing: the message names what is missing, in both languages"""
    (tmp_path / "bin").mkdir()
    for name, body in (("apt-get", "exit 100"), ("sudo", 'exec "$@"'), ("dpkg-query", "exit 1")):
        tool = tmp_path / "bin" / name
        tool.write_text(f"#!/bin/sh\n{body}\n")
        tool.chmod(0o755)
    (tmp_path / "list").write_text("build no-such-one\nrun no-such-two\ntest other\n")
    p = subprocess.run([ROOT / "tools/install-packages.sh", "build", "run"], check=False,
                       capture_output=True, text=True,
                       env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin",
                            "KENSA_PACKAGES": str(tmp_path / "list")})
    assert p.returncode == 1
    assert "missing packages: no-such-one no-such-two\n" in p.stderr and "other" not in p.stderr
    assert "apt-get install no-such-one no-such-two" in p.stderr
    assert "足りないパッケージ" in p.stderr
