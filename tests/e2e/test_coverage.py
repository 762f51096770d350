# SPDX-License-Identifier: Apache-2.0
# FW-01: as much of an image is understood as the item asks for. The witness that fails has bytes in its
# place that nothing can read.

import random


def item(report):
    return next(i for i in report["items"] if i["id"] == "FW-01")


def test_sound_is_understood(inspect, camera):
    found = item(inspect(camera()))
    assert found["verdict"] == "pass", found["because"]


def test_unreadable_image_is_no_pass(inspect, camera, tmp_path):
    dump = bytearray(camera().read_bytes())
    dump[0x380000:0x400000] = random.Random(1).randbytes(0x80000)
    image = tmp_path / "opaque.bin"
    image.write_bytes(dump)
    assert item(inspect(image))["verdict"] in ("fail", "inconclusive")
