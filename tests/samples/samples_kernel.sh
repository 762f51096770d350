# SPDX-License-Identifier: Apache-2.0
# A zImage as head.S lays it out, both byte orders, around a real gzip stream; and a vendor header.
seq 1 9000 > kernel.raw
gzip -9 --no-name -c kernel.raw > kernel.gz
size=$(stat -c %s kernel.gz)
end=$((48 + 1024 + size))

# word ORDER VALUE: four bytes of a number
word() {
	case $1 in
	le) set -- $(($2 & 255)) $(($2 >> 8 & 255)) $(($2 >> 16 & 255)) $(($2 >> 24 & 255)) ;;
	be) set -- $(($2 >> 24 & 255)) $(($2 >> 16 & 255)) $(($2 >> 8 & 255)) $(($2 & 255)) ;;
	esac
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' "$@")"
}

for order in le be; do
	{
		for i in 1 2 3 4 5 6 7 8; do word $order 0xe1a00000; done
		word $order 0xea000002
		word $order 0x016f2818
		word $order 0
		word $order $end
		head -c 1000 /dev/zero
		printf '\037\213\010\000 no stream, but its signature' | head -c 24
		cat kernel.gz
		printf 'behind'
	} > kernel.$order.zimage
done
