# Class 2: mount sources that an image controls: /dev/null for masks, the terminal for /dev/console, the standard streams.
#
# CVE-2025-31133, CVE-2025-52565 (runc), CVE-2025-62161 (youki), CVE-2026-88265 (crun).

load helpers
load security

@test "a masked path is masked by the real null device, though /dev/null of the image is a link (CVE-2025-31133)" {
	bundle_works
	image_dev
	victim_make
	mkdir -p "$ROOTFS/dev"
	rm -f "$ROOTFS/dev/null"
	ln -s "$VICTIM/file" "$ROOTFS/dev/null"
	echo secret >"$ROOTFS/secret"
	config_set '.linux.maskedPaths += ["/secret"]'
	config_args sh -c 'cat /secret; [ -c /secret ] && stat -c %t:%T /secret'
	run_bundle
	show
	[[ $output != *secret* ]] || [[ $status -ne 0 && $output != secret* ]]
	[[ $output != *untouched* ]]
	victim_untouched
	nothing_left
}

@test "a masked path, where /dev/null of the image is a link to procfs (CVE-2025-62161)" {
	# The peers of this age really write the host's file.
	not_on runc crun
	bundle_works
	image_dev
	mkdir -p "$ROOTFS/dev"
	ln -s /proc/sys/vm/stat_interval "$ROOTFS/dev/null"
	echo secret >"$ROOTFS/secret"
	config_set '.linux.maskedPaths += ["/secret"]'
	before=$(cat /proc/sys/vm/stat_interval)
	config_args sh -c 'echo 77 >/secret; cat /secret'
	run_bundle
	show
	after=$(cat /proc/sys/vm/stat_interval)
	echo "$before" >/proc/sys/vm/stat_interval
	[ "$after" = "$before" ]
	[[ $output != *secret* || $status -ne 0 ]]
}

@test "the standard streams are not reopened on a file that the image put at /dev/null (CVE-2026-88265)" {
	bundle_works
	victim_make
	mkdir -p "$BATS_TEST_TMPDIR/dev"/{pts,shm,mqueue}
	ln "$VICTIM/file" "$BATS_TEST_TMPDIR/dev/null"
	victim_seen
	config_set '(.mounts[] | select(.destination == "/dev")) |= { destination: "/dev", type: "none", source: $s, options: ["bind"] }
		| .process.user = { uid: 1000, gid: 1000 }' --arg s "$BATS_TEST_TMPDIR/dev"
	config_args sh -c 'echo written; echo written >&2'
	run bash -c '"$@" </dev/null >/dev/null 2>/dev/null' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	victim_untouched
	nothing_left
}

# fake_null COMMAND...: makes what stands at the image's /dev/null; the masked file must stay unreadable and unwritten.
fake_null() {
	rm -rf "$ROOTFS/dev"
	mkdir -p "$ROOTFS/dev"
	"$@"
	# A hard link changes the file that it is made to.
	victim_seen
	rm -f "$ROOTFS/secret"
	echo secret >"$ROOTFS/secret"
	RUNTIME_WRAPPER=(timeout --foreground -k 5 20)
	run_bundle
	echo "$* gives $status: $output"
	[ "$status" -ne 124 ]
	[[ $status -eq 0 && $output == 'c 1:3' || $status -eq 1 && $output == *'/dev/null'* ]]
	[ "$(cat "$ROOTFS/secret")" = secret ]
	victim_untouched
	nothing_left
}

@test "the image's /dev/null is another device, a file, a directory, a fifo: masks are still the null device" {
	only_runlet
	image_dev
	victim_make
	config_set '.linux.maskedPaths += ["/secret"]'
	config_args sh -c 'echo evil >/secret; cat /secret; stat -c "%F %t:%T" /secret | sed "s/character special file/c/"'
	fake_null mknod "$ROOTFS/dev/null" c 1 5
	fake_null mknod "$ROOTFS/dev/null" c 10 200
	fake_null touch "$ROOTFS/dev/null"
	fake_null mkdir "$ROOTFS/dev/null"
	fake_null mkfifo "$ROOTFS/dev/null"
	fake_null ln "$VICTIM/dir/below/file" "$ROOTFS/dev/null"
}

@test "closed standard streams are not opened on what the image put at /dev/null" {
	only_runlet
	image_dev
	victim_make
	for link in "$VICTIM/file" /proc/sysrq-trigger /etc/passwd; do
		rm -rf "$ROOTFS/dev"
		mkdir "$ROOTFS/dev"
		ln -s "$link" "$ROOTFS/dev/null"
		config_args sh -c 'echo evil; echo evil >&2'
		before=$(cat "$ROOTFS/etc/passwd")
		run bash -c '"$@" <&- >&- 2>&-' sh "$RUNTIME" --root "$ROOT" --log "$BATS_TEST_TMPDIR/log" run --bundle "$BUNDLE" "$ID"
		[ "$status" -eq 1 ]
		cat log
		grep -q 'device /dev/null: a symlink, which is not followed' log
		[ "$(cat "$ROOTFS/etc/passwd")" = "$before" ]
		victim_untouched
		nothing_left
	done
}

# terminal_refused TEXT: a container with a terminal does not start, and the error has the text.
terminal_refused() {
	receiver_start
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" --console-socket console.sock "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
	victim_untouched
	nothing_left
}

@test "/dev/console of the image is a link: the terminal is bound nowhere else (CVE-2025-52565, CVE-2026-88264)" {
	only_runlet
	image_dev
	victim_make
	config_set '.process.terminal = true'
	mkdir -p "$ROOTFS/dev"
	while read -r link; do
		rm -f "$ROOTFS/dev/console"
		ln -s "$link" "$ROOTFS/dev/console"
		terminal_refused /dev/console
	done < <(link_shapes /dev/console)
}

@test "/dev/pts is a directory of the image's with links for terminals: refused by name (CVE-2025-52565)" {
	only_runlet
	victim_make
	config_set '.process.terminal = true'
	mkdir fakepts
	ln -s "$VICTIM/file" fakepts/0
	mknod fakepts/ptmx c 5 2
	chmod 666 fakepts/ptmx
	config_set '.mounts |= map(select(.destination != "/dev/pts"))'
	config_bind "$BATS_TEST_TMPDIR/fakepts" /dev/pts bind
	terminal_refused 'a devpts at /dev/pts: something else is there'
	rm fakepts/ptmx
	ln -s "$VICTIM/file" fakepts/ptmx
	terminal_refused 'a devpts at /dev/pts: something else is there'
}

@test "a file is bound over /dev/pts/ptmx: it is not taken for a terminal's master" {
	only_runlet
	victim_make
	config_set '.process.terminal = true'
	config_bind "$VICTIM/file" /dev/pts/ptmx bind
	terminal_refused '/dev/pts/ptmx of the container is not the ptmx of its devpts'
	config_set '.mounts |= map(select(.destination != "/dev/pts/ptmx"))'
	config_bind /dev/pts/ptmx /dev/pts/ptmx bind
	terminal_refused '/dev/pts/ptmx of the container is not the ptmx of its devpts'
}

@test "the masked file, and what is above it, is swapped for a link while containers start: never the host's" {
	only_runlet
	victim_make
	mkdir -p "$ROOTFS/masked/inner"
	config_set '.linux.maskedPaths += ["/masked/inner", "/masked/inner/file", "/masked"] | .linux.readonlyPaths += ["/masked/inner"]'
	swapper_start "$ROOTFS/masked" "$ROOTFS/masked/inner"
	runs_while_swapped 1
	[ "$GOOD" -gt 0 ]
}

@test "exec --tty: whatever a container puts at /dev/pts, no terminal comes of it but one of a devpts (CVE-2025-52565)" {
	bundle_works
	victim_make
	config_all_caps
	config_args sleep 1000
	create
	start
	pid=$(init_pid)
	# What root of the container could do itself.
	within() { nsenter -t "$pid" -m -- /bin/sh -c "$1"; }
	try() {
		within "$1"
		run script -qec "timeout -k 2 10 '$RUNTIME' --root '$ROOT' exec --tty '$ID' sh -c 'echo got; tty'" /dev/null </dev/null
		show
		[ "$status" -eq 255 ]
		[[ $output != *got* ]]
		within 'umount /dev/pts/ptmx 2>/dev/null || umount /dev/pts'
		victim_untouched
	}
	within 'mkdir /tmp/pts && mkfifo /tmp/fifo && mknod /tmp/zero c 1 5 && mknod /tmp/ptmx c 5 2 && touch /tmp/file'
	try 'mount --bind /tmp/fifo /dev/pts/ptmx'
	try 'mount --bind /tmp/zero /dev/pts/ptmx'
	try 'mount --bind /tmp/file /dev/pts/ptmx'
	# A ptmx outside of a devpts takes the devpts beside it.
	try 'mount --bind /tmp/ptmx /dev/pts/ptmx'
	try 'mount -t tmpfs tmpfs /dev/pts; ln -s /proc/self/fd/0 /dev/pts/ptmx'
	try 'mount -t tmpfs tmpfs /dev/pts; mknod /dev/pts/ptmx c 5 2; mkdir /dev/pts/pts'
	try 'mount --bind /proc /dev/pts'
	# A terminal in the place of the ptmx.
	exec 8<>"/proc/$pid/root/dev/pts/ptmx"
	try 'mount --bind /dev/pts/0 /dev/pts/ptmx'
	exec 8>&-
	# Another devpts is as good as the first.
	within 'mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts'
	run script -qec "timeout -k 2 10 '$RUNTIME' --root '$ROOT' exec --tty '$ID' sh -c 'echo got; tty'" /dev/null </dev/null
	show
	[[ $output == *got*/dev/pts/0* ]]
	runtime delete --force "$ID"
}
