# SPDX-License-Identifier: Apache-2.0
# Boot images: legacy uImages of each layout by mkimage, device trees by dtc, FITs by mkimage -f.
seq 1 200 > boot-kernel
seq 201 263 > boot-ramdisk
printf 'echo hello\nbootm\n' > boot.cmd

mkimage -A mips -O linux -T kernel -C none -a 0x80000000 -e 0x80000000 -n kernel \
	-d boot-kernel single.uimage > /dev/null
mkimage -A mips -O linux -T multi -C none -a 0x80000000 -e 0x80000000 -n two \
	-d boot-kernel:boot-ramdisk multi.uimage > /dev/null
mkimage -A arm -T script -C none -n script -d boot.cmd script.uimage > /dev/null

cat > board.dts <<'DTS'
/dts-v1/;
/ {
	model = "Test Board";
	compatible = "test,board";
	memory@0 { device_type = "memory"; reg = <0 0x1000>; };
	memory@80000000 { device_type = "memory"; reg = <0x80000000 0x1000>; };
	aliases { serial0 = "/soc/serial@100"; };
	chosen { bootargs = "console=ttyS0,115200 root=/dev/mtdblock2"; };
	soc { serial@100 { status = "okay"; empty; }; };
};
DTS
dtc -q -I dts -O dtb -o board.dtb board.dts

cat > image.its <<'DTS'
/dts-v1/;
/ {
	description = "two images";
	#address-cells = <1>;
	images {
		kernel-1 {
			description = "kernel";
			data = /incbin/("boot-kernel");
			type = "kernel"; arch = "arm"; os = "linux"; compression = "none";
			load = <0x80000000>; entry = <0x80000000>;
			hash-1 { algo = "crc32"; };
			hash-2 { algo = "sha1"; };
			hash-3 { algo = "sha256"; };
		};
		fdt-1 {
			description = "tree";
			data = /incbin/("board.dtb");
			type = "flat_dt"; arch = "arm"; compression = "none";
			hash-1 { algo = "sha512"; };
		};
	};
	configurations {
		default = "conf-1";
		conf-1 { kernel = "kernel-1"; fdt = "fdt-1"; };
	};
};
DTS
mkimage -f image.its inner.itb > /dev/null
mkimage -f image.its -E outer.itb > /dev/null
mkimage -f image.its -E -p 0x1000 placed.itb > /dev/null
