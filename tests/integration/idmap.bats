# Mounts whose ids are mapped: idmap, ridmap, uidMappings and gidMappings of a mount.

load helpers

MAPS='"uidMappings": [{ "containerID": 0, "hostID": 5, "size": 2000 }], "gidMappings": [{ "containerID": 0, "hostID": 7, "size": 2000 }]'

setup() {
	bundle_make
	only_runlet
	world_readable
	mkdir source "$ROOTFS/data"
	chmod 755 source
	touch source/zero source/thousand
	chown 1000:1001 source/thousand
}

# with_userns: ids 0 to 65535 of the container are 100000 to 165535 outside.
with_userns() {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
}
# data_mount JSON: a bind of source at /data with more members.
data_mount() { config_mount '{ "destination": "/data", "source": "'"$BATS_TEST_TMPDIR/source"'", "type": "none", '"$1"' }'; }

# owners FILE...: "uid:gid" of each on one line.
LIST='stat -c %u:%g /data/zero /data/thousand'

@test "idmap by the container's user namespace: the ids of the host's files are the container's" {
	with_userns
	data_mount '"options": ["bind"]'
	inside "$LIST"
	[ "$output" = $'65534:65534\n65534:65534' ]
	config_set '.mounts[-1].options += ["idmap"]'
	inside "$LIST; touch /data/new; grep ' /data ' /proc/self/mountinfo"
	[ "${lines[0]} ${lines[1]}" = "0:0 1000:1001" ]
	[[ ${lines[2]} == *idmapped* ]]
	[ "$(stat -c %u:%g source/new)" = 0:0 ]
}

@test "uidMappings and gidMappings of the mount, without a user namespace" {
	data_mount '"options": ["bind", "idmap"], '"$MAPS"
	chmod 777 source
	config_set '.process.user = { uid: 6, gid: 9 }'
	inside "$LIST; touch /data/new"
	[ "$output" = $'5:7\n1005:1008' ]
	[ "$(stat -c %u:%g source/new)" = 1:2 ]
}

@test "the mappings of the mount are enough: without the word idmap" {
	data_mount '"options": ["bind"], '"$MAPS"
	inside "$LIST"
	[ "$output" = $'5:7\n1005:1008' ]
}

@test "a mount's own mappings in a container with a user namespace, beside those of the container" {
	with_userns
	data_mount '"options": ["bind", "idmap"], "uidMappings": [{ "containerID": 0, "hostID": 100003, "size": 2000 }],
		"gidMappings": [{ "containerID": 0, "hostID": 100004, "size": 2000 }]'
	mkdir "$ROOTFS/same"
	config_mount '{ "destination": "/same", "source": "'"$BATS_TEST_TMPDIR/source"'", "type": "none", "options": ["bind", "idmap"],
		"uidMappings": [{ "containerID": 0, "hostID": 100000, "size": 65536 }],
		"gidMappings": [{ "containerID": 0, "hostID": 100000, "size": 65536 }] }'
	inside "$LIST; stat -c %u:%g /same/thousand"
	[ "$output" = $'3:4\n1003:1005\n1000:1001' ]
}

@test "several extents in a mount's mappings" {
	data_mount '"options": ["bind", "idmap"],
		"uidMappings": [{ "containerID": 0, "hostID": 11, "size": 1 }, { "containerID": 1000, "hostID": 22, "size": 1 }],
		"gidMappings": [{ "containerID": 0, "hostID": 33, "size": 1 }, { "containerID": 1001, "hostID": 44, "size": 1 }]'
	inside "$LIST"
	[ "$output" = $'11:33\n22:44' ]
}

@test "idmap leaves what is mounted beneath alone, ridmap doesn't" {
	mkdir source/sub
	test_mount -t tmpfs -o mode=755 tmpfs source/sub
	touch source/sub/file
	data_mount '"options": ["rbind", "idmap"], '"$MAPS"
	inside 'stat -c %u:%g /data/zero /data/sub/file'
	[ "$output" = $'5:7\n0:0' ]
	config_set '.mounts[-1].options = ["rbind", "ridmap"]'
	inside 'stat -c %u:%g /data/zero /data/sub/file'
	[ "$output" = $'5:7\n5:7' ]
}

@test "idmap with ro, nosuid and src-nofollow" {
	ln -s source link
	config_mount '{ "destination": "/data", "source": "'"$BATS_TEST_TMPDIR/source"'", "type": "none",
		"options": ["bind", "idmap", "ro", "nosuid", "src-nofollow"], '"$MAPS"' }'
	inside "$LIST; ! touch /data/zero 2>/dev/null; grep ' /data ' /proc/self/mountinfo"
	[ "${lines[0]} ${lines[1]}" = "5:7 1005:1008" ]
	[[ ${lines[2]} == *" ro,nosuid,"*idmapped* ]]
	config_set '.mounts[-1].source = $s' --arg s "$BATS_TEST_TMPDIR/link"
	run_bundle
	show
	[ "$status" -ne 0 ]
	nothing_left
}

@test "a file is mapped like a directory" {
	with_userns
	touch "$ROOTFS/one"
	config_mount '{ "destination": "/one", "source": "'"$BATS_TEST_TMPDIR/source/thousand"'", "type": "none", "options": ["bind", "idmap"] }'
	inside 'stat -c %u:%g /one'
	[ "$output" = 1000:1001 ]
}

@test "a joined user namespace maps the ids" {
	unshare --user sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	echo '0 200000 65536' >"/proc/$holder/uid_map"
	echo '0 300000 65536' >"/proc/$holder/gid_map"
	config_set '.linux.namespaces += [{ type: "user", path: $p }]' --arg p "/proc/$holder/ns/user"
	data_mount '"options": ["bind", "idmap"]'
	inside "$LIST"
	[ "$output" = $'0:0\n1000:1001' ]
}

@test "a tmpfs is mapped: its files belong to the ids outside, and it has the mode of the directory below" {
	with_userns
	chmod 751 "$ROOTFS/data"
	config_mount '{ "destination": "/data", "source": "tmpfs", "type": "tmpfs", "options": ["idmap", "nosuid", "size=64k"] }'
	inside 'stat -c %u:%g:%a /data; touch /data/a; grep " /data " /proc/self/mountinfo'
	[ "${lines[0]}" = 0:0:751 ]
	[[ ${lines[1]} == *nosuid*idmapped*tmpfs*size=64k* ]]
	config_set '.mounts[-1].options += ["mode=0700", "ro"]'
	inside 'stat -c %u:%g:%a /data; ! touch /data/a 2>/dev/null'
	[ "$output" = 0:0:700 ]
}

@test "a file system that the kernel can't map is named, with what to do" {
	with_userns
	data_mount '"options": ["rbind", "idmap"]'
	config_set '.mounts[-1].source = "/proc/sys"'
	fails_with 'config.json:[0-9]+:[0-9]+: mounts\[6\].*/proc/sys.*a proc file system.*leave the id map out'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	with_userns
	config_mount '{ "destination": "/data", "source": "mqueue", "type": "mqueue", "options": ["idmap"] }'
	fails_with 'mounts\[6\].*mqueue file system'
}

@test "ridmap names the mount beneath that can't be mapped" {
	mkdir source/sub
	test_mount -t proc proc source/sub
	data_mount '"options": ["rbind", "ridmap"], '"$MAPS"
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output =~ source/sub:\ .*a\ proc\ file\ system ]]
}

@test "options that the file system doesn't know are reported with its own words" {
	with_userns
	config_mount '{ "destination": "/data", "source": "tmpfs", "type": "tmpfs", "options": ["idmap", "frobnicate=1"] }'
	fails_with 'mounts\[6\].*tmpfs.*frobnicate'
	config_set '.mounts[-1].options = ["idmap", "mode=rw"]'
	fails_with 'mounts\[6\].*mode'
	config_set '.mounts[-1] = { destination: "/data", source: "none", type: "galaxyfs", options: ["idmap"] }'
	fails_with 'galaxyfs.*no such file system type'
}

@test "a source that is missing is named" {
	with_userns
	data_mount '"options": ["bind", "idmap"]'
	config_set '.mounts[-1].source = "/nonexistent/dir"'
	fails_with 'mounts\[6\].*/nonexistent/dir'
}

@test "idmap without any mapping, and halves of mappings, are refused" {
	data_mount '"options": ["bind", "idmap"]'
	fails_with 'mounts\[6\]: idmap needs uidMappings'
	config_set '.mounts[-1].options = ["rbind", "ridmap"]'
	fails_with 'mounts\[6\]: ridmap needs uidMappings'
	config_set '.mounts[-1].gidMappings = [{ containerID: 0, hostID: 7, size: 1 }]'
	fails_with 'mounts\[6\].gidMappings: .*together'
}

@test "mappings that overlap, or are more than the kernel takes, are refused" {
	data_mount '"options": ["bind", "idmap"], '"$MAPS"
	config_set '.mounts[-1].uidMappings += [{ containerID: 1, hostID: 9000, size: 5 }]'
	fails_with 'mounts\[6\].uidMappings\[1\]: overlaps with mounts\[6\].uidMappings\[0\]'
	config_set '.mounts[-1].uidMappings = [range(341) | { containerID: ., hostID: ., size: 1 }]'
	fails_with 'mounts\[6\].uidMappings: more than 340'
	config_set '.mounts[-1].uidMappings = [range(340) | { containerID: (. + 1000000000), hostID: (. + 1000000000), size: 1 }]'
	fails_with 'mounts\[6\].uidMappings: the kernel takes 4095 characters'
}

@test "idmap with remount, tmpcopyup or a cgroup mount is refused" {
	with_userns
	data_mount '"options": ["bind", "idmap", "remount"]'
	fails_with 'mounts\[6\]: idmap .*remount'
	config_set '.mounts[-1] = { destination: "/etc", source: "tmpfs", type: "tmpfs", options: ["idmap", "tmpcopyup"] }'
	fails_with 'mounts\[6\]: idmap .*tmpcopyup'
	config_set '.mounts[-1] = { destination: "/sys/fs/cgroup", source: "cgroup", type: "cgroup", options: ["idmap"] }'
	fails_with 'mounts\[6\]: idmap .*cgroup'
}

@test "idmapped mounts leave no process, mount or user namespace behind" {
	data_mount '"options": ["bind", "idmap"], '"$MAPS"
	before=$(ls -d /proc/[0-9]* | wc -l)
	for i in 1 2 3; do
		inside true
	done
	[ -z "$(pgrep -P $$ -x runlet || true)" ]
	[ "$(ls -d /proc/[0-9]* | wc -l)" -le $((before + 20)) ]
	nothing_left
}

@test "create, start and delete with an idmapped mount" {
	with_userns
	data_mount '"options": ["bind", "idmap"]'
	config_args sh -c "$LIST; exec sleep 1000"
	create
	start
	wait_for 5 grep -q 1000:1001 out
	runtime delete --force "$ID"
	nothing_left
}

@test "plan shows the maps, and which mount takes which" {
	with_userns
	data_mount '"options": ["bind", "idmap"]'
	data_mount '"options": ["bind", "idmap"], '"$MAPS"
	run -0 runtime plan --bundle "$BUNDLE"
	[[ $output == *"idmap 1 by the container's user namespace"* ]]
	[[ $output == *"uid_map 0 5 2000"* && $output == *"idmap=2"* ]]
	run -0 runtime plan --bundle "$BUNDLE" --format json
	jq -e '.idmaps[1].gidMappings[0].hostID == 7 and ([.slots[] | select(.idmap == 2)] | length == 1)' <<<"$output"
}

@test "an unprivileged user can't map the ids of a mount, and is told what else to do" {
	data_mount '"options": ["bind", "idmap"], '"$MAPS"
	config_set '.linux.namespaces += [{ type: "user" }] | .linux.uidMappings = [{ containerID: 0, hostID: 31234, size: 1 }]
		| .linux.gidMappings = .linux.uidMappings
		| (.mounts[] | select(.type == "devpts") | .options) |= map(select(startswith("gid=") | not))'
	cp "$RUNTIME" runtime && chmod 755 runtime
	run setpriv --reuid 31234 --regid 31234 --clear-groups ./runtime plan --bundle "$BUNDLE"
	show
	[ "$status" -eq 1 ]
	[[ $output == *"mounts[6]: idmap: only root"*"leave it out"* ]]
}

@test "crun's way to write the mappings, as podman passes it on: idmap=uids=...;gids=..." {
	data_mount '"options": ["bind", "idmap=uids=0-5-2000;gids=0-7-1000#1000-1007-1000"]'
	inside "$LIST"
	[ "$output" = $'5:7\n1005:1008' ]
	# With @ the second number is an id of the container, wherever that is outside.
	with_userns
	config_set '.mounts[-1].options = ["bind", "idmap=uids=@0-5-2000;gids=@0-7-2000"]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 900 }, { containerID: 900, hostID: 300000, size: 60000 }]'
	inside "$LIST"
	[ "$output" = $'5:7\n1005:1008' ]
	config_set '.mounts[-1].options = ["bind", "idmap=uids=@0-60000-2000;gids=@0-7-2000"]'
	fails_with 'config.json:[0-9]+:[0-9]+: mounts\[6\].options\[1\]: @ means ids of the container, and linux.uidMappings has no 60900'
	config_set '.mounts[-1] += {'"$MAPS"'}'
	fails_with 'mounts\[6\].options\[1\]: the mount has mappings already'
}
