# SPDX-License-Identifier: Apache-2.0
# The D-Link DNS-320 installer of Debian: a vendor's header, two uImages behind it, at odd places.
# What must be found is read from the image's own headers here, so any version of the package will do.

import gzip
import json
import shutil
import struct
import subprocess
import zlib

import pytest

PACKAGE = "debian-installer-12-netboot-armel"
IMAGE = ("./usr/lib/debian-installer/images/12/armel/kirkwood/network-console/d-link/dns-320/"
         "netboot.img")
KNOWN = "20230607+deb12u15"
UIMAGE_MAGIC, HEADER = 0x27051956, 64


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package, fresh from the registry."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        pytest.skip("no apt here to fetch Debian's installer images with")
    folder = tmp_path_factory.mktemp("netboot")
    try:
        p = subprocess.run(["apt-get", "-q", "-o", "Acquire::Retries=0",
                            "-o", "Acquire::http::Timeout=20", "-o", "APT::Sandbox::User=root",
                            "download", PACKAGE],
                           cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{PACKAGE} could not be fetched within 240 s")
    found = list(folder.glob("*.deb"))
    if p.returncode or not found:
        pytest.skip(f"{PACKAGE} cannot be fetched from Debian's registry: {p.stderr[-200:]}")
    return found[0]


@pytest.fixture(scope="module")
def image(package):
    path = package.parent / "netboot.img"
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as tar:
        with path.open("wb") as out:
            subprocess.run(["tar", "-xO", IMAGE], stdin=tar.stdout, stdout=out, check=True)
    assert path.stat().st_size > 1 << 20
    return path


@pytest.fixture(scope="module")
def facts(run, image):
    p = run("tree", "--json", image)
    assert p.returncode == 0, p.stderr
    return [json.loads(line) for line in p.stdout.splitlines()]


def uimage_at(data, at):
    """(size, name, payload) of the uImage there, both of its CRCs checked."""
    magic, crc, _, size, _, _, data_crc = struct.unpack_from(">7I", data, at)
    head = bytearray(data[at:at + HEADER])
    head[4:8] = bytes(4)
    payload = data[at + HEADER:at + HEADER + size]
    assert magic == UIMAGE_MAGIC and zlib.crc32(head) == crc and zlib.crc32(payload) == data_crc
    return HEADER + size, bytes(head[32:64]).rstrip(b"\0"), payload


def parts_of(data):
    """(offset, length) of the kernel and the ramdisk, as the vendor's header says."""
    kernel_at, kernel_len, ramdisk_at, ramdisk_len = struct.unpack_from("<4I", data)
    return (kernel_at, kernel_len), (ramdisk_at, ramdisk_len)


def test_layout(facts, image):
    data = image.read_bytes()
    names = {f["id"]: f["format"] for f in facts if f["fact"] == "artifact" and "format" in f}
    ranges = [(f.get("at", 0), f["size"], names.get(f.get("artifact"), f["kind"])) for f in facts
              if f["fact"] == "range"]
    kernel, ramdisk = parts_of(data)

    assert data[0x30:0x35] == b"\x55\xaaDNS"
    assert uimage_at(data, kernel[0])[0] == kernel[1]
    assert uimage_at(data, ramdisk[0])[0] == ramdisk[1]
    assert [r for r in ranges if r[2] not in ("padding", "unknown")] == [
        (0, kernel[0], "dlink-nas"), (*kernel, "uimage"), (*ramdisk, "uimage")]
    assert sum(size for _, size, _ in ranges) == len(data)


def test_ramdisk_is_a_cpio(facts, image):
    data = image.read_bytes()
    at = parts_of(data)[1][0]
    payload = gzip.decompress(uimage_at(data, at)[2])
    paths = {f["path"] for f in facts if f["fact"] == "artifact"}
    inside = f"netboot.img!uimage@0x{at:x}!gzip!cpio"

    assert payload[:6] == b"070701" and inside in paths
    # the first names of the archive, read by hand
    names, pos = [], 0
    while len(names) < 50:
        name_len, size = (int(payload[pos + k:pos + k + 8], 16) for k in (94, 54))
        name = payload[pos + 110:pos + 110 + name_len - 1].decode()
        if name == "TRAILER!!!":
            break
        names.append("" if name == "." else name.removeprefix("./").removeprefix("/"))
        pos = (pos + 110 + name_len + 3 & ~3) + size + 3 & ~3
    assert {f"{inside}!/{n}" for n in names if n} <= paths


def test_version_of_the_issue(image, package):
    if KNOWN not in package.name.replace("%2b", "+"):
        pytest.skip(f"{package.name} is not version {KNOWN}")
    assert [at for at, _ in parts_of(image.read_bytes())] == [0x80, 0x28890F]
