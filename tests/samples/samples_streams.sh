# SPDX-License-Identifier: Apache-2.0
# One payload in every compression, a small one for damage sweeps, a bomb, LZMA with all properties.
seq 1 70 > small
seq 1 4000 > payload
head -c 9000000 /dev/zero > zeros

for f in small payload; do
	xz --lzma2=preset=9,dict=64KiB -c $f > $f.xz
	xz --format=lzma --lzma1=preset=9,dict=64KiB -c $f > $f.lzma # unknown size, end marker
	bzip2 -c $f > $f.bz2
	zstd -q -19 -c $f > $f.zst
	lz4 -q -l -c $f > $f.legacy.lz4
	lz4 -q -c $f > $f.lz4
done
lz4 -q -l -c zeros > zeros.legacy.lz4 # more than one chunk

# 10 GB of zeros in a few kB: xz and zstd repeat themselves well
head -c 1073741824 /dev/zero | zstd -q -9 -c > bomb.zst

# 7z writes properties that liblzma refuses (lc + lp > 4); its first packed stream starts at byte 32
if command -v 7z > /dev/null; then
	for p in 8:4:4 8:0:2 0:4:0 3:2:1 4:4:2 3:0:2:eos 8:4:4:eos; do
		IFS=: read -r lc lp pb eos <<-END
			$p
		END
		name=wide-$lc-$lp-$pb${eos:+-$eos}.7z
		rm -f "$name"
		7z a -bd -t7z -mhc=off -mtm=off -mx=9 -m0=lzma:lc=$lc:lp=$lp:pb=$pb${eos:+:eos} "$name" payload > /dev/null
	done
fi
