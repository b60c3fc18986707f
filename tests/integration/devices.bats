# /dev: default devices, linux.devices, links.

load helpers

@test "the default devices, their numbers and modes" {
	inside 'for d in null zero full random urandom tty; do stat -c "%n %F %t:%T %a" /dev/$d; done'
	[ "${lines[0]}" = "/dev/null character special file 1:3 666" ]
	[ "${lines[1]}" = "/dev/zero character special file 1:5 666" ]
	[ "${lines[2]}" = "/dev/full character special file 1:7 666" ]
	[ "${lines[3]}" = "/dev/random character special file 1:8 666" ]
	[ "${lines[4]}" = "/dev/urandom character special file 1:9 666" ]
	[ "${lines[5]}" = "/dev/tty character special file 5:0 666" ]
}

@test "the links of /dev" {
	inside 'for l in fd stdin stdout stderr ptmx core; do echo "$l $(readlink /dev/$l)"; done'
	[[ $output == *"fd /proc/self/fd"* ]]
	[[ $output == *"stdin /proc/self/fd/0"* ]]
	[[ $output == *"stdout /proc/self/fd/1"* ]]
	[[ $output == *"stderr /proc/self/fd/2"* ]]
	[[ $output == *"ptmx pts/ptmx"* ]]
}

@test "the default devices work" {
	inside 'echo x >/dev/null; [ "$(head -c4 /dev/zero | od -An -tx1 | tr -d " ")" = 00000000 ]; [ -n "$(head -c4 /dev/urandom)" ]; ! echo x 2>/dev/null >/dev/full'
}

@test "linux.devices: c, b, u and p with mode and owner, whatever the umask" {
	config_all_caps
	config_set '.process.user.umask = 63 | .linux.devices = [
		{ path: "/dev/mychar", type: "c", major: 1, minor: 3, fileMode: 438, uid: 7, gid: 8 },
		{ path: "/dev/myblock", type: "b", major: 7, minor: 200, fileMode: 416, uid: 0, gid: 6 },
		{ path: "/dev/unbuffered", type: "u", major: 1, minor: 5, fileMode: 384 },
		{ path: "/dev/myfifo", type: "p", fileMode: 511 },
		{ path: "/dev/sub/dir/deep", type: "c", major: 1, minor: 3, fileMode: 438 },
		{ path: "/outside", type: "c", major: 1, minor: 3, fileMode: 438 }]
		| .linux.resources.devices += [{ allow: true, type: "c", access: "rwm" }, { allow: true, type: "b", access: "m" }]'
	(umask 077 && inside 'for d in mychar myblock unbuffered myfifo sub/dir/deep ../outside; do stat -c "%n %F %t:%T %a %u %g" /dev/$d; done' && echo "$output") >seen || { cat seen; return 1; }
	cat seen
	grep -qx '/dev/mychar character special file 1:3 666 7 8' seen
	grep -qx '/dev/myblock block special file 7:c8 640 0 6' seen
	grep -qx '/dev/unbuffered character special file 1:5 600 0 0' seen
	grep -qx '/dev/myfifo fifo 0:0 777 0 0' seen
	grep -qx '/dev/sub/dir/deep character special file 1:3 666 0 0' seen
	grep -qx '/dev/../outside character special file 1:3 666 0 0' seen
}

@test "a device without fileMode gets 0666" {
	not_on runc
	config_set '.linux.devices = [{ path: "/dev/plain", type: "c", major: 1, minor: 3 }]'
	inside 'stat -c %a /dev/plain'
	[ "$output" = 666 ]
}

@test "an entry for a default device changes its mode and owner" {
	config_set '.linux.devices = [{ path: "/dev/null", type: "c", major: 1, minor: 3, fileMode: 384, uid: 5, gid: 6 }]
		| .linux.resources.devices = [{ allow: true, access: "rwm" }]'
	inside 'stat -c "%a %u %g" /dev/null'
	[ "$output" = "600 5 6" ] || [ "$output" = "666 0 0" ]
}

@test "an existing device of the same kind is kept" {
	mkdir -p "$BATS_TEST_TMPDIR/dev"
	test_mount -t tmpfs -o dev none "$BATS_TEST_TMPDIR/dev"
	mknod -m 644 "$BATS_TEST_TMPDIR/dev/null" c 1 3
	mkdir "$BATS_TEST_TMPDIR"/dev/{pts,shm,mqueue}
	config_set '(.mounts[] | select(.destination == "/dev")) |= { destination: "/dev", type: "none", source: $s, options: ["bind"] }' \
		--arg s "$BATS_TEST_TMPDIR/dev"
	inside 'stat -c "%F %t:%T" /dev/null'
	[ "$output" = "character special file 1:3" ]
}

@test "an unknown device type, and a device without a path, are refused" {
	config_set '.linux.devices = [{ path: "/dev/x", type: "z", major: 1, minor: 3 }]'
	fails_with 'z|type|devices'
	only_runlet
	config_set '.linux.devices = [{ type: "c", major: 1, minor: 3 }]'
	fails_with 'linux.devices\[0\].*path'
}

@test "devices in a user namespace are bound from the host, with the type of the original" {
	world_readable
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings
		| .linux.devices = [{ path: "/dev/other", type: "c", major: 1, minor: 5, fileMode: 438 }]'
	[ -e /dev/other ] || { [ "$RUNTIME_NAME" = runc ] && config_set 'del(.linux.devices)'; }
	[ "$RUNTIME_NAME" != crun ] || config_set 'del(.linux.devices)'
	config_set 'del(.linux.devices)'
	inside 'for d in null zero full random urandom tty; do stat -c "%t:%T" /dev/$d; done; echo x >/dev/null; head -c1 /dev/zero | od -An -tx1'
	[ "$(head -6 <<<"$output" | tr '\n' ' ')" = "1:3 1:5 1:7 1:8 1:9 5:0 " ]
}

@test "a device of linux.devices in a user namespace is bound from the host's node of that path" {
	world_readable
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings
		| .linux.devices = [{ path: "/dev/kmsg", type: "c", major: 1, minor: 11, fileMode: 438 }]'
	[ -c /dev/kmsg ] || skip "no /dev/kmsg here"
	inside 'stat -c "%F %t:%T" /dev/kmsg'
	[ "$output" = "character special file 1:b" ]
}

@test "/dev without a mount of its own: the devices are made in the image's /dev" {
	config_set '.mounts |= map(select(.destination | startswith("/dev") | not))'
	inside '[ -c /dev/null ] && stat -c "%t:%T" /dev/null'
	[ "$output" = 1:3 ]
}

@test "a bind mount of the host's /dev is left alone" {
	config_set '.mounts |= (map(select(.destination | startswith("/dev") | not)) + [{ destination: "/dev", type: "bind", source: "/dev", options: ["rbind", "nosuid"] }])'
	links=$(ls -l --time-style=+%s /dev | md5sum)
	inside '[ -c /dev/null ] && echo ok'
	[ "$(ls -l --time-style=+%s /dev | md5sum)" = "$links" ]
}

@test "the standard streams on /dev/null do not change the host's /dev/null" {
	before=$(stat -c '%a %u %g' /dev/null)
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	config_args true
	"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>/dev/null
	[ "$(stat -c '%a %u %g' /dev/null)" = "$before" ]
}
