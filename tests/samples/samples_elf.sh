#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Executables and libraries, built with gcc: a hardened one, and one for each protection that lacks
# that alone; then shapes for the reader: static, stripped, without section headers, 32 bit.
cat > elf_server.c <<'C'
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void answer(int at, const char *who)
{
	char text[64], line[512];

	strcpy(text, who);
	snprintf(line, sizeof line, "%s\n", text);
	(void)!write(at, line, strlen(line));
}

int main(int argc, char **argv)
{
	char input[256];
	int at = accept(argc, NULL, NULL);
	ssize_t n = recv(at, input, sizeof input - 1, 0);

	if (n > 0) {
		input[n] = 0;
		memcpy(input + n / 2, argv[0], (size_t)argc);
		answer(at, argc > 1 ? argv[1] : input);
	}
	return 0;
}
C
cat > elf_plain.c <<'C'
int main(int argc, char **argv) { return argv[argc] != 0; }
C
cat > elf_library.c <<'C'
#include <string.h>
#include <sys/socket.h>
int take(int at, char *out) { char b[400]; long n = recv(at, b, sizeof b, 0); strcpy(out, b); return (int)n; }
C
good="-O1 -w -s -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -pie -Wl,-z,relro,-z,now,-z,noexecstack"
make() { out=$1; shift; gcc $good elf_server.c -o "$out" "$@"; }
make elf_good
make elf_no_nx -Wl,-z,execstack
make elf_no_ssp -fno-stack-protector
make elf_no_pie -fno-PIE -no-pie
make elf_no_relro -Wl,-z,norelro
make elf_lazy -Wl,-z,lazy
make elf_no_fortify -U_FORTIFY_SOURCE
make elf_gnu_hash -Wl,--hash-style=gnu
make elf_sysv_hash -Wl,--hash-style=sysv
gcc -O1 -w -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -pie \
	-Wl,-z,relro,-z,now elf_server.c -o elf_symbols
gcc -O1 -w -s elf_plain.c -o elf_plain
gcc -O1 -w -g -ffile-prefix-map="$PWD"=. elf_plain.c -o elf_debug
gcc -O1 -w -s -static -no-pie elf_server.c -o elf_static
gcc -O1 -w -static -no-pie elf_server.c -o elf_static_symbols
gcc -O1 -w -s -shared -fPIC -fno-stack-protector -Wl,-soname,libtake.so.1 elf_library.c -o elf_library.so
gcc -O1 -w -c elf_server.c -o elf_object.o
gcc -O1 -w -s -nostdlib -static -Wl,-e,main -Wl,--build-id=none -Wl,-z,noseparate-code elf_plain.c -o elf_tiny

# 32 bit, little endian: a shared library by the assembler and linker alone, on amd64 only.
cat > elf_32.s <<'S'
	.globl give
	.type give, @function
give:	call take@plt
	ret
S
if as --32 elf_32.s -o elf_32.obj 2>/dev/null; then
	ld -m elf_i386 -shared -s --hash-style=both -soname libgive.so -z now -z relro elf_32.obj -o elf_32.so
fi

# No section headers, as sstrip leaves it: e_shoff, e_shnum and e_shstrndx are 0 (gABI 4).
sectionless() {
	cp "$1" "$2"
	printf '\0\0\0\0\0\0\0\0' | dd of="$2" bs=1 seek=40 conv=notrunc 2>/dev/null
	printf '\0\0\0\0' | dd of="$2" bs=1 seek=60 conv=notrunc 2>/dev/null
}
sectionless elf_gnu_hash elf_gnu_hash_bare
sectionless elf_sysv_hash elf_sysv_hash_bare
# Without PT_GNU_STACK: the type of that row is made PT_NULL.
python3 - <<'P'
import struct
b = bytearray(open('elf_good', 'rb').read())
at, n = struct.unpack_from('<Q', b, 32)[0], struct.unpack_from('<H', b, 56)[0]
for i in range(n):
    if struct.unpack_from('<I', b, at + 56 * i)[0] == 0x6474e551:
        struct.pack_into('<I', b, at + 56 * i, 0)
open('elf_no_stack_header', 'wb').write(b)
P

# Programs out of real images, where the shared corpus is at hand: image, offset of its squashfs.
shared=${KENSA_SHARED:-$(dirname "$0")/../../../shared}/corpus/firmware
take() {
	image=$1 at=$2 prefix=$3
	shift 3
	[ -r "$shared/$image" ] && command -v unsquashfs > /dev/null || return 0
	rm -rf elf_tree
	tail -c "+$((at + 1))" "$shared/$image" > elf_tree.sqfs
	unsquashfs -no-xattrs -quiet -no-progress -d elf_tree elf_tree.sqfs "$@" > /dev/null 2>&1 || true
	for file; do
		[ -f "elf_tree/$file" ] && cp "elf_tree/$file" "elf_${prefix}_$(basename "$file")"
	done
	rm -rf elf_tree elf_tree.sqfs
}
take openwrt-wr841nv14-tftp-recovery.bin 1667496 openwrt sbin/procd usr/sbin/dnsmasq usr/sbin/dropbear sbin/udevtrigger
take tplink-wr841nv14-US-210203-rel37242.bin 1049088 tplink usr/bin/tmpd
take digoo-full-8M.bin 2490368 digoo bin/busybox
