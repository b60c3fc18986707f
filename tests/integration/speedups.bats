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
