# SPDX-License-Identifier: Apache-2.0
# Debian's own verdict on pairs of versions made of the pieces its rules speak of: "A B -1|0|1" a line.
awk 'BEGIN {
	srand(20261123)
	n = split("0 1 1.0 1.01 1.10 2 ~ ~~ a z + . 1~rc1 1+b1 1.0a 1.0.0 09 9 10 dfsg .~ g", piece, " ")
	for (i = 0; i < 250; i++) {
		for (side = 1; side <= 2; side++) {
			v[side] = (rand() < 0.2 ? int(rand() * 2) ":" : "") int(rand() * 3)
			for (k = int(rand() * 3); k > 0; k--)
				v[side] = v[side] piece[1 + int(rand() * n)]
			if (rand() < 0.5)
				v[side] = v[side] "-" piece[1 + int(rand() * 6)]
		}
		print v[1], v[2]
	}
}' | while read -r a b; do
	order=1
	if dpkg --compare-versions "$a" lt "$b"; then
		order=-1
	elif dpkg --compare-versions "$a" eq "$b"; then
		order=0
	fi
	echo "$a $b $order"
done 2> versions.complaints > versions.debian
