#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing of tools/packages.txt: install-packages.sh build run test ...
# Says nothing and asks nothing when all of it is there.
set -u

list=${KENSA_PACKAGES:-$(dirname "$0")/packages.txt}
wanted=$(for kind in "$@"; do sed -n "s/^$kind //p" "$list"; done)

say() { # JAPANESE ENGLISH
	printf '%s\n%s\n' "$1" "$2" >&2
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	say "このコンピューターに apt がありません。次に相当するパッケージを入れてください:" \
		"There is no apt here. Install what corresponds to these packages:"
	printf '%s\n' $wanted | sed 's/^/  /' >&2
	exit 0 # they may well be there under other names: Meson will tell
fi

missing=
for package in $wanted; do
	dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
		missing="$missing $package"
done
missing=${missing# }
[ -n "$missing" ] || exit 0

become=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		say "パッケージが足りませんが、root でなく sudo もありません。root で次を実行してください:" \
			"Packages are missing, and this is neither root nor is there sudo. As root, run:"
		say "  apt-get install $missing" ""
		exit 1
	fi
	become=sudo
fi

say "足りないパッケージを入れます: $missing" "Installing missing packages: $missing"
apt() {
	$become env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >&2
}
options="-o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20"
# Lists may be fresh enough, or absent: try them after an update that is allowed to fail.
apt $options update || true
if ! apt $options install -y --no-install-recommends $missing; then
	say "パッケージを入れられませんでした。ネットワークから Debian のパッケージ置き場に届かないようです。" \
		"The packages could not be installed. It seems that no Debian package mirror can be reached."
	say "足りないパッケージ / missing packages: $missing" \
		"届く所で次を実行してから、もう一度どうぞ / run this where one can be reached, then try again:"
	say "  apt-get install $missing" ""
	exit 1
fi
