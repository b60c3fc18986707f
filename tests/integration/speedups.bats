# What was broken when others made mounts faster (crun 1.27 to 1.29), and what our own short cuts must not break.
# Elsewhere: propagation and leaks (rootfs.bats, mounts.bats, namespaces.bats), the modes of the roots of proc and sysfs
# (mounts.bats), output lost as /dev/null became a file (devices.bats), rootless (rootless.bats), helpers of the host
# (security_helpers.bats), SIGPIPE (lifecycle.bats).

load helpers

@test "signals ignored by the caller: none of the 64 is ignored or blocked by the program (crun#2058)" {
	not_on runc crun
	config_args grep -E '^Sig(Ign|Blk)' /proc/self/status
	run bash -c 'trap "" HUP INT QUIT ILL PIPE USR1 CHLD TSTP TTIN TTOU URG WINCH RTMIN RTMIN+5 RTMAX; exec "$@"' sh \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$(grep -c '0000000000000000$' <<<"$output")" -eq 2 ]
}

@test "exec: signals ignored by its caller are not the program's" {
	not_on runc crun
	start_sleeper
	run bash -c 'trap "" HUP PIPE USR1 RTMAX; exec "$@"' sh \
		"$RUNTIME" --root "$ROOT" exec "$ID" grep -E '^Sig(Ign|Blk)' /proc/self/status
	show
	[ "$status" -eq 0 ]
	[ "$(grep -c '0000000000000000$' <<<"$output")" -eq 2 ]
	runtime delete --force "$ID"
}

@test "a pinned namespace as bind source: the file leads to the same namespace inside (crun 1.30)" {
	touch pinned
	unshare --net=pinned true
	TEST_MOUNTS+=("$BATS_TEST_TMPDIR/pinned")
	config_bind "$BATS_TEST_TMPDIR/pinned" /run/netns/pinned bind
	inside 'stat -Lc %i /run/netns/pinned; stat -fc %T /run/netns/pinned'
	show
	[ "${lines[0]}" = "$(stat -Lc %i pinned)" ]
}

@test "exec into a container that has no cgroup of its own: there is no cgroup.freeze to look at (crun#2193)" {
	only_runlet
	config_set 'del(.linux.resources)'
	config_args sleep 1000
	runtime --cgroup-manager=disabled create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	start
	run runtime --cgroup-manager=disabled exec "$ID" echo there
	show
	[ "$output" = there ]
	runtime --cgroup-manager=disabled delete --force "$ID"
}

@test "a mount over the directory of the mount before: the next one goes onto it" {
	mkdir -p "$ROOTFS/m"
	for at in /m/a /m /m/b; do
		config_mount '{ "destination": "'$at'", "type": "tmpfs", "source": "tmpfs" }'
	done
	inside 'cut -d" " -f5 /proc/self/mountinfo | grep ^/m; ls /m; ls -d /m/b'
	show
	[ "$output" = $'/m\n/m/b\nb\n/m/b' ] || [ "$output" = $'/m/a\n/m\n/m/b\nb\n/m/b' ]
	[ ! -e "$ROOTFS/m/b" ]
}

@test "the same through a symlink: /l is /m" {
	mkdir -p "$ROOTFS/m"
	ln -s m "$ROOTFS/l"
	for at in /m/a /l /m/b /l/c; do
		config_mount '{ "destination": "'$at'", "type": "tmpfs", "source": "tmpfs" }'
	done
	inside 'ls /m'
	show
	[ "$output" = $'b\nc' ]
	[ "$(ls "$ROOTFS/m")" = a ]
}

@test "a link, a device and a mount in directories that alternate" {
	mkdir -p "$ROOTFS/m"
	config_set '.linux.devices = [{ path: "/dev/x/one", type: "c", major: 1, minor: 3 },
		{ path: "/m/two", type: "c", major: 1, minor: 3 }, { path: "/dev/x/three", type: "c", major: 1, minor: 3 }]'
	inside 'ls -d /dev/x/one /m/two /dev/x/three'
	[ "${#lines[@]}" -eq 3 ]
}

# evil_link: at the mount's target, "lower" of the image leads to a directory of the host.
evil_link() {
	mkdir -p lower upper evil "$ROOTFS/merged"
	echo mine >lower/file
	echo host >evil/file
	ln -s "$BATS_TEST_TMPDIR/evil" "$ROOTFS/merged/lower"
}

@test "a relative path among the options is the caller's, and never one of the image" {
	evil_link
	config_mount '{ "destination": "/merged", "type": "overlay", "source": "overlay",
		"options": ["lowerdir=lower:'"$BATS_TEST_TMPDIR"'/upper"] }'
	# runc starts in the bundle.
	[ "$RUNTIME_NAME" = runlet ] || cp -a lower "$BUNDLE"
	inside 'cat /merged/file'
	show
	[ "$output" = mine ]
}

@test "the same after a mount of the kernel's own, whose target has the link" {
	evil_link
	mkdir -p "$ROOTFS/over"
	mv "$ROOTFS/merged/lower" "$ROOTFS/over/lower"
	config_set '.mounts += [{ destination: "/over", type: "tmpfs", source: "tmpfs" },
		{ destination: "/merged", type: "overlay", source: "overlay",
		  options: ["lowerdir=lower:'"$BATS_TEST_TMPDIR"'/upper"] }]'
	[ "$RUNTIME_NAME" = runlet ] || cp -a lower "$BUNDLE"
	inside 'cat /merged/file'
	show
	[ "$output" = mine ]
}

@test "two mounts at one place: the second is on top, and what is mounted beneath them is in it" {
	for size in 4 8; do
		config_mount '{ "destination": "/m", "type": "tmpfs", "source": "tmpfs", "options": ["size='$size'k"] }'
	done
	config_mount '{ "destination": "/m/in", "type": "tmpfs", "source": "tmpfs" }'
	inside 'grep " /m " /proc/self/mountinfo | grep -o size=.*; df -k /m | tail -n 1; ls /m'
	show
	[[ ${lines[0]} == size=4k* && ${lines[1]} == size=8k* ]]
	[[ ${lines[2]} =~ tmpfs\ +8\  ]]
	[ "${lines[3]}" = in ]
}

@test "a createContainer hook starts in the caller's directory, and finds no directory of the mounts in init" {
	only_runlet
	config_mount '{ "destination": "/new/dir", "type": "tmpfs", "source": "tmpfs" }'
	config_set '.hooks.createContainer = [{ path: "/bin/sh", args: ["sh", "-c",
		"pwd -P; grep -o \"pid\\\": *[0-9]*\" | grep -o [0-9]* | while read pid; do ls -l /proc/$pid/fd; done"] }] | .annotations["run.oci.hooks.stdout"] = $file' \
		--arg file "$BATS_TEST_TMPDIR/seen"
	bundle_works
	cat seen
	[ "$(head -n 1 seen)" = "$BATS_TEST_TMPDIR" ]
	grep -q socket: seen
	! grep -E -- "-> .*/(dev|sys|proc|new)(/.*)?$" seen | grep -vE -- '-> (/dev/(null|pts/[0-9]+)|/proc)$' || false
}

@test "after the pivot, no directory of the host but what later steps need is open in init" {
	only_runlet
	command -v strace >/dev/null || skip "needs strace"
	run strace -f -qq -e trace=openat,pivot_root,close,close_range,mknodat -o trace \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
	sed -n '/pivot_root/,/mknodat/p' trace
	sed -n '/pivot_root/,/mknodat/p' trace | grep -qE ' close(_range)?\('
}

@test "what isn't the kernel's own is mounted with the umask that a mount(8) has" {
	only_runlet
	command -v strace >/dev/null || skip "needs strace"
	evil_link
	config_mount '{ "destination": "/merged", "type": "overlay", "source": "overlay",
		"options": ["lowerdir='"$BATS_TEST_TMPDIR/lower:$BATS_TEST_TMPDIR/upper"'"] }'
	run strace -f -qq -e trace=umask,fsopen,mknodat -o trace "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
	grep -B1 -A1 'fsopen("overlay"' trace
	grep -B1 'fsopen("overlay"' trace | grep -q 'umask(022)'
	grep -A1 'fsopen("overlay"' trace | grep -q 'umask(000)'
}

@test "modes of what is made, and the umask of hooks and program, whatever the caller's umask" {
	not_on crun
	config_mount '{ "destination": "/new/dir", "type": "tmpfs", "source": "tmpfs" }'
	touch source
	config_bind "$BATS_TEST_TMPDIR/source" /new2/file bind
	config_set '.hooks.createContainer = [{ path: "/bin/sh", args: ["sh", "-c", "umask >'"$BATS_TEST_TMPDIR"'/umask"] }]'
	config_args sh -c 'umask; stat -c %a /new /new2'
	for mask in 0 077; do
		rm -rf "$ROOTFS"/new "$ROOTFS"/new2 umask
		run bash -c 'umask $1; shift; exec "$@"' sh $mask "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		show
		[ "$output" = $'0022\n755\n755' ]
		[ "$(cat umask)" = 0022 ]
	done
	[ "$(stat -c %a "$ROOTFS/new2/file")" = 644 ]
}

# many_mounts COMMAND...: runs it where the list of mounts is longer than what is looked at first.
many_mounts() {
	mkdir -p many/at
	unshare -m --propagation private bash -c 'for n in $(seq 200); do mount --bind many many/at; done; exec "$@"' sh "$@"
}

@test "a host with many mounts: the cgroups are found in the list's beginning, and all of it isn't read" {
	only_runlet
	command -v strace >/dev/null || skip "needs strace"
	config_no_namespace cgroup
	config_args cat /proc/self/cgroup
	run many_mounts strace -qq -o trace "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == *"/$ID"* ]]
	[ "$(grep -c /proc/self/mountinfo trace)" -eq 1 ]
}

@test "a host with many mounts: what hides a cgroup hierarchy at the end of the list is seen" {
	only_runlet
	[ -e $CGROUPFS/pids ] || skip "needs the v1 hierarchy of pids"
	config_no_namespace cgroup
	config_args cat /proc/self/cgroup
	run many_mounts bash -c 'mount -t tmpfs tmpfs '$CGROUPFS'/pids; "$@"; ls -A '$CGROUPFS'/pids' sh \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output =~ :memory:[^$'\n']*/$ID ]]
	[[ ! $output =~ :pids:[^$'\n']*/$ID ]]
}
