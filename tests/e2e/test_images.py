# SPDX-License-Identifier: Apache-2.0
# Facts of real firmware, known from other tools and by hand: what kensa has to find, and what it must not.

import hashlib
import json
import os
import random
import re
import time

import pytest

DATE = "2026-01-15"
DIGOO = "digoo-full-8M.bin"
SPYCAM = "spycam-full.bin"
ESCAM = "escamg02-full-8M.bin"
TPLINK = "tplink-wr841nv14-US-210203-rel37242.bin"
OPENWRT = "openwrt-wr841nv14-tftp-recovery.bin"
ARCHER = "tplink-archer-d7-modem-flashdump.bin"
IMAGES = (DIGOO, SPYCAM, ESCAM, TPLINK, OPENWRT, ARCHER)
REPORTS = ("record.jsonl", "report.json", "report.html", "findings.sarif", "sbom.cdx.json")
TREE_SECONDS = 20
SAMPLE = 12


class Report:
    """What one inspection wrote, with artifacts named by their path inside the image."""

    def __init__(self, folder, stdout):
        self.folder = folder
        self.stdout = stdout
        self.doc = json.loads((folder / "report.json").read_text())
        lines = (folder / "record.jsonl").read_text().splitlines()
        self.record = [json.loads(line) for line in lines]
        self.places = {a["id"]: a["path"].partition("!")[2] for a in self.doc["artifacts"]}

    def findings(self, rule):
        """(place, evidence) of the findings of a rule"""
        return [(self.places[f["artifact"]], f["evidence"])
                for f in self.doc["findings"] if f["rule"] == rule]

    def places_of(self, rule):
        return {place for place, _ in self.findings(rule)}

    def versions(self, name):
        return {c["version"] for c in self.doc["components"] if c["name"] == name}

    def homes(self, name, version):
        return {self.places[i] for c in self.doc["components"]
                if c["name"] == name and c["version"] == version for i in c["found_in"]}

    def inside(self, place):
        return [p for p in self.places.values() if p.startswith(place + "!/")]

    def at(self, offset):
        """(format, size, verified_by) of the range that begins at offset"""
        kinds = {a["id"]: a["format"] for a in self.doc["artifacts"]}
        for r in self.doc["ranges"]:
            if r["at"] == offset and r["kind"] == "identified":
                return kinds[r["artifact"]], r["size"], r["verified_by"]
        return None

    def item(self, name):
        return next(i for i in self.doc["items"] if i["id"] == name)

    def verdict(self, name):
        return self.item(name)["verdict"]

    def skipped(self, subject):
        return [f for f in self.record if f["fact"] == "skip" and f["subject"] == subject]


@pytest.fixture(scope="session")
def firmware(shared):
    return shared / "corpus" / "firmware"


@pytest.fixture(scope="session")
def report(run, firmware, tmp_path_factory):
    """report(name, jobs) inspects an image of the corpus, once for each number of jobs."""
    done = {}

    def call(name, jobs=None):
        if (name, jobs) not in done:
            out = tmp_path_factory.mktemp("image")
            options = ("--jobs", jobs) if jobs else ()
            p = run("inspect", "--json", "--date", DATE, "--out", out, *options, firmware / name)
            assert p.returncode in (0, 4), f"exit {p.returncode}: {p.stderr}"
            done[name, jobs] = Report(out, p.stdout)
        return done[name, jobs]

    return call


# --- the six images ---


def test_digoo_layout(report):
    r = report(DIGOO)
    assert r.at(0x40000)[0] == "uimage"
    assert r.at(0x40000)[2] == "header and data CRC-32"
    assert "uimage@0x40000!gzip!data" in r.places.values()
    assert r.versions("linux_kernel") == {"3.10.14"}
    assert r.at(0x260000)[0] == "squashfs" and "xz" in r.at(0x260000)[2]
    assert len(r.inside("squashfs@0x260000")) == 440
    assert r.at(0x5E0000)[0] == "jffs2"
    tree = [p for p in r.inside("jffs2@0x5e0000") if p.count("!") == 1]
    assert len(tree) == 58
    boot = [x for x in r.doc["ranges"] if x["at"] < 0x40000]
    assert boot[-1]["at"] + boot[-1]["size"] == 0x40000
    assert {x["kind"] for x in boot} == {"identified", "padding"}


def test_digoo_components(report):
    r = report(DIGOO)
    assert r.versions("busybox") == {"1.22.1"}
    assert r.versions("openssl") == {"0.9.8g"}
    assert r.versions("wpa_supplicant") == {"0.7.3"}
    assert r.versions("u-boot") == {"2013.07"}


def test_digoo_secrets(report):
    r = report(DIGOO)
    (place, evidence), = r.findings("fixed-password")
    assert place == "squashfs@0x260000!/etc/passwd" and "user root" in evidence
    assert r.places_of("plain-password") == {"jffs2@0x5e0000!/param/login.cgi"}
    (place, evidence), = r.findings("private-key")
    assert place == "jffs2@0x5e0000!/www/pem/ck.pem"
    assert "RSA" in evidence and "2048 bits" in evidence
    assert r.verdict("FW-03") == "fail" and r.verdict("FW-28") == "fail"


def test_digoo_services(report):
    r = report(DIGOO)
    telnet = [p for p, e in r.findings("dangerous-service") if e.startswith("telnet")]
    assert telnet == ["squashfs@0x260000!/etc/init.d/rcS"]
    # inetd.conf offers tftp, but nothing starts inetd
    assert r.places_of("dangerous-service") == {"squashfs@0x260000!/etc/init.d/rcS"}


def test_spycam(report):
    r = report(SPYCAM)
    assert r.at(0x40000)[0] == "uimage" and "uimage@0x40000!lzma!data" in r.places.values()
    assert r.at(0x2C0000)[0] == "squashfs" and r.at(0x4C0000)[0] == "jffs2"
    assert r.findings("empty-password") == \
        [("squashfs@0x2c0000!/etc/shadow", "user root, empty password")]
    telnet = [p for p, e in r.findings("dangerous-service") if e.startswith("telnet")]
    assert sorted(telnet) == ["jffs2@0x4c0000!/init/app_init.sh",
                              "squashfs@0x2c0000!/etc/init.d/rcS"]
    # the JFFS2 holds settings: it has an /etc, but its /bin is empty
    subjects = {c["subject"]: c["seen"] for c in r.doc["coverage"]}
    assert subjects["root-filesystems"] == 1 and subjects["settings-areas"] == 1


def test_escam_layout(report):
    r = report(ESCAM)
    assert r.at(0x40000)[0] == "zimage"
    assert "zimage@0x40000!payload!data" in r.places.values()
    assert r.at(0x190000)[0] == "squashfs" and r.at(0x360000)[0] == "squashfs"
    assert r.at(0x660000)[0] == "jffs2"
    assert "jffs2@0x660000!/config_user.ini" in r.places.values()
    assert not r.skipped("objects"), "every JFFS2 file is read, LZO nodes too"


def test_escam_payload_place(report, firmware):
    r = report(ESCAM)
    data = (firmware / ESCAM).read_bytes()
    payload = next(a for a in r.doc["artifacts"] if a["path"].endswith("zimage@0x40000!payload"))
    assert data[0x43A94:0x43A9A] == b"\xfd7zXZ\0"
    piece = data[0x43A94:0x43A94 + payload["size"]]
    assert hashlib.sha256(piece).hexdigest() == payload["sha256"]


def test_escam_facts(report):
    r = report(ESCAM)
    assert r.versions("busybox") == {"1.18.1"}
    assert r.versions("openssl") == {"1.0.1e"}
    users = [e for p, e in r.findings("plain-password") if p == "jffs2@0x660000!/config_user.ini"]
    assert [re.search("user ([a-z]+)", e)[1] for e in users] == ["admin", "user", "guest"]
    assert not [p for p in r.places_of("private-key") if "wpa_supplicant" in p]
    assert r.verdict("FW-02") == "pass"


def test_tplink_layout(report):
    r = report(TPLINK)
    assert r.at(0x10400)[0] == "lzma"
    assert r.at(0x100200)[0] == "squashfs" and "xz" in r.at(0x100200)[2]
    assert r.at(0x9904) is None


def test_tplink_facts(report):
    r = report(TPLINK)
    bak = "squashfs@0x100200!/etc/passwd.bak"
    assert (bak, "user admin has user id 0") in r.findings("extra-root")
    assert bak in r.places_of("fixed-password")
    for name, version in (("busybox", "1.19.2"), ("dropbear", "2012.55"), ("pppd", "2.4.5"),
                          ("xl2tpd", "1.1.12")):
        assert r.versions(name) == {version}, name
    assert r.homes("openssl", "0.9.8zh") == {"squashfs@0x100200!/lib/libgdpr.so"}
    assert not r.versions("vsftpd") and not r.versions("zebra")
    # cos, the maker's manager, runs commands of its own: the scripts do not show all services
    assert [r.places[s["artifact"]] for s in r.skipped("services")] == \
        ["squashfs@0x100200!/usr/bin/cos"]
    assert r.verdict("FW-13") == "inconclusive" and r.verdict("FW-21") == "inconclusive"


def test_openwrt(report):
    r = report(OPENWRT)
    packages = [c for c in r.doc["components"] if c["method"] == "opkg-database"]
    assert len(packages) == 76
    assert r.findings("empty-password") == \
        [("squashfs@0x1971a8!/etc/shadow", "user root, empty password")]
    assert not r.findings("elf-no-relro") and r.verdict("FW-10") == "pass"
    assert r.verdict("FW-13") == "pass"
    # etc/dropbear holds a key of no bytes until the first start
    assert not r.findings("private-key") and not r.findings("host-key")
    # the kernel's own vDSO is no program that NX could be missing from
    assert not r.skipped("elf-nx")


def test_archer(report):
    r = report(ARCHER)
    assert r.at(0x10100)[0] == "squashfs"
    assert len(r.inside("squashfs@0x10100")) == 333
    objects = next(c for c in r.doc["coverage"] if c["subject"] == "objects")
    assert objects["seen"] == objects["total"] and not r.skipped("objects")
    # inetd.conf offers ftp and telnet, but the line that starts inetd is a comment
    assert not r.findings("dangerous-service")
    assert r.verdict("FW-13") == "inconclusive"
    # etc/passwd leads to /var, which is filled when the device runs
    assert r.verdict("FW-04") == "inconclusive" and r.verdict("FW-05") == "inconclusive"


@pytest.mark.parametrize("name, objects", [
    (DIGOO, [(0, "uboot"), (0x6800, "uboot"), (0x3C000, "ubootenv"), (0x40000, "uimage"),
             (0x260000, "squashfs"),
             (0x5E0000, "jffs2")]),
    (SPYCAM, [(0, "uboot"), (0x6800, "uboot"), (0x40000, "uimage"), (0x2C0000, "squashfs"),
              (0x4C0000, "jffs2")]),
    (ESCAM, [(0, "uboot"), (0x30000, "ubootenv"), (0x40000, "zimage"), (0x190000, "squashfs"), (0x360000, "squashfs"),
             (0x660000, "jffs2")]),
    (TPLINK, [(0, "uboot"), (0x10400, "lzma"), (0x100200, "squashfs")]),
    (OPENWRT, [(0x10200, "lzma"), (0x1971A8, "squashfs")]),
    (ARCHER, [(0x2584, "lzma"), (0x10100, "squashfs"), (0x12D10C, "lzma")]),
])
def test_top_level(report, name, objects):
    """These objects and no false ones, and padding where it lies between them."""
    r = report(name)
    found = [(x["at"], r.at(x["at"])[0]) for x in r.doc["ranges"] if x["kind"] == "identified"]
    assert found == objects
    assert "padding" in {x["kind"] for x in r.doc["ranges"]}


# --- what holds for every image ---


@pytest.mark.parametrize("name", IMAGES)
def test_verdicts_are_supported(report, name):
    """Each pass of the tool names what was looked at; each fail shows a finding or a number."""
    r = report(name)
    cover = {c["subject"]: c for c in r.doc["coverage"]}
    for item in r.doc["items"]:
        if not item["id"].startswith("FW-") or item["decided_by"] == "manual":
            continue
        kinds = {b["kind"] for b in item["because"]}
        if item["verdict"] == "pass":
            assert "covered" in kinds and "not-covered" not in kinds, item
        if item["verdict"] == "fail":
            assert kinds & {"finding", "not-covered"}, item
    if r.verdict("FW-01") == "pass":
        assert cover["image"]["seen"] == cover["image"]["total"]


@pytest.mark.parametrize("name", IMAGES)
def test_no_secret_is_shown(report, firmware, shared, name):
    """Neither key material nor the password that opened a hash is in any output."""
    r = report(name)
    whole = r.stdout + "".join((r.folder / f).read_text() for f in REPORTS)
    assert "PRIVATE KEY-----" not in whole
    for place, evidence in r.findings("fixed-password"):
        assert "candidate" not in evidence, f"{place}: the number in the list tells the password"
    assert not re.search(r"\$1\$[./0-9A-Za-z]*\$", whole), "a hash tells the password"
    if name == DIGOO:
        assert not re.search(r"\bhslwificam\b", whole)


@pytest.mark.parametrize("name", [DIGOO, ESCAM])
def test_jobs_change_nothing(report, name):
    one, four = report(name, 1), report(name, 4)
    for file in REPORTS:
        assert (one.folder / file).read_bytes() == (four.folder / file).read_bytes(), file
    assert one.stdout == four.stdout


@pytest.mark.parametrize("name", IMAGES)
def test_schemas(report, shared, name):
    jsonschema = pytest.importorskip("jsonschema")
    r = report(name)
    schemas = shared / "schemas"
    sarif = json.loads((schemas / "sarif-schema-2.1.0.json").read_text())
    jsonschema.validate(json.loads((r.folder / "findings.sarif").read_text()), sarif)
    bom = json.loads((r.folder / "sbom.cdx.json").read_text())
    schema = json.loads((schemas / f"bom-{bom['specVersion']}.schema.json").read_text())
    store = {}
    for file in ("spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"):
        neighbour = json.loads((schemas / file).read_text())
        store[neighbour["$id"]] = neighbour
        store[schema["$id"].rsplit("/", 1)[0] + "/" + file] = neighbour
    resolver = jsonschema.RefResolver.from_schema(schema, store=store)
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(bom)


def corpus(firmware):
    lines = (firmware / "MANIFEST.tsv").read_text().splitlines()
    return [line.split("\t")[0] for line in lines[1:] if line]


def test_every_image_has_a_tree(run, firmware):
    """No image stops kensa; the ranges follow each other from the first to the last byte."""
    names = corpus(firmware)
    if not os.environ.get("KENSA_LONG"):
        names = sorted(random.Random(DATE).sample(names, SAMPLE))
    begin = time.monotonic()
    for name in names:
        path = firmware / name
        p = run("tree", "--json", path, timeout=TREE_SECONDS)
        assert p.returncode in (0, 4), f"{name}: exit {p.returncode}: {p.stderr}"
        at = 0
        facts = [json.loads(line) for line in p.stdout.splitlines()]
        for r in (f for f in facts if f["fact"] == "range"):
            assert r.get("at", 0) == at, f"{name}: a gap or an overlap at {at:#x}"
            assert r["size"] > 0, name
            at += r["size"]
        assert at == path.stat().st_size, f"{name}: the ranges end at {at:#x}"
    if not os.environ.get("KENSA_LONG"):
        assert time.monotonic() - begin < 60
