# SPDX-License-Identifier: Apache-2.0
# The command line as its user meets it: options, messages, help, manual page, completion.

import json
import pathlib
import re
import shutil
import subprocess

import pytest

CATALOG = pathlib.Path(__file__).resolve().parents[2] / "catalog"
COMMANDS = ("inspect", "tree", "extract", "sbom", "vex", "judge", "match", "watch", "feed", "sheet",
            "doctor", "manual", "completion")
VALUES = {
    "--lang": ["ja", "en"],
    "--require": ["bronze", "silver", "gold"],
    "--class": ["1", "2", "3", "4"],
    "--format": ["cyclonedx", "spdx", "openvex", "csaf"],
    "--kind": ["final-device", "hardware-component", "software-component", "system"],
    "--sector": ["consumer", "business", "industrial"],
}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def options_of(run, command):
    """The options that the command's help names."""
    return re.findall(r"^  (--[a-z-]+)", run(command, "--help").stdout, re.M)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    folder = tmp_path_factory.mktemp("product")
    (folder / "tree/etc").mkdir(parents=True)
    (folder / "tree/etc/passwd").write_text("root:x:0:0::/:/bin/sh\n")
    return folder / "tree"


# --- options ---


def test_quiet(run, image, tmp_path):
    p = run("tree", "--quiet", image)
    assert p.returncode == 0 and p.stderr == "" and "passwd" in p.stdout
    p = run("extract", "--quiet", image, tmp_path / "out")
    assert p.returncode == 0 and p.stderr == "" == p.stdout
    p = run("inspect", "--quiet", "--out", tmp_path / "report", image)
    assert p.stderr == "" == p.stdout and (tmp_path / "report/report.json").exists()
    p = run("sbom", "--quiet", image)
    assert p.stderr == "" and json.loads(p.stdout)["bomFormat"] == "CycloneDX"
    p = run("judge", "--quiet", "--out", tmp_path / "again", tmp_path / "report/record.jsonl")
    assert p.stderr == "" == p.stdout
    # without it the notes are there
    assert "seccomp" in run("tree", image).stderr


@pytest.mark.parametrize("command, extra", [
    ("doctor", ["--quiet"]), ("manual", ["--quiet"]), ("completion", ["--quiet"]),
    ("sheet", ["--quiet", "list"]), ("tree", ["--date", "2026-01-15", "x"]),
    ("extract", ["--date", "2026-01-15", "x", "y"]), ("sbom", ["--sector", "consumer", "x"]),
    ("tree", ["--require", "gold", "x"]), ("judge", ["--jobs", "2", "x"]),
])
def test_an_unused_option_is_refused(run, command, extra):
    p = run(command, *extra)
    assert p.returncode == 2 and p.stdout == ""
    option = next(w for w in extra if w.startswith("--"))
    assert p.stderr == f"kensa: {option}: does not go with kensa {command}\n"
    assert option not in options_of(run, command)


def test_depth_counts_for_json_too(run, image):
    def paths(*options):
        lines = run("tree", "--json", *options, image).stdout.splitlines()
        return [f["path"] for f in map(json.loads, lines) if f["fact"] == "artifact"]

    assert any(p.endswith("/etc/passwd") for p in paths())
    assert len(paths("--depth", "0")) == 1


def test_item_as_json(run):
    item = json.loads(run("sheet", "list", "--json").stdout)["items"][0]
    shown = json.loads(run("sheet", "show", "--json", item["id"]).stdout)
    assert shown.pop("requirement") and shown.pop("fails_on") is not None
    assert shown == item


# --- messages ---


@pytest.mark.parametrize("args, message", [
    ([], "COMMAND: missing; see kensa --help"),
    (["frob"], "frob: no such command; see kensa --help"),
    (["tree", "--frob", "x"], "--frob: no such option"),
    (["tree", "--out", "d", "x"], "--out: does not go with kensa tree"),
    (["tree", "--json=yes", "x"], "--json=yes: takes no value"),
    (["tree", "x", "--jobs"], "--jobs: wants a value"),
    (["tree", "--jobs", "0", __file__], "--jobs: wants a number from 1 to 64"),
    (["tree", "--depth", "x", __file__], "--depth: wants a number"),
    (["inspect", "--lang", "de", "x"], "--lang: wants one of ja|en"),
    (["inspect", "--class", "5", "x"], "--class: wants one of 1|2|3|4"),
    (["inspect", "--date", "x", __file__], "--date: wants YYYY-MM-DD"),
    (["sbom", "--format", "spdx3", "x"], "--format: wants one of cyclonedx|spdx|openvex|csaf"),
    (["sheet", "dance"], "sheet: wants one of list|show"),
    (["sheet", "show", "FW-99"], "FW-99: the check sheet has no such item"),
    (["tree", "/nowhere/x.bin"], "/nowhere/x.bin: not found"),
])
def test_message(run, args, message):
    p = run(*args)
    assert p.returncode in (2, 3) and p.stdout == ""
    assert p.stderr == f"kensa: {message}\n"
    japanese = run(*args, "--lang=ja") if "de" not in args and args[-1:] != ["--jobs"] else None
    if japanese:
        first, _, rest = japanese.stderr.partition(": ")
        assert first == "kensa" and JAPANESE.search(rest) and "(" not in rest


def test_messages_say_a_reason_once(run, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    p = run("extract", tmp_path, tmp_path / "full")
    assert p.stderr == f"kensa: {tmp_path}/full: used wrongly: the folder is not empty\n"


# --- a catalogue that cannot be read is the installation's, not an internal error ---


@pytest.mark.parametrize("command", [["inspect"], ["sbom"], ["sheet", "list"]])
def test_catalogue_missing(run, image, tmp_path, command):
    targets = [] if command[0] == "sheet" else [image]
    p = run(*command, *targets, env={"KENSA_CATALOG": str(tmp_path / "none")}, cwd=tmp_path)
    assert p.returncode == 3 and p.stdout == ""
    assert p.stderr == f"kensa: {tmp_path}/none/vulnerability.yaml: not found\n"
    assert not (tmp_path / "kensa-report").exists()


@pytest.mark.parametrize("name, content", [
    ("rules.yaml", "rules: [\n"), ("vulnerability.yaml", ""), ("components/network.yaml", "x: ["),
])
def test_catalogue_damaged(run, image, tmp_path, name, content):
    shutil.copytree(CATALOG, tmp_path / "catalog")
    (tmp_path / "catalog" / name).write_text(content)
    p = run("inspect", image, env={"KENSA_CATALOG": str(tmp_path / "catalog")}, cwd=tmp_path)
    assert p.returncode == 3, p.stderr
    last = p.stderr.splitlines()[-1]
    assert last.startswith(f"kensa: {tmp_path}/catalog")
    assert pathlib.Path(name).stem in last


def test_doctor_without_catalogue(run, tmp_path):
    p = run("doctor", env={"KENSA_CATALOG": str(tmp_path / "none")})
    assert p.returncode == 4 and "[--] catalog" in p.stdout and f"{tmp_path}/none" in p.stderr


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_doctor_without_data(run, run_bare, tmp_path, lang):
    p = run_bare("doctor", "--lang", lang, env={"KENSA_HOME": str(tmp_path)})
    assert p.returncode == 0, p.stderr
    assert re.search(r"^\[--\] feed .*kensa feed update", p.stdout, re.M)
    p = run("doctor", "--lang", lang, env={"KENSA_HOME": str(tmp_path)})
    assert re.search(r"^\[ok\] feed .*(starter|初期データ).*kensa feed update", p.stdout, re.M)


# --- help, manual page, completion ---


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_exit_codes_it_can_have(run, command, lang):
    text = run(command, "--help", "--lang", lang).stdout
    codes = re.findall(r"^  (\d+) ", text, re.M)
    assert [c for c in codes if c not in "15"] == ["0", "2", "3", "4", "70"]
    assert ("1" in codes) == (command in ("inspect", "judge", "watch"))
    assert ("5" in codes) == ("--check" in text)
    assert not re.search(r" $", text, re.M)
    assert max(len(line) for line in text.splitlines()) < 110


@pytest.mark.parametrize("args, words", [
    (("vex", "--format", "spdx", "x"), "openvex|cyclonedx|csaf"),
    (("sbom", "--format", "csaf", "x"), "cyclonedx|spdx"),
    (("vex", "--format", "csaf", "x"), "needs --author NAME and --namespace URL")])
def test_formats_of_a_command(run, args, words):
    p = run(*args)
    assert p.returncode == 2 and words in p.stderr


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_help_lists_values(run, lang):
    text = run("inspect", "--help", "--lang", lang).stdout + run("sbom", "--help").stdout
    for option, values in VALUES.items():
        assert f"{option} " in text and "|".join(values) in text
    assert re.search(r"--jobs N .*1\D+64", text)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_manual(run, lang):
    text = run("manual", "--lang", lang).stdout
    for option, values in VALUES.items():
        assert f".It Fl -{option[2:]} " in text and "\n" + "|".join(values) + "\n" in text
    headings = re.findall(r"^\.Sh (.*)", text, re.M)
    assert len(headings) >= 6
    assert all(bool(JAPANESE.search(h)) == (lang == "ja") for h in headings)
    assert ("Options:" in text) == (lang == "en")
    assert "JSON Lines" in text


def test_japanese_help_has_no_english_heading(run):
    for command in COMMANDS:
        text = run(command, "--help", "--lang", "ja").stdout
        headings = [line for line in text.splitlines() if line and not line.startswith(" ")]
        assert all(JAPANESE.search(h) for h in headings), headings


def test_tree_says_it_is_json_lines(run):
    assert "JSON Lines" in run("tree", "--help").stdout
    assert "JSON Lines" in run("tree", "--help", "--lang", "ja").stdout


@pytest.fixture(scope="module")
def complete(run, tmp_path_factory):
    """complete(*words): what bash offers for the last of them."""
    script = tmp_path_factory.mktemp("completion") / "kensa.bash"
    script.write_text(run("completion").stdout)

    def call(*words):
        ask = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kensa;'
               ' printf "%s\\n" "${COMPREPLY[@]}"')
        p = subprocess.run(["bash", "-euc", ask, "bash", script, *words], capture_output=True,
                           text=True, check=True, cwd=script.parent)
        return p.stdout.split()

    return call


def test_completion(run, complete):
    assert set(complete("kensa", "")) == {*COMMANDS, "--help", "--version"}
    assert complete("kensa", "sheet", "") == ["list", "show"]
    assert complete("kensa", "sheet", "s") == ["show"]
    assert complete("kensa", "tree", "kensa.b") == ["kensa.bash"]
    for command in COMMANDS:
        assert complete("kensa", command, "--") == options_of(run, command)


@pytest.mark.parametrize("option", VALUES)
def test_completion_of_values(complete, option):
    command = "sbom" if option == "--format" else "inspect"
    assert complete("kensa", command, option, "") == VALUES[option]
    assert complete("kensa", command, option, "=") == VALUES[option]
    first = VALUES[option][0]
    assert complete("kensa", command, option, "=", first[:1])[0] == first
