# SPDX-License-Identifier: Apache-2.0
# One tree with everything SquashFS can hold, in every compressor and layout, and what is in it.
rm -rf squashfs.tree squashfs.none
mkdir -p squashfs.tree/folder/inner squashfs.tree/many squashfs.none
cd squashfs.tree
seq 1 30000 > numbers
head -n 20000 numbers > folder/more
cp numbers folder/same
ln numbers folder/inner/hard
ln -s ../numbers folder/link
ln -s "$(seq -s/ 1 60)" longlink
: > empty
truncate -s 20M sparse
printf 'end' | dd of=sparse bs=1 seek=9000000 conv=notrunc status=none
i=0
while [ $i -lt 2000 ]; do
	echo "file $i" > many/f$i
	i=$((i + 1))
done
chmod 4755 folder/more
find . -type f | sort | xargs sha256sum | sed 's#  \./#  /#' > ../squashfs.sums
find . -mindepth 1 | wc -l > ../squashfs.count
cd ..

make_squashfs() {
	name=$1
	shift
	rm -f "squashfs.$name"
	mksquashfs squashfs.tree "squashfs.$name" -noappend -quiet -no-progress -all-root -processors 1 \
		-p 'console c 600 0 0 5 1' -p 'disk b 640 7 8 259 70000' -p 'pipe i 644 0 0 f' \
		-p 'socket i 666 0 0 s' "$@" > /dev/null
}
make_squashfs gzip -comp gzip
make_squashfs gzip4k -comp gzip -b 4K
make_squashfs gzip1m -comp gzip -b 1M -no-fragments
make_squashfs lzma -comp lzma
make_squashfs xz -comp xz -b 256K -Xbcj arm
make_squashfs lz4 -comp lz4 -Xhc
make_squashfs zstd -comp zstd -no-exports -always-use-fragments -no-duplicates
make_squashfs stored -comp gzip -noI -noD -noF -noId
make_squashfs lzo -comp lzo
rm -f squashfs.empty
mksquashfs squashfs.none squashfs.empty -noappend -quiet -no-progress > /dev/null

# small enough for damage sweeps; with plain tables also for changing them
mkdir -p squashfs.none/a/b
seq 1 300 > squashfs.none/a/numbers
echo text > squashfs.none/a/b/text
ln -s a/b/text squashfs.none/link
for o in 'small -b 4K' 'plain -b 4K -noI -noId -noF' 'xzsmall -b 4K -comp xz'; do
	name=${o%% *}
	rm -f "squashfs.$name"
	# shellcheck disable=SC2086
	mksquashfs squashfs.none "squashfs.$name" -noappend -quiet -no-progress -all-root -nopad \
		-p 'null c 666 0 0 1 3' ${o#* } > /dev/null
done

# a block of inodes as vendors pack it: raw LZMA, no size, odd properties. The table starts where the
# number at 64 says, behind a two-byte header.
at=$(od -An -t u4 -j 64 -N 4 squashfs.stored | tr -d ' ')
tail -c +$((at + 3)) squashfs.stored | head -c 8192 > squashfs.inodes
for p in 302 022; do
	lc=${p%??} pb=${p#??} lp=${p#?}
	lp=${lp%?}
	xz --format=raw --lzma1=lc=$lc,lp=$lp,pb=$pb,dict=64KiB -c squashfs.inodes > squashfs.lzma$p
done
rm -rf squashfs.tree squashfs.none
