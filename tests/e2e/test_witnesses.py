# SPDX-License-Identifier: Apache-2.0
# Two witnesses for every item the tool decides by firmware: the sound camera is not failed by it, and
# the same camera with one flaw is. The images differ in that flaw alone.

import json

import pytest

# item, flaw: the name of the rule that finds it
WITNESSES = [
    ("FW-02", "private-key"),
    ("FW-03", "fixed-password"),
    ("FW-03", "plain-password"),
    ("FW-04", "empty-password"),
    ("FW-04", "extra-root"),
    ("FW-05", "weak-hash"),
    ("FW-06", "embedded-token"),
    ("FW-07", "elf-no-nx"),
    ("FW-08", "elf-no-ssp"),
    ("FW-09", "elf-no-pie"),
    ("FW-09", "aslr-off"),
    ("FW-10", "elf-no-relro"),
    ("FW-11", "elf-no-fortify"),
    ("FW-12", "setuid-file"),
    ("FW-12", "world-writable"),
    ("FW-13", "dangerous-service"),
    ("FW-14", "debug-tool"),
    ("FW-14", "debug-symbols"),
    ("FW-14", "symbol-table"),
    ("FW-14", "source-left"),
    ("FW-15", "open-console"),
    ("FW-16", "boot-open"),
    ("FW-20", "update-plain"),
    ("FW-21", "root-service"),
    ("FW-22", "cert-expired"),
    ("FW-22", "cert-weak"),
    ("FW-22", "cert-self-signed"),
    ("FW-22", "cert-test"),
    ("FW-25", "service-setting"),
    ("FW-26", "kernel-setting"),
    ("FW-28", "settings-password"),
    ("FW-28", "settings-key"),
    ("FW-30", "host-key"),
    ("FW-31", "web-leftover"),
]

# Decided by coverage, not by a finding: its witnesses are in test_coverage.
BY_COVERAGE = {"FW-01"}


def item(report, item_id):
    return next(i for i in report["items"] if i["id"] == item_id)


@pytest.mark.parametrize("item_id", sorted({w[0] for w in WITNESSES}))
def test_sound_passes(inspect, camera, item_id):
    found = item(inspect(camera()), item_id)
    assert found["verdict"] == "pass", found["because"]


def one_flaw(inspect, camera, item_id, flaw):
    report = inspect(camera(flaw))
    assert flaw in {f["rule"] for f in report["findings"]}
    return item(report, item_id)


@pytest.mark.parametrize("item_id,flaw", WITNESSES, ids=[f"{i}-{f}" for i, f in WITNESSES])
def test_one_flaw_fails(inspect, camera, item_id, flaw):
    found = one_flaw(inspect, camera, item_id, flaw)
    assert found["verdict"] == "fail", found["because"]


@pytest.mark.parametrize("item_id,flaw", WITNESSES, ids=[f"{i}-{f}" for i, f in WITNESSES])
def test_the_flaw_is_not_in_the_sound_one(inspect, camera, item_id, flaw):
    assert flaw not in {f["rule"] for f in inspect(camera())["findings"]}


def test_one_flaw_sinks_one_item(inspect, camera):
    """What several items could claim is counted once: the others show it without failing by it."""
    sound = {i["id"]: i["verdict"] for i in inspect(camera())["items"]}
    for item_id, flaw in WITNESSES:
        now = {i["id"]: i["verdict"] for i in inspect(camera(flaw))["items"]}
        sunk = {i for i, v in now.items() if v == "fail" and sound[i] != "fail" and i[:2] == "FW"}
        assert sunk == {item_id}, flaw


def test_weak_has_every_flaw(inspect, camera):
    assert sorted(camera.all_flaws) == sorted(f for _, f in WITNESSES)
    found = {f["rule"] for f in inspect(camera(*camera.all_flaws))["findings"]}
    assert set(camera.all_flaws) <= found


def test_every_decided_item_has_witnesses(run):
    p = run("sheet", "list", "--json")
    assert p.returncode == 0, p.stderr
    decided = {i["id"] for i in json.loads(p.stdout)["items"]
               if i["method"] == "firmware" and i["decided_by"].startswith("tool")}
    assert decided <= {w[0] for w in WITNESSES} | BY_COVERAGE
