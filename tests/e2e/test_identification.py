# SPDX-License-Identifier: Apache-2.0
# Real stripped programs of packages whose version stands in the file's name: found, and no other version.

import json
import re

import pytest

# what the file is called, and what its program is called
NAMES = {"avahi-dbus-daemon": "avahi", "iptables-nftables-compat": "iptables",
         "libopenssl1.1": "openssl", "mosquitto-nossl": "mosquitto", "u-boot-rpi": "u-boot"}
ROM = "esptool-esp_idf_blink_esp32s2.bin"


@pytest.fixture(scope="module")
def firmware(shared):
    return shared / "corpus/firmware"


@pytest.fixture
def components(run):
    def call(target):
        p = run("sbom", "--quiet", target)
        assert p.returncode in (0, 4), p.stderr
        return {(c["name"], c.get("version", "")) for c in json.loads(p.stdout)["components"]}

    return call


def named(file):
    """(component, version) as the file's name has it: curl_7.66.0-3_x86_64.ipk is curl 7.66.0"""
    name, version = re.match(r"(.+?)[_-](\d[\w.]*?)(?:\+dfsg\d)?-", file.name).groups()
    return NAMES.get(name, name), version


def test_programs_of_packages(firmware, components):
    files = sorted((firmware / "cbt").iterdir())
    assert len(files) == 10
    for file in files:
        assert components(file) == {named(file)}, file.name


def test_an_esp_idf_application(firmware, components):
    # as `strings` shows the fields of its descriptor
    assert components(firmware / "esp" / ROM) >= {
        ("esp-idf", "5.0-beta1"), ("blink", "qa-test-v5.0-20220830-4-g4532e6")}
