# User namespaces that root makes or joins: maps of every shape, and what the kernel allows inside.

load helpers

setup() {
	bundle_make
	only_runlet
	world_readable
}

# with_map [FIRST [SIZE]]: ids from 0 on are FIRST and up outside.
with_map() {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: $f, size: $s }] | .linux.gidMappings = .linux.uidMappings' \
		--argjson f "${1:-100000}" --argjson s "${2:-65536}"
}
# joined [UNSHARE-OPTION...]: a user namespace that a process of the test holds; HOLDER is its pid.
joined() {
	unshare --user "$@" sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	HOLDER=$!
	TEST_PIDS+=($HOLDER)
	wait_for 5 grep -q ready holder.out
	echo '0 100000 65536' >"/proc/$HOLDER/uid_map"
	echo '0 100000 65536' >"/proc/$HOLDER/gid_map"
	config_set '.linux.namespaces += [{ type: "user", path: $p }]' --arg p "/proc/$HOLDER/ns/user"
}
squeeze() { sed 's/  */ /g; s/^ //'; }

@test "340 extents, as many as the kernel takes; one more is refused" {
	with_map
	config_set '.linux.uidMappings = [range(340) | { containerID: ., hostID: (. + 1000), size: 1 }] | .linux.gidMappings = .linux.uidMappings'
	inside 'wc -l </proc/self/uid_map; wc -l </proc/self/gid_map; tail -1 /proc/self/uid_map'
	[ "$(squeeze <<<"$output")" = $'340\n340\n339 1339 1' ]
	config_set '.linux.uidMappings += [{ containerID: 340, hostID: 1340, size: 1 }]'
	fails_with 'linux.uidMappings: more than 340'
}

@test "a map whose text is longer than the kernel takes is refused with its length" {
	with_map
	config_set '.linux.uidMappings += [range(300) | { containerID: (. + 1000000000), hostID: (. + 1000000000), size: 1 }]'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.uidMappings: the kernel takes 4095 characters'
}

@test "all ids there are" {
	with_map 0 4294967295
	inside 'cat /proc/self/uid_map'
	[ "$(squeeze <<<"$output")" = "0 0 4294967295" ]
}

@test "uid and gid maps of different shape" {
	with_map
	config_set '.linux.gidMappings = [{ containerID: 0, hostID: 500000, size: 3 }, { containerID: 3, hostID: 600000, size: 5000 }]'
	inside 'cat /proc/self/gid_map; touch /tmp/f; chgrp 5 /tmp/f 2>/dev/null; id -g'
	[ "$(squeeze <<<"${lines[1]}")" = "3 600000 5000" ]
}

@test "maps without id 0: the program starts with its ids, its capabilities, and files of its own" {
	config_set '.linux.namespaces += [{ type: "user" }] | .process.user = { uid: 1000, gid: 1001 }
		| .linux.uidMappings = [{ containerID: 1000, hostID: 200000, size: 10 }]
		| .linux.gidMappings = [{ containerID: 1001, hostID: 300000, size: 10 }]
		| (.mounts[] | select(.type == "devpts") | .options) |= map(select(startswith("gid=") | not))'
	config_set '.process.capabilities = { bounding: ["CAP_NET_ADMIN"], effective: ["CAP_NET_ADMIN"], permitted: ["CAP_NET_ADMIN"],
		inheritable: ["CAP_NET_ADMIN"], ambient: ["CAP_NET_ADMIN"] }'
	inside 'id -u; id -g; grep Cap /proc/self/status; stat -c %u:%g /dev /dev/shm; echo x >/dev/null; hostname'
	[ "${lines[0]} ${lines[1]}" = "1000 1001" ]
	for line in 2 3 4 5 6; do
		[[ ${lines[$line]} == *0000000000001000 ]]
	done
	[ "${lines[7]} ${lines[8]}" = "1000:1001 1000:1001" ]
}

@test "maps without id 0: no capability stays that the config doesn't name" {
	config_set '.linux.namespaces += [{ type: "user" }] | .process.user = { uid: 1000, gid: 1000 }
		| .linux.uidMappings = [{ containerID: 1000, hostID: 200000, size: 1 }] | .linux.gidMappings = .linux.uidMappings
		| (.mounts[] | select(.type == "devpts") | .options) |= map(select(startswith("gid=") | not))
		| del(.process.capabilities)'
	inside 'grep Cap /proc/self/status'
	for line in "${lines[@]}"; do
		[[ $line == *0000000000000000 ]] || { echo "$line"; return 1; }
	done
}

@test "maps without id 0: exec enters with the same ids, and those of its own" {
	config_set '.linux.namespaces += [{ type: "user" }] | .process.user = { uid: 1000, gid: 1001 }
		| .linux.uidMappings = [{ containerID: 1000, hostID: 200000, size: 10 }]
		| .linux.gidMappings = [{ containerID: 1001, hostID: 300000, size: 10 }]
		| (.mounts[] | select(.type == "devpts") | .options) |= map(select(startswith("gid=") | not))'
	start_sleeper
	run runtime exec "$ID" sh -c 'id -u; id -g; grep CapInh /proc/self/status; grep CapAmb /proc/self/status'
	show
	[ "$status" -eq 0 ]
	[ "${lines[0]} ${lines[1]}" = "1000 1001" ]
	[[ ${lines[2]} == *0000000000000000 && ${lines[3]} == *0000000000000000 ]]
	run -0 runtime exec --user 1003:1004 "$ID" sh -c 'id -u; id -g'
	[ "$output" = $'1003\n1004' ]
	runtime delete --force "$ID"
}

@test "capabilities in a user namespace are those of the config" {
	with_map
	config_caps CAP_CHOWN CAP_NET_RAW
	inside 'grep -E "Cap(Eff|Prm|Bnd)" /proc/self/status; touch /tmp/f && chown 5:5 /tmp/f 2>&1; true'
	for line in 0 1 2; do
		[[ ${lines[$line]} == *0000000000002001 ]]
	done
}

@test "a program that can't be executed is reported, with 127 and 126, also behind a user namespace" {
	with_map
	config_args /bin/nothing-here
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output == *"exec: \"/bin/nothing-here\""* ]]
	echo text >"$ROOTFS/text"
	chmod 644 "$ROOTFS/text"
	config_args /text
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output == *'exec: "/text": permission denied'* ]]
	nothing_left
}

@test "a program that fails to execute doesn't keep capabilities that init had" {
	with_map
	printf '#!/bin/missing\n' >"$ROOTFS/script"
	chmod 755 "$ROOTFS/script"
	config_args /script
	create
	run start
	show
	[ "$status" -ne 0 ]
	[[ $output == *"/script"* ]]
	runtime delete --force "$ID"
	nothing_left
}

@test "the default devices are the host's, bound; writing to them works" {
	with_map
	inside 'for d in null zero full random urandom tty; do stat -c "%F %t:%T" /dev/$d; done; echo a >/dev/null; head -c 3 /dev/zero | wc -c'
	[ "${lines[0]}" = "character special file 1:3" ]
	[ "${lines[5]}" = "character special file 5:0" ]
	[ "${lines[6]}" = 3 ]
}

@test "a configured device that the host has is bound; one that is another on the host is refused" {
	with_map
	config_set '.linux.devices = [{ type: "c", path: "/dev/kmsg", major: 1, minor: 11, fileMode: 438 }]'
	inside 'stat -c "%F %t:%T" /dev/kmsg'
	[ "$output" = "character special file 1:b" ]
	config_set '.linux.devices = [{ type: "c", path: "/dev/kmsg", major: 1, minor: 9 }]'
	fails_with 'linux.devices\[0\].*/dev/kmsg of the host is not the device 1:9'
	config_set '.linux.devices = [{ type: "c", path: "/dev/not-here", major: 1, minor: 9 }]'
	fails_with '/dev/not-here'
}

@test "sysctls of the container's own namespaces, and of the user namespace, can be set" {
	with_map
	config_set '.linux.sysctl = { "net.ipv4.ip_forward": "1", "kernel.msgmax": "4096" }'
	inside 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax'
	[ "$output" = $'1\n4096' ]
}

@test "a group of devpts that isn't mapped is refused with its number" {
	with_map 100000 5
	fails_with 'mounts\[[0-9]\].options: gid=5: the id is not in linux.gidMappings'
	config_set '(.mounts[] | select(.type == "devpts") | .options) |= map(select(startswith("gid=") | not))'
	inside 'exit 0'
	config_mount '{ "destination": "/mnt", "type": "tmpfs", "source": "tmpfs", "options": ["uid=7"] }'
	fails_with 'uid=7: the id is not in linux.uidMappings'
}

@test "mqueue, devpts, shm, proc and sysfs are mounted, and are the container's" {
	with_map
	inside 'stat -c %u /dev/pts /dev/shm /dev/mqueue; for t in proc sysfs mqueue devpts; do grep -q " - $t " /proc/self/mountinfo || exit 9; done'
	[ "$output" = $'0\n0\n0' ]
}

@test "files of the host that aren't mapped are nobody's, and the host's directories can't be written to" {
	with_map
	mkdir source "$ROOTFS/data"
	config_bind "$BATS_TEST_TMPDIR/source" /data bind
	config_all_caps
	inside 'stat -c %u /data; ! touch /data/f 2>/dev/null'
	[ "$output" = 65534 ]
}

@test "flags of the host's mounts come along" {
	with_map
	mkdir source "$ROOTFS/data"
	test_mount -t tmpfs -o ro,nosuid,nodev,noexec tmpfs source
	config_bind "$BATS_TEST_TMPDIR/source" /data bind
	inside 'grep " /data " /proc/self/mountinfo'
	[[ $output == *" ro,nosuid,nodev,noexec"* ]]
}

@test "rlimits above the hard limit are set from outside" {
	with_map
	config_set '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 512, hard: 700 }]'
	inside 'ulimit -n; ulimit -Hn'
	[ "$output" = $'512\n700' ]
}

@test "the cgroup that the container sees writable is its own" {
	[ -d "$V2_TREE" ] || skip "no cgroup v2"
	use_v2
	with_map
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'
	inside 'stat -c %u /sys/fs/cgroup /sys/fs/cgroup/cgroup.procs; mkdir /sys/fs/cgroup/inner && rmdir /sys/fs/cgroup/inner'
	[ "${lines[0]} ${lines[1]}" = "0 0" ]
}

@test "joined: a new time namespace with offsets" {
	joined
	config_set '.linux.namespaces += [{ type: "time" }]
		| .linux.timeOffsets = { monotonic: { secs: 7200, nanosecs: 5 }, boottime: { secs: -3, nanosecs: 999999999 } }'
	inside 'readlink /proc/self/ns/user; cat /proc/self/timens_offsets; readlink /proc/self/ns/time'
	[ "${lines[0]}" = "$(readlink "/proc/$HOLDER/ns/user")" ]
	[ "$(squeeze <<<"${lines[1]}")" = "monotonic 7200 5" ]
	[ "$(squeeze <<<"${lines[2]}")" = "boottime -3 999999999" ]
	[ "${lines[3]}" != "$(readlink /proc/self/ns/time)" ]
	config_set '.linux.timeOffsets.boottime.secs = -100000000000'
	fails_with 'timeOffsets.*timens_offsets'
}

@test "joined: a new time namespace and the other namespaces of the same holder" {
	joined --net --ipc --uts
	config_set 'del(.hostname)'
	for type in network:net ipc:ipc uts:uts; do
		config_namespace_path "${type%:*}" "/proc/$HOLDER/ns/${type#*:}"
	done
	config_set '.linux.namespaces += [{ type: "time" }]'
	inside 'for ns in user net ipc uts; do readlink /proc/self/ns/$ns; done'
	for ns in user net ipc uts; do
		[[ $output == *"$(readlink "/proc/$HOLDER/ns/$ns")"* ]]
	done
}

@test "joined: where setgroups is denied the program has no groups of root's" {
	command -v setpriv >/dev/null || skip "needs setpriv"
	setpriv --reuid 31234 --regid 31234 --clear-groups unshare --map-root-user sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	[ "$(cat "/proc/$holder/setgroups")" = deny ]
	config_set '.linux.namespaces += [{ type: "user", path: $p }]
		| (.mounts[] | select(.type == "devpts") | .options) |= map(select(startswith("gid=") | not))' --arg p "/proc/$holder/ns/user"
	chown -R 31234 "$ROOTFS"
	config_args sh -c 'grep Groups /proc/self/status; id -u'
	run setpriv --groups 0,4,24 "${RUNTIME_WRAPPER[@]}" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$(tr -d ' \t' <<<"${lines[0]}")" = Groups: ]
	[ "${lines[1]}" = 0 ]
	# Root of a machine without CAP_SYS_RESOURCE can't set those of a namespace that another user owns.
	config_set 'del(.process.rlimits)'
	start_sleeper
	run setpriv --groups 0,4,24 "${RUNTIME_WRAPPER[@]}" "$RUNTIME" --root "$ROOT" exec "$ID" grep Groups /proc/self/status
	show
	[ "$(tr -d ' \t' <<<"${lines[0]}")" = Groups: ]
	runtime delete --force "$ID"
}

@test "joined: sysctls and names of its namespaces" {
	joined
	config_set '.linux.sysctl = { "net.ipv4.ip_forward": "1" } | .hostname = "h.joined"'
	inside 'cat /proc/sys/net/ipv4/ip_forward; hostname'
	[ "$output" = $'1\nh.joined' ]
}

@test "new without maps is a clear error for root" {
	config_set '.linux.namespaces += [{ type: "user" }]'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.namespaces\[[0-9]\]: a new user namespace needs linux.uidMappings and linux.gidMappings'
	config_set '.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 10 }]'
	fails_with 'a new user namespace needs linux.uidMappings and linux.gidMappings'
}

# guarded_volume: what the host has mounted read-only, nosuid, nodev and noexec, and a secret that it has covered.
guarded_volume() {
	mkdir -p volume "$ROOTFS/volume"
	mount -t tmpfs -o mode=777 volume volume
	TEST_MOUNTS+=("$BATS_TEST_TMPDIR/volume")
	mkdir -m 777 volume/sub
	echo secret >volume/sub/below
	chmod 644 volume/sub/below
	mount -t tmpfs -o mode=777 cover volume/sub
	TEST_MOUNTS=("$BATS_TEST_TMPDIR/volume/sub" "${TEST_MOUNTS[@]}")
	mount -o remount,bind,ro,nosuid,nodev,noexec volume
}
# What root of a user namespace, with CAP_SYS_ADMIN there, tries at /volume; a word for each success.
TRY_VOLUME='ls /volume; for o in rw ro,suid ro,dev ro,exec; do mount -o remount,bind,$o /volume && echo "changed $o"; done 2>/dev/null
	umount /volume/sub 2>/dev/null && echo uncovered; cat /volume/sub/below 2>/dev/null; touch /volume/f 2>/dev/null && echo wrote; true'

@test "the flags of the host's mounts, and what they cover, stay as they are for root of the user namespace" {
	guarded_volume
	with_map
	config_all_caps
	config_bind "$BATS_TEST_TMPDIR/volume" /volume rbind
	inside "$TRY_VOLUME"
	[ "$output" = sub ]
	# Options on top lock nothing, and unlock nothing.
	config_set '.mounts[-1].options = ["rbind", "nosuid", "rprivate"]'
	inside "$TRY_VOLUME"
	[ "$output" = sub ]
}

@test "the flags of the host's mounts stay as they are, where only the host's root can get to them" {
	guarded_volume
	with_map
	config_all_caps
	config_bind "$BATS_TEST_TMPDIR/volume" /volume rbind
	chmod 700 "$BATS_TEST_TMPDIR"
	inside "$TRY_VOLUME"
	[ "$output" = sub ]
}

@test "the flags of the host's mounts stay as they are, with a joined user namespace" {
	guarded_volume
	joined
	config_all_caps
	config_bind "$BATS_TEST_TMPDIR/volume" /volume rbind
	inside "$TRY_VOLUME"
	[ "$output" = sub ]
}

@test "a bind without what is mounted beneath it would uncover that, and is refused with a user namespace" {
	guarded_volume
	with_map
	config_bind "$BATS_TEST_TMPDIR/volume" /volume bind
	run_bundle
	show
	[ "$status" -eq 1 ]
	[[ $output =~ mounts\[6\].source:\ open_tree\ .*/volume\ \(.*needs\ rbind\):\ Invalid\ argument ]]
}

@test "joined: a runlet that was put into a directory by chroot(2) takes its volumes from there" {
	local dir
	joined
	mkdir -p jail/{usr,lib,lib64,bin,dev,proc,sys,tmp,volume} "$ROOTFS/volume"
	mount --bind --make-private jail jail
	TEST_MOUNTS=("$BATS_TEST_TMPDIR/jail")
	for dir in usr lib lib64 bin dev proc sys; do
		mount --rbind --make-rslave "/$dir" "jail/$dir"
		TEST_MOUNTS=("$BATS_TEST_TMPDIR/jail/$dir" "${TEST_MOUNTS[@]}")
	done
	echo of-the-jail >jail/volume/file
	config_bind /volume /volume rbind
	config_args cat /volume/file
	cp "$RUNTIME" jail/runlet
	cp -a "$BUNDLE" jail/bundle
	chmod -R go+rX jail/bundle jail/volume
	run timeout -k 2 20 chroot jail /runlet --root /state --cgroup-manager=disabled run --bundle /bundle "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$output" = of-the-jail ]
}
