#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds flash images of a small camera from Debian packages: the same bytes every time.
#
#   build.sh DIR              DIR/weak.bin with every flaw, DIR/sound.bin with none
#   build.sh DIR FLAW...      DIR/FLAW+FLAW.bin with exactly these
#   build.sh --flaws          the names of all flaws, which are those of kensa's finding rules
#
# Keys and certificates are derived from fixed words, so that none has to be kept anywhere.
set -euo pipefail

flaws="private-key host-key settings-key fixed-password plain-password settings-password
empty-password extra-root weak-hash embedded-token elf-no-nx elf-no-ssp elf-no-pie elf-no-relro
elf-no-fortify aslr-off setuid-file world-writable dangerous-service debug-tool debug-symbols
symbol-table source-left open-console boot-open update-plain root-service cert-expired cert-weak
cert-self-signed cert-test service-setting kernel-setting web-leftover"

# Layout of the flash: 4 MiB, erase blocks of 64 KiB.
readonly ENV_AT=0 ENV_BYTES=$((0x10000)) KERNEL_AT=$((0x20000)) ROOT_AT=$((0x100000))
readonly SETTINGS_AT=$((0x380000)) SETTINGS_BYTES=$((0x80000)) FLASH_BYTES=$((0x400000))
readonly WORDS="kensa example camera"

export SOURCE_DATE_EPOCH=1735689600 LC_ALL=C TZ=UTC # 2025-01-01
PATH=$PATH:/usr/sbin:/sbin
umask 022

die() {
	echo "build.sh: $*" >&2
	exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || die "usage: build.sh DIR [FLAW...] | --flaws"
if [ "$1" = --flaws ]; then
	printf '%s\n' $flaws
	exit 0
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
for flaw in "$@"; do
	case " $(echo $flaws) " in *" $flaw "*) ;; *) die "no such flaw: $flaw" ;; esac
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

has() { # FLAW
	case " $chosen " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

put() { # PATH MODE < CONTENTS
	mkdir -p "$(dirname "$root/$1")"
	cat > "$root/$1"
	chmod "$2" "$root/$1"
}

# --- keys and certificates ---

digest() { # NAME
	printf '%s %s' "$WORDS" "$1" | openssl dgst -sha256 -binary
}

# RFC 8410: an Ed25519 key in PKCS #8 is this head and 32 bytes.
ed25519() { # NAME
	{
		printf '\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'
		digest "$1"
	} | openssl pkey -inform DER
}

# RFC 5915: ECPrivateKey on prime192v1, without the public key, which OpenSSL works out.
p192() { # NAME
	{
		printf '\x30\x29\x02\x01\x01\x04\x18'
		digest "$1" | head -c 24
		printf '\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x01'
	} | openssl ec -inform DER 2>/dev/null
}

# Ed25519 signs without randomness (RFC 8032), and `openssl ca` takes both dates as given.
certificate() { # NAME SUBJECT KEY END ISSUER(a name or "self")
	local dir=$work/ca.$1 sign

	mkdir -p "$dir"
	: > "$dir/index.txt"
	echo "$(digest "$1" | od -An -tx1 -N7 | tr -d ' \n' | sed 's/^/4A/')" > "$dir/serial"
	cat > "$dir/ca.cnf" <<-END
		[ca]
		default_ca = it
		[it]
		database = $dir/index.txt
		serial = $dir/serial
		new_certs_dir = $dir
		default_md = default
		policy = any
		x509_extensions = extensions
		[any]
		organizationName = supplied
		commonName = supplied
		[extensions]
		basicConstraints = critical,CA:$([ "$1" = ca ] && echo TRUE || echo FALSE)
		[req]
		distinguished_name = name
		[name]
	END
	openssl req -new -config "$dir/ca.cnf" -key "$3" -subj "$2" -out "$dir/request"
	if [ "$5" = self ]; then
		sign="-selfsign -keyfile $3"
	else
		sign="-keyfile $work/$5.key -cert $work/$5.crt"
	fi
	openssl ca -batch -notext -config "$dir/ca.cnf" $sign -in "$dir/request" \
		-startdate 20200101000000Z -enddate "$4" -out "$work/$1.crt" 2>"$dir/log" ||
		{ cat "$dir/log" >&2; exit 1; }
}

certificates() {
	local end=20491231235959Z name=camera.kensa.invalid issuer=ca

	ed25519 ca > "$work/ca.key"
	ed25519 server > "$work/server.key"
	ed25519 mqtt > "$work/mqtt.key"
	if has cert-weak; then p192 mqtt > "$work/mqtt.key"; fi
	if has cert-test; then name=test; fi
	if has cert-self-signed; then issuer=self; fi
	certificate ca "/O=Kensa Works/CN=Kensa Works Root" "$work/ca.key" $end self
	certificate mqtt "/O=Kensa Works/CN=mqtt.kensa.invalid" "$work/mqtt.key" $end ca
	if has cert-expired; then end=20210101000000Z; fi
	certificate server "/O=Kensa Works/CN=$name" "$work/server.key" $end $issuer
	put etc/ssl/certs/works-root.crt 644 < "$work/ca.crt"
	put etc/ssl/server.crt 644 < "$work/server.crt"
	put etc/ssl/mqtt.crt 644 < "$work/mqtt.crt"
	if has host-key; then put etc/ssl/private/server.key 600 < "$work/server.key"; fi
	if has private-key; then ed25519 device | put etc/camera/device.pem 600; fi
}

# --- the root filesystem ---

accounts() {
	local root_hash='*' operator='!' long

	long=$(digest operator | od -An -tx1 | tr -d ' \n')
	if has fixed-password; then root_hash=$(openssl passwd -6 -salt camera admin); fi
	if has weak-hash; then operator=$(openssl passwd -1 -salt camera "$long"); fi
	if has fixed-password && has weak-hash; then
		root_hash=$(openssl passwd -1 -salt camera admin)
	fi
	{
		echo "root:$root_hash:20089:0:99999:7:::"
		echo "operator:$operator:20089:0:99999:7:::"
		echo "camera:*:20089:0:99999:7:::"
		if has extra-root; then echo "service:*:20089:0:99999:7:::"; fi
		if has empty-password; then echo "guest::20089:0:99999:7:::"; fi
	} | put etc/shadow 600
	{
		echo "root:x:0:0:root:/root:/bin/sh"
		echo "operator:x:1000:1000:operator:/:/bin/sh"
		echo "camera:x:100:100:picture server:/:/bin/false"
		if has extra-root; then echo "service:x:0:0:maker's service:/root:/bin/sh"; fi
		if has empty-password; then echo "guest:x:1001:1001:guest:/:/bin/sh"; fi
	} | put etc/passwd 644
	printf '%s\n' root:x:0: camera:x:100: operator:x:1000: guest:x:1001: | put etc/group 644
}

compile() { # SOURCE OUTPUT [OPTION...]
	local source=$1 output=$2

	shift 2
	(cd "$work" && cp "$source" . && gcc -O2 -ffile-prefix-map="$work"=. \
		-frandom-seed=camera "$@" -o "$root/$output" "$(basename "$source")")
}

programs() {
	local fortify="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2" protect=-fstack-protector-strong
	local place="-fPIE -pie" links="-Wl,-z,relro,-z,now,-z,noexecstack" strip=-s library

	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,proc,sys,dev,tmp,root,mnt}
	cp "$(command -v busybox)" "$root/bin/busybox"
	chmod 755 "$root/bin/busybox"
	if has setuid-file; then chmod 4755 "$root/bin/busybox"; fi
	for applet in sh mount umount login ls cat sed grep sleep; do
		ln -s busybox "$root/bin/$applet"
	done
	for applet in init getty ifconfig udhcpc start-stop-daemon sysctl; do
		ln -s ../bin/busybox "$root/sbin/$applet"
	done
	ln -s ../../bin/busybox "$root/usr/bin/wget"

	# What busybox is linked with. Debian binds the resolver's library lazily, which a device
	# should not: a stand-in with its symbols takes its place.
	for library in $(ldd "$(command -v busybox)" | grep -o '/[^ ]*' | grep -v libresolv); do
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
		chmod 755 "$root$library"
	done
	library=$(ldd "$(command -v busybox)" | grep -o '/[^ ]*libresolv[^ ]*' || true)
	if [ -n "$library" ]; then
		cat > "$work/resolver.c" <<-'END'
			int ns_get16(void), ns_get32(void), res_mkquery(void);
			int ns_get16(void) { return 0; }
			int ns_get32(void) { return 0; }
			int res_mkquery(void) { return -1; }
		END
		gcc -O2 -shared -fPIC -s -Wl,-soname,libresolv.so.2,-z,relro,-z,now,-z,noexecstack \
			-o "$root$library" "$work/resolver.c"
	fi

	compile "$here/camd.c" usr/bin/snapshot $fortify $protect $place $links -s
	if has elf-no-fortify; then fortify=-U_FORTIFY_SOURCE; fi
	if has elf-no-ssp; then protect=-fno-stack-protector; fi
	if has elf-no-pie; then place="-fno-pie -no-pie"; fi
	if has elf-no-relro; then links="-Wl,-z,norelro,-z,lazy,-z,noexecstack"; fi
	if has elf-no-nx; then links=${links/noexecstack/execstack}; fi
	if has symbol-table || has debug-symbols; then strip=; fi
	if has debug-symbols; then strip=-g; fi
	compile "$here/camd.c" usr/sbin/camd $fortify $protect $place $links $strip
	if has debug-tool; then cp "$root/usr/bin/snapshot" "$root/usr/bin/gdbserver"; fi
	if has source-left; then put usr/share/camera/camd.c 644 < "$here/camd.c"; fi
}

start_up() {
	local console="/sbin/getty -L ttyS0 115200 vt100" aslr=2 mode=755

	if has open-console; then console=-/bin/sh; fi
	if has aslr-off; then aslr=0; fi
	if has world-writable; then mode=777; fi
	put etc/inittab 644 <<-END
		::sysinit:/etc/init.d/rcS
		ttyS0::respawn:$console
	END
	{
		echo '#!/bin/sh'
		echo 'mount -t proc proc /proc'
		echo 'sysctl -p /etc/sysctl.conf'
		echo 'ifconfig lo 127.0.0.1 up'
		if has dangerous-service; then
			ln -s ../../bin/busybox "$root/usr/sbin/telnetd"
			echo '/usr/sbin/telnetd -l /bin/login'
		fi
		echo 'for script in /etc/init.d/S??*; do'
		echo '	$script start'
		echo 'done'
	} | put etc/init.d/rcS 755
	{
		echo '#!/bin/sh'
		if has root-service; then
			echo '/usr/sbin/camd &'
		else
			echo 'start-stop-daemon -S -b -c camera:camera -x /usr/sbin/camd'
		fi
	} | put etc/init.d/S50camera $mode
	echo "kernel.randomize_va_space = $aslr" | put etc/sysctl.conf 644
}

settings() {
	local scheme=https anonymous=false

	if has update-plain; then scheme=http; fi
	if has service-setting; then anonymous=true; fi
	echo "UPDATE_URL=$scheme://updates.kensa.invalid/camera/firmware.bin" |
		put etc/update.conf 644
	put etc/mosquitto/mosquitto.conf 644 <<-END
		listener 8883
		certfile /etc/ssl/mqtt.crt
		password_file /mnt/mqtt.users
		allow_anonymous $anonymous
	END
	{
		echo 'width=1280'
		echo 'height=720'
		if has plain-password; then printf 'user=admin\npassword=camera2019\n'; fi
		if has embedded-token; then
			printf 'upload_key=AKIA%s\n' \
				"$(digest cloud | od -An -tx1 -N8 | tr -d ' \n' | tr a-f A-F)"
		fi
	} | put etc/camera/camera.conf 644
	put etc/os-release 644 <<-END
		NAME="Kensa example camera"
		ID=kensa-camera
		VERSION_ID=1.0
	END
	echo '<!DOCTYPE html><title>Camera</title><h1>Camera</h1>' | put www/index.html 644
	if has web-leftover; then put www/index.html.bak 644 < "$root/www/index.html"; fi
}

kernel_settings() {
	local devmem=CONFIG_STRICT_DEVMEM=y

	if has kernel-setting; then devmem='# CONFIG_STRICT_DEVMEM is not set'; fi
	put boot/config-6.1.0-camera 644 <<-END
		#
		# Automatically generated file; DO NOT EDIT.
		# Linux/camera 6.1.0 Kernel Configuration
		#
		CONFIG_INET=y
		CONFIG_SYN_COOKIES=y
		CONFIG_SECCOMP=y
		CONFIG_STACKPROTECTOR=y
		CONFIG_STACKPROTECTOR_STRONG=y
		CONFIG_STRICT_KERNEL_RWX=y
		CONFIG_RANDOMIZE_BASE=y
		# CONFIG_MODULES is not set
		# CONFIG_DEVKMEM is not set
		$devmem
	END
}

root_filesystem() {
	root=$work/root
	mkdir -p "$root"
	accounts
	certificates
	programs
	start_up
	settings
	kernel_settings
	mksquashfs "$root" "$work/root.img" -comp xz -b 131072 -all-root -no-xattrs -noappend \
		-no-progress -quiet >/dev/null
}

# --- the other areas ---

boot_settings() {
	local delay=-2

	if has boot-open; then delay=3; fi
	{
		echo "bootdelay=$delay"
		echo "bootargs=console=ttyS0,115200 root=/dev/mtdblock2 ro rootfstype=squashfs"
		echo "bootcmd=bootm 0x20000"
	} | mkenvimage -s $ENV_BYTES -p 0xff -o "$work/env.img" -
}

# No kernel: a stand-in of a few bytes that carries a banner like a kernel's.
kernel() {
	local cpu=arm64

	if [ "$(uname -m)" = x86_64 ]; then cpu=x86_64; fi
	cat > "$work/kernel.c" <<-'END'
		const char banner[] = "Linux version 6.1.0-camera (builder@kensa) (gcc 12.2.0) "
				      "#1 PREEMPT Wed Jan 1 00:00:00 UTC 2025\n";
	END
	gcc -c -O2 -o "$work/kernel.o" "$work/kernel.c"
	objcopy -O binary -j .rodata "$work/kernel.o" "$work/kernel.raw"
	gzip -9 -n -c "$work/kernel.raw" > "$work/kernel.gz"
	mkimage -A $cpu -O linux -T kernel -C gzip -a 0x8000 -e 0x8000 -n "Linux-6.1.0-camera" \
		-d "$work/kernel.gz" "$work/kernel.img" >/dev/null
}

settings_area() {
	root=$work/settings
	{
		echo 'name=camera'
		echo 'ntp=ntp.kensa.invalid'
		if has settings-password; then printf 'user=admin\npassword=admin\n'; fi
	} | put camera.conf 600
	if has settings-key; then ed25519 cloud | put cloud.key 600; fi
	find "$root" -exec touch -h -d @$SOURCE_DATE_EPOCH {} +
	mkfs.jffs2 -r "$root" -o "$work/settings.img" -e 0x10000 -l -n -U -p$SETTINGS_BYTES
}

place() { # FILE AT END
	[ $(($(stat -c %s "$1") + $2)) -le "$3" ] || die "$(basename "$1") is too large for its area"
	dd if="$1" of="$work/flash" bs=64k seek=$(($2 / 65536)) conv=notrunc status=none
}

image() { # NAME FLAW...
	local name=$1

	shift
	chosen="$*"
	work=$scratch/$name
	mkdir -p "$work"
	boot_settings
	kernel
	root_filesystem
	settings_area
	head -c $FLASH_BYTES /dev/zero | tr '\0' '\377' > "$work/flash"
	place "$work/env.img" $ENV_AT $KERNEL_AT
	place "$work/kernel.img" $KERNEL_AT $ROOT_AT
	place "$work/root.img" $ROOT_AT $SETTINGS_AT
	place "$work/settings.img" $SETTINGS_AT $FLASH_BYTES
	mv "$work/flash" "$out/$name.bin"
}

if [ $# -gt 0 ]; then
	name=$(IFS=+; echo "$*")
	if [ "$name" = "$(echo $flaws | tr ' ' +)" ]; then name=weak; fi
	image "$name" "$@"
else
	image sound
	image weak $flaws
fi
