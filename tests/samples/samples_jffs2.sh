# SPDX-License-Identifier: Apache-2.0
# JFFS2 by mkfs.jffs2 in both byte orders and every compression it has; logs with a history
# (removals, overlays, copies, lies), which no mkfs makes, node by node.
rm -rf jffs2_tree
mkdir -p jffs2_tree/etc/deep/er jffs2_tree/dev jffs2_tree/empty
seq 1 9000 > jffs2_tree/etc/numbers
head -c 20000 /dev/zero > jffs2_tree/etc/zeros
printf 'root:x:0:0::/:/bin/sh\n' > jffs2_tree/etc/passwd
: > jffs2_tree/etc/nothing
printf 'deep\n' > jffs2_tree/etc/deep/er/file
ln -s ../etc/passwd jffs2_tree/etc/link
ln jffs2_tree/etc/passwd jffs2_tree/etc/deep/twin
chmod 755 jffs2_tree jffs2_tree/etc jffs2_tree/etc/deep jffs2_tree/etc/deep/er jffs2_tree/dev
chmod 755 jffs2_tree/empty
chmod 644 jffs2_tree/etc/numbers jffs2_tree/etc/zeros jffs2_tree/etc/nothing
chmod 644 jffs2_tree/etc/deep/er/file
chmod 640 jffs2_tree/etc/passwd
cat > jffs2_devices <<'EOF'
/dev/console c 600 0 0 5 1 0 0 -
/dev/mtdblock b 640 7 9 31 30 0 0 -
/dev/pipe p 622 1000 100 - - - - -
EOF

make_image() {
	name=$1
	shift
	mkfs.jffs2 -f -U -r jffs2_tree -D jffs2_devices -o "jffs2_$name.img" "$@"
}
make_image zlib_le -l -e 64KiB -p -x rtime -x lzo
make_image zlib_be -b -e 128KiB -p=0x60000 -x rtime -x lzo
make_image rtime_le -l -e 16KiB -x zlib -x lzo
make_image lzo_be -b -e 64KiB -n -x zlib -x rtime -X lzo -y 90:lzo
make_image size_le -l -e 32KiB -m size -X lzo
make_image none_le -l -e 64KiB -m none

rm -rf jffs2_small
mkdir -p jffs2_small/d
seq 1 200 > jffs2_small/d/a
ln -s a jffs2_small/d/l
chmod 755 jffs2_small jffs2_small/d
chmod 644 jffs2_small/d/a
mkfs.jffs2 -f -U -l -r jffs2_small -o jffs2_small.img

python3 - <<'EOF'
import lzma, struct, zlib

CRC = lambda b: (zlib.crc32(b, 0xffffffff) ^ 0xffffffff) & 0xffffffff

class Log:
    def __init__(self, order='<'):
        self.order, self.bytes = order, b''

    def put(self, kind, body, obsolete=False, bad_header=False):
        n = 12 + len(body)
        head = struct.pack(self.order + 'HHI', 0x1985, kind, n)
        crc = CRC(head) ^ bad_header
        if obsolete:
            head = struct.pack(self.order + 'HHI', 0x1985, kind & ~0x2000, n)
        self.bytes += head + struct.pack(self.order + 'I', crc) + body
        self.bytes += b'\xff' * (-len(self.bytes) % 4)
        return self

    def head(self, kind, n):
        h = struct.pack(self.order + 'HHI', 0x1985, kind, n)
        return h + struct.pack(self.order + 'I', CRC(h))

    def dirent(self, pino, version, ino, name, kind=8, **how):
        body = struct.pack(self.order + 'IIIIBBH', pino, version, ino, 0, len(name), kind, 0)
        crc = CRC(self.head(0xe001, 40 + len(name)) + body)
        body += struct.pack(self.order + 'II', crc, CRC(name)) + name
        return self.put(0xe001, body, **how)

    def inode(self, ino, version, data=b'', mode=0o100644, offset=0, isize=None, dsize=None,
              compression=0, bad_data=False, **how):
        dsize = len(data) if dsize is None else dsize
        isize = offset + dsize if isize is None else isize
        body = struct.pack(self.order + 'IIIHHIIIIIIIBBH', ino, version, mode, 0, 0, isize, 0, 0, 0,
                           offset, len(data), dsize, compression, compression, 0)
        body += struct.pack(self.order + 'I', CRC(data) ^ bad_data)
        crc = CRC(self.head(0xe002, 68 + len(data)) + body[:48])
        return self.put(0xe002, body + struct.pack(self.order + 'I', crc) + data, **how)

    def mark(self, **how):
        return self.put(0x2003, b'', **how)

    def blank(self, block=0x1000):
        self.bytes += b'\xff' * (-len(self.bytes) % block)
        return self

    def save(self, name):
        open('jffs2_' + name + '.img', 'wb').write(self.bytes)

def lzma_raw(data):
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[
        {'id': lzma.FILTER_LZMA1, 'lc': 0, 'lp': 0, 'pb': 0, 'dict_size': 0x2000}])

for name, order in ('le', '<'), ('be', '>'):
    a = Log(order).mark()
    # a file: written, its middle rewritten, the end cut off, grown again with a hole
    a.dirent(1, 1, 2, b'file').inode(2, 1, b'a' * 100).inode(2, 2, b'b' * 20, offset=40, isize=100)
    a.inode(2, 4, b'd' * 4, offset=60, isize=64).inode(2, 3, b'c' * 30, offset=50, isize=100)
    a.inode(2, 5, b'', offset=64, dsize=36, isize=100, compression=1)
    a.inode(2, 6, b'e' * 8, offset=120, isize=128).inode(2, 7, b'', mode=0o100600, isize=126, offset=0)
    # renamed, removed, replaced
    a.dirent(1, 2, 3, b'old').inode(3, 1, b'moved').dirent(1, 4, 0, b'old').dirent(1, 3, 3, b'new')
    a.dirent(1, 5, 4, b'gone').inode(4, 1, b'gone').dirent(1, 6, 0, b'gone')
    a.dirent(1, 7, 5, b'same').inode(5, 1, b'first').dirent(1, 8, 6, b'same').inode(6, 1, b'second')
    # two names of one file; an obsolete node that says otherwise; a copy by the garbage collector
    a.dirent(1, 9, 3, b'twin').inode(3, 9, b'OBSOLETE', obsolete=True)
    a.dirent(1, 9, 3, b'twin').dirent(1, 10, 0, b'twin', obsolete=True)
    a.blank().mark(obsolete=True)
    # the newest data does not agree with its checksum: the older shows
    a.dirent(1, 11, 7, b'torn').inode(7, 1, b'whole').inode(7, 2, b'tornX', bad_data=True)
    a.dirent(1, 12, 8, b'lost').inode(8, 1, b'lost', bad_data=True)
    a.dirent(1, 13, 9, b'lzma').inode(9, 1, lzma_raw(b'lzma ' * 600), dsize=3000, compression=8)
    a.dirent(1, 14, 10, b'rubin').inode(10, 1, b'????', dsize=9, compression=4)
    a.dirent(1, 15, 11, b'short').inode(11, 1, zlib.compress(b'x' * 9), dsize=10, compression=6)
    a.blank().mark().blank().mark()
    # devices: two bytes and four; a pipe and a socket; a link
    a.dirent(1, 16, 12, b'tty', 2).inode(12, 1, struct.pack(order + 'H', 4 << 8 | 64), mode=0o20620)
    a.dirent(1, 17, 13, b'sda', 6)
    a.inode(13, 1, struct.pack(order + 'I', 0x12345 << 12 & 0xfff00000 | 259 << 8 | 0x45), mode=0o60660)
    a.dirent(1, 18, 14, b'pipe', 1).inode(14, 1, mode=0o10600)
    a.dirent(1, 19, 15, b'sock', 12).inode(15, 1, mode=0o140600)
    a.dirent(1, 20, 16, b'link', 10).inode(16, 1, b'/etc/passwd', mode=0o120777)
    a.dirent(1, 21, 17, b'dir', 4).inode(17, 1, mode=0o40750).dirent(17, 1, 18, b'in')
    a.inode(18, 1, b'inside')
    a.put(0xe008, b'xattr' * 4).put(0x2006, b'summary.' * 4).put(0x2004, b'pad.' * 4)
    a.blank()
    a.save('history_' + name)

# what only an attacker writes
a = Log().mark()
a.dirent(1, 1, 2, b'a', 4).inode(2, 1, mode=0o40755).dirent(2, 1, 3, b'b', 4)
a.inode(3, 1, mode=0o40755).dirent(3, 1, 2, b'loop', 4).dirent(3, 2, 1, b'root', 4)
a.dirent(8, 1, 9, b'island', 4).inode(9, 1, mode=0o40755).dirent(9, 1, 8, b'back', 4)
a.inode(8, 1, mode=0o40755).dirent(77, 1, 4, b'orphan').inode(4, 1, b'orphan')
a.dirent(1, 2, 5, b'').inode(5, 1, b'no name').dirent(1, 3, 6, b'none')
a.dirent(1, 4, 7, b'../../up').inode(7, 1, b'up')
a.dirent(1, 5, 10, b'huge').inode(10, 1, b'', dsize=0xfffffff0, compression=1)
a.dirent(1, 6, 11, b'wrap').inode(11, 1, b'wrap', offset=0xfffffffe, isize=8)
a.dirent(1, 7, 12, b'odd').inode(12, 1, b'odd', mode=0o170644)
a.dirent(1, 8, 13, b'dev', 2).inode(13, 1, b'abc', mode=0o20600)
a.save('lies')

a = Log()
for depth in range(400):
    a.dirent(depth + 1, 1, depth + 2, b'd', 4).inode(depth + 2, 1, mode=0o40755)
a.save('deep')

# one block, one filesystem, then another: both count from 1
a = Log().mark().dirent(1, 1, 2, b'one').inode(2, 1, b'one').blank(0x10000)
a.mark().dirent(1, 2, 3, b'more').inode(3, 1, b'more').blank(0x10000)
a.mark().dirent(1, 1, 2, b'two').inode(2, 1, b'two').blank(0x10000)
a.save('two')

# a block that was erased before its mark, a block with a torn start, a file behind
a = Log().mark().dirent(1, 1, 2, b'one').inode(2, 1, b'one').blank(0x10000).blank()
a.bytes += b'\xff' * 0x10000 + b'torn' * 99
a.dirent(1, 2, 3, b'two').inode(3, 1, b'two').blank(0x10000)
a.bytes += b'other' * 0x4000
a.save('gaps')

# as many nodes as fit into a few MiB: all of one byte, all of one file, each over the others
a = Log()
parts = []
for n in range(50000):
    one = Log().inode(2, n + 1, b'x', offset=n % 4096, isize=4096)
    parts.append(one.bytes)
a.dirent(1, 1, 2, b'log')
a.bytes += b''.join(parts)
a.save('many')
EOF
