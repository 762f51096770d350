# SPDX-License-Identifier: Apache-2.0
# What reports say, they say in the language asked for; what readers say can be translated.

import json
import re

import pytest

from conftest import ALL_FLAWS, DATE, ROOT

ROW = re.compile(r'^X\((\w+), "((?:[^"\\]|\\.)*)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+),'
                 r'\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)', re.M)


def joined(literals):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"')


def rows(name):
    """{key: (English, Japanese)} of a table of sayings"""
    text = (ROOT / "src/model" / name).read_text()
    found = {m[2]: (joined(m[3]), joined(m[4])) for m in ROW.finditer(text)}
    assert len(found) == len(re.findall(r"^X\(", text, re.M))
    return found


SAYINGS = {**rows("sayings.def"), **rows("readers.def")}


def said(saying, language):
    """The sentence of a saying as it stands in a record."""
    if not saying:
        return ""
    values = [SAYINGS[v[0]][language] if isinstance(v, list) else v for v in saying[1:]]
    return re.sub(r"\{(\d)\}", lambda m: values[int(m[1]) - 1], SAYINGS[saying[0]][language])


@pytest.fixture(scope="module")
def reports(run, camera, tmp_path_factory):
    """{"ja"|"en": (report document, folder)} of the example with every flaw"""
    done = {}
    for language in ("ja", "en"):
        out = tmp_path_factory.mktemp(language)
        p = run("inspect", "--date", DATE, "--lang", language, "--out", out, camera(*ALL_FLAWS))
        assert p.returncode in (0, 4), p.stderr
        done[language] = json.loads((out / "report.json").read_text()), out, p.stdout
    return done


def facts(folder, kind):
    lines = (folder / "record.jsonl").read_text().splitlines()
    return [f for f in map(json.loads, lines) if f["fact"] == kind]


def is_english(text):
    """Words of ASCII letters alone, where a sentence of a table could be"""
    return text.isascii() and re.search(r"[a-z]{3,} ", text) is not None


def texts(report):
    for f in report["findings"]:
        yield f["evidence"]
        yield f["location"]
    for r in report["ranges"]:
        yield r["verified_by"]
    for c in report["coverage"]:
        for s in c["skipped"]:
            yield s["why"]


def test_japanese_report_has_no_english_sentence(reports):
    report = reports["ja"][0]
    english = [t for t in texts(report) if is_english(t)]
    assert not english
    # and those texts are there to be looked at
    assert sum(1 for t in texts(report) if t) > 60
    assert all(f["evidence"] for f in report["findings"])
    for i in report["items"]:
        for b in i["because"]:
            assert not b["text"].isascii(), b["text"]


def test_english_report_has_no_japanese(reports):
    for t in texts(reports["en"][0]):
        assert t.isascii(), t


def test_both_languages_say_the_same_record(reports):
    (ja, ja_out, _), (en, en_out, _) = reports["ja"], reports["en"]
    assert (ja_out / "record.jsonl").read_bytes() == (en_out / "record.jsonl").read_bytes()
    sayings = {(f["rule"], f.get("artifact"), said(f.get("location"), 0), said(f["evidence"], 0)):
               (said(f.get("location"), 1), said(f["evidence"], 1))
               for f in facts(en_out, "finding")}
    for a, b in zip(en["findings"], ja["findings"], strict=True):
        assert sayings[a["rule"], a["artifact"], a["location"], a["evidence"]] == \
            (b["location"], b["evidence"])
    for f, a, b in zip(facts(en_out, "range"), en["ranges"], ja["ranges"], strict=True):
        assert a["verified_by"] == said(f.get("verified_by"), 0)
        assert b["verified_by"] == said(f.get("verified_by"), 1)


def test_html_shows_both(reports):
    html = (reports["ja"][1] / "report.html").read_text()
    assert '<span lang="ja">ユーザー guest のパスワードが空です</span>' \
           '<span lang="en">user guest, empty password</span>' in html
    assert "64 KiBの設定のCRC-32で確認" in html and "CRC-32 of 64 KiB of settings" in html


def test_sarif_and_terminal_speak_the_language(reports):
    ja, out, screen = reports["ja"]
    sarif = (out / "findings.sarif").read_text()
    assert "ユーザー guest のパスワードが空です" in sarif and "user guest" not in sarif
    assert "ユーザー guest のパスワードが空です" in screen and "user guest" not in screen
    assert "ほか 1 件" in screen, "three private keys, two of them shown"
    results = json.loads(sarif)["runs"][0]["results"]
    lines = {r["locations"][0]["physicalLocation"].get("region", {}).get("startLine")
             for r in results if r["ruleId"] == "empty-password"}
    expected = {int(f["location"].split()[0]) for f in ja["findings"]
                if f["rule"] == "empty-password"}
    assert lines == expected


def test_skips_speak_the_language(run, camera, tmp_path):
    """An image cut in the middle of its filesystem."""
    cut = tmp_path / "cut.zip"
    cut.write_bytes(b"PK\x03\x04" + camera(*ALL_FLAWS).read_bytes()[:0x180000])
    for language in ("ja", "en"):
        p = run("inspect", "--json", "--date", DATE, "--lang", language, "--out", tmp_path / language,
                cut)
        assert p.returncode in (0, 4), p.stderr
        report = json.loads(p.stdout)
        assert any(c["skipped"] for c in report["coverage"])
        for t in texts(report):
            assert not is_english(t) if language == "ja" else t.isascii(), t


def test_tree_speaks_the_language(run, camera):
    ja = run("tree", "--lang", "ja", camera(*ALL_FLAWS)).stdout
    en = run("tree", "--lang", "en", camera(*ALL_FLAWS)).stdout
    assert "CRC-32 of 64 KiB of settings" in en and "64 KiBの設定のCRC-32で確認" in ja
    assert "header and data CRC-32" in en and "header and data" not in ja


def test_kinds_of_components(reports):
    out = reports["en"][1]
    bom = json.loads((out / "sbom.cdx.json").read_text())
    kinds = {c["name"]: c["type"] for c in bom["components"]}
    assert kinds["busybox"] == "application"
    assert kinds["linux_kernel"] == "operating-system"
    assert kinds["glibc"] == "library"


@pytest.mark.parametrize("contents", [b"", b"just a note\n"])
def test_nothing_recognised_is_no_promise(run, tmp_path, contents):
    (tmp_path / "x").write_bytes(contents)
    p = run("inspect", "--date", DATE, "--lang", "en", "--out", tmp_path / "out", tmp_path / "x")
    assert "the product was not inspected" in p.stdout
    assert "Gold" not in p.stdout
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["reachable"] in ("gold", "silver", "bronze", "none")
    fw01, = (i for i in report["items"] if i["id"] == "FW-01")
    assert fw01["verdict"] != "pass" and fw01["because"]
    assert not any("none was found in the image" in b["text"] for b in fw01["because"])
    assert not any("Have this tested" in s["action"] for s in report["next"]
                   if s["item"] == "FW-01" and fw01["verdict"] == "fail")
    p = run("inspect", "--date", DATE, "--lang", "ja", "--out", tmp_path / "ja", tmp_path / "x")
    assert "製品を検査していません" in p.stdout and "ゴールド" not in p.stdout


def test_sheet_list_is_japanese(run):
    lines = run("sheet", "list", "--lang", "ja").stdout.splitlines()
    assert len(lines) > 200
    for line in lines:
        assert not re.search(r"\b(source|firmware|network|other|tool|manual|review)\b", line), line
    items = json.loads(run("sheet", "list", "--json", "--lang", "ja").stdout)["items"]
    assert {i["decided_by"] for i in items} <= {"tool", "tool+review", "manual"}


def test_terms_of_japanese():
    """One word for one thing."""
    files = [*ROOT.glob("src/**/*.def"), *ROOT.glob("src/**/*.c"),
             *(ROOT / "catalog" / n for n in ("vulnerability.yaml", "iot.yaml", "rules.yaml"))]
    for f in files:
        text = f.read_text()
        for word in ("合格", "読取りプロセス", "読み取りプロセス"):
            assert word not in text, f"{f}: {word}"


# --- what readers say ---

CALL = re.compile(r'(?:fault_set|snprintf|stream_bid|entry_damage)\((.*?)\);', re.S)
LITERALS = re.compile(r'(?:"(?:[^"\\]|\\.)*"\s*)+')
OPAQUE = re.compile(r"%\.?[-0-9*]*(?:ll|z|h)?[a-z]|%zu")
# faults of these do not come from images: the catalogue is compiled in the parent, whose own
# trouble ends the command
PARENT = {"library.c", "library_catalog.c", "job.c"}


def sentences():
    """(file, printf format) of everything a reader may say"""
    sources = [*ROOT.glob("src/format/*.c"), *ROOT.glob("src/inspect/*.c")]
    for f in sources:
        if f.name in PARENT:
            continue
        text = re.sub(r"/\*.*?\*/", "", f.read_text(), flags=re.S)
        for call in CALL.finditer(text):
            is_damage = call[0].startswith("entry_damage")
            for literals in LITERALS.finditer(call[1]):
                words = joined(literals[0])
                if re.search(r"[A-Za-z]{2}", OPAQUE.sub("", words)) and words != "jffs2: %s":
                    yield f.name, ("jffs2: " if is_damage else "") + words
        for m in re.finditer(r'(?:\bhow|\.msg) = ("(?:[^"\\]|\\.)*")', text):
            yield f.name, joined(m[1])


def sample(form):
    return OPAQUE.sub("17", form).replace("%%", "%")


def patterns():
    for english, _ in rows("readers.def").values():
        yield re.compile(re.sub(r"\\\{\d\\\}", "(.+)", re.escape(english)))


ENDINGS = ("; cut short", ", cut short", " and the trailer", "; CRC-32 does not agree")


def test_everything_readers_say_is_in_the_table():
    known = list(patterns())
    heard = {(f, s) for f, s in sentences() if s not in ENDINGS and s != ", "}
    assert len(heard) > 180

    def is_known(form):
        """As it stands, or with what its last %s stands for"""
        forms = [form] if not form.endswith("%s") or form.endswith(" %s") else [
            form[:-2] + e for e in ENDINGS]
        return any(p.fullmatch(sample(f)) for f in forms for p in known)

    missing = [(f, s) for f, s in sorted(heard) if not is_known(s)]
    assert not missing
