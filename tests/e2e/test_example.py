# SPDX-License-Identifier: Apache-2.0
# The example camera is built with the same bytes each time, and its two images get different grades.

import hashlib
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORDER = ["none", "bronze", "silver", "gold"]


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_same_bytes_each_time(tmp_path):
    for name in ("first", "second"):
        subprocess.run([ROOT / "examples/camera/build.sh", tmp_path / name], check=True,
                       capture_output=True, timeout=120)
    assert digests(tmp_path / "first") == digests(tmp_path / "second")
    assert sorted(digests(tmp_path / "first")) == ["sound.bin", "weak.bin"]


def test_unknown_flaw_is_refused(tmp_path):
    p = subprocess.run([ROOT / "examples/camera/build.sh", tmp_path, "no-flaw"], check=False,
                       capture_output=True, text=True)
    assert p.returncode != 0 and "no-flaw" in p.stderr
    assert not list(tmp_path.iterdir())


def test_sound_scores_higher(inspect, camera):
    weak, sound = inspect(camera(*camera.all_flaws)), inspect(camera())
    assert weak["score"]["passed"] < sound["score"]["passed"]
    assert weak["score"]["failed"] > sound["score"]["failed"]
    assert ORDER.index(weak["reachable"]) <= ORDER.index(sound["reachable"])
