# SPDX-License-Identifier: Apache-2.0
"""kensa feed update against servers that misbehave: what is fetched, and that the old data stays."""

import fcntl
import json
import os
import resource
import signal
import ssl
import subprocess
import time

import pytest

import feed_server
from feed_server import (cut, elsewhere, endless, nvd_page, packed, send, short_length, stall,
                         status, whole, wrong_piece)

DATE = "2026-11-23"


@pytest.fixture
def server():
    it = feed_server.Server()
    yield it
    it.close()


@pytest.fixture
def feed(run, tmp_path, server):
    """feed(*args) calls kensa feed; feed.list(*rows) writes the list of sources."""
    def call(*args, date=DATE, env=None, **kwargs):
        return run("feed", *args, "--date", date, "--lang", "en",
                   env={"KENSA_HOME": str(call.home), **(env or {})}, **kwargs)

    def rows(*lines):
        call.home.mkdir(exist_ok=True)
        (call.home / "feeds.txt").write_text("\n".join(["patience-ms 20", *lines, ""]))

    def one(*answers):
        server.answers["/one"] = list(answers)
        rows(f"one always - {server.url}/one")

    def facts():
        done = call("status", "--json", "--check")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    call.home = tmp_path / "home"
    call.downloads = call.home / "downloads"
    call.snapshot = call.home / "feed.snapshot"
    call.list, call.one, call.facts = rows, one, facts
    return call


def page(count, start=1, words=2000):
    """Packed, of a size that takes several pieces: its texts do not pack."""
    document = nvd_page(count, start)
    for record in document["vulnerabilities"]:
        record["cve"]["descriptions"][0]["value"] = os.urandom(words // 2).hex()
    return packed(document)


def downloads(feed):
    return sorted(p.name for p in feed.downloads.iterdir())


# --- all is well ---

def test_good_update_and_nothing_new(feed, server):
    feed.one(whole(page(5)))
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert "one: 5 records (nvd 5)" in done.stderr and "1 new" in done.stderr
    assert feed.facts()["advisories"] == 5 and downloads(feed) == ["one", "one.tag"]
    before = feed.snapshot.read_bytes()
    again = feed("update")
    assert again.returncode == 0 and "1 unchanged" in again.stderr
    assert [h.get("If-None-Match") for h in server.hits("/one")] == [None, '"v1"']
    assert feed.snapshot.read_bytes() == before
    # the data is what the source has today: so is its age
    assert feed("update", date="2026-12-24").returncode == 0
    assert feed.facts()["date"] == "2026-12-24" and feed.facts()["advisories"] == 5


def test_new_data_goes_on_top_of_the_old(feed, server):
    feed.one(whole(page(5)), whole(page(3, start=4), '"v2"'))
    assert feed("update").returncode == 0
    assert feed("update").returncode == 0
    assert feed.facts()["advisories"] == 6


def test_quiet_says_nothing(feed):
    feed.one(status(500), whole(page(2)))
    done = feed("update", "--quiet")
    assert done.returncode == 0 and done.stderr == "" and done.stdout == ""


def test_no_escape_codes_without_a_terminal(feed):
    feed.one(whole(page(50)))
    assert "\r" not in feed("update").stderr


def test_named_sources(feed, server):
    for name in "a", "b", "c":
        server.answers[f"/{name}"] = [whole(page(2, start=ord(name)))]
    feed.list(f"a always - {server.url}/a", f"b always - {server.url}/b",
              f"c asked - {server.url}/c")
    assert feed("update").returncode == 0
    assert not server.hits("/c") and feed.facts()["advisories"] == 3
    done = feed("update", "c", date="2026-12-24")
    assert done.returncode == 0 and len(server.hits("/a")) == 1
    # a and b were not asked: what they may have since yesterday is not in it
    assert feed.facts()["advisories"] == 4 and feed.facts()["date"] == DATE
    assert "counted as before" in done.stderr
    assert feed("update", "d").returncode == 2


def test_changes_have_the_last_word(feed, server):
    """A year's file that is new must not undo the file of changes behind it."""
    old, new = nvd_page(1), nvd_page(1)
    match = new["vulnerabilities"][0]["cve"]["configurations"][0]["nodes"][0]["cpeMatch"]
    match.append({**match[0], "versionEndExcluding": "9.9"})
    server.answers["/2026"] = [whole(packed(old)), whole(packed(old), '"v2"')]
    server.answers["/modified"] = [whole(packed(new))]
    feed.list(f"nvd-{{year}} always 2026 {server.url}/{{year}}",
              f"nvd-modified always - {server.url}/modified")
    assert feed("update").returncode == 0
    assert feed.facts()["claims"] == 2
    done = feed("update")
    assert done.returncode == 0 and "1 new, 1 unchanged" in done.stderr
    assert feed.facts()["claims"] == 2


def test_bad_list(feed):
    feed.list("what ever")
    done = feed("update")
    assert done.returncode == 2 and "line 2" in done.stderr


def test_everything_is_imported_when_the_snapshot_is_lost(feed, server):
    feed.one(whole(page(5)))
    assert feed("update").returncode == 0
    feed.snapshot.unlink()
    assert feed("update").returncode == 0
    assert feed.facts()["advisories"] == 5 and len(server.hits("/one")) == 2


# --- the line is bad ---

def test_cut_and_resumed(feed, server):
    body = page(30)
    feed.one(cut(body, len(body) // 2), whole(body))
    done = feed("update")
    assert done.returncode == 0, done.stderr
    first, second = server.hits("/one")
    assert "Range" not in first
    assert second["Range"] == f"bytes={len(body) // 2}-" and second["If-Range"] == '"v1"'
    assert (feed.downloads / "one").read_bytes() == body
    assert feed.facts()["advisories"] == 30


def test_many_pieces(feed, server):
    body = page(30)

    def some(handler):
        start = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        handler.close_connection = True
        handler.send_response(206 if start else 200)
        handler.send_header("ETag", '"v1"')
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Length", str(len(body) - start))
        handler.end_headers()
        handler.wfile.write(body[start:start + len(body) // 12 + 1])
    feed.one(some)
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert len(server.hits("/one")) == 12
    assert (feed.downloads / "one").read_bytes() == body


def test_wrong_piece(feed, server):
    body = page(30)
    feed.one(cut(body, 100), wrong_piece(body))
    assert feed("update").returncode == 0
    assert (feed.downloads / "one").read_bytes() == body
    assert ["Range" in h for h in server.hits("/one")] == [False, True, False]


def test_changed_while_resuming(feed, server):
    old, new = page(30), page(20)
    feed.one(cut(old, len(old) // 2, '"v1"'), whole(new, '"v2"'))
    assert feed("update").returncode == 0
    assert (feed.downloads / "one").read_bytes() == new
    assert (feed.downloads / "one.tag").read_text().startswith('"v2"')
    assert feed.facts()["advisories"] == 20


def test_promises_too_much(feed, server):
    """A Content-Length larger than the file: never whole, however often it is asked."""
    body = page(5)
    feed.one(lambda h: (setattr(h, "close_connection", True), send(h, 200, body, {}, len(body) + 9)))
    done = feed("update")
    assert done.returncode == 3, done.stderr
    assert not (feed.downloads / "one").exists() and not feed.snapshot.exists()
    assert len(server.hits("/one")) == 6, "the first came further than nothing"


def test_promises_too_little(feed, server):
    """A Content-Length smaller than the file: what came is damaged, and said to be."""
    body = page(5)
    feed.one(whole(page(3)), short_length(body, len(body) // 2))
    assert feed("update").returncode == 0
    before = feed.snapshot.read_bytes()
    done = feed("update")
    assert done.returncode == 4 and str(feed.downloads / "one") in done.stderr
    assert feed.snapshot.read_bytes() == before and downloads(feed) == []


def test_stalling(feed, server):
    body = page(5)
    server.answers["/one"] = [stall(body, 100, 20), whole(body)]
    feed.list("stall-s 1", f"one always - {server.url}/one")
    begun = time.monotonic()
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begun < 10 and len(server.hits("/one")) == 2


@pytest.mark.parametrize("code", [403, 408, 429, 500, 502, 503])
def test_trouble_that_passes(feed, server, code):
    feed.one(status(code), status(code), whole(page(2)))
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert len(server.hits("/one")) == 3 and str(code) in done.stderr and "next try" in done.stderr


def test_server_says_how_long_to_wait(feed):
    feed.one(status(429, {"Retry-After": "1"}), whole(page(2)))
    begun = time.monotonic()
    done = feed("update")
    assert done.returncode == 0 and "1.0 s" in done.stderr
    assert time.monotonic() - begun >= 1


def test_mirror(feed, server):
    server.answers["/bad"] = [status(500)]
    server.answers["/gone"] = [status(404)]
    server.answers["/good"] = [whole(page(4))]
    feed.list(f"one always - {server.url}/bad {server.url}/gone {server.url}/good")
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert [len(server.hits(p)) for p in ("/bad", "/gone", "/good")] == [5, 1, 1]
    assert feed.facts()["advisories"] == 4


def test_endless_body_is_bounded(feed, server):
    server.answers["/one"] = [endless()]
    feed.list("limit-mib 3", f"one always - {server.url}/one")
    done = feed("update")
    assert done.returncode == 3 and "a limit was reached" in done.stderr
    assert len(server.hits("/one")) == 1
    assert sum(p.stat().st_size for p in feed.downloads.iterdir()) == 0


@pytest.mark.long
def test_endless_body_meets_the_limit_of_every_file(feed, server):
    feed.one(endless(b"[" * (1 << 20)))
    done = feed("update", timeout=600)
    assert done.returncode == 3 and "a limit was reached" in done.stderr
    assert sum(p.stat().st_size for p in feed.downloads.iterdir()) == 0


def test_redirects(feed, server):
    server.answers["/moved"] = [whole(page(2))]
    feed.one(elsewhere(f"{server.url}/moved"))
    assert feed("update").returncode == 0
    server.answers["/one"] = [elsewhere("/one")]
    done = feed("update")
    assert done.returncode == 3 and "redirect" in done.stderr
    server.answers["/one"] = [elsewhere("file:///etc/passwd")]
    done = feed("update")
    assert done.returncode == 3 and "root:" not in (feed.downloads / "one").read_text("latin-1")


def test_no_redirect_from_https_to_http(feed, kensa, server, tmp_path):
    """In a mount namespace of its own, where the machine trusts the test's certificate."""
    own = ["unshare", "-m", "sh", "-c",
           'mount --bind "$0" /etc/ssl/certs/ca-certificates.crt && exec "$@"', tmp_path / "cert"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", tmp_path / "key", "-out", tmp_path / "cert"],
                   check=True, capture_output=True)
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespace to be had here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    safe = feed_server.Server()
    safe.http.socket = context.wrap_socket(safe.http.socket, server_side=True)
    where = safe.url.replace("http:", "https:")
    safe.answers["/good"] = [elsewhere("/there")]
    safe.answers["/there"] = [whole(page(2))]
    safe.answers["/down"] = [elsewhere(f"{server.url}/plain")]
    server.answers["/plain"] = [whole(page(2, start=50))]
    feed.list(f"good always - {where}/good", f"down always - {where}/down")
    done = subprocess.run([*own, kensa, "feed", "update", "--lang", "en"], check=False, text=True,
                          capture_output=True, timeout=60,
                          env={**os.environ, "KENSA_HOME": str(feed.home)})
    safe.close()
    assert done.returncode == 4, done.stderr
    assert "good: 2 records" in done.stderr and "down: could not be fetched" in done.stderr
    assert len(safe.hits("/down")) >= 1 and not server.hits("/plain")


def test_proxy(feed, server):
    where = "http://feeds.invalid/one"
    server.answers[where] = [whole(page(2))]
    feed.list(f"one always - {where}")
    done = feed("update", env={"http_proxy": server.url})
    assert done.returncode == 0, done.stderr
    assert len(server.hits(where)) == 1 and feed.facts()["advisories"] == 2


# --- some of it is bad ---

def test_one_source_fails(feed, server):
    server.answers["/good"] = [whole(page(4))]
    feed.list(f"bad always - {server.url}/404", f"good always - {server.url}/good")
    done = feed("update")
    assert done.returncode == 4, done.stderr
    assert "bad: could not be fetched" in done.stderr and "404" in done.stderr
    assert feed.facts()["advisories"] == 4
    # a source that says nothing today does not make the data younger
    assert feed("update", date="2026-12-24").returncode == 4
    assert feed.facts()["date"] == DATE


def test_nothing_answers(feed, server):
    feed.list(f"a always - {server.url}/404", f"b always - {server.url}/404")
    done = feed("update")
    assert done.returncode == 3 and not feed.snapshot.exists()


def test_damaged_files_cost_only_themselves(feed, server):
    good = {n: page(3, start=10 * n) for n in range(1, 5)}
    for n in good:
        server.answers[f"/{n}"] = [whole(good[n])]
    feed.list(*(f"s{n} always - {server.url}/{n}" for n in good))
    assert feed("update").returncode == 0
    server.answers["/1"] = [whole(b'{"vulnerabilities":[{"cve":', '"v2"')]
    server.answers["/2"] = [whole(page(5, start=20), '"v2"')]
    server.answers["/3"] = [whole(b"<html>Sorry, down for maintenance</html>", '"v2"')]
    server.answers["/4"] = [whole(b"not even that\n", '"v2"')]
    done = feed("update", date="2026-12-24")
    assert done.returncode == 4, done.stderr
    for n in 1, 3, 4:
        assert str(feed.downloads / f"s{n}") in done.stderr and f"s{n}: " in done.stderr
    assert "s2: 5 records" in done.stderr and "3 damaged" in done.stderr and "line 1" in done.stderr
    assert downloads(feed) == ["s2", "s2.tag"]
    assert feed.facts()["advisories"] == 14 and feed.facts()["date"] == DATE
    for n in 1, 3, 4:
        server.answers[f"/{n}"] = [whole(good[n], '"v2"')]
    done = feed("update", date="2026-12-24")
    assert done.returncode == 0 and "3 new, 1 unchanged" in done.stderr
    assert feed.facts()["date"] == "2026-12-24"


def test_all_that_came_is_damaged(feed, server):
    feed.one(whole(b"{"))
    done = feed("update")
    assert done.returncode == 4 and not feed.snapshot.exists()


# --- interrupted ---

def start(kensa, feed):
    return subprocess.Popen([kensa, "feed", "update", "--date", DATE, "--lang", "en"],
                            env={**os.environ, "KENSA_HOME": str(feed.home)},
                            stderr=subprocess.PIPE, text=True)


def wait_for(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_while_fetching(feed, kensa, server, how):
    body = page(30)
    server.answers["/first"] = [whole(page(2, start=90))]
    feed.list(f"first always - {server.url}/first")
    assert feed("update").returncode == 0
    before = feed.snapshot.read_bytes()

    def slow(handler):
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("ETag", '"v1"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:5000])
        handler.wfile.flush()
        time.sleep(8)
    server.answers["/first"] = [whole(page(4, start=90), '"v2"')]
    server.answers["/one"] = [slow, whole(body)]
    feed.list(f"first always - {server.url}/first", f"one always - {server.url}/one")
    process = start(kensa, feed)
    part = feed.downloads / "one.part"
    wait_for(lambda: part.exists() and part.stat().st_size == 5000)
    process.send_signal(how)
    _, said = process.communicate(timeout=20)
    assert process.returncode == (-9 if how == signal.SIGKILL else 4), said
    assert feed.snapshot.read_bytes() == before
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert server.hits("/one")[1]["Range"] == "bytes=5000-"
    # what had come before the interruption is asked for again, unchanged, and imported
    assert server.hits("/first")[-1]["If-None-Match"] == '"v2"'
    assert feed.facts()["advisories"] == 34
    assert not [n for n in downloads(feed) if n.endswith((".new", ".part"))]


def test_killed_while_importing(feed, kensa, server):
    feed.one(whole(page(2)))
    assert feed("update").returncode == 0
    before = feed.snapshot.read_bytes()
    server.answers["/one"] = [whole(page(20000, words=400), '"v2"')]
    process = start(kensa, feed)
    wait_for(lambda: (feed.downloads / "one.tag").read_text().startswith('"v2"')
             if (feed.downloads / "one.tag").exists() else False)
    process.kill()
    process.communicate(timeout=20)
    assert process.returncode == -9 and feed.snapshot.read_bytes() == before
    assert (feed.downloads / "one.new").exists()
    done = feed("update")
    assert done.returncode == 0, done.stderr
    assert feed.facts()["advisories"] == 20000 and not (feed.downloads / "one.new").exists()


def test_two_at_once(feed):
    feed.one(whole(page(2)))
    with open(feed.home / "feed.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = feed("update")
        assert done.returncode == 3 and "another process" in done.stderr
    assert feed("update").returncode == 0


def test_full_disk(feed, server):
    feed.one(whole(page(2)))
    assert feed("update").returncode == 0
    before = feed.snapshot.read_bytes()
    server.answers["/one"] = [whole(page(100), '"v2"')]
    done = feed("update", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)),
                restore_signals=False)
    assert done.returncode == 3 and "File too large" in done.stderr
    assert feed.snapshot.read_bytes() == before
    assert feed("update").returncode == 0 and feed.facts()["advisories"] == 100


def test_damaged_snapshot_is_not_replaced(feed):
    feed.one(whole(page(2)))
    feed.snapshot.write_bytes(b"something else")
    assert feed("update").returncode == 3
    assert feed.snapshot.read_bytes() == b"something else"


# --- addresses given to feed import ---

def test_import_of_an_address(feed, server, tmp_path):
    body = page(4)
    server.answers["/some"] = [cut(body, 100), whole(body)]
    (tmp_path / "file").write_bytes(page(2, start=50))
    feed.list()
    done = feed("import", f"{server.url}/some", tmp_path / "file")
    assert done.returncode == 0, done.stderr
    assert f"{server.url}/some: 4 records" in done.stderr
    assert feed.facts()["advisories"] == 6 and downloads(feed) == []


@pytest.mark.parametrize("answer", [status(404), whole(b"{")], ids=["absent", "damaged"])
def test_import_of_a_bad_address(feed, server, tmp_path, answer):
    server.answers["/some"] = [answer]
    (tmp_path / "file").write_bytes(page(2))
    feed.list()
    done = feed("import", tmp_path / "file", f"{server.url}/some")
    assert done.returncode == 3 and f"{server.url}/some" in done.stderr
    assert not feed.snapshot.exists()
    assert not [n for n in downloads(feed) if not n.endswith(".part")]
