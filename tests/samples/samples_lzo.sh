# SPDX-License-Identifier: Apache-2.0
# lzop files at its fastest and its best, of text, of runs, of what does not shrink; and the bare
# LZO1X of their first block, out of the container.
seq 1 90000 > lzo_text
head -c 300000 /dev/zero > lzo_zeros
openssl enc -aes-128-ctr -K 0 -iv 0 -in lzo_zeros 2> openssl.log | head -c 70000 > lzo_noise
printf 'a' > lzo_one
{ seq 1 60; seq 2 58; seq 20 60; } > lzo_short
rm -f openssl.log
touch -d @1700000000 lzo_text lzo_zeros lzo_noise lzo_one lzo_short
for name in text zeros noise one short; do
	lzop -1 -f -o "lzo_$name.1.lzo" "lzo_$name"
	lzop -9 -f -o "lzo_$name.9.lzo" "lzo_$name"
done
lzop -3 -f -F -o lzo_short.unchecked.lzo lzo_short

python3 - <<'EOF'
import struct
for name in 'text.1', 'text.9', 'zeros.1', 'zeros.9', 'short.1', 'short.9':
    b = open('lzo_' + name + '.lzo', 'rb').read()
    flags, = struct.unpack_from('>I', b, 9 + 8)
    at = 9 + 8 + 4 + 12
    at += 1 + b[at] + 4
    size, packed = struct.unpack_from('>II', b, at)
    at += 8 + 4 * bin(flags & 0x101).count('1')
    if packed < size:
        at += 4 * bin(flags & 0x202).count('1')
    open('lzo_' + name + '.raw', 'wb').write(b[at:at + packed])
EOF
