# SPDX-License-Identifier: Apache-2.0
# Archives of one small tree: tar in three dialects, zip, 7z, ISO 9660, ar and cab, by GNU tar, zip,
# bsdtar, ar and gcab.
rm -rf tree tree.*
mkdir -p tree/etc tree/bin
long=tree/$(seq -s / 1000 1040)
mkdir -p "$long"
printf 'root:x:0:0:root:/root:/bin/sh\n' > tree/etc/passwd
seq 1 3000 > tree/bin/tool
echo deep > "$long/leaf"
echo name > tree/etc/日本.txt
ln -s tool tree/bin/alias
ln tree/bin/tool tree/bin/twin
chmod 4755 tree/bin/tool
chmod 644 tree/etc/passwd
find tree -exec touch -h -d @1700000000 {} +
list=$(find tree | sort)

# Options first, then names in a fixed order.
pack='tar --no-recursion --owner=7 --group=8 --numeric-owner'
printf '%s\n' "$list" | $pack --format=ustar -T - -cf tree.ustar.tar
printf '%s\n' "$list" | $pack --format=gnu -T - -cf tree.gnu.tar
printf '%s\n' "$list" | $pack --format=pax --pax-option=exthdr.name=%d/x,delete=atime,delete=ctime \
	-T - -cf tree.pax.tar
(cd tree && find . | sort | $pack --format=gnu -T - -cf ../tree.dot.tar)
truncate -s 1M sparse && printf x >> sparse
tar --format=gnu --sparse -cf tree.sparse.tar sparse

printf '%s\n' "$list" | zip -q -X -y -@ tree.zip
printf '%s\n' "$list" | zip -q -y -@ tree.ids.zip
(cd tree && zip -q -X -P secret ../tree.locked.zip etc/passwd)
cat tree/bin/tool | zip -q -X tree.stream.zip -
{ head -c 5000 tree/bin/tool; cat tree.zip; } > tree.sfx
zip -q -A tree.sfx

bsdtar --no-recursion --format 7zip -cf tree.7z tree/etc tree/etc/passwd tree/bin/tool tree/bin/alias
bsdtar --format iso9660 -cf tree.iso tree/etc/passwd tree/bin/tool tree/bin/alias tree/bin/twin
rm -f tree.ar
(cd tree && ar rcD ../tree.ar etc/passwd bin/tool)
gcab -c tree.cab tree/etc/passwd tree/bin/tool > /dev/null

tar --format=pax --pax-option=exthdr.name=%d/x,delete=atime,delete=ctime --owner=7 --group=8 \
	--no-recursion -cf tree.small.tar tree/etc/日本.txt tree/bin/alias
zip -q -X -y tree.small.zip tree/etc/passwd tree/bin/alias
(cd tree && rm -f ../small.ar && ar rcD ../small.ar etc/passwd)
gcab -c small.cab tree/etc/passwd > /dev/null
bsdtar --format 7zip --options compression=store -cf small.7z tree/etc/passwd
