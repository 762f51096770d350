# SPDX-License-Identifier: Apache-2.0
# The cheap half of `make lint` runs with the tests.

import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a git work tree: not a checkout")
@pytest.mark.skipif(not shutil.which("clang-format"), reason="clang-format is not installed")
def test_lint_quick():
    p = subprocess.run([ROOT / "tools/lint.sh", "quick"], capture_output=True, text=True, check=False)
    assert p.returncode == 0, p.stdout
