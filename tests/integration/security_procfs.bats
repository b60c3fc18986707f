# Class 3: writes to /proc and /sys that something mounted there leads elsewhere.
#
# CVE-2019-16884, CVE-2025-52881 (runc; the first also crun), CVE-2025-62596 (youki), CVE-2015-1334 (LXC), CVE-2022-0811
# (CRI-O: one sysctl's value became more sysctls).  tests/vm/apparmor.bats has the labels, on a kernel with AppArmor.

load helpers
load security

@test "/proc that is a tmpfs in the image's place: labels and sysctls go to the real procfs (CVE-2019-16884)" {
	bundle_works
	mkdir -p fakeproc/self/attr fakeproc/sys/net/ipv4 fakeproc/sys/kernel
	touch fakeproc/self/attr/exec fakeproc/sys/kernel/msgmax
	config_set '.mounts |= map(select(.destination != "/proc")) | .linux.sysctl = { "kernel.msgmax": "4321" }
		| del(.linux.maskedPaths, .linux.readonlyPaths)'
	config_bind "$BATS_TEST_TMPDIR/fakeproc" /proc bind
	config_args true
	run_bundle
	show
	[ ! -s fakeproc/sys/kernel/msgmax ]
	[ ! -s fakeproc/self/attr/exec ]
	nothing_left
}

@test "a mount over a file of /proc is refused, but for the known exceptions" {
	echo content >afile
	for target in /proc/sys/kernel/core_pattern /proc/self/attr/exec /proc/1/status; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_bind "$BATS_TEST_TMPDIR/afile" $target bind
		run_bundle
		show
		[ "$status" -ne 0 ] || [ "$RUNTIME_NAME" = crun ]
		nothing_left
	done
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_bind "$BATS_TEST_TMPDIR/afile" /proc/uptime bind
	inside 'cat /proc/uptime'
	[ "$output" = content ]
}

@test "a namespace of the host that is named by its path isn't changed by sysctls or hostname" {
	not_on crun
	for change in 'network net .linux.sysctl["net.ipv4.ip_default_ttl"]="77"' 'ipc ipc .linux.sysctl["kernel.msgmax"]="7777"' \
		'uts uts .hostname="changed"' 'uts uts .domainname="changed"'; do
		read -r type file filter <<<"$change"
		[ "$RUNTIME_NAME" != runc ] || [ $type = network ] || continue
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set 'del(.hostname) | .mounts |= map(select(.type != "sysfs" and .type != "mqueue")) | .linux.maskedPaths = []'
		config_set "$filter"
		config_namespace_path $type /proc/self/ns/$file
		fails_with 'host|own'
	done
	[ "$(cat /proc/sys/net/ipv4/ip_default_ttl)" != 77 ]
	[ "$(cat /proc/sys/kernel/msgmax)" != 7777 ]
	[ "$(hostname)" != changed ]
}

@test "a joined mount namespace whose /proc is the attacker's: sysctls still go to the kernel's (CVE-2025-52881, CVE-2025-62596)" {
	only_runlet
	bundle_works
	config_all_caps
	mkdir -p "$ROOTFS"/fake/{self/attr,sys/kernel,sys/net/ipv4} "$ROOTFS/fake/self/fd"
	touch "$ROOTFS"/fake/sys/kernel/msgmax "$ROOTFS"/fake/self/attr/exec
	ln -s /proc/sysrq-trigger "$ROOTFS/fake/sys/kernel/msgmnb"
	config_set 'del(.linux.maskedPaths, .linux.readonlyPaths)'
	config_args sh -c 'mount --bind /fake /proc; touch /tmp/ready; exec sleep 1000'
	create
	start
	wait_for 5 test -e "$ROOTFS/tmp/ready"
	pid=$(init_pid)
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_namespace_path mount "/proc/$pid/ns/mnt"
	config_set '.mounts = [] | del(.linux.maskedPaths, .linux.readonlyPaths) | .linux.sysctl = { "kernel.msgmax": "4321", "kernel.msgmnb": "5432" }'
	config_args sh -c 'mkdir -p /tmp/p && mount -t proc proc /tmp/p && cat /tmp/p/sys/kernel/msgmax; echo'
	run timeout -k 5 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID-b"
	show
	[ "$status" -eq 0 ] || [[ $output == *config.json* ]]
	[ ! -s "$ROOTFS/fake/sys/kernel/msgmax" ]
	[ ! -s "$ROOTFS/fake/self/attr/exec" ]
	runtime delete --force "$ID"
}

@test "sysctls are written through a procfs with nothing mounted in it, by openat2 without a way out (CVE-2025-52881)" {
	only_runlet
	config_set '.linux.sysctl = { "kernel.msgmax": "4321" }'
	config_args true
	strace -f -qq -e trace=openat,openat2,open -o trace "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	grep msgmax trace
	! grep msgmax trace | grep -v 'RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH' || false
}

@test "a host whose /proc/sys has something mounted in it: the kernel's own is written, or nothing" {
	only_runlet
	bundle_works
	mkdir -p fake/kernel
	touch fake/kernel/msgmax
	config_set '.linux.sysctl = { "kernel.msgmax": "4321" }'
	config_args cat /proc/sys/kernel/msgmax
	for over in 'fake /proc/sys' 'fake/kernel /proc/sys/kernel' 'fake/kernel/msgmax /proc/sys/kernel/msgmax'; do
		RUNTIME_WRAPPER=(timeout --foreground -k 5 20 unshare -m sh -c "mount --bind ${over% *} ${over#* }"' && exec "$@"' over)
		run_bundle
		echo "$over: $status $output"
		[[ $status -eq 0 && $output == 4321 || $status -eq 1 && $output == *msgmax* ]]
		[ ! -s fake/kernel/msgmax ]
		nothing_left
	done
}

@test "one sysctl's name and value can't become another's (CVE-2022-0811)" {
	only_runlet
	victim_make
	bundle_works
	for name in 'net.ipv4.ip_forward+kernel.core_pattern' 'net/../kernel/core_pattern' 'net.ipv4.../../kernel/core_pattern' \
		'net/ipv4/../../kernel/core_pattern' 'net..kernel.core_pattern' '/proc/sys/net/ipv4/ip_forward' 'net/' '' $'net.ipv4.ip_forward\nkernel.core_pattern' \
		'kernel.msgmaxx' 'kernel.core_pattern' 'kernel.msgmax/../core_pattern' 'user'; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set '.linux.sysctl = { ($n): "1" }' --arg n "$name"
		fails_with 'config.json:[0-9]+:[0-9]+: linux.sysctl'
		victim_untouched
	done
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set '.linux.sysctl = { "kernel.msgmax": $v }' --arg v $'4321\nkernel.core_pattern=|/evil+kernel.sysrq=1'
	run_bundle
	show
	victim_untouched
}

@test "/proc of the image is swapped for a link, with sysctls: a second of starts" {
	only_runlet
	victim_make
	mkdir -p "$VICTIM/dir/sys/kernel"
	touch "$VICTIM/dir/sys/kernel/msgmax"
	victim_seen
	config_set '.linux.sysctl = { "kernel.msgmax": "4321" }'
	config_args true
	swapper_start "$ROOTFS/proc"
	runs_while_swapped 1
	[ "$GOOD" -gt 0 ]
}
