# SPDX-License-Identifier: Apache-2.0
# FW-01: nearly all of an image is identified, and the rest explained. The witnesses are the sound camera
# and the same with bytes in one area that nothing knows, or that nothing can read.

import random

import pytest

KERNEL_AT, SETTINGS_AT, SETTINGS_BYTES = 0x20000, 0x380000, 0x80000


def verdict(report):
    return next(i for i in report["items"] if i["id"] == "FW-01")["verdict"]


def with_settings(camera, contents):
    """The flash behind the boot loader's settings, the settings area replaced."""
    flash = bytearray(camera().read_bytes())
    if contents:
        flash[SETTINGS_AT:SETTINGS_AT + SETTINGS_BYTES] = contents
    return flash[KERNEL_AT:]


@pytest.mark.parametrize("name,contents,expected", [
    ("whole", b"", "pass"),
    ("unknown", (b"one line of a log\n" * 30000)[:SETTINGS_BYTES], "fail"),
    ("encrypted", random.Random(1).randbytes(SETTINGS_BYTES), "not-tested"),
])
def test_image_is_understood(inspect, camera, tmp_path, name, contents, expected):
    image = tmp_path / f"{name}.bin"
    image.write_bytes(with_settings(camera, contents))
    assert verdict(inspect(image)) == expected
