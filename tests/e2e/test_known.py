# SPDX-License-Identifier: Apache-2.0
# Known-vulnerability diagnosis from outside: small feeds, small records, and what comes of them.
# Every item that it decides has two witnesses here, differing only in the flaw.

import json

import pytest

import records
from records import DATE, built, component, coverage, decision

FRESH = "2025-07-30"  # within a week of the inspection
BUSYBOX = "cpe:2.3:a:busybox:busybox:{}:*:*:*:*:*:*:*"
OPENSSL = "cpe:2.3:a:openssl:openssl:{}:*:*:*:*:*:*:*"
KERNEL = "cpe:2.3:o:linux:linux_kernel:{}:*:*:*:*:*:*:*"


def cpe(name, **bounds):
    return {"vulnerable": True, "criteria": name, **bounds}


def nvd(cve, *matches, score=9.8, published="2024-05-01", status="Analyzed", **more):
    """A record of NVD 2.0."""
    metrics = {} if score is None else {"cvssMetricV31": [{
        "source": "nvd@nist.gov", "type": "Primary",
        "cvssData": {"version": "3.1", "baseScore": score,
                     "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}]}
    return {"cve": {"id": cve, "published": published + "T00:00:00.000", "vulnStatus": status,
                    "descriptions": [{"lang": "en", "value": "x"}], "metrics": metrics,
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False,
                                                   "cpeMatch": list(matches)}]}], **more}}


def below(name, version):
    return cpe(name.format("*"), versionEndExcluding=version)


@pytest.fixture
def feed(run, tmp_path_factory):
    """feed(records, other=document…) imports them and gives the home."""
    def make(*cves, date=FRESH, kev=(), osv=()):
        home = tmp_path_factory.mktemp("feed")
        files = [home / "nvd.json", home / "kev.json"]
        files[0].write_text(json.dumps({
            "resultsPerPage": len(cves), "startIndex": 0, "totalResults": len(cves),
            "format": "NVD_CVE", "version": "2.0", "vulnerabilities": list(cves)}))
        files[1].write_text(json.dumps({
            "title": "CISA Catalog of Known Exploited Vulnerabilities",
            "catalogVersion": "2025.07.30", "dateReleased": "2025-07-30T00:00:00.0000Z",
            "count": len(kev), "vulnerabilities": [
                {"cveID": k, "vendorProject": "x", "product": "x", "vulnerabilityName": "x",
                 "dateAdded": "2025-01-02", "shortDescription": "x", "requiredAction": "x",
                 "dueDate": "2025-01-20", "knownRansomwareCampaignUse": "Unknown"}
                for k in kev]}))
        for n, document in enumerate(osv):
            files.append(home / f"osv{n}.json")
            files[-1].write_text(json.dumps(document))
        p = run("feed", "import", "--date", date, *files, env={"KENSA_HOME": str(home)})
        assert p.returncode == 0, p.stderr
        return home
    return make


@pytest.fixture
def match(run, tmp_path):
    def call(home, *facts, date=DATE):
        record = records.write(tmp_path / "record.jsonl", facts, date)
        p = run("match", "--json", record, env={"KENSA_HOME": str(home)})
        assert p.returncode in (0, 4), p.stderr
        return json.loads(p.stdout)
    return call


@pytest.fixture
def judge(run, tmp_path):
    """judge(home, *facts) gives {item: verdict} and the report."""
    def call(home, *facts, date=DATE, cpe=""):
        record = records.write(tmp_path / "record.jsonl", facts, date, cpe)
        p = run("judge", "--json", "--out", tmp_path / "out", record,
                env={"KENSA_HOME": str(home)})
        assert p.returncode in (0, 4), p.stderr
        report = json.loads(p.stdout)
        return {i["id"]: i["verdict"] for i in report["items"]}, report
    return call


def one(found):
    assert len(found["vulnerabilities"]) == 1, found["vulnerabilities"]
    return found["vulnerabilities"][0]


def busybox(version="1.33.0"):
    return component("busybox", version, cpe=BUSYBOX.format(version or "*"))


# --- status, reason, mend ---

def test_affected(feed, match):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")))
    found = match(home, busybox())
    v = one(found)
    assert (v["status"], v["severity"], v["cvss"]) == ("affected", "critical", 9.8)
    assert v["fixed_in"] == "1.34.0" and v["because"] == "nvd [,1.34.0)" and v["kev"] is None
    assert found["feed"]["date"] == FRESH and len(found["feed"]["sha256"]) == 64


@pytest.mark.parametrize("version", ["1.34.0", "1.34.1", "2.0"])
def test_mended_versions_are_not_listed(feed, match, version):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")))
    assert match(home, busybox(version))["vulnerabilities"] == []


def test_version_unknown(feed, match):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")))
    assert one(match(home, busybox("")))["status"] == "version-unknown"


@pytest.mark.parametrize("written", ["*", "-"])
def test_no_range(feed, match, written):
    home = feed(nvd("CVE-2024-0001", cpe(BUSYBOX.format(written))))
    v = one(match(home, busybox()))
    assert v["status"] == "no-range" and v["because"] == "nvd " + written


def test_running_on_is_conditional(feed, match):
    record = nvd("CVE-2024-0001")
    record["cve"]["configurations"] = [{"operator": "AND", "nodes": [
        {"operator": "OR", "negate": False, "cpeMatch": [below(BUSYBOX, "1.34.0")]},
        {"operator": "OR", "negate": False, "cpeMatch": [
            {"vulnerable": False, "criteria": "cpe:2.3:h:acme:camera:-:*:*:*:*:*:*:*"}]}]}]
    v = one(match(feed(record), busybox()))
    assert v["status"] == "conditional" and "h:acme:camera" in v["because"]


def test_rejected_is_skipped(feed, match):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0"), status="Rejected"))
    assert match(home, busybox())["vulnerabilities"] == []


def test_part_is_respected(feed, match):
    home = feed(nvd("CVE-2024-0001", cpe("cpe:2.3:h:busybox:busybox:1.33.0:*:*:*:*:*:*:*")))
    assert match(home, busybox())["vulnerabilities"] == []


def test_other_targets_are_other_products(feed, match):
    home = feed(nvd("CVE-2024-0001", cpe("cpe:2.3:a:busybox:busybox:*:*:*:*:*:wordpress:*:*",
                                         versionEndExcluding="1.34.0")))
    assert match(home, busybox())["vulnerabilities"] == []


def test_aliases_are_one_product(feed, match):
    home = feed(nvd("CVE-2024-0001", below("cpe:2.3:a:trustedfirmware:mbed_tls:{}:*:*:*:*:*:*:*",
                                           "3.0.0")))
    mbed = component("mbedtls", "2.16.3", cpe="cpe:2.3:a:arm:mbed_tls:2.16.3:*:*:*:*:*:*:*")
    assert one(match(home, mbed))["product"] == "a:trustedfirmware:mbed_tls"


def test_a_name_is_enough_where_one_maker_has_it(feed, match):
    gizmo = "cpe:2.3:a:acme:gizmod:{}:*:*:*:*:*:*:*"
    home = feed(nvd("CVE-2024-0001", below(gizmo, "2.0")))
    assert one(match(home, component("gizmod", "1.0")))["status"] == "affected"


def test_a_name_of_two_makers_is_ambiguous(feed, judge):
    home = feed(nvd("CVE-2024-0001", below("cpe:2.3:a:acme:gizmod:{}:*:*:*:*:*:*:*", "2.0")),
                nvd("CVE-2024-0002", below("cpe:2.3:a:other:gizmod:{}:*:*:*:*:*:*:*", "2.0")))
    verdicts, report = judge(home, component("gizmod", "1.0"))
    assert report["vulnerabilities"] == []
    assert verdicts["KV-02"] == "inconclusive"


def alpine(fixed):
    return {"schema_version": "1.6.0", "id": "CVE-2024-0001", "modified": "2025-01-01T00:00:00Z",
            "affected": [{"package": {"ecosystem": "Alpine:v3.18", "name": "busybox"},
                          "ranges": [{"type": "ECOSYSTEM", "events": [
                              {"introduced": "0"}, {"fixed": fixed}]}]}]}


@pytest.mark.parametrize("fixed,status", [("1.33.0-r4", "fixed-by-backport"),
                                          ("1.33.0-r6", "affected")])
def test_backport(feed, match, fixed, status):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")), osv=[alpine(fixed)])
    package = component("busybox", "1.33.0-r5", cpe=BUSYBOX.format("1.33.0"),
                        purl="pkg:apk/alpine/busybox@1.33.0-r5?arch=armv7&distro=alpine-3.18",
                        method="apk-database")
    v = one(match(home, package))
    assert v["status"] == status and fixed in v["because"]
    assert status == "fixed-by-backport" or v["fixed_in"] == fixed


def test_sources_that_disagree_are_both_shown(feed, match):
    vendor = {"schema_version": "1.6.0", "id": "CVE-2024-0001", "modified": "2025-01-01T00:00:00Z",
              "affected": [{"package": {"ecosystem": "PyPI", "name": "requests"},
                            "ranges": [{"type": "ECOSYSTEM", "events": [
                                {"introduced": "0"}, {"fixed": "2.20.0"}]}]}]}
    home = feed(nvd("CVE-2024-0001", below("cpe:2.3:a:python:requests:{}:*:*:*:*:*:*:*",
                                           "2.30.0")), osv=[vendor])
    v = one(match(home, component("requests", "2.25.0", purl="pkg:pypi/requests@2.25.0",
                                  cpe="cpe:2.3:a:python:requests:2.25.0:*:*:*:*:*:*:*")))
    assert v["status"] == "affected" and v["sources"] == "nvd"
    assert "nvd [,2.30.0)" in v["because"]


# --- decisions ---

NOT_AFFECTED = dict(justification="vulnerable_code_not_present", statement="no shell is built in",
                    author="maker")


@pytest.mark.parametrize("product", ["", "busybox", "busybox@1.33.0", BUSYBOX.format("1.33.0")])
def test_vex_not_affected(feed, match, product):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")))
    v = one(match(home, busybox(), decision("CVE-2024-0001", product, "not_affected",
                                            **NOT_AFFECTED)))
    assert v["status"] == "not-affected"
    assert "vulnerable_code_not_present" in v["because"] and "nvd" in v["because"]


@pytest.mark.parametrize("product", ["dropbear", "busybox@1.0", BUSYBOX.format("1.0")])
def test_vex_of_something_else(feed, match, product):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")))
    v = one(match(home, busybox(), decision("CVE-2024-0001", product, "not_affected",
                                            **NOT_AFFECTED)))
    assert v["status"] == "affected"


# --- the kernel ---

def kernel_feed(feed, run):
    home = feed(*(nvd(f"CVE-2024-100{n}", cpe(KERNEL.format("*"), versionEndExcluding="6.0"))
                  for n in range(3)))
    table = home / "kernel-program-files.tsv"
    table.write_text("CVE-2024-1000\tdrivers/net/wireless/ath/ath9k/main.c\n"
                     "CVE-2024-1001\tnet/ipv4/tcp.c fs/btrfs/inode.c\n")
    p = run("feed", "import", "--date", FRESH, table, env={"KENSA_HOME": str(home)})
    assert p.returncode == 0, p.stderr
    return home


def test_kernel_code_that_is_not_built(feed, run, match):
    home = kernel_feed(feed, run)
    kernel = component("linux_kernel", "5.10.1", cpe=KERNEL.format("5.10.1"))
    bare = {v["id"]: v["status"] for v in match(home, kernel)["vulnerabilities"]}
    assert set(bare.values()) == {"affected"} and len(bare) == 3
    small = match(home, kernel, built("kernel-config", ["ARM", "INET", "NET"]))
    status = {v["id"]: (v["status"], v["because"]) for v in small["vulnerabilities"]}
    assert status["CVE-2024-1000"][0] == "not-affected"
    assert "CONFIG_ATH9K not set" in status["CVE-2024-1000"][1]
    assert status["CVE-2024-1001"][0] == "affected"  # one of its files is built in
    assert status["CVE-2024-1002"][0] == "affected"  # names no file
    large = match(home, kernel, built("kernel-config", ["ARM", "INET", "NET", "ATH9K"]))
    assert {v["status"] for v in large["vulnerabilities"]} == {"affected"}


# --- what is shown, and in which order ---

def test_open_and_exploited_come_first(feed, run, tmp_path):
    cves = [nvd(f"CVE-2024-000{n}", below(name, "9"), score=score)
            for n, name, score in ((1, BUSYBOX, 9.8), (2, BUSYBOX, 5.0), (3, OPENSSL, 9.9),
                                   (4, BUSYBOX, 9.9))]
    home = feed(*cves, kev=["CVE-2024-0002", "CVE-2024-0003", "CVE-2024-0004"])
    record = records.write(tmp_path / "record.jsonl", [
        busybox(), component("openssl", "", cpe=OPENSSL.format("*")),
        decision("CVE-2024-0004", "", "not_affected",
                 justification="vulnerable_code_not_present")], DATE)
    p = run("match", "--json", record, env={"KENSA_HOME": str(home)})
    found = [(v["id"][-1], v["status"]) for v in json.loads(p.stdout)["vulnerabilities"]]
    assert found == [("3", "version-unknown"), ("2", "affected"), ("1", "affected"),
                     ("4", "not-affected")]
    text = run("match", "--lang", "en", record, env={"KENSA_HOME": str(home)}).stdout
    assert "    busybox 1.33.0: affected 2 (exploited 1), to be checked 0\n" in text
    assert "    openssl ?: affected 0 (exploited 0), to be checked 1\n" in text
    # to a reader, what surely is there comes first
    assert text.index("CVE-2024-0002") < text.index("CVE-2024-0001") < text.index("CVE-2024-0003")
    assert f"imported {FRESH}" in text and "nvd [,9)" in text


def test_the_two_numbers_of_a_kernel(feed, run, tmp_path):
    home = kernel_feed(feed, run)
    kernel = component("linux_kernel", "5.10.1", cpe=KERNEL.format("5.10.1"))

    def text(*facts):
        record = records.write(tmp_path / "record.jsonl", facts, DATE)
        return run("match", "--lang", "en", record, env={"KENSA_HOME": str(home)}).stdout

    assert "kernel: 3 affected; none is known to be" in text(kernel)
    small = text(kernel, built("kernel-config", ["ARM", "INET", "NET"]))
    assert "kernel: 3 affected in all, 2 without" in small


# --- items: two witnesses each ---

def check(judge, item, sound, flawed):
    """`sound` and `flawed` are arguments of judge, differing only in the flaw."""
    assert judge(*sound)[0][item] == "pass", judge(*sound)[1]
    assert judge(*flawed)[0][item] == "fail"


def scored(feed, score, **more):
    return feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0"), score=score, **more))


@pytest.mark.parametrize("item,score", [("KV-02", 9.0), ("KV-03", 8.9), ("KV-03", 7.0),
                                        ("KV-04", 6.9), ("KV-04", 4.0)])
def test_scores(feed, judge, item, score):
    home = scored(feed, score)
    check(judge, item, (home, busybox("1.34.0")), (home, busybox("1.33.0")))
    verdicts = judge(home, busybox("1.33.0"))[0]
    assert [i for i in ("KV-02", "KV-03", "KV-04", "KV-05", "KV-09") if verdicts[i] == "fail"] \
        == [item]


def test_no_score_is_no_pass(feed, judge):
    home = scored(feed, None)
    verdicts = judge(home, busybox())[0]
    assert {verdicts[i] for i in ("KV-02", "KV-03", "KV-04")} == {"inconclusive"}


def plan(date):
    return decision("CVE-2024-0001", "busybox", "affected", statement="update to 1.34.0",
                    author="maker", date=date)


def test_kv04_wants_a_plan(feed, judge):
    home = scored(feed, 5.0)
    check(judge, "KV-04", (home, busybox(), plan("2025-09-01")),
          (home, busybox(), plan("2025-07-31")))


@pytest.mark.parametrize("item,score,last", [("KV-02", 9.8, "2025-07-18"),
                                             ("KV-03", 7.5, "2025-07-02")])
def test_grace(feed, judge, item, score, last):
    """Published within the days of grace, a dated plan is enough; a day earlier it is not."""
    early = last[:-2] + f"{int(last[-2:]) - 1:02d}"
    facts = (busybox(), plan("2025-09-01"))
    check(judge, item, (scored(feed, score, published=last), *facts),
          (scored(feed, score, published=early), *facts))
    assert judge(scored(feed, score, published=last), busybox())[0][item] == "fail"


def test_kv05(feed, judge):
    listed = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0"), score=9.8), kev=["CVE-2024-0001"])
    other = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0"), score=9.8), kev=["CVE-2020-9999"])
    check(judge, "KV-05", (other, busybox()), (listed, busybox()))
    verdicts, report = judge(listed, busybox())
    assert verdicts["KV-02"] != "fail", "one flaw sinks one item"
    assert report["vulnerabilities"][0]["kev"] == "2025-01-02"


def test_kv01(feed, judge):
    home = scored(feed, 9.8)

    def listed(version):
        return {**busybox(version), "method": "sbom"}
    check(judge, "KV-01", (home, busybox(), listed("1.33.0")), (home, busybox(), listed("1.32.0")))
    assert judge(home, busybox())[0]["KV-01"] == "not-tested"


def test_kv06(feed, judge):
    home = scored(feed, 9.8)
    check(judge, "KV-06",
          (home, component("openssl", "3.0.17", cpe=OPENSSL.format("3.0.17"))),
          (home, component("uclibc", "0.9.33.2",
                           cpe="cpe:2.3:a:uclibc:uclibc:0.9.33.2:*:*:*:*:*:*:*")))
    unknown = component("gizmod", "1.0")
    assert judge(home, unknown)[0]["KV-06"] == "not-tested"


@pytest.mark.parametrize("version", ["6.1.75", "5.4.296", "4.9.198", "6.11.3"])
def test_kv07(feed, judge, version):
    home = scored(feed, 9.8)

    def kernel(v):
        return component("linux_kernel", v, cpe=KERNEL.format(v))
    date = "2026-01-15"
    assert judge(home, kernel("6.12.39"), date=date)[0]["KV-07"] == "pass"
    verdicts = judge(home, kernel(version), date=date)[0]
    assert verdicts["KV-07"] == "fail" and verdicts["KV-06"] != "fail"


@pytest.mark.parametrize("version", ["3.0.13", "1.1.1w", "0.9.8e"])
def test_kv08(feed, judge, version):
    home = scored(feed, 9.8)
    sound = component("openssl", "3.0.17", cpe=OPENSSL.format("3.0.17"))
    flawed = component("openssl", version, cpe=OPENSSL.format(version))
    check(judge, "KV-08", (home, sound), (home, flawed))
    assert judge(home, component("matrixssl", "4.0"))[0]["KV-08"] == "not-tested"


JVN = """<?xml version="1.0" encoding="UTF-8"?>
<VULDEF-Document version="3.2" xmlns="http://jvn.jp/vuldef/" xml:lang="ja"><Vulinfo>
<VulinfoID>JVNDB-2024-000001</VulinfoID><VulinfoData><Title>BusyBox</Title>
<Affected><AffectedItem><Name>x</Name><ProductName>BusyBox</ProductName>
<Cpe version="2.2">cpe:/a:busybox:busybox</Cpe><VersionNumber>1.34.0 未満</VersionNumber>
</AffectedItem></Affected>
<Impact><Cvss version="3.0"><Severity type="Base">High</Severity><Base>7.5</Base></Cvss></Impact>
<DateFirstPublished>2024-05-01T00:00:00+09:00</DateFirstPublished>
</VulinfoData></Vulinfo></VULDEF-Document>
"""


def test_kv09(feed, run, judge):
    home = scored(feed, 9.8)
    assert judge(home, busybox("1.34.0"))[0]["KV-09"] == "not-tested"
    (home / "jvn.xml").write_text(JVN, encoding="utf-8")
    p = run("feed", "import", "--date", FRESH, home / "jvn.xml", env={"KENSA_HOME": str(home)})
    assert p.returncode == 0, p.stderr
    check(judge, "KV-09", (home, busybox("1.34.0")), (home, busybox("1.33.0")))


def test_every_decided_item_has_witnesses(run):
    witnessed = {f"KV-{n:02d}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14)}
    p = run("sheet", "list", "--json")
    decided = {i["id"] for i in json.loads(p.stdout)["items"]
               if i["method"] == "known-vulnerability" and i["decided_by"].startswith("tool")}
    assert decided == witnessed


def test_kv10(feed, judge):
    home = scored(feed, 9.8)
    weak = {**NOT_AFFECTED, "justification": ""}
    check(judge, "KV-10",
          (home, busybox(), decision("CVE-2024-0001", "", "not_affected", **NOT_AFFECTED)),
          (home, busybox(), decision("CVE-2024-0001", "", "not_affected", **weak)))
    assert judge(home, busybox())[0]["KV-10"] == "not-applicable"


CAMERA = "cpe:2.3:o:acme:camera_firmware:{}:*:*:*:*:*:*:*"


def of_camera(cve="CVE-2024-0001", hardware="cpe:2.3:h:acme:camera:-:*:*:*:*:*:*:*", **more):
    """As NVD has them: the firmware below a version, running on the hardware."""
    record = nvd(cve, **more)
    record["cve"]["configurations"] = [{"operator": "AND", "nodes": [
        {"operator": "OR", "negate": False, "cpeMatch": [below(CAMERA, "1.1")]},
        {"operator": "OR", "negate": False, "cpeMatch": [
            {"vulnerable": False, "criteria": hardware}]}]}]
    return record


@pytest.mark.parametrize("record", [of_camera(), nvd("CVE-2024-0001", below(CAMERA, "1.1"))])
def test_kv11(feed, judge, record):
    home = feed(record)

    def judged(version):
        return judge(home, busybox(), cpe=CAMERA.format(version))
    assert judged("1.1")[0]["KV-11"] == "pass"
    verdicts, report = judged("1.0")
    assert [i for i, v in verdicts.items() if i.startswith("KV") and v == "fail"] == ["KV-11"]
    v = one(report)
    assert (v["component"], v["version"], v["status"]) == ("product", "1.0", "affected")
    assert report["target"]["cpe"] == CAMERA.format("1.0")
    assert any(f["rule"] == "own-advisory" for f in report["findings"])


def test_kv11_needs_the_name(feed, judge):
    home = feed(of_camera())
    verdicts, report = judge(home, busybox())
    assert verdicts["KV-11"] == "not-tested" and report["vulnerabilities"] == []
    assert any("--cpe" in s["action"] for s in report["next"])
    named = judge(home, busybox(), cpe=CAMERA.format("1.0"))[1]
    assert not any("--cpe" in s["action"] for s in named["next"])


def test_kv11_of_a_product_nobody_speaks_of(feed, judge, tmp_path):
    home = feed(nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0")))
    assert judge(home, cpe=CAMERA.format("1.0"))[0]["KV-11"] == "not-applicable"
    assert judge(home)[0]["KV-11"] == "not-tested"
    assert judge(tmp_path, cpe=CAMERA.format("1.0"))[0]["KV-11"] == "not-tested"


@pytest.mark.parametrize("record,version", [
    (of_camera(), "*"),
    (of_camera(hardware="cpe:2.3:h:other:chip:-:*:*:*:*:*:*:*"), "1.0"),
    (nvd("CVE-2024-0001", cpe(CAMERA.format("-"))), "1.0")])
def test_kv11_undecided_is_no_pass(feed, judge, record, version):
    verdicts, _ = judge(feed(record), busybox(), cpe=CAMERA.format(version))
    assert verdicts["KV-11"] == "inconclusive"
    assert verdicts["KV-02"] == "pass", "what KV-11 asks is not asked twice"


def test_kv11_vex(feed, judge):
    home = feed(of_camera())
    for product in ("", "product", CAMERA.format("1.0")):
        said = decision("CVE-2024-0001", product, "not_affected", **NOT_AFFECTED)
        verdicts, report = judge(home, busybox(), said, cpe=CAMERA.format("1.0"))
        assert verdicts["KV-11"] == "pass" and one(report)["status"] == "not-affected"


def test_kv11_and_the_product_in_its_sbom(feed, judge):
    """Listed among its own parts, the product is asked about once, and its flaw counts once."""
    home = feed(of_camera(), nvd("CVE-2024-0002", below(CAMERA, "1.1")))
    listed = component("camera-firmware", "1.0", cpe=CAMERA.format("1.0"))
    verdicts, report = judge(home, listed, cpe=CAMERA.format("1.0"))
    assert verdicts["KV-11"] == "fail" and verdicts["KV-02"] == "pass"
    assert sorted(v["id"] for v in report["vulnerabilities"]) == ["CVE-2024-0001", "CVE-2024-0002"]


def test_kv11_exploited(feed, judge):
    home = feed(of_camera(), kev=["CVE-2024-0001"])
    verdicts, _ = judge(home, busybox(), cpe=CAMERA.format("1.0"))
    assert (verdicts["KV-11"], verdicts["KV-05"]) == ("fail", "pass")


def test_cpe_of_inspect(feed, run, tmp_path):
    image = tmp_path / "camera.bin"
    image.write_bytes(b"\0" * 4096)
    env = {"KENSA_HOME": str(feed(of_camera()))}

    def inspect(name, *more):
        return run("inspect", "--json", "--date", DATE, "--out", tmp_path / "out", "--cpe", name,
                   *more, image, env=env)
    p = inspect("cpe:/o:Acme:camera_firmware:1.0", "--name", "camera")
    report = json.loads(p.stdout)
    assert report["target"]["cpe"] == CAMERA.format("1.0")
    assert {i["id"]: i["verdict"] for i in report["items"]}["KV-11"] == "fail"
    assert one(report)["component"] == "camera"
    first = json.loads((tmp_path / "out" / "record.jsonl").read_text().split("\n")[0])
    assert first["cpe"] == CAMERA.format("1.0")
    again = run("judge", "--json", "--out", tmp_path / "again", tmp_path / "out",
                env={"KENSA_HOME": str(feed(nvd("CVE-2024-0001", below(CAMERA, "1.0"))))})
    assert {i["id"]: i["verdict"] for i in json.loads(again.stdout)["items"]}["KV-11"] == "pass"


@pytest.mark.parametrize("name", ["", "camera", "cpe:2.3:x:acme:camera:1", "cpe:2.3:o:acme",
                                  "cpe:2.3:o:acme:*:1.0", "cpe:2.3:o:acme:cam*:1.0",
                                  "cpe:2.3:o:acme:cam era:1.0"])
@pytest.mark.parametrize("lang,word", [("ja", "CPE名"), ("en", "CPE name")])
def test_a_cpe_that_cannot_be_read(run, tmp_path, name, lang, word):
    image = tmp_path / "camera.bin"
    image.write_bytes(b"\0" * 4096)
    p = run("inspect", "--lang", lang, "--out", tmp_path / "out", "--cpe", name, image)
    assert p.returncode == 2 and word in p.stderr and "--cpe" in p.stderr
    assert not (tmp_path / "out").exists()


def test_exploited_comes_first(feed, match):
    home = feed(nvd("CVE-2024-0001", cpe(BUSYBOX.format("*")), score=10.0),
                nvd("CVE-2024-0002", below(BUSYBOX, "1.34.0"), score=5.0),
                nvd("CVE-2024-0003", below(BUSYBOX, "1.34.0"), score=9.0),
                kev=["CVE-2024-0001", "CVE-2024-0002"])
    found = match(home, busybox())["vulnerabilities"]
    assert [v["id"][-1] for v in found] == ["1", "2", "3"]


def test_a_source_without_a_date(feed, run, match):
    home = kernel_feed(feed, run)
    sources = match(home, busybox())["feed"]["sources"].split(", ")
    assert all(s == s.strip() for s in sources), sources
    assert "kernel-files" in [s.split(" ")[0] for s in sources]


def test_kv12(feed, judge):
    chip = "cpe:2.3:h:acme:soc9:{}:*:*:*:*:*:*:*"
    home = feed(nvd("CVE-2024-0001", cpe(chip.format("1.0"))))

    def soc(version):
        return component("soc9", version, cpe=chip.format(version))
    check(judge, "KV-12", (home, soc("1.1")), (home, soc("1.0")))
    assert judge(home, busybox())[0]["KV-12"] == "not-tested"


def test_kv14(feed, judge):
    record = nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0"))
    check(judge, "KV-14", (feed(record, date="2025-07-25"), busybox()),
          (feed(record, date="2025-07-24"), busybox()))


def test_without_data_nothing_is_decided(run_bare, tmp_path):
    record = records.write(tmp_path / "record.jsonl", [busybox("1.0")])
    p = run_bare("judge", "--json", "--out", tmp_path / "out", record,
                 env={"KENSA_HOME": str(tmp_path)})
    assert p.returncode in (0, 4), p.stderr
    report = json.loads(p.stdout)
    verdicts = {i["id"]: i["verdict"] for i in report["items"]}
    for item in ("KV-02", "KV-03", "KV-04", "KV-05", "KV-09", "KV-12", "KV-14"):
        assert verdicts[item] == "not-tested", item
    assert report["feed"] == {"date": None, "sha256": None}
    assert any("kensa feed update" in s["action"] for s in report["next"])


# --- watch ---

def test_watch(feed, run, tmp_path):
    def home_of(*cves, **more):
        return {"KENSA_HOME": str(feed(*cves, **more))}
    first = nvd("CVE-2024-0001", below(BUSYBOX, "1.34.0"))
    second = nvd("CVE-2025-0002", below(BUSYBOX, "1.35.0"))
    narrowed = nvd("CVE-2024-0001", below(BUSYBOX, "1.20.0"))
    record = records.write(tmp_path / "record.jsonl", [busybox()])
    out = tmp_path / "out"
    p = run("judge", "--out", out, record, env=home_of(first))
    assert p.returncode in (0, 4), p.stderr

    def watch(env):
        p = run("watch", "--json", out, env=env)
        product = json.loads(p.stdout)["products"][0]
        return p.returncode, {k: [v["id"] for v in product[k]]
                              for k in ("new", "exploited", "fixed")}
    nothing = {"new": [], "exploited": [], "fixed": []}
    assert watch(home_of(first)) == (0, nothing)
    assert watch(home_of(first, second)) == (1, {**nothing, "new": ["CVE-2025-0002"]})
    assert watch(home_of(narrowed)) == (0, {**nothing, "fixed": ["CVE-2024-0001"]})
    assert watch(home_of(first, kev=["CVE-2024-0001"])) \
        == (1, {**nothing, "exploited": ["CVE-2024-0001"]})


def test_watch_without_data(run_bare, tmp_path):
    record = records.write(tmp_path / "record.jsonl", [busybox()])
    p = run_bare("watch", record, env={"KENSA_HOME": str(tmp_path)})
    assert p.returncode == 4 and "feed update" in p.stderr


# --- bad input ---

@pytest.mark.parametrize("damage", [lambda b: b[:len(b) // 2], lambda b: b[:100],
                                    lambda b: b"x" * len(b), lambda b: b""])
def test_a_damaged_snapshot_is_no_data(feed, run, tmp_path, damage):
    home = scored(feed, 9.8)
    bad = tmp_path / "bad.snapshot"
    bad.write_bytes(damage((home / "feed.snapshot").read_bytes()))
    record = records.write(tmp_path / "record.jsonl", [busybox()])
    p = run("match", "--json", "--feed", bad, record, env={"KENSA_HOME": str(tmp_path)})
    assert p.returncode in (3, 4), p.stderr
    assert p.returncode == 3 or json.loads(p.stdout)["vulnerabilities"] == []


@pytest.mark.parametrize("version", ["9" * 5000, ";$(x)", "\u202e1.0", "%s%n", "../../x"])
def test_odd_versions(feed, match, version):
    home = scored(feed, 9.8)
    found = match(home, component("busybox", version, cpe=BUSYBOX.format("*")))
    assert all(v["status"] in ("affected", "version-unknown") for v in found["vulnerabilities"])
