# SPDX-License-Identifier: Apache-2.0
# SBOM and VEX documents in and out, as a user meets them: round trips, exit codes, messages.

import json
import time

import pytest

DATE = "2026-01-15"
DONE, USAGE, TARGET, INCOMPLETE = 0, 2, 3, 4

PARTS = [
    {"type": "library", "name": "busybox", "version": "1.30.1",
     "purl": "pkg:generic/busybox@1.30.1",
     "cpe": "cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*"},
    {"type": "library", "name": "libstdc++6", "version": "1:12.2~rc1-2+b1",
     "purl": "pkg:deb/debian/libstdc%2B%2B6@1:12.2~rc1-2%2Bb1?arch=arm64"},
    {"type": "operating-system", "name": "odd name \u691c\u67fb \"q\"", "version": ";$(reboot)"},
    {"type": "library", "name": "no-version"},
]

DECISIONS = [
    {"vulnerability": {"name": "CVE-2021-28831"}, "status": "not_affected",
     "products": [{"@id": "pkg:generic/busybox@1.30.1"}],
     "justification": "component_not_present", "impact_statement": "gunzip is not built in",
     "timestamp": "2026-01-03T00:00:00Z"},
    {"vulnerability": {"name": "CVE-2022-0778"}, "status": "affected",
     "products": [{"@id": "cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*"}],
     "action_statement": "Update in June.", "action_statement_timestamp": "2026-06-30T00:00:00Z"},
    {"vulnerability": {"name": "GHSA-aaaa-bbbb-cccc"}, "status": "fixed",
     "products": [{"@id": "pkg:deb/debian/zlib@1.2.13"}]},
    {"vulnerability": {"name": "CVE-2022-0778"}, "status": "under_investigation",
     "products": [{"@id": "pkg:generic/other@1"}]},
]


def bom(*parts, **more):
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "components": list(parts), **more}


@pytest.fixture
def save(tmp_path):
    def write(name, document):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path
    return write


@pytest.fixture
def vex(save):
    return save("acme.vex.json", {
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/1",
        "author": "ACME", "timestamp": "2026-01-02T00:00:00Z", "version": 1,
        "statements": DECISIONS})


def facts(folder, kind):
    with open(folder / "record.jsonl", encoding="utf-8") as f:
        return [x for x in map(json.loads, f) if x["fact"] == kind]


def inspect(run, out, *args):
    return run("inspect", "--quiet", "--date", DATE, "--out", out, *args)


def parts(folder):
    return sorted(tuple(c.get(k, "") for k in ("name", "version", "purl", "cpe"))
                  for c in facts(folder, "component"))


def decisions(folder):
    return sorted(tuple(d.get(k, "") for k in ("id", "product", "status", "justification",
                                               "statement"))
                  for d in facts(folder, "decision"))


@pytest.mark.parametrize("form", ["cyclonedx", "spdx"])
def test_sbom_round_trip(run, save, tmp_path, form):
    first = save("first.json", bom(*PARTS))
    assert inspect(run, tmp_path / "a", first).returncode in (DONE, INCOMPLETE)
    p = run("sbom", "--format", form, "--date", DATE, first)
    assert p.returncode == DONE, p.stderr
    assert p.stdout == run("sbom", "--format", form, "--date", DATE, first).stdout
    second = save(f"second.{form}.json", p.stdout)
    inspect(run, tmp_path / "b", second)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    assert parts(tmp_path / "a") == sorted(
        tuple(c.get(k, "") for k in ("name", "version", "purl", "cpe")) for c in PARTS)
    name = "sbom.cdx.json" if form == "cyclonedx" else "sbom.spdx.json"
    assert (tmp_path / "a" / name).read_text() == p.stdout


def test_input_of_a_component_can_be_told(run, save, tmp_path):
    image = save("note.txt", "no firmware\n")
    inspect(run, tmp_path / "a", image, save("parts.json", bom(*PARTS)))
    artifacts = {a["id"]: a for a in facts(tmp_path / "a", "artifact")}
    assert {artifacts[c["artifact"]]["input"] for c in facts(tmp_path / "a", "component")} == {2}
    assert {c["method"] for c in facts(tmp_path / "a", "component")} == {"sbom"}


def test_an_sbom_alone_covers_no_firmware(run, save, tmp_path):
    inspect(run, tmp_path / "a", save("parts.json", bom(*PARTS)))
    assert {c["method"] for c in facts(tmp_path / "a", "coverage")} == {"known-vulnerability"}


@pytest.mark.parametrize("form", ["openvex", "cyclonedx", "csaf"])
def test_vex_round_trip(run_bare, save, vex, tmp_path, form):
    run = run_bare  # no data: what stands in the document is what was decided
    inspect(run, tmp_path / "a", "--vex", vex, save("parts.json", bom(*PARTS)))
    want = decisions(tmp_path / "a")
    assert len(want) == len(DECISIONS)
    p = run("vex", "--format", form, "--author", "ACME", "--namespace", "https://acme.example",
            tmp_path / "a")
    assert p.returncode == DONE, p.stderr
    again = save(f"again.{form}.json", p.stdout)
    inspect(run, tmp_path / "b", "--vex", again, save("other.json", bom()))
    assert decisions(tmp_path / "b") == want
    assert {d["author"] for d in facts(tmp_path / "b", "decision")} == {"ACME"}
    plan = [d for d in facts(tmp_path / "b", "decision") if d["status"] == "affected"]
    assert [d["date"] for d in plan] == ["2026-06-30"]


def test_decisions_survive_a_new_inspection(run, save, vex, tmp_path):
    first, second = save("one.json", bom(*PARTS)), save("two.json", bom(PARTS[0]))
    inspect(run, tmp_path / "a", "--vex", vex, first)
    inspect(run, tmp_path / "b", "--vex", vex, second)
    assert facts(tmp_path / "a", "decision") == facts(tmp_path / "b", "decision")
    inspect(run, tmp_path / "c", second)
    assert not facts(tmp_path / "c", "decision")
    p = run("judge", "--quiet", "--vex", vex, "--out", tmp_path / "d",
            tmp_path / "c" / "record.jsonl")
    assert p.returncode in (DONE, INCOMPLETE), p.stderr
    assert facts(tmp_path / "d", "decision") == facts(tmp_path / "a", "decision")


def test_vex_may_be_repeated_and_be_a_target(run, save, vex, tmp_path):
    other = save("other.vex.json", vex.read_text().replace("CVE-2021-28831", "CVE-2021-1"))
    inspect(run, tmp_path / "a", "--vex", vex, "--vex", other, save("parts.json", bom()))
    assert len(facts(tmp_path / "a", "decision")) == 2 * len(DECISIONS)
    inspect(run, tmp_path / "b", save("parts.json", bom()), vex)
    assert len(facts(tmp_path / "b", "decision")) == len(DECISIONS)


def test_a_product_does_not_judge_itself(run, vex, tmp_path):
    folder = tmp_path / "root"
    (folder / "etc").mkdir(parents=True)
    (folder / "etc/x.vex.json").write_text(vex.read_text())
    inspect(run, tmp_path / "a", folder)
    assert not facts(tmp_path / "a", "decision")


def test_broken_documents_are_named_with_their_place(run, save, tmp_path):
    text = json.dumps(bom(*PARTS), indent=1)
    broken = save("broken.json", text[:200])
    p = inspect(run, tmp_path / "a", broken)
    assert p.returncode == INCOMPLETE
    assert "broken.json" in p.stderr and "line " in p.stderr and "byte 200" in p.stderr
    p = run("sbom", "--quiet", broken)
    assert p.returncode == INCOMPLETE and "broken.json" in p.stderr


@pytest.mark.parametrize("text", ["{\"@context\":\"https://openvex.dev/ns\",\"statements\":[",
                                  "no VEX", "{}"])
def test_unreadable_vex_stops(run, save, tmp_path, text):
    p = inspect(run, tmp_path / "a", "--vex", save("x.json", text), save("p.json", bom()))
    assert p.returncode == TARGET and "x.json" in p.stderr
    assert not (tmp_path / "a").exists()


def test_absent_vex_stops(run, save, tmp_path):
    p = inspect(run, tmp_path / "a", "--vex", tmp_path / "no.json", save("p.json", bom()))
    assert p.returncode == TARGET and "no.json" in p.stderr


def test_vex_asks_for_what_it_needs(run, save, vex, tmp_path):
    inspect(run, tmp_path / "a", "--vex", vex, save("p.json", bom()))
    record = tmp_path / "a" / "record.jsonl"
    assert run("vex", record).returncode == DONE
    assert run("vex", "--format", "csaf", record).returncode == USAGE
    assert run("vex", "--format", "no", record).returncode == USAGE
    assert run("vex", "--namespace", "x", record).returncode == USAGE
    assert run("vex", tmp_path / "no").returncode == TARGET
    inspect(run, tmp_path / "b", save("p.json", bom()))
    p = run("vex", tmp_path / "b")
    assert p.returncode == TARGET and not p.stdout


def test_documents_are_valid(run, save, vex, tmp_path, shared):
    jsonschema = pytest.importorskip("jsonschema")
    inspect(run, tmp_path / "a", "--vex", vex, save("parts.json", bom(*PARTS)))
    who = ("--author", "ACME", "--namespace", "https://acme.example")
    schemas = shared / "schemas"
    known = {}
    for folder, names in (("http://cyclonedx.org/schema/", ("spdx.schema.json",
                                                            "jsf-0.82.schema.json",
                                                            "cryptography-defs.schema.json")),
                          ("https://www.first.org/cvss/", ("cvss-v2.0.json", "cvss-v3.0.json",
                                                           "cvss-v3.1.json"))):
        for name in names:
            if (schemas / name).exists():
                known[folder + name] = json.loads((schemas / name).read_text())
    documents = [((tmp_path / "a/sbom.cdx.json").read_text(), "bom-1.6.schema.json"),
                 ((tmp_path / "a/sbom.spdx.json").read_text(), "spdx-2.3.schema.json")]
    for form, name in (("openvex", "openvex_json_schema.json"),
                       ("cyclonedx", "bom-1.6.schema.json"), ("csaf", "csaf-2.0.schema.json")):
        documents.append((run("vex", "--format", form, *who, tmp_path / "a").stdout, name))
    for text, name in documents:
        schema = json.loads((schemas / name).read_text())
        new = "2020-12" in schema.get("$schema", "")
        kind = jsonschema.Draft202012Validator if new else jsonschema.Draft7Validator
        resolver = jsonschema.RefResolver(schema.get("$id", ""), schema, store=known)
        errors = [f"{list(e.absolute_path)}: {e.message[:200]}"
                  for e in kind(schema, resolver=resolver).iter_errors(json.loads(text))]
        assert not errors, f"{name}: {errors[:5]}"


def test_many_components_are_bounded(run, save, tmp_path):
    many = bom(*({"type": "library", "name": f"part-{n}", "version": f"1.{n}"}
                 for n in range(250_010)))
    start = time.monotonic()
    p = run("sbom", "--date", DATE, "--quiet", save("many.json", many))
    assert p.returncode == INCOMPLETE
    assert "limit" in p.stderr
    assert len(json.loads(p.stdout)["components"]) == 250_000
    assert time.monotonic() - start < 60
