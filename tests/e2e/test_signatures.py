# SPDX-License-Identifier: Apache-2.0
# The catalogue of signatures as data: how many there are, and that NVD knows the names they claim.

import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "catalog/components"
COMPONENTS = 250


def entries():
    """{name: text of its entry} of all files"""
    found = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for text in re.split(r"^(?=  - name: )", file.read_text(), flags=re.M)[1:]:
            name = re.match(r"  - name: (\S+)", text)[1]
            assert name not in found, f"{name} stands in two files"
            found[name] = text
    return found


@pytest.fixture(scope="session")
def known(shared):
    """{"part:vendor:product"} of the records of NVD"""
    data = shared / "corpus/vulnerabilities/nvd20-merged.jsonl.zst"
    if not data.exists() or not shutil.which("zstdcat"):
        pytest.skip("no NVD records to check names against, or no zstdcat")
    with subprocess.Popen(["zstdcat", data], stdout=subprocess.PIPE) as records:
        names = subprocess.run(["grep", "-oE", r"cpe:2\.3:[aoh]:[^:\"]+:[^:\"]+"], check=True,
                               stdin=records.stdout, capture_output=True, text=True,
                               env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout
    return {line[len("cpe:2.3:"):] for line in set(names.splitlines())}


def test_there_are_enough():
    assert len(entries()) >= COMPONENTS


def test_every_entry_can_be_found_by_something():
    for name, text in entries().items():
        assert re.search(r"^    (?:packages|patterns|names):", text, re.M), name


def test_nvd_knows_every_name(known):
    unknown = [f"{name}: {cpe}" for name, text in entries().items()
               for cpe in re.findall(r"'([aoh]:[^']*)'", "".join(re.findall(r"^    cpe: .*", text, re.M)))
               if cpe not in known]
    assert not unknown, "\n".join(unknown)
