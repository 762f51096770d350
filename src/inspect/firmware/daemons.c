// SPDX-License-Identifier: Apache-2.0
// The table of daemons found on devices. The first row whose pattern fits counts.

#include "inspect/firmware/daemons.h"

#include <string.h>

#include "base/ban.h"

static const struct daemon daemons[] = {
	/* clear-text log-in and file transfer */
	{.name = "*telnetd*", .danger = "telnet", .listens = true},
	{.name = "sftpd", .listens = true},
	{.name = "*tftpd*", .danger = "tftp", .listens = true, .user = "-u"},
	{.name = "vsftpd", .danger = "ftp", .listens = true, .gives_up_root = true},
	{.name = "proftpd",
	 .danger = "ftp",
	 .listens = true,
	 .settings = "/etc/proftpd.conf",
	 .key = "User"},
	{.name = "*ftpd", .danger = "ftp", .listens = true},
	{.name = "rshd", .danger = "rsh", .listens = true},
	{.name = "in.rshd", .danger = "rsh", .listens = true},
	{.name = "*rlogind", .danger = "rlogin", .listens = true},
	{.name = "*rexecd", .danger = "rexec", .listens = true},
	/* log-in */
	{.name = "dropbear", .listens = true},
	{.name = "sshd", .listens = true, .gives_up_root = true}, /* privilege separation */
	{.name = "lsh", .listens = true},
	/* web */
	{.name = "lighttpd",
	 .listens = true,
	 .settings = "/etc/lighttpd/lighttpd.conf",
	 .key = "server.username"},
	{.name = "nginx", .listens = true, .gives_up_root = true}, /* workers run as nobody */
	{.name = "apache2", .listens = true, .gives_up_root = true},
	{.name = "boa", .listens = true, .settings = "/etc/boa/boa.conf", .key = "User"},
	{.name = "thttpd",
	 .listens = true,
	 .user = "-u",
	 .settings = "/etc/thttpd.conf",
	 .key = "user"},
	{.name = "mini_httpd", .listens = true, .user = "-u"},
	{.name = "httpd", .listens = true, .user = "-u"},
	{.name = "*httpd", .listens = true},
	{.name = "goahead", .listens = true},
	{.name = "webs", .listens = true},
	{.name = "appweb", .listens = true},
	{.name = "mongoose", .listens = true},
	{.name = "rtspd", .listens = true},
	{.name = "onvif", .listens = true},
	{.name = "*onvifd", .listens = true},
	/* names, addresses, time */
	{.name = "dnsmasq", .listens = true, .gives_up_root = true, .user = "-u"},
	{.name = "unbound", .listens = true, .gives_up_root = true},
	{.name = "named", .listens = true, .user = "-u"},
	{.name = "udhcpd", .listens = true},
	{.name = "dhcpd", .listens = true, .user = "-user"},
	{.name = "odhcpd", .listens = true},
	{.name = "dhcp6s", .listens = true},
	{.name = "radvd", .listens = true, .user = "-u"},
	{.name = "ntpd", .listens = true, .only = "-l", .user = "-u"},
	{.name = "chronyd", .listens = true, .gives_up_root = true, .user = "-u"},
	{.name = "avahi-daemon", .listens = true, .gives_up_root = true},
	{.name = "mdnsd", .listens = true},
	/* media and files */
	{.name = "miniupnpd", .listens = true},
	{.name = "upnpd", .listens = true},
	{.name = "wscd", .listens = true},
	{.name = "minidlna*", .listens = true, .user = "-u"},
	{.name = "smbd", .listens = true},
	{.name = "nmbd", .listens = true},
	{.name = "ksmbd.mountd", .listens = true},
	{.name = "rpcbind", .listens = true, .gives_up_root = true},
	{.name = "portmap", .listens = true},
	{.name = "*nfsd", .listens = true},
	{.name = "*mountd", .listens = true},
	{.name = "rsync", .listens = true, .only = "--daemon"},
	{.name = "lpd", .listens = true},
	{.name = "p910nd", .listens = true},
	{.name = "cupsd", .listens = true},
	/* management and messages */
	{.name = "snmpd", .listens = true, .user = "-u"},
	{.name = "mini_snmpd", .listens = true, .user = "-u"},
	{.name = "cwmpd", .listens = true},
	{.name = "tr069*", .listens = true},
	{.name = "mosquitto", .listens = true, .gives_up_root = true}, /* user mosquitto */
	{.name = "redis-server", .listens = true},
	{.name = "mysqld", .listens = true, .user = "--user"},
	{.name = "syslogd", .listens = true, .only = "-r"},
	{.name = "adbd", .listens = true},
	{.name = "gdbserver", .listens = true},
	/* tunnels and routing */
	{.name = "openvpn", .listens = true, .user = "--user"},
	{.name = "pptpd", .listens = true},
	{.name = "xl2tpd", .listens = true},
	{.name = "stunnel*", .listens = true},
	{.name = "socat", .listens = true, .only = "*LISTEN*"},
	{.name = "zebra", .listens = true, .user = "-u"},
	{.name = "ripd", .listens = true, .user = "-u"},
	{.name = "bgpd", .listens = true, .user = "-u"},
	{.name = "ospfd", .listens = true, .user = "-u"},
	{.name = "inetd", .listens = true},
	{.name = "xinetd", .listens = true},
	/* known, and deaf to the network */
	{.name = "syslog-ng"},
	{.name = "klogd"},
	{.name = "logd"},
	{.name = "crond"},
	{.name = "udevd"},
	{.name = "ubusd"},
	{.name = "procd"},
	{.name = "netifd"},
	{.name = "rpcd"},
	{.name = "urngd"},
	{.name = "rngd"},
	{.name = "haveged"},
	{.name = "watchdog"},
	{.name = "hostapd"},
	{.name = "wpa_supplicant"},
	{.name = "udhcpc"},
	{.name = "dhclient"},
	{.name = "pppd"},
	{.name = "dbus-daemon"},
	{.name = "acpid"},
	{.name = "bluetoothd"},
	{.name = "ntpclient"},
	{.name = "igmpproxy"},
	{.name = "getty"},
};

static const char *const tools[] = {
	"dropbearkey", "ssh-keygen", "sleep",     "usleep",      "echo",
	"printf",      "cat",        "cp",        "mv",          "rm",
	"ln",          "mkdir",      "mknod",     "mount",       "umount",
	"insmod",      "modprobe",   "rmmod",     "sync",        "mdev",
	"udevadm",     "ifconfig",   "ip",        "route",       "iptables",
	"ip6tables",   "iwconfig",   "iwpriv",    "brctl",       "vconfig",
	"date",        "hwclock",    "reboot",    "halt",        "poweroff",
	"kill",        "killall",    "touch",     "chmod",       "chown",
	"test",        "[",          "[[",        "true",        "false",
	":",           "cd",         "export",    "set",         "return",
	"exit",        "wait",       "trap",      "read",        "dd",
	"tar",         "grep",       "sed",       "awk",         "logger",
	"sysctl",      "hostname",   "stty",      "ping",        "wget",
	"curl",        "tftp",       "find",      "sh",          "local",
	"ls",          "ps",         "top",       "flash_erase", "flash_eraseall",
	"mkfs.jffs2",  "fsck",       "e2fsck",    "depmod",      "swapon",
	"swapoff",     "losetup",    "ubiattach", "gpio",        "devmem",
	"i2cset",      "amixer",     "aplay",     "fgrep",       "egrep",
	"tee",         "basename",   "uci",       "ubus",        "jshn",
	"arping",      "nslookup",   "ntpdate",   "setconsole",
};

const struct daemon *daemon_find(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(daemons); i++)
		if (text_glob(name, daemons[i].name))
			return &daemons[i];
	return NULL;
}

struct slice daemon_served(const struct launch *l)
{
	static const char *const starters[] = {"tcpsvd", "udpsvd", "tcpserver", "ucspi-tcp"};
	struct slice name = text_base_name(l->program);
	bool starts = false;

	for (size_t i = 0; i < ARRAY_LEN(starters); i++)
		starts |= slice_is(name, starters[i]);
	for (size_t i = 0; starts && i < l->n; i++) {
		struct slice served = text_base_name(l->args[i]);

		if (daemon_find(served))
			return served;
	}
	return (struct slice){0};
}

bool daemon_is_tool(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(tools); i++)
		if (slice_is(name, tools[i]))
			return true;
	return false;
}

bool daemon_option(const struct launch *l, const char *option, struct slice *value)
{
	bool is_long = slice_starts(slice_text(option), "--");
	size_t n = strlen(option);

	*value = (struct slice){0};
	for (size_t i = 0; i < l->n; i++) {
		struct slice a = l->args[i];

		if (text_glob(a, option)) {
			*value = i + 1 < l->n ? l->args[i + 1] : *value;
			return true;
		}
		if (!slice_starts(a, option) || (is_long && slice_at(a, n) != '='))
			continue;
		*value = slice_from(a, is_long ? n + 1 : n);
		return true;
	}
	return false;
}
