# SPDX-License-Identifier: Apache-2.0
# rpmdb.sqlite as rpm makes its table, and the same for Berkeley DB, with headers by hand: small ones, one over several pages, enough for an inner page.
rm -f rpmdb.sqlite
python3 - <<'EOF'
import sqlite3
import struct


def header(**texts):
    tags = {"name": 1000, "version": 1001, "release": 1002, "summary": 1004, "arch": 1022, "source": 1044}
    index, data = b"", b""
    if "epoch" in texts:
        index += struct.pack(">IIII", 1003, 4, 0, 1)
        data += struct.pack(">I", texts.pop("epoch"))
    for key, text in texts.items():
        index += struct.pack(">IIII", tags[key], 6, len(data), 1)
        data += text.encode() + b"\0"
    return struct.pack(">II", len(index) // 16, len(data)) + index + data


db = sqlite3.connect("rpmdb.sqlite")
db.execute("PRAGMA page_size = 512")
db.execute("CREATE TABLE Basenames (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL)")
db.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
rows = [header(name="openssl-libs", epoch=1, version="3.0.7", release="27.el9", arch="x86_64",
               source="openssl-3.0.7-27.el9.src.rpm"),
        header(summary="s" * 5000, name="large", version="2", release="1")]
rows += [header(name=f"part{i}", version=f"1.{i}", release="1") for i in range(60)]
db.executemany("INSERT INTO Packages (blob) VALUES (?)", [(r,) for r in rows])
db.commit()
db.close()

# the same in the text that db_load reads; a small page makes every header too large for it
print("VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=512\nHEADER=END", file=(text := open("Packages.dump", "w")))
for number, row in enumerate(rows[:42], 1):
    padded = row if len(row) > 600 else row + bytes(600 - len(row))
    print(f" {struct.pack('<I', number).hex()}\n {padded.hex()}", file=text)
print("DATA=END", file=text)
text.close()
EOF
rm -f Packages.bdb
db_load -f Packages.dump Packages.bdb
