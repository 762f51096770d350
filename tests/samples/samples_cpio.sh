# SPDX-License-Identifier: Apache-2.0
# cpio archives by GNU cpio in every layout, and by hand what it does not write: devices, the other
# byte order, traps.
rm -rf cpio_tree
mkdir -p cpio_tree/etc/sub
seq 1 3000 > cpio_tree/etc/numbers
printf 'x' > cpio_tree/etc/sub/odd
: > cpio_tree/etc/empty
ln -s ../etc/numbers cpio_tree/etc/link
ln cpio_tree/etc/numbers cpio_tree/etc/sub/twin
ln cpio_tree/etc/numbers cpio_tree/a
chmod 755 cpio_tree cpio_tree/etc cpio_tree/etc/sub
chmod 640 cpio_tree/etc/numbers
chmod 644 cpio_tree/etc/empty cpio_tree/etc/sub/odd
find cpio_tree -exec touch -h -d @1700000000 {} +
for layout in newc crc odc bin; do
	(cd cpio_tree && find . | LC_ALL=C sort | cpio --quiet -o -H $layout --reproducible -R 0:0) \
		> cpio_$layout.cpio
done

python3 - <<'EOF'
import struct

def newc(name, data=b'', mode=0o100644, magic=b'070701', links=1, ino=1, dev=(0, 0), size=None,
         check=0, uid=0, name_len=None):
    size = len(data) if size is None else size
    name_len = len(name) + 1 if name_len is None else name_len
    h = magic + b''.join(b'%08X' % v for v in (ino, mode, uid, 0, links, 0, size, 8, 1, dev[0],
                                               dev[1], name_len, check))
    h += name + b'\0'
    h += b'\0' * (-len(h) % 4) + data
    return h + b'\0' * (-len(h) % 4)

END = newc(b'TRAILER!!!', mode=0)

def save(name, *parts):
    open('cpio_' + name + '.cpio', 'wb').write(b''.join(parts))

small = [newc(b'dev', mode=0o40755), newc(b'/dev/console', mode=0o20600, dev=(5, 1)),
         newc(b'dev/sda', mode=0o60640, dev=(8, 300), uid=7), newc(b'pipe', mode=0o10600),
         newc(b'../../etc/passwd', b'up'), newc(b'sock', mode=0o140600), newc(b'.', mode=0o40755),
         newc(b'./dot', b'dot'), newc(b'init', b'/bin/sh', 0o120777)]
save('small', *small, END)
body = b''.join(small) + END
save('tail', body, b'\0' * (-len(body) % 512), b'next')
save('no_tail', body, b'next')
save('cut', *(newc(b'f%d' % i, b'data', ino=i) for i in range(40)))
save('few', *(newc(b'f%d' % i, b'data', ino=i) for i in range(5)))
save('trailer_only', END)
sums = lambda d: sum(d) & 0xffffffff
save('sums', newc(b'good', b'good', magic=b'070702', check=sums(b'good')),
     newc(b'bad', b'bad', magic=b'070702', check=sums(b'good')),
     newc(b'l1', magic=b'070702', links=2, ino=9),
     newc(b'l2', b'linked', magic=b'070702', links=2, ino=9, check=sums(b'linked')),
     newc(b'TRAILER!!!', mode=0, magic=b'070702'))
save('huge', newc(b'a', b'a'), newc(b'huge', size=0xffffffff), END)
save('nameless', newc(b'a', b'a'), newc(b'b', name_len=0), END)
save('name_long', newc(b'a', b'a'), newc(b'b', name_len=0xffffffff), END)
save('name_open', newc(b'a', b'a'), newc(b'b\0c', b'c'), END)
save('type', newc(b'a', b'a'), newc(b'b', mode=0o644), END)
save('hex', newc(b'a', b'a').replace(b'000081A4', b'0000 1A4'), END)

def old(name, data, mode=0o100644):
    n = len(data)
    h = struct.pack('>13H', 0o070707, 1, 2, mode, 3, 4, 1, 0x501, 0, 0, len(name) + 1, n >> 16,
                    n & 0xffff)
    h += name + b'\0'
    h += b'\0' * (len(h) % 2) + data
    return h + b'\0' * (len(h) % 2)
save('old_be', old(b'tty', b'', 0o20620), old(b'f', b'x' * 70001), old(b'TRAILER!!!', b''))
EOF
