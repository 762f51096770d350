# SPDX-License-Identifier: Apache-2.0
# Package databases and manifests as real tools write them: what kensa says is in a tree.

import json
import shutil
import subprocess

import pytest

PACKAGES = (("openssl-libs", "1:3.0.7", "27.el9", "openssl"), ("busybox", "1.36.1", "2", "busybox"),
            *((f"part{i:03}", f"1.{i}", "1", "parts") for i in range(120)))


@pytest.fixture
def sbom(run):
    def call(folder):
        p = run("sbom", "--quiet", folder)
        assert p.returncode in (0, 4), p.stderr
        return {c["name"]: c for c in json.loads(p.stdout).get("components", ())}

    return call


@pytest.fixture(scope="module")
def rpms(tmp_path_factory):
    """Small packages made by rpmbuild."""
    for tool in ("rpm", "rpmbuild"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not there: no database to read")
    top = tmp_path_factory.mktemp("rpmbuild")
    for source in {p[3] for p in PACKAGES}:
        mine = [p for p in PACKAGES if p[3] == source]
        spec = top / f"{source}.spec"
        text = f"Name: {source}-all\nVersion: 9\nRelease: 9\nSummary: x\nLicense: MIT\nBuildArch: noarch\n" \
               "%description\nx\n"
        for name, version, release, _ in mine:
            epoch, _, plain = version.rpartition(":")
            text += f"%package -n {name}\nSummary: x\nVersion: {plain}\nRelease: {release}\n"
            text += f"Epoch: {epoch}\n" if epoch else ""
            text += f"%description -n {name}\n{'long ' * 900}\n%files -n {name}\n"
        spec.write_text(text)
        subprocess.run(["rpmbuild", "-bb", "--define", f"_topdir {top}", spec], check=True,
                       capture_output=True, timeout=300)
    return sorted(top.glob("RPMS/noarch/*.rpm"))


@pytest.mark.parametrize("backend, file", [("sqlite", "rpmdb.sqlite"), ("ndb", "Packages.db")])
def test_rpm(rpms, sbom, tmp_path, backend, file):
    base = tmp_path / "var/lib/rpm"
    base.mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('NAME=Rocky\nID="rocky"\nVERSION_ID="9.3"\n')
    common = ["rpm", "--define", f"_db_backend {backend}", "--dbpath", base]
    made = subprocess.run([*common, "--initdb"], check=True, capture_output=True, text=True)
    if "invalid %_db_backend" in made.stderr:
        pytest.skip(f"this rpm was built without {backend}; tests/unit/test_rpmdb.c has one by hand")
    subprocess.run([*common, "-i", "--justdb", "--nodeps", *rpms], check=True, capture_output=True)
    assert (base / file).exists()
    found = sbom(tmp_path)
    assert {n for n in found if not n.startswith("kensa")} >= {p[0] for p in PACKAGES}
    for name, version, release, source in PACKAGES:
        epoch, _, plain = version.rpartition(":")
        purl = f"pkg:rpm/rocky/{name}@{plain}-{release}?arch=noarch&distro=rocky-9.3"
        purl += f"&epoch={epoch}" if epoch else ""
        purl += f"&upstream={source}-all%409-9"
        assert found[name]["version"] == f"{plain}-{release}"
        assert found[name]["purl"] == purl
    assert found["busybox"]["cpe"] == "cpe:2.3:a:busybox:busybox:1.36.1:*:*:*:*:*:*:*"


def test_dpkg_with_its_distribution(sbom, tmp_path):
    (tmp_path / "var/lib/dpkg/status.d").mkdir(parents=True)
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "usr/lib/os-release").write_text("ID=debian\nVERSION_ID='12'\n")
    (tmp_path / "var/lib/dpkg/status.d/libssl3").write_text(
        "Package: libssl3\nSource: openssl\nVersion: 3.0.15-1~deb12u1\nArchitecture: arm64\n")
    (tmp_path / "var/lib/dpkg/status").write_text(
        "Package: openssl\nStatus: install ok installed\nVersion: 3.0.15-1~deb12u1\n\n"
        "Package: busybox\nStatus: install ok installed\nVersion: 1:1.35.0-4+b1\n"
        "Source: busybox (1:1.35.0-4)\n")
    found = sbom(tmp_path)
    assert found["openssl"]["purl"] == "pkg:deb/debian/openssl@3.0.15-1~deb12u1?distro=debian-12"
    assert found["libssl3"]["purl"] == \
        "pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=arm64&distro=debian-12&upstream=openssl"
    assert found["busybox"]["purl"] == \
        "pkg:deb/debian/busybox@1:1.35.0-4%2Bb1?distro=debian-12&upstream=busybox%401:1.35.0-4"


def test_manifests(sbom, tmp_path):
    files = {
        "usr/lib/python3/site-packages/Foo_Bar-1.2.dist-info/METADATA":
            "Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.2\n\nVersion: 9 is planned\n",
        "usr/lib/node_modules/left-pad/package.json": '{"name":"left-pad","version":"1.3.0"}',
        "usr/lib/node_modules/@a/b/package.json": '{"name":"@a/b","version":"2.0.0"}',
        "srv/app/package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {
            "": {"name": "app", "version": "1.0.0"},
            "node_modules/x/node_modules/express": {"version": "4.18.2"},
            "node_modules/mocha": {"version": "10.0.0", "dev": True}}}),
        "usr/share/legal-info/manifest.csv":
            '"PACKAGE","VERSION","LICENSE","LICENSE FILES"\n"zlib","1.2.13","Zlib","README"\n',
        "usr/share/common-licenses/license.manifest":
            "PACKAGE NAME: dropbear\nPACKAGE VERSION: 2022.82\nRECIPE NAME: dropbear\nLICENSE: MIT\n\n",
        "etc/image-a.rootfs.manifest": "openssh-sshd cortexa7 8.9p1-r0\nfour words are none\n",
        "usr/share/table/manifest.csv": "a,b\nc,d\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = sbom(tmp_path)
    purls = {name: c["purl"] for name, c in found.items()}
    assert purls == {
        "Foo_Bar": "pkg:pypi/foo-bar@1.2",
        "left-pad": "pkg:npm/left-pad@1.3.0",
        "@a/b": "pkg:npm/%40a/b@2.0.0",
        "express": "pkg:npm/express@4.18.2",
        "zlib": "pkg:generic/zlib@1.2.13",
        "dropbear": "pkg:generic/dropbear@2022.82",
        "openssh-sshd": "pkg:generic/openssh-sshd@8.9p1-r0?arch=cortexa7",
    }
    assert found["openssh-sshd"]["cpe"] == "cpe:2.3:a:openbsd:openssh:8.9:p1:*:*:*:*:*:*"
    assert "cpe" not in found["express"]
