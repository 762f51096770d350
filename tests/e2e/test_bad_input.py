# SPDX-License-Identifier: Apache-2.0
# The hostile user: damaged, lying and enormous targets, wrong words, killed workers. Each ends with
# an exit code of the contract and a message that says what and where.

import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
import pathlib
import random
import shutil
import signal
import stat
import struct
import subprocess
import tarfile
import tempfile
import time
import zipfile
import zlib

import pytest

DATE = "2026-01-15"
SEED = 20260115
LONG = bool(os.environ.get("KENSA_LONG"))
SECONDS = 10
OBJECT_SECONDS = 60  # LIMIT_OBJECT_SECONDS
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"

DONE, BELOW, USAGE, TARGET, INCOMPLETE = 0, 1, 2, 3, 4


def tool(*args, **kwargs):
    return subprocess.run([*map(str, args)], check=True, capture_output=True,
                          env={**os.environ, "PATH": PATH, "SOURCE_DATE_EPOCH": "1700000000"},
                          **kwargs)


def ends_with(p, code, *words):
    """The exit code, and a message with every word in it."""
    assert p.returncode == code, f"exit {p.returncode}: {p.stderr[-800:]}"
    for word in words:
        assert word in p.stderr, f"{word!r} is not in {p.stderr!r}"


# --- images, one small one per format ---


def small_tree(folder):
    (folder / "etc").mkdir(parents=True)
    (folder / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\n")
    (folder / "etc/numbers").write_text("".join(f"{n}\n" for n in range(400)))
    (folder / "link").symlink_to("etc/passwd")
    return folder


def cpio(*entries):
    """A newc archive of (name, mode, bytes): names exactly as given."""
    out = io.BytesIO()

    def put(name, mode, data, number):
        raw = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0)
        out.write(b"070701" + b"".join(b"%08x" % f for f in fields) + raw)
        out.write(b"\0" * (-out.tell() % 4) + data)
        out.write(b"\0" * (-out.tell() % 4))

    for number, (name, mode, data) in enumerate(entries, 1):
        put(name, mode, data, number)
    put("TRAILER!!!", 0, b"", 0)
    return out.getvalue()


FILE, FOLDER, LINK = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755, stat.S_IFLNK | 0o777
MEMBERS = (("etc", FOLDER, b""), ("etc/passwd", FILE, b"root:x:0:0::/:/bin/sh\n"),
           ("link", LINK, b"etc/passwd"))


def tar(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as t:
        for name, mode, data in entries:
            info = tarfile.TarInfo(name)
            info.mode = stat.S_IMODE(mode)
            info.type = {stat.S_IFREG: tarfile.REGTYPE, stat.S_IFDIR: tarfile.DIRTYPE,
                         stat.S_IFLNK: tarfile.SYMTYPE}[stat.S_IFMT(mode)]
            if info.type == tarfile.SYMTYPE:
                info.linkname = data.decode()
            info.size = len(data) if info.type == tarfile.REGTYPE else 0
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zip_of(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, mode, data in entries:
            info = zipfile.ZipInfo(name + "/" * stat.S_ISDIR(mode))
            info.create_system, info.external_attr = 3, mode << 16
            z.writestr(info, data)
    return out.getvalue()


TEXT = b"".join(b"line %d\n" % n for n in range(300))


def squashfs(compression):
    def make(folder):
        tool("mksquashfs", small_tree(folder / "tree"), folder / "img", "-comp", compression,
             "-noappend", "-quiet", "-no-progress", "-nopad", "-processors", 1)
        return (folder / "img").read_bytes()
    return make


def make_jffs2(folder):
    tool("mkfs.jffs2", "-l", "-e", "16KiB", "-r", small_tree(folder / "tree"), "-o", folder / "img")
    return (folder / "img").read_bytes()


def make_uimage(folder):
    (folder / "in").write_bytes(gzip.compress(TEXT, mtime=0))
    tool("mkimage", "-A", "arm", "-T", "kernel", "-C", "gzip", "-n", "small", "-d", folder / "in",
         folder / "img")
    return (folder / "img").read_bytes()


def make_dtb(folder):
    (folder / "in").write_text('/dts-v1/; / { model = "small"; chosen { bootargs = "quiet"; }; };')
    tool("dtc", "-I", "dts", "-O", "dtb", "-o", folder / "img", folder / "in")
    return (folder / "img").read_bytes()


def make_elf(folder):
    (folder / "in.c").write_text("int main(void) { return 0; }\n")
    tool("cc", "-o", folder / "img", folder / "in.c")
    return (folder / "img").read_bytes()


IMAGES = {
    "uimage": make_uimage,
    "squashfs-gzip": squashfs("gzip"),
    "squashfs-xz": squashfs("xz"),
    "jffs2": make_jffs2,
    "cpio": lambda folder: cpio(*MEMBERS),
    "gzip": lambda folder: gzip.compress(TEXT, mtime=0),
    "xz": lambda folder: lzma.compress(TEXT),
    "lzma": lambda folder: lzma.compress(TEXT, lzma.FORMAT_ALONE),
    "dtb": make_dtb,
    "elf": make_elf,
    "tar": lambda folder: tar(*MEMBERS),
    "zip": lambda folder: zip_of(*MEMBERS),
    "zimage": None,
}


def image_of(name, folder, request):
    if IMAGES[name]:
        return IMAGES[name](folder)
    path = request.getfixturevalue("shared") / "corpus/firmware/zImage_be32"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path.read_bytes()


def damaged(data, few):
    """(what, bytes): prefixes and single flipped bits, half of them near the front."""
    rng = random.Random(SEED)
    places = range(len(data))
    if LONG and len(data) <= 20000:
        yield from ((f"prefix {n}", data[:n]) for n in places)
        picks = places
    else:
        near = rng.sample(range(min(128, len(data))), few // 2)
        picks = near + [rng.choice(places) for _ in range(few - len(near))]
        yield from ((f"prefix {n}", data[:n]) for n in picks)
    for at in picks:
        flip = 1 << rng.randrange(8)
        yield f"byte {at} ^ {flip:#x}", data[:at] + bytes([data[at] ^ flip]) + data[at + 1:]


def survives(run, command, target, what):
    try:
        p = run(*command, target, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.fail(f"{what}: more than {SECONDS} s")
    assert p.returncode in (DONE, INCOMPLETE), f"{what}: exit {p.returncode}: {p.stderr}"
    # an object that crashed a worker is a flaw of kensa even where the run goes on
    assert " crash " not in p.stdout, f"{what}: {p.stdout[-500:]}"
    return p


@pytest.mark.parametrize("name", IMAGES)
def test_damage_never_ends_a_run(name, run, tmp_path, request):
    data = image_of(name, tmp_path, request)
    target = tmp_path / "target.bin"
    target.write_bytes(data)
    whole = survives(run, ["tree"], target, "undamaged")
    assert name.split("-")[0] in whole.stdout, "the sample is what it should be"
    for n, (what, broken) in enumerate(damaged(data, 14)):
        target.write_bytes(broken)
        survives(run, ["tree"], target, f"tree {name}, {what}")
        if n % 14 == 3:
            survives(run, ["inspect", "--json", "--date", DATE, "--out", tmp_path / "report"],
                     target, f"inspect {name}, {what}")


# --- bombs, nests, cycles ---


def bomb_of_gzip(size):
    c = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([c.compress(block) for _ in range(size >> 20)] + [c.flush()])


def test_squashfs_bomb(run, tmp_path):
    # 10 GB of nothing: one inode that says so, with a block list of zeros
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "hole").touch()
    os.truncate(folder / "hole", 10 << 30 if LONG else 1 << 30)
    image = tmp_path / "bomb.squashfs"
    tool("mksquashfs", folder, image, "-noappend", "-quiet", "-no-progress", "-b", "1M")
    assert image.stat().st_size < 50_000
    p = run("tree", image, timeout=SECONDS)
    ends_with(p, INCOMPLETE)
    assert "not read: bomb.squashfs!squashfs!/hole: a limit was reached" in p.stdout


def test_gzip_bomb(run, tmp_path):
    (tmp_path / "bomb.gz").write_bytes(bomb_of_gzip(700 << 20))
    p = run("tree", tmp_path / "bomb.gz", timeout=SECONDS)
    ends_with(p, INCOMPLETE)
    assert "gzip at 0x0 unpacks to more than the limit" in p.stdout


@pytest.mark.parametrize("name, pack", [
    ("xz", lzma.compress), ("bzip2", bz2.compress),
    ("lzma", lambda data: lzma.compress(data, lzma.FORMAT_ALONE))])
def test_dense_bombs(name, pack, run, tmp_path):
    # far below the limit of size, but denser than anything honest
    (tmp_path / "bomb").write_bytes(pack(bytes(40 << 20)))
    p = run("tree", tmp_path / "bomb", timeout=SECONDS)
    ends_with(p, INCOMPLETE)
    assert f"{name} at 0x0 unpacks to more than the limit" in p.stdout


def test_gzip_bomb_within(run, tmp_path):
    data = cpio(("before", FILE, TEXT), ("bomb.gz", FILE, bomb_of_gzip(600 << 20)),
                ("after", FILE, TEXT))
    (tmp_path / "bomb.cpio").write_bytes(data)
    p = run("tree", tmp_path / "bomb.cpio", timeout=SECONDS)
    ends_with(p, INCOMPLETE)
    assert "not read: bomb.cpio!cpio!/bomb.gz: a limit was reached" in p.stdout
    assert "/before" in p.stdout and "/after" in p.stdout


def test_nested_a_thousand_times(run, tmp_path):
    data = b"the heart of it"
    for _ in range(1000):
        data = gzip.compress(data, 1, mtime=0)
    (tmp_path / "nest.gz").write_bytes(data)
    p = run("tree", tmp_path / "nest.gz", timeout=SECONDS)
    ends_with(p, INCOMPLETE)
    assert "containers nested deeper than the limit" in p.stdout


def raw_crc(data):
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def jffs2_dirent(pino, ino, name, version):
    raw = name.encode()
    head = struct.pack("<HHI", 0x1985, 0xE001, 40 + len(raw))
    head += struct.pack("<I", raw_crc(head))
    head += struct.pack("<IIIIBBH", pino, version, ino, 0, len(raw), 4, 0)
    node = head + struct.pack("<II", raw_crc(head), raw_crc(raw)) + raw
    return node + b"\xff" * (-len(node) % 4)


def test_cyclic_jffs2(run, tmp_path):
    edges = ((1, 2, "a"), (2, 3, "b"), (3, 2, "a"), (3, 1, "up"), (1, 1, "self"), (10, 11, "x"),
             (11, 10, "y"))
    log = b"".join(jffs2_dirent(*edge, version) for version, edge in enumerate(edges, 1))
    (tmp_path / "cycle.jffs2").write_bytes(log.ljust(65536, b"\xff"))
    p = run("tree", tmp_path / "cycle.jffs2", timeout=SECONDS)
    ends_with(p, p.returncode if p.returncode in (DONE, INCOMPLETE) else DONE)
    assert "jffs2" in p.stdout and len(p.stdout) < 20_000
    p = run("inspect", "--date", DATE, "--out", tmp_path / "r", tmp_path / "cycle.jffs2",
            timeout=SECONDS)
    assert p.returncode in (DONE, INCOMPLETE), p.stderr


def test_symlink_loops(run, tmp_path):
    data = cpio(("etc", FOLDER, b""), ("bin", FOLDER, b""), ("etc/passwd", LINK, b"shadow"),
                ("etc/shadow", LINK, b"passwd"), ("etc/inittab", LINK, b"/etc/inittab"),
                ("etc/init.d", LINK, b"../etc/init.d/x"), ("a", LINK, b"b/c"),
                ("b", LINK, b"a/c"), ("www", LINK, b"."))
    (tmp_path / "loop.cpio").write_bytes(data)
    p = run("inspect", "--date", DATE, "--out", tmp_path / "r", tmp_path / "loop.cpio",
            timeout=SECONDS)
    assert p.returncode in (DONE, INCOMPLETE), p.stderr


# --- extract stays in its folder ---

EVIL = (("../../etc/passwd", FILE, b"evil\n"), ("/abs/file", FILE, b"evil\n"),
        ("d/../../../out", FILE, b"evil\n"), ("..", FILE, b"evil\n"),
        ("abs", LINK, b"/etc/passwd"), ("up", LINK, b"../../../../etc"),
        ("through", LINK, b"/"), ("through/owned", FILE, b"evil\n"),
        ("twice", LINK, b"../../.."), ("twice", FILE, b"evil\n"),
        ("x/y/b", LINK, b"../.."), ("x/y/z", LINK, b"b/../../../.."),
        ("x/y/w", LINK, b"/x/y/b/../../../etc"), ("good", FILE, b"good\n"))


def everything(folder):
    return sorted(str(p) for p in folder.rglob("*"))


@pytest.mark.parametrize("pack", [cpio, tar, zip_of], ids=["cpio", "tar", "zip"])
def test_extract_stays_inside(pack, run, tmp_path):
    image, cell = tmp_path / "evil.bin", tmp_path / "1/2/3/4"
    cell.mkdir(parents=True)
    with pytest.warns(UserWarning) if pack is zip_of else contextlib.nullcontext():
        image.write_bytes(pack(*EVIL))
    before = everything(tmp_path)
    p = run("extract", image, cell / "out", timeout=SECONDS)
    assert p.returncode in (DONE, INCOMPLETE), p.stderr
    after = [name for name in everything(tmp_path) if not name.startswith(str(cell / "out"))]
    assert after == before
    made = list((cell / "out").rglob("*"))
    assert any(f.name == "good" for f in made)
    for f in made:
        inside = os.path.realpath(f) + "/"
        assert inside.startswith(str(cell / "out") + "/"), f"{f} leads to {inside}"
    assert not os.path.exists("/tmp/owned") and not os.path.exists("/owned")


def test_extract_clashing_names(run, tmp_path):
    data = cpio(("a", FILE, b"file\n"), ("a/b", FILE, b"below a file\n"), ("c", FILE, b"good\n"))
    (tmp_path / "clash.cpio").write_bytes(data)
    p = run("extract", tmp_path / "clash.cpio", tmp_path / "out")
    ends_with(p, INCOMPLETE, "name")
    assert (tmp_path / "out/cpio.unpacked/c").read_bytes() == b"good\n"


def test_extract_loses_no_byte(run, tmp_path):
    # many times what a pipe and the parent's buffer hold
    data = random.Random(SEED).randbytes(3 << 20) * 10
    (tmp_path / "large.cpio").write_bytes(cpio(("large", FILE, data)))
    ends_with(run("extract", tmp_path / "large.cpio", tmp_path / "out"), DONE)
    assert (tmp_path / "out/cpio.unpacked/large").read_bytes() == data


def test_extract_into_something(run, tmp_path):
    image = tmp_path / "small.cpio"
    image.write_bytes(cpio(*MEMBERS))
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine").write_text("mine")
    ends_with(run("extract", image, tmp_path / "full"), USAGE, "full", "not empty")
    ends_with(run("extract", image, image), USAGE, "small.cpio")
    ends_with(run("extract", image, tmp_path / "no/such"), USAGE, "no/such")
    assert everything(tmp_path / "full") == [str(tmp_path / "full/mine")]


# --- targets that are none ---


def test_text_and_nothing(run, tmp_path):
    (tmp_path / "readme.txt").write_text("hello\n")
    (tmp_path / "empty.bin").touch()
    for name, code in (("readme.txt", INCOMPLETE), ("empty.bin", DONE)):
        ends_with(run("tree", tmp_path / name), DONE)
        p = run("inspect", "--json", "--date", DATE, "--out", tmp_path / "r", tmp_path / name)
        ends_with(p, code)
        assert passed(p.stdout) == [], f"{name}: nothing was looked at, nothing passes"
        p = run("inspect", "--quiet", "--require", "bronze", "--date", DATE, "--out",
                tmp_path / "r", tmp_path / name)
        ends_with(p, BELOW)


def test_not_a_file(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for target, word in ((tmp_path / "missing.bin", "missing.bin"), (tmp_path / "pipe", "pipe"),
                         ("/dev/zero", "/dev/zero"), (tmp_path / "loop", "loop")):
        for command in ("tree", "inspect"):
            ends_with(run(command, target, timeout=SECONDS), TARGET, word)
    assert not (tmp_path / "kensa-report").exists()


@pytest.fixture
def open_folder():
    """A folder that everybody can reach (the folders of pytest are closed)."""
    folder = pathlib.Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"),
                    reason="becoming another user needs root and setpriv")
def test_without_permission(kensa, open_folder):
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    shutil.copy(kensa, open_folder / "kensa")
    (open_folder / "closed").mkdir(mode=0o700)
    (open_folder / "tree/inner").mkdir(parents=True)
    (open_folder / "tree/fine").write_text("fine\n")
    (open_folder / "tree/inner/secret").write_text("secret\n")
    (open_folder / "tree/inner").chmod(0o700)
    (open_folder / "closed.bin").write_text("x")
    (open_folder / "closed.bin").chmod(0o600)

    def ask(target):
        return subprocess.run([*nobody, open_folder / "kensa", "tree", open_folder / target],
                              capture_output=True, text=True, timeout=SECONDS, cwd="/",
                              env={"PATH": PATH, "LANG": "C.UTF-8"}, check=False)

    ends_with(ask("closed"), TARGET, "closed", "Permission denied")
    ends_with(ask("closed.bin"), TARGET, "closed.bin", "Permission denied")
    ends_with(ask("tree"), TARGET, "inner", "Permission denied")
    (open_folder / "tree/inner").chmod(0o755)
    ends_with(ask("tree"), DONE)


@pytest.mark.parametrize("args, word", [
    (["frobnicate"], "frobnicate"), ([], "--help"), (["tree"], "tree"),
    (["tree", "--frob", "x"], "--frob"), (["tree", "x", "y"], "too many"),
    (["tree", "x", "--jobs"], "--jobs"), (["tree", "--out", "d", "x"], "out"),
    (["tree", "--json=yes", "x"], "--json"), (["inspect", "--lang", "de", "x"], "--lang"),
    (["tree", "--depth", "-1", "x"], "--depth"),
    *((["inspect", "--date", d, "x"], "--date")
      for d in ("2026-02-30", "2026-13-01", "26-01-01", "yesterday", "", "1969-12-31",
                "2026-1-1", "2026-01-01x")),
    *((["inspect", "--jobs", j, "x"], "--jobs") for j in ("0", "65", "-1", "two", "")),
    *((["inspect", "--class", c, "x"], "--class") for c in ("0", "5", "A", "")),
    *((["inspect", "--require", g, "x"], "--require") for g in ("platinum", "", "GOLD")),
    (["sheet", "show", "FW-99"], "FW-99"), (["sheet", "dance"], "sheet"),
])
def test_wrong_words(args, word, run):
    args = [__file__ if a == "x" else a for a in args]
    ends_with(run(*args), USAGE, word)


def test_full_disk(run, tmp_path):
    (tmp_path / "a.txt").write_text("hello\n")
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    for words in (["tree"], ["inspect", "--out", tmp_path / "r"]):
        with open("/dev/full", "w") as full:
            p = subprocess.run([*map(str, [run_path(run), *words, tmp_path / "a.txt"])],
                               stdout=full, stderr=subprocess.PIPE, text=True, check=False,
                               env=surroundings())
        ends_with(p, TARGET, "No space left")
    (tmp_path / "taken").write_text("a file")
    ends_with(run("inspect", "--out", tmp_path / "taken", tmp_path / "a.txt"), TARGET,
              "record.jsonl")
    ends_with(run("inspect", "--out", tmp_path / "no/such", tmp_path / "a.txt"), TARGET, "no/such")


# --- what is there, but cut short ---

CUT = {"squashfs-gzip": 0.6, "squashfs-xz": 0.6, "jffs2": None, "uimage": 0.6, "cpio": 0.5,
       "gzip": 0.7, "xz": 0.6, "lzma": 0.7}


def middle_of_last_node(data):
    """Where to cut a little-endian JFFS2 image so that its last node is halved."""
    at, last = 0, None
    while at + 12 <= len(data):
        magic, kind, size = struct.unpack_from("<HHI", data, at)
        if magic == 0x1985 and kind in (0xe001, 0xe002):
            last = at, size
        at += (size + 3) & ~3 if magic == 0x1985 else 4
    return last[0] + last[1] // 2


@pytest.mark.parametrize("name", CUT)
def test_cut_image(name, run, tmp_path, request):
    data = image_of(name, tmp_path, request)
    end = int(len(data) * CUT[name]) if CUT[name] else middle_of_last_node(data)
    (tmp_path / "cut.bin").write_bytes(data[:end])
    p = run("tree", tmp_path / "cut.bin")
    said = [line for line in p.stdout.splitlines() if line.startswith("not read: ")]
    assert p.returncode == INCOMPLETE and said, p.stdout
    assert any(name.split("-")[0] in s and "short" in s for s in said), said
    p = run("extract", tmp_path / "cut.bin", tmp_path / "out")
    assert p.returncode == INCOMPLETE


@pytest.mark.parametrize("name", ["squashfs-gzip", "squashfs-xz", "gzip", "xz"])
def test_cut_at_the_end_of_a_dump(name, run, tmp_path, request):
    kind = name.split("-")[0]
    data = image_of(name, tmp_path, request)
    if kind in ("gzip", "xz"):
        big = random.Random(SEED).randbytes(9000)
        data = gzip.compress(big, mtime=0) if kind == "gzip" else lzma.compress(big)
    dump = b"\xff" * 0x2000 + data[:len(data) * 2 // 3]
    (tmp_path / "dump.bin").write_bytes(dump)
    p = run("tree", tmp_path / "dump.bin")
    assert p.returncode == INCOMPLETE, p.stdout
    assert f"{kind} at 0x2000 is cut short" in p.stdout
    # all of it in place, nothing is said
    (tmp_path / "dump.bin").write_bytes(b"\xff" * 0x2000 + data)
    p = run("tree", tmp_path / "dump.bin")
    assert p.returncode == DONE and f"0x00002000  0x{len(data):08x}  {kind}" in p.stdout, p.stdout


def test_small_bomb_within(run, tmp_path):
    """less than 4 KiB in a container, which nobody searches: still opened, and told"""
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    raw = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(3)) + bomb.flush()
    small = bz2.compress(bytes(600 << 20))
    assert len(raw) < 4096 and len(small) < 4096
    (tmp_path / "box.cpio").write_bytes(cpio(("bomb.bz2", FILE, small), ("good.gz", FILE, raw),
                                             ("cut.gz", FILE, gzip.compress(TEXT)[:500])))
    p = run("tree", tmp_path / "box.cpio")
    assert p.returncode == INCOMPLETE
    assert "/bomb.bz2: limit (bzip2 at 0x0 unpacks to more than the limit)" in p.stdout
    assert "/cut.gz: short (gzip at 0x0 is cut short)" in p.stdout
    assert "box.cpio!cpio!/good.gz!data  [" in p.stdout, "a whole one is opened"


# --- workers that die, hang, are interrupted ---


def surroundings():
    here = pathlib.Path(__file__).resolve().parents[2]
    return {"PATH": PATH, "LANG": "C.UTF-8", "NO_COLOR": "1",
            "KENSA_CATALOG": os.environ.get("KENSA_CATALOG", str(here / "catalog"))}


def run_path(run):
    """The program that the fixture `run` calls."""
    here = pathlib.Path(__file__).resolve().parents[2]
    return pathlib.Path(os.environ.get("KENSA", here / "build" / "kensa")).resolve()


@pytest.fixture(scope="module")
def slow_image(tmp_path_factory):
    """An image that keeps a worker busy for seconds: noise that must be searched."""
    noise = random.Random(SEED).randbytes(16 << 20)
    path = tmp_path_factory.mktemp("slow") / "slow.cpio"
    path.write_bytes(cpio(("etc", FOLDER, b""), ("bin", FOLDER, b""), ("first", FILE, TEXT),
                          *((f"noise{n}", FILE, noise) for n in range(6)), ("last", FILE, TEXT)))
    return path


def children(pid):
    with contextlib.suppress(OSError):
        return [int(n) for n in
                pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def status_of(pid):
    return dict(line.split(":\t", 1) for line in
                pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)


def second_worker(p):
    """The pid of the worker after the survey, inside its walls and at work. The survey of an
    archive ends at once and may never be seen: who is still there after a while is the other."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and p.poll() is None:
        for pid in children(p.pid):
            time.sleep(0.3)
            with contextlib.suppress(OSError, KeyError):
                if pid in children(p.pid) and status_of(pid)["Seccomp"].strip() == "2":
                    return pid
        time.sleep(0.002)
    pytest.fail(f"no worker at work was seen; kensa ended with {p.poll()}")
    return 0


@contextlib.contextmanager
def started(run, *args):
    if not children(os.getppid()):
        pytest.skip("this kernel does not list children in /proc")
    with subprocess.Popen([*map(str, [run_path(run), *args])], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=surroundings()) as p:
        try:
            yield p
        finally:
            if p.poll() is None:
                p.kill()


def test_killed_worker(run, slow_image):
    with started(run, "tree", "--jobs", "1", slow_image) as p:
        os.kill(second_worker(p), signal.SIGSEGV)
        out, err = p.communicate(timeout=60)
    assert p.returncode == INCOMPLETE, err
    lost = [line for line in out.splitlines() if line.startswith("not read: ")]
    assert len(lost) == 1 and ": the worker reading it crashed" in lost[0] and "slow.cpio!cpio!/" in lost[0], lost
    for name in ("/first", "/last"):
        assert f"slow.cpio!cpio!{name} " in out, "the run goes on"


@pytest.mark.long
def test_hung_worker(run, slow_image):
    with started(run, "tree", "--jobs", "1", slow_image) as p:
        os.kill(second_worker(p), signal.SIGSTOP)
        out, err = p.communicate(timeout=180)
    assert p.returncode == INCOMPLETE, err
    lost = [line for line in out.splitlines() if line.startswith("not read: ")]
    assert len(lost) == 1 and ": took too long" in lost[0], lost
    assert "slow.cpio!cpio!/last " in out


@pytest.mark.long
def test_stopped_and_continued(run, slow_image):
    """ctrl-Z stops kensa and its workers; the time until `fg` is not held against an object"""
    with started(run, "tree", "--jobs", "1", slow_image) as p:
        worker = second_worker(p)
        for pid in (p.pid, worker):
            os.kill(pid, signal.SIGSTOP)
        time.sleep(OBJECT_SECONDS + 5)
        for pid in (worker, p.pid):
            os.kill(pid, signal.SIGCONT)
        out, err = p.communicate(timeout=120)
    assert p.returncode == DONE, err
    assert "not read" not in out


def test_walls_of_a_worker(run, slow_image):
    with started(run, "tree", "--jobs", "1", slow_image) as p:
        pid = second_worker(p)
        os.kill(pid, signal.SIGSTOP)
        try:
            status = status_of(pid)
            assert status["Seccomp"].strip() == "2"
            assert status["NoNewPrivs"].strip() == "1"
            with contextlib.suppress(PermissionError):  # the worker cannot be looked into: good
                files = {n: os.readlink(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd")}
                assert list(files) == ["3"] and files["3"].startswith("pipe:"), files
        finally:
            os.kill(pid, signal.SIGCONT)
        p.communicate(timeout=60)
    assert p.returncode == DONE


def passed(document):
    """Ids of the items of a JSON report that passed or do not apply."""
    return [i["id"] for i in items_of(json.loads(document))
            if i["verdict"] in ("pass", "na", "not-applicable")]


def items_of(document):
    return document["items"]


def test_interrupt(run, slow_image, tmp_path):
    report = tmp_path / "report"
    with started(run, "inspect", "--json", "--jobs", "1", "--date", DATE, "--out", report,
                 slow_image) as p:
        second_worker(p)
        p.send_signal(signal.SIGINT)
        out, err = p.communicate(timeout=SECONDS)
    assert p.returncode == INCOMPLETE, err
    assert "interrupted" in err
    facts = [json.loads(line) for line in (report / "record.jsonl").read_text().splitlines()]
    assert facts[-1]["fact"] == "end" and facts[-1]["status"] == "interrupted"
    assert any(f["fact"] == "skip" and f["why"] == "interrupted" for f in facts)
    assert passed(out) == [], "what was not looked at does not pass"
    again = run("judge", "--json", "--out", tmp_path / "again", report / "record.jsonl")
    ends_with(again, INCOMPLETE)
    assert passed(again.stdout) == []


# --- records ---


@pytest.fixture(scope="module")
def record(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    (folder / "small.cpio").write_bytes(cpio(*MEMBERS))
    p = run("inspect", "--quiet", "--date", DATE, "--out", folder, folder / "small.cpio")
    assert p.returncode in (DONE, INCOMPLETE), p.stderr
    return (folder / "record.jsonl").read_text()


def test_record_as_written(run, record, tmp_path):
    (tmp_path / "r").write_text(record)
    p = run("judge", "--out", tmp_path / "out", tmp_path / "r")
    assert p.returncode in (DONE, INCOMPLETE), p.stderr
    assert (tmp_path / "out/record.jsonl").read_text() == record


def edits(text):
    lines = text.splitlines(keepends=True)
    last = len(lines)
    yield "changed", text.replace("small.cpio", "smell.cpio"), f"line {last}"
    yield "number changed", text.replace('"size":', '"size":1', 1), f"line {last}"
    yield "cut in a line", "".join(lines[:4]) + lines[4][:20], "line 5"
    yield "cut between lines", "".join(lines[:4]), "line 4"
    yield "without its last newline", text[:-1], None
    yield "line left out", "".join(lines[:2] + lines[3:]), "line "
    yield "line doubled", "".join(lines[:3] + lines[2:]), "line "
    yield "doubled", text + text, f"line {last}"
    yield "more behind the end", text + "{}\n", f"line {last}"
    yield "empty", "", "empty"
    yield "no JSON", "".join([*lines[:2], "{\n", *lines[2:]]), "line 3"
    yield "unknown kind", "".join([*lines[:2], '{"fact":"rumour"}\n', *lines[2:]]), "line 3"
    yield "unknown key", text.replace('{"fact":"input",', '{"fact":"input","x":1,'), "line 2"
    yield "wrong type", text.replace('"size":', '"size":"1","size":', 1), "line 2"
    yield "negative", text.replace('"size":', '"size":-', 1), "line 2"
    yield "other schema", text.replace('"schema":"', '"schema":"x', 1), "schema"
    yield "deep", "[" * 100000 + "\n", "line 1"
    yield "noise", "\x00\x01\x7f" * 1000, "line 1"


def test_bad_records(run, record, tmp_path):
    for what, text, where in edits(record):
        (tmp_path / "bad.jsonl").write_text(text)
        out = tmp_path / ("out" if where else "harmless")
        p = run("judge", "--out", out, tmp_path / "bad.jsonl", timeout=SECONDS)
        if not where:
            assert p.returncode in (DONE, TARGET, INCOMPLETE), f"{what}: {p.returncode}"
            continue
        assert p.returncode == TARGET, f"{what}: exit {p.returncode}: {p.stderr}"
        assert "bad.jsonl" in p.stderr and where in p.stderr, f"{what}: {p.stderr}"
    assert not (tmp_path / "out").exists(), "nothing is reported of a bad record"
    ends_with(run("judge", tmp_path / "missing"), TARGET, "missing")
    ends_with(run("judge", tmp_path), TARGET, tmp_path.name)


# --- a folder is judged as the image made of it ---


def findings(run, target, out):
    p = run("inspect", "--quiet", "--date", DATE, "--out", out, target)
    assert p.returncode in (DONE, INCOMPLETE), p.stderr
    facts = [json.loads(line) for line in (out / "record.jsonl").read_text().splitlines()]
    return sorted((f["rule"], f.get("flaw", "")) for f in facts if f["fact"] == "finding")


def test_folder_like_squashfs(run, tmp_path):
    tree = small_tree(tmp_path / "tree")
    for name in ("bin", "etc/init.d", "etc/rc.d", "usr/sbin"):
        (tree / name).mkdir(parents=True, exist_ok=True)
    (tree / "etc/passwd").write_text("root::0:0::/:/bin/sh\nadmin:x:0:0::/:/bin/sh\n")
    (tree / "etc/shadow").write_text("root::10933:0:99999:7:::\n")
    (tree / "etc/inittab").write_text("::sysinit:/etc/init.d/rcS\n::respawn:-/bin/sh\n")
    (tree / "etc/init.d/rcS").write_text("#!/bin/sh\n/usr/sbin/telnetd -l /bin/sh\n")
    (tree / "etc/init.d/rcS").chmod(0o4777)
    tool("openssl", "genrsa", "-out", tree / "etc/key.pem", "2048")
    shutil.copy(shutil.which("true"), tree / "bin/sh")
    shutil.copy(shutil.which("true"), tree / "usr/sbin/telnetd")
    tool("mksquashfs", tree, tmp_path / "tree.squashfs", "-noappend", "-quiet", "-no-progress")
    of_folder = findings(run, tree, tmp_path / "r1")
    assert {"empty-password", "private-key", "extra-root"} <= {rule for rule, _ in of_folder}
    assert of_folder == findings(run, tmp_path / "tree.squashfs", tmp_path / "r2")
