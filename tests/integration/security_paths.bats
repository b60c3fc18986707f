# Class 1: paths that are resolved in an attacker's rootfs: links in the place of every mount target, and targets that
# are swapped for links while the runtime works.
#
# CVE-2019-18837 (crun), CVE-2019-19921, CVE-2021-30465, CVE-2023-27561, CVE-2023-28642, CVE-2024-45310, CVE-2026-41579
# (runc), CVE-2025-24965, CVE-2026-47766, CVE-2026-88264 (crun), CVE-2025-54867 (youki), CVE-2015-1335 (LXC),
# GHSA-pxhw-h44j-8pfx (bubblewrap).

load helpers
load security

@test "symlinks at /proc (CVE-2019-19921, CVE-2023-27561, CVE-2025-54867)" { all_links /proc; }

@test "symlinks at /sys (CVE-2019-19921, CVE-2025-54867)" { all_links /sys; }

@test "symlinks at /dev (CVE-2026-41579)" {
	not_on runc crun
	all_links /dev
}

@test "symlinks at /dev/pts, with the image's own /dev" {
	image_dev
	all_links /dev/pts
}

@test "symlinks at /dev/shm and /dev/mqueue, with the image's own /dev" {
	image_dev
	all_links /dev/shm
	rm -rf "$ROOTFS"
	all_links /dev/mqueue
}

@test "symlinks at the default devices, with the image's own /dev (CVE-2026-47766)" {
	image_dev
	all_links /dev/null
}

@test "symlinks at /dev/console, /dev/ptmx and /dev/fd, with the image's own /dev (CVE-2026-88264)" {
	image_dev
	victim_make
	config_args sh -c 'echo started'
	for target in /dev/console /dev/ptmx /dev/fd /dev/stdin /dev/core; do
		for link in "$VICTIM/file" "$VICTIM/missing" "../../../../../../../../..$VICTIM/file"; do
			target_is_link $target "$link"
		done
	done
}

@test "symlinks at /sys/fs/cgroup" {
	not_on runc crun
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"] }'
	config_set '.mounts |= map(select(.destination != "/sys"))'
	all_links /sys/fs/cgroup
}

@test "symlinks at a volume's target (CVE-2019-18837)" {
	mkdir source
	echo volume >source/file
	config_bind "$BATS_TEST_TMPDIR/source" /volume bind
	all_links /volume
}

@test "symlinks in the middle of a volume's target" {
	mkdir source
	config_bind "$BATS_TEST_TMPDIR/source" /outer/inner/volume bind
	all_links /outer
	rm -rf "$ROOTFS"
	all_links /outer/inner
}

@test "symlinks at a file's target (CVE-2024-45310, CVE-2025-24965)" {
	echo content >afile
	config_bind "$BATS_TEST_TMPDIR/afile" /etc/hosts bind
	all_links /etc/hosts
}

@test "symlinks at a tmpfs with tmpcopyup" {
	config_mount '{ "destination": "/copied", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	all_links /copied
}

@test "symlinks at the cwd that is to be made" {
	config_set '.process.cwd = "/cwd/below"'
	all_links /cwd
}

@test "symlinks at masked and read-only paths" {
	config_set '.linux.maskedPaths += ["/masked"] | .linux.readonlyPaths += ["/fixed"]'
	all_links /masked
	rm -rf "$ROOTFS"
	all_links /fixed
}

@test "symlinks at a device of linux.devices" {
	config_set '.linux.devices = [{ path: "/odd/device", type: "c", major: 1, minor: 3, fileMode: 438 }]'
	all_links /odd
	rm -rf "$ROOTFS"
	all_links /odd/device
}

@test "a dangling symlink of the image above a mount target: the target is made inside the container" {
	not_on crun
	mkdir source
	echo volume >source/file
	ln -s /data/volumes "$ROOTFS/store"
	config_bind "$BATS_TEST_TMPDIR/source" /store/one bind
	inside 'cat /store/one/file; cat /data/volumes/one/file'
	[ "$output" = $'volume\nvolume' ]
}

@test "a link in the image works for a target as it does inside: /var/run -> /run" {
	mkdir -p "$ROOTFS/run" source
	echo volume >source/file
	ln -s /run "$ROOTFS/var/run"
	config_bind "$BATS_TEST_TMPDIR/source" /var/run/data bind
	inside 'cat /run/data/file'
	[ "$output" = volume ]
}

@test "symlinks at the standard streams' and core's links, in every shape" {
	image_dev
	all_links /dev/stdin
	rm -rf "$ROOTFS"
	all_links /dev/core
}

@test "tmpcopyup copies links and special files as what they are, and follows none" {
	victim_make
	mkdir -p "$ROOTFS/copied/inner"
	ln -s "$VICTIM/file" "$ROOTFS/copied/link"
	ln -s "$VICTIM/dir" "$ROOTFS/copied/inner/up"
	mkfifo "$ROOTFS/copied/fifo"
	config_mount '{ "destination": "/copied", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	config_args sh -c 'cat /copied/link; ls /copied/inner/up/; readlink /copied/link; echo started'
	RUNTIME_WRAPPER=(timeout --foreground -k 5 20)
	run_bundle
	show
	[ "$status" -ne 124 ]
	[[ $output != *untouched* && $output != *below* ]]
	[[ $output == *started* || $output == *copied* ]]
	victim_untouched
	nothing_left
}

@test "a race of links at a mount target never reaches the host (CVE-2021-30465)" {
	bundle_works
	victim_make
	mkdir -p shared/real source
	config_bind "$BATS_TEST_TMPDIR/shared" /shared bind
	config_bind "$BATS_TEST_TMPDIR/source" /shared/target/inner bind
	(
		set +e
		cd shared
		while :; do
			rm -rf target
			mkdir target
			rm -rf target
			ln -s "$VICTIM/dir" target
		done
	) >/dev/null 2>&1 3>&- &
	racer=$!
	TEST_PIDS+=($racer)
	config_args true
	for round in 1 2 3 4 5 6 7 8 9 10; do
		run_bundle
	done
	kill $racer
	victim_untouched
	nothing_left
}

@test "a volume whose directory and symlink are swapped all the time: 100 starts touch nothing of the host" {
	only_runlet
	victim_make
	mkdir shared source
	touch afile
	"$(test_program racer)" "$BATS_TEST_TMPDIR/shared" "$VICTIM/dir" >/dev/null 3>&- &
	TEST_PIDS+=($!)
	racer=$!
	wait_for 5 test -e shared/b
	config_bind "$BATS_TEST_TMPDIR/shared" /shared bind
	config_bind "$BATS_TEST_TMPDIR/source" /shared/a/inner/deep bind
	config_bind "$BATS_TEST_TMPDIR/afile" /shared/a/newfile bind
	config_mount '{ "destination": "/shared/b/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	config_set '.linux.devices = [{ path: "/shared/a/null", type: "c", major: 1, minor: 3 }] | .process.cwd = "/shared/a/cwd"
		| .linux.maskedPaths += ["/shared/a/inner", "/shared/b/file"] | .linux.readonlyPaths += ["/shared/a"]'
	config_args true
	good=0
	for round in $(seq 100); do
		run_bundle
		[ "$status" -ne 0 ] || good=$((good + 1))
	done
	kill -KILL $racer
	echo "$good of 100 started; the last said: $output"
	[ $good -gt 0 ]
	victim_untouched
	nothing_left
}

@test "the image's own /proc, /sys, /dev and its directories are swapped for links, for 5 s of starts" {
	only_runlet
	victim_make
	image_dev
	config_mount '{ "destination": "/volume/deep", "type": "tmpfs", "source": "tmpfs" }'
	config_set '.linux.devices = [{ path: "/dev/extra/device", type: "c", major: 1, minor: 3 }] | .process.cwd = "/home/app"'
	swapper_start "$ROOTFS"/{proc,sys,dev,volume,home}
	runs_while_swapped 5
	[ "$GOOD" -gt 0 ]
}

@test "a file's target and the directory above it are swapped, for a second of starts: no empty file on the host (CVE-2024-45310)" {
	only_runlet
	victim_make
	echo content >afile
	config_bind "$BATS_TEST_TMPDIR/afile" /etc/deep/er/hosts bind
	config_bind "$BATS_TEST_TMPDIR/afile" /etc/resolv.conf bind
	mkdir -p "$ROOTFS/etc/deep/er"
	swapper_start "$ROOTFS/etc/deep" "$ROOTFS/etc/deep/er"
	runs_while_swapped 1
	[ "$GOOD" -gt 0 ]
}
