# The root file system: where it is, how it is mounted, how mounts propagate.

load helpers

@test "root.path: relative to the bundle, and absolute" {
	inside 'head -1 /etc/passwd'
	[ "$output" = "root:x:0:0:root:/root:/bin/sh" ]
	mv "$ROOTFS" "$BATS_TEST_TMPDIR/elsewhere"
	config_set '.root.path = $p' --arg p "$BATS_TEST_TMPDIR/elsewhere"
	inside 'head -1 /etc/passwd'
	[ "$output" = "root:x:0:0:root:/root:/bin/sh" ]
	config_set '.root.path = "../elsewhere/./"'
	inside true
}

@test "root.path may be a symlink" {
	not_on runc
	ln -s rootfs "$BUNDLE/link"
	config_set '.root.path = "link"'
	inside 'head -1 /etc/passwd'
}

@test "the host's files are not there, and nothing of the old root stays mounted" {
	inside 'ls /; cat /proc/self/mountinfo'
	[[ $output != *"$BATS_TEST_TMPDIR/bundle "* ]]
	[[ $output != *" /work"* ]]
	[ "$(grep -c ' / / ' <<<"$output")" -le 1 ]
	! grep -E '^[0-9]+ [0-9]+ [0-9]+:[0-9]+ / /(oldroot|old_root|\.pivot)' <<<"$output" || false
}

@test "root.readonly: nothing can be written to the root, but to the mounts in it" {
	config_set '.root.readonly = true'
	config_all_caps
	inside '! touch /file 2>/dev/null || exit 9; ! mkdir /etc/dir 2>/dev/null || exit 8; touch /dev/shm/file; grep " / / \| / ro" /proc/self/mountinfo | head -1'
	[ ! -e "$ROOTFS/file" ]
}

@test "root.readonly false: writes reach the rootfs" {
	inside 'echo here >/file'
	[ "$(cat "$ROOTFS/file")" = here ]
}

@test "root.readonly works with --no-pivot" {
	config_set '.root.readonly = true'
	config_args sh -c '! touch /file 2>/dev/null'
	run_bundle --no-pivot
	show
	[ "$status" -eq 0 ]
}

# The optional fields (shared:N, master:N, unbindable) of the container's root.
root_propagation() {
	config_set '.linux.rootfsPropagation = $word' --arg word "$1"
	inside 'while read -r id parent dev root point options rest; do [ "$point" = / ] && echo "${rest%% - *}"; done </proc/self/mountinfo | tail -1'
	echo "$1: $output"
}

# Makes the bundle a mount of its own with the propagation $1.
bundle_mount() {
	test_mount --bind "$BUNDLE" "$BUNDLE"
	mount "--make-$1" "$BUNDLE"
}

@test "rootfsPropagation private and rprivate" {
	bundle_mount shared
	for word in private rprivate; do
		root_propagation $word
		[[ $output != *shared* && $output != *master* && $output != *unbindable* ]]
	done
}

@test "rootfsPropagation slave and rslave" {
	bundle_mount shared
	for word in slave rslave; do
		root_propagation $word
		[[ $output != *shared* ]]
	done
}

@test "rootfsPropagation rslave: a shared mount beneath the rootfs is a slave inside" {
	mkdir "$ROOTFS/submount"
	test_mount -t tmpfs none "$ROOTFS/submount"
	mount --make-shared "$ROOTFS/submount"
	config_set '.linux.rootfsPropagation = "rslave"'
	inside 'grep " /submount " /proc/self/mountinfo'
	[[ $output == *master:* && $output != *shared:* ]]
}

@test "rootfsPropagation shared and rshared" {
	not_on runc
	bundle_mount shared
	for word in shared rshared; do
		root_propagation $word
		[[ $output == *shared:* ]]
	done
}

@test "rootfsPropagation unbindable and runbindable" {
	not_on runc crun
	for word in unbindable runbindable; do
		root_propagation $word
		[[ $output == *unbindable* ]]
	done
}

@test "rootfsPropagation: another word is refused" {
	config_set '.linux.rootfsPropagation = "sideways"'
	fails_with 'sideways|rootfsPropagation'
}

@test "rootfsPropagation unset: the container's mounts don't reach the host, and a private host's none the container" {
	config_all_caps
	config_set '.linux.seccomp = null | .process.noNewPrivileges = false'
	mkdir -p "$ROOTFS/mnt"
	inside 'mount -t tmpfs none /mnt && grep -c " /mnt " /proc/self/mountinfo'
	nothing_left
}

@test "rslave: a host mount beneath a bound directory shows up inside; the other way it does not" {
	mkdir -p "$BATS_TEST_TMPDIR/volume/sub" "$ROOTFS/volume"
	test_mount -t tmpfs none "$BATS_TEST_TMPDIR/volume"
	mount --make-shared "$BATS_TEST_TMPDIR/volume"
	mkdir "$BATS_TEST_TMPDIR/volume/sub"
	config_set '.linux.rootfsPropagation = "rslave"'
	config_bind "$BATS_TEST_TMPDIR/volume" /volume rbind rslave
	config_args sh -c 'echo ready; while ! [ -e /volume/sub/late ]; do sleep 0.05; done; echo seen'
	create
	start
	wait_for 5 grep -q ready out
	test_mount -t tmpfs none "$BATS_TEST_TMPDIR/volume/sub"
	touch "$BATS_TEST_TMPDIR/volume/sub/late"
	wait_for 5 grep -q seen out
	wait_for 5 has_status stopped
	runtime delete --force "$ID"
}

@test "private: a host mount beneath a bound directory stays outside" {
	mkdir -p "$BATS_TEST_TMPDIR/volume" "$ROOTFS/volume"
	test_mount -t tmpfs none "$BATS_TEST_TMPDIR/volume"
	mount --make-shared "$BATS_TEST_TMPDIR/volume"
	mkdir "$BATS_TEST_TMPDIR/volume/sub"
	config_bind "$BATS_TEST_TMPDIR/volume" /volume rbind rprivate
	config_args sh -c 'echo ready; while ! [ -e /volume/go ]; do sleep 0.05; done; [ ! -e /volume/sub/late ] && echo unseen'
	create
	start
	wait_for 5 grep -q ready out
	test_mount -t tmpfs none "$BATS_TEST_TMPDIR/volume/sub"
	touch "$BATS_TEST_TMPDIR/volume/sub/late" "$BATS_TEST_TMPDIR/volume/go"
	wait_for 5 grep -q unseen out
	wait_for 5 has_status stopped
	runtime delete --force "$ID"
}

@test "a rootfs on a shared mount: pivot_root works, and nothing propagates to the host" {
	bundle_mount shared
	before=$(wc -l </proc/self/mountinfo)
	config_args sleep 1000
	create
	[ "$(grep -cF "$BUNDLE" /proc/self/mountinfo)" -eq 1 ]
	start
	runtime delete --force "$ID"
	inside true
	[ "$(grep -cF "$BUNDLE" /proc/self/mountinfo)" -eq 1 ]
}

@test "a rootfs that is a mount point itself" {
	mkdir "$BATS_TEST_TMPDIR/lower"
	mv "$ROOTFS" "$BATS_TEST_TMPDIR/lower/rootfs"
	mkdir "$ROOTFS"
	test_mount --bind "$BATS_TEST_TMPDIR/lower/rootfs" "$ROOTFS"
	inside 'head -1 /etc/passwd'
	[ "$output" = "root:x:0:0:root:/root:/bin/sh" ]
}

@test "an overlay as rootfs" {
	mkdir "$BATS_TEST_TMPDIR"/{upper,work,merged}
	test_mount -t overlay -o "lowerdir=$ROOTFS,upperdir=$BATS_TEST_TMPDIR/upper,workdir=$BATS_TEST_TMPDIR/work" none "$BATS_TEST_TMPDIR/merged"
	config_set '.root.path = $p' --arg p "$BATS_TEST_TMPDIR/merged"
	inside 'echo up >/file'
	[ "$(cat "$BATS_TEST_TMPDIR/upper/file")" = up ]
	[ ! -e "$ROOTFS/file" ]
}

@test "submounts of the rootfs are in the container" {
	mkdir "$ROOTFS/submount"
	test_mount -t tmpfs none "$ROOTFS/submount"
	echo in >"$ROOTFS/submount/file"
	inside 'cat /submount/file'
	[ "$output" = in ]
}
