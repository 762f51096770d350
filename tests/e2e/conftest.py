# SPDX-License-Identifier: Apache-2.0
# What the end-to-end tests share: the built kensa, a home of its own, and the example camera.

import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATE = "2026-01-15"
CAMERA = ROOT / "examples/camera/build.sh"
ALL_FLAWS = tuple(subprocess.run([CAMERA, "--flaws"], check=True, capture_output=True,
                                 text=True).stdout.split())


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes; runs with KENSA_LONG=1 (make test-long)")


def pytest_collection_modifyitems(items):
    if os.environ.get("KENSA_LONG"):
        return
    for item in items:
        if "long" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="takes minutes: make test-long"))


@pytest.fixture(scope="session")
def kensa():
    """The path of the program under test: $KENSA, or build/kensa."""
    path = pathlib.Path(os.environ.get("KENSA", ROOT / "build" / "kensa")).resolve()
    if not path.exists():
        pytest.fail(f"{path} is not there: build it first (make)")
    return path


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def run(kensa, home, tmp_path_factory):
    """run(*args) calls kensa as a user would and returns the finished process, output as text."""
    folder = tmp_path_factory.mktemp("cwd")

    def call(*args, env=None, cwd=None, timeout=300, program=kensa, **kwargs):
        surroundings = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "KENSA_HOME": str(home / "kensa"),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            **(env or {}),
        }
        return subprocess.run([str(program), *map(str, args)], env=surroundings, cwd=cwd or folder,
                              capture_output=True, text=True, timeout=timeout, check=False,
                              **kwargs)

    return call


@pytest.fixture(scope="session")
def run_bare(run, kensa, tmp_path_factory):
    """As run, of a program without the starter set: where nothing was imported, there is no data."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copy(kensa, folder / "kensa")

    def call(*args, env=None, **kwargs):
        return run(*args, env={"KENSA_CATALOG": str(ROOT / "catalog"), **(env or {})},
                   program=folder / "kensa", **kwargs)

    return call


@pytest.fixture(scope="session")
def inspect(run, tmp_path_factory):
    """inspect(*targets) gives the report document; each set of targets is inspected once."""
    done = {}

    def call(*targets, options=()):
        key = (*map(str, targets), *options)
        if key not in done:
            out = tmp_path_factory.mktemp("report")
            p = run("inspect", "--json", "--date", DATE, "--out", out, *options, *targets)
            # 4: some object was inconclusive, which the document says in detail
            assert p.returncode in (0, 4), f"exit {p.returncode}: {p.stderr}"
            done[key] = json.loads(p.stdout)
        return done[key]

    return call


@pytest.fixture(scope="session")
def camera(tmp_path_factory):
    """camera(*flaws) builds the example with exactly these flaws and gives its path."""
    out = tmp_path_factory.mktemp("camera")
    done = {}

    def build(*flaws):
        if flaws not in done:
            # without a flaw named, the script builds both weak.bin and sound.bin
            named = flaws if flaws != ALL_FLAWS else ()
            subprocess.run([CAMERA, out, *named], check=True, capture_output=True, timeout=120)
            if flaws and flaws != ALL_FLAWS:
                done[flaws] = out / f"{'+'.join(flaws)}.bin"
            else:
                done[ALL_FLAWS] = out / "weak.bin"
                done[()] = out / "sound.bin"
        return done[flaws]

    build.all_flaws = ALL_FLAWS
    return build


@pytest.fixture(scope="session")
def shared():
    """The folder of real firmware and data, where there is one."""
    path = pathlib.Path(os.environ.get("KENSA_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"{path} is not there: tests with real firmware are left out")
    return path
